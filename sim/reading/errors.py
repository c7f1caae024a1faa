"""Report a mistake in a user's input: its file, line and path, what is wrong, and what is allowed."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any, NamedTuple

from sim.reading.characters import bare, stranger

MAX_SHOWN = 600
"""Characters shown of a path or message; of a longer one, the middle is left out."""

Route = tuple[str, ...]
"""A path inside a document, one key an element; positions in lists count from 0."""


class Place(NamedTuple):
    """Where a value stands: file, line and column, the latter two counted from 1 (0: not in a file)."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


class Fault(NamedTuple):
    """One mistake in a user's input: its place, its path, and a message that says what is wrong and what is allowed."""

    place: Place
    path: str
    message: str

    def __str__(self) -> str:
        texts = (str(self.place), *(_shorten(part) for part in (self.path, self.message) if part))
        return ": ".join(printable(part) for part in texts)


class InputError(ValueError):
    """The input is wrong; ``faults`` holds every mistake, and ``str()`` gives each a line."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = sorted(set(faults))
        super().__init__("\n".join(str(fault) for fault in self.faults))

    def __reduce__(self) -> tuple[Any, ...]:
        return (InputError, (self.faults,))


def printable(text: str) -> str:
    r"""Return a text as one line that is safe on a terminal: characters that cannot be printed are escaped.

    >>> printable("two\nlines")
    'two\\nlines'
    """
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in text)


def _shorten(text: str) -> str:
    half = MAX_SHOWN // 2
    return text if len(text) <= MAX_SHOWN else f"{text[:half]} ... {text[-half:]}"


def fault(place: Place, route: Iterable[object], message: str) -> Fault:
    """Return a fault at ``place`` with ``route`` written as a dotted path."""
    return Fault(place, ".".join(str(key) for key in route), message)


def suggestion(word: object, allowed: Iterable[str]) -> str:
    """Return the allowed words, after the nearest of them: ``did you mean 'hesitant'? allowed: ...``."""
    words = list(allowed)
    if not words:
        return "allowed: nothing, as there is none"
    same = next((each for each in words if bare(each) == bare(str(word))), None)
    near = [same] if same else difflib.get_close_matches(str(word), words, n=1)
    why = stranger(str(word), near[0]) if near else ""
    meant = f"did you mean '{near[0]}'{f' ({why})' if why else ''}? " if near else ""
    return f"{meant}allowed: {', '.join(words)}"
