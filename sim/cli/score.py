"""``sim score``: how a recorded forecast did, once the outcome is known."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sim.cli.common import fail, refusals, say, say_json
from sim.cli.options import Json
from sim.cli.tables import text_table

ABOUT = ("scenario", "recorded", "runs", "seed", "not_baseline", "sha256", "outcome", "sentence")
SCORED = {"deployed": "a force or none", "european": "a European force or none", "outcome": "which outcome"}
"""What is scored, in words."""

if TYPE_CHECKING:
    import pandas as pd


def score(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Record written by sim record.")],
    outcome: Annotated[
        str, typer.Argument(metavar="OUTCOME", help="What came: an outcome's name; of a series EVENT=yes or EVENT=no.")
    ],
    as_json: Json = False,
) -> None:
    """Score a recorded forecast, or a series of updates, once it is known what came: Brier and log score."""
    from sim.validation import forecast_record, series_record

    if series_record.is_series(file):
        return _series(file, outcome, as_json)
    with refusals():
        result = forecast_record.score(forecast_record.read(file), outcome)
    if as_json:
        about = {name: getattr(result, name) for name in ABOUT}
        say_json({**about, "scores": result.table.reset_index().to_dict("records")})
        return None
    say(result.sentence)
    say()
    say(_scores(result.table))
    return None


def _series(file: Path, outcome: str, as_json: bool) -> None:
    """Score a series step by step."""
    from sim.validation import series_record

    event, sign, came = outcome.partition("=")
    if not sign or came not in ("yes", "no"):
        fail(f"{outcome}: what came of a series is EVENT=yes or EVENT=no, such as european=no")
    with refusals():
        result = series_record.score_series(series_record.read_series(file), event, came == "yes")
    if as_json:
        return say_json({**result.facts(), "steps": result.table.to_dict("records")})
    say(result.sentence)
    say()
    say(_steps(result.table))
    return None


def _steps(steps: pd.DataFrame) -> Table:
    rows = [
        (
            str(row["week"]),
            row["observation"] or "before any",
            f"{row['probability']:.1%}",
            f"{row['brier']:.3f}",
            f"{row['log']:.3f}",
            f"{row['gain']:+.3f}",
        )
        for _, row in steps.iterrows()
    ]
    title = "Scores of each step, lower is better; gain over the forecast without updating"
    return text_table(title, ("week", "seen", "chance", "Brier", "log", "gain in log"), rows, left=range(2), whole=())


def _scores(scores: pd.DataFrame) -> Table:
    table = text_table(
        "Scores, lower is better", ("", "forecast", "gave what came", "Brier", "log"), left=(0, 1), whole=()
    )
    for name, row in scores.iterrows():
        numbers = (f"{row['probability']:.1%}", f"{row['brier']:.3f}", f"{row['log']:.3f}")
        table.add_row(SCORED.get(str(name), str(name)), str(row["forecast"]), *numbers)
    return table
