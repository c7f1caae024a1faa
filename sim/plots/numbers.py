"""Single numbers of a config: which of them carry the explained variance, and how many move nothing, by part."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from sim.ensemble.number_results import VERDICTS, Inert, NumberShares
from sim.plots.colours import ink
from sim.plots.style import Look, canvas, plot
from sim.words import path_words

_FEWEST, _MOST = 8, 30
"""The fewest and the most numbers drawn; in between, those that carry 90%."""
_PARTS = 24
"""Parts drawn, those with most numbers first."""
_ROLES = ("orange", "blue", "green", "sky", "red", "grey")
_OF_VERDICTS = dict(zip(VERDICTS, ("blue", "sky", "grey"), strict=True))


@plot
def number_shares(result: NumberShares, **look: Unpack[Look]) -> Axes:
    """Return the first-order indices of the first numbers with 95% intervals, coloured by kind of reason.

    Beside each stands what part of the explained variance the numbers down to it carry.
    """
    table = result.table.head(min(_MOST, max(_FEWEST, result.carriers.value + 2)))[::-1]
    colours = dict(zip(result.kinds.sort_values("inputs", ascending=False).index, map(ink.role, _ROLES), strict=False))
    title = _title(result)
    note = (
        f"First-order indices from {result.runs:,} runs of “{result.scenario}”, seed {result.seed}; all numbers "
        f"together {result.explained.value:.1%}. At the right: what part of that the numbers from the top to this one "
        "carry. Whiskers: 95% run noise."
    )
    axes = canvas(title, note, height=2.2 + 0.3 * len(table), width=9.0)
    height, value = np.arange(len(table)), 100 * table["first"]
    reach = [value - 100 * table["first_low"], 100 * table["first_high"] - value]
    axes.barh(height, value, height=0.7, color=[colours[kind] for kind in table["kind"]])
    axes.errorbar(value, height, xerr=reach, fmt="none", ecolor=ink.dark, capsize=2, linewidth=1)
    for at, (_, row) in enumerate(table.iterrows()):
        carried = f"  {row['cumulated']:.0%}" if result.carriers.value else ""
        axes.annotate(carried, (100 * row["first_high"], at), va="center", fontsize="small")
    axes.axvline(0, color=ink.grey, linewidth=1)
    axes.set_yticks(height, [path_words(str(name)) for name in table.index], fontsize="small")
    axes.set(xlabel="share of variance, alone (%)", ylim=(-0.6, len(table) - 0.4))
    axes.margins(x=0.1)
    axes.legend(handles=[Patch(color=colours[kind], label=kind) for kind in colours], frameon=False, loc="lower right")
    return axes


def _title(result: NumberShares) -> str:
    about = f"whether {result.what} comes about"
    if not result.carriers.value:
        return f"None of {len(result.table)} numbers alone is shown to explain {about}"
    return f"{result.carriers.value} of {len(result.table)} numbers carry 90% of what single numbers explain of {about}"


@plot
def inert(result: Inert, **look: Unpack[Look]) -> Axes:
    """Return how many numbers move something, are undecided and are inert, by part of the config, as stacked bars."""
    whole = result.by("part")
    table = whole.loc[whole.sum(axis=1).sort_values(ascending=False, kind="stable").index].head(_PARTS)[::-1]
    counts = result.table["verdict"].value_counts()
    title = f"{counts.get('inert', 0)} of {len(result.table)} uncertain numbers move no column of what runs leave"
    shown = "" if len(table) == len(whole) else f"The {len(table)} parts with most numbers, of {len(whole)}. "
    note = (
        f"{shown}{result.pairs:,} pairs of runs of “{result.scenario}”, seed {result.seed}: a number at its 5th and at "
        f"its 95th percentile, luck and all else alike. Inert: the 95% interval of each of {result.columns} columns "
        f"lies within {result.margin_sd:g} standard deviations or {100 * result.margin_share:g} point."
    )
    axes = canvas(title, note, height=2.2 + 0.25 * len(table))
    height, left = np.arange(len(table)), np.zeros(len(table))
    for verdict, role in _OF_VERDICTS.items():
        axes.barh(height, table[verdict], left=left, height=0.7, color=ink.role(role), label=verdict)
        left = left + table[verdict].to_numpy()
    axes.set_yticks(height, [path_words(str(name)) for name in table.index], fontsize="small")
    axes.set(xlabel="numbers", ylim=(-0.6, len(table) - 0.4))
    axes.grid(axis="x")
    axes.legend(frameon=False, loc="lower right")
    return axes
