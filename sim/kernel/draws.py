"""Drawing, compiled: the luck of a block in NumPy's bits, and many priors of the scenario at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.kernel import philox
from sim.kernel.compiling import entry, jit
from sim.scenario.priors import Prior, quantile
from sim.world import streams
from sim.world.columns import Floats, Ints
from sim.world.draws import Means

_WIDTH = max(len(words) for words in vocabulary.SCALES.values())


def fill(seed: int, names: Sequence[str], block: int, rounds: int) -> Floats:
    """Return the luck of one block of many streams, of shape (names, rounds, BLOCK): that of ``streams.fill``.

    In memory a run's luck lies together, a round after the other, as the kernel reads it.
    """
    keys = np.array([streams.key(name) for name in names], dtype=np.uint64)
    into = streams.empty((streams.BLOCK, rounds, len(names)))
    _fill(np.uint64(seed), keys, np.uint64(block), into)
    return into.transpose(2, 1, 0)


def quantiles(drawn: Sequence[Prior], u: Floats) -> Floats:
    """Return the values of many priors, of shape (priors, runs), at the probabilities ``u`` of that shape."""
    by_run = np.ascontiguousarray(u.T)
    into = streams.empty(by_run.shape)
    _quantiles(_table(tuple(drawn)), by_run, into)
    for at, prior in enumerate(drawn):
        if prior.kind == "pool":  # rare, and pieces without number: not worth a place in the table
            into[:, at] = quantile(prior, by_run[:, at])
    return into.T


class Table(NamedTuple):
    """Many priors as compiled code reads them.

    ``low``, ``likely`` and ``high`` are those of triangular priors, by prior; a fixed number is one without width. The
    others stand apart: the places of ``uniform`` ones, and of ``choices``, whose shares ``cumulated`` are filled up
    with infinity.
    """

    low: Floats
    likely: Floats
    high: Floats
    uniform: Ints
    choices: Ints
    cumulated: Floats


@lru_cache(maxsize=8)
def _table(drawn: tuple[Prior, ...]) -> Table:
    numbers = {"fixed": (0, 0, 0), "triangular": (0, 1, 2), "uniform": (0, 0, 1)}
    bounds = np.array([[prior.numbers[at] for at in numbers.get(prior.kind, ())] or [0.0] * 3 for prior in drawn])
    uniform, choices = ([at for at, prior in enumerate(drawn) if prior.kind == kind] for kind in ("uniform", "choice"))
    cumulated = np.full((len(choices), _WIDTH), np.inf)
    for row, at in zip(cumulated, choices, strict=True):
        shares = np.cumsum(drawn[at].numbers)[:-1][: int(drawn[at].high)]  # they may add up to a little less than 1
        row[: len(shares)] = shares
    low, likely, high = (np.ascontiguousarray(column) for column in bounds.reshape(-1, 3).T)
    return Table(low, likely, high, np.array(uniform, dtype=np.int64), np.array(choices, dtype=np.int64), cumulated)


@entry
def _quantiles(table: Table, u: Floats, into: Floats) -> None:
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


@entry
def _fill(seed: np.uint64, keys: NDArray[np.uint64], block: np.uint64, into: Floats) -> None:
    """Fill ``into`` (runs, rounds, streams)."""
    for run in range(0, into.shape[0], philox.FOUR):
        for now in range(into.shape[1]):
            philox.fill_four(seed, keys, block, run, now, into, run)


MEANS = Means(fill, quantiles, as_it_plays=True)
"""How the compiled engine draws."""
