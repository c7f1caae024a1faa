"""Play one run with Mesa, the reference engine: read it, subclass its actors, watch a run.

Names are resolved when first used, since the compiled engine shares a module of this room and does without Mesa.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.model.belligerents import Host, Opponent
    from sim.model.broker import Broker
    from sim.model.contributor import Contributor
    from sim.model.negotiation import Negotiation
    from sim.model.record import Trajectory
    from sim.model.state import OPEN, PLEDGED, State

_HOMES = {
    **dict.fromkeys(("OPEN", "PLEDGED", "State"), "state"),
    **dict.fromkeys(("Host", "Opponent"), "belligerents"),
    "Broker": "broker",
    "Contributor": "contributor",
    "Negotiation": "negotiation",
    "Trajectory": "record",
}
__all__ = ["OPEN", "PLEDGED", "Broker", "Contributor", "Host", "Negotiation", "Opponent", "State", "Trajectory"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.model' has no attribute {name!r}")
    return getattr(import_module(f"sim.model.{_HOMES[name]}"), name)
