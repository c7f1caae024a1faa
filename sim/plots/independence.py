"""If conditions were independent? Each condition's share, their product, and what the model says, as bars."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from matplotlib.axes import Axes

from sim.ensemble.results import Independence
from sim.plots.colours import ink
from sim.plots.shares import stamp_sentence
from sim.plots.style import Look, canvas, plot

WORDS = {
    "ceasefire": "a truce in force",
    "consent": "consent where needed\n(host, opponent, Council)",
    "backstop": "a backstop that meets demands",
    "pledges": "a lead and enough pledges",
    "ratified": "ratified at home",
    "if independent": "all, if independent: the product",
    "in the model": "all at once, in the model",
}


@plot
def independence(result: Independence, **look: Unpack[Look]) -> Axes:
    """Return the conditions of a force beside their product and the model's answer, with 95% run noise.

    ``result`` is that of :func:`sim.analysis.independence.independence`.
    """
    table = result.table
    axes = canvas(_title(result), _note(result), height=4.6)
    height = np.arange(len(table))[::-1] - np.where(np.arange(len(table)) >= len(table) - 2, 0.5, 0.0)
    middle, low, high = (100 * table[name].to_numpy() for name in ("share", "low", "high"))
    bars = axes.barh(height, middle, color=[ink.sky] * (len(table) - 2) + [ink.orange, ink.blue], height=0.7)
    bars[-2].set_hatch("//")
    axes.errorbar(middle, height, xerr=[middle - low, high - middle], fmt="none", ecolor=ink.dark, capsize=2)
    for at, value, end in zip(height, middle, high, strict=True):
        axes.text(end + 1, at, f"{value:.1f}", va="center", fontsize="small")
    axes.set_yticks(height, [WORDS[str(name)] for name in table.index])
    axes.set(xlabel="share of runs in which it is met at the horizon (%)", xlim=(0, 108))
    axes.set_xticks(range(0, 101, 20))
    return axes


def _title(result: Independence) -> str:
    product, together = (float(result.table["share"][name]) for name in ("if independent", "in the model"))
    if result.gap_low <= 0.0 <= result.gap_high:
        return f"Taken together conditions are met as if they were independent: no difference shown ({product:.0%})"
    return f"All conditions are met in {together:.0%} of runs; as if independent it would be {product:.0%}"


def _note(result: Independence) -> str:
    text = (
        f"{result.runs:,} runs of “{result.scenario}”, seed {result.seed}. Whiskers: 95% run noise only. "
        f"Gap between the last two: {100 * result.gap_low:+.1f} to {100 * result.gap_high:+.1f} points "
        "(95% run noise). A force in the field lacks nothing."
    )
    return " ".join(filter(None, (stamp_sentence(result.stamp), text)))
