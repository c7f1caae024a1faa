"""Properties of the words of likelihood: one number has one form, none is never 5%, and noise turns no word over."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.ensemble.likelihood_words import (
    ICD_203,
    between,
    difference,
    exactly,
    in_words,
    likelihood,
    likelihood_between,
    percent,
    points,
    span,
    span_of,
    verdict,
)
from sim.ensemble.shares import Share, in_percent, share, worded

probabilities = st.floats(0.0, 1.0)
runs = st.integers(1, 2_000_000)


@st.composite
def shares(draw: st.DrawFn) -> Share:
    of = draw(runs)
    return share(draw(st.integers(0, of)), of)


def number(text: str) -> float:
    """Return the percentage that a text ends with, as a share."""
    return float(re.findall(r"([\d.]+)%", text)[-1]) / 100


@given(runs)
def test_what_was_never_seen_is_given_as_a_bound_that_holds(of: int) -> None:
    none = share(0, of)
    text = worded(none)
    assert "about" not in text and f"(none of {of:,} runs)" in text
    assert none.high <= number(text) + 1e-12
    assert in_percent(none)[0] == "none" and number(in_percent(none)[1]) >= none.high - 1e-12


@given(runs)
def test_what_always_came_about_is_given_as_a_bound_that_holds(of: int) -> None:
    every = share(of, of)
    text = worded(every)
    assert "about" not in text and f"(all of {of:,} runs)" in text
    assert every.low >= number(text) - 1e-12
    assert in_percent(every)[0] == "all" and number(in_percent(every)[1]) <= every.low + 1e-12


def test_none_of_four_thousand_is_under_a_thousandth() -> None:
    assert worded(share(0, 4_000)) == "remote: under 0.1% (none of 4,000 runs)"


@given(probabilities)
def test_only_none_and_all_look_like_none_and_all(probability: float) -> None:
    assert (exactly(probability) in ("0%", "100%")) == (probability in (0.0, 1.0))
    assert not re.fullmatch(r"0\.0+%|100\.0+%", exactly(probability))


@given(probabilities)
def test_a_share_is_given_to_a_tenth_of_a_point_or_to_a_figure_of_what_is_rarer(probability: float) -> None:
    text = exactly(probability)
    assume(text[0].isdigit())
    rarer = min(probability, 1.0 - probability)
    assert abs(number(text) - probability) <= max(0.0005, 0.5 * rarer) + 1e-9
    assert rarer >= 0.001 or abs(number(text) - probability) <= 0.5 * rarer + 1e-9


@given(probabilities, probabilities)
def test_a_share_never_reads_as_more_than_a_larger_one(one: float, other: float) -> None:
    low, high = sorted((one, other))
    assume(all(exactly(each)[0].isdigit() for each in (low, high)))
    assert number(exactly(low)) <= number(exactly(high)) + 1e-12


@given(probabilities, probabilities)
def test_the_ends_of_a_range_read_as_each_would_alone(one: float, other: float) -> None:
    low, high = sorted((one, other))
    text = span(low, high)
    assert text.endswith(percent(high))
    assert percent(low).removesuffix("%") in text


@given(shares())
def test_an_interval_of_noise_holds_its_share(seen: Share) -> None:
    assume(0 < seen.hits < seen.of)
    low, high = between(seen.low, seen.high), exactly(seen.probability)
    assume(" to " in low and all(part[0].isdigit() for part in (*low.split(" to "), high)))
    ends = [number(part) for part in low.split(" to ")]
    assert ends[0] - 1e-12 <= number(high) <= ends[1] + 1e-12


@given(shares(), shares())
def test_two_shares_that_differ_by_noise_share_a_word(one: Share, other: Share) -> None:
    assume(max(one.low, other.low) <= min(one.high, other.high))
    words = [word for _, word in ICD_203]
    spans = [
        {words[at] for at in range(words.index(likelihood(each.low)), words.index(likelihood(each.high)) + 1)}
        for each in (one, other)
    ]
    assert spans[0] & spans[1]
    for each in (one, other):
        low, high = (likelihood(end) for end in (each.low, each.high))
        assert likelihood_between(each.low, each.high) == (low if low == high else f"{low} to {high}")


@given(shares())
def test_the_word_of_a_share_alone_is_among_its_words_with_noise(seen: Share) -> None:
    words = [word for _, word in ICD_203]
    low, here, high = (words.index(likelihood(each)) for each in (seen.low, seen.probability, seen.high))
    assert low <= here <= high


@given(probabilities, probabilities, st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_a_difference_is_called_one_only_off_zero(before: float, after: float, one: float, other: float) -> None:
    low, high = sorted((after - before - one, after - before + other))
    words = verdict(before, after, low, high)
    assert words != "more likely" or low > 0.0
    assert words != "less likely" or high < 0.0
    assert words != "practically no difference" or max(abs(low), abs(high)) <= 0.01


@given(probabilities, st.floats(-0.5, 0.5), st.floats(0.0001, 0.2))
def test_a_difference_is_told_from_its_true_values(before: float, change: float, half: float) -> None:
    after = min(1.0, max(0.0, before + change))
    text = difference("it", before, after, after - before - half, after - before + half)
    assert f": {exactly(before)} to {exactly(after)} (" in text
    assert not any(word in text for word in ("unlikely", "very likely", "remote", "almost certain"))


@pytest.mark.parametrize(
    ("values", "text"),
    [
        (
            (0.241, 0.245, 0.003, 0.005),
            "practically no difference for it: 24.1% to 24.5% (+0.3 to +0.5 points)",
        ),
        ((0.273, 0.279, -0.014, 0.026), "no difference shown for it: 27.3% to 27.9% (-1.4 to +2.6 points)"),
        ((0.004, 0.012, 0.006, 0.01), "it is more likely: 0.4% to 1.2% (+0.6 to +1.0 points)"),
        ((0.5, 0.2, -0.35, -0.25), "it is less likely: 50.0% to 20.0% (-35.0 to -25.0 points)"),
    ],
)
def test_differences_of_four_kinds(values: tuple[float, float, float, float], text: str) -> None:
    assert difference("it", *values) == text


@given(st.floats(-1.0, 1.0))
def test_no_points_are_minus_nothing(value: float) -> None:
    assert not re.fullmatch(r"[+-]0\.0+", points(value))


def test_an_end_of_a_range_that_draws_leave_open_is_given_with_its_interval() -> None:
    firm = {"p10": 0.1, "p90": 0.3, "p10_low": 0.09, "p10_high": 0.11, "p90_low": 0.28, "p90_high": 0.32}
    assert span_of(firm) == "10 to 30%"
    assert span_of({**firm, "p90_low": 0.25, "p90_high": 0.4}) == ("10 to 30% (upper end 25 to 40%, 95%)")


@given(probabilities)
def test_words_and_percentage_of_one_share_agree(probability: float) -> None:
    text = in_words(probability)
    assert text.startswith(likelihood(probability))
    assert probability in (0.0, 1.0) or percent(probability) in text


@pytest.mark.parametrize(
    ("probability", "text"),
    [(0.000992, "0.10%"), (0.9990081, "99.90%"), (0.00099991, "0.1%"), (0.0000992, "0.010%"), (0.9989, "99.9%")],
)
def test_a_digit_more_is_shown_below_a_tenth_of_the_last(probability: float, text: str) -> None:
    assert exactly(probability) == text
