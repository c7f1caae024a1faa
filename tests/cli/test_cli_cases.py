"""Tests of sim cases: a folder or a file, tables or one JSON object, and theatres that are kept."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import application
from sim.scenario.loading import load
from tests.bars import bar_of

MADE_UP = Path(__file__).parents[1] / "validation" / "cases"
FEW = ("--runs", "60", "--theory", "20", "--workers", "1")


def sim(*words: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(application(), ["cases", *words])
    return done.exit_code, done.stdout, done.stderr


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object], str]:
    folder = tmp_path_factory.mktemp("kept")
    places = ("--write", str(folder / "theatres"), "--out", str(folder / "tables"))
    code, output, _ = sim(str(MADE_UP), *FEW, *places, "--json")
    assert code == 0, output
    return folder, json.loads(output), output


def test_a_folder_is_converted_run_and_scored(kept: tuple[Path, dict[str, object], str]) -> None:
    _, about, _ = kept
    assert [each["case"] for each in about["cases"]] == ["ruritania_2031", "sylvania_2032"]  # type: ignore[attr-defined]
    names = [row["forecast"] for row in about["scores"]]  # type: ignore[attr-defined]
    assert names[:5] == ["engine", "one_half", "base_rate", "lead_pledged", "lead_pledged_in_sample"]
    assert "no_foresight" in names
    assert "NaN" not in kept[2]


def test_theatres_and_tables_are_kept_where_asked(kept: tuple[Path, dict[str, object], str]) -> None:
    folder, about, _ = kept
    assert load(folder / "theatres" / "sylvania_2032.yaml").parts.horizon_weeks == 52
    assert json.loads((folder / "tables" / "cases.json").read_text("utf-8")) == about
    assert {path.name for path in (folder / "tables").iterdir()} == {
        "cases.json", "cases.csv", "scores.csv", "reliability.csv",
    }  # fmt: skip


def test_the_first_line_is_the_verdict() -> None:
    code, output, _ = sim(str(MADE_UP), *FEW)
    assert code == 0
    assert output.startswith("The engine does ")
    assert "Reliability in three bins" in output


@pytest.mark.parametrize(
    ("runs", "theory", "each"),
    [(60, 20, 60 + 11 * 20), (60, 0, 60), (210, 2, 210 + 8 * 25 + 11 * 2)],  # from 8 draws on there are ranges
)
def test_the_bar_ends_where_the_runs_of_all_cases_do(runs: int, theory: int, each: int) -> None:
    with bar_of("sim.cli.cases") as bar:
        code, _, _ = sim(str(MADE_UP), "--runs", f"{runs}", "--theory", f"{theory}", "--workers", "1")
    assert code == 0
    assert bar.stages == ["ruritania_2031", "sylvania_2032"]
    assert bar.total == sum(bar.steps) == 2 * each


def test_one_case_alone_is_run_and_not_scored() -> None:
    code, output, _ = sim(str(MADE_UP / "sylvania_2032.yaml"), *FEW)
    assert code == 0
    assert output.startswith("A foreign force forms within a year, A coalition for Sylvania: ")
    assert "1 with a known outcome, too few to score." in output


def test_mistakes_are_told_with_their_place(tmp_path: Path) -> None:
    text = (MADE_UP / "sylvania_2032.yaml").read_text("utf-8").replace("stance: open", "stance: opn")
    (tmp_path / "case.yaml").write_text(text, encoding="utf-8")
    code, output, message = sim(str(tmp_path))
    assert (code, output) == (2, "")
    assert "case.yaml:20:25: contributors.0.stance: 'opn' is not allowed here; did you mean 'open'?" in message


def test_both_engines_give_the_same_scores() -> None:
    words = (str(MADE_UP / "sylvania_2032.yaml"), "--runs", "12", "--theory", "0", "--json")
    assert sim(*words)[1] == sim(*words, "--engine", "mesa", "--workers", "1")[1]
