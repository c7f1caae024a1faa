"""Tests of the interface that tables in memory and tables in a folder share: both give the same answers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.ensemble import parquet_store
from sim.ensemble.arrow_tables import arrow, frame
from sim.ensemble.memory_store import Frames
from sim.ensemble.parquet_store import Parts
from sim.ensemble.summary import APART, Summary
from sim.ensemble.table_store import TableStore, check_columns
from sim.ensemble.writer import writing
from sim.vocabulary import GATES

RUNS, SIZE = 20, 8
FAILED = 13
MANIFEST = {"config": {}, "scenario": "made up", "horizon_weeks": 4, "groups": {"force": ["deployed"]}}


def made_up() -> dict[str, pd.DataFrame]:
    """Return tables of twenty runs of which one failed, with missing weeks and troops."""
    numbers = np.array([run for run in range(RUNS) if run != FAILED])
    formed = numbers % 3 == 0
    runs = pd.DataFrame(
        {
            "run": numbers,
            "outcome": np.where(formed, "force", "no_ceasefire"),
            "ceasefire_week": pd.array([1.0 if run % 2 else None for run in numbers], dtype="Float64"),
            "deployed_week": pd.array([2.0 if there else None for there in formed], dtype="Float64"),
            "troops": pd.array([float(500 * run) if run % 3 == 0 else None for run in numbers], dtype="Float64"),
            "truces": numbers % 4,
        }
    )
    for name in ("european_week", *APART, *(f"missing_{gate}" for gate in GATES)):
        runs[name] = pd.array([None] * len(numbers), dtype="Float64") if name.endswith("week") else numbers % 2 == 0
    names = np.tile(["alba", "borea"], len(numbers))
    actors = pd.DataFrame({"run": np.repeat(numbers, 2), "actor": names, "pledged": names == "alba"})
    actors["deployed"] = np.repeat(formed, 2)
    failures = pd.DataFrame({"run": [FAILED], "error": ["ValueError: no"], "traceback": [""]})
    return {"runs": frame(arrow(runs)), "actors": actors, "failures": failures}


@pytest.fixture
def memory() -> Frames:
    """Tables in memory."""
    return Frames(made_up(), RUNS)


@pytest.fixture
def folder(memory: Frames, tmp_path: Path) -> Parts:
    """The same tables in the three parts of a folder."""
    with writing(tmp_path / "out", MANIFEST, RUNS, part_runs=SIZE) as writer:
        for span in writer.spans:
            writer.write(*span, memory.part(span.first, span.runs))
        writer.finish()
    return Parts(tmp_path / "out")


def test_both_stores_have_the_same_tables_columns_and_rows(memory: Frames, folder: Parts) -> None:
    assert set(memory.names) == set(folder.names) == {"runs", "actors", "failures"}
    assert memory.runs == folder.runs == RUNS
    for name in memory.names:
        assert memory.columns(name) == folder.columns(name)
        assert memory.rows(name) == folder.rows(name)
        assert memory.index(name).equals(folder.index(name))
    assert memory.rows("weekly") == folder.rows("weekly") == 0


def whole(store: TableStore, name: str, columns: list[str]) -> pd.DataFrame:
    """Return columns of a table, its pieces put together."""
    return pd.concat(list(store.pieces(name, columns)))


@pytest.mark.parametrize("columns", [["run", "troops"], ["outcome", "ceasefire_week", "truces"]])
def test_both_stores_give_the_same_pieces_with_the_same_labels(
    columns: list[str], memory: Frames, folder: Parts
) -> None:
    pd.testing.assert_frame_equal(whole(memory, "runs", columns), whole(folder, "runs", columns))


def test_both_stores_cut_the_same_parts(memory: Frames, folder: Parts) -> None:
    for first in range(0, RUNS, SIZE):
        runs = min(SIZE, RUNS - first)
        mine, theirs = memory.part(first, runs), folder.part(first, runs)
        assert mine.keys() == theirs.keys()
        assert all(mine[name].equals(theirs[name]) for name in mine)


@pytest.mark.parametrize(
    "select",
    [
        "select outcome, count(*) as n from runs group by all order by outcome",
        "select run, error from failures",
        "select actor, avg(pledged::int) as p from ACTORS group by all order by actor",
    ],
)
def test_both_stores_answer_the_same_sql(select: str, memory: Frames, folder: Parts) -> None:
    pd.testing.assert_frame_equal(memory.query(select), folder.query(select))


def test_both_stores_refuse_the_same_sql_and_columns(memory: Frames, folder: Parts) -> None:
    for store in (memory, folder):
        with pytest.raises(ValueError, match="SELECT"):
            store.query("drop table runs")
        with pytest.raises(ValueError, match="did you mean 'troops'"):
            check_columns(store, "runs", ["trops"])
        with pytest.raises(ValueError, match="weekly was not kept; run with --keep weekly"):
            check_columns(store, "weekly", [])


def test_a_summary_says_the_same_of_both_stores(memory: Frames, folder: Parts) -> None:
    mine, theirs = Summary(memory, MANIFEST), Summary(folder, MANIFEST)
    assert mine.outcomes() == theirs.outcomes()
    assert mine.outcomes()["force"] == 7
    assert mine.troops() == theirs.troops() == pytest.approx({"median": 4500.0, "p10": 900.0, "p90": 8100.0})
    assert mine.share("deployed", "ceasefire") == theirs.share("deployed", "ceasefire")
    pd.testing.assert_frame_equal(mine.contributors(), theirs.contributors())


def test_what_is_counted_in_memory_does_not_follow_what_becomes_of_a_table_handed_out(memory: Frames) -> None:
    summary = Summary(memory, MANIFEST)
    before = summary.outcomes()["force"]
    table = next(iter(memory.pieces("runs", memory.columns("runs"))))
    table["outcome"] = "force"
    assert (before, summary.outcomes()["force"]) == (7, 7)


def test_only_tables_in_a_folder_have_a_manifest_to_amend(memory: Frames, folder: Parts, tmp_path: Path) -> None:
    assert not memory.amend_in(folder.folder, inputs_range=None)
    assert not folder.amend_in(tmp_path / "elsewhere", inputs_range=None)
    assert folder.amend_in(folder.folder, inputs_range={"deployed": {"p10": 0.1}})
    assert Parts(folder.folder).manifest["inputs_range"] == {"deployed": {"p10": 0.1}}


def test_tables_in_memory_are_cut_into_parts_of_the_usual_size(memory: Frames, folder: Parts) -> None:
    assert (memory.part_runs, folder.part_runs) == (parquet_store.PART_RUNS, SIZE)


def test_a_folder_without_a_finished_part_has_no_runs_standing(folder: Parts, tmp_path: Path) -> None:
    assert parquet_store.runs_standing(folder.folder) == RUNS
    assert parquet_store.runs_standing(tmp_path / "none") == 0
