"""Words of a sentence: how likelihoods, events, gates, rungs, troops and weeks read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Final

EVENT_WORDS: Final = {
    "ceasefire": "a ceasefire",
    "deployed": "any deployment",
    "european": "a European force",
    "observer": "an observer mission",
    "training": "a training mission",
}
"""Events that may come about in a run, each with a week."""

LABELS: Final = {
    **EVENT_WORDS,
    "truce_broke": "a truce broke",
    "in_place_at_horizon": "a force in place at the horizon",
    "observer": "observers only, no force",
    "training": "training only, no force",
    "ceasefire_without_force": "ceasefire, no force",
}
"""Names of the tables that are not read word by word: events, and outcomes, of which a run has one alone."""


APART_WORDS: Final = {
    "in_place_at_horizon": "a force is in the field at the horizon",
    "held": "the first force stays in the field to the horizon",
    "with_russian_consent": "the first force forms while Moscow tolerates or accepts it",
    "without_russian_consent": "the first force forms while Moscow refuses it",
    "escalated": "a force and Russia exchange fire",
    "alliance_strained": "Washington leaves a Western force outside NATO without answer in a test",
    "truce_broke": "a truce breaks",
}
"""What is reported apart from the outcomes, as a row of a table has it."""


def figure(value: float) -> str:
    """Return a number as a sentence gives it.

    >>> figure(0.12345), figure(12000.0)
    ('0.123', '12,000')
    """
    return f"{value:.3g}" if abs(value) < 1000 else f"{value:,.0f}"


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


WORDS_OF_GATES: Final = {
    "truce": "a ceasefire",
    "host_consent": "Kyiv's consent to host",
    "russian_consent": "Russian consent",
    "council": "a Security Council mandate",
    "backstop": "a US backstop that meets contributors' demands",
    "lead": "a lead nation",
    "troops": "enough pledged troops",
    "ratification": "ratification at home",
}

SHORT_WORDS_OF_GATES: Final = {
    "truce": "ceasefire",
    "host_consent": "Kyiv's consent",
    "russian_consent": "Russian consent",
    "council": "Council mandate",
    "backstop": "US backstop",
    "lead": "lead nation",
    "troops": "enough troops",
    "ratification": "ratification",
}
"""The same where there is little room."""

RUNGS: Final = {
    "none": "no backstop",
    "logistics": "intelligence, logistics and planning",
    "air_cover": "air cover from outside",
    "reserve_force": "a reserve force outside",
    "assurance": "an assurance like Article 5",
    "troops": "troops on the ground",
}

ANSWERED: Final = {"refuses": "refused", "tolerates": "tolerated", "accepts": "accepted"}


def likelihood(probability: float) -> str:
    """Return the word of likelihood for a probability.

    >>> likelihood(0.15)
    'very unlikely'
    """
    return next(word for upper, word in ICD_203 if probability < upper or upper > 1.0)


def rounded(probability: float) -> int:
    """Return a probability in percent, to 5 points, never 0 or 100.

    >>> rounded(0.131), rounded(1.0)
    (15, 95)
    """
    return min(95, max(5, int(probability * 20 + 0.5) * 5))


def percent(probability: float) -> str:
    """Return a probability as a headline gives it: to 5 points, to 1 point where it is below a tenth or above nine.

    >>> percent(0.131), percent(0.0162), percent(0.004), percent(0.0), percent(0.97)
    ('15%', '2%', 'under 1%', 'under 1%', '97%')
    """
    if 0.1 <= probability <= 0.9:
        return f"{rounded(probability)}%"
    if 0.01 <= probability <= 0.99:
        return f"{probability:.0%}"
    return "under 1%" if probability < 0.5 else "over 99%"


def span(low: float, high: float) -> str:
    """Return a range of probabilities as a headline gives it.

    >>> span(0.05, 0.44), span(0.001, 0.06), span(0.0, 0.004)
    ('5 to 45%', 'under 1% to 6%', 'under 1%')
    """
    least, most = percent(low), percent(high)
    if least == most:
        return least if least.startswith(("under", "over")) else f"about {least}"
    return f"{least.removesuffix('%') if least[0].isdigit() and most[0].isdigit() else least} to {most}"


_STEPS = ((20, 1), (100, 5), (200, 10))
"""To what the N of "1 in N" is rounded below each bound; tenfold as N grows tenfold."""


def one_in(probability: float, *, at_most: bool = False) -> str:
    """Return a small probability above 0 as natural frequency, one in so many, to two figures or less.

    With ``at_most`` it is rounded so that it is no less than the probability, as an upper bound has to be.

    >>> one_in(0.0162), one_in(0.24), one_in(0.0024), one_in(0.00003), one_in(0.036, at_most=True)
    ('1 in 60', '1 in 4', '1 in 400', '1 in 35,000', '1 in 25')
    """
    number, scale = 1.0 / max(probability, 1e-9), 1
    while number / scale >= 200:
        scale *= 10
    step = scale * next(step for below, step in _STEPS if number / scale < below)
    return f"1 in {max(1, int(number / step + (0.0 if at_most else 0.5))) * step:,}"


def in_ten(probability: float) -> str:
    """Return a probability as natural frequency: out of ten, rounded to 5 points; one in so many where it is small.

    >>> in_ten(0.3), in_ten(0.26), in_ten(0.02), in_ten(0.0), in_ten(0.99)
    ('about 3 in 10', 'about 2 to 3 in 10', 'about 1 in 50', 'none', 'more than 9 in 10')
    """
    if probability <= 0.0:
        return "none"
    if probability < 0.1:
        return f"about {one_in(probability)}"
    tenths, half = divmod(rounded(probability), 10)
    if not half:
        return f"about {tenths} in 10"
    return "more than 9 in 10" if tenths == 9 else f"about {tenths} to {tenths + 1} in 10"


def in_words(probability: float) -> str:
    """Return word, natural frequency and rounded percentage of a probability that is a share of runs.

    >>> in_words(0.3), in_words(0.0162)
    ('unlikely (about 3 in 10, about 30%)', 'remote (about 1 in 60, about 2%)')
    >>> in_words(0.0)
    'remote (in no run)'
    """
    if probability <= 0.0:
        return f"{likelihood(probability)} (in no run)"
    return f"{likelihood(probability)} ({in_ten(probability)}, {span(probability, probability)})"


def stamped(text: str, stamp: str) -> str:
    """Return a sentence that begins with a stamp such as "not baseline (...)", if there is one.

    >>> stamped("Under this, so much.", "not baseline (1 event of one's own)")
    "Not baseline (1 event of one's own): under this, so much."
    """
    return f"{stamp[0].upper()}{stamp[1:]}: {text[0].lower()}{text[1:]}" if stamp else text


_CAPITALS = {"un": "UN", "nato": "NATO", "us": "US", "uk": "UK", "eu": "EU"}


def label(name: str, *, proper: bool = False) -> str:
    """Return a name of the tables as words; ``proper`` for names of actors.

    >>> label("un_blue_helmets"), label("central_asia", proper=True)
    ('UN blue helmets', 'Central Asia')
    """
    if name in LABELS and not proper:
        return LABELS[name]
    return " ".join(_CAPITALS.get(word, word.capitalize() if proper else word) for word in name.split("_"))


_SECTIONS = {"actors": "", "network": "", "missions": "", "common": "shared", "rules": "rule"}


def path_words(path: str) -> str:
    """Return the path of a number as words; text that is no path of a config as it stands.

    >>> path_words("actors.us.backstop.offers.at_least"), path_words("rules.pledge.backstop")
    ('US: backstop, offers, at least', 'rule pledge: backstop')
    >>> path_words("network.china->russia/patronage.strength"), path_words("common.european_mood")
    ('China to Russia: patronage, strength', 'shared: european mood')
    """
    section, _, rest = path.partition(".")
    if section not in _SECTIONS or not rest or " " in path:
        return path
    head, _, tail = rest.partition(".")
    edge, _, channel = head.partition("/")
    if channel:
        source, _, target = edge.partition("->")
        head, tail = f"{label(source, proper=True)} to {label(target, proper=True)}", f"{channel}.{tail}"
    elif section == "common":
        head, tail = "", rest
    else:
        head = "any actor" if head == "*" else label(head, proper=section == "actors")
    parts = ", ".join(" ".join(part.split("_")) for part in tail.split(".") if part)
    first = " ".join(filter(None, (_SECTIONS[section], head)))
    return f"{first}: {parts}" if parts else first


def words_of_likelihood() -> str:
    """Return the words of likelihood with their ranges, in one line.

    >>> words_of_likelihood()[:30]
    'remote below 5%, very unlikely'
    """
    ranges = [f"{ICD_203[0][1]} below {ICD_203[0][0]:.0%}"]
    for (low, _), (high, word) in pairwise(ICD_203):
        ranges.append(f"{word} {low:.0%} to {high:.0%}" if high <= 1.0 else f"{word} {low:.0%} or more")
    return ", ".join(ranges)


def listed(items: Iterable[str], word: str = "and") -> str:
    """Return items as an enumeration, the last joined by ``word``.

    >>> listed(["Italy"]), listed(["Italy", "Spain", "Turkey"])
    ('Italy', 'Italy, Spain and Turkey')
    """
    *first, last = [*items] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


def the(name: str) -> str:
    """Return a country's name as it stands within a sentence.

    >>> the("United Kingdom"), the("Poland")
    ('the United Kingdom', 'Poland')
    """
    return f"the {name}" if name.startswith("United ") or name.endswith(("lands", "states", "States")) else name


def sentence(text: str) -> str:
    """Return text with a capital at its start.

    >>> sentence("the United States wait")
    'The United States wait'
    """
    return text[:1].upper() + text[1:]


def troops(number: float) -> str:
    """Return a number of troops to the nearest hundred.

    >>> troops(12345.0)
    '12,300'
    """
    return f"{round(number, -2):,.0f}"


def weeks(number: float) -> str:
    """Return a number of weeks in words.

    >>> weeks(1.0), weeks(2.5), weeks(3.0)
    ('1 week', '2.5 weeks', '3 weeks')
    """
    return f"{number:g} week" if number == 1.0 else f"{round(number, 1):g} weeks"
