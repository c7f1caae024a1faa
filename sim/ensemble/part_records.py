"""Which parts an ensemble is cut into, and the sealed JSON record that says a part is finished and what is in it.

A record holds ``part``, ``first`` and ``runs`` (counts of runs), ``writer``, ``tables`` (by name: ``rows``, ``bytes``
and ``sha256`` of its file), and its own checksum ``sha256``. So does the manifest, but in folders of earlier versions.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from sim.ensemble import atomic_files, disk
from sim.ensemble.addresses import shown

MANIFEST = "_manifest.json"
OLD_MANIFEST = "manifest.json"
"""What the manifest was called in the formats before the third."""
BLOCK = 512
"""Runs in a block: of these a part is made, and for these luck is drawn at a time; a constant of the format."""

TABLES = ("runs", "actors", "inputs", "weekly", "failures")
PARTS, LOG = "_parts", "_run.log"
"""Folder of the records, and the file that says when parts were written."""

Record = dict[str, Any]


class Span(NamedTuple):
    """A part: its number, its first run, and how many runs it covers."""

    number: int
    first: int
    runs: int


def spans(runs: int, part_runs: int) -> list[Span]:
    """Return the parts of so many runs; the last may be shorter.

    >>> spans(20, part_runs=8)[-1]
    Span(number=2, first=16, runs=4)
    """
    return [span(number, runs, part_runs) for number in range(-(-runs // part_runs))]


def span(number: int, runs: int, part_runs: int) -> Span:
    """Return one part."""
    first = number * part_runs
    return Span(number, first, min(part_runs, runs - first))


def record_name(number: int) -> str:
    """Return where the record of a part stands in its folder."""
    return f"{PARTS}/{number:05d}.json"


def file_name(table: str, number: int) -> str:
    """Return where a table of a part stands in its folder."""
    return f"{table_folder(table)}/{number:05d}.parquet"


def table_folder(table: str) -> str:
    """Return the folder of a table; readers of Parquet, given the ensemble's folder, see ``runs`` alone.

    >>> table_folder("runs"), table_folder("actors")
    ('runs', '_actors')
    """
    return table if table == "runs" else f"_{table}"


def end(records: Sequence[Record]) -> int:
    """Return how many runs parts that follow one another cover."""
    return int(records[-1]["first"] + records[-1]["runs"]) if records else 0


def rows(record: Record, table: str) -> int:
    """Return how many rows a table of a part has."""
    return int(record["tables"].get(table, {"rows": 0})["rows"])


def record_of(path: Path) -> Record | None:
    """Return the record of a part, or None if there is none or it is not as it was written."""
    record = _object(_text(path))
    return record if record and record.get("sha256") == seal(record) else None


def records_listed(manifest: Mapping[str, Any]) -> Iterator[Record | None]:
    """Yield the records that a manifest lists, None in the place of what is none."""
    records = manifest.get("parts")
    for record in records if isinstance(records, list) else []:
        yield record if isinstance(record, dict) and _is_record(record) else None


def _is_record(record: Record) -> bool:
    tables = record.get("tables")
    return (
        all(isinstance(record.get(name), int) for name in ("part", "first", "runs"))
        and isinstance(tables, dict)
        and all(isinstance(stamp, dict) and {"rows", "bytes", "sha256"} <= stamp.keys() for stamp in tables.values())
        and record.get("sha256") == seal(record)
    )


def seal(record: Record) -> str:
    """Return the checksum of a record."""
    body = {name: value for name, value in record.items() if name != "sha256"}
    return _digest(as_json(body))


def records_standing(folder: Path) -> Iterator[Record | None]:
    """Yield the records that stand in a folder, from the first on, None in the place of a damaged one."""
    number = 0
    while disk.current().size(path := folder / record_name(number)) is not None:
        yield record_of(path)
        number += 1


def contiguous(records: Iterable[Record | None]) -> list[Record]:
    """Return the records from the first on without a gap."""
    joined: list[Record] = []
    for record in records:
        # A part that was last in a shorter ensemble leaves a gap before the next one.
        if record is None or record["first"] != end(joined):
            break
        joined.append(record)
    return joined


def as_json(about: Mapping[str, Any]) -> str:
    """Return an object as a file holds it."""
    return json.dumps(about, indent=1, allow_nan=False) + "\n"


def manifest_of(folder: Path) -> dict[str, Any] | None:
    """Return the manifest of a folder, or None if it holds no ensemble.

    Raises
    ------
    Refused
        If the manifest is not as it was written.
    """
    manifest = _manifest(folder / MANIFEST) or _manifest(folder / OLD_MANIFEST)
    return manifest if manifest and "config" in manifest else None


def put_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write the manifest of a folder, whole; its last entry is the checksum of all text before."""
    text = as_json({name: value for name, value in manifest.items() if name != "sha256"}).removesuffix(_END)
    atomic_files.put(folder / MANIFEST, f'{text}{_SEAL}{_digest(text)}"{_END}')


_SEAL, _END = ',\n "sha256": "', "\n}\n"
"""What stands between a manifest's last entry and its checksum, and after that."""


def _manifest(path: Path) -> dict[str, Any] | None:
    """Return a manifest without its checksum, or None if there is none; those of earlier versions have no checksum."""
    text = _text(path)
    manifest = _object(text)
    if manifest and manifest.pop("sha256", None) not in (None, _digest(text.rpartition(_SEAL)[0])):
        raise atomic_files.Refused(f"{shown(path)} is damaged (checksum)")
    return manifest


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def holds_ensemble(folder: Path | str) -> bool:
    """Return whether a folder, or an address, holds an ensemble.

    Raises
    ------
    Refused
        If it is an address that no ensemble can stand at, or the manifest is not as it was written.
    """
    return manifest_of(atomic_files.place_of_ensemble(folder)) is not None


def _text(path: Path) -> str:
    """Return the text of a file, empty if there is none or it cannot be read as one."""
    try:
        return atomic_files.read_text(path)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return ""


def _object(text: str) -> dict[str, Any] | None:
    """Return the object that a JSON text holds, or None if it holds none."""
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return content if isinstance(content, dict) else None
