"""Tables between pandas and Arrow: the same content gives the same bytes on disk, and the same types in memory."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from sim.ensemble.columns import RUN_COLUMNS, SEAT_COLUMNS, Column

_MISSING = {"number_or_missing": "Float64", "count_or_missing": "Int64"}


def _types(columns: Mapping[str, Column]) -> dict[str, str]:
    return {name: _MISSING[column.holds] for name, column in columns.items() if column.holds in _MISSING}


TYPES = {"runs": _types(RUN_COLUMNS), "actors": _types(SEAT_COLUMNS)}
"""By table, the types of columns whose numbers may be missing: left alone, pandas would turn them into floats."""


_NULLABLE = {pa.float64(): pd.Float64Dtype(), pa.int64(): pd.Int64Dtype()}


def plain(table: pa.Table) -> pa.Table:
    """Return a table as parts hold it, so that the same content gives the same bytes, whoever made it.

    Words are plain strings (not dictionaries), what is missing is null (not NaN); metadata and chunks go.
    """
    return pa.table([_plain(column) for column in table.columns], names=table.column_names)


def arrow(frame: pd.DataFrame) -> pa.Table:
    """Return a table of pandas as parts hold it; see :func:`plain`."""
    return plain(pa.Table.from_pandas(frame, preserve_index=False, nthreads=1))


def frame(table: pa.Table, name: str = "runs") -> pd.DataFrame:
    """Return a table of Arrow, such as ``runs``, as pandas, with the types that it has in every ensemble."""
    kinds = {column: kind for column, kind in TYPES.get(name, {}).items() if column in table.column_names}
    converted: pd.DataFrame = table.to_pandas()
    # Taken from Arrow, which knows what is missing: pandas may be told that not a number is a number of its own.
    for column in kinds:
        converted[column] = table[column].to_pandas(types_mapper=_NULLABLE.get)
    return converted.astype(kinds)


def _plain(column: pa.ChunkedArray) -> pa.Array:
    if pa.types.is_dictionary(column.type):
        column = column.cast(column.type.value_type)
    if pa.types.is_large_string(column.type) or pa.types.is_null(column.type):
        column = column.cast(pa.string())
    if pa.types.is_floating(column.type) and pc.any(pc.is_nan(column)).as_py():
        column = pc.if_else(pc.is_nan(column), pa.scalar(None, column.type), column)
    return column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
