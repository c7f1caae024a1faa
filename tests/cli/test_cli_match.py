"""The commands match and run --inputs: what they print and write, and wrong input in one line with exit status 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import worlds
from tests.bars import bar_of
from tests.commands import refused_in_a_line, sim

SMALL = ("--targets", "targets.yaml", "--draws", "20", "--luck", "16", "--waves", "2", "--keep", "30", "--runs", "200")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("match")
    worlds.write_tiny(
        folder,
        targets=worlds.TARGETS,
        never=worlds.TARGETS.replace(
            "low: 0.001, likely: 0.01, high: 0.1", "low: 1.0e+30, likely: 1.0e+31, high: 1.0e+32"
        ),
        wrong=worlds.TARGETS.replace("truce_break_rate", "truce_breaks"),
    )
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        assert sim("match", "tiny.yaml", *SMALL, "-o", "match.png").exit_code == 0
    return folder


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def test_match_prints_the_answer_and_writes_inputs_and_pictures(folder: Path) -> None:
    result = sim("match", "tiny.yaml", *SMALL, "-o", "match.png")
    assert result.exit_code == 0, result.output
    assert "Of 20 draws of the inputs" in result.stdout and "This is no calibration" in result.stdout
    assert "drawn anew inside what is left" in result.stdout and "Drawn anew" in result.stdout
    assert "sim run tiny.yaml --inputs plausible plays on them" in result.stderr
    assert {entry.name for entry in (folder / "plausible").iterdir()} == {"design.json", "quantiles.parquet"}
    assert all((folder / f"match{what}.png").is_file() for what in ("", "-learnt", "-depth", "-forecast"))


def test_the_bar_of_a_match_holds_its_waves_and_has_no_end_where_more_draws_may_be_needed() -> None:
    with bar_of("sim.cli.match") as bar:
        assert sim("match", "tiny.yaml", *SMALL, "--keep", "0", "--out", "waves").exit_code == 0
    assert bar.total == 20 * 16 * 2 + 2 * 200
    assert 20 * 16 + 2 * 200 < sum(bar.steps) <= bar.total
    with bar_of("sim.cli.match") as endless:
        assert sim("match", "tiny.yaml", *SMALL, "--out", "waves").exit_code == 0
    assert endless.total is None and sum(endless.steps) > sum(bar.steps)


def test_match_prints_one_json_object() -> None:
    answer = json.loads(sim("match", "tiny.yaml", *SMALL, "--json").stdout)
    assert answer["draws"] == 20 and answer["left"] == answer["waves"][-1]["left"] and answer["folder"] == "plausible"
    assert answer["kept"] == answer["left"] + sum(each["left"] for each in answer["rounds"]) >= 30
    assert set(answer["targets"]) == {"breaks"} and set(answer["forecast"]) == {"european", "deployed", "ceasefire"}
    assert answer["targets"]["breaks"]["survives_low"] <= answer["targets"]["breaks"]["survives"]


def test_run_plays_on_plausible_inputs_in_a_folder_of_its_own_and_says_so(folder: Path) -> None:
    result = sim("run", "tiny.yaml", "--runs", "100", "--inputs", "plausible")
    assert result.exit_code == 0 and "On plausible inputs (" in result.stdout, result.output
    assert len(list((folder / "runs").glob("tiny-*-plausible-*"))) == 1
    answer = json.loads(sim("run", "tiny.yaml", "--runs", "100", "--inputs", "plausible", "--json").stdout)
    assert answer["not_baseline"].startswith("on plausible inputs (")


def test_a_range_over_plausible_inputs_is_computed_too() -> None:
    options = ("--runs", "100", "--nested", "4x8", "--theory", "20", "--out", "ranges")
    result = sim("run", "tiny.yaml", *options, "--inputs", "plausible", "--json")
    assert result.exit_code == 0, result.output
    answer = json.loads(result.stdout)
    assert answer["inputs_range"]["deployed"]["draws"] == 4 and answer["theory_range"]["deployed"]["runs"] == 20


def test_run_names_the_command_that_makes_the_inputs_where_there_are_none() -> None:
    refused_in_a_line(sim("run", "tiny.yaml", "--inputs", "nowhere"), "sim match CONFIG --out nowhere makes them")


def test_run_refuses_the_plausible_inputs_of_another_config() -> None:
    other = ("--set", "rules.form.weeks=3")
    refused_in_a_line(
        sim("run", "tiny.yaml", *other, "--inputs", "plausible"), "sim match with this config makes its own"
    )


def test_nothing_left_is_told_with_the_targets_that_rule_out_and_nothing_is_written(folder: Path) -> None:
    options = ("--targets", "never.yaml", "--draws", "10", "--luck", "200", "--out", "none_left")
    refused_in_a_line(sim("match", "tiny.yaml", *options), "ruled out by: breaks 100%. Nothing was written.")
    assert not (folder / "none_left").exists()


def test_a_fault_of_the_targets_is_told_with_its_line() -> None:
    refused_in_a_line(sim("match", "tiny.yaml", "--targets", "wrong.yaml"), "wrong.yaml:5:")


def test_a_folder_of_something_else_is_refused_before_anything_runs(folder: Path) -> None:
    refused_in_a_line(sim("match", "tiny.yaml", "--out", str(folder)), "holds something else than plausible inputs")


def test_the_shipped_targets_refuse_a_horizon_that_they_look_beyond() -> None:
    refused_in_a_line(sim("match", "tiny.yaml"), "ceasefire_year looks at 52 weeks, and tiny has 16")
