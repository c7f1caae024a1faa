"""The picture of the leverage network: where actors stand, and the arrows between them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.patches import FancyArrowPatch

from sim import vocabulary
from sim.canvas import BLUE, GREEN, RED

FAMILY_COLOURS = {"incentive": RED, "influence": BLUE, "gate": GREEN}


class Place(NamedTuple):
    """Where an actor stands in the picture of the network, and where its name goes."""

    x: float
    y: float
    across: str
    up: str


def arranged(table: pd.DataFrame) -> dict[str, Place]:
    """Return where each actor stands: principals, patrons and leads in fixed places, others in a column."""
    role = dict(zip(table["source"], table["source_role"], strict=True)) | dict(
        zip(table["target"], table["target_role"], strict=True)
    )
    spots = {
        "broker": (0.0, 1.0, 0.0, 1.0, "center", "bottom"),
        "host": (-0.25, 0.5, -0.25, 0.5, "right", "center"),
        "opponent": (0.0, 0.0, 0.0, 0.0, "center", "top"),
        "patron": (-0.3, 0.15, -0.3, 0.0, "right", "center"),
        "lead": (0.42, 0.78, 0.42, 0.45, "center", "bottom"),
    }
    found = {}
    for part, (x, y, last_x, last_y, across, up) in {
        **spots,
        "contributor": (1.15, 1.0, 1.15, 0.0, "left", "center"),
    }.items():
        names = sorted(name for name, its in role.items() if its == part)
        for name, at in zip(names, np.linspace(0.0, 1.0, max(len(names), 2)), strict=False):
            found[name] = Place(x + at * (last_x - x), y + at * (last_y - y), across, up)
    return found


def arrow(edge: pd.Series, wide: float, places: Mapping[str, Place]) -> FancyArrowPatch:
    """Return the arrow of an edge, ``wide`` by its leverage; gates are thin, and dashed when shut."""
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
        color=FAMILY_COLOURS[edge["family"]],
        linewidth=1.0 if edge["family"] == "gate" else thickness(wide),
        linestyle="-" if edge["open"] else "--",
        alpha=0.65,
    )


def thickness(leverage: float) -> float:
    """Return how thick an arrow is drawn for a leverage of strength x willingness."""
    return 0.3 + 4 * leverage
