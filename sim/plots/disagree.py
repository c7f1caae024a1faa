"""Draws which differences explain the gap between two answers, as steps from the one to the other."""

from __future__ import annotations

from textwrap import fill
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from numpy.typing import NDArray

from sim.ensemble.disagreement import Disagreement
from sim.plots.colours import ink
from sim.plots.shares import stamp_sentence
from sim.plots.style import Look, canvas, plot
from sim.words import path_words


@plot
def disagree(result: Disagreement, **look: Unpack[Look]) -> Axes:
    """Return a waterfall: A's answer, a step a group of differences, the largest first, and B's answer.

    ``result`` is that of :func:`sim.disagree`. Whiskers are the 95% intervals of the steps; a step whose interval
    straddles 0 is grey.
    """
    names = [result.a, *(fill(_words(str(name)), 42) for name in result.table.index), result.b]
    lines = sum(name.count("\n") + 1 for name in names)
    axes = canvas(_title(result), _note(result), height=1.9 + 0.17 * lines + 0.15 * len(names), width=9.0)
    heights = np.arange(len(names), dtype=np.float64)[::-1]
    answers = 100 * result.answers
    _answer(axes, float(heights[0]), *answers.iloc[0])
    _steps(axes, heights, float(answers["share"].iloc[0]), 100 * result.table[["value", "low", "high"]])
    _answer(axes, float(heights[-1]), *answers.iloc[1])
    axes.set_yticks(heights, names, fontsize="small")
    axes.set(xlabel=f"share of runs with {result.what} (%)", ylim=(-0.6, len(names) - 0.4))
    axes.margins(x=0.16)
    axes.grid(axis="x")
    return axes


def _words(group: str) -> str:
    """Return a group of differences, which may be paths, in words."""
    return ", ".join(path_words(each) for each in group.split(", "))


def _answer(axes: Axes, at: float, share: float, low: float, high: float) -> None:
    reach = [[share - low], [high - share]]
    axes.errorbar(share, at, xerr=reach, fmt="o", color=ink.dark, ecolor=ink.dark, capsize=2, linewidth=1, markersize=7)
    axes.annotate(f"  {share:.1f}%", (high, at), ha="left", va="center", fontsize="small", fontweight="bold")


def _steps(axes: Axes, heights: NDArray[np.float64], level: float, steps: pd.DataFrame) -> None:
    """Draw each group's step from where the one before it ended, and thin lines that lead from row to row."""
    for at, (value, low, high) in zip(heights[1:-1], steps.to_numpy(), strict=True):
        axes.plot([level, level], [at + 1, at], color=ink.grey, linewidth=0.8, linestyle=":", zorder=0)
        _step(axes, at, level, value, low, high)
        level += value
    axes.plot([level, level], [1, 0], color=ink.grey, linewidth=0.8, linestyle=":", zorder=0)


def _step(axes: Axes, at: float, start: float, value: float, low: float, high: float) -> None:
    colour = ink.grey if low <= 0.0 <= high else ink.blue if value > 0.0 else ink.red
    axes.barh(at, value, left=start, color=colour, height=0.6)
    reach = [[value - low], [high - value]]
    axes.errorbar(start + value, at, xerr=reach, fmt="none", ecolor=ink.dark, capsize=2, linewidth=1)
    right = max(start, start + high)
    axes.annotate(f"  {round(value, 2) + 0.0:+.2f}", (right, at), ha="left", va="center", fontsize="small")


def _title(result: Disagreement) -> str:
    first = result.table.iloc[0]
    if first["low"] <= 0.0 <= first["high"]:
        largest = f"the largest part, {_words(str(result.table.index[0]))}, does not show beyond noise"
        return f"From “{result.a}” to “{result.b}” on {result.what}: {largest}"
    return (
        f"From “{result.a}” to “{result.b}”, {_words(str(result.table.index[0]))} moves {result.what} most: "
        f"{100 * first['value']:+.2f} points, of a gap of {100 * result.gap:+.2f}"
    )


def _note(result: Disagreement) -> str:
    how = (
        f"Shapley values from {result.permutations} sampled orders; whiskers of steps: 95%, run noise and sampling"
        if result.permutations
        else f"Shapley values of {len(result.table)} groups, all orders; whiskers of steps: 95% run noise, paired"
    )
    text = (
        f"{result.runs:,} paired runs of {result.scenarios:,} scenarios, seed {result.seed}. {how}; of answers: 95% "
        "run noise (Wilson). Grey: the interval straddles 0."
    )
    return " ".join(filter(None, [stamp_sentence(result.stamp), text]))
