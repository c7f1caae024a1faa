"""What the numbers rest on, in words: who joins on which condition, what we assume, and the claims for and against."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import accumulate
from typing import NamedTuple

import pandas as pd

from sim.ensemble.answer import ranked_contributors
from sim.ensemble.ensemble import Ensemble
from sim.evidence import literature
from sim.scenario.evidence_use import citable_claims
from sim.scenario.scenario import Leaf, Scenario
from sim.words import Names, listed

_NEEDS = {
    "us_backstop": "a backstop of at least {at_least}",
    "russian_consent": "{opponent}'s consent (at least: {at_least})",
    "company": "others that go too",
    "definition": "mission, flag and mandate defined",
    "decent_settlement": "a decent settlement ({host} concedes at most {concession_at_most})",
}


class ClaimLine(NamedTuple):
    """One claim: its id, its speaker, and what it says, in our words."""

    id: str
    speaker: str
    text: str


class Statement(NamedTuple):
    """A sentence about a state, with the claims that support it and those that contradict it."""

    words: str
    supports: list[ClaimLine]
    contradicts: list[ClaimLine]


def joiners(ensemble: Ensemble, scenario: Scenario) -> pd.DataFrame:
    """Return who joins, those most often in a deployed force first, with its condition and the claims behind it.

    The index is the actor's config name. Columns: ``name``; ``pledged`` at the horizon and in a ``deployed`` force,
    shares of runs; ``stance`` and ``condition``, in the words of the config; and ``statements``, a list of
    :class:`Statement`: its likeliest stances, then each of its demands that a claim speaks to. A claim about a demand
    that many states share stands at the first of them.
    """
    shares = ranked_contributors(ensemble)
    shown: set[str] = set()
    rows = {str(actor): _joiner(scenario, str(actor), shown) for actor in shares.index}
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


def _joiner(scenario: Scenario, actor: str, shown: set[str]) -> dict[str, object]:
    below = f"actors.{actor}."
    leaves = {path.removeprefix(below): leaf for path, leaf in scenario.leaves.items() if path.startswith(below)}
    stances = {path: leaf for path, leaf in leaves.items() if path.endswith("stance")}
    needs = {path: leaf for path, leaf in leaves.items() if path.startswith("needs.")}
    return {
        "name": scenario.parts.actors[actor].name,
        "stance": _stance(stances),
        "condition": _condition(needs, scenario.names),
        "statements": list(_statements(scenario, stances, needs, shown)),
    }


def _statements(
    scenario: Scenario, stances: dict[str, Leaf], needs: dict[str, Leaf], shown: set[str]
) -> Iterator[Statement]:
    """Yield what is read of a state, with the claims for and against that alone; demands without those ``shown``."""
    for path, leaf in stances.items():
        government = f" ({path.split('.')[1]} government)" if len(stances) > 1 else ""
        yield _statement(scenario, f"{likeliest(str(leaf.prior))}{government}", [leaf])
    for need, words in _NEEDS.items():
        mine = {path.rpartition(".")[2]: leaf for path, leaf in needs.items() if f".{need}." in path}
        if mine:
            values = {key: likeliest(str(leaf.prior)).replace("_", " ") for key, leaf in mine.items()}
            whole = _statement(scenario, f"demands {words.format(**values, **scenario.names._asdict())}", mine.values())
            new = [[each for each in lines if each.id not in shown] for lines in (whole.supports, whole.contradicts)]
            shown.update(line.id for lines in new for line in lines)
            if any(new):
                yield Statement(whole.words, *new)


def _statement(scenario: Scenario, words: str, leaves: Iterable[Leaf]) -> Statement:
    leaves = list(leaves)
    return Statement(words, claims(scenario, _for(leaves)), claims(scenario, _against(leaves)))


MOSTLY = 80.0
"""The words of a prior are named, the likeliest first, until they hold so many percent."""


def likeliest(prior: str) -> str:
    """Return the likeliest of the words that a prior gives, as many as hold four fifths; a number's prior as it is.

    >>> likeliest("hesitant 30% / open 55% / pledged 15%"), likeliest("opposed"), likeliest("0.1 .. 0.3 .. 0.7")
    ('open or hesitant', 'opposed', '0.1 .. 0.3 .. 0.7')
    """
    shares = re.findall(r"(\S[^/]*?) ([\d.]+)%(?: /|$)", prior)
    ranked = sorted(((word, float(share)) for word, share in shares), key=lambda pair: -pair[1])
    before = list(accumulate((share for _, share in ranked), initial=0.0))
    named = [word for (word, _), held in zip(ranked, before, strict=False) if held < MOSTLY]
    return listed(named, "or") if named else prior


def _stance(stances: dict[str, Leaf]) -> str:
    """Return the stance; of two governments, the outgoing before the incoming."""
    if len(stances) == 1:
        (leaf,) = stances.values()
        return str(leaf.prior)
    words = {path.split(".")[1]: str(leaf.prior) for path, leaf in stances.items()}
    return "; ".join(f"{words[each]} ({each} government)" for each in ("outgoing", "incoming") if each in words)


def _condition(needs: dict[str, Leaf], names: Names) -> str:
    """Return what is demanded, and how firmly where the config says so."""
    demands = []
    for need, words in _NEEDS.items():
        values = {path.rpartition(".")[2]: str(leaf.prior) for path, leaf in needs.items() if f".{need}." in path}
        if values:
            spoken = {key: value.replace("_", " ") for key, value in values.items()}
            what = words.format(**spoken, **names._asdict())
            demands.append(f"{what}, firmness {values['firmness']}")
    return "; ".join(demands) or "none"


def _for(leaves: Iterable[Leaf]) -> list[str]:
    """Return the claims and records given as reasons, then the claims that point the same way."""
    leaves = list(leaves)
    return [id for key in ("because", "order", "anchor", "see") for leaf in leaves for id in getattr(leaf.reasons, key)]


def _against(leaves: Iterable[Leaf]) -> list[str]:
    return [id for leaf in leaves for id in leaf.reasons.against]
