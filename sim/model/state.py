"""A state as a Mesa agent: what every actor remembers and asks, whatever part it plays; rules do the calculating.

An actor finds its numbers once, when a run begins, and what it sees of others by asking them and the model.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

from sim import vocabulary
from sim.model.situation import Situation
from sim.rules import chance, guarantees, learning, lobbying, tabling

with warnings.catch_warnings():  # its progress bar, which is not used here, complains in notebooks without ipywidgets
    warnings.simplefilter("ignore")
    import mesa

TOP_STAGE = len(vocabulary.STANCES) - 1
HESITANT, OPEN, PLEDGED = 1, 2, 3


class Tie(NamedTuple):
    """An edge as its ends see it."""

    source: State
    target: State
    channel: str
    strength: float
    willingness: float
    sign: float


def passes_gate(situation: Situation, tie: Tie) -> bool:
    """Return whether an incentive is free to be used: sanctions of an EU member must pass the EU's gate.

    A broken truce opens the gate for good.
    """
    return situation.broken > 0 or tie.channel not in vocabulary.SANCTIONS or tie.source.at not in situation.held_up


class State(mesa.Agent):  # type: ignore[misc]
    """A state: its mood, the incentives that reach it, and its ideal point, which others may pull."""

    model: Situation

    def __init__(self, model: Situation, at: int) -> None:
        super().__init__(model)
        world, row = model.world, model.row
        self.at = at
        self.name = world.names.actors[at]
        self.european = bool(world.actor.european[at])
        self.states = int(world.actor.states[at])
        self.disposition: float = row[world.actor.disposition[at]]
        self.standing: float = row[world.actor.standing[at]]
        self.prior_credence = chance.tilted(row[world.actor.credence[at]], row[world.credence_tilt])
        self.budget: float = 1.0 if world.actor.great_power[at] else model.rule.lobby_budget
        self.susceptibility: float = row[world.actor.susceptibility[at]]
        self.anchor: list[float] = [row[column] for column in world.actor.position[at]]
        self.salience: list[float] = [row[column] for column in world.actor.salience[at]]
        self.position = list(self.anchor)
        self.mood = 0.0
        self.payoff = 0.0
        self.wanting = self.wanted_effort = 0.0
        self.mood_stream = int(world.stream.mood[at])
        self.incentives_out: list[Tie] = []
        self.incentives_in: list[Tie] = []
        self.persuaders: list[tuple[State, float]] = []

    @property
    def contributes(self) -> bool:
        """Whether this actor may send troops."""
        return False

    @property
    def credence(self) -> float:
        """How likely this actor thinks that the broker's promise is kept, after what it has seen."""
        model = self.model
        weight = model.rule.learning_credence_weight
        return learning.credence(self.prior_credence, weight, model.promises_kept, model.promises_broken)

    def promise(self) -> float:
        """Return what the broker's promise is worth to this actor."""
        model = self.model
        return guarantees.promised(self.credence, model.guarantee_of[model.rung])

    def meet(self, ties: list[Tie]) -> None:
        """Remember the edges to and from this actor, in the order of the world."""
        self.incentives_out = [tie for tie in ties if tie.source is self and tie.sign != 0.0]
        self.incentives_in = [tie for tie in ties if tie.target is self and tie.sign != 0.0]
        self.persuaders = self.weighed([tie for tie in ties if tie.target is self and tie.channel == "persuasion"])

    @staticmethod
    def weighed(ties: list[Tie]) -> list[tuple[State, float]]:
        """Return the sources of ``ties``, weighted in proportion to strength x willingness.

        Weights sum to 1; if all are 0, there is nobody.
        """
        total = 0.0
        for tie in ties:
            total += tie.strength * tie.willingness
        return [(tie.source, tie.strength * tie.willingness / total) for tie in ties] if total > 0.0 else []

    def news(self) -> None:
        """Let the weekly mood drift."""
        model = self.model
        if self.mood_stream >= 0:
            self.mood = chance.ar1(self.mood, 0.0, model.mood_kept, model.mood_sd, model.luck(self.mood_stream))

    def shortfall(self) -> float:
        """Return how much others still want from this actor, in [0, 1]."""
        return 0.0

    def willing(self, tie: Tie) -> float:
        """Return how willing this actor is to use an edge of its own."""
        return tie.willingness

    def plan(self) -> None:
        """Add up what this actor's edges could still gain, so that effort can be shared among them."""
        wanted = 0.0
        for tie in self.incentives_out:
            wanted += tie.strength * tie.target.wanting
        self.wanted_effort = wanted

    def incentives(self) -> float:
        """Return the incentives that reach this actor, summed over its edges."""
        total, model = 0.0, self.model
        for tie in self.incentives_in:
            if passes_gate(model, tie) and not self.pays_for_signing(tie):
                total += tie.sign * self.spent(tie)
        return total

    def spent(self, tie: Tie) -> float:
        """Return what an edge into this actor carries this week: strength x willingness x effort of its source."""
        if self.wanting <= 0.0:
            return 0.0
        source = tie.source
        effort = lobbying.effort(self.wanting, source.wanted_effort, source.budget)
        return tie.strength * source.willing(tie) * effort

    def pays_for_signing(self, tie: Tie) -> bool:
        """Return whether an incentive is paid for a signature alone, and is no pressure."""
        return False

    def pulled(self) -> list[float]:
        """Return this actor's position after one round of persuasion."""
        if not self.persuaders:
            return self.position
        pulled = []
        for issue, anchor in enumerate(self.anchor):
            others = 0.0
            for source, weight in self.persuaders:
                others += weight * source.position[issue]
            now = self.position[issue]
            pulled.append(lobbying.position(now, anchor, others, self.susceptibility, self.model.influence_speed))
        return pulled

    def weight_at_table(self) -> float:
        """Return the chance, before normalising, that this actor proposes the mission."""
        if self.european and self.contributes:
            return tabling.standing(self.standing, self.model.rule.table_pledges_raise_standing, self.model.sufficiency)
        return self.standing

    def dislikes(self, mission: int) -> float:
        """Return the loss this actor would have from a mission."""
        profile = self.model.missions[mission].profile
        gaps = [mine - its for mine, its in zip(self.position, profile, strict=True)]
        return tabling.loss(gaps[0], gaps[1], gaps[2], self.salience[0], self.salience[1], self.salience[2])
