"""The situation of one run: its numbers, its luck, and what stands on the table and in the field; it knows no actor.

Actors ask it and phases change it, so both can be read without the list of phases that plays them.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection
from functools import cached_property
from typing import NamedTuple

import numpy as np
from networkx import MultiDiGraph

from sim import vocabulary
from sim.rules import chance, forming, guarantees, news, pledging, truces
from sim.world.columns import Inputs, Luck, World
from sim.world.network import graph
from sim.world.rule_names import RuleNames

with warnings.catch_warnings():  # its progress bar, which is not used here, complains in notebooks without ipywidgets
    warnings.simplefilter("ignore")
    import mesa


class Kind(NamedTuple):
    """A mission with one run's numbers; ``worth`` as weakened by forces at the line and helped by reserves."""

    name: str
    deployed: bool
    training: bool
    western: bool
    un_mandate: bool
    nato_flag: bool
    waits_for_truce: bool
    consent_word: int
    leads: frozenset[int]
    profile: tuple[float, ...]
    worth: float
    provocation: float
    exposure: float
    target: float
    minimum: float

    @property
    def needs_acceptance(self) -> bool:
        """Whether the mission needs the opponent to accept it, not merely to tolerate it."""
        return self.consent_word == len(vocabulary.CONSENTS) - 1


class Force(NamedTuple):
    """A force in the field: its mission, and troops in all and European (persons)."""

    mission: int
    troops: float
    european_troops: float
    european: bool
    states: int


class Asked(NamedTuple):
    """What one opponent would take in a deal, and what that is made of; the mood is that which enters terms."""

    terms: truces.OpponentTerms
    mood: float
    least: float


class Deal(NamedTuple):
    """What all sides would settle for in one deal, as it was weighed: ``mission`` -1 is a truce without a force.

    ``guarantee`` is what the host sees in it, ``follows`` the chance that a force follows; moods are those that enter
    terms. ``most`` is what the host would concede, ``asked`` what each opponent would take, in their order, and
    ``least`` the most of these.
    """

    mission: int
    guarantee: float
    follows: float
    host: truces.HostTerms
    host_mood: float
    most: float
    asked: tuple[Asked, ...]
    least: float


class Situation(mesa.Model):  # type: ignore[misc]
    """What actors and phases may ask of a run, and what the phases change: facts alone, by position or name.

    Parameters
    ----------
    world, inputs, luck
        From :func:`sim.world.building.build` and :func:`sim.world.draws.draw`.
    run
        Position of the run in its block, 0 to 511.
    relaxed
        Gates of :data:`sim.vocabulary.GATES` that are held open: each tests true, which all foresee, and
        leaves all else alone.

    Raises
    ------
    ValueError
        If ``relaxed`` names what is no gate.
    """

    def __init__(self, world: World, inputs: Inputs, luck: Luck, run: int, relaxed: Collection[str] = ()) -> None:
        super().__init__(rng=0)
        strange = set(relaxed) - set(vocabulary.GATES)
        if strange:
            raise ValueError(f"{sorted(strange)[0]!r} is not a gate; allowed: {', '.join(vocabulary.GATES)}")
        self.world, self.relaxed = world, frozenset(relaxed)
        self.row: list[float] = inputs.values[run].tolist()
        self._luck: list[list[float]] = luck.values[:, :, run].tolist()
        self.round_weeks = 1.0 / world.rounds_per_week
        self._read_rules()
        self._read_scales()
        self.missions = [self._mission(at) for at in range(len(world.names.missions))]
        self._start()
        self._read_gates()

    # --- what actors and phases ask ------------------------------------------------------------------------------

    @cached_property
    def network(self) -> MultiDiGraph[str]:
        """The leverage network with this run's numbers, for those who look on: actors hold their own ties."""
        return graph(self.world, self.row)

    def luck(self, stream: int) -> float:
        """Return this round's luck of a stream."""
        return self._luck[stream][self.round]

    def luck_once(self, stream: int) -> float:
        """Return the luck of a stream that is asked once a run."""
        return self._luck[stream][0]

    def firmness(self, column: int) -> float:
        """Return the firmness of a demand in a column of the inputs, with the error that all judgements share."""
        return chance.tilted(self.row[column], self.row[self.world.firmness_tilt])

    def shift(self, quantity: str) -> float:
        """Return what dated events have added to a quantity so far."""
        return self.shifts.get(quantity, 0.0)

    @property
    def fighting(self) -> float:
        """The opponents' advantage as a week's fighting shows it, with what dated events add to it."""
        return self.battlefield + self.shifts.get("battlefield", 0.0)

    @property
    def unarmed(self) -> float:
        """What aid that is cut adds to the opponents' advantage; known to all at once, so nobody learns it."""
        return news.unarmed(self.rule.battlefield_arms, self.row[self.world.host.arms], self.aid_cut)

    @property
    def battlefield_now(self) -> float:
        """The opponents' advantage, with what dated events and aid that is cut add to it."""
        return self.fighting + self.unarmed

    @property
    def answer_to_attack(self) -> float:
        """How far an attack on a force would meet answer from the broker, at the rung on offer."""
        return self.guarantee_of[self.rung]

    @property
    def exposure(self) -> float:
        """Exposure of the mission on the table less that of the reference mission; 0 with none."""
        if self.mission < 0:
            return 0.0
        return self.missions[self.mission].exposure - self.missions[self.world.reference_mission].exposure

    @property
    def consent_value(self) -> float:
        """The opponents' consent as a number, k."""
        return self.consent_values[self.consent]

    @property
    def weeks_standing(self) -> float:
        """Weeks for which the mission on the table has stood there."""
        return self.rounds_standing * self.round_weeks

    def shared_sight(self) -> tuple[float, float, float, float, float, float]:
        """Return what all contributors see alike, the last fields of :class:`sim.rules.pledging.Sight`.

        While they decide it does not change, so that the phase gathers it once (``in_sight``) and not once an actor.
        """
        rule = self.rule
        return self.in_sight or (
            self.exposure,
            self.concession,
            pledging.defined(self.weeks_standing, rule.pledge_definition_weeks, self.settled),
            self.sidelined,
            pledging.fatigue(self.week, rule.pledge_fatigue_weeks, self.aid_cut),
            self.battlefield_now,
        )

    @property
    def settled(self) -> bool:
        """Whether the mission is fixed: signed with the truce in force, or in the field."""
        return self.force is not None or (self.truce and self.signed >= 0)

    @property
    def called(self) -> float:
        """1 if nothing was missing last week for a force but those who fill it, else 0."""
        met = self.met
        return pledging.called(
            float(met["truce"]),
            float(met["host_consent"]),
            float(met["russian_consent"]),
            float(met["council"]),
            float(met["lead"]),
        )

    def learn_of_promise(self, kept: bool, tells: float) -> None:
        """Note what the broker did for or against its word, in observations; beliefs that are fixed ignore it."""
        if not self.world.beliefs:
            self.promises_kept += tells if kept else 0.0
            self.promises_broken += 0.0 if kept else tells

    def end_truce(self) -> None:
        """Note that the truce in force is broken; talks begin anew."""
        self.truce, self.signed, self.imposed = False, -1, 0.0
        self.broken += 1
        self.overlap_rounds = 0

    def let_go(self) -> None:
        """Let memory be freed once the run is over: Mesa up to 3.4.1 keeps every model alive in a table of its own."""
        getattr(mesa.Agent, "_ids", {}).pop(self, None)

    # --- the beginning -------------------------------------------------------------------------------------------

    def _read_rules(self) -> None:
        self.rule = rule = RuleNames(*(self.row[column] for column in self.world.rule))
        weeks = self.round_weeks
        self.mood_kept = chance.kept(rule.moods_persistence, weeks)
        self.mood_sd = chance.shock_sd(rule.moods_weekly_sd, rule.moods_persistence, weeks)
        self.battlefield_kept = chance.kept(rule.battlefield_persistence, weeks)
        self.battlefield_sd = chance.shock_sd(rule.battlefield_weekly_sd, rule.battlefield_persistence, weeks)
        self.adjustment = chance.per_round(rule.lobby_adjustment, weeks)
        self.influence_speed = chance.per_round(rule.lobby_influence_speed, weeks)
        self.european_mood = self.row[self.world.european_mood]

    def _read_scales(self) -> None:
        scale, row = self.world.scale, self.row
        self.offered_from: list[float] = [row[column] for column in scale.offered_from]
        self.guarantee_of: list[float] = [row[column] for column in scale.guarantee]
        self.enabling_of: list[float] = [row[column] for column in scale.enabling]
        self.stance_values: list[float] = [row[column] for column in scale.stance]
        self.stage_from: list[float] = [row[column] for column in scale.stage_from]
        self.consent_values: list[float] = [row[column] for column in scale.consent]

    def _mission(self, at: int) -> Kind:
        mission, row, rule = self.world.mission, self.row, self.rule
        forward = max(row[own.forward_forces] for own in self.world.opponents)
        reserves = row[mission.reserves[at]]
        own = row[mission.worth[at]]
        target = row[mission.target[at]]
        return Kind(
            name=self.world.names.missions[at],
            deployed=bool(mission.deployed[at]),
            training=bool(mission.training[at]),
            western=bool(mission.western[at]),
            un_mandate=bool(mission.un_mandate[at]),
            nato_flag=bool(mission.nato_flag[at]),
            waits_for_truce=bool(mission.waits_for_truce[at]),
            consent_word=int(mission.consent_word[at]),
            leads=frozenset(np.flatnonzero(mission.leads[at]).tolist()),
            profile=tuple(row[column] for column in mission.profile[at]),
            worth=guarantees.mission_worth(own, rule.hold_forward_loss, forward, rule.hold_reserve_gain, reserves),
            provocation=row[mission.provocation[at]],
            exposure=row[mission.exposure[at]],
            target=target,
            minimum=forming.least_worth_sending(target, rule.form_minimum_share, bool(mission.deployed[at])),
        )

    def _start(self) -> None:
        self.round, self.week = 0, 0.0
        self.battlefield = self.rule.battlefield_mean
        self.shifts: dict[str, float] = {}
        self.events = self._events()
        self.mission = self.world.impose
        self.rung = int(self.row[self.world.broker.at_least])
        self.aid_cut = self.follows = 0.0
        self.promises_kept = self.promises_broken = 0.0
        self.bundled_rung = -1
        self.rounds_standing = 0
        self.truce, self.truces, self.broken, self.signed, self.imposed = False, 0, 0, -1, 0.0
        self.overlap_rounds, self.gap = 0, 1.0
        self.most = self.least = self.guarantee_seen = 0.0
        self.deals: list[Deal] = []
        self.concession, self.consent_index, self.consent = 0.0, 0.0, 0
        self.sufficiency = self.counted_troops = self.pledged_troops = self.ratified_troops = 0.0
        self.minimum = 0.0
        self.counted: frozenset[int] = frozenset()
        self.sidelined = self.threat = self.ceiling = 0.0
        self.in_sight: tuple[float, float, float, float, float, float] | None = None
        self.met = dict.fromkeys(vocabulary.GATES, False)
        self.ready_rounds = self.training_rounds = 0
        self.force: Force | None = None
        self.training = False
        self.broke = self.formed = self.tested = self.attacked = self.reinforced = self.ended = False
        self.escalated = self.strained = False

    def _events(self) -> list[tuple[str, float, float]]:
        """Return dated events in the order of their names: what they shift, from which week, and by how much."""
        event, row = self.world.event, self.row
        columns = zip(event.quantity.tolist(), event.week.tolist(), event.change.tolist(), strict=True)
        return [(vocabulary.EVENT_QUANTITIES[quantity], row[week], row[change]) for quantity, week, change in columns]

    def _read_gates(self) -> None:
        edge, members = self.world.edge, self.world.actor.eu_member
        gates = [
            (vocabulary.CHANNELS[channel], target, self.row[column] >= 1.0)
            for channel, target, column in zip(edge.channel, edge.target.tolist(), edge.open, strict=True)
            if vocabulary.CHANNELS[channel] in vocabulary.GATE_CHANNELS
        ]
        shut = [(channel, target) for channel, target, is_open in gates if not is_open]
        self.held_up = {target for channel, target in shut if channel == "eu_decision" and members[target]}
        self.vetoed = any(channel == "security_council_veto" for channel, _ in shut)
        served = {target for channel, target, _ in gates if channel == "logistics_hub"}
        reached = {target for channel, target, is_open in gates if channel == "logistics_hub" and is_open}
        self.hubs_shut = forming.hubs_shut(len(served), len(reached))
