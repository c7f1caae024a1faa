"""Templates into HTML, escaped, and figures and tables as parts of a page."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from sim.ensemble.shares import in_percent
from sim.plots.style import Panels, closed, title_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from sim.ensemble.shares import Share


class Drawn(NamedTuple):
    """A part of a page, and the figure in it, which may be exported."""

    html: Markup
    figure: Figure


def render(template: str, **values: Any) -> Markup:
    """Return a template of ``templates/`` as HTML; every value in it is escaped unless it is HTML already."""
    return Markup(_environment().get_template(f"{template}.html").render(**values))


def drawn(axes: Axes | Panels, more: object = "") -> Drawn:
    """Return what a plot drew as an image, its title as the text that stands for it, with ``more`` (a table) below."""
    figure, title = closed(axes), title_of(axes)
    source = f"data:image/svg+xml;base64,{b64encode(saved(figure, 'svg')).decode()}"
    wide, high = figure.get_size_inches()
    sizes = {"wide": round(96 * wide), "high": round(96 * high)}
    return Drawn(render("picture", source=source, title=title, **sizes, more=more), figure)


def saved(figure: Figure, kind: str) -> bytes:
    """Return a figure as the bytes of a file: ``svg`` or ``png``."""
    into = BytesIO()
    figure.savefig(into, format=kind, dpi=150)
    return into.getvalue()


def table(caption: str, columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Markup:
    """Return a table; the first cell of a row names it."""
    return render("table", caption=caption, columns=columns, rows=[list(row) for row in rows])


def words(sentence: str, more: Markup = Markup()) -> Markup:  # noqa: B008  (it never changes)
    """Return a sentence as a paragraph, with ``more`` (a figure, a table) below it."""
    return Markup("<p>{}</p>\n{}").format(sentence, more)


def percent(share: Share | None) -> str:
    """Return a share with its run noise, or what to say if there is none."""
    probability, noise = in_percent(share)
    return f"{probability} ({noise})" if noise else probability


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("sim.explorer"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
