"""Tests of the news: posture turns without wandering off, and aid that is cut turns the war."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import news

postures = st.floats(-3.0, 3.0)


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


shares, weights = st.floats(0.0, 1.0), st.floats(0.0, 3.0)


def test_aid_that_is_not_cut_turns_no_war() -> None:
    assert news.unarmed(1.5, arms=0.8, cut=0.0) == 0.0


def test_all_aid_cut_turns_the_war_by_all_arms_and_no_more() -> None:
    assert news.unarmed(1.5, arms=0.5, cut=1.0) == news.unarmed(1.5, arms=0.5, cut=4.0) == 0.75


@given(weights, shares, shares, shares)
def test_the_more_is_cut_the_further_the_war_turns(weight: float, arms: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert news.unarmed(weight, arms, less) <= news.unarmed(weight, arms, more) <= weight * arms
