"""Waves of history matching: draws are played, and those ruled out are dropped, while the runs of the rest double."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import target_quantities
from sim.analysis.optional_libraries import needed
from sim.analysis.target_quantities import Estimate
from sim.batch.designs import uncertain, weekly_runs
from sim.batch.running import RunOptions
from sim.ensemble.shares import share
from sim.evidence.targets import Target
from sim.scenario.scenario import Scenario
from sim.world import streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

FIRST_LUCK = streams.BLOCK * 2**30
"""Waves use the luck of runs from this number on, which no ensemble reaches: forecasts use other luck."""


@dataclass(frozen=True)
class Judge:
    """What all waves have in common: the targets, the runs of each draw in the first wave, the waves, and the cut."""

    scenario: Scenario
    targets: Mapping[str, Target]
    luck: int
    waves: int
    seed: int
    cut: float
    options: RunOptions = field(default_factory=RunOptions)


class Played(NamedTuple):
    """The result of waves: how many there were, which draws are left, and the first and the last implausibilities.

    ``left`` are positions among the draws. ``implausibility`` has shape (draws, targets), ``last`` that of the draws of
    the last wave; ``counts`` are those of the first wave, a row a draw. ``luck`` is the first run whose luck is unused.
    """

    waves: pd.DataFrame
    left: Ints
    implausibility: Floats
    counts: pd.DataFrame
    last: Floats
    luck: int


def matched(scenario: Scenario, cases: Mapping[str, str]) -> list[str]:
    """Return the inputs to match: those that vary, but for those that a pattern of ``cases`` fits.

    The latter differ between the cases that sources count.

    Raises
    ------
    ValueError
        If no input is left to match.
    """
    paths = [path for path in uncertain(scenario) if not any(fnmatchcase(path, pattern) for pattern in cases)]
    if not paths:
        raise ValueError("every uncertain input differs from case to case: nothing is left to match")
    return paths


def sample(paths: list[str], draws: int, seed: int, ranges: pd.DataFrame | None = None, part: int = 0) -> pd.DataFrame:
    """Return draws of inputs: a Latin hypercube of quantiles, a row a draw (McKay and others 1979).

    ``ranges`` has a row an input that is drawn between its ``low`` and ``high`` only (quantiles), all others are drawn
    from their whole prior; ``part`` tells one sample of a seed from the next.
    """
    rng = np.random.default_rng([seed, len(paths), *([part] if part else [])])
    cube = pd.DataFrame(needed("scipy.stats.qmc").LatinHypercube(len(paths), rng=rng).random(draws), columns=paths)
    if ranges is not None:
        cube[ranges.index] = ranges["low"] + (ranges["high"] - ranges["low"]) * cube[ranges.index]
    return cube.clip(upper=np.nextafter(1.0, 0.0))


def play(judge: Judge, quantiles: pd.DataFrame, first: int = FIRST_LUCK) -> Played:
    """Play draws in waves, and drop after each those that are ruled out; no two runs share their luck.

    ``first`` is the run from which on luck is unused. Waves end early when nothing is left.
    """
    left, each, rows = np.arange(len(quantiles)), judge.luck, []
    total, implausible, at_first = pd.DataFrame(), np.empty((0, 0)), pd.DataFrame()
    for wave in range(1, judge.waves + 1):
        total = total.loc[left] if wave > 1 else total
        total = total.add(_counts(judge, quantiles.iloc[left], each, first), fill_value=0.0)
        now = implausibility(judge.targets, total)
        if wave == 1:
            implausible, at_first = now, total
        first += -(-len(left) * each // streams.BLOCK) * streams.BLOCK
        kept = left[now.max(axis=1) <= judge.cut]
        runs = judge.luck * 2 ** (wave - 1)
        rows.append((wave, len(left), runs, len(kept), *share(len(kept), len(quantiles))[2:]))
        left, each = kept, runs
        if not len(kept):
            break
    table = pd.DataFrame(rows, columns=["wave", "draws", "runs", "left", "low", "high"]).set_index("wave")
    table.insert(3, "share", table["left"] / len(quantiles))
    return Played(table, left, implausible, at_first, now, first)


def runs_played(draws: int, luck: int, waves: int) -> int:
    """Return how many runs :func:`play` plays at most: a draw that a wave leaves doubles its runs in the next."""
    return (draws * luck) << (waves - 1)


def _counts(judge: Judge, rows: pd.DataFrame, runs: int, first: int) -> pd.DataFrame:
    """Return the counts of a number of runs of each row, by the row's label; zeros where all its runs failed."""
    western = [name for name, mission in judge.scenario.parts.missions.items() if mission.western]
    labels = rows.index.to_numpy()
    pieces = [
        target_quantities.counts(ensemble, labels[row], western)
        for ensemble, row in weekly_runs(judge.scenario, rows, runs, first, judge.seed, **judge.options)
        if len(ensemble)
    ]
    return pd.concat(pieces).groupby(level=0).sum().reindex(rows.index, fill_value=0.0)


def implausibility(targets: Mapping[str, Target], counts: pd.DataFrame) -> Floats:
    r"""Return how far the draws lie from each target, in standard deviations, shape (draws, targets).

    .. math:: I = \frac{|m - z|}{\sqrt{V_{obs} + V_{disc} + V_{runs}}}

    with m what the runs of a draw imply, z the target, and the variances of observation, of discrepancy and of run
    noise; 0 where the runs say nothing. Source: Craig, Goldstein, Seheult and Smith (1997), with run noise as Vernon,
    Goldstein and Bower (2010) have it for an emulator's variance.
    """
    columns = [_distance(target, target_quantities.estimate(target.quantity, counts)) for target in targets.values()]
    return np.column_stack(columns)


def _distance(target: Target, implied: Estimate) -> Floats:
    return np.asarray(np.abs(implied.mean - target.mean) / np.sqrt(target.variance + implied.variance))
