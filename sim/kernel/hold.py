"""Phase 10, compiled: a force in the field, not just formed, may be attacked; it is reinforced, shrinks, or leaves."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.form import field
from sim.kernel.truce import end_truce
from sim.kernel.world_record import Record
from sim.rules import chance, holding


@jit
def hold(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.hold`."""
    now = state.now
    now.tested = now.attacked = now.reinforced = now.escalated = now.strained = 0
    if now.force < 0 or now.formed:
        return
    luck, risk = state.luck.attack, chance.per_round(_attack_rate(plan, state), now.round_weeks)
    now.attacked = 1 if luck < risk else 0
    now.escalated = 1 if holding.answers_fire(luck, risk, state.fixed.hold_retaliates) else 0
    now.tested = 1 if now.attacked or now.broke else 0
    if now.tested:
        _test(plan, state)
    if now.escalated and now.truce:
        end_truce(plan, state)
    if holding.ends(now.force_troops, state.mission[now.force].minimum):
        _end(plan, state)


@jit
def _test(plan: Record, state: Record) -> None:
    """Let the broker answer or not; all learn from it, and without an answer or a fight of their own some leave."""
    now, fixed, kind = state.now, state.fixed, plan.mission_flag[state.now.force]
    promised = queries.answer_to_attack(state) > 0.0
    honoured = promised and state.first_luck.honoured < fixed.broker_honoured
    now.reinforced = 1 if honoured else 0
    now.strained = 1 if kind.western and not kind.nato_flag and not honoured else 0
    if promised and plan.shape.beliefs == 0:
        now.kept += fixed.learning_promise_tells if honoured else 0.0
        now.let_down += 0.0 if honoured else fixed.learning_promise_tells
    if not (now.reinforced or now.escalated):
        _some_leave(plan, state)


@jit
def _attack_rate(plan: Record, state: Record) -> float:
    now, fixed, mission = state.now, state.fixed, state.mission[state.now.force]
    promise = queries.promise_to_opponents(plan, state)
    return holding.attack_rate(
        fixed.hold_attack_hazard,
        fixed.hold_exposure * mission.exposure,
        fixed.hold_consent * queries.consent_value(state),
        fixed.hold_promise * promise,
        fixed.hold_worth * mission.worth * min(1.0, now.force_troops / mission.minimum),
        1.0 if now.truce else fixed.hold_war_factor,
    )


@jit
def _some_leave(plan: Record, state: Record) -> None:
    now, fixed = state.now, state.fixed
    shock = fixed.hold_attack_shock * state.mission[now.force].exposure
    for at in range(plan.shape.actors):
        seat = state.seat
        leaves = holding.leaves(seat.readiness[at], shock, state.stage_from[2], fixed.pledge_margin)
        if seat.in_force[at] and not seat.committed[at] and leaves:
            queries.withdraw(state, at)
    # Fielded anew rather than reduced: the ceiling may now let in troops of those who stay.
    field(plan, state, now.force)


@jit
def _end(plan: Record, state: Record) -> None:
    now = state.now
    now.force, now.force_is_european, now.force_states = -1, 0, 0
    now.force_troops = now.force_european_troops = 0.0
    now.ended = 1
    now.ready_rounds = 0
    for at in range(plan.shape.actors):
        state.seat.in_force[at] = 0
