"""Tests of a forecast: the flat batch in its folder, and the range over inputs that is computed once."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.analysis import nested
from sim.analysis.forecast import NO_DESIGN, forecast, inputs_range, stored_range, usual_design
from sim.ensemble.ensemble import open_ensemble
from tests.worlds import tiny

RUNS, SEED, DESIGN = 8, 3, (3, 4)
MESA = {"workers": 1, "engine": "mesa"}


@pytest.mark.parametrize(
    ("engine", "runs", "design"),
    [
        ("compiled", nested.WORTH_A_DESIGN, (nested.DRAWS, nested.LUCK)),
        ("compiled", nested.WORTH_A_DESIGN - 1, NO_DESIGN),
        ("compiled", None, (nested.DRAWS, nested.LUCK)),
        ("mesa", nested.WORTH_A_DESIGN, NO_DESIGN),
    ],
)
def test_only_a_large_batch_of_the_quick_engine_has_a_design_unasked(
    engine: str, runs: int | None, design: tuple[int, int]
) -> None:
    assert usual_design(engine, runs) == design


def test_without_a_design_there_is_no_range() -> None:
    assert inputs_range(tiny(), NO_DESIGN, SEED) is None


def test_a_design_of_no_runs_a_draw_is_refused() -> None:
    with pytest.raises(ValueError, match="at least 2 draws of 2 runs, got 5x0"):
        inputs_range(tiny(), (5, 0), SEED)


def test_a_forecast_keeps_its_range_beside_its_runs(tmp_path: Path) -> None:
    played: list[int] = []
    ensemble = forecast(tiny(), tmp_path / "out", RUNS, SEED, design=DESIGN, progress=played.append, **MESA)
    assert len(ensemble) == RUNS
    assert sum(played) == RUNS + DESIGN[0] * DESIGN[1]
    assert ensemble.inputs_range == inputs_range(tiny(), DESIGN, SEED, **MESA)
    assert open_ensemble(tmp_path / "out").inputs_range == ensemble.inputs_range


def test_a_range_that_stands_is_taken_up_if_it_is_of_the_design_asked_for(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = forecast(tiny(), folder, RUNS, SEED, design=DESIGN, **MESA).inputs_range
    assert stored_range(folder, None) == stored_range(folder, DESIGN) == first
    assert stored_range(folder, (4, 4)) is None
    assert stored_range(tmp_path / "none", None) is None
    longer = forecast(tiny(), folder, 2 * RUNS, SEED, standing=first, **MESA)
    assert (len(longer), longer.inputs_range) == (2 * RUNS, first)


def test_options_of_the_flat_batch_are_its_alone(tmp_path: Path) -> None:
    ensemble = forecast(tiny(), tmp_path / "out", RUNS, SEED, design=DESIGN, flat={"keep": ["weekly"]}, **MESA)
    assert ensemble.weekly is not None
    assert ensemble.inputs_range == inputs_range(tiny(), DESIGN, SEED, **MESA)


def test_a_gate_held_open_is_open_in_the_range_too(tmp_path: Path) -> None:
    options = {"design": (4, 16), "relaxed": ("truce",), **MESA}
    ensemble = forecast(tiny(), tmp_path / "out", RUNS, SEED, **options)  # type: ignore[arg-type]
    assert ensemble.inputs_range == inputs_range(tiny(), (4, 16), SEED, relaxed=("truce",), **MESA)
    assert ensemble.inputs_range != inputs_range(tiny(), (4, 16), SEED, **MESA)
