"""Observations: what was seen of the world on dated weeks, as a file that people keep, checked against a scenario."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import combinations
from math import ceil
from pathlib import Path
from typing import Annotated, Any, Final, NamedTuple

from pydantic import BeforeValidator, Field, RootModel, model_validator

from sim import vocabulary
from sim.reading.errors import Fault, InputError, Place, fault, suggestion
from sim.reading.files import Document, read_yaml
from sim.reading.pydantic_errors import Entry, validated
from sim.scenario.observation_words import (
    consent_seen,
    mission_seen,
    number_seen,
    requirement_seen,
    rung_seen,
    stage_seen,
)
from sim.scenario.priors import plain
from sim.scenario.scenario import Scenario

RELIABILITY: Final = 0.95
"""How likely a report is right that gives no reliability of its own; an assumption."""
CEASEFIRE: Final = ("none", "holds")
ANSWERS: Final = vocabulary.ANSWERS
NUMBERS: Final = ("troops", "threat", "battlefield")
SUBJECTS: Final = ("stage", "rung", "consent", "mission", "ceasefire", "force", "gate", *NUMBERS)
"""What of a week can be observed."""
_GROUPS: Final = ("any", "european")
_AT_LEAST, _AT_MOST = "at least ", "at most "
_WORD_OF_YAML: Final = {"True": "yes", "False": "no", "None": "none"}
"""Words that YAML, or a map in Python, has as values of its own."""


def _day(raw: Any) -> Any:
    if isinstance(raw, str):
        try:
            return datetime.date.fromisoformat(raw)
        except ValueError:
            raise ValueError(f"{raw!r} is not a date; allowed: a day such as 2025-03-10") from None
    return raw


def _share(raw: Any) -> float:
    value = plain(raw)
    if not 0.0 < value <= 1.0:
        raise ValueError(f"{value:g} is outside what is allowed, above 0 to 1")
    return value


def _no_boolean(raw: Any) -> Any:
    if isinstance(raw, bool):
        raise ValueError(f"{str(raw).lower()} is no word here; write {'yes' if raw else 'no'}")
    return raw


Day = Annotated[datetime.date, BeforeValidator(_day)]
Words = Annotated[str | int | float, BeforeValidator(_no_boolean)]


class _Entry(Entry):
    week: Day | None = None
    first: Day | None = Field(default=None, alias="from")
    last: Day | None = Field(default=None, alias="to")
    actor: str | None = None
    stage: Words | None = None
    rung: Words | None = None
    consent: Words | None = None
    mission: Words | None = None
    ceasefire: Words | None = None
    force: Words | None = None
    gate: str | None = None
    met: Words | None = None
    troops: Words | None = None
    threat: Words | None = None
    battlefield: Words | None = None
    sd: Annotated[float, BeforeValidator(plain), Field(gt=0.0)] | None = None
    reliability: Annotated[float, BeforeValidator(_share)] = RELIABILITY
    source: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _is_one_observation(self) -> _Entry:
        if (self.week is None) == (self.first is None or self.last is None) or (self.first is None) != (
            self.last is None
        ):
            raise ValueError("an observation has either week, or from and to")
        if self.first is not None and self.last is not None and self.last < self.first:
            raise ValueError(f"to ({self.last}) comes before from ({self.first})")
        given = [name for name in SUBJECTS if getattr(self, name) is not None]
        if len(given) != 1:
            raise ValueError(f"an observation tells one of {', '.join(SUBJECTS)}; this one tells {len(given)}")
        if (self.actor is not None) != (given == ["stage"]):
            raise ValueError("actor goes with stage, and stage with actor")
        if (self.met is not None) != (given == ["gate"]):
            raise ValueError("gate goes with met (yes or no), and met with gate")
        return self


class _File(RootModel[list[_Entry]]):
    pass


class Observation(NamedTuple):
    """One thing seen.

    Attributes
    ----------
    subject, of
        What was looked at (a word of :data:`SUBJECTS`), and the actor of a stage or the gate, else empty.
    first, last
        Rounds at the end of which it was seen, from 0; it held throughout from the first to the last.
    codes
        The values that fit what was reported, as positions in ``words``; empty for a number.
    words
        The scale, empty for a number.
    bounds, sd
        Of a number: the interval that was reported, and the standard deviation of the report (0: none is told).
    reliability
        The chance that the report is right.
    text, written
        What was reported: in words, and as it is written, without its week.
    source, place
        Where it was read, and where it stands in the file.
    """

    subject: str
    of: str
    first: int
    last: int
    codes: tuple[int, ...]
    words: tuple[str, ...]
    bounds: tuple[float, float]
    sd: float
    reliability: float
    text: str
    written: str
    source: str
    place: Place

    @property
    def certain(self) -> bool:
        """Whether the report cannot be wrong."""
        return self.reliability >= 1.0 and self.sd == 0.0


def load_observations(path: str | Path, scenario: Scenario) -> tuple[Observation, ...]:
    """Return the observations in a file, in the order of their last weeks, checked against ``scenario``.

    Raises
    ------
    InputError
        With every mistake and its place: unknown actors, gates, missions or words, weeks outside the scenario, and two
        certain observations that contradict each other, with both places.
    """
    return read_observations(read_yaml(Path(path)), scenario)


def read_observations(document: Document, scenario: Scenario) -> tuple[Observation, ...]:
    """Return the observations that a YAML document holds, as :func:`load_observations` does those of a file.

    Raises
    ------
    InputError
        With every mistake and its place.
    """
    entries = validated(_File, document).root
    return checked([(entry, document.place((str(at),))) for at, entry in enumerate(entries)], scenario)


def observation(written: dict[str, Any], scenario: Scenario, where: str = "observation") -> Observation:
    """Return one observation given as a map, as a line of a file.

    Raises
    ------
    InputError
        If anything is wrong with it.
    """
    place = Place(where)
    (entry,) = validated(_File, Document([written], {(): place})).root
    return checked([(entry, place)], scenario)[0]


def checked(entries: Iterable[tuple[_Entry, Place]], scenario: Scenario) -> tuple[Observation, ...]:
    """Return entries as observations of ``scenario``, sorted by week; raise with all faults if one does not fit."""
    seen, faults = list[Observation](), list[Fault]()
    for entry, place in entries:
        try:
            seen.append(_observation(entry, place, scenario))
        except ValueError as error:
            faults.append(fault(place, (), str(error)))
    faults += _contradictions(seen)
    if faults:
        raise InputError(faults)
    return tuple(sorted(seen, key=lambda each: (each.last, each.first, each.subject, each.of, each.written)))


def _observation(entry: _Entry, place: Place, scenario: Scenario) -> Observation:
    subject = next(name for name in SUBJECTS if getattr(entry, name) is not None)
    first, last = (_round(day, scenario) for day in (entry.first or entry.week, entry.last or entry.week))
    raw = str(entry.met if subject == "gate" else getattr(entry, subject))
    of = _of(entry, subject, scenario)
    about: dict[str, Any] = {"subject": subject, "of": of, "first": first, "last": last}
    about |= {"reliability": entry.reliability, "source": entry.source or "", "place": place}
    about["written"] = _written(subject, of, raw)
    if subject in NUMBERS:
        bounds = _bounds(subject, raw, entry.sd, first != last)
        text = number_seen(subject, *_value_of(raw), names=scenario.names)
        return Observation(codes=(), words=(), bounds=bounds, sd=entry.sd or 0.0, text=text, **about)
    if entry.sd is not None:
        raise ValueError(f"sd goes with a number ({', '.join(NUMBERS)}), and {subject} is told in words")
    words = _scale(subject, scenario)
    codes = _codes(subject, raw, words, scenario)
    text = _words_of(subject, of, raw, scenario)
    return Observation(codes=codes, words=words, bounds=(0.0, 0.0), sd=0.0, text=text, **about)


def _written(subject: str, of: str, raw: str) -> str:
    """Return what was reported as a line of a file has it, without its week.

    >>> _written("gate", "troops", "yes"), _written("rung", "", "at least air_cover")
    ('{gate: troops, met: yes}', '{rung: at least air_cover}')
    """
    subjects = {"stage": f"actor: {of}, stage", "gate": f"gate: {of}, met"}
    return f"{{{subjects.get(subject, subject)}: {_WORD_OF_YAML.get(raw, raw)}}}"


def _words_of(subject: str, of: str, raw: str, scenario: Scenario) -> str:
    """Return a report in words; ``raw`` is a word of its scale, alone or after a relation."""
    relation, word = _relation(raw)
    word, names = _WORD_OF_YAML.get(word, word), scenario.names
    if subject == "stage":
        return stage_seen(scenario.parts.actors[of].name, word, relation)
    if subject == "gate":
        return requirement_seen(of, word, names)
    if subject == "ceasefire":
        return "a ceasefire holds" if word == "holds" else "no ceasefire holds"
    if subject in ("mission", "force"):
        mission = scenario.parts.missions.get(word)
        return mission_seen(mission.name if mission else word, names, force=subject == "force")
    return (rung_seen if subject == "rung" else consent_seen)(word, relation, names)


def _relation(raw: str) -> tuple[str, str]:
    """Return the relation that a report begins with, or none, and what follows it.

    >>> _relation("at least open"), _relation("open")
    (('at least', 'open'), ('', 'open'))
    """
    relation = next((each for each in (_AT_LEAST, _AT_MOST) if raw.startswith(each)), "")
    return relation.strip(), raw.removeprefix(relation)


def _round(day: datetime.date | None, scenario: Scenario) -> int:
    """Return the round at whose end a day is seen: the one in which it lies."""
    assert day is not None
    start, parts = datetime.date.fromisoformat(scenario.parts.start), scenario.parts
    rounds = parts.horizon_weeks * parts.rounds_per_week
    at = max(0, ceil((day - start).days / 7.0 * parts.rounds_per_week) - 1)
    if day < start or at >= rounds:
        end = start + datetime.timedelta(weeks=parts.horizon_weeks)
        raise ValueError(f"{day} is outside the scenario, {start} to {end}")
    return at


def _of(entry: _Entry, subject: str, scenario: Scenario) -> str:
    if subject == "gate":
        if entry.gate not in vocabulary.GATES:
            raise ValueError(f"{entry.gate!r} is no gate; {suggestion(entry.gate, vocabulary.GATES)}")
        return str(entry.gate)
    if subject != "stage":
        return ""
    actors = [name for name, actor in scenario.parts.actors.items() if "contributor" in actor.roles]
    if entry.actor not in actors:
        raise ValueError(f"{entry.actor!r} is no contributor here; {suggestion(entry.actor, actors)}")
    return str(entry.actor)


def _scale(subject: str, scenario: Scenario) -> tuple[str, ...]:
    """Return the words of a subject; those of missions begin with none, whose code is 0."""
    if subject in ("mission", "force"):
        return (vocabulary.NO_MISSION, *sorted(scenario.parts.missions))
    words = {
        "stage": vocabulary.STANCES,
        "rung": vocabulary.RUNGS,
        "consent": vocabulary.CONSENTS,
        "ceasefire": CEASEFIRE,
        "gate": ANSWERS,
    }
    return words[subject]


def _codes(subject: str, raw: str, words: Sequence[str], scenario: Scenario) -> tuple[int, ...]:
    if subject == "force" and raw in _GROUPS:
        missions = scenario.parts.missions
        return tuple(
            at for at, name in enumerate(words) if at and (raw == "any" or "european" in missions[name].groups)
        )
    ordered = subject in ("stage", "rung", "consent")
    relation, word = _relation(raw) if ordered else ("", raw)
    word = _WORD_OF_YAML.get(word, word)
    if word not in words:
        allowed = (*words, *(_GROUPS if subject == "force" else ()))
        hint = ", alone or after 'at least' or 'at most'" if ordered else ""
        raise ValueError(f"{subject}: {word!r} is not among the words; {suggestion(word, allowed)}{hint}")
    at = words.index(word)
    ranges = {"at least": range(at, len(words)), "at most": range(at + 1), "": range(at, at + 1)}
    return tuple(ranges[relation])


def _value_of(raw: str) -> tuple[float, str]:
    if sign := re.match(r"([<>\u2264\u2265])=?\s*", raw):
        relation = "at least" if sign[1] in ">\u2265" else "at most"
        raise ValueError(f"{raw!r} is not a number; write {relation} {raw[sign.end() :]}")
    relation, written = _relation(raw)
    return plain(written.replace(",", "")), relation


def _bounds(subject: str, raw: str, sd: float | None, lasts: bool) -> tuple[float, float]:
    value, relation = _value_of(raw)
    if relation:
        if sd is not None:
            raise ValueError("sd goes with a value, not with at least or at most")
        return (value, float("inf")) if relation == "at least" else (float("-inf"), value)
    if sd is None:
        raise ValueError(
            f"{subject}: a value needs sd, the standard deviation of the report (or say at least, at most)"
        )
    if lasts:
        raise ValueError("a value with sd is seen in one week; give week in place of from and to")
    return (value, value)


def _contradictions(seen: Sequence[Observation]) -> Iterator[Fault]:
    """Yield a fault for each pair of certain observations of one thing, in one week, that cannot both be right."""
    certain = [each for each in seen if each.certain]
    for one, other in combinations(certain, 2):
        same = (one.subject, one.of) == (other.subject, other.of)
        if same and one.first <= other.last and other.first <= one.last and not _both(one, other):
            yield fault(
                other.place, (), f"contradicts the observation at {one.place}: both are certain (that {one.text})"
            )


def _both(one: Observation, other: Observation) -> bool:
    if one.words:
        return bool(set(one.codes) & set(other.codes))
    return max(one.bounds[0], other.bounds[0]) <= min(one.bounds[1], other.bounds[1])
