"""The leverage network as a page draws it, and one run played over it week by week."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from math import hypot, sqrt
from typing import Any, NamedTuple

import pandas as pd
from markupsafe import Markup

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Replay
from sim.explorer import html
from sim.explorer.session import CHANNELS, Shown
from sim.plots.colours import STAGES
from sim.plots.network import DOCUMENTS, FAMILY_CHANNELS, FAMILY_COLOURS, NodePosition, node_positions, thickness
from sim.scenario.scenario import Scenario
from sim.words import RUNGS, label, listed, the
from sim.world import network

STRONGEST = 30
"""How many of the strongest lines are drawn at first; an eye cannot follow more."""
MANY = 3
"""From so many on, lines of one family from one actor to the contributors run as a bundle that fans out at its end."""
SMALLEST, LARGEST = 9.0, 19.0
"""Radii of actors, by the leverage that starts from them."""
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


class Sheet(NamedTuple):
    """A drawing sheet: its name, size, where the plane of positions lies on it, and the size of names."""

    name: str
    wide: float
    high: float
    left: float
    right: float
    top: float
    bottom: float
    size: float
    below: bool

    def at(self, place: NodePosition) -> tuple[float, float]:
        """Return where a position lies."""
        x = self.left + (self.right - self.left) * (place.x + 0.3) / 1.45
        return x, self.bottom - (self.bottom - self.top) * place.y


SHEETS = (
    Sheet("wide", 760.0, 620.0, 100.0, 620.0, 45.0, 580.0, 15.0, False),
    Sheet("narrow", 360.0, 600.0, 40.0, 248.0, 42.0, 565.0, 13.0, True),
)
"""One for wide screens and one for phones, where names of those on the left stand below them."""


class Node(NamedTuple):
    """One actor in the picture: where it and its name stand, how large it is, and whether it is in the background."""

    id: str
    name: str
    x: float
    y: float
    radius: float
    text_x: float
    text_y: float
    anchor: str
    dim: bool


class Line(NamedTuple):
    """One line in the picture, for the edges of one family between two actors: its curve, its look, and its words."""

    source: str
    target: str
    curve: str
    family: str
    colour: str
    wide: float
    shut: bool
    documents: str
    words: str


def picture(scenario: Scenario, actor: str, shown: Shown = Shown()) -> Markup:  # noqa: B008  (it never changes)
    """Return the network of a scenario, at the middle of all ranges, narrowed down to what is to be shown."""
    table = network.leverage(scenario)
    positions = node_positions(table)
    names = {name: parts.name for name, parts in scenario.parts.actors.items()}
    some = narrowed(table, actor, shown)
    lines = bundled(some)
    drawn = lines if shown.weak or (shown.alone and actor) else lines.head(STRONGEST)
    return html.render(
        "network",
        sheets=[
            (
                sheet,
                _nodes(sheet, positions, names, table, drawn, actor),
                list(_lines(sheet, drawn, positions, names)),
            )
            for sheet in SHEETS
        ],
        count=_count(len(drawn), len(lines), len(table)),
        families=[
            (FAMILY_COLOURS[family], family, f"{family}: {FAMILY_CHANNELS[family]} ({line})")
            for family, line in FAMILY_LINES.items()
        ],
        documents=list(DOCUMENTS.items()),
        stances=list(zip(vocabulary.STANCES, STAGES, MARKS, strict=True)),
        actor=actor,
        actor_name=names.get(actor, ""),
        shown=shown,
        channels=[(channel, _channel(channel)) for channel in CHANNELS],
        groups=_groups(scenario),
        edges=_edges(some, names),
    )


def narrowed(table: pd.DataFrame, actor: str, shown: Shown) -> pd.DataFrame:
    """Return the edges of a channel or family, and of the chosen actor alone if that is asked for."""
    if shown.channel:
        table = table[(table["channel"] == shown.channel) | (table["family"] == shown.channel)]
    if shown.alone and actor:
        table = table[(table["source"] == actor) | (table["target"] == actor)]
    return table


def bundled(table: pd.DataFrame) -> pd.DataFrame:
    """Return a row for the edges of one family between two actors, the strongest first; gates count their strength.

    Columns: source, target, family, weight (leverage in sum), documents (the best of theirs), shut (whether all are),
    edges (positions in ``table``).
    """
    weight = table["strength"] * table["willingness"]
    kinds = list(DOCUMENTS)
    rows = []
    for (source, target, family), part in table.assign(weight=weight, at=range(len(table))).groupby(
        ["source", "target", "family"], sort=False
    ):
        best = min(part["documents"], key=kinds.index)
        rows.append((source, target, family, part["weight"].sum(), best, not part["open"].any(), part))
    columns = ["source", "target", "family", "weight", "documents", "shut", "edges"]
    return pd.DataFrame(rows, columns=columns).sort_values("weight", ascending=False, kind="stable")


def _count(drawn: int, lines: int, edges: int) -> str:
    all_of = f"{drawn} lines" if drawn == lines else f"the {drawn} strongest of {lines} lines"
    return f"Drawn: {all_of}; a line stands for all edges of one family between two. {edges} edges in all."


def _channel(channel: str) -> str:
    if not channel:
        return "all channels"
    return f"all of {channel}" if channel in FAMILY_LINES else label(channel)


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


def _nodes(
    sheet: Sheet,
    positions: Mapping[str, NodePosition],
    names: Mapping[str, str],
    table: pd.DataFrame,
    lines: pd.DataFrame,
    actor: str,
) -> list[Node]:
    """Return the actors of a sheet, each as large as the leverage that starts from it, in area."""
    weight = (table["strength"] * table["willingness"]).groupby(table["source"]).sum()
    most = float(weight.max()) or 1.0
    near = {*lines["source"], *lines["target"], actor}
    return [
        _node(sheet, names[name], name, place, _radius(float(weight.get(name, 0.0)) / most), name not in near)
        for name, place in positions.items()
    ]


def _radius(share: float) -> float:
    return SMALLEST + (LARGEST - SMALLEST) * sqrt(share)


def _node(sheet: Sheet, name: str, id: str, place: NodePosition, radius: float, dim: bool) -> Node:
    x, y = sheet.at(place)
    if sheet.below and place.across != "left":
        return Node(id, name, x, y, radius, max(x, 46.0), y + radius + sheet.size, "middle", dim)
    across = {"left": radius + 5.0, "right": -radius - 5.0, "center": 0.0}[place.across]
    down = {"bottom": -radius - 5.0, "top": radius + sheet.size, "center": 4.0}[place.up]
    anchor = {"left": "start", "right": "end", "center": "middle"}[place.across]
    return Node(id, name, x, y, radius, x + across, y + down, anchor, dim)


def _lines(
    sheet: Sheet, lines: pd.DataFrame, positions: Mapping[str, NodePosition], names: Mapping[str, str]
) -> Iterator[Line]:
    far = lines[[positions[target].across == "left" for target in lines["target"]]]
    fans = far.groupby(["source", "family"])["target"].transform("size") if len(far) else pd.Series(dtype=int)
    for at, line in lines.iterrows():
        start, end = (sheet.at(positions[line[each]]) for each in ("source", "target"))
        family = list(FAMILY_LINES).index(line["family"])
        curve = (
            _fanned(start, end, sheet, family)
            if fans.get(at, 0) >= MANY and positions[line["source"]].across != "left"
            else _curve(start, end, family)
        )
        gate = line["family"] == "gate"
        yield Line(
            line["source"],
            line["target"],
            curve,
            line["family"],
            FAMILY_COLOURS[line["family"]],
            1.6 if gate else 0.7 + 0.9 * thickness(line["weight"]),
            gate and line["shut"],
            line["documents"],
            "; ".join(
                f"{names[edge['source']]} to {names[edge['target']]}: {_strength(edge)}; {DOCUMENTS[edge['documents']]}"
                for _, edge in line["edges"].iterrows()
            ),
        )


def _curve(start: tuple[float, float], end: tuple[float, float], family: int) -> str:
    """Return an arc from one actor to another, bent by family so that several between two do not cover each other."""
    across, down = end[0] - start[0], end[1] - start[1]
    length = hypot(across, down) or 1.0
    bend = 0.08 + 0.06 * family
    middle = ((start[0] + end[0]) / 2 - bend * down, (start[1] + end[1]) / 2 + bend * across)
    short = 16.0 / length
    first = (start[0] + short * across, start[1] + short * down)
    last = (end[0] - short * across, end[1] - short * down)
    return f"M{first[0]:.1f} {first[1]:.1f} Q{middle[0]:.1f} {middle[1]:.1f} {last[0]:.1f} {last[1]:.1f}"


def _fanned(start: tuple[float, float], end: tuple[float, float], sheet: Sheet, family: int) -> str:
    """Return a line that runs with its bundle until short of the column of contributors, and then to its own end.

    All of a bundle share the point at which they part, so that from its start to there they are one stroke.
    """
    part = (start[0] + 0.62 * (sheet.right - start[0]), start[1] + 0.35 * (sheet.high / 2 - start[1]) + 9.0 * family)
    turn = (part[0] + 0.55 * (end[0] - part[0]), part[1])
    before = (end[0] - 0.45 * (end[0] - part[0]), end[1])
    return (
        f"M{start[0]:.1f} {start[1]:.1f} L{part[0]:.1f} {part[1]:.1f} "
        f"C{turn[0]:.1f} {turn[1]:.1f} {before[0]:.1f} {before[1]:.1f} {end[0] - 13.0:.1f} {end[1]:.1f}"
    )


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
    answer = vocabulary.CONSENTS[int(state["consent"])]
    pledged = [the(scenario.parts.actors[name].name) for name, stage in stages.items() if stage == "pledged"]
    sentences = [
        f"Week {state['week']:g}.",
        "A truce is in force." if state["truce"] else "No truce.",
        "No mission is on the table."
        if mission == vocabulary.NO_MISSION
        else f"On the table: {missions[mission].name}; {scenario.names.opponent} {answer} it.",
        f"On offer: {RUNGS[vocabulary.RUNGS[int(state['rung'])]]}.",
        f"Pledged: {listed(pledged)}." if pledged else "Nobody is pledged.",
    ]
    if force != vocabulary.NO_MISSION:
        sentences.append(f"In the field: {missions[force].name}, {state['troops']:,.0f} troops.")
    return " ".join(sentences)
