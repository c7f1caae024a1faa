"""History matching: what each target leaves, which inputs were learnt, and the optical depth of the first of them."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim.ensemble.match_result import Match
from sim.plots.colours import ink
from sim.plots.style import Look, PanelLook, Panels, canvas, empty_panels, panel_plot, panels, plot
from sim.words import EVENT_WORDS, label, path_words, sentence

MOST = 6
"""Inputs shown as small multiples: the most learnt, also where that is within noise."""
ACROSS = 3


@plot
def targets(result: Match, **look: Unpack[Look]) -> Axes:
    """Return what share of the draws each target alone does not rule out, and all of them together."""
    table = result.table.sort_values("survives", kind="stable", ascending=False)
    last = result.waves.iloc[-1]
    title = f"{last['share']:.0%} of the draws of the inputs are not ruled out by {len(table)} targets together"
    note = (
        f"“{result.scenario}”, seed {result.seed}: {result.draws:,} draws of {result.matched:,} inputs, wave 1 for "
        f"each target alone, {len(result.waves)} for all of them. Ruled out: implausibility above {result.cut:g}. "
        "Whiskers: 95% (Wilson), draws as the sample. sd: how far the two are apart, on all draws, in standard "
        "deviations without run noise."
    )
    axes = canvas(title, note, height=2.0 + 0.42 * (len(table) + 1), width=9.5)
    shares = 100 * np.array([last["share"], *table["survives"]])
    low, high = (100 * np.array([last[end], *table[f"survives_{end}"]]) for end in ("low", "high"))
    at = np.arange(len(shares))
    axes.barh(at, shares, color=[ink.blue, *[ink.sky] * len(table)], height=0.7)
    axes.errorbar(shares, at, xerr=[shares - low, high - shares], fmt="none", ecolor=ink.dark, capsize=2)
    for height, (_, row) in enumerate(table.iterrows(), start=1):
        published = ", ".join(_short(row[end]) for end in ("low", "likely", "high"))
        words = f"{published}; model {_short(row['model'])} ({row['off']:.1f} sd)"
        axes.text(1.02, height, words, va="center", fontsize="small", transform=axes.get_yaxis_transform())
    head = "published: low, likely, high; model"
    axes.text(1.02, len(table) + 0.6, head, va="center", fontsize="small", transform=axes.get_yaxis_transform())
    axes.set_yticks(at, ["all together", *(label(str(id)) for id in table.index)])
    axes.set(xlabel="draws that are not ruled out (%)", xlim=(0, 100))
    axes.grid(axis="x")
    return axes


@panel_plot
def learning(result: Match, **look: Unpack[PanelLook]) -> Panels:
    """Return the inputs learnt most as small multiples: how what is left spreads over the prior's range."""
    table = result.learnt.head(MOST)
    note = (
        f"“{result.scenario}”, seed {result.seed}. Bars: 8 of 10 draws, dot: their median; grey: of all draws, "
        f"blue: of those not ruled out. Distance: Kolmogorov's, 0 to 1; matching that teaches nothing would have its "
        f"largest above {result.learnt['noise'].iloc[0]:.2f} in one of twenty. Across: the input in its own unit; of a "
        "choice, the place of the word in its order."
    )
    count = len(result.learnt_beyond_noise)
    title = f"{count or 'None'} of {result.matched:,} inputs {'were' if count > 1 else 'was'} learnt beyond noise"
    first = path_words(str(table.index[0])) if count else ""
    title += f", {first} most" if count > 1 else f": {first}" if count else ""
    rows = -(-len(table) // ACROSS)
    grid = panels(title, note, rows=rows, across=min(ACROSS, len(table)), height=2.1 + 1.2 * rows, width=10.0)
    for axes, (path, row) in zip(grid, table.iterrows(), strict=False):
        _one_learnt(axes, str(path), row)
    for axes in grid[len(table) :]:
        axes.remove()
    return grid[: len(table)]


def _one_learnt(axes: Axes, path: str, row: pd.Series) -> None:
    for height, when, colour in ((1, "before", ink.grey), (0, "after", ink.blue)):
        low, middle, high = (row[f"{end}_{when}"] for end in ("low", "median", "high"))
        axes.plot([low, high], [height] * 2, color=colour, linewidth=6, solid_capstyle="butt")
        axes.plot(middle, height, marker="o", color=ink.paper, markeredgecolor=ink.dark, markersize=7)
    within = "" if row["distance"] > row["noise"] else ", within noise"
    axes.set_title(f"{_in_two(path)}\ndistance {row['distance']:.2f}{within}", fontsize="small", loc="left")
    axes.set_yticks([0, 1], ["not ruled out", "all draws"], fontsize="small")
    axes.tick_params(axis="x", labelsize="small")
    axes.locator_params(axis="x", nbins=5)
    axes.set_ylim(-0.6, 1.6)


@panel_plot
def optical_depth(result: Match, **look: Unpack[PanelLook]) -> Panels:
    """Return the optical depth of pairs of inputs: in each cell the share of draws that are not ruled out."""
    table = result.depth
    note = (
        f"“{result.scenario}”, seed {result.seed}: share of the draws in a cell that are not ruled out (%), cells of "
        f"equal chance under the prior, {table['draws'].median():.0f} draws in a cell at the median: a share of one "
        f"half is then known to {100 * _half(float(table['draws'].median())):.0f} points either way (95%)."
    )
    pairs = list(dict.fromkeys(zip(table["x"], table["y"], strict=True)))
    if not pairs:
        return empty_panels("There are fewer than two inputs to set against each other", note)
    spread = f"{table['share'].min():.0%} to {table['share'].max():.0%}"
    title = f"Of the draws in a cell of two inputs, {spread} are not ruled out"
    grid = panels(title, note, rows=1, across=len(pairs), height=4.6, width=4.0 * len(pairs) + 1.0)
    for axes, (x, y) in zip(grid, pairs, strict=True):
        _one_depth(axes, table[(table["x"] == x) & (table["y"] == y)], x, y)
    return grid


def _one_depth(axes: Axes, cells: pd.DataFrame, x: str, y: str) -> None:
    shares = 100 * cells.pivot(index="row", columns="column", values="share")
    axes.imshow(shares, origin="lower", cmap="cividis", vmin=0, vmax=100, aspect="auto")
    for row, line in shares.iterrows():
        for column, value in line.dropna().items():
            colour = "white" if value < 50 else "black"
            axes.text(
                int(str(column)),
                int(str(row)),
                f"{value:.0f}",
                ha="center",
                va="center",
                color=colour,
                fontsize="small",
            )
    ends = [0, len(shares) - 1]
    axes.set_xticks(ends, ["least", "most"])
    axes.set_yticks(ends, ["least", "most"])
    axes.set_xlabel(_in_two(x), fontsize="small")
    axes.set_ylabel(_in_two(y), fontsize="small")


@plot
def plausible_forecast(result: Match, **look: Unpack[Look]) -> Axes:
    """Return the forecast on all inputs and on plausible ones, side by side."""
    table = result.forecast
    row = table.loc["european"]
    title = f"A European force: {row['plausible']:.1%} on plausible inputs, {row['all_inputs']:.1%} on all"
    note = (
        f"“{result.scenario}”, seed {result.seed}: {result.runs:,} runs each, with the same luck. Whiskers: 95%, run "
        "noise on all inputs; noise of runs and draws on plausible ones. No target says whether a force deploys."
    )
    axes = canvas(title, note, height=3.2)
    at = np.arange(len(table))[::-1]
    kinds = (
        ("all_inputs", "all", ink.grey, 0.18, "all inputs"),
        ("plausible", "plausible", ink.orange, -0.18, "plausible inputs"),
    )
    for name, ends, colour, shift, words in kinds:
        value = 100 * table[name]
        reach = [value - 100 * table[f"{ends}_low"], 100 * table[f"{ends}_high"] - value]
        axes.errorbar(value, at + shift, xerr=reach, fmt="o", color=colour, ecolor=ink.dark, capsize=2, label=words)
    axes.set_yticks(at, [sentence(EVENT_WORDS[str(event)]) for event in table.index])
    axes.set(xlabel="share of runs (%)", xlim=(0, None), ylim=(-0.6, len(table) - 0.4))
    axes.grid(axis="x")
    axes.legend(frameon=False)
    return axes


def _half(draws: float) -> float:
    return 0.98 / float(np.sqrt(max(1.0, draws)))


def _in_two(path: str) -> str:
    """Return a path in words, on two lines if it is long."""
    words = path_words(path)
    return words.replace(": ", ":\n", 1) if len(words) > 28 else words


def _short(value: float) -> str:
    return f"{value:.2g}" if value < 10 else f"{value:.0f}"
