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
    if plan.shape.begins_in_truce and now.round == 0:
        _sign(plan, state, _bare_terms(plan, state), -1)
        return
    # The bare deal comes first: _mission_terms leaves the terms with the mission in ``now``, which are recorded.
    bare, mission = _bare_terms(plan, state), now.mission
    most = now.most
    for at in range(plan.shape.opponents):
        state.side[at].bare = state.side[at].least
    overlap = _mission_terms(plan, state)
    if not (mission >= 0 and now.sufficiency >= 1.0 and (overlap >= 0.0 or overlap >= bare)):
        overlap, mission = bare, -1
    for at in range(plan.shape.opponents):
        side = state.side[at]
        side.gap = -(now.most - side.least) if mission >= 0 else -(most - side.bare)
    now.gap = -overlap
    now.concession = _spoken(plan, state)
    now.overlap_rounds = truces.rounds_of_overlap(now.overlap_rounds, overlap)
    if truces.talked_long_enough(now.overlap_rounds, now.round_weeks, state.fixed.truce_overlap_weeks):
        _sign(plan, state, overlap, mission)


@jit
def guarantee(plan: Record, state: Record, mission: int, sufficiency: float) -> float:
    """Return the guarantee the host would see under a mission (-1: none) with so many troops over its minimum."""
    fixed, there = state.fixed, min(1.0, sufficiency)
    worth = state.mission[mission].worth if mission >= 0 else 0.0
    promise = queries.promise_to(state, plan.shape.host)
    arms = fixed.truce_arms_weight * queries.arms(plan, state)
    return guarantees.guarantee(
        fixed.truce_force_weight * worth * there, fixed.truce_promise_weight * promise * there, arms
    )


@jit
def concedes(plan: Record, state: Record, guarantee: float) -> float:
    """Return the most the host concedes for a guarantee, apart from its passing mood."""
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
def opponent_terms(plan: Record, state: Record, side: int, provoked: float, relief: float) -> truces.OpponentTerms:
    """Return what the least that an opponent takes is made of, for a provocation and what it is paid for signing."""
    at = plan.opponent_flag[side].at
    return truces.OpponentTerms(
        provoked,
        state.opponent[side].claims,
        state.fixed.battlefield_terms_weight * queries.opponent_view(plan, state, side),
        -state.seat.payoff[at],
        -relief,
        -state.actor.disposition[at],
    )


@jit
def requires(plan: Record, state: Record, side: int, mission: int) -> float:
    """Return the least an opponent takes under a mission (-1: none), rewards included, apart from its passing mood."""
    provoked = queries.provoked(plan, state, side, mission)
    return truces.least_taken(opponent_terms(plan, state, side, provoked, state.side[side].rewards))


@jit
def _mood(plan: Record, state: Record, at: int) -> float:
    """Return how far a side's passing mood enters what it would sign."""
    return state.seat.mood[at] if plan.shape.terms else 0.0


@jit
def _mission_terms(plan: Record, state: Record) -> float:
    """Work out what all sides would settle for under the mission on the table; return the overlap."""
    now = state.now
    now.most = concedes(plan, state, now.guarantee_seen) + _mood(plan, state, plan.shape.host)
    for at in range(plan.shape.opponents):
        mood = _mood(plan, state, plan.opponent_flag[at].at)
        state.side[at].least = requires(plan, state, at, now.mission) - mood
    now.least = state.side[queries.hardest(plan, state)].least
    return now.most - now.least


@jit
def _bare_terms(plan: Record, state: Record) -> float:
    """Work out what all sides would settle for without an agreed force, given the one that may follow."""
    now = state.now
    seen = foresight.foreseen(
        guarantee(plan, state, -1, 0.0), guarantee(plan, state, now.mission, 1.0), now.host_foresight, now.follows
    )
    now.most = concedes(plan, state, seen) + _mood(plan, state, plan.shape.host)
    for at in range(plan.shape.opponents):
        side, mood = state.side[at], _mood(plan, state, plan.opponent_flag[at].at)
        provoked = foresight.foreseen(
            0.0, queries.provoked(plan, state, at, now.mission), side.looks_ahead, now.follows
        )
        side.least = truces.least_taken(opponent_terms(plan, state, at, provoked, side.rewards)) - mood
    now.least = state.side[queries.hardest(plan, state)].least
    return now.most - now.least


@jit
def _spoken(plan: Record, state: Record) -> float:
    """Return the concession that the host speaks of while there is no truce: its most, in this week's mood."""
    mood = state.seat.mood[plan.shape.host] if plan.shape.terms == 0 else 0.0
    spoken = state.now.most + mood
    return truces.concession(spoken, spoken)


@jit
def _sign(plan: Record, state: Record, overlap: float, mission: int) -> None:
    now, shape = state.now, plan.shape
    if mission < 0:
        _bare_terms(plan, state)
    hardest = plan.opponent_flag[queries.hardest(plan, state)].at
    now.truce, now.signed = 1, mission
    now.truces += 1
    if shape.procedure == queries.PACKAGE:
        host, opponent = state.actor.standing[shape.host], state.actor.standing[hardest]
        agreed = tabling.agreed(now.most, now.least, host, opponent)
        now.concession = truces.concession(agreed, agreed)
    else:
        now.concession = truces.concession(now.most, now.least)
    pressure = queries.host_pressure(plan, state) + state.seat.payoff[hardest]
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
    """Let the truce be over: talks begin anew from this week's terms, and the host speaks of its most again."""
    now = state.now
    now.gap = -(now.most - now.least)
    for at in range(plan.shape.opponents):
        state.side[at].gap = -(now.most - state.side[at].least)
    now.concession = _spoken(plan, state)
    now.truce, now.signed, now.imposed = 0, -1, 0.0
    now.broken += 1
    now.overlap_rounds = 0


@jit
def _unwanted(plan: Record, state: Record) -> float:
    """Return what a Western force provokes that stands while the opponent refuses it."""
    now = state.now
    if now.force < 0 or now.consent > 0 or plan.mission_flag[now.force].western == 0:
        return 0.0
    return queries.provoked(plan, state, queries.hardest(plan, state), now.force)


@jit
def _field_guarantee(plan: Record, state: Record) -> float:
    """Return the guarantee that keeps a truce: the host's arms, the force and the promise there."""
    now, fixed = state.now, state.fixed
    arms = fixed.truce_arms_weight * queries.arms(plan, state)
    if now.force < 0:
        return guarantees.guarantee(0.0, 0.0, arms)
    mission = state.mission[now.force]
    there = min(1.0, now.force_troops / mission.minimum)
    promise = queries.promise_to_opponents(plan, state)
    return guarantees.guarantee(
        fixed.truce_force_weight * mission.worth * there, fixed.truce_promise_weight * promise * there, arms
    )
