"""A living forecast: the probability after each observation, what to watch, and how it was scored."""

from __future__ import annotations

from datetime import date
from textwrap import fill
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

from sim.ensemble.update_result import Update, Watch
from sim.plots.colours import ink
from sim.plots.style import Look, canvas, plot
from sim.words import day, sentence

_LETTERS = 44
"""Characters in a line of a label; two lines fit beside a row."""


@plot
def living(update: Update, **look: Unpack[Look]) -> Axes:
    """Draw how a forecast moved: a row for each thing seen, in order, with how expected it was, and the band of noise.

    ``update`` is that of :func:`sim.analysis.living_forecast.living_forecast`.
    """
    table = update.table
    first, last = table["probability"].iloc[0], table["probability"].iloc[-1]
    title = f"{len(table) - 1} observations take {update.what} from {first:.1%} to {last:.1%}"
    note = (
        f"“{update.scenario}”, seed {update.seed}, {update.runs:,} runs in each of {update.populations} population"
        f"{'s' * (update.populations > 1)}. Band: 95% simulation noise. In brackets: how likely each was after those "
        "before it."
    )
    axes = canvas(title, note, height=1.9 + 0.36 * len(table), width=9.0)
    rows, percent = range(len(table)), 100 * table[["probability", "low", "high"]]
    axes.fill_betweenx(rows, percent["low"], percent["high"], color=ink.blue, alpha=0.2, linewidth=0)
    axes.plot(percent["probability"], rows, color=ink.blue, marker="o", markersize=5)
    axes.set_yticks(rows, [_label(row) for _, row in table.iterrows()])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, max(5.0, 1.1 * float(percent["high"].max())))
    axes.set_xlabel(f"chance of {update.what} (%)")
    axes.grid(axis="x")
    return axes


def _label(row: object) -> str:
    seen, week, expected = (row[name] for name in ("observation", "week", "predicted"))  # type: ignore[index]
    return fill(f"{week} {sentence(seen)} ({expected:.0%})", _LETTERS) if seen else "before any"


@plot
def calendar(update: Update, **look: Unpack[Look]) -> Axes:
    """Draw how a forecast moved over the calendar: it stands until the last day of the week of what is seen next.

    Of several things seen in a week the last counts; :func:`living` shows each. ``update`` is that of
    :func:`sim.analysis.living_forecast.living_forecast`.
    """
    table = update.table.drop_duplicates("week", keep="last")
    days = [date.fromisoformat(str(week)) for week in table["week"]]
    first, last = table["probability"].iloc[0], table["probability"].iloc[-1]
    begin, end = (day(each.isoformat()) for each in (days[0], days[-1]))
    title = f"From {begin} to {end} {update.what} goes from {first:.1%} to {last:.1%}"
    note = (
        f"“{update.scenario}”, seed {update.seed}, {update.runs:,} runs a population; {len(update.table) - 1} "
        "observations, by the last day of their week. Band: 95% simulation noise."
    )
    axes = canvas(title, note, height=4.0, width=9.0)
    percent, at = 100 * table[["probability", "low", "high"]], np.array(days, dtype="datetime64[D]")
    axes.fill_between(at, percent["low"], percent["high"], step="post", color=ink.blue, alpha=0.2, linewidth=0)
    axes.step(at, percent["probability"], where="post", color=ink.blue)
    axes.plot(at, percent["probability"], color=ink.blue, marker="o", markersize=5, linestyle="none")
    locator = AutoDateLocator()  # type: ignore[no-untyped-call]
    axes.xaxis.set_major_locator(locator)
    axes.xaxis.set_major_formatter(ConciseDateFormatter(locator))  # type: ignore[no-untyped-call]
    axes.set_ylim(0, max(5.0, 1.1 * float(percent["high"].max())))
    axes.set_ylabel(f"chance of {update.what} (%)")
    axes.grid(axis="y")
    return axes


@plot
def reliability(table: pd.DataFrame, **look: Unpack[Look]) -> Axes:
    """Draw how often events came by how likely they were called: on the line, forecasts are calibrated.

    ``table`` is that of :func:`sim.validation.series_record.reliability`, over several scored series.
    """
    forecasts = int(table["forecasts"].sum())
    inside = int(((table["low"] <= table["called"]) & (table["called"] <= table["high"])).sum())
    title = f"In {inside} of {len(table)} groups of forecasts, what was called agrees with what came"
    note = f"{forecasts:,} forecasts, grouped by the chance that was called. Whiskers: 95% (Wilson). Size: forecasts."
    axes = canvas(title, note, height=5.5, width=6.5)
    called, came, low, high = (100 * table[name] for name in ("called", "came", "low", "high"))
    axes.plot([0, 100], [0, 100], color=ink.grey, linestyle="--", linewidth=1.0)
    axes.errorbar(called, came, yerr=[came - low, high - came], fmt="none", ecolor=ink.blue, capsize=2)
    axes.scatter(called, came, s=30 + 200 * table["forecasts"] / forecasts, color=ink.blue, zorder=3)
    axes.set(xlim=(0, 100), ylim=(0, 100), xlabel="chance called (%)", ylabel="share that came (%)")
    axes.grid()
    return axes


@plot
def indicators(watch: Watch, most: int = 12, **look: Unpack[Look]) -> Axes:
    """Draw the most telling things that could be seen: the forecast if each is seen and if not, and as it stands.

    ``watch`` is that of :func:`sim.analysis.watching.watch`.
    """
    table = watch.table.head(most)
    title = f"What to watch by {watch.day}: {watch.what} stands at {watch.now:.1%}"
    note = (
        f"“{watch.scenario}”, seed {watch.seed}, {watch.runs:,} runs a population. In brackets: how likely each is to "
        "be reported. Whiskers: 95% simulation noise. Ordered by the information in a report."
    )
    axes = canvas(title, note, height=2.0 + 0.36 * len(table), width=9.0)
    rows = range(len(table))
    for name, colour, words in (("if_not", ink.grey, "if it is not seen"), ("if_seen", ink.blue, "if it is seen")):
        middle, low, high = (100 * table[f"{name}{end}"] for end in ("", "_low", "_high"))
        axes.errorbar(middle, rows, xerr=[middle - low, high - middle], fmt="o", color=colour, capsize=2, label=words)
    axes.axvline(100 * watch.now, color="black", linewidth=0.8, linestyle=":")
    likely = (f"{sentence(str(name))} ({row['probability']:.0%})" for name, row in table.iterrows())
    axes.set_yticks(rows, [fill(each, _LETTERS) for each in likely])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel(f"chance of {watch.what} (%)")
    axes.grid(axis="x")
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.0)
    return axes
