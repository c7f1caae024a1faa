"""What moves it: shares of variance as bars, and the headline at both ends of single numbers."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.ensemble.results import Ends, Sensitivity
from sim.plots.colours import ink
from sim.plots.style import Look, canvas, plot
from sim.words import label, path_words

_MOST = 12
"""Bars drawn of one kind, the largest first."""


@plot
def variance(result: Sensitivity, kind: str = "reasons", **look: Unpack[Look]) -> Axes:
    """Return first-order and total shares of variance by group, with 95% intervals.

    ``kind`` is ``reasons``, ``actor`` or ``phase``.
    """
    groups = result.groups
    whole = groups[groups["kind"] == kind].set_index("group").sort_values("total", kind="stable")
    whole.index = pd.Index([label(str(name), proper=True) if kind == "actor" else str(name) for name in whole.index])
    table = whole.tail(_MOST)
    most = table.index[-1]
    title = (
        f"Among {_KINDS[kind]}, “{most}” has a part in {min(1.0, table['total'].iloc[-1]):.0%} of the variance of "
        f"whether {result.what} comes about"
    )
    shown = "" if len(table) == len(whole) else f"The {len(table)} largest of {len(whole)}. "
    note = (
        f"{shown}Sobol indices of whether {result.what} comes about in a run of “{result.scenario}”, seed "
        f"{result.seed}, base size {result.runs_counted:,}. Whiskers: 95% (bootstrap). Totals overlap and sum to "
        "more than 100%."
    )
    axes = canvas(title, note, height=2.0 + 0.42 * len(table))
    _pair(axes, table)
    axes.set_xlabel("share of variance (%)")
    axes.legend(frameon=False, loc="lower right")
    return axes


_KINDS = {"reasons": "chance and what numbers rest on", "actor": "actors", "phase": "phases of the round"}


def _pair(axes: Axes, table: pd.DataFrame) -> None:
    height = np.arange(len(table))
    for name, words, colour, shift in (
        ("total", "in all, with others", ink.sky, 0.19),
        ("first", "alone", ink.blue, -0.19),
    ):
        value = 100 * table[name]
        reach = [value - 100 * table[f"{name}_low"], 100 * table[f"{name}_high"] - value]
        axes.barh(height + shift, value, height=0.36, color=colour, label=words)
        axes.errorbar(value, height + shift, xerr=reach, fmt="none", ecolor=ink.dark, capsize=2, linewidth=1)
    axes.axvline(0, color=ink.grey, linewidth=1)
    axes.set_yticks(height, [str(name) for name in table.index])
    axes.set_ylim(-0.6, len(table) - 0.4)


@plot
def tornado(ends: Ends, **look: Unpack[Look]) -> Axes:
    """Return the headline at the low and the high end of single numbers, largest difference on top."""
    table = ends.table[::-1]
    top = ends.table.iloc[0]
    title = (
        f"{path_words(str(ends.table.index[0]))} moves {ends.what} most: {top['at_low']:.0%} of runs at its low end, "
        f"{top['at_high']:.0%} at its high end"
    )
    note = (
        f"“{ends.scenario}”, seed {ends.seed}, {ends.runs:,} runs an end under the same luck, all else as "
        "configured. Ends: the least and most that can be drawn, as labelled. Whiskers at the high end: 95% of the "
        "paired difference (run noise)."
    )
    axes = canvas(title, note, height=2.0 + 0.36 * len(table), width=9.0)
    for at, (_, row) in enumerate(table.iterrows()):
        low, high = 100 * row["at_low"], 100 * row["at_high"]
        axes.plot([low, high], [at, at], color=ink.grey, linewidth=5, solid_capstyle="butt", zorder=1)
        reach = [
            [100 * (row["difference"] - row["difference_low"])],
            [100 * (row["difference_high"] - row["difference"])],
        ]
        axes.errorbar(
            high, at, xerr=reach, fmt="o", color=ink.orange, ecolor=ink.dark, capsize=2, markersize=7, zorder=3
        )
        axes.plot(low, at, "s", color=ink.blue, markersize=7, zorder=3)
        whisker = (high - reach[0][0], high + reach[1][0])
        left, right = (row["low"], row["high"]) if low <= high else (row["high"], row["low"])
        axes.annotate(f"{left}  ", (min(low, *whisker), at), ha="right", va="center", fontsize="small")
        axes.annotate(f"  {right}", (max(low, *whisker), at), ha="left", va="center", fontsize="small")
    axes.plot([], [], "s", color=ink.blue, label="at its low end")
    axes.plot([], [], "o", color=ink.orange, label="at its high end")
    axes.set_yticks(np.arange(len(table)), [path_words(str(name)) for name in table.index], fontsize="small")
    axes.set(xlabel=f"share of runs with {ends.what} (%)", ylim=(-0.6, len(table) - 0.4))
    axes.margins(x=0.16)
    axes.grid(axis="x")
    axes.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return axes
