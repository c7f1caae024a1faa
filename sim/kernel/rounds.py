"""Runs of a block, compiled, one after the other: the phases in the order of ``sim.vocabulary.PHASES``."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray

from sim.ensemble import run_row
from sim.kernel import luck as lucky
from sim.kernel.compiling import jit
from sim.kernel.consent import consent
from sim.kernel.form import form
from sim.kernel.hold import hold
from sim.kernel.lobby import lobby
from sim.kernel.luck_source import FOUR, Source, Space
from sim.kernel.news import news
from sim.kernel.offer import offer
from sim.kernel.play import Left, Notes
from sim.kernel.pledge import pledge
from sim.kernel.ratify import ratify
from sim.kernel.record import seats, share_out, take_down, take_down_actors
from sim.kernel.start import start
from sim.kernel.table import table
from sim.kernel.truce import truce
from sim.kernel.world_record import Record
from sim.world.columns import Floats, Ints


def runs(
    plans: NDArray[Any],
    states: NDArray[Any],
    inputs: Floats,
    source: Source,
    luck: Space,
    deployed: Ints,
    observer: Ints,
    notes: Notes,
    left: Left,
) -> None:
    """Play a run for every row of ``left.rows``: what :func:`sim.kernel.play.play` calls, once it is compiled."""
    planned, state = plans[0], states[0]
    shape = planned.shape
    week, then, at_start, noted = notes
    for run in range(len(left.rows)):
        start(planned, state, inputs[run])
        for actor in range(shape.actors):
            at_start[actor] = state.seat.stage[actor]
        row = left.rows[run]
        so_far = run_row.begin(row, noted)
        if run % FOUR == 0:
            lucky.draw(source, run, luck)
        lucky.take(state.first_luck, luck.luck[run % FOUR, 0])
        for now in range(shape.rounds):
            lucky.take(state.luck, luck.luck[run % FOUR, now])
            _round(planned, state)
            take_down(planned, state, week)
            share_out(planned, state)
            so_far = run_row.note(so_far, now, week, seats(state), deployed, observer, row, then, noted)
            if len(left.weekly) > 0:
                for at in range(len(week)):
                    left.weekly[run, now, at] = week[at]
                take_down_actors(state, left.actors[run, now])
            state.now.round += 1
        run_row.finish(
            so_far, week, seats(state), at_start, deployed, shape.rounds_per_week, row, then, noted, left.seats[run]
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
