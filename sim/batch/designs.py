"""Designs of runs whose inputs are chosen: a row of quantiles each (sensitivity), or nested, many runs a draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import running
from sim.batch.arms import Arm, came_about
from sim.batch.input_design import InputDesign, read_design
from sim.batch.running import RunOptions
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import event
from sim.scenario.scenario import Scenario
from sim.world import building
from sim.world.draws import LUCK_COLUMN, input_quantiles

Floats = NDArray[np.float64]
Outcome = Callable[[pd.DataFrame], Floats]
"""What becomes of every row of a table of quantiles, a column an input: a number, not a number where a run failed."""

AT_ONCE = 16 * 512
"""Rows in memory at once; whole blocks of luck, as parts of them cost as much to draw."""


def outcome(scenario: Scenario, of: str = "european", seed: int = 1, **options: Unpack[RunOptions]) -> Outcome:
    """Return the function that plays a row of quantiles, and says 1 if ``of`` came about in that run, else 0.

    Its table has a column for any input path, quantiles in [0, 1), and :data:`sim.world.draws.LUCK_COLUMN`, the number
    of the run whose luck, and whose other inputs, a row gets. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is no event; see :func:`sim.ensemble.events.event`.
    """
    event(of, scenario.parts.missions)

    def play(rows: pd.DataFrame) -> Floats:
        luck = rows[LUCK_COLUMN].to_numpy(dtype=np.int64) if LUCK_COLUMN in rows else np.arange(len(rows))
        arm = Arm(scenario, luck, rows.drop(columns=LUCK_COLUMN, errors="ignore"))
        (came,) = came_about([arm], [of], seed, **options)
        return came[of]

    return play


def uncertain(scenario: Scenario) -> list[str]:
    """Return the paths of the inputs that vary from run to run.

    Raises
    ------
    ValueError
        If none does.
    """
    names = building.build(scenario).names
    paths = [path for path, prior in zip(names.inputs, names.priors, strict=True) if prior.uncertain]
    if not paths:
        raise ValueError(f"no number of {scenario.name} is uncertain: nothing varies but luck")
    return paths


def nested_outcomes(
    scenario: Scenario, draws: int, luck: int, seed: int, events: Sequence[str], **options: Unpack[RunOptions]
) -> tuple[NDArray[np.int64], dict[str, Floats]]:
    """Return, for the runs of a nested design that did not fail, the number of the draw, and which events came about.

    The runs are those of :func:`nested_runs`; no tables are made of them.

    Raises
    ------
    ValueError
        If there are fewer than two draws or two runs a draw.
    """
    inputs = _nested_inputs(scenario, draws, luck, seed, options)
    numbers = np.arange(draws * luck)
    (came,) = came_about([Arm(scenario, numbers, inputs, at=numbers // luck)], events, seed, **options)
    left = ~np.isnan(next(iter(came.values())))
    return numbers[left] // luck, {event: flags[left] for event, flags in came.items()}


def nested_runs(
    scenario: Scenario, draws: int, luck: int, seed: int, **options: Unpack[RunOptions]
) -> Iterator[tuple[Ensemble, NDArray[np.int64]]]:
    """Yield the runs of a nested design in pieces: an ensemble, and the number in the design of each of its runs.

    Run r has the inputs of run ``r // luck`` of a flat batch and the luck of its run r, so that no two runs share their
    luck. The stream of an input is named by its path: an input which two scenarios share has the same quantile in the
    same run of both. A run that failed has no number. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If there are fewer than two draws or two runs a draw.
    """
    inputs = _nested_inputs(scenario, draws, luck, seed, options)
    for first in range(0, draws * luck, AT_ONCE):
        numbers = np.arange(first, min(first + AT_ONCE, draws * luck))
        rows = inputs.iloc[numbers // luck].assign(**{LUCK_COLUMN: numbers})
        ensemble = running.run(scenario, len(rows), seed, quantiles=rows, **options)
        yield ensemble, first + ensemble.runs["run"].to_numpy()


def _nested_inputs(scenario: Scenario, draws: int, luck: int, seed: int, options: RunOptions) -> pd.DataFrame:
    """Return the quantiles of each draw of a nested design; inputs that were kept are taken out of the options."""
    if draws < 2 or luck < 2:
        raise ValueError(f"a nested design needs at least 2 draws of 2 runs, got {draws}x{luck}")
    inputs = input_quantiles(building.build(scenario), seed, draws)
    kept = options.pop("plausible", None)
    if kept is not None:
        kept = kept if isinstance(kept, InputDesign) else read_design(kept)
        kept.check(scenario)
        inputs[kept.quantiles.columns] = kept.quantiles.to_numpy()[np.arange(draws) % len(kept.quantiles)]
    return inputs


def weekly_runs(
    scenario: Scenario, rows: pd.DataFrame, runs: int, first: int, seed: int, **options: Unpack[RunOptions]
) -> Iterator[tuple[Ensemble, NDArray[np.int64]]]:
    """Yield ``runs`` runs of each row of a table of quantiles, with their weeks, and the position of each run's row.

    Inputs that are no column are each run's own. Run number k of all has the luck of run ``first`` + k of a flat batch,
    so that no two share their luck; ``first`` is a multiple of a block of luck. A run that failed is left out.
    """
    for start in range(0, len(rows) * runs, AT_ONCE):
        numbers = np.arange(start, min(start + AT_ONCE, len(rows) * runs))
        table = rows.iloc[numbers // runs].assign(**{LUCK_COLUMN: first + numbers})
        ensemble = running.run(scenario, len(table), seed, quantiles=table, keep=("weekly",), **options)
        yield ensemble, numbers[ensemble.runs["run"].to_numpy()] // runs
