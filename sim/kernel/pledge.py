"""Phase 7, compiled: contributors promise troops, if there is a truce; all see last week's pledges."""

from __future__ import annotations

from typing import NamedTuple

from sim.kernel import queries
from sim.kernel.compiling import inlined, jit
from sim.kernel.world_record import Record
from sim.rules import guarantees, holding, learning, pledging


@jit
def pledge(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.pledge`."""
    now, fixed = state.now, state.fixed
    now.sidelined = _sidelined(plan, state)
    queries.count(plan, state)
    # The same for all contributors, hence once a round and not once an actor.
    cut = max(0.0, state.seat.payoff[plan.shape.host])
    now.tired = pledging.fatigue(now.week, fixed.pledge_fatigue_weeks, cut)
    _show_examples(plan, state)
    _hand_over(plan, state)
    _get_ready(plan, state, _common(plan, state))
    # Two passes: whoever decides sees the stages of last week, not those of others who have just moved.
    if plan.shape.decision == 1:
        _decide_noisily(plan, state)
    else:
        _decide(plan, state)
    _honour_commitments(plan, state)
    _move(plan, state)
    queries.count(plan, state)


@jit
def _sidelined(plan: Record, state: Record) -> float:
    """Return how far Europe is left out of a settlement that takes shape: the standing of others at the table."""
    now = state.now
    if now.force >= 0 or not (now.truce or now.overlap_rounds > 0):
        return 0.0
    total = europe = 0.0
    for at in range(plan.shape.actors):
        weight, who = queries.weight_at_table(plan, state, at), plan.actor_flag
        total += weight
        europe += weight if who.european[at] and who.contributes[at] else 0.0
    return 1.0 - europe / total if total > 0.0 else 0.0


class Common(NamedTuple):
    """What is the same for all contributors, gathered once a round; a promise and a demand held open are met."""

    mood: float
    promise: float
    kept: float
    let_down: float
    credence_weight: float
    consent: float
    exposure: float
    conceded: float
    defined: float
    sidelined: float
    tired: float
    advantage: float
    counted_troops: float
    minimum: float
    example: float
    weight_exposure: float
    called: float
    weight_call: float
    backed: bool
    consented: bool


@jit
def _common(plan: Record, state: Record) -> Common:
    now, fixed = state.now, state.fixed
    return Common(
        fixed.european_mood + state.shift[queries.EUROPEAN_MOOD],
        queries.answer_to_attack(state),
        now.kept,
        now.let_down,
        fixed.learning_credence_weight,
        queries.consent_value(state),
        queries.exposure(plan, state),
        now.concession,
        pledging.defined(now.rounds_standing * now.round_weeks, fixed.pledge_definition_weeks, queries.settled(state)),
        now.sidelined,
        now.tired,
        queries.battlefield_now(plan, state),
        now.counted_troops,
        now.minimum,
        fixed.pledge_example,
        fixed.pledge_exposure,
        queries.called(state),
        fixed.pledge_call_for_troops,
        state.relaxed[queries.BACKSTOP] > 0,
        state.relaxed[queries.RUSSIAN_CONSENT] > 0,
    )


@jit
def _show_examples(plan: Record, state: Record) -> None:
    """Add up the examples that each contributor looks to."""
    seat = state.seat
    for at in range(plan.shape.lanes):
        seat.example[at] = 0.0
    for k in range(plan.shape.examples):
        source, target = plan.example.source[k], plan.example.target[k]
        shown = state.example_weight[k] * seat.stage[source] / queries.TOP_STAGE
        seat.example[target] += shown if plan.actor_flag.contributes[source] else 0.0


@jit
def _hand_over(plan: Record, state: Record) -> None:
    """Let new governments take over: from then on a state is disposed as they are."""
    week, seat = state.now.week, state.seat
    for at in range(plan.shape.lanes):
        if week >= seat.handover[at]:
            seat.disposed[at] = seat.disposed_later[at]


@jit
def _get_ready(plan: Record, state: Record, common: Common) -> None:
    """Work out the readiness of all: one body without branches, so that the processor takes several at a time."""
    mission = max(state.now.mission, 0)  # with none on the table nobody is called
    for at in range(plan.shape.lanes):
        promise = _promise(state, at, common)
        called = common.called * plan.eligible[mission, at]
        readiness = _readiness(state, plan.actor_flag.european[at] > 0, at, promise, called, common)
        state.seat.promise[at] = promise
        state.seat.readiness[at] = readiness if plan.actor_flag.contributes[at] else 0.0


@inlined
def _promise(state: Record, at: int, common: Common) -> float:
    """Return what the broker's promise is worth to a contributor, as far as it covers its troops."""
    credence = learning.credence(state.actor.credence[at], common.credence_weight, common.kept, common.let_down)
    return guarantees.promised(credence, common.promise) * state.seat.cover[at]


@inlined
def _readiness(state: Record, european: bool, at: int, promise: float, called: float, common: Common) -> float:
    seat = state.seat
    own = seat.kept[at] if seat.counted[at] else 0.0
    others = max(0.0, common.counted_troops - own) / common.minimum if common.minimum > 0.0 else 0.0
    company = pledging.company(others, seat.example[at], common.example) if seat.looks_up[at] else min(1.0, others)
    sees = pledging.Sight(
        seat.demanded[at] if common.backed else promise,
        seat.wanted_consent[at] if common.consented else common.consent,
        others,
        company,
        common.exposure,
        common.conceded,
        common.defined,
        common.sidelined,
        common.tired,
        common.advantage,
        called,
    )
    me = queries.wants(state, at, common.weight_exposure, common.weight_call)
    terms = pledging.circumstances(me, sees, pledging.least_met(pledging.unmet(me, sees)))
    changed = pledging.total(terms) - seat.centre[at]
    disposed = seat.disposed[at] + (common.mood if european else 0.0)
    return disposed + seat.payoff[at] + seat.mood[at] + changed


@jit
def _decide(plan: Record, state: Record) -> None:
    """Work out the stage that each contributor moves to, if it moves this week, by the threshold rule."""
    now, seat, fixed = state.now, state.seat, state.fixed
    hesitant, opened, pledged = state.stage_from[0], state.stage_from[1], state.stage_from[2]
    margin, tour, truce = fixed.pledge_margin, fixed.hold_tour_weeks, now.truce > 0
    for at in range(plan.shape.lanes):
        due = pledging.due_stage(seat.stage[at], seat.readiness[at], hesitant, opened, pledged, margin)
        due = _within_bounds(state, at, due, tour, truce)
        seat.due[at] = due if state.luck.pledge[at] < seat.moves[at] else seat.stage[at]


@jit
def _decide_noisily(plan: Record, state: Record) -> None:
    """Work out the stage that each contributor moves to by quantal response, the rival of the threshold."""
    now, seat, fixed, start = state.now, state.seat, state.fixed, state.stage_from
    for at in range(plan.shape.actors):
        due = pledging.quantal_stage(
            seat.stage[at],
            seat.readiness[at],
            (start[0], start[1], start[2]),
            fixed.pledge_margin,
            fixed.pledge_precision,
            seat.moves[at],
            state.luck.pledge[at],
        )
        seat.due[at] = _within_bounds(state, at, due, fixed.hold_tour_weeks, now.truce > 0)


@inlined
def _within_bounds(state: Record, at: int, due: int, tour: float, truce: bool) -> int:
    """Return the stage due for those who may take it: a tour binds whom it sends, a refusal bars for a while."""
    seat = state.seat
    bound = holding.bound(seat.in_force[at] > 0, seat.force_weeks[at], tour, truce)
    free = min(due, queries.OPEN) if seat.barred_weeks[at] > 0.0 else due
    return max(due, seat.stage[at]) if bound else free


@jit
def _honour_commitments(plan: Record, state: Record) -> None:
    """Let those pledge whose commitment binds them now, whatever else they would do."""
    seat = state.seat
    for at in range(plan.shape.actors):
        if plan.actor_flag.contributes[at] and plan.actor_flag.commits[at]:
            binds = queries.holds_to_its_word(state, at, queries.sufficiency_without(state, at))
            seat.committed[at] = 1 if binds else 0
            queries.keep(state, at)
            seat.due[at] = queries.PLEDGED if binds else seat.due[at]


@jit
def _move(plan: Record, state: Record) -> None:
    """Let all contributors take the stage due; whoever falls below pledged loses its ratification."""
    seat = state.seat
    for at in range(plan.shape.lanes):
        stage = seat.due[at] if plan.actor_flag.contributes[at] else 0
        pledged = stage >= queries.PLEDGED
        seat.stage[at] = stage
        seat.pledged_weeks[at] = seat.pledged_weeks[at] if pledged else 0.0
        seat.ratified[at] = seat.ratified[at] if pledged else 0
