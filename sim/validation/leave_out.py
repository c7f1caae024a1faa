"""Test the patterns of a document on inputs that are rebuilt without that document.

A number rests on a document alone if every claim that it cites, for its value or beside it, is of that document. With
the document left out, such a number may lie anywhere on its scale; all other numbers stay. States that only the
document names stay too, with such numbers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import isfinite
from typing import Any

from sim.ensemble.results import Result
from sim.evidence.claim_files import load
from sim.reading.pydantic_errors import word_of
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario
from sim.validation.patterns import RUNS, Verdicts, arms, validate

LEAST_FORCE = 1_000.0
"""A smaller force is no deployment, by definition."""
_LADDERS = ("scales.",)
"""The numbers behind words are the scale itself, and stay."""


@dataclass(frozen=True, eq=False, repr=False)
class DocumentLeftOut(Result):
    """The patterns of ``document`` with all inputs (``before``) and without the document (``after``).

    ``spread`` is the number of inputs that were rebuilt; the table is that of ``after``.
    """

    document: str
    spread: int
    before: Verdicts
    after: Verdicts


def without(scenario: Scenario, document: str) -> Scenario:
    """Return the scenario with every number that rests on ``document`` alone spread over its whole scale.

    Raises
    ------
    ValueError
        If there is no such document.
    """
    word_of(load().documents, "a document")(document)
    spread = {leaf.path: _spread(scenario, leaf) for leaf in numbers_resting_on(scenario, document)}
    return scenario.change(spread) if spread else scenario


def numbers_resting_on(scenario: Scenario, document: str) -> list[Leaf]:
    """Return the numbers that rest on ``document`` alone, except those of the scales."""
    claims = load().claims
    return [
        leaf
        for leaf in scenario.leaves.values()
        if not leaf.path.startswith(_LADDERS)
        and {claims[id].document for id in (*leaf.reasons.because, *leaf.reasons.see)} == {document}
    ]


def patterns_of(document: str) -> list[str]:
    """Return the patterns that rest on claims of ``document`` alone.

    Raises
    ------
    ValueError
        If there is no such document, or no such pattern.
    """
    known = load()
    word_of(known.documents, "a document")(document)
    of = {id: {known.claims[claim].document for claim in pattern.claims} for id, pattern in known.patterns.items()}
    ids = [id for id, documents in of.items() if documents == {document}]
    if not ids:
        raise ValueError(f"no pattern rests on document {document} alone")
    return ids


def leave_out(
    scenario: Scenario,
    document: str,
    runs: int = RUNS,
    seed: int = 1,
    *,
    progress: Callable[[int], None] | None = None,
    engine: str | None = None,
    workers: int | None = None,
    cluster: str | None = None,
) -> DocumentLeftOut:
    """Return how the patterns of ``document`` alone fare with all inputs, and with those rebuilt without it.

    Arguments are those of :func:`sim.validation.patterns.validate`.

    Raises
    ------
    ValueError
        If there is no such document, no pattern rests on it alone, or ``runs`` or ``seed`` is out of range.
    """
    only = patterns_of(document)
    before, after = (
        validate(inputs, only, runs, seed, progress=progress, engine=engine, workers=workers, cluster=cluster)
        for inputs in (scenario, without(scenario, document))
    )
    sentence = f"Without what document {document} says in the inputs: {after.sentence}"
    return DocumentLeftOut(after.table, sentence, document, len(numbers_resting_on(scenario, document)), before, after)


def arms_without(scenario: Scenario, document: str) -> int:
    """Return how many scenarios :func:`leave_out` runs.

    Raises
    ------
    ValueError
        If there is no such document, or no pattern rests on it alone.
    """
    return 2 * arms(scenario, patterns_of(document))


def _spread(scenario: Scenario, leaf: Leaf) -> dict[str, Any]:
    """Return a number that may lie anywhere on its scale: each word equally likely, or uniform between the ends.

    The ends of an open scale are the lowest and the highest value of all numbers of this kind in the config. If there
    is no other of its kind, they are 0 (or its own lowest value, if below 0) and twice its highest value.
    """
    prior = leaf.prior
    if prior.words:
        return dict.fromkeys(prior.words, 1.0 / len(prior.words))
    low, high = prior.allowed
    if not (isfinite(low) and high <= 1.0):  # all but shares: other bounds only keep out what is absurd
        low, high = _among_its_like(scenario, leaf)
    if leaf.path.endswith(".target_troops") and _ends(prior)[0] >= LEAST_FORCE:
        low = max(low, LEAST_FORCE)
    return {"low": low, "high": high}


def _among_its_like(scenario: Scenario, leaf: Leaf) -> tuple[float, float]:
    name = _kind(leaf.path)
    like = [other.prior for other in scenario.leaves.values() if _kind(other.path) == name and not other.prior.words]
    own_low, own_high = _ends(leaf.prior)
    if len(like) == 1:
        return min(0.0, own_low), max(2.0 * own_high, own_low)
    return min(_ends(prior)[0] for prior in like), max(_ends(prior)[1] for prior in like)


def _ends(prior: Prior) -> tuple[float, float]:
    return min(prior.numbers), max(prior.numbers)


def _kind(path: str) -> str:
    """Return a path without the name of its actor, mission or edge.

    >>> _kind("actors.alba.capacity_troops")
    'actors.*.capacity_troops'
    """
    return re.sub(r"^(actors|missions|network|events)\.[^.]+(->[^.]+)?\.", r"\1.*.", path)


def documents() -> Iterator[str]:
    """Yield the documents in order."""
    yield from load().documents
