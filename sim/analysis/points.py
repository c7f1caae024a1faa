"""Points of a design, read from a table made elsewhere: CSV with separators of any country, or an Excel workbook."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
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
_OTHER_SHEETS = (".xls", ".xlsb", ".ods", ".numbers")
_GROUPED = re.compile(r"[-+]?\d+\.\d+,\d+|[-+]?\d+,\d+\.\d+")
_DECIMAL_COMMA = re.compile(r"[-+]?\d+,\d+")
_THOUSANDS = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")


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
    if Path(file).suffix.lower() in _OTHER_SHEETS:
        raise InputError([Fault(Place(str(file), 1, 1), "", "such a workbook is not read; save it as .xlsx or .csv")])
    if Path(file).suffix.lower() in _EXCEL:
        lines, comma = _sheet(Path(file)), True
    else:
        lines, comma = _csv(Path(file))
    (at, header), *rows = lines
    names = [str(name).strip() for name in header]
    faults = [*_gaps(file, at, names, rows, comma), *_grouped(file, rows, comma)]
    if not rows:
        faults.append(Fault(Place(str(file), at, 1), "", "no points: a row each belongs below this line of paths"))
    if faults:
        raise InputError(faults)
    table = pd.DataFrame([row for _, row in rows], columns=names, index=[line - 2 for line, _ in rows], dtype=object)
    return PointsFile(table.apply(_values, decimal_comma=comma), str(file))


def _grouped(file: Path | str, rows: _Lines, decimal_comma: bool) -> Iterator[Fault]:
    """Yield a fault for every number whose point or comma may part thousands."""
    cells = [
        (Place(str(file), line, at + 1), value)
        for line, row in rows
        for at, value in enumerate(row)
        if isinstance(value, str)
    ]
    commas = decimal_comma and any(_DECIMAL_COMMA.fullmatch(value) for _, value in cells)
    for place, value in cells:
        if _GROUPED.fullmatch(value):
            yield Fault(place, value, f"{value!r} is no number: a point or a comma, not both")
        elif commas and _THOUSANDS.fullmatch(value):
            message = "may mean thousands, as other numbers here have decimal commas; write digits alone, or a comma"
            yield Fault(place, value, f"{value!r} {message}")


def _csv(file: Path) -> tuple[_Lines, bool]:
    """Return the rows of a CSV file, and whether its numbers may have decimal commas."""
    top = Place(str(file), 1, 1)
    with file.open("rb") as handle:
        starts = iter(partial(handle.readline, MOST_HEADER + 1), b"")
        if len(next(filter(bytes.strip, starts), b"")) > MOST_HEADER:
            raise InputError([Fault(top, "", f"no table of points: the first line has over {MOST_HEADER:,} bytes")])
    try:
        with file.open(encoding="utf-8-sig", newline="") as text:
            first = next(filter(str.strip, text), "")
            text.seek(0)
            between = next((each for each in ";\t" if each in first), ",")
            rows = csv.reader(text, delimiter=between, strict=True)
            lines = [(rows.line_num, [value.strip() for value in row]) for row in rows]
    except (csv.Error, UnicodeDecodeError) as error:
        raise InputError([Fault(top, "", f"no table of points: {error}")]) from None
    lines = [line for line in lines if any(line[1])]
    if lines and lines[0][1][0].lower() == "sep=":  # Excel's own line, of which the first character after it is left
        del lines[0]
    if not lines:
        raise InputError([Fault(top, "", "no table of points: No columns to parse from file")])
    return lines, between != ","


def _sheet(file: Path) -> _Lines:
    """Return the rows of the first sheet of a workbook."""
    workbook = needed("openpyxl").load_workbook
    try:
        sheet = workbook(file, read_only=True, data_only=True).worksheets[0]
        lines = [(at, ["" if value is None else value for value in row]) for at, row in _sheet_rows(sheet)]
    except Exception as error:  # the library raises whatever a damaged workbook makes it stumble over
        if isinstance(error, OSError) and error.errno is not None:
            raise
        raise InputError([Fault(Place(str(file), 1, 1), "", f"no Excel workbook: {error}")]) from None
    if not lines:
        raise InputError([Fault(Place(str(file), 1, 1), "", "no table of points: the first sheet is empty")])
    wide = max((at + 1 for at, value in enumerate(lines[0][1]) if value != ""), default=0)
    return [(at, row[:wide] + [value for value in row[wide:] if value != ""]) for at, row in lines]


def _sheet_rows(sheet: Any) -> Iterator[tuple[int, Sequence[Any]]]:
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    return ((at, row) for at, row in rows if any(value is not None for value in row))


def _gaps(file: Path | str, at: int, names: list[str], rows: _Lines, decimal_comma: bool) -> list[Fault]:
    """Return what is wrong with the shape of a table: names missing or given twice, and rows that do not fit."""
    faults = [
        Fault(Place(str(file), at, column + 1), name, f"{name} is given twice" if name else "this column has no name")
        for column, name in enumerate(names)
        if not name or name in names[:column]
    ]
    for line, row in rows:
        if len(row) != len(names):
            wrong = f"row {line} has {len(row)} values for {len(names)} columns"
            more = len(row) > len(names) and not decimal_comma
            hint = "; decimal commas need semicolons between columns" if more else ""
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
