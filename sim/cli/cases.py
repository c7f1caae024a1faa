"""``sim cases``: other theatres than the baseline, converted by fixed rules, run, and scored against what came."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from sim.cli.common import interruptible, progress, refusals, say, say_json, tell, writable
from sim.cli.options import Engine, Json, Seed, Workers, at_least, expanded
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

    from sim.batch.running import RunOptions
    from sim.validation.case_scores import CaseScores

Where = Annotated[
    Path | None,
    typer.Argument(metavar="[FOLDER]", help="A folder of cases, or the file of one; default the twelve shipped."),
]
Runs = Annotated[int, typer.Option("--runs", metavar="N", parser=at_least(1, 1_000_000), help="Runs of each case.")]
Theory = Annotated[
    int, typer.Option(metavar="N", parser=at_least(0, 1_000_000), help="Runs under each rival rule; 0 for none.")
]
Kept = Annotated[
    Path | None, typer.Option("--write", metavar="FOLDER", callback=expanded, help="Keep the theatres, as YAML.")
]
Out = Annotated[Path | None, typer.Option("--out", metavar="FOLDER", callback=expanded, help="Write all tables there.")]


def cases(
    where: Where = None,
    runs: Runs = 4_000,
    seed: Seed = 1,
    theory: Theory = 500,
    engine: Engine = None,
    workers: Workers = None,
    out: Out = None,
    write: Kept = None,
    as_json: Json = False,
) -> None:
    """Convert cases into theatres, run them, and score what comes out against what came."""
    from sim.validation import cases as validation

    for folder in filter(None, (out, write)):
        folder.mkdir(parents=True, exist_ok=True)
        writable(folder / "cases.json")
    options: RunOptions = {"engine": engine, "workers": workers}
    with refusals():
        prepared = validation.prepare(where, write)
    with refusals():
        total = validation.runs_played(prepared, runs, theory)
    with refusals(), interruptible(), progress(total, "runs") as advance:
        options["progress"] = advance
        scores = validation.cases(prepared, runs, seed, theory=theory, stage=advance.stage, **options)
    if out is not None:
        _write(out, scores)
    if as_json:
        return say_json(_as_data(scores))
    return _report(scores)


def _as_data(scores: CaseScores) -> dict[str, Any]:
    """Return all that is known of cases as plain data."""
    listed = _records(scores.cases)
    for row, each in zip(listed, scores.forecasts, strict=True):
        row |= {"kinds": each.kinds, "missing": each.missing}
        row["rivals"] = {name: share.probability for name, share in each.rivals.items()}
    tables = {"scores": _records(scores.table), "reliability": _records(scores.bins), "cases": listed}
    return {name: None if value != value else value for name, value in scores.facts().items()} | tables


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return a table row by row, None where a value is missing."""
    rows = table.reset_index().astype(object)
    return [
        {str(name): value for name, value in row.items()} for row in rows.where(rows.notna(), None).to_dict("records")
    ]


def _write(folder: Path, scores: CaseScores) -> None:
    from sim.ensemble import atomic_files

    text = json.dumps(_as_data(scores), indent=1, ensure_ascii=False, allow_nan=False)
    atomic_files.put(folder / "cases.json", f"{text}\n")
    for name, table in {"cases": scores.cases, "scores": scores.table, "reliability": scores.bins}.items():
        atomic_files.put(folder / f"{name}.csv", table.to_csv())
    tell(f"tables written to {folder}")


def _report(scores: CaseScores) -> None:
    count = len(scores.cases)
    say(scores.sentence)
    say(f"{count} case{'s' * (count > 1)}, {scores.runs:,} runs each, seed {scores.seed}.")
    say()
    say(
        _cases(scores.cases),
        _kinds(scores.cases),
        *((_scores(scores.table), _bins(scores.bins)) if scores.scored > 1 else ()),
    )
    say("Inputs: 10th to 90th percentile over draws of the inputs. Rules: least to most over rival rules.")


def _cases(table: pd.DataFrame) -> Table:
    from sim.validation.case_scores import GATE_WORDS

    headers = ("case", "force", "run noise", "inputs", "rules", "came", "most often missing")
    rows = [
        (
            str(name),
            f"{row['probability']:.0%}",
            *(_span(row, part) for part in ("run_noise", "inputs", "theory")),
            {True: "yes", False: "no"}.get(row["formed"], "?"),
            GATE_WORDS.get(str(row["blocker"]), ""),
        )
        for name, row in table.iterrows()
    ]
    return text_table("A foreign force forms within a year", headers, rows, left=(0, 5, 6), whole=range(6), gap=1)


def _kinds(table: pd.DataFrame) -> Table:
    rows = [
        (str(name), row["kind"], _size(row["troops"]), row["kind_came"] or "?", _size(row["troops_came"]))
        for name, row in table.iterrows()
    ]
    headers = ("case", "says", "troops", "came", "troops")
    return text_table("Kind that forms most often, its median size, and what came", headers, rows, left=(0, 1, 3))


def _size(troops: float | None) -> str:
    return "-" if troops is None or troops != troops else f"{troops:,.0f}"


def _span(row: pd.Series, name: str) -> str:
    low, high = row[f"{name}_low"], row[f"{name}_high"]
    return f"{low:.0%}-{high:.0%}" if low == low else "-"


def _scores(table: pd.DataFrame) -> Table:
    headers = ("forecast", "Brier", "95%", "gain", "95%", "log", "area")
    rows = [
        (
            str(name),
            f"{row['brier']:.3f}",
            _interval(row, "brier"),
            _number(row["gain"], "+.3f"),
            _interval(row, "gain", "+.2f"),
            f"{row['log']:.3f}",
            _number(row["auc"], ".2f"),
        )
        for name, row in table.iterrows()
    ]
    title = (
        "Scores, lower is better (of area, higher); gain: by how much the engine's Brier score is lower; "
        "from as_configured on: rival rules"
    )
    return text_table(title, headers, rows, left=(0,), whole=range(7))


def _bins(table: pd.DataFrame) -> Table:
    rows = [
        (
            f"{row['from']:.0%} to {row['to']:.0%}",
            f"{row['cases']:.0f}",
            _number(row["mean_forecast"], ".0%"),
            _number(row["formed"], ".0%"),
            _interval(row, "formed", ".0%"),
        )
        for _, row in table.iterrows()
    ]
    headers = ("forecast", "cases", "mean forecast", "formed", "95%")
    return text_table("Reliability in three bins", headers, rows, left=(0,), whole=range(5))


def _interval(row: pd.Series, name: str, form: str = ".2f") -> str:
    low, high = row.get(f"{name}_low", float("nan")), row.get(f"{name}_high", float("nan"))
    return f"{low:{form}} to {high:{form}}" if low == low else ""


def _number(value: float, form: str) -> str:
    return f"{value:{form}}" if value == value else ""
