"""What a page remembers, says and hands on after a user has done much: addresses, scenarios, observations, tables.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/explorer/test_as_handed_on.py

writes ``tests/golden/shown/explorer_states.txt`` and ``explorer_answers.txt`` anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any

import pytest
from matplotlib.figure import Figure

import sim
from sim.explorer import compare_view, export, forecast_view, head_view, observations_view
from sim.explorer.controls import Subject
from sim.explorer.forecast_view import Side
from sim.explorer.observations_view import Extent
from sim.explorer.session import CHANNELS, Session
from tests import kept_output
from tests.ensemble.test_as_read import INPUTS_RANGE, THEORY_RANGE
from tests.explorer.test_as_shown import PATH, SEEN, as_shown
from tests.explorer.test_explorer import toy
from tests.worlds import baseline, tiny

HASH = re.compile(r"\b[0-9a-f]{12,}\b")
ACTS: tuple[tuple[Any, ...], ...] = (
    ("move", "word", 1), ("move", "backing", 1), ("edit", PATH, {"likely": "5000", "low": "", "high": ""}),
    ("edit", "actors.usa.backstop.honoured", {"likely": "30%", "low": "", "high": ""}), ("keep", "  mine,  first "),
    ("undo",), ("undo",), ("redo",), ("restore", PATH), ("keep", "second | mine"), ("reset",), ("undo",),
    ("look", "why"),
    ("choose", "alba"), ("narrow", CHANNELS[1], True, False), ("replay", 31), ("inquire", "deployed"),
    ("refine", 5_000), ("observe", SEEN, 5), ("lay", "mine, first", ""),
    ("recall", "second | mine"),
    ("drop", "mine, first"),
    ("edit", "actors.alba.stance", {"open": "30%", "pledged": "70%"}), ("refine", 10**9), ("refine", 1), ("start", ""),
)  # fmt: skip
"""What a user of a page does, one after the other."""
NEW_ROWS: tuple[dict[str, str], ...] = (
    {
        "subject": "stage",
        "week": "2025-03-17",
        "actor": "alba",
        "relation": "at most",
        "value": "open",
        "source": "a: b",
    },
    {"subject": "rung", "from": "2025-03-10", "to": "2025-03-24", "relation": "at least", "value": "logistics"},
    {"subject": "gate", "week": "2025-03-17", "gate": "lead", "value": "yes", "reliability": "80%", "actor": "alba"},
    {"subject": "ceasefire", "week": "2025-03-17", "relation": "at least", "value": "none"},
    {"subject": "troops", "week": "2025-03-17", "relation": "at least", "value": "5000", "source": 'a "paper", p. 3'},
    {"subject": "battlefield", "week": "2025-03-17", "value": "0.3", "sd": "0.2"},
    {"subject": "mission", "week": "2025-03-17", "value": "blue"},
    {"subject": "force", "week": "2025-03-17", "value": "none"},
    {"subject": "consent", "week": "2025-03-17", "value": "accepts"},
    {"subject": "consent", "value": "accepts"},
    {"subject": "weather", "week": "2025-03-17", "value": "fair"},
    {},
)


def standing(page: Session) -> Iterator[str]:
    """Yield what a page would be opened with, and what it says of itself."""
    yield page.address()
    yield f"{page.sentence()}; {page.undoable}, {page.redoable}; {page.tab}, {page.actor!r}, {page.run}, {page.runs}"
    yield from (*page.changed(), *page.rivalry(), f"{page.sides}, {list(page.kept)}, {page.weeks}, {page.of}")
    again = Session(page.opened)
    again.follow(f"#{page.address()}")
    assert again.address() == page.address()


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(toy())


def test_what_is_done_on_a_page_stands_in_its_address_and_in_what_it_hands_on(subject: Subject) -> None:
    page = Session(subject)
    lines = []
    for act, *given in ACTS:
        try:
            answer = getattr(page, act)(*given)
        except ValueError as error:
            answer = error
        lines += [f"> {act} {given}: {answer or ''}", *standing(page)]
    lines += [as_shown("kept", str(compare_view.kept(page))), export.scenario(page).name, export.seen(page).name]
    lines += [export.seen(page).content.decode(), str(export.scenario(page).content[:1500])]
    assert kept_output.differs("explorer_states", HASH.sub("HASH", "\n".join(lines)), "done") == ""


def test_what_a_shipped_page_hands_on_is_a_few_lines_with_reasons() -> None:
    page = Session(Subject(baseline()))
    for lever in list(page.now.parts.levers)[:6:2]:
        page.move(lever, 1)
    page.edit("actors.germany.disposition", {"low": "0", "high": "1", "likely": ""})
    page.edit("actors.france.credence", {"low": "", "high": "", "likely": "40%"})
    text = "\n".join([*standing(page), export.scenario(page).content.decode()])
    assert kept_output.differs("explorer_states", HASH.sub("HASH", text), "shipped") == ""


def test_a_new_row_of_observations_is_written_or_refused_as_kept(subject: Subject) -> None:
    page, lines = Session(subject), []
    for row in NEW_ROWS:
        try:
            lines.append(observations_view.appended(page, "", row))
        except ValueError as error:
            lines.append(f"{row}: {error}")
    lines.append(observations_view.appended(page, SEEN, NEW_ROWS[1]))
    assert kept_output.differs("explorer_states", "\n".join(lines), "rows") == ""


def test_what_was_seen_and_what_to_watch_is_shown_as_kept(subject: Subject) -> None:
    page, few = Session(subject), Extent(300, False, False, " More follows.")
    more = "- {week: 2025-03-31, ceasefire: none, reliability: 90%, source: a paper}\n"
    page.observe(SEEN + more, 5)
    ticks: list[int] = []
    updated = observations_view.update(page.now, page.seen, "deployed", few, ticks.append)
    watched = observations_view.watch(page.now, page.seen, "deployed", 5, few, ticks.append)
    text = [as_shown(name, drawn.html) for name, drawn in (("update", updated), ("watch", watched))]
    assert kept_output.differs("explorer_states", "\n".join([*text, f"counted {sum(ticks)}"]), "seen") == ""


@cache
def side(name: str, of: str = "european", known: bool = False) -> Side:
    """Return an answer of a small scenario, with ranges that are made up or without."""
    changes: dict[str, Any] = {
        "now": {},
        "keen": {"actors.ukr.disposition": 3},
        "never": {"actors.ukr.disposition": -5},
    }
    runs = sim.run(tiny().change(changes[name]) if changes[name] else tiny(), 200, 5, workers=1)
    return Side(name, runs, INPUTS_RANGE if known else None, THEORY_RANGE if known else None, of)


ANSWERS: dict[str, Callable[[], Any]] = {
    "alone": lambda: forecast_view.forecast(side("now"), None, None),
    "with ranges": lambda: forecast_view.forecast(side("now", known=True), None, None),
    "beside two": lambda: forecast_view.forecast(side("keen", "deployed"), side("now"), side("never")),
    "of an event": lambda: forecast_view.forecast(side("keen", "arms >= 0.5"), None, side("now", "arms >= 0.5")),
    "never": lambda: forecast_view.forecast(side("never"), side("never"), side("now")),
    "headline": lambda: head_view.headline(side("now"), side("keen"), side("never")),
    "headline alone": lambda: head_view.headline(side("keen", "deployed", known=True), None, None),
    "spoken": lambda: head_view.spoken(side("now"), None) + head_view.spoken(side("keen"), side("now")),
    **{name: lambda name=name: forecast_view.figure(name, side("now").runs) for name in forecast_view.FIGURES},
    "two states": lambda: compare_view.side_by_side((side("now"), ["one", "two"]), (side("keen"), []), "deployed"),
    "what was drawn from": lambda: forecast_view.drawn_from(side("keen").runs),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_is_shown_as_kept_with_the_figure_that_is_handed_on(name: str) -> None:
    shown = ANSWERS[name]()
    page = getattr(shown, "html", shown)
    assert kept_output.differs("explorer_answers", as_shown(name, str(page)), name) == ""
    if page is not shown:
        assert isinstance(shown.figure, Figure) and shown.figure.axes


TOO_LONG: tuple[tuple[Any, ...], ...] = (
    ("look", "tab" * 40), ("choose", "actor" * 30), ("narrow", "channel" * 20, False, False), ("replay", 10**40),
    ("inquire", "europe" * 40), ("observe", "", 10**40), ("refine", "9" * 60), ("refine", 10**40),
    ("keep", "state" * 30),
    ("drop", "state" * 31), ("recall", "state" * 31), ("lay", "state" * 31, ""), ("start", "world" * 30),
    ("move", "lever" * 30, 1), ("move", "word", 10**40), ("move", "word", "step" * 30), ("restore", "path" * 30),
    ("edit", "path" * 30, {"likely": "1"}), ("edit", PATH, {"likely": "number" * 30}), ("follow", "part" * 40 + "=1"),
    ("follow", "set." + "path" * 30 + "=1"), ("follow", "kept=" + "x" * 80 + "%7Cpart" + "t" * 80 + "%3D1"),
    ("follow", "runs=" + "9" * 60), ("observe", SEEN * 60), ("replay", True), ("refine", True), ("observe", SEEN, True),
)  # fmt: skip


def test_what_is_too_long_is_cut_where_it_is_refused(subject: Subject) -> None:
    page, lines = Session(subject), []
    for act, *given in TOO_LONG:
        try:
            answer = getattr(page, act)(*given)
        except ValueError as error:
            answer = error
        lines.append(f"{act}: {answer}")
    assert kept_output.differs("explorer_states", "\n".join([*lines, *page.kept]), "too long") == ""
