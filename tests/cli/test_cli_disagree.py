"""Tests of ``sim disagree``: what it prints, and how wrong input is told."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from sim.cli import app
from tests.bars import bar_of
from tests.worlds import write_tiny

OTHER = """\
question: Q?
extends: tiny.yaml
assumption: made up by the other analyst
change:
  actors.ukr.disposition: 3
  actors.usa.disposition: 1
  actors.usa.burden_sharing: 0.9
"""
SAME = "question: Another?\nextends: tiny.yaml\n"


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path, other=OTHER, same=SAME)


def sim(*words: str) -> Result:
    return CliRunner().invoke(app, ["disagree", *words])


def test_it_says_whose_part_is_how_large_and_what_differs() -> None:
    result = sim("tiny.yaml", "other.yaml", "--of", "ceasefire", "--runs", "200", "-o", "steps.svg")
    assert result.exit_code == 0, result.output
    assert "“tiny” says " in result.stdout and "actors.ukr.disposition" in result.stdout
    for words in ("95% run noise", "% of gap (95%)", "What differs", "0 .. 3 -> 3"):
        assert words in result.stdout
    assert "3 groups by path: all 8 scenarios, 200 runs each, 1,600 in all" in result.stderr
    assert Path("steps.svg").read_text().startswith("<?xml")


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        (("--runs", "20"), 8 * 20),
        (("--runs", "20", "--by", "actor"), 4 * 20),
        (("--runs", "20", "--permutations", "12"), 8 * 20),
        (("--runs", "5", "--engine", "mesa", "--workers", "1"), 8 * 5),
    ],
)
def test_the_bar_ends_where_its_runs_do(options: tuple[str, ...], runs: int) -> None:
    with bar_of("sim.cli.disagree") as bar:
        assert sim("tiny.yaml", "other.yaml", "--of", "ceasefire", *options).exit_code == 0
    assert bar.total == sum(bar.steps) == runs


def test_json_is_one_object_with_all_tables() -> None:
    words = ("tiny.yaml", "other.yaml", "--of", "ceasefire", "--runs", "50", "--by", "actor", "--json")
    told = json.loads(sim(*words).stdout, parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert set(told["groups"]) == {"actors.ukr", "actors.usa"} and told["by"] == "actor"
    assert set(told["groups"]["actors.ukr"]) == {"differs", "value", "low", "high", "share", "share_low", "share_high"}
    assert [set(pair) for pair in told["interactions"]] == [{"one", "other", "value", "low", "high"}]
    assert set(told["answers"]["a"]) == {"share", "low", "high"} and told["stamp"] is None


def test_groups_that_are_tied_are_told() -> None:
    Path("more.yaml").write_text(
        "question: Q?\nextends: tiny.yaml\nassumption: made up\nchange:\n"
        "  actors.dorne: {name: D, roles: [contributor], stance: open, disposition: 1, capacity_troops: 100,\n"
        "    ratification: {weeks: 1, support: 0}}\n"
        "  network.alba->dorne/persuasion: {strength: 30%, willingness: 50%}\n"
    )
    result = sim("tiny.yaml", "more.yaml", "--runs", "20")
    assert result.exit_code == 0, result.output
    assert "actors.dorne + network.alba->dorne/persuasion: taken together, as apart they do not load" in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("tiny.yaml", "tiny.yaml"), "tiny and tiny do not differ in anything that is played"),
        (("tiny.yaml", "same.yaml"), "tiny and same do not differ in anything that is played"),
        (("tiny.yaml", "nobody"), "no scenario of this name"),
        (("tiny.yaml", "nobody.yaml"), "nobody.yaml"),
        (("tiny.yaml", "other.yaml", "--permutations", "13"), "an even number between 12 and 10,000, got 13"),
        (("tiny.yaml", "other.yaml", "--of", "peace"), "'peace' is no name"),
        (("tiny.yaml", "other.yaml", "-o", "steps.doc"), "expected a file that ends in .svg, .png, .pdf"),
    ],
)
def test_wrong_input_ends_with_status_2_and_one_line(words: tuple[str, ...], expected: str) -> None:
    result = sim(*words, "--runs", "20")
    assert result.exit_code == 2, result.output
    assert result.stdout == "" and "Traceback" not in result.stderr
    assert expected in result.stderr and len(result.stderr.strip().splitlines()) == 1


def test_an_unknown_way_to_group_is_refused_with_those_there_are() -> None:
    result = sim("tiny.yaml", "other.yaml", "--by", "country")
    assert result.exit_code == 2 and "'path', 'part', 'actor'" in result.stderr
