"""Words of a sentence: how events, gates, rungs, troops and weeks read, and what parties and missions are called."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
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
"""Names in tables that have words of their own: events, and outcomes, of which a run has exactly one."""


APART_WORDS: Final = {
    "in_place_at_horizon": "a force is in the field at the horizon",
    "held": "the first force stays in the field to the horizon",
    "with_russian_consent": "the first force forms with {opponent}'s consent or toleration",
    "without_russian_consent": "the first force forms without {opponent}'s consent or toleration",
    "escalated": "fire is exchanged between a force and {opponent}",
    "alliance_strained": "a Western force outside NATO is tested without answer from {broker}",
    "truce_broke": "a truce breaks",
}
"""What is reported apart from the outcomes, as rows of a table; :meth:`Names.apart` puts in the parties."""


def day(iso: str) -> str:
    """Return a day as in a letter.

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


def stamped(text: str, stamp: str) -> str:
    """Return a sentence that begins with a stamp such as "not baseline (...)", if there is one.

    >>> stamped("Under this, so much.", "not baseline (1 event of one's own)")
    "Not baseline (1 event of one's own): under this, so much."
    """
    return f"{sentence(stamp)}: {text[0].lower()}{text[1:]}" if stamp else text


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
    """Return words for no set of up to ``most`` requirements.

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


def listed(items: Iterable[str], word: str = "and") -> str:
    """Return items as an enumeration, the last joined by ``word``.

    >>> listed(["Alba"]), listed(["Alba", "Borea", "Corvia"])
    ('Alba', 'Alba, Borea and Corvia')
    """
    *first, last = [*items] or [""]
    return f"{', '.join(first)} {word} {last}" if first else last


def the(name: str) -> str:
    """Return a country's name for use within a sentence.

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
