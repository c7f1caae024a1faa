"""The head of a page: its question, what it starts from, and the answer in a line that stays in view."""

from __future__ import annotations

from markupsafe import Markup

from sim.ensemble import force_kind
from sim.explorer import html
from sim.explorer.forecast_view import Side
from sim.explorer.session import Session
from sim.words import day


def head(session: Session, turn: str = "") -> Markup:
    """Return the head of a page; ``turn`` is a tab that the page is to turn to."""
    scenario, opened = session.scenario, session.opened.scenario
    library = [("", f"{opened.name} (opened)"), *((name, name.replace("_", " ")) for name in session.opened.library)]
    return html.render(
        "head",
        name=scenario.name,
        question=scenario.question,
        stamp=scenario.stamp,
        start=session.changes.start,
        day=day(scenario.parts.start),
        library=library,
        turn=turn,
    )


def headline(now: Side, before: Side | None, reference: Side | None) -> Markup:
    """Return the answer in a line: the chance of a European force, of a large one with cover, and what they were."""
    old, names = before or reference, now.runs.names
    return html.render(
        "headline",
        group=names.group,
        size=force_kind.large_with_cover(names),
        now=_share(now),
        old=_share(old) if old else "",
        what="before the last change" if before else "the reference",
        large=f"{now.runs.force_kind().large_with_cover.probability:.1%}",
        runs=f"{len(now.runs):,}",
    )


def spoken(now: Side, before: Side | None) -> str:
    """Return the answer for a screen reader: what it is, and what it was before the last change."""
    was = f", before the last change {_share(before)}" if before else ""
    return f"{now.runs.names.group} force {_share(now)}{was}."


def _share(side: Side) -> str:
    share = side.runs.share("european")
    return f"{share.probability:.1%}" if share else "no runs"
