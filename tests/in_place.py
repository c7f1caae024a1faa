"""Walk over what an object hands out, edit it in place at any depth, and see whether the object answers as before."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import FrozenInstanceError
from typing import Any

import numpy as np
import pandas as pd
from pydantic import BaseModel

DEEP = 4
COSTLY = (
    "plot", "export", "save", "with_ranges", "actor_weeks", "copy", "model_dump_json", "to_html", "ensemble", "film",
)  # fmt: skip
"""What draws, writes or plays; an ensemble of selected runs is made anew each time."""
ASSIGNED = {
    "Ensemble": ("inputs_range", "theory_range"),
    "Play": ("reference", "scenario", "ensemble", "sliders", "widget", "error"),
}
"""What a class lets be replaced as a whole: whoever computes a range notes it there; sliders note where they stand."""


def ours(value: Any) -> bool:
    """Return whether a value is of a class of this package, or a record of one."""
    return type(value).__module__.partition(".")[0] == "sim" and not isinstance(value, type)


def surface(thing: Any) -> Iterator[tuple[str, Callable[[], Any]]]:
    """Yield what an object hands out: public attributes, and public methods that need nothing."""
    for name in dir(thing):
        if name.startswith(("_", "model_")) or name in COSTLY or (isinstance(thing, tuple) and hasattr(tuple, name)):
            continue
        if isinstance(thing, BaseModel) and hasattr(BaseModel, name):
            continue
        value = getattr(type(thing), name, None)
        if not inspect.isfunction(value) and not inspect.ismethod(value):
            yield name, lambda name=name: getattr(thing, name)
        elif not any(
            each.default is each.empty and each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)
            for each in list(inspect.signature(getattr(thing, name)).parameters.values())
        ):
            yield name, lambda name=name: getattr(thing, name)()


def asked(get: Callable[[], Any]) -> Any:
    """Return what is handed out, or the words in which it is refused."""
    try:
        return get()
    except (ValueError, TypeError, LookupError, AttributeError, ArithmeticError) as error:
        return str(error)


def picture(value: Any, deep: int = 0, kinds: set[type] | None = None) -> Any:
    """Return all that can be seen of a value, to be compared; note in ``kinds`` which classes of ours it is made of."""
    if kinds is not None and ours(value):
        kinds.add(type(value))
    if isinstance(value, pd.DataFrame | pd.Series):
        return value.to_csv()
    if isinstance(value, np.ndarray):
        return value.tobytes(), value.shape
    if isinstance(value, Mapping):
        return {str(key): picture(inner, deep, kinds) for key, inner in value.items()}
    if isinstance(value, set | frozenset):
        return sorted(map(str, value))
    if isinstance(value, list | tuple) and not ours(value):
        return [picture(inner, deep, kinds) for inner in value]
    if ours(value) and deep < DEEP and not callable(value):
        return {name: picture(asked(get), deep + 1, kinds) for name, get in surface(value)}
    return repr(value) if isinstance(value, str | int | float | bool | type(None)) else type(value).__name__


def edit(value: Any, deep: int = 0) -> None:
    """Change a value in place in every way there is; what refuses may."""
    if isinstance(value, pd.DataFrame):
        _edit_table(value)
    elif isinstance(value, pd.Series):
        edit(value.to_numpy())
        value.iloc[:] = value.iloc[::-1].to_numpy()
    elif isinstance(value, np.ndarray):
        with suppress(ValueError, TypeError):
            value[...] = value[::-1] + 1 if value.dtype.kind in "iuf" else value[::-1]
    elif isinstance(value, Mapping):
        _each(value.values(), deep)
        with suppress(TypeError, AttributeError):
            value.clear()  # type: ignore[attr-defined]
        with suppress(TypeError):
            value["edited"] = 1  # type: ignore[index]
        with suppress(TypeError):
            value |= {"edited": 2}  # type: ignore[operator]
    elif isinstance(value, list | set):
        _each(value, deep)
        for work in (value.clear, lambda: value.append("edited") if isinstance(value, list) else value.add("edited")):
            with suppress(TypeError):
                work()
    elif isinstance(value, tuple) and not ours(value):
        _each(value, deep)
    elif ours(value) and deep < DEEP and not callable(value):
        _edit_object(value, deep)


def _each(values: Any, deep: int) -> None:
    for inner in list(values):
        edit(inner, deep + 1)


def _edit_table(table: pd.DataFrame) -> None:
    for name in list(table.columns):
        for cell in table[name]:
            edit(cell, DEEP)
        edit(table[name].to_numpy())
    edit(table.to_numpy())
    if len(table) and len(table.columns):
        with suppress(TypeError, ValueError):  # pandas does not set lists as cells
            table.iloc[:, 0] = table.iloc[::-1, 0].to_numpy()
    for name in list(table.columns):
        table[name] = 0


def _edit_object(thing: Any, deep: int) -> None:
    for _, get in surface(thing):
        edit(asked(get), deep + 1)
    methods = [name for name, _ in inspect.getmembers(type(thing), inspect.isroutine)]
    noted = [name for kind in type(thing).__mro__ for name in ASSIGNED.get(kind.__name__, ())]
    for name in [name for name, _ in surface(thing) if name not in (*noted, *methods)]:
        with suppress(AttributeError, FrozenInstanceError, TypeError, ValueError):
            setattr(thing, name, "edited")
