"""Claims behind a number as a page tells them: who says so, when, in which document, in our own words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sim import evidence
from sim.config import Scenario


class Told(NamedTuple):
    """One claim: id, who says it, when, where, and what."""

    id: str
    speaker: str
    date: str
    source: str
    text: str


def told(scenario: Scenario, ids: Iterable[str]) -> list[Told]:
    """Return claims by id, those of the shipped evidence and those of the scenario's own."""
    known, own = evidence.load(), scenario.parts.claims
    found = []
    for id in ids:
        if id in known.claims:
            claim = known.claims[id]
            document = known.documents[claim.document]
            date = document.date if claim.date == "document" else claim.date
            found.append(Told(id, claim.speaker, date, f"document {claim.document}, {document.kind}", claim.text))
        elif id in own:
            found.append(Told(id, own[id].speaker, own[id].date, own[id].source, own[id].text))
    return found
