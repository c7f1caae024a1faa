"""Which of many inputs can be left alone: Morris's elementary effects, one input at a time along random paths."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.optional_libraries import needed
from sim.batch.designs import Floats, Outcome
from sim.world.draws import LUCK_COLUMN

TRAJECTORIES = 100
_AT_ONCE = 20
"""Trajectories in memory at once: each is a square of as many rows as there are inputs."""
_LEVELS = 4
_BOUNDS = [0.125, 0.875]
"""Quantiles in the middle of four cells of equal probability."""


def morris(outcome: Outcome, inputs: Sequence[str], trajectories: int = TRAJECTORIES, seed: int = 1) -> pd.DataFrame:
    """Return the elementary effects of ``inputs`` on an outcome, largest first.

    Along a trajectory every input changes once, by half of its quantiles, under the same luck, that of the run with the
    trajectory's number. Columns: ``mu_star``, the mean of the absolute effects, its 95% interval ``mu_star_low`` to
    ``mu_star_high`` (SALib's bootstrap over trajectories), ``mu`` their mean, ``sigma`` their standard deviation. An
    effect is a change of the outcome divided by a step of 2/3 of the range; trajectories with a failed run are left
    out. Sources: Morris (1991), Factorial sampling plans; Campolongo, Cariboni and Saltelli (2007) for ``mu_star``.

    Raises
    ------
    ValueError
        If fewer than 2 trajectories are asked for or left, or SALib is missing.
    """
    if trajectories < 2:
        raise ValueError(f"screening takes at least 2 trajectories, got {trajectories}")
    parts = max(1, trajectories // _AT_ONCE)
    ends = np.linspace(0, trajectories, parts + 1).astype(int)
    effects = [
        _effects(outcome, list(inputs), np.arange(first, last), max(1, seed) + int(first))
        for first, last in pairwise(ends)
    ]
    table = _pool(effects).set_index(pd.Index(inputs, name="input"))
    return table.sort_values("mu_star", ascending=False, kind="stable")


class _Effects(NamedTuple):
    trajectories: int
    mu_star: Floats
    half: Floats
    mu: Floats
    sigma: Floats


def _effects(outcome: Outcome, inputs: list[str], numbers: NDArray[np.int64], seed: int) -> _Effects:
    """Return SALib's figures for the trajectories of these numbers."""
    problem = {"num_vars": len(inputs), "names": inputs, "bounds": [_BOUNDS] * len(inputs)}
    places = needed("SALib.sample.morris").sample(problem, len(numbers), num_levels=_LEVELS, seed=seed)
    table = pd.DataFrame(places, columns=inputs)
    table[LUCK_COLUMN] = np.repeat(numbers, len(inputs) + 1)
    played = outcome(table).reshape(len(numbers), -1)
    whole = ~np.isnan(played).any(axis=1)
    if whole.sum() < 2:
        raise ValueError(f"of {len(numbers)} trajectories of the screening fewer than 2 have no failed run")
    places = places.reshape(len(numbers), len(inputs) + 1, -1)[whole].reshape(-1, len(inputs))
    analyze = needed("SALib.analyze.morris").analyze
    indices = analyze(problem, places, played[whole].ravel(), num_levels=_LEVELS, seed=seed)
    names = ("mu_star", "mu_star_conf", "mu", "sigma")
    return _Effects(int(whole.sum()), *(np.asarray(indices[name], dtype=np.float64) for name in names))


def _pool(effects: Sequence[_Effects]) -> pd.DataFrame:
    """Return the figures of all trajectories from those of independent parts of them."""
    of = np.array([each.trajectories for each in effects])
    share = of / of.sum()
    mu_star, mu = (share @ np.array([getattr(each, name) for each in effects]) for name in ("mu_star", "mu"))
    half = np.sqrt((share * share) @ np.array([each.half * each.half for each in effects]))
    spread = (of - 1) @ np.array([each.sigma * each.sigma for each in effects])
    spread = spread + of @ np.array([(each.mu - mu) * (each.mu - mu) for each in effects])
    columns = {"mu_star": mu_star, "mu_star_low": mu_star - half, "mu_star_high": mu_star + half, "mu": mu}
    return pd.DataFrame({**columns, "sigma": np.sqrt(spread / (of.sum() - 1))})
