"""Phase 2, compiled: incentives shift payoffs, persuasion pulls positions, gates open or shut; all at once."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import lobbying


@jit
def lobby(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.lobby`."""
    now, shape = state.now, plan.shape
    for at in range(plan.shape.actors):
        seat = state.seat[at]
        seat.wanted_effort = seat.incentive = 0.0
        seat.wanting = queries.shortfall(plan, state, at)
    # What a source's edges could gain in all is needed before any of them is given its share: hence two passes.
    for k in range(plan.shape.incentives):
        at = plan.incentives[k]
        ends = plan.edge[at]
        state.seat[ends.source].wanted_effort += state.edge[at].strength * state.seat[ends.target].wanting
    threat = 0.0
    for side in range(shape.opponents):
        state.side[side].relief = 0.0
    for k in range(plan.shape.incentives):
        at = plan.incentives[k]
        ends, strength = plan.edge[at], state.edge[at].strength
        if not _passes_gate(plan, state, at):
            continue
        source, target = state.seat[ends.source], state.seat[ends.target]
        willing = _willing(plan, state, at)
        effort = lobbying.effort(target.wanting, source.wanted_effort, source.budget)
        pressed = plan.actor_flag[ends.target].opponent > 0
        if ends.channel == queries.NORMALISATION and pressed:
            state.side[queries.side_of(plan, ends.target)].relief += strength * willing * effort
        else:
            target.incentive += ends.sign * strength * willing * effort
        if _sanctions(ends.channel) and pressed:
            threat += strength * willing
    _pull(plan, state)
    now.threat = min(1.0, threat)
    if not now.truce:  # what was held out for signing is paid unchanged while the truce holds
        for at in range(shape.opponents):
            side = state.side[at]
            side.rewards = lobbying.payoff(side.rewards, now.adjustment, side.relief)
    for at in range(plan.shape.actors):
        seat = state.seat[at]
        seat.payoff = lobbying.payoff(seat.payoff, now.adjustment, seat.incentive)


@jit
def _pull(plan: Record, state: Record) -> None:
    """Work out all positions after a round of persuasion, then take them."""
    # All are pulled by last week's positions, so the new ones wait in ``pulled`` until everybody's are known.
    for k in range(plan.shape.persuasions):
        at = plan.persuasions[k]
        target = plan.edge[at].target
        for issue in range(3):
            state.pulled[target, issue] = 0.0
    for k in range(plan.shape.persuasions):
        at = plan.persuasions[k]
        ends, weight = plan.edge[at], state.edge[at].weight
        for issue in range(3):
            state.pulled[ends.target, issue] += weight * state.position[ends.source, issue]
    speed, last = state.now.influence_speed, -1
    for k in range(plan.shape.persuasions):
        at = plan.persuasions[k]
        target = plan.edge[at].target
        # Edges of a target lie together, so each is moved once; a weight below 0 marks one whom nobody would persuade.
        if target == last or state.edge[at].weight < 0.0:
            continue
        last = target
        actor, place = state.actor[target], state.position[target]
        others, open_to = state.pulled[target], actor.susceptibility
        # Unrolled, as fields of a record have no index.
        others[0] = lobbying.position(place[0], actor.anchor_mandate, others[0], open_to, speed)
        others[1] = lobbying.position(place[1], actor.anchor_place, others[1], open_to, speed)
        others[2] = lobbying.position(place[2], actor.anchor_flag, others[2], open_to, speed)
    for k in range(plan.shape.persuasions):
        at = plan.persuasions[k]
        target = plan.edge[at].target
        if state.edge[at].weight >= 0.0:
            for issue in range(3):
                state.position[target, issue] = state.pulled[target, issue]


@jit
def _sanctions(channel: int) -> bool:
    return channel == queries.BANK_SANCTIONS or channel == queries.ENERGY_SANCTIONS


@jit
def _passes_gate(plan: Record, state: Record, at: int) -> bool:
    ends = plan.edge[at]
    return state.now.broken > 0 or not _sanctions(ends.channel) or state.seat[ends.source].held_up == 0


@jit
def _willing(plan: Record, state: Record, at: int) -> float:
    """Return how willing a source is to use an edge; Washington's will turns and is drawn by relations with Moscow."""
    ends, own = plan.edge[at], state.edge[at].willingness
    if ends.source != plan.shape.broker:
        return own
    now, fixed = state.now, state.fixed
    turned = fixed.lobby_turn_reach * (fixed.us_turn + queries.posture_now(state) - fixed.broker_start)
    if _sanctions(ends.channel):
        return lobbying.broker_willingness(own, turned, fixed.lobby_broker_drawn * now.drawn)
    return lobbying.broker_willingness(own, -turned if ends.channel == queries.MILITARY_AID else 0.0, 0.0)
