"""Compare the second reading of the documents, in ``seeds/recoded``, with the first.

The second reader had the documents, the places and the questions (``brief.md``), but neither the first reading nor the
configs. The first reading of numbers and of sureness is that of the claims. Where a state stands and what it demands is
the likeliest word of the baseline's number that rests on the claim.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import pandas as pd
from pydantic import Field

from sim.analysis.optional_libraries import needed
from sim.evidence.claim_files import load
from sim.evidence.claims import Says
from sim.reading.files import read_yaml, shipped_folder
from sim.reading.pydantic_errors import Entry, validated
from sim.scenario.scenario import Scenario
from sim.vocabulary import CONSENTS, RUNGS, STANCES

SURE = ("unlikely", "doubtful", "possible", "likely", "certain")
SCALES = {"sure": SURE, "stance": STANCES, "rung": RUNGS, "consent": CONSENTS}
UNCLEAR = "unclear"
_ENDINGS = {
    "stance": ".stance",
    "consent_needed": ".needs.russian_consent.at_least",
    "rung_needed": ".needs.us_backstop.at_least",
    "rung_least": ".backstop.offers.at_least",
    "rung_most": ".backstop.offers.at_most",
    "answer_hub": "/logistics_hub.open",
}
Asks = Literal["number", "sure", "stance", "consent_needed", "rung_needed", "rung_least", "rung_most", "answer_hub"]


class _Unit(Entry):
    claim: str
    asks: Asks
    actor: str | None = None
    read: Annotated[dict[str, float | str], Field(min_length=1)]
    note: str | None = None


class _Settled(Entry):
    why: str
    first: str | None = None


class _Readings(Entry):
    readings: dict[str, _Unit]


class _Settlements(Entry):
    settled: dict[str, _Settled]


def agreement(scenario: Scenario, folder: Path | None = None) -> pd.DataFrame:
    """Return both readings of every unit.

    Columns are ``claim``, ``asks``, ``actor``, ``first``, ``second``, ``agrees`` and ``settled``. A number is written
    ``value``, or ``low..high``, either end of which may be open. ``first`` is the reading before differences were
    settled; ``settled`` explains how a difference was, and is missing where there was none.

    Parameters
    ----------
    scenario
        The baseline. Its numbers give the first reading of where states stand.
    folder
        Where ``reading.yaml`` and ``settled.yaml`` are; by default those shipped.

    Raises
    ------
    InputError
        If a file cannot be read or has faults.
    ValueError
        If a reading names a claim that does not exist.
    """
    home = folder or shipped_folder("seeds") / "recoded"
    claims = load().claims
    readings = validated(_Readings, read_yaml(home / "reading.yaml")).readings
    settled = validated(_Settlements, read_yaml(home / "settled.yaml")).settled
    strange = {unit.claim for unit in readings.values()} - claims.keys()
    if strange:
        raise ValueError(f"{home / 'reading.yaml'}: {min(strange)!r} is not a claim")
    rows = {}
    for id, unit in readings.items():
        settlement = settled.get(id)
        first = settlement.first if settlement and settlement.first else _first(scenario, claims[unit.claim].says, unit)
        second = _number(unit.read) if unit.asks == "number" else str(next(iter(unit.read.values())))
        why = settlement.why if settlement else None
        rows[id] = [unit.claim, unit.asks, unit.actor, first, second, first == second, why]
    return pd.DataFrame.from_dict(
        rows, orient="index", columns=["claim", "asks", "actor", "first", "second", "agrees", "settled"]
    ).rename_axis("unit")


def alphas(table: pd.DataFrame) -> pd.DataFrame:
    """Return by scale the number of units, the share that agrees, and Krippendorff's alpha.

    Alpha is ordinal for words on a scale and nominal for numbers, which are equal or not; ``unclear`` counts as
    missing. Alpha itself is missing for a scale of fewer than ten units. Source: Krippendorff (2019), Content
    analysis, chapter 12.

    Raises
    ------
    ValueError
        If the package ``krippendorff`` is not installed.
    """
    kind = table["asks"].map(lambda asks: str(asks).split("_")[0])
    rows = {}
    for name, of in table.groupby(kind):
        enough = len(of) >= 10
        rows[name] = [len(of), float(of["agrees"].mean()), _alpha(str(name), of) if enough else float("nan")]
    return pd.DataFrame.from_dict(rows, orient="index", columns=["units", "agrees", "alpha"]).rename_axis("scale")


def _alpha(name: str, of: pd.DataFrame) -> float:
    krippendorff: Any = needed("krippendorff")
    scale = SCALES.get(name) or tuple(pd.unique(of[["first", "second"]].to_numpy().ravel()))
    codes = [[scale.index(word) if word in scale else None for word in of[reader]] for reader in ("first", "second")]
    measure = "ordinal" if name in SCALES else "nominal"
    return float(krippendorff.alpha(pd.DataFrame(codes, dtype="float").to_numpy(), level_of_measurement=measure))


def _first(scenario: Scenario, says: Says | None, unit: _Unit) -> str:
    if unit.asks == "number":
        return _number({} if says is None else says.model_dump(include={"value", "low", "high"}, exclude_none=True))
    if unit.asks == "sure":
        return str(says.sure) if says and says.sure else UNCLEAR
    for leaf in scenario.leaves.values():
        of = leaf.path.split(".")[1].split("->")[0]
        if of == unit.actor and leaf.path.endswith(_ENDINGS[unit.asks]) and unit.claim in leaf.reasons.because:
            shares = dict(zip(leaf.prior.words, leaf.prior.numbers, strict=True))
            return max(shares, key=shares.__getitem__)  # of equal shares the first
    return UNCLEAR


def _number(read: dict[str, Any]) -> str:
    if "value" in read:
        return f"{float(read['value']):g}"
    return "..".join(f"{float(read[end]):g}" if end in read else "" for end in ("low", "high"))
