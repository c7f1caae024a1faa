"""Phase 10, compiled: a force in the field, not just formed, may be attacked; it is reinforced, shrinks, or leaves."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.form import field
from sim.kernel.world_record import Record
from sim.rules import chance, holding


@jit
def hold(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.hold`."""
    now, shape = state.now, plan.shape
    now.tested = now.attacked = now.reinforced = 0
    if now.force < 0 or now.formed:
        return
    rate = _attack_rate(plan, state)
    now.attacked = 1 if state.luck[shape.attack] < chance.per_round(rate, now.round_weeks) else 0
    now.tested = 1 if now.attacked or now.broke else 0
    if now.tested:
        # Drawn once a run: an American promise that failed one test fails the next one too.
        honoured = state.first_luck[shape.honoured] < state.fixed.broker_honoured
        now.reinforced = 1 if honoured and queries.answer_to_attack(plan, state, now.force) > 0.0 else 0
        if not now.reinforced:
            _some_leave(plan, state)
    if holding.ends(now.force_troops, state.mission[now.force].minimum):
        _end(plan, state)


@jit
def _attack_rate(plan: Record, state: Record) -> float:
    now, fixed, mission = state.now, state.fixed, state.mission[state.now.force]
    promise = queries.believed_by_opponent(plan, state, now.force)
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
        seat = state.seat[at]
        leaves = holding.leaves(seat.readiness, shock, state.stage_from[2], fixed.pledge_margin)
        if seat.in_force and leaves:
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
        state.seat[at].in_force = 0
