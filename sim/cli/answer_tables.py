"""An ensemble as tables for a terminal: when and how likely, outcomes, who joins, what was missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import isnan
from typing import TYPE_CHECKING

from rich.console import JustifyMethod
from rich.table import Table

from sim.ensemble import shares as ensemble
from sim.ensemble.answer import GROUPS, given_ceasefire, weeks
from sim.words import WORDS_OF_GATES

if TYPE_CHECKING:
    import pandas as pd
    from rich.console import RenderableType

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.shares import Share

_NOISE = "95% run noise"


def horizons(found: Ensemble) -> Table:
    """Return how likely a force is by 3, 6 and 12 months, also among the runs with a ceasefire by then."""
    table = _table("Likelihood by horizon", "", "share of runs", _NOISE, "if a ceasefire by then", _NOISE)
    for group, words in GROUPS.items():
        table.add_row(words)
        for week, label in weeks(int(found.manifest["horizon_weeks"])).items():
            given = given_ceasefire(found, group, week)
            table.add_row(f"  {label}", *_cells(found.share(group, by_week=week)), *_cells(given))
    table.add_row("ceasefire begun")
    for week, label in weeks(int(found.manifest["horizon_weeks"])).items():
        table.add_row(f"  {label}", *_cells(found.share("ceasefire", by_week=week)))
    return table


def outcomes(found: Ensemble) -> Table:
    """Return the outcomes, each run counted once, most frequent first."""
    table = _table("Outcomes, one a run", "", "runs", "share", _NOISE)
    for name, count in sorted(found.outcomes().items(), key=lambda item: -item[1]):
        table.add_row(name, f"{count:,}", *_cells(ensemble.share(count, len(found))))
    return table


def joiners(found: Ensemble) -> Table:
    """Return who has pledged at the horizon and who was in a deployed force, two contributors a row."""
    table = _table("Who joins, share of runs", "", "pledged", "deployed", "", "pledged", "deployed", left=(0, 3))
    shares = found.contributors().sort_values(["deployed", "pledged"], ascending=False, kind="stable")
    cells = [(str(name), f"{row.pledged:.1%}", f"{row.deployed:.1%}") for name, row in shares.iterrows()]
    half = -(-len(cells) // 2)
    for first, second in zip(cells[:half], [*cells[half:], ("", "", "")], strict=False):
        table.add_row(*first, *second)
    return table


def missing(found: Ensemble) -> Table:
    """Return what was most often missing, among the runs without a force at the horizon."""
    in_place = found.share("in_place_at_horizon")
    without = len(found) - (in_place.hits if in_place else 0)
    table = _table(f"Missing at the horizon, in the {without:,} runs then without a force", "", "share of these")
    for gate, share in found.missing().items():
        table.add_row(WORDS_OF_GATES[str(gate)], f"{share:.1%}")
    return table


def movers(found: pd.DataFrame, top: int = 3) -> RenderableType:
    """Return the assumed numbers that move a European force most, of those of :func:`sim.analysis.movers.movers`."""
    beyond = found[found["difference"].abs() > found["noise"]].head(top)
    if beyond.empty:
        return f"Assumed numbers that move a European force: none beyond noise ({len(found):,} compared)."
    title = f"Assumed numbers that move a European force most, of {len(found):,}: share by tenth"
    table = _table(title, "", "lowest", "highest", "points", _NOISE)
    table.columns[0].no_wrap, table.columns[0].overflow = False, "fold"
    for name, row in beyond.iterrows():
        points = [f"{row[key] * 100:+.1f}" for key in ("difference", "difference_low", "difference_high")]
        table.add_row(str(name), f"{row['low']:.1%}", f"{row['high']:.1%}", points[0], f"{points[1]} to {points[2]}")
    return table


def differences(found: pd.DataFrame, a: str, b: str) -> Table:
    """Return paired differences: both probabilities, and the difference in points with its interval."""
    table = _table(f"Paired differences in points, {_NOISE}", "", a, b, "change", "low", "high")
    for name, row in found.iterrows():
        points = ("" if isnan(row[key]) else f"{row[key] * 100:+.1f}" for key in ("difference", "low", "high"))
        table.add_row(str(name), f"{row['a']:.1%}", f"{row['b']:.1%}", *points)
    return table


def _table(title: str, *columns: str, left: tuple[int, ...] = (0,)) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, column in enumerate(columns):
        side: JustifyMethod = "left" if position in left else "right"
        table.add_column(column, justify=side, header_style="dim", no_wrap=position in left)
    return table


def _cells(found: Share | None) -> tuple[str, str]:
    return (f"{found.probability:.1%}", f"{found.low:.1%} to {found.high:.1%}") if found else ("no run", "")


def tabled(title: str, headers: Sequence[str], rows: Iterable[Sequence[object]]) -> Table:
    """Return a table, its first column to the left and the others to the right."""
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for position, header in enumerate(headers):
        table.add_column(header, justify="left" if position == 0 else "right", header_style="dim", overflow="fold")
    for row in rows:
        table.add_row(*map(str, row))
    return table
