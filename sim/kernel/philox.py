"""NumPy's Philox (Salmon et al. 2011), compiled, many streams side by side: a number at a count, in no order.

A generator of this kind has no state to carry on: whoever knows seed, key and count has the number.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.kernel.compiling import inlined, jit
from sim.kernel.luck_source import FOUR
from sim.world import streams
from sim.world.columns import Floats

_ROUNDS: Final = 10
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBB67AE8584CAA73B)
_LOWER, _HALF, _ELEVEN = np.uint64(0xFFFFFFFF), np.uint64(32), np.uint64(11)
_MULTIPLIER_0 = np.uint64(0xE14C6C93), np.uint64(0xD2E7470E)
_MULTIPLIER_2 = np.uint64(0x95121157), np.uint64(0xCA5A8263)
"""Multipliers by their lower and upper half."""
_UNIT: Final = 1.0 / 9007199254740992.0
"""2 to the power -53: the upper 53 bits of a word become a float in [0, 1), as NumPy does it."""
_BLOCK: Final = streams.BLOCK


@jit
def fill_four(
    seed: np.uint64, keys: NDArray[np.uint64], block: np.uint64, run: int, now: int, into: Floats, row: int
) -> None:
    """Write the luck of four runs from ``run`` on, a multiple of four, in round ``now``.

    It goes into four rows of ``into`` (rows, rounds, keys) from ``row`` on.
    """
    # NumPy's counter begins at 1.
    count = np.uint64((now * _BLOCK + run) // FOUR + 1)
    for at in range(len(keys)):
        a, b, c, d = _words(count, block, seed, keys[at])
        into[row, now, at] = (a >> _ELEVEN) * _UNIT
        into[row + 1, now, at] = (b >> _ELEVEN) * _UNIT
        into[row + 2, now, at] = (c >> _ELEVEN) * _UNIT
        into[row + 3, now, at] = (d >> _ELEVEN) * _UNIT


@inlined
def _words(
    count: np.uint64, block: np.uint64, seed: np.uint64, key: np.uint64
) -> tuple[np.uint64, np.uint64, np.uint64, np.uint64]:
    a, b, c, d = count, block, np.uint64(0), np.uint64(0)
    for _ in range(_ROUNDS):
        upper_a, lower_a = _product(a, _MULTIPLIER_0[0], _MULTIPLIER_0[1])
        upper_c, lower_c = _product(c, _MULTIPLIER_2[0], _MULTIPLIER_2[1])
        a, b, c, d = upper_c ^ b ^ seed, lower_c, upper_a ^ d ^ key, lower_a
        seed, key = seed + _WEYL_0, key + _WEYL_1
    return a, b, c, d


@inlined
def _product(word: np.uint64, lower: np.uint64, upper: np.uint64) -> tuple[np.uint64, np.uint64]:
    """Return the upper and the lower half of a product of two words.

    By halves, as on paper: vector registers have no product of 64 bits by 64, so this one lets eight streams be drawn
    at a time.
    """
    ones, tens = word & _LOWER, word >> _HALF
    first, second, third, fourth = ones * lower, ones * upper, tens * lower, tens * upper
    middle = (first >> _HALF) + (second & _LOWER) + (third & _LOWER)
    return (
        fourth + (second >> _HALF) + (third >> _HALF) + (middle >> _HALF),
        (middle << _HALF) | (first & _LOWER),
    )
