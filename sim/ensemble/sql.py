"""SQL over an ensemble's tables, by DuckDB, which may read them and do nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from sim.ensemble import disk

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


_QUERIES = {"SELECT_NODE", "SET_OPERATION_NODE", "RECURSIVE_CTE_NODE", "CTE_NODE"}
"""Nodes of a statement's tree that only read."""
_FUNCTIONS = {"range", "generate_series", "unnest"}
"""Table functions that touch no file."""
_LIMITS: dict[str, str | bool | int | float | list[str]] = {
    "memory_limit": "512MB",
    "threads": 2,
    "temp_directory": "",
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "python_enable_replacements": False,
}


class UnreadableTable(ValueError):
    """A table whose files DuckDB cannot read.

    Attributes
    ----------
    name
        The table.
    """

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(f"SQL: {name}: {reason}")
        self.name = name


def query(
    sql: str, tables: Mapping[str, pa.Table | Sequence[Path]], folder: Path | None, runs: int | None = None
) -> pd.DataFrame:
    """Return what a SELECT finds in tables by name, each in memory or in Parquet files of ``folder``.

    Of files, the first ``runs`` runs alone are seen if that is given.

    It reads nothing else, and changes nothing: DuckDB may touch files of the folder alone, its settings are locked, and
    statements and table functions that write, or that hide others, are refused before they run.

    Raises
    ------
    UnreadableTable
        If files of a table cannot be read.
    ValueError
        If the SQL is wrong, or more than a SELECT.
    """
    import duckdb

    with closing(duckdb.connect(":memory:", config=_LIMITS)) as database:
        try:
            _confine(database, folder)
            for name, table in tables.items():
                if isinstance(table, pa.Table):
                    database.register(name, table)
                else:
                    _view(database, name, table, runs)
            database.execute("SET lock_configuration = true")
            _refuse_all_but_select(database, sql, tables)
            return database.execute(sql).df()
        except duckdb.Error as error:
            raise ValueError(f"SQL: {str(error).strip().splitlines()[0]}") from None


def _view(database: DuckDBPyConnection, name: str, files: Sequence[Path], runs: int | None) -> None:
    """Make a view of the first ``runs`` runs of a table's files, or of all."""
    import duckdb

    paths = [str(disk.current().path_for_reading(path)) for path in files]
    try:
        rows = database.read_parquet(paths, hive_partitioning=False)
        (rows if runs is None else rows.filter(f"run < {runs}")).create_view(name)
    except duckdb.Error as error:
        raise UnreadableTable(name, str(error).strip().splitlines()[0]) from None


def _confine(database: DuckDBPyConnection, folder: Path | None) -> None:
    if folder is not None:
        database.execute(f"SET allowed_directories = ['{str(folder).replace(chr(39), chr(39) * 2)}']")
    database.execute("SET enable_external_access = false")


def _refuse_all_but_select(database: DuckDBPyConnection, sql: str, views: Iterable[str]) -> None:
    """Refuse what a SELECT may hide: writing to the folder that may be read, and files named as tables."""
    (serialized,) = database.execute("SELECT json_serialize_sql(?)", [sql]).fetchone() or ("{}",)
    tree = json.loads(serialized)
    if tree["error"]:
        raise ValueError(f"SQL: {tree['error_message'].replace('can be serialized to json!', 'are answered')}")
    if len(tree["statements"]) != 1:
        raise ValueError(f"SQL: expected one SELECT, got {len(tree['statements'])} statements")
    nodes = list(_nodes(tree))
    known = {name.lower() for name in (*views, *(each["key"] for node in nodes for each in _tables_in_with(node)))}
    for node in nodes:
        kind = str(node.get("type", ""))
        if kind.endswith("_NODE") and kind not in _QUERIES:
            raise ValueError("SQL: only SELECT statements are answered")
        if kind == "TABLE_FUNCTION" and node["function"]["function_name"] not in _FUNCTIONS:
            raise ValueError(f"SQL: {node['function']['function_name']}() is refused; tables: {', '.join(views)}")
        if kind == "BASE_TABLE" and node["table_name"].lower() not in known:
            raise ValueError(f"SQL: there is no table {node['table_name']!r}; tables: {', '.join(views)}")


def _tables_in_with(node: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tables that a query names for itself, in WITH."""
    tables: list[dict[str, Any]] = node.get("cte_map", {}).get("map", [])
    return tables


def _nodes(tree: Any) -> Iterator[dict[str, Any]]:
    if isinstance(tree, dict):
        yield tree
    for each in tree.values() if isinstance(tree, dict) else tree if isinstance(tree, list) else ():
        yield from _nodes(each)
