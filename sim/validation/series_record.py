"""A series of forecasts, each after one more observation: written down, and scored week by week once it is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from math import log
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.updating import EVENTS
from sim.ensemble.results import Result
from sim.ensemble.shares import share
from sim.ensemble.update_result import Update
from sim.reading.errors import suggestion
from sim.validation.forecast_record import checksum, day_of, read_json
from sim.words import EVENT_WORDS, stamped
from sim.words import sentence as first_up

SERIES = 1
"""The format of a series; a record of one forecast has ``format`` in place of ``series``."""
_LEAST = 1e-4
"""No forecast counts as surer than this, as a finite number of runs cannot be."""


@dataclass(frozen=True, eq=False, repr=False)
class SeriesScores(Result):
    """The scores of a series under what came: see :func:`score_series`. Other fields are those of the record."""

    scenario: str
    recorded: str
    of: str
    came: bool
    sha256: str


def record_series(update: Update, recorded: str | date | None = None) -> dict[str, Any]:
    """Return the steps of an update as plain data: week, what was seen, the chance and the words of each event, a hash.

    ``recorded`` is the day of the record, by default today (UTC).

    Raises
    ------
    ValueError
        If ``recorded`` is no date.
    """
    day = day_of(recorded)
    names = [name for name in EVENTS if name != update.of]
    steps = [
        {
            "week": row["week"],
            "observation": row["observation"],
            "source": row["source"],
            "chances": {update.of: row["probability"], **{name: row[name] for name in names}},
        }
        for _, row in update.table.iterrows()
    ]
    content: dict[str, Any] = {
        "series": SERIES,
        "recorded": day,
        "not_baseline": update.stamp or None,
        "sentence": update.sentence,
        "scenario": update.scenario,
        "runs": update.runs,
        "seed": update.seed,
        "called": update.called,
        "steps": steps,
    }
    return {**content, "sha256": checksum(content)}


def read_series(file: Path | str) -> dict[str, Any]:
    """Return the series in a file.

    Raises
    ------
    FileNotFoundError
        If there is none.
    ValueError
        If the file is no series of this format, or was changed after it was written.
    """
    content = read_json(file)
    steps = content.get("steps")
    if content.get("series") != SERIES or not isinstance(steps, list) or not steps or not _names_events(content):
        raise ValueError(f"{file}: not a series of forecasts as sim update --record writes it")
    return content


def _names_events(content: dict[str, Any]) -> bool:
    """Whether a series has words for its events as it should; series of old have none."""
    return isinstance(content.get("called", {}), dict)


def is_series(file: Path | str) -> bool:
    """Return whether a file holds a series; a file that holds no record at all does not."""
    try:
        return "series" in read_json(file)
    except (OSError, ValueError):
        return False


def score_series(series: dict[str, Any], event: str, came: bool) -> SeriesScores:
    r"""Return how well each step of a series did once it is known whether ``event`` came.

    The table has a row a step: ``week``, ``observation``, ``probability`` of the event, ``brier`` and ``log`` (lower is
    better), and ``gain``, by how much the log score is better than that of the forecast before any observation. With f
    the forecast and o 1 if it came, else 0, :math:`B = (f - o)^2` and :math:`L = -\ln |1 - o - f|`. Sources: Brier
    (1950), Good (1952).

    Raises
    ------
    ValueError
        If the series has no such event.
    """
    events = series["steps"][0]["chances"]
    if event not in events:
        raise ValueError(f"{event!r} is no event of this series; {suggestion(event, events)}")
    table = pd.DataFrame(
        {
            "week": [step["week"] for step in series["steps"]],
            "observation": [step["observation"] for step in series["steps"]],
            "probability": [float(step["chances"][event]) for step in series["steps"]],
        }
    ).rename_axis("step")
    scores = [_scores(probability, came) for probability in table["probability"]]
    table[["brier", "log"]] = scores
    table["gain"] = table["log"].iloc[0] - table["log"]
    about = {name: series[name] for name in ("scenario", "recorded", "sha256")}
    called = series.get("called", {}).get(event) or EVENT_WORDS.get(event, event)
    sentence = stamped(_sentence(table, called, came), str(series["not_baseline"] or ""))
    return SeriesScores(table, sentence, of=event, came=came, **about)


def reliability(scored: Sequence[SeriesScores], bins: int = 5) -> pd.DataFrame:
    """Return how often events came, by how likely they were called, over the last step of several scored series.

    Columns: ``forecasts`` in the bin, their mean ``called``, the share that ``came``, and its 95% interval ``low`` to
    ``high`` (Wilson).

    Raises
    ------
    ValueError
        If there are fewer than two series.
    """
    if len(scored) < 2:
        raise ValueError(f"reliability takes two scored series or more, got {len(scored)}")
    called = np.array([each.table["probability"].iloc[-1] for each in scored])
    came = np.array([each.came for each in scored])
    bin_of = np.minimum((called * bins).astype(int), bins - 1)
    rows = {}
    for at in np.unique(bin_of):
        here = bin_of == at
        known = share(int(came[here].sum()), int(here.sum()))
        rows[f"{at / bins:.0%} to {(at + 1) / bins:.0%}"] = (
            known.of,
            called[here].mean(),
            known.probability,
            known.low,
            known.high,
        )
    columns = ["forecasts", "called", "came", "low", "high"]
    return pd.DataFrame.from_dict(rows, orient="index", columns=columns).rename_axis("bin")


def _scores(probability: float, came: bool) -> tuple[float, float]:
    """Return the Brier and the log score of a chance.

    >>> [round(x, 3) for x in _scores(0.2, True)]
    [0.64, 1.609]
    """
    right = min(max(probability if came else 1.0 - probability, _LEAST), 1.0 - _LEAST)
    return (1.0 - right) * (1.0 - right), -log(right)


def _sentence(table: pd.DataFrame, what: str, came: bool) -> str:
    first, last = table.iloc[0], table.iloc[-1]
    verdict = "better" if last["log"] < first["log"] else "worse" if last["log"] > first["log"] else "as well"
    seen = f"{len(table) - 1} observation{'s' * (len(table) != 2)}"
    return (
        f"{first_up(what)} {'came about' if came else 'did not come about'}: after {seen} the forecast had it at "
        f"{last['probability']:.1%} (log score {last['log']:.2f}, Brier {last['brier']:.2f}), before any at "
        f"{first['probability']:.1%} ({first['log']:.2f}, {first['brier']:.2f}): updating did {verdict}. One event "
        "settles little about a model."
    )
