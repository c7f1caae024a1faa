"""Lines of a story, wrapped to its width."""

from __future__ import annotations

import textwrap

WIDTH = 110
"""Characters in a line of a story."""


def wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    """Return a text in lines; ``first`` begins the first, ``rest`` all others."""
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
