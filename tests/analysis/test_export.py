"""Tests of ensembles handed on: what each kind holds, and what is refused."""

import json
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import app
from sim.ensemble import handing_on
from sim.notebook import Ensemble
from tests.bars import bar_of
from tests.worlds import tiny, write_tiny

ALL = ("runs", "actors", "events", "inputs", "weekly", "actor_weeks", "failures")


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sim.run(tiny(), 40, seed=3, keep="weekly")


def test_csv_holds_every_table_with_its_codebook(ensemble: Ensemble, tmp_path: Path) -> None:
    ensemble.export(tmp_path / "out", "csv", ALL)
    tables = {path.stem: pd.read_csv(path) for path in (tmp_path / "out").iterdir() if path.stem != "failures"}
    assert set(tables) == {"about", "codebook", "labels", *ALL} - {"failures"}
    assert tables["runs"]["run"].tolist() == list(range(40)) and len(tables["actor_weeks"]) == 40 * 16 * 3
    about = tables["about"].set_index("name")["value"]
    assert (about["scenario"], about["seed"], about["runs"], about["version_sim"]) == (
        "tiny",
        "3",
        "40",
        sim.__version__,
    )
    book = tables["codebook"]
    for name in set(ALL) - {"failures"}:
        assert book[book["table"] == name]["column"].tolist() == list(tables[name].columns)
    assert book["meaning"].str.len().min() > 5
    words = set(tables["labels"]["word"])
    assert set(tables["runs"]["outcome"]) | set(tables["actors"]["actor"]) | set(tables["events"]["event"]) <= words


def test_parquet_says_what_columns_mean_and_keeps_every_bit(ensemble: Ensemble, tmp_path: Path) -> None:
    ensemble.export(tmp_path / "out", "parquet", ("runs", "actors"))
    pd.testing.assert_frame_equal(
        pd.read_parquet(tmp_path / "out" / "runs.parquet"), ensemble.runs, check_dtype=False, check_exact=True
    )
    schema = pq.read_schema(tmp_path / "out" / "actors.parquet")
    assert schema.field("troops").metadata[b"meaning"].startswith(b"its troops in the first deployed force")
    assert json.loads(schema.metadata[b"sim"])["seed"] == 3


def test_json_is_one_object(ensemble: Ensemble, tmp_path: Path) -> None:
    ensemble.export(tmp_path / "out.json", tables=("runs", "events"))
    content = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert set(content) == {"about", "codebook", "labels", "runs", "events"} and content["about"]["scenario"] == "tiny"
    assert [row["outcome"] for row in content["runs"]] == ensemble.runs["outcome"].tolist()


def test_excel_holds_sheets_and_no_formulas(ensemble: Ensemble, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    made = sim.run(tiny(), 20)
    named = Ensemble(made.runs, made.inputs, made.actors, {**made.manifest, "question": "=1+1"})
    named.export(tmp_path / "out.xlsx", tables=("runs", "actors"))
    sheets = pd.read_excel(tmp_path / "out.xlsx", sheet_name=None)
    assert list(sheets) == ["about", "codebook", "labels", "runs", "actors"]
    assert sheets["runs"]["outcome"].tolist() == named.runs["outcome"].tolist()
    assert sheets["about"].set_index("name")["value"]["question"] == "=1+1"


def test_what_does_not_fit_a_sheet_is_refused() -> None:
    with pytest.raises(
        ValueError, match=r"runs has 1,048,576 rows of 50 columns, and a sheet of Excel holds 1,048,576"
    ):
        handing_on.check_sheets({"runs": (1_048_576, 50)})
    with pytest.raises(ValueError, match="inputs has 7 rows of 16,385 columns"):
        handing_on.check_sheets({"runs": (7, 50), "inputs": (7, 16_385)})
    handing_on.check_sheets({"runs": (1_048_575, 50), "inputs": (7, 16_384)})


def test_what_cannot_be_exported_is_refused(ensemble: Ensemble, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="'dta' is not what an ensemble is exported to; allowed: xlsx, csv"):
        ensemble.export(tmp_path / "out.dta")
    with pytest.raises(ValueError, match="'rusn' is no table; allowed: runs, actors"):
        ensemble.export(tmp_path / "out.json", tables=("rusn",))
    with pytest.raises(ValueError, match="weekly was not kept; run with --keep weekly"):
        sim.run(tiny(), 5).export(tmp_path / "out.json", tables=("weekly",))
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine").write_text("mine")
    with pytest.raises(FileExistsError, match="something stands there"):
        ensemble.export(tmp_path / "full", "csv")
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["full", "mine"]


def test_the_bar_of_the_command_ends_where_its_runs_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)
    with bar_of("sim.cli.export") as bar:
        words = ("export", "tiny.yaml", "--runs", "600", "-o", "out", "--to", "parquet", "--tables", "runs,actor_weeks")
        done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    assert bar.total == sum(bar.steps) == 600 and len(bar.steps) > 1
    with bar_of("sim.cli.export") as none:
        assert CliRunner().invoke(app, ["export", "-o", "other.json"]).exit_code == 0
    assert none.total is None and none.steps == []


def test_the_command_exports_a_config_or_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tiny(tmp_path)
    done = CliRunner().invoke(app, ["export", "tiny.yaml", "--runs", "30", "-o", "out.json", "--tables", "runs,events"])
    assert done.exit_code == 0 and done.stdout == "tiny: 30 runs, seed 1.\n" and "exported to out.json" in done.stderr
    done = CliRunner().invoke(app, ["export", "--to", "csv"])
    assert done.exit_code == 0 and Path("tiny-seed1-csv/actors.csv").is_file()
    wrong = CliRunner().invoke(app, ["export", "--to", "csv", "--tables", "rnus,actors,x"])
    assert wrong.exit_code == 2 and "'rnus' is no table" in wrong.stderr and "'x' is no table" in wrong.stderr
    again = CliRunner().invoke(app, ["export", "--to", "csv"])
    assert again.exit_code == 2 and "something stands there" in again.stderr
