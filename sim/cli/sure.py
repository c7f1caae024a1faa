"""``sim sure``: how sure the answer is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.changes import scenario as read
from sim.cli.common import head, interruptible, kept_points, progress, refusals, say, say_json, with_values
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, Resume, Seed, Set, at_least
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from sim.ensemble.results import Certainty

Runs = Annotated[
    int | None, typer.Option("--runs", metavar="N", parser=at_least(100), help="Runs, 20,000 unless given.")
]
Draws = Annotated[
    int | None, typer.Option(metavar="N", min=2, max=10_000, help="Draws of the inputs, 1,600 unless given.")
]
Each = Annotated[
    int | None, typer.Option("--luck", metavar="N", min=2, max=10_000, help="Runs a draw, 25 unless given.")
]


def sure(
    config: Config,
    of: Of = "european",
    runs: Runs = None,
    draws: Draws = None,
    luck: Each = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    output: FigureFile = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Tell how sure the answer is: run noise, inputs, rival rules, and what survives them."""
    from sim.analysis.certainty import certainty, runs_played

    figures.check(output)
    scenario = read(config, sets)
    require_event(of, scenario.parts.missions)
    options: dict[str, Any] = with_values(runs=runs, draws=draws, luck=luck)
    with refusals():
        total = runs_played(scenario, **options)
    with refusals(), kept_points(resume), interruptible(), progress(total, "runs") as advance:
        result = certainty(scenario, of, seed=seed, progress=advance, **options)
    if output:
        from sim.plots.certainty import widths

        figures.save(widths(result.widths, result.structures), output)
    say_json(_as_json(result)) if as_json else _report(result)


def _as_json(result: Certainty) -> dict[str, object]:
    return {
        **result.widths.facts(),
        "statements": result.blockers.statements,
        "warnings": result.warnings,
        "widths": result.widths.table.to_dict("index"),
        "structures": result.structures.table.to_dict("index"),
        "blockers": result.blockers.table.to_dict("index"),
        "convergence": result.convergence.table.to_dict("records"),
    }


def _report(result: Certainty) -> None:
    head(result.widths.scenario, result.widths.seed, result.widths.runs)
    for line in (result.sentence, *result.blockers.statements):
        say(line)
    for warning in result.warnings:
        say(f"Warning: {warning}")
    widths = [
        (name, f"{row['low']:.1%} to {row['high']:.1%}", row["what"]) for name, row in result.widths.table.iterrows()
    ]
    rules = [
        (
            row["says"],
            f"{row['probability']:.1%}",
            f"{row['difference'] * 100:+.1f}",
            f"{row['difference_low'] * 100:+.1f} to {row['difference_high'] * 100:+.1f}",
        )
        for _, row in result.structures.table.sort_values("probability", kind="stable").iterrows()
    ]
    say()
    title = f"How sure: share of runs with {result.widths.what}"
    say(text_table(title, ("width", "range", "what it holds"), widths, whole=()))
    say()
    say(text_table("Under rival rules, least to most", ("", "share", "points", "95% run noise"), rules, whole=()))
