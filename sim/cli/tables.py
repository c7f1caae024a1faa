"""Tables for a terminal: one builder for all commands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderableType, RenderResult
from rich.containers import Lines
from rich.table import Table
from rich.text import Text

_INTERVAL = re.compile(r"\S*\d\S* to \S*\d\S*|\S+")
"""Ends of an interval, or any other word."""
_SEPARATOR = re.compile(r"(?<=->)|(?<=[/,])|(?<=\.)(?!\d)")


def pieces(word: str) -> list[str]:
    """Return the pieces of a word that is too long for a line: a path breaks after its dots, slashes and arrows.

    >>> pieces("network.alba->borea/patronage.strength")
    ['network.', 'alba->', 'borea/', 'patronage.', 'strength']
    """
    return [piece for piece in _SEPARATOR.split(word) if piece]


class _Cell(Text):
    """Text that breaks at spaces, and within a word that is too long for a line, between its pieces."""

    def wrap(self, console: Console, width: int, **options: Any) -> Lines:
        """Return the lines of the text at a width."""
        lines = ["\n".join(_fold(word, width)) for word in re.split(r"(\s+)", self.plain)]
        return Text("".join(lines), style=self.style).wrap(console, width, **options)


def _fold(word: str, width: int) -> list[str]:
    """Return a word on as many lines as it takes.

    >>> _fold("actors.alba.credence", 12), _fold("alba", 12)
    (['actors.alba.', 'credence'], ['alba'])
    """
    if cell_len(word) <= width:
        return [word]
    lines = [""]
    for piece in pieces(word):
        fits = not lines[-1] or cell_len(lines[-1] + piece) <= width
        lines = [*lines[:-1], lines[-1] + piece] if fits else [*lines, piece]
    return lines


class _Titled(Table):
    """A table whose title has the width of the screen, where rich breaks it at that of the table.

    Where it is too wide, columns become narrower as long as no word is broken and no interval is torn apart, then as
    long as no piece of a path is broken, and last between the ends of intervals.
    """

    def add_row(self, *cells: RenderableType | None, **options: Any) -> None:
        """Add a row whose texts break at spaces."""
        super().add_row(*(_Cell(cell) if isinstance(cell, str) else cell for cell in cells), **options)

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        """Yield the title as a line of text, then the table without it."""
        title, self.title = self.title, None
        given = [column.width for column in self.columns]
        for column, width in zip(self.columns, self._widths(options.max_width), strict=True):
            column.width = width
        try:
            if title:
                yield Text(str(title), style=self.title_style or "")
            yield from super().__rich_console__(console, options)
        finally:
            self.title = title
            for column, width in zip(self.columns, given, strict=True):
                column.width = width

    def _widths(self, room: int) -> list[int | None]:
        """Return the widths of columns on a screen of this width; None where they need no narrowing."""
        room -= (self.padding[1] + self.padding[3]) * len(self.columns) - (0 if self.pad_edge else self.padding[1])
        widths = _widest(self, lambda cell: cell.splitlines())
        if sum(widths) <= room:
            return [None] * len(widths)
        for parts in (_INTERVAL.findall, _pieces_or_intervals, _pieces_of):
            least = _widest(self, parts)
            while sum(widths) > room and (over := [at for at, width in enumerate(widths) if width > least[at]]):
                widths[max(over, key=lambda at: widths[at])] -= 1
        return [*widths]


def least_width(table: Table) -> int:
    """Return the width at which no column that is to stay whole is cut, and the others keep their longest piece."""
    return sum(_widest(table, _pieces_of)) + (table.padding[1] + table.padding[3]) * len(table.columns)


def _pieces_or_intervals(cell: str) -> list[str]:
    """Return the pieces of the words of a cell, intervals whole.

    >>> _pieces_or_intervals("actors.alba (3.0% to 4.1%)")
    ['actors.', 'alba', '(3.0% to 4.1%)']
    """
    return [piece for part in _INTERVAL.findall(cell) for piece in ([part] if " " in part else pieces(part))]


def _pieces_of(cell: str) -> list[str]:
    return [piece for word in cell.split() for piece in pieces(word)]


def _widest(table: Table, parts: Callable[[str], list[str]]) -> list[int]:
    """Return the width of the widest part of each column, whose cells are one part where they are to stay whole."""
    return [
        max(
            (
                cell_len(part)
                for cell in map(str, (column.header, *column.cells))
                for part in (cell.splitlines() if column.no_wrap else parts(cell))
            ),
            default=0,
        )
        for column in table.columns
    ]


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
        Positions of the columns that never wrap; a narrow terminal cuts them short and breaks the others.
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
    table = _Titled(show_header=False, box=None, pad_edge=False, padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    for row in rows:
        table.add_row(*row)
    return table
