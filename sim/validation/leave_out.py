"""The stronger form of validation: what a document says, tested on inputs that were rebuilt without it.

A number rests on a document alone if every claim that it cites, for its value or beside it, is of that document. Left
out, such a number is known by its scale alone and may lie anywhere on it; all others stay. States that the document
alone names stay too, with such numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import isfinite
from typing import Any

import pandas as pd

from sim.evidence.claims import load
from sim.reading.pydantic_errors import word_of
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario
from sim.validation.patterns import RUNS, arms, sentence, validate

LEAST_FORCE = 1_000.0
"""What is smaller is no deployment, by definition."""
_LADDERS = ("scales.",)
"""The numbers behind words are the scale itself, and stay."""


def without(scenario: Scenario, document: str) -> Scenario:
    """Return the scenario with every number that rests on ``document`` alone spread over the whole of its scale.

    Raises
    ------
    ValueError
        If there is no such document.
    """
    word_of(load().documents, "a document")(document)
    spread = {leaf.path: _anywhere(scenario, leaf) for leaf in resting_on(scenario, document)}
    return scenario.change(spread) if spread else scenario


def resting_on(scenario: Scenario, document: str) -> list[Leaf]:
    """Return the numbers that rest on ``document`` alone, but for those that are scales themselves."""
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
    scenario: Scenario, document: str, runs: int = RUNS, seed: int = 1, **options: Any
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return how the patterns of ``document`` alone fare with all inputs, and with those rebuilt without it.

    Tables and ``options`` are those of :func:`sim.validation.patterns.validate`; ``attrs`` of the second tells in
    ``spread`` how many inputs were.
    """
    only = patterns_of(document)
    before = validate(scenario, only, runs, seed, **options)
    after = validate(without(scenario, document), only, runs, seed, **options)
    after.attrs |= {"left_out": document, "spread": len(resting_on(scenario, document))}
    after.attrs["sentence"] = f"Without what document {document} says in the inputs: {sentence(after)}"
    return before, after


def arms_without(scenario: Scenario, document: str) -> int:
    """Return how many scenarios :func:`leave_out` runs."""
    return 2 * arms(scenario, patterns_of(document))


def _anywhere(scenario: Scenario, leaf: Leaf) -> dict[str, Any]:
    """Return a number that may lie anywhere on its scale: any word alike, or evenly between its ends.

    Where the scale is open, its ends are the lowest and the highest of all numbers of the same name in the config, and
    of a number that has no like, nothing (or its own lowest, if below) and twice its highest.
    """
    prior = leaf.prior
    if prior.words:
        return dict.fromkeys(prior.words, 1.0 / len(prior.words))
    low, high = prior.allowed
    if not (isfinite(low) and high <= 1.0):  # all but shares: other bounds only keep out what is absurd
        low, high = _among_its_like(scenario, leaf)
    if leaf.path.endswith(".minimum_troops") and _ends(prior)[0] >= LEAST_FORCE:
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

    >>> _kind("actors.poland.capacity_troops")
    'actors.*.capacity_troops'
    """
    return re.sub(r"^(actors|missions|network|events)\.[^.]+(->[^.]+)?\.", r"\1.*.", path)


def documents() -> Iterator[str]:
    """Yield the documents in order."""
    yield from load().documents
