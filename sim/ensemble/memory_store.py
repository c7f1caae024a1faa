"""An ensemble's tables in memory, with the types that they have in every ensemble."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa

from sim.ensemble import parquet_store

_WEEKS = ("ceasefire_week", "deployed_week", "european_week", "observer_week", "training_week")
_TYPES = {"runs": dict.fromkeys((*_WEEKS, "troops", "european_troops"), "Float64") | {"states": "Int64"}}
"""Columns of a table that may be missing and are numbers: pandas would make do without either."""


def make_runs(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows of runs as a table with stable types: missing weeks and troops are missing values."""
    return frame(parquet_store.arrow(pd.DataFrame(list(rows)).astype(_TYPES["runs"])))


def frame(table: pa.Table, name: str = "runs") -> pd.DataFrame:
    """Return a table of Arrow, such as ``runs``, as pandas, with the types that it has in every ensemble."""
    found: pd.DataFrame = table.to_pandas()
    return found.astype({column: kind for column, kind in _TYPES.get(name, {}).items() if column in found})


class Frames:
    """Tables in memory, asked in the same way as :class:`sim.ensemble.parquet_store.Parts`."""

    def __init__(self, frames: dict[str, pd.DataFrame]) -> None:
        self.frames = frames

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return tuple(self.frames)

    @property
    def runs(self) -> int:
        """How many runs the tables cover, failed ones counted."""
        tables = (self.frames[name] for name in ("runs", "failures") if name in self.frames)
        return max((int(table["run"].max()) + 1 for table in tables if len(table)), default=0)

    def rows(self, name: str) -> int:
        """Return how many rows a table has."""
        return len(self.frames.get(name, ()))

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        return list(self.frames[name].columns)

    def tables(self, name: str, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> Iterator[pa.Table]:
        """Yield a table, all columns or some."""
        table = self.frames[name]
        yield parquet_store.arrow(table if columns is None else table[list(columns)])

    def part(self, first: int, runs: int) -> dict[str, pa.Table]:
        """Return the tables of the runs from ``first`` on."""
        found = {name: table[table["run"].between(first, first + runs - 1)] for name, table in self.frames.items()}
        return {
            name: parquet_store.arrow(table)
            for name, table in found.items()
            if len(table) or name in ("runs", "actors")
        }
