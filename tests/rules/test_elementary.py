"""Exponential and logarithm of our own: within one unit in the last place, at their limits, and the same compiled."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from decimal import Decimal, localcontext

import numba
import pytest
from hypothesis import given
from hypothesis import strategies as some

from sim.kernel import compiling
from sim.rules import elementary

assert elementary in compiling.RULES  # registered with numba
compiled_exp = numba.njit(lambda x: elementary.exp(x))
compiled_log = numba.njit(lambda x: elementary.log(x))
compiled_parts = numba.njit(lambda x: elementary.parts(x))
LUCK = random.Random(1)
ARGUMENTS = (
    *(LUCK.uniform(-1.0, 1.0) for _ in range(600)),
    *(LUCK.uniform(-45.0, 45.0) for _ in range(900)),
    *(LUCK.uniform(-700.0, 709.0) for _ in range(300)),
    *(LUCK.gauss(0.0, 1e-6) for _ in range(200)),
    *(at * math.log(2.0) / 64.0 for at in range(-200, 200)),
)
POSITIVE = (
    *(LUCK.random() for _ in range(600)),
    *(LUCK.uniform(0.9, 1.1) for _ in range(900)),
    *(math.exp(LUCK.uniform(-700.0, 700.0)) for _ in range(300)),
    *(1.0 - LUCK.random() * 1e-9 for _ in range(200)),
    *(math.nextafter(edge, to) for edge in (0.5, math.sqrt(0.5), 1.0, 2.0) for to in (0.0, 4.0)),
    5e-324, 2.2e-308, 1.7976931348623157e308,
)  # fmt: skip


def units(value: float, true: Decimal) -> float:
    """Return by how many units in the last place a value is off."""
    return float(abs(Decimal(value) - true) / Decimal(math.ulp(float(true))))


@pytest.mark.parametrize(
    ("function", "true", "arguments"),
    [(elementary.exp, Decimal.exp, ARGUMENTS), (elementary.log, Decimal.ln, POSITIVE)],
    ids=["exp", "log"],
)
def test_the_error_is_below_one_unit_in_the_last_place(
    function: Callable[[float], float], true: Callable[[Decimal], Decimal], arguments: tuple[float, ...]
) -> None:
    with localcontext(prec=60):
        assert max(units(function(x), true(Decimal(x))) for x in arguments if x != 1.0) < 0.9


def test_the_tables_hold_roots_of_two_in_two_parts() -> None:
    with localcontext(prec=60):
        for at, (root, rest) in enumerate(zip(elementary.ROOTS, elementary.ROOTS_REST, strict=True)):
            true = (Decimal(2).ln() * at / 32).exp()
            assert abs(Decimal(root) * (1 + Decimal(rest)) - true) < Decimal(2) ** -100
        step = Decimal(elementary.STEP_HIGH) + Decimal(elementary.STEP_LOW)
        assert abs(step - Decimal(2).ln() / 32) < Decimal(2) ** -90
        halves = Decimal(elementary.LN2_HIGH) + Decimal(elementary.LN2_LOW)
        assert abs(halves - Decimal(2).ln()) < Decimal(2) ** -85


def test_compiled_they_give_the_same_bits() -> None:
    assert [compiled_exp(x) for x in ARGUMENTS] == [elementary.exp(x) for x in ARGUMENTS]
    assert [compiled_log(x) for x in POSITIVE] == [elementary.log(x) for x in POSITIVE]


@given(some.floats(min_value=5e-324, allow_infinity=False, allow_nan=False))
def test_part_and_power_of_a_number_are_those_of_its_bits(x: float) -> None:
    part, power = elementary.parts(x)
    assert 0.5 <= part < 1.0
    assert math.ldexp(part, int(power)) == x
    assert compiled_parts(x) == (part, power)


def test_part_and_power_at_their_limits() -> None:
    assert [compiled_parts(x) for x in POSITIVE] == [elementary.parts(x) for x in POSITIVE]


def test_the_compiler_multiplies_and_adds_in_two_steps() -> None:
    written = "".join(
        text for each in (compiled_exp, compiled_log, compiled_parts) for text in each.inspect_asm().values()
    )  # type: ignore[attr-defined]
    assert written
    assert not any(name in written for name in ("vfmadd", "vfmsub", "vfnmadd", "vfnmsub", "fmadd", "fmsub"))


@pytest.mark.parametrize("function", [elementary.exp, compiled_exp])
def test_the_exponential_at_its_limits(function: Callable[[float], float]) -> None:
    assert [function(x) for x in (0.0, -0.0, math.inf, -math.inf, 1e9, -1e9)] == [
        1.0,
        1.0,
        math.inf,
        0.0,
        math.inf,
        0.0,
    ]
    assert math.isnan(function(math.nan))
    assert function(709.782712893384) == pytest.approx(1.797693134862273e308, rel=1e-12)
    assert function(-745.13) == 5e-324


@pytest.mark.parametrize("function", [elementary.log, compiled_log])
def test_the_logarithm_at_its_limits(function: Callable[[float], float]) -> None:
    assert [function(x) for x in (1.0, 0.0, math.inf)] == [0.0, -math.inf, math.inf]
    assert math.isnan(function(-1.0))
    assert math.isnan(function(math.nan))
    assert function(5e-324) == pytest.approx(-744.4400719213812, rel=1e-15)


@given(x=some.floats(-700.0, 700.0))
def test_the_logarithm_takes_the_exponential_back(x: float) -> None:
    assert elementary.log(elementary.exp(x)) == pytest.approx(x, rel=1e-14, abs=1e-15)


@given(x=some.floats(-100.0, 100.0), more=some.floats(1e-9, 10.0))
def test_the_exponential_grows(x: float, more: float) -> None:
    assert elementary.exp(x) < elementary.exp(x + more)
