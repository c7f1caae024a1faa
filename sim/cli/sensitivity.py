"""``sim sensitivity``: what moves the answer, from chance to single numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import figures
from sim.cli import number_tables as numbers
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, head, interruptible, kept_points, progress, refusals, say, say_json, with_values
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, Resume, Seed, Set, Within, at_least, from_points
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.ensemble.results import Ends, Sensitivity


Base = Annotated[
    int | None,
    typer.Option(metavar="N", min=8, max=65_536, help="Base size of the indices, 4,096 unless given: runs a group."),
]
Trajectories = Annotated[
    int | None, typer.Option(metavar="N", min=2, max=1000, help="Trajectories of the screening, 100 unless given.")
]
Shares = Annotated[bool, typer.Option("--shares", help="Show the share of every single number instead.")]
Inert = Annotated[bool, typer.Option("--inert", help="Show which numbers make no difference instead; takes minutes.")]
Runs = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=at_least(1),
        help="Of --shares, 200,000 unless given; of --inert at each end, 2,048 unless given.",
    ),
]
_KINDS = {"reasons": "What it rests on", "actor": "Actors", "phase": "Phases of the round"}
"""Kinds of groups, and the titles of their tables."""


def sensitivity(
    config: Config,
    of: Of = "european",
    base: Base = None,
    trajectories: Trajectories = None,
    within: Within = None,
    shares: Shares = False,
    inert: Inert = False,
    runs: Runs = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    output: FigureFile = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Tell what moves the answer: chance, assumptions, actors, phases, and which single numbers."""
    from sim.analysis import experts as each_expert
    from sim.analysis import sensitivity as analysis

    _check(shares, inert, runs, base, trajectories)
    if within is not None and (base is not None or shares or inert):
        fail("--within goes without --base, --shares and --inert")
    half = from_points(within)
    figures.check(output)
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    if shares:
        return numbers.shares(scenario, of, runs, seed, output, as_json)
    if inert:
        return numbers.inert(scenario, runs, seed, output, as_json)
    options: dict[str, Any] = with_values(base=base, trajectories=trajectories)
    with refusals():
        total = analysis.runs_played(scenario, **options, adaptive=half is not None)
        total += each_expert.runs_played(scenario)
    with refusals(), kept_points(resume), interruptible(), progress(total, "runs") as advance:
        result = analysis.sensitivity(scenario, of, seed=seed, within=half, progress=advance, **options)
        people = each_expert.experts(scenario, of, seed=seed, progress=advance)
    if output:
        from sim.plots.sensitivity import tornado

        figures.save(tornado(result.ends), output)
    return say_json(_as_json(result, people)) if as_json else _report(result, people)


def _as_json(result: Sensitivity, people: pd.DataFrame) -> dict[str, Any]:
    names = ("scenario", "seed", "of", "base", "runs_counted", "sentence")
    about = {name: value for name, value in result.facts().items() if name in names}
    groups = {kind: _of_kind(result.groups, kind).to_dict("index") for kind in _KINDS}
    tables = {"inputs": result.inputs, "screening": result.screening, "ends": result.ends.table}
    listed = {name: table.to_dict("index") for name, table in tables.items()}
    return {**about, "groups": groups, **listed, "experts": people.to_dict("records")}


def _report(result: Sensitivity, people: pd.DataFrame) -> None:
    head(result.scenario, result.seed, result.runs_counted)
    say(result.sentence)
    for kind, title in _KINDS.items():
        say()
        say(_shares(_of_kind(result.groups, kind), f"{title}: share of the variance"))
    say()
    say(_shares(result.inputs, "Single numbers, of those that the screening puts first: share of the variance"))
    say()
    say(_ends(result.ends))
    if len(people):
        say()
        say(_people(people, result.ends.what))


def _people(table: pd.DataFrame, what: str) -> Table:
    title = f"Numbers that several people judge: share of runs with {what} if one of them were right alone"
    gaps = ("difference", "difference_low", "difference_high")
    rows = [
        (
            row["input"],
            f"{row['by']} ({row['weight']:.0%})",
            row["value"],
            f"{row['probability']:.1%}",
            "{:+.1f} ({:+.1f} to {:+.1f})".format(*(100 * row[name] for name in gaps)),
        )
        for _, row in table.iterrows()
    ]
    headers = ("", "by (weight)", "value", "share", "points against the pool (95%)")
    return text_table(title, headers, rows, left=range(3), whole=())


def _check(shares: bool, inert: bool, runs: int | None, base: int | None, trajectories: int | None) -> None:
    """Refuse options that do not go together."""
    if shares and inert:
        fail("expected one of --shares and --inert")
    if runs is not None and not (shares or inert):
        fail("--runs goes with --shares or --inert; the size of the design is --base")
    if (shares or inert) and (base is not None or trajectories is not None):
        fail("--base and --trajectories go without --shares and --inert; their size is --runs")


def _of_kind(groups: pd.DataFrame, kind: str) -> pd.DataFrame:
    return groups[groups["kind"] == kind].drop(columns="kind").set_index("group")


def _shares(table: pd.DataFrame, title: str) -> Table:
    rows = [
        (name, f"{row['inputs']:.0f}", _cell(row, "first"), _cell(row, "total"))
        for name, row in table.sort_values("total", ascending=False, kind="stable").iterrows()
    ]
    headers = ("", "inputs", "alone, % (95%)", "with others, % (95%)")
    if (table["inputs"] <= 1).all():
        return text_table(title, (headers[0], *headers[2:]), [(name, *cells) for name, _, *cells in rows], whole=())
    return text_table(title, headers, rows, whole=())


def _cell(row: pd.Series, name: str) -> str:
    return f"{100 * row[name]:.1f} ({100 * row[f'{name}_low']:.1f} to {100 * row[f'{name}_high']:.1f})"


def _ends(ends: Ends) -> Table:
    title = f"Assumptions at the least and the most that they can be: share of runs with {ends.what}"
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
        for path, row in ends.table.iterrows()
    ]
    return text_table(title, ("", "low", "share", "high", "share", "points", "95% run noise"), rows, whole=())
