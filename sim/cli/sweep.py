"""``sim sweep``: the answer over values of one number, of two, or at points of your own."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, head, interruptible, kept_points, progress, refusals, say, say_json, tell
from sim.cli.options import Config, Json, Of, Resume, Seed, Set, at_least, expanded
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.analysis.points import PointsFile
    from sim.ensemble.results import Sweep

Swept = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="PATH=LOW:HIGH:N", help="Values of one number, or PATH=word,word; two make a grid. Or a file of points."
    ),
]
Points = Annotated[
    Path | None,
    typer.Option("--csv", "--points", metavar="FILE", help="Points, CSV or Excel: a column a path, a row a point."),
]
Hypercube = Annotated[
    int | None,
    typer.Option("--lhs", metavar="N", min=2, help="So many points of a Latin hypercube over PATH=LOW:HIGH."),
]
RunsAPoint = Annotated[int, typer.Option("--runs", metavar="N", parser=at_least(1), help="Runs a point.")]
Out = Annotated[
    Path | None,
    typer.Option(
        "--output",
        "-o",
        metavar="FILE",
        callback=expanded,
        help="Save the figure (.png, .svg, .pdf) or the table (.csv).",
    ),
]
_MOST_VALUES = 1_000
_FILES = (".csv", ".xlsx", ".xlsm")
"""Endings of files of points, which tell them from PATH=...."""


def sweep(
    config: Config,
    swept: Swept = None,
    csv: Points = None,
    lhs: Hypercube = None,
    runs: RunsAPoint = 5_000,
    of: Of = "european",
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006
    output: Out = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Tell the answer over values of one number, of two, or at points of your own."""
    from sim.analysis import sweep as analysis
    from sim.ensemble import atomic_files

    figures.check(output, ".csv")
    with refusals():
        points = _points(swept or [], csv, lhs, seed)
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    with refusals(), kept_points(resume), interruptible(), progress(runs * len(points), "runs") as advance:
        result = analysis.sweep(scenario, points, of, runs, seed, progress=advance)
    if output and output.suffix == ".csv":
        atomic_files.put(output, result.table.to_csv(index=False))
        tell(f"table written to {output}")
    elif output:
        from sim.plots.sweep import is_scattered, scatter
        from sim.plots.sweep import sweep as draw

        figures.save(scatter(result) if is_scattered(result) else draw(result), output)
    if as_json:
        about = {name: getattr(result, name) for name in ("scenario", "seed", "of", "runs", "paths", "sentence")}
        say_json({**about, "points": result.table.to_dict("records")})
        return
    head(result.scenario, result.seed, result.runs, f"runs at each of {len(result.table):,} points")
    say(result.sentence, _swept(result))


def _points(swept: list[str], csv: Path | None, lhs: int | None, seed: int) -> pd.DataFrame | PointsFile:
    """Return the points of a sweep: from a file, as a Latin hypercube, or as a grid."""
    from sim.analysis import sweep as analysis

    if csv is None and len(swept) == 1 and "=" not in swept[0] and Path(swept[0]).suffix.lower() in _FILES:
        csv, swept = Path(swept[0]), []
    if csv is not None:
        if swept or lhs is not None:
            fail("--csv goes without PATH=... and --lhs: the file lists all points")
        from sim.analysis.points import read_points

        return read_points(csv)
    if not swept:
        fail("nothing to sweep: give PATH=LOW:HIGH:N, PATH=word,word or --csv FILE")
    parts = [each.partition("=") for each in swept]
    paths = [path for path, _, _ in parts]
    again = next((path for path in paths if paths.count(path) > 1), None)
    if again is not None:
        fail(f"{again} is given twice")
    if lhs is not None:
        return analysis.hypercube({path: _ends_of(path, text) for path, _, text in parts}, lhs, seed)
    if len(parts) > 2:
        fail("a grid has one or two paths; more go with --lhs N or --csv FILE")
    return analysis.grid({path: _values(path, text) for path, _, text in parts})


def _values(path: str, text: str) -> list[float] | list[str]:
    """Return the values that PATH=LOW:HIGH:N or PATH=word,word means."""
    ranged = re.fullmatch(r"([^:,]+):([^:,]+):(\d{1,4})", text)
    if ranged:
        low, high, many = _number(path, ranged[1]), _number(path, ranged[2]), int(ranged[3])
        if not 2 <= many <= _MOST_VALUES or not low < high:
            fail(f"{path}={text}: LOW below HIGH, and 2 to {_MOST_VALUES:,} values")
        return [low + (high - low) * at / (many - 1) for at in range(many)]
    values = [value.strip() for value in text.split(",")]
    if ":" in text or not all(values):
        fail(f"{path}={text}: expected PATH=LOW:HIGH:N or PATH=value,value")
    numeric = all(re.fullmatch(r"[-+.\d]+(e[-+]?\d+)?%?", value) for value in values)
    return [_number(path, value) for value in values] if numeric else values


def _ends_of(path: str, text: str) -> tuple[float, float]:
    ranged = re.fullmatch(r"([^:,]+):([^:,]+)", text)
    if not ranged:
        return fail(f"{path}={text}: with --lhs expected PATH=LOW:HIGH")
    low, high = _number(path, ranged[1]), _number(path, ranged[2])
    return (low, high) if low < high else fail(f"{path}={text}: LOW must be below HIGH")


def _number(path: str, text: str) -> float:
    from sim.scenario.priors import plain

    try:
        return plain(text)
    except ValueError as error:
        fail(f"{path}: {str(error).partition(';')[0]}; expected PATH=LOW:HIGH:N or PATH=value,value")


def _swept(result: Sweep) -> Table:
    paths = result.paths
    rows = [
        (
            *(value if isinstance(value, str) else f"{value:.4g}" for value in (row[path] for path in paths)),
            f"{row['probability']:.1%}",
            f"{row['low']:.1%} to {row['high']:.1%}",
        )
        for _, row in result.table.iterrows()
    ]
    title = f"Share of runs with {result.what}"
    return text_table(title, (*paths, "share", "95% run noise"), rows, whole=())
