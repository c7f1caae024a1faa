"""The plots of one ensemble, of a comparison, of a run and of the network; intervals are run noise and say so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from sim import vocabulary
from sim.ensemble import columns
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import share
from sim.plots.colours import ink
from sim.plots.shares import bars, note_of, of_100
from sim.plots.style import Look, canvas, empty_axes, outcome_words, plot
from sim.words import EVENT_WORDS, day

STEP_WORDS = {
    "ceasefire": "a ceasefire",
    "consent": "+ consent where needed\n(host, opponent, Council)",
    "backstop": "+ a backstop that meets\ncontributors' demands",
    "pledges": "+ a lead and\nenough pledges",
    "ratified": "+ ratified at home",
    "formed": "a force formed",
    "held": "and held to the horizon",
}


@plot
def outcomes(ensemble: Ensemble, **look: Unpack[Look]) -> Axes:
    """Return the shares of runs by outcome, with run noise."""
    counts = pd.Series(ensemble.outcomes())
    missions = counts.drop(index=list(vocabulary.OUTCOMES_WITHOUT_FORCE)).sort_values(ascending=False, kind="stable")
    names = [*missions.index, *vocabulary.OUTCOMES_WITHOUT_FORCE]
    shares = [share(int(counts[name]), len(ensemble)) for name in names]
    groups = ensemble.manifest["groups"]
    colours = [
        ink.blue if "european" in groups.get(name, ()) else ink.sky if "deployed" in groups.get(name, ()) else ink.grey
        for name in names
    ]
    deployed = ensemble.share("deployed")
    most = ensemble.called(str(counts.idxmax()))
    title = f"A foreign force deployed in {of_100(deployed)} of 100 runs; most frequent: {most}"
    axes = canvas(title, note_of(ensemble, "Each run has one outcome."), height=1.6 + 0.38 * len(names))
    bars(axes, [outcome_words(ensemble, name) for name in names], shares, colours)
    axes.set_xlabel("share of runs (%)")
    kinds = {f"{ensemble.names.group} force": ink.blue, "other deployed force": ink.sky, "no deployed force": ink.grey}
    axes.legend(
        handles=[Patch(color=colour, label=kind) for kind, colour in kinds.items()], frameon=False, loc="center right"
    )
    return axes


@plot
def funnel(ensemble: Ensemble, **look: Unpack[Look]) -> Axes:
    """Return how many of 100 runs reached each step to a force that holds."""
    reached = ensemble.runs["reached"]
    shares = [share(int((reached >= step).sum()), len(ensemble)) for step in range(len(columns.FUNNEL))]
    lost = -np.diff([1.0, *(each.probability for each in shares)])
    worst = columns.FUNNEL[int(lost.argmax())]
    at = f"{STEP_WORDS[worst].removeprefix('+ ')}".replace("\n", " ")
    most = f"most ({round(100 * lost.max())}) stopped short of this step: {at}" if lost.max() > 0 else "all got so far"
    title = f"Of 100 runs {of_100(shares[0])} saw a ceasefire and {of_100(shares[-2])} a force; {most}"
    note = note_of(ensemble, "Steps count only once those before them are met, all in the same week.")
    axes = canvas(title, note, height=4.6)
    bars(axes, [STEP_WORDS[step] for step in columns.FUNNEL], shares, [ink.sky] * 5 + [ink.blue] * 2)
    axes.set_xlabel("runs that got this far (of 100)")
    axes.set_xlim(0, 100)
    return axes


@plot
def formation(ensemble: Ensemble, **look: Unpack[Look]) -> Axes:
    """Return the share of runs with a first ceasefire, deployment and European force by each week, with run noise."""
    by_week = ensemble.by_week()
    ends = {name: by_week[name][-1] for name in ("first_ceasefire", "deployed", "european")}
    horizon = by_week["week"][-1]
    title = (
        f"By week {horizon} a ceasefire had begun in {round(100 * ends['first_ceasefire'])} of 100 runs, "
        f"and a force had deployed in {round(100 * ends['deployed'])}"
    )
    axes = canvas(title, note_of(ensemble, "Counted: the first time in a run."), height=4.6)
    lines = {
        "first_ceasefire": ("a first ceasefire", ink.grey),
        "deployed": (EVENT_WORDS["deployed"], ink.orange),
        "european": (f"{ensemble.names.a_group} force", ink.blue),
    }
    for name, (words, colour) in lines.items():
        shares = [share(round(value * len(ensemble)), len(ensemble)) for value in by_week[name]]
        low, high = [100 * each.low for each in shares], [100 * each.high for each in shares]
        axes.fill_between(by_week["week"], low, high, color=colour, alpha=0.2, linewidth=0)
        line = f"{words}: {ends[name]:.0%} by week {horizon}"
        values = [100 * value for value in by_week[name]]
        axes.plot(by_week["week"], values, color=colour, linewidth=2, label=line)
    since = f"weeks since {day(ensemble.manifest['start'])}"
    axes.set(xlabel=since, ylabel="cumulative share of runs (%)", xlim=(0, horizon))
    axes.set_ylim(bottom=0)
    axes.set_xticks([0, *(week for week in (13, 26, 39, 52, 65, 78, 91, 104) if week <= horizon)])
    axes.grid(axis="both")
    axes.legend(frameon=False, loc="upper left")
    return axes


@plot
def troops(ensemble: Ensemble, voices: Mapping[str, float] | None = None, **look: Unpack[Look]) -> Axes:
    """Return the sizes of the first deployed force when it formed; ``voices`` {who: persons} are marked beside it."""
    formed = ensemble.runs[ensemble.runs["troops"].notna()]
    if formed.empty:
        return empty_axes(f"No foreign force deployed in any of {len(ensemble):,} runs", note_of(ensemble, noise=False))
    size = formed["troops"].astype("float64") / 1000
    low, median, high = (float(size.quantile(q)) for q in (0.1, 0.5, 0.9))
    title = f"A deployed force started with {median:.0f},000 troops ({low:.0f},000 to {high:.0f},000 in 8 of 10 cases)"
    axes = canvas(title, note_of(ensemble, f"{len(formed):,} of them deployed a force.", noise=False), height=4.2)
    european = formed["european_week"].notna() & (formed["european_week"] == formed["deployed_week"])
    top = max(size.max(), *(persons / 1000 for persons in (voices or {}).values()), 10.0)
    edges = np.arange(0, top + 2.5, 2.5)
    parts = [size[european], size[~european]]
    axes.hist(
        parts,
        bins=list(edges),
        stacked=True,
        color=[ink.blue, ink.sky],
        label=[f"{ensemble.names.group} force", "other deployed force"],
    )
    axes.axvline(median, color=ink.dark, linewidth=1.5, label="median")
    for who, persons in (voices or {}).items():
        axes.axvline(persons / 1000, color=ink.red, linewidth=1, linestyle=":")
        at = (persons / 1000, 0.99)
        across = axes.get_xaxis_transform()
        axes.annotate(
            who,
            at,
            (-3, 0),
            across,
            "offset points",
            rotation=90,
            va="top",
            ha="right",
            fontsize="small",
            color=ink.red,
        )
    axes.set(
        xlabel="troops of the first deployed force when it formed (thousand)", ylabel=f"runs (of {len(ensemble):,})"
    )
    axes.set_xlim(left=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    return axes
