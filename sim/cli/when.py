"""``sim when``: under which circumstances a force is likely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.common import progress, refusals, say, say_json
from sim.cli.ensemble_folder import head_of, opened
from sim.cli.figures import FigureFile
from sim.cli.options import AnySeed, FirstRuns, Folder, Json, Of, Set
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd
    from rich.table import Table

    from sim.ensemble.results import Box

Inputs = Annotated[int, typer.Option(metavar="N", min=1, max=100, help="Inputs looked at: those that move it most.")]
Density = Annotated[
    float | None, typer.Option(metavar="SHARE", help="How likely it is to be inside; default twice the average.")
]


def when(
    folder: Folder = None,
    of: Of = "european",
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    inputs: Inputs = 20,
    density: Density = None,
    output: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell under which circumstances it is likely: a box in the space of inputs."""
    from sim.analysis import when as analysis

    figures.check(output)
    ensemble, _ = opened(folder, runs, seed, sets)
    require_event(of, tuple(ensemble.manifest["groups"]))
    with refusals(), progress(analysis.SEARCHES, "searches") as advance:
        box = analysis.when(ensemble, of, inputs, density=density, progress=advance)
    if output:
        from sim.plots.when import limits

        figures.save(limits(box), output)
    if as_json:
        say_json(_json(box))
        return
    head_of(ensemble)
    say(box.sentence)
    if not box.limits.empty:
        say()
        say(_limits(box.limits))


def _json(box: Box) -> dict[str, object]:
    shares = {"coverage": box.coverage, "density": box.density}
    parts = {name: {"value": each.probability, "low": each.low, "high": each.high} for name, each in shares.items()}
    tables = {"limits": box.limits.to_dict("records"), "tradeoff": box.tradeoff.to_dict("records")}
    return {**box.facts(), **parts, **tables}


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
    return text_table("Limits of the box", ("input", "limit", "range drawn", "quasi p", "found again"), rows, whole=())
