"""A scenario as a function of its inputs: a table of quantiles in, for each row whether something came about out."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import running
from sim.ensemble.ensemble import Ensemble
from sim.scenario.scenario import Scenario
from sim.words import known
from sim.world import building
from sim.world.draws import LUCK_COLUMN, input_quantiles

Floats = NDArray[np.float64]
Outcome = Callable[[pd.DataFrame], Floats]
"""What becomes of every row of a table of quantiles, a column an input: a number, not a number where a run failed."""

AT_ONCE = 16 * 512
"""Rows in memory at once; whole blocks of luck, as parts of them cost as much to draw."""


def outcome(scenario: Scenario, of: str = "european", seed: int = 1, **options: Any) -> Outcome:
    """Return the function that plays a row of quantiles, and says 1 if ``of`` came about in that run, else 0.

    Its table has a column for any input path, quantiles in [0, 1), and :data:`sim.world.draws.LUCK_COLUMN` with the
    number of
    the run whose luck, and whose other inputs, a row gets. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is none of :data:`sim.words.HEADLINES`.
    """
    known(of)

    def played(rows: pd.DataFrame) -> Floats:
        found = np.full(len(rows), np.nan)
        for first in range(0, len(rows), AT_ONCE):
            some = rows.iloc[first : first + AT_ONCE]
            done = running.run(scenario, len(some), seed, quantiles=some, **options)
            found[first + done.runs["run"].to_numpy()] = done.happened(of).to_numpy(dtype=np.float64)
        return found

    return played


def uncertain(scenario: Scenario) -> list[str]:
    """Return the paths of the inputs that vary from run to run.

    Raises
    ------
    ValueError
        If none does.
    """
    names = building.build(scenario).names
    found = [path for path, prior in zip(names.inputs, names.priors, strict=True) if prior.uncertain]
    if not found:
        raise ValueError(f"no number of {scenario.name} is uncertain: nothing varies but luck")
    return found


def played(
    scenario: Scenario, draws: int, luck: int, seed: int, **options: Any
) -> Iterator[tuple[Ensemble, NDArray[np.int64]]]:
    """Yield the runs of a nested design in pieces, with their numbers.

    Run r has the inputs of run ``r // luck`` of a flat batch and the luck of its run r. The stream of an input is named
    by its path, so that an input which two scenarios share has the same quantile in the same run of both.
    """
    inputs = input_quantiles(building.build(scenario), seed, draws)
    for first in range(0, draws * luck, AT_ONCE):
        numbers = np.arange(first, min(first + AT_ONCE, draws * luck))
        rows = inputs.iloc[numbers // luck].assign(**{LUCK_COLUMN: numbers})
        found = running.run(scenario, len(rows), seed, quantiles=rows, **options)
        yield found, first + found.read(["run"])["run"].to_numpy()


AT_ONCE = 16 * 512
"""Rows of a design in memory at once; whole blocks of luck, as parts of them cost as much to draw."""
