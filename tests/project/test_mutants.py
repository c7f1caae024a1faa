"""The sample of mutants picks tests of the line, and notices what they notice."""

from pathlib import Path

from tests import mutants
from tests.mutants import Mutant


def mutant(text: str, file: str = "sim/half.py") -> Mutant:
    return Mutant(file, 2, "return x / 2", "", text)


def test_tests_of_a_line_are_some_of_each_file_its_own_first() -> None:
    many = [f"tests/test_far.py::test_{at}|run" for at in range(20)]
    contexts = {"sim/half.py": {2: [*many, "tests/test_half.py::test_it|run", "tests/test_half.py::test_it|setup", ""]}}
    some, others = mutants.tests_of(mutant(""), contexts)
    assert some[0] == "tests/test_half.py::test_it"
    assert len(some) == 1 + mutants.OF_A_FILE
    assert sorted(some[1:] + others) == sorted(each.removesuffix("|run") for each in many)
    assert mutants.tests_of(mutant("")._replace(line=3), contexts) == []


def test_the_kernel_faces_the_tests_that_hold_the_engines_to_each_other() -> None:
    assert mutants.tests_of(mutant("", "sim/kernel/hold.py"), {}) == [list(mutants.OF_KERNEL)]


def test_a_mutant_is_noticed_if_a_test_fails_and_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file, whole = tmp_path / "sim" / "half.py", "def half(x):\n    return x / 2\n"
    file.parent.mkdir()
    file.write_text(whole)
    (tmp_path / "test_half.py").write_text("from sim.half import half\n\ndef test_it():\n    assert half(4) == 2\n")
    wrong, same = whole.replace("/", "*"), whole.replace("x / 2", "2 and x / 2")
    found = [mutants.noticed(mutant(text), ["test_half.py"], tmp_path, 60) for text in (wrong, same)]
    assert found == ["test_half.py::test_it", ""]
    assert file.read_text() == whole
