"""Tests of foresight: the force that would follow a truce, and how long peace would last."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import foresight

shares = st.floats(0.0, 1.0)
latent = st.floats(-3.0, 3.0)
weights = st.floats(0.0, 6.0)
bases = st.floats(-8.0, 2.0)
rates = st.floats(0.0, 1.0)
spans = st.floats(0.0, 520.0)


@pytest.mark.parametrize(
    ("pledged", "ready", "logit"),
    [(0.0, 0.0, -2.0), (1.0, 0.5, 0.0), (0.5, 1.0, 0.5), (3.0, 0.5, 0.0), (1.0, 1.0, 1.0)],
)
def test_the_chance_that_a_force_follows_is_logistic_in_public_facts(
    pledged: float, ready: float, logit: float
) -> None:
    read = foresight.follows(pledged, ready, base=-2.0, by_pledged=1.0, by_ready=2.0)
    assert read == pytest.approx(1.0 / (1.0 + exp(-logit)))


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), shares, shares, bases, weights, weights)
def test_more_pledged_and_more_in_place_never_make_a_force_less_likely(
    one: float, other: float, ready: float, readier: float, base: float, by_pledged: float, by_ready: float
) -> None:
    few, many = sorted((one, other))
    less, more = sorted((ready, readier))
    low = foresight.follows(few, less, base, by_pledged, by_ready)
    high = foresight.follows(many, more, base, by_pledged, by_ready)
    assert 0.0 < low <= high < 1.0


@given(st.floats(1.0, 9.0), shares, bases, weights, weights)
def test_what_is_pledged_beyond_the_minimum_makes_a_force_no_likelier(
    pledged: float, ready: float, base: float, by_pledged: float, by_ready: float
) -> None:
    enough = foresight.follows(1.0, ready, base, by_pledged, by_ready)
    assert foresight.follows(pledged, ready, base, by_pledged, by_ready) == enough


@pytest.mark.parametrize(("base", "certain"), [(1e9, 1.0), (-1e9, 0.0)])
def test_however_sure_a_force_is_its_chance_stays_a_number(base: float, certain: float) -> None:
    assert foresight.follows(0.0, 0.0, base, 0.0, 0.0) == pytest.approx(certain, abs=1e-20)


def test_what_a_side_expects_is_weighed_by_its_foresight_and_the_chance() -> None:
    assert foresight.foreseen(0.0, 1.0, foresight=0.5, follows=0.5) == 0.25
    assert foresight.foreseen(1.0, 3.0, foresight=0.5, follows=1.0) == 2.0


@given(latent, latent, shares)
def test_who_is_blind_expects_no_force_and_who_is_rational_its_chance(
    without: float, with_force: float, follows: float
) -> None:
    assert foresight.foreseen(without, with_force, 0.0, follows) == without
    assert foresight.foreseen(without, with_force, 1.0, 1.0) == with_force
    expected = follows * with_force + (1.0 - follows) * without
    assert foresight.foreseen(without, with_force, 1.0, follows) == pytest.approx(expected)


@given(st.floats(0.0, 3.0), st.floats(0.0, 3.0), shares, shares, shares, shares)
def test_more_foresight_never_makes_a_side_expect_less_of_a_force_that_is_worth_more(
    without: float, adds: float, one: float, other: float, follows: float, surer: float
) -> None:
    less, more = sorted((one, other))
    low, high = sorted((follows, surer))
    expected = [foresight.foreseen(without, without + adds, *each) for each in ((less, low), (more, high))]
    assert without - 1e-12 <= expected[0] <= expected[1] + 1e-12
    assert expected[1] <= without + adds + 1e-12


def test_a_rate_a_week_becomes_the_chance_of_war_by_the_horizon() -> None:
    assert foresight.renewed_war(0.02, 52.0) == pytest.approx(1.0 - exp(-1.04))
    assert foresight.renewed_war(0.0, 52.0) == foresight.renewed_war(0.02, 0.0) == 0.0
    assert foresight.renewed_war(1.0, 1e6) == 1.0


@given(rates, rates, spans, spans)
def test_war_is_never_less_likely_at_a_higher_rate_or_a_later_horizon(
    rate: float, higher: float, near: float, far: float
) -> None:
    low, high = sorted((rate, higher))
    early, late = sorted((near, far))
    assert 0.0 <= foresight.renewed_war(low, early) <= foresight.renewed_war(high, late) <= 1.0
