"""Commands that say how far an answer holds: when, sure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from sim.cli import figures
from sim.cli.answer_tables import tabled
from sim.cli.changes import scenario as read
from sim.cli.common import asked, interruptible, progress, refusals, say, say_json
from sim.cli.ensemble_folder import Folder, opened
from sim.cli.figures import FigureFile
from sim.cli.options import Config, Json, Of, Seed, Set

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.analysis.certainty import Certainty

Group = Annotated[Literal["european", "deployed"], typer.Option(help="What is asked about.")]
Inputs = Annotated[int, typer.Option(metavar="N", min=1, max=100, help="Inputs looked at: those that move it most.")]
Density = Annotated[
    float | None, typer.Option(metavar="SHARE", help="How likely it is to be inside; default twice the average.")
]
Runs = Annotated[int | None, typer.Option("--runs", metavar="N", min=100, help="Runs, 20,000 unless given.")]
Draws = Annotated[
    int | None, typer.Option(metavar="N", min=2, max=10_000, help="Draws of the inputs, 200 unless given.")
]
Each = Annotated[
    int | None, typer.Option("--luck", metavar="N", min=2, max=10_000, help="Runs a draw, 200 unless given.")
]


def when(
    folder: Folder = None,
    of: Of = "european",
    inputs: Inputs = 20,
    density: Density = None,
    output: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell under which circumstances it is likely: a box in the space of inputs."""
    from sim.analysis import when as analysis

    figures.check(output)
    ensemble, _ = opened(folder)
    with refusals():
        box = analysis.when(ensemble, of, inputs, density=density)
    if output:
        from sim.plots.when import limits

        figures.save(limits(box.limits), output)
    if as_json:
        say_json(
            {**box.limits.attrs, "limits": box.limits.to_dict("records"), "tradeoff": box.tradeoff.to_dict("records")}
        )
        return
    say(box.limits.attrs["sentence"])
    say()
    say(_limits(box.limits))


def sure(
    config: Config,
    of: Group = "european",
    runs: Runs = None,
    draws: Draws = None,
    luck: Each = None,
    seed: Seed = 1,
    sets: Set = [],  # noqa: B006  (typer copies it)
    output: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell how sure the answer is: run noise, inputs, rival rules, and what survives them."""
    from sim.analysis.certainty import certainty

    figures.check(output)
    scenario = read(config, sets)
    given = asked(runs=runs, draws=draws, luck=luck)
    with refusals(), interruptible(), progress(None, "runs") as advance:
        found = certainty(scenario, of, seed=seed, progress=advance, **given)
    if output:
        from sim.plots.certainty import widths

        figures.save(widths(found.widths, found.structures), output)
    say_json(_as_json(found)) if as_json else _told(found)


def _as_json(found: Certainty) -> dict[Any, Any]:
    return {
        **found.widths.attrs,
        "statements": found.blockers.attrs["statements"],
        "warnings": found.warnings,
        "widths": found.widths.to_dict("index"),
        "structures": found.structures.to_dict("index"),
        "blockers": found.blockers.to_dict("index"),
        "convergence": found.convergence.to_dict("records"),
    }


def _told(found: Certainty) -> None:
    for line in (found.widths.attrs["sentence"], *found.blockers.attrs["statements"]):
        say(line)
    for warning in found.warnings:
        say(f"Warning: {warning}")
    widths = [(name, f"{row['low']:.1%} to {row['high']:.1%}", row["what"]) for name, row in found.widths.iterrows()]
    rules = [
        (
            row["says"],
            f"{row['probability']:.1%}",
            f"{row['difference'] * 100:+.1f}",
            f"{row['difference_low'] * 100:+.1f} to {row['difference_high'] * 100:+.1f}",
        )
        for _, row in found.structures.iterrows()
    ]
    say()
    say(
        tabled(
            f"How sure: share of runs with {found.widths.attrs['what']}", ("width", "range", "what it holds"), widths
        )
    )
    say()
    say(tabled("Under rival rules", ("", "share", "points", "95% run noise"), rules))


def _limits(table: pd.DataFrame) -> Table:
    rows = [
        (
            row["input"],
            f"{row['side']} {row['limit']}",
            f"{row['least']:.3g} to {row['most']:.3g}" if row["least"] == row["least"] else "",
            f"{row['p']:.2g}",
            f"{row['reproduced']:.0%}",
        )
        for _, row in table.iterrows()
    ]
    return tabled("Limits of the box", ("input", "limit", "drawn", "quasi p", "again"), rows)
