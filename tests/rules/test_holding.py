"""Tests of holding: how often a force is attacked and answers, what it keeps, who leaves it, and when it ends."""

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


@pytest.mark.parametrize(
    ("weeks", "rotation", "kept"),
    [
        (0.0, 4.0, 8000.0),
        (25.9, 4.0, 8000.0),
        (26.0, 4.0, 2000.0),
        (100.0, 4.0, 2000.0),
        (26.0, 1.0, 8000.0),
        (26.0, 0.5, 8000.0),
    ],
)
def test_past_its_first_tour_a_state_keeps_one_of_its_units_in_the_field(
    weeks: float, rotation: float, kept: float
) -> None:
    assert holding.sustained(8000.0, weeks, tour=26.0, rotation=rotation) == kept


@given(troops, st.floats(0.0, 200.0), st.floats(0.0, 200.0), st.floats(0.0, 100.0), st.floats(0.0, 6.0))
def test_what_is_kept_never_grows_with_time_nor_beyond_what_can_be_sent(
    capacity: float, one: float, other: float, tour: float, rotation: float
) -> None:
    early, late = (holding.sustained(capacity, weeks, tour, rotation) for weeks in sorted((one, other)))
    assert 0.0 <= late <= early <= capacity
    assert early in (capacity, late)


@given(troops, st.floats(0.0, 200.0), st.floats(1.0, 6.0), st.floats(1.0, 6.0))
def test_more_units_to_a_place_never_keep_more_in_the_field(
    capacity: float, weeks: float, one: float, other: float
) -> None:
    few, many = sorted((one, other))
    assert holding.sustained(capacity, weeks, 26.0, many) <= holding.sustained(capacity, weeks, 26.0, few)


@pytest.mark.parametrize(
    ("luck", "chance", "retaliates", "fire"),
    [
        (0.1, 0.5, 0.25, True),
        (0.125, 0.5, 0.25, False),
        (0.3, 0.5, 0.25, False),
        (0.3, 0.5, 1.0, True),
        (0.0, 0.1, 0.0, False),
        (0.0, 0.0, 1.0, False),
    ],
)
def test_fire_is_answered_in_a_share_of_attacks(luck: float, chance: float, retaliates: float, fire: bool) -> None:
    assert holding.answers_fire(luck, chance, retaliates) is fire


@given(shares, shares, shares)
def test_fire_is_answered_only_where_there_is_an_attack(luck: float, chance: float, retaliates: float) -> None:
    attacked = luck < chance
    assert holding.answers_fire(luck, chance, retaliates) <= attacked
    assert holding.answers_fire(luck, chance, 1.0) == attacked


def test_the_share_of_attacks_that_is_answered_is_the_one_that_is_asked_for() -> None:
    lucks = [(at + 0.5) / 1000 for at in range(1000)]
    attacks = [luck for luck in lucks if luck < 0.4]
    assert sum(holding.answers_fire(luck, 0.4, 0.25) for luck in lucks) == 0.25 * len(attacks)


@pytest.mark.parametrize(
    ("serves", "weeks", "truce", "held"),
    [
        (True, 0.0, True, True),
        (True, 25.5, True, True),
        (True, 26.0, True, False),
        (True, 0.0, False, False),
        (False, 0.0, True, False),
    ],
)
def test_a_state_in_the_field_is_held_to_its_first_tour_under_a_truce(
    serves: bool, weeks: float, truce: bool, held: bool
) -> None:
    assert holding.bound(serves, weeks, tour=26.0, truce=truce) is held
