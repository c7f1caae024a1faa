"""The range of a case over its inputs, as a forecast has it: none for too few runs, else two shares in order."""

from __future__ import annotations

from sim.validation.case_runs import _FEWEST_DRAWS, LUCK, _over_inputs
from tests.worlds import tiny


def test_a_range_takes_draws_enough() -> None:
    assert _over_inputs(tiny(), _FEWEST_DRAWS * LUCK - 1, 1) is None


def test_inputs_that_decide_everything_leave_a_wide_range() -> None:
    ends = _over_inputs(tiny(), _FEWEST_DRAWS * LUCK, 1)
    assert ends is not None and 0.0 <= ends[0] < 0.5 < ends[1] <= 1.0
