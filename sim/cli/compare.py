"""``sim compare``: what changes from one scenario to others, and where its runs then end."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from sim.cli.changes import scenario as read
from sim.cli.common import fail, interruptible, progress, refusals, say, say_json
from sim.cli.options import Engine, Json, Runs, Seed, Workers
from sim.cli.run import design

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Comparison
    from sim.scenario.scenario import Scenario

_TOLD = 0.01
"""Shares of an outcome's runs from which on a move is printed."""

Names = Annotated[
    list[str], typer.Argument(metavar="A [B ...]", help="Scenario to compare with, and those compared with it.")
]
Edit = Annotated[
    list[str], typer.Option("--edit", metavar="PATH=VALUE", help="Compare A with A so changed; may be repeated.")
]
Nested = Annotated[
    str | None,
    typer.Option(
        metavar="DRAWSxLUCK",
        help="Design of the share of input sets, or none; default 100x100, none for mesa and below 2,000 runs.",
    ),
]


def compare(
    names: Names,
    edits: Edit = [],  # noqa: B006  (typer copies it)
    runs: Runs = None,
    seed: Seed = 1,
    engine: Engine = None,
    workers: Workers = None,
    nested: Nested = None,
    as_json: Json = False,
) -> None:
    """Tell what changes from A to each other scenario, run by run under the same luck."""
    from sim.analysis import compare as analysis

    scenarios = [*map(read, names), *(_edited(names[0], edit) for edit in edits)]
    if len(scenarios) < 2:
        fail("compare: expected a second scenario, or --edit PATH=VALUE")
    asked = design(nested)
    total = None if runs is None or asked is None else len(scenarios) * (runs + asked[0] * asked[1])
    options: dict[str, Any] = {"engine": engine, "workers": workers, "design": asked}
    with refusals(), interruptible(), progress(total, "runs") as advance:
        found = analysis.comparisons(scenarios, runs, seed, progress=advance, **options)
    if as_json:
        say_json(_json(found))
        return
    for number, each in enumerate(found):
        if number:
            say()
        _report(each)


def _edited(name: str, edit: str) -> Scenario:
    from sim.scenario.scenario import Scenario

    found = read(name, [edit], "--edit")
    return Scenario(f"{name} with {edit}", found.layer, found.notes)


def _json(found: list[Comparison]) -> dict[str, Any]:
    told = [_pair(each) for each in found]
    if len(told) == 1:
        return told[0]
    about = found[0].differences.attrs
    return {key: about[key] for key in ("a", "runs", "seed")} | {"comparisons": told}


def _pair(found: Comparison) -> dict[str, Any]:
    table, flows = found
    about = {name: table.attrs[name] for name in ("a", "b", "runs", "seed", "sentence")}
    return {
        **about,
        "not_baseline": table.attrs["stamp"] or None,
        "design": dict(zip(("draws", "runs_per_draw"), table.attrs.get("design", (0, 0)), strict=True)),
        "quantities": table.to_dict("index"),
        "flows_sentence": flows.sentence,
        "flows": flows.table.reset_index().to_dict("records"),
    }


def _report(found: Comparison) -> None:
    table, flows = found
    say(table.attrs["sentence"])
    say(_gain(table))
    say(flows.sentence)
    for each in (_shares(table), _sizes(table), _flows(flows.table)):
        say()
        say(each)


def _gain(table: pd.DataFrame) -> str:
    gain = float(table["gain"].to_dict()["european"])
    if isnan(gain):
        return "Pairing: no run differs in whether a European force comes about."
    return f"Pairing: without it, as narrow an interval for a European force takes {gain:.1f} times as many runs."


def _shares(table: pd.DataFrame) -> Table:
    shares = table[table["unit"] == "share"]
    names = f"a: {table.attrs['a']}, b: {table.attrs['b']}"
    shown = _empty(f"Paired differences in points, 95% run noise; {names}; sign: share of input sets where it holds")
    for name, row in shares.iterrows():
        points = ("" if isnan(row[key]) else f"{row[key] * 100:+.1f}" for key in ("difference", "low", "high"))
        shown.add_row(str(name), f"{row['a']:.1%}", f"{row['b']:.1%}", *points, _sign(row))
    return shown


def _sizes(table: pd.DataFrame) -> Table:
    shown = _empty("Means over the runs in which it exists on both sides (persons, weeks)")
    for name, row in table[table["unit"] != "share"].iterrows():
        if not row["runs"]:
            shown.add_row(str(name), "no run", "", "", "", "")
            continue
        digits = 0 if row["unit"] == "persons" else 1
        a, b = (f"{row[key]:,.{digits}f}" for key in ("a", "b"))
        points = ("" if isnan(row[key]) else f"{row[key]:+,.{digits}f}" for key in ("difference", "low", "high"))
        shown.add_row(str(name), a, b, *points, _sign(row))
    return shown


def _sign(row: pd.Series) -> str:
    return "" if isnan(row["sign_holds"]) else f"{row['sign_holds']:.0%}"


def _empty(title: str) -> Table:
    table = _table(title)
    for position, column in enumerate(("", "a", "b", "change", "low", "high", "sign")):
        table.add_column(column, justify="right" if position else "left", header_style="dim", no_wrap=True)
    return table


def _flows(flows: pd.DataFrame) -> Table:
    table = _table(f"Where runs end, of those with an outcome under a (moves from {_TOLD:.0%} of these on)")
    for position, column in enumerate(("under a", "under b", "runs", "share", "95% run noise")):
        table.add_column(column, justify="left" if position < 2 else "right", header_style="dim", no_wrap=True)
    for here in flows.index.unique("a"):
        moves = flows.loc[here].sort_values("runs", ascending=False, kind="stable")
        for number, (there, row) in enumerate(moves[moves["share"] >= _TOLD].iterrows()):
            told = (f"{row['runs']:,.0f}", f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}")
            table.add_row("" if number else str(here), str(there), *told)
    return table


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
