"""Phase 5, compiled: a truce begins where what both sides would settle for overlaps for some weeks; or it breaks."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import chance, guarantees, truces


@jit
def truce(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.truce`."""
    now = state.now
    now.broke = 0
    now.guarantee_seen = _guarantee(plan, state, now.mission, now.sufficiency)
    if now.truce:
        _terms(plan, state)
        _may_break(plan, state)
        return
    # The bare deal is worked out beside ``now``, where _terms leaves the terms with the mission, which are recorded.
    bare = _concedes(plan, state, _guarantee(plan, state, -1, 0.0)) - requires(plan, state, -1)
    overlap, mission = _terms(plan, state), now.mission
    if not (mission >= 0 and now.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= bare)):
        overlap, mission = bare, -1
    now.gap = -overlap
    # Without a truce nothing is agreed: what is recorded is the most that Kyiv would concede.
    now.concession = truces.concession(now.most, now.most)
    now.overlap_rounds = truces.rounds_of_overlap(now.overlap_rounds, overlap)
    if truces.talked_long_enough(now.overlap_rounds, now.round_weeks, state.fixed.truce_overlap_weeks):
        _sign(plan, state, overlap, mission)


@jit
def _guarantee(plan: Record, state: Record, mission: int, sufficiency: float) -> float:
    """Return the guarantee Kyiv would see under a mission (-1: none) with so many troops over its minimum."""
    fixed, there = state.fixed, min(1.0, sufficiency)
    worth = state.mission[mission].worth if mission >= 0 else 0.0
    credence = state.actor[plan.shape.host].credence
    promise = guarantees.promised(credence, queries.answer_to_attack(plan, state, mission))
    arms = fixed.truce_arms_weight * queries.arms(plan, state)
    return guarantees.guarantee(
        fixed.truce_force_weight * worth * there, fixed.truce_promise_weight * promise * there, arms
    )


@jit
def _concedes(plan: Record, state: Record, guarantee: float) -> float:
    """Return the most Kyiv concedes for a guarantee."""
    now, fixed, at = state.now, state.fixed, plan.shape.host
    weight = fixed.battlefield_terms_weight
    memory = fixed.host_memory + fixed.truce_memory_step * now.broken
    optimism = max(0.0, now.host_optimism + state.shift[queries.UKRAINIAN_OPTIMISM])
    pressure, field = queries.host_pressure(plan, state), queries.battlefield_now(state)
    most = truces.most_conceded(
        fixed.host_guarantee_worth, guarantee, pressure, weight * field, weight * optimism, memory
    )
    return most + state.actor[at].disposition + state.seat[at].mood


@jit
def requires(plan: Record, state: Record, mission: int) -> float:
    """Return the least Moscow takes under a mission (-1: none)."""
    now, fixed, at = state.now, state.fixed, plan.shape.opponent
    weight = fixed.battlefield_terms_weight
    optimism = max(0.0, now.opponent_optimism + state.shift[queries.RUSSIAN_OPTIMISM])
    provoked, field = queries.provoked(plan, state, mission), queries.battlefield_now(state)
    least = truces.least_taken(
        provoked, fixed.opponent_claims, weight * field, weight * optimism, state.seat[at].payoff
    )
    return least - state.actor[at].disposition - state.seat[at].mood


@jit
def _terms(plan: Record, state: Record) -> float:
    """Work out what both sides would settle for under the mission on the table; return the overlap."""
    now = state.now
    now.most = _concedes(plan, state, now.guarantee_seen)
    now.least = requires(plan, state, now.mission)
    return now.most - now.least


@jit
def _sign(plan: Record, state: Record, overlap: float, mission: int) -> None:
    now, shape = state.now, plan.shape
    if mission < 0:
        now.most = _concedes(plan, state, _guarantee(plan, state, -1, 0.0))
        now.least = requires(plan, state, -1)
    now.truce, now.signed = 1, mission
    now.truces += 1
    now.concession = truces.concession(now.most, now.least)
    pressure = queries.host_pressure(plan, state) + state.seat[shape.opponent].payoff
    now.imposed = truces.imposed(pressure, overlap)


@jit
def _may_break(plan: Record, state: Record) -> None:
    now, fixed = state.now, state.fixed
    rate = truces.break_rate(
        fixed.truce_break_hazard,
        fixed.truce_break_guarantee * _field_guarantee(plan, state),
        fixed.truce_break_imposed * now.imposed,
        fixed.truce_break_threat * now.threat,
    )
    if state.luck[plan.shape.truce_break] < chance.per_round(rate, now.round_weeks):
        now.truce, now.signed, now.imposed = 0, -1, 0.0
        now.broken += 1
        now.overlap_rounds, now.gap = 0, -(now.most - now.least)
        now.concession = truces.concession(now.most, now.most)
        now.broke = 1


@jit
def _field_guarantee(plan: Record, state: Record) -> float:
    now, fixed = state.now, state.fixed
    if now.force < 0:
        return 0.0
    mission = state.mission[now.force]
    there = min(1.0, now.force_troops / mission.minimum)
    promise = queries.believed_by_opponent(plan, state, now.force)
    return guarantees.guarantee(
        fixed.truce_force_weight * mission.worth * there, fixed.truce_promise_weight * promise * there, 0.0
    )
