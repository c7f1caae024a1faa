"""The option ``--figure FILE``: checked before anything runs, saved after."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.common import fail, tell, writable
from sim.cli.options import expanded

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from sim.plots.style import Panels

KINDS = (".svg", ".png", ".pdf")
FigureFile = Annotated[
    Path | None,
    typer.Option(
        "--figure", "--output", "-o", metavar="FILE", callback=expanded, help=f"Write the picture ({', '.join(KINDS)})."
    ),
]


def check(file: Path | None, *more: str) -> None:
    """Make sure that a figure can be written to ``file``; ``more`` are endings allowed beside those of figures.

    Raises
    ------
    typer.Exit
        With status 2, after a message, if the ending is not allowed or the folder does not exist.
    """
    if file is None:
        return
    allowed = (*KINDS, *more)
    if file.suffix.lower() not in allowed:
        fail(f"{file}: expected a file that ends in {', '.join(allowed)}")
    writable(file)


def beside(file: Path, what: str) -> Path:
    """Return the file of a second figure: ``why.svg`` and ``why-together.svg``."""
    return file.with_name(f"{file.stem}-{what}{file.suffix}")


def save(axes: Axes | Panels, file: Path) -> None:
    """Write the figure that a plot drew, whole or not at all, and print where it went."""
    from sim.ensemble import atomic_files
    from sim.plots.style import closed

    kind = file.suffix.lower().removeprefix(".")
    atomic_files.write_whole(file, partial(closed(axes).savefig, format=kind, dpi=150))
    tell(f"figure written to {file}")
