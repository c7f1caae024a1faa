"""A bar of progress in a cell of a notebook, shown by default while many runs are played."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from time import monotonic
from typing import Any, ParamSpec, TypeVar

Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")


class Bar:
    """A bar of progress in a cell of a notebook; it appears after a moment, and is gone when the work is done."""

    PATIENCE, PAUSE = 0.5, 0.2
    """Seconds before it appears, and from one picture of it to the next."""

    def __init__(self, total: int | None) -> None:
        self._total, self._done = total, 0
        self._handle: Any = None
        self._begun = self._drawn = monotonic()

    def __call__(self, runs: int) -> None:
        """Count runs that are just finished."""
        self._done += runs
        now = monotonic()
        if now - self._begun < self.PATIENCE or now - self._drawn < self.PAUSE:
            return
        self._drawn = now
        self._draw(self._html(now - self._begun))

    def _html(self, seconds: float) -> str:
        if not self._total:
            return f"<progress></progress> {self._done:,} runs, {seconds:.0f} s"
        done = min(self._done, self._total)
        left = seconds * (self._total - done) / max(1, done)
        words = f"{done:,} of {self._total:,} runs, {left:.0f} s left"
        return f"<progress value='{done}' max='{self._total}'></progress> {words}"

    def _draw(self, html: str) -> None:
        from IPython.display import HTML, display

        if self._handle is None:
            self._handle = display(HTML(html), display_id=True)  # type: ignore[no-untyped-call]
        else:
            self._handle.update(HTML(html))  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """Take the bar away."""
        if self._handle is not None:
            self._draw("")


@contextmanager
def bar(total: int | None) -> Iterator[Callable[[int], None] | None]:
    """Give a function that is called with runs just finished, which shows as a bar in a notebook; None elsewhere."""
    if not in_notebook():
        yield None
        return
    shown = Bar(total)
    try:
        yield shown
    finally:
        shown.close()


def in_notebook() -> bool:
    """Return whether this runs in a kernel that shows HTML."""
    if "IPython" not in sys.modules:
        return False
    from IPython.core.getipython import get_ipython

    shell = get_ipython()
    return shell is not None and type(shell).__name__ == "ZMQInteractiveShell"


def with_bar(make: Callable[Parameters, Made]) -> Callable[Parameters, Made]:
    """Return a function of many runs that shows a bar in a notebook unless it is handed a ``progress`` of one's own."""

    @wraps(make)
    def barred(*args: Parameters.args, **options: Parameters.kwargs) -> Made:
        if "progress" in options or not in_notebook():
            return make(*args, **options)
        total = options.get("runs") if make.__name__ == "run" else None
        with bar(total if isinstance(total, int) else None) as progress:
            options["progress"] = progress
            return make(*args, **options)

    return barred
