"""Phase 4, compiled: the broker puts a rung on offer."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import offering


@jit
def offer(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.offer`."""
    now, fixed, at, before = state.now, state.fixed, plan.shape.broker, state.now.rung
    if at < 0:  # without a broker nothing is ever on offer
        return
    terms = offering.Inclination(
        queries.posture_now(state),
        state.seat.payoff[at],
        offering.persuaded(fixed.broker_burden_sharing, now.sufficiency),
        fixed.broker_consent_ease * queries.consent_value(state),
        fixed.us_turn,
        state.actor.disposition[at],
        state.seat.mood[at],
    )
    now.offer = offering.inclination(terms)
    met = 0
    for rung in range(1, len(state.offered_from)):
        met += 1 if state.offered_from[rung] <= now.offer else 0
    now.rung = max(now.bundled_rung, offering.rung(met, now.floor, now.cap))
    if plan.shape.beliefs == 0 and now.round > 0:
        now.kept += fixed.learning_offer_tells if now.rung > before else 0.0
        now.let_down += fixed.learning_offer_tells if now.rung < before else 0.0
