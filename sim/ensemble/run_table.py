"""One run's trajectory into one documented row in words, and a row for each actor; the same for both engines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from math import isnan
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import run_row
from sim.ensemble.arrow_tables import TYPES
from sim.ensemble.columns import RUN_COLUMNS, ActorWeeklyRow, Holds
from sim.ensemble.run_row import Floats, Missions, Seats

ACTOR_COLUMNS = ActorWeeklyRow._fields


class Played(NamedTuple):
    """What some runs left, whatever the engine.

    ``rows`` has shape (runs, :func:`sim.ensemble.run_row.columns`), ``seats`` (runs, actors,
    :data:`sim.ensemble.run_row.SEATS`), ``weekly``,
    if it was asked for, (runs, rounds, WEEKLY), and ``actors`` with it (runs, rounds, actors, ACTOR_WEEKLY).
    """

    rows: Floats
    seats: Floats
    weekly: Floats | None
    actors: Floats | None


def numbers(missions: Missions, weekly: Floats, actors: Floats, at_start: Floats) -> tuple[Floats, Floats]:
    """Return the row of a run as numbers, and what is kept of its actors, of shape (actors, SEATS).

    The arrays are those of :class:`sim.model.record.Trajectory`.
    """
    row = np.empty(run_row.width(len(missions.names)))
    seats = np.empty((actors.shape[1], len(run_row.SEATS)))
    then, noted = np.zeros(weekly.shape[1]), np.empty((run_row.PER_ACTOR, actors.shape[1]))
    flags = missions.deployed, missions.observer
    so_far = run_row.begin(row, noted)
    for now, (week, states) in enumerate(zip(weekly, actors, strict=True)):
        so_far = run_row.note(so_far, now, week, recorded(states), *flags, row, then, noted)
    last = weekly[-1], recorded(actors[-1])
    run_row.finish(so_far, *last, at_start, missions.deployed, missions.rounds_per_week, row, then, noted, seats)
    return row, seats


def recorded(actors: Floats) -> Seats:
    """Return a round's record of actors, of shape (actors, ACTOR_WEEKLY), by name."""
    return Seats(**{name: actors[:, ACTOR_COLUMNS.index(name)] for name in Seats._fields})


def summary(missions: Missions, weekly: Floats, actors: Floats, run: int) -> dict[str, Any]:
    """Return the row of one run, with the columns of :data:`sim.ensemble.columns.RUN` and those of gates and missions.

    ``weekly`` has shape (rounds, WEEKLY), ``actors`` (rounds, actors, ACTOR_WEEKLY); what is missing is None.
    """
    nobody = np.zeros(actors.shape[1])  # no column of a run's row reads where actors began
    return records(table(missions.names, numbers(missions, weekly, actors, nobody)[0][None, :], np.array([run])))[0]


def table(missions: tuple[str, ...], rows: Floats, run: np.ndarray) -> pd.DataFrame:
    """Return rows of numbers, of shape (runs, columns), as the documented table; ``run`` are the runs' numbers."""
    by_name = dict(zip(run_row.columns(missions), rows.T, strict=True))
    return pd.DataFrame(
        {"run": run.astype(np.int64), **{name: _column(missions, name, values) for name, values in by_name.items()}}
    )


def some_columns(missions: tuple[str, ...], rows: Floats, names: Collection[str]) -> pa.Table:
    """Return some columns of the documented table, as parts hold them, without a table of pandas on the way."""
    places = {name: at for at, name in enumerate(run_row.columns(missions)) if name in names}
    return pa.table({name: _arrow_column(missions, name, rows[:, at]) for name, at in places.items()})


def words_of(holds: Holds, missions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words that a column's positions stand for; none if it holds numbers.

    >>> words_of("mission", ("tripwire",)), words_of("number", ())
    (('tripwire', 'none'), ())
    """
    words: dict[Holds, tuple[str, ...]] = {
        "outcome": (*missions, *vocabulary.OUTCOMES_WITHOUT_FORCE),
        "mission": (*missions, vocabulary.NO_MISSION),
        "rung": vocabulary.RUNGS,
        "consent": vocabulary.CONSENTS,
    }
    return words.get(holds, ())


def _column(missions: tuple[str, ...], name: str, values: Floats) -> Any:
    """Return a column of the table of runs, its words and types by what it holds."""
    holds = _holds(name)
    if words := words_of(holds, missions):
        return worded(words, values)
    if holds == "flag":
        return values > 0.0
    if holds == "count":
        return values.astype(np.int64)
    return missing(values, TYPES["runs"][name]) if name in TYPES["runs"] else values


def _arrow_column(missions: tuple[str, ...], name: str, values: Floats) -> pa.Array:
    """Return what :func:`_column` does, as a column of Arrow."""
    holds = _holds(name)
    if words := words_of(holds, missions):
        return _in_words(words, values)
    if holds == "flag":
        return pa.array(values > 0.0)
    if holds == "count":
        return pa.array(values.astype(np.int64))
    column = pa.array(values, mask=np.isnan(values))
    return column.cast(pa.int64()) if TYPES["runs"].get(name) == "Int64" else column


def _holds(name: str) -> Holds:
    """Return what a column holds; those of gates and missions are no fields of a row."""
    if name in RUN_COLUMNS:
        return RUN_COLUMNS[name].holds
    return "flag" if name.startswith("missing_") else "number"


def records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a table as plain values; what is missing is None."""
    return [{str(name): _plain(value) for name, value in row.items()} for row in table.to_dict("records")]


def worded(words: Sequence[str], codes: NDArray[Any]) -> pd.Series:
    """Return the words at positions; -1 is the last of them, and not a number is missing."""
    column: pd.Series = _in_words(words, codes).to_pandas()
    return column


def _in_words(words: Sequence[str], codes: NDArray[Any]) -> pa.Array:
    gone = np.isnan(codes)
    at = np.where(gone, 0.0, codes).astype(np.int64)
    at[at < 0] += len(words)
    return pa.array(words, pa.string()).take(pa.array(at, mask=gone))


def missing(values: Floats, kind: str) -> Any:
    """Return numbers of which some may be missing, not a number here, as a column of pandas."""
    gone = np.isnan(values)
    filled = np.where(gone, 0.0, values)
    if kind == "Int64":
        return pd.arrays.IntegerArray(filled.astype(np.int64), gone)
    return pd.arrays.FloatingArray(filled, gone)


def _plain(value: Any) -> Any:
    if value is pd.NA or (isinstance(value, float) and isnan(value)):
        return None
    return value.item() if isinstance(value, np.generic) else value
