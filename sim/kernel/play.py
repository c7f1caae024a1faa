"""Runs of a block, one after the other: the phases in the order of ``sim.vocabulary.PHASES``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import columns, run_row
from sim.ensemble.run_table import Played
from sim.kernel import luck as lucky
from sim.kernel.compiling import entry, jit
from sim.kernel.consent import consent
from sim.kernel.form import form
from sim.kernel.hold import hold
from sim.kernel.lobby import lobby
from sim.kernel.news import news
from sim.kernel.offer import offer
from sim.kernel.philox import FOUR
from sim.kernel.pledge import pledge
from sim.kernel.ratify import ratify
from sim.kernel.record import seats, share_out, take_down, take_down_actors
from sim.kernel.run_record import fresh
from sim.kernel.start import start
from sim.kernel.table import table
from sim.kernel.truce import truce
from sim.kernel.world_record import Record, plan, sizes
from sim.world.columns import Floats, Inputs, Ints, Luck, World

_WEEKLY = len(columns.WEEKLY)
_ACTOR_WEEKLY = len(columns.ACTOR_WEEKLY)


def play(
    world: World, inputs: Inputs, luck: Luck, runs: int, relaxed: Collection[str] = (), weekly: bool = False
) -> Played:
    """Return what the first ``runs`` runs of a block leave, as the reference engine would leave it, to the last bit."""
    size, actors = sizes(world), len(world.actor.states)
    kept = runs if weekly else 0
    left = (
        np.empty((runs, run_row.width(len(world.mission.deployed)))),
        np.empty((runs, actors, len(run_row.SEATS))),
        np.empty((kept, world.rounds, _WEEKLY)),
        np.empty((kept, world.rounds, actors, _ACTOR_WEEKLY)),
    )
    state = fresh(size)
    state["relaxed"] = [gate in relaxed for gate in vocabulary.GATES]
    source, mission = lucky.source(world, luck), world.mission
    _runs(plan(world, size), state, inputs.values, source, mission.deployed, mission.observer, *left)
    return Played(*left) if weekly else Played(left[0], left[1], None, None)


@entry
def _runs(
    plans: NDArray[Any],
    states: NDArray[Any],
    inputs: Floats,
    source: lucky.Source,
    deployed: Ints,
    observer: Ints,
    into: Floats,
    kept: Floats,
    weekly: Floats,
    actors: Floats,
) -> None:
    planned, state = plans[0], states[0]
    shape = planned.shape
    week, then = np.empty(_WEEKLY), np.zeros(_WEEKLY)
    luck = np.empty((FOUR, shape.rounds, len(source.rows)))
    at_start, noted = np.empty(shape.actors), np.empty((run_row.PER_ACTOR, shape.lanes))
    for run in range(len(into)):
        start(planned, state, inputs[run])
        for actor in range(shape.actors):
            at_start[actor] = state.seat.stage[actor]
        so_far = run_row.begin(into[run], noted)
        if run % FOUR == 0:
            lucky.draw(source, run, luck)
        lucky.take(state.first_luck, luck[run % FOUR, 0])
        for now in range(shape.rounds):
            lucky.take(state.luck, luck[run % FOUR, now])
            _round(planned, state)
            take_down(planned, state, week)
            share_out(planned, state)
            so_far = run_row.note(so_far, now, week, seats(state), deployed, observer, into[run], then, noted)
            if len(weekly) > 0:
                weekly[run, now] = week
                take_down_actors(state, actors[run, now])
            state.now.round += 1
        run_row.finish(
            so_far, week, seats(state), at_start, deployed, shape.rounds_per_week, into[run], then, noted, kept[run]
        )


@jit
def _round(planned: Record, state: Record) -> None:
    state.now.week = (state.now.round + 1) * state.now.round_weeks
    news(planned, state)
    lobby(planned, state)
    table(planned, state)
    offer(planned, state)
    truce(planned, state)
    consent(planned, state)
    pledge(planned, state)
    ratify(planned, state)
    form(planned, state)
    hold(planned, state)
