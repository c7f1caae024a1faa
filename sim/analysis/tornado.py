"""The share of runs with an event where one input is at its low and at its high end, all else equal: a tornado."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
import pandas as pd

from sim.analysis.paired import paired_difference
from sim.batch.arms import Arm, came_about
from sim.batch.running import RunOptions
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import exactly, points
from sim.ensemble.results import Ends
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.words import figure


def ends(
    scenario: Scenario,
    inputs: Sequence[str],
    of: str = "european",
    runs: int = 5_000,
    seed: int = 1,
    **options: Unpack[RunOptions],
) -> Ends:
    """Return, by input, the share of runs with ``of`` where it is lowest and where it is highest, largest gap first.

    Run k has the same luck and the same other inputs at both ends. Columns of ``.table``: ``low`` and ``high``, the
    values in the config's words; ``at_low`` and ``at_high``, the shares; ``difference`` with ``difference_low`` and
    ``difference_high``, its paired 95% interval (run noise). The ends are the least and the most that can be drawn:
    further out than nearly every run, so these are limits, not usual effects.

    Raises
    ------
    ValueError
        If ``of`` is no event.
    """
    what = event(of, scenario.parts.missions, names=scenario.names).phrase
    rows = {}
    both_ends = [(path, end) for path in inputs for end in ("low", "high")]
    arms = (_arm(scenario, path, getattr(scenario.leaves[path].prior, end), runs) for path, end in both_ends)
    came = dict(zip(both_ends, came_about(arms, [of], seed, **options), strict=True))
    for path in inputs:
        prior = scenario.leaves[path].prior
        gap = paired_difference(*(pd.Series(came[path, end][of]) for end in ("low", "high")))
        rows[path] = {
            "low": in_config_words(prior, prior.low),
            "high": in_config_words(prior, prior.high),
            "at_low": gap["a"],
            "at_high": gap["b"],
            "difference": gap["difference"],
            "difference_low": gap["low"],
            "difference_high": gap["high"],
        }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("input")
    table = table.sort_values("difference", key=np.abs, ascending=False, kind="stable") if rows else table
    return Ends(table, _sentence(table, what, runs), scenario.name, seed, of, what, runs)


def _sentence(table: pd.DataFrame, what: str, runs: int) -> str:
    if table.empty:
        return "There is no input to change."
    first = table.iloc[0]
    return (
        f"Of {len(table)} inputs, {table.index[0]} matters most for {what}: {exactly(first['at_low'])} of runs at its "
        f"low end ({first['low']}), {exactly(first['at_high'])} at its high end ({first['high']}), a difference of "
        f"{points(first['difference_low'], first['difference_high'])} points (95% run noise, {runs:,} paired runs)."
    )


def in_config_words(prior: Prior, value: float) -> str:
    """Return a value of an input in the config's own words.

    >>> in_config_words(Prior("uniform", (0.0, 1.0)), 0.25)
    '0.25'
    >>> in_config_words(Prior("choice", (0.5, 0.5), ("no", "yes")), 1.0)
    'yes'
    """
    return prior.words[round(value)] if prior.words else figure(value)


def _arm(scenario: Scenario, path: str, value: float, runs: int) -> Arm:
    return Arm(scenario, np.arange(runs), values=pd.DataFrame({path: np.full(runs, value)}))
