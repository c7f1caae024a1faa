"""``sim score``: how a recorded forecast did, once the outcome is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sim.cli.common import refusals, say, say_json
from sim.cli.options import Json
from sim.cli.tables import text_table

ABOUT = ("scenario", "recorded", "runs", "seed", "not_baseline", "sha256", "outcome", "sentence")

if TYPE_CHECKING:
    import pandas as pd


def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Record written by sim record.")],
    outcome: Annotated[str, typer.Argument(metavar="OUTCOME", help="What came: an outcome's name.")],
    as_json: Json = False,
) -> None:
    """Score a recorded forecast once the outcome is known: Brier and log score, beside the naive product."""
    from sim.validation import forecast_record

    with refusals():
        result = forecast_record.score(forecast_record.read(file), outcome)
    if as_json:
        about = {name: getattr(result, name) for name in ABOUT}
        say_json({**about, "scores": result.table.reset_index().to_dict("records")})
        return
    say(result.sentence)
    say()
    say(_scores(result.table))


def _scores(scores: pd.DataFrame) -> Table:
    title = "Scores, lower is better: any force or none, a European one or none, which outcome"
    table = text_table(title, ("", "forecast", "gave what came", "Brier", "log"), left=(0, 1), whole=())
    for name, row in scores.iterrows():
        numbers = (f"{row['probability']:.1%}", f"{row['brier']:.3f}", f"{row['log']:.3f}")
        table.add_row(str(name), str(row["forecast"]), *numbers)
    return table
