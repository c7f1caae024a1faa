"""``sim record`` and ``sim score``: a forecast written down before the fact, and how it did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sim.cli.common import fail, refusals, say, say_json, tell
from sim.cli.ensemble_folder import Folder, opened
from sim.cli.options import Json

if TYPE_CHECKING:
    import pandas as pd

File = Annotated[Path | None, typer.Option("--out", "-o", metavar="FILE", help="Default forecast-SCENARIO-DATE.json.")]
Day = Annotated[str | None, typer.Option("--date", metavar="YYYY-MM-DD", help="Day of the forecast; default today.")]


def record(folder: Folder = None, file: File = None, day: Day = None, as_json: Json = False) -> None:
    """Write an ensemble's forecast down with its question, dated and hashed, to be scored later."""
    from sim.cli.ensemble_folder import plain_name
    from sim.validation import forecast_record

    ensemble, _ = opened(folder)
    with refusals():
        found = forecast_record.record(ensemble, day)
    target = file or Path(f"forecast-{plain_name(found['scenario'])}-{found['recorded']}.json")
    try:
        forecast_record.write(found, target)
    except FileExistsError:
        fail(f"{target}: something stands there; a record is never overwritten, -o names another file")
    if as_json:
        say_json({"file": str(target), **found})
        return
    say(found["sentence"])
    say(f"Recorded {found['recorded']} in {target}, sha256 {found['sha256']}.")
    tell(f"once the outcome is known: sim score {target} OUTCOME; outcomes: {', '.join(found['outcomes'])}")


def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Record written by sim record.")],
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="What came: an outcome's name.")],
    as_json: Json = False,
) -> None:
    """Score a recorded forecast once the outcome is known: Brier and log score, beside the naive product."""
    from sim.validation import forecast_record

    with refusals():
        table = forecast_record.score(forecast_record.read(file), outcome)
    if as_json:
        say_json({**table.attrs, "scores": table.reset_index().to_dict("records")})
        return
    say(table.attrs["sentence"])
    say()
    say(_scores(table))


def _scores(found: pd.DataFrame) -> Table:
    title = "Scores, lower is better: any force or none, a European one or none, which outcome"
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, column in enumerate(("", "forecast", "gave what came", "Brier", "log")):
        table.add_column(column, justify="left" if position < 2 else "right", header_style="dim")
    for scored, row in found.iterrows():
        numbers = (f"{row['probability']:.1%}", f"{row['brier']:.3f}", f"{row['log']:.3f}")
        table.add_row(str(scored), str(row["forecast"]), *numbers)
    return table
