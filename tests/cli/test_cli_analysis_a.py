"""Tests of the commands compare, given, independence, record and score: what they print, and how they refuse."""

import json
import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import batch
from sim.cli import compare
from sim.ensemble.results import Flows
from tests.bars import bar_of
from tests.commands import refused_in_a_line, sim
from tests.scenario.test_own_claims import STAMP, written
from tests.worlds import tiny, write_tiny

SMALL = ("--runs", "30", "--workers", "1")
EASIER = "actors.ukr.disposition=3"


@pytest.fixture(autouse=True)
def _somewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)


@pytest.fixture(scope="module")
def ensemble(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("ensemble") / "tiny"
    batch.run(tiny(), 300, 4, workers=1, out=folder)
    return folder


def told(*words: str) -> dict[str, Any]:
    result = sim(*words, "--json")
    assert result.exit_code == 0, result.output
    found: dict[str, Any] = json.loads(result.stdout)
    return found


# --- compare ---------------------------------------------------------------------------------------------------------


def test_the_rows_of_a_comparison_are_in_readers_words() -> None:
    out = sim("compare", "tiny.yaml", "--edit", EASIER, "--of", "european and troops >= 5000", *SMALL).stdout
    for words in ("a European force", "5,000 troops", "outcome: Blue helmets", "pledged: Alba", "ceasefire week"):
        assert words in out
    assert not re.search(r"outcome\.|pledged\.|_week|in_place", out)


@pytest.mark.parametrize(
    ("options", "runs"),
    [
        ((*SMALL,), 2 * 30),
        (("--edit", "actors.corvia=null", "--nested", "2x3", *SMALL), 3 * (30 + 6)),
        (("--runs", "10", "--engine", "mesa", "--workers", "1"), 2 * 10),
        (("--nested", "none"), 2 * 20_000),
    ],
)
def test_the_bar_of_a_comparison_ends_where_its_runs_do(options: tuple[str, ...], runs: int) -> None:
    with bar_of("sim.cli.compare") as bar:
        assert sim("compare", "tiny.yaml", "--edit", EASIER, *options).exit_code == 0
    assert bar.total == sum(bar.steps) == runs


def test_the_bar_of_what_holds_an_actor_back_ends_where_its_runs_do() -> None:
    with bar_of("sim.cli.show_why") as bar:
        assert sim("show", "tiny.yaml", "actors.borea", "--why", "--runs", "100").exit_code == 0
    assert bar.total == sum(bar.steps) > 1_000


def test_two_edits_of_one_scenario_are_compared_with_it() -> None:
    said = told("compare", "tiny.yaml", "--edit", EASIER, "--edit", "actors.corvia=null", *SMALL)
    assert [each["b"] for each in said["comparisons"]] == [
        f"tiny.yaml with {EASIER}",
        "tiny.yaml with actors.corvia=null",
    ]
    assert (said["a"], said["runs"], said["seed"]) == ("tiny", 30, 1)


def test_one_comparison_is_told_flat_with_its_flows() -> None:
    said = told("compare", "tiny.yaml", "tiny.yaml", *SMALL)
    assert "comparisons" not in said
    assert sum(row["runs"] for row in said["flows"] if row["a"] == row["b"]) == 30
    assert said["design"] == {"draws": 0, "runs_per_draw": 0}
    assert said["quantities"]["european"]["sign_holds"] is None


def test_moves_of_equal_size_are_printed_in_the_order_of_the_table() -> None:
    there, runs = [f"outcome {at}" for at in range(9)], [5, 6, 7] * 3
    moves = pd.DataFrame({"a": "none", "b": there, "runs": runs, "share": 0.1, "low": 0.0, "high": 0.2})
    table = compare._flows(Flows(moves.set_index(["a", "b"]), "", "here", "there", None, ""))
    assert list(map(str, table.columns[1].cells)) == [f"outcome {at}" for at in (2, 5, 8, 1, 4, 7, 0, 3, 6)]


def test_a_design_tells_the_share_of_input_sets() -> None:
    said = told("compare", "tiny.yaml", "--edit", EASIER, "--nested", "4x6", *SMALL)
    assert said["design"] == {"draws": 4, "runs_per_draw": 6}
    assert 0.0 <= said["quantities"]["ceasefire"]["sign_holds"] <= 1.0


def test_a_comparison_reads_as_sentences_and_tables_of_80_columns() -> None:
    result = sim("compare", "tiny.yaml", "--edit", EASIER, "--nested", "4x6", *SMALL)
    lines = result.stdout.splitlines()
    assert lines[1].startswith("Under tiny.yaml with")
    assert lines[2].startswith("Pairing: ")
    assert "end differently" in lines[3]
    assert max(map(len, lines[4:])) <= 80
    assert "under b" in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("compare", "tiny.yaml"), "expected a second scenario, or --edit"),
        (("compare", "tiny.yaml", "--edit", "x"), "--edit: x: expected PATH=VALUE"),
        (("compare", "tiny.yaml", "--edit", "actors.nobody.arms=1"), "'nobody'"),
        (("compare", "tiny.yaml", "nosuch"), "no scenario of this name"),
        (("compare", "tiny.yaml", "tiny.yaml", "--nested", "1x5"), "--nested"),
        (("compare", "tiny.yaml", "tiny.yaml", "--runs", "0"), "runs must be between"),
    ],
)
def test_a_wrong_comparison_is_refused_in_a_line(words: tuple[str, ...], expected: str) -> None:
    refused_in_a_line(sim(*words), expected)


# --- given and independence ------------------------------------------------------------------------------------------


def test_a_condition_is_told_as_a_sentence_and_two_tables(ensemble: Path) -> None:
    result = sim("given", str(ensemble), "ceasefire by week 10")
    lines = result.stdout.splitlines()
    assert result.exit_code == 0
    assert lines[1].startswith("Given “ceasefire by week 10”, a European force is ")
    assert lines[2].startswith("Selected: ")
    assert max(map(len, lines[3:])) <= 80
    assert "a force in place at the horizon" in result.stdout and "Alba " in result.stdout
    assert not re.search(r"in_place|\balba\b", result.stdout)


def test_a_condition_is_asked_of_the_latest_ensemble(ensemble: Path) -> None:
    assert sim("run", "tiny.yaml", "--runs", "150", "--workers", "1").exit_code == 0
    said = told("given", "run < 120")
    assert (said["runs"], said["selected"], said["effective"]) == (150, 120, 120.0)
    assert set(said["actors"]) == {"alba", "borea", "corvia"}
    assert said["not_baseline"] is None


def test_ready_conditions_are_listed() -> None:
    result = sim("given", "--list")
    assert result.exit_code == 0
    assert "ACTOR pledged" in result.stdout


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ((), "expected [DIR] CONDITION"),
        (("a", "b", "c"), "expected [DIR] CONDITION"),
        (("DIR", "run < 20"), "too few"),
        (("nowhere", "truces > 0"), "no ensemble stands here"),
        (("truces > 0",), "no ensemble stands under runs"),
    ],
)
def test_a_wrong_condition_is_refused_in_a_line(words: tuple[str, ...], expected: str, ensemble: Path) -> None:
    refused_in_a_line(sim("given", *(str(ensemble) if word == "DIR" else word for word in words)), expected)


def test_a_condition_that_is_neither_sql_nor_an_event_is_refused_with_both_reasons(ensemble: Path) -> None:
    result = sim("given", str(ensemble), "ceasefire by weak 20")
    assert result.exit_code == 2 and result.stdout == ""
    as_sql, as_event = result.stderr.splitlines()
    assert "is no condition: SQL: " in as_sql
    assert as_event.startswith("condition:1:11: expected by week N or by month N")


def test_the_naive_product_stands_beside_the_models_answer(ensemble: Path) -> None:
    result = sim("independence", str(ensemble))
    assert "All conditions of a force are met at the horizon in " in result.stdout
    assert max(map(len, result.stdout.splitlines()[2:])) <= 80
    said = told("independence", str(ensemble))
    assert said["gap_low"] <= said["gap"] <= said["gap_high"]
    assert len(said["pairs"]) == 10


def test_independence_of_nothing_is_refused_in_a_line() -> None:
    refused_in_a_line(sim("independence"), "no ensemble stands under runs")
    refused_in_a_line(sim("independence", "nowhere"), "no ensemble stands here")


# --- record and score ------------------------------------------------------------------------------------------------


def test_a_forecast_is_recorded_and_scored(ensemble: Path) -> None:
    result = sim("record", str(ensemble), "--date", "2025-03-10")
    assert result.exit_code == 0
    assert "Recorded 2025-03-10 in forecast-tiny-2025-03-10.json" in result.stdout
    scored = sim("score", "forecast-tiny-2025-03-10.json", "blue")
    assert scored.exit_code == 0
    assert scored.stdout.startswith("The forecast of 2025-03-10 under tiny gave the outcome “Blue helmets” ")
    said = told("score", "forecast-tiny-2025-03-10.json", "blue")
    assert {(row["scored"], row["forecast"]) for row in said["scores"]} == {
        (what, who) for what in ("deployed", "european", "outcome") for who in ("model", "naive product")
    }


def test_a_record_goes_where_it_is_told(ensemble: Path) -> None:
    said = told("record", str(ensemble), "-o", "mine.json")
    assert json.loads(Path("mine.json").read_text()) == {key: said[key] for key in said if key != "file"}
    refused_in_a_line(sim("record", str(ensemble), "-o", "mine.json"), "never overwritten")
    refused_in_a_line(sim("record", str(ensemble), "-o", "no/such/folder.json"), "No such file")


def test_a_wrong_record_is_refused_in_a_line(ensemble: Path) -> None:
    refused_in_a_line(sim("record", str(ensemble), "--date", "soon"), "'soon' is not a date")
    refused_in_a_line(sim("record", "nowhere"), "no ensemble stands here")
    assert not list(Path().glob("forecast*"))


def test_a_wrong_score_is_refused_in_a_line(ensemble: Path) -> None:
    told("record", str(ensemble), "-o", "mine.json")
    refused_in_a_line(sim("score", "mine.json", "peace"), "'peace' is not an outcome")
    refused_in_a_line(sim("score", "none.json", "blue"), "none.json")
    Path("mine.json").write_text(Path("mine.json").read_text().replace('"seed": 4', '"seed": 5'))
    refused_in_a_line(sim("score", "mine.json", "blue"), "changed after it was recorded")


# --- claims of one's own ---------------------------------------------------------------------------------------------


def test_what_is_not_baseline_is_stamped_where_it_is_printed() -> None:
    written(Path())
    result = sim("run", "after.yaml", "--runs", "30", "--workers", "1", "--out", "x")
    assert f"N{STAMP[1:]}: " in result.stdout
    assert f"Note: {STAMP}." in result.stdout
    assert f"N{STAMP[1:]}: " in sim("independence", "x").stdout
    assert f"note: {STAMP}" in sim("check", "after.yaml").stdout


def test_a_number_is_traced_to_a_claim_of_ones_own() -> None:
    written(Path())
    path = "actors.alba.ratification.weeks"
    assert "alban_vote, of one's own" in sim("evidence", "trace", "after.yaml", path).stdout
    assert "The assembly of the lead" in sim("show", "after.yaml", path).stdout


def test_a_scenario_alone_is_compared_with_itself_as_set() -> None:
    one = told("compare", "tiny.yaml", "--set", EASIER, "--nested", "none", *SMALL)
    other = told("compare", "tiny.yaml", "--edit", EASIER, "--nested", "none", *SMALL)
    assert (one["a"], one["b"]) == ("tiny", "tiny, changed")
    assert one["quantities"] == other["quantities"]
