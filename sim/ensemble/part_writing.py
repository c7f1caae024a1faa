"""One part of an ensemble written into its folder, by the batch itself or by a worker that shares the folder.

A worker needs nothing but the folder: no two parts have a file in common. Should two write the same part, since one of
them was taken for dead, they write the same bytes, each aside under a name of its own.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pyarrow as pa

from sim.ensemble import arrow_tables, atomic_files, disk, parquet_store, part_records
from sim.ensemble.part_records import Record, Span


def write_part(folder: Path, span: Span, tables: Mapping[str, pa.Table], writer: str) -> Record:
    """Write a part: its tables by name, ``runs`` among them, and last its record, which is returned.

    ``writer`` is the code that writes, as the record names it.

    Raises
    ------
    OSError
        If it cannot be written; then nothing of it stands, and parts finished before are as they were.
    """
    made: dict[Path, Path] = {}
    try:
        stamps = {}
        for name, table in tables.items():
            path = folder / part_records.file_name(name, span.number)
            atomic_files.make(path.parent)
            made[path] = atomic_files.write_aside(path, partial(parquet_store.write_parquet, arrow_tables.plain(table)))
            stamps[name] = {"rows": table.num_rows, **atomic_files.stamp(made[path])}
        body = {"part": span.number, "first": span.first, "runs": span.runs, "tables": stamps, "writer": writer}
        record = body | {"sha256": part_records.seal(body)}
        path = folder / part_records.record_name(span.number)
        made[path] = atomic_files.write_aside(path, partial(atomic_files.write_text, part_records.as_json(record)))
        _replace(folder, span.number, made)
    except BaseException:
        for aside in made.values():
            disk.current().remove(aside)
        raise
    return record


def _replace(folder: Path, number: int, made: Mapping[Path, Path]) -> None:
    """Put a part in place; its old record goes first, so that none ever stands over files that are not its own."""
    *tables, record = made
    here = disk.current()
    if here.size(record) is not None:
        here.remove(record)
        atomic_files.sync(record.parent)
    for name in part_records.TABLES:
        old = folder / part_records.file_name(name, number)
        if old not in made and here.size(old) is not None:
            here.remove(old)
            atomic_files.sync(old.parent)
    for path in (*tables, record):
        here.replace(made[path], path)
        atomic_files.sync(path.parent)


_MARK = f".shared{atomic_files.ASIDE}"
"""A file that a batch makes while workers look whether they see its folder; a kill leaves it as what is aside."""


@contextmanager
def marked(folder: Path | None) -> Iterator[str]:
    """Give what a worker reads in a folder by :func:`mark_of`, if it sees it; of no folder, nothing."""
    if folder is None:
        yield ""
        return
    mark = secrets.token_hex(8)
    atomic_files.put(folder / _MARK, mark)
    try:
        yield mark
    finally:
        disk.current().remove(folder / _MARK)


def mark_of(folder: Path) -> str:
    """Return what stands in a folder that a batch has marked.

    Raises
    ------
    OSError
        If nothing stands there.
    """
    return atomic_files.read_text(folder / _MARK)
