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
    for at in range(plan.shape.actors):
        if not plan.actor_flag[at].contributes:
            continue
        seat = state.seat[at]
        seat.barred_weeks = max(0.0, seat.barred_weeks - weeks)
        if seat.stage < queries.PLEDGED or seat.ratified:
            continue
        if seat.committed:
            seat.ratified = 1
            continue
        seat.pledged_weeks += weeks
        if seat.pledged_weeks < state.actor[at].ratify_weeks:
            continue
        if ratifying.passes(seat.readiness, seat.domestic, state.stage_from[2], margin):
            seat.ratified = 1
        else:
            queries.withdraw(state, at)
