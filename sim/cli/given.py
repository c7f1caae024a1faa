"""``sim given`` and ``sim independence``: what follows if a condition comes true, and how conditions hang together."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.table import Table

from sim.cli.common import fail, refusals, say, say_json
from sim.cli.ensemble_folder import Folder, opened
from sim.cli.options import Json

if TYPE_CHECKING:
    import pandas as pd

Words = Annotated[
    list[str] | None,
    typer.Argument(metavar="[DIR] CONDITION", help="Ensemble, by default the latest under runs; and the condition."),
]
Ready = Annotated[bool, typer.Option("--list", help="List the ready conditions.")]


def given(words: Words = None, listed: Ready = False, as_json: Json = False) -> None:
    """Tell what follows if a condition comes true: the headline, and each actor's outlook."""
    from sim.analysis import given as analysis

    if listed:
        for name, meaning in analysis.READY.items():
            say(f"{name}\n    {meaning}")
        return
    if not words or len(words) > 2:
        fail("given: expected [DIR] CONDITION, such as 'ceasefire by week 20'; --list tells the ready conditions")
    ensemble, _ = opened(Path(words[0]) if len(words) == 2 else None)
    with refusals():
        found = analysis.given(ensemble, words[-1])
        tables = {"headline": found.headline, "actors": found.actors}
    if as_json:
        about = {"condition": found.condition, "sql": found.sql, "sentence": found.sentence}
        counts = {"runs": len(ensemble), "selected": len(found), "effective": found.effective}
        say_json(
            {**about, **counts, **_about(ensemble), **{name: each.to_dict("index") for name, each in tables.items()}}
        )
        return
    say(found.sentence)
    say(
        f"Selected: {len(found):,} of {len(ensemble):,} runs (effective sample size {found.effective:,.0f}). They also "
        "differ in their inputs: the condition is found there, not brought about; sim compare brings about a change."
    )
    for title, each in (("Events", tables["headline"]), ("Pledged at the horizon", tables["actors"])):
        say()
        say(_moved(f"{title}: share of runs, and the difference in points, 95% run noise", each))


def independence(folder: Folder = None, as_json: Json = False) -> None:
    """Tell how much of the answer comes from conditions hanging together: their naive product beside it."""
    from sim.analysis import independence as analysis

    ensemble, _ = opened(folder)
    with refusals():
        result, pairs = analysis.independence(ensemble), analysis.pairs(ensemble)
    if as_json:
        gap = {key: getattr(result, key) for key in ("gap", "gap_low", "gap_high", "ratio")}
        about = {"sentence": result.sentence, "runs": result.runs, **_about(ensemble), **gap}
        say_json(
            {**about, "conditions": result.table.to_dict("index"), "pairs": pairs.reset_index().to_dict("records")}
        )
        return
    say(result.sentence)
    say()
    say(_conditions(result.table))
    say()
    say(_pairs(pairs))


def _about(ensemble: Any) -> dict[str, Any]:
    about = {key: ensemble.manifest[key] for key in ("scenario", "seed")}
    return about | {"not_baseline": ensemble.stamp or None}


def _moved(title: str, found: pd.DataFrame) -> Table:
    table = _table(title, "", "all runs", "given", "difference", "95%")
    for name, row in found.iterrows():
        low, high = row["low"] * 100, row["high"] * 100
        cells = (f"{row['all']:.1%}", f"{row['given']:.1%}", f"{row['difference'] * 100:+.1f}")
        table.add_row(str(name), *cells, f"{low:+.1f} to {high:+.1f}")
    return table


def _conditions(found: pd.DataFrame) -> Table:
    table = _table("Met at the horizon, share of runs", "", "share", "95% run noise", "if all others are met")
    for name, row in found.iterrows():
        given = row["given_others"]
        others = "" if given != given else f"{given:.1%}"
        table.add_row(str(name), f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}", others)
    return table


def _pairs(found: pd.DataFrame) -> Table:
    table = _table("Which hang together: both met, over the product of their shares", "", "ratio", "95% run noise")
    for names, row in found.iterrows():
        one, other = names if isinstance(names, tuple) else (names, "")
        ratio = (
            ("", "") if row["lift"] != row["lift"] else (f"{row['lift']:.2f}", f"{row['low']:.2f} to {row['high']:.2f}")
        )
        table.add_row(f"{one}, {other}", *ratio)
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, column in enumerate(columns):
        table.add_column(column, justify="right" if position else "left", header_style="dim", no_wrap=not position)
    return table
