"""Tests that rows are the same to the last bit under every Python and library that is allowed, and which those are.

``tests/golden/rows.txt`` holds a digest of every table that :mod:`tests.same` makes, ``tests/golden/statistics.json``
the statistics, which are equal but for rounding. Both are renewed on purpose, after a change of rules, configs or
columns, with

    SIM_RENEW_GOLDEN=1 python -m pytest tests/project/test_same_everywhere.py -k golden
"""

import copy
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Callable, Iterator
from math import inf, log, nextafter
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from packaging.requirements import Requirement
from packaging.version import Version

from sim.batch import manifest
from tests import same, worlds

HOME = Path(__file__).parents[2]
GOLDEN = HOME / "tests" / "golden"
ROWS, STATISTICS = GOLDEN / "rows.txt", GOLDEN / "statistics.json"
TABLE = pd.DataFrame({"share": [0.1, np.nan], "outcome": ["observer", "training"], "truces": [0, 2]})


@pytest.fixture(scope="module")
def outcomes() -> tuple[dict[str, str], dict[str, Any]]:
    digests, statistics = same.outcomes()
    if os.environ.get("SIM_RENEW_GOLDEN"):
        ROWS.write_text(same.lines(digests), encoding="utf-8")
        STATISTICS.write_text(json.dumps(statistics, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    return digests, statistics


@pytest.fixture(scope="module")
def digests(outcomes: tuple[dict[str, str], dict[str, Any]]) -> dict[str, str]:
    return outcomes[0]


@pytest.fixture(scope="module")
def golden(outcomes: tuple[dict[str, str], dict[str, Any]]) -> dict[str, str]:
    return same.read(ROWS.read_text("utf-8"))


def different(found: dict[str, str], golden: dict[str, str], ending: str = "") -> str:
    """Return what to say of tables that differ; nothing if none does."""
    names = [name for name in found | golden if name.endswith(ending) and found.get(name) != golden.get(name)]
    told = "\n".join(f"  {name}" for name in names)
    return f"tables differ:\n{told}\nunder {same.environment()}\n\n{__doc__}" if names else ""


# --- the same rows ---------------------------------------------------------------------------------------------------


def test_inputs_are_the_golden_ones_whatever_the_c_library(digests: dict[str, str], golden: dict[str, str]) -> None:
    assert not different(digests, golden, ending=": inputs")


def test_every_table_is_the_golden_one_to_the_last_bit(digests: dict[str, str], golden: dict[str, str]) -> None:
    assert not different(digests, golden)


def test_statistics_are_the_golden_ones_but_for_rounding(outcomes: tuple[dict[str, str], dict[str, Any]]) -> None:
    assert list(same.unequal(outcomes[1], json.loads(STATISTICS.read_text("utf-8")))) == []


STATISTIC = {"share": 0.1, "runs": 512, "groups": [{"p10": 0.25, "stamp": ""}]}


@pytest.mark.parametrize(
    ("edit", "path"),
    [
        (lambda each: each.update(share=0.1 + 1e-10), "share"),
        (lambda each: each.update(share=None), "share"),
        (lambda each: each.update(runs=511), "runs"),
        (lambda each: each.update(runs=512.0), "runs"),
        (lambda each: each["groups"][0].update(p10=0.26), "groups[0].p10"),
        (lambda each: each["groups"][0].update(stamp="x"), "groups[0].stamp"),
        (lambda each: each["groups"].append({}), "groups"),
        (lambda each: each.pop("runs"), "runs"),
    ],
)
def test_a_statistic_that_differs_is_named_with_its_path(edit: Callable[[Any], None], path: str) -> None:
    other = copy.deepcopy(STATISTIC)
    edit(other)
    (difference,) = same.unequal(other, STATISTIC)
    assert difference.startswith(f"{path}: ")


def test_sums_in_another_order_are_equal_statistics() -> None:
    one, other = (0.1 + 0.2) + 0.3, 0.1 + (0.2 + 0.3)  # not sum(), which makes up for rounding from Python 3.12 on
    assert one != other
    assert list(same.unequal({**STATISTIC, "share": one}, {**STATISTIC, "share": other})) == []


def test_make_same_installs_all_that_this_file_imports() -> None:
    files = ("conftest.py", "same.py", "worlds.py", f"project/{Path(__file__).name}")
    text = "\n".join((HOME / "tests" / file).read_text("utf-8") for file in files)
    needed = set(re.findall(r"^(?:import|from) (\w+)", text, re.MULTILINE))
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
    brought = {Requirement(each).name for each in project["dependencies"]} | {"packaging"}  # the last one by pytest
    missing = needed - sys.stdlib_module_names - {"sim", "tests"} - brought
    lines = [line for line in (HOME / "Makefile").read_text("utf-8").splitlines() if "$(@D)/bin/python -m pip" in line]
    assert len(lines) == 2
    assert [missing - set(line.split()) for line in lines] == [set(), set()]


@pytest.mark.skipif(not shutil.which("make") or os.name != "posix", reason="no make, or no shell, here")
def test_make_same_takes_the_pythons_that_start(tmp_path: Path) -> None:
    for python, status in (("python3.12", 0), ("python3.13", 1)):
        (tmp_path / python).write_text(f"#!/bin/sh\nexit {status}\n", encoding="utf-8")
        (tmp_path / python).chmod(0o755)
    make = [shutil.which("make") or "", "-s", "--eval", "pythons: ; $(info $(PYTHONS))@:", "pythons"]
    done = subprocess.run(make, cwd=HOME, env={"PATH": str(tmp_path)}, capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["python3.12"]


def test_what_differs_is_named() -> None:
    told = different({"runs": "a", "weekly": "b"}, {"runs": "a", "weekly": "c"})
    assert "  weekly\n" in told and "  runs\n" not in told
    assert "SIM_RENEW_GOLDEN=1" in told and "python 3." in told


# --- what a digest sees ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "other",
    [
        TABLE.assign(share=[nextafter(0.1, 1.0), np.nan]),
        TABLE.assign(share=[0.1, 0.0]),
        TABLE.assign(outcome=["observer", "Training"]),
        TABLE.assign(truces=[0, 3]),
        TABLE[["outcome", "share", "truces"]],
        TABLE.iloc[:1],
    ],
    ids=["last bit", "missing", "word", "count", "order", "rows"],
)
def test_a_digest_sees_every_difference(other: pd.DataFrame) -> None:
    assert same.digest(other) != same.digest(TABLE)


def test_a_digest_does_not_see_how_pandas_holds_a_table() -> None:
    held = TABLE.astype({"share": "Float64", "outcome": "object", "truces": "Int64"})
    assert same.digest(held) == same.digest(TABLE)


# --- what the manifest says ------------------------------------------------------------------------------------------


@pytest.fixture
def other_last_bits(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(manifest, "log", lambda x: nextafter(log(x), inf))
    manifest.arithmetic.cache_clear()
    yield
    manifest.arithmetic.cache_clear()


def test_a_manifest_names_python_libraries_and_arithmetic() -> None:
    versions = manifest.manifest(worlds.tiny(), runs=1, seed=1)["versions"]
    assert {"python", "mesa", "numba", "numpy", "pandas"} < set(versions)
    assert versions["arithmetic"] == manifest.arithmetic()


@pytest.mark.usefixtures("other_last_bits")
def test_other_last_bits_of_a_function_are_other_arithmetic(digests: dict[str, str]) -> None:
    assert manifest.arithmetic() != digests[same.ARITHMETIC]


# --- what is allowed -------------------------------------------------------------------------------------------------


def pinned(name: str) -> dict[str, Version]:
    """Return the versions that a file of constraints, which holds nothing but versions, pins on this Python."""
    lines = (HOME / name).read_text("utf-8").splitlines()
    assert all(re.fullmatch(r'[\w.-]+==[\w.]+(; python_version (<|>=) "3\.\d+")?', line) for line in lines)
    here = (each for each in map(Requirement, lines) if not each.marker or each.marker.evaluate())
    return {plain(each.name): Version(str(each.specifier).removeprefix("==")) for each in here}


def plain(library: str) -> str:
    return re.sub(r"[-_.]+", "-", library).lower()


def required() -> list[Requirement]:
    project = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(text) for text in (*project["dependencies"], *project["optional-dependencies"]["dev"])]


def bound(requirement: Requirement) -> Version:
    (lowest,) = (each.version for each in requirement.specifier if each.operator == ">=")
    return Version(lowest)


@pytest.mark.parametrize("requirement", required(), ids=lambda requirement: requirement.name)
def test_the_oldest_version_allowed_is_the_one_tried(requirement: Requirement) -> None:
    oldest = pinned("constraints-oldest.txt")[plain(requirement.name)]
    lowest = bound(requirement).release
    assert oldest.release[: len(lowest)] == lowest
    assert oldest in requirement.specifier


def test_both_files_of_constraints_pin_what_is_required() -> None:
    names = {plain(requirement.name) for requirement in required()}
    assert names <= set(pinned("constraints.txt")) & set(pinned("constraints-oldest.txt"))
