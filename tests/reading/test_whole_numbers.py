"""Tests of whole numbers that people hand over in Python: any kind is taken, what is none is refused by name."""

from __future__ import annotations

import inspect
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.reading.whole_numbers import takes_whole_numbers, whole
from tests.worlds import tiny

SEEDED = [name for name in sim.__all__ if "seed" in getattr(getattr(sim, name), "__annotations__", {})]


@takes_whole_numbers
def asked(scenario: object, runs: int = 5, seed: int = 1, *, workers: int | None = None, of: str = "x") -> list[Any]:
    return [scenario, runs, seed, workers, of]


@pytest.mark.parametrize("value", [3, 3.0, np.int8(3), np.uint64(3), np.float32(3), np.array(3), pd.Series([3])[0]])
def test_any_whole_number_is_taken(value: Any) -> None:
    assert whole(value, "runs") == 3 and type(whole(value, "runs")) is int
    assert asked("a", value, seed=value, workers=value) == ["a", 3, 3, 3, "x"]


@pytest.mark.parametrize("value", [True, np.True_, 3.5, "3", None, float("nan"), float("inf"), np.array([3]), [3]])
def test_what_is_no_whole_number_is_refused_by_name(value: Any) -> None:
    with pytest.raises(ValueError, match="runs is a whole number, such as 20_000, got"):
        asked("a", value)


def test_nothing_is_taken_where_it_may_be_left_out_and_other_arguments_are_left_alone() -> None:
    assert asked(1.5, workers=None, of="1.5") == [1.5, 5, 1, None, "1.5"]
    with pytest.raises(TypeError, match=r"asked\(\) got an unexpected keyword argument 'sed'"):
        asked("a", sed=3)  # type: ignore[call-arg]


@pytest.mark.parametrize(("value", "expected"), [(-1, "got -1"), (2**63, "between 0 and 2")])
def test_a_seed_out_of_range_is_refused(value: int, expected: str) -> None:
    with pytest.raises(ValueError, match=expected):
        asked("a", seed=value)
    with pytest.raises(ValueError, match="workers must be between 1 and 1024, got 0"):
        asked("a", workers=0)


@pytest.mark.parametrize("name", SEEDED)
@pytest.mark.parametrize("seed", [1.5, -1, True, "1", None])
def test_no_function_takes_a_seed_that_is_none(name: str, seed: Any) -> None:
    function = getattr(sim, name)
    named = [each for each in inspect.signature(function).parameters.values() if each.default is each.empty]
    several = [tiny(), tiny()] if any(each.kind is each.VAR_POSITIONAL for each in named) else []
    needed = {each.name: tiny() for each in named if each.kind is each.POSITIONAL_OR_KEYWORD}  # refused before use
    with pytest.raises(ValueError, match="seed "):
        function(*several, **needed, seed=seed)
