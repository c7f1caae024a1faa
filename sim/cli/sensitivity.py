"""Commands that say what moves a headline: sensitivity, sweep."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import figures
from sim.cli.answer_tables import tabled
from sim.cli.changes import scenario as read
from sim.cli.common import asked, fail, interruptible, progress, refusals, say, say_json, tell
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, Seed, Set

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.results import Sweep

Base = Annotated[
    int | None,
    typer.Option(metavar="N", min=8, max=65_536, help="Base size of the indices, 4,096 unless given: runs a group."),
]
Trajectories = Annotated[
    int | None, typer.Option(metavar="N", min=2, max=1000, help="Trajectories of the screening, 100 unless given.")
]
Swept = Annotated[
    list[str] | None,
    typer.Argument(metavar="PATH=LOW:HIGH:N", help="Values of one number, or PATH=word,word; two make a grid."),
]
Points = Annotated[Path | None, typer.Option("--csv", metavar="FILE", help="Points: a column a path, a row a point.")]
Hypercube = Annotated[
    int | None,
    typer.Option("--lhs", metavar="N", min=2, help="So many points of a Latin hypercube over PATH=LOW:HIGH."),
]
RunsAPoint = Annotated[int, typer.Option("--runs", metavar="N", min=1, help="Runs a point.")]
Out = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Save the figure (.png, .svg, .pdf) or the table (.csv)."),
]
_MOST_VALUES = 1_000


def sensitivity(
    config: Config,
    of: Of = "european",
    base: Base = None,
    trajectories: Trajectories = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    output: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell what moves the answer: luck, assumptions, actors, phases, and which single numbers."""
    from sim.analysis import sensitivity as analysis

    figures.check(output)
    scenario = read(config, sets)
    given = asked(base=base, trajectories=trajectories)
    with refusals(), interruptible(), progress(None, "runs") as advance:
        found = analysis.sensitivity(scenario, of, seed=seed, progress=advance, **given)
    if output:
        from sim.plots.sensitivity import tornado

        figures.save(tornado(found.ends), output)
    if as_json:
        about = {
            name: found.groups.attrs[name] for name in ("scenario", "seed", "of", "base", "runs_counted", "sentence")
        }
        groups = {kind: _of_kind(found.groups, kind).to_dict("index") for kind in ("reasons", "actor", "phase")}
        tables = {"inputs": found.inputs, "screening": found.screening, "ends": found.ends}
        say_json({**about, "groups": groups, **{name: table.to_dict("index") for name, table in tables.items()}})
        return
    say(found.groups.attrs["sentence"])
    for kind, title in (("reasons", "What it rests on"), ("actor", "Actors"), ("phase", "Phases of the round")):
        say()
        say(_shares(_of_kind(found.groups, kind), f"{title}: share of the variance"))
    say()
    say(_shares(found.inputs, "Single numbers, of those that the screening puts first: share of the variance"))
    say()
    say(_ends(found.ends))


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
    as_json: Json = False,
) -> None:
    """Tell the answer over values of one number, of two, or at points of your own."""
    from sim.analysis import sweep as analysis

    figures.check(output, ".csv")
    with refusals():
        points = _points(swept or [], csv, lhs, seed)
    scenario = read(config, sets)
    with refusals(), interruptible(), progress(runs * len(points), "runs") as advance:
        result = analysis.sweep(scenario, points, of, runs, seed, progress=advance)
    if output and output.suffix == ".csv":
        result.table.to_csv(output, index=False)
        tell(f"table written to {output}")
    elif output:
        from sim.plots.sweep import sweep as draw

        figures.save(draw(result), output)
    if as_json:
        about = {name: getattr(result, name) for name in ("scenario", "seed", "of", "runs", "paths", "sentence")}
        say_json({**about, "points": result.table.to_dict("records")})
        return
    say(result.sentence)
    say()
    say(_swept(result))


def _points(swept: list[str], csv: Path | None, lhs: int | None, seed: int) -> pd.DataFrame:
    """Return the points that a sweep was asked for, in one of three ways."""
    from sim.analysis import sweep as analysis

    if csv is not None:
        if swept or lhs is not None:
            fail("--csv goes without PATH=... and --lhs: the file lists all points")
        return analysis.read_points(csv)
    if not swept:
        fail("nothing to sweep: give PATH=LOW:HIGH:N, PATH=word,word or --csv FILE")
    parts = [each.partition("=") for each in swept]
    paths = [path for path, _, _ in parts]
    again = next((path for path in paths if paths.count(path) > 1), None)
    if again is not None:
        fail(f"{again} is given twice")
    if lhs is not None:
        return analysis.hypercube({path: _ends_of(path, said) for path, _, said in parts}, lhs, seed)
    if len(parts) > 2:
        fail("a grid has one or two paths; more go with --lhs N or --csv FILE")
    return analysis.grid({path: _values(path, said) for path, _, said in parts})


def _values(path: str, said: str) -> list[Any]:
    """Return the values that PATH=LOW:HIGH:N or PATH=word,word means."""
    ranged = re.fullmatch(r"([^:,]+):([^:,]+):(\d{1,4})", said)
    if ranged:
        low, high, many = _number(path, ranged[1]), _number(path, ranged[2]), int(ranged[3])
        if not 2 <= many <= _MOST_VALUES or not low < high:
            fail(f"{path}={said}: LOW below HIGH, and 2 to {_MOST_VALUES:,} values")
        return [low + (high - low) * at / (many - 1) for at in range(many)]
    values = [value.strip() for value in said.split(",")]
    if ":" in said or not all(values):
        fail(f"{path}={said}: expected PATH=LOW:HIGH:N or PATH=value,value")
    numeric = all(re.fullmatch(r"[-+.\d]+(e[-+]?\d+)?%?", value) for value in values)
    return [_number(path, value) for value in values] if numeric else values


def _ends_of(path: str, said: str) -> tuple[float, float]:
    ranged = re.fullmatch(r"([^:,]+):([^:,]+)", said)
    if not ranged:
        return fail(f"{path}={said}: with --lhs expected PATH=LOW:HIGH")
    low, high = _number(path, ranged[1]), _number(path, ranged[2])
    return (low, high) if low < high else fail(f"{path}={said}: LOW must be below HIGH")


def _number(path: str, said: str) -> float:
    from sim.scenario.priors import plain

    try:
        return plain(said)
    except ValueError as error:
        fail(f"{path}: {error}")


def _of_kind(groups: pd.DataFrame, kind: str) -> pd.DataFrame:
    return groups[groups["kind"] == kind].drop(columns="kind").set_index("group")


def _shares(table: pd.DataFrame, title: str) -> Table:
    rows = [
        (name, f"{row['inputs']:.0f}", _cell(row, "first"), _cell(row, "total"))
        for name, row in table.sort_values("total", ascending=False, kind="stable").iterrows()
    ]
    headers = ("", "inputs", "alone, % (95%)", "with others, % (95%)")
    if (table["inputs"] <= 1).all():
        return tabled(title, (headers[0], *headers[2:]), [(name, *cells) for name, _, *cells in rows])
    return tabled(title, headers, rows)


def _cell(row: pd.Series, name: str) -> str:
    return f"{100 * row[name]:.1f} ({100 * row[f'{name}_low']:.1f} to {100 * row[f'{name}_high']:.1f})"


def _ends(table: pd.DataFrame) -> Table:
    title = f"Assumptions at the least and the most that they can be: share of runs with {table.attrs['what']}"
    rows = [
        (
            path,
            f"{row['low']}",
            f"{row['at_low']:.1%}",
            f"{row['high']}",
            f"{row['at_high']:.1%}",
            f"{row['difference'] * 100:+.1f}",
            f"{row['difference_low'] * 100:+.1f} to {row['difference_high'] * 100:+.1f}",
        )
        for path, row in table.iterrows()
    ]
    return tabled(title, ("", "low", "share", "high", "share", "points", "95% run noise"), rows)


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
    return tabled(title, (*paths, "share", "95% run noise"), rows)
