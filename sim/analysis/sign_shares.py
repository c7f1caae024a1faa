"""In how many input sets does a difference have its sign? A nested design whose arms share inputs and luck."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.nested import RESAMPLES

Floats = NDArray[np.float64]
COLUMNS = ("sign_holds", "sign_low", "sign_high", "sign_turns")


def signs(gaps: pd.DataFrame, draw: NDArray[np.int64], differences: pd.Series) -> pd.DataFrame:
    """Return, by quantity, in what share of the draws of inputs the mean difference has the sign of ``differences``.

    ``gaps`` has a row a pair of runs and a column a quantity (missing: no pair), ``draw`` the draw of each row. Run
    noise is removed from the means by :func:`remove_noise` before their signs are counted. The columns are
    :data:`COLUMNS`: the share with that sign, its 95% interval (bootstrap over draws; Efron 1979), and the share with
    the other sign. In the rest no run differs. Missing where the difference is 0 or fewer than two draws have two
    pairs.
    """
    rows = {}
    for name in map(str, gaps):
        by_draw = gaps[name].groupby(draw).agg(["mean", "var", "count"])
        by_draw = by_draw[by_draw["count"] >= 2]
        noise = by_draw["var"].to_numpy() / by_draw["count"].to_numpy()
        rows[name] = _sign_shares(by_draw["mean"].to_numpy(), noise, float(np.sign(differences[name])))
    return pd.DataFrame.from_dict(rows, orient="index", columns=list(COLUMNS))


def remove_noise(means: Floats, noise: Floats) -> Floats:
    r"""Return means (..., draws) pulled towards their centre so that their spread is that without run noise.

    ``noise`` is the estimated variance of each mean. With D draws and centre m,

    .. math:: E \frac{1}{D} \sum (d_i - m)^2 = \frac{1}{D} \sum (\delta_i - \bar\delta)^2
              + \frac{1}{D} \Bigl(1 - \frac{1}{D}\Bigr) \sum v_i,

    and deviations are scaled by the root of the part of the variance that is left (Louis 1984, Estimating a population
    of parameter values). A draw in which no run differs, mean and noise 0, stays at 0.

    >>> remove_noise(np.array([-1.0, 1.0, 3.0]), np.array([1.0, 1.0, 1.0])).round(3).tolist()
    [-0.732, 1.0, 2.732]
    """
    draws = means.shape[-1]
    centre = means.mean(axis=-1, keepdims=True)
    observed = ((means - centre) ** 2).mean(axis=-1, keepdims=True)
    chance = noise.mean(axis=-1, keepdims=True) * (1.0 - 1.0 / draws)
    left = np.maximum(0.0, observed - chance) / np.where(observed > 0.0, observed, 1.0)
    return np.where((means == 0.0) & (noise == 0.0), 0.0, centre + (means - centre) * np.sqrt(left))


def _sign_shares(means: Floats, noise: Floats, sign: float) -> tuple[float, float, float, float]:
    if len(means) < 2 or not abs(sign) > 0.0:
        return (np.nan,) * 4
    again = np.random.default_rng(0).integers(len(means), size=(RESAMPLES, len(means)))
    shares = (np.sign(remove_noise(means[again], noise[again])) == sign).mean(axis=1)
    low, high = np.quantile(shares, [0.025, 0.975])
    signs_of_means = np.sign(remove_noise(means, noise))
    return float((signs_of_means == sign).mean()), float(low), float(high), float((signs_of_means == -sign).mean())
