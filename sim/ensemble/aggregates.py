"""Numbers from tables that come part by part: counts that add up, exact quantiles, and SQL; no table is held whole."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.ensemble.events import Event
from sim.words import EVENT_WORDS

EVENTS = tuple(EVENT_WORDS)
"""What comes about in a week, which is missing if it never does."""
_DIGIT = 16
FEW = 65_536
"""Numbers that are sorted in memory for their quantiles (half a megabyte), which is faster than to count digits."""


class Condition(NamedTuple):
    """What a run has to meet: a column is known, at most a value, a given word, or says yes or no."""

    column: str
    test: Literal["known", "at most", "is", "yes", "no"]
    value: float | str | None = None


Question = tuple[Condition | Event, ...]
"""How many runs meet all of these?"""


def columns_of(question: Question) -> set[str]:
    """Return the columns of the table of runs that a question is about."""
    return {name for each in question for name in (each.columns if isinstance(each, Event) else (each.column,))}


def came_about(what: str, by_week: float | None = None) -> Question:
    """Return the question whether an event came about, by a week if one is given, or a column says yes.

    >>> came_about("deployed", by_week=13)
    (Condition(column='deployed_week', test='at most', value=13),)
    """
    week = f"{what}_week"
    by_then = () if by_week is None else (Condition(week, "at most", by_week),)
    if what in EVENTS:
        return by_then or (Condition(week, "known"),)
    return (Condition(what, "yes"), *by_then)


def meets(table: pa.Table, question: Question) -> NDArray[np.bool_]:
    """Return, for every row of a table, whether it meets a question; a missing value meets no condition.

    Raises
    ------
    ValueError
        If a column holds words, and a condition wants yes or no.
    """
    return _all_met(table, question, _met(table, question))


def _all_met(
    table: pa.Table, question: Question, met: Mapping[Condition | Event, NDArray[np.bool_]]
) -> NDArray[np.bool_]:
    if not question:
        return np.ones(table.num_rows, dtype=np.bool_)
    return np.asarray(np.logical_and.reduce([met[each] for each in question]))


def _met(table: pa.Table, conditions: Iterable[Condition | Event]) -> dict[Condition | Event, NDArray[np.bool_]]:
    """Return where each of some conditions is met; a column of several is read once."""
    conditions = list(conditions)
    values = {each.column: _values(table[each.column]) for each in conditions if isinstance(each, Condition)}
    return {
        each: _meets(values[each.column], each) if isinstance(each, Condition) else each.met(table)
        for each in conditions
    }


def _values(column: pa.ChunkedArray) -> Any:
    """Return numbers and flags as NumPy has them, missing ones not a number; words as they are."""
    if pa.types.is_boolean(column.type):
        column = column.fill_null(False)
    return column if pa.types.is_string(column.type) else column.to_numpy()


def _meets(values: Any, condition: Condition) -> NDArray[np.bool_]:
    if isinstance(values, pa.ChunkedArray):
        if condition.test != "is":
            raise ValueError(f"{condition.column} holds words, not yes or no")
        return np.asarray(pc.equal(values, condition.value).fill_null(False))
    tests: dict[str, Callable[[], NDArray[np.bool_]]] = {
        "known": lambda: values == values,
        "at most": lambda: values <= condition.value,
        "is": lambda: values == condition.value,
        "yes": lambda: (values == values) & (values != 0),
        "no": lambda: values == 0,
    }
    return np.asarray(tests[condition.test](), dtype=np.bool_)


def count(tables: Iterable[pa.Table], questions: Iterable[Question]) -> Counter[Question]:
    """Return by question how many rows meet it, in one pass."""
    asked, counts = list(questions), Counter[Question]()
    conditions = {condition for question in asked for condition in question}
    for table in tables:
        met = _met(table, conditions)
        for question in asked:
            counts[question] += int(np.count_nonzero(_all_met(table, question, met)))
    return counts


def shares(tables: Iterable[pa.Table], by: str, flags: Sequence[str]) -> pd.DataFrame:
    """Return, by the words of a column, in what share of the rows each flag is set; words in order."""
    names = {f"{flag}_sum": flag for flag in flags} | {"count_all": "rows"}
    sums: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for piece in tables:
        groups = piece.unify_dictionaries().group_by(by, use_threads=False)
        for row in groups.aggregate([*((flag, "sum") for flag in flags), ([], "count_all")]).to_pylist():
            sums[row[by]].update({name: row[key] for key, name in names.items()})
    table = pd.DataFrame.from_dict(sums, orient="index").sort_index().rename_axis(by)
    return table[list(flags)].div(table["rows"], axis=0)


def quantiles(values: Callable[[], Iterable[NDArray[np.float64]]], of: int, at: Sequence[float]) -> list[float]:
    """Return quantiles of ``of`` numbers with linear interpolation, to the bit those of numpy.

    ``values`` gives the numbers anew, in pieces, each time it is called. Up to :data:`FEW` are sorted at once; more
    are read four times and never held.
    """
    places = [(of - 1) * share for share in at]
    ranks = {int(place) + step for place in places for step in (0, 1) if int(place) + step < of}
    by_rank = _sorted(values, ranks) if of <= FEW else _in_order(values, sorted(ranks))
    ends = [(by_rank[int(place)], by_rank[min(int(place) + 1, of - 1)]) for place in places]
    return [float(np.quantile(pair, place - int(place))) for pair, place in zip(ends, places, strict=True)]


def _sorted(values: Callable[[], Iterable[NDArray[np.float64]]], ranks: Iterable[int]) -> dict[int, float]:
    """Return the numbers at some ranks of the sorted numbers, held all at once."""
    ordered = np.sort(np.concatenate(list(values())))
    return {rank: float(ordered[rank]) for rank in ranks}


def _in_order(values: Callable[[], Iterable[NDArray[np.float64]]], ranks: Sequence[int]) -> dict[int, float]:
    """Return the numbers at some ranks of the sorted numbers, found digit by digit of their bits (radix selection)."""
    heads, rest = dict.fromkeys(ranks, 0), {rank: rank for rank in ranks}
    for shift in range(64 - _DIGIT, -1, -_DIGIT):
        counts = {head: np.zeros(1 << _DIGIT, dtype=np.int64) for head in heads.values()}
        for piece in values():
            digits = _ordered(piece) >> np.uint64(shift)
            for head, tally in counts.items():
                inside = digits[digits >> np.uint64(_DIGIT) == head] & np.uint64((1 << _DIGIT) - 1)
                tally += np.bincount(inside.astype(np.int64), minlength=1 << _DIGIT)
        for rank in ranks:
            up_to = np.cumsum(counts[heads[rank]])
            digit = int(np.searchsorted(up_to, rest[rank], side="right"))
            rest[rank] -= int(up_to[digit - 1]) if digit else 0
            heads[rank] = heads[rank] << _DIGIT | digit
    return {rank: _number(head) for rank, head in heads.items()}


_SIGN = np.uint64(1 << 63)


def _ordered(values: NDArray[np.float64]) -> NDArray[np.uint64]:
    """Return the bits of numbers, so turned that they sort as the numbers do."""
    bits = np.ascontiguousarray(values).view(np.uint64)
    return np.where(bits & _SIGN, ~bits, bits | _SIGN)


def _number(ordered: int) -> float:
    bits = np.uint64(ordered)
    return float((bits ^ _SIGN if bits & _SIGN else ~bits).view(np.float64))
