"""The requests of one page, handled at a rate that leaves others their turn: a page that floods slows only itself."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from time import monotonic

SHARE = 0.05
"""The part of the time for which one page may keep the server busy with its requests in the long run ..."""
AT_ONCE = 2.0
"""... and the seconds for which a page that was quiet may do so at once."""
MOST_WAITING = 60
"""Requests of one page that may wait."""
_MOVES = "move"


FRAGMENTS = 15.0
"""What a connection may send a second in the long run: five messages, which have at least three fragments each ..."""
FRAGMENTS_AT_ONCE = 300.0
"""... and what one that was quiet may send at once."""


class Pace:
    """The rate at which a connection is read, so that reading it takes little of the server's time."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._left, self._since = clock, FRAGMENTS_AT_ONCE, clock()

    def delay(self) -> float:
        """Note a fragment, and return for how many seconds it has to wait; more are not read meanwhile."""
        now = self._clock()
        self._left = min(FRAGMENTS_AT_ONCE, self._left + FRAGMENTS * (now - self._since)) - 1.0
        self._since = now
        return max(0.0, -self._left / FRAGMENTS)


class Credit:
    """Seconds of the server's time that a page may take: a share of all time, and some at once if it was quiet."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._left, self._since = clock, AT_ONCE, clock()

    def spend(self, seconds: float, share: float) -> None:
        """Note for how long a page kept the server busy, however much the machine has to do besides."""
        self._left = self._now(share) - seconds

    def delay(self, share: float) -> float:
        """Return for how many seconds the page has to wait, where it may take this share of the time."""
        return max(0.0, -self._now(share) / share)

    def _now(self, share: float) -> float:
        now = self._clock()
        self._left = min(AT_ONCE, self._left + share * (now - self._since))
        self._since = now
        return self._left


class Inbox:
    """Requests of one page in their order, and how long the next has to wait.

    A move of a lever takes the place of one of the same lever that waits right before it, as when a slider is dragged.
    """

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._waiting: deque[object] = deque()
        self._credit = Credit(clock)

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, request: object) -> bool:
        """Add a request; return whether there was room for it."""
        if self._waiting and _lever(request) and _lever(self._waiting[-1]) == _lever(request):
            self._waiting.pop()
        if len(self._waiting) >= MOST_WAITING:
            return False
        self._waiting.append(request)
        return True

    def take(self) -> object:
        """Return the request that waits longest."""
        return self._waiting.popleft()

    def spend(self, seconds: float) -> None:
        """Note for how long a request kept the server busy."""
        self._credit.spend(seconds, SHARE)

    def delay(self) -> float:
        """Return for how many seconds the next request has to wait."""
        return self._credit.delay(SHARE)


def _lever(request: object) -> str:
    """Return the lever that a request moves, or an empty text."""
    moves = isinstance(request, dict) and request.get("do") == _MOVES
    return str(request.get("lever", "")) if moves and isinstance(request, dict) else ""
