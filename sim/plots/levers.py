"""What each step of a lever changes, and the combinations that are enough."""

from __future__ import annotations

from textwrap import fill
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.ensemble.results import Enough, LeverSteps
from sim.ensemble.shares import share
from sim.plots.colours import ink
from sim.plots.shares import bars, stamp_sentence
from sim.plots.style import Look, canvas, plot
from sim.words import label

MARKERS = "osD^v"
"""One a step of a lever: first, second ..."""


@plot
def steps(result: LeverSteps, **look: Unpack[Look]) -> Axes:
    """Return what the steps of every lever change, each alone, with 95% run noise; a row a lever, a marker a step.

    ``result`` is that of :func:`sim.analysis.levers.effects`.
    """
    table = result.table
    order = table.groupby(level="lever", sort=False)["difference"].max().sort_values(kind="stable").index
    first = table.sort_values("per_cost", ascending=False, kind="stable").iloc[0]
    title = f"For its cost, “{first['name']}: {first['label']}” moves {result.what} most"
    note = (
        f"{_note(result)} Each step alone, from {result.now:.0%}. Whiskers: 95% run noise of the paired difference; "
        "hollow: none shown. Markers: first step ○, second □, third ◇, fourth △."
    )
    axes = canvas(title, note, height=2.0 + 0.42 * len(order), width=9.0)
    axes.axvline(0, color=ink.grey, linewidth=1)
    for row, lever in enumerate(order):
        mine = table.loc[[lever]].sort_index()
        for at, (_, step) in enumerate(mine.iterrows()):
            _mark(axes, step, row + 0.2 * ((len(mine) - 1) / 2 - at), MARKERS[at % len(MARKERS)])
    names = [f"{table.loc[lever, 'name'].iloc[0]} ({_holders(table.loc[lever, 'held_by'].iloc[0])})" for lever in order]
    axes.set_yticks(np.arange(len(order)), names)
    axes.set_xlabel("change in the share of runs (percentage points)")
    axes.set_ylim(-0.6, len(order) - 0.4)
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}" if value else "0"))
    axes.grid(axis="both")
    return axes


def _mark(axes: Axes, step: pd.Series, height: float, marker: str) -> None:
    shows = step["low"] > 0 or step["high"] < 0
    colour = ink.grey if not shows else ink.blue if step["difference"] > 0 else ink.red
    axes.errorbar(
        100 * step["difference"],
        height,
        xerr=[[100 * (step["difference"] - step["low"])], [100 * (step["high"] - step["difference"])]],
        fmt=marker,
        color=colour,
        markerfacecolor=colour if shows else ink.paper,
        markersize=5,
    )


def _holders(names: tuple[str, ...]) -> str:
    return ", ".join(label(name, proper=True) for name in names)


@plot
def enough(result: Enough, **look: Unpack[Look]) -> Axes:
    """Return the combinations that a search ended with, how likely each makes the event, and the target.

    ``result`` is that of :func:`sim.analysis.enough.enough`.
    """
    table, about, target = result.table, result.steps, result.target
    reaches = bool(table["reaches"].all())
    what = about.what
    title = (
        f"At a cost of {table['cost'].iloc[0]:g}, {what} reaches {target:.0%} of runs, from {about.now:.0%}"
        if reaches
        else f"No combination found brings {what} to {target:.0%} of runs; the best found:"
    )
    names = [fill(text, 58) for text in table["combination"]]
    lines = sum(name.count("\n") + 2 for name in names)
    note = f"{_note(about)} Found by a search, and run again under other luck; whiskers: 95% run noise (Wilson)."
    axes = canvas(title, note, height=1.8 + 0.17 * lines, width=10.0)
    shares = [share(round(float(probability) * about.runs), about.runs) for probability in table["probability"]]
    bars(axes, names, shares, [ink.blue if reaches else ink.grey] * len(names))
    axes.axvline(100 * target, color=ink.red, linestyle="--", linewidth=1, label=f"target: {target:.0%}")
    axes.set_xlim(0, 100)
    axes.legend(frameon=False, fontsize="small", loc="lower right")
    axes.tick_params(axis="y", labelsize="small")
    axes.set_xlabel(f"share of runs with {what} (%)")
    return axes


def _note(about: LeverSteps) -> str:
    text = f"{about.runs:,} runs of “{about.scenario}” a measurement, seed {about.seed}, same luck."
    return " ".join(filter(None, [stamp_sentence(about.stamp), text]))
