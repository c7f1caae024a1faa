"""Runs a second: two threads against one, and against ``mesa.batch_run``: `python benchmarks/throughput.py`.

Timed, by the wall clock, are whole batches with their rows in memory at the end, the scenario read beforehand:

- compiled: ``sim.batch.run(scenario, runs, workers=K)``: building the world, drawing, playing, and the tables
of runs,
  actors and inputs;
- Mesa: ``mesa.batch_run`` of the same model with two processes and the table of runs made of what it returns. It starts
  its processes anew each time; each of them imports the model, reads the scenario, and draws each block once.

Both ratios to Mesa are told: of the whole, and with the time that a batch of one run for each process takes taken off
Mesa's, which is what a long batch tends to. That both leave the same rows is checked first.
"""

from __future__ import annotations

from functools import cache
from statistics import median
from typing import Any

import mesa
import numpy as np
import pandas as pd
from measuring import Pairs, in_turns, median_ratio, parser, positive, seconds, tell

from sim import batch, world
from sim.ensemble import run_table
from sim.model import Negotiation
from sim.scenario import loading
from sim.scenario.scenario import Scenario
from sim.world import Inputs, Luck, World, streams
from sim.world.columns import Floats

PROCESSES = 2


class Run(Negotiation):
    """A run of a scenario as ``mesa.batch_run`` wants a model: one that draws, stops and keeps its row by itself."""

    def __init__(self, run: int, scenario: str) -> None:
        structure, inputs, luck = drawn(scenario, run // streams.BLOCK)
        super().__init__(structure, inputs, luck, run % streams.BLOCK)
        self.datacollector = mesa.DataCollector({"row": row})

    def step(self) -> None:
        """Play one round, and stop at the horizon."""
        super().step()
        self.running = self.round < self.world.rounds
        self.datacollector.collect(self)


@cache
def drawn(scenario: str, block: int) -> tuple[World, Inputs, Luck]:
    """Return the structure of a scenario, and one block's inputs and luck: made once in each process."""
    structure = world.build(loading.load(scenario))
    return structure, *world.draw(structure, 1, block)


def row(model: Run) -> Floats | None:
    """Return the numbers of a run that is over. ``play`` then plays no more: it frees the model, as Mesa does not."""
    return None if model.running else run_table.numbers(model.world.missions, *model.play())[0]


def mesa_batch(scenario: str, runs: int) -> Any:
    """Return the table of runs that ``mesa.batch_run`` leaves, in the order in which they were done."""
    structure, _, _ = drawn(scenario, 0)
    found = mesa.batch_run(
        Run,
        {"run": range(runs), "scenario": scenario},
        number_processes=PROCESSES,
        iterations=1,
        max_steps=structure.rounds,
        display_progress=False,
    )
    numbers = np.array([one["run"] for one in found])
    return run_table.table(structure.names.missions, np.array([one["row"] for one in found]), numbers)


def throughput(name: str, runs: int, mesa_runs: int, pairs: int) -> dict[str, Any]:
    """Return runs a second and ratios: medians over pairs timed turn by turn."""
    scenario = loading.load(name)

    def compiled(workers: int) -> float:
        return runs / seconds(lambda: batch.run(scenario, runs, workers=workers))

    def by_mesa(count: int) -> float:
        return seconds(lambda: mesa_batch(name, count))

    warm_up(scenario)
    threads = in_turns(lambda: compiled(1), lambda: compiled(2), pairs)
    engines = in_turns(lambda: by_mesa(mesa_runs), lambda: compiled(2), pairs)
    start = median(by_mesa(PROCESSES) for _ in range(pairs))
    return {
        "one_thread_runs_per_second": median(one for one, _ in threads),
        "two_threads_runs_per_second": median(two for _, two in threads),
        "ratio_two_to_one": median_ratio(threads),
        "ratios_two_to_one": [two / one for one, two in threads],
        "mesa_start_seconds": start,
        "mesa": against_mesa(engines, mesa_runs, 0.0),
        "mesa_without_start": against_mesa(engines, mesa_runs - PROCESSES, start),
    }


def warm_up(scenario: Scenario) -> None:
    """Play the first runs both ways, and check that they leave the same rows: that it is the same model."""
    ours = batch.run(scenario, 2 * streams.BLOCK, workers=2).runs
    theirs = mesa_batch(scenario.name, PROCESSES).sort_values("run", ignore_index=True)
    pd.testing.assert_frame_equal(theirs, ours.head(PROCESSES), check_exact=True)


def against_mesa(engines: Pairs, runs: int, start: float) -> dict[str, Any] | None:
    """Return Mesa's runs a second after its start, and the ratio to it; None if it had hardly more than started.

    ``engines`` holds, by pair, the seconds of Mesa and the compiled engine's runs a second.
    """
    if min(taken for taken, _ in engines) <= start:
        return None
    rates = [(runs / (taken - start), fast) for taken, fast in engines]
    return {
        "runs_per_second": median(rate for rate, _ in rates),
        "ratio": median_ratio(rates),
        "ratios": [fast / rate for rate, fast in rates],
    }


def main() -> None:
    """Print runs a second and ratios."""
    asked = parser(__doc__)
    asked.add_argument("scenario", nargs="?", default="baseline", help="a shipped scenario's name")
    asked.add_argument("--runs", type=positive, default=16_384, help="runs of a compiled batch")
    asked.add_argument("--mesa-runs", type=positive, default=512, help="runs of a Mesa batch, more than two")
    asked.add_argument("--pairs", type=positive, default=5)
    given = asked.parse_args()
    if given.mesa_runs <= PROCESSES:
        asked.error(f"--mesa-runs: expected more than {PROCESSES}, got {given.mesa_runs}")
    sizes = {name: getattr(given, name) for name in ("scenario", "runs", "mesa_runs", "pairs")}
    tell(sizes | throughput(given.scenario, given.runs, given.mesa_runs, given.pairs), given.json)


if __name__ == "__main__":
    main()
