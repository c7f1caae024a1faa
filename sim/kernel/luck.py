"""The luck of a run, drawn just before the run is played and overwritten after it, by purpose and actor."""

from __future__ import annotations

from typing import Final

from sim.kernel import philox
from sim.kernel.compiling import inlined, jit
from sim.kernel.luck_source import FOUR, SINGLE_LANES, Source, Space
from sim.kernel.world_record import Record
from sim.rules import chance
from sim.world.columns import Floats

_NO_STREAM: Final = 0.5


@jit
def draw(source: Source, run: int, into: Space) -> None:
    """Draw the luck of four runs from ``run`` on, of shape (four, rounds, rows), shocks as standard normal deviates."""
    luck = into.luck
    if len(source.given) > 0:
        _copy(source, run, luck)
    else:
        for now in range(luck.shape[1]):
            philox.fill_four(source.seed, source.keys, source.block, run, now, luck, 0)
    _shock(into)


@jit
def _lanes(rows: int) -> int:
    """Return the lanes of actors among rows of the luck."""
    return (rows - SINGLE_LANES) // 2


@jit
def _shock(into: Space) -> None:
    """Turn uniforms into normal deviates where they are shocks: those of moods, and of the battlefield.

    All as if they lay in the middle, and then those that do not, several at a time.
    """
    luck, rows, tails = into.luck, into.luck.shape[2], 0
    lanes, first = _lanes(rows), 0
    for nth in range(FOUR):
        for now in range(luck.shape[1]):
            row = luck[nth, now]
            for at in range(lanes):
                tails += _note(into, tails, row[at], first + at)
            tails += _note(into, tails, row[2 * lanes], first + 2 * lanes)
            for at in range(lanes):
                row[at] = chance.middle_normal(row[at])
            row[2 * lanes] = chance.middle_normal(row[2 * lanes])
            first += rows
    for at in range(tails):
        into.deviates[at] = _in_tail(into.tails[at])
    for at in range(tails):
        far = chance.is_far(into.tails[at])
        into.flat[into.places[at]] = chance.normal(into.tails[at]) if far else into.deviates[at]


@inlined
def _note(into: Space, tails: int, uniform: float, place: int) -> int:
    """Write a uniform down as one in a tail, and return 1 if it is; else the next takes its place."""
    into.tails[tails], into.places[tails] = uniform, place
    return 0 if chance.is_middle(uniform) else 1


@inlined
def _in_tail(uniform: float) -> float:
    size = chance.shoulder(chance.distance(uniform))
    return -size if uniform < 0.5 else size


@jit
def _copy(source: Source, run: int, into: Floats) -> None:
    for nth in range(FOUR):
        is_given = nth < len(source.given) - run
        for now in range(into.shape[1]):
            for at in range(len(source.rows)):
                row = source.rows[at]
                into[nth, now, at] = source.given[run + nth, now, row] if is_given and row >= 0 else _NO_STREAM


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
