"""Tests of the offer: what inclines Washington, and between which rungs it may choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import offering

latent = st.floats(-3.0, 3.0)
shares = st.floats(0.0, 1.0)
rungs = st.integers(0, 5)


def test_inclination_adds_what_speaks_for_an_offer() -> None:
    inclined = offering.inclination(0.1, -0.2, burden_sharing=0.5, pledged=0.4, consent_ease=0.4, consent=0.5)
    assert inclined == pytest.approx(0.3)


def test_without_pledges_consent_or_pressure_only_posture_counts() -> None:
    assert offering.inclination(0.7, 0.0, 0.5, 0.0, 0.4, 0.0) == 0.7


@given(latent, latent, st.floats(0.0, 4.0), st.floats(0.0, 4.0))
def test_european_effort_persuades_or_dissuades_by_the_sign_of_burden_sharing(
    posture: float, weight: float, one: float, other: float
) -> None:
    low, high = sorted((one, other))
    less = offering.inclination(posture, 0.0, weight, low, 0.0, 0.0)
    more = offering.inclination(posture, 0.0, weight, high, 0.0, 0.0)
    assert less <= more if weight >= 0.0 else less >= more


def test_pledges_beyond_the_minimum_persuade_no_further() -> None:
    enough = offering.inclination(0.0, 0.0, 0.5, 1.0, 0.0, 0.0)
    assert offering.inclination(0.0, 0.0, 0.5, 3.0, 0.0, 0.0) == enough == 0.5


@given(st.floats(0.0, 2.0), shares, shares)
def test_consent_never_makes_an_offer_harder(ease: float, one: float, other: float) -> None:
    low, high = sorted((one, other))
    assert offering.inclination(0.0, 0.0, 0.0, 0.0, ease, low) <= offering.inclination(0.0, 0.0, 0.0, 0.0, ease, high)


@pytest.mark.parametrize(("met", "floor", "cap", "rung"), [(4, 0, 3, 3), (2, 0, 3, 2), (0, 2, 3, 2), (0, 2, 1, 2)])
def test_the_rung_on_offer_is_what_is_met_held_by_cap_and_floor(met: int, floor: int, cap: int, rung: int) -> None:
    assert offering.rung(met, floor, cap) == rung


@given(rungs, rungs, rungs, rungs)
def test_the_rung_never_falls_with_inclination_nor_below_what_is_promised(
    one: int, other: int, floor: int, cap: int
) -> None:
    low, high = sorted((one, other))
    assert floor <= offering.rung(low, floor, cap) <= offering.rung(high, floor, cap) <= max(floor, cap)
