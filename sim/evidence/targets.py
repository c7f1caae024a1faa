"""Load targets of history matching: what published data say about consequences of a draw of inputs, as data.

A target never is the outcome that is forecast. :mod:`sim.analysis.matching` holds draws of the inputs against targets.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from math import log
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from pydantic import Field, model_validator

from sim.evidence.claim_files import seeds_home
from sim.evidence.claims import Number, Text
from sim.reading.errors import Place
from sim.reading.files import read_yaml
from sim.reading.pydantic_errors import Entry, validated
from sim.reading.read_only import close

ShareName = Literal["ceasefire_year", "ceasefire_early", "terms_dictated", "force_refused"]
LogName = Literal["truce_break_rate", "truce_break_ratio", "weeks_to_force", "leaving_rate"]
SHARES: tuple[str, ...] = get_args(ShareName)
LOGS: tuple[str, ...] = get_args(LogName)
"""Quantities above 0, compared as logarithms; those of :data:`SHARES` lie in [0, 1] and are compared as they are."""
WIDTH_95 = 2 * 1.959963984540054
"""The width of a 95% interval of a normal distribution, in standard deviations."""


class Interval(Entry):
    """What is published, in the quantity's own unit: the likeliest value, and the ends of a 95% interval."""

    low: Number
    likely: Number
    high: Number

    @model_validator(mode="after")
    def _in_order(self) -> Interval:
        if not self.low <= self.likely <= self.high or self.low == self.high:
            raise ValueError(f"{self.low:g}, {self.likely:g}, {self.high:g}: low, likely and high have to rise")
        return self


class Discrepancy(Entry):
    """How far the model may be off where its inputs are right, and why; for logarithms, the sd of the logarithm."""

    sd: Annotated[Number, Field(ge=0)]
    because: Text


class _TargetEntry(Entry):
    says: Text
    quantity: ShareName | LogName
    published: Interval
    discrepancy: Discrepancy
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    reading: Text
    caveat: Text

    @model_validator(mode="after")
    def _in_range(self) -> _TargetEntry:
        ends = self.published
        if self.quantity in SHARES and not (ends.low >= 0.0 and ends.high <= 1.0):
            raise ValueError(f"{self.quantity} is a share; allowed: 0 to 1")
        if self.quantity in LOGS and ends.low <= 0.0:
            raise ValueError(f"{self.quantity} is compared as a logarithm; allowed: above 0")
        return self


class Target(_TargetEntry):
    """What published data say about a named quantity of a draw of inputs.

    ``published`` and ``discrepancy`` stand apart: the first is what the sources leave open, the second what the model
    leaves out. ``sources`` are ids of records of the literature.
    """

    id: str
    place: Place

    @property
    def mean(self) -> float:
        """The likeliest value on the scale on which it is compared."""
        return self._scaled(self.published.likely)

    @property
    def observation_sd(self) -> float:
        """What the sources leave open, as a standard deviation on the scale on which it is compared."""
        return (self._scaled(self.published.high) - self._scaled(self.published.low)) / WIDTH_95

    @property
    def variance(self) -> float:
        """The variance of observation and of discrepancy together, on that scale."""
        return self.observation_sd**2 + self.discrepancy.sd**2

    def _scaled(self, value: float) -> float:
        return log(value) if self.quantity in LOGS else value


class _UnansweredEntry(Entry):
    quantity: Text
    because: Text


class _TargetsFile(Entry):
    cases: dict[Text, Text] = {}
    targets: Annotated[dict[str, _TargetEntry], Field(min_length=1)]
    unanswered: dict[str, _UnansweredEntry] = {}


@dataclass(frozen=True)
class Targets:
    """All targets, by id.

    Attributes
    ----------
    by_id
        The targets.
    cases
        Patterns of the paths of inputs that differ between the cases which sources count, each with its reason: they
        are drawn anew in every run, and never matched.
    unanswered
        What the model's columns cannot answer: by id, the quantity and why.
    sha256
        The checksum of the file.
    """

    by_id: Mapping[str, Target]
    cases: Mapping[str, str]
    unanswered: Mapping[str, tuple[str, str]]
    sha256: str

    def __post_init__(self) -> None:
        close(self)


def load_targets(path: Path | None = None) -> Targets:
    """Return the targets in a file (default: the shipped ``seeds/targets.yaml``).

    Raises
    ------
    InputError
        If the file is wrong, with every fault and its place.
    """
    path = path or seeds_home() / "targets.yaml"
    document = read_yaml(path)
    file = validated(_TargetsFile, document)
    by_id = {id: _target(id, entry, document.place(("targets", id))) for id, entry in file.targets.items()}
    unanswered = {id: (entry.quantity, entry.because) for id, entry in file.unanswered.items()}
    return Targets(by_id, file.cases, unanswered, hashlib.sha256(path.read_bytes()).hexdigest())


def _target(id: str, entry: _TargetEntry, place: Place) -> Target:
    fields: dict[str, Any] = dict(entry)
    return Target(**fields, id=id, place=place)
