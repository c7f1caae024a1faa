"""A headline where one number stands at its low and at its high end, all else alike: what a tornado shows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from sim.analysis.compare import paired
from sim.batch import running
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.words import figure, known


def ends(
    scenario: Scenario, inputs: Sequence[str], of: str = "european", runs: int = 5_000, seed: int = 1, **options: Any
) -> pd.DataFrame:
    """Return, by input, the share of runs with ``of`` where it is lowest and where it is highest, largest gap first.

    Run k has the same luck and the same other inputs at both ends. Columns: ``low`` and ``high``, the values in the
    config's words; ``at_low`` and ``at_high``, the shares; ``difference`` with ``difference_low`` and
    ``difference_high``, its paired 95% interval (run noise). The ends are the least and the most that can be drawn:
    further out than nearly every run, so these are limits, not usual effects.
    """
    what = known(of)
    rows = {}
    for path in inputs:
        prior = scenario.leaves[path].prior
        low, high = (_played(scenario, path, value, of, runs, seed, options) for value in (prior.low, prior.high))
        both = low.index.intersection(high.index)
        found = paired(low.loc[both], high.loc[both])
        rows[path] = {
            "low": said(prior, prior.low),
            "high": said(prior, prior.high),
            "at_low": found["a"],
            "at_high": found["b"],
            "difference": found["difference"],
            "difference_low": found["low"],
            "difference_high": found["high"],
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("input")
    table = table.sort_values("difference", key=np.abs, ascending=False, kind="stable") if rows else table
    table.attrs = {"scenario": scenario.name, "seed": seed, "of": of, "what": what, "runs": runs}
    return table


def said(prior: Prior, value: float) -> str:
    """Return a value of a number in the config's own words.

    >>> said(Prior("uniform", (0.0, 1.0)), 0.25), said(Prior("choice", (0.5, 0.5), ("no", "yes")), 1.0)
    ('0.25', 'yes')
    """
    return prior.words[round(value)] if prior.words else figure(value)


def _played(
    scenario: Scenario, path: str, value: float, of: str, runs: int, seed: int, options: dict[str, Any]
) -> pd.Series:
    done = running.run(scenario, runs, seed, values=pd.DataFrame({path: np.full(runs, value)}), **options)
    return done.happened(of).set_axis(done.runs["run"])
