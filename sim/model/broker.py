"""The broker as a Mesa agent: the power whose backing the others ask for."""

from __future__ import annotations

from sim import vocabulary
from sim.model.situation import Situation
from sim.model.state import State, Tie
from sim.rules import chance, lobbying, news, offering

TOP_RUNG = len(vocabulary.RUNGS) - 1


class Broker(State):
    """The power whose backing matters most: its posture may turn, and it puts a backstop on offer."""

    def __init__(self, model: Situation, at: int) -> None:
        super().__init__(model, at)
        own, row = model.world.broker, model.row
        self.start = self.posture = row[own.start]
        self.turn_chance = chance.per_round(row[own.turns], model.round_weeks)
        self.turn_size: float = row[own.turn_size]
        self.turn_upward: float = row[own.turn_upward]
        self.floor = int(row[own.at_least])
        self.cap = int(row[own.at_most])
        self.honoured: float = row[own.honoured]
        self.burden_sharing: float = row[own.burden_sharing]
        self.consent_ease: float = row[own.consent_ease]
        self.nato_veto: float = row[own.nato_veto]
        self.has_nato_veto = own.nato_veto != model.world.absent
        self.common_turn: float = row[model.world.us_turn]
        self.offer = 0.0
        self.terms = offering.Inclination(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    @property
    def rung(self) -> int:
        """Rung on offer (position on the ladder, 0 to 5)."""
        return self.model.rung

    @property
    def posture_now(self) -> float:
        """Posture with what dated events add to it."""
        return self.posture + self.model.shift("us_posture")

    def news(self) -> None:
        """Let the mood drift, and now and then the posture turn; an upward turn raises the highest rung on offer."""
        super().news()
        stream = self.model.world.stream
        if self.model.luck(stream.turn) < self.turn_chance:
            upward = self.model.luck(stream.turn_direction) < self.turn_upward
            self.posture = news.turned_posture(self.posture, self.start, self.turn_size if upward else -self.turn_size)
            self.cap = min(TOP_RUNG, self.cap + 1) if upward else self.cap

    def shortfall(self) -> float:
        """Return how far the rung on offer is from the top of the ladder."""
        return lobbying.shortfall(1.0 - self.rung / TOP_RUNG)

    def willing(self, tie: Tie) -> float:
        """Return the willingness to press.

        Against the opponent it is more after a turn and less when drawn by relations, against the host less after a
        turn.
        """
        turned = self.model.rule.lobby_turn_reach * (self.common_turn + self.posture_now - self.start)
        if tie.channel in vocabulary.SANCTIONS:
            return lobbying.broker_willingness(
                tie.willingness, turned, self.model.rule.lobby_broker_drawn * self.drawn()
            )
        return lobbying.broker_willingness(tie.willingness, -turned if tie.channel == "military_aid" else 0.0, 0.0)

    def drawn(self) -> float:
        """Return how strongly normal relations with opponents draw the broker."""
        pull = 0.0
        for tie in self.incentives_in:
            if tie.channel == "normalisation" and tie.source.at in self.model.world.opponents_at:
                pull += tie.strength * tie.willingness
        return pull

    def make_offer(self) -> None:
        """Put a rung of the ladder on offer."""
        model = self.model
        before, tells = model.rung, model.rule.learning_offer_tells
        self.terms = self.inclination()
        self.offer = offering.inclination(self.terms)
        met = 0
        for threshold in model.offered_from[1:]:
            met += int(threshold <= self.offer)
        model.rung = max(model.bundled_rung, offering.rung(met, self.floor, self.cap))
        if model.round > 0 and model.rung != before:
            model.learn_of_promise(model.rung > before, tells)

    def inclination(self) -> offering.Inclination:
        """Return what draws the broker up or down the ladder now, by term."""
        model = self.model
        return offering.Inclination(
            posture=self.posture_now,
            pressure=self.payoff,
            pledges=offering.persuaded(self.burden_sharing, model.sufficiency),
            consent=self.consent_ease * model.consent_value,
            turn=self.common_turn,
            disposition=self.disposition,
            mood=self.mood,
        )


class NoBroker:
    """What stands in a broker's place where there is none: nothing is on offer, and nobody vetoes a flag."""

    floor = cap = rung = 0
    offer = payoff = start = posture = posture_now = honoured = nato_veto = 0.0
    has_nato_veto = False
    terms = offering.Inclination(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)

    def make_offer(self) -> None:
        """Offer nothing."""
