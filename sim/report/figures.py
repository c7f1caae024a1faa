"""Figures as SVG inside a page: the same bytes each time, ids that do not clash, and words for screen readers.

Text is drawn as outlines, so that a figure looks alike wherever the page is opened; what it says is its label.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from typing import Any, NamedTuple

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from sim.plots.style import Panels, caption, closed, load_backend, title_of

_SETTINGS: Any = {"svg.hashsalt": "sim", "svg.fonttype": "path", "text.parse_math": False}
"""No random ids; and a dollar in somebody's words starts no formula."""
_UNDATED: Any = dict.fromkeys(("Date", "Creator", "Format", "Type"))
_IDS = re.compile(r'(\bid="|href="#|url\(#)')
_HEAD = re.compile(r"<\?xml.*?<svg [^>]*?viewBox=\"([^\"]+)\"[^>]*>", re.DOTALL)
_UNSEEN = re.compile(r"<!--.*?-->|<metadata>.*?</metadata>", re.DOTALL)


class Picture(NamedTuple):
    """A figure as SVG, and what it says in words: its title and its note."""

    svg: Markup
    title: str
    note: str


def picture(name: str, draw: Callable[[], Axes | Panels]) -> Picture:
    """Return what ``draw`` draws as SVG to stand inside a page; ``name`` sets its ids apart from those of others."""
    load_backend()  # within the context a notebook's own would lose what it sets
    with mpl.rc_context(_SETTINGS):
        axes = draw()
        return drawn(name, closed(axes), title_of(axes), _flat(caption(axes)))


def drawn(name: str, figure: Figure, title: str, note: str) -> Picture:
    """Return a figure as SVG to stand inside a page; its title and its note say it in words."""
    stream = StringIO()
    with mpl.rc_context(_SETTINGS):
        figure.savefig(stream, format="svg", metadata=_UNDATED)
    inner = _IDS.sub(rf"\g<1>{name}-", _UNSEEN.sub("", stream.getvalue()))
    head = Markup('<svg xmlns="http://www.w3.org/2000/svg" viewBox="{}" role="img" aria-label="{}">')
    # The rest is matplotlib's own drawing, words as outlines and comments taken out: nothing in it is somebody's text.
    lines = Markup(_HEAD.sub("", inner, count=1).strip())
    box = _HEAD.search(inner)
    if box is None:
        raise ValueError(f"figure {name}: not the SVG that was expected")
    return Picture(head.format(box[1], f"{title}. {note}") + lines, title, note)


def _flat(text: str) -> str:
    return " ".join(text.split())
