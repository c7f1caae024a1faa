"""Tests of holding: how often a force is attacked, who leaves it, and when it ends."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import holding

shares = st.floats(0.0, 1.0)
weights = st.floats(0.0, 3.0)
latent = st.floats(-3.0, 3.0)
troops = st.floats(0.0, 100_000.0)


def test_a_force_that_nothing_exposes_or_guards_is_attacked_at_the_base_rate() -> None:
    assert holding.attack_rate(0.02, 0.0, 0.0, 0.0, 0.0, 1.0) == 0.02


def test_exposure_and_war_raise_and_consent_promise_and_worth_lower_the_rate_of_attack() -> None:
    assert holding.attack_rate(0.02, 0.6, 0.1, 0.2, 0.3, 1.0) == pytest.approx(0.02)
    assert holding.attack_rate(0.02, 1.0, 0.0, 0.0, 0.0, 3.0) == pytest.approx(0.06 * exp(1.0))


@given(shares, weights, weights, weights, weights, st.floats(0.0, 5.0))
def test_the_rate_of_attack_is_a_share_that_each_protection_lowers(
    base: float, exposure: float, consent: float, promise: float, worth: float, war: float
) -> None:
    rate = holding.attack_rate(base, exposure, consent, promise, worth, war)
    assert 0.0 <= rate <= 1.0
    assert holding.attack_rate(base, exposure, consent + 1.0, promise, worth, war) <= rate
    assert holding.attack_rate(base, exposure, consent, promise + 1.0, worth, war) <= rate
    assert holding.attack_rate(base, exposure, consent, promise, worth + 1.0, war) <= rate
    assert holding.attack_rate(base, exposure + 1.0, consent, promise, worth, war) >= rate


def test_where_nobody_attacks_nothing_provokes_an_attack() -> None:
    assert holding.attack_rate(0.0, 9.0, 0.0, 0.0, 0.0, 5.0) == 0.0


@pytest.mark.parametrize(("shock", "leaves"), [(0.0, False), (0.5, False), (0.6, True)])
def test_a_contributor_leaves_once_the_shock_takes_it_past_its_margin(shock: float, leaves: bool) -> None:
    assert holding.leaves(1.2, shock, pledged_from=1.0, margin=0.3) is leaves


@given(latent, weights, weights, st.floats(0.0, 1.0))
def test_a_greater_shock_never_keeps_a_contributor(readiness: float, one: float, two: float, margin: float) -> None:
    small, great = sorted((one, two))
    assert holding.leaves(readiness, small, 1.0, margin) <= holding.leaves(readiness, great, 1.0, margin)


@given(st.floats(0.71, 3.0))
def test_whoever_is_still_ready_stays_where_there_is_no_shock(readiness: float) -> None:
    assert not holding.leaves(readiness, 0.0, pledged_from=1.0, margin=0.3)


@pytest.mark.parametrize(("left", "over"), [(0.0, True), (5.9, True), (6.0, False), (12.0, False)])
def test_a_force_ends_below_half_its_minimum(left: float, over: bool) -> None:
    assert holding.ends(left, minimum=12.0) is over


@given(troops, troops, st.floats(1.0, 100_000.0))
def test_a_larger_force_never_ends_where_a_smaller_one_stays(one: float, two: float, minimum: float) -> None:
    small, large = sorted((one, two))
    assert holding.ends(large, minimum) <= holding.ends(small, minimum)
