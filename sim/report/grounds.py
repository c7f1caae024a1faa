"""What the numbers rest on, in words: who joins on which condition, what we assume, and the claims for and against."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import pandas as pd

from sim.ensemble.answer import ranked_contributors
from sim.ensemble.ensemble import Ensemble
from sim.evidence import literature
from sim.scenario.evidence_use import citable_claims
from sim.scenario.scenario import Leaf, Scenario

_NEEDS = {
    "us_backstop": "a US backstop of at least {at_least}",
    "russian_consent": "Moscow's consent: at least {at_least}",
    "company": "others that go too",
    "definition": "mission, flag and mandate defined",
    "decent_settlement": "a decent settlement (Kyiv concedes at most {concession_at_most})",
}


class ClaimLine(NamedTuple):
    """One claim: its id, its speaker, and what it says, in our words."""

    id: str
    speaker: str
    text: str


def joiners(ensemble: Ensemble, scenario: Scenario) -> pd.DataFrame:
    """Return who joins, those most often in a deployed force first, with its condition and the claims behind it.

    The index is the actor's config name. Columns: ``name``; ``pledged`` at the horizon and in a ``deployed`` force,
    shares of runs; ``stance`` on record and ``condition``, in the words of the config; ``claims_for`` (given as a
    reason, or pointing the same way) and ``claims_against``, lists of :class:`ClaimLine`.
    """
    shares = ranked_contributors(ensemble)
    rows = {str(actor): _joiner(scenario, str(actor)) for actor in shares.index}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("actor")
    table[["pledged", "deployed"]] = shares[["pledged", "deployed"]]
    return table


def assumptions(movers: pd.DataFrame, scenario: Scenario, top: int = 10) -> pd.DataFrame:
    """Return the ``top`` numbers of a table of :func:`sim.analysis.movers.movers` with what they rest on.

    To its columns come ``prior`` and ``assumption``, in the words of the config, ``claims_for`` and ``claims_against``.
    """
    table = movers.head(top).copy()
    leaves = [scenario.leaves[str(path)] for path in table.index]
    table["prior"] = [str(leaf.prior) for leaf in leaves]
    table["assumption"] = [leaf.reasons.assumption or "" for leaf in leaves]
    table["claims_for"] = pd.Series([claims(scenario, _for([leaf])) for leaf in leaves], table.index, dtype=object)
    table["claims_against"] = pd.Series(
        [claims(scenario, _against([leaf])) for leaf in leaves], table.index, dtype=object
    )
    return table


def claims(scenario: Scenario, ids: Iterable[str]) -> list[ClaimLine]:
    """Return claims by id, each once: of the shipped evidence, of the scenario's own, or published figures."""
    known, records = citable_claims(scenario), literature.load().records
    return [
        ClaimLine(id, known[id].speaker, known[id].text) if id in known else _record(records[id])
        for id in dict.fromkeys(ids)
    ]


def _record(record: literature.Record) -> ClaimLine:
    year = f", {record.source.year}" if record.source.year else ""
    return ClaimLine(record.id, f"{record.source.authors}{year}", f"{record.quantity}: {record.figure}")


def _joiner(scenario: Scenario, actor: str) -> dict[str, object]:
    below = f"actors.{actor}."
    leaves = {path.removeprefix(below): leaf for path, leaf in scenario.leaves.items() if path.startswith(below)}
    stances = {path: leaf for path, leaf in leaves.items() if path.endswith("stance")}
    needs = {path: leaf for path, leaf in leaves.items() if path.startswith("needs.")}
    weighed = [*stances.values(), *needs.values()]
    return {
        "name": scenario.parts.actors[actor].name,
        "stance": _stance(stances),
        "condition": _condition(needs),
        "claims_for": claims(scenario, _for(weighed)),
        "claims_against": claims(scenario, _against(weighed)),
    }


def _stance(stances: dict[str, Leaf]) -> str:
    """Return the stance on record; of two governments, the outgoing before the incoming."""
    if len(stances) == 1:
        (leaf,) = stances.values()
        return str(leaf.prior)
    words = {path.split(".")[1]: str(leaf.prior) for path, leaf in stances.items()}
    return "; ".join(f"{words[each]} ({each} government)" for each in ("outgoing", "incoming") if each in words)


def _condition(needs: dict[str, Leaf]) -> str:
    """Return what is demanded, and how firmly where the config says so."""
    demands = []
    for need, words in _NEEDS.items():
        values = {path.rpartition(".")[2]: str(leaf.prior) for path, leaf in needs.items() if f".{need}." in path}
        if values:
            what = words.format(**values).replace("_", " ")
            demands.append(f"{what}, firmness {values['firmness']}")
    return "; ".join(demands) or "none on record"


def _for(leaves: Iterable[Leaf]) -> list[str]:
    """Return the claims and records given as reasons, then the claims that point the same way."""
    leaves = list(leaves)
    return [id for key in ("because", "order", "anchor", "see") for leaf in leaves for id in getattr(leaf.reasons, key)]


def _against(leaves: Iterable[Leaf]) -> list[str]:
    return [id for leaf in leaves for id in leaf.reasons.against]
