"""``sim update``: a forecast that takes in what was seen."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, head, interruptible, progress, refusals, say, say_json, tell, with_values
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, PopulationRuns, Resume, Seed, Set, Workers
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.ensemble.update_result import Update

_LEARNT = 10
"""Inputs listed, those that moved most."""

File = Annotated[Path, typer.Argument(metavar="FILE", help="Observations, a YAML list; docs/how-to/update.md.")]
Widths = Annotated[
    bool, typer.Option("--widths/--no-widths", help="How the chance moves over pasts that fit, and over rival rules.")
]
Record = Annotated[
    Path | None, typer.Option("--record", metavar="FILE", help="Write the series of forecasts down, for sim score.")
]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the record; default today.")]


def update(
    config: Config,
    file: File,
    of: Of = "european",
    runs: PopulationRuns = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    workers: Workers = None,
    widths: Widths = True,
    record: Record = None,
    day: Day = None,
    output: FigureFile = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Update a forecast on what was seen: before and after each observation, and what was learnt."""
    from sim.analysis.living_forecast import living_forecast, runs_played
    from sim.scenario.observations import load_observations

    figures.check(output)
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    seen = load_observations(file, scenario)
    options: dict[str, Any] = with_values(runs=runs)
    with refusals():
        total = runs_played(scenario, seen, **options, widths=widths)
    with refusals(), interruptible(), progress(total, "runs") as advance:
        options |= {"seed": seed, "workers": workers, "widths": widths, "resume": resume, "progress": advance}
        result = living_forecast(scenario, seen, of, **options)
    if record is not None:
        _write(result, record, day)
    if output:
        from sim.plots.living import living

        figures.save(living(result), output)
    if as_json:
        tables = {"steps": result.table.to_dict("records"), "inputs": _learnt(result).to_dict("index")}
        left_out = result.left_out.astype(object).where(result.left_out.notna(), None)
        say_json({**result.facts(), **tables, "left_out": left_out.to_dict("index")})
        return
    head(result.scenario, result.seed, result.runs, "runs of a population")
    say(result.sentence)
    say()
    say(_steps(result))
    if len(seen):
        say()
        say(_inputs(result), _left_out(result))


def _write(result: Update, file: Path, day: str | None) -> None:
    """Write the series into a new file; one that stands is never overwritten."""
    from sim.validation import forecast_record, series_record

    with refusals():
        content = series_record.record_series(result, day)
    try:
        forecast_record.write(content, file)
    except FileExistsError:
        fail(f"{file}: something stands there; a record is never overwritten")
    tell(f"recorded {content['recorded']} in {file}, sha256 {content['sha256']}")
    tell(f"once it is known what came: sim score {file} EVENT=yes, or EVENT=no")


def _learnt(result: Update) -> Any:
    return result.inputs.head(_LEARNT)


def _steps(result: Update) -> Table:
    rows = [
        (
            row["week"],
            row["observation"] or "before any",
            "" if not step else f"{row['predicted']:.0%}",
            f"{row['probability']:.1%} ({row['low']:.1%} to {row['high']:.1%})",
            f"{row['ceasefire'] if result.of != 'ceasefire' else row['probability']:.1%}",
            f"{row['effective']:,.0f}",
        )
        for step, row in result.table.iterrows()
    ]
    headers = ("week", "seen", "expected", "chance (95% simulation noise)", "ceasefire", "runs that count")
    return text_table(f"The chance of {result.what} as things were seen", headers, rows, left=range(2), whole=())


def _inputs(result: Update) -> Table:
    rows = [
        (path, f"{row['distance']:.2f}", f"{row['noise']:.2f}", f"{row['mean_quantile']:.2f}")
        for path, row in _learnt(result).iterrows()
    ]
    headers = ("", "distance", "of noise", "mean quantile (0.50 before)")
    return text_table("What was learnt of the inputs", headers, rows, whole=())


def _left_out(result: Update) -> Table:
    rows = [
        (name, "too few runs" if row["moves"] != row["moves"] else f"{row['moves'] * 100:+.1f}")
        for name, row in result.left_out.iterrows()
    ]
    return text_table("What each observation moves, left out by itself", ("", "points"), rows, left=range(1), whole=())
