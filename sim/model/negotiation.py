"""The Mesa model: one run of the negotiation, as a list of phases that reads aloud.

This is the reference engine: what one reads, subclasses, replays and watches.
"""

from __future__ import annotations

import warnings
from collections.abc import Collection

import numpy as np

from sim import vocabulary
from sim.model import phases, record
from sim.model.actors import Broker, Host, Opponent, State, Tie
from sim.model.agent_factory import _class_of, _of
from sim.model.contributor import Contributor
from sim.model.record import Trajectory, _actor_state
from sim.model.situation import Force, Kind
from sim.rules import chance, guarantees, news
from sim.world.columns import Inputs, Luck, RuleNames, World
from sim.world.network import graph

with warnings.catch_warnings():  # its progress bar, which is not used here, complains in notebooks without ipywidgets
    warnings.simplefilter("ignore")
    import mesa


class Negotiation(mesa.Model):  # type: ignore[misc]
    """One run. ``step`` plays one round of all phases; :meth:`play` plays to the horizon.

    Parameters
    ----------
    world, inputs, luck
        From :func:`sim.world.building.build` and :func:`sim.world.draws.draw`.
    run
        Position of the run in its block, 0 to 511.
    relaxed
        Gates of :data:`sim.vocabulary.GATES` that are held open: each tests true and leaves all else alone.
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
        self._seat_actors()

    # --- the run -------------------------------------------------------------------------------------------------

    def step(self) -> None:
        """Play one round: every phase in turn, then take it down."""
        self.week = (self.round + 1) * self.round_weeks
        for phase in vocabulary.PHASES:
            getattr(phases, phase)(self)
        self.take_down()
        self.round += 1

    def play(self) -> Trajectory:
        """Play to the horizon, and return what happened."""
        while self.round < self.world.rounds:
            self.step()
        # Mesa up to 3.4.1 keeps every model alive in this table.
        getattr(mesa.Agent, "_ids", {}).pop(self, None)
        return Trajectory(np.array(self._weekly), np.array(self._actor_weekly))

    def take_down(self) -> None:
        """Add the state at the end of the round to the record."""
        self._weekly.append(record.weekly_state(self))
        self._actor_weekly.append([_actor_state(actor) for actor in self.states])

    # --- what actors ask -----------------------------------------------------------------------------------------

    def luck(self, stream: int) -> float:
        """Return this round's luck of a stream."""
        return self._luck[stream][self.round]

    def luck_once(self, stream: int) -> float:
        """Return the luck of a stream that is asked once a run."""
        return self._luck[stream][0]

    def shift(self, quantity: str) -> float:
        """Return what dated events have added to a quantity so far."""
        return self.shifts.get(quantity, 0.0)

    @property
    def battlefield_now(self) -> float:
        """Russia's advantage, with what dated events add to it."""
        return self.battlefield + self.shift("battlefield")

    def answer_to_attack(self, mission: int) -> float:
        """Return how far an attack on a mission (-1: none) would meet American answer, at the rung on offer."""
        nato = mission >= 0 and self.missions[mission].nato_flag
        return guarantees.behind_firewall(self.guarantee_of[self.broker.rung], self.rule.truce_firewall, nato)

    @property
    def consent_value(self) -> float:
        """Russian consent as a number, k."""
        return float(self.consent_values[self.consent])

    @property
    def weeks_standing(self) -> float:
        """Weeks for which the mission on the table has stood there."""
        return self.rounds_standing * self.round_weeks

    def optimism_left(self, optimism: float) -> float:
        """Return an optimism after this round."""
        return news.optimism_left(
            optimism, self.rule.battlefield_optimism_decay, self.battlefield_now, self.round_weeks
        )

    def sufficiency_without(self, contributor: Contributor) -> float:
        """Return what others pledged over the minimum of the mission on the table."""
        own = contributor.capacity if contributor in self.counted else 0.0
        return max(0.0, self.counted_troops - own) / self.minimum if self.minimum > 0.0 else 0.0

    def passes_gate(self, tie: Tie) -> bool:
        """Return whether an incentive is free to be used: sanctions of an EU member must pass the EU's gate.

        A broken truce opens the gate for good.
        """
        return self.broken > 0 or tie.channel not in vocabulary.SANCTIONS or tie.source.at not in self.held_up

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
        scale = self.world.scale
        self.offered_from, self.guarantee_of, self.enabling_of = (
            [self.row[column] for column in columns]
            for columns in (scale.offered_from, scale.guarantee, scale.enabling)
        )
        self.stance_values, self.stage_from, self.consent_values = (
            [self.row[column] for column in columns] for columns in (scale.stance, scale.stage_from, scale.consent)
        )

    def _mission(self, at: int) -> Kind:
        mission, row, rule = self.world.mission, self.row, self.rule
        forward = row[self.world.opponent.forward_forces]
        reserves = row[mission.reserves[at]]
        own = row[mission.worth[at]]
        least = row[mission.minimum[at]]
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
            minimum=max(1000.0, least) if mission.deployed[at] else least,
        )

    def _start(self) -> None:
        self.round, self.week = 0, 0.0
        self.battlefield = self.rule.battlefield_mean
        self.shifts: dict[str, float] = {}
        self.mission = self.world.impose
        self.rounds_standing = 0
        self.truce, self.truces, self.broken, self.signed, self.imposed = False, 0, 0, -1, 0.0
        self.overlap_rounds, self.gap = 0, 1.0
        self.most = self.least = self.guarantee_seen = 0.0
        self.concession, self.consent_index, self.consent = 0.0, 0.0, 0
        self.sufficiency = self.counted_troops = self.pledged_troops = self.ratified_troops = 0.0
        self.minimum = 0.0
        self.counted: frozenset[State] = frozenset()
        self.sidelined = self.threat = self.ceiling = 0.0
        self.met = dict.fromkeys(vocabulary.GATES, False)
        self.ready_rounds = self.training_rounds = 0
        self.force: Force | None = None
        self.training = False
        self.broke = self.formed = self.tested = self.attacked = self.reinforced = self.ended = False
        self._weekly: list[list[float]] = []
        self._actor_weekly: list[list[list[float]]] = []

    def _seat_actors(self) -> None:
        classes = [_class_of(self, at) for at in range(len(self.world.names.actors))]
        self.states: list[State] = [kind(self, at) for at, kind in enumerate(classes)]
        self.network = graph(self.world, self.row)
        by_name = {state.name: state for state in self.states}
        self.broker = _of(Broker, self.states[self.world.broker_at])
        self.host = _of(Host, self.states[self.world.host_at])
        self.opponent = _of(Opponent, self.states[self.world.opponent_at])
        self.contributors = [state for state in self.states if isinstance(state, Contributor)]
        ties = [
            Tie(by_name[source], by_name[target], key, data["strength"], data["willingness"], data["sign"])
            for target, source, key, data in sorted(
                ((target, source, key, data) for source, target, key, data in self.network.edges(keys=True, data=True)),
                key=lambda edge: edge[:3],
            )
        ]
        for state in self.states:
            state.meet(ties)
        for contributor in self.contributors:
            contributor.settle()
        shut = [(s, t, key) for s, t, key, is_open in self.network.edges(keys=True, data="open") if not is_open]
        members = self.world.actor.eu_member
        self.held_up = {by_name[t].at for _, t, key in shut if key == "eu_decision" and members[by_name[t].at]}
        self.vetoed = any(key == "security_council_veto" for _, _, key in shut)
        self.hub_shut = {by_name[t].at for _, t, key in shut if key == "logistics_hub"}
        self.sanctions = [tie for tie in ties if tie.channel in vocabulary.SANCTIONS and tie.target is self.opponent]
