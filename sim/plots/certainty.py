"""How sure: three widths as nested bars, convergence with the number of runs, and blockers that survive."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from sim.ensemble.likelihood_words import percent, span
from sim.ensemble.results import Convergence, RivalRules, Survival, Widths
from sim.plots.colours import ink
from sim.plots.style import Look, canvas, plot
from sim.words import WORDS_OF_GATES, label, sentence

_WIDTHS = {"inputs": ("pale", 0.8), "rival rules": ("orange", 0.44), "run noise": ("blue", 0.2)}
"""Role of the colour and height of each width; those that are usually wide are drawn tall and first."""


DEEP = 12
"""Rows of labels below the bars: rival rules often lie close together."""


@plot
def widths(result: Widths, structures: RivalRules, **look: Unpack[Look]) -> Axes:
    """Return the three widths of a headline as nested bars on one axis, rival rules as labelled ticks.

    Both arguments are fields of what :func:`sim.analysis.certainty.certainty` returns.
    """
    table, shares = result.table, structures.table["probability"]
    size = table["high"] - table["low"]
    widest = str(size.idxmax())
    low, high = (float(table[end][widest]) for end in ("low", "high"))
    widest_is = f"widest is what {_WHOSE[widest]} ({span(low, high)})"
    if result.probability > float(table["high"]["inputs"]):
        widest_is = "a few draws of the inputs, outside their range, hold most of it"
    title = f"{sentence(result.what)}: {percent(result.probability)} of runs; {widest_is}"
    meanings = "; ".join(f"{name}: {each['what']}" for name, each in table.iterrows())
    note = f"“{result.scenario}”, seed {result.seed}. {sentence(meanings)}."
    axes = canvas(title, note, height=3.8)
    for name, (role, height) in _WIDTHS.items():
        low, high = 100 * float(table["low"][name]), 100 * float(table["high"][name])
        axes.barh(
            0,
            high - low,
            left=low,
            height=height,
            color=ink.role(role),
            edgecolor=ink.dark,
            linewidth=0.6,
            label=f"{name}, {span(low / 100, high / 100) if name != 'run noise' else f'{low:.1f} to {high:.1f}%'}",
        )
    axes.plot([100 * result.probability] * 2, [-0.4, 0.4], color=ink.dark, linewidth=1.5)
    _ticks(axes, shares)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    top = max(100 * table["high"].max(), 100 * shares.max())
    axes.set(
        xlabel=f"share of runs with {result.what} (%)",
        ylim=(-0.8 - 0.27 * DEEP, 0.6),
        xlim=(0, min(100, 1.1 * top + 2)),
    )
    axes.legend(frameon=False, ncols=3, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return axes


_WHOSE = {
    "run noise": "the number of runs leaves open",
    "inputs": "inputs leave open",
    "rival rules": "rules leave open",
}


def _ticks(axes: Axes, shares: pd.Series) -> None:
    """Draw a tick for each set of rules, its label below, lower where it would stand on its neighbour."""
    order = shares.sort_values(kind="stable")
    white = {"facecolor": ink.paper, "edgecolor": "none", "pad": 0.8}
    for at, (name, value) in enumerate(order.items()):
        depth = -0.75 - 0.27 * (at % DEEP)
        words = f" {label(str(name))} {value:.{1 if value < 0.1 else 0}%}"
        axes.plot([100 * value, 100 * value], [-0.4, depth + 0.1], color=ink.dark, linewidth=0.8, linestyle=":")
        axes.plot(100 * value, -0.4, marker="v", color=ink.dark, markersize=5)
        axes.text(100 * value, depth, words, fontsize="small", va="center", color=ink.dark, bbox=white, zorder=4)


@plot
def convergence(result: Convergence, **look: Unpack[Look]) -> Axes:
    """Return the headline after the first runs, with its run noise."""
    table, last = result.table, result.table.iloc[-1]
    half = 100 * (last["high"] - last["low"]) / 2
    title = f"After {last['runs']:,.0f} runs the share with {result.what} is known to {half:.1f} points either way"
    note = f"“{result.scenario}”, seed {result.seed}. Band: 95% run noise (Wilson) only, after so many runs."
    axes = canvas(title, note, height=4.2)
    band = 100 * table[["low", "high"]]
    axes.fill_between(
        table["runs"], band["low"], band["high"], color=ink.blue, alpha=0.2, linewidth=0, label="95% run noise"
    )
    axes.plot(table["runs"], 100 * table["probability"], color=ink.blue, linewidth=2, label="share of the first runs")
    axes.axhline(100 * last["probability"], color=ink.dark, linewidth=1, linestyle=":", label="share of all runs")
    axes.set_xscale("log")
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:,.0f}"))
    axes.set(xlabel="runs, from the first (log scale)", ylabel=f"share with {result.what} (%)")
    axes.set_xlim(table["runs"].iloc[0], table["runs"].iloc[-1])
    axes.set_ylim(0, 1.1 * float(band["high"].max()))
    axes.grid(axis="y")
    axes.legend(frameon=False)
    return axes


@plot
def survival(result: Survival, **look: Unpack[Look]) -> Axes:
    """Return in what share of the draws of inputs each requirement is among the two most often missing."""
    table = result.table
    shown = table[::-1]
    first = table.iloc[0]
    title = (
        f"{sentence(WORDS_OF_GATES[str(table.index[0])])} is among the first "
        f"two blockers in {first['share']:.0%} of input sets"
    )
    note = (
        f"“{result.scenario}”, seed {result.seed}: {result.draws:,} draws of the inputs, "
        f"{result.runs_per_draw:,} runs each. A blocker is missing at the horizon in a run then without a "
        "force. Whiskers: 95% (Wilson), draws as the sample. Right: under how many sets of rules."
    )
    axes = canvas(title, note, height=2.0 + 0.36 * len(shown))
    height, value = np.arange(len(shown)), 100 * shown["share"]
    reach = [value - 100 * shown["low"], 100 * shown["high"] - value]
    axes.barh(height, value, color=ink.sky, height=0.7)
    axes.errorbar(value, height, xerr=reach, fmt="none", ecolor=ink.dark, capsize=2)
    for at, (_, row) in enumerate(shown.iterrows()):
        words = f"{row['rules']:.0f} of {row['rules_of']:.0f}"
        axes.text(1.02, at, words, transform=axes.get_yaxis_transform(), va="center", fontsize="small")
    axes.set_yticks(height, [WORDS_OF_GATES[str(gate)] for gate in shown.index])
    axes.set(xlabel="draws of inputs in which it is among the first two (%)", xlim=(0, 100))
    axes.grid(axis="x")
    return axes
