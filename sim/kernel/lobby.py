"""Phase 2, compiled: incentives shift payoffs, persuasion pulls positions, gates open or shut; all at once."""

from __future__ import annotations

from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import lobbying


@jit
def lobby(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.lobby`."""
    now, seat = state.now, state.seat
    _want(plan, state)
    _use(plan, state)
    threat = _add_up(plan, state)
    _pull(plan, state)
    for issue in range(queries.ISSUES):
        _follow(plan, state, issue)
    now.threat = min(1.0, threat)
    if not now.truce:  # what was held out for signing is paid unchanged while the truce holds
        for at in range(plan.shape.opponents):
            side = state.side[at]
            side.rewards = lobbying.payoff(side.rewards, now.adjustment, side.relief)
    adjustment = now.adjustment
    for at in range(plan.shape.lanes):
        seat.payoff[at] = lobbying.payoff(seat.payoff[at], adjustment, seat.incentive[at])


@jit
def _want(plan: Record, state: Record) -> None:
    """Work out how much others still want from each actor, in [0, 1], and the effort that each could spend on it."""
    now, shape, seat, incentive = state.now, plan.shape, state.seat, state.incentive
    for at in range(shape.lanes):
        short = lobbying.shortfall(seat.stage[at] / queries.TOP_STAGE)
        seat.wanting[at] = short if plan.actor_flag.contributes[at] else 0.0
    if shape.broker >= 0:
        seat.wanting[shape.broker] = lobbying.shortfall(1.0 - now.rung / queries.TOP_RUNG)
    seat.wanting[shape.host] = 0.0 if now.truce else lobbying.shortfall(now.gap)
    for at in range(shape.opponents):
        side = state.side[at]
        seat.wanting[plan.opponent_flag[at].at] = lobbying.shortfall(-side.consent_index if now.truce else side.gap)
    for k in range(shape.incentives):
        incentive.wanted[k] = seat.wanting[plan.incentive.target[k]]
    # What a source's edges could gain in all is needed before any of them is given its share. They lie together.
    first = 0
    while first < shape.incentives:
        source, end, total = plan.incentive.source[first], first, 0.0
        while end < shape.incentives and plan.incentive.source[end] == source:
            total += incentive.strength[end] * incentive.wanted[end]
            end += 1
        for k in range(first, end):
            incentive.total[k] = total
        first = end


@jit
def _use(plan: Record, state: Record) -> None:
    """Work out what every edge does this week, several at a time: push, pay for signing, threaten."""
    now, fixed, incentive = state.now, state.fixed, state.incentive
    turned = fixed.lobby_turn_reach * (fixed.us_turn + queries.posture_now(state) - fixed.broker_start)
    drawn, opened = fixed.lobby_broker_drawn * now.drawn, now.broken > 0
    for k in range(plan.shape.incentive_lanes):
        own = incentive.willingness[k]
        # The broker's will turns and is drawn by relations with opponents.
        brokers = lobbying.broker_willingness(own, incentive.turns[k] * turned, incentive.draws[k] * drawn)
        used = incentive.strength[k] * (brokers if incentive.by_broker[k] > 0.0 else own)
        used = used if opened or incentive.shut[k] == 0.0 else 0.0
        effort = lobbying.effort(incentive.wanted[k], incentive.total[k], incentive.budget[k])
        incentive.push[k] = incentive.pushes[k] * used * effort
        incentive.relief[k] = incentive.pays[k] * used * effort
        incentive.threat[k] = incentive.threatens[k] * used


@jit
def _add_up(plan: Record, state: Record) -> float:
    """Add up what reaches each actor and what opponents are paid for signing; return what all are threatened with."""
    incentive, reached, side = state.incentive, state.seat.incentive, state.side
    reached[:] = 0.0
    for at in range(plan.shape.opponents):
        side[at].relief = side[at].threat = 0.0
    for k in range(plan.shape.incentives):
        target = plan.incentive.target[k]
        reached[target] += incentive.push[k]
        if plan.actor_flag.opponent[target]:
            its = side[queries.side_of(plan, target)]
            its.relief += incentive.relief[k]
            its.threat += incentive.threat[k]
    threat = 0.0
    for at in range(plan.shape.opponents):
        threat += side[at].threat
    return threat


@jit
def _pull(plan: Record, state: Record) -> None:
    """Add up what pulls each actor, on all issues, at the positions of last week."""
    pulled, position, k = state.pulled, state.position, 0
    while k < plan.shape.persuasions:  # edges of a target lie together
        target, mandate, place, flag = plan.persuasion.target[k], 0.0, 0.0, 0.0
        while k < plan.shape.persuasions and plan.persuasion.target[k] == target:
            source, weight = plan.persuasion.source[k], state.persuasion_weight[k]
            mandate += weight * position[0, source]
            place += weight * position[1, source]
            flag += weight * position[2, source]
            k += 1
        pulled[0, target], pulled[1, target], pulled[2, target] = mandate, place, flag


@jit
def _follow(plan: Record, state: Record, issue: int) -> None:
    """Let all take their new position on an issue; whom nobody would persuade is not open to it, and stays."""
    seat, speed, pulled = state.seat, state.now.influence_speed, state.pulled
    for at in range(plan.shape.lanes):
        now, anchor, others = state.position[issue, at], state.anchor[issue, at], pulled[issue, at]
        state.position[issue, at] = lobbying.position(now, anchor, others, seat.persuadable[at], speed)
