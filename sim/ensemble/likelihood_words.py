"""How likely, in words and in figures: probabilities, ranges and differences as sentences and tables give them."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any

from sim.words import listed

ICD_203 = (
    (0.05, "remote"),
    (0.20, "very unlikely"),
    (0.45, "unlikely"),
    (0.55, "roughly even chance"),
    (0.80, "likely"),
    (0.95, "very likely"),
    (1.01, "almost certain"),
)
"""Upper ends of the ranges, and their words. Source: Intelligence Community Directive 203 (2015), section D.6.e.2.a."""


def likelihood(probability: float) -> str:
    """Return the word of likelihood for a probability.

    >>> likelihood(0.15)
    'very unlikely'
    """
    return next(word for upper, word in ICD_203 if probability < upper or upper > 1.0)


def likelihood_between(low: float, high: float) -> str:
    """Return the words of likelihood from one probability to another, so that noise alone never turns a word over.

    >>> likelihood_between(0.12, 0.18), likelihood_between(0.18, 0.22)
    ('very unlikely', 'very unlikely to unlikely')
    """
    first, last = likelihood(low), likelihood(high)
    return first if first == last else f"{first} to {last}"


def words_of_likelihood() -> str:
    """Return the words of likelihood with their ranges, in one line.

    >>> words_of_likelihood()[:30]
    'remote below 5%, very unlikely'
    """
    ranges = [f"{ICD_203[0][1]} below {ICD_203[0][0]:.0%}"]
    for (low, _), (high, word) in pairwise(ICD_203):
        ranges.append(f"{word} {low:.0%} to {high:.0%}" if high <= 1.0 else f"{word} {low:.0%} or more")
    return ", ".join(ranges)


def percent(probability: float) -> str:
    """Return a probability as a headline gives it: to 5 points, to 1 point where it is below a tenth or above nine.

    Only for a probability that stands alone: two that are compared are given as :func:`exactly` gives them.

    >>> percent(0.131), percent(0.0162), percent(0.004), percent(0.0), percent(0.97)
    ('15%', '2%', 'under 1%', 'under 1%', '97%')
    """
    if 0.1 <= probability <= 0.9:
        return f"{int(probability * 20 + 0.5) * 5}%"
    if 0.01 <= probability <= 0.99:
        return f"{probability:.0%}"
    return "under 1%" if probability < 0.5 else "over 99%"


_MOST_DIGITS = 4


def exactly(probability: float) -> str:
    """Return a probability to a tenth of a point, finer near none and all, of which it never takes the look.

    >>> exactly(0.275), exactly(0.0), exactly(0.00005), exactly(0.99996), exactly(1.0), exactly(1e-9)
    ('27.5%', '0%', '0.005%', '99.996%', '100%', 'under 0.0001%')
    """
    if probability in (0.0, 1.0):
        return f"{probability:.0%}"
    rarer = 100 * min(probability, 1.0 - probability)
    for digits in range(1, _MOST_DIGITS + 1):
        if rarer >= 0.9999 * 10.0**-digits:
            return f"{100 * probability:.{digits}f}%"
    return "under 0.0001%" if probability < 0.5 else "over 99.9999%"


def between(low: float, high: float) -> str:
    """Return an interval of a share of runs as :func:`exactly` gives its ends; one that begins at 0 as an upper bound.

    >>> between(0.26, 0.2912), between(0.0, 0.000959), between(0.987, 1.0), between(0.0, 0.0)
    ('26.0% to 29.1%', 'below 0.1%', 'above 98%', '0%')
    """
    if low == high:
        return exactly(low)
    if low <= 0.0 and high < 1.0:
        return f"below {_outward(high)}"
    if high >= 1.0 and low > 0.0:
        return f"above {_outward(low, upper=False)}"
    return f"{exactly(low)} to {exactly(high)}"


def _outward(bound: float, *, upper: bool = True) -> str:
    """Return an upper bound for what was never seen, or a lower one for what always was, rounded outward to one figure.

    >>> _outward(0.000959), _outward(0.0126), _outward(0.9874, upper=False)
    ('0.1%', '2%', '98%')
    """
    tail = Decimal(str(100 * (bound if upper else 1.0 - bound)))
    rounded = tail.quantize(Decimal(1).scaleb(tail.adjusted()), ROUND_CEILING) if tail else tail
    return f"{(rounded if upper else 100 - rounded).normalize():f}%"


def span(low: float, high: float) -> str:
    """Return a range of probabilities as a headline gives it.

    >>> span(0.05, 0.44), span(0.001, 0.06), span(0.0, 0.004)
    ('5 to 45%', 'under 1% to 6%', 'under 1%')
    """
    least, most = percent(low), percent(high)
    if least == most:
        return least if least.startswith(("under", "over")) else f"about {least}"
    return f"{least.removesuffix('%') if least[0].isdigit() and most[0].isdigit() else least} to {most}"


FIRM = 0.05
"""An end of a range is given with its 95% interval if that is wider than this."""


def span_of(over: Mapping[str, Any]) -> str:
    """Return a range over inputs as :func:`span` does, with :func:`open_ends`.

    ``over`` has ``p10`` and ``p90`` and may have the interval of each, ``p10_low`` and so on.

    >>> span_of({"p10": 0.05, "p90": 0.44, "p90_low": 0.41, "p90_high": 0.45})
    '5 to 45%'
    >>> span_of({"p10": 0.0, "p90": 0.005, "p90_low": 0.0, "p90_high": 0.115})
    'under 1% (upper end under 1% to 10%, 95%)'
    """
    some = open_ends(over)
    return f"{span(over['p10'], over['p90'])}{f' ({some})' if some else ''}"


def open_ends(over: Mapping[str, Any]) -> str:
    """Return the 95% interval of an end of a range over inputs that too few draws leave open; empty if both are firm.

    >>> open_ends({"p10": 0.1, "p90": 0.3, "p90_low": 0.25, "p90_high": 0.4})
    'upper end 25 to 40%, 95%'
    """
    ends = [
        f"{which} end {span(over[f'{end}_low'], over[f'{end}_high'])}"
        for end, which in (("p10", "lower"), ("p90", "upper"))
        if f"{end}_low" in over and over[f"{end}_high"] - over[f"{end}_low"] > FIRM
    ]
    return f"{listed(ends)}, 95%" if ends else ""


PRACTICALLY = (0.01, 0.1)
"""A difference is practically none if its whole interval lies within this share of runs, and within this part of the
event's probability, or of its complement if that is rarer."""


def verdict(before: float, after: float, low: float, high: float) -> str:
    """Return what a paired difference between two shares comes to, given its 95% interval.

    It goes by the interval and not by the two shares, so that it does not turn where they differ by noise. An interval
    without width, of pairs of which none differs, shows nothing.

    >>> verdict(0.241, 0.245, 0.003, 0.005), verdict(0.273, 0.279, -0.014, 0.026), verdict(0.01, 0.02, 0.008, 0.012)
    ('practically no difference', 'no difference shown', 'more likely')
    """
    if low == high == 0.0:
        return "no difference shown"
    rarer = max(min(share, 1.0 - share) for share in (before, after))
    if max(abs(low), abs(high)) <= min(PRACTICALLY[0], PRACTICALLY[1] * rarer):
        return "practically no difference"
    if low <= 0.0 <= high:
        return "no difference shown"
    return "more likely" if low > 0.0 else "less likely"


def difference(what: str, before: float, after: float, low: float, high: float) -> str:
    """Return a paired difference between two shares of ``what``: what it comes to, both values, and its 95% interval.

    >>> difference("a ceasefire", 0.241, 0.245, 0.003, 0.005)
    'practically no difference for a ceasefire: 24.1% to 24.5% (+0.3 to +0.5 points)'
    >>> difference("a ceasefire", 0.241, 0.302, 0.05, 0.072)
    'a ceasefire is more likely: 24.1% to 30.2% (+5.0 to +7.2 points)'
    >>> difference("a ceasefire", 0.2, 0.2, 0.0, 0.0), difference("a ceasefire", 0.0, 0.0, 0.0, 0.0)
    ('no difference shown for a ceasefire: 20.0% under both', 'no difference shown for a ceasefire: never under either')
    """
    comes_to = verdict(before, after, low, high)
    head = f"{what} is {comes_to}" if comes_to.endswith("likely") else f"{comes_to} for {what}"
    if low == high == 0.0:
        return f"{head}: {f'{exactly(before)} under both' if before else 'never under either'}"
    return f"{head}: {exactly(before)} to {exactly(after)} ({points(low, high)} points)"


def points(*values: float) -> str:
    """Return differences between shares in points, joined by "to": to a tenth, or a hundredth where all are small.

    >>> points(0.061), points(-0.0041, 0.016), points(-0.0004, 0.0002), points(0.0)
    ('+6.1', '-0.4 to +1.6', '-0.04 to +0.02', '0.0')
    """
    digits = 1 if max(map(abs, values)) >= 0.001 or not any(values) else 2
    texts = (f"{100 * value:+.{digits}f}" for value in values)
    return " to ".join(text if float(text) else text.lstrip("+-") for text in texts)


_STEPS = ((20, 1), (100, 5), (200, 10))
"""The steps to which the N of "1 in N" is rounded below each bound; both grow tenfold with N."""


def one_in(probability: float, *, at_most: bool = False) -> str:
    """Return a small probability above 0 as a natural frequency, "1 in N", to two figures or less.

    With ``at_most`` it is rounded so that it is no less than the probability, as an upper bound has to be.

    >>> one_in(0.0162), one_in(0.24), one_in(0.0024), one_in(0.00003), one_in(0.036, at_most=True)
    ('1 in 60', '1 in 4', '1 in 400', '1 in 35,000', '1 in 25')
    """
    number, scale = 1.0 / max(probability, 1e-9), 1
    while number / scale >= 200:
        scale *= 10
    step = scale * next(step for below, step in _STEPS if number / scale < below)
    return f"1 in {max(1, int(number / step + (0.0 if at_most else 0.5))) * step:,}"


def in_words(probability: float, noise: tuple[float, float] | None = None, of: int = 0) -> str:
    """Return a probability that is a share of runs in words of likelihood, and in percent.

    A small one is given as "1 in N" too. ``noise`` is its 95% interval: where that holds two words of likelihood,
    both are given. ``of``, the number of runs, says how much none or all of them mean.

    >>> in_words(0.3), in_words(0.0162), in_words(0.049, (0.046, 0.053))
    ('unlikely (about 30%)', 'remote (about 2%, 1 in 60)', 'remote to very unlikely (about 5%, 1 in 20)')
    >>> in_words(0.0, (0.0, 0.000959), of=4000), in_words(1.0, (0.9874, 1.0), of=300)
    ('remote: under 0.1% (none of 4,000 runs)', 'almost certain: over 98% (all of 300 runs)')
    >>> in_words(0.0), in_words(1.0)
    ('remote (in no run)', 'almost certain (in every run)')
    """
    word = likelihood_between(*(noise or (probability, probability)))
    if probability in (0.0, 1.0):
        never = probability == 0.0
        if noise and of:
            bound = f"under {_outward(noise[1])}" if never else f"over {_outward(noise[0], upper=False)}"
            return f"{word}: {bound} ({'none' if never else 'all'} of {of:,} runs)"
        return f"{word} ({'in no run' if never else 'in every run'})"
    return f"{word} ({span(probability, probability)}{f', {one_in(probability)}' if probability < 0.1 else ''})"
