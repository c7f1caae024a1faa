"""Tests of forming: how many troops can be fielded, and whether what is ratified is enough."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import forming

shares = st.floats(0.0, 1.0)
troops = st.floats(0.0, 100_000.0)
states = st.integers(0, 12)


def test_the_ceiling_rises_with_american_enablers() -> None:
    assert forming.ceiling(12.0, 40.0, 0.5, 0.1, 0.0) == 32.0


def test_without_an_offer_nato_planning_still_enables_something() -> None:
    assert forming.ceiling(12.0, 40.0, 0.0, 0.1, 0.0) == 16.0


def test_a_shut_hub_costs_its_share_of_the_ceiling() -> None:
    assert forming.ceiling(12.0, 40.0, 0.5, 0.1, 0.25) == 24.0
    assert forming.ceiling(12.0, 40.0, 1.0, 0.1, 1.0) == 0.0


@given(troops, troops, shares, shares, shares, shares)
def test_the_ceiling_never_falls_with_a_higher_rung(
    alone: float, enabled: float, one: float, two: float, planning: float, loss: float
) -> None:
    low, high = sorted((one, two))
    less, more = (forming.ceiling(alone, enabled, enabling, planning, loss) for enabling in (low, high))
    assert 0.0 <= less <= more <= alone + enabled + 1e-6


@pytest.mark.parametrize(
    ("target", "share", "deployed", "least"),
    [
        (30_000.0, 0.5, True, 15_000.0),
        (1_500.0, 0.5, True, 1_000.0),
        (1_500.0, 0.5, False, 750.0),
        (1_500.0, 0.0, True, 1_000.0),
        (1_500.0, 0.0, False, 1.0),
    ],
)
def test_the_least_worth_sending_is_a_share_of_the_target_and_never_nothing(
    target: float, share: float, deployed: bool, least: float
) -> None:
    assert forming.least_worth_sending(target, share, deployed) == least


@given(st.floats(1000.0, 1e5), shares, shares, st.booleans())
def test_the_least_worth_sending_never_exceeds_the_target_nor_falls_with_its_share(
    target: float, one: float, two: float, deployed: bool
) -> None:
    low, high = (forming.least_worth_sending(target, share, deployed) for share in sorted((one, two)))
    assert 1.0 <= low <= high <= target


@pytest.mark.parametrize(
    ("supplied", "most", "target", "sent"),
    [(35.0, 50.0, 30.0, 30.0), (12.0, 50.0, 30.0, 12.0), (35.0, 20.0, 30.0, 20.0), (35.0, 50.0, 0.0, 0.0)],
)
def test_what_is_sent_is_supplied_under_the_ceiling_and_asked_for(
    supplied: float, most: float, target: float, sent: float
) -> None:
    assert forming.contingent(supplied, most, target) == sent


@given(troops, troops, st.floats(1.0, 100_000.0), shares)
def test_a_contingent_reaches_a_share_of_its_target_whenever_supply_and_ceiling_do(
    supplied: float, most: float, target: float, minimum_share: float
) -> None:
    sent, minimum = forming.contingent(supplied, most, target), minimum_share * target
    assert 0.0 <= sent <= min(supplied, most)
    assert (sent >= minimum) == (min(supplied, most) >= minimum)


@given(troops, troops, troops, troops)
def test_a_higher_ceiling_never_sends_fewer_and_never_more_than_the_target(
    supplied: float, one: float, two: float, target: float
) -> None:
    low, high = sorted((one, two))
    assert forming.contingent(supplied, low, target) <= forming.contingent(supplied, high, target) <= target


@pytest.mark.parametrize(
    ("ratified", "pledged", "minimum", "states_ratified", "states_pledged", "enough"),
    [
        (12.0, 20.0, 12.0, 3, 5, True),
        (12.0, 20.0, 15.0, 3, 5, False),
        (12.0, 20.0, 12.0, 2, 5, False),
        (12.0, 12.0, 60.0, 2, 2, True),
        (11.0, 12.0, 60.0, 2, 2, False),
        (0.0, 0.0, 0.0, 0, 0, False),
    ],
)
def test_enough_is_ratified_in_troops_and_in_states(
    ratified: float, pledged: float, minimum: float, states_ratified: int, states_pledged: int, enough: bool
) -> None:
    assert forming.ratified_enough(ratified, pledged, minimum, states_ratified, states_pledged) is enough


@given(st.floats(1.0, 1e5), troops, states)
def test_if_everything_pledged_is_ratified_it_is_enough(pledged: float, minimum: float, joined: int) -> None:
    assert forming.ratified_enough(pledged, pledged, minimum, joined, joined)


@given(troops, troops, troops, troops, states, states)
def test_more_ratified_troops_never_cease_to_be_enough(
    one: float, two: float, pledged: float, minimum: float, ratified: int, joined: int
) -> None:
    low, high = sorted((one, two))
    before = forming.ratified_enough(low, pledged, minimum, ratified, joined)
    assert before <= forming.ratified_enough(high, pledged, minimum, ratified, joined)


@pytest.mark.parametrize(
    ("lead", "european", "total", "counts"),
    [(True, 6.0, 12.0, True), (True, 5.0, 12.0, False), (False, 12.0, 12.0, False), (True, 12.0, 12.0, True)],
)
def test_a_european_force_has_a_european_lead_and_half_of_its_troops(
    lead: bool, european: float, total: float, counts: bool
) -> None:
    assert forming.mostly_european(lead, european, total) is counts


@given(troops, troops)
def test_without_a_lead_no_force_is_european(european: float, total: float) -> None:
    assert not forming.mostly_european(False, european, total)


@pytest.mark.parametrize(("served", "reached", "share"), [(0, 0, 0.0), (2, 2, 0.0), (2, 1, 0.5), (2, 0, 1.0)])
def test_hubs_are_shut_for_those_to_whom_none_is_open(served: int, reached: int, share: float) -> None:
    assert forming.hubs_shut(served, reached) == share
