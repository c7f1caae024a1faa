"""The luck of a run, drawn just before the run is played and overwritten after it, by purpose and actor."""

from __future__ import annotations

from typing import Final

from sim.kernel import philox
from sim.kernel.compiling import jit
from sim.kernel.luck_source import FOUR, SINGLE_LANES, Source, Space
from sim.kernel.world_record import Record
from sim.rules import chance
from sim.world.columns import Floats

_NO_STREAM: Final = 0.5


@jit
def draw(source: Source, run: int, into: Space) -> None:
    """Draw the luck of four runs from ``run`` on, of shape (four, rounds, rows), shocks as standard normal deviates."""
    luck, uniform = into.luck, into.uniform
    if len(source.given) > 0:
        _copy(source, run, luck)
    else:
        for now in range(luck.shape[1]):
            philox.fill_four(source.seed, source.keys, source.block, run, now, luck, 0)
    # Moods drift by normal shocks, and so does the battlefield.
    for nth in range(FOUR):
        for now in range(luck.shape[1]):
            _shock(luck[nth, now], uniform)
            luck[nth, now, 2 * len(uniform)] = chance.normal(luck[nth, now, 2 * len(uniform)])


@jit
def _lanes(rows: int) -> int:
    """Return the lanes of actors among rows of the luck."""
    return (rows - SINGLE_LANES) // 2


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
