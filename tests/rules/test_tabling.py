"""Tests of the table: who proposes, what it likes, whose veto stands, and what a package is worth to whom."""

from math import log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import tabling

shares = st.floats(0.0, 1.0)
weights = st.floats(0.0, 5.0)
panels = st.lists(st.tuples(shares, st.floats(0.01, 5.0)), min_size=1, max_size=9)


def test_the_mean_of_positions_goes_by_weight() -> None:
    assert tabling.weighted_mean([0.0, 1.0], [3.0, 1.0]) == pytest.approx(0.25)
    assert tabling.weighted_mean([0.0, 1.0], [0.3, 0.1]) == pytest.approx(0.25)


def test_without_any_weight_the_mean_is_that_of_all() -> None:
    assert tabling.weighted_mean([0.0, 0.5, 1.0], [0.0, 0.0, 0.0]) == pytest.approx(0.5)


def test_the_median_has_half_of_the_weight_on_either_side() -> None:
    assert tabling.weighted_median([0.0, 0.4, 1.0], [1.0, 1.0, 1.5]) == 0.4
    assert tabling.weighted_median([1.0, 0.4, 0.0], [1.5, 1.0, 1.0]) == 0.4


def test_of_two_medians_the_lower_one_counts() -> None:
    assert tabling.weighted_median([0.2, 0.8], [1.0, 1.0]) == 0.2


def test_who_has_most_of_the_weight_is_the_median() -> None:
    assert tabling.weighted_median([0.1, 0.5, 0.9], [0.1, 0.1, 5.0]) == 0.9


@given(panels)
def test_a_compromise_lies_between_the_outermost_positions(panel: list[tuple[float, float]]) -> None:
    places, by_weight = [place for place, _ in panel], [weight for _, weight in panel]
    assert min(places) - 1e-9 <= tabling.weighted_mean(places, by_weight) <= max(places) + 1e-9
    assert tabling.weighted_median(places, by_weight) in places


@given(panels)
def test_at_least_half_of_the_weight_stands_at_or_below_the_median(panel: list[tuple[float, float]]) -> None:
    median = tabling.weighted_median([place for place, _ in panel], [weight for _, weight in panel])
    below = sum(weight for place, weight in panel if place <= median)
    strictly = sum(weight for place, weight in panel if place < median)
    half = 0.5 * sum(weight for _, weight in panel)
    assert below >= half - 1e-9
    assert strictly <= half + 1e-9


@given(panels)
def test_a_compromise_does_not_depend_on_the_order_of_the_actors(panel: list[tuple[float, float]]) -> None:
    there = tabling.weighted_median([place for place, _ in panel], [1.0] * len(panel))
    assert there == tabling.weighted_median([place for place, _ in reversed(panel)], [1.0] * len(panel))


def test_pledges_raise_standing() -> None:
    assert tabling.standing(0.5, raise_by_pledges=1.0, pledged=0.4) == pytest.approx(0.7)


@given(weights, weights, st.floats(0.0, 3.0), st.floats(0.0, 3.0))
def test_standing_never_falls_with_pledges_and_stops_rising_at_the_minimum(
    own: float, raised: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert own <= tabling.standing(own, raised, low) <= tabling.standing(own, raised, high)
    assert tabling.standing(own, raised, high) <= own * (1.0 + raised) + 1e-12


def test_a_loss_is_quadratic_and_weighted_by_salience() -> None:
    assert tabling.loss(0.5, 0.0, 0.1, 1.0, 1.0, 2.0) == pytest.approx(0.27)
    assert tabling.loss(1.0, 0.0, 0.0, 1.0, 1.0, 1.0) == 4.0 * tabling.loss(0.5, 0.0, 0.0, 1.0, 1.0, 1.0)


def test_ones_own_ideal_costs_nothing() -> None:
    assert tabling.loss(0.0, 0.0, 0.0, 1.0, 2.0, 3.0) == 0.0


@given(shares, shares, shares, weights, weights, weights)
def test_which_side_a_mission_errs_on_does_not_matter(
    mandate: float, place: float, flag: float, one: float, two: float, three: float
) -> None:
    mirrored = tabling.loss(-mandate, -place, -flag, one, two, three)
    assert tabling.loss(mandate, place, flag, one, two, three) == mirrored >= 0.0


def test_kyiv_refuses_what_is_worth_too_little_and_yields_under_pressure() -> None:
    assert tabling.host_blocks(0.10, floor=0.25, relief=0.1, pressure=0.5)
    assert not tabling.host_blocks(0.10, floor=0.25, relief=0.3, pressure=0.5)
    assert not tabling.host_blocks(0.25, floor=0.25, relief=0.0, pressure=0.0)


@given(shares, shares, shares, shares, shares)
def test_kyiv_never_refuses_under_pressure_what_it_would_host_without(
    worth: float, floor: float, relief: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    assert tabling.host_blocks(worth, floor, relief, low) or not tabling.host_blocks(worth, floor, relief, high)


@pytest.mark.parametrize(("pressure", "stands"), [(0.0, True), (0.6, True), (0.61, False)])
def test_a_veto_yields_when_pressure_passes_its_firmness(pressure: float, stands: bool) -> None:
    assert tabling.veto_stands(0.6, pressure) is stands


@pytest.mark.parametrize(("supply", "dropped"), [(20.0, True), (35.9, True), (36.0, False), (90.0, False)])
def test_sponsors_drop_a_mission_whose_troops_are_nowhere_in_sight(supply: float, dropped: bool) -> None:
    assert tabling.too_few(supply, minimum=60.0, share=0.6) is dropped


@pytest.mark.parametrize(
    ("host", "opponent", "agreed"),
    [(1.0, 3.0, 0.7), (1.0, 1.0, 0.6), (0.0, 1.0, 0.8), (1.0, 0.0, 0.4), (0.0, 0.0, 0.6)],
)
def test_an_overlap_is_split_by_weight(host: float, opponent: float, agreed: float) -> None:
    assert tabling.agreed(0.8, 0.4, host, opponent) == pytest.approx(agreed)


@given(shares, st.floats(0.01, 2.0), weights, weights)
def test_what_is_agreed_lies_in_the_overlap_and_moves_towards_who_gains_weight(
    least: float, overlap: float, host: float, opponent: float
) -> None:
    most = least + overlap
    agreed = tabling.agreed(most, least, host, opponent)
    assert least - 1e-12 <= agreed <= most + 1e-12
    if host + opponent > 0.0:
        assert tabling.agreed(most, least, host, opponent + 1.0) >= agreed - 1e-12
        assert tabling.agreed(most, least, host + 1.0, opponent) <= agreed + 1e-12


@given(shares, st.floats(0.01, 2.0), st.floats(0.05, 5.0), st.floats(0.05, 5.0), st.floats(0.001, 0.999))
def test_no_other_concession_has_a_greater_weighted_product_of_gains(
    least: float, overlap: float, host: float, opponent: float, share: float
) -> None:
    def product(conceded: float) -> float:
        kyivs = tabling.weighed_gain(least + overlap - conceded, host)
        return kyivs + tabling.weighed_gain(conceded - least, opponent)

    best = product(tabling.agreed(least + overlap, least, host, opponent))
    assert product(least + share * overlap) <= best + 1e-9


def test_a_gain_is_weighed_as_a_logarithm() -> None:
    assert tabling.weighed_gain(1.0, 2.0) == 0.0
    assert tabling.weighed_gain(0.25, 2.0) == pytest.approx(2.0 * log(0.25))


@pytest.mark.parametrize("gain", [0.0, -1e-9, -3.0])
def test_nobody_takes_a_loss_however_little_it_weighs(gain: float) -> None:
    assert tabling.weighed_gain(gain, 0.0) == tabling.weighed_gain(gain, 1.0) == tabling.NO_DEAL


@given(st.floats(1e-6, 3.0), st.floats(1e-6, 3.0), weights)
def test_a_greater_gain_never_weighs_less_and_always_more_than_no_deal(one: float, other: float, weight: float) -> None:
    small, great = (tabling.weighed_gain(gain, weight) for gain in sorted((one, other)))
    assert tabling.NO_DEAL < small <= great


@given(st.floats(-2.0, 1.0), st.floats(-2.0, 1.0), shares, shares)
def test_the_broker_gains_from_a_deal_by_what_it_has_to_spare_less_what_it_pays(
    one: float, other: float, relief: float, more: float
) -> None:
    little, much = sorted((one, other))
    assert tabling.broker_gain(0.0, 0.0) == 1.0
    assert tabling.broker_gain(little, relief) <= tabling.broker_gain(much, relief)
    assert tabling.broker_gain(little, relief + more) <= tabling.broker_gain(little, relief)


@given(shares, shares, shares, weights, weights, weights)
def test_a_mission_is_worth_most_at_ones_ideal_and_nothing_as_far_off_as_can_be(
    mandate: float, place: float, flag: float, one: float, two: float, three: float
) -> None:
    salience = (one, two, three)
    assert tabling.mission_gain(0.0, *salience) == 1.0
    worth = tabling.mission_gain(tabling.loss(mandate, place, flag, *salience), *salience)
    assert -1e-9 <= worth <= 1.0
    if sum(salience) > 0.0:
        assert tabling.mission_gain(tabling.loss(1.0, 1.0, 1.0, *salience), *salience) == pytest.approx(0.0, abs=1e-9)


def test_who_cares_for_no_issue_likes_every_mission() -> None:
    assert tabling.mission_gain(0.0, 0.0, 0.0, 0.0) == 1.0


def test_a_truce_without_a_force_is_worth_less_than_the_best_force_and_more_than_the_worst() -> None:
    assert tabling.mission_gain(2.0, 1.0, 0.5, 0.5) < tabling.WITHOUT_A_FORCE < tabling.mission_gain(0.0, 1.0, 0.5, 0.5)
