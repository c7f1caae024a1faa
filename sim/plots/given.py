"""What if this comes true? Shares in all runs and in those that meet a condition, with run noise."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.ensemble.results import Conditioned
from sim.plots.colours import ink
from sim.plots.shares import stamp_sentence
from sim.plots.style import Look, canvas, plot
from sim.words import label


@plot
def given(result: Conditioned, **look: Unpack[Look]) -> Axes:
    """Return how the headline and each actor's chance of a pledge move if a condition comes true.

    ``result`` is ``shares`` of :class:`sim.analysis.given.Given`.
    """
    headline, actors = result.table, result.actors
    rows = pd.concat([actors.sort_values("given", kind="stable"), headline.iloc[::-1]])
    names = [label(str(name), proper=True) for name in rows.index[: len(actors)]]
    names += [result.what if name == result.of else label(str(name)) for name in rows.index[len(actors) :]]
    axes = canvas(_title(result), _note(result), height=2.0 + 0.27 * len(rows))
    height = np.arange(len(rows)) + np.where(np.arange(len(rows)) >= len(actors), 1.0, 0.0)
    for kind, colour, marker, words in (
        ("all", ink.grey, "o", "all runs"),
        ("given", ink.blue, "D", "runs that meet it"),
    ):
        middle, low, high = (100 * rows[name].to_numpy() for name in (kind, f"{kind}_low", f"{kind}_high"))
        face = ink.paper if kind == "all" else colour
        axes.errorbar(
            middle, height, xerr=[middle - low, high - middle], fmt=marker, color=colour, ecolor=colour,
            markerfacecolor=face, markersize=6, label=words, zorder=3 if kind == "given" else 2,
        )  # fmt: skip
    for at, start, end in zip(height, 100 * rows["all"], 100 * rows["given"], strict=True):
        axes.plot([start, end], [at, at], color=ink.grey, linewidth=1, zorder=1)
    axes.axhline(len(actors), color=ink.dark, linewidth=0.6)
    axes.set_yticks(height, names)
    axes.set(xlabel="share of runs (%)", xlim=(-1, 101), ylim=(-0.7, float(height[-1]) + 0.7))
    axes.text(100, len(actors) + 0.15, "events", ha="right", va="bottom", fontsize="small", color=ink.dark)
    axes.text(100, len(actors) - 0.15, "pledged at the horizon", ha="right", va="top", fontsize="small", color=ink.dark)
    axes.grid(axis="x")
    axes.legend(frameon=False, ncols=2, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return axes


def _title(result: Conditioned) -> str:
    row = result.table.to_dict("index")[result.of]
    shown = row["low"] > 0.0 or row["high"] < 0.0
    if not shown:
        return f"Given “{result.condition}”: no difference shown for {result.what}"
    return f"Given “{result.condition}”, {result.what} comes about in {row['given']:.0%} of runs, not {row['all']:.0%}"


def _note(result: Conditioned) -> str:
    text = (
        f"{result.selected:,} of {result.runs:,} runs of “{result.scenario}”, seed {result.seed}. Whiskers: "
        "95% run noise (Wilson) only. Selected, not brought about: runs that meet the condition also differ in their "
        "inputs."
    )
    return " ".join(filter(None, (stamp_sentence(result.stamp), text)))
