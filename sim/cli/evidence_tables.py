"""How ``sim evidence`` shows a claim, a record of the literature, and what of a scenario rests on either."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

from sim.cli.tables import facts

if TYPE_CHECKING:
    from rich.table import Table

    from sim.evidence.claims import Claim, Evidence
    from sim.evidence.literature import Record
    from sim.scenario.parts import OwnClaim
    from sim.scenario.scenario import Leaf

CITING: Final = ("because", "order", "anchor", "see", "against")
"""Keys of reasons that name claims or records."""


def cited(leaf: Leaf, key: str) -> tuple[str, ...]:
    """Return the ids of the claims or records that a number cites under a key of :data:`CITING`."""
    return tuple(getattr(leaf.reasons, key))


def citations(leaves: Iterable[Leaf], id: str) -> Iterator[tuple[str, str]]:
    """Yield the path of each number that cites a claim or record, and the key under which it does."""
    for leaf in leaves:
        for key in CITING:
            if id in cited(leaf, key):
                yield leaf.path, key


def claim_table(evidence: Evidence, claim: Claim) -> Table:
    """Return a claim as a table of facts."""
    document = evidence.documents[claim.document]
    date = f"{document.date}, as the document" if claim.date == "document" else claim.date
    status = (("taken back", claim.taken_back_by), ("unused", claim.unused))
    return facts(
        ("claim", claim.id),
        ("says", claim.text),
        ("who, when", f"{claim.speaker}, {date}"),
        ("about", f"{claim.topic}; {', '.join(claim.actors) or 'no actor'}"),
        ("document", f"{claim.document} ({document.file}), paragraph {claim.paragraph}"),
        ("locator", f'"{claim.locator}"'),
        *((name, value) for name, value in status if value),
    )


def own_claim_table(id: str, claim: OwnClaim) -> Table:
    """Return a claim of a config's own as a table of facts."""
    return facts(
        ("claim", f"{id}, of one's own: not in the shipped evidence"),
        ("says", claim.text),
        ("who, when", f"{claim.speaker}, {claim.date}"),
        ("source", claim.source),
    )


def record_table(record: Record) -> Table:
    """Return a record of the literature as a table of facts."""
    from sim.evidence.literature import LITERATURE_TOPICS, SEEN

    return facts(
        ("record", record.id),
        ("counts", record.quantity),
        ("figure", f"{record.figure}; {record.unit}"),
        ("over", f"{record.population}; {record.period}"),
        ("about", LITERATURE_TOPICS[record.topic]),
        ("source", str(record.source)),
        ("seen", f"{record.seen}: {SEEN[record.seen]}"),
        ("read as", record.how),
        *((("caveat", record.caveat),) if record.caveat else ()),
        *(("speaks to", subject) for subject in record.subjects),
    )


def claim_line(claim: Claim) -> str:
    """Return a claim in two lines: its id and where it stands, and what it says."""
    return f"{claim.id}  (paragraph {claim.paragraph}; {claim.speaker}; {claim.topic})\n    {claim.text}"


def record_line(record: Record) -> str:
    """Return a record in two lines: its id, source and how much of that was seen, and the figure."""
    year = f" {record.source.year}" if record.source.year else ""
    head = f"{record.id}  ({record.topic}; {record.source.authors}{year}; seen: {record.seen})"
    return f"{head}\n    {record.quantity}: {record.figure} ({record.unit})"


def as_json(entry: Claim | Record) -> dict[str, Any]:
    """Return a claim or record with the keys of its file, and its id."""
    return {"id": entry.id, **entry.model_dump(mode="json", by_alias=True, exclude={"id", "place"})}
