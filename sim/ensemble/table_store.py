"""What an ensemble asks of its tables, whether they are in memory or in the parts of a folder."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import pandas as pd
import pyarrow as pa

_OPTIONAL = ("inputs", "weekly")


class TableStore(Protocol):
    """The tables of an ensemble by name: runs, actors, and perhaps inputs, weekly and failures.

    Tables are read in pieces, in the order of their runs; no piece has to fit in memory beside another.
    """

    @property
    def names(self) -> tuple[str, ...]:
        """The tables there are."""

    @property
    def runs(self) -> int:
        """How many runs the tables cover, failed ones counted."""

    @property
    def part_runs(self) -> int:
        """How many runs a part of a folder has that these tables are written to."""

    @property
    def unchanging(self) -> bool:
        """Whether the tables stay as they are, so that what was once counted may be remembered."""

    def rows(self, name: str) -> int:
        """Return how many rows a table has; 0 if there is no such table."""

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""

    def index(self, name: str) -> pd.Index:
        """Return the labels of a table's rows."""

    def tables(self, name: str, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> Iterator[pa.Table]:
        """Yield a table in pieces, all columns or some; ``words`` may come as dictionaries, which group faster."""

    def pieces(self, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield columns of a table in pieces of pandas, whose labels go on from one to the next."""

    def part(self, first: int, runs: int) -> dict[str, pa.Table]:
        """Return, by name, the tables of ``runs`` runs from the run ``first`` on."""

    def query(self, select: str) -> pd.DataFrame:
        """Return what a SELECT over these tables gives; see :func:`sim.ensemble.sql.query`."""

    def amend_in(self, folder: Path, **entries: Any) -> bool:
        """Replace entries of the manifest if the tables stand in ``folder``, and return whether they do."""


def check_columns(store: TableStore, table: str, columns: Sequence[str]) -> list[str]:
    """Return the columns of a table.

    Raises
    ------
    ValueError
        If there is no such table, or one of ``columns`` is not in it.
    """
    if table not in store.names:
        hint = f"run with --keep {table}" if table in _OPTIONAL else f"tables: {', '.join(store.names)}"
        raise ValueError(f"{table} {'were' if table == 'inputs' else 'was'} not kept; {hint}")
    known = store.columns(table)
    for name in columns:
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            raise ValueError(f"{table} has no column {name!r}" + (f"; did you mean {near[0]!r}?" if near else ""))
    return known
