"""Tests of lobbying: limited effort, payoffs with a lag, positions held by their anchors."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import lobbying

shares = st.floats(0.0, 1.0)
numbers = st.floats(-10.0, 10.0)
edges = st.lists(st.tuples(st.floats(0.01, 1.0), st.floats(0.01, 1.0)), min_size=1, max_size=8)
"""Strengths and shortfalls of a source's edges."""


def test_a_shortfall_is_the_gap_between_nothing_and_everything() -> None:
    assert [lobbying.shortfall(gap) for gap in (-1.0, 0.0, 0.4, 1.0, 7.0)] == [0.0, 0.0, 0.4, 1.0, 1.0]


def test_an_edge_is_used_up_to_its_shortfall_as_long_as_the_budget_lasts() -> None:
    assert lobbying.effort(0.4, total=0.8, budget=1.0) == 0.4
    assert lobbying.effort(0.4, total=0.8, budget=0.8) == 0.4
    assert lobbying.effort(0.4, total=0.8, budget=0.4) == pytest.approx(0.2)
    assert lobbying.effort(0.4, total=0.8, budget=0.0) == 0.0


@given(edges, shares)
def test_a_source_spends_its_whole_budget_or_all_that_there_is_to_gain_and_never_more(
    panel: list[tuple[float, float]], budget: float
) -> None:
    total = sum(strength * wanting for strength, wanting in panel)
    spent = sum(strength * lobbying.effort(wanting, total, budget) for strength, wanting in panel)
    assert spent == pytest.approx(min(budget, total))


@given(shares, st.floats(0.0, 8.0), shares)
def test_no_edge_is_used_beyond_its_shortfall(wanting: float, total: float, budget: float) -> None:
    assert 0.0 <= lobbying.effort(wanting, total, budget) <= wanting


@given(st.floats(0.01, 1.0), st.floats(0.01, 1.0), edges, shares)
def test_a_lone_edge_gains_nothing_from_being_alone(
    strength: float, wanting: float, others: list[tuple[float, float]], budget: float
) -> None:
    own = strength * wanting
    alone = lobbying.effort(wanting, own, budget)
    among = lobbying.effort(wanting, own + sum(each * its for each, its in others), budget)
    assert among <= alone <= wanting
    if budget >= own + sum(each * its for each, its in others):
        assert among == alone == wanting


@given(edges, edges, shares)
def test_what_is_spent_is_in_proportion_to_strength_and_shortfall(
    one: list[tuple[float, float]], other: list[tuple[float, float]], budget: float
) -> None:
    total = sum(strength * wanting for strength, wanting in (*one, *other))
    first, second = one[0], other[0]
    efforts = [lobbying.effort(wanting, total, budget) for _, wanting in (first, second)]
    assert efforts[0] * second[1] == pytest.approx(efforts[1] * first[1])


def test_where_nothing_is_to_be_gained_no_effort_is_made() -> None:
    assert lobbying.effort(0.0, total=0.0, budget=1.0) == 0.0
    assert lobbying.effort(0.0, total=2.0, budget=1.0) == 0.0
    assert lobbying.effort(0.0, total=0.0, budget=0.0) == 0.0


def test_the_broker_presses_more_after_a_turn_and_less_when_drawn() -> None:
    assert lobbying.broker_willingness(0.3, turn=0.1, drawn=0.2) == pytest.approx(0.2)
    assert lobbying.broker_willingness(0.3, turn=0.1, drawn=0.0) == pytest.approx(0.4)


@given(shares, numbers, numbers)
def test_the_brokers_willingness_is_a_share(willingness: float, turn: float, drawn: float) -> None:
    assert 0.0 <= lobbying.broker_willingness(willingness, turn, drawn) <= 1.0


@given(shares, numbers, st.floats(0.0, 5.0), st.floats(0.0, 5.0))
def test_the_broker_is_never_readier_the_more_it_is_drawn(own: float, turn: float, one: float, other: float) -> None:
    less, more = sorted((one, other))
    assert lobbying.broker_willingness(own, turn, more) <= lobbying.broker_willingness(own, turn, less)


def test_a_payoff_closes_a_share_of_its_gap() -> None:
    assert lobbying.payoff(0.0, adjustment=0.2, incentives=0.5) == pytest.approx(0.1)
    assert lobbying.payoff(1.0, adjustment=0.2, incentives=0.0) == pytest.approx(0.8)


@pytest.mark.parametrize(("adjustment", "after"), [(0.0, 0.7), (1.0, -0.2)])
def test_a_payoff_that_never_or_at_once_adjusts(adjustment: float, after: float) -> None:
    assert lobbying.payoff(0.7, adjustment, incentives=-0.2) == after


@given(numbers, shares, numbers)
def test_a_payoff_stays_between_what_it_was_and_what_is_put_to_it(before: float, speed: float, put: float) -> None:
    low, high = sorted((before, put))
    assert low - 1e-9 <= lobbying.payoff(before, speed, put) <= high + 1e-9


def test_a_position_moves_towards_others_as_far_as_it_is_susceptible() -> None:
    assert lobbying.position(0.5, anchor=0.5, others=1.0, susceptibility=0.4, speed=0.5) == pytest.approx(0.6)


@given(shares, shares, shares, shares, shares)
def test_a_position_never_leaves_the_unit_range(
    now: float, anchor: float, others: float, susceptibility: float, speed: float
) -> None:
    assert -1e-12 <= lobbying.position(now, anchor, others, susceptibility, speed) <= 1.0 + 1e-12


def test_who_cannot_be_moved_returns_to_the_anchor() -> None:
    now = 0.9
    for _ in range(200):
        now = lobbying.position(now, anchor=0.2, others=1.0, susceptibility=0.0, speed=0.3)
    assert now == pytest.approx(0.2)


def test_in_the_long_run_a_position_rests_between_anchor_and_others() -> None:
    now = 0.2
    for _ in range(200):
        now = lobbying.position(now, anchor=0.2, others=1.0, susceptibility=0.25, speed=0.3)
    assert now == pytest.approx(0.75 * 0.2 + 0.25 * 1.0)
