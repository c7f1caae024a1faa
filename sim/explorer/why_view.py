"""Why, for the scenario as it stands now: what blocks a force, where runs move to, and which levers move it most."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

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
from sim.words import label, named, none_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes


class Extent(NamedTuple):
    """How far an answer goes: runs played again and the largest sets tried in them, runs of each step of a lever."""

    runs: int
    most: int
    lever_runs: int
    more: str


QUICK = Extent(200, 1, 200, " Being refined ...")
"""The first answer, which is there within seconds."""
FULL = Extent(600, 3, 1_000, "")
"""The answer that takes its place."""
_TOP = 12


def blockers(ensemble: Ensemble, scenario: Scenario, tick: Tick, of: str = "european", extent: Extent = FULL) -> Drawn:
    """Return the smallest sets of requirements that would have been enough in runs without an event."""
    result = why(ensemble, of, most=extent.most, scenario=scenario, progress=tick)
    tick(0)
    rows = [
        (
            _words(str(name), extent.most),
            f"{row['runs']:,.0f}",
            f"{row['share']:.1%} ({row['low']:.1%} to {row['high']:.1%})",
        )
        for name, row in result.blockers.head(_TOP).iterrows()
    ]
    columns = ("held open", "runs", "share of runs without it (95% run noise)")
    table = html.table("Smallest sets that suffice", columns, rows)
    sets = "one requirement at a time" if extent.most == 1 else f"sets of up to {extent.most} requirements"
    return _part(result.sentence, plots.blockers(result), table, f"From {len(ensemble):,} runs, {sets}.{extent.more}")


def _words(requirements: str, most: int) -> str:
    return none_of(most) if requirements == NONE else label(requirements)


def flows(reference: Ensemble, now: Ensemble) -> Drawn:
    """Return where the runs of the reference end under the scenario as it stands now."""
    between = moves.flows(reference, now)
    rows = [
        (*(named(between.called, str(row[end])) for end in ("a", "b")), f"{row['runs']:,.0f}", f"{row['share']:.1%}")
        for _, row in between.table[between.table["runs"] > 0].reset_index().iterrows()
    ]
    columns = ("ended as", "ends as", "runs", "share of the former")
    table = html.table("Where runs move, under the same luck", columns, rows)
    return _part(between.sentence, flows_(between), table, f"From {len(now):,} runs.")


def ranking(scenario: Scenario, tick: Tick, of: str = "european", extent: Extent = FULL) -> Drawn:
    """Return what each step of each lever would move from here."""
    effects = levers.effects(scenario, of, extent.lever_runs, SEED, progress=tick)
    tick(0)
    rows = [
        (
            f"{row['name']}: {row['label']}",
            f"{row['difference'] * 100:+.1f} ({row['low'] * 100:+.1f} to {row['high'] * 100:+.1f})",
        )
        for _, row in effects.table.iterrows()
    ]
    table = html.table("Each step alone, from here", ("", "points (95% run noise)"), rows)
    note = f"From {extent.lever_runs:,} runs of each step.{extent.more}"
    return _part(effects.sentence, steps(effects), table, note)


def _part(sentence: str, axes: Axes, table: Markup, note: str) -> Drawn:
    picture = html.drawn(axes, table)
    shown = Markup('<p class="quiet">{}</p>\n{}').format(note, picture.html)
    return Drawn(html.words(sentence, shown), picture.figure)
