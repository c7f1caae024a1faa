"""``sim compare``: what changes from one scenario to others, and where its runs then end."""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.changes import scenarios as read_all
from sim.cli.common import fail, head, interruptible, kept_points, progress, refusals, say, say_json
from sim.cli.options import Engine, Json, Of, Resume, Runs, Seed, SetAll, Workers
from sim.cli.run import design
from sim.cli.tables import text_table
from sim.words import named, quantity

if TYPE_CHECKING:
    import pandas as pd

    from sim.analysis.compare import Comparison
    from sim.ensemble.results import Differences, Flows
    from sim.scenario.scenario import Scenario

_LEAST_SHARE = 0.01
"""Least share of an outcome's runs at which a move is printed."""

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
    sets: SetAll = [],  # noqa: B006
    of: Of = "european",
    runs: Runs = None,
    seed: Seed = 1,
    engine: Engine = None,
    workers: Workers = None,
    nested: Nested = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Tell what changes from A to each other scenario, run by run under the same luck."""
    from sim.analysis import compare as analysis

    scenarios = read_all(names, sets) if len(names) > 1 or not edits else [read(names[0], sets)]
    scenarios += [_edited(names[0], edit, sets) for edit in edits]
    if len(scenarios) < 2:
        fail("compare: expected a second scenario, or --edit or --set PATH=VALUE")
    for scenario in scenarios:
        require_event(of, scenario.parts.missions)
    shape = design(nested)
    options: dict[str, Any] = {"engine": engine, "workers": workers, "design": shape}
    with refusals():
        total = analysis.runs_played(scenarios, runs, shape, engine)
    with refusals(), kept_points(resume), interruptible(), progress(total, "runs") as advance:
        comparisons = analysis.comparisons(scenarios, runs, seed, of=of, progress=advance, **options)
    if as_json:
        say_json(_json(comparisons))
        return
    for number, each in enumerate(comparisons):
        if number:
            say()
        _report(each)


def _edited(name: str, edit: str, sets: list[str]) -> Scenario:
    from sim.scenario.scenario import Scenario

    changed = read(name, [*sets, edit], "--set or --edit" if sets else "--edit")
    return Scenario(f"{name} with {edit}", changed.written, changed.removals)


def _json(comparisons: list[Comparison]) -> dict[str, Any]:
    pairs = [_pair(each) for each in comparisons]
    if len(pairs) == 1:
        return pairs[0]
    first = comparisons[0].differences
    return {"a": first.a, "runs": first.runs, "seed": first.seed, "comparisons": pairs}


def _pair(comparison: Comparison) -> dict[str, Any]:
    differences, flows = comparison
    return {
        **{name: getattr(differences, name) for name in ("a", "b", "runs", "seed", "of", "sentence")},
        "not_baseline": differences.stamp or None,
        "design": dict(zip(("draws", "runs_per_draw"), differences.design or (0, 0), strict=True)),
        "quantities": differences.table.to_dict("index"),
        "flows_sentence": flows.sentence,
        "flows": flows.table.reset_index().to_dict("records"),
    }


def _report(comparison: Comparison) -> None:
    differences, flows = comparison
    head(f"{differences.a} against {differences.b}", differences.seed, differences.runs, "paired runs")
    say(differences.sentence)
    say(_gain(differences))
    say(flows.sentence)
    for each in (_shares(differences), _sizes(differences), _flows(flows)):
        say()
        say(each)


def _gain(differences: Differences) -> str:
    gain, what = float(differences.table["gain"].to_dict()[differences.of]), differences.what
    if isnan(gain):
        return f"Pairing: no run differs in whether {what} comes about."
    return f"Pairing: without it, as narrow an interval for {what} would take {gain:.1f} times as many runs."


def _shares(differences: Differences) -> Table:
    shares = differences.table[differences.table["unit"] == "share"]
    names = f"a: {differences.a}, b: {differences.b}"
    sign = "share of input sets where it holds" if shares["sign_holds"].notna().any() else "no input sets were played"
    sheet = _paired(f"Paired differences in points, 95% run noise; {names}; sign: {sign}")
    for name, row in shares.iterrows():
        points = ("" if isnan(row[key]) else f"{row[key] * 100:+.1f}" for key in ("difference", "low", "high"))
        words = differences.what if name == differences.of else quantity(str(name), differences.called)
        sheet.add_row(words, f"{row['a']:.1%}", f"{row['b']:.1%}", *points, _sign(row))
    return sheet


def _sizes(differences: Differences) -> Table:
    sheet = _paired("Means over the runs in which it exists on both sides (persons, weeks)")
    for name, row in differences.table[differences.table["unit"] != "share"].iterrows():
        words = quantity(str(name), differences.called)
        if not row["runs"]:
            sheet.add_row(words, "no run", "", "", "", "")
            continue
        digits = 0 if row["unit"] == "persons" else 1
        a, b = (f"{row[key]:,.{digits}f}" for key in ("a", "b"))
        points = ("" if isnan(row[key]) else f"{row[key]:+,.{digits}f}" for key in ("difference", "low", "high"))
        sheet.add_row(words, a, b, *points, _sign(row))
    return sheet


def _sign(row: pd.Series) -> str:
    return "" if isnan(row["sign_holds"]) else f"{row['sign_holds']:.0%}"


def _paired(title: str) -> Table:
    return text_table(title, ("", "a", "b", "change", "low", "high", "sign"), whole=range(1, 7))


def _flows(flows: Flows) -> Table:
    title = f"Where runs end under b, by where they end under a (moves of less than {_LEAST_SHARE:.0%} left out)"
    headers = ("under a", "under b", "runs", "share", "95% run noise")
    table = text_table(title, headers, left=(0, 1), whole=range(2, 5))
    for here in flows.table.index.unique("a"):
        moves = flows.table.loc[here].sort_values("runs", ascending=False, kind="stable")
        for number, (there, row) in enumerate(moves[moves["share"] >= _LEAST_SHARE].iterrows()):
            cells = (f"{row['runs']:,.0f}", f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}")
            names = [named(flows.called, str(end)) for end in (here, there)]
            table.add_row("" if number else names[0], names[1], *cells)
    return table
