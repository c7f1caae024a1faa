"""``sim show CONFIG actors.NAME --why``: what holds a contributor back, by size."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sim.cli.common import fail, interruptible, progress, refusals, say, say_json
from sim.cli.tables import text_table

if TYPE_CHECKING:
    from rich.table import Table

    from sim.ensemble.results import HoldingBack
    from sim.scenario.scenario import Scenario


def show_why(scenario: Scenario, path: str | None, as_json: bool, options: dict[str, Any]) -> None:
    """Print what holds the contributor at ``path`` back; ``options`` are runs, seed and workers."""
    from sim.analysis.holding_back import RUNS, holding_back, runs_played

    part, _, actor = (path or "").partition(".")
    if part != "actors" or not actor or "." in actor:
        fail(f"--why explains one actor: sim show CONFIG actors.NAME --why; got {path or 'no path'}")
    with refusals():
        total = runs_played(scenario, actor, options.get("runs", RUNS))
    with refusals(), interruptible(), progress(total, "runs") as advance:
        result = holding_back(scenario, actor, **options, progress=advance)
    if as_json:
        rows = result.table.astype(object).where(result.table.notna(), None)
        say_json({**result.facts(), "taken_away": rows.to_dict("index")})
        return
    say(result.sentence)
    say()
    say(_table(result))


def _table(result: HoldingBack) -> Table:
    rows = [(name, *(_cell(row, end) for end in ("", "_truce"))) for name, row in result.table.iterrows()]
    title = f"Ready at the horizon without each ({result.runs:,} paired runs)"
    return text_table(title, ("without", "as configured", "with a ceasefire"), rows, left=range(1), whole=())


def _cell(row: Any, end: str) -> str:
    points, low, high = (100 * row[f"{name}{end}"] for name in ("difference", "low", "high"))
    return f"{row[f'ready{end}']:.1%} ({points:+.1f}, {low:+.1f} to {high:+.1f})"
