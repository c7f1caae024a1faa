"""What a draw of the inputs implies for the quantities of targets: counted run by run, estimated with run noise.

Counts are kept rather than estimates, so that those of one wave add to those of the next.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.ensemble import Ensemble

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

YEAR, HALF_YEAR = 52, 26
DICTATED = 0.9
"""Terms count as imposed if the host concedes at least this part of all that it could."""
LEAST_SPREAD = 1.0
"""A run added to those of a mean of logarithms: one whose logarithm lies so far off, so that few runs look no surer."""


class Estimate(NamedTuple):
    """What draws imply for a quantity, and the variance of run noise; infinite where runs say nothing."""

    mean: Floats
    variance: Floats


class Quantity(NamedTuple):
    """A quantity of targets: its name in words, what it is estimated from, and the weeks that a run needs for it."""

    words: str
    columns: tuple[str, ...]
    estimate: Callable[..., Estimate]
    weeks: int = 0


def share_of(hits: Floats, of: Floats) -> Estimate:
    """Return shares with their variance (Jeffreys: half a run added to either side, so that 0 of 3 is not sure).

    >>> share_of(np.array([0.0]), np.array([3.0])).mean.round(3).tolist()
    [0.125]
    """
    mean = (hits + 0.5) / (of + 1.0)
    return Estimate(mean, np.where(of > 0.0, mean * (1.0 - mean) / (of + 2.0), np.inf))


def log_rate(events: Floats, weeks: Floats) -> Estimate:
    """Return logarithms of rates a week, with their variance (Poisson; half an event added, so that none is not never).

    >>> log_rate(np.array([3.5]), np.array([400.0])).mean.round(3).tolist()
    [-4.605]
    """
    known = weeks > 0.0
    mean = np.log((events + 0.5) / np.where(known, weeks, 1.0))
    return Estimate(mean, np.where(known, 1.0 / (events + 0.5), np.inf))


def log_ratio(with_events: Floats, with_weeks: Floats, events: Floats, weeks: Floats) -> Estimate:
    """Return logarithms of the ratio of two rates, with their variance."""
    above, below = log_rate(with_events, with_weeks), log_rate(events, weeks)
    return Estimate(above.mean - below.mean, above.variance + below.variance)


def mean_log(total: Floats, squares: Floats, of: Floats) -> Estimate:
    """Return means of logarithms with their variance; see :data:`LEAST_SPREAD`.

    >>> mean_log(np.array([4.0]), np.array([8.0]), np.array([2.0])).variance.tolist()
    [0.25]
    """
    n = np.maximum(of, 1.0)
    mean = total / n
    spread = (np.maximum(0.0, squares - n * mean**2) + LEAST_SPREAD) / n
    return Estimate(mean, np.where(of > 0.0, spread / n, np.inf))


QUANTITIES: dict[str, Quantity] = {
    "ceasefire_year": Quantity("share of runs with a truce within a year", ("in_year", "runs"), share_of, YEAR),
    "ceasefire_early": Quantity(
        "share of first truces within a year that begin in its first half", ("in_half", "in_year"), share_of, YEAR
    ),
    "terms_dictated": Quantity("share of truces on imposed terms", ("dictated", "begun"), share_of),
    "force_refused": Quantity("share of Western forces that an opponent refuses", ("refused", "western"), share_of),
    "truce_break_rate": Quantity("breaks a week of truce without a force", ("bare_breaks", "bare_weeks"), log_rate),
    "truce_break_ratio": Quantity(
        "rate of breaks with a force over that without",
        ("force_breaks", "force_weeks", "bare_breaks", "bare_weeks"),
        log_ratio,
    ),
    "weeks_to_force": Quantity("weeks from truce to force", ("lag_log", "lag_squares", "lags"), mean_log),
    "leaving_rate": Quantity("states that leave, a week of a state in the field", ("left", "state_weeks"), log_rate),
}
"""By the name that a target gives (:mod:`sim.evidence.targets`)."""


def counts(ensemble: Ensemble, draw: Ints, western: Collection[str]) -> pd.DataFrame:
    """Return, by draw, the counts that all quantities are estimated from.

    ``draw`` is the draw of each run of the ensemble, which holds its weeks; ``western`` are the Western missions.
    """
    by_run = {**_of_runs(ensemble.runs, western), **_of_weeks(ensemble)}
    return pd.DataFrame(by_run, dtype=np.float64).groupby(draw).sum()


def _of_runs(runs: pd.DataFrame, western: Collection[str]) -> dict[str, Floats]:
    weeks = (runs[name] for name in ("ceasefire_week", "deployed_week"))
    began, stood = (week.to_numpy(dtype=np.float64, na_value=np.nan) for week in weeks)
    lag = stood - began
    after = lag > 0.0  # not a number where either is missing
    logs = np.log(np.where(after, lag, 1.0))
    ours = runs["mission"].isin(list(western)).to_numpy() & ~np.isnan(stood)
    return {
        "runs": np.ones(len(runs)),
        "in_year": 1.0 * (began <= YEAR),
        "in_half": 1.0 * (began <= HALF_YEAR),
        "western": 1.0 * ours,
        "refused": 1.0 * (ours & runs["without_russian_consent"].to_numpy(dtype=np.bool_)),
        "lags": 1.0 * after,
        "lag_log": logs,
        "lag_squares": logs**2,
    }


def _of_weeks(ensemble: Ensemble) -> dict[str, Floats]:
    """Return counts over the weeks of each run; a break is a truce of one round that the next has no more."""
    table = ensemble.read(["truce", "force", "concession", "states"], table="weekly")
    truce, force, concession, states = (
        column.to_numpy(dtype=np.float64).reshape(len(ensemble), -1)
        for column in (table["truce"], table["force"] != "none", table["concession"], table["states"])
    )
    week = ensemble.manifest["horizon_weeks"] / truce.shape[1]
    before = np.hstack([np.zeros((len(truce), 1)), truce[:, :-1]])
    begins = (before == 0.0) & (truce > 0.0)
    broke = (truce[:, :-1] > 0.0) & (truce[:, 1:] == 0.0)
    bare, held = (truce[:, :-1] > 0.0) & (force[:, :-1] == 0.0), (truce[:, :-1] > 0.0) & (force[:, :-1] > 0.0)
    by_week = {
        "begun": begins,
        "dictated": begins & (concession >= DICTATED),
        "bare_breaks": broke & bare,
        "bare_weeks": week * bare,
        "force_breaks": broke & held,
        "force_weeks": week * held,
        "state_weeks": week * states[:, :-1],
        "left": np.maximum(0.0, states[:, :-1] - states[:, 1:]),
    }
    return {name: each.sum(axis=1, dtype=np.float64) for name, each in by_week.items()}


def estimate(name: str, counted: pd.DataFrame) -> Estimate:
    """Return what draws imply for a quantity, from their counts."""
    quantity = QUANTITIES[name]
    return quantity.estimate(*(counted[column].to_numpy(dtype=np.float64) for column in quantity.columns))
