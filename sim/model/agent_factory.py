"""TODO: one sentence."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, TypeVar

from sim.model.actors import Broker, Host, Opponent, State
from sim.model.contributor import Contributor
from sim.reading.errors import Fault, InputError, Place

if TYPE_CHECKING:
    from sim.model.negotiation import Negotiation

KINDS: dict[str, type[State]] = {"broker": Broker, "host": Host, "opponent": Opponent, "contributor": Contributor}


def kind_of(model: Any, at: int) -> type[State]:
    """Return the class of the actor at ``at``: its part in the negotiation, or a plain state for a mere patron."""
    world = model.world
    if at == world.broker_at:
        return Broker
    if at == world.host_at:
        return Host
    if at == world.opponent_at:
        return Opponent
    return Contributor if world.actor.contributor[at] else State


_Part = TypeVar("_Part", bound=State)


def _of(kind: type[_Part], state: State) -> _Part:
    if not isinstance(state, kind):
        raise TypeError(f"{state.name} plays the part of {kind.__name__}, so its class has to extend it")
    return state


def _class_of(model: Negotiation, at: int) -> type[State]:
    """Return an actor's class: a Python subclass that the scenario names (``module:Class``), else that of its part.

    Raises
    ------
    InputError
        If there is no such class, or it does not play the part.
    """
    named = model.world.names.agents[at]
    usual = kind_of(model, at)
    if not named:
        return usual
    place = Place(f"actors.{model.world.names.actors[at]}.agent")
    module, _, name = named.partition(":")
    try:
        found = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError, SyntaxError, TypeError, ValueError) as error:
        raise InputError([Fault(place, "", f"{named!r} cannot be found (module:Class); {error}")]) from error
    if not (isinstance(found, type) and issubclass(found, usual)):
        raise InputError([Fault(place, "", f"{named!r} has to extend sim.model.{usual.__name__}")])
    return found
