"""Phase 7, compiled: contributors promise troops, if there is a truce; all see last week's pledges."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import holding, pledging


@jit
def pledge(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.pledge`."""
    now, fixed = state.now, state.fixed
    now.sidelined = _sidelined(plan, state)
    queries.count(plan, state)
    # The same for all contributors, hence once a round and not once an actor.
    cut = max(0.0, state.seat.payoff[plan.shape.host])
    now.tired = pledging.fatigue(now.week, fixed.pledge_fatigue_weeks, cut)
    # Two passes: whoever decides sees the stages of last week, not those of others who have just moved.
    for at in range(plan.shape.actors):
        if plan.actor_flag.contributes[at]:
            state.seat.due[at] = _consider(plan, state, at)
    for at in range(plan.shape.actors):
        if plan.actor_flag.contributes[at]:
            queries.move(state, at, state.seat.due[at])
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


@jit
def _consider(plan: Record, state: Record, at: int) -> int:
    """Work out a contributor's readiness, and return the stage it moves to."""
    now, seat, fixed = state.now, state.seat, state.fixed
    changed = pledging.total(queries.circumstances(plan, state, at, _sees(plan, state, at))) - seat.centre[at]
    seat.readiness[at] = queries.disposed(plan, state, at) + seat.payoff[at] + seat.mood[at] + changed
    if plan.actor_flag.commits[at]:
        seat.committed[at] = 1 if queries.holds_to_its_word(state, at, queries.sufficiency_without(state, at)) else 0
        queries.keep(state, at)
        if seat.committed[at]:
            return queries.PLEDGED
    luck, start, margin = state.luck[plan.actor_flag.pledge[at]], state.stage_from, fixed.pledge_margin
    if plan.shape.decision == 1:
        due = pledging.quantal_stage(
            seat.stage[at],
            seat.readiness[at],
            (start[0], start[1], start[2]),
            margin,
            fixed.pledge_precision,
            seat.moves[at],
            luck,
        )
    elif luck < seat.moves[at]:
        due = pledging.due_stage(seat.stage[at], seat.readiness[at], start[0], start[1], start[2], margin)
    else:
        return seat.stage[at]
    if holding.bound(seat.in_force[at] > 0, seat.force_weeks[at], fixed.hold_tour_weeks, now.truce > 0):
        return max(due, seat.stage[at])
    return min(due, queries.OPEN) if seat.barred_weeks[at] > 0.0 else due


@jit
def _sees(plan: Record, state: Record, at: int) -> pledging.Sight:
    now, seat = state.now, state.seat
    others = queries.sufficiency_without(state, at)
    standing = now.rounds_standing * now.round_weeks
    return pledging.Sight(
        seat.demanded[at] if state.relaxed[queries.BACKSTOP] else queries.believed(state, at),
        seat.wanted_consent[at] if state.relaxed[queries.RUSSIAN_CONSENT] else queries.consent_value(state),
        others,
        queries.company(plan, state, at, others),
        queries.exposure(plan, state),
        now.concession,
        pledging.defined(standing, state.fixed.pledge_definition_weeks, now.truce > 0),
        now.sidelined,
        now.tired,
        queries.battlefield_now(plan, state),
    )
