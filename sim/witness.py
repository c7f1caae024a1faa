"""One run seen from within: what each actor weighed, round by round, so that a story can tell why it moved."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from sim import rounds, streams, vocabulary, world
from sim.actors import Contributor
from sim.config import Scenario
from sim.model import Negotiation
from sim.rules import pledging, tabling
from sim.world import Inputs, Luck, World

Terms = dict[str, float]
"""Named parts of a sum: what spoke for (above 0) and against (below 0) something."""


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
    """Return run ``run`` of a scenario as seen from within: the same run as :func:`sim.batch.trajectory`."""
    structure = world.build(scenario)
    inputs, luck = world.draw(structure, seed, run // streams.BLOCK)
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
            self._moment(rounds.weekly_state(self), {each.name: _at_first(each) for each in self.contributors})
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
            getattr(rounds, phase)(self)
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
            state=dict(zip(vocabulary.WEEKLY, state, strict=True)),
            actors={name: dict(zip(vocabulary.ACTOR_WEEKLY, row, strict=True)) for name, row in stages.items()},
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


def terms(me: pledging.Contributor, sees: pledging.Sight) -> Terms:
    """Return the parts of :func:`sim.rules.pledging.circumstances`, by name; they add up to it.

    Of two demands the one that is less met holds back; ``consent`` is what it adds to what the backstop already costs.
    """
    joined = min(1.0, sees.sufficiency)
    alone = pledging.backstop_shortfall(sees.promise, me.demanded, 0.0)
    together = pledging.backstop_shortfall(sees.promise, me.demanded, me.autonomy * joined)
    refused = me.weight_consent * max(0.0, me.wanted_consent - sees.consent)
    held = me.weight_backstop * together
    return {
        "backstop": -me.weight_backstop * alone,
        "autonomy": me.weight_backstop * alone - held,
        "consent": held - pledging.unmet(held, refused),
        "company": me.weight_company * sees.company,
        "exposure": -me.weight_exposure * sees.exposure,
        "guard": -me.weight_guard * joined,
        "settlement": -me.weight_settlement * max(0.0, sees.conceded - me.decent),
        "definition": -me.weight_definition * (1.0 - sees.defined),
        "sidelining": me.weight_sidelining * sees.sidelined,
        "fatigue": me.weight_fatigue * sees.fatigue,
    }


def readiness_terms(contributor: Contributor, sees: pledging.Sight) -> Terms:
    """Return the parts of a contributor's readiness; circumstances count from week 0, ``leaning`` is what was drawn."""
    leaning = _leaning(contributor)
    now, first = terms(contributor.wants, sees), _first_terms(contributor)
    own = {
        "stance": contributor.disposed - leaning,
        "leaning": leaning,
        "threats": contributor.payoff,
        "mood": contributor.mood,
    }
    return own | {name: now[name] - first[name] for name in now}


def _leaning(contributor: Contributor) -> float:
    common = contributor.model.european_mood if contributor.european else 0.0
    return contributor.duty + contributor.disposition + common


def _first_terms(contributor: Contributor) -> Terms:
    model = contributor.model
    exposure = model.missions[model.world.reference_mission].exposure
    company = 0.0 if not contributor.examples else _first_company(contributor)
    return terms(contributor.wants, pledging.Sight(0.0, 0.0, 0.0, company, exposure, 0.0, 0.0, 0.0, 0.0))


def _first_company(contributor: Contributor) -> float:
    """Return the company seen at week 0: the example of leads alone."""
    example = 0.0
    for source, weight in contributor.examples:
        example += weight * source.first / (len(vocabulary.STANCES) - 1) if isinstance(source, Contributor) else 0.0
    return pledging.company(0.0, example, contributor.model.rule.pledge_example)


def _at_first(contributor: Contributor) -> Terms:
    """Return readiness at week 0 as the documented stance alone: a first move then shows what the draws add."""
    return {"stance": contributor.model.stance_values[contributor.first]}


def offer_terms(model: Negotiation, sufficiency: float, consent: float) -> Terms:
    """Return the parts of the broker's inclination, given what it saw of pledges and consent."""
    broker = model.broker
    return {
        "posture": broker.posture_now,
        "lure": broker.payoff,
        "sharing": broker.burden_sharing * min(1.0, sufficiency),
        "consent": broker.consent_ease * consent,
        "leaning": broker.common_turn + broker.disposition,
        "mood": broker.mood,
    }


def overlap_terms(model: Negotiation) -> Terms:
    """Return the parts of the overlap of truce terms: under the mission on the table or bare, whichever counted."""
    host, opponent, rule = model.host, model.opponent, model.rule
    bare = host.guarantee(-1, 0.0)
    with_mission = not _bare(model, bare)
    optimism = max(0.0, host.optimism + model.shift("ukrainian_optimism"))
    optimism += max(0.0, opponent.optimism + model.shift("russian_optimism"))
    return {
        "guarantee": host.guarantee_worth * (model.guarantee_seen if with_mission else bare),
        "pressure_host": host.pressure,
        "pressure_opponent": opponent.payoff,
        "optimism": -rule.battlefield_terms_weight * optimism,
        "memory": -(host.memory + rule.truce_memory_step * model.broken),
        "provocation": -opponent.provoked(model.mission) if with_mission else 0.0,
        "claims": -opponent.claims,
        "leaning_host": host.disposition,
        "leaning_opponent": opponent.disposition,
        "mood": host.mood + opponent.mood,
    }


def _bare(model: Negotiation, guarantee: float) -> bool:
    """Return whether the deal nearest to both sides was one without a mission."""
    if model.truce:
        return model.signed < 0
    bare = model.host.concedes(guarantee) - model.opponent.requires(-1)
    return model.mission < 0 or model.gap == -bare


def consent_terms(model: Negotiation) -> Terms:
    """Return the parts of the opponent's consent to the mission on the table."""
    opponent, weight = model.opponent, model.rule.battlefield_terms_weight
    optimism = max(0.0, opponent.optimism + model.shift("russian_optimism"))
    return {
        "concession": model.concession,
        "provocation": -opponent.provoked(model.mission),
        "claims": -opponent.claims,
        "battlefield": -weight * (model.battlefield_now + optimism),
        "pressure": opponent.payoff,
        "leaning": opponent.disposition,
        "mood": opponent.mood,
    }


def _at_table(model: Negotiation) -> tuple[str, str, dict[str, str]]:
    """Return who would table a mission now, which it likes best, and whose objection keeps which mission off."""
    names = model.world.names.missions
    proposers = [actor for actor in model.states if actor.standing > 0.0]
    proposer = rounds._proposer(model, proposers)
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
    few = tabling.too_few(rounds._foreseeable(model, at), kind.minimum, model.rule.table_supply_share)
    return "troops" if few else ""
