"""An ensemble's folder, in parts: a batch that is killed can be gone on with, and no part has to fit beside another.

A part is :data:`PART_BLOCKS` blocks of runs. ``manifest.json`` says what is run and whether it is complete, ``run.log``
when; ``runs/00003.parquet``, ``actors/00003.parquet`` and so on are the tables of part 3, ``parts/00003.json`` is its
record. Everything is written aside, synced and renamed, the record last: a part is finished if its record stands.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    import pandas as pd

if sys.platform != "win32":
    import fcntl

BLOCK = 512
"""Runs in a block; the same as of random streams."""
PART_BLOCKS = 16
PART_RUNS = PART_BLOCKS * BLOCK
FORMAT = 1
"""Version of the layout."""
OF_RUNS = ("runs", "failed", "until", "inputs_range", "complete", "parts")
"""Entries of a manifest that follow from the runs; all others are the ensemble's identity."""
_MANIFEST, _LOCK, _ASIDE = "manifest.json", ".lock", ".new"
_ROW_GROUP = 1 << 17
_MOST_DIFFERENCES = 5

Record = dict[str, Any]


class Refused(ValueError):
    """A folder that cannot take this ensemble up; the message says why."""


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
    return [_span(number, runs, part_runs) for number in range(-(-runs // part_runs))]


def _span(number: int, runs: int, part_runs: int) -> Span:
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


def holds_something_else(folder: Path) -> bool:
    """Return whether something stands there that is neither an ensemble nor an empty folder."""
    if not folder.is_dir():
        return folder.exists()
    ours = {_LOCK, _aside(folder / _MANIFEST).name}
    return _manifest(folder) is None and any(entry.name not in ours for entry in folder.iterdir())


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the system lets go of it when the process ends, however it ends.

    Raises
    ------
    Refused
        If another writer holds it.
    """
    if sys.platform == "win32":
        yield
        return
    with (folder / _LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another batch is writing to {folder}") from None
        yield


@contextlib.contextmanager
def writing(
    folder: Path | str,
    manifest: Mapping[str, Any],
    runs: int,
    *,
    part_runs: int = PART_RUNS,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Writer]:
    """Make an ensemble's folder, or take up an earlier one, and hold it for one writer.

    Parameters
    ----------
    manifest
        What makes the ensemble what it is; the entries :data:`OF_RUNS` are left out.
    runs
        How many runs the whole ensemble has; at least as many as stand there.
    part_runs
        Runs in a part; a constant but in tests.
    tell
        Called with a line about every file that has to be made again.

    Raises
    ------
    Refused
        If the folder holds something else, another ensemble or more runs, or another batch is writing to it.
    """
    home = Path(folder).resolve()
    if holds_something_else(home):
        raise Refused(f"{home} holds something else than an ensemble; name a new or empty folder")
    home.mkdir(parents=True, exist_ok=True)
    with locked(home):
        writer = Writer(home, manifest, runs, part_runs, tell)
        try:
            yield writer
        except BaseException as error:
            # On a full disk the log cannot be written either, and the first error is the one to see.
            with contextlib.suppress(OSError):
                writer.log(f"stopped ({type(error).__name__})")
            raise
        writer.log("finished" if writer.complete else "left")


class Writer:
    """Writes parts into a folder that is held; made by :func:`writing`.

    Attributes
    ----------
    runs
        How many runs the ensemble has; may be lowered before it is finished.
    written, taken_up
        How many parts were written, and were found finished.
    complete
        Whether the ensemble is whole.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], runs: int, part_runs: int, tell: Callable[[str], None]
    ) -> None:
        self.folder, self.runs, self.part_runs, self._tell = folder, runs, part_runs, tell
        self.identity = _identity(manifest) | {"format": FORMAT, "part_runs": part_runs}
        self.written = self.taken_up = 0
        self.complete = False
        self._refuse_another()
        for left_over in (*folder.glob(f".*{_ASIDE}"), *folder.glob(f"*/.*{_ASIDE}")):
            left_over.unlink()
        _put(folder / _MANIFEST, _json(self.identity | {"runs": runs, "complete": False}))
        _make(folder / "parts")
        self.log(f"started, {runs} runs")

    @property
    def spans(self) -> list[Span]:
        """The parts that make up the ensemble."""
        return spans(self.runs, self.part_runs)

    def finished(self, number: int, runs: int) -> bool:
        """Return whether a part stands, covers so many runs, and is undamaged; what is damaged is told."""
        path = self.folder / _record_name(number)
        record = _record(path)
        if record is None:
            if path.exists():
                self._damaged(number, _record_name(number), "not as it was written")
            return False
        if record["runs"] != runs:
            return False
        wrong = {name: _damage(self._file(name, number), stamp) for name, stamp in record["tables"].items()}
        for name, how in wrong.items():
            if how:
                self._damaged(number, _file_name(name, number), how)
        whole = not any(wrong.values())
        self.taken_up += whole
        return whole

    def write(self, number: int, first: int, runs: int, tables: Mapping[str, pa.Table]) -> None:
        """Write a part: its tables by name, ``runs`` among them, and last its record.

        Raises
        ------
        ValueError
            If the ensemble has no such part.
        OSError
            If it cannot be written; then nothing of it stands, and parts finished before are as they were.
        """
        if (number, first, runs) != _span(number, self.runs, self.part_runs) or runs < 1:
            raise ValueError(f"no part of {self.runs} runs has the number {number} and {runs} runs from {first}")
        made: dict[Path, Path] = {}
        try:
            stamps = {}
            for name, table in tables.items():
                path = self._file(name, number)
                _make(path.parent)
                made[path] = _write_aside(path, partial(_write_parquet, plain(table)))
                stamps[name] = {"rows": table.num_rows, **_stamp(made[path])}
            record = {"part": number, "first": first, "runs": runs, "tables": stamps, "writer": self._writer}
            path = self.folder / _record_name(number)
            made[path] = _write_aside(path, partial(_write_text, _json(record | {"sha256": _seal(record)})))
            self._replace(number, made)
        except BaseException:
            for aside in made.values():
                aside.unlink(missing_ok=True)
            raise
        self.written += 1

    def finish(self, **entries: Any) -> dict[str, Any]:
        """Write the final manifest, with ``entries`` of :data:`OF_RUNS` such as ``inputs_range``, and return it.

        Raises
        ------
        ValueError
            If a part is not finished, or an entry would change what the ensemble is.
        """
        _check_entries(entries)
        records = [_record(self.folder / _record_name(span.number)) for span in self.spans]
        parts = _contiguous(records)
        if _end(parts) != self.runs:
            raise ValueError(f"part {len(parts):05d} of {self.folder} is not finished")
        failed = sum(_rows(record, "failures") for record in parts)
        about = self.identity | {"runs": self.runs, "failed": failed, **entries, "complete": True, "parts": parts}
        _put(self.folder / _MANIFEST, _json(about))
        self.complete = True
        return about

    def log(self, what: str) -> None:
        """Append a line to ``run.log``: when, what, parts written and taken up, version."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        counts = f"{self.written} parts written, {self.taken_up} taken up"
        path = self.folder / "run.log"
        with _naming(path), path.open("a", encoding="utf-8") as handle:
            handle.write(f"{now} {what}; {counts}; {self._writer}\n")

    @property
    def _writer(self) -> str:
        return f"{self.identity.get('writer', 'sim')}, format {FORMAT}"

    def _refuse_another(self) -> None:
        there = _manifest(self.folder)
        if there is None:
            return
        old = _identity(there)
        if old != self.identity:
            raise Refused(f"{self.folder} holds another ensemble: {_differences(old, self.identity)}")
        records = [_record(path) for path in (self.folder / "parts").glob("*.json")]
        standing = max((_end([record]) for record in records if record), default=0)
        if standing > self.runs:
            raise Refused(f"{self.folder} holds {standing} runs already, more than the {self.runs} asked for")

    def _file(self, name: str, number: int) -> Path:
        return self.folder / _file_name(name, number)

    def _damaged(self, number: int, name: str, how: str) -> None:
        self._tell(f"part {number:05d}: {name} is damaged ({how}); computed again")

    def _replace(self, number: int, made: Mapping[Path, Path]) -> None:
        """Put a part in place; its old record goes first, so that none ever stands over files that are not its own."""
        *tables, record = made
        if record.exists():
            record.unlink()
            _sync(record.parent)
        for old in self.folder.glob(f"*/{number:05d}.parquet"):
            if old not in made:
                old.unlink()
        for path in (*tables, record):
            os.replace(made[path], path)
            _sync(path.parent)


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
        there = _manifest(self.folder)
        if there is None:
            raise FileNotFoundError(f"{folder} holds no ensemble (no {_MANIFEST})")
        if there.get("format") != FORMAT:
            raise ValueError(f"{folder} holds an ensemble of another format; run it again into a new folder")
        self.manifest: dict[str, Any] = there
        self.records = _contiguous(there["parts"] if there.get("complete") else _records(self.folder))
        if not self.records:
            raise ValueError(f"{folder} holds no finished part of its ensemble; run it again to go on")

    @property
    def runs(self) -> int:
        """How many runs the parts cover, failed ones counted."""
        return _end(self.records)

    @property
    def names(self) -> tuple[str, ...]:
        """Tables that any part holds; that of inputs may end, and only some parts hold failures."""
        return tuple(dict.fromkeys(name for part in self.records for name in part["tables"]))

    def files(self, name: str) -> list[Path]:
        """Return the files of a table, in order."""
        return [self.folder / _file_name(name, part["part"]) for part in self.records if name in part["tables"]]

    def rows(self, name: str) -> int:
        """Return how many rows a table has."""
        return sum(_rows(part, name) for part in self.records)

    def columns(self, name: str) -> list[str]:
        """Return the names of a table's columns."""
        return list(pq.read_schema(self.files(name)[0]).names)

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
        return {name: _read(self.folder / _file_name(name, record["part"])) for name in record["tables"]}

    def amend(self, **entries: Any) -> None:
        """Replace entries of :data:`OF_RUNS` in the manifest, such as ``inputs_range``.

        Raises
        ------
        ValueError
            If an entry would change what the ensemble is.
        """
        _check_entries(entries)
        self.manifest |= entries
        with locked(self.folder):
            _put(self.folder / _MANIFEST, _json(self.manifest))


def _check_entries(entries: Mapping[str, Any]) -> None:
    for name in entries:
        if name not in OF_RUNS:
            raise ValueError(f"{name!r} does not follow from the runs; allowed: {', '.join(OF_RUNS)}")


def _record_name(number: int) -> str:
    return f"parts/{number:05d}.json"


def _file_name(table: str, number: int) -> str:
    return f"{table}/{number:05d}.parquet"


def _end(records: Sequence[Record]) -> int:
    return int(records[-1]["first"] + records[-1]["runs"]) if records else 0


def _rows(record: Record, table: str) -> int:
    return int(record["tables"].get(table, {"rows": 0})["rows"])


def _manifest(folder: Path) -> dict[str, Any] | None:
    found = _object(folder / _MANIFEST)
    return found if found and "config" in found else None


def _record(path: Path) -> Record | None:
    """Return the record of a part, or None if there is none or it is not as it was written."""
    found = _object(path)
    return found if found and found.get("sha256") == _seal(found) else None


def _seal(record: Record) -> str:
    body = {name: value for name, value in record.items() if name != "sha256"}
    return hashlib.sha256(_json(body).encode()).hexdigest()


def _object(path: Path) -> dict[str, Any] | None:
    """Return the object of a JSON file, or None if there is none or it cannot be read as one."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    return found if isinstance(found, dict) else None


def _records(folder: Path) -> Iterator[Record | None]:
    number = 0
    while (path := folder / _record_name(number)).exists():
        yield _record(path)
        number += 1


def _contiguous(records: Iterable[Record | None]) -> list[Record]:
    found: list[Record] = []
    for record in records:
        # A part that was last in a shorter ensemble leaves a gap before the next one.
        if record is None or record["first"] != _end(found):
            break
        found.append(record)
    return found


def _identity(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a manifest makes an ensemble what it is, as JSON holds it."""
    found: dict[str, Any] = json.loads(json.dumps({key: manifest[key] for key in manifest if key not in OF_RUNS}))
    return found


def _differences(there: dict[str, Any], here: dict[str, Any]) -> str:
    """Return in one line what differs, entries of the config last."""
    old, new = dict(_leaves(there)), dict(_leaves(here))
    paths = [path for path in old | new if (path in old, old.get(path)) != (path in new, new.get(path))]
    paths.sort(key=lambda path: path.startswith("config."))
    said = [f"{path}: {_short(path, old)} there, {_short(path, new)} here" for path in paths[:_MOST_DIFFERENCES]]
    return "; ".join([*said, *([f"and {len(paths) - len(said)} more"] if len(paths) > len(said) else [])])


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for key in value:
        yield from _leaves(value[key], f"{path}.{key}" if path else key)


def _short(path: str, leaves: dict[str, Any]) -> str:
    said = json.dumps(leaves[path], ensure_ascii=False) if path in leaves else "nothing"
    return said if len(said) <= 60 else f"{said[:57]}..."


def _json(about: Mapping[str, Any]) -> str:
    return json.dumps(about, indent=1, allow_nan=False) + "\n"


def _aside(path: Path) -> Path:
    return path.with_name(f".{path.name}{_ASIDE}")


def _write_aside(path: Path, fill: Callable[[BinaryIO], Any]) -> Path:
    """Write a file beside where it will stand, down to the disk."""
    aside = _aside(path)
    try:
        with _naming(path), aside.open("wb") as handle:
            fill(handle)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
    return aside


@contextlib.contextmanager
def _naming(path: Path) -> Iterator[None]:
    """Let an error of the system say which file it was about: a write to an open file does not know."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def _write_text(text: str, handle: BinaryIO) -> None:
    handle.write(text.encode())


def _write_parquet(table: pa.Table, handle: BinaryIO) -> None:
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


def _put(path: Path, text: str) -> None:
    os.replace(_write_aside(path, partial(_write_text, text)), path)
    _sync(path.parent)


def _make(folder: Path) -> None:
    if not folder.is_dir():
        folder.mkdir()
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    if sys.platform == "win32":  # no folder can be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _stamp(path: Path) -> dict[str, Any]:
    with path.open("rb") as handle:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(handle, "sha256").hexdigest()}


def _damage(path: Path, stamp: Mapping[str, Any]) -> str:
    """Return in what way a file is not the one that was written; empty if it is."""
    if not path.is_file():
        return "missing"
    size = path.stat().st_size
    if size != stamp["bytes"]:
        return f"{size} bytes of {stamp['bytes']}"
    return "" if _stamp(path)["sha256"] == stamp["sha256"] else "checksum"


def _read(path: Path, columns: Sequence[str] | None = None, words: Sequence[str] = ()) -> pa.Table:
    try:
        with pq.ParquetFile(path, read_dictionary=list(words), page_checksum_verification=True) as file:
            found = file.read(columns, use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise ValueError(f"{path} is missing or damaged ({str(error).splitlines()[0]}); run the batch again") from None
    # Parquet takes a dot in a name for nesting, and may give more than was asked for.
    return found if columns is None else found.select(list(columns))
