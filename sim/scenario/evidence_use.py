"""Count how far a scenario's numbers rest on evidence, and list the claims that nothing uses."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from sim import vocabulary
from sim.evidence import literature
from sim.evidence.claim_files import load
from sim.evidence.claims import Claim, unexplained_claims, used_claims
from sim.scenario import loading
from sim.scenario.layers import Reasons
from sim.scenario.parts import OwnClaim
from sim.scenario.scenario import Scenario

KINDS: Final = {
    "documented": "documented",
    "value_only": "documented value, assumed spread",
    "anchored": "published figures",
    "ordered": "documented order, assumed distance",
    "assumed": "assumed",
    "convention": "convention",
    "unexplained": "unexplained",
}
"""What a number may rest on, and its words: five kinds of evidence; conventions, which fix scales; and no reason."""


def coverage(scenario: Scenario, cited: Iterable[str] | None = None) -> dict[str, Any]:
    """Return the number of claims, how many are used, and what the numbers of ``scenario`` rest on.

    A claim is used if a pattern rests on it, or a number of ``scenario`` or of any shipped scenario cites it, for or
    against. ``cited`` gives those of the shipped scenarios where they are known already. Numbers are of the kinds of
    :data:`KINDS`. ``numbers`` counts all that enter a run, ``stated`` those that a config states: a number that many
    actors inherit from one pool is stated once.
    """
    known = load()
    used = used_claims(known, {*citations(scenario), *(shipped_citations() if cited is None else cited)})
    return {
        "claims": len(known.claims),
        "claims_used": len(used & known.claims.keys()),
        "claims_by_document": {document: len(claims) for document, claims in known.by_document().items()},
        "numbers": len(scenario.leaves),
        **kinds(scenario),
        "stated": sum(stated_kinds(scenario).values()),
        "stated_by_kind": stated_kinds(scenario),
    }


def kinds(scenario: Scenario) -> dict[str, int]:
    """Return the count of numbers by what they rest on (see :func:`kind`); the counts partition the numbers."""
    counts = dict.fromkeys(KINDS, 0)
    for leaf in scenario.leaves.values():
        counts[kind(leaf.reasons)] += 1
    return counts


def stated_kinds(scenario: Scenario) -> dict[str, int]:
    """Return the count of numbers that a config states, by what they rest on; one that many inherit counts once."""
    counts, seen = dict.fromkeys(KINDS, 0), set[str]()
    for path, leaf in scenario.leaves.items():
        if (origin := leaf.inherited or path) not in seen:
            seen.add(origin)
            counts[kind(leaf.reasons)] += 1
    return counts


def kind(reasons: Reasons) -> str:
    """Return what a number with these reasons rests on.

    >>> kind(Reasons(because=("000.merz.if_russia_consents",), assumption="the width is ours"))
    'value_only'
    """
    if reasons.because:
        return "value_only" if reasons.assumption else "documented"
    given = {
        "anchored": reasons.anchor,
        "ordered": reasons.order,
        "assumed": reasons.assumption,
        "convention": reasons.convention,
    }
    return next((name for name, reason in given.items() if reason), "unexplained")


def citations(scenario: Scenario) -> set[str]:
    """Return the claims that the numbers of a scenario cite, for them, beside them, or against them."""
    reasons = [leaf.reasons for leaf in scenario.leaves.values()]
    return {claim for why in reasons for key in vocabulary.CLAIM_KEYS for claim in getattr(why, key)}


def citable_claims(scenario: Scenario) -> dict[str, Claim | OwnClaim]:
    """Return the claims that a scenario may cite, by id: those of the shipped evidence, and its own."""
    return {**load().claims, **scenario.parts.claims}


def sources(scenario: Scenario) -> dict[str, str]:
    """Return what each claim and each record of published figures that a scenario may cite says, by id."""
    claims = {id: claim.text for id, claim in citable_claims(scenario).items()}
    return claims | {id: record.quantity for id, record in literature.load().records.items()}


def shipped_citations() -> set[str]:
    """Return the claims that the numbers of all shipped scenarios cite."""
    return set[str]().union(*(citations(loading.load(name)) for name in loading.names()))


def unaccounted(scenario: Scenario, cited: Iterable[str] | None = None) -> list[str]:
    """Return the claims that nothing uses and that have no ``unused:``; ``cited`` is as for :func:`coverage`."""
    shipped = shipped_citations() if cited is None else cited
    return unexplained_claims(load(), {*citations(scenario), *shipped})
