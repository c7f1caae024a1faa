"""Tests of sweeps: every point is a batch of its own, points share their luck, and designs are what they say."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim import batch
from sim.analysis.points import read_points
from sim.analysis.sweep import grid, hypercube, sweep
from sim.plots.sweep import scatter
from sim.plots.sweep import sweep as draw
from sim.words import path_words
from tests.worlds import tiny, write_tiny

DISPOSITION, OFFERS = "actors.ukr.disposition", "actors.usa.backstop.offers.at_most"


def test_a_point_is_what_the_scenario_with_that_value_gives() -> None:
    result = sweep(tiny(), {DISPOSITION: [0.0, 2.0]}, "ceasefire", runs=100)
    fixed = batch.run(tiny().change({DISPOSITION: 2.0}), 100).happened("ceasefire").mean()
    assert result.table["probability"].tolist()[1] == fixed


def test_a_scenario_is_swept_by_its_file_too(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    points = {DISPOSITION: [0.0, 2.0]}
    by_name = sweep(tmp_path / "tiny.yaml", points, runs=20).table
    assert by_name.equals(sweep(str(tmp_path / "tiny.yaml"), points, runs=20).table)
    assert by_name.equals(sweep(tiny(), points, runs=20).table)


def test_more_readiness_in_kyiv_makes_ceasefires_likelier_under_common_luck() -> None:
    result = sweep(tiny(), {DISPOSITION: list(np.linspace(0.0, 3.0, 4))}, "ceasefire", runs=300)
    assert (np.diff(result.table["probability"]) >= 0.0).all()
    assert (result.table["low"] <= result.table["probability"]).all() and (
        result.table["probability"] <= result.table["high"]
    ).all()
    assert "a ceasefire goes from" in result.sentence and "same luck" in result.sentence


def test_words_are_swept_as_well_as_numbers() -> None:
    result = sweep(tiny(), {OFFERS: ["none", "assurance"]}, runs=40)
    assert result.table[OFFERS].tolist() == ["none", "assurance"]
    assert draw(result).get_xlabel() == path_words(OFFERS)


def test_a_number_that_changes_nothing_shows_no_difference() -> None:
    result = sweep(tiny(), {"actors.usa.backstop.honoured": [0.6, 0.6]}, runs=40)
    assert "no difference shown" in result.sentence


def test_two_paths_make_a_grid_and_a_heat_map() -> None:
    points = grid({DISPOSITION: [0.0, 1.5, 3.0], "actors.usa.disposition": [-1.0, 1.0]})
    assert len(points) == 6
    axes = draw(sweep(tiny(), points, "ceasefire", runs=20))
    assert (axes.get_xlabel(), axes.get_ylabel()) == (path_words(DISPOSITION), "Usa: disposition")


def test_a_hypercube_has_one_point_in_every_slice_of_every_range() -> None:
    points = hypercube({"a": (0.0, 10.0), "b": (-1.0, 1.0)}, 10)
    assert sorted(points["a"].astype(int)) == list(range(10))
    assert sorted(np.floor(5 * (points["b"] + 1)).astype(int)) == list(range(10))
    assert points.equals(hypercube({"a": (0.0, 10.0), "b": (-1.0, 1.0)}, 10))


def test_a_hypercube_is_drawn_a_panel_a_number() -> None:
    points = hypercube({DISPOSITION: (0.0, 3.0), "actors.usa.disposition": (-1.0, 1.0)}, 4)
    result = sweep(tiny(), points, "ceasefire", runs=20)
    assert len(scatter(result)) == 2
    with pytest.raises(ValueError, match=r"drawn in panels: sim\.plots\.scatter"):
        draw(result)


def test_points_of_a_file_are_swept_as_they_stand(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    pd.DataFrame({DISPOSITION: [0.0, 3.0], OFFERS: ["none", "assurance"]}).to_csv(file, index=False)
    result = sweep(tiny(), read_points(file), "ceasefire", runs=20)
    assert result.table[[DISPOSITION, OFFERS]].values.tolist() == [[0.0, "none"], [3.0, "assurance"]]


@pytest.mark.parametrize(
    ("points", "told"),
    [
        ({"actors.ukr.dispositon": [1.0]}, "'actors.ukr.dispositon' is not an input; did you mean"),
        ({OFFERS: ["aircover"]}, f"{OFFERS}: 'aircover' is not among the words"),
        ({"actors.usa.backstop.honoured": [1.5]}, "outside what is allowed"),
        ({DISPOSITION: []}, "between 1 and 10,000 points"),
        ({"luck": [1]}, "'luck' is no input"),
    ],
)
def test_a_point_that_does_not_fit_is_refused(points: dict[str, list[object]], told: str) -> None:
    with pytest.raises(ValueError, match=told.replace("(", r"\(")):
        sweep(tiny(), points, runs=5)


def test_a_file_with_a_gap_is_refused_with_its_row(tmp_path: Path) -> None:
    file = tmp_path / "points.csv"
    file.write_text("a,b\n1,2\n3,\n")
    with pytest.raises(ValueError, match="row 3 has no value for b"):
        read_points(file)


def test_values_of_numpy_and_pandas_are_points() -> None:
    values = {DISPOSITION: pd.Series([np.int64(0), np.int64(2)]), OFFERS: np.array(["none", "assurance"])}
    assert grid(values).to_numpy().tolist() == [[0, "none"], [0, "assurance"], [2, "none"], [2, "assurance"]]  # type: ignore[arg-type]


@pytest.mark.parametrize("values", [3, "3", np.array([[1.0, 2.0]]), [pd.NA], [np.nan], [None], [{"low": 0}]])
def test_values_that_are_no_list_of_numbers_are_refused_with_their_path(values: object) -> None:
    with pytest.raises(ValueError, match=DISPOSITION):
        sweep(tiny(), {DISPOSITION: values}, runs=10)  # type: ignore[dict-item]


@pytest.mark.parametrize("runs", [0, -1])
def test_a_point_has_one_run_at_least(runs: int) -> None:
    with pytest.raises(ValueError, match=f"runs must be between 1 and 100,000,000, got {runs}"):
        sweep(tiny(), {"actors.alba.credence": [0.1, 0.2]}, runs=runs)
