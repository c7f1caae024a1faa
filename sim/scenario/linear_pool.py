"""Several people's judgements of one number, mixed: the linear opinion pool and its inverse CDF.

Each judgement is fixed, uniform or triangular, written as (value,), (low, high) or (low, likely, high). The pool's
density is their weighted sum (Stone 1961; Clemen and Winkler 1999), so it is linear between their bounds, and its
inverse CDF has a closed form there.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import inf
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Numbers = tuple[float, ...]
Floats = NDArray[np.float64]


class Expert(NamedTuple):
    """One person's judgement: name, weight in the pool (weights sum to 1), and numbers (of a choice, shares)."""

    name: str
    weight: float
    numbers: Numbers


class _Piece(NamedTuple):
    """A stretch of the pool's CDF: where it starts and ends, its density there and how that grows; inf for an atom."""

    cdf: float
    start: float
    end: float
    density: float
    slope: float


def quantile(experts: tuple[Expert, ...], u: Floats) -> Floats:
    r"""Return the pool's values at the probabilities ``u`` in [0, 1).

    On a piece with density :math:`d + s t`, :math:`u - F = d t + s t^2 / 2`, hence
    :math:`t = 2 (u - F) / (d + \sqrt{d^2 + 2 s (u - F)})`.

    >>> quantile((Expert("ann", 0.5, (0.0, 1.0)), Expert("ben", 0.5, (3.0,))), np.array([0.25, 0.75])).tolist()
    [0.5, 3.0]
    """
    columns = [np.array(column) for column in zip(*_pieces(experts), strict=True)]
    cdf, start, end, density, slope = columns
    at = np.searchsorted(cdf, u, side="right") - 1
    beyond, steep = u - cdf[at], density[at]
    below = steep + np.sqrt(np.maximum(0.0, steep * steep + 2.0 * slope[at] * beyond))
    along = np.divide(2.0 * beyond, below, out=np.zeros_like(beyond), where=below > 0.0)
    values: Floats = np.minimum(start[at] + along, end[at])
    return values


def disagreement(experts: Sequence[Expert]) -> float:
    """Return the share of the pool's variance that lies between the experts' means, not inside their own ranges.

    >>> disagreement([Expert("ann", 0.5, (0.0,)), Expert("ben", 0.5, (1.0,))])
    1.0
    """
    weights = np.array([expert.weight for expert in experts])
    means, variances = np.array([_moments(expert.numbers) for expert in experts]).T
    between = float(weights @ (means - weights @ means) ** 2)
    whole = between + float(weights @ variances)
    return between / whole if whole > 0.0 else 0.0


def middle(numbers: Numbers) -> float:
    """Return the likely value of a judgement, or its mean if it has none."""
    return numbers[1] if len(numbers) == 3 else sum(numbers) / len(numbers)


def _moments(numbers: Numbers) -> tuple[float, float]:
    """Return mean and variance of a fixed, uniform or triangular number."""
    low, high = numbers[0], numbers[-1]
    if len(numbers) < 3:
        return (low + high) / 2.0, (high - low) ** 2 / 12.0
    likely = numbers[1]
    squares = low * low + likely * likely + high * high
    return sum(numbers) / 3.0, (squares - low * likely - low * high - likely * high) / 18.0


@lru_cache(maxsize=256)
def _pieces(experts: tuple[Expert, ...]) -> tuple[_Piece, ...]:
    """Return the pieces of the pool's CDF that have mass, in order."""
    bounds = sorted({bound for expert in experts for bound in expert.numbers})
    pieces, cdf = list[_Piece](), 0.0
    for at, start in enumerate(bounds):
        atom = sum(expert.weight for expert in experts if expert.numbers[0] == expert.numbers[-1] == start)
        if atom > 0.0:
            pieces.append(_Piece(cdf, start, start, inf, 0.0))
            cdf += atom
        if at + 1 < len(bounds):
            end = bounds[at + 1]
            first, last = (sum(_density(expert, start, end, x) for expert in experts) for x in (start, end))
            if first + last > 0.0:
                pieces.append(_Piece(cdf, start, end, first, (last - first) / (end - start)))
                cdf += (first + last) / 2.0 * (end - start)
    return tuple(pieces)


def _density(expert: Expert, start: float, end: float, x: float) -> float:
    """Return an expert's part of the pool's density at ``x``, as the stretch from ``start`` to ``end`` continues it."""
    low, high = expert.numbers[0], expert.numbers[-1]
    if low == high or end <= low or start >= high:
        return 0.0
    if len(expert.numbers) == 2:
        return expert.weight / (high - low)
    likely = expert.numbers[1]
    if end <= likely:
        return expert.weight * 2.0 * (x - low) / ((high - low) * (likely - low))
    return expert.weight * 2.0 * (high - x) / ((high - low) * (high - likely))
