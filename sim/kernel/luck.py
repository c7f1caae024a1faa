"""The luck of a run, drawn just before the run is played and overwritten after it, by purpose and actor."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import philox
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.world import streams
from sim.world.columns import BlockLuck, Floats, Ints, Luck, World

SINGLE: Final = ("battlefield", "turn", "turn_direction", "proposer", "truce_break", "attack", "honoured")
"""Processes that have a stream of their own; all other streams belong to an actor."""
_NO_STREAM: Final = 0.5


class Source(NamedTuple):
    """Where luck comes from: a block to be drawn, or, where ``given`` is not empty, what was drawn before.

    ``rows`` are the rows of the luck, in the order in which they are read here: moods by actor, pledges by actor, then
    single processes; -1 where an actor has no such luck. ``given`` has the shape (runs, rounds, streams).
    """

    seed: np.uint64
    block: np.uint64
    keys: NDArray[np.uint64]
    rows: Ints
    given: Floats


def source(world: World, luck: Luck) -> Source:
    """Return where the luck of some runs comes from."""
    stream = world.stream
    rows = np.array([*stream.mood, *stream.pledge, *(getattr(stream, name) for name in SINGLE)], dtype=np.int64)
    keys = [streams.key(world.names.streams[row]) if row >= 0 else 0 for row in rows]
    if isinstance(luck, BlockLuck) and luck.streams == world.names.streams:
        seed, number, given = luck.seed, luck.number, np.empty((0, 0, 0))
    else:
        seed, number, given = 0, 0, np.ascontiguousarray(luck.values.transpose(2, 1, 0))
    return Source(np.uint64(seed), np.uint64(number), np.array(keys, dtype=np.uint64), rows, given)


@jit
def draw(source: Source, run: int, into: Floats) -> None:
    """Draw the luck of four runs from ``run`` on, of shape (four, rounds, rows)."""
    if len(source.given) == 0:
        for now in range(into.shape[1]):
            philox.fill_four(source.seed, source.keys, source.block, run, now, into, 0)
        return
    for nth in range(min(philox.FOUR, len(source.given) - run)):
        for now in range(into.shape[1]):
            for at in range(len(source.rows)):
                row = source.rows[at]
                into[nth, now, at] = source.given[run + nth, now, row] if row >= 0 else _NO_STREAM


@jit
def take(into: Record, actors: int, luck: Floats) -> None:
    """Take a round's luck by name."""
    for at in range(actors):
        into.mood[at] = luck[at]
        into.pledge[at] = luck[actors + at]
    rest = 2 * actors
    into.battlefield, into.turn, into.turn_direction = luck[rest], luck[rest + 1], luck[rest + 2]
    into.proposer, into.truce_break = luck[rest + 3], luck[rest + 4]
    into.attack, into.honoured = luck[rest + 5], luck[rest + 6]
