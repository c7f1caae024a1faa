"""Whom to work on? The levers that a scenario declares, ranked by what a step changes.

All measurements use common random numbers, so that differences come from the levers alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.paired import paired_difference
from sim.batch.arms import Arm, came_about
from sim.batch.running import RunOptions
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import difference
from sim.ensemble.results import LeverSteps
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import levers as declared
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario
from sim.words import stamped

RUNS = 2_000
"""Runs of each measurement."""
MOST_RUNS = 64_000
"""Runs of each measurement at most, where these are doubled until intervals are narrow enough."""


Moved = tuple[tuple[str, int], ...]
"""Levers that are moved, each with its step."""


class Bench:
    """Runs a scenario with levers moved, caches in which runs an event came about, and compares."""

    def __init__(self, scenario: Scenario, of: str, runs: int, seed: int, options: RunOptions) -> None:
        self.scenario, self.of, self.runs, self.seed, self.options = scenario, of, runs, seed, options
        self.what = event(of, scenario.parts.missions, names=scenario.names).phrase
        self.cache: dict[Moved, pd.Series] = {}

    def measure(self, combinations: Iterable[Mapping[str, int]]) -> None:
        """Play combinations that are not in the cache, all together, so that every core works."""
        new = [key for key in dict.fromkeys(map(_key, combinations)) if key not in self.cache]
        self.cache |= self._play(new, np.arange(self.runs))

    def extend(self, runs: int) -> None:
        """Measure everything over more runs, of which the first are those that there are."""
        more = self._play(list(self.cache), np.arange(self.runs, runs))
        self.cache = {key: pd.concat([came, more[key]]) for key, came in self.cache.items()}
        self.runs = runs

    def _play(self, keys: list[Moved], runs: NDArray[np.int64]) -> dict[Moved, pd.Series]:
        arms = (Arm(self.moved(dict(key)), runs) for key in keys)
        played = (came[self.of] for came in came_about(arms, [self.of], self.seed, **self.options))
        return {key: _left(came, runs) for key, came in zip(keys, played, strict=True)}

    def came(self, steps: Mapping[str, int]) -> pd.Series:
        """Return, by run, whether the event came about with these levers moved (0: not moved)."""
        self.measure([steps])
        return self.cache[_key(steps)]

    def moved(self, steps: Mapping[str, int]) -> Scenario:
        """Return the scenario with levers moved by one change, where the changes do not meet, else lever by lever."""
        chosen = [
            lever.steps[steps[name] - 1].change for name, lever in self.scenario.parts.levers.items() if name in steps
        ]
        paths = sorted(f"{path}." for change in chosen for path in change)
        if not steps or any(later.startswith(earlier) for earlier, later in pairwise(paths)):
            return declared.move(self.scenario, steps)
        together = {path: value for change in chosen for path, value in change.items()}
        return self.scenario.change(together, name=self.scenario.name, assumption="levers moved")

    def probability(self, steps: dict[str, int]) -> float:
        """Return the share of runs in which the event came about."""
        return float(self.came(steps).mean())

    def gain(self, less: dict[str, int], more: dict[str, int]) -> dict[str, float]:
        """Return the paired difference from ``less`` to ``more``, over the runs that failed under neither."""
        a, b = self.came(less), self.came(more)
        both = a.index.intersection(b.index)
        return paired_difference(a.loc[both], b.loc[both])


def _left(came: NDArray[np.float64], runs: NDArray[np.int64]) -> pd.Series:
    """Return whether the event came about, by the number of the run, in those that did not fail."""
    left = ~np.isnan(came)
    return pd.Series(came[left] > 0.0, runs[left])


def _key(steps: Mapping[str, int]) -> Moved:
    return tuple(sorted((name, step) for name, step in steps.items() if step))


def levers(scenario: Scenario | str | Path, costs: declared.Costs | None = None) -> pd.DataFrame:
    """Return the levers that a scenario declares: a row a step; index lever and step (from 1).

    Columns: ``name``, ``group``, ``held_by`` (actors, a tuple), ``label``, ``change`` (as :meth:`Scenario.change` takes
    it), ``cost`` from where the scenario stands, ``fits`` (empty, or why the step does not fit this scenario), and
    ``assumption`` and ``claims`` behind the lever. A step is tried by ``scenario.change(row.change)``.
    """
    scenario = as_scenario(scenario)
    costs = costs or declared.costs(scenario)
    wrong = declared.misfits(scenario)
    rows = []
    for name, lever in scenario.parts.levers.items():
        why = scenario.layer.entries[("levers", name, "steps")].reasons
        shared = {"name": lever.name, "group": lever.group, "held_by": lever.held_by}
        reasons = {"assumption": why.assumption, "claims": (*why.because, *why.see, *why.against)}
        for at, step in enumerate(lever.steps, start=1):
            fits = wrong[(name, at)].message if (name, at) in wrong else ""
            own = {"label": step.label, "change": step.change, "cost": costs[name][at - 1], "fits": fits}
            rows.append({"lever": name, "step": at, **shared, **own, **reasons})
    columns = ["lever", "step", "name", "group", "held_by", "label", "change", "cost", "fits", "assumption", "claims"]
    return pd.DataFrame(rows, columns=columns).set_index(["lever", "step"])


@takes_whole_numbers
def effects(
    scenario: Scenario | str | Path,
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    *,
    costs: declared.Costs | None = None,
    **options: Unpack[RunOptions],
) -> LeverSteps:
    """Return the steps of all levers that fit, ranked by what they change for what they cost.

    ``.table`` has the columns of :func:`levers`, and ``probability`` of ``of`` with this step alone, the paired
    ``difference`` from the scenario as it stands with its 95% interval of run noise ``low``, ``high``, and
    ``per_cost``, the difference by cost (by step, where a step costs 1), by which rows are sorted. ``.sentence`` names
    the first.

    Raises
    ------
    ValueError
        If the scenario has no lever that fits, or something asked for is not allowed.
    """
    scenario = as_scenario(scenario)
    bench = bench_of(scenario, of, runs, seed, options)
    return effects_on(bench, costs)


def runs_played(scenario: Scenario, runs: int = RUNS) -> int:
    """Return how many runs :func:`effects` plays at most, for a bar of progress: nothing moved, and each step."""
    return runs * (1 + sum(len(lever.steps) for lever in scenario.parts.levers.values()))


def bench_of(scenario: Scenario, of: str, runs: int, seed: int, options: RunOptions) -> Bench:
    """Return the bench of a scenario that declares levers.

    Raises
    ------
    ValueError
        If the scenario declares none, or ``of`` is no event.
    """
    event(of, scenario.parts.missions)
    if not scenario.parts.levers:
        raise ValueError(f"{scenario.name} declares no levers; docs/how-to/levers.md shows how to write some")
    return Bench(scenario, of, runs, seed, options)


def effects_on(bench: Bench, costs: declared.Costs | None, within: float | None = None) -> LeverSteps:
    """Return the result of :func:`effects`, from runs of a bench.

    With ``within``, runs are doubled until no step's 95% interval reaches further than this to either side, or there
    are :data:`MOST_RUNS`.

    Raises
    ------
    ValueError
        If no lever fits.
    """
    table = levers(bench.scenario, costs)
    misfits = table[table["fits"] != ""].reset_index()
    do_not_fit = {f"{row['lever']}, step {row['step']}": str(row["fits"]) for _, row in misfits.iterrows()}
    table = table[table["fits"] == ""].drop(columns="fits")
    if table.empty:
        raise ValueError(f"no lever fits {bench.scenario.name}: {next(iter(do_not_fit.values()))}")
    keys = table.index.to_frame(index=False)
    steps = [{str(key["lever"]): int(key["step"])} for _, key in keys.iterrows()]
    bench.measure([{}, *steps])
    gains = [bench.gain({}, step) for step in steps]
    while within is not None and bench.runs < MOST_RUNS and max(map(_half_width, gains)) > within:
        bench.extend(min(2 * bench.runs, MOST_RUNS))
        gains = [bench.gain({}, step) for step in steps]
    table = table.assign(
        probability=[each["b"] for each in gains], **{key: [each[key] for each in gains] for key in _DIFFERENCE}
    )
    table["per_cost"] = table["difference"] / table["cost"]
    table = table.sort_values("per_cost", ascending=False, kind="stable")
    scenario, now = bench.scenario, bench.probability({})
    return LeverSteps(
        table,
        stamped(_sentence(table, bench, now), scenario.stamp),
        scenario=scenario.name,
        hash=scenario.hash,
        stamp=scenario.stamp,
        of=bench.of,
        what=bench.what,
        runs=bench.runs,
        seed=bench.seed,
        now=now,
        do_not_fit=do_not_fit,
    )


def _half_width(gain: Mapping[str, float]) -> float:
    return (gain["high"] - gain["low"]) / 2


_DIFFERENCE = ("difference", "low", "high")


def _sentence(steps: pd.DataFrame, bench: Bench, now: float) -> str:
    """Return what the first step changes, as a sentence."""
    row = steps.iloc[0]
    change = difference(bench.what, now, now + row["difference"], row["low"], row["high"])
    return (
        f"Of {len(steps)} steps that actors could take, “{row['name']}: {row['label']}” does most for its cost: "
        f"{change}; 95% run noise, {bench.runs:,} paired runs."
    )
