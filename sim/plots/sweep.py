"""A headline over chosen values: a curve, a heat map, or a scatter for each of many numbers."""

from __future__ import annotations

from typing import Any, Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import to_hex

from sim.ensemble.results import Sweep
from sim.plots.colours import colormap, ink, on
from sim.plots.style import Look, PanelLook, Panels, canvas, panel_plot, panels, plot
from sim.words import label, path_words


@plot
def sweep(result: Sweep, **look: Unpack[Look]) -> Axes:
    """Return the headline over one number as a curve, over two as a heat map.

    ``result`` is that of :func:`sim.analysis.sweep.sweep`. More numbers, or two at scattered points, are drawn by
    :func:`scatter`.

    Raises
    ------
    ValueError
        If the points are of more numbers, or scattered.
    """
    if is_scattered(result):
        raise ValueError("points of many numbers, or scattered ones, are drawn in panels: sim.plots.scatter(result)")
    return _curve(result, result.paths[0]) if len(result.paths) == 1 else _heat(result, *result.paths)


@plot
def heatmap(result: Sweep, across: str | None = None, **look: Unpack[Look]) -> Axes:
    """Return the headline over two swept numbers as a map, each cell with its percentage.

    ``across`` is the path that runs along the horizontal axis, by default the first. ``labels`` may name both:
    ``labels={"common.european_mood": "mood in Europe"}``. ``palette`` is the colormap, by default cividis.

    Raises
    ------
    ValueError
        If the points are not a whole grid of two numbers, or ``across`` is none of them.
    """
    paths = result.paths
    if len(paths) != 2 or is_scattered(result):
        raise ValueError(f"a map needs a whole grid of two numbers, got {len(paths)} over {len(result.table)} points")
    if across not in (None, *paths):
        raise ValueError(f"across={across!r} is not swept; allowed: {', '.join(paths)}")
    first = across or paths[0]
    return _heat(result, first, next(path for path in paths if path != first))


def is_scattered(result: Sweep) -> bool:
    """Return whether the points of a sweep are neither on one line nor on a whole grid of two numbers."""
    whole = len(result.table) == result.table[result.paths].nunique().prod()
    return len(result.paths) > 1 and not (len(result.paths) == 2 and whole)


def _note(result: Sweep, more: str) -> str:
    return f"“{result.scenario}”, seed {result.seed}, {result.runs:,} runs a point under common luck. {more}"


def _title(result: Sweep) -> str:
    table = result.table
    low, high = 100 * table["probability"].min(), 100 * table["probability"].max()
    return f"Over {len(table)} points, {result.what} comes about in {low:.0f} to {high:.0f} of 100 runs"


def _curve(result: Sweep, path: str) -> Axes:
    table = result.table
    axes = canvas(_title(result), _note(result, "Band (of words: whiskers): 95% run noise, Wilson."), height=4.4)
    value, low, high = (100 * table[name] for name in ("probability", "low", "high"))
    if pd.api.types.is_numeric_dtype(table[path]):
        order = table[path].argsort()
        across = table[path].iloc[order]
        axes.fill_between(
            across, low.iloc[order], high.iloc[order], color=ink.blue, alpha=0.2, linewidth=0, label="95% run noise"
        )
        axes.plot(across, value.iloc[order], color=ink.blue, marker="o", markersize=4, label="share of runs")
        axes.legend(frameon=False)
    else:
        axes.errorbar(
            np.arange(len(table)), value, yerr=[value - low, high - value], fmt="o", color=ink.blue, capsize=3
        )
        axes.set_xticks(np.arange(len(table)), [label(str(word)) for word in table[path]])
        axes.margins(x=0.15)
    axes.set(xlabel=path_words(path), ylabel=f"share of runs with {result.what} (%)")
    axes.set_ylim(0, max(5.0, 1.15 * float(high.max())))
    axes.grid(axis="y")
    return axes


def _heat(result: Sweep, across: str, up: str) -> Axes:
    table = result.table
    widest = 100 * float((table["high"] - table["low"]).max()) / 2
    note = _note(result, f"95% run noise: at most {widest:.1f} points either way.")
    axes = canvas(_title(result), note, height=5.2)
    grid = table.pivot(index=up, columns=across, values="probability")
    columns, rows = (list(dict.fromkeys(table[path])) for path in (across, up))
    grid = 100 * grid.loc[rows, columns]
    image = axes.imshow(grid.to_numpy(dtype=float), origin="lower", aspect="auto", cmap=colormap("cividis"))
    axes.figure.colorbar(image, ax=axes, label=f"share of runs with {result.what} (%)")
    for axis, values, path in ((axes.xaxis, columns, across), (axes.yaxis, rows, up)):
        every = max(1, -(-len(values) // 11))
        axis.set_ticks(range(0, len(values), every), [_short(value) for value in values[::every]])
        axis.set_label_text(path_words(path))
    if grid.size <= 80:
        for (row, column), value in np.ndenumerate(grid.to_numpy(dtype=float)):
            cell: Any = image.cmap(image.norm(value))
            colour = on(to_hex(cell))
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour, fontsize="small")
    return axes


@panel_plot
def scatter(result: Sweep, **look: Unpack[PanelLook]) -> Panels:
    """Return the headline against each number of a sweep: a panel a number, three beside each other."""
    table, paths = result.table, result.paths
    across = min(3, len(paths))
    rows = -(-len(paths) // across)
    note = _note(result, "Whiskers: 95% run noise (Wilson).")
    grid = panels(_title(result), note, rows=rows, across=across, height=1.6 + 2.6 * rows, width=9.0, sharey=True)
    value, low, high = (100 * table[name] for name in ("probability", "low", "high"))
    for panel, path in zip(grid, paths, strict=False):
        panel.errorbar(
            table[path], value, yerr=[value - low, high - value], fmt="o", color=ink.blue, markersize=4, linewidth=1
        )
        words = path_words(path)
        panel.set_xlabel(words.replace(": ", ":\n", 1) if len(words) > 30 else words, fontsize="small")
        panel.set_ylim(bottom=0)
    for panel in grid[len(paths) :]:
        panel.remove()
    for panel in grid[::across]:
        panel.set_ylabel("share of runs (%)")
    return grid[: len(paths)]


def _short(value: object) -> str:
    return label(value) if isinstance(value, str) else f"{value:.3g}"
