"""The words of reports of what was seen: stages, rungs, consent, requirements, missions and numbers."""

from __future__ import annotations

from typing import Final

from sim.words import ANSWERED, EVENT_WORDS, NEUTRAL, RUNGS, Names, figure, listed, the

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
"""Words for a requirement that is met, and for one that is not."""
_READY: Final = {
    "opposed": "refuses to go", "hesitant": "hesitates", "open": "is open to going", "pledged": "has pledged",
}  # fmt: skip
_READY_AT_LEAST: Final = {"hesitant": "does not refuse to go", "open": "is open to going or has pledged"}
_READY_AT_MOST: Final = {"hesitant": "refuses to go or hesitates", "open": "has not pledged"}
_OF_MANY: Final = {"is": "are", "has": "have", "does": "do", "refuses": "refuse", "hesitates": "hesitate"}


def stage_seen(name: str, stage: str, relation: str = "") -> str:
    """Return the words of a report of a contributor's stage; ``relation`` is ``at least``, ``at most`` or empty.

    >>> stage_seen("United Islands", "open", "at least"), stage_seen("Littoral states", "open", "at most")
    ('the United Islands is open to going or has pledged', 'the Littoral states have not pledged')
    """
    words = {"at least": _READY_AT_LEAST, "at most": _READY_AT_MOST}.get(relation, {}).get(stage, _READY[stage])
    many = name.endswith("states") and not name.startswith("United ")
    return f"{the(name)} {' '.join(_OF_MANY.get(word, word) if many else word for word in words.split())}"


def rung_seen(rung: str, relation: str = "", names: Names = NEUTRAL) -> str:
    """Return the words of a report of the backstop on offer.

    >>> rung_seen("air_cover", "at least"), rung_seen("logistics", "at most")
    ('the broker offers air cover from outside or more', \
'the broker offers no more than intelligence, logistics and planning')
    """
    least = relation == "at least" and rung != "troops"
    most = relation == "at most" and rung != "none"
    return f"{names.broker} offers {'no more than ' if most else ''}{RUNGS[rung]}{' or more' if least else ''}"


def consent_seen(consent: str, relation: str = "", names: Names = NEUTRAL) -> str:
    """Return the words of a report of the opponents' consent.

    >>> consent_seen("tolerates", "at least"), consent_seen("accepts", "at least")
    ('the opponent tolerates or accepts the mission', 'the opponent accepts the mission')
    """
    words = [*ANSWERED]
    at = words.index(consent)
    chosen = {"at least": words[at:], "at most": words[: at + 1]}.get(relation, [consent])
    return f"{names.opponent} {listed(chosen, 'or')} the mission"


def requirement_seen(gate: str, met: str, names: Names = NEUTRAL) -> str:
    """Return the words of a report that a requirement of a force is met (``yes``) or not (``no``).

    >>> requirement_seen("troops", "yes"), requirement_seen("host_consent", "no")
    ('enough troops are pledged', 'the host would not host the mission')
    """
    return names.say(WORDS_OF_REQUIREMENTS[gate][met != "yes"])


def mission_seen(mission: str, names: Names = NEUTRAL, *, force: bool = False) -> str:
    """Return the words of a report of the mission on the table, or of the force in the field.

    ``mission`` is its public name, ``none``, or of a force ``any`` or ``european``.

    >>> mission_seen("a tripwire"), mission_seen("none"), mission_seen("european", force=True)
    ('the mission on the table is “a tripwire”', 'no mission is on the table', 'a European force is in the field')
    """
    if not force:
        return "no mission is on the table" if mission == "none" else f"the mission on the table is “{mission}”"
    groups = {"none": "no force", "any": "a force", "european": names.of_group(EVENT_WORDS["european"])}
    return f"{groups[mission]} is in the field" if mission in groups else f"the force in the field is “{mission}”"


def number_seen(subject: str, value: float, relation: str = "", names: Names = NEUTRAL) -> str:
    """Return the words of a report of a number: troops in the field, a threat of sanctions, or the battlefield.

    >>> number_seen("troops", 5000.0, "at least"), number_seen("battlefield", 0.2)
    ('at least 5,000 troops are in the field', "the opponent's advantage on the battlefield stands at 0.2")
    """
    amount = f"{relation} {figure(value)}".strip()
    if subject == "troops":
        return f"{amount} troops are in the field"
    what = "the threat of sanctions" if subject == "threat" else f"{names.opponent}'s advantage on the battlefield"
    return f"{what} stands at {amount}"
