"""The sides of the war as Mesa agents: the host, and the opponents whose signature a truce needs."""

from __future__ import annotations

from sim.model.situation import Situation
from sim.model.state import State, Tie
from sim.rules import consenting, foresight, guarantees, learning, lobbying, tabling, truces


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
