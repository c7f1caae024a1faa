"""Tests of designs made elsewhere: CSV of any country, Excel, and arrays."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sim.analysis.points import read_points
from sim.analysis.sweep import sweep
from sim.reading.errors import InputError
from tests.worlds import tiny

A, B = "actors.germany.credence", "common.european_mood"


def written(tmp_path: Path, text: str) -> Path:
    (tmp_path / "points.csv").write_text(text, encoding="utf-8")
    return tmp_path / "points.csv"


@pytest.mark.parametrize(
    "text",
    [
        f"{A},{B}\n0.25,-0.5\n1,2\n",
        f"{A};{B}\n0,25;-0,5\n1;2\n",
        f"{A};{B}\n0.25;-0.5\n1;2\n",
        f"{A}\t{B}\n0,25\t-0.5\n\n1\t2\n",
        f'\ufeff{A};{B}\r\n"0,25";-0,5\r\n1,0;2\r\n',
        f"\n\n{A},{B}\n0.25,-0.5\n1,2\n",
        f"sep=;\n{A};{B}\n0,25;-0,5\n1;2\n",
    ],
)
def test_numbers_are_read_as_countries_write_them(tmp_path: Path, text: str) -> None:
    assert read_points(written(tmp_path, text)).table.to_numpy().tolist() == [[0.25, -0.5], [1.0, 2.0]]


def test_a_workbook_is_read(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    frame = pd.DataFrame({A: [0.25, "0,5"], "choice": ["none", "logistics"]})
    frame.to_excel(tmp_path / "points.xlsx", index=False)
    points = read_points(tmp_path / "points.xlsx").table
    assert points[A].tolist() == [0.25, 0.5] and points["choice"].tolist() == ["none", "logistics"]
    (tmp_path / "not.xlsx").write_text("words")
    with pytest.raises(InputError, match=r"not\.xlsx:1:1: no Excel workbook"):
        read_points(tmp_path / "not.xlsx")


def test_a_workbook_may_begin_with_empty_rows_and_one_that_is_damaged_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    file = tmp_path / "points.xlsx"
    pd.DataFrame([[None], [None], [A], [0.25]]).to_excel(file, index=False, header=False)
    assert read_points(file).table[A].tolist() == [0.25]

    def stumble(*_: object, **__: object) -> None:
        raise AttributeError("'list' object has no attribute 'find'")  # as of a sheet that holds a chart alone

    monkeypatch.setattr(openpyxl, "load_workbook", stumble)
    with pytest.raises(InputError, match=r"points.xlsx:1:1: no Excel workbook: 'list' object"):
        read_points(file)


def test_rows_that_are_too_long_hint_at_commas_only_where_these_part_columns(tmp_path: Path) -> None:
    for text, hint in ((f"{A},{B}\n1,5,2\n", True), (f"{A};{B}\n1;5;2\n", False)):
        with pytest.raises(InputError) as error:
            read_points(written(tmp_path, text))
        assert ("decimal commas need semicolons" in str(error.value)) is hint


def test_words_that_tables_take_for_nothing_stay_words(tmp_path: Path) -> None:
    for word in ("None", "NA", "nan", "null"):
        assert read_points(written(tmp_path, f"{A}\n{word}\nlogistics\n")).table[A].tolist() == [word, "logistics"]


def test_all_that_is_wrong_is_told_at_once_with_its_place(tmp_path: Path) -> None:
    with pytest.raises(InputError) as wrong:
        read_points(written(tmp_path, f"{A};{B}\n1.000,5;2\n;3\n4\n5;6;7\n"))
    lines = [str(fault).partition("points.csv")[2] for fault in wrong.value.faults]
    assert [line.split("  ")[0].split(": ")[0] for line in sorted(lines)] == [":2:1", ":3:1", ":4:1", ":5:1"]


def test_arrays_are_designs_once_their_columns_have_paths() -> None:
    path = "actors.ukr.disposition"
    by_array = sweep(tiny(), np.linspace(-1, 1, 3), "ceasefire", 40, paths=[path])
    by_name = sweep(tiny(), {path: [-1.0, 0.0, 1.0]}, "ceasefire", 40)
    pd.testing.assert_frame_equal(by_array.table, by_name.table)
    with pytest.raises(ValueError, match=r"needs paths=\[...\]"):
        sweep(tiny(), np.zeros((2, 1)))
    with pytest.raises(ValueError, match=r"1 paths name the columns of an array of shape \(2, 2\)"):
        sweep(tiny(), np.zeros((2, 2)), paths=[path])
    with pytest.raises(ValueError, match="paths go with an array"):
        sweep(tiny(), {path: [1.0]}, paths=[path])
