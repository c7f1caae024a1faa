"""Use it for a class that hands out tables: what a user does to one never changes what the next one sees."""

from __future__ import annotations

import copy
from operator import is_
from typing import Any, Final

import numpy as np
import pandas as pd

from sim.ensemble import memory_store

_CHANGEABLE: Final = (dict, list, set, np.ndarray)


class HandsOutCopies:
    """A class whose attributes are copied as they are handed out: tables, dicts and lists, also those within tuples.

    Arrays are handed out as read-only views.

    A copy of a table takes no time from pandas 3 on (:func:`sim.ensemble.memory_store.copy`).
    """

    def __getattribute__(self, name: str) -> Any:
        value = super().__getattribute__(name)
        return value if name.startswith("_") else handed_out(value)


def handed_out(value: Any) -> Any:
    """Return a copy of a table, a dict or a list, a view of an array that cannot be written to, and all else as it is.

    A tuple or a named tuple is handed out with what it holds handed out alike.

    >>> inner = {"a": [1]}
    >>> handed_out(inner)["a"].append(2)
    >>> inner
    {'a': [1]}
    """
    if isinstance(value, pd.DataFrame):
        return _table(value)
    if isinstance(value, pd.Series):
        return value.copy(deep=not memory_store.LAZY)
    if type(value) is dict:
        return {key: handed_out(inner) for key, inner in value.items()}
    if type(value) is list:
        return [handed_out(inner) for inner in value]
    if isinstance(value, tuple):
        within = tuple(map(handed_out, value))
        if all(map(is_, within, value)):  # nothing in it could be changed
            return value
        return value._make(within) if hasattr(value, "_make") else within
    return _view(value) if isinstance(value, np.ndarray) else value


def _table(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of a table; cells that could be changed themselves, such as lists, are copied too."""
    own = memory_store.copy(table)
    objects = [name for name, kind in table.dtypes.items() if isinstance(kind, np.dtype) and kind.kind == "O"]
    for name in objects:
        if any(isinstance(cell, _CHANGEABLE) for cell in table[name]):
            own[name] = pd.Series([copy.deepcopy(cell) for cell in table[name]], index=table.index, dtype=object)
    return own


def _view(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    view = array.view()
    view.flags.writeable = False
    return view
