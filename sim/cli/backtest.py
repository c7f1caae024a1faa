"""``sim backtest``: how settlement rules do on decisions that were really taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.table import Table

from sim.cli.common import fail, progress, refusals, say, say_json, tell
from sim.cli.options import Json
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

ABOUT = ("part", "resamples", "seed", "issues", "proposals", "rows_left_out", "issues_left_out", "sentence")


def backtest(
    file: Annotated[str, typer.Argument(metavar="FILE", help="CSV or Parquet table, a row an issue and actor.")],
    rules: Annotated[list[str], typer.Option("--rule", metavar="ID", help="Only this rule; may be repeated.")] = [],  # noqa: B006
    columns: Annotated[
        list[str], typer.Option("--column", metavar="NAME=COLUMN", help="What the table calls a column.")
    ] = [],  # noqa: B006
    part: Annotated[
        Literal["all", "fit", "judge"], typer.Option(help="Proposals on which parameters were fitted, or the others.")
    ] = "all",
    resamples: Annotated[int, typer.Option(metavar="N", min=1, max=100_000, help="Of the bootstrap.")] = 1_000,
    seed: Annotated[int, typer.Option(metavar="S", min=0, max=2**63 - 1, help="Of the bootstrap.")] = 1,
    as_json: Json = False,
) -> None:
    """Score settlement rules on published decisions, beside the weighted mean."""
    from sim.validation import backtest as analysis

    renamed = _columns(columns)
    with refusals(), progress(analysis.count(rules), "rules") as advance:
        result = analysis.backtest(
            file, rules or None, columns=renamed, part=part, resamples=resamples, seed=seed, progress=advance
        )
    for rule in result.rules_left_out:
        tell(f"{rule} is left out: no issue has a reference point")
    if as_json:
        about = {name: getattr(result, name) for name in ABOUT}
        say_json({"table": result.source, **about, "rules": _by_rule(result.table)})
        return
    say(result.sentence)
    say()
    say(_table(result.table))
    say("95%: interval by bootstrap over proposals. CRPS: score of the distribution, less is better.")
    say("80%: how many of the 80% intervals hold the outcome. Against: error less that of the weighted mean.")
    say(
        "leverage has four parameters, fitted on the proposals of --part fit of DEU III; --part judge leaves these out."
    )


def _columns(columns: list[str]) -> dict[str, str]:
    pairs = [each.partition("=") for each in columns]
    wrong = [each for each, (name, sign, column) in zip(columns, pairs, strict=True) if not (name and sign and column)]
    if wrong:
        fail(*(f"--column: {each!r} is not NAME=COLUMN, such as position=pos" for each in wrong))
    return {name: column for name, _, column in pairs}


def _by_rule(scores: pd.DataFrame) -> dict[str, Any]:
    counts = ("issues", "proposals")
    whole = {rule: {name: int(row[name]) for name in counts} for rule, row in scores.iterrows()}
    return {str(rule): {**row.drop(list(counts)).to_dict(), **whole[rule]} for rule, row in scores.iterrows()}


def _table(scores: pd.DataFrame) -> Table:
    headers = ("rule", "issues", "error", "95%", "CRPS", "80%", "against", "95%")
    table = text_table("Error in points of 100", headers, whole=range(8), gap=1)
    for rule, row in scores.iterrows():
        error = (f"{row['mae']:.2f}", f"{row['mae_low']:.1f} to {row['mae_high']:.1f}")
        against = (f"{row['difference']:+.2f}", f"{row['difference_low']:+.1f} to {row['difference_high']:+.1f}")
        spread = (f"{row['crps']:.2f}", f"{row['coverage80']:.0%}")
        table.add_row(str(rule), f"{row['issues']:.0f}", *error, *spread, *against)
    return table
