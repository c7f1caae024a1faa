"""Lines of a story, wrapped to its width."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

WIDTH = 110
"""Characters in a line of a story, where it is not shown on a screen."""
NARROWEST = 40
"""A screen that is narrower gets lines of this many, which it breaks itself."""
_width = ContextVar("width", default=WIDTH)


@contextmanager
def lines_of(width: int) -> Iterator[None]:
    """Wrap lines at this width within the block."""
    before = _width.set(max(NARROWEST, width))
    try:
        yield
    finally:
        _width.reset(before)


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Return a text in lines; ``first`` begins the first, ``rest`` all others."""
    width = _width.get()
    return textwrap.wrap(
        text, width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
