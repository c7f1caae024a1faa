"""Look up published figures that speak to numbers of the configs, and a table of what states have and once sent.

A record says what was counted, over what and when, where it was published, how much of that was seen, and how the model
reads it. Nothing in it is later than
:data:`sim.evidence.dates.LAST_DAY`. :func:`load` reads ``seeds/literature.yaml`` and
:func:`load_countries` the table ``seeds/countries.csv``, whose columns the same file describes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, Field, StringConstraints, ValidationInfo, model_validator

from sim.evidence.claim_files import seeds_home
from sim.evidence.claims import Number, Text
from sim.evidence.dates import LAST_DAY, check_date, check_period
from sim.reading.errors import Place
from sim.reading.files import read_yaml
from sim.reading.pydantic_errors import Entry, validated, word_of
from sim.reading.read_only import close

TARGET: Final = "target: "
"""Subjects that begin like this are outcomes to compare runs with; all other subjects of a record are config paths."""
LITERATURE_TOPICS: Final = {
    "ceasefires": "how wars end, and how long truces hold",
    "deployment": "how fast and how large forces deploy",
    "consent": "consent and vetoes",
    "promises": "promises, and belief in them",
    "opinion": "public opinion, and the state of the field",
    "parliaments": "parliaments and governments",
    "sanctions": "sanctions",
    "contributions": "what states sent to past coalitions",
    "talks": "talks and forecasts",
}
"""Topics of records, and their words."""
SEEN: Final = {
    "dataset": "the data were read and counted by us",
    "page": "the full text was read",
    "excerpt": "a part of the page was read",
    "abstract": "the abstract was read",
    "memory": "not read; widely known, to be checked before use",
}
"""How much of a source was seen, most first."""

_PATH: Final = re.compile(r"[\w*]+(?:\.(?:\*|\w[\w>/-]*))+")


def _check_subject(subject: str) -> str:
    if not (subject.startswith(TARGET) or _PATH.fullmatch(subject)):
        raise ValueError(
            f"{subject!r} is neither a config path, such as actors.*.credence, nor a text after 'target: '"
        )
    return subject


class Source(Entry):
    """Where a figure was published.

    ``year`` is None where the page gives none; ``date`` is the day or month of publication, or of what was counted
    where publication has none; a source of 2025 has to give it.
    """

    authors: Text
    year: Annotated[int, Field(ge=1700, le=int(LAST_DAY[:4]))] | None = None
    title: Text
    where: Text | None = None
    date: Annotated[Text, AfterValidator(check_date)] | None = None
    doi: Annotated[str, StringConstraints(pattern=r"^10\.\d{4,}/\S+$")] | None = None
    address: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")] | None = None

    @model_validator(mode="after")
    def _is_dated(self) -> Source:
        if self.year == int(LAST_DAY[:4]) and self.date is None:
            raise ValueError(
                f"a source of {self.year} gives its date, so that it is seen to be no later than {LAST_DAY}"
            )
        return self

    def __str__(self) -> str:
        year = f" ({self.year})" if self.year else ""
        linked = f"https://doi.org/{self.doi}" if self.doi else self.address
        return f"{self.authors}{year}: {'. '.join(part for part in (self.title, self.where, linked) if part)}"


class _RecordEntry(Entry):
    topic: Annotated[str, AfterValidator(word_of(LITERATURE_TOPICS, "a topic of the literature"))]
    quantity: Text
    value: Number | Text | None = None
    low: Number | None = None
    likely: Number | None = None
    high: Number | None = None
    unit: Text
    population: Text
    period: Annotated[Text, AfterValidator(check_period)]
    source: Source
    seen: Literal["dataset", "page", "excerpt", "abstract", "memory"]
    subjects: Annotated[tuple[Annotated[Text, AfterValidator(_check_subject)], ...], Field(min_length=1, alias="for")]
    how: Text
    caveat: Text | None = None

    @model_validator(mode="after")
    def _says_how_much(self) -> _RecordEntry:
        bounds = [bound for bound in (self.low, self.likely, self.high) if bound is not None]
        if len(bounds) not in (0, 3):
            raise ValueError("low, likely and high stand together")
        if bounds != sorted(bounds):
            raise ValueError(f"{', '.join(f'{bound:g}' for bound in bounds)}: low, likely and high are not in order")
        if self.value is None and not bounds:
            raise ValueError("a record has a value, or low, likely and high")
        return self


class Record(_RecordEntry):
    """One published figure: what was counted, where it stands, and how the model reads it.

    ``value`` is the raw count or figure, as text where it is several; ``low``, ``likely`` and ``high`` are our interval
    for it. ``subjects`` (``for:`` in the file) are the config paths, with ``*`` for any one key, and the targets, that
    it speaks to. What ``how`` proposes is ours, not the source's.
    """

    id: str
    place: Place

    @property
    def paths(self) -> tuple[str, ...]:
        """The patterns of config paths that it speaks to."""
        return tuple(subject for subject in self.subjects if not subject.startswith(TARGET))

    @property
    def targets(self) -> tuple[str, ...]:
        """The outcomes that it speaks to."""
        return tuple(subject.removeprefix(TARGET) for subject in self.subjects if subject.startswith(TARGET))

    @property
    def figure(self) -> str:
        """The value, and the interval where there is one, in words."""
        bounds = f"{self.low:g}, {self.likely:g}, {self.high:g}" if self.likely is not None else ""
        value = f"{self.value:g}" if isinstance(self.value, float | int) else self.value
        return f"{value} ({bounds})" if value and bounds else value or bounds

    def speaks_to(self, path: str) -> bool:
        """Return whether the record speaks to the number at a config path."""
        return any(fits(pattern, path) for pattern in self.paths)


def _known_record(id: str, info: ValidationInfo) -> str:
    known = (info.context or {}).get("record")
    if known is None:
        return id
    return word_of(known, "a record")(id)


class Column(Entry):
    """What a column of the table of countries holds, and the records that its figures come from."""

    means: Text
    sources: Annotated[tuple[Annotated[Text, AfterValidator(_known_record)], ...], Field(alias="from")] = ()


class _LiteratureFile(Entry):
    records: dict[Annotated[str, StringConstraints(pattern=r"^[a-z0-9_]+$")], _RecordEntry]
    countries: dict[Text, Column]


@dataclass(frozen=True)
class Literature:
    """All records, by id, and what the columns of the table of countries mean, by name."""

    records: Mapping[str, Record]
    columns: Mapping[str, Column]

    def __post_init__(self) -> None:
        close(self)

    def select(self, topic: str | None = None, path: str | None = None) -> list[Record]:
        """Return the records on ``topic`` that speak to the number at the config path ``path``; None: any.

        Raises
        ------
        ValueError
            If there is no such topic.
        """
        if topic is not None:
            word_of(LITERATURE_TOPICS, "a topic of the literature")(topic)
        return [
            record
            for record in self.records.values()
            if topic in (None, record.topic) and (path is None or record.speaks_to(path))
        ]


def fits(pattern: str, path: str) -> bool:
    """Return whether a config path fits a pattern, in which ``*`` stands for any one key.

    >>> fits("actors.*.credence", "actors.uk.credence"), fits("actors.*", "actors.uk.credence")
    (True, False)
    """
    keys, parts = pattern.split("."), path.split(".")
    return len(keys) == len(parts) and all(key in ("*", part) for key, part in zip(keys, parts, strict=True))


def load(seeds: Path | None = None) -> Literature:
    """Return the literature in the folder ``seeds`` (default: the shipped one), read anew only after an edit.

    Raises
    ------
    InputError
        If ``literature.yaml`` has a fault, such as a record that is too late; the error lists all faults.
    """
    file = (seeds or seeds_home()).resolve() / "literature.yaml"
    stamp = (file.stat().st_mtime_ns, file.stat().st_size) if file.is_file() else (0, 0)
    return _load(file, stamp)


@lru_cache(maxsize=8)
def _load(path: Path, stamp: tuple[int, int]) -> Literature:
    file = read_yaml(path)
    records = file.data.get("records") if isinstance(file.data, dict) else None
    context = {"record": list(records) if isinstance(records, dict) else []}
    sound = validated(_LiteratureFile, file, context)
    named = {id: Record(**dict(entry), id=id, place=file.place(("records", id))) for id, entry in sound.records.items()}
    return Literature(named, sound.countries)
