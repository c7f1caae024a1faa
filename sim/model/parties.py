"""Who takes part in a run: what a phase is handed beside the situation."""

from __future__ import annotations

from typing import NamedTuple

from sim.model.actors import Broker, Host, Opponent, State, Tie
from sim.model.contributor import Contributor


class Parties(NamedTuple):
    """All actors of a run in the order of the world, and those with a part of their own.

    ``sanctions`` are those on Moscow, ``eligible`` lists by mission who may join it.
    """

    states: list[State]
    broker: Broker
    host: Host
    opponent: Opponent
    contributors: list[Contributor]
    sanctions: list[Tie]
    eligible: list[list[Contributor]]
