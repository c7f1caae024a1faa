"""Runs for tests: tables of runs from a few columns, and one run again week by week."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import pandas as pd

from sim.ensemble.arrow_tables import TYPES, arrow, frame
from sim.model.negotiation import Negotiation
from sim.model.record import Trajectory
from sim.scenario.scenario import Scenario
from sim.world import building, draws, streams
from sim.world.columns import Inputs, World


def make_runs(rows: Sequence[dict[str, Any]]) -> pd.DataFrame:
    """Return rows of runs as a table with stable types: missing weeks and troops are missing values."""
    return frame(arrow(pd.DataFrame(list(rows)).astype(TYPES["runs"])))


def trajectory(
    scenario: Scenario, seed: int, run: int, relaxed: Collection[str] = ()
) -> tuple[World, Inputs, Trajectory]:
    """Return one run again: its structure, its inputs (one row), and what happened week by week."""
    structure = building.build(scenario)
    inputs, luck = draws.draw(structure, seed, run // streams.BLOCK)
    at = run % streams.BLOCK
    return structure, Inputs(inputs.values[at : at + 1]), Negotiation(structure, inputs, luck, at, relaxed).play()
