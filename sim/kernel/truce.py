"""Phase 5, compiled: a truce begins where what both sides would settle for overlaps for some weeks; or it breaks."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import chance, foresight, guarantees, tabling, truces


@jit
def truce(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.truce`."""
    now = state.now
    now.broke = 0
    now.guarantee_seen = guarantee(plan, state, now.mission, now.sufficiency)
    now.follows = queries.follows(plan, state)
    if now.truce:
        if now.force >= 0 or (now.mission >= 0 and now.signed == now.mission):
            _mission_terms(plan, state)
        else:
            _bare_terms(plan, state)
        _may_break(plan, state)
        return
    # The bare deal comes first: _mission_terms leaves the terms with the mission in ``now``, which are recorded.
    bare, mission = _bare_terms(plan, state), now.mission
    overlap = _mission_terms(plan, state)
    if not (mission >= 0 and now.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= bare)):
        overlap, mission = bare, -1
    now.gap = -overlap
    now.concession = _spoken(plan, state)
    now.overlap_rounds = truces.rounds_of_overlap(now.overlap_rounds, overlap)
    if truces.talked_long_enough(now.overlap_rounds, now.round_weeks, state.fixed.truce_overlap_weeks):
        _sign(plan, state, overlap, mission)


@jit
def guarantee(plan: Record, state: Record, mission: int, sufficiency: float) -> float:
    """Return the guarantee Kyiv would see under a mission (-1: none) with so many troops over its minimum."""
    fixed, there = state.fixed, min(1.0, sufficiency)
    worth = state.mission[mission].worth if mission >= 0 else 0.0
    promise = queries.promise_to(state, plan.shape.host)
    arms = fixed.truce_arms_weight * queries.arms(plan, state)
    return guarantees.guarantee(
        fixed.truce_force_weight * worth * there, fixed.truce_promise_weight * promise * there, arms
    )


@jit
def concedes(plan: Record, state: Record, guarantee: float) -> float:
    """Return the most Kyiv concedes for a guarantee, apart from its passing mood."""
    return truces.most_conceded(_host_terms(plan, state, guarantee))


@jit
def _host_terms(plan: Record, state: Record, guarantee: float) -> truces.HostTerms:
    now, fixed = state.now, state.fixed
    threat = fixed.truce_break_threat * now.threat
    without = truces.break_rate(fixed.truce_break_hazard, 0.0, 0.0, threat, 0.0, 0.0)
    kept = truces.break_rate(fixed.truce_break_hazard, fixed.truce_break_guarantee * guarantee, 0.0, threat, 0.0, 0.0)
    weeks = fixed.truce_look_ahead_weeks
    return truces.HostTerms(
        truces.peace_kept(
            fixed.host_loss_of_war, foresight.renewed_war(without, weeks), foresight.renewed_war(kept, weeks)
        ),
        queries.host_pressure(plan, state),
        fixed.battlefield_terms_weight * queries.host_view(plan, state),
        -(fixed.host_memory + fixed.truce_memory_step * now.broken),
        state.actor.disposition[plan.shape.host],
    )


@jit
def opponent_terms(plan: Record, state: Record, provoked: float, relief: float) -> truces.OpponentTerms:
    """Return what the least that Moscow takes is made of, for a provocation and what it is paid for signing."""
    fixed, at = state.fixed, plan.shape.opponent
    return truces.OpponentTerms(
        provoked,
        fixed.opponent_claims,
        fixed.battlefield_terms_weight * queries.opponent_view(plan, state),
        -state.seat.payoff[at],
        -relief,
        -state.actor.disposition[at],
    )


@jit
def requires(plan: Record, state: Record, mission: int) -> float:
    """Return the least Moscow takes under a mission (-1: none), relief included, apart from its passing mood."""
    return truces.least_taken(opponent_terms(plan, state, queries.provoked(plan, state, mission), state.now.relief))


@jit
def _moods(plan: Record, state: Record) -> tuple[float, float]:
    """Return how far passing moods of Kyiv and Moscow enter what they would sign."""
    if plan.shape.terms == 0:
        return 0.0, 0.0
    return state.seat.mood[plan.shape.host], state.seat.mood[plan.shape.opponent]


@jit
def _mission_terms(plan: Record, state: Record) -> float:
    """Work out what both sides would settle for under the mission on the table; return the overlap."""
    now, moods = state.now, _moods(plan, state)
    now.most = concedes(plan, state, now.guarantee_seen) + moods[0]
    now.least = requires(plan, state, now.mission) - moods[1]
    return now.most - now.least


@jit
def _bare_terms(plan: Record, state: Record) -> float:
    """Work out what both sides would settle for without an agreed force, given the one that may follow."""
    now, moods = state.now, _moods(plan, state)
    seen = foresight.foreseen(
        guarantee(plan, state, -1, 0.0), guarantee(plan, state, now.mission, 1.0), now.host_foresight, now.follows
    )
    provoked = foresight.foreseen(0.0, queries.provoked(plan, state, now.mission), now.opponent_foresight, now.follows)
    now.most = concedes(plan, state, seen) + moods[0]
    now.least = truces.least_taken(opponent_terms(plan, state, provoked, now.relief)) - moods[1]
    return now.most - now.least


@jit
def _spoken(plan: Record, state: Record) -> float:
    """Return the concession that Kyiv speaks of while there is no truce: its most, in this week's mood."""
    mood = state.seat.mood[plan.shape.host] if plan.shape.terms == 0 else 0.0
    spoken = state.now.most + mood
    return truces.concession(spoken, spoken)


@jit
def _sign(plan: Record, state: Record, overlap: float, mission: int) -> None:
    now, shape = state.now, plan.shape
    if mission < 0:
        _bare_terms(plan, state)
    now.truce, now.signed = 1, mission
    now.truces += 1
    if shape.procedure == queries.PACKAGE:
        host, opponent = state.actor.standing[shape.host], state.actor.standing[shape.opponent]
        agreed = tabling.agreed(now.most, now.least, host, opponent)
        now.concession = truces.concession(agreed, agreed)
    else:
        now.concession = truces.concession(now.most, now.least)
    pressure = queries.host_pressure(plan, state) + state.seat.payoff[shape.opponent]
    now.imposed = truces.imposed(pressure, overlap)


@jit
def _may_break(plan: Record, state: Record) -> None:
    now, fixed = state.now, state.fixed
    rate = truces.break_rate(
        fixed.truce_break_hazard,
        fixed.truce_break_guarantee * _field_guarantee(plan, state),
        fixed.truce_break_imposed * now.imposed,
        fixed.truce_break_threat * now.threat,
        fixed.truce_break_regret * truces.regret(now.most, now.least),
        fixed.truce_break_provoked * _unwanted(plan, state),
    )
    if state.luck.truce_break < chance.per_round(rate, now.round_weeks):
        end_truce(plan, state)
        now.broke = 1


@jit
def end_truce(plan: Record, state: Record) -> None:
    """Let the truce be over: talks begin anew from this week's terms, and Kyiv speaks of its most again."""
    now = state.now
    now.gap = -(now.most - now.least)
    now.concession = _spoken(plan, state)
    now.truce, now.signed, now.imposed = 0, -1, 0.0
    now.broken += 1
    now.overlap_rounds = 0


@jit
def _unwanted(plan: Record, state: Record) -> float:
    """Return what a Western force provokes that stands while Moscow refuses it."""
    now = state.now
    if now.force < 0 or now.consent > 0 or plan.mission_flag[now.force].western == 0:
        return 0.0
    return queries.provoked(plan, state, now.force)


@jit
def _field_guarantee(plan: Record, state: Record) -> float:
    """Return the guarantee that keeps a truce: Kyiv's arms, the force there, the promise as Moscow believes it."""
    now, fixed = state.now, state.fixed
    arms = fixed.truce_arms_weight * queries.arms(plan, state)
    if now.force < 0:
        return guarantees.guarantee(0.0, 0.0, arms)
    mission = state.mission[now.force]
    there = min(1.0, now.force_troops / mission.minimum)
    promise = queries.promise_to(state, plan.shape.opponent)
    return guarantees.guarantee(
        fixed.truce_force_weight * mission.worth * there, fixed.truce_promise_weight * promise * there, arms
    )
