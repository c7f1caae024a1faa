"""Points of a design, read from a table made elsewhere: CSV with separators of any country, or an Excel workbook."""

from __future__ import annotations

import csv
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import isnan
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.optional_libraries import needed
from sim.ensemble.handing_out import HandsOutCopies
from sim.reading.errors import Fault, InputError, Place

MOST_HEADER = 100_000
"""Bytes of the first line of a table of points."""
_Lines = list[tuple[int, list[Any]]]
"""Rows that are not empty, by the number of their line."""
_EXCEL = (".xlsx", ".xlsm")
_GROUPED = re.compile(r"[-+]?\d+\.\d+,\d+|[-+]?\d+,\d+\.\d+")


@dataclass(frozen=True, eq=False)
class PointsFile(HandsOutCopies):
    """Points to sweep over, a column a config path and a row a point, and the file that they come from."""

    table: pd.DataFrame
    file: str

    def __len__(self) -> int:
        return len(self.table)


def read_points(file: Path | str) -> PointsFile:
    """Return the points that a table lists: a column a config path, a row a point.

    The table is CSV, with commas, or with semicolons or tabs between columns, where numbers may have decimal commas; or
    the first sheet of an Excel workbook.

    Raises
    ------
    InputError
        If it is no such table, or a value is missing, with its place.
    """
    if Path(file).suffix.lower() in _EXCEL:
        lines, comma = _sheet(Path(file)), True
    else:
        lines, comma = _csv(Path(file))
    (at, header), *rows = lines
    names = [str(name).strip() for name in header]
    faults = _gaps(file, at, names, rows)
    faults += [
        Fault(Place(str(file), line, column + 1), str(value), f"{value!r} is no number: a point or a comma, not both")
        for line, row in rows
        for column, value in enumerate(row)
        if isinstance(value, str) and _GROUPED.fullmatch(value)
    ]
    if faults:
        raise InputError(faults)
    table = pd.DataFrame([row for _, row in rows], columns=names, index=[line - 2 for line, _ in rows], dtype=object)
    return PointsFile(table.apply(_values, decimal_comma=comma), str(file))


def _csv(file: Path) -> tuple[_Lines, bool]:
    """Return the rows of a CSV file, and whether its numbers may have decimal commas."""
    top = Place(str(file), 1, 1)
    with file.open("rb") as handle:
        if len(handle.readline(MOST_HEADER + 1)) > MOST_HEADER:
            raise InputError([Fault(top, "", f"no table of points: the first line has over {MOST_HEADER:,} bytes")])
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            first = text.readline()
            text.seek(0)
            between = next((each for each in ";\t" if each in first), ",")
            rows = csv.reader(text, delimiter=between, strict=True)
            lines = [(rows.line_num, [value.strip() for value in row]) for row in rows]
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError([Fault(top, "", f"no table of points: {error}")]) from None
    if not lines:
        raise InputError([Fault(top, "", "no table of points: No columns to parse from file")])
    return [lines[0], *(line for line in lines[1:] if any(line[1]))], between != ","


def _sheet(file: Path) -> _Lines:
    """Return the rows of the first sheet of a workbook."""
    workbook = needed("openpyxl").load_workbook
    try:
        sheet = workbook(file, read_only=True, data_only=True).worksheets[0]
        lines = [(at, ["" if value is None else value for value in row]) for at, row in _sheet_rows(sheet)]
    except (OSError, KeyError, ValueError, zipfile.BadZipFile) as error:
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InputError([Fault(Place(str(file), 1, 1), "", f"no Excel workbook: {error}")]) from None
    if not lines:
        raise InputError([Fault(Place(str(file), 1, 1), "", "no table of points: the first sheet is empty")])
    wide = max((at + 1 for at, value in enumerate(lines[0][1]) if value != ""), default=0)
    return [(at, row[:wide] + [value for value in row[wide:] if value != ""]) for at, row in lines]


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    return ((at, row) for at, row in rows if at == 1 or any(value is not None for value in row))


def _gaps(file: Path | str, at: int, names: list[str], rows: _Lines) -> list[Fault]:
    """Return what is wrong with the shape of a table: names missing or given twice, and rows that do not fit."""
    faults = [
        Fault(Place(str(file), at, column + 1), name, f"{name} is given twice" if name else "this column has no name")
        for column, name in enumerate(names)
        if not name or name in names[:column]
    ]
    for line, row in rows:
        if len(row) != len(names):
            wrong = f"row {line} has {len(row)} values for {len(names)} columns"
            hint = "; decimal commas need semicolons between columns" if len(row) > len(names) else ""
            faults.append(Fault(Place(str(file), line, 1), "", wrong + hint))
            continue
        empty = [column for column, value in enumerate(row) if value == ""]
        faults += [
            Fault(Place(str(file), line, column + 1), names[column], f"row {line} has no value for {names[column]}")
            for column in empty
        ]
    return faults


def _values(column: pd.Series, decimal_comma: bool) -> pd.Series:
    """Return a column as numbers if each value is one, else as it stands."""
    text = column.map(lambda value: value.replace(",", ".") if decimal_comma and isinstance(value, str) else value)
    numbers = [_as_number(value) for value in text]
    return column if None in numbers else pd.Series(numbers, column.index, dtype="float64")


def _as_number(value: Any) -> float | None:
    if isinstance(value, bool):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return None if isnan(number) or "_" in str(value) else number


def cell_place(file: Path | str, table: pd.DataFrame, row: int, path: str) -> Place:
    """Return where the value of a path stands in a file, in its row counted from 0; its column counts fields."""
    return Place(str(file), int(table.index[row]) + 2, list(table.columns).index(path) + 1)
