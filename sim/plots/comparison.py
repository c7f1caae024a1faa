"""Draws the paired differences between two scenarios, each with its run noise."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.ensemble.results import Differences
from sim.plots.colours import ink
from sim.plots.shares import stamp_sentence
from sim.plots.style import Look, canvas, in_reader_words, plot
from sim.words import LABELS, quantity

_MOST_DIFFERENCES = 20


@plot
def differences(result: Differences, **look: Unpack[Look]) -> Axes:
    """Return a comparison: differences in percentage points, with 95% run noise, and both values beside them.

    ``result`` is that of :func:`sim.compare`. Events are always drawn, other shares only if they differ, the largest
    differences first; troops and weeks are not drawn.
    """
    table = result.table[result.table["unit"] == "share"]
    shown = _select_rows(table, result.of)[::-1]
    title = f"“{result.b}” rather than “{result.a}”: {_verdict(result)}"
    note = (
        f"{result.runs:,} paired runs under the same luck. Whiskers: 95% run noise of the paired difference; hollow: "
        "none shown. Right: from → to."
    )
    note = " ".join(filter(None, (stamp_sentence(result.stamp), note)))
    axes = canvas(title, note, height=1.8 + 0.27 * len(shown))
    axes.axvline(0, color=ink.grey, linewidth=1)
    for at, (_, row) in enumerate(shown.iterrows()):
        shows = row["low"] > 0 or row["high"] < 0
        colour = ink.grey if not shows else ink.blue if row["difference"] > 0 else ink.red
        reach = [[100 * (row["difference"] - row["low"])], [100 * (row["high"] - row["difference"])]]
        axes.errorbar(
            100 * row["difference"],
            at,
            xerr=reach,
            fmt="o",
            color=colour,
            markerfacecolor=colour if shows else ink.paper,
        )
        axes.text(
            1.02,
            at,
            f"{row['a']:.0%} → {row['b']:.0%}",
            transform=axes.get_yaxis_transform(),
            va="center",
            fontsize="small",
        )
    axes.set_yticks(
        np.arange(len(shown)),
        [result.what if name == result.of else _quantity(result, str(name)) for name in shown.index],
    )
    axes.set(xlabel="difference in the share of runs (percentage points)", ylim=(-0.6, len(shown) - 0.4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}" if value else "0"))
    axes.grid(axis="both")
    return axes


def _select_rows(table: pd.DataFrame, of: str) -> pd.DataFrame:
    events = [name for name in table.index if name in LABELS or name == of]
    others = table.drop(index=events)
    others = others[others["difference"] != 0].sort_values("difference", key=abs, ascending=False, kind="stable")
    kept = {*events, *others.index[: _MOST_DIFFERENCES - len(events)]}
    return table.loc[[name for name in table.index if name in kept]]


def _verdict(result: Differences) -> str:
    row = result.table.loc[result.of]
    if row["low"] <= 0 <= row["high"]:
        return f"no difference shown for {result.what}"
    way = "more" if row["difference"] > 0 else "less"
    points = 100 * abs(row["difference"])
    return f"{result.what} is {way} likely by {points:.{1 if points < 9.5 else 0}f} points"


def _quantity(result: Differences, name: str) -> str:
    kind, _, what = name.rpartition(".")
    if kind == "outcome" and what in result.called:
        return in_reader_words(what, quantity(name, result.called)).replace("\n", " ")  # rows are a line high
    return quantity(name, result.called)
