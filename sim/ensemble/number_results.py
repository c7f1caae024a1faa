"""What is said of every single number of a config: its share of a variance, and whether it moves anything at all.

The classes stand below the analyses that make them, so that plots may name them too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import pandas as pd

from sim.ensemble.results import Result

VERDICTS = ("moves", "undecided", "inert")


class Estimate(NamedTuple):
    """A value with its 95% interval of run noise."""

    value: float
    low: float
    high: float


class Carriers(NamedTuple):
    """How many numbers carry 90% of what numbers explain one by one, and between how many the 95% interval lies.

    All are 0 if it is not shown that numbers explain anything. If even all of them do not surely carry it, ``high`` is
    how many there are.
    """

    value: int
    low: int
    high: int


@dataclass(frozen=True, eq=False, repr=False)
class Inert(Result):
    """Which numbers move something, and which are inert: see :func:`sim.analysis.inert.inert`.

    ``pairs`` of runs were played for each number, ``columns`` were compared; ``margin_sd`` (standard deviations) and
    ``margin_share`` (of runs) are what does not matter.
    """

    scenario: str
    seed: int
    pairs: int
    columns: int
    margin_sd: float
    margin_share: float

    def by(self, what: str) -> pd.DataFrame:
        """Return how many numbers have each verdict, by ``kind`` of reason or by ``part`` of the config."""
        counts = pd.crosstab(self.table[what], self.table["verdict"])
        counts = counts.reindex(columns=list(VERDICTS), fill_value=0).rename_axis(columns=None)
        return counts.sort_values(list(VERDICTS), ascending=False, kind="stable")


@dataclass(frozen=True, eq=False, repr=False)
class NumberShares(Result):
    """The share of each number in the variance of an event: see :func:`sim.analysis.number_shares.number_shares`.

    Attributes
    ----------
    kinds
        A row a kind of reason: ``inputs``, how many numbers; ``carriers``, how many of those that carry 90%; ``first``,
        the sum of their indices, and ``of_explained``, its part of the sum over all numbers, with their intervals.
    explained
        The sum of all indices: what numbers explain one by one, in [0, 1].
    carriers
        How many numbers carry 90% of it.
    of, what, runs
        The event's name, the words for it, and the number of runs.
    """

    kinds: pd.DataFrame
    explained: Estimate
    carriers: Carriers
    scenario: str
    seed: int
    of: str
    what: str
    runs: int
