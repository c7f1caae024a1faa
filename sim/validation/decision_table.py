"""Read tables of real decisions: who wanted what on which issue, and the outcome.

A table has a row for each actor on each issue. All faults are reported at once, with file, line and column.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from math import isfinite
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim.reading.errors import Fault, InputError, Place, suggestion

TEXTS = ("issue_id", "proposal", "actor")
NUMBERS = ("position", "salience", "council_power", "reference_point", "outcome")
COLUMNS = (*TEXTS, *NUMBERS)
OF_AN_ISSUE = ("proposal", "reference_point", "outcome")
"""Columns in which all rows of an issue agree."""
MISSING = ("", "na", "nan", "n/a", "null", "none", ".")
"""Words that stand for a missing number, in lower case."""
MOST_POWER = 1e12
"""Power may have any scale, as long as sums and products of it stay finite."""


class Issue(NamedTuple):
    """One issue: places in 0 to 100, salience in 0 to 100, power on any scale, and the outcome in 0 to 100.

    Lists have an entry an actor; ``reference`` is the place that holds without a decision, None if unknown.
    """

    id: str
    proposal: str
    actors: list[str]
    places: list[float]
    salience: list[float]
    power: list[float]
    reference: float | None
    outcome: float

    @property
    def weights(self) -> list[float]:
        """Power x salience of each actor."""
        return [power * salience for power, salience in zip(self.power, self.salience, strict=True)]


class Decisions(NamedTuple):
    """The issues of a table that can be scored, sorted by id, and the numbers of rows and issues left out."""

    issues: list[Issue]
    rows_left_out: int
    issues_left_out: int


def read(path: str | Path, columns: Mapping[str, str] | None = None) -> Decisions:
    """Return the issues of a CSV or Parquet table.

    ``columns`` maps names of :data:`COLUMNS` to those of the table. An empty number is missing. An actor without
    position, salience or power is left out of its issue, and an issue without outcome is left out. An issue without
    reference point is not scored by the rules that need one. Other columns are ignored.

    Raises
    ------
    InputError
        If the table cannot be read, or with all its faults: a missing column, a value that is no number or out of
        range, a repeated actor, an issue with one actor, or with two proposals, outcomes or references.
    """
    named = {**{name: name for name in COLUMNS}, **(columns or {})}
    path = Path(path)
    raw = _table(path, named)
    where = _Where(path, named, {name: list(raw).index(named[name]) + 1 for name in COLUMNS})
    cells = raw[[named[name] for name in COLUMNS]].set_axis(pd.Index(COLUMNS), axis="columns")
    cells = cells[(cells != "").any(axis=1)]
    faults: list[Fault] = []
    table = cells[list(TEXTS)].join(_numbers(cells, where, faults))
    faults += [*_name_faults(cells, where), *_issue_faults(table[table["issue_id"] != ""], where)]
    if faults:
        raise InputError(faults)
    return _issues(table)


class _Where(NamedTuple):
    """The place of each column: its name in the table, and its number in a line, counted from 1."""

    path: Path
    named: Mapping[str, str]
    fields: Mapping[str, int]

    def fault(self, line: object, name: str, message: str) -> Fault:
        return Fault(Place(str(self.path), int(str(line)), self.fields[name]), self.named[name], message)


def _table(path: Path, named: Mapping[str, str]) -> pd.DataFrame:
    """Return a table as text, indexed by line (Parquet: by row), with all columns and at least one row."""
    top = Place(str(path), 1, 1)
    unknown = [name for name in named if name not in COLUMNS]
    if unknown:
        raise InputError([Fault(top, name, f"no such column; {suggestion(name, COLUMNS)}") for name in unknown])
    kind, reader = ("Parquet", _parquet) if path.suffix == ".parquet" else ("CSV", _csv)
    try:
        table = reader(path)
    except OSError as error:
        raise InputError([Fault(Place(str(path)), "", f"cannot be read: {error.strerror or error}")]) from None
    except (ValueError, pd.errors.ParserWarning) as error:
        raise InputError([Fault(top, "", f"not a {kind} table: {str(error).splitlines()[0]}")]) from None
    there = ", ".join(map(str, table.columns))
    absent = [named[name] for name in COLUMNS if named[name] not in table]
    if absent:
        raise InputError([Fault(top, name, f"missing column; the table has: {there}") for name in absent])
    if table.empty:
        raise InputError([Fault(top, "", "the table has no rows")])
    return table


def _csv(path: Path) -> pd.DataFrame:
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # a line with more cells than the header
        table = pd.read_csv(
            path, dtype=str, keep_default_na=False, skip_blank_lines=False, index_col=False, encoding="utf-8-sig"
        )
    return table.fillna("").set_axis(range(2, len(table) + 2)).map(str.strip)


def _parquet(path: Path) -> pd.DataFrame:
    table = pd.read_parquet(path)
    text = table.astype(object).where(table.notna(), "").astype(str)
    return text.set_axis(range(1, len(table) + 1))


def _numbers(cells: pd.DataFrame, where: _Where, faults: list[Fault]) -> pd.DataFrame:
    """Return the numbers of all cells, nan where missing; add a fault for every cell that holds none."""
    numbers: dict[str, list[float]] = {name: [] for name in NUMBERS}
    for name in NUMBERS:
        for line, word in cells[name].items():
            value, wrong = _number(word, name)
            numbers[name].append(value)
            if wrong:
                faults.append(where.fault(line, name, wrong))
    return pd.DataFrame(numbers, index=cells.index, dtype=float)


def _number(word: str, name: str) -> tuple[float, str]:
    """Return the number in a cell, nan if there is none, and a message if it is wrong."""
    nothing = float("nan")
    if word.lower() in MISSING:
        return nothing, ""
    try:
        value = float(word)
    except ValueError:
        return nothing, f"{word!r} is not a number (leave it empty if it is missing)"
    if not isfinite(value):
        return nothing, f"{word!r} is not a finite number"
    if name == "council_power":
        return (value, "") if 0.0 <= value <= MOST_POWER else (nothing, f"{word} is outside 0..{MOST_POWER:g}")
    return (value, "") if 0.0 <= value <= 100.0 else (nothing, f"{word} is outside 0..100")


def _name_faults(cells: pd.DataFrame, where: _Where) -> Iterator[Fault]:
    for name in TEXTS:
        yield from (where.fault(line, name, "missing") for line in cells.index[cells[name] == ""])
    twice = cells[cells.duplicated(["issue_id", "actor"]) & (cells["actor"] != "")]
    for line, row in twice.iterrows():
        yield where.fault(line, "actor", f"{row['actor']!r} stands twice on issue {row['issue_id']!r}")


def _issue_faults(table: pd.DataFrame, where: _Where) -> Iterator[Fault]:
    for issue, rows in table.groupby("issue_id", sort=False):
        if len(rows) < 2:
            yield where.fault(rows.index[0], "actor", f"issue {issue!r} has one actor; at least two are needed")
        weights = (rows["council_power"] * rows["salience"]).dropna()
        if len(weights) and not weights.sum() > 0.0:
            message = f"issue {issue!r} has no weight: power x salience of its actors sums to 0"
            yield where.fault(rows.index[0], "salience", message)
        for name in OF_AN_ISSUE:
            first, *others = rows[name].dropna().unique()[:2] if rows[name].notna().any() else [None]
            for other in others:
                line = rows.index[rows[name] == other][0]
                yield where.fault(line, name, f"issue {issue!r} has two: {first} and {other}")


def _issues(table: pd.DataFrame) -> Decisions:
    taking_part = table.dropna(subset=["position", "salience", "council_power"])
    issues = [_issue(str(name), rows) for name, rows in taking_part.groupby("issue_id")]
    whole = [issue for issue in issues if len(issue.actors) > 1 and isfinite(issue.outcome)]
    return Decisions(whole, len(table) - len(taking_part), table["issue_id"].nunique() - len(whole))


def _issue(name: str, rows: pd.DataFrame) -> Issue:
    known = {column: [float(value) for value in rows[column].dropna()] for column in NUMBERS}
    return Issue(
        name,
        str(rows["proposal"].iloc[0]),
        [str(actor) for actor in rows["actor"]],
        known["position"],
        known["salience"],
        known["council_power"],
        known["reference_point"][0] if known["reference_point"] else None,
        known["outcome"][0] if known["outcome"] else float("nan"),
    )
