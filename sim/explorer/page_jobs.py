"""The jobs of one page: what they work on, and how their results reach a page that may change meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from threading import RLock
from typing import TYPE_CHECKING, NamedTuple

from markupsafe import Markup

from sim.batch.engines import BatchFailed
from sim.explorer import html
from sim.explorer.jobs import Queue, Work
from sim.explorer.session import Session
from sim.scenario.scenario import Scenario

if TYPE_CHECKING:
    from matplotlib.figure import Figure

URGENT, SOON, FULLER, DRAW, LATER, REFINE = range(6)
"""Ranks of jobs."""

_owners = count()


class Snapshot(NamedTuple):
    """The scenarios of a page at one moment. Jobs work on them; once ``version`` is old, their results are dropped."""

    version: int
    now: Scenario
    reference: Scenario
    before: Scenario | None
    of: str

    @property
    def sides(self) -> list[Scenario]:
        """The scenario as it stands, and the reference if that is another one."""
        return [self.now] if self.now.hash == self.reference.hash else [self.now, self.reference]


class PageJobs:
    """Queues the jobs of a page and shows its regions; both are done from the queue's thread too.

    Parameters
    ----------
    session
        What the page has set.
    queue
        The queue that all pages share.
    send
        Sends a region, by name, to the browser as HTML.
    """

    def __init__(self, session: Session, queue: Queue, send: Callable[[str, str], None]) -> None:
        self.session, self.lock, self._queue, self._send = session, RLock(), queue, send
        self.figures: dict[str, Figure] = {}
        """The figures that the page shows, by name, so that they can be exported."""
        self._owner, self._version = next(_owners), 0

    def restart(self) -> None:
        """Drop all jobs of the page, and whatever still comes of one that is under way."""
        with self.lock:
            self._version += 1
            self._queue.withdraw(self._owner)
            self.figures = {}

    def close(self) -> None:
        """Drop all jobs of a page that is gone, and those that they would have queued next."""
        with self.lock:
            self._version += 1
            self._queue.forget(self._owner)

    def snapshot(self) -> Snapshot:
        """Return the scenarios of the page as they stand."""
        session = self.session
        return Snapshot(self._version, session.now, session.subject.reference, session.before, session.of)

    def is_current(self, snapshot: Snapshot) -> bool:
        """Return whether the page is still as it was at that moment; hold the lock while you rely on it."""
        return snapshot.version == self._version

    def put(self, kind: str, rank: int, work: Work, snapshot: Snapshot) -> None:
        """Queue a job in place of the page's one of this kind, unless the page has changed."""
        with self.lock:
            if self.is_current(snapshot):
                self._queue.put(self._owner, kind, rank, work, self._failed)

    def follow(self, kind: str, rank: int, work: Work, snapshot: Snapshot) -> None:
        """Queue what the job under way goes on with, unless the page has changed or asked for a newer one."""
        with self.lock:
            if self.is_current(snapshot):
                self._queue.follow(self._owner, kind, rank, work, self._failed)

    def busy(self, kind: str) -> bool:
        """Return whether the page has a job of this kind that waits or is under way."""
        return self._queue.busy(self._owner, kind)

    def withdraw(self, kind: str) -> None:
        """Drop the page's job of this kind."""
        self._queue.withdraw(self._owner, kind)

    def crowded(self, rank: int) -> bool:
        """Return whether any page waits for a job of this rank, or of a more urgent one."""
        return self._queue.crowded(rank)

    def _failed(self, error: Exception) -> None:
        known = isinstance(error, ValueError | BatchFailed)
        words = first_line(error) if known and str(error) else f"something went wrong ({type(error).__name__})"
        self.say(f"That could not be worked out: {words}")

    def show(self, region: str, shown: str) -> None:
        """Show a region."""
        self._send(region, shown)

    def display(self, snapshot: Snapshot, region: str, shown: str) -> None:
        """Show a region of a snapshot, unless the page has changed."""
        with self.lock:
            if self.is_current(snapshot):
                self.show(region, shown)

    def keep(self, snapshot: Snapshot, name: str, drawn: html.Drawn) -> str:
        """Keep a figure, so that it can be exported, and return it as HTML."""
        if self.is_current(snapshot):
            self.figures[name] = drawn.figure
        return drawn.html

    def say(self, words: str, spoken: str = "") -> None:
        """Say in the page's status what it is doing; ``spoken``, as the headline has it, is for screen readers."""
        if words:
            unseen = Markup('<p class="unseen">{}</p>').format(spoken) if spoken else Markup()
            self.show("status", html.words(words, unseen))


def first_line(error: Exception) -> str:
    """Return the first line of an error, and how many more there are."""
    first, *more = str(error).splitlines() or [""]
    return f"{first} (and {len(more)} more)" if more else first
