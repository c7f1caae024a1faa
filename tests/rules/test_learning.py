"""Tests of learning: from the fighting about the battlefield, from what Washington does about its word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import learning

shares = st.floats(0.0, 1.0)
sds = st.floats(0.0, 1.0)
doubts = st.floats(0.01, 10.0)
advantages = st.floats(-3.0, 3.0)
observations = st.floats(0.0, 50.0)
weights = st.floats(0.1, 50.0)


def test_the_gain_is_that_of_a_kalman_filter_in_its_steady_state() -> None:
    gain, ratio = learning.gain(0.06, doubt=2.0, weeks=1.0), 0.03 * 0.03
    assert gain == pytest.approx(0.029553, abs=1e-6)
    assert gain * gain == pytest.approx(ratio * (1.0 - gain))


@pytest.mark.parametrize(
    ("weekly_sd", "doubt", "gain"),
    [(0.0, 2.0, 0.0), (0.1, 0.0, 1.0), (0.0, 0.0, 1.0), (0.1, -1.0, 1.0), (1e6, 1.0, 1.0)],
)
def test_a_front_that_never_moves_teaches_nothing_and_one_read_without_doubt_all(
    weekly_sd: float, doubt: float, gain: float
) -> None:
    assert learning.gain(weekly_sd, doubt, 1.0) == pytest.approx(gain)


@given(sds, sds, doubts, st.floats(0.1, 2.0))
def test_a_moving_front_teaches_faster(one: float, other: float, doubt: float, weeks: float) -> None:
    still, moving = sorted((one, other))
    slow, fast = (learning.gain(weekly_sd, doubt, weeks) for weekly_sd in (still, moving))
    assert 0.0 <= slow <= fast + 1e-12
    assert fast <= 1.0 + 1e-12


@given(st.floats(0.01, 0.3), st.floats(0.01, 0.3), st.floats(0.5, 5.0), st.floats(0.01, 1.0), st.integers(1, 60))
def test_an_optimism_gap_closes_faster_where_the_front_moves(
    one: float, more: float, doubt: float, gap: float, weeks: int
) -> None:
    left = []
    for weekly_sd in (one, one + more):
        belief = gap
        for _ in range(weeks):
            belief = learning.belief(belief, 0.0, learning.gain(weekly_sd, doubt, 1.0))
        left.append(belief)
    assert 0.0 <= left[1] < left[0] < gap


@given(st.floats(0.01, 1.0), doubts, doubts)
def test_who_doubts_its_reading_more_learns_no_faster(weekly_sd: float, one: float, other: float) -> None:
    sure, unsure = sorted((one, other))
    assert learning.gain(weekly_sd, unsure, 1.0) <= learning.gain(weekly_sd, sure, 1.0) + 1e-12


@given(st.floats(0.001, 0.1), st.floats(1.0, 5.0))
def test_two_half_weeks_teach_about_as_much_as_a_week(weekly_sd: float, doubt: float) -> None:
    whole, half = (learning.gain(weekly_sd, doubt, weeks) for weeks in (1.0, 0.5))
    assert 1.0 - (1.0 - half) * (1.0 - half) == pytest.approx(whole, rel=0.06)


def test_a_belief_closes_a_share_of_its_gap() -> None:
    assert learning.belief(0.8, observed=0.4, gain=0.25) == pytest.approx(0.7)
    assert learning.belief(0.8, observed=0.4, gain=0.0) == 0.8
    assert learning.belief(0.8, observed=0.4, gain=1.0) == pytest.approx(0.4)


@given(advantages, advantages, shares)
def test_a_belief_stays_between_what_it_was_and_what_is_observed(before: float, observed: float, gain: float) -> None:
    low, high = sorted((before, observed))
    assert low - 1e-12 <= learning.belief(before, observed, gain) <= high + 1e-12


@given(advantages, advantages, advantages, shares)
def test_two_sides_that_see_the_same_fighting_come_closer(
    kyiv: float, moscow: float, observed: float, gain: float
) -> None:
    beliefs = [learning.belief(before, observed, gain) for before in (kyiv, moscow)]
    assert abs(beliefs[1] - beliefs[0]) <= abs(moscow - kyiv) + 1e-12


def test_credence_is_the_mean_of_a_beta_belief() -> None:
    assert learning.credence(0.5, 4.0, 0.0, 1.0) == pytest.approx(0.4)
    assert learning.credence(0.5, 4.0, 1.0, 0.0) == pytest.approx(0.6)
    assert learning.credence(0.25, 4.0, 3.0, 1.0) == pytest.approx(0.5)


@given(shares, weights)
def test_before_washington_does_anything_credence_is_what_it_was(prior: float, weight: float) -> None:
    assert learning.credence(prior, weight, 0.0, 0.0) == pytest.approx(prior)


@given(shares)
def test_credence_with_nothing_behind_it_and_nothing_seen_is_its_prior(prior: float) -> None:
    assert learning.credence(prior, 0.0, 0.0, 0.0) == prior


@pytest.mark.parametrize(("kept", "broken", "credence"), [(0.1, 0.0, 1.0), (0.0, 0.1, 0.0), (3.0, 1.0, 0.75)])
def test_credence_with_nothing_behind_it_is_what_was_seen(kept: float, broken: float, credence: float) -> None:
    assert learning.credence(0.3, 0.0, kept, broken) == credence


@given(shares, weights, observations, observations, observations)
def test_a_word_kept_never_lowers_and_a_word_broken_never_raises_credence(
    prior: float, weight: float, kept: float, broken: float, more: float
) -> None:
    now = learning.credence(prior, weight, kept, broken)
    assert -1e-12 <= learning.credence(prior, weight, kept, broken + more) <= now + 1e-12
    assert now - 1e-12 <= learning.credence(prior, weight, kept + more, broken) <= 1.0 + 1e-12


@given(st.floats(0.05, 0.95), weights, weights, st.floats(0.01, 10.0))
def test_the_more_is_behind_a_credence_the_less_it_moves(prior: float, one: float, other: float, broken: float) -> None:
    light, heavy = sorted((one, other))
    fallen = [prior - learning.credence(prior, weight, 0.0, broken) for weight in (light, heavy)]
    assert fallen[1] <= fallen[0] + 1e-12
