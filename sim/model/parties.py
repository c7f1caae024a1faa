"""Who takes part in a run: what a phase is handed beside the situation."""

from __future__ import annotations

from typing import NamedTuple

from sim import vocabulary
from sim.model.belligerents import Host, Opponent
from sim.model.broker import Broker, NoBroker
from sim.model.contributor import Contributor
from sim.model.state import State, Tie

ACCEPTS = len(vocabulary.CONSENTS) - 1


class Parties(NamedTuple):
    """All actors of a run in the order of the world, and those with a part of their own.

    ``sanctions`` are those on opponents, ``eligible`` lists by mission who may join it.
    """

    states: list[State]
    broker: Broker | NoBroker
    host: Host
    opponents: list[Opponent]
    contributors: list[Contributor]
    sanctions: list[Tie]
    eligible: list[list[Contributor]]

    @property
    def opponent(self) -> Opponent:
        """The opponent that asks for most, on which a truce hangs; among equals the first by name."""
        hardest = self.opponents[0]
        for each in self.opponents[1:]:
            hardest = each if each.least > hardest.least else hardest
        return hardest

    def council_agrees(self) -> bool:
        """Return whether every opponent with a vote in the Security Council accepts the mission."""
        return all(each.consent == ACCEPTS for each in self.opponents if each.seated)

    def promise_to_opponents(self) -> float:
        """Return what the promise behind a force is worth to the opponent that believes least in it."""
        least = self.opponents[0].promise()
        for each in self.opponents[1:]:
            least = min(least, each.promise())
        return least
