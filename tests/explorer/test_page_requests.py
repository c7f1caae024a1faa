"""Each request of a page queues, works out and shows what ``tests/golden/shown/explorer_requests.txt`` keeps, in order.

The lab, the views and the queue only note what they are asked for, so nothing is played.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/explorer/test_page_requests.py

writes it anew.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest

from sim.batch.engines import BatchFailed
from sim.explorer import (
    actor_view,
    compare_view,
    export,
    forecast_view,
    head_view,
    levers_view,
    network_view,
    observations_view,
    page_requests,
    run_jobs,
    story_view,
    why_view,
)
from sim.explorer.controls import Subject
from sim.explorer.html import Drawn
from sim.explorer.jobs import Stopped
from sim.explorer.observations_view import Extent
from sim.explorer.page_requests import Desk
from sim.explorer.run_cache import FIRST
from sim.explorer.session import Session
from sim.scenario.scenario import Scenario
from tests import kept_output
from tests.explorer.test_explorer import toy

PATH = "actors.alba.capacity_troops"
SEEN = "- {week: 2025-03-10, actor: alba, stage: at least open, source: invented}\n"
PICTURES = {
    why_view: ("blockers", "flows", "ranking"),
    observations_view: ("update", "watch"),
    story_view: ("story",),
    compare_view: ("side_by_side",),
    forecast_view: ("figure",),
}
WORDS = {
    head_view: ("head", "headline", "spoken"),
    observations_view: ("form",),
    compare_view: ("kept",),
    levers_view: ("board",),
    forecast_view: ("forecast",),
    network_view: ("picture", "weeks"),
    actor_view: ("card",),
    export: ("scenario", "seen", "rows", "figure"),
    page_requests: ("network", "closed"),
    run_jobs: ("replay",),
}


class Book:
    """A page whose queue, lab and views write down what they are asked; ``lines`` has it."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.lines: list[str] = []
        self.known: dict[str, str] = {}
        self.waiting: dict[str, tuple[int, int, Any, Any]] = {}
        self.owners: set[Any] = set()
        self.crowd = self.hasty_at_hand = False
        self.ranges: dict[str, str] = {}
        self.broken: dict[str, Exception] = {}
        self.left_out: set[str] = set()
        self.count, self.stop_at = 0, -1
        for where, names in PICTURES.items():
            for name in names:
                patch.setattr(where, name, self.noting(name, getattr(where, name), lambda text: Drawn(text, text)))
        for where, names in WORDS.items():
            for name in names:
                patch.setattr(where, name, self.noting(name, getattr(where, name), str))
        patch.setattr(network_view, "typical_run", self.noting("typical_run", network_view.typical_run, lambda _: 7))
        following = self.noting("next_run", story_view.next_run, lambda text: (9, f"reason of {text}"))
        patch.setattr(story_view, "next_run", following)
        patch.setattr(page_requests.leverage, "leverage", lambda scenario: f"edges of {self.of(scenario)}")

    def note(self, line: str) -> None:
        self.lines.append(line)

    def of(self, value: Any) -> str:
        """Return a value as words that stay the same from one run of the tests to another."""
        if isinstance(value, Scenario):
            return self.known.setdefault(value.hash, f"scenario {'ABCDEFGHIJK'[len(self.known)]}")
        if isinstance(value, Session):
            return "session"
        if getattr(value, "__func__", None) is Book.tick:
            return "tick"
        if isinstance(value, SimpleNamespace):
            return f"{value.text} with {value.inputs_range} and {value.theory_range}"
        if isinstance(value, dict):
            return "{" + ", ".join(f"{key}: {self.of(each)}" for key, each in value.items()) + "}"
        if isinstance(value, tuple | list):
            return f"({', '.join(map(self.of, value))})"
        return str(value) if isinstance(value, str | int | float | None) else type(value).__name__

    def noting(self, name: str, function: Any, made: Callable[[str], Any]) -> Callable[..., Any]:
        """Return a stand-in that takes what the function takes, and notes and returns its name and arguments."""
        takes = inspect.signature(function)

        def stand_in(*given: Any, **options: Any) -> Any:
            arguments = takes.bind(*given, **options).arguments
            text = f"{name}({', '.join(f'{key}={self.of(value)}' for key, value in arguments.items())})"
            self.note(f"asks {text}")
            if name in self.broken:
                raise self.broken.pop(name)
            return made(f"[{name}]")

        return stand_in

    def tick(self, done: int = 0) -> None:
        self.note(f"looks up, {done}")
        self.count += 1
        if self.count == self.stop_at:
            raise Stopped

    # what a page asks of its queue

    def put(self, owner: Any, kind: str, rank: int, work: Any, failed: Any, how: str = "queues") -> None:
        self.owners.add(owner)
        self.note(f"{how} {kind}, rank {rank}")
        self.count += 1
        self.waiting[kind] = (rank, self.count, work, failed)

    def follow(self, *job: Any) -> None:
        self.put(*job, how="goes on with")

    def withdraw(self, owner: Any, *kinds: str) -> None:
        self.owners.add(owner)
        self.note(f"withdraws {', '.join(kinds) or 'all'}")
        for kind in kinds or list(self.waiting):
            self.waiting.pop(kind, None)

    def forget(self, owner: Any) -> None:
        self.owners.add(owner)
        self.note("forgets the page")

    def crowded(self, rank: int) -> bool:
        self.note(f"asks whether others wait, rank {rank}")
        return self.crowd

    def busy(self, owner: Any, kind: str) -> bool:
        self.owners.add(owner)
        return kind in self.waiting

    def work(self, most: int = 100) -> None:
        """Do what waits, the lowest rank first; for at most so many jobs, and none of a kind that is left out."""
        for kind in self.left_out & self.waiting.keys():
            del self.waiting[kind]
        while self.waiting and most:
            most -= 1
            kind = min(self.waiting, key=lambda kind: self.waiting[kind][:2])
            _, _, work, failed = self.waiting.pop(kind)
            self.note(f"- {kind}")
            try:
                work(self.tick)
            except Stopped:
                self.note("stopped")
            except Exception as error:
                failed(error)

    # what a page asks of its lab

    def runs_of(self, scenario: Scenario, what: str) -> Any:
        return SimpleNamespace(text=f"{what} of {self.of(scenario)}", inputs_range=None, theory_range=None)

    def first(self, scenario: Scenario, tick: Any) -> Any:
        return self.ensemble(scenario, FIRST, tick)

    def ensemble(self, scenario: Scenario, runs: int, tick: Any) -> Any:
        self.note(f"plays {runs} runs of {self.of(scenario)}, {self.of(tick)}")
        return self.runs_of(scenario, f"{runs} runs")

    def with_inputs(self, scenario: Scenario, tick: Any) -> Any:
        self.note(f"plays {self.of(scenario)} with inputs, {self.of(tick)}")
        return self.runs_of(scenario, "inputs")

    def largest(self, scenario: Scenario, tick: Any) -> Any:
        self.note(f"looks for the largest of {self.of(scenario)}, {self.of(tick)}")
        return self.runs_of(scenario, "most runs")

    def has(self, scenario: Scenario, runs: int) -> bool:
        self.note(f"looks for {runs} runs of {self.of(scenario)}")
        return self.hasty_at_hand

    def known_of(self, what: str, scenario: Scenario, tick: Any) -> None:
        self.note(f"works out {what} of {self.of(scenario)}, {self.of(tick)}")
        self.ranges[f"{what} of {self.of(scenario)}"] = f"{what}!"

    # what a page shows and gives

    def show(self, region: str, text: str) -> None:
        self.note(f"shows {region}: {' '.join(str(text).split())}")

    def page(self) -> Desk:
        lab = SimpleNamespace(
            first=self.first, ensemble=self.ensemble, with_inputs=self.with_inputs, largest=self.largest, has=self.has,
            known=lambda scenario, what: self.ranges.get(f"{what} of {self.of(scenario)}"),
            inputs_range=lambda scenario, tick: self.known_of("inputs", scenario, tick),
            rival_rules=lambda scenario, tick: self.known_of("rivals", scenario, tick),
        )  # fmt: skip
        drawing = SimpleNamespace(figures=lambda runs, tick: f"figures of {self.of(runs)}, {self.of(tick)}")
        give = lambda file: self.note(f"gives {file}")  # noqa: E731
        page: Desk = Desk(Subject(toy()), lab, self, self.show, give, drawing)  # type: ignore[arg-type]
        return page


MOVED = {"do": "move", "lever": "word", "step": "1"}
REQUESTS: dict[str, tuple[Any, ...]] = {
    "at first": (),
    "moved": (MOVED, {"do": "undo"}),
    "moved, undone, made again, brought back": (MOVED, MOVED, {"do": "undo"}, {"do": "redo"}, {"do": "reset"}),
    "a number edited, again as it is, and restored": (
        {"do": "edit", "path": PATH, "likely": 3000},
        {"do": "edit", "path": PATH, "likely": "3000"},
        {"do": "restore", "path": PATH},
    ),
    "the network": (
        {"do": "look", "tab": "network"}, {"do": "look", "tab": "network"}, {"do": "actor", "actor": "alba"},
        {"do": "narrow", "channel": "troop_example"}, {"do": "narrow", "channel": "", "alone": "1"},
        {"do": "narrow", "channel": "", "weak": "1"}, {"do": "export", "what": "network", "kind": "svg"},
    ),
    "why, also of a change": ({"do": "look", "tab": "why"}, MOVED, {"do": "export", "what": "flows", "kind": "png"}),
    "the story": (
        {"do": "look", "tab": "story"}, {"do": "run", "run": "12"}, {"do": "surprising"}, {"do": "surprising"},
        {"do": "typical", "outcome": "no_ceasefire"}, {"do": "typical", "outcome": "no_ceasefire"},
        {"do": "run", "run": 0}, {"do": "typical", "outcome": "nothing"},
        {"do": "export", "what": "story", "kind": "svg"},
    ),
    "rivals, then a figure and the rows": (
        MOVED, {"do": "rivals"}, {"do": "export", "what": "outcomes", "kind": "svg"},
        {"do": "export", "what": "rows", "kind": "csv"}, {"do": "export", "what": "rows", "kind": "svg"},
        {"do": "export", "what": "blockers", "kind": "svg"}, {"do": "export", "what": "scenario"},
        {"do": "export", "what": "seen"},
    ),
    "observations": (
        {"do": "look", "tab": "observations"}, {"do": "observe", "text": SEEN, "weeks": "4"}, {"do": "stop"},
        {"do": "observe", "text": "- {week: 2025-03-10, rung: x}\n"},
        {"do": "add", "text": SEEN, "week": "2025-03-17", "subject": "rung", "value": "none"},
        {"do": "add", "text": SEEN, "week": "2025-03-17", "subject": "rungs", "value": "none"},
        {"do": "observe", "text": "", "weeks": 3},
    ),
    "states kept and laid side by side": (
        {"do": "keep", "name": "mine"}, {"do": "look", "tab": "compare"}, MOVED,
        {"do": "lay", "one": "mine", "other": ""},
        {"do": "keep", "name": "other"}, {"do": "drop", "name": "other"}, {"do": "recall", "name": "mine"},
        {"do": "drop", "name": "mine"},
    ),
    "more runs than there may be": ({"do": "runs", "runs": "99999999"}, {"do": "inquire", "of": ""}),
    "other runs, and another event": (
        {"do": "runs", "runs": "2500"}, {"do": "runs", "runs": "1"}, {"do": "inquire", "of": "ceasefire"},
    ),
    "another scenario, and an address": (
        {"do": "start", "name": "nowhere"}, {"do": "follow", "state": "#lever.word=1&tab=network&actor=alba"},
        {"do": "follow", "state": "lever.word=9"}, {"do": "start", "name": ""},
    ),
    "what does not fit": (
        *({"do": "choose"}, {"do": "look"}, {"do": 7}, [], {"do": "x" * 301}, {"do": "x" * 300}, {1: "x"}, {"do": 1.5}),
        *({"do": "add", "text": "x" * 30_001}, {"do": "follow", "state": "x" * 30_001}),
        *({str(at): "x" for at in range(14)}, {str(at): "x" for at in range(15)}, {"do": "run", "run": "--1"}),
        *({"do": "run", "run": "²"}, {"do": "run", "run": "-1"}, {"do": "edit", "path": PATH, "low": 9, "high": 1}),
    ),
}  # fmt: skip


ANSWERED = ("moved", "rivals, then a figure and the rows", "other runs, and another event")
"""Where the answer is worked out too; elsewhere it would be the same again."""


@pytest.fixture
def book(monkeypatch: pytest.MonkeyPatch) -> Book:
    return Book(monkeypatch)


def kept(book: Book, name: str) -> str:
    assert {type(owner) for owner in book.owners} == {int} and len(book.owners) == 1
    return kept_output.differs("explorer_requests", "\n".join(book.lines), name)


@pytest.mark.parametrize("name", REQUESTS)
def test_a_request_is_answered_as_kept(name: str, book: Book) -> None:
    page = book.page()
    if not REQUESTS[name]:
        book.work()
    else:
        book.lines.clear()
    if name not in ANSWERED:
        book.left_out = {"answer"}
    for each in REQUESTS[name]:
        book.note(f"> {str(each)[:120]}")
        page.receive(each)
        book.work()
    assert kept(book, name) == ""


def test_where_others_wait_a_few_runs_answer_first(book: Book) -> None:
    book.crowd = True
    page = book.page()
    book.work()
    page.receive(MOVED)
    book.hasty_at_hand = True
    book.work()
    assert kept(book, "where others wait") == ""


def test_an_answer_of_a_page_that_changed_meanwhile_is_not_shown(book: Book) -> None:
    page = book.page()
    jobs = dict(book.waiting)
    page.receive(MOVED)
    book.note("- the answer to what was before")
    jobs["answer"][2](book.tick)
    page.receive({"do": "stop"})
    page.receive({"do": "look", "tab": "observations"})
    observing = dict(book.waiting)
    page.receive({"do": "stop"})
    observing["observe"][2](book.tick)
    page.close()
    page._serve()
    assert kept(book, "changed meanwhile") == ""


def test_what_fails_is_said_in_a_line(book: Book) -> None:
    page = book.page()
    errors = {
        "picture": ValueError("one\ntwo\nthree"), "forecast": BatchFailed("all runs failed"), "story": KeyError("x"),
        "update": ValueError(), "watch": ValueError("the horizon\nis too near"), "blockers": RuntimeError("no matter"),
    }  # fmt: skip
    book.broken = errors
    book.work()
    book.left_out = {"answer"}
    for tab in ("network", "story", "why"):
        page.receive({"do": "look", "tab": tab})
        book.work()
    page.receive({"do": "look", "tab": "observations"})
    book.work()
    page.receive({"do": "observe", "text": SEEN})
    book.work()
    assert not errors
    assert kept(book, "failed") == ""


def test_an_update_goes_on_from_step_to_step_until_it_is_stopped(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    few = Extent(30, False, True, observations_view.REFINED)
    monkeypatch.setattr(observations_view, "LADDER", (few, Extent(40, False, False, ""), Extent(50, False, True, "")))
    page = book.page()
    book.left_out = {"answer"}
    page.receive({"do": "look", "tab": "observations"})
    book.work(3)
    page.receive({"do": "observe", "text": SEEN, "weeks": "4"})
    book.work(2)
    page.receive({"do": "stop"})
    page.receive({"do": "stop"})
    book.work()
    book.stop_at = book.count + 2
    page.receive({"do": "observe", "text": SEEN, "weeks": "5"})
    book.work()
    assert kept(book, "step by step") == ""
