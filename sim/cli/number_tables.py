"""What ``sim sensitivity`` prints of single numbers: their shares of the variance, and whether they move anything."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli import figures
from sim.cli.common import head, interruptible, progress, refusals, say, say_json
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.ensemble.number_results import NumberShares
    from sim.scenario.scenario import Scenario

_FEWEST = 10
"""Numbers listed at least."""


def shares(scenario: Scenario, of: str, runs: int | None, seed: int, output: Path | None, as_json: bool) -> None:
    """Tell which single numbers carry the explained variance, and what kinds of reason stand behind them."""
    from sim.analysis import number_shares as analysis

    runs = analysis.RUNS if runs is None else runs
    with refusals(), interruptible(), progress(runs, "runs") as advance:
        result = analysis.number_shares(scenario, of, runs, seed, progress=advance)
    if output:
        from sim.plots.numbers import number_shares

        figures.save(number_shares(result), output)
    if as_json:
        about = {**result.facts(), "explained": result.explained._asdict(), "carriers": result.carriers._asdict()}
        say_json({**about, "kinds": result.kinds.to_dict("index"), "inputs": result.table.to_dict("index")})
        return
    head(result.scenario, result.seed, result.runs)
    say(result.sentence)
    say()
    say(_kinds(result.kinds))
    say()
    say(_first(result))


def _kinds(kinds: pd.DataFrame) -> Table:
    rows = [
        (kind, f"{row['inputs']:.0f}", f"{row['carriers']:.0f}", _percent(row, "first"), _percent(row, "of_explained"))
        for kind, row in kinds.iterrows()
    ]
    headers = ("", "numbers", "of those that carry 90%", "alone, % (95%)", "of the explained, % (95%)")
    return text_table("What numbers rest on: share of the variance", headers, rows)


def _first(result: NumberShares) -> Table:
    table = result.table.head(max(_FEWEST, result.carriers.value))
    rows = [
        (path, row["kind"], _percent(row, "first", 2), _percent(row, "cumulated"), "yes" if row["carries"] else "")
        for path, row in table.iterrows()
    ]
    headers = ("", "rests on", "alone, % (95%)", "carried so far, % (95%)", "among the 90%")
    return text_table("Single numbers: share of the variance", headers, rows, left=(0, 1), whole=())


def _percent(row: pd.Series, name: str, digits: int = 1) -> str:
    value, low, high = (f"{100 * row[f'{name}{end}']:.{digits}f}" for end in ("", "_low", "_high"))
    return f"{value} ({low} to {high})"


def inert(scenario: Scenario, runs: int | None, seed: int, output: Path | None, as_json: bool) -> None:
    """Tell which numbers make a difference, which make none, and for which more runs are needed."""
    from sim.analysis import inert as analysis

    pairs = analysis.PAIRS if runs is None else runs
    with refusals():
        total = analysis.runs_played(scenario, pairs)
    with refusals(), interruptible(), progress(total, "runs") as advance:
        result = analysis.inert(scenario, pairs, seed, progress=advance)
    if output:
        from sim.plots import numbers

        figures.save(numbers.inert(result), output)
    if as_json:
        say_json({**result.facts(), "inputs": result.table.to_dict("index")})
        return
    head(result.scenario, result.seed, result.pairs, "pairs of runs a number")
    say(result.sentence)
    for what, title in (("kind", "What numbers rest on"), ("part", "Parts of the config")):
        say()
        say(_counts(result.by(what), title))
    for verdict, title in (
        ("inert", "Numbers that make no difference"),
        ("undecided", "Numbers for which more runs are needed"),
    ):
        say()
        say(_verdicts(result.table[result.table["verdict"] == verdict], title))


def _counts(counts: pd.DataFrame, title: str) -> Table:
    rows = [(name, *(f"{count}" for count in row)) for name, row in zip(counts.index, counts.to_numpy(), strict=True)]
    return text_table(title, ("", *counts.columns), rows)


def _verdicts(table: pd.DataFrame, title: str) -> Table:
    rows = [
        (path, row["kind"], row["column"], _difference(row), f"{100 * row['changed']:.1f}")
        for path, row in table.iterrows()
    ]
    headers = ("", "rests on", "moves most, if any", "by (95%)", "pairs changed, %")
    return text_table(f"{title}: {len(table)}", headers, rows, left=(0, 1, 2), whole=())


def _difference(row: pd.Series) -> str:
    scale, unit, digits = (100, "points", 1) if row["unit"] == "share" else (1, "sd", 2)
    low, high = (f"{scale * row[f'difference_{end}']:+.{digits}f}" for end in ("low", "high"))
    return f"{low} to {high} {unit}"
