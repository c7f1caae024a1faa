"""Tests of the offer: what inclines Washington, and between which rungs it may choose."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import offering
from sim.rules.offering import Inclination

latent = st.floats(-3.0, 3.0)
rungs = st.integers(0, 5)
UNMOVED = Inclination(*[0.0] * len(Inclination._fields))


def test_inclination_adds_what_speaks_for_an_offer() -> None:
    assert offering.inclination(Inclination(0.25, -0.5, 0.25, 0.25, 0.0, 0.5, -0.25)) == 0.5


@given(st.sampled_from(Inclination._fields), latent)
def test_each_part_of_an_inclination_counts_in_full_and_alone(part: str, worth: float) -> None:
    assert offering.inclination(UNMOVED._replace(**{part: worth})) == worth


@given(st.tuples(*[latent] * len(Inclination._fields)), st.sampled_from(Inclination._fields), st.floats(0.0, 3.0))
def test_whatever_speaks_more_for_an_offer_inclines_washington_by_as_much(
    parts: tuple[float, ...], part: str, more: float
) -> None:
    terms = Inclination(*parts)
    inclined = offering.inclination(terms._replace(**{part: getattr(terms, part) + more}))
    assert inclined == pytest.approx(offering.inclination(terms) + more)


@pytest.mark.parametrize(
    ("burden_sharing", "pledged", "worth"),
    [(0.5, 0.0, 0.0), (0.5, 0.5, 0.25), (0.5, 1.0, 0.5), (0.5, 3.0, 0.5), (-0.5, 2.0, -0.5)],
)
def test_pledges_persuade_up_to_the_minimum_and_no_further(burden_sharing: float, pledged: float, worth: float) -> None:
    assert offering.persuaded(burden_sharing, pledged) == worth


@given(latent, st.floats(0.0, 4.0), st.floats(0.0, 4.0))
def test_european_effort_persuades_or_dissuades_by_the_sign_of_burden_sharing(
    weight: float, one: float, other: float
) -> None:
    less, more = (offering.persuaded(weight, pledged) for pledged in sorted((one, other)))
    assert less <= more if weight >= 0.0 else less >= more
    assert abs(more) <= abs(weight)


@pytest.mark.parametrize(("met", "floor", "cap", "rung"), [(4, 0, 3, 3), (2, 0, 3, 2), (0, 2, 3, 2), (0, 2, 1, 2)])
def test_the_rung_on_offer_is_what_is_met_held_by_cap_and_floor(met: int, floor: int, cap: int, rung: int) -> None:
    assert offering.rung(met, floor, cap) == rung


@given(rungs, rungs, rungs, rungs)
def test_the_rung_never_falls_with_inclination_nor_below_what_is_promised(
    one: int, other: int, floor: int, cap: int
) -> None:
    low, high = sorted((one, other))
    assert floor <= offering.rung(low, floor, cap) <= offering.rung(high, floor, cap) <= max(floor, cap)
