"""What holds a contributor back: each of its reasons taken away by itself, under the same inputs and luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from sim.analysis.paired import paired_difference
from sim.batch import running
from sim.batch.running import RunOptions
from sim.ensemble.likelihood_words import exactly
from sim.ensemble.results import HoldingBack
from sim.reading.errors import suggestion
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import loading
from sim.scenario.scenario import Scenario
from sim.words import stamped

RUNS = 4_000
NEEDS = {
    "us_backstop": "its demand for a backstop",
    "russian_consent": "its demand for the opponent's consent",
    "company": "its demand for company",
    "definition": "its demand for a defined mission",
    "decent_settlement": "its demand for a decent settlement",
}
HESITANCIES = {
    "government": "the slowness of its government",
    "coalition": "its coalition",
    "parliament": "its parliament",
    "public": "its public",
}
SURE = 4.0
"""Domestic support, and a leaning of the host, that settle any doubt: whole stages beyond what is configured."""


@takes_whole_numbers
def holding_back(
    scenario: Scenario | str | Path,
    actor: str,
    runs: int = RUNS,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> HoldingBack:
    """Return how much more often ``actor`` would be ready at the horizon without each thing that holds it back.

    Ready is pledged with its parliament behind it. Each thing is taken away by itself, then all together, in paired
    runs; once as configured, once with a ceasefire brought about by a host that signs whatever is asked. What two
    demands hold back together shows in neither, since the least met one decides. ``progress`` is called with the number
    of runs just finished.

    Raises
    ------
    ValueError
        If no contributor has that name.
    """
    scenario = scenario if isinstance(scenario, Scenario) else loading.load(scenario)
    removals = _of_contributor(scenario, actor)
    together = {path: value for changes in removals.values() for path, value in changes.items()}
    bench = _Bench(scenario, actor, runs, seed, {"workers": workers, "progress": progress})
    base = bench.ready({})
    rows = {label: _row(base, bench.ready(changes)) for label, changes in removals.items()}
    table = pd.DataFrame.from_dict(rows, orient="index").sort_values("difference_truce", ascending=False, kind="stable")
    if len(removals) > 1:
        table.loc["all of these together"] = _row(base, bench.ready(together))
    name = scenario.parts.actors[actor].name
    sentence = stamped(_sentence(name, table.rename_axis("taken away"), base), scenario.stamp)
    return HoldingBack(table.rename_axis("taken away"), sentence, scenario.name, actor, runs, seed, scenario.stamp)


def runs_played(scenario: Scenario, actor: str, runs: int = RUNS) -> int:
    """Return how many runs :func:`holding_back` plays, for a bar of progress.

    Raises
    ------
    ValueError
        If no contributor has that name.
    """
    removals = len(_of_contributor(scenario, actor))
    return 2 * runs * (1 + removals + (removals > 1))


def _of_contributor(scenario: Scenario, actor: str) -> dict[str, dict[str, Any]]:
    """Return what may hold a contributor back, with the changes that take it away; refuse any other name."""
    contributors = [name for name, part in scenario.parts.actors.items() if "contributor" in part.roles]
    if actor not in contributors:
        raise ValueError(f"{actor!r} is no contributor; {suggestion(actor, contributors)}")
    return {label: changes for label, changes in _removals(scenario, actor) if changes}


def _removals(scenario: Scenario, actor: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield what may hold a contributor back, in words, with the changes that take it away."""
    part, path = scenario.parts.actors[actor], f"actors.{actor}"
    governments = [f"governments.{side}.stance" for side in ("outgoing", "incoming")]
    stances = [f"{path}.{each}" for each in (["stance"] if part.governments is None else governments)]
    yield "its stance (pledged instead)", dict.fromkeys(stances, "pledged")
    if part.disposition is not None:
        yield "its own leaning (at its upper end)", {f"{path}.disposition": part.disposition.numbers[-1]}
    for need, words in NEEDS.items():
        yield words, {f"{path}.needs.{need}": "none"} if getattr(part.needs, need) is not None else {}
    yield "its guard at home", {f"{path}.home_guard": 0} if part.home_guard is not None else {}
    for body, words in HESITANCIES.items():
        yield words, {f"{path}.hesitancy.{body}": 0} if getattr(part.hesitancy, body) is not None else {}
    yield "its vote at home (always won)", {f"{path}.ratification.support": SURE}
    threats = [key for key in scenario.parts.network if key.endswith(f"->{actor}/escalation_threat")]
    yield "threats of escalation against it", {f"network.{key}.strength": 0 for key in threats}


class _Bench:
    """Plays a scenario with changes, as configured and with a ceasefire, on the same inputs and luck."""

    def __init__(self, scenario: Scenario, actor: str, runs: int, seed: int, options: RunOptions) -> None:
        self.scenario, self.actor = scenario, actor
        self.runs, self.seed, self.options = runs, seed, options
        self.host = next(name for name, part in scenario.parts.actors.items() if "host" in part.parts())

    def ready(self, changes: dict[str, Any]) -> tuple[pd.Series, pd.Series]:
        return self._of_actor(changes), self._of_actor({**changes, f"actors.{self.host}.disposition": SURE})

    def _of_actor(self, changes: dict[str, Any]) -> pd.Series:
        scenario = self.scenario.change(changes) if changes else self.scenario
        actors = running.run(scenario, self.runs, self.seed, **self.options).actors
        return actors.loc[actors["actor"] == self.actor, "ratified"].reset_index(drop=True)


def _row(base: tuple[pd.Series, pd.Series], without: tuple[pd.Series, pd.Series]) -> dict[str, float]:
    row: dict[str, float] = {}
    for end, before, after in zip(("", "_truce"), base, without, strict=True):
        pair = paired_difference(before, after)
        row |= {f"ready{end}": pair["b"], **{f"{name}{end}": pair[name] for name in ("difference", "low", "high")}}
    return row


def _sentence(name: str, table: pd.DataFrame, base: tuple[pd.Series, pd.Series]) -> str:
    as_is, truce = (float(each.mean()) for each in base)
    text = f"{name} ends ready to go (pledged, its parliament behind it) in {exactly(as_is)} of runs"
    text += f", and in {exactly(truce)} once there is a ceasefire."
    single = table.drop(index="all of these together", errors="ignore")
    clear = single[single["low_truce"] > 0.0]
    if not len(clear):
        return f"{text} No single thing is shown to hold it back."
    most = clear.index[0]
    text += f" With a ceasefire, what holds it back most is {most} ({exactly(clear['ready_truce'].iloc[0])} without it)"
    if len(clear) > 1:
        text += f", then {clear.index[1]} ({exactly(clear['ready_truce'].iloc[1])})"
    return f"{text}."
