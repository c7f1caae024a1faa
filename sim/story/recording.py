"""One run seen from within: what each actor weighed, round by round, so that a story can tell why it moved."""

from __future__ import annotations

from typing import NamedTuple

from sim import vocabulary
from sim.ensemble.columns import WeeklyRow
from sim.model import menu, phases, record
from sim.model.negotiation import Negotiation, Phase
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import DrawnRun
from sim.story.weighed import Terms, consent_terms, offer_terms, overlap_terms, readiness_terms
from sim.world import building, draws, streams
from sim.world.columns import Inputs, Luck, World


class Moment(NamedTuple):
    """One round at its end, by name; the terms are those the actors weighed when they decided in it.

    ``state`` has the columns of ``WEEKLY``, ``actors`` those of ``ACTOR_WEEKLY`` by contributor; ``barred`` are those
    that may not pledge, ``committed`` those whose commitment binds. ``readiness`` (by contributor), ``offer``,
    ``overlap`` (of a truce's terms) and ``consent`` add up to what they are named after. ``posture`` is the broker's
    without dated events, ``proposer`` who would table a mission, ``favourite`` the mission it likes best, ``kept_off``
    whose objection keeps which mission off the table.
    """

    state: dict[str, float]
    actors: dict[str, dict[str, float]]
    barred: frozenset[str]
    committed: frozenset[str]
    readiness: dict[str, Terms]
    offer: Terms
    overlap: Terms
    consent: Terms
    posture: float
    proposer: str
    favourite: str
    kept_off: dict[str, str]


class Record(NamedTuple):
    """A whole run: its structure, its inputs by path, week 0 and then every round, and who sets whom an example.

    ``minima`` are the least troops of missions, by their position.
    """

    world: World
    inputs: dict[str, float]
    moments: list[Moment]
    examples: dict[str, tuple[str, ...]]
    thresholds: tuple[float, ...]
    margin: float
    minima: tuple[float, ...]


def witness(scenario: Scenario, seed: int, run: int, drawn: DrawnRun | None = None) -> Record:
    """Return run ``run`` of a scenario as seen from within: the same run as in every batch of that seed.

    ``drawn`` is a run that a search kept, which is then seen instead.

    Raises
    ------
    ValueError
        If the number of the run, or the seed, is none.
    """
    for value, what in ((run, "a run's number"), (seed, "a seed")):
        if not 0 <= value < 2**63:
            raise ValueError(f"{what} is a whole number from 0 on, got {value!r}")
    structure = building.build(scenario)
    inputs, luck = drawn.draw(structure) if drawn else draws.draw(structure, seed, run // streams.BLOCK)
    model = Watched(structure, inputs, luck, 0 if drawn else run % streams.BLOCK)
    model.play()
    return Record(
        world=structure,
        inputs=dict(zip(structure.names.inputs, model.row, strict=False)),
        moments=model.moments,
        examples={each.name: tuple(source.name for source, _ in each.examples) for each in model.contributors},
        thresholds=tuple(model.stage_from),
        margin=model.rule.pledge_margin,
        minima=tuple(kind.minimum for kind in model.missions),
    )


class Watched(Negotiation):
    """A negotiation that writes down what its actors weigh; it changes nothing."""

    def __init__(self, structure: World, inputs: Inputs, luck: Luck, run: int) -> None:
        super().__init__(structure, inputs, luck, run)
        self.at_table: tuple[str, str, dict[str, str]] = ("", vocabulary.NO_MISSION, {})
        self.moments = [self._moment(record.weekly_state(self, self.parties))]

    def perform(self, phase: Phase) -> None:
        """Play one phase, and note before it what its actors are about to look at."""
        if phase is phases.table:
            self.at_table = _at_table(self)
        super().perform(phase)

    def take_down(self) -> None:
        """Add the state and what was weighed to the record."""
        super().take_down()
        self.moments.append(self._moment(self.notes.weekly[-1]))

    def _moment(self, state: WeeklyRow) -> Moment:
        by_actor = zip(self.contributors, record.contributor_states(self, self.contributors), strict=True)
        return Moment(
            state=state._asdict(),
            actors={each.name: row._asdict() for each, row in by_actor},
            barred=frozenset(each.name for each in self.contributors if each.barred_weeks > 0.0),
            committed=frozenset(each.name for each in self.contributors if each.committed),
            readiness={each.name: readiness_terms(each) for each in self.contributors},
            offer=offer_terms(self),
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
    proposer = menu.proposer_of(model, menu.at_table(model.parties))
    beside = [at for at, kind in enumerate(model.missions) if not kind.training]
    favourite = min(beside, key=proposer.dislikes) if beside else -1
    objections = {names[at]: menu.objection(model, model.parties, at) for at in beside}
    kept_off = {mission: whose for mission, whose in objections.items() if whose}
    return proposer.name, names[favourite] if favourite >= 0 else vocabulary.NO_MISSION, kept_off
