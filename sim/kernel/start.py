"""The beginning of a run: its numbers gathered, actors seated, gates looked at, stages at week 0."""

from __future__ import annotations

from sim import vocabulary
from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import chance, forming, guarantees, learning, pledging, ratifying
from sim.world.columns import Floats, Ints

_EU_DECISION = vocabulary.CHANNELS.index("eu_decision")
_VETO = vocabulary.CHANNELS.index("security_council_veto")
_HUB = vocabulary.CHANNELS.index("logistics_hub")
_GUARANTEE = vocabulary.CHANNELS.index("security_guarantee")
_NORMALISATION = vocabulary.CHANNELS.index("normalisation")


@jit
def start(plan: Record, state: Record, row: Floats) -> None:
    """Set up the run whose inputs are ``row``."""
    _gather(plan, state, row)
    _tilt(plan, state)
    _missions(plan, state)
    _now(plan, state)
    _edges(plan, state, row)
    # Readiness comes once all weights stand, since company depends on those of examples.
    _seats(plan, state)
    _settle(plan, state)


@jit
def _gather(plan: Record, state: Record, row: Floats) -> None:
    for at in range(len(plan.fixed)):
        state.fixed_values[at] = row[plan.fixed[at]]
    for actor in range(plan.shape.actors):
        for at in range(plan.actor.shape[1]):
            state.actor_values[actor, at] = row[plan.actor[actor, at]]
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
        actor = state.actor[at]
        actor.credence = chance.tilted(actor.credence, fixed.credence_tilt)
        actor.capacity = actor.capacity * (1.0 + fixed.capacity_tilt)
        actor.backstop_firmness = chance.tilted(actor.backstop_firmness, fixed.firmness_tilt)
        actor.consent_firmness = chance.tilted(actor.consent_firmness, fixed.firmness_tilt)
        actor.company_firmness = chance.tilted(actor.company_firmness, fixed.firmness_tilt)
        actor.definition = chance.tilted(actor.definition, fixed.firmness_tilt)
        actor.decent_firmness = chance.tilted(actor.decent_firmness, fixed.firmness_tilt)


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
def _edges(plan: Record, state: Record, row: Floats) -> None:
    now, shape = state.now, plan.shape
    for at in range(plan.shape.edges):
        edge, columns = state.edge[at], plan.edge[at]
        edge.strength = row[columns.strength]
        # How far a guarantee is believed is the credence of its target, so its source has no will that counts again.
        edge.willingness = 1.0 if columns.channel == _GUARANTEE else row[columns.willingness]
        edge.weight = 0.0
    _weigh(plan, state, plan.persuasions, plan.shape.persuasions)
    _weigh(plan, state, plan.examples, plan.shape.examples)
    now.drawn = 0.0
    for k in range(plan.shape.incentives):
        at = plan.incentives[k]
        ends = plan.edge[at]
        lures = ends.channel == _NORMALISATION and plan.actor_flag[ends.source].opponent
        if lures and ends.target == shape.broker:
            now.drawn += state.edge[at].strength * state.edge[at].willingness
    for actor in range(plan.shape.actors):
        state.seat[actor].held_up = 0
    now.vetoed, now.hubs_shut = 0, _hubs_shut(plan, row)
    for k in range(plan.shape.gates):
        at = plan.gates[k]
        gate = plan.edge[at]
        if row[gate.open] >= 1.0:
            continue
        if gate.channel == _EU_DECISION and plan.actor_flag[gate.target].eu_member:
            state.seat[gate.target].held_up = 1
        now.vetoed = 1 if gate.channel == _VETO else now.vetoed


@jit
def _hubs_shut(plan: Record, row: Floats) -> float:
    """Return the share of states with a hub to whom no hub is open; a hub beside others only adds a way."""
    served = reached = 0
    for k in range(plan.shape.gates):
        gate = plan.edge[plan.gates[k]]
        if gate.channel != _HUB:
            continue
        first, is_open = True, False
        for other in range(plan.shape.gates):
            beside = plan.edge[plan.gates[other]]
            if beside.channel == _HUB and beside.target == gate.target:
                first = first and other >= k
                is_open = is_open or row[beside.open] >= 1.0
        if first:
            served += 1
            reached += 1 if is_open else 0
    return forming.hubs_shut(served, reached)


@jit
def _weigh(plan: Record, state: Record, edges: Ints, count: int) -> None:
    """Weigh edges of one channel, in the order of their targets, by strength x willingness among those of a target."""
    first = 0
    while first < count:
        target = plan.edge[edges[first]].target
        end, total = first, 0.0
        while end < count and plan.edge[edges[end]].target == target:
            total += state.edge[edges[end]].strength * state.edge[edges[end]].willingness
            end += 1
        for at in range(first, end):
            edge = state.edge[edges[at]]
            # -1 marks a target whom nobody would move: weights of 0 would pull it towards a position of 0 instead.
            edge.weight = edge.strength * edge.willingness / total if total > 0.0 else -1.0
        first = end


@jit
def _seats(plan: Record, state: Record) -> None:
    now, fixed = state.now, state.fixed
    for at in range(plan.shape.actors):
        seat, actor = state.seat[at], state.actor[at]
        seat.mood = seat.payoff = seat.wanted_effort = seat.readiness = seat.centre = seat.cover = 0.0
        seat.pledged_weeks = seat.barred_weeks = seat.force_weeks = 0.0
        seat.kept = actor.capacity
        seat.budget = 1.0 if plan.actor_flag[at].great_power else fixed.lobby_budget
        seat.ratified = seat.in_force = seat.counted = seat.looks_up = seat.stage = seat.committed = 0
        state.position[at, 0], state.position[at, 1] = actor.anchor_mandate, actor.anchor_place
        state.position[at, 2] = actor.anchor_flag
        if not plan.actor_flag[at].contributes:
            continue
        moves = pledging.move_chance(fixed.pledge_move, fixed.pledge_hesitancy_slows, actor.government)
        seat.moves = chance.per_round(moves, now.round_weeks)
        seat.domestic = ratifying.domestic_support(
            actor.ratify_support, fixed.ratify_domestic, actor.coalition, actor.parliament, actor.public
        )
        _want(state, at)
    for k in range(plan.shape.covers):
        at = plan.covers[k]
        state.seat[plan.edge[at].target].cover += state.edge[at].strength
    for k in range(plan.shape.examples):
        at = plan.examples[k]
        if state.edge[at].weight >= 0.0:
            state.seat[plan.edge[at].target].looks_up = 1


@jit
def _want(state: Record, at: int) -> None:
    """Weigh what a contributor wants, once a run."""
    seat, actor, fixed = state.seat[at], state.actor[at], state.fixed
    seat.demanded = state.guarantee[int(actor.backstop_rung)]
    seat.weight_backstop = fixed.pledge_backstop * actor.backstop_firmness
    seat.wanted_consent = state.consent[int(actor.consent_word)]
    seat.weight_consent = fixed.pledge_consent * actor.consent_firmness
    seat.weight_company = fixed.pledge_company * actor.company_firmness
    seat.weight_guard = fixed.pledge_home_guard * actor.home_guard
    seat.weight_settlement = fixed.pledge_settlement * actor.decent_firmness
    seat.weight_definition = fixed.pledge_definition * actor.definition
    seat.weight_sidelining = fixed.pledge_sidelining * actor.sidelining
    seat.weight_fatigue = fixed.pledge_aid_fatigue * actor.aid_fatigue
    seat.weight_fear = fixed.pledge_fear_of_defeat * actor.fear_of_defeat


@jit
def _settle(plan: Record, state: Record) -> None:
    """Put contributors where they stand at week 0: where their readiness points to, or where they said they stood.

    All are asked before any has a stage, so that nobody follows an example that is not set yet.
    """
    as_spoken, start = plan.shape.stances > 0, state.stage_from
    for at in range(plan.shape.actors):
        if as_spoken and plan.actor_flag[at].contributes:
            state.seat[at].stage = int(state.actor[at].stance)
    for at in range(plan.shape.actors):
        if plan.actor_flag[at].contributes:
            seat = state.seat[at]
            terms = queries.circumstances(plan, state, at, queries.sees_at_start(plan, state, at))
            seat.centre = pledging.total(terms) if as_spoken else 0.0
            seat.readiness = queries.disposed(plan, state, at) + (pledging.total(terms) - seat.centre)
    for at in range(plan.shape.actors):
        if plan.actor_flag[at].contributes and not as_spoken:
            seat = state.seat[at]
            seat.stage = pledging.fitting_stage(seat.readiness, start[0], start[1], start[2])
