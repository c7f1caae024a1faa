"""Words of a sentence: how likelihoods, events, gates, rungs, troops and weeks read."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from decimal import ROUND_CEILING, Decimal
from itertools import pairwise
from typing import Any, Final, NamedTuple

EVENT_WORDS: Final = {
    "ceasefire": "a ceasefire",
    "deployed": "any deployment",
    "european": "a European force",
    "observer": "an observer mission",
    "training": "a training mission",
}
"""Events that may come about in a run, each with a week."""


class Names(NamedTuple):
    """What sentences call the parties of a theatre, where its force would stand, and the group marked ``european``.

    A scenario gives them in ``words``; without them the parties are named by their part.
    """

    host: str = "the host"
    opponent: str = "the opponent"
    broker: str = "the broker"
    place: str = "the host's country"
    group: str = "European"

    def say(self, template: str) -> str:
        """Return a text with these names in place of ``{host}``, ``{opponent}`` and the like.

        >>> Names(host="Ruritania").say("{host}'s consent to host"), Names().say("{opponent} refuses")
        ("Ruritania's consent to host", 'the opponent refuses')
        """
        return template.format(**self._asdict())

    def gate(self, gate: str) -> str:
        """Return what a requirement is called: :data:`WORDS_OF_GATES`, with the parties by their names.

        >>> Names(opponent="Sylvania").gate("russian_consent"), Names().gate("lead")
        ("Sylvania's consent", 'a lead nation')
        """
        called = {"host_consent": f"{self.host}'s consent", "russian_consent": f"{self.opponent}'s consent"}
        return called.get(gate, WORDS_OF_GATES[gate])

    def apart(self, name: str) -> str:
        """Return what is reported apart from the outcomes: :data:`APART_WORDS`, with the parties by their names.

        >>> Names(opponent="Sylvania").apart("without_russian_consent")
        "the first force forms without Sylvania's consent or toleration"
        >>> Names(broker="nobody").apart("alliance_strained")
        'a Western force outside NATO is tested without answer from anybody'
        """
        answering = "anybody" if self.broker == "nobody" else self.broker
        return self._replace(broker=answering).say(APART_WORDS[name])

    @property
    def a_group(self) -> str:
        """The group's adjective with its article.

        >>> Names().a_group, Names(group="African").a_group
        ('a European', 'an African')
        """
        vowel = self.group[:1].lower() in "aeiou" and not self.group.lower().startswith(("eu", "uni", "un-"))
        return f"{'an' if vowel else 'a'} {self.group}"

    def of_group(self, text: str) -> str:
        """Return a text that speaks of the baseline's group with this one's adjective in its place.

        >>> Names(group="African").of_group("a European force"), Names(group="regional").of_group("European troops")
        ('an African force', 'regional troops')
        """
        return text.replace("a European", self.a_group).replace("European", self.group)


NEUTRAL: Final = Names()
"""The parties named by their part: for what is said of every theatre."""

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
    "with_russian_consent": "the first force forms with {opponent}'s consent or toleration",
    "without_russian_consent": "the first force forms without {opponent}'s consent or toleration",
    "escalated": "fire is exchanged between a force and {opponent}",
    "alliance_strained": "a Western force outside NATO is tested without answer from {broker}",
    "truce_broke": "a truce breaks",
}
"""What is reported apart from the outcomes, as a row of a table has it; :meth:`Names.apart` puts in the parties."""


def day(iso: str) -> str:
    """Return a day as a letter has it.

    >>> day("2025-04-28")
    '28 April 2025'
    """
    date = datetime.date.fromisoformat(iso)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
"""Names of months whatever the machine's language."""


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
    "host_consent": "the host's consent",
    "russian_consent": "the opponent's consent",
    "council": "a Security Council mandate",
    "backstop": "a backstop that meets contributors' demands",
    "lead": "a lead nation",
    "troops": "enough pledged troops",
    "ratification": "ratification at home",
}

SHORT_WORDS_OF_GATES: Final = {
    "truce": "ceasefire",
    "host_consent": "host's consent",
    "russian_consent": "opponent's consent",
    "council": "Council mandate",
    "backstop": "backstop",
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


WORDS_OF_REQUIREMENTS: Final = {
    "truce": ("there is a ceasefire, or the mission needs none", "the ceasefire that the mission needs is missing"),
    "host_consent": ("{host} would host the mission", "{host} would not host the mission"),
    "russian_consent": (
        "{opponent}'s consent is enough for the mission", "{opponent}'s consent is not enough for the mission",
    ),
    "council": (
        "there is a Security Council mandate, or the mission needs none",
        "the Security Council mandate that the mission needs is missing",
    ),
    "backstop": ("a backstop meets contributors' demands", "no backstop meets contributors' demands"),
    "lead": ("there is a lead nation", "there is no lead nation"),
    "troops": ("enough troops are pledged", "too few troops are pledged"),
    "ratification": ("enough of the pledges are ratified at home", "too few of the pledges are ratified at home"),
}  # fmt: skip
"""How it reads that a requirement is met, and that it is not."""

_READY: Final = {
    "opposed": "refuses to go", "hesitant": "hesitates", "open": "is open to going", "pledged": "has pledged",
}  # fmt: skip
_READY_AT_LEAST: Final = {"hesitant": "does not refuse to go", "open": "is open to going or has pledged"}
_READY_AT_MOST: Final = {"hesitant": "refuses to go or hesitates", "open": "has not pledged"}
_OF_MANY: Final = {"is": "are", "has": "have", "does": "do", "refuses": "refuse", "hesitates": "hesitate"}


def stage_seen(name: str, stage: str, relation: str = "") -> str:
    """Return how a report of where a contributor stands reads; ``relation`` is ``at least``, ``at most`` or empty.

    >>> stage_seen("United Islands", "open", "at least"), stage_seen("Littoral states", "open", "at most")
    ('the United Islands is open to going or has pledged', 'the Littoral states have not pledged')
    """
    words = {"at least": _READY_AT_LEAST, "at most": _READY_AT_MOST}.get(relation, {}).get(stage, _READY[stage])
    many = name.endswith("states") and not name.startswith("United ")
    return f"{the(name)} {' '.join(_OF_MANY.get(word, word) if many else word for word in words.split())}"


def rung_seen(rung: str, relation: str = "", names: Names = NEUTRAL) -> str:
    """Return how a report of the backstop on offer reads.

    >>> rung_seen("air_cover", "at least"), rung_seen("logistics", "at most")
    ('the broker offers air cover from outside or more', \
'the broker offers no more than intelligence, logistics and planning')
    """
    least = relation == "at least" and rung != "troops"
    most = relation == "at most" and rung != "none"
    return f"{names.broker} offers {'no more than ' if most else ''}{RUNGS[rung]}{' or more' if least else ''}"


def consent_seen(consent: str, relation: str = "", names: Names = NEUTRAL) -> str:
    """Return how a report of the opponents' consent reads.

    >>> consent_seen("tolerates", "at least"), consent_seen("accepts", "at least")
    ('the opponent tolerates or accepts the mission', 'the opponent accepts the mission')
    """
    words = [*ANSWERED]
    at = words.index(consent)
    chosen = {"at least": words[at:], "at most": words[: at + 1]}.get(relation, [consent])
    return f"{names.opponent} {listed(chosen, 'or')} the mission"


def requirement_seen(gate: str, met: str, names: Names = NEUTRAL) -> str:
    """Return how a report reads that a requirement of a force is met (``yes``) or not (``no``).

    >>> requirement_seen("troops", "yes"), requirement_seen("host_consent", "no")
    ('enough troops are pledged', 'the host would not host the mission')
    """
    return names.say(WORDS_OF_REQUIREMENTS[gate][met != "yes"])


def mission_seen(mission: str, names: Names = NEUTRAL, *, force: bool = False) -> str:
    """Return how a report of the mission on the table, or of the force in the field, reads.

    ``mission`` is its public name, ``none``, or of a force ``any`` or ``european``.

    >>> mission_seen("a tripwire"), mission_seen("none"), mission_seen("european", force=True)
    ('the mission on the table is “a tripwire”', 'no mission is on the table', 'a European force is in the field')
    """
    if not force:
        return "no mission is on the table" if mission == "none" else f"the mission on the table is “{mission}”"
    groups = {"none": "no force", "any": "a force", "european": names.of_group(EVENT_WORDS["european"])}
    return f"{groups[mission]} is in the field" if mission in groups else f"the force in the field is “{mission}”"


def number_seen(subject: str, value: float, relation: str = "", names: Names = NEUTRAL) -> str:
    """Return how a report of a number reads: troops in the field, a threat of sanctions, or the battlefield.

    >>> number_seen("troops", 5000.0, "at least"), number_seen("battlefield", 0.2)
    ('at least 5,000 troops are in the field', "the opponent's advantage on the battlefield stands at 0.2")
    """
    amount = f"{relation} {figure(value)}".strip()
    if subject == "troops":
        return f"{amount} troops are in the field"
    what = "the threat of sanctions" if subject == "threat" else f"{names.opponent}'s advantage on the battlefield"
    return f"{what} stands at {amount}"


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
    """Return an upper bound of what was never seen, or a lower one of what always was: one figure, never too narrow.

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
"""An end of a range whose 95% interval is wider than this is given with that interval."""


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
"""A difference is practically none if its whole interval lies within so many points, and within such a part of what
comes about, or of what does not, whichever is rarer."""


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


def in_words(probability: float, noise: tuple[float, float] | None = None, of: int = 0) -> str:
    """Return a probability that is a share of runs in words of likelihood, and in percent.

    A small one is given as one in so many too. ``noise`` is its 95% interval: where that holds two words of likelihood,
    both are given. Of how many runs it is, ``of``, says what none and all are worth.

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


def stamped(text: str, stamp: str) -> str:
    """Return a sentence that begins with a stamp such as "not baseline (...)", if there is one.

    >>> stamped("Under this, so much.", "not baseline (1 event of one's own)")
    "Not baseline (1 event of one's own): under this, so much."
    """
    return f"{stamp[0].upper()}{stamp[1:]}: {text[0].lower()}{text[1:]}" if stamp else text


_CAPITALS = frozenset(("un", "nato", "eu"))
_SMALL = frozenset(("an", "as", "at", "by", "if", "in", "is", "it", "no", "of", "on", "or", "to"))
"""Words of two letters that are no initials."""


def label(name: str, *, proper: bool = False) -> str:
    """Return a name of the tables as words; ``proper`` for names of actors.

    Two letters are initials, unless they are a small word.

    >>> label("un_blue_helmets"), label("central_lands", proper=True), label("no_ceasefire"), label("xy", proper=True)
    ('UN blue helmets', 'Central Lands', 'no ceasefire', 'XY')
    """
    if name in LABELS and not proper:
        return LABELS[name]
    words = name.split("_")
    return " ".join(
        word.upper()
        if word in _CAPITALS or (len(word) == 2 and word.isalpha() and word not in _SMALL)
        else word.capitalize()
        if proper
        else word
        for word in words
    )


def named(names: Mapping[str, str], key: str) -> str:
    """Return what ``names`` calls an outcome or a mission, else its words.

    >>> named({"reassurance": "coalition by consent"}, "reassurance"), named({}, "no_ceasefire")
    ('coalition by consent', 'no ceasefire')
    """
    return names.get(key) or label(key)


_RUNGS_SEEN: Final = {
    "rung_on_offer": "on offer",
    "rung_before": "on offer before",
    "rung": "on offer now",
    **{name: name.replace("_", " ") for name in ("thresholds_met_up_to", "at_least", "at_most", "by_its_own_rule")},
}
"""What an explanation of a decision tells of backstops, by name."""
_OTHERS_SEEN: Final = {"binds": "holds it back", "european": "European"}


def seen_in_words(name: str, value: float | int | str | bool, missions: Mapping[str, str]) -> str:
    """Return how it reads that an actor saw a value under a name; ``missions`` are their public names by id.

    >>> seen_in_words("rung_on_offer", "reserve_force", {}), seen_in_words("binds", False, {})
    ('on offer: a reserve force outside', 'holds it back: no')
    >>> seen_in_words("mission", "tripwire", {"tripwire": "a tripwire"}), seen_in_words("own_guarantee", 0.0944, {})
    ('mission: a tripwire', 'own guarantee: 0.0944')
    """
    called_by = _RUNGS_SEEN.get(name) or _OTHERS_SEEN.get(name) or name.replace("_", " ")
    if isinstance(value, bool):
        return f"{called_by}: {'yes' if value else 'no'}"
    if isinstance(value, str):
        words_of = RUNGS if name in _RUNGS_SEEN else missions if name == "mission" else {}
        return f"{called_by}: {words_of.get(value) or value.replace('_', ' ')}"
    return f"{called_by}: {value:.3g}" if isinstance(value, float) else f"{called_by}: {value}"


def called(missions: Mapping[str, Mapping[str, Any]], outcome: str) -> str:
    """Return what readers call an outcome or a mission, given the missions of a config, with the ``name`` of each.

    >>> called({"reassurance": {"name": "coalition by consent"}}, "reassurance"), called({}, "no_ceasefire")
    ('coalition by consent', 'no ceasefire')
    """
    return label(outcome) if outcome in LABELS else str(missions.get(outcome, {}).get("name") or label(outcome))


def requirements_in_short(requirements: str, names: Names = NEUTRAL) -> str:
    """Return a set of requirements, as tables join them, in short words.

    >>> requirements_in_short("truce + russian_consent"), requirements_in_short("host_consent", Names(host="Alba"))
    ("ceasefire + opponent's consent", "Alba's consent")
    """
    return " + ".join(_in_short(gate, names) for gate in requirements.split(" + "))


def _in_short(gate: str, names: Names) -> str:
    party = {"host_consent": "host", "russian_consent": "opponent"}.get(gate)
    called = party and getattr(names, party)
    return f"{called}'s consent" if party and called != getattr(NEUTRAL, party) else SHORT_WORDS_OF_GATES[gate]


def no_set(most: int) -> str:
    """Return how it reads that no set of up to so many requirements did something.

    >>> no_set(1), no_set(2)
    ('no requirement by itself', 'no set of up to 2 requirements')
    """
    return "no requirement by itself" if most == 1 else f"no set of up to {most} requirements"


def none_of(most: int) -> str:
    """Return the same where there is little room.

    >>> none_of(1), none_of(2)
    ('none by itself', 'none of up to 2')
    """
    return "none by itself" if most == 1 else f"none of up to {most}"


def quantity(name: str, called: Mapping[str, str]) -> str:
    """Return what readers call a quantity that comparisons compare: an event, an outcome, a pledge, or a size.

    ``called`` is what readers call missions.

    >>> quantity("european", {}), quantity("outcome.blue", {"blue": "Blue helmets"}), quantity("pledged.alba", {})
    ('a European force', 'outcome: Blue helmets', 'pledged: Alba')
    """
    kind, _, what = name.rpartition(".")
    if kind == "outcome":
        return f"outcome: {named(called, what)}"
    return f"{kind}: {label(what, proper=kind == 'pledged')}" if kind else label(name)


_SECTIONS = {"actors": "", "network": "", "missions": "", "common": "shared", "rules": "rule"}


def path_words(path: str) -> str:
    """Return the path of a number as words; text that is no path of a config as it stands.

    >>> path_words("actors.xy.backstop.offers.at_least"), path_words("rules.pledge.backstop")
    ('XY: backstop, offers, at least', 'rule pledge: backstop')
    >>> path_words("network.alba->borea/patronage.strength"), path_words("common.european_mood")
    ('Alba to Borea: patronage, strength', 'shared: european mood')
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

    >>> listed(["Alba"]), listed(["Alba", "Borea", "Corvia"])
    ('Alba', 'Alba, Borea and Corvia')
    """
    *first, last = [*items] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


def the(name: str) -> str:
    """Return a country's name as it stands within a sentence.

    >>> the("United Islands"), the("Alba")
    ('the United Islands', 'Alba')
    """
    return f"the {name}" if name.startswith("United ") or name.endswith(("lands", "states", "States")) else name


def sentence(text: str) -> str:
    """Return text with a capital at its start.

    >>> sentence("the others wait")
    'The others wait'
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
