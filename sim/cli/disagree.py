"""``sim disagree``: which of the differences between two configs explains the gap of their answers."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.changes import scenarios as read_all
from sim.cli.common import fail, head, interruptible, kept_points, progress, refusals, say, say_json, tell
from sim.cli.figures import FigureFile
from sim.cli.options import Engine, Json, Of, Resume, Seed, SetAll, Workers, at_least
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.ensemble.disagreement import Disagreement

_MOST_PAIRS = 5
"""Interactions printed, the largest first."""

A = Annotated[str, typer.Argument(metavar="A", help="The first scenario.")]
B = Annotated[str | None, typer.Argument(metavar="B", help="The second scenario.")]
Runs = Annotated[
    int | None,
    typer.Option(
        metavar="N",
        parser=at_least(2),
        help="Runs of each scenario; default 500 to 4,000, some 100,000 in all; with mesa a tenth.",
    ),
]
By = Annotated[
    Literal["path", "part", "actor"] | None,
    typer.Option(
        help="Groups: each path; an actor, edge, mission or family of rules; the same, edges with their actor. "
        "Default path up to 6, else part."
    ),
]
Permutations = Annotated[
    int | None,
    typer.Option(
        metavar="N", help="Sample N orders, an even number from 12 on; default all, and 20 from 13 groups on."
    ),
]


def disagree(
    a: A,
    b: B = None,
    of: Of = "european",
    runs: Runs = None,
    seed: Seed = 1,
    sets: SetAll = [],  # noqa: B006  (typer copies it)
    by: By = None,
    permutations: Permutations = None,
    engine: Engine = None,
    workers: Workers = None,
    output: FigureFile = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Tell which differences from A to B explain the gap of their answers (Shapley values, same luck)."""
    from sim.analysis import disagree as analysis

    figures.check(output)
    if b is None and not sets:
        fail("disagree: expected a second scenario, or --set PATH=VALUE")
    one, other = read_all([a] if b is None else [a, b], sets)
    for each in (one, other):
        require_event(of, each.parts.missions)
    design: dict[str, Any] = {"by": by, "permutations": permutations, "engine": engine}
    with refusals():
        total = analysis.runs_played(one, other, runs, **design)
    with refusals(), kept_points(resume), interruptible(), progress(total, "runs") as advance:
        result = analysis.disagree(one, other, of, runs, seed, progress=advance, tell=tell, workers=workers, **design)
    if output:
        from sim.plots.disagree import disagree as draw

        figures.save(draw(result), output)
    if as_json:
        tables = {
            "groups": result.table.to_dict("index"),
            "interactions": _records(result),
            "answers": result.answers.to_dict("index"),
        }
        say_json({**result.facts(), "stamp": result.stamp or None, **tables})
        return
    head(f"{result.a} against {result.b}", seed, result.runs, "paired runs")
    say(result.sentence, *result.ties, _groups(result), _differing(result))
    if len(result.interactions):
        say()
        say(_pairs(result))


def _records(result: Disagreement) -> list[dict[Any, Any]]:
    return result.interactions.reset_index().to_dict("records")


def _groups(result: Disagreement) -> Table:
    noise = "95%, sampled" if result.permutations else "95% run noise"
    title = f"What each difference adds on the way from {result.a} to {result.b}, in points"
    rows = [
        (name, *_points(row["value"], row["low"], row["high"]), _share(row.to_dict()))
        for name, row in result.table.iterrows()
    ]
    return text_table(title, ("", "points", noise, "% of gap (95%)"), rows, whole=(1, 2, 3))


def _differing(result: Disagreement) -> Table:
    rows = [(name, row["differs"]) for name, row in result.table.iterrows()]
    return text_table("What differs", ("", ""), rows, left=(0, 1))


def _pairs(result: Disagreement) -> Table:
    title = "By how much more the one adds where the other has changed too, in points"
    moving = [row for row in _records(result) if row["low"] != 0.0 or row["high"] != 0.0]
    rows = [(row["one"], row["other"], *_points(row["value"], row["low"], row["high"])) for row in moving[:_MOST_PAIRS]]
    return text_table(title, ("", "", "points", "95% for all pairs at once"), rows, left=(0, 1), whole=(2, 3))


def _points(value: float, low: float, high: float) -> tuple[str, str]:
    point, least, most = (f"{round(100 * each, 2) + 0.0:+.2f}" for each in (value, low, high))
    return point, f"{least} to {most}"


def _share(row: dict[Any, Any]) -> str:
    if isnan(row["share"]):
        return ""
    share, low, high = (f"{round(100 * row[key]) + 0}" for key in ("share", "share_low", "share_high"))
    return f"{share} ({low} to {high})"
