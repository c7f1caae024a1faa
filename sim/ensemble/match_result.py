"""What history matching returns; it stands below the analysis, so that plots may name it too."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

import pandas as pd

from sim.ensemble.results import Result


@dataclass(frozen=True, eq=False, repr=False)
class Match(Result):
    """Which draws of the inputs published data do not rule out: see :func:`sim.analysis.matching.match`.

    Attributes
    ----------
    table
        A row a target: ``says``, ``quantity``; ``low``, ``likely``, ``high`` as published; ``model``, what all draws
        together imply, in the same unit, with ``model_low`` and ``model_high`` (10th to 90th percentile over draws, run
        noise included), and ``off``, how many standard deviations of observation and discrepancy that is off;
        ``survives``, the share of draws that the target alone does not rule out, with its 95% interval; ``noise``, the
        part of run noise in the variance that draws are judged by, at the median.
    waves
        A row a wave: ``draws`` judged, ``runs`` of each so far, ``left``, and ``share`` of all draws with its interval.
    rounds
        A row a round of draws made anew inside what is left: ``draws``, ``left`` after all waves, and their ``share``
        with its interval. No row if none was needed.
    ranges
        A row an input that these draws were held inside the range left of: ``low`` and ``high`` as quantiles, ``least``
        and ``most`` in its own unit.
    learnt
        A row an input, most learnt first: ``distance`` between what is kept and the prior (Kolmogorov); ``noise``,
        which the largest of all distances exceeds in one of twenty matches that teach nothing; medians and the 10th to
        90th percentile before and after.
    conflicts
        A row a pair of targets, strongest conflict first: the share of draws that pass ``target`` among those that
        pass ``given``, with its interval, beside its share among all draws.
    depth
        A row a cell of two inputs: the share of draws in it that are not ruled out, with its interval.
    forecast
        A row an event: its share on ``all_inputs`` and on ``plausible`` ones, their ``difference``, with intervals.
    draws, left, kept
        Draws of the first sample, those of them that all waves left, and those kept in all, with those of ``rounds``.
    """

    waves: pd.DataFrame
    rounds: pd.DataFrame
    ranges: pd.DataFrame
    learnt: pd.DataFrame
    conflicts: pd.DataFrame
    depth: pd.DataFrame
    forecast: pd.DataFrame
    scenario: str
    seed: int
    draws: int
    left: int
    kept: int
    matched: int
    cut: float
    runs: int

    @property
    def learnt_beyond_noise(self) -> pd.DataFrame:
        """The inputs that were learnt: those whose distance is beyond noise."""
        return self.learnt[self.learnt["distance"] > self.learnt["noise"]]

    def _repr_html_(self) -> str:
        tables = (
            self.table,
            self.waves,
            self.rounds,
            self.forecast,
            self.learnt_beyond_noise.head(12),
            self.conflicts.head(6),
        )
        return f"<p>{escape(self.sentence)}</p>\n" + "\n".join(table.to_html() for table in tables)
