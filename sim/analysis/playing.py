"""A scenario as a function of its inputs: a table of quantiles in, for each row whether something came about out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import batch, world
from sim.analysis.headlines import known
from sim.config import Scenario

Floats = NDArray[np.float64]
Outcome = Callable[[pd.DataFrame], Floats]
"""What becomes of every row of a table of quantiles, a column an input: a number, not a number where a run failed."""

AT_ONCE = 16 * 512
"""Rows in memory at once; whole blocks of luck, as parts of them cost as much to draw."""


def outcome(scenario: Scenario, of: str = "european", seed: int = 1, **options: Any) -> Outcome:
    """Return the function that plays a row of quantiles, and says 1 if ``of`` came about in that run, else 0.

    Its table has a column for any input path, quantiles in [0, 1), and :data:`sim.world.LUCK_COLUMN` with the number of
    the run whose luck, and whose other inputs, a row gets. ``options`` are those of :func:`sim.batch.run`.

    Raises
    ------
    ValueError
        If ``of`` is none of :data:`sim.analysis.headlines.HEADLINES`.
    """
    known(of)

    def played(rows: pd.DataFrame) -> Floats:
        found = np.full(len(rows), np.nan)
        for first in range(0, len(rows), AT_ONCE):
            some = rows.iloc[first : first + AT_ONCE]
            done = batch.run(scenario, len(some), seed, quantiles=some, **options)
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
    names = world.build(scenario).names
    found = [path for path, prior in zip(names.inputs, names.priors, strict=True) if prior.uncertain]
    if not found:
        raise ValueError(f"no number of {scenario.name} is uncertain: nothing varies but luck")
    return found
