"""The two pictures of a brief, of a size to stand side by side on a printed page: how it ends, and when."""

from __future__ import annotations

from typing import Any

from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import Share, in_percent, share
from sim.plots.colours import HUES, legible
from sim.report.figures import Picture, drawn
from sim.words import day

BLUE, SKY, ORANGE, GREY = (legible(HUES[name], "#FFFFFF") for name in ("blue", "sky", "orange", "grey"))
DARK = "#333333"
SIZE = (3.5, 2.5)
"""Inches, so that letters of 8 points stay letters of 8 points on paper."""
_STYLE: Any = {"font.size": 8, "axes.spines.top": False, "axes.spines.right": False, "axes.edgecolor": GREY}
_CLOSE = 4.0
"""Labels of lines nearer than this, in hundredths of the axis, are moved apart."""


def ends(ensemble: Ensemble) -> Picture:
    """Return how runs end, in five kinds."""
    kinds = _kinds(ensemble)
    figure, axes = _canvas()
    places = range(len(kinds))[::-1]
    axes.barh(places, [100 * each.probability for each, _ in kinds.values()], color=[c for _, c in kinds.values()])
    for place, (each, _) in zip(places, kinds.values(), strict=True):
        axes.text(100 * each.probability + 1.5, place, in_percent(each)[0], va="center", fontsize=8)
    axes.set_yticks(places, list(kinds))
    axes.set(xlim=(0, 100), xlabel="of 100 runs of the model")
    axes.tick_params(axis="y", length=0)
    words = ", ".join(f"{name} {in_percent(each)[0]}" for name, (each, _) in kinds.items())
    return drawn("ends", figure, "How it ends", f"Share of {len(ensemble):,} runs of the model: {words}.")


def _kinds(ensemble: Ensemble) -> dict[str, tuple[Share, str]]:
    """Return the share of runs that end in each of five ways, and its colour; the shares add up to all runs."""
    runs, counts = len(ensemble), ensemble.outcomes()
    without = {name: counts.get(name, 0) for name in vocabulary.OUTCOMES_WITHOUT_FORCE}
    european = ensemble.share("european")
    hits = european.hits if european else 0
    small = without.pop("observer", 0) + without.pop("training", 0)
    rows = {
        "a European force": (hits, BLUE),
        "another foreign force": (runs - hits - small - sum(without.values()), SKY),
        "trainers or\nobservers alone": (small, GREY),
        "a ceasefire alone": (without["ceasefire_without_force"], GREY),
        "no ceasefire": (without["no_ceasefire"], DARK),
    }
    return {name: (share(max(0, count), runs), colour) for name, (count, colour) in rows.items()}


def timing(ensemble: Ensemble) -> Picture:
    """Return by which month a ceasefire, any force and a European force had come."""
    by_week = ensemble.by_week()
    months = [week * 12 / 52 for week in by_week["week"]]
    lines = {
        "a ceasefire": ("first_ceasefire", GREY),
        "any force": ("deployed", ORANGE),
        "a European force": ("european", BLUE),
    }
    figure, axes = _canvas()
    top = max(5.0, 115 * max(by_week[name][-1] for name, _ in lines.values()))
    ends = {words: 100 * by_week[name][-1] for words, (name, _) in lines.items()}
    heights = _apart(ends, top)
    for words, (name, colour) in lines.items():
        axes.plot(months, [100 * value for value in by_week[name]], color=colour, linewidth=1.8)
        axes.text(
            months[-1] * 1.02, heights[words], f"{words}\n{_of_100(ends[words])}", color=DARK, va="center", fontsize=8
        )
    since = f"months from {day(ensemble.manifest['start'])}"
    axes.set(xlim=(0, months[-1]), ylim=(0, top), xlabel=since, ylabel="of 100 runs of the model")
    axes.set_xticks(range(0, round(months[-1]) + 1, 3))
    texts = ", ".join(f"{words} {_of_100(end)}" for words, end in ends.items())
    return drawn("timing", figure, "By when", f"Share of runs of the model by the end of the horizon: {texts}.")


def _of_100(percentage: float) -> str:
    return f"{percentage:.1f}%" if percentage else "none"


def _apart(ends: dict[str, float], top: float) -> dict[str, float]:
    """Return the heights of labels of two lines each, so far apart that none covers another."""
    gap, heights, below = top * 4 * _CLOSE / 100, dict[str, float](), float("-inf")
    for words, end in sorted(ends.items(), key=lambda item: (item[1], item[0] == "any force")):
        below = heights[words] = max(end, below + gap, gap / 2)
    return heights


def _canvas() -> tuple[Figure, Axes]:
    with plt.rc_context(_STYLE):
        figure, axes = plt.subplots(figsize=SIZE, layout="constrained")
    plt.close(figure)
    return figure, axes
