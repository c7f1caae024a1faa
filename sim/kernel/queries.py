"""What several phases look at: who is where, what is pledged, what a promise is worth. Gathered here for compiled code.

The reference engine gathers the same on its own, in ``sim/model`` (the actors, and ``phases.py``): written twice
on purpose.
"""

from __future__ import annotations

from sim import vocabulary
from sim.kernel.compiling import inlined, jit
from sim.kernel.world_record import Record
from sim.rules import foresight, forming, guarantees, holding, learning, news, pledging, tabling

ISSUES = len(vocabulary.ISSUES)
TOP_RUNG = len(vocabulary.RUNGS) - 1
TOP_STAGE = len(vocabulary.STANCES) - 1
HESITANT, OPEN, PLEDGED = 1, 2, 3
PROPOSER, PACKAGE = (vocabulary.PROCEDURES.index(name) for name in ("proposer", "package"))
ACCEPTS = len(vocabulary.CONSENTS) - 1
BATTLEFIELD, US_POSTURE, RUSSIAN_OPTIMISM, UKRAINIAN_OPTIMISM, EUROPEAN_MOOD = range(len(vocabulary.EVENT_QUANTITIES))
TRUCE, HOST_CONSENT, RUSSIAN_CONSENT, COUNCIL, BACKSTOP, LEAD, TROOPS, RATIFICATION = range(len(vocabulary.GATES))
BANK_SANCTIONS, ENERGY_SANCTIONS = (vocabulary.CHANNELS.index(channel) for channel in vocabulary.SANCTIONS)
NORMALISATION = vocabulary.CHANNELS.index("normalisation")


@jit
def fighting(state: Record) -> float:
    """Return the opponents' advantage as a week's fighting shows it, with what dated events add to it."""
    return state.now.battlefield + state.shift[BATTLEFIELD]


@jit
def unarmed(plan: Record, state: Record) -> float:
    """Return what aid that is cut adds to the opponents' advantage; known to all at once, so nobody learns it."""
    cut = max(0.0, state.seat.payoff[plan.shape.host])
    return news.unarmed(state.fixed.battlefield_arms, state.fixed.host_arms, cut)


@jit
def battlefield_now(plan: Record, state: Record) -> float:
    """Return the opponents' advantage, with what dated events and aid that is cut add to it."""
    return fighting(state) + unarmed(plan, state)


@jit
def posture_now(state: Record) -> float:
    """Return the broker's posture, with what dated events add to it."""
    return state.now.posture + state.shift[US_POSTURE]


@jit
def consent_value(state: Record) -> float:
    """Return the opponents' consent as a number, k."""
    return state.consent[state.now.consent]


@jit
def host_pressure(plan: Record, state: Record) -> float:
    """Return the pressure that reaches the host after what it resists."""
    return state.seat.payoff[plan.shape.host] * (1.0 - state.fixed.host_resists)


@jit
def arms(plan: Record, state: Record) -> float:
    """Return the arms that the host counts on; aid that is cut is not there."""
    return state.fixed.host_arms * (1.0 - min(1.0, max(0.0, state.seat.payoff[plan.shape.host])))


@jit
def host_blocks(plan: Record, state: Record, worth: float) -> bool:
    """Return whether the host refuses to host a mission of this worth."""
    fixed = state.fixed
    return tabling.host_blocks(worth, fixed.host_worth_floor, fixed.table_floor_relief, host_pressure(plan, state))


@jit
def answer_to_attack(state: Record) -> float:
    """Return how far an attack on a force would meet answer from the broker, at the rung on offer."""
    return float(state.guarantee[state.now.rung])


@jit
def credence(state: Record, at: int) -> float:
    """Return how likely an actor thinks that the broker's promise is kept, after what it has seen."""
    now, weight = state.now, state.fixed.learning_credence_weight
    return learning.credence(state.actor.credence[at], weight, now.kept, now.let_down)


@jit
def promise_to(state: Record, at: int) -> float:
    """Return what the broker's promise is worth to an actor that believes in it as far as it does."""
    return guarantees.promised(credence(state, at), answer_to_attack(state))


@jit
def host_view(plan: Record, state: Record) -> float:
    """Return what the host believes of the battlefield, with what dated events do to its optimism and aid cut adds."""
    return state.now.host_belief - state.shift[UKRAINIAN_OPTIMISM] + unarmed(plan, state)


@jit
def opponent_view(plan: Record, state: Record, side: int) -> float:
    """Return an opponent's belief about its advantage, with what dated events do to its optimism and aid cut adds."""
    return state.side[side].belief + state.shift[RUSSIAN_OPTIMISM] + unarmed(plan, state)


@jit
def hardest(plan: Record, state: Record) -> int:
    """Return the opponent that asks for most, on which a truce hangs; among equals the first by name."""
    most = 0
    for side in range(1, plan.shape.opponents):
        most = side if state.side[side].least > state.side[most].least else most
    return most


@jit
def promise_to_opponents(plan: Record, state: Record) -> float:
    """Return what the promise behind a force is worth to the opponent that believes least in it."""
    least = promise_to(state, plan.opponent_flag[0].at)
    for side in range(1, plan.shape.opponents):
        least = min(least, promise_to(state, plan.opponent_flag[side].at))
    return least


@jit
def follows(plan: Record, state: Record) -> float:
    """Return the chance that a force follows a truce signed now, as all can read it from last week's facts."""
    now, fixed = state.now, state.fixed
    if now.force >= 0:
        return 1.0
    if now.mission < 0:
        return 0.0
    ready = 0.0
    for gate in range(len(state.met)):
        ready += state.met[gate] if gate != TRUCE else 0.0
    ready = ready / (len(state.met) - 1)
    return foresight.follows(
        now.sufficiency, ready, fixed.truce_follow_base, fixed.truce_follow_pledged, fixed.truce_follow_ready
    )


@jit
def provoked(plan: Record, state: Record, side: int, mission: int) -> float:
    """Return an opponent's weighted provocation by a mission (-1: none) under the backstop on offer."""
    if mission < 0:
        return 0.0
    fixed = state.fixed
    own = guarantees.provocation(
        state.mission[mission].provocation,
        plan.mission_flag[mission].western > 0,
        fixed.truce_promise_provokes,
        answer_to_attack(state),
    )
    return state.opponent[side].provocation * own


@jit
def weight_at_table(plan: Record, state: Record, at: int) -> float:
    """Return the chance, before normalising, that an actor proposes the mission."""
    own, who = state.actor.standing[at], plan.actor_flag
    if who.european[at] and who.contributes[at]:
        return tabling.standing(own, state.fixed.table_pledges_raise_standing, state.now.sufficiency)
    return own


@jit
def council_agrees(plan: Record, state: Record) -> bool:
    """Return whether every opponent with a vote in the Security Council accepts the mission."""
    agrees = True
    for side in range(plan.shape.opponents):
        agrees = agrees and (plan.opponent_flag[side].seated == 0 or state.side[side].consent == ACCEPTS)
    return agrees


@jit
def side_of(plan: Record, at: int) -> int:
    """Return the place of an actor among the opponents."""
    side = 0
    while plan.opponent_flag[side].at != at:
        side += 1
    return side


@jit
def company(plan: Record, state: Record, at: int, sufficiency: float) -> float:
    """Return the company a contributor sees: what others pledged, and the example of leads where there are any."""
    if not state.seat.looks_up[at]:
        return min(1.0, sufficiency)
    example = 0.0
    # Edges of examples lie in the order of their targets, so each actor's are a stretch of them.
    for place in range(plan.actor_flag.first_example[at], plan.actor_flag.end_example[at]):
        source = plan.example.source[place]
        shown = state.example_weight[place] * state.seat.stage[source] / TOP_STAGE
        example += shown if plan.actor_flag.contributes[source] else 0.0
    return pledging.company(sufficiency, example, state.fixed.pledge_example)


@inlined
def wants(state: Record, at: int, weight_exposure: float, weight_call: float) -> pledging.Contributor:
    """Return what a contributor wants, as the rules take it."""
    seat, actor = state.seat, state.actor
    return pledging.Contributor(
        seat.demanded[at], seat.weight_backstop[at], actor.autonomy[at], seat.wanted_consent[at],
        seat.weight_consent[at], actor.company[at], seat.weight_company[at], seat.weight_definition[at],
        actor.decent[at], seat.weight_settlement[at], weight_exposure, seat.weight_guard[at],
        seat.weight_sidelining[at], seat.weight_fatigue[at], seat.weight_fear[at], weight_call,
    )  # fmt: skip


@jit
def circumstances(plan: Record, state: Record, at: int, sees: pledging.Sight) -> pledging.Circumstances:
    """Return what the circumstances that a contributor sees add to its readiness, by term."""
    me = wants(state, at, state.fixed.pledge_exposure, state.fixed.pledge_call_for_troops)
    return pledging.circumstances(me, sees, pledging.least_met(pledging.unmet(me, sees)))


@jit
def sees_at_start(plan: Record, state: Record, at: int) -> pledging.Sight:
    """Return what a contributor sees at week 0: nothing is offered but what is promised anyway, nobody has pledged."""
    seat = state.seat
    return pledging.Sight(
        seat.demanded[at] if state.relaxed[BACKSTOP] else believed(state, at),
        seat.wanted_consent[at] if state.relaxed[RUSSIAN_CONSENT] else consent_value(state),
        0.0,
        company(plan, state, at, 0.0),
        0.0,
        0.0,
        pledging.defined(0.0, state.fixed.pledge_definition_weeks, False),
        0.0,
        0.0,
        battlefield_now(plan, state),
        0.0,
    )


@jit
def settled(state: Record) -> bool:
    """Return whether the mission is fixed: signed with the truce in force, or in the field."""
    now = state.now
    return now.force >= 0 or (now.truce > 0 and now.signed >= 0)


@jit
def called(state: Record) -> float:
    """Return 1 if nothing was missing last week for a force but those who fill it, else 0."""
    met = state.met
    if state.now.mission < 0:
        return 0.0
    return pledging.called(met[TRUCE], met[HOST_CONSENT], met[RUSSIAN_CONSENT], met[COUNCIL], met[LEAD])


@jit
def exposure(plan: Record, state: Record) -> float:
    """Return the exposure of the mission on the table less that of the reference mission; 0 with none."""
    now = state.now
    if now.mission < 0:
        return 0.0
    return float(state.mission[now.mission].exposure - state.mission[plan.shape.reference_mission].exposure)


@jit
def believed(state: Record, at: int) -> float:
    """Return what the broker's promise is worth to a contributor, as far as it covers its troops."""
    return promise_to(state, at) * state.seat.cover[at]


@jit
def sufficiency_without(state: Record, at: int) -> float:
    """Return what others pledged over the minimum of the mission on the table."""
    now = state.now
    # Taken off the total, as Mesa does: a sum over the others alone would differ in the last bit. Rounding may leave
    # less than 0.
    own = state.seat.kept[at] if state.seat.counted[at] else 0.0
    return max(0.0, now.counted_troops - own) / now.minimum if now.minimum > 0.0 else 0.0


@jit
def count(plan: Record, state: Record) -> None:
    """Count the troops pledged (in the field, once formed) for the mission on the table."""
    now = state.now
    seat, mission, fielded = state.seat, now.mission, now.force >= 0
    now.minimum = state.mission[mission].minimum if mission >= 0 else 0.0
    troops = 0.0
    for at in range(plan.shape.lanes):
        there = seat.in_force[at] > 0 if fielded else seat.stage[at] >= PLEDGED
        may = plan.eligible[max(mission, 0), at] if mission >= 0 else 0
        seat.counted[at] = may if there else 0
    for at in range(plan.shape.actors):
        troops += seat.kept[at] if seat.counted[at] else 0.0
    now.counted_troops = troops
    in_reach = now.counted_troops if now.force < 0 else now.force_troops
    now.sufficiency = in_reach / now.minimum if now.minimum > 0.0 else 0.0


@jit
def ceiling(state: Record) -> float:
    """Return the most troops that a Western force can field."""
    fixed, now = state.fixed, state.now
    return forming.ceiling(
        fixed.form_ceiling_alone,
        fixed.form_ceiling_enablers,
        state.enabling[now.rung],
        fixed.form_berlin_plus,
        fixed.form_hub_loss * now.hubs_shut,
    )


@jit
def keep(state: Record, at: int) -> None:
    """Work out what a contributor can send: what it committed, or its capacity; after its first tour a part of it."""
    seat, actor, fixed = state.seat, state.actor, state.fixed
    troops = actor.commit_troops[at] if seat.committed[at] else actor.capacity[at]
    seat.kept[at] = holding.sustained(troops, seat.force_weeks[at], fixed.hold_tour_weeks, fixed.hold_rotation)


@jit
def holds_to_its_word(state: Record, at: int, others: float) -> bool:
    """Return whether a state's commitment binds it now; one that was refused or broken off waits."""
    now, actor = state.now, state.actor
    asked = pledging.Asked(
        actor.commit_rung[at], actor.commit_consent[at], actor.commit_company[at], actor.commit_truce[at]
    )
    return state.seat.barred_weeks[at] <= 0.0 and pledging.committed(
        asked.rung if state.relaxed[BACKSTOP] else float(now.rung),
        asked.consent if state.relaxed[RUSSIAN_CONSENT] else float(now.consent),
        others,
        now.truce > 0 or state.relaxed[TRUCE] > 0,
        asked,
    )


@jit
def withdraw(state: Record, at: int) -> None:
    """Let a contributor fall back to open, and stay barred for a while."""
    seat = state.seat
    move(state, at, min(seat.stage[at], OPEN))
    seat.barred_weeks[at] = state.fixed.ratify_bar_weeks


@jit
def move(state: Record, at: int, stage: int) -> None:
    """Let a contributor take a stage; whoever falls below pledged loses its ratification."""
    seat = state.seat
    seat.stage[at] = stage
    if stage < PLEDGED:
        seat.pledged_weeks[at] = 0.0
        seat.ratified[at] = 0
