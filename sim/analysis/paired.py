"""The difference between two series over the same runs, under the same luck, with its interval."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.shares import Z95


def paired_difference(a: pd.Series, b: pd.Series) -> dict[str, float]:
    """Return the means of two paired series, their difference with its 95% interval, how many pairs, and the gain.

    Values are paired by position; a pair with a missing value does not count.
    """
    x, y = (each.to_numpy(dtype=np.float64, na_value=np.nan) for each in (a, b))
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if not len(x):
        return dict.fromkeys(("a", "b", "difference", "low", "high", "gain"), float("nan")) | {"runs": 0}
    gap, mean = y - x, float((y - x).mean())
    spread = float(gap.std(ddof=1)) if len(gap) > 1 else float("nan")
    half = Z95 * spread / sqrt(len(gap))
    ends = {"difference": mean, "low": mean - half, "high": mean + half}
    return {"a": float(x.mean()), "b": float(y.mean()), **ends, "runs": len(gap), "gain": _gain(x, y, spread)}


def _gain(x: NDArray[np.float64], y: NDArray[np.float64], spread: float) -> float:
    return float(x.var(ddof=1) + y.var(ddof=1)) / (spread * spread) if spread > 0.0 else float("nan")
