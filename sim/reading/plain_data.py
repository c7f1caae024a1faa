"""Take values of Python, NumPy and pandas as a config would hold them: numbers, words, lists and maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from math import isfinite
from numbers import Integral, Real
from typing import Any, Final

import numpy as np

from sim.reading.characters import composed
from sim.reading.errors import Route

ALLOWED: Final = "a number, a word, true or false, None, and lists and maps of these"
_PLAIN: Final = (str, int, float, bool, type(None))


def plain(value: Any) -> Any:
    """Return a value in Python's own types: numbers of NumPy, arrays, Series, dates and fractions are converted.

    What no config can hold is returned as it is; :func:`odd` finds it.

    >>> plain({"a": np.int64(3), "b": np.array([1.5, 2.0]), "c": (np.str_("open"), np.bool_(True))})
    {'a': 3, 'b': [1.5, 2.0], 'c': ['open', True]}
    """
    if type(value) in _PLAIN:
        return composed(value) if isinstance(value, str) else value
    if isinstance(value, np.generic | np.ndarray):
        return _listed(value.tolist())
    if hasattr(value, "to_dict") and not isinstance(value, Mapping):  # a row of a table
        value = value.to_dict()
    if isinstance(value, Mapping):
        return {_key(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return _listed(list(value))
    return _scalar(value)


def _listed(value: Any) -> Any:
    return [plain(inner) for inner in value] if isinstance(value, list) else _scalar(value)


def _scalar(value: Any) -> Any:
    """Return a single value: of a subclass the plain value, of a date its text, of other numbers a float."""
    if isinstance(value, str):
        return composed(str(value))
    if isinstance(value, date | datetime) and value == value:  # not a missing time
        return value.isoformat()[:10]
    if type(value) in _PLAIN or not isinstance(value, Real | Decimal):
        return value
    return int(value) if isinstance(value, Integral) else float(value)


def _key(key: Any) -> Any:
    return composed(str(key)) if isinstance(key, str | int | float | np.generic) else key


def odd(value: Any, route: Route = ()) -> Iterator[tuple[Route, str]]:
    """Yield the route and the description of each value that no config can hold.

    >>> list(odd({"actors.uk.credence": float("nan"), "start": object}))
    [(('actors.uk.credence',), 'nan is a missing value'), (('start',), 'a type is no value of a config')]
    """
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(key, str):
                yield from odd(inner, (*route, key))
            else:
                yield route, f"the path or key {key!r} is no text"
    elif isinstance(value, list):
        for at, inner in enumerate(value):
            yield from odd(inner, (*route, str(at)))
    elif isinstance(value, float) and not isfinite(value):
        yield route, f"{value} is {'a missing value' if value != value else 'not finite'}"
    elif type(value) not in _PLAIN:
        missing = str(value) in ("<NA>", "NaT")
        yield route, f"{value} is a missing value" if missing else f"{named(value)} is no value of a config"


def named(value: Any) -> str:
    """Return the kind of a value with its article, for a message.

    >>> named(complex(1, 2)), named(3)
    ('a complex', 'an int')
    """
    kind = type(value).__name__
    return f"{'an' if kind[0].lower() in 'aeiou' else 'a'} {kind}"
