"""The page as a Panel object: regions of HTML that Python writes, and one small script that shows them."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any, ClassVar

import panel
import param
from markupsafe import Markup
from panel.custom import JSComponent
from panel.io.state import state
from tornado.ioloop import IOLoop

from sim.explorer import html
from sim.explorer.controls import Subject
from sim.explorer.drawing import Drawing
from sim.explorer.export import File
from sim.explorer.forecast_view import FIGURES
from sim.explorer.inbox import Inbox
from sim.explorer.jobs import Queue
from sim.explorer.page_requests import REGIONS, Desk
from sim.explorer.run_cache import FIRST, Lab
from sim.explorer.session import MOST_RUNS, TABS
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario

_HERE = Path(__file__).parent
TAB_WORDS = dict(zip(TABS, ("Forecast", "Network", "Why", "Story", "Observations", "Side by side"), strict=True))
EXPORTED = (*FIGURES, "network", "blockers", "flows", "levers", "story", "update", "watch", "side by side")
"""Figures that a page hands on, once they are drawn."""
_FIGURE_WORDS = {
    "outcomes": "how runs end",
    "funnel": "how far runs get",
    "formation": "by when",
    "troops": "how many troops",
    "joiners": "who joins",
    "network": "who leans on whom",
    "blockers": "what blocks a force",
    "flows": "where runs move",
    "levers": "what moves it",
    "story": "one run",
    "update": "how the forecast moves",
    "watch": "what to watch",
}


class Room:
    """What pages share: the subject, what was worked out, the queue, and who draws; rooms may share all but the first.

    ``apart`` says whether figures are drawn in a process of its own.
    """

    def __init__(
        self,
        scenario: Scenario,
        beside: Room | None = None,
        of: str = "european",
        apart: Callable[[], bool] = lambda: False,
    ) -> None:
        self.subject = Subject(scenario, of)
        self.lab: Lab = beside.lab if beside else Lab()
        self.queue: Queue = beside.queue if beside else Queue()
        self.drawing: Drawing = beside.drawing if beside else Drawing(apart)


class Page(JSComponent):
    """One page: each region is HTML that Python wrote; requests come back as messages and go to its desk."""

    shell = param.String(doc="What stands around the regions, and its style.")
    addressed = param.Boolean(doc="Whether the page's state is written into its address, as it is not in a notebook.")
    head = param.String()
    headline = param.String()
    status = param.String()
    board = param.String()
    forecast = param.String()
    figures = param.String()
    network = param.String()
    weeks = param.String()
    actor = param.String()
    why = param.String()
    choosing = param.String()
    story = param.String()
    seen = param.String()
    news = param.String()
    ahead = param.String()
    kept = param.String()
    sides = param.String()
    address = param.String()

    _esm: ClassVar[Path] = _HERE / "page.js"

    def __init__(self, room: Room, warning: str = "", **params: Any) -> None:
        super().__init__(shell=_shell(room.subject, warning), sizing_mode="stretch_width", **params)
        self._served = state.curdoc if state.curdoc and state.curdoc.session_context else None
        self.addressed = self._served is not None
        self._loop = IOLoop.current() if self._served is not None else None
        self._waiting: dict[str, str] = {}
        self._lock = Lock()
        self._inbox, self._called = Inbox(), False
        self.desk = Desk(room.subject, room.lab, room.queue, self._region, self._file, room.drawing)

    def _handle_msg(self, data: Any) -> None:
        if data == {"do": "hello"}:
            self._send_msg({"regions": {name: getattr(self, name) for name in REGIONS}})
        elif self._served is None:
            self.desk.receive(data)
        else:
            if not self._inbox.put(data):
                self._region("status", html.words("Too many requests at once: the last was left out."))
            self._call_next()

    def _call_next(self) -> None:
        """Schedule the next request for this page's turn, unless that is done already."""
        if self._served is not None and len(self._inbox) and not self._called:
            self._called = True
            self._served.add_timeout_callback(self._take_next, round(1000 * self._inbox.delay()))

    def _take_next(self) -> None:
        self._called, begun = False, monotonic()
        if len(self._inbox):
            self.desk.receive(self._inbox.take())
        self._inbox.spend(monotonic() - begun)
        self._call_next()

    def _region(self, name: str, shown: str) -> None:
        with self._lock:
            self._waiting[name] = str(shown)
        if self._served is None or self._loop is None:
            self._flush()
        else:
            # All goes out in the server's thread, so that nothing older overtakes. It is arranged there, too: while a
            # document is held, as for each change of several regions, it can lose what another thread adds.
            self._loop.add_callback(self._served.add_next_tick_callback, self._flush)

    def _flush(self) -> None:
        with self._lock:
            waiting, self._waiting = self._waiting, {}
        if waiting:
            self.param.update(**waiting)

    def _file(self, file: File) -> None:
        self._send_msg({"name": file.name, "kind": file.kind, "content": b64encode(file.content).decode()})


_rooms: dict[str, Room] = {}
MOST_ROOMS = 16
"""Scenarios of a notebook whose levers are kept; the oldest go first."""


def in_notebook(scenario: Scenario | str | Path) -> Page:
    """Return a page for a notebook's cell; pages of the same scenario share what was worked out."""
    loaded = scenario if isinstance(scenario, Scenario) else load(scenario)
    panel.extension()
    return Page(_room(loaded))


def _room(scenario: Scenario) -> Room:
    """Return the room of a scenario; all of a notebook's share one lab and one queue, whose bounds so hold for all."""
    key = f"{scenario.name} {scenario.hash}"
    if key not in _rooms:
        last = next(reversed(_rooms.values()), None)
        _rooms[key] = Room(scenario, last)
    while len(_rooms) > MOST_ROOMS:
        del _rooms[next(iter(_rooms))]
    return _rooms[key]


def _shell(subject: Subject, warning: str) -> str:
    return html.render(
        "shell",
        style=Markup((_HERE / "page.css").read_text("utf-8")),
        warning=warning,
        of=subject.of,
        tabs=TAB_WORDS,
        regions=REGIONS,
        figures={name: _FIGURE_WORDS.get(name, name) for name in EXPORTED},
        least=FIRST,
        most=MOST_RUNS,
    )
