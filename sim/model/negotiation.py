"""The Mesa model: one run of the negotiation, as a list of phases that reads aloud.

This is the reference engine: what one reads, subclasses, replays and watches.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Final

from sim.model import phases
from sim.model.agent_factory import seat
from sim.model.belligerents import Opponent
from sim.model.parties import Parties
from sim.model.record import Notes, Trajectory
from sim.model.situation import Situation
from sim.world.columns import Inputs, Luck, World

Phase = Callable[[Situation, Parties], None]
ROUND: Final[tuple[Phase, ...]] = (
    phases.news,
    phases.lobby,
    phases.table,
    phases.offer,
    phases.truce,
    phases.consent,
    phases.pledge,
    phases.ratify,
    phases.form,
    phases.hold,
)
"""The phases of a round in their order, which is that of :data:`sim.vocabulary.PHASES`."""


class Negotiation(Situation):
    """One run. ``step`` plays one round of all phases; :meth:`play` plays to the horizon.

    Its parameters are those of :class:`sim.model.situation.Situation`. ``states``, ``contributors``, ``broker``,
    ``host`` and ``opponent`` are there for classes of a user's own, which may ask after anybody.
    """

    def __init__(self, world: World, inputs: Inputs, luck: Luck, run: int, relaxed: Collection[str] = ()) -> None:
        super().__init__(world, inputs, luck, run, relaxed)
        self.parties = seat(self)
        self.states, self.contributors = self.parties.states, self.parties.contributors
        self.broker, self.host = self.parties.broker, self.parties.host
        self.notes = Notes(self.parties)

    @property
    def opponent(self) -> Opponent:
        """The opponent that asks for most; see :attr:`sim.model.parties.Parties.opponent`."""
        return self.parties.opponent

    def step(self) -> None:
        """Play one round: every phase in turn, then take it down."""
        self.week = (self.round + 1) * self.round_weeks
        for phase in ROUND:
            self.perform(phase)
        self.take_down()
        self.round += 1

    def perform(self, phase: Phase) -> None:
        """Play one phase: the hook for those who look on."""
        phase(self, self.parties)

    def play(self) -> Trajectory:
        """Play to the horizon, and return what happened."""
        while self.round < self.world.rounds:
            self.step()
        self.let_go()
        return self.notes.trajectory()

    def take_down(self) -> None:
        """Write down the state at the end of a round."""
        self.notes.take_down(self)
