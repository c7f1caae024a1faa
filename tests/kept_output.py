"""What is shown to a reader, held against a file that keeps it: words and looks exactly, numbers to a tolerance.

The files in ``tests/golden/shown`` are written anew where ``SIM_RENEW_GOLDEN`` is set; ``git diff`` then says what a
reader will see otherwise.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass
from difflib import unified_diff
from math import isclose
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import Axis
from matplotlib.collections import Collection
from matplotlib.colors import to_hex
from matplotlib.image import AxesImage
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.spines import Spine
from matplotlib.text import Text

FOLDER = Path(__file__).parent / "golden" / "shown"
NUMBER = re.compile(r"(?<![\w.])[-+]?\d[\d,]*(?:\.\d+)?(?:e[-+]?\d+)?")
HEAD = "=== "
CLOSE = 2e-6
"""Statistics of many rows differ by rounding from one processor to another, and then maybe in the last place shown."""


def without_hashes(text: str) -> str:
    """Return a text in which a word stands for each hash, such as those of scenarios and of sources."""
    return re.sub(r"\b[0-9a-f]{12,}\b", "HASH", text)


def differs(name: str, shown: str, section: str = "") -> str:
    """Return how what is shown differs from what is kept under a name, as lines of a diff; "" if it does not.

    A file may have sections, each under a line that begins with ``HEAD``.
    """
    path = FOLDER / f"{name}.txt"
    lines = [line.rstrip() for line in shown.strip("\n").splitlines()]
    sections = _sections(path)
    if os.environ.get("SIM_RENEW_GOLDEN") and sections.get(section) != lines:
        sections[section] = lines
        path.parent.mkdir(parents=True, exist_ok=True)
        whole = [line for each in sorted(sections) for line in ([HEAD + each] if each else []) + sections[each]]
        path.write_text("\n".join(whole) + "\n", "utf-8")
    kept = sections.get(section, [])
    if len(lines) == len(kept) and all(map(alike, kept, lines)):
        return ""
    return "\n".join(unified_diff(kept, lines, "kept", "shown", lineterm="", n=0)) or "nothing is kept"


def _sections(path: Path) -> dict[str, list[str]]:
    """Return the lines of a file by the section in which they stand; those before the first stand under ""."""
    sections: dict[str, list[str]] = {}
    name = ""
    for line in path.read_text("utf-8").splitlines() if path.exists() else []:
        if line.startswith(HEAD):
            name = line.removeprefix(HEAD)
            sections[name] = []
        else:
            sections.setdefault(name, []).append(line)
    return sections


def alike(one: str, other: str) -> bool:
    """Return whether two lines are the same but for the rounding of their numbers."""
    if one == other:
        return True
    mine, its = NUMBER.findall(one), NUMBER.findall(other)
    return NUMBER.sub("#", one) == NUMBER.sub("#", other) and all(map(near, mine, its))


def near(one: str, other: str) -> bool:
    """Return whether two numbers as written are the same but for rounding: within one of the last place of both."""
    values = [float(text.replace(",", "")) for text in (one, other)]
    place = 10.0 ** -min(len(text.partition(".")[2].partition("e")[0]) for text in (one, other))
    return isclose(*values, rel_tol=CLOSE, abs_tol=1.0001 * place if place < 1.0 else 0.0)


def described(axes: Any) -> str:
    """Return what a plot drew as lines: every text, line, bar and patch with its place and its looks."""
    panels = list(np.ravel(np.asarray(axes, dtype=object)))
    figure = panels[0].get_figure(root=True)
    figure.draw_without_rendering()
    wide, high = figure.get_size_inches()
    lines = [f"figure {_n(wide)} x {_n(high)}"]
    lines += [_text(each).partition(" at ")[0] for each in (*figure.texts, figure._suptitle) if each is not None]
    for each in figure.axes:
        lines += ["", *_axes(each)]
    return "\n".join(lines)


def _axes(axes: Axes) -> Iterator[str]:
    yield f"axes {_each(axes.get_xlim())} by {_each(axes.get_ylim())}, {axes.get_xscale()}, {axes.get_yscale()}"
    for axis in (axes.xaxis, axes.yaxis):
        yield from _axis(axis)
    yield f"grid {_grid(axes.xaxis)} {_grid(axes.yaxis)}, spines " + " ".join(
        name for name, spine in axes.spines.items() if spine.get_visible()
    )
    legend = axes.get_legend()
    if legend is not None:
        words = "; ".join(text.get_text() for text in legend.get_texts())
        yield f"legend {legend._loc} {_n(legend._fontsize)}, {legend._ncols} columns: {words}"
    hidden = (Axis, Spine)
    for each in axes.get_children():
        if not isinstance(each, hidden) and each is not axes.patch and each is not legend and each.get_visible():
            yield from _artist(each)


def _axis(axis: Axis) -> Iterator[str]:
    label = axis.label
    ticks = [tick for tick in axis.get_ticklabels() if tick.get_text()]
    looks = f" {_n(ticks[0].get_size())} {_colour(ticks[0].get_color())}" if ticks else ""
    yield f"{axis.axis_name}: {label.get_text()!r} {_n(label.get_size())}; ticks{looks}: " + " | ".join(
        repr(tick.get_text()) for tick in ticks
    )


def _grid(axis: Axis) -> bool:
    return bool(axis.get_gridlines() and axis.get_gridlines()[0].get_visible())


def _artist(each: Artist) -> Iterator[str]:
    at = f"over {_n(each.get_zorder())}, alpha {each.get_alpha()}"
    if isinstance(each, Text):
        if each.get_text():
            yield _text(each)
    elif isinstance(each, Line2D):
        looks = f"{_colour(each.get_color())} {each.get_linestyle()} {_n(each.get_linewidth())}"
        mark = f"{each.get_marker()} {_n(each.get_markersize())} {_colour(each.get_markerfacecolor())}"
        yield f"line {looks}, mark {mark} {_colour(each.get_markeredgecolor())}, {at}: {_points(each.get_xydata())}"
    elif isinstance(each, Patch):
        looks = f"{_colour(each.get_facecolor())} {_colour(each.get_edgecolor())} {_n(each.get_linewidth())}"
        path = each.get_path().transformed(each.get_patch_transform()).vertices
        yield f"patch {looks} {each.get_linestyle()} {each.get_hatch()}, {at}: {_points(path)}"
    elif isinstance(each, Collection):
        colours = [sorted({_colour(one) for one in every}) for every in (each.get_facecolor(), each.get_edgecolor())]
        paths = [path.vertices for path in each.get_paths()]
        yield f"collection {colours} {_each(each.get_linewidth())}, {at}: " + "; ".join(map(_points, paths[:6]))
        yield f"  at {_points(each.get_offsets())}, sizes {_each(getattr(each, 'get_sizes', list)()[:4])}"
    elif isinstance(each, AxesImage):
        low, high = each.get_clim()
        values = np.ma.filled(each.get_array(), np.nan)
        yield f"image {each.get_cmap().name} {_n(low)} to {_n(high)}, {at}: {_each(values)}"
    else:
        yield type(each).__name__


def _text(text: Text) -> str:
    place = f"{_each(text.get_position())} {text.get_ha()} {text.get_va()} {_n(text.get_rotation())}"
    looks = f"{_n(text.get_size())} {_colour(text.get_color())} {text.get_weight()}"
    return f"text {text.get_text()!r} {looks} at {place}"


def _colour(colour: Any) -> str:
    return "none" if isinstance(colour, str) and colour in ("none", "None") else to_hex(colour, keep_alpha=True)


def _n(number: Any) -> str:
    return f"{float(number) + 0.0:.4g}"


def _each(numbers: Any) -> str:
    return " ".join(map(_n, np.ravel(numbers)))


def _points(points: Any) -> str:
    """Return the ends of a path, and its mean and spread: enough to notice whatever moves it."""
    array = np.asarray(points, dtype=float).reshape(-1, 2)
    array = array[np.isfinite(array).all(axis=1)]
    if not len(array):
        return "nowhere"
    ends = array if len(array) <= 5 else [array[0], array[-1], array.mean(axis=0), array.std(axis=0)]
    return f"{len(array)} points, " + ", ".join(_each(point) for point in ends)


FEW, MOST_COLUMNS = 6, 50
"""Entries of a list, and columns of a table, that are kept; the others are counted."""


def in_full(value: Any, at: str = "") -> Iterator[str]:
    """Yield what an answer holds, a line each: every field by name, and of a table its names, kinds and numbers."""
    if isinstance(value, pd.DataFrame):
        yield f"{at}: {len(value)} rows by {list(value.index.names)}, columns by {list(value.columns.names)}"
        yield from (f"{at}[{name!r}]: {_column(value[name])}" for name in value.columns[:MOST_COLUMNS])
        if len(value.columns) > MOST_COLUMNS:
            yield f"{at}: {len(value.columns)} columns, the last {value.columns[-1]!r}"
    elif isinstance(value, pd.Series | pd.Index):
        yield f"{at}: {value.name!r}, {len(value)} by {list(getattr(value, 'index', value).names)}: {_column(value)}"
    elif is_dataclass(value) and not isinstance(value, type):
        yield f"{at}: a {type(value).__name__}"
        for each in fields(value):
            yield from in_full(getattr(value, each.name), f"{at}.{each.name}")
    elif isinstance(value, tuple) and hasattr(value, "_fields"):
        for name in value._fields:
            yield from in_full(getattr(value, name), f"{at}.{name}")
    elif isinstance(value, Mapping) and value:
        for name, each in value.items():
            yield from in_full(each, f"{at}[{name!r}]")
    elif isinstance(value, list | tuple) and any(_holds_more(each) for each in value):
        yield f"{at}: {len(value)}"
        for number, each in enumerate(value[:FEW]):
            yield from in_full(each, f"{at}[{number}]")
    else:
        yield f"{at}: {_value(value)}"


def _holds_more(value: Any) -> bool:
    return isinstance(value, pd.DataFrame | pd.Series | Mapping | list | tuple) or is_dataclass(value)


def _column(values: Any) -> str:
    """Return a column's kind, its numbers' mean, spread and gaps, and what stands first and last in it."""
    array = pd.Series(np.asarray(values))
    ends = f"{_value(array.iloc[0])} to {_value(array.iloc[-1])}" if len(array) else "nothing"
    kind = array.dtype.kind if len(array) else "-"
    if kind not in "iuf":
        return f"{'flags' if kind == 'b' else 'words'}, {len(set(map(_value, array)))} of {len(array)} differ, {ends}"
    numbers, kind = array.astype(float), "fractions" if kind == "f" else "counts"
    spread = f"mean {_rounded(numbers.mean())}, sd {_rounded(numbers.std())}"
    return f"{kind}, {spread}, {int(numbers.isna().sum())} gaps, {ends}"


def _rounded(number: Any) -> str:
    return _n(round(float(number), 9))


def _value(value: Any) -> str:
    if isinstance(value, float | np.floating):
        return _rounded(value)
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, np.ndarray):
        return f"{value.shape} of {value.dtype}, mean {_rounded(value.mean() if value.size else 0.0)}"
    if isinstance(value, list | tuple):
        more = f" and {len(value) - FEW} more" if len(value) > FEW else ""
        return f"{type(value).__name__} {', '.join(map(_value, value[:FEW]))}{more}"
    text = re.sub(r" at 0x[0-9a-f]+", "", repr(value))
    return text if len(text) < 400 else f"{text[:400]}..."
