"""One run seen from within: what each actor weighed, round by round, so that a story can tell why it moved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sim import vocabulary
from sim.ensemble import columns
from sim.model import phases, record
from sim.model.negotiation import Negotiation
from sim.rules import pledging, tabling
from sim.scenario.scenario import Scenario
from sim.story.weighed import Terms, _at_first, consent_terms, offer_terms, overlap_terms, readiness_terms
from sim.world import building, draws, streams
from sim.world.columns import Inputs, Luck, World


class Moment(NamedTuple):
    """One round at its end, by name; the terms are those the actors weighed when they decided in it.

    ``state`` has the columns of ``WEEKLY``, ``actors`` those of ``ACTOR_WEEKLY`` by contributor; ``barred`` are those
    that may not pledge. ``readiness`` (by contributor), ``offer``, ``overlap`` (of a truce's terms) and ``consent`` add
    up to what they are named after. ``posture`` is the broker's without dated events, ``proposer`` who would table a
    mission, ``favourite`` the mission it likes best, ``kept_off`` whose objection keeps which mission off the table.
    """

    state: dict[str, float]
    actors: dict[str, dict[str, float]]
    barred: frozenset[str]
    readiness: dict[str, Terms]
    offer: Terms
    overlap: Terms
    consent: Terms
    posture: float
    proposer: str
    favourite: str
    kept_off: dict[str, str]


class Record(NamedTuple):
    """A whole run: its structure, its inputs by path, week 0 and then every round, and who sets whom an example."""

    world: World
    inputs: dict[str, float]
    moments: list[Moment]
    examples: dict[str, tuple[str, ...]]
    thresholds: tuple[float, ...]
    margin: float


def witness(scenario: Scenario, seed: int, run: int) -> Record:
    """Return run ``run`` of a scenario as seen from within: the same run as in every batch of that seed."""
    structure = building.build(scenario)
    inputs, luck = draws.draw(structure, seed, run // streams.BLOCK)
    model = Watched(structure, inputs, luck, run % streams.BLOCK)
    model.play()
    return Record(
        world=structure,
        inputs=dict(zip(structure.names.inputs, model.row, strict=False)),
        moments=model.moments,
        examples={each.name: tuple(source.name for source, _ in each.examples) for each in model.contributors},
        thresholds=tuple(model.stage_from),
        margin=model.rule.pledge_margin,
    )


class Watched(Negotiation):
    """A negotiation that writes down what its actors weigh; it changes nothing."""

    def __init__(self, structure: World, inputs: Inputs, luck: Luck, run: int) -> None:
        super().__init__(structure, inputs, luck, run)
        self.seen: dict[str, pledging.Sight] = {}
        for contributor in self.contributors:
            contributor.sees = partial(self._note, contributor.name, contributor.sees)  # type: ignore[method-assign]
        self.last_sufficiency, self.last_consent = self.sufficiency, self.consent_value
        self.at_table: tuple[str, str, dict[str, str]] = ("", vocabulary.NO_MISSION, {})
        self.moments = [
            self._moment(record.weekly_state(self), {each.name: _at_first(each) for each in self.contributors})
        ]

    def step(self) -> None:
        """Play one round, and look at the table just before it is set."""
        self.week = (self.round + 1) * self.round_weeks
        self.last_consent = self.consent_value
        for phase in vocabulary.PHASES:
            if phase == "table":
                self.at_table = _at_table(self)
            if phase == "offer":
                self.last_sufficiency = self.sufficiency
            getattr(phases, phase)(self)
        self.take_down()
        self.round += 1

    def take_down(self) -> None:
        """Add the state and what was weighed to the record."""
        super().take_down()
        readiness = {each.name: readiness_terms(each, self.seen[each.name]) for each in self.contributors}
        self.moments.append(self._moment(self._weekly[-1], readiness))

    def _note(self, name: str, look: Callable[[], pledging.Sight]) -> pledging.Sight:
        self.seen[name] = sight = look()
        return sight

    def _moment(self, state: list[float], readiness: dict[str, Terms]) -> Moment:
        stages = {
            each.name: (float(each.stage), each.readiness, float(each.ratified), float(each.in_force))
            for each in self.contributors
        }
        return Moment(
            state=dict(zip(columns.WEEKLY, state, strict=True)),
            actors={name: dict(zip(columns.ACTOR_WEEKLY, row, strict=True)) for name, row in stages.items()},
            barred=frozenset(each.name for each in self.contributors if each.barred_weeks > 0.0),
            readiness=readiness,
            offer=offer_terms(self, self.last_sufficiency, self.last_consent),
            overlap=overlap_terms(self),
            consent=consent_terms(self),
            posture=self.broker.posture,
            proposer=self.at_table[0],
            favourite=self.at_table[1],
            kept_off=self.at_table[2],
        )


def _at_table(model: Negotiation) -> tuple[str, str, dict[str, str]]:
    """Return who would table a mission now, which it likes best, and whose objection keeps which mission off."""
    names = model.world.names.missions
    proposers = [actor for actor in model.states if actor.standing > 0.0]
    proposer = phases._proposer(model, proposers)
    open_to_all = [at for at, kind in enumerate(model.missions) if not kind.training]
    favourite = min(open_to_all, key=proposer.dislikes) if open_to_all else -1
    kept_off = {names[at]: objection(model, at) for at in open_to_all}
    found = {mission: who for mission, who in kept_off.items() if who}
    return proposer.name, names[favourite] if favourite >= 0 else vocabulary.NO_MISSION, found


def objection(model: Negotiation, at: int) -> str:
    """Return what keeps a mission off the table: ``host``, ``opponent``, ``broker``, ``troops``, or nothing."""
    kind, broker = model.missions[at], model.broker
    if model.host.blocks(kind.worth):
        return "host"
    if model.opponent.blocks(at):
        return "opponent"
    if kind.nato_flag and broker.has_nato_veto and tabling.veto_stands(broker.nato_veto, broker.payoff):
        return "broker"
    few = tabling.too_few(phases._foreseeable(model, at), kind.minimum, model.rule.table_supply_share)
    return "troops" if few else ""
