"""Draws the actors of a scenario, and arrows from each to those whom it influences."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch

from sim import vocabulary
from sim.plots.colours import HUES, ink
from sim.plots.style import Look, canvas, plot
from sim.words import label, listed

FAMILY_ROLES = {"incentive": "red", "influence": "blue", "gate": "green"}
"""The role of the colour of a family."""
FAMILY_COLOURS = {family: HUES[role] for family, role in FAMILY_ROLES.items()}
"""The same on white."""
FAMILY_CHANNELS = {
    "incentive": "aid, sanctions, threat, patronage",
    "influence": "persuasion, example, guarantee",
    "gate": "Council veto, EU decision, hub",
}
"""The channels of a family, in a few words."""
DOCUMENTS = {"value": "documents give a number", "speaks": "documents speak to it", "none": "no document behind it"}
"""What documents may say of an edge, in a few words."""
DENSITY = {"value": 1.0, "speaks": 0.6, "none": 0.2}
"""How opaque an edge is drawn: the paler, the less documents say of it."""


class NodePosition(NamedTuple):
    """Where an actor stands in the picture of the network, and where its name goes."""

    x: float
    y: float
    across: str
    up: str


def node_positions(table: pd.DataFrame) -> dict[str, NodePosition]:
    """Return where each actor stands: principals, patrons and leads in fixed places, others in a column."""
    role = dict(zip(table["source"], table["source_role"], strict=True)) | dict(
        zip(table["target"], table["target_role"], strict=True)
    )
    spots = {
        "broker": (0.0, 1.0, 0.0, 1.0, "center", "bottom"),
        "host": (-0.25, 0.5, -0.25, 0.5, "right", "center"),
        "opponent": (0.0, 0.0, 0.7, 0.0, "center", "top"),
        "patron": (-0.3, 0.15, -0.3, 0.0, "right", "center"),
        "lead": (0.42, 0.78, 0.42, 0.45, "center", "bottom"),
    }
    positions = {}
    for part, (x, y, last_x, last_y, across, up) in {
        **spots,
        "contributor": (1.15, 1.0, 1.15, 0.0, "left", "center"),
    }.items():
        names = sorted(name for name, its in role.items() if its == part)
        for name, at in zip(names, np.linspace(0.0, 1.0, max(len(names), 2)), strict=False):
            positions[name] = NodePosition(x + at * (last_x - x), y + at * (last_y - y), across, up)
    return positions


def arrow(edge: pd.Series, wide: float, places: Mapping[str, NodePosition]) -> FancyArrowPatch:
    """Return the arrow of an edge, ``wide`` by its leverage and pale where no document is behind it.

    Gates are thin, and dashed when shut.
    """
    start, end = places[edge["source"]], places[edge["target"]]
    bend = 0.06 + 0.07 * vocabulary.CHANNELS.index(edge["channel"]) / len(vocabulary.CHANNELS)
    return FancyArrowPatch(
        (start.x, start.y),
        (end.x, end.y),
        arrowstyle="-|>",
        connectionstyle=f"arc3,rad={bend}",
        mutation_scale=8,
        shrinkA=6,
        shrinkB=6,
        color=ink.role(FAMILY_ROLES[edge["family"]]),
        linewidth=1.0 if edge["family"] == "gate" else thickness(wide),
        linestyle="-" if edge["open"] else "--",
        alpha=DENSITY[edge["documents"]],
    )


def thickness(leverage: float) -> float:
    """Return how thick an arrow is drawn for a leverage of strength x willingness."""
    return 0.3 + 4 * leverage


@plot
def network(table: pd.DataFrame, **look: Unpack[Look]) -> Axes:
    """Return the leverage network: broker, belligerents, patrons and leads in fixed places, others in a column.

    ``table`` has a row an edge and the columns of :func:`sim.world.network.leverage`. Arrows point at whom an edge
    moves, and are the paler the less documents say of them.
    """
    weight = table["strength"] * table["willingness"]
    strongest = weight.groupby(table["source"]).sum().sort_values(ascending=False, kind="stable").index[:3]
    title = f"Most leverage starts from {listed([label(name, proper=True) for name in strongest])}"
    note = (
        f"{len(table)} edges; actors without any are not drawn. Arrows point at whom they move. "
        "Width: strength x willingness; gates have none. The title ranks actors by the sum over their edges."
    )
    axes = canvas(title, note, height=7.0, width=9.0)
    places = node_positions(table)
    for (_, edge), wide in zip(table.iterrows(), weight, strict=True):
        axes.add_patch(arrow(edge, float(wide), places))
    _add_actors(axes, places)
    axes.set(xlim=(-0.45, 1.45), ylim=(-0.08, 1.08))
    axes.set_axis_off()
    axes.legend(
        handles=_handles(table), frameon=False, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=3, fontsize="small"
    )
    return axes


def _add_actors(axes: Axes, places: Mapping[str, NodePosition]) -> None:
    for name, place in places.items():
        axes.plot(place.x, place.y, "o", color=ink.dark, markersize=8, zorder=3)
        shift = (
            {"left": 0.03, "right": -0.03, "center": 0.0}[place.across],
            {"bottom": 0.03, "top": -0.03, "center": 0.0}[place.up],
        )
        white = {"facecolor": ink.paper, "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
        at = (place.x + shift[0], place.y + shift[1])
        axes.text(*at, label(name, proper=True), ha=place.across, va=place.up, fontsize="medium", bbox=white, zorder=4)


def _handles(table: pd.DataFrame) -> list[Line2D]:
    """Return the entries of the legend: families of channels, widths, and how well edges are documented."""
    handles = [
        Line2D([], [], color=ink.role(FAMILY_ROLES[family]), linewidth=2, label=f"{family} ({channels}{_shut(family)})")
        for family, channels in FAMILY_CHANNELS.items()
    ]
    handles += [
        Line2D([], [], color=ink.grey, linewidth=thickness(value), label=f"strength x willingness {value}")
        for value in (0.1, 0.3, 0.6)
    ]
    count = table["documents"].value_counts()
    handles += [
        Line2D([], [], color=ink.dark, alpha=DENSITY[kind], linewidth=2, label=f"{words} ({count.get(kind, 0)})")
        for kind, words in DOCUMENTS.items()
    ]
    return handles


def _shut(family: str) -> str:
    return "; dashed: shut" if family == "gate" else ""
