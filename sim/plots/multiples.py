"""Many scenarios as small multiples: a panel each, all on the same scale."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple, Unpack

import numpy as np
from matplotlib.axes import Axes

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.plots.colours import ink, mixed
from sim.plots.spreads import (
    ALL_RUNS,
    Ensembles,
    axis_words,
    bin_edges,
    column_of,
    named,
    note_of_runs,
    title_words,
    values_of,
)
from sim.plots.style import PanelLook, Panels, outcome_words, panel_plot, panels
from sim.words import sentence


class _Kind(NamedTuple):
    """What the panels of a figure show, and the room that they need."""

    title: str
    note: str
    across: str
    """What stands below the lowest panels."""
    up: str
    """What stands beside the leftmost panels; empty where each line has words of its own."""
    height: float
    margin: float
    draw: Callable[[Axes, Ensemble, Ensemble | None], None]
    """Draws an ensemble before a reference, if there is one."""


@panel_plot
def multiples(ensembles: Ensembles, what: str = "outcome", columns: int = 3, **look: Unpack[PanelLook]) -> Panels:
    """Draw many scenarios as small multiples, a panel each, all on the same scale, the first in grey behind the others.

    ``what`` is ``outcome`` (shares of runs by outcome), or a column as in :func:`sim.plots.distribution.distribution`.

    Raises
    ------
    ValueError
        If a name is unknown, or there is no ensemble.
    """
    known = named(ensembles)
    kind = _outcomes(known) if what == "outcome" else _histograms(known, column_of(what))
    first = next(iter(known))
    beside = f" beside “{first}” (grey)" if len(known) > 1 else ""
    title = f"{sentence(kind.title)}, {len(known)} scenarios{beside}"
    rows, across = -(-len(known) // columns), min(columns, len(known))
    room = {"height": 1.4 + rows * kind.height, "width": 3.4 * across + kind.margin}
    grid = panels(title, note_of_runs(known, kind.note), rows=rows, across=across, **room, sharex=True, sharey=True)
    for axes, (words, ensemble) in zip(grid, known.items(), strict=False):
        kind.draw(axes, ensemble, known[first] if words != first else None)
        share = ensemble.share("deployed")
        axes.set_title(f"{words}\nany force {share.probability:.0%}" if share else words, fontsize="medium")
    for axes in grid[len(known) :]:
        axes.remove()
    for axes in grid[max(0, len(known) - across) : len(known)]:
        axes.xaxis.set_tick_params(labelbottom=True)
        axes.set_xlabel(kind.across)
    if kind.up:
        grid[0].set_ylim(bottom=0)
    for axes in grid[::across]:
        axes.set_ylabel(kind.up)
    return grid[: len(known)]


def _outcomes(known: Mapping[str, Ensemble]) -> _Kind:
    bars = len(next(iter(known.values())).outcomes())
    note = "Each run has one outcome. Blue: European, light blue: other deployed force; grey bars: none."
    return _Kind("outcomes", note, "share of runs (%)", "", 0.5 + 0.22 * bars, 1.0, _outcome_panel)


def _histograms(known: Mapping[str, Ensemble], name: str) -> _Kind:
    across = axis_words(name).replace(" when", "\nwhen").replace(", ", ",\n")
    draw = _histogram_panel(known, name)
    return _Kind(title_words(name), ALL_RUNS, across, "share of runs (%)", 2.2, 0.0, draw)


def _outcome_panel(axes: Axes, ensemble: Ensemble, reference: Ensemble | None) -> None:
    counts = ensemble.outcomes()
    order = [*(name for name in counts if name not in vocabulary.OUTCOMES_WITHOUT_FORCE)]
    order += [name for name in vocabulary.OUTCOMES_WITHOUT_FORCE if name in counts]
    groups = ensemble.manifest["groups"]
    colours = [
        ink.blue if "european" in groups.get(name, ()) else ink.sky if "deployed" in groups.get(name, ()) else ink.grey
        for name in order
    ]
    height = np.arange(len(order))[::-1]
    if reference is not None:
        before = reference.outcomes()
        shares = [100.0 * before.get(name, 0) / max(1, len(reference)) for name in order]
        axes.barh(height, shares, color=mixed(ink.grey, ink.paper, 0.4), height=0.85)
    shares = [100.0 * counts[name] / max(1, len(ensemble)) for name in order]
    axes.barh(height, shares, color=colours, height=0.45)
    axes.set_yticks(height, [outcome_words(ensemble, name).replace("\n", " ") for name in order], fontsize="small")
    axes.set_xlim(0, 100)


def _histogram_panel(known: Mapping[str, Ensemble], name: str) -> Callable[[Axes, Ensemble, Ensemble | None], None]:
    values = {id(each): values_of(each, name) for each in known.values()}
    edges = bin_edges(values.values()) if any(map(len, values.values())) else np.array([0.0, 1.0])

    def draw(axes: Axes, ensemble: Ensemble, reference: Ensemble | None) -> None:
        if reference is not None:
            counts, _ = np.histogram(values[id(reference)], edges)
            shares = 100.0 * counts / max(1, len(reference))
            axes.stairs(shares, edges, fill=True, color=mixed(ink.grey, ink.paper, 0.4))
        counts, _ = np.histogram(values[id(ensemble)], edges)
        axes.stairs(100.0 * counts / max(1, len(ensemble)), edges, color=ink.blue, linewidth=1.6)

    return draw
