"""The commands why, levers and replay: what they print and write, and wrong input in one line with exit status 2."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from tests import worlds
from tests.analysis.test_levers import write_toy
from tests.bars import bar_of
from tests.commands import refused_in_a_line, sim


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    found = tmp_path_factory.mktemp("analysis_b")
    worlds.write_tiny(found)
    write_toy(found)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(found)
        assert sim("run", "tiny.yaml", "--runs", "300").exit_code == 0
    return found


@pytest.fixture(autouse=True)
def _there(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)


def test_why_looks_at_the_latest_ensemble_and_begins_with_the_answer(folder: Path) -> None:
    result = sim("why", "--most", "2", "--figure", "why.svg")
    assert result.exit_code == 0, result.output
    assert "Of the " in result.stdout and "Minimal sets" in result.stdout
    assert "Moscow's consent" in result.stdout and not re.search(r"russian_consent|\btruce\b", result.stdout)
    assert (folder / "why.svg").is_file() and (folder / "why-together.svg").is_file()


def test_why_prints_one_json_object() -> None:
    found = json.loads(sim("why", "--most", "1", "--json").stdout)
    assert found["runs"] == 300 and found["blockers"][-1]["requirements"] == "none"
    assert {"share", "low", "high"} <= set(found["blockers"][0]) and found["sentence"].startswith("Of the ")


def test_levers_tell_the_answer_and_write_pictures(folder: Path) -> None:
    result = sim("levers", "toy.yaml", "--runs", "100", "--target", "0.9", "--figure", "levers.png")
    assert result.exit_code == 0, result.output
    assert "This is a search, not a proof." in result.stdout
    assert (folder / "levers.png").is_file() and (folder / "levers-enough.png").is_file()


def test_the_bar_of_why_ends_where_the_runs_without_a_force_do() -> None:
    with bar_of("sim.cli.why") as bar:
        answer = json.loads(sim("why", "--most", "1", "--json").stdout)
    assert bar.total == sum(bar.steps) == answer["without"]


ALONE = 1 + 4 + 1 + 3
"""What is measured before the search: nothing moved, each step, everything moved, and everything but a lever."""


@pytest.mark.parametrize(
    ("options", "most"),
    [
        (("--target", "0.01"), 100 * (ALONE + 1 + 2 * (3 + 4 + 3 + 1))),
        (("--target", "0.65", "--tries", "2"), 100 * (ALONE + 1 + 2 * (2 + 2 + 2 + 1))),
        (("--target", "0.65", "--within", "3"), 64_000 * (ALONE + 1 + 2 * (3 + 4 + 3 + 1))),
    ],
)
def test_the_bar_of_levers_holds_the_longest_search(options: tuple[str, ...], most: int) -> None:
    with bar_of("sim.cli.levers") as bar:
        assert sim("levers", "toy.yaml", "--runs", "100", *options).exit_code == 0
    assert bar.total == most
    assert 100 * ALONE < sum(bar.steps) <= most


def test_levers_go_by_their_names_and_their_list_has_the_ids_beside() -> None:
    listed = sim("levers", "toy.yaml", "--list").stdout
    assert re.search(r"  votes +Votes at home +Lead, Follower, Outsider *\n", listed)
    ranked = sim("levers", "toy.yaml", "--runs", "100", "--target", "0.65").stdout
    assert "A force in wartime: decided (Lead)" in ranked
    assert not re.search(r"\bvotes\b|\bwartime 1\b", ranked)


def test_levers_print_one_json_object() -> None:
    found = json.loads(sim("levers", "toy.yaml", "--runs", "100", "--json").stdout)
    assert {"steps", "combinations", "levels", "sentence"} <= set(found)
    listed = json.loads(sim("levers", "baseline", "--list", "--json").stdout)["levers"]
    assert {"lever", "step", "held_by", "group", "label", "change", "cost"} <= set(listed[0])


def test_replay_tells_the_typical_run_and_draws_it(folder: Path) -> None:
    result = sim("replay", "tiny.yaml", "--typical", "no_ceasefire", "--figure", "story.pdf")
    assert result.exit_code == 0, result.output
    assert "is the most typical" in result.stdout and "looking among the 300 runs" in result.stderr
    assert (folder / "story.pdf").read_bytes().startswith(b"%PDF")
    assert "is the most surprising" in sim("replay", "tiny.yaml", "--surprising").stdout


def test_replay_by_number_is_the_story_alone() -> None:
    result = sim("replay", "tiny.yaml", "--run", "3", "--seed", "2")
    assert result.exit_code == 0 and "seed 2, run 3" in result.stdout and not result.stderr


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("why", "nowhere"), "no ensemble stands here"),
        (("why", "--within", "60"), "points lie above 0 and below 50, got 60"),
        (("why", "--figure", "why.doc"), "expected a file that ends in .svg, .png, .pdf"),
        (("why", "--figure", "no/such/why.svg"), "there is no folder no/such"),
        (("levers", "tiny.yaml"), "declares no levers"),
        (("levers", "toy.yaml", "--target", "1.5"), "a target lies above 0 and below 1"),
        (("levers", "toy.yaml", "--cost", "none.yaml"), "none.yaml"),
        (("levers", "nobody"), "no scenario of this name"),
        (("replay", "tiny.yaml"), "expected one of --run K"),
        (("replay", "tiny.yaml", "--run", "1", "--surprising"), "expected one of --run K"),
        (("replay", "tiny.yaml", "--typical", "peace"), "'peace' is not an outcome"),
        (("replay", "tiny.yaml", "--run", "1", "--figure", "x.gif"), "expected a file that ends in"),
    ],
)
def test_wrong_input_is_refused_in_one_line(words: tuple[str, ...], told: str) -> None:
    result = sim(*words)
    if words[:2] == ("replay", "tiny.yaml") and "--typical" in words:
        result.stderr_bytes = result.stderr_bytes.split(b"\n", 1)[1]  # where it looked is told first
    refused_in_a_line(result, told)


def test_check_tells_a_step_that_does_not_fit_with_its_place(folder: Path) -> None:
    (folder / "own").mkdir()
    write_toy(
        folder / "own",
        (folder / "toy.yaml")
        .read_text()
        .partition("levers:")[2]
        .join(["levers:", ""])
        .replace("rules.form.weeks: 2", "rules.form.weeks: soon"),
    )
    toy = folder / "own" / "toy.yaml"
    toy.write_text(toy.read_text().replace("    name: Broker\n", "    name: Broker\n    susceptibility: 20%\n"))
    refused_in_a_line(sim("check", "own/toy.yaml"), "levers.wartime.steps.0.change: rules.form.weeks")


def test_check_notes_an_inherited_lever_that_fits_no_longer(folder: Path) -> None:
    (folder / "less.yaml").write_text(
        "question: What without Madrid?\nextends: baseline\nassumption: made up\nchange: {actors.spain: null}\n"
    )
    result = sim("check", "less.yaml")
    assert result.exit_code == 0 and "note: lever hesitant_states, step 1 does not fit here" in result.stdout


def test_nothing_under_runs_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    refused_in_a_line(sim("why"), "no ensemble stands under runs")
