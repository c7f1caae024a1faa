"""An ensemble handed on to other programs: an Excel workbook, CSV, Parquet or JSON, with what its columns mean.

Beside the tables go ``about`` (scenario, seed, runs, version), ``codebook`` (a row a column: its meaning and unit) and
``labels`` (a row a word of the tables: how people call it). CSV and Parquet are folders, the others one file.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from io import TextIOWrapper
from itertools import chain
from math import isfinite
from pathlib import Path
from typing import Any, BinaryIO, Final, TextIO

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from sim import vocabulary, words
from sim.ensemble import atomic_files, disk, run_events
from sim.ensemble.arrow_tables import arrow
from sim.ensemble.columns import ACTOR, ACTOR_WEEK, EVENT, RUN, WEEKLY

KINDS: Final = ("xlsx", "csv", "parquet", "json")
FOLDERS: Final = ("csv", "parquet")
"""Kinds that are written as a folder, a file a table."""
TABLES: Final = ("runs", "actors", "events", "inputs", "weekly", "failures", "actor_weeks")
SHEET_ROWS, SHEET_COLUMNS = 1_048_576, 16_384
"""What an Excel sheet holds, its header counted."""

Pieces = Callable[[], Iterator[pd.DataFrame]]
"""Yields a table in pieces, anew at each call."""


def about(manifest: Mapping[str, Any], runs: int) -> dict[str, Any]:
    """Return what a reader of the tables has to know of where they come from."""
    names = ("scenario", "question", "hash", "seed", "start", "horizon_weeks", "engine", "writer", "stamp")
    lists = {"held_open": ", ".join(manifest["relaxed"]), "notes": " ".join(manifest["notes"])}
    versions = {f"version_{name}": version for name, version in manifest["versions"].items()}
    return {**{name: manifest.get(name, "") for name in names}, "runs": runs, **lists, **versions}


def codebook(columns: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Return a row a column of some tables: its table, its name, and what it holds, with the unit."""
    rows = [(table, name, _meaning(table, name)) for table, names in columns.items() for name in names]
    return pd.DataFrame(rows, columns=["table", "column", "meaning"])


def labels(manifest: Mapping[str, Any]) -> pd.DataFrame:
    """Return a row a word that stands in the tables: the kind of word, the word, and how people call it."""
    config = manifest["config"]
    named = {
        "actor": {name: part.get("name") or words.label(name, proper=True) for name, part in config["actors"].items()},
        "mission": {name: part.get("name") or words.label(name) for name, part in config["missions"].items()},
        "outcome": {name: words.label(name) for name in vocabulary.OUTCOMES_WITHOUT_FORCE},
        "rung": dict(words.RUNGS),
        "consent": {name: words.label(name) for name in vocabulary.CONSENTS},
        "stage": {name: words.label(name) for name in vocabulary.STANCES},
        "gate": {name: words.WORDS_OF_GATES.get(name, words.label(name)) for name in vocabulary.GATES},
        "event": run_events.EVENTS,
    }
    rows = [(kind, word, label) for kind, of_kind in named.items() for word, label in of_kind.items()]
    return pd.DataFrame(rows, columns=["kind", "word", "label"])


def check_sheets(sizes: Mapping[str, tuple[int, int]]) -> None:
    """Raise a ValueError if a table, of so many rows and columns, is too large for a sheet of Excel."""
    for name, (many, wide) in sizes.items():
        if many >= SHEET_ROWS or wide > SHEET_COLUMNS:
            raise ValueError(
                f"{name} has {many:,} rows of {wide:,} columns, and a sheet of Excel holds {SHEET_ROWS:,} of "
                f"{SHEET_COLUMNS:,}: fewer runs, other tables, or csv and parquet take it"
            )


def write(
    kind: str, target: Path, about: dict[str, Any], small: dict[str, pd.DataFrame], tables: dict[str, Pieces]
) -> None:
    """Write tables, whole or not at all, as a file or a folder of a kind of :data:`KINDS`.

    Parameters
    ----------
    kind, target
        The kind, and where it goes; a folder has to be new or empty.
    about
        See :func:`about`.
    small
        Tables held in memory, by name: codebook and labels.
    tables
        The tables of the ensemble, by name, in pieces.

    Raises
    ------
    ValueError
        If the kind is unknown, or needs a library that is missing.
    FileExistsError
        If something stands in the folder.
    """
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is not what an ensemble is exported to; allowed: {', '.join(KINDS)}")
    rows = {**{name: _once(table) for name, table in small.items()}, **tables}
    with_about = {"about": _once(_as_rows(about)), **rows}
    if kind == "xlsx":
        atomic_files.write_whole(target, partial(_workbook, with_about))
    elif kind == "json":
        atomic_files.write_whole(target, partial(_json, about, rows))
    else:
        _folder(kind, target, about, _meanings(small["codebook"]), with_about)


def _folder(
    kind: str, target: Path, about: dict[str, Any], meanings: dict[str, dict[str, str]], tables: Mapping[str, Pieces]
) -> None:
    if disk.current().names(target):
        raise FileExistsError(f"{target}: something stands there; name a new or empty folder")
    atomic_files.make_with_parents(target)
    for name, pieces in tables.items():
        fill = partial(_csv, pieces) if kind == "csv" else partial(_parquet, about, meanings.get(name, {}), pieces)
        atomic_files.write_whole(target / f"{name}.{kind}", fill)


def _once(table: pd.DataFrame) -> Pieces:
    return lambda: iter([table])


def _as_rows(about: Mapping[str, Any]) -> pd.DataFrame:
    return pd.DataFrame([(name, str(value)) for name, value in about.items()], columns=["name", "value"])


def _meanings(book: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {str(name): dict(zip(own["column"], own["meaning"], strict=True)) for name, own in book.groupby("table")}


_OWN: Final[dict[str, Mapping[str, str]]] = {
    "runs": RUN, "actors": ACTOR, "weekly": WEEKLY, "actor_weeks": ACTOR_WEEK, "events": EVENT,
    "failures": {
        "error": "the error in a line", "traceback": "where it happened", "config_hash": "hash of the scenario",
        "inputs": "what was drawn, as JSON",
    },
}  # fmt: skip


def _meaning(table: str, column: str) -> str:
    if column == "run":
        return RUN["run"]
    if table == "inputs":
        return "the value drawn for the number at this config path; a choice is a position in its scale, from 0"
    if column in _OWN.get(table, {}):
        return _OWN[table][column].replace(", a name of EVENTS", ", a word of labels")
    if column.startswith("missing_"):
        gate = column.removeprefix("missing_")
        return f"whether a run without a deployed force at the horizon lacks this requirement then: {gate}"
    return f"weeks for which this mission stood on the table: {column.removeprefix('tabled_')}"


# --- one kind each ---------------------------------------------------------------------------------------------------


def _workbook(tables: Mapping[str, Pieces], file: BinaryIO) -> None:
    try:
        from openpyxl import Workbook
        from openpyxl.cell import WriteOnlyCell
    except ImportError as error:
        raise ValueError("Excel needs openpyxl: pip install -e '.[excel]'") from error
    book = Workbook(write_only=True)
    for name, pieces in tables.items():
        sheet = book.create_sheet(name)

        def cell(value: Any, sheet: Any = sheet) -> Any:
            if not isinstance(value, str):
                return value
            kept = WriteOnlyCell(sheet, re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", " ", value)[:32_767])
            kept.data_type = "s"  # text that begins with = is no formula
            return kept

        for row in _rows(pieces):
            sheet.append([cell(value) for value in row])
    book.save(file)


def _csv(pieces: Pieces, file: BinaryIO) -> None:
    with _text(file) as handle:
        csv.writer(handle).writerows(["" if value is None else value for value in row] for row in _rows(pieces))


def _parquet(about: Mapping[str, Any], meanings: Mapping[str, str], pieces: Pieces, file: BinaryIO) -> None:
    parts = (arrow(piece) for piece in pieces())
    first = next(parts)
    fields = [
        field.with_metadata({"meaning": meanings[field.name]}) if field.name in meanings else field
        for field in first.schema
    ]
    schema = pa.schema(fields, metadata={"sim": json.dumps(about)})
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for part in chain([first], parts):
            writer.write_table(part.cast(schema))


def _json(about: Mapping[str, Any], tables: Mapping[str, Pieces], file: BinaryIO) -> None:
    with _text(file) as handle:
        handle.write(f'{{"about": {json.dumps(about, ensure_ascii=False)}')
        for name, pieces in tables.items():
            rows = _rows(pieces)
            header = next(rows)
            handle.write(f",\n{json.dumps(name)}: [")
            for at, row in enumerate(rows):
                record = json.dumps(dict(zip(header, row, strict=True)), ensure_ascii=False, allow_nan=False)
                handle.write(f"{',' if at else ''}\n {record}")
            handle.write("]")
        handle.write("}\n")


@contextmanager
def _text(file: BinaryIO) -> Iterator[TextIO]:
    """Write text into an open file, which stays open."""
    text = TextIOWrapper(file, encoding="utf-8", newline="")
    yield text
    text.flush()
    text.detach()


def _rows(pieces: Pieces) -> Iterator[list[Any]]:
    """Yield the header and then every row as plain values; what is missing, or no finite number, is None."""
    header: list[str] | None = None
    for piece in pieces():
        if header is None:
            header = [str(name) for name in piece.columns]
            yield list(header)
        yield from map(list, zip(*(_plain(piece[name]) for name in piece.columns), strict=True))


def _plain(column: pd.Series) -> Iterable[Any]:
    values = column.astype(object).where(column.notna(), None).tolist()
    return [None if isinstance(value, float) and not isfinite(value) else value for value in values]
