"""Tests of plausible inputs as a folder: what runs get of them, and what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import sim
from sim.analysis.nested import nested
from sim.analysis.rival_rules import structures
from sim.batch.designs import nested_runs
from sim.batch.input_design import MANIFEST, TABLE, InputDesign, read_design
from sim.ensemble.atomic_files import Refused
from tests.worlds import baseline, tiny

WEEK = "actors.borea.handover.week"
TOLD = {"workers": 1}


def design(*quantiles: float) -> InputDesign:
    about = {"scenario": "tiny", "hash": tiny().hash, "draws": 10}
    return InputDesign(pd.DataFrame({WEEK: list(quantiles)}), about)


def test_runs_take_the_rows_over_and_over_and_keep_their_other_inputs_and_luck() -> None:
    whole, kept = sim.run(tiny(), 1030, 3, **TOLD), sim.run(tiny(), 1030, 3, plausible=design(0.0, 0.5, 0.25), **TOLD)
    assert kept.inputs[WEEK].tolist() == [[2.0, 5.0, 3.5][run % 3] for run in range(1030)]
    others = [name for name in whole.inputs if name != WEEK]
    pd.testing.assert_frame_equal(kept.inputs[others], whole.inputs[others])


def test_mesa_plays_the_same_runs_on_them() -> None:
    one, other = (
        sim.run(tiny(), 40, 3, plausible=design(0.1, 0.9, 0.6), engine=name, **TOLD) for name in ("compiled", "mesa")
    )
    pd.testing.assert_frame_equal(one.runs, other.runs)


def test_a_folder_gives_back_what_was_written(tmp_path: Path) -> None:
    folder = design(0.25, 0.75).write(tmp_path / "plausible")
    again = read_design(folder)
    pd.testing.assert_frame_equal(again.quantiles, design(0.25, 0.75).quantiles)
    assert again.about["draws"] == 10 and [entry.name for entry in tmp_path.iterdir()] == ["plausible"]


def test_answers_say_that_they_are_on_plausible_inputs(tmp_path: Path) -> None:
    ensemble = sim.run(tiny(), 64, plausible=design(0.25, 0.75).write(tmp_path / "kept"), **TOLD)
    assert repr(ensemble).startswith("On plausible inputs (2 of 10 draws):")
    assert ensemble.summary()["not_baseline"] == "on plausible inputs (2 of 10 draws)"
    assert ensemble.manifest["design"]["plausible"]["rows"] == 2


def test_an_ensemble_goes_on_with_the_same_inputs_and_is_refused_with_others(tmp_path: Path) -> None:
    options: dict[str, Any] = {"out": tmp_path / "runs", **TOLD}
    sim.run(tiny(), 8192, plausible=design(0.25, 0.75), **options)
    longer = sim.run(tiny(), 8700, plausible=design(0.25, 0.75), **options)
    pd.testing.assert_frame_equal(longer.runs, sim.run(tiny(), 8700, plausible=design(0.25, 0.75), **TOLD).runs)
    for other in (design(0.25, 0.5), None):
        with pytest.raises(Refused, match="holds another ensemble"):
            sim.run(tiny(), 8700, plausible=other, **options)


def test_the_draws_of_a_nested_design_and_rival_rules_are_plausible_too() -> None:
    kept = design(0.25, 0.5)
    ((ensemble, numbers),) = nested_runs(tiny(), 5, 4, 1, plausible=kept, **TOLD)
    assert ensemble.inputs[WEEK].tolist() == [[3.5, 5.0][number // 4 % 2] for number in numbers]
    early, late = (nested(tiny(), 8, 64, plausible=each, **TOLD) for each in (kept, design(0.9, 0.99)))
    assert early != late
    rules = structures(tiny(), 64, 1, "ceasefire", plausible=kept, **TOLD).table
    alone = sim.run(tiny(), 64, 1, plausible=kept, **TOLD).share("ceasefire")
    assert alone is not None and rules["probability"].iloc[0] == alone.probability and len(rules) > 3


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        (TABLE, None, "quantiles.parquet is damaged (missing)"),
        (TABLE, "nothing", "quantiles.parquet is damaged"),
        (MANIFEST, "{", "design.json is damaged; sim match makes it again"),
        (MANIFEST, "{}", "design.json is damaged; sim match makes it again"),
        (MANIFEST, None, "no plausible inputs stand here; sim match CONFIG --out"),
    ],
)
def test_a_damaged_folder_is_refused(tmp_path: Path, file: str, text: str | None, message: str) -> None:
    folder = design(0.25).write(tmp_path / "kept")
    (folder / file).unlink()
    if text is not None:
        (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=re.escape(message)):
        sim.run(tiny(), 8, plausible=folder, **TOLD)


def test_a_manifest_that_names_another_table_is_refused(tmp_path: Path) -> None:
    folder = design(0.25).write(tmp_path / "kept")
    about = json.loads((folder / MANIFEST).read_text())
    about["quantiles"]["sha256"] = "0" * 64
    (folder / MANIFEST).write_text(json.dumps(about))
    with pytest.raises(ValueError, match="is not the table that its manifest names"):
        read_design(folder)


def test_inputs_of_another_config_are_refused() -> None:
    with pytest.raises(ValueError, match=r"were made for 'tiny' .* and this is 'baseline'"):
        sim.run(baseline(), 8, plausible=design(0.25), **TOLD)


def test_a_table_of_quantiles_beside_them_is_refused() -> None:
    with pytest.raises(ValueError, match="go without a table of quantiles"):
        sim.run(tiny(), 1, plausible=design(0.25), quantiles=pd.DataFrame({WEEK: [0.5]}), **TOLD)


def test_a_folder_that_holds_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(ValueError, match="holds something else than plausible inputs"):
        design(0.25).write(tmp_path)
    assert (tmp_path / "notes.txt").read_text() == "mine"
