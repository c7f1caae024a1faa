"""How sure? The range over inputs: a nested design of draws of the inputs, each run many times, no luck shared."""

from __future__ import annotations

from math import sqrt
from pathlib import Path
from typing import NamedTuple, TypedDict, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch.designs import nested_outcomes
from sim.batch.running import RunOptions
from sim.ensemble.summary import GROUPS
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario

Floats = NDArray[np.float64]

WORTH_A_DESIGN = 2_000
"""The fewest runs for which `sim run` adds a nested design by itself: a smaller batch is a quick look."""
DRAWS, LUCK = 1_600, 25
"""The default design: the draws of the inputs, and the runs of each.

Of a rare event a few draws hold most of the chance, so that the upper end is known by how many draws there are, and
run noise can be removed: many draws of few runs tell more than as many runs otherwise (decision 0035).
"""
RESAMPLES = 500


class Range(NamedTuple):
    """The 10th and 90th percentile of a probability over inputs, each with its 95% interval."""

    p10: float
    p90: float
    p10_low: float
    p10_high: float
    p90_low: float
    p90_high: float


class RangeEnds(TypedDict):
    """A :class:`Range` as a dictionary, as manifests and JSON hold it."""

    p10: float
    p90: float
    p10_low: float
    p10_high: float
    p90_low: float
    p90_high: float


class GroupRange(RangeEnds):
    """The range of one group: a :class:`Range`, the design behind it, and the range among runs with a ceasefire.

    ``mean`` is the probability over all draws, ``half_in`` the least share of the draws that holds half of it.
    """

    draws: int
    runs_per_draw: int
    mean: float
    half_in: float | None
    given_ceasefire: RangeEnds | None


@takes_whole_numbers
def nested(
    scenario: Scenario | str | Path,
    draws: int = DRAWS,
    luck: int = LUCK,
    seed: int = 1,
    **options: Unpack[RunOptions],
) -> dict[str, GroupRange]:
    """Return, by group, the range of its probability over ``draws`` draws of the inputs, each of ``luck`` runs.

    The design is that of :func:`sim.batch.designs.nested_runs`: no two runs share their luck, so that the noise of one
    draw says nothing about that of another (:func:`remove_noise` relies on it).

    Every group has the entries of :class:`GroupRange`. Among runs with a ceasefire a draw counts by how many it has, as
    it does in the share of the flat batch; ``given_ceasefire`` is None if fewer than two draws have two.
    ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If there are fewer than two draws or two runs a draw, or too few are left of those that failed.
    """
    scenario = as_scenario(scenario)
    draw, came = nested_outcomes(scenario, draws, luck, seed, ("ceasefire", *GROUPS), **options)
    given = {f"{group}_given": came[group] * came["ceasefire"] for group in GROUPS}
    counts = pd.DataFrame({"all": 1.0, **came, **given}, dtype=np.float64, index=draw).groupby(level=0).sum()
    return _ranges(counts, draws, luck)


def remove_noise(shares: Floats, runs: Floats, values: Floats | None = None) -> Floats:
    r"""Return shares, each of as many runs, pulled towards their mean so that their spread is that without run noise.

    With weights :math:`w_i = n_i / \sum n_j`, mean :math:`m = \sum w_i s_i` and independent runs,

    .. math:: E \sum w_i (s_i - m)^2 = \sum w_i (p_i - \bar p)^2 + \sum w_i (1 - w_i) \frac{p_i (1 - p_i)}{n_i},

    exactly, and :math:`s_i (1 - s_i) / (n_i - 1)` estimates the noise :math:`p_i (1 - p_i) / n_i` without bias.
    Deviations from m are scaled by the root of the part of the variance that is left. Sources: the variance is the
    one-way analysis of variance (Searle, Casella and McCulloch 1992, Variance components), the scaling Louis (1984),
    Estimating a population of parameter values. The scaling keeps the shape of the observed shares, so a
    little of the noise (narrower near 0 and 1) stays: below half a point at a hundred runs a draw, half a point at 25.
    ``values`` are pulled in place of the shares, such as those whose ties are spread (:func:`spread_ties`).

    >>> remove_noise(np.array([0.2, 0.5, 0.8]), np.full(3, 11.0)).round(3).tolist()
    [0.234, 0.5, 0.766]
    """
    weight = runs / runs.sum()
    mean = float(weight @ shares)
    observed = float(weight @ (shares - mean) ** 2)
    noise = float((weight * (1.0 - weight)) @ (shares * (1.0 - shares) / (runs - 1.0)))
    kept = sqrt(max(0.0, observed - noise) / observed) if observed > 0.0 else 0.0
    return np.asarray(mean + ((shares if values is None else values) - mean) * kept)


def range_over(hits: Floats, runs: Floats) -> Range | None:
    """Return the range of a probability from the ``hits`` and ``runs`` of each draw of the inputs, shape (draws,).

    Draws count by their runs; those with fewer than two, whose noise is unknown, do not count. None if fewer than two
    are left. The intervals come from a bootstrap over draws (Efron 1979): they cover the number of draws and run noise.
    """
    known = runs >= 2
    if known.sum() < 2:
        return None
    hits, runs = hits[known], runs[known]
    rng = np.random.default_rng(0)
    again = rng.integers(len(runs), size=(RESAMPLES, len(runs)))
    ends = np.array([_percentiles(hits[pick], runs[pick]) for pick in again])
    low, high = np.quantile(ends, [0.025, 0.975], axis=0).tolist()
    return Range(*_percentiles(hits, runs), low[0], high[0], low[1], high[1])


def half_in(hits: Floats) -> float | None:
    """Return the least share of the draws of the inputs that holds half of all ``hits``; None if there are none.

    >>> half_in(np.array([1.0, 90.0, 4.0, 5.0]))
    0.25
    """
    total = float(hits.sum())
    if total == 0.0:
        return None
    draws = int(np.searchsorted(np.cumsum(np.sort(hits)[::-1]), total / 2.0)) + 1
    return draws / len(hits)


def _percentiles(hits: Floats, runs: Floats) -> tuple[float, float]:
    shares = hits / runs
    left = np.clip(remove_noise(shares, runs, spread_ties(shares, runs)), 0.0, 1.0)
    low, high = np.quantile(left, [0.1, 0.9], weights=runs, method="inverted_cdf")
    return float(low), float(high)


def spread_ties(shares: Floats, runs: Floats) -> Floats:
    """Return shares of runs with those that are equal spread evenly over the step from one possible share to the next.

    A share of 25 runs stands for all probabilities nearer to it than to its neighbours; without this a percentile would
    jump from step to step (Ma, Genton and Parzen 2011, Asymptotic properties of sample quantiles of discrete
    distributions, on such jumps).

    >>> spread_ties(np.array([0.5, 0.0, 0.5]), np.full(3, 2.0)).tolist()
    [0.375, 0.0, 0.625]
    """
    order = np.argsort(shares, kind="stable")
    _, first, count = np.unique(shares[order], return_index=True, return_counts=True)
    place = (np.arange(len(shares)) - np.repeat(first, count) + 0.5) / np.repeat(count, count) - 0.5
    spread = np.empty(len(shares))
    spread[order] = shares[order] + place / runs[order]
    return spread


def _ranges(counts: pd.DataFrame, draws: int, luck: int) -> dict[str, GroupRange]:
    hits = {name: counts[name].to_numpy() for name in counts}
    ranges: dict[str, GroupRange] = {}
    for group in GROUPS:
        over, given = range_over(hits[group], hits["all"]), range_over(hits[f"{group}_given"], hits["ceasefire"])
        if over is None:
            raise ValueError("too many runs of the nested design failed: fewer than 2 draws have 2 runs left")
        ranges[group] = {
            **_as_ends(over),
            "draws": draws,
            "runs_per_draw": luck,
            "mean": float(hits[group].sum() / hits["all"].sum()),
            "half_in": half_in(hits[group]),
            "given_ceasefire": _as_ends(given) if given else None,
        }
    return ranges


def _as_ends(over: Range) -> RangeEnds:
    ends: RangeEnds = {
        "p10": over.p10,
        "p90": over.p90,
        "p10_low": over.p10_low,
        "p10_high": over.p10_high,
        "p90_low": over.p90_low,
        "p90_high": over.p90_high,
    }
    return ends
