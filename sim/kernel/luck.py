"""The luck of a run, drawn just before the run is played and overwritten after it, by purpose and actor."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kernel import philox
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record, in_lanes
from sim.rules import chance
from sim.world import streams
from sim.world.columns import BlockLuck, Floats, Ints, Luck, World

SINGLE: Final = ("battlefield", "turn", "turn_direction", "proposer", "truce_break", "attack", "honoured")
"""Processes that have a stream of their own; all other streams belong to an actor."""
_SINGLE_LANES: Final = in_lanes(len(SINGLE))
_NO_STREAM: Final = 0.5


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


def _in_lanes(rows: Ints) -> Ints:
    return np.pad(rows, (0, in_lanes(len(rows)) - len(rows)), constant_values=-1)


@jit
def draw(source: Source, run: int, into: Floats) -> None:
    """Draw the luck of four runs from ``run`` on, of shape (four, rounds, rows), shocks as standard normal deviates."""
    if len(source.given) > 0:
        _copy(source, run, into)
    else:
        for now in range(into.shape[1]):
            philox.fill_four(source.seed, source.keys, source.block, run, now, into, 0)
    # Moods drift by normal shocks, and so does the battlefield.
    uniform = np.empty(_lanes(into.shape[2]))
    for nth in range(philox.FOUR):
        for now in range(into.shape[1]):
            _shock(into[nth, now], uniform)
            into[nth, now, 2 * len(uniform)] = chance.normal(into[nth, now, 2 * len(uniform)])


@jit
def _lanes(rows: int) -> int:
    """Return the lanes of actors among rows of the luck."""
    return (rows - _SINGLE_LANES) // 2


@jit
def _shock(luck: Floats, uniform: Floats) -> None:
    """Turn uniforms into normal deviates: all as if they lay in the middle, then those that do not."""
    for at in range(len(uniform)):
        uniform[at] = luck[at]
    for at in range(len(uniform)):
        luck[at] = chance.middle_normal(uniform[at])
    for at in range(len(uniform)):
        if not chance.is_middle(uniform[at]):
            luck[at] = chance.normal(uniform[at])


@jit
def _copy(source: Source, run: int, into: Floats) -> None:
    into[:] = _NO_STREAM
    for nth in range(min(philox.FOUR, len(source.given) - run)):
        for now in range(into.shape[1]):
            for at in range(len(source.rows)):
                row = source.rows[at]
                into[nth, now, at] = source.given[run + nth, now, row] if row >= 0 else _NO_STREAM


@jit
def take(into: Record, luck: Floats) -> None:
    """Take a round's luck by name."""
    single = 2 * _lanes(len(luck))
    for at in range(single // 2):
        into.mood[at] = luck[at]
        into.pledge[at] = luck[single // 2 + at]
    into.battlefield, into.turn, into.turn_direction = luck[single], luck[single + 1], luck[single + 2]
    into.proposer, into.truce_break = luck[single + 3], luck[single + 4]
    into.attack, into.honoured = luck[single + 5], luck[single + 6]
