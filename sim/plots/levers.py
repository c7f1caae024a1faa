"""What each step of a lever moves, and the combinations that are enough."""

from __future__ import annotations

from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from sim.ensemble.shares import share
from sim.plots.style import BLUE, GREY, RED, bars, canvas, stamped
from sim.words import EVENT_WORDS, label

MARKERS = "osD^v"
"""One a step of a lever: first, second ..."""


def steps(table: pd.DataFrame) -> Figure:
    """Return what the steps of every lever move, each alone, with 95% run noise; a row a lever, a marker a step.

    ``table`` is that of :func:`sim.analysis.levers.effects`, with its attrs.
    """
    about = table.attrs
    order = table.groupby(level="lever", sort=False)["difference"].max().sort_values(kind="stable").index
    first = table.sort_values("per_cost", ascending=False, kind="stable").iloc[0]
    title = f"For its cost, “{first['name']}: {first['label']}” moves {EVENT_WORDS[about['of']]} most"
    note = (
        f"{_note(about)} Each step alone, from {about['now']:.0%}. Whiskers: 95% run noise of the paired difference; "
        "hollow: none shown. Markers: first step ○, second □, third ◇, fourth △."
    )
    figure, axes = canvas(title, note, height=2.0 + 0.42 * len(order), width=9.0)
    axes.axvline(0, color=GREY, linewidth=1)
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
    return figure


def _mark(axes: Any, step: pd.Series, height: float, marker: str) -> None:
    shows = step["low"] > 0 or step["high"] < 0
    colour = GREY if not shows else BLUE if step["difference"] > 0 else RED
    axes.errorbar(
        100 * step["difference"],
        height,
        xerr=[[100 * (step["difference"] - step["low"])], [100 * (step["high"] - step["difference"])]],
        fmt=marker,
        color=colour,
        markerfacecolor=colour if shows else "white",
        markersize=5,
    )


def _holders(names: tuple[str, ...]) -> str:
    return ", ".join(label(name, proper=True) for name in names)


def enough(table: pd.DataFrame) -> Figure:
    """Return the combinations found, how likely each makes it, and the target.

    ``table`` is :attr:`sim.analysis.enough.Enough.combinations`, with its attrs.
    """
    about = table.attrs
    reaches = bool(table["reaches"].all())
    what = EVENT_WORDS[about["of"]]
    title = (
        f"At a cost of {table['cost'].iloc[0]:g}, {what} reaches {about['target']:.0%} of runs, from {about['now']:.0%}"
        if reaches
        else f"No combination found brings {what} to {about['target']:.0%} of runs; the best found:"
    )
    names = [fill(text, 58) for text in table["combination"]]
    lines = sum(name.count("\n") + 2 for name in names)
    note = f"{_note(about)} Found by a search, and run again under other luck; whiskers: 95% run noise (Wilson)."
    figure, axes = canvas(title, note, height=1.8 + 0.17 * lines, width=10.0)
    shares = [share(round(row.probability * about["runs"]), about["runs"]) for row in table.itertuples()]
    bars(axes, names, shares, [BLUE if reaches else GREY] * len(names))
    axes.axvline(100 * about["target"], color=RED, linestyle="--", linewidth=1)
    axes.set_xlim(0, 100)
    axes.text(100 * about["target"] + 1, len(names) - 0.45, "target", color=RED, fontsize=8, va="bottom")
    axes.tick_params(axis="y", labelsize=8)
    axes.set_xlabel(f"share of runs with {what} (%)")
    return figure


def _note(about: dict[Any, Any]) -> str:
    told = f"{about['runs']:,} runs of “{about['scenario']}” a measurement, seed {about['seed']}, same luck."
    return " ".join(filter(None, [stamped(str(about.get("stamp", ""))), told]))
