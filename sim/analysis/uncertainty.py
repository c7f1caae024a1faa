"""How sure? The range over inputs, from a nested design: some draws of the inputs, each under the same luck."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import batch, world
from sim.config import Scenario

GROUPS = ("deployed", "european")


def nested(
    scenario: Scenario,
    draws: int,
    luck: int,
    seed: int,
    *,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> dict[str, dict[str, float]]:
    """Return, for each group, the 10th and 90th percentile of its probability over ``draws`` draws of the inputs.

    Every draw of the inputs is run under the luck of the same ``luck`` runs; run noise is removed (:func:`denoised`).

    Raises
    ------
    ValueError
        If there are fewer than two draws or two runs a draw.
    """
    if draws < 2 or luck < 2:
        raise ValueError(f"a nested design needs at least 2 draws of 2 runs, got {draws}x{luck}")
    structure = world.build(scenario)
    design = world.input_quantiles(structure, seed, draws)
    rows = design.loc[design.index.repeat(luck)].reset_index(drop=True)
    rows[world.LUCK_COLUMN] = np.tile(np.arange(luck), draws)
    ensemble = batch.run(scenario, draws * luck, seed, workers=workers, quantiles=rows, progress=progress)
    return {group: _range(ensemble.happened(group), draws, luck) for group in GROUPS}


def denoised(shares: NDArray[np.float64], runs: int) -> NDArray[np.float64]:
    r"""Return shares, each of ``runs`` runs, shrunk to their mean so that their spread is that without run noise.

    The variance of observed shares is that of the true ones plus the mean of :math:`p(1-p)/n`; deviations are scaled by
    the root of the share that is left. Source: Louis (1984), Estimating a population of parameter values.
    """
    observed = float(shares.var(ddof=1))
    noise = float(np.mean(shares * (1.0 - shares)) / (runs - 1))
    if observed <= 0.0:
        return shares
    mean = float(shares.mean())
    kept = sqrt(max(0.0, observed - noise) / observed)
    return np.asarray(mean + (shares - mean) * kept)


def _range(came_about: pd.Series, draws: int, luck: int) -> dict[str, float]:
    shares = came_about.to_numpy(dtype=np.float64).reshape(draws, luck).mean(axis=1)
    low, high = np.quantile(denoised(shares, luck), [0.1, 0.9])
    return {"p10": max(0.0, float(low)), "p90": min(1.0, float(high))}
