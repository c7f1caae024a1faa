"""Why, for the scenario as it stands now: what blocks a force, where runs move to, and which levers move it most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from sim.analysis import flows as moves
from sim.analysis import levers
from sim.analysis.why import why
from sim.analysis.why_tables import NONE
from sim.ensemble.ensemble import Ensemble
from sim.explorer import html
from sim.explorer.html import Drawn
from sim.explorer.jobs import Tick
from sim.explorer.run_cache import SEED
from sim.plots import why as plots
from sim.plots.flows import flows as flows_
from sim.plots.levers import steps
from sim.scenario.scenario import Scenario
from sim.words import label

if TYPE_CHECKING:
    from matplotlib.axes import Axes

RUNS = 600
"""Runs that are played again, requirements held open, to find what blocks."""
LEVER_RUNS = 1_000
"""Runs of each step of a lever."""
_TOP = 12


def blockers(ensemble: Ensemble, scenario: Scenario, tick: Tick, of: str = "european") -> Drawn:
    """Return the smallest sets of requirements that would have been enough in runs without an event."""
    result = why(ensemble, of, scenario=scenario, progress=tick)
    tick(0)
    rows = [
        (_words(str(name)), f"{row['runs']:,.0f}", f"{row['share']:.1%} ({row['low']:.1%} to {row['high']:.1%})")
        for name, row in result.blockers.head(_TOP).iterrows()
    ]
    columns = ("held open", "runs", "share of runs without it (95% run noise)")
    table = html.table("Smallest sets that suffice", columns, rows)
    return _part(result.sentence, plots.blockers(result), table)


def _words(requirements: str) -> str:
    return "nothing of up to three" if requirements == NONE else label(requirements)


def flows(reference: Ensemble, now: Ensemble) -> Drawn:
    """Return where the runs of the reference end under the scenario as it stands now."""
    between = moves.flows(reference, now)
    rows = [
        (label(row["a"]), label(row["b"]), f"{row['runs']:,.0f}", f"{row['share']:.1%}")
        for _, row in between.table[between.table["runs"] > 0].reset_index().iterrows()
    ]
    columns = ("ended as", "ends as", "runs", "share of the former")
    table = html.table("Where runs move, under the same luck", columns, rows)
    return _part(between.sentence, flows_(between), table)


def ranking(scenario: Scenario, tick: Tick, of: str = "european") -> Drawn:
    """Return what each step of each lever would move from here."""
    effects = levers.effects(scenario, of, LEVER_RUNS, SEED, progress=tick)
    tick(0)
    rows = [
        (
            f"{row['name']}: {row['label']}",
            f"{row['difference'] * 100:+.1f} ({row['low'] * 100:+.1f} to {row['high'] * 100:+.1f})",
        )
        for _, row in effects.table.iterrows()
    ]
    table = html.table("Each step alone, from here", ("", "points (95% run noise)"), rows)
    return _part(effects.sentence, steps(effects), table)


def _part(sentence: str, axes: Axes, table: Markup) -> Drawn:
    picture = html.drawn(axes, table)
    return Drawn(html.words(sentence, picture.html), picture.figure)
