"""An ensemble's folder, in parts: a batch that is killed can be gone on with, and no part has to fit beside another.

A part is :data:`PART_BLOCKS` blocks of runs. ``manifest.json`` says what is run and whether it is complete, ``run.log``
when; ``runs/00003.parquet``, ``actors/00003.parquet`` and so on are the tables of part 3, ``parts/00003.json`` is its
record. Everything is written aside, synced and renamed, the record last: a part is finished if its record stands.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from sim.ensemble import atomic_files

if TYPE_CHECKING:
    import pandas as pd

BLOCK = 512
"""Runs in a block; the same as of random streams."""
PART_BLOCKS = 16
PART_RUNS = PART_BLOCKS * BLOCK
FORMAT = 1
"""Version of the layout."""
OF_RUNS = ("runs", "failed", "until", "inputs_range", "complete", "parts")
"""Entries of a manifest that follow from the runs; all others are the ensemble's identity."""
MANIFEST = "manifest.json"
_ROW_GROUP = 1 << 17

Record = dict[str, Any]


class Span(NamedTuple):
    """A part: its number, its first run, and how many runs it covers."""

    number: int
    first: int
    runs: int


def spans(runs: int, part_runs: int = PART_RUNS) -> list[Span]:
    """Return the parts of so many runs; the last may be shorter.

    >>> spans(20, part_runs=8)[-1]
    Span(number=2, first=16, runs=4)
    """
    return [span(number, runs, part_runs) for number in range(-(-runs // part_runs))]


def span(number: int, runs: int, part_runs: int) -> Span:
    """Return one part."""
    first = number * part_runs
    return Span(number, first, min(part_runs, runs - first))


def plain(table: pa.Table) -> pa.Table:
    """Return a table as parts hold it, so that the same content gives the same bytes, whoever made it.

    Words are plain strings (not dictionaries), what is missing is null (not NaN); metadata and chunks go.
    """
    return pa.table([_plain(column) for column in table.columns], names=table.column_names)


def arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a table of pandas as parts hold it; see :func:`plain`."""
    return plain(pa.Table.from_pandas(frame, preserve_index=False))


def _plain(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_large_string(column.type) or pa.types.is_null(column.type):
        column = column.cast(pa.string())
    if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()


class Parts:
    """The finished parts of an ensemble's folder, from the first on without a gap; tables are read part by part.

    Raises
    ------
    FileNotFoundError
        If the folder holds no ensemble.
    ValueError
        If no part of it is finished, or it was written before there were parts.
    """

    def __init__(self, folder: Path | str) -> None:
        self.folder = Path(folder).resolve()
        there = manifest_of(self.folder)
        if there is None:
            raise FileNotFoundError(f"{folder} holds no ensemble (no {MANIFEST})")
        if there.get("format") != FORMAT:
            raise ValueError(f"{folder} holds an ensemble of another format; run it again into a new folder")
        self.manifest: dict[str, Any] = there
        self.records = contiguous(_listed(there.get("parts")) if there.get("complete") else _records(self.folder))
        self._sound: set[Path] = set()
        if not self.records:
            raise ValueError(f"{folder} holds no finished part of its ensemble; run it again to go on")

    @property
    def runs(self) -> int:
        """How many runs the parts cover, failed ones counted."""
        return end(self.records)

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
        found = self._stamped(name)
        for path, stamp in found.items():
            if not path.is_file() or path.stat().st_size != stamp["bytes"]:
                raise _damaged(path, atomic_files.damage(path, stamp))
        return list(found)

    def verified(self, name: str) -> list[Path]:
        """Return the files of a table whose checksums hold, each looked at once, for readers that verify nothing.

        Raises
        ------
        ValueError
            If a file is missing or damaged.
        """
        for path, stamp in self._stamped(name).items():
            if path not in self._sound and (how := atomic_files.damage(path, stamp)):
                raise _damaged(path, how)
            self._sound.add(path)
        return list(self._stamped(name))

    def _stamped(self, name: str) -> dict[Path, Record]:
        return {
            self.folder / file_name(name, part["part"]): part["tables"][name]
            for part in self.records
            if name in part["tables"]
        }

    def rows(self, name: str) -> int:
        """Return how many rows a table has."""
        return sum(rows(part, name) for part in self.records)

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        path = self.files(name)[0]
        try:
            return list(pq.read_schema(path).names)
        except (OSError, pa.ArrowException) as error:
            raise _damaged(path, str(error).splitlines()[0]) from None

    def tables(self, name: str, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> Iterator[pa.Table]:
        """Yield a table part by part, all columns or some; ``words`` come as dictionaries, which group faster.

        Raises
        ------
        ValueError
            If a file is missing or damaged.
        """
        return (_read(path, columns, words) for path in self.files(name))

    def part(self, first: int, runs: int) -> dict[str, pa.Table]:
        """Return the tables of the part that covers these runs."""
        (record,) = (record for record in self.records if (record["first"], record["runs"]) == (first, runs))
        return {name: _read(self.folder / file_name(name, record["part"])) for name in record["tables"]}

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
            atomic_files.put(self.folder / MANIFEST, as_json(self.manifest))


def check_entries(entries: Mapping[str, Any]) -> None:
    """Raise a ValueError if an entry does not follow from the runs."""
    for name in entries:
        if name not in OF_RUNS:
            raise ValueError(f"{name!r} does not follow from the runs; allowed: {', '.join(OF_RUNS)}")


def record_name(number: int) -> str:
    """Return where the record of a part stands in its folder."""
    return f"parts/{number:05d}.json"


def file_name(table: str, number: int) -> str:
    """Return where a table of a part stands in its folder."""
    return f"{table}/{number:05d}.parquet"


def end(records: Sequence[Record]) -> int:
    """Return how many runs parts that follow one another cover."""
    return int(records[-1]["first"] + records[-1]["runs"]) if records else 0


def rows(record: Record, table: str) -> int:
    """Return how many rows a table of a part has."""
    return int(record["tables"].get(table, {"rows": 0})["rows"])


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, or None if it holds no ensemble."""
    found = _object(folder / MANIFEST)
    return found if found and "config" in found else None


def record_of(path: Path) -> Record | None:
    """Return the record of a part, or None if there is none or it is not as it was written."""
    found = _object(path)
    return found if found and found.get("sha256") == seal(found) else None


def _listed(records: object) -> Iterator[Record | None]:
    """Yield the records in a manifest, None in the place of what is none."""
    for found in records if isinstance(records, list) else []:
        yield found if isinstance(found, dict) and _is_record(found) else None


def _is_record(found: Record) -> bool:
    tables = found.get("tables")
    return (
        all(isinstance(found.get(name), int) for name in ("part", "first", "runs"))
        and isinstance(tables, dict)
        and all(isinstance(stamp, dict) and {"rows", "bytes", "sha256"} <= stamp.keys() for stamp in tables.values())
    )


def seal(record: Record) -> str:
    """Return the checksum of a record."""
    body = {name: value for name, value in record.items() if name != "sha256"}
    return hashlib.sha256(as_json(body).encode()).hexdigest()


def _object(path: Path) -> dict[str, Any] | None:
    """Return the object of a JSON file, or None if there is none or it cannot be read as one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _records(folder: Path) -> Iterator[Record | None]:
    number = 0
    while (path := folder / record_name(number)).exists():
        yield record_of(path)
        number += 1


def contiguous(records: Iterable[Record | None]) -> list[Record]:
    """Return the records from the first on without a gap."""
    found: list[Record] = []
    for record in records:
        # A part that was last in a shorter ensemble leaves a gap before the next one.
        if record is None or record["first"] != end(found):
            break
        found.append(record)
    return found


def as_json(about: Mapping[str, Any]) -> str:
    """Return an object as a file holds it."""
    return json.dumps(about, indent=1, allow_nan=False) + "\n"


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
    return ValueError(f"{path} is missing or damaged ({how}); run the batch again")


def _read(path: Path, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> pa.Table:
    try:
        with pq.ParquetFile(path, read_dictionary=list(words), page_checksum_verification=True) as file:
            found = file.read(columns, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise _damaged(path, str(error).splitlines()[0]) from None
    # Parquet takes a dot in a name for nesting, and may give more than was asked for.
    return found if columns is None else found.select(list(columns))


def _standing(folder: Path) -> int:
    from sim.ensemble.parquet_store import Parts

    try:
        return Parts(folder).runs
    except (FileNotFoundError, ValueError):
        return 0
