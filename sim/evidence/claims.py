"""The evidence: the documents, the claims they make, in our own words, and the patterns they imply.

Each claim points to its paragraph by a few verbatim words, its locator. :mod:`sim.evidence.claim_files` reads and
checks the files; :mod:`sim.evidence.against_documents` compares them with the original documents.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Annotated, Final, Literal, get_args

from pydantic import (
    AfterValidator,
    Field,
    JsonValue,
    Strict,
    StringConstraints,
    ValidationInfo,
    model_validator,
)

from sim.reading.errors import Place, suggestion
from sim.reading.pydantic_errors import Entry, word_of
from sim.reading.read_only import close
from sim.vocabulary import TOPICS

LOCATOR_WORDS: Final = 5
MANY: Final = 40
"""If more ids than this are allowed, a fault lists only the nearest."""

Text = Annotated[str, StringConstraints(min_length=1)]
Number = Annotated[float, Strict()]
Paragraph = Annotated[int, Field(ge=1)]
Likelihood = Literal[
    "almost_no_chance", "very_unlikely", "unlikely", "roughly_even", "likely", "very_likely", "almost_certain"
]
LIKELIHOODS: Final[tuple[str, ...]] = get_args(Likelihood)
"""Words of likelihood after ICD 203, least first."""


def _check_date(date: str) -> str:
    if not re.fullmatch(r"document|\d{4}(-\d\d){0,2}", date):
        raise ValueError(f"{date!r} is not a date; allowed: document, or a date such as 2025, 2025-02, 2025-02-27")
    return date


def _check_locator(locator: str) -> str:
    if (count := len(locator.split())) > LOCATOR_WORDS:
        raise ValueError(f"{locator!r} has {count} words; a locator has at most {LOCATOR_WORDS}")
    return locator


def _id_of(what: str) -> AfterValidator:
    """Return a check that a word is an id of the evidence being loaded; outside :func:`load` it accepts any word."""

    def check(word: str, info: ValidationInfo) -> str:
        known = (info.context or {}).get(what)
        if known is None or word in known:
            return word
        few = sorted(known) if len(known) <= MANY else difflib.get_close_matches(word, known)
        raise ValueError(f"{word!r} is no {what} here; {suggestion(word, few) if few else 'no id comes near it'}")

    return AfterValidator(check)


Date = Annotated[str, AfterValidator(_check_date)]


class Range(Entry):
    """An interval, either end of which may be open."""

    low: Number | None = None
    high: Number | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Range:
        if self.low is not None and self.high is not None and self.low > self.high:
            raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
        return self


class Says(Range):
    """The sort of statement that a claim makes, the quantity it names, and how sure its speaker sounds."""

    kind: Literal["fact", "number", "stance", "condition", "forecast", "proposal", "risk", "motive", "precedent"]
    value: Number | None = None
    unit: Text | None = None
    sure: Literal["certain", "likely", "possible", "doubtful", "unlikely"] | None = None


class _ClaimEntry(Entry):
    paragraph: Annotated[Paragraph, Strict()]
    speaker: Text
    date: Date
    actors: tuple[Annotated[Text, _id_of("actor")], ...]
    topic: Annotated[str, AfterValidator(word_of(TOPICS, "a topic"))]
    text: Text = Field(alias="claim")
    locator: Annotated[Text, AfterValidator(_check_locator)]
    says: Says | None = None
    taken_back_by: Annotated[Text, _id_of("claim")] | None = None
    unused: Text | None = None


class Claim(_ClaimEntry):
    """One statement of one speaker in one paragraph (counted from 1), in our own words.

    ``date`` is ``"document"`` if it is the document's own; ``taken_back_by`` is the claim that withdraws this one;
    ``unused`` gives the reason if no number uses it.
    """

    id: str
    document: str
    place: Place


class _DocumentEntry(Entry):
    file: Text
    kind: Text
    outlet: Text | None = None
    date: Date
    inferred: Text | None = None
    sha256: Annotated[str, StringConstraints(pattern="^[0-9a-f]{64}$")]
    leans_on: dict[Annotated[str, _id_of("document")], Text] = {}


class SourceDocument(_DocumentEntry):
    """One document; ``inferred`` explains a date that is not printed, ``leans_on`` lists what it shares with others."""

    id: str
    without_claim: dict[Paragraph, Text] = {}
    place: Place


class _PatternEntry(Entry):
    says: Text
    claims: Annotated[tuple[Annotated[Text, _id_of("claim")], ...], Field(min_length=1)]
    kind: Literal["comparison", "level"]
    change: dict[str, JsonValue] | None = None
    reference: dict[str, JsonValue] | None = None
    quantity: Text
    given: Text | None = None
    than: Text | None = None
    direction: Literal["rises", "falls", "unchanged"] | None = None
    range: Range | None = None
    likelihood: Likelihood | None = None
    reading: Text | None = None
    sure: Literal["certain", "likely", "possible", "doubtful"]

    @model_validator(mode="after")
    def _fits_its_kind(self) -> _PatternEntry:
        compares = self.kind == "comparison"
        levels = [what for what in (self.range, self.likelihood) if what is not None]
        if compares and (self.direction is None or levels):
            raise ValueError("a comparison has a direction (rises, falls, unchanged) and no range or likelihood")
        if compares and (self.change is None) == (self.than is None):
            raise ValueError("a comparison has either a change (against a reference) or a second quantity (than)")
        if self.reference is not None and self.change is None:
            raise ValueError("a reference stands beside a change; without one there is nothing to compare with it")
        if not compares and (self.direction or len(levels) != 1):
            raise ValueError("a level has either a range or a likelihood, and no direction")
        if self.range == Range():
            raise ValueError("the range is empty; allowed: low, high or both")
        return self


class Pattern(_PatternEntry):
    """A proposition of the documents that runs can confirm or contradict.

    A comparison states how ``quantity`` under ``change`` differs from ``reference`` (None: the baseline), or from the
    quantity ``than``. A level states that ``quantity`` lies in ``range`` or has this ``likelihood``. Both hold among
    the runs ``given``.
    """

    id: str
    place: Place


class DocumentsFile(Entry):
    """The file of all documents."""

    documents: dict[str, _DocumentEntry]


class ClaimsFile(Entry):
    """The file of one document's claims; ``without_claim`` lists the paragraphs that have none."""

    document: Annotated[Text, _id_of("document")]
    without_claim: dict[Paragraph, Text] = {}
    claims: dict[str, _ClaimEntry]


class PatternsFile(Entry):
    """The file of all patterns."""

    patterns: dict[str, _PatternEntry]


@dataclass(frozen=True)
class Evidence:
    """All documents, claims and patterns, by id; none can be changed."""

    documents: Mapping[str, SourceDocument]
    claims: Mapping[str, Claim]
    patterns: Mapping[str, Pattern]

    def __post_init__(self) -> None:
        close(self)

    def select(self, actor: str | None = None, topic: str | None = None, document: str | None = None) -> list[Claim]:
        """Return the claims about ``actor`` and ``topic`` in ``document``, in the order of the documents.

        Raises
        ------
        ValueError
            If there is no such topic or document.
        """
        for word, known, what in ((topic, TOPICS, "a topic"), (document, self.documents, "a document")):
            if word is not None:
                word_of(known, what)(word)
        return [
            claim
            for claim in self.claims.values()
            if (actor is None or actor in claim.actors)
            and topic in (None, claim.topic)
            and document in (None, claim.document)
        ]

    def by_document(self) -> dict[str, list[Claim]]:
        """Return the claims by document, with an empty list for a document that has none."""
        return {document: self.select(document=document) for document in self.documents}


def used_claims(evidence: Evidence, cited: Iterable[str]) -> set[str]:
    """Return the ids of the claims that numbers (``cited``) or patterns rest on."""
    return set(cited).union(*(pattern.claims for pattern in evidence.patterns.values()))


def unexplained_claims(evidence: Evidence, cited: Iterable[str]) -> list[str]:
    """Return the ids of the claims that nothing uses and that have no ``unused``."""
    used = used_claims(evidence, cited)
    return [id for id, claim in evidence.claims.items() if id not in used and claim.unused is None]
