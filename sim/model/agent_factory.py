"""The actors of a run, each of the class of its part or of a class that the scenario names, and what ties them."""

from __future__ import annotations

from typing import TypeVar

from sim import vocabulary
from sim.model.belligerents import Host, Opponent
from sim.model.broker import Broker, NoBroker
from sim.model.contributor import Contributor
from sim.model.parties import Parties
from sim.model.situation import Situation
from sim.model.state import State, Tie
from sim.model.user_classes import named_class
from sim.reading.errors import Fault, InputError, Place
from sim.world.columns import World


class ContributingBroker(Broker, Contributor):
    """A broker that may send troops of its own; what others want from it is a higher rung."""


KINDS: dict[str, type[State]] = {"broker": Broker, "host": Host, "opponent": Opponent, "contributor": Contributor}


def kind_of(world: World, at: int) -> type[State]:
    """Return the class of the actor at ``at``: its part in the negotiation, or a plain state for a mere patron."""
    if at == world.broker_at:
        return ContributingBroker if world.actor.contributor[at] else Broker
    if at == world.host_at:
        return Host
    if at in world.opponents_at:
        return Opponent
    return Contributor if world.actor.contributor[at] else State


Part = TypeVar("Part", bound=State)


def part_of(kind: type[Part], state: State) -> Part:
    """Return a state as what it has to be.

    Raises
    ------
    TypeError
        If its class does not extend that of its part.
    """
    if not isinstance(state, kind):
        raise TypeError(f"{state.name} plays the part of {kind.__name__}, so its class has to extend it")
    return state


def class_of(world: World, at: int) -> type[State]:
    """Return an actor's class: a Python subclass that the scenario names (``module:Class``), else that of its part.

    Raises
    ------
    InputError
        If there is no such class, or it does not play the part.
    """
    named = world.names.agents[at]
    usual = kind_of(world, at)
    if not named:
        return usual
    place = Place(f"actors.{world.names.actors[at]}.agent")
    try:
        its_class = named_class(named)
    except ValueError as error:
        raise InputError([Fault(place, "", str(error))]) from error
    if not (isinstance(its_class, type) and issubclass(its_class, usual)):
        raise InputError([Fault(place, "", f"{named!r} has to extend sim.model.{usual.__name__}")])
    return its_class


def seat(situation: Situation) -> Parties:
    """Return the parties to a run: every actor made, tied to the others, and settled in the circumstances of week 0."""
    world = situation.world
    classes = [class_of(world, at) for at in range(len(world.names.actors))]
    states = [kind(situation, at) for at, kind in enumerate(classes)]
    ties = _ties(situation, states)
    for state in states:
        state.meet([tie for tie in ties if tie.source is state or tie.target is state])
    opponents = [part_of(Opponent, states[at]) for at in world.opponents_at]
    contributors = [state for state in states if isinstance(state, Contributor)]
    parties = Parties(
        states=states,
        broker=part_of(Broker, states[world.broker_at]) if world.broker_at >= 0 else NoBroker(),
        host=part_of(Host, states[world.host_at]),
        opponents=opponents,
        contributors=contributors,
        sanctions=[tie for tie in ties if tie.channel in vocabulary.SANCTIONS and tie.target in opponents],
        eligible=[[each for each in contributors if may[each.at]] for may in world.mission.eligible.tolist()],
    )
    _settle(parties, as_spoken=bool(world.stances))
    return parties


def _settle(parties: Parties, as_spoken: bool) -> None:
    """Put contributors where they stand at week 0: where their readiness points to, or where they said they stood.

    All are asked before any has a stage, so that nobody follows an example that is not set yet.
    """
    for contributor in parties.contributors:
        contributor.stage = contributor.first if as_spoken else 0
    for contributor in parties.contributors:
        contributor.settle()
    for contributor in parties.contributors:
        if not as_spoken:
            contributor.take_first_stage()


def _ties(situation: Situation, states: list[State]) -> list[Tie]:
    """Return the edges of the network, by target, source and channel: the order in which actors sum over them."""
    edge, row = situation.world.edge, situation.row
    columns = (edge.source, edge.target, edge.channel, edge.strength, edge.willingness, edge.sign)
    return [
        _tie(states[source], states[target], vocabulary.CHANNELS[channel], row[strength], row[willingness], sign)
        for source, target, channel, strength, willingness, sign in zip(
            *(each.tolist() for each in columns), strict=True
        )
    ]


def _tie(source: State, target: State, channel: str, strength: float, willingness: float, sign: int) -> Tie:
    """Return an edge; a guarantee has no willingness of its own, as credence counts it."""
    return Tie(source, target, channel, strength, 1.0 if channel == "security_guarantee" else willingness, float(sign))
