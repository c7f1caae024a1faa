"""Score forecasts: the error of a point, and the rank score, coverage and width of a distribution.

A distribution is a sample of equally likely outcomes. Intervals are by bootstrap over clusters: the issues of one
proposal are not independent, so whole proposals are drawn.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

NEAR = 10.0
"""Points within which a forecast counts as near."""
LEVELS = (50, 80)
"""Levels of the central intervals that are scored, in percent."""


def crps(sample: Floats, outcome: float) -> float:
    r"""Return the continuous ranked probability score of a sample, in the outcome's unit; less is better.

    .. math:: \frac{1}{n} \sum_i |x_i - y| - \frac{1}{2 n^2} \sum_{i,j} |x_i - x_j|

    For a sample of one it is the absolute error. Source: Gneiting and Raftery (2007), Strictly proper scoring rules,
    eq. 21; the double sum is taken over the sorted sample.

    >>> crps(np.array([40.0]), 50.0), crps(np.array([0.0, 100.0]), 50.0)
    (10.0, 25.0)
    """
    ordered, count = np.sort(sample), len(sample)
    ranks = 2 * np.arange(1, count + 1) - count - 1
    return float(np.abs(ordered - outcome).mean() - ranks @ ordered / (count * count))


def interval(sample: Floats, level: int) -> tuple[float, float]:
    """Return the central interval that holds ``level`` percent of a sample, ends included.

    >>> interval(np.linspace(0.0, 100.0, 101), 50)
    (25.0, 75.0)
    """
    low, high = np.quantile(sample, [0.5 - level / 200, 0.5 + level / 200])
    return float(low), float(high)


def score(point: float, sample: Floats, outcome: float) -> dict[str, float]:
    """Return the scores of one forecast.

    They are ``error``, ``within10``, ``crps``, and for each of :data:`LEVELS` ``coverage`` and ``width``. An empty
    ``sample`` leaves the scores of a distribution unknown (nan).
    """
    error = abs(point - outcome)
    scores = {"error": error, "within10": float(error <= NEAR)}
    scores["crps"] = crps(sample, outcome) if len(sample) else float("nan")
    for level in LEVELS:
        low, high = interval(sample, level) if len(sample) else (float("nan"), float("nan"))
        inside = float(low <= outcome <= high) if len(sample) else float("nan")
        scores |= {f"coverage{level}": inside, f"width{level}": high - low}
    return scores


def residual_samples(points: Floats, outcomes: Floats, clusters: pd.Series, low: float, high: float) -> list[Floats]:
    """Return the distribution of each point forecast: the point plus the errors on the other clusters.

    Errors of its own cluster are left out (leave one cluster out); the sample is clipped to the scale, ``low`` to
    ``high``. With a single cluster the samples are empty.
    """
    errors, names = outcomes - points, clusters.to_numpy()
    return [np.clip(point + errors[names != name], low, high) for point, name in zip(points, names, strict=True)]


def resampled_means(table: pd.DataFrame, clusters: pd.Series, resamples: int, seed: int) -> Floats:
    """Return the means of a table's columns under resampling of whole clusters, shape (resamples, columns).

    The same seed draws the same clusters, so that tables over the same issues can be compared in pairs. Source:
    the cluster bootstrap, Davison and Hinkley (1997), Bootstrap Methods, section 3.8.
    """
    sums = table.groupby(clusters.to_numpy()).sum(min_count=1).to_numpy(dtype=np.float64)
    counts = clusters.value_counts().sort_index().to_numpy(dtype=np.float64)
    equal = np.full(len(counts), 1.0 / len(counts))
    drawn = np.random.default_rng(seed).multinomial(len(counts), equal, size=resamples).astype(np.float64)
    return np.asarray((drawn @ sums) / (drawn @ counts)[:, np.newaxis])


def ends(means: Floats) -> tuple[Floats, Floats]:
    """Return both ends of the 95% percentile intervals of resampled means, by column."""
    low, high = np.quantile(means, [0.025, 0.975], axis=0)
    return np.asarray(low), np.asarray(high)
