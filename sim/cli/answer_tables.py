"""An ensemble as tables for a terminal: when and how likely, outcomes, who joins, what was missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from sim.cli.tables import text_table
from sim.ensemble import answer
from sim.ensemble.answer import given_ceasefire, group_words, ranked_contributors, ranked_outcomes, weeks
from sim.ensemble.shares import in_percent
from sim.words import label

if TYPE_CHECKING:
    from rich.console import RenderableType

    from sim.ensemble.ensemble import Ensemble
    from sim.ensemble.results import Movers

_NOISE = "95% run noise"


def horizons(ensemble: Ensemble) -> Table:
    """Return how likely a force is by 3, 6 and 12 months, also among the runs with a ceasefire by then."""
    table = text_table("Likelihood by horizon", ("", "share of runs", _NOISE, "if a ceasefire by then", _NOISE))
    for group, words in group_words(ensemble.names).items():
        table.add_row(words)
        for week, time in weeks(int(ensemble.manifest["horizon_weeks"])).items():
            after_ceasefire = given_ceasefire(ensemble, group, week)
            table.add_row(f"  {time}", *in_percent(ensemble.share(group, by_week=week)), *in_percent(after_ceasefire))
    table.add_row("ceasefire begun")
    for week, time in weeks(int(ensemble.manifest["horizon_weeks"])).items():
        table.add_row(f"  {time}", *in_percent(ensemble.share("ceasefire", by_week=week)))
    return table


def outcomes(ensemble: Ensemble) -> Table:
    """Return the outcomes, each run counted once, most frequent first."""
    shares = ranked_outcomes(ensemble).items()
    rows = [(name, ensemble.called(name), f"{share.hits:,}", *in_percent(share)) for name, share in shares]
    return text_table("Outcomes, one a run", ("", "that is", "runs", "share", _NOISE), rows, left=range(2))


def apart(ensemble: Ensemble) -> Table:
    """Return what becomes of forces and truces, apart from the outcomes, as shares of all runs."""
    rows = [(words, *in_percent(share)) for words, share in answer.apart(ensemble).items()]
    return text_table("Forces and truces, share of all runs", ("", "share", _NOISE), rows, whole=())


def joiners(ensemble: Ensemble) -> Table:
    """Return who has pledged at the horizon and who was in a deployed force, two contributors a row."""
    headers = ("", "pledged", "deployed", "", "pledged", "deployed")
    table = text_table("Who joins, share of runs", headers, left=(0, 3), whole=(0, 3))
    shares = ranked_contributors(ensemble).iterrows()
    cells = [(label(str(name), proper=True), f"{row.pledged:.1%}", f"{row.deployed:.1%}") for name, row in shares]
    half = -(-len(cells) // 2)
    for first, second in zip(cells[:half], [*cells[half:], ("", "", "")], strict=False):
        table.add_row(*first, *second)
    return table


def missing(ensemble: Ensemble) -> Table:
    """Return what was most often missing, among the runs without a force at the horizon."""
    in_place = ensemble.share("in_place_at_horizon")
    without = len(ensemble) - (in_place.hits if in_place else 0)
    title = f"Missing at the horizon, in the {without:,} runs then without a force"
    rows = [(ensemble.names.gate(str(gate)), f"{share:.1%}") for gate, share in ensemble.missing().items()]
    return text_table(title, ("", "share of these"), rows)


def movers(moves: Movers, top: int = 3) -> RenderableType:
    """Return the assumed numbers that move an event most, of those of :func:`sim.analysis.movers.movers`."""
    beyond, count = moves.beyond_noise.head(top), len(moves.table)
    if beyond.empty:
        return f"Assumed numbers that move {moves.what}: none beyond noise ({count:,} compared)."
    title = f"Assumed numbers that move {moves.what} most, of {count:,}: share by tenth"
    table = text_table(title, ("", "lowest", "highest", "points", _NOISE), whole=())
    for name, row in beyond.iterrows():
        points = [f"{row[key] * 100:+.1f}" for key in ("difference", "difference_low", "difference_high")]
        table.add_row(str(name), f"{row['low']:.1%}", f"{row['high']:.1%}", points[0], f"{points[1]} to {points[2]}")
    return table
