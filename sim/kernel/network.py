"""The network at the beginning of a run: how much edges weigh, which gates are shut, what an incentive can do."""

from __future__ import annotations

from sim import vocabulary
from sim.kernel import queries
from sim.kernel.compiling import jit
from sim.kernel.world_record import Record
from sim.rules import forming
from sim.world.columns import Floats, Ints

_EU_DECISION = vocabulary.CHANNELS.index("eu_decision")
_VETO = vocabulary.CHANNELS.index("security_council_veto")
_HUB = vocabulary.CHANNELS.index("logistics_hub")
_GUARANTEE = vocabulary.CHANNELS.index("security_guarantee")
_MILITARY_AID = vocabulary.CHANNELS.index("military_aid")


@jit
def tie(plan: Record, state: Record, row: Floats) -> None:
    """Read the edges of a run off its inputs, and weigh them."""
    for at in range(plan.shape.edges):
        edge, columns = state.edge[at], plan.edge[at]
        edge.strength = row[columns.strength]
        # How far a guarantee is believed is the credence of its target, so its source has no will that counts again.
        edge.willingness = 1.0 if columns.channel == _GUARANTEE else row[columns.willingness]
    seat = state.seat
    for at in range(plan.shape.actors):
        seat.cover[at], seat.looks_up[at], seat.persuadable[at], seat.held_up[at] = 0.0, 0, 0.0, 0
    for k in range(plan.shape.covers):
        at = plan.covers[k]
        seat.cover[plan.edge[at].target] += state.edge[at].strength
    _weigh(plan, state, plan.persuasions, plan.shape.persuasions, state.persuasion_weight)
    _weigh(plan, state, plan.examples, plan.shape.examples, state.example_weight)
    for k in range(plan.shape.persuasions):
        target = plan.persuasion.target[k]
        if state.persuasion_weight[k] >= 0.0:
            seat.persuadable[target] = state.actor.susceptibility[target]
    for k in range(plan.shape.examples):
        if state.example_weight[k] >= 0.0:
            seat.looks_up[plan.example.target[k]] = 1
    _gates(plan, state, row)
    _incentives(plan, state)


@jit
def _incentives(plan: Record, state: Record) -> None:
    """Gather what is fixed for the run about the edges of incentives, as the weeks read it."""
    now, shape, incentive = state.now, plan.shape, state.incentive
    now.drawn = 0.0
    for k in range(shape.incentives):
        edge, ends = state.edge[plan.incentives[k]], plan.edge[plan.incentives[k]]
        relations = ends.channel == queries.NORMALISATION
        if relations and plan.actor_flag.opponent[ends.source] and ends.target == shape.broker:
            now.drawn += edge.strength * edge.willingness
        sanctions, by_broker = _sanctions(ends.channel), ends.source == shape.broker
        # Only the broker's will turns: sanctions with it, arms for the host against it.
        turns = 1.0 if sanctions else (-1.0 if ends.channel == _MILITARY_AID else 0.0)
        presses = plan.actor_flag.opponent[ends.target] > 0
        pays = relations and presses
        incentive.strength[k], incentive.willingness[k] = edge.strength, edge.willingness
        incentive.by_broker[k], incentive.turns[k] = 1.0 if by_broker else 0.0, turns
        incentive.draws[k] = 1.0 if sanctions else 0.0
        incentive.pays[k] = 1.0 if pays else 0.0
        incentive.pushes[k] = 0.0 if pays else float(ends.sign)
        incentive.threatens[k] = 1.0 if sanctions and presses else 0.0
        incentive.shut[k] = 1.0 if sanctions and state.seat.held_up[ends.source] else 0.0
        great = plan.actor_flag.great_power[ends.source] > 0
        incentive.budget[k] = 1.0 if great else state.fixed.lobby_budget


@jit
def _sanctions(channel: int) -> bool:
    return channel == queries.BANK_SANCTIONS or channel == queries.ENERGY_SANCTIONS


@jit
def _gates(plan: Record, state: Record, row: Floats) -> None:
    now = state.now
    now.vetoed, now.hubs_shut = 0, _hubs_shut(plan, row)
    for k in range(plan.shape.gates):
        at = plan.gates[k]
        gate = plan.edge[at]
        if row[gate.open] >= 1.0:
            continue
        if gate.channel == _EU_DECISION and plan.actor_flag.eu_member[gate.target]:
            state.seat.held_up[gate.target] = 1
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
def _weigh(plan: Record, state: Record, edges: Ints, count: int, into: Floats) -> None:
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
            # -1 marks a target whom nobody would move: it stays where it is.
            into[at] = edge.strength * edge.willingness / total if total > 0.0 else -1.0
        first = end
