"""Tests of how chance and time enter: rates, persistence, shocks and the normal deviate."""

from math import inf, isfinite, sqrt
from statistics import NormalDist

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import chance

shares = st.floats(0.0, 1.0)
rates = st.floats(0.0, 0.999)
weeks = st.floats(0.01, 10.0)
inner = st.floats(1e-15, 1.0 - 1e-15)


def test_two_halves_of_a_week_give_the_weekly_chance() -> None:
    half = chance.per_round(0.36, 0.5)
    assert half == pytest.approx(0.2)
    assert 1.0 - (1.0 - half) * (1.0 - half) == pytest.approx(0.36)


@pytest.mark.parametrize(("rate", "certain"), [(0.0, 0.0), (1.0, 1.0), (2.0, 1.0)])
def test_what_never_or_always_happens_does_so_in_a_round_of_any_length(rate: float, certain: float) -> None:
    assert chance.per_round(rate, 0.25) == chance.per_round(rate, 4.0) == certain


@given(rates, rates, weeks)
def test_a_chance_a_round_is_a_share_that_rises_with_its_rate(one: float, other: float, span: float) -> None:
    low, high = sorted((one, other))
    assert 0.0 <= chance.per_round(low, span) <= chance.per_round(high, span) <= 1.0


@given(rates, weeks, weeks)
def test_a_longer_round_is_never_less_eventful(rate: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert chance.per_round(rate, low) <= chance.per_round(rate, high)


def test_what_is_kept_of_a_deviation_compounds() -> None:
    assert chance.kept(0.81, 0.5) == pytest.approx(0.9)
    assert chance.kept(0.9, 2.0) == pytest.approx(0.81)


@pytest.mark.parametrize(("persistence", "left"), [(0.0, 0.0), (-1.0, 0.0), (1.0, 1.0)])
def test_nothing_or_everything_of_a_deviation_is_kept_at_the_limits(persistence: float, left: float) -> None:
    assert chance.kept(persistence, 3.0) == left


@given(st.floats(0.0, 2.0), st.floats(0.0, 0.999), st.sampled_from((0.2, 0.5, 1.0, 2.0)))
def test_the_long_run_spread_does_not_depend_on_the_length_of_a_round(sd: float, rho: float, span: float) -> None:
    left = chance.kept(rho, span)
    stationary = chance.shock_sd(sd, rho, span) / sqrt(1.0 - left * left)
    assert stationary == pytest.approx(sd / sqrt(1.0 - rho * rho))


def test_a_random_walk_spreads_with_the_root_of_time() -> None:
    assert chance.shock_sd(0.3, 1.0, 4.0) == pytest.approx(0.6)


def test_a_shock_over_one_week_is_the_weekly_one() -> None:
    assert chance.shock_sd(0.25, 0.9, 1.0) == pytest.approx(0.25)


def test_median_luck_leaves_only_what_persists() -> None:
    assert chance.ar1(1.0, 0.0, 0.5, 2.0, luck=0.5) == 0.5
    assert chance.ar1(1.0, 0.4, 0.0, 2.0, luck=0.5) == 0.4


@given(shares, shares, st.floats(-2.0, 2.0))
def test_better_luck_never_lowers_the_next_value(one: float, other: float, value: float) -> None:
    low, high = sorted((one, other))
    assert chance.ar1(value, 0.0, 0.9, 0.3, low) <= chance.ar1(value, 0.0, 0.9, 0.3, high)


@pytest.mark.parametrize("luck", [1e-15, 1e-11, 1e-6, 0.01, 0.0749, 0.0751, 0.3, 0.5, 0.925, 0.975, 1.0 - 1e-9])
def test_the_normal_deviate_is_that_of_the_standard_library(luck: float) -> None:
    assert chance.normal(luck) == pytest.approx(NormalDist().inv_cdf(luck), rel=1e-12, abs=1e-15)


@given(inner)
def test_the_normal_deviate_inverts_the_normal_distribution(luck: float) -> None:
    assert NormalDist().cdf(chance.normal(luck)) == pytest.approx(luck, rel=1e-9, abs=1e-15)


@given(inner, inner)
def test_the_normal_deviate_never_falls_with_luck(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert chance.normal(low) <= chance.normal(high)


@given(st.integers(1, 2**20 - 1))
def test_the_normal_deviate_is_symmetric(position: int) -> None:
    luck = position / 2**20
    assert chance.normal(luck) == -chance.normal(1.0 - luck)


def test_the_worst_and_best_luck_are_far_out_but_finite() -> None:
    worst, best = chance.normal(0.0), chance.normal(1.0 - 2.0**-53)
    assert -9.0 < worst < -8.0 < 8.0 < best < 9.0
    assert isfinite(chance.normal(1.0))
    assert chance.normal(1.0) < inf


@pytest.mark.parametrize("luck", [1e-13, 2e-16, 1e-16, 6e-17])
def test_the_normal_deviate_is_right_far_out(luck: float) -> None:
    assert chance.normal(luck) == pytest.approx(NormalDist().inv_cdf(luck), rel=1e-15, abs=0.0)


def test_a_value_returns_to_its_mean_from_both_sides() -> None:
    assert chance.ar1(1.0, 0.4, 0.5, 2.0, luck=0.5) == pytest.approx(0.7)
    assert chance.ar1(0.0, 0.4, 0.5, 2.0, luck=0.5) == pytest.approx(0.2)
