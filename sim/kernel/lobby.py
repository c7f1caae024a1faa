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
        seat = state.seat
        seat.wanted_effort[at] = seat.incentive[at] = 0.0
        seat.wanting[at] = queries.shortfall(plan, state, at)
    # What a source's edges could gain in all is needed before any of them is given its share: hence two passes.
    for k in range(plan.shape.incentives):
        at = plan.incentives[k]
        ends = plan.edge[at]
        state.seat.wanted_effort[ends.source] += state.edge[at].strength * state.seat.wanting[ends.target]
    threat = relief = 0.0
    for k in range(plan.shape.incentives):
        at = plan.incentives[k]
        ends, strength = plan.edge[at], state.edge[at].strength
        if not _passes_gate(plan, state, at):
            continue
        source, target = state.seat, state.seat
        willing = _willing(plan, state, at)
        effort = lobbying.effort(target.wanting[ends.target], source.wanted_effort[ends.source], source.budget[ends.source])
        if ends.channel == queries.NORMALISATION and ends.target == shape.opponent:
            relief += strength * willing * effort
        else:
            target.incentive[ends.target] += ends.sign * strength * willing * effort
        if _sanctions(ends.channel) and ends.target == shape.opponent:
            threat += strength * willing
    _pull(plan, state)
    now.threat = min(1.0, threat)
    if not now.truce:  # what was held out for signing is paid unchanged while the truce holds
        now.relief = lobbying.payoff(now.relief, now.adjustment, relief)
    for at in range(plan.shape.actors):
        seat = state.seat
        seat.payoff[at] = lobbying.payoff(seat.payoff[at], now.adjustment, seat.incentive[at])


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
        actor, place = state.actor, state.position[target]
        others, open_to = state.pulled[target], actor.susceptibility[target]
        # Unrolled, as fields of a record have no index.
        others[0] = lobbying.position(place[0], actor.anchor_mandate[target], others[0], open_to, speed)
        others[1] = lobbying.position(place[1], actor.anchor_place[target], others[1], open_to, speed)
        others[2] = lobbying.position(place[2], actor.anchor_flag[target], others[2], open_to, speed)
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
    return state.now.broken > 0 or not _sanctions(ends.channel) or state.seat.held_up[ends.source] == 0


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
