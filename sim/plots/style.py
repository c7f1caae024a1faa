"""Shared by all plots: what a reader may choose, colours that follow the reader's style, notes, and new figures.

Every public plot is decorated with :func:`plot` or :func:`panel_plot`, and takes the arguments of :class:`Look` or
:class:`PanelLook`. It returns the Axes that it drew on; one of several panels, an array of them, as ``plt.subplots``
does. A figure that it makes is known to pyplot, which shows it in a notebook and with ``plt.show()``.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from contextvars import ContextVar
from functools import wraps
from textwrap import fill
from types import MappingProxyType
from typing import Any, ParamSpec, TypedDict, TypeVar
from weakref import WeakKeyDictionary

import matplotlib as mpl
import numpy as np
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.figure import Figure, SubFigure
from numpy.typing import NDArray

from sim.ensemble.ensemble import Ensemble
from sim.plots import fonts
from sim.plots.colours import Palette, ink
from sim.plots.colours import painted as painted
from sim.plots.texts import Labels, forms, is_named, place_title, rename, texts_of
from sim.reading.errors import suggestion
from sim.reading.plain_data import named

Panels = NDArray[np.object_]
"""An array of Axes."""
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Look(TypedDict, total=False):
    """What a reader may choose of a plot.

    Attributes
    ----------
    ax
        Axes to draw on; by default those of a figure of its own. The note below a plot stands in a figure of its own
        only; :func:`caption` returns it.
    title
        Instead of the sentence above the plot; "" for none.
    labels
        Words for names: of actors, outcomes, paths, or the words that would stand there.
    color, palette
        One colour for the first kind of thing drawn; or the name of a colormap, colours in their order, or colours by
        role (:data:`sim.plots.colours.ROLES`). By default those of the reader's own style, if it sets a cycle.
    """

    ax: Axes | None
    title: str | None
    labels: Labels | None
    color: str | None
    palette: Palette | None


class PanelLook(TypedDict, total=False):
    """What a reader may choose of a plot of several panels: as in :class:`Look`, but for ``figure`` instead of ``ax``.

    ``figure`` is a figure or a subfigure to draw in, whose title the sentence becomes.
    """

    figure: Figure | SubFigure | None
    title: str | None
    labels: Labels | None
    color: str | None
    palette: Palette | None


_NOTHING: Mapping[str, Any] = MappingProxyType({})
_LOOK: ContextVar[Mapping[str, Any]] = ContextVar("look", default=_NOTHING)
_LOADED: list[bool] = []
_NOTES: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()
_TITLES: WeakKeyDictionary[Axes, str] = WeakKeyDictionary()

_STYLE: Any = {
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": "#808080",
    "axes.axisbelow": True,
    "grid.color": "#E6E6E6",
}
"""Ours, where the reader's style leaves matplotlib's default."""
LETTERS_AN_INCH, LETTERS_OF_NOTES = 11.5, 15.5
LETTERS_OF_TICKS = 27
"""The most characters in a line beside a tick."""


def plot(draw: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return a plot on one Axes that takes what :class:`Look` names."""
    return _chosen(draw, Look)


def panel_plot(draw: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
    """Return a plot of several panels that takes what :class:`PanelLook` names."""
    return _chosen(draw, PanelLook)


def _chosen(draw: Callable[Parameters, Result], kind: type[Any]) -> Callable[Parameters, Result]:
    """Return ``draw`` with the look as arguments of its own in its signature, and set while it draws."""
    names = tuple(kind.__annotations__)
    own = [each.name for each in inspect.signature(draw).parameters.values() if each.kind is not each.VAR_KEYWORD]

    @wraps(draw)
    def drawn(*args: Parameters.args, **options: Parameters.kwargs) -> Result:
        _check_options(draw.__name__, options, (*own, *names))
        _check_no_table(draw, args)
        look: dict[str, Any] = {name: options.get(name) for name in names}
        with painted(look["color"], look["palette"]):
            token = _LOOK.set(look)
            try:
                result = draw(*args, **options)
            finally:
                _LOOK.reset(token)
        _finish(_each(result), look)
        return result

    drawn.__signature__ = _with_look(inspect.signature(draw), names)  # type: ignore[attr-defined]
    return drawn


def _check_options(plot: str, options: Mapping[str, object], known: Sequence[str]) -> None:
    """Refuse a name that is none of a plot's, which Python does not, as the names of a look are taken as they come."""
    for name in options:
        if name not in known:
            size = "; a size is that of the axes, ax=plt.subplots(figsize=(8, 3))[1]" if name == "figsize" else ""
            raise TypeError(f"{plot}() has no argument {name!r}; {suggestion(name, known)}{size}")
    for name, kinds in (("ax", (Axes,)), ("figure", (Figure, SubFigure)), ("labels", (Mapping,))):
        given = options.get(name)
        if given is not None and not isinstance(given, kinds):
            raise TypeError(f"{name} is one {kinds[0].__name__}, such as {_SUCH_AS[name]}, got {named(given)}")


def _check_no_table(draw: Callable[..., object], args: Sequence[object]) -> None:
    """Refuse a table in the place of what it came from, which knows more than its rows.

    Plots of several ensembles say so themselves.
    """
    wanted = next(str(each.annotation) for each in inspect.signature(draw).parameters.values())
    if args and type(args[0]).__module__.startswith("pandas") and "pd." not in wanted and wanted != "Ensembles":
        raise TypeError(f"{draw.__name__}() takes {wanted}, got {named(args[0])}: give what the table came from")


_SUCH_AS = {"ax": "plt.subplots()[1]", "figure": "plt.figure()", "labels": '{"no ceasefire": "war goes on"}'}


def _with_look(signature: inspect.Signature, names: Sequence[str]) -> inspect.Signature:
    own = [each for each in signature.parameters.values() if each.kind is not inspect.Parameter.VAR_KEYWORD]
    kind = inspect.Parameter.KEYWORD_ONLY
    more = [inspect.Parameter(name, kind, default=None) for name in names]
    return signature.replace(parameters=[*own, *more])


def canvas(title: str, note: str, *, height: float, width: float = 8.0) -> Axes:
    """Return the axes to draw on: the reader's, or new ones with ``note`` below them."""
    look = _LOOK.get()
    axes: Axes | None = look.get("ax")
    if axes is None:
        own = new_figure(width, height)
        with mpl.rc_context(_own_style()):
            axes = own.subplots()
        _write_note(own, note, width)
    _title(axes, title)
    _NOTES[axes] = note
    return axes


def on_own_figure() -> bool:
    """Return whether the plot being drawn has a figure of its own, and so the room beside its axes."""
    look = _LOOK.get()
    return look.get("ax") is None and look.get("figure") is None


def panels(title: str, note: str, *, rows: int, across: int, height: float, width: float = 8.0, **more: Any) -> Panels:
    """Return an array of axes, row by row, in the reader's figure or a new one; ``more`` is for ``subplots``."""
    look = _LOOK.get()
    figure: Figure | SubFigure | None = look.get("figure")
    own = figure is None
    if figure is None:
        figure = new_figure(width, height)
        _write_note(figure, note, width)
    with mpl.rc_context(_own_style()):
        grid = figure.subplots(rows, across, squeeze=False, **more)
    words = title if look.get("title") is None else str(look["title"])
    wide = width * _scale() if own else figure.bbox.width / 72
    figure.suptitle(fill(words, max(20, int(0.9 * LETTERS_AN_INCH * wide / _scale()))))
    for axes in grid.flat:
        _NOTES[axes] = note
        _TITLES[axes] = words
    return np.asarray(grid, dtype=object).ravel()


def new_figure(width: float, height: float) -> Figure:
    """Return a new figure, larger where the reader's letters are."""
    size = (width * _scale(), height * _scale())
    return plt.figure(figsize=size, layout="constrained")


def load_backend() -> None:
    """Let pyplot choose and load its backend, if it has not: that sets rcParams, which a context would take back."""
    if not _LOADED:
        plt.close(plt.figure())
        _LOADED.append(True)


def _scale() -> float:
    return max(1.0, float(mpl.rcParams["font.size"]) / 10.0)


def _own_style() -> Any:
    return {name: value for name, value in _STYLE.items() if mpl.rcParams[name] == mpl.rcParamsDefault[name]}


def _write_note(figure: Figure | SubFigure, note: str, width: float) -> None:
    words = fill(note, int(LETTERS_OF_NOTES * width))
    size = 0.8 * float(mpl.rcParams["font.size"])
    figure.supxlabel(words, x=0.01, ha="left", fontsize=size, color=ink.text)


def _title(axes: Axes, title: str) -> None:
    asked = _LOOK.get().get("title")
    words = title if asked is None else str(asked)
    axes.set_title(words)
    _TITLES[axes] = words


def caption(axes: Axes | Panels) -> str:
    """Return the note of a plot: what it counts, how many runs it rests on, and what its intervals are.

    It stands below a plot in a figure of its own; where you gave the axes, print it as you like.
    """
    return _NOTES.get(_first(axes), "")


def title_of(axes: Axes | Panels) -> str:
    """Return the sentence above a plot, in one line."""
    return " ".join(_TITLES.get(_first(axes), "").split())


def root_figure(axes: Axes | Panels) -> Figure:
    """Return the figure in which what a plot returned stands."""
    figure: Any = _first(axes).figure
    while not isinstance(figure, Figure):
        figure = figure.figure
    return figure


def closed(axes: Axes | Panels) -> Figure:
    """Return the figure of what a plot returned, and take it from pyplot, which then neither shows nor keeps it."""
    figure = root_figure(axes)
    plt.close(figure)
    return figure


def _each(axes: Any) -> list[Axes]:
    return list(axes.flat) if isinstance(axes, np.ndarray) else [axes]


def _first(axes: Axes | Panels) -> Axes:
    return _each(axes)[0]


def _finish(every: Sequence[Axes], look: Mapping[str, Any]) -> None:
    """Put the reader's words in place of names, wrap titles, and replace characters that no font has."""
    for axes in every:
        rename(axes, look.get("labels") or {})
    own = look.get("ax") is None and look.get("figure") is None
    texts = [text for axes in every for text in texts_of(axes)]
    texts += every[0].figure.texts if own else []
    for text in texts:
        text.set_parse_math(text.get_text() == look.get("title"))  # a dollar in somebody's name starts no formula
    lacking = fonts.fit(texts)
    if lacking:
        for axis in (each for axes in every for each in (axes.xaxis, axes.yaxis) if is_named(each)):
            axis.set_ticklabels([fonts.shown(text.get_text(), text) for text in axis.get_ticklabels()])
        for axes in every:
            _NOTES[axes] = f"{_NOTES.get(axes, '')} {lacking}".strip()
    if lacking and own:
        figure = every[0].figure
        _write_note(figure, _NOTES[every[0]], figure.bbox.width / 72 / _scale())
    if "ax" in look:
        place_title(every[0], root_figure(every[0]))


def empty_axes(title: str, note: str) -> Axes:
    """Return axes that have a title and a note alone."""
    axes = canvas(title, note, height=1.6)
    axes.set_axis_off()
    return axes


def empty_panels(title: str, note: str) -> Panels:
    """Return one panel that has a title and a note alone."""
    grid = panels(title, note, rows=1, across=1, height=1.6)
    grid[0].set_axis_off()
    return grid


def outcome_words(ensemble: Ensemble, outcome: str) -> str:
    """Return an outcome as it stands along an axis: in the reader's words, or as the config has it, in short lines."""
    return in_reader_words(outcome, ensemble.called(outcome))


def in_reader_words(name: str, words: str) -> str:
    """Return the reader's words for a name, if there are any, else ``words``, in lines that an axis has room for."""
    given: Mapping[str, str] = _LOOK.get().get("labels") or {}
    return next((given[form] for form in (name, *forms(name), words) if form in given), fill(words, LETTERS_OF_TICKS))
