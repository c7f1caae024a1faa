"""Tests of ratifying: whether a pledge survives at home."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import ratifying

latent = st.floats(-3.0, 3.0)
shares = st.floats(0.0, 1.0)
weights = st.floats(0.0, 3.0)


def test_domestic_support_is_lowered_by_the_mean_of_who_holds_back() -> None:
    assert ratifying.domestic_support(0.2, 0.6, 0.5, 0.5, 0.0) == pytest.approx(0.0)
    assert ratifying.domestic_support(0.2, 0.6, 1.0, 1.0, 1.0) == pytest.approx(-0.4)


def test_where_nobody_holds_back_support_is_what_it_is() -> None:
    assert ratifying.domestic_support(-0.3, 2.0, 0.0, 0.0, 0.0) == -0.3


@given(latent, weights, shares, shares, shares)
def test_coalition_parliament_and_public_weigh_the_same(
    support: float, weight: float, one: float, two: float, three: float
) -> None:
    there = ratifying.domestic_support(support, weight, one, two, three)
    assert there == pytest.approx(ratifying.domestic_support(support, weight, three, one, two))
    assert support - weight - 1e-9 <= there <= support


@pytest.mark.parametrize(
    ("readiness", "domestic", "passes"), [(1.1, -0.2, True), (1.0, -0.3, True), (1.0, -0.4, False)]
)
def test_a_pledge_passes_while_readiness_and_support_carry_it(readiness: float, domestic: float, passes: bool) -> None:
    assert ratifying.passes(readiness, domestic, pledged_from=1.0, margin=0.3) is passes


@given(latent, latent, latent, st.floats(0.0, 1.0))
def test_more_support_never_fails_a_pledge(readiness: float, one: float, two: float, margin: float) -> None:
    low, high = sorted((one, two))
    assert ratifying.passes(readiness, low, 1.0, margin) <= ratifying.passes(readiness, high, 1.0, margin)


@given(st.floats(1.0, 3.0), st.floats(0.0, 2.0))
def test_whoever_is_ready_to_pledge_and_meets_no_resistance_ratifies(readiness: float, support: float) -> None:
    assert ratifying.passes(readiness, support, pledged_from=1.0, margin=0.0)
