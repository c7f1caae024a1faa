"""The names that an event may be made of, each with its meaning: one list, for the grammar, its faults and the docs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Final, Literal, NamedTuple

from sim import vocabulary
from sim.ensemble.columns import RUN_COLUMNS
from sim.ensemble.run_table import words_of
from sim.words import EVENT_WORDS, WORDS_OF_GATES, named

Kind = Literal["event", "outcome", "flag", "number", "word"]
"""What a name stands for: something with a week, the one outcome of a run, yes or no, a number, or a word."""


class Name(NamedTuple):
    """A name of the grammar.

    Attributes
    ----------
    kind, column
        What it stands for, and the column of the table of runs that it reads.
    meaning
        What it means, in words and with its unit.
    phrase
        How it reads in a sentence: whole for events, outcomes and flags ("a European force"); for numbers and words
        with ``{}`` where the value stands ("{} troops").
    words
        The words that a column of words may hold, in their order.
    ordered
        Whether that order means less and more.
    of_force
        Whether it is false, or missing, in a run in which no deployed or observer force formed.
    """

    kind: Kind
    column: str
    meaning: str
    phrase: str
    words: tuple[str, ...] = ()
    ordered: bool = False
    of_force: bool = False


_FLAGS: Final = {
    "truce_broke": "a truce that broke",
    "with_russian_consent": "a force that every opponent tolerated or accepted when it formed",
    "without_russian_consent": "a force that an opponent refused when it formed",
    "in_place_at_horizon": "a force in place at the horizon",
    "held": "a force that held to the horizon",
    "escalated": "fire exchanged between a force and an opponent",
    "alliance_strained": "an alliance strained by a test without answer from the broker",
}
_NUMBERS: Final = {
    "ceasefire_week": "a first ceasefire in week {}",
    "truces": "{} truces begun",
    "deployed_week": "a first deployment in week {}",
    "european_week": "a first European force in week {}",
    "observer_week": "a first observer mission in week {}",
    "training_week": "a first training mission in week {}",
    "troops": "{} troops",
    "european_troops": "{} European troops",
    "states": "{} states in the force",
    "attacks": "{} rounds of attack on a force",
    "reinforced": "{} tests answered by the broker",
    "concession": "a concession of {}",
    "guarantee": "a guarantee of {}",
    "arms": "arms of {}",
    "pledged_troops": "{} troops pledged at the horizon",
    "sufficiency_highest": "a highest sufficiency of {}",
    "troops_at_horizon": "{} troops in the field at the horizon",
    "reached": "step {} of the funnel",
}
_WORDS: Final = {
    "outcome": "the outcome {}",
    "mission": "the mission {}",
    "rung_at_formation": "a rung of {} when the force formed",
    "consent_at_formation": "an opponent's consent of {} when the force formed",
    "rung": "a rung of {} on offer at the horizon",
    "rung_highest": "a highest rung of {} on offer",
    "consent": "an opponent's consent of {} at the horizon",
    "table": "{} on the table at the horizon",
}
_OF_FORCE: Final = frozenset(
    {
        "deployed_week", "european_week", "observer_week", "troops", "european_troops", "states", "rung_at_formation",
        "consent_at_formation", "with_russian_consent", "without_russian_consent", "in_place_at_horizon", "held",
        "escalated", "alliance_strained",
    }
)  # fmt: skip
RENAMED: Final = {"rung": "rung_at_horizon", "consent": "consent_at_horizon"}
"""Columns of runs that go by another name here: in an event, ``rung`` and ``consent`` are those of the force."""
SHORT: Final = {"rung": "rung_at_formation", "consent": "consent_at_formation"}
"""Short names, by the column that they stand for."""


@lru_cache(maxsize=64)
def names(missions: tuple[str, ...], called: tuple[str, ...] = ()) -> dict[str, Name]:
    """Return every name that an event of a scenario with these missions may be made of.

    Where an event, a column and an outcome share a name, it stands for the first of these. ``called`` are the public
    names of the missions, in their order, for phrases.

    >>> names(("tripwire",))["rung"].column
    'rung_at_formation'
    >>> names(("nato",), ("NATO mission",))["nato"].phrase
    'the outcome “NATO mission”'
    """
    public = dict(zip(missions, called, strict=False))
    known = {name: _event(name) for name in EVENT_WORDS}
    known |= {RENAMED.get(column, column): _of_column(column, missions) for column in RUN_COLUMNS}
    known |= {short: known[long] for short, long in SHORT.items()}
    known |= {f"missing_{gate}": _missing(gate) for gate in vocabulary.GATES}
    known |= {f"tabled_{mission}": _tabled(mission, named(public, mission)) for mission in missions}
    outcomes = (*missions, *vocabulary.OUTCOMES_WITHOUT_FORCE)
    return known | {name: _outcome(name, public, name in missions) for name in outcomes if name not in known}


def _event(name: str) -> Name:
    week = f"{name}_week"
    article, _, rest = EVENT_WORDS[name].partition(" ")
    meaning = f"{article} {rest} came about; with `by week N` or `by month N`, by then"
    return Name("event", week, meaning, EVENT_WORDS[name], of_force=week in _OF_FORCE)


def _of_column(column: str, missions: tuple[str, ...]) -> Name:
    about, of_force, plain = RUN_COLUMNS[column], column in _OF_FORCE, column.replace("_", " ")
    if about.holds == "flag":
        return Name("flag", column, about.meaning, _FLAGS.get(column, plain), of_force=of_force)
    if words := words_of(about.holds, missions):
        ordered = about.holds in vocabulary.SCALES
        return Name("word", column, about.meaning, _WORDS.get(column, f"{plain} {{}}"), words, ordered, of_force)
    return Name("number", column, about.meaning, _NUMBERS.get(column, f"{plain} of {{}}"), of_force=of_force)


def _missing(gate: str) -> Name:
    meaning = f"whether a run without a deployed force at the horizon lacked {WORDS_OF_GATES[gate]} then"
    return Name("flag", f"missing_{gate}", meaning, f"{WORDS_OF_GATES[gate]} missing at the horizon")


def _tabled(mission: str, words: str) -> Name:
    return Name(
        "number", f"tabled_{mission}", "weeks for which this mission stood on the table",
        f"{{}} weeks with {words} on the table",
    )  # fmt: skip


def _outcome(name: str, public: Mapping[str, str], of_force: bool) -> Name:
    phrase = f"the outcome “{named(public, name)}”"
    return Name("outcome", "outcome", f"the outcome of the run is {name}", phrase, of_force=of_force)


def in_kind(known: dict[str, Name], kinds: Iterable[Kind]) -> list[str]:
    """Return the names of some kinds, in their order."""
    wanted = set(kinds)
    return [name for name, about in known.items() if about.kind in wanted]
