"""Find edges of the leverage network that are no leverage in a scenario, whatever is drawn, and say why.

Removed, they change no run, save three that have no meaning of their own: sanctions on others than the opponent, an
example set by somebody who sends no troops, and a lever that its source would never use. Structure, ranges and demands
are looked at, weights of the rules are not. A gate that is always open is no such edge: to open it is to say something.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import Final, NamedTuple

from sim import vocabulary
from sim.reading.errors import Fault, fault
from sim.reading.files import nearest_place
from sim.scenario.actor import Actor
from sim.scenario.loading import base_of, load
from sim.scenario.parts import Edge, Mission, ScenarioParts
from sim.scenario.priors import Prior
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Scenario

_MOVED: Final = ("broker", "host", "opponent", "contributor")
"""Parts of those on whom a payoff acts: an offer, terms, or readiness."""


class _View(NamedTuple):
    """What a judgement of one edge looks at."""

    parts: ScenarioParts
    missions: list[Mission]
    heard: Collection[str]
    source: str
    target: str
    channel: str
    edge: Edge

    @property
    def receiver(self) -> Actor:
        return self.parts.actors[self.target]

    def plays(self, name: str, *parts: str) -> bool:
        return bool(self.parts.actors[name].parts() & set(parts))


def faults(scenario: Scenario) -> dict[str, Fault]:
    """Return a fault for every edge of ``scenario`` that is no leverage, by its key, with its place."""
    places = scenario.layer.places
    return {
        key: fault(nearest_place(places, ("network", key)), ("network", key), f"no leverage here: {why}")
        for key, why in reasons(scenario.parts).items()
    }


def inherited_edges(config: str | Path, changed: Scenario | None = None) -> set[str]:
    """Return the edges that a config takes unchanged, by key, from the one it extends or from whom an actor is like.

    ``changed`` is the config with changes made to it: then the edges that they leave alone are those inherited.

    Raises
    ------
    InputError
        If the config, or the one that it extends, is missing or has mistakes.
    """
    scenario = changed or load(config)
    base = base_of(config) if changed is None else load(config)
    older, mine = base.parts.network if base else {}, scenario.parts.network
    taken = {route[1] for route, entry in scenario.layer.entries.items() if entry.origin[:1] == ("network",)}
    return taken | {key for key in mine.keys() & older.keys() if older[key] == mine[key]}


def reasons(parts: ScenarioParts) -> dict[str, str]:
    """Return why each edge that is no leverage is none, by its key.

    Examples
    --------
    >>> from sim.scenario import load
    >>> sorted(reasons(load("baseline").parts))
    []
    """
    missions, heard = on_the_table(parts), _heard(parts)
    views = {key: _View(parts, missions, heard, *edge_ends(key), edge) for key, edge in parts.network.items()}
    judged = {key: _powerless(view) or _JUDGES[view.channel](view) for key, view in views.items()}
    return {key: why for key, why in judged.items() if why}


def on_the_table(parts: ScenarioParts) -> list[Mission]:
    """Return the missions that can stand on the table."""
    if parts.table.impose in parts.missions:
        return [parts.missions[parts.table.impose]]
    return [mission for mission in parts.missions.values() if "training" not in mission.groups]


def _heard(parts: ScenarioParts) -> set[str]:
    """Return the actors whose position reaches the table: who tables missions, and who persuades one of them."""
    if parts.table.impose in parts.missions:
        return set()
    heard = {name for name, actor in parts.actors.items() if not never(actor.standing)}
    ends = [(*edge_ends(key), edge) for key, edge in parts.network.items()]
    ties = [
        (source, target)
        for source, target, channel, edge in ends
        if channel == "persuasion"
        and not (never(edge.strength) or never(edge.willingness) or never(parts.actors[target].susceptibility))
    ]
    while more := {source for source, target in ties if target in heard} - heard:
        heard |= more
    return heard


def never(number: Prior | None) -> bool:
    """Return whether a number is absent, or 0 whatever is drawn."""
    return number is None or number.high <= 0.0


def _powerless(view: _View) -> str:
    """Return why an edge without strength or will moves nothing; the broker's will may turn from 0."""
    if view.channel in vocabulary.GATE_CHANNELS:
        return ""
    turns = view.channel in (*vocabulary.SANCTIONS, "military_aid") and view.plays(view.source, "broker")
    turns = turns and not never(view.parts.rules.lobby.turn_reach)
    wanted = {"strength": view.edge.strength, "willingness": view.edge.willingness}
    if view.channel == "security_guarantee" or turns:
        del wanted["willingness"]
    zero = [name for name, number in wanted.items() if never(number)]
    return f"its {zero[0]} is 0 throughout; take the edge away with null" if zero else ""


def _incentive(view: _View) -> str:
    if view.plays(view.target, *_MOVED):
        return ""
    return f"a payoff acts on broker, belligerents and contributors alone, and {view.target} is none of them"


def _sanctions(view: _View) -> str:
    if view.plays(view.target, "opponent"):
        return ""
    opponents = [name for name in view.parts.actors if view.plays(name, "opponent")]
    return f"sanctions press the opponent alone ({', '.join(opponents)}), and {view.target} is not it"


def _persuasion(view: _View) -> str:
    if view.parts.table.impose in view.parts.missions:
        return f"table.impose puts {view.parts.table.impose} on the table, so no position decides"
    if never(view.receiver.susceptibility):
        return f"{view.target} cannot be persuaded: its susceptibility is 0"
    if view.target in view.heard:
        return ""
    return f"{view.target} neither tables missions nor persuades one who does"


def _example(view: _View) -> str:
    if not view.plays(view.source, "contributor"):
        return f"contributors alone set an example, and {view.source} is none"
    need = view.receiver.needs.company
    if need is None or never(need.firmness) or never(need.at_least):
        return f"{view.target} demands no company"
    return ""


def _guarantee(view: _View) -> str:
    need = view.receiver.needs.us_backstop
    if need is None or never(need.firmness) or never(need.at_least):
        return f"{view.target} demands no backstop"
    return ""


def _hub(view: _View) -> str:
    if any(mission.western for mission in view.missions):
        return ""
    return "hubs carry Western missions alone, and none can stand on the table"


def _council(view: _View) -> str:
    if any(mission.un_mandate for mission in view.missions):
        return ""
    return "no mission that can stand on the table needs a mandate of the Council"


def _eu_decision(view: _View) -> str:
    if "eu" not in view.receiver.member_of:
        return f"{view.target} is no member of the EU, so no decision of it holds its sanctions up"
    if not _has_sanctions(view.parts, view.target):
        return f"{view.target} has no sanctions that it could hold up"
    return ""


def _has_sanctions(parts: ScenarioParts, name: str) -> bool:
    ends = (edge_ends(key) for key in parts.network)
    return any(source == name and channel in vocabulary.SANCTIONS for source, _, channel in ends)


_JUDGES: Final = {
    **dict.fromkeys(vocabulary.INCENTIVES, _incentive),
    **dict.fromkeys(vocabulary.SANCTIONS, _sanctions),
    "persuasion": _persuasion,
    "troop_example": _example,
    "security_guarantee": _guarantee,
    "logistics_hub": _hub,
    "security_council_veto": _council,
    "eu_decision": _eu_decision,
}
"""How an edge of each channel is judged."""
