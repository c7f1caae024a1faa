"""The actors as Mesa agents: they remember and ask, and leave calculating to the rules.

An actor finds its numbers once, when a run begins, and what it sees of others by asking them and the model.
"""

from __future__ import annotations

import warnings
from typing import NamedTuple

from sim import vocabulary
from sim.model.situation import Situation
from sim.rules import chance, consenting, foresight, guarantees, learning, lobbying, news, offering, tabling, truces

with warnings.catch_warnings():  # its progress bar, which is not used here, complains in notebooks without ipywidgets
    warnings.simplefilter("ignore")
    import mesa

TOP_RUNG = len(vocabulary.RUNGS) - 1
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
        moved = []
        for issue, anchor in enumerate(self.anchor):
            others = 0.0
            for source, weight in self.persuaders:
                others += weight * source.position[issue]
            now = self.position[issue]
            moved.append(lobbying.position(now, anchor, others, self.susceptibility, self.model.influence_speed))
        return moved

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


class Belligerent(State):
    """One of the sides: what it believes of the battlefield, how it learns, and how far it looks ahead."""

    def __init__(self, model: Situation, at: int) -> None:
        super().__init__(model, at)
        world = model.world
        own = world.host if at == world.host_at else world.opponents[world.opponents_at.index(at)]
        self.optimism: float = model.row[own.optimism]
        self.learns = learning.gain(model.rule.battlefield_weekly_sd, model.row[own.doubt], model.round_weeks)
        self.foresight: float = model.row[own.foresight]
        if model.world.foresight > 0:
            self.foresight = 0.5 * (model.world.foresight - 1)
        self.belief = self.optimistic(model.battlefield)

    def optimistic(self, advantage: float) -> float:
        """Return what this side makes of an advantage at first: its optimism bends it its own way."""
        raise NotImplementedError

    def news(self) -> None:
        """Let the mood drift, and learn from the week's fighting; without learning misjudge every week alike."""
        super().news()
        field = self.model.fighting
        if self.model.world.beliefs:
            self.belief = self.optimistic(field)
        else:
            self.belief = learning.belief(self.belief, field, self.learns)

    @property
    def mood_in_terms(self) -> float:
        """How far this week's mood enters what this side would sign."""
        return self.mood if self.model.world.terms else 0.0


class Host(Belligerent):
    """The host: it asks for guarantees, remembers broken deals, and hosts or refuses a mission."""

    def __init__(self, model: Situation, at: int) -> None:
        super().__init__(model, at)
        own, row = model.world.host, model.row
        self.loss_of_war: float = row[own.loss_of_war]
        self.memory: float = row[own.memory]
        self.arms_held: float = row[own.arms]
        self.worth_floor: float = row[own.worth_floor]
        self.resists: float = row[own.resists]
        self.terms = truces.HostTerms(0.0, 0.0, 0.0, 0.0, 0.0)

    def optimistic(self, advantage: float) -> float:
        """Return a lower advantage of the opponent's than there is."""
        return advantage - self.optimism

    @property
    def view(self) -> float:
        """What the host believes of the battlefield, with what dated events do to its optimism and aid cut adds."""
        return self.belief - self.model.shift("ukrainian_optimism") + self.model.unarmed

    @property
    def pressure(self) -> float:
        """Pressure that reaches the host after what it resists."""
        return self.payoff * (1.0 - self.resists)

    @property
    def arms(self) -> float:
        """Arms that the host counts on; aid that is cut is not there."""
        return self.arms_held * (1.0 - min(1.0, max(0.0, self.payoff)))

    def shortfall(self) -> float:
        """Return how much concession is still wanting for a truce."""
        return 0.0 if self.model.truce else lobbying.shortfall(self.model.gap)

    def blocks(self, worth: float) -> bool:
        """Return whether the host refuses to host a mission of this worth."""
        return tabling.host_blocks(worth, self.worth_floor, self.model.rule.table_floor_relief, self.pressure)

    def guarantee(self, mission: int, sufficiency: float) -> float:
        """Return the guarantee the host would see under a mission with so many troops over its minimum."""
        rule, there = self.model.rule, min(1.0, sufficiency)
        worth = self.model.missions[mission].worth if mission >= 0 else 0.0
        arms = rule.truce_arms_weight * self.arms
        return guarantees.guarantee(
            rule.truce_force_weight * worth * there, rule.truce_promise_weight * self.promise() * there, arms
        )

    def concedes(self, guarantee: float) -> float:
        """Return the most the host concedes for a guarantee, apart from its passing mood."""
        self.terms = self.weigh(guarantee)
        return truces.most_conceded(self.terms)

    def weigh(self, guarantee: float) -> truces.HostTerms:
        """Return what the most that the host concedes is made of."""
        model, rule = self.model, self.model.rule
        threat, weeks = rule.truce_break_threat * model.threat, rule.truce_look_ahead_weeks
        without = truces.break_rate(rule.truce_break_hazard, 0.0, 0.0, threat, 0.0, 0.0)
        kept = truces.break_rate(rule.truce_break_hazard, rule.truce_break_guarantee * guarantee, 0.0, threat, 0.0, 0.0)
        return truces.HostTerms(
            guarantee=truces.peace_kept(
                self.loss_of_war, foresight.renewed_war(without, weeks), foresight.renewed_war(kept, weeks)
            ),
            pressure=self.pressure,
            advantage=rule.battlefield_terms_weight * self.view,
            memory=-(self.memory + rule.truce_memory_step * model.broken),
            disposition=self.disposition,
        )


class Opponent(Belligerent):
    """A belligerent that does not host: it is provoked, believes in the battlefield, and consents or refuses.

    Where there are several, each weighs terms by itself; all have to agree (:mod:`sim.model.terms`).
    """

    def __init__(self, model: Situation, at: int) -> None:
        super().__init__(model, at)
        place = model.world.opponents_at.index(at)
        self.columns = own = model.world.opponents[place]
        self.seated = bool(model.world.opponents_seated[place])
        row = model.row
        self.provocation: float = row[own.provocation]
        self.tolerance: float = row[own.tolerance]
        self.claims: float = row[own.claims]
        self.forward_forces: float = row[own.forward_forces]
        self.light_tolerates: float = row[own.light_tolerates]
        self.light_firmness: float = row[own.light_firmness]
        self.has_light_veto = own.light_firmness != model.world.absent
        self.terms = self.asked = truces.OpponentTerms(0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
        self.least, self.gap = 0.0, 1.0
        self.rewards = 0.0
        self.consent_index, self.consent = 0.0, 0

    def optimistic(self, advantage: float) -> float:
        """Return a higher advantage of its own than there is."""
        return advantage + self.optimism

    @property
    def view(self) -> float:
        """What it believes of its advantage, with what dated events do to its optimism and aid cut adds."""
        return self.belief + self.model.shift("russian_optimism") + self.model.unarmed

    def pays_for_signing(self, tie: Tie) -> bool:
        """Return whether an incentive is a reward for signing: normal relations are."""
        return tie.channel == "normalisation"

    def relief(self) -> float:
        """Return the rewards for signing that are held out to this side this week."""
        total = 0.0
        for tie in self.incentives_in:
            if self.pays_for_signing(tie):
                total += self.spent(tie)
        return total

    def shortfall(self) -> float:
        """Return how much is still wanting: for a truce, or, in a truce, for consent."""
        return lobbying.shortfall(-self.consent_index if self.model.truce else self.gap)

    def provoked(self, mission: int) -> float:
        """Return the weighted provocation of a mission (-1: none) under the backstop on offer."""
        if mission < 0:
            return 0.0
        kind, rule = self.model.missions[mission], self.model.rule
        own = guarantees.provocation(
            kind.provocation, kind.western, rule.truce_promise_provokes, self.model.answer_to_attack
        )
        return self.provocation * own

    def requires(self, provoked: float, relief: float) -> float:
        """Return the least this side takes, apart from its passing mood, for a provocation and what it is paid."""
        self.terms = self.weigh(provoked, relief)
        return truces.least_taken(self.terms)

    def weigh(self, provoked: float, relief: float) -> truces.OpponentTerms:
        """Return what the least that this side takes is made of."""
        return truces.OpponentTerms(
            provocation=provoked,
            claims=self.claims,
            advantage=self.model.rule.battlefield_terms_weight * self.view,
            pressure=-self.payoff,
            relief=-relief,
            disposition=-self.disposition,
        )

    def blocks(self, mission: int) -> bool:
        """Return whether this side keeps a mission that needs its acceptance off the table."""
        if not (self.has_light_veto and self.model.missions[mission].needs_acceptance):
            return False
        return self.provoked(mission) > self.light_tolerates and tabling.veto_stands(self.light_firmness, self.payoff)

    def answer(self) -> None:
        """Refuse, tolerate or accept the mission on the table, in this week's mood; nothing is paid for it."""
        model = self.model
        self.asked = self.weigh(self.provoked(model.mission), 0.0)
        required = truces.least_taken(self.asked) - self.mood
        self.consent_index = consenting.consent_index(model.concession, required)
        signed = model.truce and model.signed == model.mission and model.mission >= 0
        self.consent = consenting.consent(self.consent_index, self.tolerance, signed)
