"""A headline over chosen values: a curve, a heat map, or a scatter for each of many numbers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.figure import Figure

from sim.ensemble.results import Sweep
from sim.plots.style import BLUE, canvas


def sweep(result: Sweep) -> Figure:
    """Return the headline over one number as a curve, over two as a heat map, over scattered points by each number.

    ``result`` is that of :func:`sim.analysis.sweep.sweep`.
    """
    table, paths = result.table, result.paths
    if len(paths) == 1:
        return _curve(result, paths[0])
    whole = len(table) == table[paths].nunique().prod()
    return _heat(result, *paths) if len(paths) == 2 and whole else _scatter(result)


def _note(result: Sweep, more: str) -> str:
    return f"“{result.scenario}”, seed {result.seed}, {result.runs:,} runs a point under common luck. {more}"


def _title(result: Sweep) -> str:
    table = result.table
    low, high = 100 * table["probability"].min(), 100 * table["probability"].max()
    return f"Over {len(table)} points, {result.what} comes about in {low:.0f} to {high:.0f} of 100 runs"


def _curve(result: Sweep, path: str) -> Figure:
    table = result.table
    figure, axes = canvas(
        _title(result), _note(result, "Band (of words: whiskers): 95% run noise, Wilson."), height=4.4
    )
    value, low, high = (100 * table[name] for name in ("probability", "low", "high"))
    if pd.api.types.is_numeric_dtype(table[path]):
        order = table[path].argsort()
        across = table[path].iloc[order]
        axes.fill_between(
            across, low.iloc[order], high.iloc[order], color=BLUE, alpha=0.2, linewidth=0, label="95% run noise"
        )
        axes.plot(across, value.iloc[order], color=BLUE, marker="o", markersize=4, label="share of runs")
        axes.legend(frameon=False)
    else:
        axes.errorbar(np.arange(len(table)), value, yerr=[value - low, high - value], fmt="o", color=BLUE, capsize=3)
        axes.set_xticks(np.arange(len(table)), [str(word) for word in table[path]])
        axes.margins(x=0.15)
    axes.set(xlabel=path, ylabel=f"share of runs with {result.what} (%)")
    axes.set_ylim(0, max(5.0, 1.15 * float(high.max())))
    axes.grid(axis="y")
    return figure


def _heat(result: Sweep, across: str, up: str) -> Figure:
    table = result.table
    widest = 100 * float((table["high"] - table["low"]).max()) / 2
    note = _note(result, f"95% run noise: at most {widest:.1f} points either way.")
    figure, axes = canvas(_title(result), note, height=5.2)
    grid = table.pivot(index=up, columns=across, values="probability")
    columns, rows = (list(dict.fromkeys(table[path])) for path in (across, up))
    grid = 100 * grid.loc[rows, columns]
    image = axes.imshow(grid.to_numpy(dtype=float), origin="lower", aspect="auto", cmap="cividis")
    figure.colorbar(image, ax=axes, label=f"share of runs with {result.what} (%)")
    for axis, values, path in ((axes.xaxis, columns, across), (axes.yaxis, rows, up)):
        every = max(1, -(-len(values) // 11))
        axis.set_ticks(range(0, len(values), every), [_short(value) for value in values[::every]])
        axis.set_label_text(path)
    if grid.size <= 80:
        middle = (grid.to_numpy().min() + grid.to_numpy().max()) / 2
        for (row, column), value in np.ndenumerate(grid.to_numpy(dtype=float)):
            colour = "white" if value < middle else "black"
            axes.text(column, row, f"{value:.0f}", ha="center", va="center", color=colour, fontsize=9)
    return figure


def _scatter(result: Sweep) -> Figure:
    """Draw the headline against each number: a row of panels, three beside each other."""
    table, paths = result.table, result.paths
    rows = -(-len(paths) // 3)
    figure, axes = canvas(
        _title(result), _note(result, "Whiskers: 95% run noise (Wilson)."), height=1.6 + 2.6 * rows, width=9.0
    )
    axes.remove()
    panels = figure.subplots(rows, min(3, len(paths)), sharey=True, squeeze=False)
    value, low, high = (100 * table[name] for name in ("probability", "low", "high"))
    for panel, path in zip(panels.flat, paths, strict=False):
        panel.errorbar(
            table[path], value, yerr=[value - low, high - value], fmt="o", color=BLUE, markersize=4, linewidth=1
        )
        panel.set_xlabel(path.replace(".", ".\n", 1) if len(path) > 30 else path, fontsize=8)
        panel.set_ylim(bottom=0)
        panel.spines[["top", "right"]].set_visible(False)
    for panel in panels.flat[len(paths) :]:
        panel.remove()
    for panel in panels[:, 0]:
        panel.set_ylabel("share of runs (%)")
    plt.close(figure)
    return figure


def _short(value: object) -> str:
    return value if isinstance(value, str) else f"{value:.3g}"
