"""Phase 3, compiled: a mission is tabled; what was signed with a truce, or is in the field, is fixed."""

from __future__ import annotations

from sim.kernel import package, queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import tabling


@jit
def table(plan: Record, state: Record) -> None:
    """Play the phase; see :func:`sim.model.phases.table`."""
    now, shape = state.now, plan.shape
    now.bundled_rung = -1
    if queries.settled(state):
        now.rounds_standing += 1
        return
    chosen = shape.impose if shape.impose >= 0 else _choose(plan, state)
    if chosen == now.mission:
        now.rounds_standing += 1
        return
    now.mission, now.rounds_standing, now.ready_rounds = chosen, 0, 0
    queries.count(plan, state)


@jit
def _choose(plan: Record, state: Record) -> int:
    if not (_menu(plan, state) and _anybody(plan, state)):
        return -1
    proposer = -1
    if plan.shape.procedure == queries.PACKAGE:
        bundled = package.best(plan, state)
        if bundled >= 0:
            return bundled
    if plan.shape.procedure == queries.PROPOSER or plan.shape.procedure == queries.PACKAGE:
        proposer = _proposer(plan, state)
    else:
        _compromise(plan, state)
    best, least = -1, 0.0
    for at in range(plan.shape.missions):
        if state.menu[at]:
            loss = _dislikes(state, proposer, at) if proposer >= 0 else _distance(state, at)
            bonus = state.fixed.table_bonus_standing if at == state.now.mission else 0.0
            # Among equals the first by name stays, as in the reference engine.
            if best < 0 or loss - bonus < least:
                best, least = at, loss - bonus
    return best


@jit
def _menu(plan: Record, state: Record) -> bool:
    """Note which missions can be tabled; return whether any can."""
    some = False
    _foresee(plan, state)
    for at in range(plan.shape.missions):
        state.menu[at] = 0 if _kept_off(plan, state, at) else 1
        some = some or state.menu[at] > 0
    return some


@jit
def _anybody(plan: Record, state: Record) -> bool:
    """Return whether anybody has standing to propose."""
    some = False
    for at in range(plan.shape.actors):
        some = some or state.actor.standing[at] > 0.0
    return some


@jit
def _proposer(plan: Record, state: Record) -> int:
    total = 0.0
    for at in range(plan.shape.actors):
        if state.actor.standing[at] > 0.0:
            total += queries.weight_at_table(plan, state, at)
    # The luck of week 0 all run long: who proposes changes when weights do, not by chance. Weights are added a second
    # time in the same order, so that the sum arrives at the total; ``last`` is for a point that rounding puts at it.
    point, reached, last = state.first_luck.proposer * total, 0.0, -1
    for at in range(plan.shape.actors):
        if state.actor.standing[at] > 0.0:
            reached += queries.weight_at_table(plan, state, at)
            last = at
            if point < reached:
                return at
    return last


@jit
def _compromise(plan: Record, state: Record) -> None:
    """Leave the compromise on every issue in ``compromise``."""
    for issue in range(3):
        seated = 0
        for at in range(plan.shape.actors):
            actor = state.actor
            if actor.standing[at] > 0.0:
                # Fields of a record have no index, so the issue chooses among them.
                salience = actor.salience_mandate[at]
                salience = actor.salience_place[at] if issue == 1 else salience
                salience = actor.salience_flag[at] if issue == 2 else salience
                state.places[seated] = state.position[issue, at]
                state.weights[seated] = queries.weight_at_table(plan, state, at) * salience
                seated += 1
        places, weights = state.places[:seated], state.weights[:seated]
        if plan.shape.procedure == 1:
            state.compromise[issue] = tabling.weighted_mean(places, weights)
        else:
            state.compromise[issue] = tabling.weighted_median(places, weights)


@jit
def _dislikes(state: Record, proposer: int, at: int) -> float:
    actor, mission, place = state.actor, state.mission[at], state.position[:, proposer]
    return tabling.loss(
        place[0] - mission.mandate, place[1] - mission.place, place[2] - mission.flag,
        actor.salience_mandate[proposer], actor.salience_place[proposer], actor.salience_flag[proposer],
    )  # fmt: skip


@jit
def _distance(state: Record, at: int) -> float:
    ideal, mission = state.compromise, state.mission[at]
    gaps = (ideal[0] - mission.mandate, ideal[1] - mission.place, ideal[2] - mission.flag)
    return tabling.loss(gaps[0], gaps[1], gaps[2], 1.0, 1.0, 1.0)


@jit
def _kept_off(plan: Record, state: Record, at: int) -> bool:
    """Return whether a mission cannot be tabled: it is training, a veto blocks it, it lacks a mandate or troops."""
    kind, mission, fixed, shape, now = plan.mission_flag[at], state.mission[at], state.fixed, plan.shape, state.now
    if kind.training or (kind.un_mandate and now.vetoed and not state.relaxed[queries.COUNCIL]):
        return True
    if queries.host_blocks(plan, state, mission.worth) or _opponent_blocks(plan, state, at):
        return True
    flagged = kind.nato_flag and shape.has_nato_veto
    if flagged and tabling.veto_stands(fixed.broker_nato_veto, state.seat.payoff[shape.broker]):
        return True
    supply = state.supply[at]
    within = min(supply, queries.ceiling(state)) if kind.western else supply
    return tabling.too_few(within, mission.minimum, fixed.table_supply_share)


@jit
def _opponent_blocks(plan: Record, state: Record, at: int) -> bool:
    if plan.mission_flag[at].consent_word < queries.ACCEPTS:
        return False
    blocked = False
    for side in range(plan.shape.opponents):
        who, own = plan.opponent_flag[side], state.opponent[side]
        stands = who.has_light_veto and tabling.veto_stands(own.light_firmness, state.seat.payoff[who.at])
        blocked = blocked or (stands and queries.provoked(plan, state, side, at) > own.light_tolerates)
    return blocked


@jit
def _foresee(plan: Record, state: Record) -> None:
    """Add up for every mission the troops of those who may join and are not opposed."""
    seat = state.seat
    for at in range(plan.shape.lanes):
        seat.foreseen[at] = seat.kept[at] if seat.stage[at] >= queries.HESITANT else 0.0
    for mission in range(plan.shape.missions):
        like, supply = plan.mission_flag[mission].like, 0.0
        if like < mission:  # the same states may join both
            state.supply[mission] = state.supply[like]
            continue
        for at in range(plan.shape.actors):
            supply += seat.foreseen[at] if plan.eligible[mission, at] else 0.0
        state.supply[mission] = supply
