"""``sim why``: what would have let a force form in the runs that had none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from sim.cli import figures
from sim.cli.changes import require_event
from sim.cli.common import interruptible, kept_points, progress, refusals, say, say_json
from sim.cli.ensemble_folder import head_of, opened
from sim.cli.figures import FigureFile
from sim.cli.options import AnySeed, FirstRuns, Folder, Json, Of, Resume, Set, Within, Workers, from_points
from sim.cli.tables import text_table
from sim.words import Names, label, none_of, requirements_in_short

if TYPE_CHECKING:
    from sim.ensemble.results import Why

NARROW = 1.0
"""Points to either side within which shares are known, unless other points or a number of runs are asked for."""
Most = Annotated[int, typer.Option(metavar="N", min=1, max=8, help="Search sets of up to N requirements.")]
Top = Annotated[int, typer.Option(metavar="N", min=1, help="Show the N most frequent sets.")]


def why(
    folder: Folder = None,
    of: Of = "european",
    runs: FirstRuns = None,
    seed: AnySeed = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    most: Most = 3,
    within: Within = None,
    top: Top = 12,
    workers: Workers = None,
    figure: FigureFile = None,
    resume: Resume = None,
    as_json: Json = False,
) -> None:
    """Tell which requirements, held open, would have let a force form in the runs that had none."""
    from sim.analysis import why as analysis
    from sim.analysis.why_tables import coherence

    half = from_points(NARROW if within is None and runs is None else within)
    figures.check(figure)
    ensemble, _ = opened(folder, runs, seed, sets)
    require_event(of, tuple(ensemble.manifest["groups"]))
    with refusals():
        total = analysis.runs_searched(ensemble, of)
    with refusals(), kept_points(resume), interruptible(), progress(total, "runs searched") as advance:
        result = analysis.why(ensemble, of, most=most, within=half, workers=workers, progress=advance)
    if figure is not None:
        from sim.plots import why as plots

        figures.save(plots.blockers(result), figure)
        figures.save(plots.together(result), figures.beside(figure, "together"))
    if as_json:
        say_json(_json(result))
        return
    head_of(ensemble)
    say(result.sentence)
    for table in (_sets(result, top, ensemble.names), _gates(result, ensemble.names), _holders(result, ensemble.names)):
        say()
        say(table)
    say()
    say(coherence(result.supersets))


def _json(result: Why) -> dict[str, object]:
    listed = {name: getattr(result, name).reset_index().to_dict("records") for name in _LISTED}
    return {**result.facts(), **listed, "together": result.together.to_dict("index")}


_LISTED = ("blockers", "gates", "holders", "supersets")


def _sets(result: Why, top: int, names: Names) -> Table:
    from sim.analysis.why_tables import NONE

    table = text_table("Minimal sets; a run may have several", ("", "runs", "share", "95% run noise"))
    rows = result.blockers.drop(index=NONE).head(top)
    named = [(requirements_in_short(str(name), names), row) for name, row in rows.iterrows()]
    for name, row in [*named, (none_of(result.most), result.blockers.loc[NONE])]:
        table.add_row(name, f"{row['runs']:,.0f}", f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}")
    return table


def _gates(result: Why, names: Names) -> Table:
    headers = ("", "in a set", "95% run noise", "alone", "in every set found")
    table = text_table("By requirement, share of the runs without a force", headers)
    for name, row in result.gates.sort_values("share", ascending=False, kind="stable").iterrows():
        noise = f"{row['low']:.1%} to {row['high']:.1%}"
        table.add_row(
            requirements_in_short(str(name), names),
            f"{row['share']:.1%}",
            noise,
            f"{row['alone']:.1%}",
            f"{row['always']:.1%}",
        )
    return table


def _holders(result: Why, names: Names) -> Table:
    """Return who holds the requirements that stand in any set; of contributors, the three that wait most often."""
    title = "Who holds them; waiting at the horizon, of the runs that lacked it"
    table = text_table(title, ("", "", "waiting"), left=(0, 1))
    matters = result.gates.index[result.gates["share"] > 0]
    for gate in matters:
        rows = result.holders[result.holders["gate"] == gate]
        waiting = rows.sort_values("waiting", ascending=False, kind="stable")
        chosen = [rows[rows["waiting"].isna()], *(some.head(3) for _, some in waiting.dropna().groupby("part"))]
        for row in (row for part in chosen for row in part.itertuples()):
            who = f"{label(str(row.actor), proper=True)} {row.part}"
            table.add_row(
                requirements_in_short(str(gate), names), who, f"{row.waiting:.0%}" if row.waiting == row.waiting else ""
            )
    return table
