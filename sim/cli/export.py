"""``sim export``: an ensemble handed on to other programs, with what its columns mean."""

from __future__ import annotations

from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from sim.cli.common import fail, progress, refusals, tell, writable
from sim.cli.ensemble_folder import head_of, opened, plain_name
from sim.cli.options import AnySeed, FirstRuns, Folder, Set, expanded

if TYPE_CHECKING:
    from sim.ensemble.ensemble import Ensemble

_TABLES = "runs,actors"

To = Annotated[
    Literal["xlsx", "csv", "parquet", "json"] | None,
    typer.Option(help="Kind; default that of --output's ending, else xlsx. CSV and Parquet are folders of tables."),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="PATH", callback=expanded, help="Where it goes; default SCENARIO-seedS."),
]
Tables = Annotated[
    str,
    typer.Option(
        metavar="NAME,NAME",
        help="Of runs, actors, events, inputs, weekly, failures, and actor_weeks, which is played again.",
    ),
]


def export(
    folder: Folder = None,
    to: To = None,
    output: Output = None,
    tables: Tables = _TABLES,
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
) -> None:
    """Hand an ensemble on to Excel, R, Stata and others: its tables, a codebook, labels, scenario, seed and version."""
    from sim.analysis.export import export as write
    from sim.ensemble import handing_on

    names = [name.strip() for name in tables.split(",") if name.strip()]
    if strange := [name for name in names if name not in handing_on.TABLES] or ([] if names else [tables]):
        fail(*(f"--tables: {name!r} is no table; allowed: {', '.join(handing_on.TABLES)}" for name in strange))
    ending = "" if output is None else output.suffix.lower().removeprefix(".")
    if ending in ("xls", "xlsb", "ods") and to in (None, "xlsx"):  # Excel opens no file that its ending belies
        fail(f"{output}: .{ending} is not written; allowed: {', '.join(f'.{kind}' for kind in handing_on.KINDS)}")
    kind = to or (ending if ending in handing_on.KINDS else "xlsx")
    if output is not None:
        _check(output, kind)
    ensemble, _ = opened(folder, runs, seed, sets)
    target = output or _target(ensemble, kind)
    _check(target, kind)
    bar = progress(len(ensemble), "runs played again") if "actor_weeks" in names else nullcontext()
    with refusals(), bar as advance:
        try:
            write(ensemble, target, kind, names, advance)
        except FileExistsError as error:
            fail(str(error))
    head_of(ensemble)
    tell(f"exported to {target}")


def _target(ensemble: Ensemble, kind: str) -> Path:
    from sim.ensemble import handing_on

    name = f"{plain_name(ensemble.manifest['scenario'])}-seed{ensemble.manifest['seed']}"
    return Path(f"{name}-{kind}" if kind in handing_on.FOLDERS else f"{name}.{kind}")


def _check(target: Path, kind: str) -> None:
    """Fail in a line, before anything runs, if nothing can be written there."""
    from sim.ensemble import handing_on

    if kind not in handing_on.FOLDERS:
        writable(target)
    elif target.is_dir() and any(target.iterdir()):
        fail(f"{target}: something stands there; name a new or empty folder")
    elif target.exists() and not target.is_dir():
        fail(f"{target}: {kind} is a folder of tables, and a file stands there")
    else:
        writable(target / "runs" if target.is_dir() else target)
