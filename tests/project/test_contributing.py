"""Following CONTRIBUTING.md to the letter, in a copy, adds an actor, a claim and a mission that load and run."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from textwrap import dedent

import pytest

HOME = Path(__file__).parents[2]
TEXT = (HOME / "CONTRIBUTING.md").read_text("utf-8")
FENCE = re.compile(r'^ *```(?:yaml|python) title="(add to )?([^"]+)"\n(.*?)^ *```', re.MULTILINE | re.DOTALL)
CLAIM = ".".join(("003", "author", "example_of_a_claim"))  # in parts: ids in tests are those of the evidence
FOLLOWED = {
    "an actor": ("configs/actors/belgium.yaml", ("show", "baseline", "actors.belgium"), "Belgium"),
    "a claim": (
        "seeds/claims/003.yaml",
        ("evidence", "show", CLAIM),
        "An example of a",
    ),
    "a mission": ("configs/missions.yaml", ("show", "baseline", "missions.nordic_guard"), "Nordic and Baltic guard"),
}
"""By recipe: the file it writes, a command that shows what was added, and what that prints."""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of package, configs and evidence."""
    left = shutil.ignore_patterns("__pycache__")
    for folder in ("sim", "configs", "seeds"):
        shutil.copytree(HOME / folder, tmp_path / folder, ignore=left)
    return tmp_path


def follow(recipe: str, folder: Path) -> None:
    """Write what the section of ``recipe`` prints: a file, or lines at the end of one."""
    section = TEXT.partition(f"## Add {recipe}\n")[2].partition("\n## ")[0]
    for add, name, body in FENCE.findall(section):
        # A step's fence is indented by four; what is left belongs to the file.
        written = re.sub("^    ", "", body, flags=re.MULTILINE)
        before = (folder / name).read_text("utf-8").rstrip("\n") + "\n" if add else ""
        (folder / name).write_text(before + written, encoding="utf-8")


def sim(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "sim", *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("recipe", FOLLOWED)
def test_the_recipe_works_as_it_is_written(recipe: str, copy: Path) -> None:
    file, asked, told = FOLLOWED[recipe]
    before = (copy / file).exists() and (copy / file).read_text("utf-8")
    follow(recipe, copy)
    assert (copy / file).read_text("utf-8") != before
    assert sim(copy, "check", "baseline").startswith("ok: ")
    assert told in sim(copy, *asked)
    assert sim(copy, "run", "baseline", "--runs", "4", "--engine", "mesa", "--workers", "1").startswith(
        "On information"
    )


def test_the_python_that_is_printed_compiles() -> None:
    printed = [(name, dedent(body)) for _, name, body in FENCE.findall(TEXT) if name.endswith(".py")]
    assert [name for name, _ in printed] == [
        "sim/rules/holding.py", "tests/rules/test_holding.py", "sim/analysis/breaking.py",
    ]  # fmt: skip
    for name, body in printed:
        compile(body, name, "exec")


def test_every_kind_of_addition_has_its_recipe() -> None:
    told = re.findall(r"^## Add (.*)$", TEXT, re.MULTILINE)
    assert told == ["an actor", "a claim", "a mission", "a rule", "a phase", "an analysis"]
