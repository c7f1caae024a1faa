"""Under which circumstances: a box's limits on each input's range, and what it covers against how dense it is."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.ensemble.results import Box
from sim.plots.colours import ink, mixed
from sim.plots.style import Look, canvas, empty_axes, plot
from sim.words import path_words, sentence


@plot
def limits(box: Box, **look: Unpack[Look]) -> Axes:
    """Return a box: of each limited input's range, the part inside, and where resampling puts the limit."""
    table = box.limits
    note = (
        f"“{box.scenario}”, seed {box.seed}; the box was found in one half of {box.runs:,} runs and its "
        "share measured in the other. Whiskers: 10th to 90th percentile of the limit over ten resamples; n/10: in how "
        "many of them that side was limited. Words: those inside the box."
    )
    if table.empty:
        return empty_axes(f"No limit on an input sets apart runs with {box.what}", note)
    inside = box.density.probability
    title = f"{sentence(box.what)} comes about in {inside:.0%} of runs inside this box, against {box.base:.0%} overall"
    inputs = list(dict.fromkeys(table["input"]))[::-1]
    axes = canvas(title, note, height=2.0 + 0.55 * len(inputs), width=9.0)
    for at, path in enumerate(inputs):
        _range(axes, at, table[table["input"] == path].set_index("side"))
    axes.set_yticks(np.arange(len(inputs)), [path_words(path) for path in inputs], fontsize="small")
    axes.set_xticks([0, 1], ["least", "most"])
    axes.set(xlim=(-0.02, 1.16), ylim=(-0.6, len(inputs) - 0.4), xlabel="each input's own range, in the config's units")
    return axes


def _range(axes: Axes, at: int, sides: pd.DataFrame) -> None:
    """Draw the range of one input, from 0 to 1, the part inside the box, and the limits."""
    first = sides.iloc[0]
    axes.barh(at, 1, height=0.5, color=mixed(ink.grey, ink.paper, 0.25), zorder=1)
    if np.isnan(first["value"]):
        axes.text(0.5, at, f"one of: {first['limit']}", ha="center", va="center", fontsize="small")
        axes.text(1.02, at, f"{10 * first['reproduced']:.0f}/10", va="center", fontsize="small")
        return
    width = first["most"] - first["least"]
    ends = {"at least": 0.0, "at most": 1.0} | {
        str(side): (row["value"] - first["least"]) / width for side, row in sides.iterrows()
    }
    axes.barh(at, ends["at most"] - ends["at least"], left=ends["at least"], height=0.5, color=ink.sky, zorder=2)
    for side, row in sides.iterrows():
        place = ends[str(side)]
        axes.plot([place, place], [at - 0.25, at + 0.25], color=ink.blue, linewidth=2.5, zorder=3)
        if not np.isnan(row["again_low"]):
            again = [(row[end] - first["least"]) / width for end in ("again_low", "again_high")]
            axes.plot(again, [at - 0.11] * 2, color=ink.dark, linewidth=1, marker="|", markersize=6, zorder=4)
        inward = side == "at least"
        axes.annotate(
            f"{side} {row['limit']}", (place, at + 0.13), (5 if inward else -5, 0), textcoords="offset points",
            ha="left" if inward else "right", va="center", fontsize="small", zorder=5,
        )  # fmt: skip
    axes.text(
        1.02,
        at,
        ", ".join(f"{10 * row['reproduced']:.0f}/10" for _, row in sides.iterrows()),
        va="center",
        fontsize="small",
    )


@plot
def tradeoff(box: Box, **look: Unpack[Look]) -> Axes:
    """Return the boxes on the way to the one chosen: coverage against density."""
    table = box.tradeoff
    chosen = table[table["chosen"]].iloc[0]
    title = (
        f"The box chosen holds {chosen['coverage']:.0%} of the runs with {box.what}; "
        f"{chosen['density']:.0%} of the runs in it are such"
    )
    note = (
        f"“{box.scenario}”, seed {box.seed}. Boxes of one search, in the half of the runs where it looked: "
        "smaller boxes are denser and cover less. Chosen: the highest coverage among boxes with a density of at least "
        f"{box.wanted:.0%}."
    )
    axes = canvas(title, note, height=4.4)
    coverage, density = 100 * table["coverage"], 100 * table["density"]
    axes.plot(coverage, density, color=ink.grey, linewidth=1, zorder=1)
    axes.scatter(coverage, density, s=18, color=ink.blue, label="a box on the way", zorder=2)
    axes.scatter(
        100 * chosen["coverage"], 100 * chosen["density"], s=110, marker="D", color=ink.orange, edgecolor=ink.dark,
        label=f"chosen ({chosen['limited']:.0f} inputs limited)", zorder=3,
    )  # fmt: skip
    axes.set(xlabel=f"coverage: share of the runs with {box.what} that lie inside (%)", xlim=(0, 102))
    axes.set_ylabel("density: share of the runs\ninside that are such (%)")
    axes.set_ylim(0, min(100, 1.15 * float(density.max())))
    axes.grid(axis="both")
    axes.legend(frameon=False, loc="lower left")
    return axes
