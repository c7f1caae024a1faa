"""What came about in which run and week, and by whom: one tidy table, read off the others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np
import pandas as pd

from sim.ensemble.columns import EVENT
from sim.ensemble.table_store import TableStore

OF_RUNS: Final = {
    "ceasefire": "ceasefire_week",
    "observer": "observer_week",
    "training": "training_week",
    "deployed": "deployed_week",
    "european": "european_week",
}
"""Events by the column of runs that holds the week in which each first came about."""
OF_ACTORS: Final = {"pledged": "pledged_week", "ratified": "ratified_week", "joined": "deployed_week"}
"""Events by the column of actors that holds the week in which each first came about."""
COUNTED: Final = {"truce_began": "truces", "truce_broke": "broken"}
"""Events by the weekly column that counts them; each time is an event."""
FLAGGED: Final = {
    "attacked": "attacked",
    "reinforced": "reinforced",
    "force_ended": "ended",
    "escalated": "escalated",
    "alliance_strained": "strained",
}
"""Events by the weekly column that is 1 in the rounds in which each comes about."""
EVENTS: Final = {
    "ceasefire": "a truce first began",
    "observer": "an observer mission first formed",
    "training": "a training mission was first in place",
    "deployed": "a deployed mission first formed",
    "european": "a European force first formed",
    "pledged": "the actor was first pledged",
    "ratified": "a pledge of the actor's was first ratified",
    "joined": "the actor first had troops in a deployed force",
    "truce_began": "a truce began (if weeks were kept)",
    "truce_broke": "a truce broke (if weeks were kept)",
    "attacked": "the force in the field was attacked (if weeks were kept)",
    "reinforced": "the promise was honoured when the force was tested (if weeks were kept)",
    "force_ended": "the force in the field ended (if weeks were kept)",
    "escalated": "the force in the field exchanged fire with an opponent (if weeks were kept)",
    "alliance_strained": "the broker left a Western force without answer in a test (if weeks were kept)",
}
"""Meanings of events by name."""


def pieces(store: TableStore) -> Iterator[pd.DataFrame]:
    """Yield the events of an ensemble's tables, those of runs, of actors and of weeks apart.

    Columns are those of :data:`sim.ensemble.columns.EVENT`. The last are there if weeks were kept.
    """
    for runs in _read(store, "runs", OF_RUNS.values()):
        yield _first(runs, OF_RUNS)
    for actors in _read(store, "actors", OF_ACTORS.values(), ("run", "actor")):
        yield _first(actors, OF_ACTORS)
    if "weekly" in store.names:
        for weeks in _read(store, "weekly", (*COUNTED.values(), *FLAGGED.values()), ("run", "week")):
            yield _weekly(weeks)


def table(store: TableStore) -> pd.DataFrame:
    """Return all events in one table, by run and week."""
    whole = pd.concat(pieces(store), ignore_index=True)
    return whole.sort_values(["run", "week"], kind="stable", ignore_index=True)


def _read(
    store: TableStore, table: str, columns: Iterable[str], keys: Sequence[str] = ("run",)
) -> Iterator[pd.DataFrame]:
    return store.pieces(table, [*keys, *columns])


def _first(rows: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Return an event for every week that is not missing."""
    events = []
    for event, column in columns.items():
        came = rows[rows[column].notna()]
        events.append(_events(came, came[column], event))
    return pd.concat(events, ignore_index=True)


def _weekly(weeks: pd.DataFrame) -> pd.DataFrame:
    """Return an event for every round in which a count rises or a flag is up."""
    new_run = weeks["run"].to_numpy() != np.roll(weeks["run"].to_numpy(), 1)
    new_run[:1] = True
    events = []
    for event, column in COUNTED.items():
        count = weeks[column].to_numpy()
        came = weeks[count > np.where(new_run, 0.0, np.roll(count, 1))]
        events.append(_events(came, came["week"], event))
    for event, column in FLAGGED.items():
        came = weeks[weeks[column] > 0]
        events.append(_events(came, came["week"], event))
    return pd.concat(events, ignore_index=True)


def _events(rows: pd.DataFrame, week: pd.Series, event: str) -> pd.DataFrame:
    actor = rows["actor"].astype("str") if "actor" in rows else pd.Series(None, rows.index, dtype="str")
    columns = {"run": rows["run"], "week": week.astype("float64"), "actor": actor, "event": event}
    return pd.DataFrame(columns, columns=list(EVENT)).astype({"event": "str"})
