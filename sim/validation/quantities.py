"""Compute quantities by name, run by run, as patterns ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble.aggregates import EVENTS
from sim.ensemble.ensemble import Ensemble

Floats = NDArray[np.float64]
THOUSAND = 1000.0
_OF_ACTORS = {"pledged": "pledged", "ratified": "ratified", "in_force": "deployed", "stage_at_start": "stage_at_start"}
_OF_RUNS: dict[str, Callable[[pd.DataFrame], pd.Series]] = {
    "truce_broke": lambda runs: runs["truce_broke"],
    "in_place_at_horizon": lambda runs: runs["in_place_at_horizon"],
    "held": lambda runs: runs["held"],
    "with_russian_consent": lambda runs: runs["with_russian_consent"],
    "without_russian_consent": lambda runs: runs["without_russian_consent"],
    "attacked": lambda runs: runs["attacks"] > 0,
    "troops": lambda runs: runs["troops"] / THOUSAND,
    "troops_european": lambda runs: runs["european_troops"] / THOUSAND,
    "pledged_troops": lambda runs: runs["pledged_troops"] / THOUSAND,
    "states_in_force": lambda runs: runs["states"],
    "rung_highest": lambda runs: runs["rung_highest"].map(vocabulary.RUNGS.index),
    "consent": lambda runs: runs["consent"].map(vocabulary.CONSENTS.index) / (len(vocabulary.CONSENTS) - 1),
    "concession": lambda runs: runs["concession"],
    "guarantee": lambda runs: runs["guarantee"],
    "weeks_to_deployment": lambda runs: runs["deployed_week"],
}
KINDS = (*_OF_ACTORS, "missing", "most_often_missing", "outcome", "tabled", "share_rung_at_least")


def quantities(ensemble: Ensemble, names: Iterable[str]) -> dict[str, Floats]:
    """Return quantities by name, each of shape (runs,); NaN where a run has no value.

    Names are events (``ceasefire``, ``deployed``, ``european`` ...: 1 if it happened), columns of the rows such as
    ``troops`` (in thousands, at formation), ``consent`` (0 refuses, 0.5 tolerates, 1 accepts; at the horizon),
    ``rung_highest`` (position on the ladder), or a kind and its member: ``pledged.alba``, ``ratified.borea``,
    ``in_force.uk``, ``stage_at_start.uk`` (0 opposed to 3 pledged), ``outcome.nato``, ``tabled.neutral`` (share of
    weeks), ``share_rung_at_least.air_cover``, and ``missing.lead`` or ``most_often_missing.lead``: whether a run
    without a force at the horizon lacks it.

    Raises
    ------
    ValueError
        If there is no such quantity.
    """
    runs = ensemble.runs
    wanted = list(dict.fromkeys(names))
    actors = ensemble.actors if any(name.partition(".")[0] in _OF_ACTORS for name in wanted) else None
    return {name: _values(ensemble, runs, actors, name) for name in wanted}


def _values(ensemble: Ensemble, runs: pd.DataFrame, actors: pd.DataFrame | None, name: str) -> Floats:
    kind, _, member = name.partition(".")
    if name in EVENTS:
        return ensemble.happened(name).to_numpy(dtype=np.float64)
    if name in _OF_RUNS:
        return _OF_RUNS[name](runs).to_numpy(dtype=np.float64, na_value=np.nan)
    if actors is not None and kind in _OF_ACTORS and (actors["actor"] == member).any():
        of_one = actors.loc[actors["actor"] == member].set_index("run")[_OF_ACTORS[kind]]
        if kind == "stage_at_start":
            of_one = of_one.map(vocabulary.STANCES.index)
        return of_one.reindex(runs["run"]).to_numpy(dtype=np.float64)
    if kind == "outcome" and member in ensemble.outcomes():
        return np.asarray(runs["outcome"] == member, dtype=np.float64)
    if kind == "tabled" and f"tabled_{member}" in runs:
        return runs[f"tabled_{member}"].to_numpy(np.float64) / float(ensemble.manifest["horizon_weeks"])
    if kind == "share_rung_at_least" and member in vocabulary.RUNGS:
        reached = runs["rung_highest"].map(vocabulary.RUNGS.index) >= vocabulary.RUNGS.index(member)
        return np.asarray(reached, dtype=np.float64)
    if kind in ("missing", "most_often_missing") and member in vocabulary.GATES:
        lacks = runs[f"missing_{member}"].to_numpy(dtype=np.float64)
        return np.where(runs["in_place_at_horizon"], np.nan, lacks)
    raise ValueError(
        f"{name!r} is not a quantity of this ensemble; allowed: {', '.join((*EVENTS, *_OF_RUNS))}, "
        f"and NAME.MEMBER with NAME one of {', '.join(KINDS)}"
    )
