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
    "a published figure": (
        "seeds/literature.yaml",
        ("evidence", "show", "example_of_a_figure"),
        "3 of 9 (0.12, 0.33, 0.65); share",
    ),
    "a mission": ("configs/missions.yaml", ("show", "baseline", "missions.nordic_guard"), "Nordic and Baltic guard"),
}
"""By recipe: the file it writes, a command that shows what was added, and what that prints."""

BELOW = re.compile(r'^ *```text title="([^",]+), below (\w+)"\n(.*?)^ *```', re.MULTILINE | re.DOTALL)
"""A fence with a line that belongs below the one that sets a name: file, name, line."""
COLUMNS_OF_BOTH = """
import sim
engines = ("mesa", "compiled")
runs = {engine: sim.run("baseline", 4, engine=engine, workers=1, keep=("weekly",)) for engine in engines}
for table, column in (("runs", "truce_at_horizon"), ("weekly", "sidelined")):
    mesa, compiled = (getattr(runs[engine], table)[column] for engine in engines)
    assert mesa.equals(compiled), column
    print(column, mesa.dtype)
print(sim.run("baseline", 4, engine="mesa", workers=1).event("truce_at_horizon >= 1").phrase)
"""
COMPANY_OF_A_RUN = """
from sim import world
from sim.model import Negotiation
from sim.scenario import loading
structure = world.build(loading.load("baseline"))
print(Negotiation(structure, *world.draw(structure, 1, 0), 0).rule.hold_company)
"""


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a copy of package, configs and evidence."""
    left = shutil.ignore_patterns("__pycache__")
    for folder in ("sim", "configs", "seeds", "tools"):
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
    return python(folder, "-m", "sim", *words)


def python(folder: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, *words],
        cwd=folder, env={**os.environ, "PYTHONPATH": str(folder)}, capture_output=True, text=True, timeout=300,
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
        "baseline: 4 runs, seed 1.\nOn information"
    )


@pytest.mark.thorough
def test_a_column_touches_the_places_that_its_recipe_names(copy: Path) -> None:
    section = TEXT.partition("## Add a column\n")[2].partition("\n## ")[0]
    for file, name, line in BELOW.findall(section):
        text = (copy / file).read_text("utf-8")
        (above,) = re.findall(rf"^ +{name}[:=].*\n", text, re.MULTILINE)
        (copy / file).write_text(text.replace(above, above + re.sub("^    ", "", line)), encoding="utf-8")
    assert python(copy, "-c", COLUMNS_OF_BOTH).splitlines() == [
        "truce_at_horizon int64", "sidelined float64", "truce at horizon of at least 1",
    ]  # fmt: skip


def test_a_weight_touches_the_places_that_its_recipe_names(copy: Path) -> None:
    weights, values = copy / "sim" / "scenario" / "rule_weights.py", copy / "configs" / "rules.yaml"
    text = weights.read_text("utf-8")
    (last,) = re.findall(r"^    attack_shock: Weight = .*\n", text, re.MULTILINE)
    (field,) = re.findall(r"`(company: Weight = [^`]*)`", TEXT)
    weights.write_text(text.replace(last, f"{last}    {field}\n"), encoding="utf-8")
    example = 'company: {low: 0, likely: 0.1, high: 0.3, assumption: "An example of a weight, for the sake of a test."}'
    values.write_text(values.read_text("utf-8").replace("\nhold:\n", f"\nhold:\n  {example}\n"), encoding="utf-8")
    python(copy, "tools/rule_names.py")
    assert sim(copy, "check", "baseline").startswith("ok: ")
    assert 0.0 < float(python(copy, "-c", COMPANY_OF_A_RUN)) < 0.3


def test_the_python_that_is_printed_compiles() -> None:
    printed = [(name, dedent(body)) for _, name, body in FENCE.findall(TEXT) if name.endswith(".py")]
    assert [name for name, _ in printed] == [
        "sim/rules/holding.py", "tests/rules/test_holding.py", "sim/analysis/breaking.py",
    ]  # fmt: skip
    for name, body in printed:
        compile(body, name, "exec")


def test_every_kind_of_addition_has_its_recipe() -> None:
    told = re.findall(r"^## Add (.*)$", TEXT, re.MULTILINE)
    assert told == [
        "an actor", "a claim", "a published figure", "a mission", "a rule", "a column", "a phase", "an analysis",
    ]  # fmt: skip
