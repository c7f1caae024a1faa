"""Rival rules: alternatives that the theory allows, each a change of a scenario. To add one, add an entry here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Unpack

import pandas as pd

from sim.analysis.compare import paired_difference
from sim.batch import running
from sim.batch.running import RunOptions
from sim.ensemble.events import event
from sim.ensemble.results import RivalRules
from sim.ensemble.shares import share
from sim.scenario.scenario import Scenario
from sim.world import building

Edits = dict[str, Any]


class Rival(NamedTuple):
    """A rival rule: what it says, and the edits that put it into a scenario."""

    says: str
    edits: Callable[[Scenario], Edits]


def _procedure(name: str) -> Callable[[Scenario], Edits]:
    return lambda _: {"rules.table.procedure": name}


def _all_open(scenario: Scenario) -> Edits:
    """Let every contributor start open, as the scenario ``hopeful_start`` does."""
    return {
        path: "open" for path in scenario.leaves if path.startswith("actors.") and path.rpartition(".")[2] == "stance"
    }


RIVALS: dict[str, Rival] = {
    **{
        name: Rival(f"missions are tabled by {name.replace('_', ' ')}", _procedure(name))
        for name in building.PROCEDURES
    },
    "quantal": Rival("decisions are noisy, not thresholds", lambda _: {"rules.pledge.decision": "quantal"}),
    "hopeful_start": Rival("every contributor starts open", _all_open),
}
"""By name. A rival whose edits leave a scenario as it is is left out."""


def rivals(scenario: Scenario) -> dict[str, tuple[Rival, Scenario]]:
    """Return the rivals that differ from a scenario, each with the scenario under it."""
    changed = {
        name: (rival, scenario.change(rival.edits(scenario), name=f"{scenario.name}, {name}", assumption=rival.says))
        for name, rival in RIVALS.items()
    }
    return {name: pair for name, pair in changed.items() if pair[1].hash != scenario.hash}


def structures(
    scenario: Scenario, runs: int = 5_000, seed: int = 1, of: str = "european", **options: Unpack[RunOptions]
) -> RivalRules:
    """Return the headline under each rival rule, the scenario's own rules first (``as_configured``).

    Run k has the same luck and the same inputs under all of them. Columns of ``.table``: ``says``; ``probability`` with
    its 95% run noise ``low`` and ``high`` (Wilson); ``difference`` from the scenario's own rules, with its paired 95%
    interval ``difference_low`` and ``difference_high``; and ``blockers``, the two requirements most often missing,
    joined by a comma. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is no event.
    """
    what = event(of, scenario.parts.missions).phrase
    arms = {"as_configured": ("the rules as configured", scenario)}
    arms |= {name: (rival.says, changed) for name, (rival, changed) in rivals(scenario).items()}
    rows, own = {}, pd.Series(dtype=bool)
    for name, (says, changed) in arms.items():
        ensemble = running.run(changed, runs, seed, **options)
        came = ensemble.happened(of).set_axis(ensemble.runs["run"])
        own = came if name == "as_configured" else own
        both = own.index.intersection(came.index)
        gap, estimate = paired_difference(own.loc[both], came.loc[both]), share(int(came.sum()), len(came))
        rows[name] = {
            "says": says,
            "probability": estimate.probability,
            "low": estimate.low,
            "high": estimate.high,
            "difference": gap["difference"],
            "difference_low": gap["low"],
            "difference_high": gap["high"],
            "blockers": ",".join(map(str, ensemble.missing().index[:2])),
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("rules")
    return RivalRules(table, _sentence(table, what, runs), scenario.name, seed, of, what, runs)


def _sentence(table: pd.DataFrame, what: str, runs: int) -> str:
    least, most = (table["probability"].idxmin(), table["probability"].idxmax())
    return (
        f"Over {len(table)} sets of rules, {what} comes about in {table['probability'].min():.0%} ({least}) to "
        f"{table['probability'].max():.0%} ({most}) of {runs:,} runs each."
    )
