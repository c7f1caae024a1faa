"""Phase 6, compiled: the opponent refuses, tolerates or accepts the mission on the table."""

from __future__ import annotations

from sim.kernel import queries, truce
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import consenting, truces


@jit
def consent(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.consent`."""
    now = state.now
    for at in range(plan.shape.opponents):
        side = state.side[at]
        _answer(plan, state, at)
        now.consent_index = side.consent_index if at == 0 else min(now.consent_index, side.consent_index)
        now.consent = side.consent if at == 0 else min(now.consent, side.consent)


@jit
def _answer(plan: Record, state: Record, at: int) -> None:
    """Let one opponent refuse, tolerate or accept, in this week's mood; nothing is paid for it."""
    now, side = state.now, state.side[at]
    mood = state.seat.mood[plan.opponent_flag[at].at]
    terms = truce.opponent_terms(plan, state, at, queries.provoked(plan, state, at, now.mission), 0.0)
    side.consent_index = consenting.consent_index(now.concession, truces.least_taken(terms) - mood)
    signed = now.truce > 0 and now.signed == now.mission and now.mission >= 0
    side.consent = consenting.consent(side.consent_index, state.opponent[at].tolerance, signed)
