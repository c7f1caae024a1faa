"""The beginning of a run: its numbers gathered, actors seated, gates looked at, stages at week 0."""

from __future__ import annotations

from math import inf

from sim.kernel import network, queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import chance, forming, guarantees, learning, pledging, ratifying
from sim.world.columns import Floats, Ints


@jit
def start(plan: Record, state: Record, row: Floats) -> None:
    """Set up the run whose inputs are ``row``."""
    _gather(plan, state, row)
    _tilt(plan, state)
    _missions(plan, state)
    _now(plan, state)
    network.tie(plan, state, row)
    # Readiness comes once all weights stand, since company depends on those of examples.
    _seats(plan, state)
    _settle(plan, state)


@jit
def _gather(plan: Record, state: Record, row: Floats) -> None:
    for at in range(len(plan.fixed)):
        state.fixed_values[at] = row[plan.fixed[at]]
    for number in range(plan.actor.shape[0]):
        for at in range(plan.shape.actors):
            state.actor_values[number, at] = row[plan.actor[number, at]]
    for side in range(plan.shape.opponents):
        for at in range(plan.opponent.shape[1]):
            state.opponent_values[side, at] = row[plan.opponent[side, at]]
    for mission in range(plan.shape.missions):
        for at in range(plan.mission.shape[1]):
            state.mission_values[mission, at] = row[plan.mission[mission, at]]
    for at in range(plan.shape.events):
        state.event_week[at], state.event_change[at] = row[plan.event_week[at]], row[plan.event_change[at]]
    _scale(plan.offered_from, state.offered_from, row)
    _scale(plan.guarantee, state.guarantee, row)
    _scale(plan.enabling, state.enabling, row)
    _scale(plan.stance, state.stance, row)
    _scale(plan.stage_from, state.stage_from, row)
    _scale(plan.consent, state.consent, row)


@jit
def _tilt(plan: Record, state: Record) -> None:
    """Put the errors that all judgements share into every actor's own numbers."""
    fixed = state.fixed
    for at in range(plan.shape.actors):
        actor = state.actor
        actor.credence[at] = chance.tilted(actor.credence[at], fixed.credence_tilt)
        actor.capacity[at] = actor.capacity[at] * (1.0 + fixed.capacity_tilt)
        actor.backstop_firmness[at] = chance.tilted(actor.backstop_firmness[at], fixed.firmness_tilt)
        actor.consent_firmness[at] = chance.tilted(actor.consent_firmness[at], fixed.firmness_tilt)
        actor.company_firmness[at] = chance.tilted(actor.company_firmness[at], fixed.firmness_tilt)
        actor.definition[at] = chance.tilted(actor.definition[at], fixed.firmness_tilt)
        actor.decent_firmness[at] = chance.tilted(actor.decent_firmness[at], fixed.firmness_tilt)


@jit
def _scale(columns: Ints, values: Floats, row: Floats) -> None:
    for at in range(len(columns)):
        values[at] = row[columns[at]]


@jit
def _missions(plan: Record, state: Record) -> None:
    fixed, forward = state.fixed, state.opponent[0].forward_forces
    for side in range(1, plan.shape.opponents):
        forward = max(forward, state.opponent[side].forward_forces)
    for at in range(plan.shape.missions):
        mission = state.mission[at]
        mission.worth = guarantees.mission_worth(
            mission.own_worth, fixed.hold_forward_loss, forward, fixed.hold_reserve_gain, mission.reserves
        )
        deployed = plan.mission_flag[at].deployed > 0
        mission.minimum = forming.least_worth_sending(mission.target, fixed.form_minimum_share, deployed)


@jit
def _now(plan: Record, state: Record) -> None:
    now, fixed, shape = state.now, state.fixed, plan.shape
    weeks = 1.0 / shape.rounds_per_week
    now.round_weeks = weeks
    now.mood_kept = chance.kept(fixed.moods_persistence, weeks)
    now.mood_sd = chance.shock_sd(fixed.moods_weekly_sd, fixed.moods_persistence, weeks)
    now.battlefield_kept = chance.kept(fixed.battlefield_persistence, weeks)
    now.battlefield_sd = chance.shock_sd(fixed.battlefield_weekly_sd, fixed.battlefield_persistence, weeks)
    now.adjustment = chance.per_round(fixed.lobby_adjustment, weeks)
    now.influence_speed = chance.per_round(fixed.lobby_influence_speed, weeks)
    now.turn_chance = chance.per_round(fixed.broker_turns, weeks)
    now.round, now.week = 0, 0.0
    now.battlefield = fixed.battlefield_mean
    now.posture = fixed.broker_start
    now.cap, now.floor = int(fixed.broker_at_most), int(fixed.broker_at_least)
    now.rung, now.offer = now.floor, 0.0
    _beliefs(plan, state)
    now.mission, now.rounds_standing = shape.impose, 0
    now.truce = now.truces = now.broken = now.overlap_rounds = 0
    now.signed, now.imposed, now.gap = -1, 0.0, 1.0
    now.most = now.least = now.guarantee_seen = 0.0
    now.concession = now.consent_index = 0.0
    now.consent = 0
    now.sufficiency = now.counted_troops = now.pledged_troops = now.ratified_troops = now.minimum = 0.0
    now.sidelined = now.threat = now.ceiling = now.tired = 0.0
    now.ready_rounds = now.training_rounds = now.training = 0
    now.force, now.force_is_european, now.force_states = -1, 0, 0
    now.force_troops = now.force_european_troops = 0.0
    now.broke = now.formed = now.tested = now.attacked = now.reinforced = now.ended = 0
    now.escalated = now.strained = 0
    now.bundled_rung = -1
    now.follows = 0.0
    state.shift[:] = 0.0
    state.met[:] = 0.0


@jit
def _beliefs(plan: Record, state: Record) -> None:
    """Note what all sides believe of the battlefield, how fast they learn, and how far they look ahead."""
    now, fixed, shape = state.now, state.fixed, plan.shape
    now.host_belief = fixed.battlefield_mean - fixed.host_optimism
    now.host_gain = learning.gain(fixed.battlefield_weekly_sd, fixed.host_doubt, now.round_weeks)
    now.host_foresight = 0.5 * (shape.foresight - 1) if shape.foresight > 0 else fixed.host_foresight
    for at in range(shape.opponents):
        side, own = state.side[at], state.opponent[at]
        side.belief = fixed.battlefield_mean + own.optimism
        side.gain = learning.gain(fixed.battlefield_weekly_sd, own.doubt, now.round_weeks)
        side.looks_ahead = 0.5 * (shape.foresight - 1) if shape.foresight > 0 else own.foresight
        side.rewards = side.least = side.consent_index = 0.0
        side.gap, side.consent = 1.0, 0
    now.kept = now.let_down = 0.0


@jit
def _seats(plan: Record, state: Record) -> None:
    now, fixed = state.now, state.fixed
    for at in range(plan.shape.actors):
        seat, actor = state.seat, state.actor
        seat.mood[at] = seat.payoff[at] = seat.readiness[at] = seat.centre[at] = 0.0
        seat.pledged_weeks[at] = seat.barred_weeks[at] = seat.force_weeks[at] = seat.troops[at] = 0.0
        seat.kept[at] = actor.capacity[at]
        seat.ratified[at] = seat.in_force[at] = seat.counted[at] = seat.stage[at] = seat.committed[at] = 0
        state.anchor[0, at], state.anchor[1, at] = actor.anchor_mandate[at], actor.anchor_place[at]
        state.anchor[2, at] = actor.anchor_flag[at]
        for issue in range(3):
            state.position[issue, at] = state.anchor[issue, at]
        if not plan.actor_flag.contributes[at]:
            continue
        moves = pledging.move_chance(fixed.pledge_move, fixed.pledge_hesitancy_slows, actor.government[at])
        seat.moves[at] = chance.per_round(moves, now.round_weeks)
        seat.domestic[at] = ratifying.domestic_support(
            actor.ratify_support[at], fixed.ratify_domestic, actor.coalition[at], actor.parliament[at], actor.public[at]
        )
        _want(state, at)
        _dispose(plan, state, at)


@jit
def _want(state: Record, at: int) -> None:
    """Weigh what a contributor wants, once a run."""
    seat, actor, fixed = state.seat, state.actor, state.fixed
    seat.demanded[at] = state.guarantee[int(actor.backstop_rung[at])]
    seat.weight_backstop[at] = fixed.pledge_backstop * actor.backstop_firmness[at]
    seat.wanted_consent[at] = state.consent[int(actor.consent_word[at])]
    seat.weight_consent[at] = fixed.pledge_consent * actor.consent_firmness[at]
    seat.weight_company[at] = fixed.pledge_company * actor.company_firmness[at]
    seat.weight_guard[at] = fixed.pledge_home_guard * actor.home_guard[at]
    seat.weight_settlement[at] = fixed.pledge_settlement * actor.decent_firmness[at]
    seat.weight_definition[at] = fixed.pledge_definition * actor.definition[at]
    seat.weight_sidelining[at] = fixed.pledge_sidelining * actor.sidelining[at]
    seat.weight_fatigue[at] = fixed.pledge_aid_fatigue * actor.aid_fatigue[at]
    seat.weight_fear[at] = fixed.pledge_fear_of_defeat * actor.fear_of_defeat[at]


@jit
def _dispose(plan: Record, state: Record, at: int) -> None:
    """Add up a contributor's stance, duty and own disposition, under its government and the next."""
    seat, actor = state.seat, state.actor
    seat.handover[at] = actor.handover[at] if plan.actor_flag.handed_over[at] else inf
    stance = actor.stance[at] if seat.handover[at] > 0.0 else actor.stance_incoming[at]
    seat.disposed[at] = state.stance[int(stance)] + actor.duty[at] + actor.disposition[at]
    seat.disposed_later[at] = state.stance[int(actor.stance_incoming[at])] + actor.duty[at] + actor.disposition[at]


@jit
def _settle(plan: Record, state: Record) -> None:
    """Put contributors where they stand at week 0: where their readiness points to, or where they said they stood.

    All are asked before any has a stage, so that nobody follows an example that is not set yet.
    """
    as_spoken, start = plan.shape.stances > 0, state.stage_from
    for at in range(plan.shape.actors):
        if as_spoken and plan.actor_flag.contributes[at]:
            state.seat.stage[at] = int(state.actor.stance[at])
    for at in range(plan.shape.actors):
        if plan.actor_flag.contributes[at]:
            seat = state.seat
            terms = queries.circumstances(plan, state, at, queries.sees_at_start(plan, state, at))
            seat.centre[at] = pledging.total(terms) if as_spoken else 0.0
            common = state.fixed.european_mood if plan.actor_flag.european[at] else 0.0
            seat.readiness[at] = seat.disposed[at] + common + (pledging.total(terms) - seat.centre[at])
    for at in range(plan.shape.actors):
        if plan.actor_flag.contributes[at] and not as_spoken:
            seat = state.seat
            seat.stage[at] = pledging.fitting_stage(seat.readiness[at], start[0], start[1], start[2])
