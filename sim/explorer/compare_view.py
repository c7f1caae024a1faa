"""States kept beside the one that a page shows, and two of them side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from markupsafe import Markup

from sim.analysis import compare
from sim.explorer import forecast_view, html
from sim.explorer.forecast_view import Side
from sim.explorer.html import Drawn
from sim.explorer.session import Session
from sim.plots import comparison

NOW = "the state now"
"""What the state is called that a page shows."""


def kept(session: Session) -> Markup:
    """Return the states that are kept, each with what is changed in it, and the form that lays two side by side."""
    states = [
        (name, changes.start or session.opened.scenario.name, session.changed(changes))
        for name, changes in session.kept.items()
    ]
    one, other = session.sides or (next(iter(session.kept), ""), "")
    choices = [*((name, name) for name in session.kept), ("", NOW)]
    return html.render("kept", states=states, choices=choices, one=one, other=other, next=len(states) + 1)


def side_by_side(one: tuple[Side, Sequence[str]], other: tuple[Side, Sequence[str]], of: str) -> Drawn:
    """Return two states with their answers, what differs run by run, and the figure of that."""
    sides = [{**forecast_view.side_of(side), "changed": changed} for side, changed in (one, other)]
    a, b = one[0].name, other[0].name
    picture = html.drawn(comparison.differences(replace(compare.differences(one[0].runs, other[0].runs, of), a=a, b=b)))
    news = forecast_view.difference(one[0], other[0], f"“{a}” and “{b}”", (a, b))
    return Drawn(html.render("sides", sides=sides, news=news, figure=picture.html), picture.figure)
