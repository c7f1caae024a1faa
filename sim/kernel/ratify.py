"""Phase 8, compiled: pledges come before parliaments."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import ratifying


@jit
def ratify(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.ratify`."""
    weeks, margin = state.now.round_weeks, state.fixed.pledge_margin
    seat = state.seat
    for at in range(plan.shape.lanes):
        seat.barred_weeks[at] = max(0.0, seat.barred_weeks[at] - weeks)
    for at in range(plan.shape.actors):
        if seat.stage[at] < queries.PLEDGED or seat.ratified[at]:
            continue
        if seat.committed[at]:
            seat.ratified[at] = 1
            continue
        seat.pledged_weeks[at] += weeks
        if seat.pledged_weeks[at] < state.actor.ratify_weeks[at]:
            continue
        if ratifying.passes(seat.readiness[at], seat.domestic[at], state.stage_from[2], margin):
            seat.ratified[at] = 1
        else:
            queries.withdraw(state, at)
