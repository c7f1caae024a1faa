"""What a page shows of a small scenario, and says to what it refuses, is what ``tests/golden/shown`` keeps.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/explorer/test_as_shown.py

writes it anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from html import unescape
from typing import Any

import pytest

from sim.explorer import (
    actor_view,
    head_view,
    levers_view,
    network_view,
    why_view,
)
from sim.explorer.controls import Subject
from sim.explorer.jobs import Queue
from sim.explorer.observations_view import Extent
from sim.explorer.page_requests import Desk
from sim.explorer.run_cache import Lab
from sim.explorer.session import CHANNELS, Session, Shown
from sim.story.replay import replay
from tests import kept_output
from tests.explorer.few_runs import answer_from_few_runs
from tests.explorer.test_explorer import REFUSED, toy
from tests.worlds import baseline

PATH = "actors.alba.capacity_troops"
SEEN = "- {week: 2025-03-10, actor: alba, stage: at least open, source: invented}\n"
WORDS = re.compile(r"<(?:style|script).*?</(?:style|script)>|<[^>]+>", re.DOTALL)
SAID = re.compile(r"\b(?:aria-label|title|alt|placeholder|value|data-\w+|class)=\"[^\"]+\"")
DRAWN = re.compile(r"<(?:line|path|circle|rect|polygon|text|tspan)\b[^>]*>")
ALSO_REFUSED: list[Any] = [{1: "move"}, {"do": "observe", "text": "x" * 100_000}, {"do": "look", "tab": "x" * 301}]
MOST_DRAWN = 20
"""Parts of a drawing that are kept, but for the network, whose every line and word has a place of its own."""

EDITS: dict[str, tuple[str, tuple[Any, ...]]] = {
    "one end alone": ("edit", (PATH, {"low": "5", "likely": "", "high": ""})),
    "low above high": ("edit", (PATH, {"low": "9000", "likely": "", "high": "5"})),
    "below nothing": ("edit", (PATH, {"likely": "-5"})),
    "a word": ("edit", (PATH, {"likely": "many"})),
    "a map": ("edit", (PATH, {"likely": "{low: 1}"})),
    "no part": ("edit", (PATH, {"middle": "5"})),
    "shares above one": ("edit", ("actors.alba.stance", {"open": "70%", "opposed": "70%"})),
    "no number": ("edit", ("actors.alba.nothing", {"likely": "1"})),
    "no lever": ("move", ("vote", 1)),
    "no step": ("move", ("word", 99)),
    "no tab": ("look", ("tabs",)),
    "no actor": ("choose", ("albion",)),
    "no channel": ("narrow", ("airwaves", False, False)),
    "no run": ("replay", (-1,)),
    "no event": ("inquire", ("ceasefyre",)),
    "no weeks": ("observe", (SEEN, 0)),
    "no observation": ("observe", ("- {week: 2025-03-10, rung: x}\n",)),
    "no runs": ("refine", ("many",)),
    "no name": ("keep", (" ",)),
    "no state": ("drop", ("mine",)),
    "two alike": ("lay", ("", "")),
    "no step in an address": ("follow", ("lever.word=one",)),
    "no part of an address": ("follow", ("colour=red",)),
    "no part of a state": ("follow", ("kept=mine%7Ccolour%3Dred",)),
}


@pytest.fixture(scope="module")
def subject() -> Subject:
    return Subject(toy())


@pytest.fixture(scope="module")
def shipped() -> Session:
    """Return a page of the shipped scenario with a lever moved and a number edited."""
    page = Session(Subject(baseline()))
    page.move(next(iter(page.now.parts.levers)), 1)
    page.edit("actors.germany.disposition", {"low": "0", "high": "1", "likely": ""})
    return page


@pytest.fixture(scope="module")
def shown(subject: Subject) -> Iterator[Mapping[str, str]]:
    """Return what a page shows after all that it can be asked, few runs each, by region and moment."""
    regions: dict[str, str] = {}
    kept: dict[str, str] = {}
    with pytest.MonkeyPatch.context() as patch:
        why = (why_view.Extent(50, 1, 50, ""), why_view.Extent(50, 1, 50, ""))
        updates = (Extent(300, False, False, ""),)
        answer_from_few_runs(patch, updates, most=300, design=(4, 5), rival_runs=20, why=why)
        queue = Queue()
        page = Desk(subject, Lab(), queue, regions.__setitem__, lambda _: None)
        asked: dict[str, list[dict[str, Any]]] = {
            "at first": [],
            "moved": [
                {"do": "move", "lever": "word", "step": 1}, {"do": "look", "tab": "network"},
                {"do": "actor", "actor": "alba"}, {"do": "look", "tab": "why"}, {"do": "look", "tab": "story"},
                {"do": "surprising"}, {"do": "rivals"}, {"do": "look", "tab": "observations"},
                {"do": "look", "tab": "compare"},
            ],
        }  # fmt: skip
        for moment, requests in asked.items():
            for each in requests:
                page.receive(each)
                assert queue.wait(600)
            assert queue.wait(600)
            kept |= {f"{region}, {moment}": text for region, text in regions.items()}
        for at, refused in enumerate([*REFUSED, *ALSO_REFUSED]):
            page.receive(refused)
            assert queue.wait(600)
            kept[f"refusal {at:02}"] = regions["status"]
        page.close()
        yield kept


def as_shown(name: str, text: str) -> str:
    """Return the words of a region, a line for each of its own, then what its parts are called, and what is drawn."""
    most = None if name == "network, moved" else MOST_DRAWN
    lines = (" ".join(unescape(WORDS.sub(" ", line)).split()) for line in text.replace("><", ">\n<").splitlines())
    return "\n".join([*filter(None, lines), *SAID.findall(text), *DRAWN.findall(text)[:most]])


SHIPPED: dict[str, Callable[[Session], str]] = {
    "network": lambda page: network_view.picture(page.now, "", Shown()),
    "network, weak edges too": lambda page: network_view.picture(page.now, "", Shown("", False, True)),
    "network, of one actor": lambda page: network_view.picture(page.now, "us", Shown("", True, False)),
    "network, of one family": lambda page: network_view.picture(page.now, "poland", Shown(CHANNELS[1], False, False)),
    "a contributor": lambda page: actor_view.card(page.now, "germany", page.edited),
    "board": levers_view.board,
    "head": head_view.head,
    "weeks": lambda page: network_view.weeks(page.now, replay(page.now, 1, 31), 31),
}
"""Views of the shipped scenario, in which there is more of everything; of their lines every ninth is kept."""


@pytest.mark.parametrize("name", SHIPPED)
def test_of_the_shipped_scenario_a_page_shows_what_is_kept(name: str, shipped: Session) -> None:
    lines = [line[:160] for line in as_shown("network, moved", SHIPPED[name](shipped)).splitlines()]
    some = [f"{len(lines)} lines", *lines[:40], *lines[40::9]]
    assert kept_output.differs("explorer_shipped", "\n".join(some), name) == ""


def test_a_page_shows_what_is_kept(shown: Mapping[str, str]) -> None:
    different = {name: kept_output.differs("explorer", as_shown(name, text), name) for name, text in shown.items()}
    assert {name: text for name, text in different.items() if text} == {}


@pytest.mark.parametrize("name", EDITS)
def test_what_does_not_fit_is_refused_in_the_words_that_are_kept(name: str, subject: Subject) -> None:
    session = Session(subject)
    act, given = EDITS[name]
    with pytest.raises(ValueError, match=r".") as error:
        getattr(session, act)(*given)
    assert kept_output.differs("explorer_refusals", str(error.value), name) == ""
