"""The compiled engine reproduces the runs worked by hand, all five in one batch.

This stands apart from ``test_by_hand.py``, which runs once for every mutant of a rule, when compiling costs too much.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim.batch import engines
from sim.ensemble import columns
from sim.ensemble.run_table import Played
from sim.world import Luck, build, draw
from tests.verification.test_by_hand import CLOSE, RUNS, by_hand, tiny


@cache
def compiled() -> Played:
    """Return what the compiled engine makes of the tiny world, a run under the luck of each sheet."""
    world = build(tiny())
    inputs, _ = draw(world, seed=0, block=0)
    values = [[by_hand()["luck"][str(number)][name] for number in RUNS] for name in world.names.streams]
    luck = Luck(np.ascontiguousarray(np.array(values).transpose(0, 2, 1)))
    return engines.compiled(world, inputs, luck, len(RUNS), (), True)


@pytest.mark.parametrize("number", RUNS)
def test_the_compiled_engine_reproduces_every_week_worked_out_by_hand(number: int) -> None:
    weekly = compiled().weekly
    assert weekly is not None
    for week, by_engine in zip(by_hand()["weekly"][str(number)], weekly[RUNS.index(number)], strict=True):
        assert dict(zip(columns.WEEKLY, by_engine, strict=True)) == pytest.approx(week, rel=CLOSE, abs=CLOSE)


@pytest.mark.parametrize("number", RUNS)
def test_the_compiled_engine_reproduces_the_coalition_worked_out_by_hand(number: int) -> None:
    actors = compiled().actors
    assert actors is not None
    coalition = build(tiny()).names.actors.index("coalition")
    weeks = by_hand()["coalition"][str(number)]
    for week, by_engine in zip(weeks, actors[RUNS.index(number), :, coalition], strict=True):
        assert dict(zip(columns.ACTOR_WEEKLY, by_engine, strict=True)) == pytest.approx(week, rel=CLOSE, abs=CLOSE)
