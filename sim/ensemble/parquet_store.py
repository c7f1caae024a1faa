"""An ensemble's folder, in parts: a batch that is killed can be gone on with, and no part has to fit beside another.

A part is :data:`PART_BLOCKS` blocks of runs. ``_manifest.json`` says what is run and whether it is complete,
``_run.log`` when; ``runs/00003.parquet``, ``_actors/00003.parquet`` and so on are the tables of part 3,
``_parts/00003.json`` is its record. Everything is written aside, synced and renamed, the record last: a part is
finished if its record stands. Readers of Parquet pass over names with an underscore: given the folder, they read runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, BinaryIO

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.ensemble import atomic_files, disk, part_records, sql
from sim.ensemble.addresses import shown
from sim.ensemble.arrow_tables import frame
from sim.ensemble.part_records import BLOCK, MANIFEST, Record, file_name

PART_BLOCKS = 16
PART_RUNS = PART_BLOCKS * BLOCK
FORMAT = 3
"""Version of the layout."""
OF_RUNS = ("runs", "failed", "until", "inputs_range", "theory_range", "complete", "parts")
"""Entries of a manifest that follow from the runs; all others are the ensemble's identity."""
_ROW_GROUP = 1 << 17


class Parts:
    """The finished parts of an ensemble's folder, from the first on without a gap; tables are read part by part.

    A :class:`sim.ensemble.table_store.TableStore`. Finished parts never change.

    Parameters
    ----------
    folder
        The folder.
    runs
        How many runs are read, from the first on; by default all that stand there.

    Raises
    ------
    FileNotFoundError
        If the folder holds no ensemble.
    ValueError
        If no part of it is finished, its manifest is damaged, it was written before there were parts, or fewer runs
        stand there.
    """

    unchanging = True

    def __init__(self, folder: Path | str, runs: int | None = None) -> None:
        self.folder, name = Path(folder).resolve(), shown(Path(folder))
        manifest = part_records.manifest_of(self.folder)
        if manifest is None:
            raise FileNotFoundError(f"{name} holds no ensemble (no {MANIFEST})")
        if manifest.get("format") != FORMAT:
            raise ValueError(f"{name} holds an ensemble of another format; run it again into a new folder")
        self.manifest: dict[str, Any] = manifest
        listed, standing = part_records.records_listed(manifest), part_records.records_standing(self.folder)
        self.records = part_records.contiguous(listed if manifest.get("complete") else standing)
        self._sound: set[Path] = set()
        if not self.records:
            raise ValueError(f"{name} holds no finished part of its ensemble; run it again to go on")
        covered = part_records.end(self.records)
        if manifest.get("complete") and covered != manifest.get("runs"):
            raise ValueError(f"{name}/{MANIFEST} is damaged: 'parts' are not those of its runs")
        if runs is not None and not 1 <= runs <= covered:
            raise ValueError(f"{name} holds {covered:,} runs, so not the first {runs:,}")
        self._first = None if runs in (None, covered) else runs
        self._counts: dict[str, int] = {}
        self._columns: dict[str, list[str]] = {}
        if self._first:
            self.records = [record for record in self.records if record["first"] < self._first]
            self.manifest |= {"runs": self._first, "failed": self.rows("failures")}

    @property
    def runs(self) -> int:
        """How many runs are read, failed ones counted."""
        return self._first or part_records.end(self.records)

    @property
    def part_runs(self) -> int:
        """How many runs a part has; the last may have fewer."""
        return int(self.manifest["part_runs"])

    @property
    def names(self) -> tuple[str, ...]:
        """Tables that any part holds; that of inputs may end, and only some parts hold failures."""
        return tuple(dict.fromkeys(name for part in self.records for name in part["tables"]))

    def files(self, name: str) -> list[Path]:
        """Return the files of a table, in order.

        Raises
        ------
        ValueError
            If a file is missing or has another size than was written.
        """
        stamps = self._stamped(name)
        for path, stamp in stamps.items():
            if disk.current().size(path) != stamp["bytes"]:
                raise _damaged(path, atomic_files.damage(path, stamp))
        return list(stamps)

    def verify(self, name: str) -> None:
        """Hold the files of a table against their checksums, each once, for readers that verify nothing.

        Raises
        ------
        ValueError
            If a file is missing or damaged.
        """
        for path, stamp in self._stamped(name).items():
            if path not in self._sound and (how := atomic_files.damage(path, stamp)):
                raise _damaged(path, how)
            self._sound.add(path)

    def _stamped(self, name: str) -> dict[Path, Record]:
        return {
            self.folder / file_name(name, part["part"]): part["tables"][name]
            for part in self.records
            if name in part["tables"]
        }

    def rows(self, name: str) -> int:
        """Return how many rows a table has; 0 if there is no such table."""
        if not self._first or name not in self.names:
            return sum(part_records.rows(part, name) for part in self.records)
        if name not in self._counts:
            self._counts[name] = sum(table.num_rows for table in self.tables(name, ["run"]))
        return self._counts[name]

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        if name not in self._columns:
            path = self.files(name)[0]
            try:
                self._columns[name] = pq.read_schema(disk.current().path_for_reading(path)).names
            except (OSError, pa.ArrowException) as error:
                raise _damaged(path, str(error).splitlines()[0]) from None
        return list(self._columns[name])

    def tables(self, name: str, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> Iterator[pa.Table]:
        """Yield a table part by part, all columns or some; ``words`` come as dictionaries, which group faster.

        Raises
        ------
        ValueError
            If a file is missing or damaged.
        """
        last = self.folder / file_name(name, self.records[-1]["part"])
        for path in self.files(name):
            yield self._cut(path, columns, words) if self._first and path == last else _read(path, columns, words)

    def _cut(self, path: Path, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> pa.Table:
        """Return what a file holds of the first runs."""
        wanted = columns if columns is None or "run" in columns else [*columns, "run"]
        table = _read(path, wanted, words)
        rows = table.filter(pc.less(table["run"], self._first))
        return rows if columns is None else rows.select(list(columns))

    def index(self, name: str) -> pd.Index:
        """Return the labels of a table's rows: 0, 1, 2 and so on."""
        return pd.RangeIndex(self.rows(name))

    def pieces(self, name: str, columns: Sequence[str]) -> Iterator[pd.DataFrame]:
        """Yield columns of a table part by part, whose labels go on from one to the next."""
        first = 0
        for table in self.tables(name, columns):
            yield frame(table, name).set_axis(pd.RangeIndex(first, first + table.num_rows))
            first += table.num_rows

    def query(self, select: str) -> pd.DataFrame:
        """Return what a SELECT over these tables gives; see :func:`sim.ensemble.sql.query`.

        Raises
        ------
        ValueError
            If the SQL is wrong, or a file that it may read is damaged: DuckDB itself skips checksums.
        """
        lowered = select.lower()  # as DuckDB reads names
        files = {name: self.files(name) for name in self.names}
        for name in files:
            if name in lowered:
                self.verify(name)
        try:
            return sql.query(select, files, self.folder, self._first)
        except sql.UnreadableTable as error:  # perhaps one that was not asked for: DuckDB reads the head of each
            self.verify(error.name)
            raise

    def part(self, first: int, runs: int) -> dict[str, pa.Table]:
        """Return the tables of the part that covers these runs."""
        (record,) = (record for record in self.records if record["first"] == first)
        paths = {name: self.folder / file_name(name, record["part"]) for name in record["tables"]}
        if record["runs"] == runs:
            return {name: _read(path) for name, path in paths.items()}
        cut = {name: self._cut(path) for name, path in paths.items()}
        return {name: table for name, table in cut.items() if table.num_rows or name in ("runs", "actors")}

    def amend_in(self, folder: Path, **entries: Any) -> bool:
        """Replace entries of the manifest if the parts stand in ``folder``, and return whether they do."""
        if self.folder != folder or self._first:
            return False
        self.amend(**entries)
        return True

    def amend(self, **entries: Any) -> None:
        """Replace entries of :data:`OF_RUNS` in the manifest, such as ``inputs_range``.

        Raises
        ------
        ValueError
            If an entry would change what the ensemble is.
        """
        check_entries(entries)
        self.manifest |= entries
        with atomic_files.locked(self.folder):
            part_records.put_manifest(self.folder, self.manifest)


def runs_standing(folder: Path) -> int:
    """Return how many runs stand in a folder; 0 if it holds no finished part of an ensemble."""
    try:
        return Parts(folder).runs
    except (FileNotFoundError, ValueError):
        return 0


def check_entries(entries: Mapping[str, Any]) -> None:
    """Raise a ValueError if an entry does not follow from the runs."""
    for name in entries:
        if name not in OF_RUNS:
            raise ValueError(f"{name!r} does not follow from the runs; allowed: {', '.join(OF_RUNS)}")


def write_parquet(table: pa.Table, handle: BinaryIO) -> None:
    """Write a table so that the same content gives the same bytes."""
    words = [field.name for field in table.schema if pa.types.is_string(field.type)]
    pq.write_table(
        table,
        handle,
        version="2.6",
        compression="zstd",
        compression_level=1,
        use_dictionary=words,  # numbers hardly repeat: looking for repeats takes three times as long
        row_group_size=_ROW_GROUP,
        write_page_checksum=True,
    )


def _damaged(path: Path, how: str) -> ValueError:
    if not disk.current().is_folder(path.parent):
        return ValueError(f"{shown(path.parent)} is gone: if the ensemble was moved, open it where it is now")
    return ValueError(f"{shown(path)} is missing or damaged ({how}); run the batch again, with all of its runs")


def _read(path: Path, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> pa.Table:
    try:
        where = disk.current().path_for_reading(path)
        with pq.ParquetFile(where, read_dictionary=list(words), page_checksum_verification=True) as file:
            table = file.read(columns, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, str(error).splitlines()[0]) from None
    # Parquet takes a dot in a name for nesting, and may give more than was asked for.
    return table if columns is None else table.select(list(columns))
