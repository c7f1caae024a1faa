"""How a number spreads over the runs of one scenario or of several: histograms, cumulative shares, ridges.

``sim.plots.distribution([a, b, c], "troops", by="mission")`` is all it takes. What is drawn is a share of all runs, so
that a scenario with few forces has a low curve, but for ridges, which show shapes alone.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Unpack

import numpy as np
from matplotlib.axes import Axes

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.plots.colours import STAGES, ink, mixed
from sim.plots.spreads import (
    ALL_RUNS,
    Ensembles,
    Floats,
    Spread,
    axis_words,
    bin_edges,
    column_of,
    named,
    note_of_runs,
    spreads_of,
    title_words,
)
from sim.plots.style import Look, canvas, on_own_figure, plot
from sim.words import label, listed, sentence

Kind = Literal["histogram", "ecdf", "ridgeline"]
MOST_RIDGES = 24
MOST_WITHIN = 4
"""Entries of a legend that has room within the axes."""
FEWEST = 5
"""Runs from which on a ridge is drawn."""


@plot
def distribution(
    ensembles: Ensembles,
    what: str = "troops",
    by: str | None = None,
    kind: Kind = "histogram",
    **look: Unpack[Look],
) -> Axes:
    """Draw how a number spreads over the runs of one or several scenarios.

    Parameters
    ----------
    ensembles
        One ensemble, a list of them, or a mapping from words to ensembles.
    what
        A column of the table of runs (:data:`sim.plots.spreads.NUMBERS`), or ``weeks`` (of deployment),
        ``contributors``, ``size``.
    by
        A column of words or of yes and no by which to split, such as ``mission`` (:data:`sim.plots.spreads.GROUPS`):
        beyond the six most frequent, values count as others.
    kind
        ``histogram``: shares of all runs, stacked for one scenario that is split, else as outlines. ``ecdf``: the share
        of all runs with at most that value. ``ridgeline``: a row a scenario (and value of ``by``), each as high as any
        other, with its median; its share of the runs stands beside it.

    Raises
    ------
    ValueError
        If a name is unknown, or there is no ensemble.
    """
    known = named(ensembles)
    name = column_of(what, by)
    if kind not in _KINDS:
        raise ValueError(f"kind {kind!r}: allowed are {', '.join(_KINDS)}")
    spreads = spreads_of(known, name, by)
    beside = kind != "ridgeline" and len(spreads) > MOST_WITHIN
    size = {"height": _height(kind, len(spreads)), "width": 12.0 if beside else 9.0}
    axes = canvas(_title(known, name), note_of_runs(known, _MEANS[kind]), **size)
    if not any(len(each.values) for each in spreads):
        axes.text(0.5, 0.5, "no run has one", ha="center", va="center", transform=axes.transAxes, color=ink.dark)
        axes.set_xlabel(axis_words(name))
        return axes
    _KINDS[kind](axes, spreads, by)
    axes.set_xlabel(axis_words(name))
    return axes


def _histogram(axes: Axes, spreads: Sequence[Spread], by: str | None) -> None:
    edges = bin_edges(each.values for each in spreads)
    lone = len({each.name for each in spreads}) == 1
    colours = _colours(spreads, by)
    if lone:
        weights = [np.full(len(each.values), 100.0 / each.of) for each in spreads]
        axes.hist(
            [each.values for each in spreads], bins=list(edges), weights=weights, stacked=True, color=colours,
            edgecolor=ink.paper, linewidth=0.6, label=[_legend(each) for each in spreads],
        )  # fmt: skip
    else:
        for each, colour, line in zip(spreads, colours, _lines(spreads), strict=True):
            counts, _ = np.histogram(each.values, edges)
            axes.stairs(
                100.0 * counts / each.of, edges, color=colour, linewidth=1.8, linestyle=line, label=_legend(each)
            )
    axes.set_ylabel("share of all runs (%)")
    axes.set_ylim(bottom=0)
    _add_legend(axes, lone and by is None)


def _ecdf(axes: Axes, spreads: Sequence[Spread], by: str | None) -> None:
    right = max(float(each.values.max()) for each in spreads if len(each.values))
    left = min(float(each.values.min()) for each in spreads if len(each.values))
    for each, colour, line in zip(spreads, _colours(spreads, by), _lines(spreads), strict=True):
        across = np.concatenate([[left], np.sort(each.values), [right]])
        up = 100.0 * np.concatenate([[0.0], np.arange(1, len(each.values) + 1), [len(each.values)]]) / each.of
        axes.step(across, up, where="post", color=colour, linewidth=1.8, linestyle=line, label=_legend(each))
        # Massart's constant (1990) in the bound of Dvoretzky, Kiefer and Wolfowitz, over all runs.
        half = 100.0 * np.sqrt(np.log(2.0 / 0.05) / (2.0 * each.of))
        axes.fill_between(
            across, np.clip(up - half, 0.0, 100.0), up + half, step="post", color=colour, alpha=0.12, linewidth=0
        )
    axes.set_ylabel("share of all runs with\nat most so much (%)")
    axes.set_ylim(bottom=0)
    axes.grid(axis="y")
    _add_legend(axes, len(spreads) == 1)


def _ridgeline(axes: Axes, spreads: Sequence[Spread], by: str | None) -> None:
    rows = [each for each in spreads if by is None or len(each.values) >= FEWEST][:MOST_RIDGES]
    rows = rows or list(spreads[:1])
    edges = bin_edges(each.values for each in spreads)
    fine = np.linspace(edges[0], edges[-1], 240)
    colours = dict(zip(map(id, spreads), _colours(spreads, by), strict=True))
    for at, each in enumerate(rows):
        floor, colour = float(len(rows) - 1 - at), colours[id(each)]
        if len(each.values) >= FEWEST:
            curve = 0.9 * _smooth(each.values, fine, float(edges[1] - edges[0]))
            axes.fill_between(fine, floor, floor + curve, color=mixed(colour, ink.paper, 0.45), linewidth=0, zorder=-at)
            axes.plot(fine, floor + curve, color=colour, linewidth=1.5, zorder=-at)
            middle = float(np.median(each.values))
            top = floor + float(np.interp(middle, fine, curve))
            axes.plot([middle, middle], [floor, top], color=ink.dark, linewidth=1.2, zorder=-at)
        axes.text(
            1.01, floor + 0.1, f"{each.share:.1%} of runs", transform=axes.get_yaxis_transform(), fontsize="small"
        )
    axes.set_yticks(range(len(rows)), [_row(each) for each in reversed(rows)])
    axes.set_ylim(-0.1, len(rows) + 0.05)
    axes.tick_params(axis="y", length=0)
    axes.spines["left"].set_visible(False)


_KINDS: dict[str, Callable[[Axes, Sequence[Spread], str | None], None]] = {
    "histogram": _histogram,
    "ecdf": _ecdf,
    "ridgeline": _ridgeline,
}


def _smooth(values: Floats, fine: Floats, step: float) -> Floats:
    """Return a Gaussian kernel estimate, its highest place 1; the width is Silverman's (1986), at least half a bin."""
    spread = min(float(values.std()), float(np.subtract(*np.percentile(values, [75, 25]))) / 1.34 or np.inf)
    width = max(0.9 * spread * len(values) ** -0.2, 0.5 * step)
    counts, edges = np.histogram(values, bins=np.linspace(fine[0], fine[-1], 481))
    middles = (edges[1:] + edges[:-1]) / 2
    curve = np.exp(-0.5 * ((fine[:, None] - middles[None, :]) / width) ** 2) @ counts
    return np.asarray(curve / curve.max(), dtype=np.float64)


def _colours(spreads: Sequence[Spread], by: str | None) -> list[str]:
    """Return a colour for each: by group where they are split, else by scenario."""
    keys = [each.group if by else each.name for each in spreads]
    if by in ("rung_at_formation", "consent_at_formation", "rung", "consent", "rung_highest"):
        order = [label(word) for word in (*vocabulary.RUNGS, *vocabulary.CONSENTS)]
        ranked = sorted(dict.fromkeys(keys), key=lambda key: order.index(key) if key in order else -1)
        if len(ranked) <= len(STAGES):
            return [STAGES[ranked.index(key)] for key in keys]
    different = list(dict.fromkeys(keys))
    colours = ink.series(len(different))
    return [colours[different.index(key)] for key in keys]


def _lines(spreads: Sequence[Spread]) -> list[str]:
    """Return a style of line for each scenario where they are split by something, whose groups have the colours."""
    names = list(dict.fromkeys(each.name for each in spreads))
    split = any(each.group for each in spreads)
    styles = ("-", "--", ":", "-.")
    return [styles[names.index(each.name) % len(styles)] if split else "-" for each in spreads]


def _legend(each: Spread) -> str:
    return f"{_row(each)} ({each.share:.1%} of runs)"


def _row(each: Spread) -> str:
    return ": ".join(filter(None, (each.name, each.group)))


def _add_legend(axes: Axes, lone: bool) -> None:
    """Add a legend: within the Axes where it is short, else beside those of a figure of their own."""
    if lone:
        return
    if len(axes.get_legend_handles_labels()[1]) <= MOST_WITHIN or not on_own_figure():
        axes.legend(frameon=False, fontsize="small")
    else:
        axes.legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1.0, 1.0), borderaxespad=0.0)


def _title(known: Mapping[str, Ensemble], name: str) -> str:
    if len(known) == 1:
        return f"{sentence(title_words(name))}: {next(iter(known))}"
    several = listed(known) if len(known) <= 3 else f"{len(known)} scenarios"
    return f"{sentence(title_words(name))}: {several}"


_MEANS = {
    "histogram": ALL_RUNS,
    "ecdf": f"{ALL_RUNS} Bands: 95% run noise of the whole curve (Dvoretzky, Kiefer and Wolfowitz).",
    "ridgeline": "Each row is scaled to its own highest place: compare shapes, not heights. Line: the median of runs "
    "that have a value. Smoothed with a Gaussian kernel; a row of fewer than five runs is left out or flat.",
}


def _height(kind: str, rows: int) -> float:
    return 1.6 + 0.55 * min(rows, MOST_RIDGES) if kind == "ridgeline" else 4.6
