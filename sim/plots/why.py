"""What stood in the way of a force: minimal sets of requirements, and which of them go together."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from matplotlib.axes import Axes

from sim.ensemble.results import Why
from sim.ensemble.shares import share
from sim.plots.colours import ink
from sim.plots.shares import bars, stamp_sentence
from sim.plots.style import Look, canvas, empty_axes, plot
from sim.words import SHORT_WORDS_OF_GATES, no_set, none_of, requirements_in_short, sentence

NONE = "none"
SHOWN = 14


@plot
def blockers(result: Why, **look: Unpack[Look]) -> Axes:
    """Return the most frequent minimal sets as bars with 95% run noise, those of one requirement darker."""
    table = result.table
    sets = table.drop(index=NONE)
    if sets.empty:
        none = sentence(no_set(result.most))
        return empty_axes(f"{none} would have brought {result.what}", _note(result))
    shown = sets.head(SHOWN)
    first = shown.iloc[0]
    what = requirements_in_short(str(shown.index[0]))
    title = (
        f"{sentence(what)}, held open from week 0, would have brought {result.what} "
        f"in {first['share']:.0%} of the runs without one"
    )
    more = f" {len(sets) - len(shown)} rarer sets are not drawn." if len(sets) > len(shown) else ""
    overlap = f"Whiskers: 95% run noise (Wilson). A run may have several sets, so that bars overlap.{more}"
    axes = canvas(title, f"{_note(result)} {overlap}", height=1.9 + 0.32 * (len(shown) + 1))
    names = [*map(str, shown.index), NONE]
    shares = [share(int(table["runs"][name]), result.without) for name in names]
    colours = [ink.blue if size == 1 else ink.sky for size in shown["size"]]
    labels = [*(requirements_in_short(name) for name in names[:-1]), none_of(result.most)]
    bars(axes, labels, shares, [*colours, ink.grey])
    axes.set_xlabel(f"share of the {result.without:,} runs without {result.what} (%)")
    return axes


@plot
def together(result: Why, **look: Unpack[Look]) -> Axes:
    """Return how often two requirements stand in one minimal set, as a table in shades; diagonal: in any set at all."""
    table = result.together
    met = [gate for gate in table.index if table.loc[gate, gate] > 0]
    if not met:
        return empty_axes("No requirement stands in any minimal set", _note(result))
    shares = 100 * table.loc[met, met].to_numpy(dtype=np.float64) / result.without
    lower = np.where(np.tri(len(met), dtype=bool), shares, np.nan)
    apart = np.where(np.eye(len(met), dtype=bool), -1.0, shares)
    one, other = np.unravel_index(int(apart.argmax()), apart.shape)
    pair = f"{SHORT_WORDS_OF_GATES[met[one]]} with {SHORT_WORDS_OF_GATES[met[other]]}"
    title = f"Most often in one set: {pair}, in {apart.max():.0f} of 100 runs without a force"
    title = title if apart.max() > 0 else "No two requirements stand in one minimal set"
    axes = canvas(title, f"{_note(result)} Diagonal: in any set.", height=2.2 + 0.45 * len(met), width=7.0)
    top = float(shares.max())
    axes.imshow(lower, cmap="Blues", vmin=0, vmax=top, aspect="auto")
    for (row, column), value in np.ndenumerate(lower):
        if not np.isnan(value):
            ink = "white" if value > 0.6 * top else "black"
            axes.text(column, row, f"{value:.1f}", ha="center", va="center", color=ink, fontsize="small")
    labels = [SHORT_WORDS_OF_GATES[gate] for gate in met]
    axes.set_xticks(range(len(met)), labels, rotation=30, ha="right")
    axes.set_yticks(range(len(met)), labels)
    axes.set_xlabel("share of the runs without a force (%)")
    return axes


def _note(result: Why) -> str:
    text = (
        f"{result.without:,} of {result.runs:,} runs of “{result.scenario}”, seed {result.seed}, replayed with "
        "requirements held open from week 0, same luck."
    )
    return " ".join(filter(None, [stamp_sentence(result.stamp), text]))
