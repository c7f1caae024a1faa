"""The state at the end of a round, in the order of ``sim.ensemble.columns.WEEKLY`` and ``ACTOR_WEEKLY``."""

from __future__ import annotations

from sim import vocabulary
from sim.ensemble import columns
from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.world.columns import Floats

_MET = list(columns.WEEKLY).index(f"met_{vocabulary.GATES[0]}")
_AFTER = _MET + len(vocabulary.GATES)


@jit
def take_down(plan: Record, state: Record, into: Floats) -> None:
    """Write the state into a round's row of the record."""
    now, shape = state.now, plan.shape
    into[0] = now.week
    into[1] = queries.battlefield_now(state)
    into[2] = queries.opponent_view(state) - queries.battlefield_now(state)
    into[3] = queries.battlefield_now(state) - queries.host_view(state)
    into[4] = queries.posture_now(state)
    into[5] = now.cap
    into[6] = now.offer
    into[7] = now.rung
    into[8] = state.seat[shape.broker].payoff
    into[9] = queries.host_pressure(plan, state)
    into[10] = state.seat[shape.opponent].payoff
    into[11] = now.threat
    into[12] = now.mission
    into[13] = now.most
    into[14] = now.least
    into[15] = now.concession
    into[16] = now.truce
    into[17] = now.truces
    into[18] = now.broken
    into[19] = now.signed
    into[20] = now.imposed
    into[21] = queries.arms(plan, state)
    into[22] = now.guarantee_seen
    into[23] = now.consent_index
    into[24] = now.consent
    into[25] = now.sufficiency
    into[26] = now.pledged_troops
    into[27] = now.ratified_troops
    into[28] = now.ceiling
    for gate in range(len(state.met)):
        into[_MET + gate] = state.met[gate]
    into[_AFTER] = now.force
    into[_AFTER + 1] = now.force_is_european
    into[_AFTER + 2] = now.force_troops
    into[_AFTER + 3] = now.force_european_troops
    into[_AFTER + 4] = now.force_states
    into[_AFTER + 5] = now.tested
    into[_AFTER + 6] = now.attacked
    into[_AFTER + 7] = now.reinforced
    into[_AFTER + 8] = now.ended
    into[_AFTER + 9] = now.training
    into[_AFTER + 10] = now.follows
    into[_AFTER + 11] = now.relief
    into[_AFTER + 12] = now.escalated
    into[_AFTER + 13] = now.strained


@jit
def take_down_actors(plan: Record, state: Record, into: Floats) -> None:
    """Write the actors' states into a round's rows of the record."""
    for at in range(plan.shape.actors):
        seat, actor = state.seat[at], into[at]
        actor[0], actor[1] = seat.stage, seat.readiness
        actor[2], actor[3] = seat.ratified, seat.in_force
