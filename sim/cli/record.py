"""``sim record``: a forecast written down before the fact."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from sim.cli.common import fail, refusals, say, say_json, tell
from sim.cli.ensemble_folder import opened, plain_name
from sim.cli.options import AnySeed, FirstRuns, Folder, Json, Set

File = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Default forecast-SCENARIO-DATE.json.")]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the forecast; default today.")]


def record(
    folder: Folder = None,
    file: File = None,
    day: Day = None,
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    as_json: Json = False,
) -> None:
    """Write an ensemble's forecast down with its question, dated and hashed, to be scored later."""
    from sim.validation import forecast_record

    ensemble, _ = opened(folder, runs, seed, sets)
    with refusals():
        forecast = forecast_record.record(ensemble, day)
    target = file or Path(f"forecast-{plain_name(forecast['scenario'])}-{forecast['recorded']}.json")
    try:
        forecast_record.write(forecast, target)
    except FileExistsError:
        fail(f"{target}: something stands there; a record is never overwritten, -o names another file")
    if as_json:
        say_json({"file": str(target), **forecast})
        return
    say(forecast["sentence"])
    say(f"Recorded {forecast['recorded']} in {target}, sha256 {forecast['sha256']}.")
    tell(f"once the outcome is known: sim score {target} OUTCOME; outcomes: {', '.join(forecast['outcomes'])}")
