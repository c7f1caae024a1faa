"""Write a forecast down before the fact, with its question, its date and a hash; score it afterwards."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import words
from sim.analysis.independence import naive
from sim.batch.from_manifest import scenario_of
from sim.ensemble import answer, atomic_files
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Result
from sim.reading.errors import suggestion
from sim.scenario.parts import INFORMATION
from sim.scenario.question_card import card

FORMAT = 1
MODEL, NAIVE = "model", "naive product"
EVENTS = ("deployed", "european")
"""Headlines that the outcome alone decides: it is a mission of this group, or not."""


@dataclass(frozen=True, eq=False, repr=False)
class Scores(Result):
    """The scores of a recorded forecast under ``outcome``: see :func:`score`. Other fields are those of the record."""

    scenario: str
    recorded: str
    runs: int
    seed: int
    not_baseline: str | None
    sha256: str
    outcome: str


def record(ensemble: Ensemble, recorded: str | date | None = None) -> dict[str, Any]:
    """Return a forecast as plain data: the question, the probabilities with their intervals, the run, and a hash.

    ``recorded`` is the day of the forecast, by default today (UTC); nothing else in a record depends on the clock.
    ``sha256`` is the hash of all other keys. See ``docs/how-to/record.md`` for the keys.

    Raises
    ------
    ValueError
        If ``recorded`` is no date, the ensemble has no runs, or the config in its manifest cannot be read.
    """
    about = ensemble.manifest
    summary = ensemble.summary()
    content = {
        "format": FORMAT,
        "recorded": day_of(recorded),
        "information_date": INFORMATION.isoformat(),
        "not_baseline": ensemble.stamp or None,
        "sentence": answer.sentence(ensemble),
        "question": list(card(scenario_of(ensemble))),
        "scenario": about["scenario"],
        "scenario_hash": about["hash"],
        "relaxed": about["relaxed"],
        "seed": about["seed"],
        "runs": len(ensemble),
        "engine": about["engine"],
        "version": about["versions"]["sim"],
        "horizon_weeks": about["horizon_weeks"],
        "start": about["start"],
        "missions": {name: groups for name, groups in about["groups"].items() if "deployed" in groups},
        "groups": summary["groups"],
        "ceasefire": summary["ceasefire"],
        "outcomes": summary["outcomes"],
        "called": {name: ensemble.called(name) for name in summary["outcomes"]},
        "inputs_range": summary["inputs_range"],
        "naive_product": naive(ensemble),
    }
    plain: dict[str, Any] = json.loads(json.dumps(content))
    return plain | {"sha256": checksum(plain)}


def checksum(content: dict[str, Any]) -> str:
    """Return the SHA-256 of a record without its own ``sha256``, as JSON with sorted keys.

    >>> checksum({"a": 1}) == checksum({"a": 1, "sha256": "whatever"})
    True
    """
    bare = {key: value for key, value in content.items() if key != "sha256"}
    return hashlib.sha256(json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def write(content: dict[str, Any], file: Path | str) -> Path:
    """Write a record into a new file, whole or not at all, and return the file.

    Raises
    ------
    FileExistsError
        If the file exists: a record is never overwritten.
    """
    target = Path(file)
    text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
    aside = atomic_files.write_aside(target, partial(atomic_files.write_text, text))
    try:
        os.link(aside, target)  # unlike a renaming, this fails if the file exists
    finally:
        os.unlink(aside)
    atomic_files.sync(target.parent)
    return target


def read(file: Path | str) -> dict[str, Any]:
    """Return the record in a file.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If the file is no record of this format, or was changed after it was written.
    """
    content = read_json(file)
    if content.get("format") != FORMAT:
        raise ValueError(f"{file}: a record of format {content.get('format')}; this version reads {FORMAT}")
    if wrong := next((name for name, fits in _FORM.items() if not fits(content.get(name))), None):
        raise ValueError(f"{file}: {wrong!r} is missing or not as sim record writes it")
    return content


def read_json(file: Path | str) -> dict[str, Any]:
    """Return what a record holds, of whatever kind, once its checksum is seen to fit.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it is no record, or was changed after it was written.
    """
    try:
        content = json.loads(Path(file).read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        raise ValueError(f"{file}: not a record of a forecast (no JSON)") from None
    if not isinstance(content, dict) or "sha256" not in content:
        raise ValueError(f"{file}: not a record of a forecast")
    if content["sha256"] != checksum(content):
        raise ValueError(f"{file}: its content does not fit its sha256: it was changed after it was recorded")
    return content


def _is_number(raw: object, low: float, high: float = float("inf")) -> bool:
    return isinstance(raw, int | float) and not isinstance(raw, bool) and low <= raw <= high


def _is_outcomes(raw: object) -> bool:
    entries = list(raw.values()) if isinstance(raw, dict) else []
    return bool(entries) and all(isinstance(each, dict) and _is_number(each.get("count"), 0) for each in entries)


_FORM: dict[str, Callable[[Any], bool]] = {
    "scenario": lambda raw: isinstance(raw, str),
    "recorded": lambda raw: isinstance(raw, str),
    "runs": lambda raw: _is_number(raw, 1),
    "seed": lambda raw: _is_number(raw, 0),
    "outcomes": _is_outcomes,
    "missions": lambda raw: isinstance(raw, dict) and all(isinstance(groups, list) for groups in raw.values()),
    "called": lambda raw: (
        raw is None or (isinstance(raw, dict) and all(isinstance(each, str) for each in raw.values()))
    ),
    "naive_product": lambda raw: _is_number(raw, 0, 1),
    "not_baseline": lambda raw: raw is None or isinstance(raw, str),
}
"""The keys that scoring needs, each with a check of its value; records of old have no words for outcomes."""


def score(forecast: dict[str, Any], outcome: str) -> Scores:
    r"""Return how well a recorded forecast did under ``outcome``, beside the naive product of the conditions.

    The table's rows are ``deployed`` and ``european`` (whether the outcome is a mission of this group) and ``outcome``
    (all outcomes at once). Columns: ``forecast`` (``model`` or ``naive product``), ``probability`` that the forecast
    gave to what happened, ``brier`` and ``log``; lower is better for both. With :math:`f_k` the forecast and
    :math:`o_k` 1 for what happened and else 0,

    .. math:: B = (f - o)^2, \qquad B = \sum_k (f_k - o_k)^2, \qquad L = -\ln f_{\text{what happened}}.

    Sources: Brier (1950), his sum halved for an event of two sides, so that it lies in [0, 1]; Good (1952). Shares of
    runs count as :math:`(n_k + 1/2) / (n + K/2)` over K outcomes, so that an outcome of no run keeps some chance
    (Jeffreys 1946). The naive product is a chance of a deployed force. It is split over the outcomes with a force in
    the model's proportions, and the rest likewise over those without.

    Raises
    ------
    ValueError
        If there is no such outcome.
    """
    outcomes = forecast["outcomes"]
    if outcome not in outcomes:
        raise ValueError(f"{outcome!r} is not an outcome of this forecast; {suggestion(outcome, outcomes)}")
    forecasts = {MODEL: _smoothed_shares(forecast)}
    forecasts[NAIVE] = _split(forecasts[MODEL], forecast)
    rows = []
    for name, shares in forecasts.items():
        for event in EVENTS:
            members = [each for each, groups in forecast["missions"].items() if event in groups]
            rows.append((event, name, *_binary(float(shares[members].sum()), outcome in members)))
        hit = pd.Series(shares.index == outcome, index=shares.index).astype(np.float64)
        rows.append(
            ("outcome", name, float(shares[outcome]), float(((shares - hit) ** 2).sum()), -log(shares[outcome]))
        )
    table = pd.DataFrame(rows, columns=["scored", "forecast", "probability", "brier", "log"]).set_index("scored")
    about = {key: forecast[key] for key in ("scenario", "recorded", "runs", "seed", "not_baseline", "sha256")}
    return Scores(table, sentence(table, forecast, outcome), **about, outcome=outcome)


def sentence(table: pd.DataFrame, forecast: dict[str, Any], outcome: str) -> str:
    """Return the scores over all outcomes as one sentence, which warns that one event settles little."""
    scored = table.loc["outcome"].set_index("forecast")
    ours, theirs = (scored.loc[name] for name in (MODEL, NAIVE))
    brier, rival = ours["brier"], theirs["brier"]
    verdict = "better than" if brier < rival else "worse than" if brier > rival else "the same as"
    what = words.named(forecast.get("called") or {}, outcome)
    text = (
        f"The forecast of {forecast['recorded']} under {forecast['scenario']} gave the outcome “{what}” "
        f"{ours['probability']:.1%}: Brier score {brier:.2f}, {verdict} the {rival:.2f} of the naive product of the "
        f"conditions (lower is better), log score {ours['log']:.2f} against {theirs['log']:.2f}; one event settles "
        "little about a model."
    )
    return words.stamped(text, str(forecast["not_baseline"] or ""))


def day_of(recorded: str | date | None) -> str:
    """Return the day of a record as in 2025-03-20, by default today (UTC).

    Raises
    ------
    ValueError
        If it is no date.
    """
    if recorded is None:
        return datetime.now(UTC).date().isoformat()
    try:
        return date.fromisoformat(str(recorded)).isoformat()
    except ValueError:
        raise ValueError(f"{recorded!r} is not a date; allowed: a day such as 2025-03-20") from None


def _smoothed_shares(forecast: dict[str, Any]) -> pd.Series:
    counts = pd.Series({name: each["count"] for name, each in forecast["outcomes"].items()}, dtype=np.float64)
    return (counts + 0.5) / (counts.sum() + 0.5 * len(counts))


def _split(model: pd.Series, forecast: dict[str, Any]) -> pd.Series:
    force = model.index.isin(list(forecast["missions"]))
    product = min(max(float(forecast["naive_product"]), 0.5 / forecast["runs"]), 1.0 - 0.5 / forecast["runs"])
    shares = model.where(~force, model / float(model[force].sum()) * product)
    return shares.where(force, model / float(model[~force].sum()) * (1.0 - product))


def _binary(probability: float, happened: bool) -> tuple[float, float, float]:
    """Return the probability given to what happened, the Brier score, and the logarithmic score.

    >>> [round(x, 3) for x in _binary(0.2, True)]
    [0.2, 0.64, 1.609]
    """
    right = probability if happened else 1.0 - probability
    return right, (1.0 - right) * (1.0 - right), -log(right)
