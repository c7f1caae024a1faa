"""Find demands and vetoes that can move nothing in a scenario, whatever is drawn, and persuasion of no stated view.

They are worth a note and no fault: to lay a demand aside is a thing that one may want. Edges are judged in
:mod:`sim.scenario.inert_edges`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sim import vocabulary
from sim.reading.errors import Fault, Route, fault
from sim.reading.files import nearest_place
from sim.scenario.actor import Actor, CompanyNeed, ConsentNeed, Firmness, RungNeed, SettlementNeed
from sim.scenario.inert_edges import never, on_the_table
from sim.scenario.parts import Mission, ScenarioParts
from sim.scenario.priors import Prior
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Scenario

_WEIGHTS: Final = {
    "us_backstop": "backstop",
    "russian_consent": "consent",
    "company": "company",
    "definition": "definition",
    "decent_settlement": "settlement",
}
"""The weight under ``rules.pledge`` with which each demand counts."""
_MET: Final = "it is always met"
_HANDFUL: Final = 20.0
"""Fewer troops than any state sends."""


def faults(scenario: Scenario) -> list[Fault]:
    """Return a fault for each demand and veto of ``scenario`` that makes no difference there, with its place.

    Persuasion by an actor without positions has one too.

    Examples
    --------
    >>> from sim.scenario import load
    >>> faults(load("baseline").change({"actors.uk.needs.company": {"at_least": 0, "firmness": 0.5}}))[0].message
    'makes no difference here: it is always met, as no company is asked for; none takes it away'
    """
    places = scenario.layer.places
    parts = scenario.parts
    idle = [*_needs(parts), *_vetoes(parts), *_of_no_view(parts), *_handfuls(parts)]
    return [fault(nearest_place(places, route), route, message) for route, message in idle]


def _handfuls(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    """Yield capacities of a few soldiers: where a point marks thousands, 3.000 was meant as three thousand."""
    for name, actor in parts.actors.items():
        capacity = actor.capacity_troops
        if capacity is not None and 0.0 < capacity.high < _HANDFUL:
            message = f"{capacity.high:g} troops at most; a point marks decimals, so that three thousand is 3000"
            yield ("actors", name, "capacity_troops"), message


def _needs(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    for name, actor in parts.actors.items():
        for need, weight in _WEIGHTS.items():
            demand = getattr(actor.needs, need)
            if demand is None:
                continue
            why = _unheard(demand.firmness, getattr(parts.rules.pledge, weight), weight) or _ALWAYS_MET[need](
                demand, parts
            )
            if why:
                yield ("actors", name, "needs", need), f"makes no difference here: {why}; none takes it away"


def _of_no_view(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    """Yield persuasion by who has no positions: it counts, as if its source stood at 0 on every issue."""
    for key in parts.network:
        source, _, channel = edge_ends(key)
        if channel == "persuasion" and parts.actors[source].positions is None:
            message = f"{source} has no positions, so it argues for 0 on every issue: unarmed, in the rear, neutral"
            yield ("network", key), message


def _unheard(firmness: Prior, weight: Prior, name: str) -> str:
    if never(firmness):
        return "its firmness is 0 throughout"
    return f"rules.pledge.{name} is 0 throughout" if never(weight) else ""


def _backstop_met(need: RungNeed, parts: ScenarioParts) -> str:
    guarantees = [getattr(parts.scales.guarantee, word) for word in _words(need.at_least)]
    return f"{_MET}, as the rung asked for is worth no guarantee" if all(map(never, guarantees)) else ""


def _consent_met(need: ConsentNeed, parts: ScenarioParts) -> str:
    counts = [getattr(parts.scales.consent, word) for word in _words(need.at_least)]
    return f"{_MET}, as no consent is asked for" if all(map(never, counts)) else ""


def _company_met(need: CompanyNeed, parts: ScenarioParts) -> str:
    return f"{_MET}, as no company is asked for" if never(need.at_least) else ""


def _defined(need: Firmness, parts: ScenarioParts) -> str:
    met = never(parts.rules.pledge.definition_weeks)
    return f"{_MET}, as a mission is defined at once (rules.pledge.definition_weeks is 0)" if met else ""


def _settled(need: SettlementNeed, parts: ScenarioParts) -> str:
    return f"{_MET}, as any concession is decent enough" if need.concession_at_most.low >= 1.0 else ""


_ALWAYS_MET: Final[dict[str, Callable[..., str]]] = {
    "us_backstop": _backstop_met,
    "russian_consent": _consent_met,
    "company": _company_met,
    "definition": _defined,
    "decent_settlement": _settled,
}
"""Why a demand of each kind is met in every run, if it is."""


def _words(prior: Prior) -> list[str]:
    """Return the words of a choice that can be drawn."""
    return [word for word, share in zip(prior.words, prior.numbers, strict=True) if share > 0.0]


def _vetoes(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    for name, actor in parts.actors.items():
        for veto, judge in (("nato_flag", _no_flag), ("light_missions", _nothing_light)):
            if getattr(actor.vetoes, veto) is not None and (why := judge(actor, parts)):
                yield ("actors", name, "vetoes", veto), f"can never bite here: {why}; none takes it away"


def _no_flag(actor: Actor, parts: ScenarioParts) -> str:
    if "broker" not in actor.roles:
        return "the veto on a NATO flag is the broker's alone"
    if why := _imposed(parts):
        return why
    flagged = any(mission.nato_flag for mission in on_the_table(parts))
    return "" if flagged else "no mission that can stand on the table has a NATO flag"


def _nothing_light(actor: Actor, parts: ScenarioParts) -> str:
    if "opponent" not in actor.parts():
        return "the veto on missions that need acceptance is the opponent's alone"
    if why := _imposed(parts):
        return why
    asked = [mission for mission in on_the_table(parts) if mission.needs_consent == vocabulary.CONSENTS[-1]]
    if not asked:
        return "no mission that can stand on the table needs acceptance"
    most = max(_provoked(actor, mission, parts) for mission in asked)
    veto = actor.vetoes.light_missions
    if veto is None or most > veto.provocation_at_most.low:
        return ""
    return f"missions that need acceptance provoke {most:.2g} at most, and provocation_at_most is no lower"


def _imposed(parts: ScenarioParts) -> str:
    mission = parts.table.impose
    return f"table.impose puts {mission} on the table whoever objects" if mission in parts.missions else ""


def _provoked(actor: Actor, mission: Mission, parts: ScenarioParts) -> float:
    """Return the most that a mission can provoke, with the highest promise behind it if it is Western."""
    guarantees = [getattr(parts.scales.guarantee, word).high for word in vocabulary.SCALES["rung"]]
    promise = parts.rules.truce.promise_provokes.high * max(guarantees) if mission.western else 0.0
    weight = actor.provocation.high if actor.provocation is not None else 0.0
    return weight * (mission.provocation.high + promise)
