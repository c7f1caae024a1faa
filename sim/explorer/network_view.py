"""The leverage network as a page draws it, and one run played over it week by week."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd
from markupsafe import Markup

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Replay
from sim.explorer import html
from sim.explorer.network_layout import FAMILY_LINES, SHEETS, lines_on, nodes_on, strength_words
from sim.explorer.session import CHANNELS, Shown
from sim.plots.colours import STAGES
from sim.plots.network import DOCUMENTS, FAMILY_CHANNELS, FAMILY_COLOURS, node_positions
from sim.scenario.scenario import Scenario
from sim.words import RUNGS, label, listed, the
from sim.world import network

STRONGEST = 30
"""How many of the strongest lines are drawn at first; an eye cannot follow more."""
MARKS = ("×", "?", "○", "✓")
"""Signs of the stances, from opposed to pledged, so that nobody needs the colours to distinguish them."""
ROLES = {
    "broker": "Broker",
    "host": "Belligerents",
    "opponent": "Belligerents",
    "patron": "Patrons",
    "lead": "Leads",
    "contributor": "Others",
}


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
                nodes_on(sheet, positions, names, table, drawn, actor),
                list(lines_on(sheet, drawn, positions, names)),
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
            *strength_words(edge).partition(", ")[::2],
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
