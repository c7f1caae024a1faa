"""The leverage network as a page draws it, and one run played over it week by week."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import hypot
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Replay
from sim.explorer import html
from sim.plots.colours import STAGES
from sim.plots.network import DOCUMENTS, FAMILY_CHANNELS, FAMILY_COLOURS, NodePosition, node_positions, thickness
from sim.scenario.scenario import Scenario
from sim.words import RUNGS, label, listed, the
from sim.world import network

WIDE, HIGH = 760.0, 620.0
MARKS = ("×", "?", "○", "✓")
"""Signs of the stances, from opposed to pledged, so that nobody needs the colours to distinguish them."""
FAMILY_LINES = {"incentive": "solid", "influence": "dashed", "gate": "dotted"}
ROLES = {
    "broker": "Broker",
    "host": "Belligerents",
    "opponent": "Belligerents",
    "patron": "Patrons",
    "lead": "Leads",
    "contributor": "Others",
}


class Node(NamedTuple):
    """One actor in the picture: where it and its name stand, and its stance at first (-1 for none)."""

    id: str
    name: str
    x: float
    y: float
    text_x: float
    text_y: float
    anchor: str


class Line(NamedTuple):
    """One edge in the picture: its curve, its look, and what it says."""

    source: str
    target: str
    curve: str
    family: str
    colour: str
    wide: float
    shut: bool
    documents: str
    words: str


def picture(scenario: Scenario, actor: str) -> Markup:
    """Return the network of a scenario, at the middle of all ranges, with the chosen actor's edges marked."""
    table = network.leverage(scenario)
    places = {name: _scaled(place) for name, place in node_positions(table).items()}
    names = {name: parts.name for name, parts in scenario.parts.actors.items()}
    return html.render(
        "network",
        wide=WIDE,
        high=HIGH,
        nodes=[_node(names[name], name, place) for name, place in places.items()],
        lines=list(_lines(table, places, names)),
        families=[
            (FAMILY_COLOURS[family], family, f"{family}: {FAMILY_CHANNELS[family]} ({line})")
            for family, line in FAMILY_LINES.items()
        ],
        documents=list(DOCUMENTS.items()),
        stances=list(zip(vocabulary.STANCES, STAGES, MARKS, strict=True)),
        actor=actor,
        groups=_groups(scenario),
        edges=_edges(table, names),
    )


def weeks(scenario: Scenario, play: Replay, run: int) -> Markup:
    """Return one run as the slider plays it: by week, the stance of every contributor and a line of words."""
    states = list(_weeks(scenario, play))
    words = f"Run {run} of “{scenario.name}”: one story, not a forecast."
    return html.render("weeks", weeks=json.dumps(states), last=len(states) - 1, words=words, run=run)


def typical_run(ensemble: Ensemble) -> int:
    """Return the run that is played first: the most typical of the most frequent outcome."""
    from sim.analysis.typical_runs import typical

    counts = ensemble.outcomes()
    return typical(ensemble, max(counts, key=lambda name: counts[name])).first


def _scaled(place: NodePosition) -> NodePosition:
    return place._replace(x=100 + (WIDE - 230) * (place.x + 0.3) / 1.45, y=HIGH - 40 - (HIGH - 80) * place.y)


def _node(name: str, id: str, place: NodePosition) -> Node:
    shift = {"left": 16.0, "right": -16.0, "center": 0.0}[place.across]
    drop = {"bottom": -18.0, "top": 28.0, "center": 4.0}[place.up]
    anchor = {"left": "start", "right": "end", "center": "middle"}[place.across]
    return Node(id, name, place.x, place.y, place.x + shift, place.y + drop, anchor)


def _lines(table: pd.DataFrame, places: Mapping[str, NodePosition], names: Mapping[str, str]) -> Iterator[Line]:
    for _, edge in table.iterrows():
        gate = edge["family"] == "gate"
        yield Line(
            edge["source"],
            edge["target"],
            _curve(places[edge["source"]], places[edge["target"]], vocabulary.CHANNELS.index(edge["channel"])),
            edge["family"],
            FAMILY_COLOURS[edge["family"]],
            1.2 if gate else 0.5 + 0.9 * thickness(edge["strength"] * edge["willingness"]),
            gate and not edge["open"],
            edge["documents"],
            f"{names[edge['source']]} to {names[edge['target']]}: {_strength(edge)}; {DOCUMENTS[edge['documents']]}",
        )


def _curve(start: NodePosition, end: NodePosition, channel: int) -> str:
    """Return an arc from one actor to another, bent by channel so that several between two do not cover each other."""
    across, down = end.x - start.x, end.y - start.y
    length = hypot(across, down) or 1.0
    bend = 0.08 + 0.025 * channel
    middle = ((start.x + end.x) / 2 - bend * down, (start.y + end.y) / 2 + bend * across)
    short = 13.0 / length
    first = (start.x + short * across, start.y + short * down)
    last = (end.x - short * across, end.y - short * down)
    return f"M{first[0]:.1f} {first[1]:.1f} Q{middle[0]:.1f} {middle[1]:.1f} {last[0]:.1f} {last[1]:.1f}"


def _strength(edge: pd.Series) -> str:
    channel = label(edge["channel"])
    if edge["family"] == "gate":
        return f"{channel}, {'open' if edge['open'] else 'shut'}"
    return f"{channel}, strength {edge['strength']:.2f}, willingness {edge['willingness']:.2f}"


def _groups(scenario: Scenario) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return all actors by role, also those without an edge: (words, [(id, name)])."""
    from sim.world.building import build

    role = network.roles(build(scenario))
    groups: dict[str, list[tuple[str, str]]] = {words: [] for words in ROLES.values()}
    for name, parts in sorted(scenario.parts.actors.items()):
        groups[ROLES[role[name]]].append((name, parts.name))
    return [(words, actors) for words, actors in groups.items() if actors]


def _edges(table: pd.DataFrame, names: Mapping[str, str]) -> Markup:
    rows = [
        (
            names[edge["source"]],
            names[edge["target"]],
            *_strength(edge).partition(", ")[::2],
            DOCUMENTS[edge["documents"]],
        )
        for _, edge in table.iterrows()
    ]
    return html.table(
        "Who leans on whom, middle of all ranges", ("who", "on whom", "channel", "how hard", "documents"), rows
    )


def _weeks(scenario: Scenario, play: Replay) -> Iterator[dict[str, Any]]:
    order = {stage: at for at, stage in enumerate(vocabulary.STANCES)}
    stages = dict(iter(play.stages.groupby("week")))
    events = {week: list(table["text"]) for week, table in play.events.groupby("week")}
    for state in play.weekly.to_dict("records"):
        week = state["week"]
        then = dict(zip(stages[week]["actor"], stages[week]["stage"], strict=True))
        yield {
            "week": f"{week:g}",
            "stages": {actor: order[stage] for actor, stage in then.items()},
            "state": _state(scenario, state, then),
            "events": events.get(week, []),
        }


def _state(scenario: Scenario, state: Mapping[Any, Any], stages: Mapping[str, str]) -> str:
    """Return how things stand in one week, in a few short sentences."""
    missions = scenario.parts.missions
    force, mission = state["force"], state["mission"]
    pledged = [the(scenario.parts.actors[name].name) for name, stage in stages.items() if stage == "pledged"]
    sentences = [
        f"Week {state['week']:g}.",
        "A truce is in force." if state["truce"] else "No truce.",
        "No mission is on the table."
        if mission == vocabulary.NO_MISSION
        else f"On the table: {missions[mission].name}; Moscow {vocabulary.CONSENTS[int(state['consent'])]} it.",
        f"Washington offers {RUNGS[vocabulary.RUNGS[int(state['rung'])]]}.",
        f"Pledged: {listed(pledged)}." if pledged else "Nobody is pledged.",
    ]
    if force != vocabulary.NO_MISSION:
        sentences.append(f"In the field: {missions[force].name}, {state['troops']:,.0f} troops.")
    return " ".join(sentences)
