"""Other processors, libraries and numbers of threads leave the same rows, and statistics equal but for rounding.

Each variant of ``benchmarks/processors.py`` makes this machine look like another. Two are tried by default, the others
and the tests under each of them by ``make thorough``.
"""

from __future__ import annotations

import json
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests import same
from tests.project.test_same_everywhere import ROWS, STATISTICS

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
LIBRARIES = ("numpy_without_avx2_and_fma", "openblas_nehalem", "glibc_without_fma", "one_thread")
"""Variants that need no code compiled anew, and may be tried at once."""
OTHERS = ("numpy_without_avx512", "openblas_haswell", "openblas_skylakex", "numba_generic", "eight_threads", "oldest")


@pytest.fixture
def processors(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(BENCHMARKS)
    import processors  # type: ignore[import-not-found]

    return processors


def differences(processors: ModuleType, variant: dict[str, str], cache: Path) -> list[str]:
    """Return what differs from the golden files: tables in any bit, statistics by more than rounding."""
    digests, statistics = processors.outcomes(processors.environment(variant, cache))
    golden = same.read(ROWS.read_text("utf-8"))
    tables = [name for name in golden if digests.get(name) != golden[name]]
    return [*tables, *same.unequal(statistics, json.loads(STATISTICS.read_text("utf-8")))]


def unless_possible(name: str, processors: ModuleType) -> None:
    if not processors.possible(name):
        pytest.skip(f"this processor lacks {processors.NEEDS[name]}")


def test_tests_that_end_before_their_time_count_as_failed(processors: ModuleType, tmp_path: Path) -> None:
    sudden = tmp_path / "test_sudden.py"
    sudden.write_text(
        "import os, signal\n\ndef test_a():\n    os.kill(os.getpid(), signal.SIGKILL)\n", encoding="utf-8"
    )
    _, failed = processors.tested(processors.environment({}, tmp_path), [str(sudden)])
    assert failed == ["pytest ended with status -9"]


def test_rows_and_statistics_are_the_same_with_libraries_as_on_an_old_processor(
    processors: ModuleType, tmp_path: Path
) -> None:
    variant: dict[str, str] = {}
    for name in LIBRARIES:
        variant |= processors.VARIANTS[name]
    assert differences(processors, variant, tmp_path) == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", [*LIBRARIES, *OTHERS])
def test_rows_and_statistics_are_the_same_on_every_processor(name: str, processors: ModuleType, tmp_path: Path) -> None:
    unless_possible(name, processors)
    assert differences(processors, processors.VARIANTS[name], tmp_path) == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", [*LIBRARIES, *OTHERS])
def test_tests_that_compare_numbers_pass_on_every_processor(name: str, processors: ModuleType, tmp_path: Path) -> None:
    unless_possible(name, processors)
    about = processors.environment(processors.VARIANTS[name], tmp_path)
    assert processors.tested(about, processors.TESTS)[1] == []


def test_tests_of_a_variant_are_counted_and_those_that_fail_are_named(processors: ModuleType, tmp_path: Path) -> None:
    file = tmp_path / "test_two.py"
    file.write_text("def test_holds():\n    assert True\n\n\ndef test_fails():\n    assert False\n", encoding="utf-8")
    counts, failed = processors.tested(processors.environment({}, tmp_path), [str(file)])
    assert counts == {"passed": 1, "failed": 1}
    assert [each.partition("::")[2] for each in failed] == ["test_fails"]


def test_every_variant_is_tried(processors: ModuleType) -> None:
    assert {"plain", *LIBRARIES, *OTHERS} == set(processors.VARIANTS)


def test_every_test_named_exists(processors: ModuleType) -> None:
    assert [path for path in processors.TESTS if not (BENCHMARKS.parent / path).exists()] == []


@pytest.mark.parametrize(
    ("one", "other", "largest"),
    [({"a": [1.0, 4.0]}, {"a": [1.0, 6.0]}, 0.5), ({"a": 0.5}, {"a": 0.25}, 0.25), ({"a": 1}, {"b": 2}, 0.0)],
)
def test_the_largest_difference_is_relative_to_what_is_above_one(
    one: Any, other: Any, largest: float, processors: ModuleType
) -> None:
    assert max(processors.distances(one, other), default=0.0) == largest


def test_code_for_another_processor_has_a_cache_of_its_own(processors: ModuleType, tmp_path: Path) -> None:
    about = processors.environment(processors.VARIANTS["numba_generic"], tmp_path)
    assert about["XDG_CACHE_HOME"] == about["NUMBA_CACHE_DIR"] == str(tmp_path)
    assert processors.environment({}, tmp_path).get("XDG_CACHE_HOME") != str(tmp_path)
