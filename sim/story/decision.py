"""What an actor decided in one week, as data: each decision with its terms, and the numbers that each term reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

Value = float | int | str | bool | None
"""What an explanation holds beside terms: numbers of the run, words, yes or no."""


class Term(NamedTuple):
    """One term of a decision.

    ``says`` is it in words, ``value`` is what it adds to the total, ``sees`` what it was worked out from, by name,
    and ``numbers`` the config paths of the numbers that it reads.
    """

    term: str
    says: str
    value: float
    sees: dict[str, Value]
    numbers: tuple[str, ...]


class Decision(NamedTuple):
    """One decision of one actor in one week.

    ``total`` is the engine's own; the values of ``terms`` add up to it. ``outcome`` tells what came of it, and
    ``numbers`` are the paths of what it was held against, such as thresholds.
    """

    decision: str
    says: str
    phase: str
    total: float
    terms: tuple[Term, ...]
    outcome: dict[str, Value]
    numbers: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """A claim or a published figure behind a number.

    ``cited`` is the key that names it (``because``, ``order``, ``see``, ``against``, ``anchor``); ``document`` and
    ``paragraph`` tell where a claim stands; for a published figure, and a claim of the user's own, ``source`` does.
    """

    id: str
    cited: str
    says: str
    speaker: str | None = None
    document: str | None = None
    paragraph: int | None = None
    source: str | None = None


@dataclass(frozen=True)
class Number:
    """A number that a decision read: its path, what the run drew, the prior it was drawn from, and why that stands.

    ``kind`` is one of :data:`sim.scenario.evidence_use.KINDS`; ``inherited`` the path of the pool that it comes from.
    """

    path: str
    value: float | str
    prior: str
    kind: str
    assumption: str | None
    inherited: str | None
    sources: tuple[Source, ...]
