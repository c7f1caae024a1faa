"""Tables on a terminal: a title, headers, rows of words."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich.table import Table


def tabled(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table, its first column to the left and the others to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, header in enumerate(headers):
        table.add_column(header, justify="left" if position == 0 else "right", header_style="dim", overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    return table
