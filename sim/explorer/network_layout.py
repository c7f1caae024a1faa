"""Where the actors and lines of the leverage network lie in a page's picture, on a wide and on a narrow sheet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import hypot, sqrt
from typing import NamedTuple

import pandas as pd

from sim.plots.network import DOCUMENTS, FAMILY_COLOURS, NodePosition, thickness
from sim.words import label

MANY = 3
"""At least so many lines of one family from one actor to the contributors run as a bundle that fans out at its end."""
SMALLEST, LARGEST = 9.0, 19.0
"""Radii of actors, by the leverage that starts from them."""
FAMILY_LINES = {"incentive": "solid", "influence": "dashed", "gate": "dotted"}


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


def nodes_on(
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


def lines_on(
    sheet: Sheet, lines: pd.DataFrame, positions: Mapping[str, NodePosition], names: Mapping[str, str]
) -> Iterator[Line]:
    """Yield the lines of a sheet, those of a bundle fanned out."""
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
                f"{names[edge['source']]} to {names[edge['target']]}: {strength_words(edge)}; "
                f"{DOCUMENTS[edge['documents']]}"
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


def strength_words(edge: pd.Series) -> str:
    """Return the channel of an edge and how strong it is."""
    channel = label(edge["channel"])
    if edge["family"] == "gate":
        return f"{channel}, {'open' if edge['open'] else 'shut'}"
    return f"{channel}, strength {edge['strength']:.2f}, willingness {edge['willingness']:.2f}"
