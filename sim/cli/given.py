"""``sim given``: what follows if a condition comes true."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sim.cli.changes import require_event
from sim.cli.common import fail, refusals, say, say_json
from sim.cli.ensemble_folder import about, head_of, opened
from sim.cli.options import AnySeed, FirstRuns, Json, Of, Set
from sim.cli.tables import text_table
from sim.words import LABELS, label

if TYPE_CHECKING:
    import pandas as pd

Words = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[DIR or CONFIG] CONDITION",
        help="What it is about, by default the latest under runs; and the condition.",
    ),
]
Ready = Annotated[bool, typer.Option("--list", help="List the ready conditions.")]


def given(
    words: Words = None,
    of: Of = "european",
    listed: Ready = False,
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    as_json: Json = False,
) -> None:
    """Tell what follows if a condition comes true: the headline, and each actor's outlook."""
    from sim.analysis import given as analysis
    from sim.analysis.ready_conditions import READY

    if listed:
        for name, meaning in READY.items():
            say(f"{name}\n    {meaning}")
        return
    if not words or len(words) > 2:
        fail("given: expected [DIR] CONDITION, such as 'ceasefire by week 20'; --list tells the ready conditions")
    if len(words) == 2 and Path(words[1]).is_dir():
        fail(f"given: the folder comes first, then the condition: sim given {words[1]} '{words[0]}'")
    ensemble, _ = opened(words[0] if len(words) == 2 else None, runs, seed, sets)
    require_event(of, tuple(ensemble.manifest["groups"]))
    with refusals():
        selection = analysis.given(ensemble, words[-1], of)
        tables = {"headline": selection.headline, "actors": selection.actors}
    if as_json:
        head = {
            "condition": selection.condition,
            "sql": selection.sql,
            "of": selection.of,
            "sentence": selection.sentence,
        }
        counts = {"runs": len(ensemble), "selected": len(selection), "effective": selection.effective}
        rows = {name: table.to_dict("index") for name, table in tables.items()}
        say_json({**head, **counts, **about(ensemble), **rows})
        return
    head_of(ensemble)
    say(selection.sentence)
    say(
        f"Selected: {len(selection):,} of {len(ensemble):,} runs "
        f"(effective sample size {selection.effective:,.0f}). They also differ in their inputs: "
        "the condition is found there, not brought about; sim compare brings about a change."
    )
    known = {name: label(name) if name in LABELS else ensemble.event(name).phrase for name in tables["headline"].index}
    headline = tables["headline"].rename(index=known)
    actors = tables["actors"].rename(index=lambda name: label(name, proper=True))
    for title, table in (("Events", headline), ("Pledged at the horizon", actors)):
        say()
        say(_shares(f"{title}: share of runs, and the difference in points, 95% run noise", table))


def _shares(title: str, shares: pd.DataFrame) -> Table:
    table = text_table(title, ("", "all runs", "given", "difference", "95%"), whole=range(1, 5))
    for name, row in shares.iterrows():
        low, high = row["low"] * 100, row["high"] * 100
        cells = (f"{row['all']:.1%}", f"{row['given']:.1%}", f"{row['difference'] * 100:+.1f}")
        table.add_row(str(name), *cells, f"{low:+.1f} to {high:+.1f}")
    return table
