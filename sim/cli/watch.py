"""``sim watch``: what could be seen in the next weeks, and how far it would move the forecast."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import head, interruptible, progress, refusals, say, say_json, with_values
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, PopulationRuns, Seed, Set, Workers
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.ensemble.update_result import Watch

_MOST = 15
"""Indicators printed, the most telling first."""

File = Annotated[
    Path | None, typer.Argument(metavar="[FILE]", help="What was seen so far; docs/how-to/update.md. Default nothing.")
]
Weeks = Annotated[int, typer.Option(metavar="N", min=1, help="Weeks from the last observation, or from the start.")]


def watch(
    config: Config,
    file: File = None,
    weeks: Weeks = 8,
    of: Of = "european",
    runs: PopulationRuns = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    workers: Workers = None,
    output: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell what to watch: how likely each thing is to be seen, and how far it would move the forecast."""
    from sim.analysis import updating, watching
    from sim.scenario.observations import load_observations

    figures.check(output)
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    seen = load_observations(file, scenario) if file is not None else ()
    options: dict[str, Any] = with_values(runs=runs)
    with refusals():
        total = updating.runs_played(seen, **options)
    with refusals(), interruptible(), progress(total, "runs") as advance:
        options |= {"seed": seed, "workers": workers, "progress": advance}
        result = watching.watch(scenario, seen, of, weeks, **options)
    if output:
        from sim.plots.living import indicators

        figures.save(indicators(result), output)
    if as_json:
        say_json({**result.facts(), "indicators": result.table.to_dict("index")})
        return
    head(result.scenario, result.seed, result.runs, "runs of a population")
    say(result.sentence)
    say()
    say(_table(result))


def _table(result: Watch) -> Table:
    return text_table(result.title, result.headers, result.rows(_MOST), left=range(1), whole=())
