"""Phase 3, compiled, with all bargained over at once: the bundle of mission, rung and terms that is best for all."""

from __future__ import annotations

from sim.kernel import queries, truce
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import tabling


@jit
def best(plan: Record, state: Record) -> int:
    """Return the mission of the best bundle, and note its rung; -1 if a truce without a force, or no deal, is best."""
    now = state.now
    offered, mission, rung, most = now.rung, -1, -1, _product(plan, state, -1)
    for at in range(plan.shape.missions):
        if state.menu[at]:
            for step in range(now.floor, now.cap + 1):
                now.rung = step
                product = _product(plan, state, at)
                if product > most:
                    mission, rung, most = at, step, product
    now.rung, now.bundled_rung = offered, rung
    return mission


@jit
def _product(plan: Record, state: Record, mission: int) -> float:
    """Return the weighted product of gains over no deal, as a logarithm, of a mission (-1: none) at the rung tried."""
    shape, host = plan.shape, state.actor[plan.shape.host].standing
    most = truce.concedes(plan, state, truce.guarantee(plan, state, mission, 1.0 if mission >= 0 else 0.0))
    least, opponent = truce.requires(plan, state, 0, mission), state.actor[plan.opponent_flag[0].at].standing
    for side in range(1, shape.opponents):
        asks = truce.requires(plan, state, side, mission)
        if asks > least:
            least, opponent = asks, state.actor[plan.opponent_flag[side].at].standing
    agreed = tabling.agreed(most, least, host, opponent)
    product = tabling.weighed_gain(most - agreed, host)
    for side in range(shape.opponents):
        asks = truce.requires(plan, state, side, mission)
        product += tabling.weighed_gain(agreed - asks, state.actor[plan.opponent_flag[side].at].standing)
    for at in range(shape.actors):
        weight = queries.weight_at_table(plan, state, at)
        if weight > 0.0 and at != shape.host and not plan.actor_flag[at].opponent:
            product += tabling.weighed_gain(_gain(plan, state, at, mission), weight)
    return max(product, tabling.NO_DEAL)


@jit
def _gain(plan: Record, state: Record, at: int, mission: int) -> float:
    """Return what a third party gains: the broker by how far it stays within its inclination, others by the mission."""
    now = state.now
    if at == plan.shape.broker:
        spare = 1.0 if mission < 0 else min(1.0, now.offer - state.offered_from[now.rung])
        return tabling.broker_gain(spare, state.side[queries.hardest(plan, state)].rewards)
    if mission < 0:
        return tabling.WITHOUT_A_FORCE
    actor, kind, place = state.actor[at], state.mission[mission], state.position[at]
    loss = tabling.loss(
        place[0] - kind.mandate, place[1] - kind.place, place[2] - kind.flag,
        actor.salience_mandate, actor.salience_place, actor.salience_flag,
    )  # fmt: skip
    return tabling.mission_gain(loss, actor.salience_mandate, actor.salience_place, actor.salience_flag)
