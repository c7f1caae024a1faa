"""The three things that users do need under five lines each, from an empty folder, on the installed package."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

HOME = Path(__file__).parents[2]
USES = {
    "a batch": """\
import sim
ensemble = sim.run("baseline", runs=200, seed=1)
print(ensemble)
""",
    "an actor tweaked": """\
import sim
firm = sim.load("baseline").change({"actors.germany.needs.russian_consent": None})
print(sim.compare("baseline", firm, runs=200))
""",
    "a distribution": """\
import sim
ensemble = sim.run("baseline", runs=200, seed=1)
sim.plots.distribution(ensemble, "troops").figure.savefig("troops.png")
""",
}
SAYS = {"a batch": "On information to 3 March 2025", "an actor tweaked": "European force", "a distribution": ""}
SHELL = {
    "a batch": ("run", "baseline", "--runs", "200", "--nested", "none", "--workers", "1"),
    "an actor tweaked": ("compare", "baseline", "no_us_support", "--runs", "200", "--nested", "none"),
    "a theatre": ("new", "theatre", "karstland"),
}


def ran(folder: Path, *words: str) -> str:
    about = {**os.environ, "PYTHONPATH": str(HOME), "MPLBACKEND": "Agg"}
    done = subprocess.run([sys.executable, *words], cwd=folder, env=about, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.mark.slow
@pytest.mark.parametrize("use", USES)
def test_each_use_takes_under_five_lines_of_python(use: str, tmp_path: Path) -> None:
    assert len(USES[use].splitlines()) < 5
    assert SAYS[use] in ran(tmp_path, "-c", USES[use])
    if use == "a distribution":
        assert (tmp_path / "troops.png").stat().st_size > 10_000


@pytest.mark.slow
@pytest.mark.parametrize("use", SHELL)
def test_each_use_takes_one_line_of_a_shell(use: str, tmp_path: Path) -> None:
    assert ran(tmp_path, "-m", "sim", *SHELL[use])
