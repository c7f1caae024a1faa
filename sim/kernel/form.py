"""Phase 9, compiled: a force forms when every requirement has held long enough; training needs no truce."""

from __future__ import annotations

from typing import NamedTuple

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import forming, holding, pledging


@jit
def form(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.form`."""
    now = state.now
    now.ended = 0
    now.ceiling = queries.ceiling(state)
    if now.mission < 0:
        now.pledged_troops = now.ratified_troops = 0.0
        # Without a mission only the truce can be asked after; other requirements are those of a mission.
        state.met[:] = 0.0
        state.met[queries.TRUCE] = now.truce
    else:
        _check_requirements(plan, state)
    for gate in range(len(state.met)):
        state.met[gate] = 1.0 if state.relaxed[gate] else state.met[gate]
    _serve(plan, state)
    if now.force >= 0:
        field(plan, state, now.force)
        now.formed = 0
    else:
        held = now.mission >= 0 and _all_met(state)
        now.ready_rounds = now.ready_rounds + 1 if held else 0
        now.formed = 1 if held and now.ready_rounds * now.round_weeks >= state.fixed.form_weeks else 0
        if now.formed:
            field(plan, state, now.mission)
    _train(plan, state)


@jit
def _all_met(state: Record) -> bool:
    met = True
    for gate in range(len(state.met)):
        met = met and state.met[gate] > 0.0
    return met


@jit
def _serve(plan: Record, state: Record) -> None:
    """Count the weeks that states serve in a force; past their first tour they can keep less in this or another."""
    now, seat = state.now, state.seat
    if now.force < 0 and now.round > 0:  # nobody serves, and what each can keep stands since the last week of a force
        return
    for at in range(plan.shape.lanes):
        seat.force_weeks[at] += now.round_weeks if seat.in_force[at] else 0.0
        queries.keep(state, at)


class Support(NamedTuple):
    """What the mission on the table has behind it: troops backed, pledged, ratified, states, whether one leads."""

    backed: float
    pledged: float
    ratified: float
    states: int
    ratified_states: int
    led: bool


@jit
def _check_requirements(plan: Record, state: Record) -> None:
    now, kind, mission = state.now, plan.mission_flag[state.now.mission], state.mission[state.now.mission]
    _commit_troops(plan, state)
    has = _support(plan, state)
    now.pledged_troops, now.ratified_troops = has.pledged, has.ratified
    reach = min(has.pledged, now.ceiling) if kind.western else has.pledged
    signed = now.truce > 0 and now.signed == now.mission
    state.met[queries.TRUCE] = now.truce > 0 or not kind.waits_for_truce
    state.met[queries.HOST_CONSENT] = signed or not queries.host_blocks(plan, state, mission.worth)
    state.met[queries.RUSSIAN_CONSENT] = now.consent >= kind.consent_word
    state.met[queries.COUNCIL] = not kind.un_mandate or (queries.council_agrees(plan, state) and not now.vetoed)
    state.met[queries.BACKSTOP] = has.backed >= mission.minimum
    state.met[queries.LEAD] = not kind.led or has.led
    state.met[queries.TROOPS] = reach >= mission.minimum and has.states >= 3
    state.met[queries.RATIFICATION] = forming.ratified_enough(
        has.ratified, has.pledged, mission.minimum, has.ratified_states, has.states
    )


@jit
def _commit_troops(plan: Record, state: Record) -> None:
    """Note what each state backs, pledges and has ratified for the mission on the table, several at a time."""
    now, seat, actor = state.now, state.seat, state.actor
    mission, minimum, troops = now.mission, now.minimum, now.counted_troops
    for at in range(plan.shape.lanes):
        kept = seat.kept[at] if plan.eligible[mission, at] else 0.0
        promised = seat.stage[at] >= queries.PLEDGED
        own = seat.kept[at] if seat.counted[at] else 0.0
        others = max(0.0, troops - own) / minimum if minimum > 0.0 else 0.0
        short = pledging.backstop_shortfall(seat.promise[at], seat.demanded[at], actor.autonomy[at] * min(1.0, others))
        # A demand for a backstop is met, or there is none.
        backs = promised or short <= 0.0 or seat.weight_backstop[at] <= 0.0
        seat.backs[at] = kept if backs else 0.0
        seat.pledges[at] = kept if promised else 0.0
        seat.ratifies[at] = kept if promised and seat.ratified[at] else 0.0


@jit
def _support(plan: Record, state: Record) -> Support:
    seat, mission, asked = state.seat, state.now.mission, 0 if state.relaxed[queries.RATIFICATION] else 1
    backed = pledged = ratified = 0.0
    states = ratified_states = led = 0
    for at in range(plan.shape.actors):
        backed += seat.backs[at]
        pledged += seat.pledges[at]
        ratified += seat.ratifies[at]
    for at in range(plan.shape.lanes):
        own, leads = plan.actor_flag.states[at], plan.eligible[mission, at] * plan.leads[mission, at]
        states += own if seat.pledges[at] > 0.0 else 0
        ratified_states += own if seat.ratifies[at] > 0.0 else 0
        # With ratification held open a lead need not wait for its parliament either.
        led += leads if seat.stage[at] >= queries.PLEDGED and seat.ratified[at] >= asked else 0
    return Support(backed, pledged, ratified, states, ratified_states, led > 0)


@jit
def field(plan: Record, state: Record, mission: int) -> None:
    """Put into the field what is ratified (pledged, if ratification is relaxed), under the ceiling."""
    now, kind = state.now, plan.mission_flag[mission]
    supplied = european = 0.0
    states = led = 0
    for at in range(plan.shape.actors):
        seat, capacity, who = state.seat, state.seat.kept[at], plan.actor_flag
        ready = seat.stage[at] >= queries.PLEDGED and (seat.ratified[at] > 0 or state.relaxed[queries.RATIFICATION])
        seat.in_force[at] = 1 if plan.eligible[mission, at] and ready else 0
        if seat.in_force[at]:
            supplied += capacity
            european += capacity if who.european[at] else 0.0
            states += who.states[at] if capacity > 0.0 else 0
            led = 1 if who.european[at] and plan.leads[mission, at] else led
    most = now.ceiling if kind.western else supplied
    troops = forming.contingent(supplied, most, state.mission[mission].target)
    share = european / supplied if supplied > 0.0 else 0.0
    # Whether a force counts as European is decided when it forms, and stays.
    if now.force < 0:
        mostly = kind.european > 0 and forming.mostly_european(led > 0, share * troops, troops)
        now.force_is_european = 1 if mostly else 0
    now.force, now.force_troops, now.force_european_troops = mission, troops, share * troops
    now.force_states = states


@jit
def _train(plan: Record, state: Record) -> None:
    now, fixed, at = state.now, state.fixed, plan.shape.training_mission
    if at < 0:
        return
    kind, mission = plan.mission_flag[at], state.mission[at]
    free = now.force < 0 and (now.truce > 0 or not kind.waits_for_truce)
    trainers = _trainers(plan, state, at) if free else 0.0
    now.training_rounds = now.training_rounds + 1 if free and trainers >= mission.minimum else 0
    if now.training:
        now.training = 1 if free and not holding.ends(trainers, mission.minimum) else 0
    else:
        long = now.training_rounds * now.round_weeks >= fixed.form_weeks
        now.training = 1 if now.training_rounds > 0 and long else 0


@jit
def _trainers(plan: Record, state: Record, mission: int) -> float:
    """Return the troops that states ready for a truce, or for training in war, could spare to train."""
    seat, fixed, pledged, ready = state.seat, state.fixed, state.stage_from[2], 0.0
    war = 0.0 if state.now.truce else fixed.form_training_war
    for at in range(plan.shape.actors):
        ready += seat.kept[at] if plan.eligible[mission, at] and seat.readiness[at] - war >= pledged else 0.0
    return float(fixed.form_training_share * ready)
