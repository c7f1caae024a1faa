"""One actor: what it wants, demands and vetoes, whom it leans on, and the reason for each number."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, NamedTuple

from markupsafe import Markup

from sim.evidence import claim_files, literature
from sim.evidence.claims import Claim
from sim.explorer import changes, html
from sim.scenario import evidence_use
from sim.scenario.parts import OwnClaim
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Leaf, Scenario
from sim.words import label

PARTS = {
    "Where it stands": ("stance", "governments", "handover", "disposition", "posture", "optimism"),
    "What it wants": ("positions", "salience", "motives", "burden_sharing", "consent_ease", "territorial_claims"),
    "What it demands": ("needs",),
    "What it vetoes": ("vetoes", "worth_floor"),
    "What holds it back": ("hesitancy", "home_guard", "ratification"),
    "What it offers": ("backstop", "capacity_troops", "forward_forces"),
}
"""Headings, and the parts of an actor under each; all others come under "More"."""
ALWAYS = ("What it demands", "What it vetoes")
"""Headings shown even when nothing stands under them."""
MORE = "More"


def card(scenario: Scenario, actor: str, edited: Collection[str] = ()) -> Markup:
    """Return what a scenario says of an actor, every number with the claims for and against it, and to be edited.

    ``edited`` are the paths of the numbers that a page edited.
    """
    parts = scenario.parts.actors[actor]
    numbers: dict[str, list[dict[str, Any]]] = {heading: [] for heading in (*PARTS, MORE)}
    for path, leaf in scenario.leaves.items():
        if path.startswith(f"actors.{actor}."):
            rest = path.split(".")[2:]
            numbers[_heading(rest[0])].append(_number(scenario, leaf, " ".join(map(label, rest))))
    return html.render(
        "actor",
        name=parts.name,
        id=actor,
        roles=", ".join(parts.roles),
        note=parts.note or "",
        edited=edited,
        numbers={heading: entries for heading, entries in numbers.items() if entries or heading in ALWAYS},
        leans={
            "Whom it leans on": list(_edges(scenario, actor, 0)),
            "Who leans on it": list(_edges(scenario, actor, 1)),
        },
    )


def _heading(part: str) -> str:
    return next((heading for heading, parts in PARTS.items() if part in parts), MORE)


def _number(scenario: Scenario, leaf: Leaf, name: str) -> dict[str, Any]:
    why = leaf.reasons
    return {
        "path": leaf.path,
        "name": name,
        "value": str(leaf.prior),
        "fields": changes.fields_of(leaf.prior),
        "words": bool(leaf.prior.words),
        "allowed": _allowed(leaf),
        "rests": evidence_use.KINDS[evidence_use.kind(why)] + (f"; {leaf.inherited}" if leaf.inherited else ""),
        "assumption": why.assumption or why.convention or "",
        "claims": {
            "for": sourced_claims(scenario, why.because),
            "published": [_published(literature.load().records[id]) for id in why.anchor],
            "on its order": sourced_claims(scenario, why.order),
            "speaks to it": sourced_claims(scenario, why.see),
            "against": sourced_claims(scenario, why.against),
        },
    }


def _allowed(leaf: Leaf) -> str:
    if leaf.prior.words:
        return "shares that sum to 100%"
    low, high = leaf.prior.allowed
    ends = f"{low:g} or more" if high == float("inf") else f"{low:g} to {high:g}"
    return f"{ends}; likely alone, or low and high, or all three" if low > -float("inf") else "any number"


def _edges(scenario: Scenario, actor: str, end: int) -> Iterator[dict[str, Any]]:
    """Yield the edges that begin (0) or end (1) at an actor: the other end, the channel, and its numbers."""
    for key in sorted(scenario.parts.network):
        ends = edge_ends(key)
        if ends[end] == actor:
            leaves = [leaf for path, leaf in scenario.leaves.items() if path.rpartition(".")[0] == f"network.{key}"]
            numbers = [_number(scenario, leaf, label(leaf.path.rpartition(".")[2])) for leaf in leaves]
            other = scenario.parts.actors[ends[1 - end]].name
            yield {"other": other, "channel": label(ends[2]), "numbers": numbers}


class SourcedClaim(NamedTuple):
    """One claim: id, who says it, when, where, and what."""

    id: str
    speaker: str
    date: str
    source: str
    text: str


def sourced_claims(scenario: Scenario, ids: Iterable[str]) -> list[SourcedClaim]:
    """Return claims by id, those of the shipped evidence and those of the scenario's own."""
    known = evidence_use.citable_claims(scenario)
    return [_sourced(id, known[id]) for id in ids if id in known]


def _published(record: literature.Record) -> SourcedClaim:
    date = str(record.source.year or record.period)
    return SourcedClaim(
        record.id, record.source.authors, date, record.source.title, f"{record.quantity}: {record.figure}"
    )


def _sourced(id: str, claim: Claim | OwnClaim) -> SourcedClaim:
    if isinstance(claim, OwnClaim):
        return SourcedClaim(id, claim.speaker, claim.date, claim.source, claim.text)
    document = claim_files.load().documents[claim.document]
    date = document.date if claim.date == "document" else claim.date
    return SourcedClaim(id, claim.speaker, date, f"document {claim.document}, {document.kind}", claim.text)
