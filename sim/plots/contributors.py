"""Draws which contributors pledge, and how often, over the runs of an ensemble."""

from __future__ import annotations

from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import share
from sim.plots.colours import STAGES, ink
from sim.plots.shares import note_of, whiskers, widest
from sim.plots.style import Look, canvas, plot
from sim.words import label, listed


@plot
def joiners(ensemble: Ensemble, **look: Unpack[Look]) -> Axes:
    """Return, by actor, the shares of runs in which it is pledged at the horizon, and was in a deployed force."""
    table = ensemble.contributors().sort_values(["pledged", "deployed"], kind="stable")
    pledgers = [f"{label(name, proper=True)} ({table.loc[name, 'pledged']:.0%})" for name in table.index[:-3:-1]]
    sender = f"{label(str(table['deployed'].idxmax()), proper=True)} ({table['deployed'].max():.0%})"
    title = f"{listed(pledgers)} are pledged most often; most often in a deployed force: {sender}"
    axes = canvas(title, note_of(ensemble), height=1.6 + 0.27 * len(table))
    height = np.arange(len(table))
    for column, colour, words, shift in (
        ("pledged", ink.sky, "pledged at the horizon", 0.12),
        ("deployed", ink.blue, "in a deployed force", -0.12),
    ):
        shares = [share(round(value * len(ensemble)), len(ensemble)) for value in table[column]]
        middle = [100 * each.probability for each in shares]
        axes.errorbar(
            middle,
            height + shift,
            xerr=whiskers(shares),
            fmt="o",
            color=colour,
            ecolor=colour,
            markersize=5,
            label=words,
        )
    axes.set_yticks(height, [label(name, proper=True) for name in table.index])
    axes.set(xlabel="share of runs (%)", ylim=(-0.6, len(table) - 0.4))
    axes.set_xlim(0, min(100, axes.get_xlim()[1]))
    axes.grid(axis="both")
    axes.legend(frameon=True, edgecolor="none", loc="lower right")
    return axes


@plot
def stances(ensemble: Ensemble, **look: Unpack[Look]) -> Axes:
    """Return, by actor, the shares of runs by its stage at the horizon."""
    table = pd.crosstab(ensemble.actors["actor"], ensemble.actors["stage"], normalize="index")
    table = table.reindex(columns=list(vocabulary.STANCES), fill_value=0.0).sort_values(
        ["pledged", "open"], kind="stable"
    )
    most, least = (str(table[stage].idxmax()) for stage in ("pledged", "opposed"))
    title = (
        f"At the horizon {label(most, proper=True)} is pledged in {table['pledged'].max():.0%} of runs, "
        f"{label(least, proper=True)} opposed in {table['opposed'].max():.0%}"
    )
    axes = canvas(title, note_of(ensemble, widest(len(ensemble)), noise=False), height=1.8 + 0.26 * len(table))
    left = np.zeros(len(table))
    for stage, colour in zip(vocabulary.STANCES, STAGES, strict=True):
        width = 100 * table[stage].to_numpy()
        axes.barh(np.arange(len(table)), width, left=left, color=colour, edgecolor=ink.paper, height=0.8, label=stage)
        left += width
    axes.set_yticks(np.arange(len(table)), [label(name, proper=True) for name in table.index])
    axes.set(xlabel="share of runs by stage at the horizon (%)", xlim=(0, 100), ylim=(-0.6, len(table) - 0.4))
    axes.legend(frameon=False, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return axes
