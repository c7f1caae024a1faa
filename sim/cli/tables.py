"""Tables for a terminal: one builder for all commands."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text


class _Titled(Table):
    """A table whose title has the width of the screen, where rich breaks it at that of the table."""

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the title as a line of text, then the table without it."""
        title, self.title = self.title, None
        try:
            if title:
                yield Text(str(title), style=self.title_style or "")
            yield from super().__rich_console__(console, options)
        finally:
            self.title = title


def text_table(
    title: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[object]] = (),
    *,
    left: Collection[int] = (0,),
    whole: Collection[int] = (0,),
    gap: int = 2,
) -> Table:
    """Return a table without lines, its title above and to the left.

    Parameters
    ----------
    title, headers
        Headers may be empty.
    rows
        Cells, as many a row as there are headers.
    left
        Positions of the columns set to the left; the others hold numbers, and are set to the right.
    whole
        Positions of the columns that never wrap; a narrow terminal cuts them short and folds the others.
    gap
        Spaces between columns.
    """
    table = _Titled(
        title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, gap, 0, 0)
    )
    for position, header in enumerate(headers):
        table.add_column(
            header,
            justify="left" if position in left else "right",
            header_style="dim",
            no_wrap=position in whole,
            overflow="ellipsis" if position in whole else "fold",
        )
    for row in rows:
        table.add_row(*map(str, row))
    return table


def facts(*rows: tuple[str, str]) -> Table:
    """Return a table of two columns without headers: a name, and its value."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
