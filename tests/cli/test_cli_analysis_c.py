"""Tests of ``sim sensitivity``, ``sweep``, ``when`` and ``sure``: what they print, and how wrong input is told."""

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import Result

from sim.analysis import optional_libraries
from tests.bars import bar_of
from tests.commands import refused_in_a_line, sim
from tests.worlds import write_tiny

DISPOSITION = "actors.ukr.disposition"


@pytest.fixture(autouse=True)
def _somewhere_else(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)


def done(result: Result) -> str:
    assert result.exit_code == 0, result.output
    return result.stdout


def told(result: Result) -> dict[str, object]:
    found = json.loads(done(result), parse_constant=lambda name: pytest.fail(f"{name} is no JSON"))
    assert isinstance(found, dict)
    return found


def test_sensitivity_opens_with_a_sentence_and_tells_groups_numbers_and_ends() -> None:
    out = done(
        sim("sensitivity", "tiny.yaml", "--of", "ceasefire", "--base", "64", "--trajectories", "3", "-o", "ends.svg")
    )
    assert "Whether a ceasefire comes about in a run: chance accounts for " in out
    for title in ("What it rests on", "Actors", "Phases of the round", "Single numbers", "Assumptions at the least"):
        assert title in out
    assert Path("ends.svg").read_text().startswith("<?xml")


JUDGED = "{by: {x: 0.5, y: 0.2}}"


@pytest.mark.parametrize(("changes", "least"), [((), 0), (("--set", f"{DISPOSITION}={JUDGED}"), 30_000)])
def test_the_bar_of_sensitivity_holds_its_runs(changes: tuple[str, ...], least: int) -> None:
    words = ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--base", "64", "--trajectories", "3", *changes)
    with bar_of("sim.cli.sensitivity") as bar:
        done(sim(*words))
    assert bar.total is not None
    assert least < bar.total - 10 * 64 <= sum(bar.steps) <= bar.total  # of ten single numbers fewer may matter


def test_the_bar_of_an_adaptive_sensitivity_holds_what_it_may_take() -> None:
    with bar_of("sim.cli.sensitivity") as bar:
        done(sim("sensitivity", "tiny.yaml", "--of", "ceasefire", "--within", "20", "--trajectories", "3"))
    assert bar.total is not None and bar.total > 65_536
    assert 0 < sum(bar.steps) <= bar.total


def test_sensitivity_as_json_is_one_object() -> None:
    found = told(sim("sensitivity", "tiny.yaml", "--of", "ceasefire", "--base", "64", "--trajectories", "3", "--json"))
    assert {"sentence", "scenario", "seed", "base", "groups", "inputs", "screening", "ends"} <= set(found)


def test_sensitivity_tells_which_single_numbers_carry_it_and_what_they_rest_on() -> None:
    words = ("sensitivity", "tiny.yaml", "--of", "ceasefire", "--shares", "--runs", "600")
    out = done(sim(*words, "-o", "shares.svg"))
    assert "Whether a ceasefire comes about in a run: 14 numbers, one by one, explain " in out
    assert "What numbers rest on" in out and "Single numbers" in out
    assert Path("shares.svg").read_text().startswith("<?xml")
    whole = told(sim(*words, "--json"))
    assert {"explained", "carriers", "kinds", "inputs", "runs", "of"} <= set(whole)
    assert whole["sentence"] == out.splitlines()[1]


def test_sensitivity_tells_which_numbers_are_inert() -> None:
    words = ("sensitivity", "tiny.yaml", "--inert", "--runs", "40")
    out = done(sim(*words, "-o", "inert.svg"))
    assert "Of 14 uncertain numbers, " in out
    for title in ("What numbers rest on", "Parts of the config", "Numbers that make no difference: 0"):
        assert title in out
    assert Path("inert.svg").read_text().startswith("<?xml")
    inputs = told(sim(*words, "--json"))["inputs"]
    assert isinstance(inputs, dict) and inputs[DISPOSITION]["verdict"] == "moves"


def test_the_bar_of_inert_numbers_ends_where_its_runs_do() -> None:
    with bar_of("sim.cli.number_tables") as bar:
        done(sim("sensitivity", "tiny.yaml", "--inert", "--runs", "10"))
    assert bar.total == sum(bar.steps) == 2 * (4 * 10 + 2 * 10 * 14)


def test_options_of_single_numbers_go_with_what_they_are_for() -> None:
    refused_in_a_line(sim("sensitivity", "tiny.yaml", "--shares", "--inert"), "expected one of --shares and --inert")
    refused_in_a_line(sim("sensitivity", "tiny.yaml", "--runs", "100"), "--runs goes with --shares or --inert")
    refused_in_a_line(
        sim("sensitivity", "tiny.yaml", "--inert", "--base", "64"), "--base and --trajectories go without"
    )
    refused_in_a_line(
        sim("sensitivity", "tiny.yaml", "--inert", "--runs", "1"), "runs at each end must be between 2 and 65,536"
    )
    refused_in_a_line(
        sim("sensitivity", "tiny.yaml", "--shares", "--runs", "7"), "runs must be between 100 and 1,000,000, got 7"
    )


def test_sensitivity_without_its_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(optional_libraries, "find_spec", lambda _: None)
    refused_in_a_line(
        sim("sensitivity", "tiny.yaml"), "this needs SALib, which is not installed; pip install -e '.[analysis]'"
    )


def test_sensitivity_of_what_never_happens_is_refused_in_a_line() -> None:
    never = "actors.ukr.disposition=0"
    refused_in_a_line(
        sim("sensitivity", "tiny.yaml", "--of", "training", "--base", "8", "--set", never), "no variance to share"
    )


def test_a_sweep_tells_its_points_and_saves_figure_or_table() -> None:
    out = done(
        sim("sweep", "tiny.yaml", f"{DISPOSITION}=0:3:4", "--runs", "100", "--of", "ceasefire", "-o", "curve.png")
    )
    assert "Over 4 points, " in out and "95% run noise" in out
    assert Path("curve.png").read_bytes().startswith(b"\x89PNG")
    done(sim("sweep", "tiny.yaml", f"{DISPOSITION}=0:3:4", "--runs", "20", "-o", "points.csv"))
    assert list(pd.read_csv("points.csv")) == [DISPOSITION, "probability", "low", "high", "runs"]


def test_a_sweep_takes_words_grids_hypercubes_and_files() -> None:
    offers = "actors.usa.backstop.offers.at_most=none,assurance"
    both = told(sim("sweep", "tiny.yaml", offers, f"{DISPOSITION}=0:300%:3", "--runs", "10", "--json"))
    assert len(both["points"]) == 6  # type: ignore[arg-type]
    cube = ("sweep", "tiny.yaml", f"{DISPOSITION}=0:3", "actors.usa.disposition=-1:1", "--lhs", "5", "--runs", "10")
    assert "Over 5 points" in done(sim(*cube))
    Path("points.csv").write_text(f"{DISPOSITION}\n1\n2\n")
    assert "Over 2 points" in done(sim("sweep", "tiny.yaml", "--csv", "points.csv", "--runs", "10"))
    assert "Over 2 points" in done(sim("sweep", "tiny.yaml", "points.csv", "--runs", "10"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "nothing to sweep"),
        ((f"{DISPOSITION}=0:3",), "expected PATH=LOW:HIGH:N or PATH=value,value"),
        ((f"{DISPOSITION}=3:0:4",), "LOW below HIGH"),
        ((f"{DISPOSITION}=0:3:1",), "2 to 1,000 values"),
        ((f"{DISPOSITION}=a:b:3",), "is not a number"),
        ((f"{DISPOSITION}=1,2", f"{DISPOSITION}=1,2"), "is given twice"),
        ((f"{DISPOSITION}=1,,2",), "expected PATH=LOW:HIGH:N"),
        (("actors.ukr.dispositoin=0:3:4",), "'actors.ukr.dispositoin' is not an input; did you mean"),
        (("actors.usa.backstop.honoured=0:2:3",), "outside what is allowed"),
        (("a=1,2", "b=1,2", "c=1,2"), "a grid has one or two paths"),
        ((f"{DISPOSITION}=0:3:4", "--lhs", "5"), "with --lhs expected PATH=LOW:HIGH"),
        ((f"{DISPOSITION}=0:3:4", "--csv", "x.csv"), "--csv goes without"),
        (("--csv", "nowhere.csv"), "nowhere.csv: No such file"),
        (("--csv", "empty.csv"), "empty.csv:1:1: no table of points"),
        ((f"{DISPOSITION}=0:3:4", "-o", "curve.gif"), "curve.gif"),
        ((f"{DISPOSITION}=0:3:4", "-o", "nowhere/curve.png"), "there is no folder nowhere"),
    ],
)
def test_a_sweep_that_does_not_fit_is_refused_in_a_line(words: tuple[str, ...], expected: str) -> None:
    Path("empty.csv").write_text("")
    refused_in_a_line(sim("sweep", "tiny.yaml", *words, "--runs", "5"), expected)


@pytest.mark.slow
def test_when_looks_at_the_ensemble_written_last() -> None:
    done(sim("run", "tiny.yaml", "--runs", "2000", "--nested", "none"))
    out = done(sim("when", "--of", "ceasefire", "--inputs", "6", "-o", "box.png"))
    assert "a ceasefire comes about in" in out and "Limits of the box" in out
    assert Path("box.png").exists()
    found = told(sim("when", "--of", "ceasefire", "--inputs", "6", "--json"))
    assert {"sentence", "limits", "tradeoff", "density", "coverage", "base", "seed", "scenario", "runs"} <= set(found)


def test_when_without_an_ensemble_or_with_too_few_runs_is_refused_in_a_line() -> None:
    refused_in_a_line(sim("when"), "no ensemble stands under runs")
    refused_in_a_line(sim("when", "nowhere"), "nowhere: no ensemble stands here")
    done(sim("run", "tiny.yaml", "--runs", "50", "--out", "few"))
    refused_in_a_line(sim("when", "few", "--of", "ceasefire"), "at least 1,000 runs, this ensemble has 50")
    refused_in_a_line(sim("when", "few", "--density", "2"), "a density lies above 0 and is at most 1, got 2")


def test_how_sure_opens_with_the_widths_and_tells_what_survives() -> None:
    words = ("sure", "tiny.yaml", "--of", "deployed", "--runs", "1000", "--draws", "5", "--luck", "20")
    out = done(sim(*words, "-o", "widths.pdf"))
    assert "Any deployment is " in out and "rival rules" in out and "among the first two" in out
    assert Path("widths.pdf").read_bytes().startswith(b"%PDF")
    found = told(sim(*words, "--json"))
    assert {"sentence", "widths", "structures", "blockers", "convergence", "warnings", "statements"} <= set(found)


def test_the_bar_of_how_sure_ends_where_its_runs_do() -> None:
    with bar_of("sim.cli.sure") as bar:
        done(sim("sure", "tiny.yaml", "--of", "deployed", "--runs", "400", "--draws", "5", "--luck", "20"))
    assert bar.total == sum(bar.steps) > 400 + 5 * 20 + 100


def test_how_sure_with_wrong_input_is_refused_in_a_line() -> None:
    refused_in_a_line(sim("sure", "nowhere.yaml"), "nowhere.yaml")
    refused_in_a_line(sim("sure", "tiny.yaml", "-o", "widths.gif"), "widths.gif")
