"""Where a batch puts its parts: into memory, or into an ensemble's folder."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from sim.ensemble import disk, parquet_store, part_records
from sim.ensemble import writer as writing
from sim.ensemble.addresses import shown
from sim.ensemble.ensemble import Ensemble, open_ensemble
from sim.ensemble.memory_store import Later
from sim.ensemble.part_records import Record, Span
from sim.ensemble.writer import Writer

Tables = dict[str, pd.DataFrame]
DrawAgain = Callable[[NDArray[np.int64]], Later]
"""Takes the numbers of the runs that stand, and returns their inputs, to be drawn once somebody asks for them."""


class Shared(NamedTuple):
    """What a worker has to know to write a part itself.

    Attributes
    ----------
    folder
        The folder of the ensemble, as all workers name it: its path from the root, or its address.
    writer
        The code that writes, as records name it.
    """

    folder: str
    writer: str


class Store(Protocol):
    """Takes the parts of a batch; ``stood`` is the number of runs that stood there at first."""

    stood: int

    def stands(self, span: Span) -> bool:
        """Return whether a part stands there whole."""

    def write(self, span: Span, tables: Tables) -> None:
        """Take a part."""

    @property
    def shared(self) -> Shared | None:
        """Where workers may write parts themselves; None where they cannot."""

    def accept(self, span: Span, record: Record) -> None:
        """Count a part that a worker wrote."""

    def read(self, span: Span, column: str, table: str = "runs") -> pd.Series:
        """Return a column of a table of a part that stands."""

    def finish(self, runs: int, **entries: Any) -> Ensemble:
        """Return the ensemble of so many runs, with further entries of its manifest."""


class Memory:
    """Keeps parts as tables; with ``draw_again``, inputs are left out of them and drawn once somebody asks."""

    stood = 0

    def __init__(self, about: dict[str, Any], draw_again: DrawAgain | None = None) -> None:
        self._about, self._draw_again = about, draw_again
        self._tables: dict[str, list[pd.DataFrame]] = {}

    def stands(self, span: Span) -> bool:
        """Nothing stands in memory."""
        return False

    def write(self, span: Span, tables: Tables) -> None:
        """Take a part; they come in order."""
        for name, table in tables.items():
            self._tables.setdefault(name, []).append(table)

    @property
    def shared(self) -> None:
        """No worker can write here."""

    def accept(self, span: Span, record: Record) -> None:
        """Refuse: nobody else writes into memory.

        Raises
        ------
        ValueError
            Always.
        """
        raise ValueError("an ensemble in memory takes no part that somebody else wrote")

    def read(self, span: Span, column: str, table: str = "runs") -> pd.Series:
        """Return a column of a table of a part."""
        return self._tables[table][span.number][column]

    def finish(self, runs: int, **entries: Any) -> Ensemble:
        """Return the ensemble."""
        whole = {name: pd.concat(tables, ignore_index=True) for name, tables in self._tables.items()}
        about = self._about | entries | {"runs": runs, "failed": len(whole.get("failures", ()))}
        inputs: pd.DataFrame | Later | None = whole.pop("inputs", None)
        if self._draw_again is not None:
            inputs = self._draw_again(whole["runs"]["run"].to_numpy())
        return Ensemble(**whole, inputs=inputs, manifest=about)


class Folder:
    """Writes parts into the folder of an ensemble."""

    def __init__(self, writer: Writer, stood: int) -> None:
        self._writer, self.stood = writer, stood

    def stands(self, span: Span) -> bool:
        """Return whether a part stands there whole; what is damaged is told."""
        return self._writer.finished(span.number, span.runs)

    def write(self, span: Span, tables: Tables) -> None:
        """Write a part."""
        self._writer.write(*span, arrow_parts(tables))

    @property
    def shared(self) -> Shared:
        """The folder, as workers name it."""
        return Shared(shown(self._writer.folder), self._writer.signature)

    def accept(self, span: Span, record: Record) -> None:
        """Count a part that a worker wrote."""
        self._writer.accept(span, record)

    def read(self, span: Span, column: str, table: str = "runs") -> pd.Series:
        """Return a column of a table of a part that stands."""
        path = self._writer.folder / part_records.file_name(table, span.number)
        values: pd.Series = pq.ParquetFile(disk.current().path_for_reading(path)).read([column]).to_pandas()[column]
        return values

    def finish(self, runs: int, **entries: Any) -> Ensemble:
        """Write the last of the manifest, and open the ensemble."""
        self._writer.runs = runs
        self._writer.finish(**entries)
        return open_ensemble(self._writer.folder)


def arrow_parts(tables: Tables) -> dict[str, pa.Table]:
    """Return the tables of a part as a file holds them."""
    return {name: pa.Table.from_pandas(table, preserve_index=False) for name, table in tables.items()}


def first_runs(out: Path | str, about: dict[str, Any], runs: int) -> Ensemble | None:
    """Return the first runs of the ensemble that stands in ``out``, if it has more than so many; None if it has not.

    Raises
    ------
    Refused
        If another ensemble stands there.
    """
    if parquet_store.runs_standing(Path(out)) <= runs:
        return None
    writing.check_identity(Path(out).resolve(), about, parquet_store.PART_RUNS)
    return open_ensemble(out, runs)


@contextmanager
def store(
    out: Path | str | None,
    about: dict[str, Any],
    runs: int,
    part_runs: int,
    tell: Callable[[str], None],
    draw_again: DrawAgain | None = None,
) -> Iterator[Store]:
    """Give a place for the parts of a batch: the folder ``out``, held for this batch alone, or else memory.

    ``draw_again`` spares memory the inputs; a folder has them written.
    """
    if out is None:
        yield Memory(about, draw_again)
        return
    stood = parquet_store.runs_standing(Path(out))
    with writing.writing(out, about, runs, part_runs=part_runs, tell=tell) as writer:
        yield Folder(writer, stood)
