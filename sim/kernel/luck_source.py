"""Where the luck of a block comes from, as compiled code is handed it; nothing here is compiled."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel.world_record import in_lanes
from sim.world import streams
from sim.world.columns import BlockLuck, Floats, Ints, Luck, World

FOUR: Final = 4
"""Words that one count of the generator gives: the numbers of so many runs, one after the other."""
SINGLE: Final = ("battlefield", "turn", "turn_direction", "proposer", "truce_break", "attack", "honoured")
"""Processes that have a stream of their own; all other streams belong to an actor."""
SINGLE_LANES: Final = in_lanes(len(SINGLE))


class Source(NamedTuple):
    """Where luck comes from: a block to be drawn, or, where ``given`` is not empty, what was drawn before.

    ``rows`` are the rows of the luck, in the order in which they are read here: moods by actor, pledges by actor,
    single processes, each in full lanes; -1 where there is no such luck. ``given`` has the shape (runs, rounds,
    streams).
    """

    seed: np.uint64
    block: np.uint64
    keys: NDArray[np.uint64]
    rows: Ints
    given: Floats


class Space(NamedTuple):
    """Memory for the luck of four runs: ``luck`` of shape (four, rounds, rows), and ``flat``, the same in one row.

    ``tails`` are uniforms that lie in the tails of a distribution, ``places`` where they stand in ``flat``, and
    ``deviates`` what becomes of them. Compiled code takes all of its memory from outside, so that it needs nothing of
    numba when it runs.
    """

    luck: Floats
    flat: Floats
    tails: Floats
    places: Ints
    deviates: Floats


def source(world: World, luck: Luck) -> Source:
    """Return where the luck of some runs comes from."""
    stream = world.stream
    single = [getattr(stream, name) for name in SINGLE]
    rows = np.concatenate([_in_lanes(stream.mood), _in_lanes(stream.pledge), _in_lanes(np.array(single))])
    keys = [streams.key(world.names.streams[row]) if row >= 0 else 0 for row in rows]
    if isinstance(luck, BlockLuck) and luck.streams == world.names.streams:
        seed, number, given = luck.seed, luck.number, np.empty((0, 0, 0))
    else:
        seed, number, given = 0, 0, np.ascontiguousarray(luck.values.transpose(2, 1, 0))
    return Source(np.uint64(seed), np.uint64(number), np.array(keys, dtype=np.uint64), rows, given)


def space(source: Source, rounds: int) -> Space:
    """Return memory for the luck of four runs of so many rounds."""
    rows = len(source.rows)
    luck = np.empty((FOUR, rounds, rows))
    most = luck.size + 1  # what is looked at is written down before it is known to count
    return Space(luck, luck.reshape(-1), np.empty(most), np.empty(most, dtype=np.int64), np.empty(most))


def _in_lanes(rows: Ints) -> Ints:
    return np.pad(rows, (0, in_lanes(len(rows)) - len(rows)), constant_values=-1)
