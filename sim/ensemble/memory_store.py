"""An ensemble's tables in memory, asked in the same way as those of a folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd
import pyarrow as pa

from sim.ensemble import parquet_store, sql
from sim.ensemble.arrow_tables import arrow

LAZY = int(pd.__version__.partition(".")[0]) >= 3
"""Whether a shallow copy is one on write."""


def copy(table: pd.DataFrame) -> pd.DataFrame:
    """Return a copy of a table that may be edited without a trace in the original.

    From pandas 3 on a shallow copy shares its columns until one is written to (copy-on-write), so that it takes no time
    and no memory; before, every column is copied.
    """
    return table.copy(deep=not LAZY)


class Later(NamedTuple):
    """A table that is made once somebody asks for its content: what can be drawn again need not fill the memory.

    Attributes
    ----------
    columns, rows
        Its columns and how many rows it has, which nobody needs the content for.
    make
        Called without arguments, gives the table; always the same.
    """

    columns: tuple[str, ...]
    rows: int
    make: Callable[[], pd.DataFrame]


class Frames:
    """Tables of pandas by name; a :class:`sim.ensemble.table_store.TableStore`.

    Parameters
    ----------
    frames
        The tables. What is kept and what is handed out are copies, so that nobody else can change them.
    runs
        How many runs they cover at least: of runs that failed, none but the last may be missing from the tables.
    """

    # Counting anew is quick here, and counting all that is usual at once would ask for columns that tables made by hand
    # may lack.
    unchanging = False

    def __init__(self, frames: Mapping[str, pd.DataFrame | Later], runs: int = 0) -> None:
        self._frames = {name: table if isinstance(table, Later) else copy(table) for name, table in frames.items()}
        self._runs = runs
        self._columns: dict[tuple[str, str], pa.ChunkedArray] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""
        return tuple(self._frames)

    @property
    def runs(self) -> int:
        """How many runs the tables cover, failed ones counted."""
        tables = (self._frame(name) for name in ("runs", "failures") if name in self._frames)
        return max(self._runs, *(int(table["run"].max()) + 1 for table in tables if len(table)), 0)

    @property
    def part_runs(self) -> int:
        """How many runs a part of a folder has that these tables are written to."""
        return parquet_store.PART_RUNS

    def rows(self, name: str) -> int:
        """Return how many rows a table has; 0 if there is no such table."""
        table = self._frames.get(name, ())
        return table.rows if isinstance(table, Later) else len(table)

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        return list(self._frames[name].columns)

    def index(self, name: str) -> pd.Index:
        """Return the labels of a table's rows."""
        return self._frame(name).index

    def tables(self, name: str, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> Iterator[pa.Table]:
        """Yield a table in one piece, all columns or some; where nothing changes, a column is converted once."""
        table = self._frame(name)
        if not self.unchanging:
            yield arrow(table if columns is None else table[list(columns)])
            return
        wanted = list(table.columns if columns is None else columns)
        new = [column for column in wanted if (name, column) not in self._columns]
        if new:
            made = arrow(table[new])
            self._columns |= {(name, column): made[column] for column in new}
        yield pa.table([self._columns[name, column] for column in wanted], names=wanted)

    def pieces(self, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield columns of a table in one piece, as a copy."""
        table = self._frame(name)
        yield copy(table if len(columns) == table.shape[1] else table[list(columns)])

    def part(self, first: int, runs: int) -> dict[str, pa.Table]:
        """Return, by name, the tables of ``runs`` runs from the run ``first`` on; those without a row are left out."""
        last = first + runs - 1
        whole = {name: self._frame(name) for name in self._frames}
        cut = {name: table[table["run"].between(first, last)] for name, table in whole.items()}
        return {name: arrow(table) for name, table in cut.items() if len(table) or name in ("runs", "actors")}

    def query(self, select: str) -> pd.DataFrame:
        """Return what a SELECT over these tables gives; see :func:`sim.ensemble.sql.query`."""
        return sql.query(select, {name: arrow(self._frame(name)) for name in self._frames}, None)

    def _frame(self, name: str) -> pd.DataFrame:
        """Return a table, which is made if this is the first time that its content is asked for."""
        table = self._frames[name]
        if isinstance(table, Later):
            table = self._frames[name] = table.make()
        return table

    def amend_in(self, folder: Path, **entries: Any) -> bool:
        """Return False: tables in memory stand in no folder."""
        return False
