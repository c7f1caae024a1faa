"""Play the runs of a block with compiled code, and hand out what they leave."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import columns, run_row
from sim.ensemble.run_table import Played
from sim.kernel import luck_source
from sim.kernel.machine_code import Compiled
from sim.kernel.run_record import fresh
from sim.kernel.world_record import Sizes, in_lanes, plan, sizes
from sim.world.columns import Floats, Inputs, Luck, World

_WEEKLY = len(columns.WEEKLY)
_ACTOR_WEEKLY = len(columns.ACTOR_WEEKLY)
_RUNS = Compiled("sim.kernel.rounds", "runs")
_LATELY = deque[tuple[World, NDArray[Any]]](maxlen=8)
"""Worlds played lately, each with its plan: an analysis plays few worlds, but each of them thousands of times."""


class Notes(NamedTuple):
    """Memory for one run as it goes: a week's row, that of the first formation, stages at week 0, what is noted."""

    week: Floats
    then: Floats
    at_start: Floats
    noted: Floats


class Left(NamedTuple):
    """What runs leave, as :class:`sim.ensemble.run_table.Played` has it; without weeks the last two are empty."""

    rows: Floats
    seats: Floats
    weekly: Floats
    actors: Floats


def play(
    world: World, inputs: Inputs, luck: Luck, runs: int, relaxed: Collection[str] = (), weekly: bool = False
) -> Played:
    """Return what the first ``runs`` runs of a block leave, as the reference engine would leave it, to the last bit.

    Raises
    ------
    CannotCompile
        If numba cannot compile the engine.
    """
    size, actors = sizes(world), len(world.actor.states)
    kept = runs if weekly else 0
    left = Left(
        np.empty((runs, run_row.width(len(world.mission.deployed)))),
        np.empty((runs, actors, len(run_row.SEATS))),
        np.empty((kept, world.rounds, _WEEKLY)),
        np.empty((kept, world.rounds, actors, _ACTOR_WEEKLY)),
    )
    state = fresh(size)
    state["relaxed"] = [gate in relaxed for gate in vocabulary.GATES]
    source, mission = luck_source.source(world, luck), world.mission
    notes = Notes(
        np.empty(_WEEKLY), np.zeros(_WEEKLY), np.empty(actors), np.empty((run_row.PER_ACTOR, in_lanes(actors)))
    )
    space = luck_source.space(source, world.rounds)
    _RUNS(_planned(world, size), state, inputs.values, source, space, mission.deployed, mission.observer, notes, left)
    return Played(*left) if weekly else Played(left.rows, left.seats, None, None)


def _planned(world: World, size: Sizes) -> NDArray[Any]:
    """Return the plan of a world; it stands, as compiled code only reads it and a world never changes."""
    for known, standing in tuple(_LATELY):
        if known is world:
            return standing
    _LATELY.append((world, made := plan(world, size)))
    return made
