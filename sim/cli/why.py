"""``sim why``: what would have let a force form in the runs that had none."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table

from sim.cli import figures
from sim.cli.common import interruptible, progress, refusals, say, say_json
from sim.cli.ensemble_folder import Folder, opened
from sim.cli.figures import FigureFile
from sim.cli.options import Json

if TYPE_CHECKING:
    from sim.analysis.why import Why

Of = Annotated[Literal["european", "deployed"], typer.Option(help="Which force.")]
Most = Annotated[int, typer.Option(metavar="N", min=1, max=8, help="Search sets of up to N requirements.")]
Top = Annotated[int, typer.Option(metavar="N", min=1, help="Show the N most frequent sets.")]
Workers = Annotated[int | None, typer.Option(help="Threads, or processes of Mesa; default one a core. Same results.")]


def why(
    folder: Folder = None,
    of: Of = "european",
    most: Most = 3,
    top: Top = 12,
    workers: Workers = None,
    figure: FigureFile = None,
    as_json: Json = False,
) -> None:
    """Tell which requirements, held open, would have let a force form in the runs that had none."""
    from sim.analysis import why as analysis
    from sim.analysis.why_tables import coherence

    figures.check(figure)
    ensemble, _ = opened(folder)
    with refusals(), interruptible(), progress(None, "runs played again") as advance:
        found = analysis.why(ensemble, of, most=most, workers=workers, progress=advance)
    if figure is not None:
        from sim.plots import why as plots

        figures.save(plots.blockers(found.blockers), figure)
        figures.save(plots.together(found.together), figures.beside(figure, "together"))
    if as_json:
        say_json(_json(found))
        return
    say(found.sentence)
    for table in (_sets(found, top), _gates(found), _holders(found)):
        say()
        say(table)
    say()
    say(coherence(found.supersets))


def _json(found: Why) -> dict[str, object]:
    about = {str(key): value for key, value in found.blockers.attrs.items() if key != "stamp" or value}
    tables: dict[str, object] = {
        name: table.reset_index().to_dict("records") for name, table in found._asdict().items() if name in _TOLD
    }
    return {**about, **tables, "together": found.together.to_dict("index")}


_TOLD = ("blockers", "gates", "holders", "supersets")


def _sets(found: Why, top: int) -> Table:
    from sim.analysis.why_tables import NONE

    table = _table(
        "Minimal sets; a run may have several",
        "",
        "runs",
        "share",
        "95% run noise",
    )
    rows = found.blockers.drop(index=NONE).head(top)
    for name, row in [*rows.iterrows(), (f"none of up to {found.blockers.attrs['most']}", found.blockers.loc[NONE])]:
        table.add_row(str(name), f"{row['runs']:,.0f}", f"{row['share']:.1%}", f"{row['low']:.1%} to {row['high']:.1%}")
    return table


def _gates(found: Why) -> Table:
    table = _table(
        "By requirement, share of the runs without a force",
        "",
        "in a set",
        "95% run noise",
        "alone",
        "in every set found",
    )
    for name, row in found.gates.sort_values("share", ascending=False, kind="stable").iterrows():
        noise = f"{row['low']:.1%} to {row['high']:.1%}"
        table.add_row(str(name), f"{row['share']:.1%}", noise, f"{row['alone']:.1%}", f"{row['always']:.1%}")
    return table


def _holders(found: Why) -> Table:
    """Tell who holds the requirements that stand in any set; of contributors, the three that wait most often."""
    table = _table("Who holds them", "", "", "still waiting")
    matters = found.gates.index[found.gates["share"] > 0]
    for gate in matters:
        rows = found.holders[found.holders["gate"] == gate]
        waiting = rows.sort_values("waiting", ascending=False, kind="stable")
        chosen = [rows[rows["waiting"].isna()], *(some.head(3) for _, some in waiting.dropna().groupby("part"))]
        for row in (row for part in chosen for row in part.itertuples()):
            table.add_row(gate, f"{row.actor} {row.part}", f"{row.waiting:.0%}" if row.waiting == row.waiting else "")
    return table


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for at, column in enumerate(columns):
        table.add_column(column, justify="right" if at and column else "left", header_style="dim", no_wrap=at == 0)
    return table
