"""Named random streams: each random process has a stream of its own, so that a change leaves the luck of others alone.

A stream is Philox (Salmon et al. 2011) keyed by the root seed and a 64-bit hash of the stream's name. Its luck comes in
blocks of :data:`BLOCK` runs. Block b of a stream starts at a counter of its own, so that run k has the same luck
whatever the other runs are. Rounds come first, so that a longer horizon continues the same luck.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from functools import cache
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.part_records import BLOCK as BLOCK

_LARGE: Final = 4 * 2**20 // 8
"""Floats from which on NumPy asks for large pages."""


class StreamCollision(ValueError):
    """Two names have the same hash; one of them has to change."""


@cache
def key(name: str) -> int:
    """Return the 64-bit hash of a stream's name."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little")


def check_distinct(names: Iterable[str]) -> None:
    """Check that no two names share a hash.

    Raises
    ------
    StreamCollision
        If two different names do.
    """
    seen: dict[int, str] = {}
    for name in names:
        other = seen.setdefault(key(name), name)
        if other != name:
            raise StreamCollision(f"the streams {other!r} and {name!r} share a hash; rename one")


def uniforms(seed: int, name: str, block: int, rounds: int) -> NDArray[np.float64]:
    """Return the luck of one block of a stream: uniforms in [0, 1), shape (rounds, :data:`BLOCK`).

    ``seed`` is in [0, 2**64); ``block`` counts from 0. More rounds extend the array and change none of its start.
    """
    bits = np.random.Philox(
        key=np.array([seed, key(name)], dtype=np.uint64), counter=np.array([0, block, 0, 0], dtype=np.uint64)
    )
    return np.random.Generator(bits).random((rounds, BLOCK))


def fill(seed: int, names: Sequence[str], block: int, rounds: int) -> NDArray[np.float64]:
    """Return the luck of one block of many streams, shape (names, rounds, :data:`BLOCK`)."""
    luck = np.empty((len(names), rounds, BLOCK))
    for at, name in enumerate(names):
        luck[at] = uniforms(seed, name, block, rounds)
    return luck


def empty(shape: tuple[int, ...]) -> NDArray[np.float64]:
    """Return memory for what a block draws, in large pages of the system where there are such.

    NumPy asks for large pages from 4 MB on. Below that, each new page of 4 KB costs a fault, and these together more
    time than drawing what goes there.
    """
    size = prod(shape)
    return np.empty(max(size, _LARGE))[:size].reshape(shape)
