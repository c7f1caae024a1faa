"""One run as one figure: what was on offer and agreed, who stood where, how many troops, and what happened when."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap
from matplotlib.patches import Patch

from sim import vocabulary
from sim.ensemble.results import Replay
from sim.plots.colours import STAGES, ink
from sim.plots.style import PanelLook, Panels, panel_plot, panels
from sim.words import label, named

EVENT_LABELS = {
    "mission_tabled": "tabled",
    "truce_signed": "truce signed",
    "truce_broke": "truce broke",
    "force_formed": "force forms",
    "force_ended": "force ends",
    "attacked": "attack",
    "handover": "new government",
}
"""The kinds of events that are marked, and their words."""
_RUNGS = ("nothing", *(label(rung) for rung in vocabulary.RUNGS[1:]))


@panel_plot
def story(replay: Replay, **look: Unpack[PanelLook]) -> Panels:
    """Return one run: events, truce, backstop and consent, troops, and the stage of every contributor, week by week."""
    weekly, stages, events = replay.weekly, replay.stages, replay.events
    actors = stages["actor"].nunique()
    heights = [1.1, 1.6, 1.3, 2.0, 0.21 * actors]
    stamp = f"{replay.stamp}. " if replay.stamp else ""
    note = (
        f"{stamp}Run {replay.run} of “{replay.scenario}”, seed {replay.seed}: one story, not a forecast. Green shade: "
        "a truce is in force."
    )
    high = sum(heights) + 1.4
    axes = panels(
        _title(weekly, replay.called),
        note,
        rows=5,
        across=1,
        height=high,
        width=9.5,
        sharex=True,
        height_ratios=heights,
    )
    weeks = weekly["week"].to_numpy(dtype=np.float64)
    for each in axes[1:]:
        _truces(each, weekly)
    _events(axes[0], events, replay.called, float(weeks[-1]))
    _backstop(axes[1], weekly)
    _consent(axes[2], weekly)
    _troops(axes[3], weekly)
    _stages(axes[4], stages)
    axes[4].set_xlabel("week")
    axes[4].set_xlim(0, weeks[-1])
    return axes


def _title(weekly: pd.DataFrame, called: Mapping[str, str]) -> str:
    stands = weekly[weekly["force"] != vocabulary.NO_MISSION]
    truces = int(weekly["truces"].max())
    if len(stands):
        first = stands.iloc[0]
        size = f"{round(first['troops'], -2):,.0f} troops from {first['states']:.0f} states"
        stayed = "" if weekly["force"].iloc[-1] != vocabulary.NO_MISSION else " and does not last"
        return (
            f"In this run a force ({named(called, first['force'])}, {size}) forms in week {first['week']:.0f}{stayed}"
        )
    best = weekly["sufficiency"].max()
    truce = "no truce begins" if not truces else "a truce begins" if truces == 1 else f"{truces} truces begin"
    return f"In this run {truce} and no force forms; pledges reach {best:.0%} of what the mission on the table needs"


def _truces(axes: Axes, weekly: pd.DataFrame) -> None:
    weeks, truce = weekly["week"].to_numpy(dtype=np.float64), weekly["truce"].to_numpy() > 0
    step = float(weeks[0])
    for week, here in zip(weeks, truce, strict=True):
        if here:
            axes.axvspan(week - step, week, color=ink.green, alpha=0.15, linewidth=0)


def _events(axes: Axes, events: pd.DataFrame, called: Mapping[str, str], horizon: float) -> None:
    """Mark events, each in the first of the rows in which its words are free."""
    marked = events[events["event"].isin(list(EVENT_LABELS))]
    ends: list[float] = []
    for _, event in marked.iterrows():
        words, week = event_words(event, called), float(event["week"])
        width = horizon * 0.0105 * len(words)
        start = min(week, horizon - width)
        row = next((at for at, end in enumerate(ends) if end <= start), len(ends))
        ends[row : row + 1] = [start + width + horizon * 0.015]
        axes.plot([week, week], [-0.4, row], color=ink.grey, linewidth=0.6, zorder=1)
        white = {"facecolor": ink.paper, "edgecolor": "none", "pad": 0.6}
        axes.text(start, row, words, fontsize="small", va="center", ha="left", bbox=white, zorder=2)
    axes.set_ylim(-0.5, max(len(ends), 1) - 0.3)
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_ylabel("events", rotation=0, ha="right", va="center")


def event_words(event: pd.Series, called: Mapping[str, str]) -> str:
    """Return a marked event in a few words; ``called`` is what readers call missions, by name."""
    kind = str(event["event"])
    if kind == "mission_tabled":
        return f"{named(called, event['detail'])} tabled"
    who = f": {label(event['actor'], proper=True)}" if kind == "handover" else ""
    return f"{EVENT_LABELS[kind]}{who}"


def _backstop(axes: Axes, weekly: pd.DataFrame) -> None:
    axes.step(weekly["week"], weekly["rung"], where="pre", color=ink.blue, linewidth=1.8, label="on offer")
    axes.step(
        weekly["week"],
        weekly["cap"],
        where="pre",
        color=ink.grey,
        linewidth=1,
        linestyle=":",
        label="most that would be on offer",
    )
    axes.set_yticks(range(len(_RUNGS)), _RUNGS, fontsize="small")
    axes.set(ylim=(-0.3, len(_RUNGS) - 0.7))
    axes.set_title("backstop on offer", loc="left", fontsize="small")
    axes.legend(frameon=False, fontsize="small", ncols=2, loc="lower right", bbox_to_anchor=(1, 0.98), borderaxespad=0)


def _consent(axes: Axes, weekly: pd.DataFrame) -> None:
    asked = weekly["mission"] != vocabulary.NO_MISSION
    answer = weekly["consent"].where(asked)
    axes.step(weekly["week"], answer, where="pre", color=ink.red, linewidth=1.8)
    axes.set_yticks(range(3), vocabulary.CONSENTS, fontsize="small")
    axes.set_ylim(-0.3, 2.3)
    axes.set_title("consent to the mission on the table (gap: none tabled)", loc="left", fontsize="small")


def _troops(axes: Axes, weekly: pd.DataFrame) -> None:
    lines = {
        "pledged_troops": ("pledged", ink.sky, "-"),
        "ratified_troops": ("ratified", ink.blue, "--"),
        "minimum": ("minimum of the mission", ink.orange, ":"),
    }
    field = (weekly["troops"] / 1000).where(weekly["force"] != vocabulary.NO_MISSION)
    axes.fill_between(
        weekly["week"], field.fillna(0.0), step="pre", color=ink.dark, alpha=0.35, linewidth=0, label="in the field"
    )
    for column, (words, colour, style) in lines.items():
        axes.step(
            weekly["week"],
            weekly[column] / 1000,
            where="pre",
            color=colour,
            linestyle=style,
            linewidth=1.6,
            label=words,
        )
    axes.set_ylim(bottom=0)
    axes.set_ylabel("thousand", fontsize="small")
    axes.set_title("Troops", loc="left", fontsize="small")
    axes.legend(frameon=False, fontsize="small", ncols=4, loc="lower right", bbox_to_anchor=(1, 0.98), borderaxespad=0)


def _stages(axes: Axes, stages: pd.DataFrame) -> None:
    order = {stage: at for at, stage in enumerate(vocabulary.STANCES)}
    table = stages.assign(stage=stages["stage"].map(order)).pivot(index="actor", columns="week", values="stage")
    table = table.loc[table.mean(axis=1).sort_values(kind="stable").index]
    field = stages.pivot(index="actor", columns="week", values="in_force").loc[table.index].to_numpy(dtype=bool)
    weeks = table.columns.to_numpy(dtype=np.float64)
    sides = np.append(weeks - np.diff(weeks, prepend=0.0), weeks[-1])
    axes.pcolormesh(
        sides,
        np.arange(len(table) + 1),
        table.to_numpy(),
        cmap=ListedColormap(list(STAGES)),
        vmin=-0.5,
        vmax=3.5,
    )
    for row, inside in enumerate(field):
        axes.hlines(
            [row + 0.5] * int(inside.sum()), sides[:-1][inside], sides[1:][inside], color=ink.paper, linewidth=2.5
        )
    axes.hlines(np.arange(1, len(table)), sides[0], sides[-1], color=ink.paper, linewidth=1)
    axes.set_yticks(
        np.arange(len(table)) + 0.5, [label(str(name), proper=True) for name in table.index], fontsize="small"
    )
    axes.set_title("Contributors (white line: troops in the field)", loc="left", fontsize="small")
    handles = [Patch(color=colour, label=stage) for stage, colour in zip(vocabulary.STANCES, STAGES, strict=True)]
    axes.legend(
        handles=handles,
        frameon=False,
        fontsize="small",
        ncols=4,
        loc="lower right",
        bbox_to_anchor=(1, 0.995),
        borderaxespad=0,
    )
