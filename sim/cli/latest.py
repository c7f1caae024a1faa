"""The ensemble that a command looks at: in the folder named, else the one written last under ``runs``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.common import fail

if TYPE_CHECKING:
    from sim.ensemble import Ensemble

Folder = Annotated[
    Path | None, typer.Argument(metavar="[DIR]", help="Folder of an ensemble; default: the latest under runs.")
]
RUNS = Path("runs")


def opened(folder: Path | None) -> tuple[Ensemble, Path]:
    """Return the ensemble in ``folder``, or the one written last, and where it stands; fail in a line if there is none.

    The last is the one whose manifest was written last: it is, whenever runs are finished or added.
    """
    from sim.ensemble import open_ensemble

    folder = latest() if folder is None else folder
    try:
        return open_ensemble(folder), folder
    except (FileNotFoundError, NotADirectoryError):
        fail(f"{folder}: no ensemble stands here; sim run CONFIG --out {folder} writes one")
    except ValueError as error:
        fail(f"{folder}: {error}")


def latest() -> Path:
    """Return the folder of the ensemble written last under ``runs``; fail if there is none."""
    written = sorted(RUNS.glob("*/manifest.json"), key=lambda path: (path.stat().st_mtime_ns, path.parent.name))
    return written[-1].parent if written else fail("no ensemble stands under runs; sim run CONFIG writes one there")
