"""The plots of one ensemble, of a comparison, of a run and of the network; intervals are run noise and say so."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.colors import ListedColormap
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import FuncFormatter, MaxNLocator

from sim import vocabulary
from sim.arrows import FAMILY_COLOURS, arranged, arrow, thickness
from sim.canvas import (
    BLUE,
    DARK,
    EVENT_WORDS,
    GREY,
    ORANGE,
    RED,
    SKY,
    bars,
    canvas,
    label,
    listed,
    note_of,
    nothing,
    of_100,
    stamped,
    whiskers,
    widest,
)
from sim.ensemble import Ensemble, share

STAGE_COLOURS = ("#8C510A", "#E0B563", "#92C5DE", "#0072B2")
"""From opposed to pledged: brown to blue."""
FAMILY_WORDS = {
    "incentive": "incentive (aid, sanctions, threat, patronage)",
    "influence": "influence (persuasion, example, guarantee)",
    "gate": "gate (Council veto, EU decision, hub; dashed: shut)",
}
STEP_WORDS = {
    "ceasefire": "a ceasefire",
    "consent": "+ consent where needed\n(Kyiv, Moscow, Council)",
    "backstop": "+ a backstop that meets\ncontributors' demands",
    "pledges": "+ a lead and\nenough pledges",
    "ratified": "+ ratified at home",
    "formed": "a force formed",
    "held": "and held to the horizon",
}
_MOST_DIFFERENCES = 20


class Plots:
    """The plots of one ensemble, as ``ensemble.plot``: each method draws the function of its name."""

    def __init__(self, ensemble: Ensemble) -> None:
        self.ensemble = ensemble

    def outcomes(self) -> Figure:
        """Draw :func:`outcomes`."""
        return outcomes(self.ensemble)

    def funnel(self) -> Figure:
        """Draw :func:`funnel`."""
        return funnel(self.ensemble)

    def formation(self) -> Figure:
        """Draw :func:`formation`."""
        return formation(self.ensemble)

    def troops(self, voices: Mapping[str, float] | None = None) -> Figure:
        """Draw :func:`troops`."""
        return troops(self.ensemble, voices)

    def joiners(self) -> Figure:
        """Draw :func:`joiners`."""
        return joiners(self.ensemble)

    def stances(self) -> Figure:
        """Draw :func:`stances`."""
        return stances(self.ensemble)

    def given(self, condition: str) -> Figure:
        """Draw :func:`sim.plots.given.given` for a condition; see :meth:`sim.ensemble.Ensemble.given`."""
        from sim.plots.given import given

        found = self.ensemble.given(condition)
        return given(found.headline, found.actors)

    def independence(self) -> Figure:
        """Draw :func:`sim.plots.independence.independence`."""
        from sim.analysis.independence import independence as table
        from sim.plots.independence import independence

        return independence(table(self.ensemble))


def outcomes(ensemble: Ensemble) -> Figure:
    """Return the shares of runs by outcome, with run noise."""
    counts = pd.Series(ensemble.outcomes())
    missions = counts.drop(index=list(vocabulary.OUTCOMES_WITHOUT_FORCE)).sort_values(ascending=False, kind="stable")
    names = [*missions.index, *vocabulary.OUTCOMES_WITHOUT_FORCE]
    shares = [share(int(counts[name]), len(ensemble)) for name in names]
    groups = ensemble.manifest["groups"]
    colours = [
        BLUE if "european" in groups.get(name, ()) else SKY if "deployed" in groups.get(name, ()) else GREY
        for name in names
    ]
    deployed = ensemble.share("deployed")
    title = f"A foreign force deployed in {of_100(deployed)} of 100 runs; most frequent: {label(str(counts.idxmax()))}"
    figure, axes = canvas(title, note_of(ensemble, "Each run has one outcome."), height=1.6 + 0.34 * len(names))
    bars(axes, [label(name) for name in names], shares, colours)
    axes.set_xlabel("share of runs (%)")
    kinds = {"European force": BLUE, "other deployed force": SKY, "no deployed force": GREY}
    axes.legend(
        handles=[Patch(color=colour, label=kind) for kind, colour in kinds.items()], frameon=False, loc="center right"
    )
    return figure


def funnel(ensemble: Ensemble) -> Figure:
    """Return how many of 100 runs reached each step to a force that holds."""
    reached = ensemble.runs["reached"]
    shares = [share(int((reached >= step).sum()), len(ensemble)) for step in range(len(vocabulary.FUNNEL))]
    lost = -np.diff([1.0, *(found.probability for found in shares)])
    worst = vocabulary.FUNNEL[int(lost.argmax())]
    at = f"{STEP_WORDS[worst].removeprefix('+ ')}".replace("\n", " ")
    title = (
        f"Of 100 runs {of_100(shares[0])} saw a ceasefire and {of_100(shares[-2])} a force; "
        f"the step that stopped most ({round(100 * lost.max())}) was: {at}"
    )
    note = note_of(ensemble, "Steps count only once those before them are met, all in the same week.")
    figure, axes = canvas(title, note, height=4.6)
    bars(axes, [STEP_WORDS[step] for step in vocabulary.FUNNEL], shares, [SKY] * 5 + [BLUE] * 2)
    axes.set_xlabel("runs that got this far (of 100)")
    axes.set_xlim(0, 100)
    return figure


def formation(ensemble: Ensemble) -> Figure:
    """Return the share of runs with a first ceasefire, deployment and European force by each week, with run noise."""
    by_week = ensemble.by_week()
    ends = {name: by_week[name][-1] for name in ("first_ceasefire", "deployed", "european")}
    horizon = by_week["week"][-1]
    title = (
        f"By week {horizon} a ceasefire had begun in {round(100 * ends['first_ceasefire'])} of 100 runs, "
        f"and a force had deployed in {round(100 * ends['deployed'])}"
    )
    figure, axes = canvas(title, note_of(ensemble, "Counted: the first time in a run."), height=4.6)
    lines = {
        "first_ceasefire": ("a first ceasefire", GREY),
        "deployed": ("any deployment", ORANGE),
        "european": ("a European force", BLUE),
    }
    for name, (words, colour) in lines.items():
        shares = [share(round(value * len(ensemble)), len(ensemble)) for value in by_week[name]]
        low, high = [100 * found.low for found in shares], [100 * found.high for found in shares]
        axes.fill_between(by_week["week"], low, high, color=colour, alpha=0.2, linewidth=0)
        line = f"{words}: {ends[name]:.0%} by week {horizon}"
        values = [100 * value for value in by_week[name]]
        axes.plot(by_week["week"], values, color=colour, linewidth=2, label=line)
    axes.set(xlabel="weeks since 3 March 2025", ylabel="cumulative share of runs (%)", xlim=(0, horizon))
    axes.set_ylim(bottom=0)
    axes.set_xticks([0, *(week for week in (13, 26, 39, 52, 65, 78, 91, 104) if week <= horizon)])
    axes.grid(axis="both")
    axes.legend(frameon=False, loc="upper left")
    return figure


def troops(ensemble: Ensemble, voices: Mapping[str, float] | None = None) -> Figure:
    """Return the sizes of the first deployed force when it formed; ``voices`` {who: persons} are marked beside it."""
    formed = ensemble.runs[ensemble.runs["troops"].notna()]
    if formed.empty:
        return nothing(f"No foreign force deployed in any of {len(ensemble):,} runs", note_of(ensemble, noise=False))
    size = formed["troops"].astype("float64") / 1000
    low, median, high = (float(size.quantile(q)) for q in (0.1, 0.5, 0.9))
    title = f"A deployed force started with {median:.0f},000 troops ({low:.0f},000 to {high:.0f},000 in 8 of 10 cases)"
    figure, axes = canvas(
        title, note_of(ensemble, f"{len(formed):,} of them deployed a force.", noise=False), height=4.2
    )
    european = formed["european_week"].notna() & (formed["european_week"] == formed["deployed_week"])
    top = max(size.max(), *(persons / 1000 for persons in (voices or {}).values()), 10.0)
    edges = np.arange(0, top + 2.5, 2.5)
    parts = [size[european], size[~european]]
    axes.hist(
        parts, bins=list(edges), stacked=True, color=[BLUE, SKY], label=["European force", "other deployed force"]
    )
    axes.axvline(median, color=DARK, linewidth=1.5, label="median")
    for who, persons in (voices or {}).items():
        axes.axvline(persons / 1000, color=RED, linewidth=1, linestyle=":")
        at = (persons / 1000, 0.99)
        across = axes.get_xaxis_transform()
        axes.annotate(
            who, at, (-3, 0), across, "offset points", rotation=90, va="top", ha="right", fontsize=8, color=RED
        )
    axes.set(
        xlabel="troops of the first deployed force when it formed (thousand)", ylabel=f"runs (of {len(ensemble):,})"
    )
    axes.set_xlim(left=0)
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.legend(frameon=False)
    return figure


def joiners(ensemble: Ensemble) -> Figure:
    """Return, by actor, the shares of runs in which it is pledged at the horizon, and was in a deployed force."""
    found = ensemble.contributors().sort_values(["pledged", "deployed"], kind="stable")
    pledgers = [f"{label(name, proper=True)} ({found.loc[name, 'pledged']:.0%})" for name in found.index[:-3:-1]]
    sender = f"{label(str(found['deployed'].idxmax()), proper=True)} ({found['deployed'].max():.0%})"
    title = f"{listed(pledgers)} are pledged most often; most often in a deployed force: {sender}"
    figure, axes = canvas(title, note_of(ensemble), height=1.6 + 0.27 * len(found))
    height = np.arange(len(found))
    for column, colour, words, shift in (
        ("pledged", SKY, "pledged at the horizon", 0.12),
        ("deployed", BLUE, "in a deployed force", -0.12),
    ):
        shares = [share(round(value * len(ensemble)), len(ensemble)) for value in found[column]]
        middle = [100 * found.probability for found in shares]
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
    axes.set_yticks(height, [label(name, proper=True) for name in found.index])
    axes.set(xlabel="share of runs (%)", ylim=(-0.6, len(found) - 0.4))
    axes.set_xlim(0, min(100, axes.get_xlim()[1]))
    axes.grid(axis="both")
    axes.legend(frameon=True, edgecolor="none", loc="lower right")
    return figure


def stances(ensemble: Ensemble) -> Figure:
    """Return, by actor, the shares of runs by its stage at the horizon."""
    found = pd.crosstab(ensemble.actors["actor"], ensemble.actors["stage"], normalize="index")
    found = found.reindex(columns=list(vocabulary.STANCES), fill_value=0.0).sort_values(
        ["pledged", "open"], kind="stable"
    )
    most, least = (str(found[stage].idxmax()) for stage in ("pledged", "opposed"))
    title = (
        f"At the horizon {label(most, proper=True)} is pledged in {found['pledged'].max():.0%} of runs, "
        f"{label(least, proper=True)} opposed in {found['opposed'].max():.0%}"
    )
    figure, axes = canvas(title, note_of(ensemble, widest(len(ensemble)), noise=False), height=1.8 + 0.26 * len(found))
    left = np.zeros(len(found))
    for stage, colour in zip(vocabulary.STANCES, STAGE_COLOURS, strict=True):
        width = 100 * found[stage].to_numpy()
        axes.barh(np.arange(len(found)), width, left=left, color=colour, height=0.8, label=stage)
        left += width
    axes.set_yticks(np.arange(len(found)), [label(name, proper=True) for name in found.index])
    axes.set(xlabel="share of runs by stage at the horizon (%)", xlim=(0, 100), ylim=(-0.6, len(found) - 0.4))
    axes.legend(frameon=False, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def stances_over_time(table: pd.DataFrame) -> Figure:
    """Return the stage of every contributor week by week in one run.

    ``table`` has the columns week, actor and stage (a word of :data:`sim.vocabulary.STANCES`), a row a week and actor.
    """
    order = {stage: at for at, stage in enumerate(vocabulary.STANCES)}
    stages = table.assign(stage=table["stage"].map(order)).pivot(index="actor", columns="week", values="stage")
    stages = stages.loc[stages.mean(axis=1).sort_values(kind="stable").index]
    weeks = stages.columns.to_numpy(dtype=np.float64)
    pledged = int((stages.iloc[:, -1] == order["pledged"]).sum())
    title = f"In this run {pledged} of {len(stages)} contributors are pledged in week {weeks[-1]:.0f}"
    figure, axes = canvas(
        title,
        "One run: a story, not a forecast. Rows from the readiest (top) to the most reluctant on average.",
        height=1.8 + 0.26 * len(stages),
    )
    sides = np.append(weeks - np.diff(weeks, prepend=0.0), weeks[-1])
    axes.pcolormesh(
        sides,
        np.arange(len(stages) + 1),
        stages.to_numpy(),
        cmap=ListedColormap(list(STAGE_COLOURS)),
        vmin=-0.5,
        vmax=3.5,
    )
    axes.hlines(np.arange(1, len(stages)), sides[0], sides[-1], color="white", linewidth=1.5)
    axes.set_yticks(np.arange(len(stages)) + 0.5, [label(name, proper=True) for name in stages.index])
    axes.set_xlabel("weeks since 3 March 2025")
    handles = [
        Patch(color=colour, label=stage) for stage, colour in zip(vocabulary.STANCES, STAGE_COLOURS, strict=True)
    ]
    axes.legend(handles=handles, frameon=False, ncols=4, loc="lower center", bbox_to_anchor=(0.5, 1.0))
    return figure


def differences(table: pd.DataFrame) -> Figure:
    """Return a comparison: differences in percentage points, with 95% run noise, and both values beside them.

    ``table`` has the index quantity and the columns a, b, difference, low and high, as :func:`sim.compare` returns it;
    its ``attrs`` may name a, b and runs. Events are always drawn, other shares if they differ, those that differ most;
    troops and weeks are not.
    """
    about = {"a": "a", "b": "b", "runs": 0} | table.attrs
    table = table[table["unit"] == "share"] if "unit" in table else table
    shown = _worth_showing(table)[::-1]
    title = f"“{about['b']}” rather than “{about['a']}”: {_verdict(table)}"
    runs = f"{about['runs']:,} paired runs under the same luck. " if about["runs"] else ""
    note = f"{runs}Whiskers: 95% run noise of the paired difference; hollow: none shown. Right: from → to."
    note = " ".join(filter(None, (stamped(str(about.get("stamp", ""))), note)))
    figure, axes = canvas(title, note, height=1.8 + 0.27 * len(shown))
    axes.axvline(0, color=GREY, linewidth=1)
    for at, (_, row) in enumerate(shown.iterrows()):
        shows = row["low"] > 0 or row["high"] < 0
        colour = GREY if not shows else BLUE if row["difference"] > 0 else RED
        reach = [[100 * (row["difference"] - row["low"])], [100 * (row["high"] - row["difference"])]]
        axes.errorbar(
            100 * row["difference"], at, xerr=reach, fmt="o", color=colour, markerfacecolor=colour if shows else "white"
        )
        axes.text(
            1.02, at, f"{row['a']:.0%} → {row['b']:.0%}", transform=axes.get_yaxis_transform(), va="center", fontsize=9
        )
    axes.set_yticks(np.arange(len(shown)), [_quantity(str(name)) for name in shown.index])
    axes.set(xlabel="difference in the share of runs (percentage points)", ylim=(-0.6, len(shown) - 0.4))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:+g}" if value else "0"))
    axes.grid(axis="both")
    return figure


def network(table: pd.DataFrame) -> Figure:
    """Return the leverage network: broker, belligerents, patrons and leads in fixed places, others in a column.

    ``table`` has a row an edge and the columns of :func:`sim.network.edges`. Arrows point at whom an edge moves.
    """
    weight = table["strength"] * table["willingness"]
    strongest = weight.groupby(table["source"]).sum().sort_values(ascending=False, kind="stable").index[:3]
    title = f"Most leverage starts from {listed([label(name, proper=True) for name in strongest])}"
    note = (
        f"{len(table)} edges; actors without any are not drawn. Arrows point at whom they move. "
        "Width: strength x willingness, summed over its edges to rank an actor; gates have none."
    )
    figure, axes = canvas(title, note, height=7.0, width=9.0)
    places = arranged(table)
    for (_, edge), wide in zip(table.iterrows(), weight, strict=True):
        axes.add_patch(arrow(edge, float(wide), places))
    for name, place in places.items():
        axes.plot(place.x, place.y, "o", color=DARK, markersize=8, zorder=3)
        shift = (
            {"left": 0.03, "right": -0.03, "center": 0.0}[place.across],
            {"bottom": 0.03, "top": -0.03, "center": 0.0}[place.up],
        )
        white = {"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
        at = (place.x + shift[0], place.y + shift[1])
        axes.text(*at, label(name, proper=True), ha=place.across, va=place.up, fontsize=10, bbox=white, zorder=4)
    axes.set(xlim=(-0.45, 1.45), ylim=(-0.08, 1.08))
    axes.set_axis_off()
    handles = [
        Line2D([], [], color=colour, linewidth=2, label=FAMILY_WORDS[family])
        for family, colour in FAMILY_COLOURS.items()
    ]
    handles += [
        Line2D([], [], color=GREY, linewidth=thickness(value), label=f"strength x willingness {value}")
        for value in (0.1, 0.3, 0.6)
    ]
    axes.legend(handles=handles, frameon=False, loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, fontsize=9)
    return figure


def _worth_showing(table: pd.DataFrame) -> pd.DataFrame:
    events = [name for name in table.index if name in EVENT_WORDS]
    others = table.drop(index=events)
    others = others[others["difference"] != 0].sort_values("difference", key=abs, ascending=False, kind="stable")
    kept = {*events, *others.index[: _MOST_DIFFERENCES - len(events)]}
    return table.loc[[name for name in table.index if name in kept]]


def _verdict(table: pd.DataFrame) -> str:
    row = table.loc["european"]
    if row["low"] <= 0 <= row["high"]:
        return "no difference shown for a European force"
    way = "more" if row["difference"] > 0 else "less"
    return f"a European force is {way} likely by {100 * abs(row['difference']):.0f} points"


def _quantity(name: str) -> str:
    kind, _, what = name.rpartition(".")
    return f"{kind}: {label(what, proper=kind == 'pledged')}" if kind else label(name)
