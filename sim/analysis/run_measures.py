"""Every column of an ensemble's runs and contributors as numbers, so that two runs can be compared in all of them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import run_table
from sim.ensemble.columns import RUN_COLUMNS
from sim.ensemble.ensemble import Ensemble

_ORDERED = {"rung": vocabulary.RUNGS, "consent": vocabulary.CONSENTS}
_OF_ACTORS = {"stage": "stage of {}", "ratified": "{} ratified", "deployed": "{} deployed"}


def measures(ensemble: Ensemble) -> pd.DataFrame:
    """Return every column of the runs, and what became of each contributor, as numbers: a row a run, by its number.

    Yes and no are columns of truth values. Of an outcome or a mission each word is a yes or no, ``outcome=tripwire``. A
    rung, a consent and the stage of a contributor are positions in their order, one below the first if missing. A week
    that never came is the horizon (weeks); troops and states of no force are 0. For each contributor there are its
    stage at the horizon, whether it ratified, and whether it was in the first deployed force.
    """
    runs = ensemble.runs.set_index("run")
    columns: dict[str, Any] = {}
    for name, column in runs.items():
        columns.update(_of_runs(ensemble, str(name), column))
    columns.update(_of_actors(ensemble, len(runs)))
    return pd.DataFrame(columns, index=runs.index)


def _of_runs(ensemble: Ensemble, name: str, column: pd.Series) -> dict[str, Any]:
    holds = RUN_COLUMNS[name].holds if name in RUN_COLUMNS else "number"
    if holds in _ORDERED:
        return {name: _positions(column, _ORDERED[holds])}
    if words := run_table.words_of(holds, tuple(sorted(ensemble.manifest["groups"]))):
        return {f"{name}={word}": (column == word).to_numpy(dtype=np.bool_) for word in words}
    if column.dtype == np.bool_:
        return {name: column.to_numpy()}
    missing = float(ensemble.manifest["horizon_weeks"]) if name.endswith("_week") else 0.0
    return {name: column.to_numpy(dtype=np.float64, na_value=missing)}


def _of_actors(ensemble: Ensemble, runs: int) -> Iterator[tuple[str, Any]]:
    table = ensemble.read(["actor", *_OF_ACTORS], table="actors")
    names = table["actor"].iloc[: len(table) // max(1, runs)]
    for kept, label in _OF_ACTORS.items():
        values = _positions(table[kept], vocabulary.STANCES) if kept == "stage" else table[kept].to_numpy()
        for name, column in zip(names, values.reshape(runs, -1).T, strict=True):
            yield label.format(name), column


def _positions(words: pd.Series, order: tuple[str, ...]) -> NDArray[np.float64]:
    return pd.Categorical(words, categories=list(order)).codes.astype(np.float64)
