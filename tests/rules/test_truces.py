"""Tests of the truce: what each side would settle for, and when a truce breaks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import truces

latent = st.floats(-3.0, 3.0)
positive = st.floats(0.0, 3.0)
shares = st.floats(0.0, 1.0)


def test_kyiv_concedes_for_guarantees_and_under_pressure_and_less_from_memory() -> None:
    assert truces.most_conceded(2.0, 0.5, 0.25, 0.25, 0.5, 1.0) == 0.0
    assert truces.most_conceded(2.5, 0.4, 0.0, 0.0, 0.0, 0.0) == pytest.approx(1.0)


def test_moscow_takes_less_under_pressure_and_wants_more_when_it_is_winning() -> None:
    assert truces.least_taken(0.5, 0.25, 0.25, 0.5, 0.5) == 1.0
    assert truces.least_taken(0.0, 0.0, 0.0, 0.0, 0.75) == -0.75


@given(positive, shares, shares, latent, positive, positive)
def test_more_guarantee_never_makes_kyiv_concede_less(
    worth: float, one: float, two: float, advantage: float, optimism: float, memory: float
) -> None:
    low, high = sorted((one, two))
    less, more = (truces.most_conceded(worth, seen, 0.1, advantage, optimism, memory) for seen in (low, high))
    assert less <= more


@given(latent, positive, positive, latent)
def test_the_battlefield_moves_the_terms_of_both_alike_and_optimism_apart(
    advantage: float, kyiv: float, moscow: float, shift: float
) -> None:
    def overlap(field: float, more: float) -> float:
        most = truces.most_conceded(2.0, 0.5, 0.0, field, kyiv + more, 1.0)
        return most - truces.least_taken(0.5, 0.2, field, moscow + more, 0.0)

    assert overlap(advantage + shift, 0.0) == pytest.approx(overlap(advantage, 0.0))
    assert overlap(advantage, 0.5) == pytest.approx(overlap(advantage, 0.0) - 1.0)


@given(positive, positive, latent, positive, latent, latent)
def test_pressure_never_makes_moscow_ask_for_more(
    provoked: float, claims: float, advantage: float, optimism: float, one: float, two: float
) -> None:
    low, high = sorted((one, two))
    asked = [truces.least_taken(provoked, claims, advantage, optimism, pressure) for pressure in (low, high)]
    assert asked[0] >= asked[1]


def test_the_concession_agreed_on_is_the_midpoint_of_the_overlap() -> None:
    assert truces.concession(0.6, 0.2) == pytest.approx(0.4)


@pytest.mark.parametrize(("most", "least", "agreed"), [(3.0, 2.0, 1.0), (-1.0, -2.0, 0.0), (0.5, 0.5, 0.5)])
def test_a_concession_ends_at_nothing_and_at_everything(most: float, least: float, agreed: float) -> None:
    assert truces.concession(most, least) == agreed


@given(latent, latent)
def test_a_concession_is_a_share(most: float, least: float) -> None:
    assert 0.0 <= truces.concession(most, least) <= 1.0


def test_a_truce_is_imposed_as_far_as_pressure_made_the_overlap() -> None:
    assert truces.imposed(0.5, overlap=0.2) == pytest.approx(0.3)
    assert truces.imposed(0.1, overlap=0.4) == 0.0


@given(latent, latent)
def test_without_pressure_no_truce_is_imposed_and_never_by_more_than_the_pressure(
    pressure: float, overlap: float
) -> None:
    assert truces.imposed(min(0.0, pressure), overlap) == 0.0
    assert 0.0 <= truces.imposed(pressure, overlap) <= max(0.0, pressure)


def test_a_truce_that_nothing_guards_breaks_at_its_base_rate() -> None:
    assert truces.break_rate(0.02, 0.0, 0.0, 0.0) == 0.02


def test_guarantee_and_threat_outweigh_an_equal_imposition() -> None:
    assert truces.break_rate(0.02, 0.5, 1.0, 0.5) == pytest.approx(0.02)


@given(shares, positive, positive, positive)
def test_a_break_rate_is_a_share_that_guarantee_and_threat_lower_and_imposition_raises(
    base: float, guarantee: float, imposed: float, threat: float
) -> None:
    rate = truces.break_rate(base, guarantee, imposed, threat)
    assert 0.0 <= rate <= 1.0
    assert truces.break_rate(base, guarantee + 1.0, imposed, threat) <= rate
    assert truces.break_rate(base, guarantee, imposed, threat + 1.0) <= rate
    assert truces.break_rate(base, guarantee, imposed + 1.0, threat) >= rate


def test_a_truce_that_never_breaks_by_itself_cannot_be_made_to() -> None:
    assert truces.break_rate(0.0, 0.0, 10.0, 0.0) == 0.0


def test_however_imposed_a_truce_cannot_break_more_than_surely() -> None:
    assert truces.break_rate(0.5, 0.0, 50.0, 0.0) == 1.0


@pytest.mark.parametrize(
    ("before", "overlap", "after"), [(0, 0.0, 1), (2, 0.5, 3), (3, -0.1, 2), (1, -0.1, 0), (0, -0.1, 0)]
)
def test_a_round_of_overlap_counts_and_one_apart_takes_one_off(before: int, overlap: float, after: int) -> None:
    assert truces.rounds_of_overlap(before, overlap) == after


@pytest.mark.parametrize(
    ("rounds", "weeks", "wanted", "enough"),
    [
        (0, 1.0, 0.0, False), (1, 1.0, 0.0, True), (1, 1.0, 1.0, False), (2, 1.0, 1.0, True), (2, 1.0, 2.0, False),
        (3, 1.0, 2.0, True), (4, 0.5, 2.0, False), (5, 0.5, 2.0, True),
    ],
)  # fmt: skip
def test_talks_take_the_weeks_wanted_from_the_first_round_of_overlap(
    rounds: int, weeks: float, wanted: float, enough: bool
) -> None:
    assert truces.talked_long_enough(rounds, weeks, wanted) is enough
