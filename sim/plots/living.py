"""The line of a living forecast: the probability as one thing after the other was seen."""

from __future__ import annotations

from typing import Unpack

from matplotlib.axes import Axes

from sim.ensemble.update_result import Update, Watch
from sim.plots.colours import ink
from sim.plots.style import Look, canvas, plot


@plot
def living(update: Update, **look: Unpack[Look]) -> Axes:
    """Draw how a forecast moved: a row for each thing seen, in order, with how expected it was, and the band of noise.

    ``update`` is that of :func:`sim.analysis.living_forecast.living_forecast`.
    """
    table = update.table
    first, last = table["probability"].iloc[0], table["probability"].iloc[-1]
    title = f"{len(table) - 1} observations take {update.what} from {first:.1%} to {last:.1%}"
    note = (
        f"“{update.scenario}”, seed {update.seed}, {update.runs:,} runs in each of {update.populations} population"
        f"{'s' * (update.populations > 1)}. Band: 95% simulation noise. In brackets: how likely each was after those "
        "before it."
    )
    axes = canvas(title, note, height=1.9 + 0.36 * len(table), width=9.0)
    rows, percent = range(len(table)), 100 * table[["probability", "low", "high"]]
    axes.fill_betweenx(rows, percent["low"], percent["high"], color=ink.blue, alpha=0.2, linewidth=0)
    axes.plot(percent["probability"], rows, color=ink.blue, marker="o", markersize=5)
    axes.set_yticks(rows, [_label(row) for _, row in table.iterrows()])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(0, max(5.0, 1.1 * float(percent["high"].max())))
    axes.set_xlabel(f"chance of {update.what} (%)")
    axes.grid(axis="x")
    return axes


def _label(row: object) -> str:
    seen, week, expected = (row[name] for name in ("observation", "week", "predicted"))  # type: ignore[index]
    return f"{week}  {seen}  ({expected:.0%})" if seen else "before any"


@plot
def indicators(watch: Watch, most: int = 12, **look: Unpack[Look]) -> Axes:
    """Draw the most telling things that could be seen: the forecast if each is seen and if not, and as it stands.

    ``watch`` is that of :func:`sim.analysis.watching.watch`.
    """
    table = watch.table.head(most)
    title = f"What to watch by {watch.day}: {watch.what} stands at {watch.now:.1%}"
    note = (
        f"“{watch.scenario}”, seed {watch.seed}, {watch.runs:,} runs a population. In brackets: how likely each is to "
        "be reported. Whiskers: 95% simulation noise. Ordered by the information in a report."
    )
    axes = canvas(title, note, height=2.0 + 0.36 * len(table), width=9.0)
    rows = range(len(table))
    for name, colour, words in (("if_not", ink.grey, "if it is not seen"), ("if_seen", ink.blue, "if it is seen")):
        middle, low, high = (100 * table[f"{name}{end}"] for end in ("", "_low", "_high"))
        axes.errorbar(middle, rows, xerr=[middle - low, high - middle], fmt="o", color=colour, capsize=2, label=words)
    axes.axvline(100 * watch.now, color="black", linewidth=0.8, linestyle=":")
    axes.set_yticks(rows, [f"{name}  ({row['probability']:.0%})" for name, row in table.iterrows()])
    axes.set_ylim(len(table) - 0.5, -0.5)
    axes.set_xlim(left=0)
    axes.set_xlabel(f"chance of {watch.what} (%)")
    axes.grid(axis="x")
    axes.legend(frameon=False, loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, borderaxespad=0.0)
    return axes
