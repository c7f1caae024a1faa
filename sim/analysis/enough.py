"""What would be enough? The cheapest combinations of levers that make something as likely as a target.

No document says what a step costs, so by default each costs 1 and a combination as many as it has steps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from math import log
from pathlib import Path
from typing import TypedDict, Unpack

import numpy as np
import pandas as pd

from sim import words
from sim.analysis.cheapest_combinations import TRIES, Level, SearchResult, Step, Steps, combinations, search
from sim.analysis.levers import MOST_RUNS, RUNS, Bench, bench_of, effects_on
from sim.batch.running import RunOptions
from sim.ensemble.results import Enough, LeverSteps
from sim.ensemble.shares import share
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import levers
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario


@takes_whole_numbers
def enough(
    scenario: Scenario | str | Path,
    target: float = 0.5,
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    *,
    costs: levers.Costs | None = None,
    tries: int = TRIES,
    within: float | None = None,
    **options: Unpack[RunOptions],
) -> Enough:
    """Return what levers do alone, and the cheapest combinations that make ``of`` as likely as ``target``.

    A lever with no effect, neither alone nor by its absence when all others are moved, is left out of the search; so a
    lever that helps only together with some of the others is missed. The rest are searched by
    :func:`sim.analysis.cheapest_combinations.search`, where a step promises the larger of the two effects in log-odds.
    A combination that seems enough is run again with another seed (``seed`` + 1), and counts if it still reaches the
    target. If all levers moved at once (except those shown to harm) stay below the target, so does every combination,
    provided that levers never harm each other; the search then ends, and the sentence says so.

    Parameters
    ----------
    scenario, of, runs, seed, costs
        The scenario, the event, the runs of each measurement with their seed, and what steps cost.
    target
        A probability above 0 and below 1.
    tries
        The most combinations of one cost that are tried.
    within
        How narrow the effect of every single step is to be: half of its 95% interval, such as 0.01. ``runs`` are
        doubled until it is, up to 64,000; by default they are as asked for.
    options
        ``workers``, ``engine`` and ``progress`` of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If something asked for is not allowed, or no lever fits.
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"a target lies above 0 and below 1, got {target!r}")
    if within is not None and not 0.0 < within < 0.5:
        raise ValueError(f"a half-width lies between 0 and 0.5, got {within!r}")
    if tries < 1:
        raise ValueError(f"at least 1 combination of a cost is tried, got {tries!r}")
    scenario = as_scenario(scenario)
    bench = bench_of(scenario, of, runs, seed, options)
    steps = effects_on(bench, costs, within)
    again = Bench(scenario, of, bench.runs, seed + 1, options)
    top = _top(steps.table)
    promises = _promises(bench, steps.table, top)
    names = list(promises)

    def by_lever(at: Steps) -> dict[str, int]:
        return dict(zip(names, at, strict=True))

    if bench.probability({}) >= target:
        result = SearchResult(
            {(0,) * len(names): again.probability({})}, ((0,) * len(names), bench.probability({})), []
        )
    elif bench.probability(top) < target:
        result = SearchResult({}, (tuple(top.get(name, 0) for name in names), bench.probability(top)), [])
    else:
        measure, confirm = (lambda at, on=on: on.probability(by_lever(at)) for on in (bench, again))

        def ahead(several: Iterable[Steps]) -> None:
            bench.measure(map(by_lever, several))

        result = search(list(promises.values()), target, measure, confirm, tries, ahead)
    table = _combinations(again, steps.table, result, by_lever)
    levels = pd.DataFrame(result.levels, columns=list(Level._fields))
    sentence = words.stamped(_sentence(table, levels, steps, target), steps.stamp)
    return Enough(table, sentence, steps, levels, target, names, bench.probability(top))


def runs_played(
    scenario: Scenario,
    runs: int = RUNS,
    *,
    costs: levers.Costs | None = None,
    tries: int = TRIES,
    adaptive: bool = False,
) -> int:
    """Return how many runs :func:`enough` plays at most, for a bar of progress.

    The search may end at any cost, and what it does not take for enough is not run again: mostly it plays fewer.
    ``adaptive`` means that a precision decides on the runs of a measurement, which may be the most.
    """
    priced = levers.costs(scenario) if costs is None else costs
    steps = [[Step(cost, 0.0) for cost in each] for each in priced.values()]
    alone = 1 + sum(map(len, steps))
    together = 1 + len(steps)  # all that are moved at once, and all but one
    tried = sum(min(tries, many) for cost, many in combinations(steps).items() if cost)
    again = 1 + tried
    return max(runs, MOST_RUNS if adaptive else 0) * (alone + together + tried + again)


def _top(steps: pd.DataFrame) -> dict[str, int]:
    """Return every lever at its furthest step not shown to do less than its best one; 0 if all its steps harm."""
    furthest = {}
    for lever, rows in steps.sort_index().groupby(level="lever", sort=False):
        good = rows[(rows["high"] >= rows["difference"].max()) & (rows["high"] >= 0.0)]
        furthest[str(lever)] = int(good.index.get_level_values("step").max()) if len(good) else 0
    return furthest


def _promises(bench: Bench, steps: pd.DataFrame, top: dict[str, int]) -> dict[str, list[Step]]:
    """Return the levers worth searching, with what each step promises: alone, or as part of what its absence costs."""
    bench.measure([{}, top, *({**top, lever: 0} for lever in top)])
    now, everything = bench.probability({}), bench.probability(top)
    promises: dict[str, list[Step]] = {}
    for name, rows in steps.sort_index().groupby(level="lever"):
        lever = str(name)
        missed = bench.gain({**top, lever: 0}, top)
        if missed["low"] <= 0.0 and (rows["low"] <= 0.0).all():
            continue
        absence = _log_odds(everything, bench.runs) - _log_odds(missed["a"], bench.runs)
        alone = [_log_odds(float(value), bench.runs) - _log_odds(now, bench.runs) for value in rows["probability"]]
        parts = np.linspace(0, 1, len(rows) + 1)[1:]
        promises[lever] = [
            Step(float(cost), max(own, absence * float(part)))
            for cost, own, part in zip(rows["cost"], alone, parts, strict=True)
        ]
    return promises


def _log_odds(probability: float, runs: int) -> float:
    """Return log-odds, with half a run added on either side (Haldane 1956; Anscombe 1956)."""
    hits = probability * runs
    return log((hits + 0.5) / (runs - hits + 0.5))


class _Row(TypedDict):
    combination: str
    levers: dict[str, int]
    cost: float
    moved_by: tuple[str, ...]
    probability: float
    low: float
    high: float
    reaches: bool


def _combinations(
    again: Bench, steps: pd.DataFrame, result: SearchResult, by_lever: Callable[[Steps], dict[str, int]]
) -> pd.DataFrame:
    """Return the combinations that are enough, else the best one, as rows; ``again`` has luck that is new."""
    shown = result.enough or [result.best[0]]
    rows = [_row(again, steps, by_lever(at), reaches=bool(result.enough)) for at in shown]
    return pd.DataFrame(rows).sort_values("probability", ascending=False, kind="stable", ignore_index=True)


def _row(again: Bench, steps: pd.DataFrame, at: dict[str, int], *, reaches: bool) -> _Row:
    chosen = {name: step for name, step in at.items() if step}
    rows = steps[steps.index.isin(list(chosen.items()))].sort_index()
    came = again.came(chosen)
    came_about = share(int(came.sum()), len(came))
    actors = again.scenario.parts.actors
    movers = dict.fromkeys(actor for held_by in rows["held_by"] for actor in held_by)
    labels = [f"{name}: {label}" for name, label in zip(rows["name"], rows["label"], strict=True)]
    return {
        "combination": "; ".join(labels) or "nothing moved",
        "levers": chosen,
        "cost": float(rows["cost"].sum()),
        "moved_by": tuple(actors[actor].name for actor in movers),
        "probability": came_about.probability,
        "low": came_about.low,
        "high": came_about.high,
        "reaches": reaches,
    }


def _sentence(table: pd.DataFrame, levels: pd.DataFrame, steps: LeverSteps, target: float) -> str:
    row = table.iloc[0]
    what = f"{steps.what} in {target:.0%} of runs"
    measured = f"{row['probability']:.0%} ({row['low']:.0%} to {row['high']:.0%}, 95% run noise)"
    if not row["reaches"]:
        return (
            f"Not enough: no combination that was tried brings {what}. The best, at a cost of {row['cost']:g} "
            f"(“{row['combination']}”), brings {measured}."
        )
    if not row["levers"]:
        return f"Under {steps.scenario} as it stands, {what} is reached already: {measured}."
    others = len(table) - 1
    tried, all_of = int(levels["tried"].sum()), int(levels["combinations"].sum())
    return (
        f"To bring {what} (now {steps.now:.0%}), the cheapest combination that was tried costs {row['cost']:g}: "
        f"“{row['combination']}”, in the hands of {words.listed(row['moved_by'])}: {measured}"
        f"{f'; {others} more of that cost would do' if others else ''} "
        f"({tried:,} of {all_of:,} combinations up to that cost were tried)."
    )
