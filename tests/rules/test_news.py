"""Tests of the news: optimism learns from stalemate, and posture turns without wandering off."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import news

optimisms = st.floats(0.0, 3.0)
decays = st.floats(0.0, 1.0)
advantages = st.floats(-5.0, 5.0)
postures = st.floats(-3.0, 3.0)


def test_in_full_stalemate_optimism_loses_its_whole_weekly_share() -> None:
    assert news.optimism_left(1.0, decay=0.01, battlefield=0.0, weeks=1.0) == pytest.approx(0.99)
    assert news.optimism_left(1.0, decay=0.01, battlefield=0.0, weeks=2.0) == pytest.approx(0.99 * 0.99)


def test_a_moving_line_slows_the_decay_of_optimism() -> None:
    assert news.optimism_left(1.0, decay=0.5, battlefield=1.0, weeks=1.0) == pytest.approx(0.5 ** exp(-1.0))


@given(optimisms, decays, advantages)
def test_optimism_stays_between_nothing_and_where_it_was(optimism: float, decay: float, advantage: float) -> None:
    assert 0.0 <= news.optimism_left(optimism, decay, advantage, 1.0) <= optimism


@given(optimisms, decays, advantages, advantages)
def test_optimism_never_lasts_longer_under_more_of_a_stalemate(
    optimism: float, decay: float, one: float, other: float
) -> None:
    still, moving = sorted((one, other), key=abs)
    assert news.optimism_left(optimism, decay, still, 1.0) <= news.optimism_left(optimism, decay, moving, 1.0) + 1e-12


@given(optimisms, decays, advantages)
def test_who_gains_does_not_matter_to_what_is_learnt(optimism: float, decay: float, advantage: float) -> None:
    mirrored = news.optimism_left(optimism, decay, -advantage, 1.0)
    assert news.optimism_left(optimism, decay, advantage, 1.0) == mirrored


@pytest.mark.parametrize(("decay", "left"), [(0.0, 0.7), (1.0, 0.0), (1.5, 0.0)])
def test_optimism_that_decays_not_at_all_or_at_once(decay: float, left: float) -> None:
    assert news.optimism_left(0.7, decay, battlefield=0.3, weeks=1.0) == left


def test_a_turn_moves_posture_by_its_step() -> None:
    assert news.turned_posture(0.25, start=0.0, step=0.5) == 0.75
    assert news.turned_posture(0.25, start=0.0, step=-0.5) == -0.25


@pytest.mark.parametrize(("step", "bound"), [(1.0, 2.0), (-1.0, -2.0)])
def test_a_posture_at_its_bound_turns_no_further(step: float, bound: float) -> None:
    assert news.turned_posture(bound, start=0.0, step=step) == bound


@given(postures, st.lists(st.sampled_from((0.7, -0.7)), max_size=12))
def test_posture_never_leaves_two_steps_around_its_start(start: float, turns: list[float]) -> None:
    posture = start
    for step in turns:
        posture = news.turned_posture(posture, start, step)
        assert abs(posture - start) <= 1.4 + 1e-12


def test_a_turn_of_no_size_changes_nothing() -> None:
    assert news.turned_posture(0.3, start=0.3, step=0.0) == 0.3
