"""The plot of a backtest: error and rank score of each settlement rule, with their intervals."""

from __future__ import annotations

from typing import Unpack

import numpy as np
from matplotlib.axes import Axes

from sim.ensemble.results import Backtest
from sim.plots.colours import ink
from sim.plots.style import Look, canvas, plot


@plot
def errors(result: Backtest, **look: Unpack[Look]) -> Axes:
    """Return the mean error and the CRPS of each rule, best first, beside those of the weighted mean."""
    table = result.table.sort_values("mae", ascending=False)
    note = (
        f"{result.issues:,} issues of {result.proposals:,} proposals; scale 0 to 100. Whiskers: 95%, bootstrap "
        f"over proposals ({result.resamples:,} resamples, seed {result.seed}). Line: the weighted mean's error. "
        "Rules marked * need a reference point and are scored on fewer issues. For a point rule the distribution is "
        "the point plus its own errors on the other proposals."
    )
    axes = canvas(_title(result), note, height=1.9 + 0.34 * len(table))
    height = np.arange(len(table), dtype=np.float64)
    looks = (
        ("mae", ink.blue, "o", 0.12, "error of the point"),
        ("crps", ink.orange, "s", -0.12, "CRPS of the distribution"),
    )
    for name, colour, marker, shift, words in looks:
        reach = [table[name] - table[f"{name}_low"], table[f"{name}_high"] - table[name]]
        axes.errorbar(
            table[name],
            height + shift,
            xerr=reach,
            fmt=marker,
            color=colour,
            ecolor=ink.dark,
            elinewidth=0.8,
            capsize=2,
            label=words,
        )
    axes.axvline(float(result.table["mae"].iloc[0]), color=ink.grey, linestyle="--", linewidth=1.0)
    axes.set_yticks(height, [_name(str(rule), int(row["issues"]) < result.issues) for rule, row in table.iterrows()])
    axes.set_xlabel("points of 100, less is better")
    axes.set_xlim(left=0.0)
    axes.legend(frameon=False, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2)
    return axes


def _name(rule: str, fewer: bool) -> str:
    return rule.replace("_", " ") + ("*" if fewer else "")


def _title(result: Backtest) -> str:
    better = [str(rule).replace("_", " ") for rule, row in result.table.iterrows() if row["difference_high"] < 0.0]
    if not better:
        return "No rule is shown to err less than the weighted mean"
    return f"Shown to err less than the weighted mean: {', '.join(better)}"
