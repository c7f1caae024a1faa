"""Drawing, compiled: the luck of a block in NumPy's bits, and many priors of the scenario at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.kernel import philox
from sim.kernel.compiling import entry, jit
from sim.scenario.priors import Prior, quantile
from sim.world import streams
from sim.world.columns import Floats
from sim.world.draws import Means

_KINDS = ("fixed", "uniform", "triangular", "choice", "pool")
_FIXED, _UNIFORM, _TRIANGULAR = range(3)
_WIDTH = 1 + max(3, *(len(words) for words in vocabulary.SCALES.values()))


def fill(seed: int, names: Sequence[str], block: int, rounds: int) -> Floats:
    """Return the luck of one block of many streams, of shape (names, rounds, BLOCK): that of ``streams.fill``.

    In memory a run's luck lies together, a round after the other, as the kernel reads it.
    """
    keys = np.array([streams.key(name) for name in names], dtype=np.uint64)
    into = np.empty((streams.BLOCK, rounds, len(names)))
    _fill(np.uint64(seed), keys, np.uint64(block), into)
    return into.transpose(2, 1, 0)


def quantiles(drawn: Sequence[Prior], u: Floats) -> Floats:
    """Return the values of many priors, of shape (priors, runs), at the probabilities ``u`` of that shape."""
    by_run = np.ascontiguousarray(u.T)
    into = np.empty(by_run.shape)
    _quantiles(*_table(tuple(drawn)), by_run, into)
    for at, prior in enumerate(drawn):
        if prior.kind == "pool":  # rare, and pieces without number: not worth a place in the table
            into[:, at] = quantile(prior, by_run[:, at])
    return into.T


@lru_cache(maxsize=8)
def _table(drawn: tuple[Prior, ...]) -> tuple[NDArray[np.int64], Floats]:
    """Return kinds of priors, and their numbers: of a choice the shares cumulated, then its last possible place."""
    kinds = np.array([_KINDS.index(prior.kind) for prior in drawn], dtype=np.int64)
    numbers = np.full((len(drawn), _WIDTH), np.inf)
    for at, prior in enumerate(drawn):
        shares = prior.kind == "choice"
        given = np.cumsum(prior.numbers)[:-1] if shares else np.array(prior.numbers)
        numbers[at, : len(given)] = given
        numbers[at, -1] = prior.high if shares else 0.0
    return kinds, numbers


@entry
def _quantiles(kinds: NDArray[np.int64], numbers: Floats, u: Floats, into: Floats) -> None:
    for run in range(u.shape[0]):
        for at in range(u.shape[1]):
            into[run, at] = _quantile(kinds[at], numbers[at], u[run, at])


@jit
def _quantile(kind: int, numbers: Floats, u: float) -> float:
    # The arithmetic of sim.scenario.priors, operation by operation, so that no bit differs.
    if kind == _TRIANGULAR:
        low, likely, high = numbers[0], numbers[1], numbers[2]
        width = high - low
        if u * width <= likely - low:
            return low + sqrt(u * width * (likely - low))
        return high - sqrt((1.0 - u) * width * (high - likely))
    if kind == _UNIFORM:
        return numbers[0] + u * (numbers[1] - numbers[0])
    if kind == _FIXED:
        return numbers[0]
    place = 0
    while place < len(numbers) - 1 and numbers[place] <= u:
        place += 1
    return min(float(place), numbers[len(numbers) - 1])


@entry
def _fill(seed: np.uint64, keys: NDArray[np.uint64], block: np.uint64, into: Floats) -> None:
    """Fill ``into`` (runs, rounds, streams)."""
    for run in range(0, into.shape[0], philox.FOUR):
        for now in range(into.shape[1]):
            philox.fill_four(seed, keys, block, run, now, into, run)


MEANS = Means(fill, quantiles, as_it_plays=True)
"""How the compiled engine draws."""
