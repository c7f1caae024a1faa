"""Tests of uncertain numbers: how they are written, refused, and drawn."""

import re
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import vocabulary
from sim.scenario import priors
from sim.scenario.priors import Prior

JUST_BELOW_ONE = float(np.nextafter(1.0, 0.0))
numbers = st.floats(-100.0, 100.0)
probabilities = st.floats(0.0, JUST_BELOW_ONE)
ordered = st.lists(numbers, min_size=3, max_size=3).map(sorted)
parts_of_a_hundred = st.lists(st.integers(0, 100), min_size=4, max_size=4).filter(lambda parts: sum(parts) > 0)


def shares_of(parts: list[int]) -> dict[str, float]:
    """Return shares of the stances in proportion to ``parts``."""
    return {word: part / sum(parts) for word, part in zip(vocabulary.STANCES, parts, strict=True)}


def at(prior: Prior, *quantiles: float) -> list[float]:
    return [float(value) for value in priors.quantile(prior, np.array(quantiles))]


@pytest.mark.parametrize(
    ("raw", "kind", "values"),
    [
        (0.4, "fixed", (0.4,)),
        (7, "fixed", (7.0,)),
        ("40%", "fixed", (0.4,)),
        (" 12.5% ", "fixed", (0.125,)),
        ("0.4", "fixed", (0.4,)),
        ({"likely": "97%", "assumption": "why"}, "fixed", (0.97,)),
        ({"low": "40%", "high": 1}, "uniform", (0.4, 1.0)),
        ({"low": 0, "likely": 1, "high": 3, "because": [], "see": [], "against": []}, "triangular", (0.0, 1.0, 3.0)),
        ({"high": 2, "low": 2}, "uniform", (2.0, 2.0)),
    ],
)
def test_a_number_is_written_in_one_of_four_shapes(raw: Any, kind: str, values: tuple[float, ...]) -> None:
    assert priors.number(raw) == Prior(kind, values)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        ("much", "'much' is not a number; write 0.4, 40%"),
        ("%", "'%' is not a number"),
        (None, "an empty value is not a number"),
        (True, "true is not a number"),
        ([1, 2], "[1, 2] is not a number"),
        (float("nan"), "nan is not a finite number"),
        (float("inf"), "inf is not a finite number"),
        (1.1e9, "1,100,000,000 is larger than a number may be, 1,000,000,000 at most on either side of 0"),
        ({"low": -2e9, "high": 0}, "is larger than a number may be"),
        (10**400, "is not a number"),
        ("x" * 200, "... is not a number"),
        ({"low": 1}, "has low and high, or low, likely and high"),
        ({}, "has low and high"),
        ({"low": 1}, "a number is plain, or has low and high, or low, likely and high"),
        ({"low": 1, "likely": 0, "high": 2}, "must not fall, got 1, 0, 2"),
        ({"lo": 1}, "did you mean 'low'?"),
        ({"likley": 1}, "did you mean 'likely'?"),
        ("n" * 58, f"'{'n' * 58}' is not a number"),
        ("n" * 59, f"'{'n' * 56}... is not a number"),
        ({"low": 3, "high": 2}, "must not fall, got 3, 2"),
        ({"low": 1, "hihg": 2}, "'hihg' is no part of a number; did you mean 'high'?"),
        ({"low": 1, "high": float("nan")}, "nan is not a finite number"),
    ],
)
def test_what_is_no_number_is_refused_with_what_is_allowed(raw: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        priors.number(raw)


@pytest.mark.parametrize(
    ("raw", "low", "high", "message"),
    [
        ("140%", 0.0, 1.0, "1.4 is outside what is allowed, 0 to 1"),
        ({"low": 0, "high": 2}, 0.0, 1.0, "2 is outside what is allowed, 0 to 1"),
        (-1, 0.0, priors.ANYTHING, "-1 is outside what is allowed, 0 or more"),
        (3, -priors.ANYTHING, 2.0, "3 is outside what is allowed, 2 or less"),
        ({"likely": 3}, 0.0, 1.0, "3 is outside what is allowed, 0 to 1"),
    ],
)
def test_a_number_out_of_bounds_is_refused_with_its_bounds(raw: Any, low: float, high: float, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        priors.number(raw, low, high)


@pytest.mark.parametrize(
    ("raw", "shares"),
    [
        ("open", (0.0, 0.0, 1.0, 0.0)),
        ({"likely": "open", "assumption": "why"}, (0.0, 0.0, 1.0, 0.0)),
        ({"open": "40%", "hesitant": "60%"}, (0.0, 0.6, 0.4, 0.0)),
        ({"opposed": 0.25, "hesitant": 0.25, "open": 0.25, "pledged": 0.25}, (0.25, 0.25, 0.25, 0.25)),
    ],
)
def test_a_choice_is_a_word_or_shares_of_words(raw: Any, shares: tuple[float, ...]) -> None:
    assert priors.choice(raw, "stance") == Prior("choice", shares, vocabulary.STANCES)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (
            "hesistant",
            "'hesistant' is not a stance; did you mean 'hesitant'? allowed: opposed, hesitant, open, pledged",
        ),
        ({"hesistant": "100%"}, "'hesistant' is not a stance"),
        ({"open": "60%", "pledged": "60%"}, "the shares sum to 1.2, must sum to 100%"),
        ({"open": "60%"}, "the shares sum to 0.6, must sum to 100%"),
        ({"open": "140%", "pledged": "-40%"}, "a share lies between 0% and 100%"),
        ({"open": "-10%", "hesitant": "60%", "pledged": "50%"}, "a share lies between 0% and 100%"),
        ({"open": "150%"}, "a share lies between 0% and 100%"),
        ({"open": "most"}, "'most' is not a number"),
        (3, "'3' is not a stance"),
        ({}, "the shares sum to 0"),
    ],
)
def test_what_is_no_choice_is_refused_with_what_is_allowed(raw: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        priors.choice(raw, "stance")


def test_worked_quantiles_of_each_shape() -> None:
    assert at(Prior("fixed", (0.4,)), 0.0, 0.9) == [0.4, 0.4]
    assert at(Prior("uniform", (1.0, 3.0)), 0.0, 0.25, 0.5) == [1.0, 1.5, 2.0]
    assert at(Prior("triangular", (0.0, 1.0, 2.0)), 0.0, 0.125, 0.5, 0.875) == pytest.approx([0.0, 0.5, 1.0, 1.5])
    assert at(priors.choice({"hesitant": "60%", "open": "40%"}, "stance"), 0.0, 0.59, 0.6, 0.99) == [1, 1, 2, 2]


@pytest.mark.parametrize("values", [(2.0, 2.0, 2.0), (0.0, 0.0, 1.0), (0.0, 1.0, 1.0)])
def test_a_triangle_may_lean_all_to_one_side_or_be_a_point(values: tuple[float, ...]) -> None:
    drawn = at(Prior("triangular", values), *np.linspace(0.0, 0.999, 50))
    assert drawn == sorted(drawn)
    assert values[0] <= drawn[0] <= drawn[-1] <= values[2]


@given(ordered, probabilities, probabilities)
def test_a_quantity_is_drawn_within_its_range_and_never_falls_with_luck(
    values: list[float], one: float, other: float
) -> None:
    for prior in (Prior("triangular", tuple(values)), Prior("uniform", (values[0], values[2]))):
        low, high = at(prior, *sorted((one, other)))
        assert values[0] - 1e-9 <= low <= high + 1e-12 <= values[2] + 1e-9


@given(ordered, probabilities)
def test_a_triangles_quantile_inverts_its_distribution(values: list[float], u: float) -> None:
    low, likely, high = values
    if high - low < 1e-3:
        return
    (x,) = at(Prior("triangular", (low, likely, high)), u)
    if x <= likely or likely == high:
        below = (x - low) * (x - low) / ((high - low) * max(likely - low, 1e-300)) if x > low else 0.0
    else:
        below = 1.0 - (high - x) * (high - x) / ((high - low) * (high - likely))
    assert below == pytest.approx(u, abs=1e-6)


@given(parts_of_a_hundred, probabilities)
def test_a_word_with_a_share_is_drawn_in_that_share(parts: list[int], u: float) -> None:
    prior = priors.choice(shares_of(parts), "stance")
    (drawn,) = at(prior, min(u, 1.0 - 1e-9))
    assert prior.numbers[int(drawn)] > 0.0
    assert sum(prior.numbers[: int(drawn)]) <= u + 1e-9


@pytest.mark.parametrize(
    "shares",
    [("70%", "10%", "20%"), ("10%", "20%", "70%"), ("33.3%", "33.3%", "33.4%")],
)
def test_a_word_without_a_share_is_not_drawn_by_the_very_best_luck(shares: tuple[str, ...]) -> None:
    prior = priors.choice(dict(zip(vocabulary.STANCES, shares, strict=False)), "stance")
    assert at(prior, JUST_BELOW_ONE) == [2.0]


def test_a_tenth_of_the_luck_falls_to_a_word_with_a_tenth() -> None:
    prior = priors.choice({"opposed": "10%", "pledged": "90%"}, "stance")
    drawn = priors.quantile(prior, np.arange(1000) / 1000)
    assert np.count_nonzero(drawn == 0.0) == 100


def test_an_uncertain_number_knows_its_range_and_tells_it() -> None:
    spread = priors.number({"low": 0, "likely": 1, "high": 3})
    words = priors.choice({"hesitant": "60%", "open": "40%"}, "stance")
    assert (spread.low, spread.high, spread.uncertain, str(spread)) == (0.0, 3.0, True, "0 .. 1 .. 3")
    assert (words.low, words.high, words.uncertain, str(words)) == (1.0, 2.0, True, "hesitant 60% / open 40%")


def test_a_fixed_number_or_word_is_not_uncertain() -> None:
    fixed, word = priors.number("40%"), priors.choice("open", "stance")
    assert (fixed.uncertain, str(fixed)) == (False, "0.4")
    assert (word.uncertain, word.low, str(word)) == (False, 2.0, "open")


def test_words_are_coded_by_their_position() -> None:
    rung = priors.choice("none", "rung")
    assert priors.code_of(rung, "air_cover") == 2.0
    assert priors.code_of(rung, 2) == 2.0
    assert priors.code_of(priors.number(1), "40%") == 0.4


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("air_cove", "did you mean 'air_cover'?"),
        (7, f"7 is no position among {', '.join(vocabulary.RUNGS)}"),
        (1.5, "no position"),
        (True, "not a number"),
    ],
)
def test_what_a_choice_cannot_be_is_not_coded(value: Any, message: str) -> None:
    with pytest.raises(ValueError, match=re.escape(message)):
        priors.code_of(priors.choice("none", "rung"), value)


def test_many_numbers_drawn_at_once_are_those_drawn_one_by_one() -> None:
    each = [
        priors.number(raw)
        for raw in (0.4, {"low": 1, "high": 3}, {"low": 0, "likely": 1, "high": 3}, {"low": 2, "likely": 2, "high": 5})
    ]
    each.append(priors.choice({"hesitant": "60%", "open": "40%"}, "stance"))
    luck = np.random.default_rng(1).random((len(each), 50))
    together = priors.quantiles(each, luck)
    assert together.tolist() == [priors.quantile(prior, u).tolist() for prior, u in zip(each, luck, strict=True)]
    assert priors.quantiles(each[:1], luck[:1]).tolist() == [[0.4] * 50]


def test_every_word_with_a_share_can_be_drawn() -> None:
    assert at(Prior("choice", (0.25, 0.25, 0.25, 0.25), vocabulary.STANCES), 0.1, 0.3, 0.6, 0.9) == [0.0, 1.0, 2.0, 3.0]


@pytest.mark.parametrize(
    ("refused", "message"),
    [
        (
            lambda: priors.number({"low": 1}),
            "a number is plain, or has low and high, or low, likely and high; got low",
        ),
        (lambda: priors.choice({"open": "150%"}, "stance"), "a share lies between 0% and 100%, got 1.5"),
    ],
)
def test_a_refusal_says_what_is_allowed_and_no_more(refused: Any, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        refused()


def test_the_ends_of_what_is_allowed_are_allowed() -> None:
    assert priors.number({"low": 0, "high": 1}, 0.0, 1.0).numbers == (0.0, 1.0)
    assert priors.number({"low": -1e9, "high": 1e9}).numbers == (-1e9, 1e9)
