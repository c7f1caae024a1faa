"""The actors that might send troops: what they see when they decide, and how far they have come."""

from __future__ import annotations

from sim.model.situation import Situation
from sim.model.state import OPEN, PLEDGED, TOP_STAGE, State, Tie
from sim.rules import chance, holding, lobbying, pledging, ratifying

_NOTHING = pledging.Sight(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
_ALL_MET = pledging.Unmet(0.0, 0.0, 0.0, 0.0, 0.0)
_NO_CHANGE = pledging.Circumstances(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


class Contributor(State):
    """A state that might send troops: opposed, hesitant, open or pledged; and then its parliament."""

    def __init__(self, model: Situation, at: int) -> None:
        super().__init__(model, at)
        own, row, rule = model.world.actor, model.row, model.rule
        self.stage, self.pledge_stream = 0, int(model.world.stream.pledge[at])
        self.first, self.second = int(row[own.stance[at]]), int(row[own.stance_incoming[at]])
        self.handover: float | None = row[own.handover[at]] if own.handover[at] != model.world.absent else None
        self.capacity: float = row[own.capacity[at]] * (1.0 + row[model.world.capacity_tilt])
        self.kept, self.force_weeks = self.capacity, 0.0
        self.duty: float = row[own.duty[at]]
        firm = model.firmness
        self.wants = pledging.Contributor(
            demanded=model.guarantee_of[int(row[own.backstop_rung[at]])],
            weight_backstop=rule.pledge_backstop * firm(own.backstop_firmness[at]),
            autonomy=row[own.autonomy[at]],
            wanted_consent=model.consent_values[int(row[own.consent_word[at]])],
            weight_consent=rule.pledge_consent * firm(own.consent_firmness[at]),
            wanted_company=row[own.company[at]],
            weight_company=rule.pledge_company * firm(own.company_firmness[at]),
            weight_definition=rule.pledge_definition * firm(own.definition[at]),
            decent=row[own.decent[at]],
            weight_settlement=rule.pledge_settlement * firm(own.decent_firmness[at]),
            weight_exposure=rule.pledge_exposure,
            weight_guard=rule.pledge_home_guard * row[own.home_guard[at]],
            weight_sidelining=rule.pledge_sidelining * row[own.sidelining[at]],
            weight_fatigue=rule.pledge_aid_fatigue * row[own.aid_fatigue[at]],
            weight_fear=rule.pledge_fear_of_defeat * row[own.fear_of_defeat[at]],
            weight_call=rule.pledge_call_for_troops,
        )
        moves = pledging.move_chance(rule.pledge_move, rule.pledge_hesitancy_slows, row[own.government[at]])
        self.moves = chance.per_round(moves, model.round_weeks)
        hesitancies = (row[own.coalition[at]], row[own.parliament[at]], row[own.public[at]])
        self.domestic = ratifying.domestic_support(row[own.ratify_support[at]], rule.ratify_domestic, *hesitancies)
        self.ratify_weeks: float = row[own.ratify_weeks[at]]
        self.cover = 0.0
        self.examples: list[tuple[State, float]] = []
        self.seen = _NOTHING
        self.unmet, self.circumstances = _ALL_MET, _NO_CHANGE
        self.readiness = self.centre = 0.0
        self.pledged_weeks = self.barred_weeks = 0.0
        self.ratified = self.in_force = self.committed = False
        self.commits = bool(own.commits[at])
        self.committed_troops: float = row[own.commit_troops[at]]
        conditions = (own.commit_rung, own.commit_consent, own.commit_company, own.commit_truce)
        self.asked = pledging.Asked(*(float(row[column[at]]) for column in conditions))

    @property
    def contributes(self) -> bool:
        """Contributors may send troops."""
        return True

    def meet(self, ties: list[Tie]) -> None:
        """Remember edges; also who sets an example, and how far the broker's word covers this state's troops."""
        super().meet(ties)
        mine = [tie for tie in ties if tie.target is self]
        self.examples = self.weighed([tie for tie in mine if tie.channel == "troop_example"])
        for tie in mine:
            if tie.channel == "security_guarantee":
                self.cover += tie.strength

    def settle(self) -> None:
        """Work out readiness at week 0, before anybody has a stage; with stances as spoken, where all stood then."""
        self.weigh(self.sees_at_start())
        self.centre = pledging.total(self.circumstances) if self.model.world.stances else 0.0
        self.readiness = self.disposed + (pledging.total(self.circumstances) - self.centre)

    def take_first_stage(self) -> None:
        """Stand where readiness points to at week 0."""
        self.stage = pledging.fitting_stage(self.readiness, *self.model.stage_from)

    def sees_at_start(self) -> pledging.Sight:
        """Gather what this state sees at week 0: only what is promised anyway is on offer, nobody has pledged."""
        model, relaxed = self.model, self.model.relaxed
        return pledging.Sight(
            promise=self.wants.demanded if "backstop" in relaxed else self.believed(),
            consent=self.wants.wanted_consent if "russian_consent" in relaxed else model.consent_value,
            sufficiency=0.0,
            company=self.company(0.0),
            exposure=0.0,
            conceded=0.0,
            defined=pledging.defined(0.0, model.rule.pledge_definition_weeks, False),
            sidelined=0.0,
            fatigue=0.0,
            advantage=model.battlefield_now,
            called=0.0,
        )

    def weigh(self, sees: pledging.Sight) -> None:
        """Note what this state sees, how far its demands are unmet, and what the circumstances add to its stance."""
        wants = self.wants
        unmet = pledging.unmet(wants, sees)
        self.seen, self.unmet = sees, unmet
        self.circumstances = pledging.circumstances(wants, sees, pledging.least_met(unmet))

    def shortfall(self) -> float:
        """Return how close to pledging this state is: threats aim at those about to commit."""
        return lobbying.shortfall(self.stage / TOP_STAGE)

    @property
    def disposed(self) -> float:
        """Readiness with all demands met: stance, duty, own disposition, and for Europeans the common mood."""
        model = self.model
        stance = self.second if self.handover is not None and model.week >= self.handover else self.first
        common = model.european_mood + model.shifts.get("european_mood", 0.0) if self.european else 0.0
        return model.stance_values[stance] + self.duty + self.disposition + common

    def believed(self) -> float:
        """Return what the broker's promise is worth to this state, as far as it covers its troops."""
        return self.promise() * self.cover if self.cover > 0.0 else 0.0

    def sufficiency_of_others(self) -> float:
        """Return what others pledged over the minimum of the mission on the table, at least 0."""
        model = self.model
        if not model.counted or model.minimum <= 0.0:
            return 0.0
        own = self.kept if self.at in model.counted else 0.0
        return max(0.0, model.counted_troops - own) / model.minimum

    def company(self, sufficiency: float) -> float:
        """Return the company this state sees: what others pledged, and the example of leads where there are any."""
        if not self.examples:
            return min(1.0, sufficiency)
        example = 0.0
        for source, weight in self.examples:
            example += weight * source.stage / TOP_STAGE if isinstance(source, Contributor) else 0.0
        return pledging.company(sufficiency, example, self.model.rule.pledge_example)

    def sees(self) -> pledging.Sight:
        """Gather what this state sees when it decides."""
        model = self.model
        others, relaxed = self.sufficiency_of_others(), model.relaxed
        return pledging.Sight(
            self.wants.demanded if "backstop" in relaxed else self.believed(),
            self.wants.wanted_consent if "russian_consent" in relaxed else model.consent_value,
            others,
            self.company(others),
            *(model.in_sight or model.shared_sight()),
            model.called if self.may_join() else 0.0,
        )

    def may_join(self) -> bool:
        """Return whether the mission on the table is one that this state may join."""
        model = self.model
        return model.mission >= 0 and bool(model.world.mission.eligible[model.mission, self.at])

    def consider(self) -> int:
        """Work out readiness, and return the stage this state moves to."""
        model, rule = self.model, self.model.rule
        self.weigh(self.sees())
        changed = pledging.total(self.circumstances) - self.centre
        self.readiness = self.disposed + self.payoff + self.mood + changed
        if self.commits:
            self.committed = self.holds_to_its_word()
            self.serve(0.0)
            if self.committed:
                return PLEDGED
        luck, margin = model.luck(self.pledge_stream), rule.pledge_margin
        hesitant, opened, pledged = model.stage_from
        if model.world.decision:
            due = pledging.quantal_stage(
                self.stage,
                self.readiness,
                (hesitant, opened, pledged),
                margin,
                rule.pledge_precision,
                self.moves,
                luck,
            )
        elif luck < self.moves:
            due = pledging.due_stage(self.stage, self.readiness, hesitant, opened, pledged, margin)
        else:
            return self.stage
        if holding.bound(self.in_force, self.force_weeks, rule.hold_tour_weeks, model.truce):
            return max(due, self.stage)
        return min(due, OPEN) if self.barred_weeks > 0.0 else due

    def holds_to_its_word(self) -> bool:
        """Return whether this state's commitment binds it now; one that was refused or broken off waits."""
        model, relaxed = self.model, self.model.relaxed
        return self.barred_weeks <= 0.0 and pledging.committed(
            self.asked.rung if "backstop" in relaxed else float(model.rung),
            self.asked.consent if "russian_consent" in relaxed else float(model.consent),
            self.sufficiency_of_others(),
            model.truce or "truce" in relaxed,
            self.asked,
        )

    def serve(self, weeks: float) -> None:
        """Count weeks served in a force; past its first tour a state can keep less in this or another."""
        self.force_weeks += weeks
        rule, troops = self.model.rule, self.committed_troops if self.committed else self.capacity
        self.kept = holding.sustained(troops, self.force_weeks, rule.hold_tour_weeks, rule.hold_rotation)

    def move(self, stage: int) -> None:
        """Take a stage; whoever falls below pledged loses its ratification."""
        self.stage = stage
        if stage < PLEDGED:
            self.pledged_weeks = 0.0
            self.ratified = False

    def ratify(self) -> None:
        """Put a pledge before parliament when its time has come; a refusal bars it for months."""
        model, weeks = self.model, self.model.round_weeks
        if self.barred_weeks > 0.0:
            self.barred_weeks = max(0.0, self.barred_weeks - weeks)
        if self.stage < PLEDGED or self.ratified:
            return
        if self.committed:
            self.ratified = True
            return
        self.pledged_weeks += weeks
        if self.pledged_weeks < self.ratify_weeks:
            return
        if ratifying.passes(self.readiness, self.domestic, model.stage_from[2], model.rule.pledge_margin):
            self.ratified = True
        else:
            self.withdraw()

    def withdraw(self) -> None:
        """Fall back to open, and stay barred for a while."""
        self.move(min(self.stage, OPEN))
        self.barred_weeks = self.model.rule.ratify_bar_weeks

    def demand_met(self) -> bool:
        """Return whether this state's demand for a backstop is met, or it makes none."""
        wants = self.wants
        if wants.weight_backstop <= 0.0:
            return True
        own = wants.autonomy * min(1.0, self.sufficiency_of_others())
        return pledging.backstop_shortfall(self.believed(), wants.demanded, own) <= 0.0
