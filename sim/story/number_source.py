"""Where a number of a run comes from: what was drawn, from which prior, for which reason, and who said so where."""

from __future__ import annotations

from collections.abc import Iterator

from sim import vocabulary
from sim.evidence import claim_files, literature
from sim.scenario import evidence_use
from sim.scenario.parts import OwnClaim
from sim.scenario.scenario import Leaf, Scenario
from sim.story.decision import Number, Source

_CITING = tuple(dict.fromkeys((*vocabulary.CLAIM_KEYS, "anchor")))


def number(scenario: Scenario, path: str, drawn: float) -> Number:
    """Return a number as a run drew it, down to the paragraphs of the documents that it rests on."""
    leaf = scenario.leaves[path]
    words = leaf.prior.words
    return Number(
        path=path,
        value=words[int(drawn)] if words else drawn,
        prior=str(leaf.prior),
        kind=evidence_use.kind(leaf.reasons),
        assumption=leaf.reasons.assumption or leaf.reasons.convention,
        inherited=leaf.inherited or None,
        sources=tuple(_sources(scenario, leaf)),
    )


def _sources(scenario: Scenario, leaf: Leaf) -> Iterator[Source]:
    for key in _CITING:
        for id in getattr(leaf.reasons, key):
            yield _source(scenario, key, id)


def _source(scenario: Scenario, key: str, id: str) -> Source:
    records = literature.load().records
    if id in records:
        return Source(id, key, f"{records[id].quantity}: {records[id].figure}", source=str(records[id].source))
    claim = scenario.parts.claims.get(id) or claim_files.load().claims[id]
    if isinstance(claim, OwnClaim):
        return Source(id, key, claim.text, speaker=claim.speaker, source=claim.source)
    return Source(id, key, claim.text, claim.speaker, claim.document, claim.paragraph)
