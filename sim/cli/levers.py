"""``sim levers``: whom to work on, and what would be enough."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import fail, head, interruptible, kept_points, progress, refusals, say, say_json, tell
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, Resume, Set, Within, Workers, at_least, from_points, share
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd

    from sim.ensemble.results import Enough, LeverSteps
    from sim.scenario.scenario import Scenario

Target = Annotated[float, typer.Option(metavar="P", parser=share, help="Probability to reach, such as 0.5 or 50%.")]
Runs = Annotated[int, typer.Option(metavar="N", parser=at_least(100), help="Runs of each measurement.")]
Tries = Annotated[int, typer.Option(metavar="N", min=1, max=10_000, help="Combinations of one cost that are tried.")]
Cost = Annotated[Path | None, typer.Option(metavar="FILE", help="YAML map, lever: cost of a step, or a list of them.")]
Seed = Annotated[int, typer.Option(metavar="S", min=0, max=2**63 - 2, help="Root seed.")]
Only = Annotated[bool, typer.Option("--list", help="List the levers, and run nothing.")]


_NUMERIC = ("cost", "points", "share", "95% run noise", "per cost")


def levers(
    config: Config,
    target: Target = 0.5,
    of: Of = "european",
    runs: Runs = 2_000,
    tries: Tries = 8,
    within: Within = None,
    cost: Cost = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    workers: Workers = None,
    listed: Only = False,
    figure: FigureFile = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Rank levers by what a step moves, and find the cheapest combinations that reach a target."""
    from sim.analysis import enough
    from sim.analysis.levers import levers as levers_table
    from sim.scenario import levers as declared

    half = from_points(within)
    figures.check(figure)
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    costs = declared.costs(scenario, cost)
    if listed:
        table = levers_table(scenario, costs)
        say_json({"levers": _records(table)}) if as_json else say(_declared(table, _Holders(scenario)))
        return
    if not 0.0 < target < 1.0:
        fail(f"--target: a target lies above 0 and below 1, got {target:g}")
    with refusals():
        total = enough.runs_played(scenario, runs, costs=costs, tries=tries, adaptive=half is not None)
    with refusals(), kept_points(resume), interruptible(), progress(total, "runs") as advance:
        result = enough.enough(
            scenario, target, of, runs, seed, costs=costs, tries=tries, within=half, workers=workers, progress=advance
        )
    _tell_misfits(result)
    if figure is not None:
        from sim.plots import levers as plots

        figures.save(plots.steps(result.steps), figure)
        figures.save(plots.enough(result), figures.beside(figure, "enough"))
    say_json(_json(result)) if as_json else _report(result, _Holders(scenario))


def _tell_misfits(result: Enough) -> None:
    for step, why in result.steps.do_not_fit.items():
        tell(f"{step} does not fit {result.steps.scenario} and is left out: {why}")


class _Holders:
    """Names those who hold a lever as readers know them."""

    def __init__(self, scenario: Scenario) -> None:
        self._actors = scenario.parts.actors

    def of(self, row: pd.Series) -> str:
        """Return the holders of the lever of a row."""
        return ", ".join(self._actors[name].name for name in row["held_by"])


def _report(result: Enough, holders: _Holders) -> None:
    head(result.steps.scenario, result.steps.seed, result.steps.runs, "runs of each measurement")
    say(result.sentence)
    say(result.steps.sentence)
    say()
    say(_steps(result.steps, holders))
    say()
    say(_combinations(result.combinations, result.steps.table))
    say()
    say(_search_report(result))


def _steps(steps: LeverSteps, holders: _Holders) -> Table:
    title = f"Each step alone, points from {steps.now:.1%}, most for its cost first"
    table = _table(title, "lever: step (held by)", "cost", "points", "95% run noise", "per cost")
    for _, row in steps.table.reset_index().iterrows():
        alike = row["low"] == row["high"] == 0.0
        noise = "no run differs" if alike else f"{row['low'] * 100:+.1f} to {row['high'] * 100:+.1f}"
        cells = [f"{row['cost']:g}", f"{row['difference'] * 100:+.1f}", noise, f"{row['per_cost'] * 100:+.1f}"]
        table.add_row(f"{row['name']}: {row['label']} ({holders.of(row)})", *cells)
    return table


def _combinations(combinations: pd.DataFrame, steps: pd.DataFrame) -> Table:
    title = (
        "Enough, at the smallest cost found" if combinations["reaches"].all() else "The best found, which is not enough"
    )
    table = _table(title, "", "who must move", "cost", "share", "95% run noise")
    for _, row in combinations.iterrows():
        noise = f"{row['low']:.1%} to {row['high']:.1%}"
        cells = [", ".join(row["moved_by"]), f"{row['cost']:g}", f"{row['probability']:.1%}", noise]
        chosen = [steps.loc[(lever, step)] for lever, step in row["levers"].items()]
        table.add_row("\n".join(f"- {step['name']}: {step['label']}" for step in chosen) or "nothing moved", *cells)
    return table


def _search_report(result: Enough) -> str:
    names = result.steps.table["name"].groupby(level="lever", sort=True).first()
    dropped = names[~names.index.isin(result.searched)]
    tried = [
        f"{row.cost:g}: {row.tried:,} of {row.combinations:,} (best {row.best:.0%})"
        for row in result.levels.itertuples()
    ]
    left = f" Left out, as not shown to help, alone or in company: {'; '.join(dropped)}." if len(dropped) else ""
    tries = f" Combinations tried by cost: {'; '.join(tried)}." if tried else ""
    return f"This is a search, not a proof.{tries}{left} Everything moved at once brings {result.everything:.0%}."


def _declared(levers: pd.DataFrame, holders: _Holders) -> Table:
    """Return the declared levers by group: each with its id, its name and who holds it, then its steps."""
    table = _table("Levers", "", "lever, and its steps", "held by", "cost", "fits")
    for group, rows in levers.reset_index().groupby("group", sort=False):
        table.add_row(f"{group}:")
        for _, row in rows.iterrows():
            if row["step"] == 1:
                table.add_row(f"  {row['lever']}", row["name"], holders.of(row))
            table.add_row("", f"{row['step']} {row['label']}", "", f"{row['cost']:g}", row["fits"] or "yes")
    return table


def _json(result: Enough) -> dict[str, Any]:
    tables = {"steps": result.steps.table, "combinations": result.combinations, "levels": result.levels}
    records = {name: _records(table) for name, table in tables.items()}
    return {**result.steps.facts(), **result.facts(), "first_lever": result.steps.sentence, **records}


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    flat = table.reset_index() if table.index.names[0] else table
    return [{str(key): value for key, value in row.items()} for row in flat.to_dict("records")]


def _table(title: str, *headers: str) -> Table:
    numeric = [at for at, header in enumerate(headers) if header in _NUMERIC]
    return text_table(title, headers, left=[at for at in range(len(headers)) if at not in numeric], whole=numeric)
