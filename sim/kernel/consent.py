"""Phase 6, compiled: Moscow refuses, tolerates or accepts the mission on the table."""

from __future__ import annotations

from sim.kernel.compiling import jit
from sim.kernel.truce import requires
from sim.kernel.world_record import Record
from sim.rules import consenting


@jit
def consent(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.consent`."""
    now = state.now
    now.consent_index = consenting.consent_index(now.concession, requires(plan, state, now.mission))
    signed = now.truce > 0 and now.signed == now.mission and now.mission >= 0
    now.consent = consenting.consent(now.consent_index, state.fixed.opponent_tolerance, signed)
