"""Compiled code that is kept: it answers in later processes, and fails as Python fails."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from sim.kernel import compiling, kept_code, machine_code
from sim.kernel.kept_code import CannotCompile, Code
from sim.kernel.machine_code import Compiled
from sim.world.columns import Floats


def divide(left: Floats, right: Floats, into: Floats) -> None:
    for at in range(len(into)):
        into[at] = left[at] / right[at]


def ask_for_memory(into: Floats) -> None:
    into[0] = np.zeros(3)[1]


@pytest.fixture(autouse=True)
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "sim-kernel" / kept_code.version()


def test_the_version_is_the_same_whether_or_not_this_process_or_its_parent_has_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def version(**settings: str) -> str:
        with monkeypatch.context() as patched:
            for name in kept_code._SETTINGS:
                patched.delenv(name, raising=False)
            for name, value in settings.items():
                patched.setenv(name, value)
            return kept_code.version.__wrapped__()

    others = [version(NUMBA_DISABLE_INTEL_SVML="0"), version(NUMBA_CPU_NAME="generic"), version(NUMBA_OPT="0")]
    assert version() == version(NUMBA_DISABLE_INTEL_SVML="1")
    assert len({version(), *others}) == 4


def quotient(function: Compiled, left: float, right: float) -> float:
    into = np.empty(1)
    function(np.array([left]), np.array([right]), into)
    return float(into[0])


def compile_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> Code:
        raise AssertionError("compiled again")

    monkeypatch.setattr(compiling, "code", refuse)


def test_what_one_process_compiled_the_next_one_calls(monkeypatch: pytest.MonkeyPatch) -> None:
    assert quotient(Compiled(__name__, "divide"), 1.0, 4.0) == 0.25
    compile_nothing(monkeypatch)
    assert quotient(Compiled(__name__, "divide"), 3.0, 4.0) == 0.75


def test_damaged_code_is_compiled_anew(place: Path) -> None:
    quotient(Compiled(__name__, "divide"), 1.0, 4.0)
    (kept,) = place.iterdir()
    kept.write_bytes(kept.read_bytes()[:-8])
    assert quotient(Compiled(__name__, "divide"), 3.0, 4.0) == 0.75
    assert kept_code.read(kept.name) is not None


def test_other_kinds_of_arguments_are_other_code(place: Path) -> None:
    function = Compiled(__name__, "divide")
    quotient(function, 1.0, 4.0)
    into = np.empty(2)
    function(np.arange(4.0)[::2], np.array([1, 4]), into)
    assert into.tolist() == [0.0, 0.5]
    assert len(list(place.iterdir())) == 2


def test_an_error_in_compiled_code_is_the_error_of_python() -> None:
    with pytest.raises(ZeroDivisionError, match="division by zero"):
        quotient(Compiled(__name__, "divide"), 1.0, 0.0)


def test_code_that_asks_for_memory_is_refused() -> None:
    with pytest.raises(CannotCompile, match="zeros"):
        Compiled(__name__, "ask_for_memory")(np.empty(1))


def test_code_that_calls_what_is_not_there_is_not_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not machine_code._has_all(Code(b"", "f", ("no_such_function_anywhere",)))
    code = compiling.code(divide, (np.empty(1), np.empty(1), np.empty(1)))
    monkeypatch.setattr(compiling, "code", lambda *_: code._replace(wants=("no_such_function_anywhere",)))
    with pytest.raises(CannotCompile, match="no_such_function_anywhere"):
        quotient(Compiled(__name__, "divide"), 1.0, 4.0)
