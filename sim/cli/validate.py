"""``sim validate``: whether the model says what the documents say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli.changes import scenario as read
from sim.cli.common import head, kept_points, progress, refusals, say, say_json
from sim.cli.options import Json, Resume, Set, at_least
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from sim.validation.leave_out import DocumentLeftOut
    from sim.validation.patterns import Verdicts

Only = Annotated[list[str], typer.Option("--only", metavar="ID", help="Only this pattern; may be repeated.")]
LeftOut = Annotated[
    str | None,
    typer.Option(
        "--leave-out",
        metavar="DOCUMENT",
        help="Test a document's patterns on inputs rebuilt without it, such as 000; each: all in turn.",
    ),
]


def validate(
    config: Annotated[str, typer.Argument(metavar="CONFIG", help="A scenario that stands in for the baseline.")] = (
        "baseline"
    ),
    only: Only = [],  # noqa: B006  (typer copies it)
    sets: Set = [],  # noqa: B006
    leave_out: LeftOut = None,
    runs: Annotated[
        int, typer.Option(metavar="N", parser=at_least(2), help="Paired runs of every scenario compared.")
    ] = 10_000,
    seed: Annotated[int, typer.Option(metavar="S", min=0, max=2**63 - 1, help="Root seed.")] = 1,
    workers: Annotated[int | None, typer.Option(help="Threads; default one a core. Same results.")] = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Hold the documents' propositions against the model, by paired runs."""
    from sim.cli.common import fail
    from sim.validation import leave_out as leaving
    from sim.validation import patterns
    from sim.validation.leave_out import arms_without

    if leave_out is not None and only:
        fail("--leave-out goes without --only: it tests the patterns of its document")
    scenario = read(config, sets)
    with refusals(), kept_points(resume):
        if leave_out is None:
            with progress(patterns.arms(scenario, only), "scenarios") as advance:
                verdicts = patterns.validate(scenario, only, runs, seed, workers=workers, progress=advance)
            say_json(patterns_json(verdicts)) if as_json else _show(verdicts)
            return
        documents = list(leaving.documents()) if leave_out == "each" else [leave_out]
        with progress(sum(arms_without(scenario, each) for each in documents), "scenarios") as advance:
            results = [
                leaving.leave_out(scenario, each, runs, seed, workers=workers, progress=advance) for each in documents
            ]
    if as_json:
        say_json({"left_out": {each.document: _left_out_json(each) for each in results}})
        return
    for each in results:
        _show_left_out(each)


def patterns_json(verdicts: Verdicts) -> dict[str, Any]:
    """Return verdicts on patterns as the JSON object that the command prints."""
    from sim.validation.patterns import counts

    rows = verdicts.table.reset_index().rename(columns={"pattern": "id"}).to_dict("records")
    about = {"scenario": verdicts.scenario, "runs": verdicts.runs, "seed": verdicts.seed}
    return {"patterns": rows, **counts(verdicts.table), **about}


def _left_out_json(result: DocumentLeftOut) -> dict[str, Any]:
    return {**patterns_json(result.after), "spread": result.spread, "before": patterns_json(result.before)}


def _show(verdicts: Verdicts) -> None:
    head(verdicts.scenario, verdicts.seed, verdicts.runs, "paired runs of every scenario")
    say(verdicts.sentence)
    table = verdicts.table
    for verdict in ("fails", "not_shown", "holds"):
        rows = table[table["verdict"] == verdict]
        if len(rows):
            cells = [(id, row["expected"], _number(row["effect"]), _interval(row)) for id, row in rows.iterrows()]
            headers = ("pattern", "expected", "effect", "95% run noise")
            say()
            say(text_table(verdict.replace("_", " "), headers, cells, left=range(4)))


def _show_left_out(result: DocumentLeftOut) -> None:
    head(
        f"{result.after.scenario} without {result.document}",
        result.after.seed,
        result.after.runs,
        "paired runs of every scenario",
    )
    say(result.sentence)
    say(f"{result.spread} inputs rest on it alone, and may lie anywhere on their scale.")
    headers = ("pattern", "expected", "with it", "without it", "effect", "95% run noise")
    table = text_table("", headers, left=range(6))
    for (id, row), earlier in zip(result.table.iterrows(), result.before.table["verdict"], strict=True):
        table.add_row(str(id), row["expected"], earlier, row["verdict"], _number(row["effect"]), _interval(row))
    say(table)
    say()


def _interval(row: Any) -> str:
    return f"{_number(row['low'])} to {_number(row['high'])}" if row["low"] == row["low"] else "too few runs"


def _number(value: float) -> str:
    return f"{value:.3f}" if value == value else ""
