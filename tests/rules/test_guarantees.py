"""Tests of what a force and a promise are worth, and what they provoke."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import guarantees

shares = st.floats(0.0, 1.0)


def test_forces_at_the_line_weaken_a_mission_and_reserves_help_it() -> None:
    assert guarantees.mission_worth(0.5, 0.2, 0.5, 0.0, 0.0) == pytest.approx(0.45)
    assert guarantees.mission_worth(0.5, 0.0, 0.0, 0.2, 0.5) == pytest.approx(0.55)


def test_with_neither_forces_near_nor_reserves_a_mission_is_worth_its_own() -> None:
    assert guarantees.mission_worth(0.55, 0.3, 0.0, 0.3, 0.0) == 0.55


@given(shares, shares, shares, shares, shares)
def test_a_missions_worth_is_a_share(own: float, loss: float, forward: float, gain: float, reserves: float) -> None:
    assert 0.0 <= guarantees.mission_worth(own, loss, forward, gain, reserves) <= 1.0 + 1e-12


@given(shares, shares, shares, shares)
def test_a_mission_is_never_worth_more_the_more_forces_stay_near(
    own: float, loss: float, one: float, two: float
) -> None:
    few, many = sorted((one, two))
    assert guarantees.mission_worth(own, loss, many, 0.2, 0.5) <= guarantees.mission_worth(own, loss, few, 0.2, 0.5)


@given(shares, shares, shares, shares)
def test_a_mission_is_never_worth_less_the_more_reserves_wait_outside(
    own: float, gain: float, one: float, two: float
) -> None:
    few, many = sorted((one, two))
    less, more = (guarantees.mission_worth(own, 0.2, 0.5, gain, reserves) for reserves in (few, many))
    assert less <= more + 1e-15


def test_each_layer_covers_part_of_what_the_others_leave() -> None:
    assert guarantees.guarantee(0.5, 0.5, 0.0) == 0.75
    assert guarantees.guarantee(0.5, 0.5, 0.5) == 0.875


def test_no_layer_gives_no_guarantee_and_one_full_layer_all_of_it() -> None:
    assert guarantees.guarantee(0.0, 0.0, 0.0) == 0.0
    assert guarantees.guarantee(1.0, 0.0, 0.3) == guarantees.guarantee(0.2, 1.0, 0.0) == 1.0


@given(shares, shares, shares)
def test_a_guarantee_is_a_share_and_at_least_its_best_layer(force: float, promise: float, arms: float) -> None:
    assert max(force, promise, arms) - 1e-12 <= guarantees.guarantee(force, promise, arms) <= 1.0


@given(shares, shares, shares, shares)
def test_a_guarantee_never_falls_with_any_layer(one: float, two: float, promise: float, arms: float) -> None:
    low, high = sorted((one, two))
    assert guarantees.guarantee(low, promise, arms) <= guarantees.guarantee(high, promise, arms)


def test_an_american_promise_provokes_behind_a_western_force_alone() -> None:
    assert guarantees.provocation(0.65, True, 0.2, 0.5) == pytest.approx(0.75)
    assert guarantees.provocation(0.15, False, 0.2, 0.5) == 0.15


@given(shares, shares, shares, shares)
def test_a_higher_rung_never_provokes_less(own: float, adds: float, one: float, two: float) -> None:
    low, high = sorted((one, two))
    assert own <= guarantees.provocation(own, True, adds, low) <= guarantees.provocation(own, True, adds, high)


def test_a_promise_is_worth_what_is_believed_of_it() -> None:
    assert guarantees.promised(0.4, 0.5) == pytest.approx(0.2)
    assert guarantees.promised(0.0, 1.0) == guarantees.promised(1.0, 0.0) == 0.0
    assert guarantees.promised(1.0, 0.85) == 0.85


@given(shares, shares, shares)
def test_a_promise_is_never_worth_more_to_whom_believes_it_less(one: float, two: float, rung: float) -> None:
    low, high = sorted((one, two))
    assert 0.0 <= guarantees.promised(low, rung) <= guarantees.promised(high, rung) <= rung
