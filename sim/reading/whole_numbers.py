"""Take whole numbers as people hand them over in Python: of NumPy, or as 1e4; refuse those that are none, by name."""

from __future__ import annotations

import inspect
import operator
from collections.abc import Callable
from functools import wraps
from typing import Any, Final, ParamSpec, TypeVar

import numpy as np

Parameters = ParamSpec("Parameters")
Made = TypeVar("Made")

MOST_SEED: Final = 2**63 - 1
MOST_WORKERS: Final = 1024
_BOUNDS: Final = {
    "seed": (0, MOST_SEED, "seed must be between 0 and 2**63 - 1"),
    "workers": (1, MOST_WORKERS, f"workers must be between 1 and {MOST_WORKERS}"),
}
"""The numbers that are bounded alike wherever they are asked for."""


def whole(value: Any, what: str) -> int:
    """Return a number of things, such as runs; a float that is whole counts, as ``1e6`` does.

    Raises
    ------
    ValueError
        If it is no whole number, or a ``seed`` or a number of ``workers`` that is out of range.

    >>> whole(1e4, "runs"), whole(np.float32(3), "runs")
    (10000, 3)
    """
    number = _index(value)
    if number is None:
        raise ValueError(f"{what} is a whole number, such as 20_000, got {value!r}")
    low, high, message = _BOUNDS.get(what, (number, number, ""))
    if not low <= number <= high:
        raise ValueError(f"{message}, got {value!r}")
    return number


def _index(value: Any) -> int | None:
    if isinstance(value, bool | np.bool_):
        return None
    if isinstance(value, float | np.floating) and value.is_integer():
        return int(value)
    try:
        return operator.index(value)
    except TypeError:
        return None


def takes_whole_numbers(make: Callable[Parameters, Made]) -> Callable[Parameters, Made]:
    """Return a function whose arguments annotated ``int`` may be any whole number, and nothing else.

    Python checks no annotation: a seed of 1.5 would play that of 1, and 1e4 runs would fail far from the call.
    """
    signature = inspect.signature(make)
    numbers = {name: each for name, each in signature.parameters.items() if each.annotation in ("int", "int | None")}

    @wraps(make)
    def called(*args: Parameters.args, **options: Parameters.kwargs) -> Made:
        try:
            bound = signature.bind(*args, **options)
        except TypeError:
            return make(*args, **options)  # Python's own message names the function
        for name in bound.arguments.keys() & numbers.keys():
            bound.arguments[name] = _taken(bound.arguments[name], name, numbers[name])
        return make(*bound.args, **bound.kwargs)

    return called


def _taken(value: Any, name: str, parameter: inspect.Parameter) -> int | None:
    return None if value is None and parameter.annotation != "int" else whole(value, name)
