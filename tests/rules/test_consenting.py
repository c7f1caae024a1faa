"""Tests of consent: Moscow refuses, tolerates or accepts, by one index."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules import consenting

latent = st.floats(-3.0, 3.0)
tolerances = st.floats(0.0, 3.0)


def test_the_index_is_what_is_conceded_beyond_what_is_required() -> None:
    assert consenting.consent_index(0.5, required=0.8) == pytest.approx(-0.3)
    assert consenting.consent_index(0.8, required=0.8) == 0.0


@pytest.mark.parametrize(
    ("index", "signed", "word"),
    [(0.1, False, 2), (0.0, False, 2), (-0.3, False, 1), (-0.5, False, 1), (-0.6, False, 0), (-0.6, True, 2)],
)
def test_moscow_accepts_tolerates_or_refuses(index: float, signed: bool, word: int) -> None:
    assert consenting.consent(index, 0.5, signed) == word


@given(latent, latent, tolerances, st.booleans())
def test_consent_never_falls_with_what_is_conceded(one: float, two: float, tolerance: float, signed: bool) -> None:
    low, high = sorted((one, two))
    assert consenting.consent(low, tolerance, signed) <= consenting.consent(high, tolerance, signed)


@given(latent, tolerances, tolerances)
def test_a_wider_tolerance_never_turns_consent_into_refusal(index: float, one: float, two: float) -> None:
    narrow, wide = sorted((one, two))
    assert consenting.consent(index, narrow, False) <= consenting.consent(index, wide, False)


@given(latent, tolerances)
def test_what_is_signed_is_accepted(index: float, tolerance: float) -> None:
    assert consenting.consent(index, tolerance, signed=True) == 2


@given(latent)
def test_without_tolerance_there_is_nothing_between_accepting_and_refusing(index: float) -> None:
    assert consenting.consent(index, 0.0, False) in (0, 2)
