"""Where runs end under another scenario: a square of outcomes, darker where more of a row goes."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter

from sim.ensemble.results import Flows
from sim.ensemble.shares import share
from sim.plots.colours import ink
from sim.plots.shares import stamp_sentence
from sim.plots.style import Look, canvas, in_reader_words, plot
from sim.words import named

_NUMBERED = 0.005
"""Shares from which on a cell has its number."""
_DARK = 0.55
"""Shares from which on a cell is so dark that its number is white."""


@plot
def flows(result: Flows, **look: Unpack[Look]) -> Axes:
    """Return where the runs of each outcome under a end under b: a square, a row for each outcome under a.

    ``result`` is that of :func:`sim.analysis.flows.flows`. Outcomes that no run has on either side are left out.
    """
    table = result.table
    counts = table["runs"].unstack("b")
    order = [name for name in table.index.unique("b") if counts[name].sum() or name in counts.index]
    counts = counts.reindex(index=order, columns=order).fillna(0.0)
    of = counts.sum(axis=1)
    shares = counts.div(of.where(of > 0, 1.0), axis=0)
    axes = canvas(_title(result), _note(result), height=2.6 + 0.42 * len(order), width=9.0)
    drawn = axes.pcolormesh(100 * shares.to_numpy(), cmap="Greys", vmin=0, vmax=100, edgecolors=ink.paper, linewidth=1)
    for row, column in np.argwhere(shares.to_numpy() >= _NUMBERED):
        value = shares.to_numpy()[row, column]
        colour = "white" if value > _DARK else "black"
        axes.text(
            column + 0.5, row + 0.5, f"{100 * value:.0f}", ha="center", va="center", fontsize="small", color=colour
        )
    for at in range(len(order)):
        axes.add_patch(Rectangle((at, at), 1, 1, fill=False, edgecolor=ink.dark, linewidth=1.2))
    ticks = np.arange(len(order)) + 0.5
    axes.set_yticks(ticks, [f"{_words(result, name)} ({int(of[name]):,})" for name in order])
    axes.set_xticks(
        ticks,
        [_words(result, name).replace("\n", " ") for name in order],
        rotation=35,
        ha="left",
        rotation_mode="anchor",
    )
    axes.xaxis.tick_top()
    axes.xaxis.set_label_position("top")
    axes.invert_yaxis()
    axes.tick_params(length=0)
    axes.set(xlabel=f"outcome under “{result.b}”", ylabel=f"outcome under “{result.a}” (runs)")
    bar = axes.figure.colorbar(drawn, ax=axes, shrink=0.8, pad=0.02)
    bar.set_label("share of the row's runs (%)")
    bar.ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:.0f}"))
    return axes


def _called(result: Flows, outcome: str) -> str:
    return named(result.called, outcome)


def _words(result: Flows, outcome: str) -> str:
    return in_reader_words(outcome, _called(result, outcome))


def _title(result: Flows) -> str:
    table = result.table
    runs = int(table["runs"].sum())
    moves = table[table.index.get_level_values("a") != table.index.get_level_values("b")]["runs"]
    changed = f"“{result.b}” rather than “{result.a}”: {moves.sum() / runs:.0%} of runs end otherwise"
    if not moves.sum():
        return changed
    here, there = moves.index[int(moves.argmax())]
    return f"{changed}, most often from “{_called(result, here)}” to “{_called(result, there)}”"


def _note(result: Flows) -> str:
    seed = "" if result.seed is None else f", seed {result.seed}"
    runs = int(result.table["runs"].sum())
    text = (
        f"{runs:,} paired runs under the same luck{seed}. A row adds up to 100; framed: ends the "
        "same. Cells below half a percent have no number. 95% run noise of a cell (Wilson): at most "
        f"{_noise(100):.0f} points either way in a row of 100 runs, {_noise(1000):.0f} in one of 1,000."
    )
    return " ".join(filter(None, (stamp_sentence(result.stamp), text)))


def _noise(runs: int) -> float:
    """Return half the width of the widest interval of a share of ``runs`` runs, in points."""
    half = share(runs // 2, runs)
    return 50 * (half.high - half.low)
