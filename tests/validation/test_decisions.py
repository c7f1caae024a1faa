"""Tests of tables of decisions: what is read, what is left out, and how faults are reported."""

from pathlib import Path

import pandas as pd
import pytest

from sim.reading.errors import InputError
from sim.validation import decision_table

TABLE = Path(__file__).parents[1] / "data" / "issues.csv"
HEADER = "issue_id,proposal,actor,position,salience,council_power,reference_point,outcome"
GOOD = ("a,p,x,0,50,10,,50", "a,p,y,100,50,10,,50")


def written(folder: Path, *rows: str, header: str = HEADER) -> Path:
    path = folder / "table.csv"
    path.write_text("\n".join((header, *rows)) + "\n", encoding="utf-8")
    return path


def faults(path: Path, columns: dict[str, str] | None = None) -> list[str]:
    with pytest.raises(InputError) as refused:
        decision_table.read(path, columns)
    return [str(fault).removeprefix(str(path)) for fault in refused.value.faults]


def test_the_made_up_table_has_six_issues_of_which_four_have_a_reference_point() -> None:
    read = decision_table.read(TABLE)
    assert [issue.id for issue in read.issues] == ["a1", "a2", "b1", "c1", "c2", "d1"]
    assert [issue.reference for issue in read.issues] == [0.0, None, 0.0, 100.0, 100.0, None]
    assert (read.rows_left_out, read.issues_left_out) == (0, 0)


def test_an_issue_has_an_entry_an_actor() -> None:
    issue = decision_table.read(TABLE).issues[0]
    assert (issue.proposal, issue.actors, issue.outcome) == ("ferry", ["north", "south", "east"], 20.0)
    assert (issue.places, issue.salience) == ([0.0, 100.0, 50.0], [80.0, 40.0, 60.0])
    assert issue.weights == [8000.0, 2000.0, 1800.0]


def test_parquet_reads_like_csv(tmp_path: Path) -> None:
    path = tmp_path / "issues.parquet"
    pd.read_csv(TABLE).to_parquet(path)
    assert decision_table.read(path) == decision_table.read(TABLE)


def test_columns_go_by_other_names_and_others_are_ignored(tmp_path: Path) -> None:
    path = tmp_path / "named.csv"
    pd.read_csv(TABLE).rename(columns={"position": "pos"}).assign(remark="x").to_csv(path, index=False)
    assert decision_table.read(path, {"position": "pos"}) == decision_table.read(TABLE)


@pytest.mark.parametrize("missing", ["", "NA", "nan", "."])
def test_an_actor_without_a_position_is_left_out(tmp_path: Path, missing: str) -> None:
    read = decision_table.read(written(tmp_path, *GOOD, f"a,p,z,{missing},50,10,,50"))
    assert (read.issues[0].actors, read.rows_left_out) == (["x", "y"], 1)


def test_an_issue_without_outcome_is_left_out(tmp_path: Path) -> None:
    read = decision_table.read(written(tmp_path, *GOOD, "b,p,x,0,50,10,,", "b,p,y,9,50,10,,"))
    assert ([issue.id for issue in read.issues], read.issues_left_out) == (["a"], 1)


def test_an_outcome_given_once_holds_for_the_issue(tmp_path: Path) -> None:
    read = decision_table.read(written(tmp_path, "a,p,x,0,50,10,,", "a,p,y,100,50,10,20,50"))
    assert (read.issues[0].outcome, read.issues[0].reference) == (50.0, 20.0)


def test_a_blank_line_counts_as_a_line_and_no_more(tmp_path: Path) -> None:
    assert faults(written(tmp_path, GOOD[0], "", "a,p,y,abc,50,10,,50")) == [
        ":4:4: position: 'abc' is not a number (leave it empty if it is missing)"
    ]


def test_all_faults_are_reported_at_once_with_line_and_column(tmp_path: Path) -> None:
    rows = ("a,p,x,120,50,10,,50", "a,p,y,20,-5,inf,,60", "a,q,y,20,5,-1,,50", "b,p,x,20,5,1,,60", ",p,,20,5,1,,60")
    assert faults(written(tmp_path, *rows)) == [
        ":2:4: position: 120 is outside 0..100",
        ":3:5: salience: -5 is outside 0..100",
        ":3:6: council_power: 'inf' is not a finite number",
        ":3:8: outcome: issue 'a' has two: 50.0 and 60.0",
        ":4:2: proposal: issue 'a' has two: p and q",
        ":4:3: actor: 'y' stands twice on issue 'a'",
        ":4:6: council_power: -1 is outside 0..1e+12",
        ":5:3: actor: issue 'b' has one actor; at least two are needed",
        ":6:1: issue_id: missing",
        ":6:3: actor: missing",
    ]


def test_missing_columns_are_reported_with_those_that_are_there(tmp_path: Path) -> None:
    path = written(tmp_path, "a,p,x,0,50,1,2", header="issue_id,proposal,actor,pos,salience,council_power,outcome")
    there = "the table has: issue_id, proposal, actor, pos, salience, council_power, outcome"
    assert faults(path) == [
        f":1:1: position: missing column; {there}",
        f":1:1: reference_point: missing column; {there}",
    ]


def test_a_column_that_is_not_ours_is_no_column_to_name() -> None:
    (message,) = faults(TABLE, {"postion": "pos"})
    assert "postion: no such column; did you mean 'position'?" in message


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a CSV table"), (b"\xff\xfe", "not a CSV table"), (b"issue_id,proposal\na,b,c\n", "not a CSV table"),
        (HEADER.encode(), "the table has no rows"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_reported_in_one_line(tmp_path: Path, content: bytes, message: str) -> None:
    path = tmp_path / "table.csv"
    path.write_bytes(content)
    (fault,) = faults(path)
    assert message in fault


def test_what_is_no_parquet_is_reported_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "table.parquet"
    path.write_bytes(b"nothing")
    (fault,) = faults(path)
    assert fault.startswith(":1:1: not a Parquet table")


def test_a_file_that_is_not_there_is_reported(tmp_path: Path) -> None:
    assert faults(tmp_path / "none.csv") == [": cannot be read: No such file or directory"]
