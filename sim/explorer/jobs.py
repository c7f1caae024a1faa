"""One queue for all pages: the most urgent job first, pages in turn, and the newest request of a page wins.

One thread works it off, as a batch already uses every core. A job looks up now and then (``tick``); it stops if its
page asked for something newer, and goes back into the queue if something more urgent waits.

Where several pages ask for urgent jobs, one that floods gets no more than its share of the time for its own: else there
would be one of its jobs whenever another page asks, which would wait for its end, be content with few runs, and have
its fuller answer broken off again and again.
"""

from __future__ import annotations

import atexit
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from threading import Condition, Thread
from time import monotonic

from sim.explorer.inbox import Credit

Tick = Callable[[int], None]
"""A job calls this regularly, also as ``progress`` of a batch; it raises :class:`Stopped` if the job has to stop."""
Work = Callable[[Tick], None]
PATIENCE = 300.0
"""Seconds that the end of the interpreter waits for a job under way; compiling, which none can stop, takes longest."""
URGENT = 0
"""The rank of jobs of which a page that floods gets no more than its share."""
LEAST_SHARE = 0.1
"""The part of the time that a page may always take with them in the long run."""
LATELY = 30.0
"""A page shares the time with those that had an urgent job within so many seconds."""
_MOST_NOTED = 1.0
"""Seconds that an urgent job counts at most: what compiles, or waits for the machine, is not the page's doing."""


class Stopped(Exception):
    """A job has to make way."""


@dataclass
class _Job:
    owner: int
    kind: str
    rank: int
    work: Work
    failed: Callable[[Exception], None]
    number: int
    stale: bool = False


class Queue:
    """Jobs of many owners, worked off one at a time by a thread of its own, which starts with the first."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._changed, self._clock = Condition(), clock
        self._waiting: dict[tuple[int, str], _Job] = {}
        self._credits: dict[int, Credit] = {}
        self._urgent: dict[int, float] = {}
        self._now: _Job | None = None
        self._served: dict[int, int] = {}
        self._numbers = count()
        self._thread: Thread | None = None
        self._closed = False

    def put(self, owner: int, kind: str, rank: int, work: Work, failed: Callable[[Exception], None]) -> None:
        """Add a job in place of the one of its owner and kind, which is stopped if it is under way.

        Of several jobs the one of the lowest ``rank`` is next, then that of the owner served longest ago. If a job
        fails, ``failed`` is called with the error.
        """
        with self._changed:
            if self._closed:
                return
            self._withdraw(owner, kind)
            self._waiting[(owner, kind)] = _Job(owner, kind, rank, work, failed, next(self._numbers))
            if self._thread is None:
                self._thread = Thread(target=self._work, name="explorer", daemon=True)
                self._thread.start()
                atexit.register(self.close)
            self._changed.notify_all()

    def follow(self, owner: int, kind: str, rank: int, work: Work, failed: Callable[[Exception], None]) -> None:
        """Add what the job under way goes on with, unless its page has asked for something newer of its kind."""
        with self._changed:
            if self._now is not None and not self._now.stale:
                self.put(owner, kind, rank, work, failed)

    def withdraw(self, owner: int, *kinds: str) -> None:
        """Drop an owner's jobs, of some kinds or all; one under way is stopped at its next look."""
        with self._changed:
            known = {kind for one, kind in self._waiting if one == owner}
            known |= {self._now.kind} if self._now else set()
            for kind in kinds or known:
                self._withdraw(owner, kind)

    def busy(self, owner: int, kind: str) -> bool:
        """Return whether an owner has a job of a kind that waits or is under way."""
        with self._changed:
            now = self._now
            running = now is not None and not now.stale and (now.owner, now.kind) == (owner, kind)
            return running or (owner, kind) in self._waiting

    def forget(self, owner: int) -> None:
        """Drop all that is known of an owner that is gone."""
        self.withdraw(owner)
        with self._changed:
            for known in (self._served, self._credits, self._urgent):
                known.pop(owner, None)

    def crowded(self, rank: int) -> bool:
        """Return whether somebody waits for a job of this rank, or of a more urgent one, that is due."""
        with self._changed:
            return any(job.rank <= rank for job in self._due())

    def wait(self, timeout: float) -> bool:
        """Wait until nothing is left to do; return whether that came about in time (seconds)."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._waiting and self._now is None, timeout)

    def close(self) -> None:
        """Take no more jobs, and wait until the thread has stopped the current one.

        It runs as the interpreter exits: a thread that still computes while what it uses is torn down crashes.
        """
        with self._changed:
            self._closed = True
            self._waiting.clear()
            if self._now is not None:
                self._now.stale = True
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(PATIENCE)
            atexit.unregister(self.close)

    def _withdraw(self, owner: int, kind: str) -> None:
        self._waiting.pop((owner, kind), None)
        if self._now is not None and (self._now.owner, self._now.kind) == (owner, kind):
            self._now.stale = True

    def _work(self) -> None:
        while self._turn():
            pass

    def _turn(self) -> bool:
        """Do the next job; return whether there was one. While waiting, no name refers to a job, and so to its page."""
        job = self._next()
        if job is not None:
            self._do(job)
        return job is not None

    def _do(self, job: _Job) -> None:
        begun = self._clock()
        try:
            job.work(self._tick)
        except Stopped:
            self._again(job)
        except Exception as error:  # no error may end the thread that all pages share
            if not job.stale:
                job.failed(error)
        finally:
            with self._changed:
                self._note(job, self._clock() - begun)
                self._now = None
                self._changed.notify_all()

    def _note(self, job: _Job, seconds: float) -> None:
        """Note what an urgent job took of its page's share, if the page is still there."""
        if job.rank == URGENT and job.owner in self._served:
            self._urgent[job.owner] = self._clock()
            credit = self._credits.setdefault(job.owner, Credit(self._clock))
            credit.spend(min(seconds, _MOST_NOTED), self._share())

    def _share(self) -> float:
        """Return the share of the time that a page may take with urgent jobs: all of it if no other page has any."""
        now = self._clock()
        return max(LEAST_SHARE, 1.0 / max(1, sum(now - last < LATELY for last in self._urgent.values())))

    def _delay(self, job: _Job) -> float:
        """Return for how many seconds a job has to wait, as its page had more than its share of urgent ones."""
        credit = self._credits.get(job.owner) if job.rank == URGENT else None
        return credit.delay(self._share()) if credit else 0.0

    def _due(self) -> list[_Job]:
        return [job for job in self._waiting.values() if self._delay(job) <= 0.0]

    def _await_due(self) -> list[_Job]:
        """Wait until jobs are due, and return them; none at the end."""
        while not self._closed:
            if due := self._due():
                return due
            self._changed.wait(min(map(self._delay, self._waiting.values()), default=None))
        return []

    def _next(self) -> _Job | None:
        """Wait for a job and return it; None at the end."""
        with self._changed:
            due = self._await_due()
            if not due:
                return None
            job = min(due, key=lambda job: (job.rank, self._served.get(job.owner, -1), job.number))
            del self._waiting[(job.owner, job.kind)]
            self._served[job.owner] = next(self._numbers)
            self._now = job
            return job

    def _again(self, job: _Job) -> None:
        """Put a job back that made way for a more urgent one, unless a newer one stands in its place."""
        with self._changed:
            if not job.stale and not self._closed:
                self._waiting.setdefault((job.owner, job.kind), job)

    def _tick(self, _: int = 0) -> None:
        with self._changed:
            now = self._now
            if now is not None and (now.stale or any(job.rank < now.rank for job in self._due())):
                raise Stopped
