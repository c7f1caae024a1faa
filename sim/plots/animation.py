"""The network over one run, week by week, as a film: GIF, MP4, or HTML that plays in a page or a notebook."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import matplotlib as mpl
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.animation import FFMpegWriter, FuncAnimation, HTMLWriter, PillowWriter
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim import vocabulary
from sim.ensemble.results import Replay
from sim.plots.colours import STAGES, ink
from sim.plots.network import NodePosition, arrow, node_positions
from sim.plots.replay import EVENT_LABELS, event_words
from sim.plots.style import new_figure
from sim.words import label, named

_WRITERS: dict[str, Any] = {".gif": PillowWriter, ".mp4": FFMpegWriter, ".html": HTMLWriter}
SUFFIXES = tuple(_WRITERS)
_FAINT, _STRONG = 0.12, 0.75
"""The opacity of an edge from an actor without a pledge, and from one that has pledged."""
_DISK = 15.0
_LINGER = 4
"""Weeks for which an event stays in the caption."""


class Film:
    """The network over a run. A notebook plays it; :meth:`save` writes it.

    Attributes
    ----------
    animation
        The matplotlib animation.
    figure
        Its figure.
    """

    def __init__(self, animation: FuncAnimation, figure: Figure, weeks: int) -> None:
        self.animation, self.figure, self._weeks = animation, figure, weeks

    def __len__(self) -> int:
        return self._weeks

    def save(self, file: Path | str, fps: float = 4.0, dpi: float = 80.0) -> Path:
        """Write the film as GIF, MP4 or HTML, after the ending of ``file``, and return the file written.

        MP4 needs the program ffmpeg. Where it is missing, HTML is written beside, with a warning: it plays in any
        browser, and needs nothing.

        Raises
        ------
        ValueError
            If the ending is another.
        """
        path = Path(file)
        suffix = path.suffix.lower()
        if suffix not in SUFFIXES:
            raise ValueError(f"{path.name}: a film ends in {', '.join(SUFFIXES)}")
        if suffix == ".mp4" and not FFMpegWriter.isAvailable():
            path = path.with_suffix(".html")
            message = f"ffmpeg is not installed here, which MP4 needs; the film goes to {path} as HTML"
            warnings.warn(message, stacklevel=2)
            suffix = ".html"
        with _embedding():
            writers: dict[str, Any] = {".gif": PillowWriter, ".mp4": FFMpegWriter}
            writer = (
                HTMLWriter(fps=max(1, round(fps)), embed_frames=True) if suffix == ".html" else writers[suffix](fps=fps)
            )
            self.animation.save(path, writer=writer, dpi=dpi)
        return path

    def _repr_html_(self) -> str:
        """Return the film as HTML that plays in a notebook."""
        with _embedding():
            return str(self.animation.to_jshtml(fps=4, default_mode="once"))


@contextmanager
def _embedding() -> Any:
    """Let all pictures of a film into one file; matplotlib leaves some out beyond 20 MB."""
    with mpl.rc_context({"animation.embed_limit": 200.0, "savefig.bbox": None, "figure.dpi": 80.0}):
        yield


def film(replay: Replay, edges: pd.DataFrame, every: int = 1, labels: Mapping[str, str] | None = None) -> Film:
    """Return the network over one run as a film.

    A contributor's colour is its stage, a ring means troops in the field; the broker shows the rung on offer, the
    opponent its answer, the host whether a truce is in force. Edges stand out from the week on in which their source
    has pledged, those of great powers throughout.

    Parameters
    ----------
    replay
        A run, as :func:`sim.replay` returns it.
    edges
        Who sways whom, as :func:`sim.leverage` returns it.
    every
        Weeks from one picture to the next.
    labels
        Words for the names of actors.

    Raises
    ------
    ValueError
        If ``every`` is less than 1.
    """
    if every < 1:
        raise ValueError(f"every must be at least 1 week, got {every}")
    figure = new_figure(9.0, 7.6)
    plt.close(figure)
    axes = figure.subplots()
    scene = _Scene(axes, replay, edges, labels or {})
    weeks = list(range(0, len(replay.weekly), every))
    if weeks[-1] != len(replay.weekly) - 1:
        weeks.append(len(replay.weekly) - 1)
    animation = FuncAnimation(figure, scene.show, frames=weeks, init_func=lambda: [], interval=250, repeat=False)
    # matplotlib warns of a film that is never shown or saved
    animation._draw_was_started = True  # type: ignore[attr-defined]
    return Film(animation, figure, len(weeks))


class _Scene:
    """What is drawn once, and what changes from week to week."""

    def __init__(self, axes: Axes, replay: Replay, edges: pd.DataFrame, labels: Mapping[str, str]) -> None:
        self.axes, self.replay, self.edges = axes, replay, edges
        self.places = node_positions(edges)
        self.weekly = replay.weekly.reset_index(drop=True)
        stages = replay.stages
        self.stages = stages.pivot(index="week", columns="actor", values="stage").reset_index(drop=True)
        self.in_force = stages.pivot(index="week", columns="actor", values="in_force").reset_index(drop=True)
        weight = edges["strength"] * edges["willingness"]
        self.arrows = [
            arrow(edge, float(wide), self.places) for (_, edge), wide in zip(edges.iterrows(), weight, strict=True)
        ]
        for each in self.arrows:
            axes.add_patch(each)
        self.nodes = {name: self._node(name, place, labels) for name, place in self.places.items()}
        self.states = {part: self._state(part) for part in self._principals()}
        self.head = axes.set_title(" \n ", loc="left")
        axes.set(xlim=(-0.6, 1.5), ylim=(-0.16, 1.16))
        axes.set_axis_off()
        self._legend()

    def _node(self, name: str, place: NodePosition, labels: Mapping[str, str]) -> Line2D:
        (node,) = self.axes.plot(
            place.x, place.y, "o", color=ink.grey, markersize=_DISK, markeredgecolor=ink.dark, zorder=3
        )
        shift = (
            {"left": 0.035, "right": -0.035, "center": 0.0}[place.across],
            {"bottom": 0.035, "top": -0.035, "center": 0.0}[place.up],
        )
        words = labels.get(name, label(name, proper=True))
        box = {"facecolor": ink.paper, "edgecolor": "none", "alpha": 0.8, "pad": 0.8}
        at = (place.x + shift[0], place.y + shift[1])
        self.axes.text(*at, words, ha=place.across, va=place.up, color=ink.dark, bbox=box, zorder=4)
        return node

    def _principals(self) -> dict[str, str]:
        """Return broker, host and opponent by their part."""
        ends = [(self.edges[end], self.edges[f"{end}_role"]) for end in ("source", "target")]
        role = {name: part for names, parts in ends for name, part in zip(names, parts, strict=True)}
        return {part: name for name, part in role.items() if part in ("broker", "host", "opponent")}

    def _state(self, part: str) -> Any:
        place = self.places[self._principals()[part]]
        x, y, across, up = {
            "broker": (place.x + 0.05, place.y, "left", "center"),
            "host": (place.x, place.y - 0.055, "center", "top"),
            "opponent": (place.x + 0.05, place.y, "left", "center"),
        }[part]
        return self.axes.text(x, y, "", ha=across, va=up, fontsize="small", color=ink.dark, style="italic", zorder=4)

    def show(self, at: int) -> list[Any]:
        """Draw one week."""
        week = self.weekly.iloc[at]
        pledged = set()
        for name, node in self.nodes.items():
            stage = self.stages[name].iloc[at] if name in self.stages else None
            colour = ink.dark if stage is None else STAGES[vocabulary.STANCES.index(str(stage))]
            inside = stage is not None and bool(self.in_force[name].iloc[at])
            node.set(
                color=colour, markeredgecolor=ink.orange if inside else ink.dark, markeredgewidth=4.0 if inside else 0.8
            )
            if stage == "pledged":
                pledged.add(name)
        contributors = set(self.stages.columns)
        for (_, edge), each in zip(self.edges.iterrows(), self.arrows, strict=True):
            source = edge["source"]
            each.set_alpha(_STRONG if source in pledged else _FAINT if source in contributors else 0.35)
        words = {
            "broker": f"offers {label(vocabulary.RUNGS[int(week['rung'])])}" if week["rung"] >= 1 else "offers nothing",
            "opponent": vocabulary.CONSENTS[int(week["consent"])] if week["mission"] != vocabulary.NO_MISSION else "",
            "host": "truce in force" if week["truce"] > 0 else "war goes on",
        }
        for part, text in self.states.items():
            text.set_text(words[part])
        self.head.set_text(self._headline(week))
        return [*self.nodes.values(), *self.arrows, *self.states.values(), self.head]

    def _called(self, mission: str) -> str:
        return named(self.replay.called, mission)

    def _headline(self, week: pd.Series) -> str:
        table = (
            "no mission on the table"
            if week["mission"] == vocabulary.NO_MISSION
            else f"on the table: {self._called(week['mission'])}"
        )
        field = (
            f"in the field: {self._called(week['force'])}, {round(week['troops'], -2):,.0f} troops"
            if week["force"] != vocabulary.NO_MISSION
            else "no force in the field"
        )
        return f"Week {week['week']:.0f}: {table}; {field}\n{self._events(float(week['week']))}"

    def _events(self, now: float) -> str:
        events = self.replay.events
        recent = events[events["week"].between(now - _LINGER, now, inclusive="right")]
        marked = recent[recent["event"].isin(list(EVENT_LABELS))]
        return "; ".join(dict.fromkeys(event_words(event, self.replay.called) for _, event in marked.iterrows())) or " "

    def _legend(self) -> None:
        handles = [
            Line2D([], [], marker="o", linestyle="", color=colour, markersize=9, label=stage)
            for stage, colour in zip(vocabulary.STANCES, STAGES, strict=True)
        ]
        ring: Any = {"markeredgecolor": ink.orange, "markeredgewidth": 3, "markerfacecolor": STAGES[-1]}
        handles.append(Line2D([], [], marker="o", linestyle="", markersize=10, label="troops in the field", **ring))
        note = f"Run {self.replay.run} of “{self.replay.scenario}”, seed {self.replay.seed}: one story, not a forecast."
        self.axes.legend(
            handles=handles, frameon=False, ncols=5, loc="upper center", bbox_to_anchor=(0.5, 0.02), title=note
        )
