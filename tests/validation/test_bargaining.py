"""Tests of settlement rules: two actors, all equal, a dictator, and what the sources say of each."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.validation import bargaining

places = st.lists(st.floats(0.0, 100.0), min_size=1, max_size=6)
positive = st.floats(0.1, 10.0)


def test_of_two_places_each_wins_a_condorcet_vote_by_its_weight() -> None:
    assert bargaining.condorcet([0.0, 100.0], [3.0, 1.0]) == pytest.approx([0.75, 0.25])


def test_a_place_between_two_equals_is_likelier_than_either() -> None:
    """It gets two thirds of the votes against either, who split theirs against each other: 1/6, 4/9 and 1/6."""
    assert bargaining.condorcet([0.0, 50.0, 100.0], [1.0, 1.0, 1.0]) == pytest.approx([3 / 14, 8 / 14, 3 / 14])


def test_who_alone_has_weight_wins_every_vote() -> None:
    assert bargaining.condorcet([10.0, 60.0, 90.0], [0.0, 1.0, 0.0]) == pytest.approx([0.0, 1.0, 0.0])


def test_without_weights_all_places_are_alike() -> None:
    assert bargaining.condorcet([10.0, 60.0], [0.0, 0.0]) == [0.5, 0.5]


@given(places, st.data())
def test_the_chances_of_all_places_add_up_to_one(where: list[float], data: st.DataObject) -> None:
    weights = data.draw(st.lists(positive, min_size=len(where), max_size=len(where)))
    assert isclose(sum(bargaining.condorcet(where, weights)), 1.0)


def test_a_gain_is_the_way_that_a_settlement_comes_nearer_than_breakdown() -> None:
    assert bargaining.gain(40.0, ideal=100.0, reference=0.0, cost=0.0) == 40.0
    assert bargaining.gain(40.0, ideal=0.0, reference=0.0, cost=100.0) == 60.0


def test_nash_splits_the_difference_of_two_equals_whom_breakdown_hurts_alike() -> None:
    assert bargaining.nash([0.0, 100.0], [1.0, 1.0], reference=50.0, cost=100.0) == pytest.approx(50.0, abs=1e-3)


def test_nash_without_cost_gives_all_to_whom_the_reference_point_favours() -> None:
    """Gains are 80 - x and x between 40 and 80, whose product falls from 40 on."""
    assert bargaining.nash([40.0, 100.0], [1.0, 1.0], reference=0.0, cost=0.0) == pytest.approx(40.0, abs=1e-3)


def test_nash_moves_to_the_first_order_condition_of_its_weights() -> None:
    """With cost 100 and the reference point at 0, gains are 100 - x and 100 + x: w2 (100 - x) = w1 (100 + x)."""
    assert bargaining.nash([0.0, 100.0], [1.0, 3.0], reference=0.0, cost=100.0) == pytest.approx(50.0, abs=1e-3)


def test_the_reference_point_stands_where_somebody_likes_it_best_and_breakdown_costs_nothing() -> None:
    weights = [1.0, 1.0, 1.0]
    assert bargaining.nash([0.0, 60.0, 100.0], weights, reference=0.0, cost=0.0) == 0.0
    assert bargaining.kalai_smorodinsky([0.0, 60.0, 100.0], weights, reference=0.0, cost=0.0) == pytest.approx(0.0)


def test_kalai_and_smorodinsky_give_both_the_same_share_of_what_they_could_gain() -> None:
    """Shares are (200 - x) / 200 and x / 100: equal at two thirds of the way."""
    settlement = bargaining.kalai_smorodinsky([0.0, 100.0], [1.0, 1.0], reference=100.0, cost=100.0)
    assert settlement == pytest.approx(200 / 3, abs=1e-6)


@pytest.mark.parametrize("rule", [bargaining.nash, bargaining.kalai_smorodinsky])
def test_a_dictator_and_unanimity_get_what_they_want(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule([20.0, 70.0, 90.0], [0.0, 1.0, 0.0], 0.0, 100.0) == pytest.approx(70.0, abs=1e-3)
    assert rule([30.0, 30.0], [1.0, 2.0], 90.0, 100.0) == pytest.approx(30.0)


@pytest.mark.parametrize("rule", [bargaining.nash, bargaining.kalai_smorodinsky])
@given(where=places, reference=st.floats(0.0, 100.0))
def test_a_costly_breakdown_is_settled_within_the_range_of_places(rule, where, reference) -> None:  # type: ignore[no-untyped-def]
    settlement = rule(where, [1.0] * len(where), reference, 100.0)
    assert min(where) - 1e-6 <= settlement <= max(where) + 1e-6


@given(where=places, reference=st.floats(0.0, 100.0))
def test_nash_treats_both_ends_of_the_scale_alike(where: list[float], reference: float) -> None:
    weights = [1.0 + at for at in range(len(where))]
    there = bargaining.nash(where, weights, reference, 100.0)
    back = bargaining.nash([100.0 - place for place in where], weights, 100.0 - reference, 100.0)
    assert there == pytest.approx(100.0 - back, abs=1e-2)


def test_who_cares_wholly_is_moved_by_nobody() -> None:
    assert [bargaining.openness(0.4, salience) for salience in (0.0, 0.75, 1.0)] == pytest.approx([0.4, 0.1, 0.0])


def test_talks_settle_on_the_nearest_place_within_reach() -> None:
    assert bargaining.focal(61.0, [0.0, 50.0, 70.0], reach=10.0) == 70.0
    assert bargaining.focal(35.0, [0.0, 50.0], reach=10.0) == 35.0


@given(st.floats(0.0, 100.0), places, st.floats(0.0, 50.0))
def test_a_focal_point_is_never_further_than_its_reach(settlement: float, where: list[float], reach: float) -> None:
    assert abs(bargaining.focal(settlement, where, reach) - settlement) <= reach


def test_only_the_proportions_of_weights_count_in_a_condorcet_vote() -> None:
    assert bargaining.condorcet([0.0, 1.0], [0.3, 0.1]) == pytest.approx([0.75, 0.25])


def test_places_that_coincide_share_no_vote() -> None:
    """Each of the three wins or loses against the other side by half of the votes; the twins do not meet."""
    assert bargaining.condorcet([0.0, 0.0, 100.0], [1.0, 1.0, 2.0]) == pytest.approx([0.4, 0.4, 0.2])


@pytest.mark.parametrize("rule", [bargaining.nash, bargaining.kalai_smorodinsky])
def test_who_has_no_weight_blocks_nothing(rule) -> None:  # type: ignore[no-untyped-def]
    assert rule([20.0, 70.0, 90.0], [0.0, 1.0, 0.0], 0.0, 0.0) == pytest.approx(70.0, abs=1e-3)


def test_where_nobody_has_weight_the_reference_point_stands() -> None:
    assert bargaining.kalai_smorodinsky([0.0, 100.0], [0.0, 0.0], reference=30.0, cost=100.0) == 30.0


def test_the_length_of_the_scale_does_not_matter() -> None:
    assert bargaining.nash([0.0, 1.0], [1.0, 3.0], reference=0.0, cost=1.0) == pytest.approx(0.5, abs=1e-5)
    settlement = bargaining.kalai_smorodinsky([0.0, 0.1], [1.0, 1.0], reference=0.1, cost=0.1)
    assert settlement == pytest.approx(0.2 / 3, abs=1e-9)


def test_of_two_places_equally_near_the_first_is_settled_on_and_reach_includes_its_end() -> None:
    assert bargaining.focal(60.0, [50.0, 70.0], reach=10.0) == 50.0
    assert bargaining.focal(61.0, [50.0, 90.0], reach=30.0) == 50.0
