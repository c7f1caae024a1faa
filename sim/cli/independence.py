"""``sim independence``: how conditions hang together, and how much of the answer comes from that."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from sim.cli.common import refusals, say, say_json
from sim.cli.ensemble_folder import about, head_of, opened
from sim.cli.options import AnySeed, FirstRuns, Folder, Json, Set
from sim.cli.tables import text_table

if TYPE_CHECKING:
    import pandas as pd


def independence(
    folder: Folder = None,
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    as_json: Json = False,
) -> None:
    """Tell how much of the answer comes from conditions hanging together: their naive product beside it."""
    from sim.analysis import independence as analysis

    ensemble, _ = opened(folder, runs, seed, sets)
    with refusals():
        result, pairs = analysis.independence(ensemble), analysis.pairs(ensemble)
    if as_json:
        gap = {key: getattr(result, key) for key in ("gap", "gap_low", "gap_high", "ratio")}
        head = {"sentence": result.sentence, "runs": result.runs, **about(ensemble), **gap}
        say_json({**head, "conditions": result.table.to_dict("index"), "pairs": pairs.reset_index().to_dict("records")})
        return
    head_of(ensemble)
    say(result.sentence, _conditions(result.table), _pairs(pairs))


def _conditions(conditions: pd.DataFrame) -> Table:
    table = text_table("Met at the horizon, share of runs", ("", "share", "95% run noise", "if all others are met"))
    for name, row in conditions.iterrows():
        others = f"{row['given_others']:.1%}" if row["given_others"] == row["given_others"] else ""
        table.add_row(str(name), f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}", others)
    return table


def _pairs(pairs: pd.DataFrame) -> Table:
    title = "Which hang together: both met, over the product of their shares"
    table = text_table(title, ("", "ratio", "95% run noise"))
    for names, row in pairs.iterrows():
        one, other = names if isinstance(names, tuple) else (names, "")
        known = row["lift"] == row["lift"]
        ratio = (f"{row['lift']:.2f}", f"{row['low']:.2f} to {row['high']:.2f}") if known else ("", "")
        table.add_row(f"{one}, {other}", *ratio)
    return table
