"""The sample of mutants picks tests of the statement, and notices what they notice."""

import shutil
from pathlib import Path

import pytest

from tests import line_map, mutants, near_tests
from tests.line_map import LineMap
from tests.mutants import Mutant

TEXT = "def half(x):\n    if x:\n        return (\n            x / 2\n        )\n    return 0\n"


def mutant(text: str, file: str = "sim/words.py") -> Mutant:
    return Mutant(file, 2, "return x / 2", "", text)


def known(lines: dict[int, list[str]], seconds: float = 0.5) -> LineMap:
    return LineMap({"sim/half.py": lines}, {test: seconds for tests in lines.values() for test in tests})


def test_a_line_is_run_by_the_tests_of_its_statement_else_by_those_of_its_function() -> None:
    tests = known({2: ["head"], 3: ["body"], 6: ["end"]})
    found = [line_map.tests_of_line(tests, "sim/half.py", TEXT, line) for line in (1, 2, 4, 6)]
    assert found == [["body", "end", "head"], ["head"], ["body"], ["end"]]
    assert line_map.tests_of_line(tests, "sim/other.py", TEXT, 2) == []


def test_a_test_that_imports_the_file_stands_for_no_line_by_itself() -> None:
    text = f"import math\n{TEXT}"
    tests = known({1: ["late"], 3: ["late"], 4: ["late", "body"]})
    found = [line_map.tests_of_line(tests, "sim/half.py", text, line) for line in (1, 3, 4)]
    assert found == [[], ["body", "late"], ["body", "late"]]


def test_the_first_go_is_some_tests_of_each_file_the_mutants_own_first(monkeypatch: pytest.MonkeyPatch) -> None:
    many, own = [f"tests/ensemble/test_far.py::test_{at}" for at in range(12)], "tests/ensemble/test_words.py::test_it"
    beside = "tests/ensemble/test_words.py::test_of_another_line"
    monkeypatch.setattr(mutants, "of_mutant", lambda *_: [*many, own])
    tests = known({1: [*many, own, beside]})
    some, others = mutants.goes(mutant(""), tests, budget=100)
    assert some == [own, *sorted(many)[:0], *many[: mutants.OF_A_FILE]]
    assert sorted(others) == sorted([*many[mutants.OF_A_FILE :], beside])
    few = mutants.goes(mutant(""), tests, budget=4.5)
    assert sum(map(len, few)) == 9


def test_the_kernel_faces_the_tests_that_hold_the_engines_to_each_other() -> None:
    twin, other = f"{mutants.OF_KERNEL[0]}::test_it", "tests/world/test_world.py::test_it"
    assert mutants.of_mutant(mutant("", "sim/kernel/hold.py"), known({2: [twin, other]})) == [twin]


def test_a_mutant_is_noticed_if_a_test_fails_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    copy, whole = tmp_path / "copy", "def half(x):\n    return x / 2\n"
    file = copy / "sim" / "words.py"
    file.parent.mkdir(parents=True)
    file.write_text(whole)
    (copy / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    (copy / "test_half.py").write_text("from sim.words import half\n\ndef test_it():\n    assert half(4) == 2\n")
    wrong, same, broken = whole.replace("/", "*"), whole.replace("x / 2", "2 and x / 2"), whole.replace(":", "")
    found = [mutants.noticed(mutant(text), ["test_half.py::test_it"], copy, 60) for text in (wrong, same, broken)]
    assert found == ["test_half.py::test_it", "", "import of test_half.py"]
    assert mutants.noticed(mutant(wrong), ["test_half.py"], copy, 60) == "test_half.py::test_it"  # all of a file
    assert file.read_text() == whole


@pytest.mark.parametrize(
    ("file", "first"),
    [
        ("sim/explorer/page_requests.py", ["explorer/test_page_requests.py", "explorer/test_as_handed_on.py"]),
        ("sim/cli/match.py", ["cli/test_cli_match.py", "cli/test_as_printed.py", "cli/test_as_json.py"]),
        ("sim/analysis/match_tables.py", ["analysis/test_as_answered.py", "analysis/test_matching.py"]),
        ("sim/batch/cluster.py", ["batch/test_as_kept.py", "batch/test_crew.py"]),
        ("sim/scenario/number_types.py", ["project/test_docs.py"]),
        ("sim/ensemble/likelihood_words.py", ["ensemble/test_likelihood_words.py"]),
    ],
)
def test_the_nearest_tests_have_the_modules_name_or_show_what_it_does_or_import_it(file: str, first: list[str]) -> None:
    files = near_tests.near(file)
    assert files[: len(first)] == [f"tests/{each}" for each in first]
    assert len(files) == 6 and "tests/explorer/test_explorer_page.py" not in files, "all of it is slow"


def test_the_map_is_of_the_lines_that_each_test_runs_and_is_made_once(tmp_path: Path) -> None:
    pytest.importorskip("coverage", reason="comes with the extra mutants")
    copy = tmp_path / "copy"
    (copy / "sim").mkdir(parents=True)
    (copy / "sim" / "halves.py").write_text("def half(x):\n    if x:\n        return x / 2\n    return 0\n")
    (copy / "pyproject.toml").write_text("[tool.pytest.ini_options]\npythonpath = ['.']\n")
    begin = "from sim.halves import half\n\ndef test_some():\n    assert half(4) == 2\n"
    (copy / "test_half.py").write_text(
        f"{begin}\ndef test_none():\n    assert half(0) == 0\n\ndef test_no():\n    assert 0\n"
    )
    known = line_map.made(copy, [], ["test_half.py"], tmp_path / "map")
    some, none = "test_half.py::test_some", "test_half.py::test_none"
    assert known.lines["sim/halves.py"] == {1: [], 2: [none, some], 3: [some], 4: [none]}
    assert set(known.seconds) == {some, none}
    shutil.rmtree(copy / "sim")
    assert line_map.made(copy, [], ["test_half.py"], tmp_path / "map").lines == known.lines
    (copy / "test_half.py").write_text(begin)
    assert line_map.made(copy, [], ["test_half.py"], tmp_path / "map").seconds == {}


def test_both_shares_are_printed_with_and_without_mutants_that_are_the_same_program() -> None:
    rows = [
        {"by": by, "file": "sim/a.py", "before": "x", "after": after} for by, after in zip("tt ", "abc", strict=True)
    ]
    rows[2]["by"] = ""
    first, second = mutants.summary(rows, {("sim/a.py", "x", "c")}).splitlines()
    assert first.startswith("2 of 3 mutants noticed: 66.7%") and second.startswith("2 of 2 mutants without 1 ")
    assert mutants.summary(rows, {("sim/a.py", "x", "a")}).splitlines()[1].startswith("2 of 3 mutants without 0 ")
