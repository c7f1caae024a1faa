"""Drawing, compiled: the bits of NumPy's Philox (Salmon et al. 2011), and many priors of the scenario at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from math import sqrt
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic
from numpy.typing import NDArray

from sim import vocabulary
from sim.kernel.compiling import entry, jit
from sim.scenario.priors import Prior, quantile
from sim.world import streams
from sim.world.columns import Floats
from sim.world.draws import Means

_MULTIPLIER_0, _MULTIPLIER_2 = np.uint64(0xD2E7470EE14C6C93), np.uint64(0xCA5A826395121157)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_ROUNDS = 10
_ELEVEN = np.uint64(11)
_UNIT = 1.0 / 9007199254740992.0
"""2 to the power -53: the upper 53 bits of a word become a float in [0, 1), as NumPy does it."""
_BLOCK = streams.BLOCK
_TOGETHER = 8
"""Streams that are filled together: eight floats are one line of the processor's cache."""
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


@intrinsic
def _product(typing_context: Any, one: Any, other: Any) -> Any:
    """Return the upper and the lower half of the product of two 64-bit numbers."""

    def generate(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        wide, narrow = ir.IntType(128), ir.IntType(64)
        product = builder.mul(*(builder.zext(argument, wide) for argument in arguments))
        upper = builder.trunc(builder.lshr(product, ir.Constant(wide, 64)), narrow)
        return context.make_tuple(builder, signature.return_type, (upper, builder.trunc(product, narrow)))

    return types.UniTuple(types.uint64, 2)(types.uint64, types.uint64), generate


_halves: Any = _product


@entry
def _fill(seed: np.uint64, keys: NDArray[np.uint64], block: np.uint64, into: Floats) -> None:
    """Fill ``into`` (runs, rounds, streams): some streams at a time, so that what lies together is written together."""
    for first in range(0, len(keys), _TOGETHER):
        end = min(first + _TOGETHER, len(keys))
        for now in range(into.shape[1]):
            for at in range(0, _BLOCK, 4):
                # Philox gives four words a count, and NumPy's counter begins at 1.
                count = np.uint64((now * _BLOCK + at) // 4 + 1)
                for stream in range(first, end):
                    four = _four(count, block, seed, keys[stream])
                    for nth in range(4):
                        into[at + nth, now, stream] = four[nth]


@jit
def _four(count: np.uint64, block: np.uint64, seed: np.uint64, key: np.uint64) -> tuple[float, float, float, float]:
    zero = np.uint64(0)
    a, b, c, d = count, block, zero, zero
    for _ in range(_ROUNDS):
        upper_a, lower_a = _halves(_MULTIPLIER_0, a)
        upper_c, lower_c = _halves(_MULTIPLIER_2, c)
        a, b, c, d = upper_c ^ b ^ seed, lower_c, upper_a ^ d ^ key, lower_a
        seed, key = seed + _WEYL_0, key + _WEYL_1
    return (a >> _ELEVEN) * _UNIT, (b >> _ELEVEN) * _UNIT, (c >> _ELEVEN) * _UNIT, (d >> _ELEVEN) * _UNIT


MEANS = Means(fill, quantiles)
"""How the compiled engine draws."""
