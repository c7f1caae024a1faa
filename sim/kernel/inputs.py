"""Luck and the values of priors, compiled: what :mod:`sim.kernel.draws` calls."""

from __future__ import annotations

from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim.kernel import philox
from sim.kernel.compiling import jit
from sim.kernel.draws import Table
from sim.kernel.luck_source import FOUR
from sim.world.columns import Floats


def quantiles(table: Table, u: Floats, into: Floats) -> None:
    """Write the values of many priors at the probabilities ``u``, both of shape (runs, priors)."""
    for run in range(u.shape[0]):
        _triangular(table, u[run], into[run])
        for at in table.uniform:
            into[run, at] = table.low[at] + u[run, at] * (table.high[at] - table.low[at])
        for row in range(len(table.choices)):
            at = table.choices[row]
            place = 0
            for share in range(table.cumulated.shape[1]):
                place += 1 if table.cumulated[row, share] <= u[run, at] else 0
            into[run, at] = place


@jit
def _triangular(table: Table, u: Floats, into: Floats) -> None:
    """Write the values of triangular priors: both sides are one formula, so that several are had at a time.

    The arithmetic is that of :mod:`sim.scenario.priors`, operation by operation, so that no bit differs.
    """
    for at in range(len(u)):
        low, likely, high = table.low[at], table.likely[at], table.high[at]
        width = high - low
        left = u[at] * width <= likely - low
        share, part = u[at] if left else 1.0 - u[at], likely - low if left else high - likely
        root = sqrt(share * width * part)
        into[at] = low + root if left else high - root


def fill(seed: np.uint64, keys: NDArray[np.uint64], block: np.uint64, into: Floats) -> None:
    """Fill ``into`` (runs, rounds, streams)."""
    for run in range(0, into.shape[0], FOUR):
        for now in range(into.shape[1]):
            philox.fill_four(seed, keys, block, run, now, into, run)
