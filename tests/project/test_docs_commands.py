"""Every command that README and docs print runs as printed, with smaller numbers; so does every Python fence.

A page is read from top to bottom, in an empty folder: its ``sh`` and ``console`` fences (in the latter, what follows
``$``), then its ``python`` fences, each seeing what the ones before it left. ``SMALL`` lowers numbers, ``LEFT_OUT``
names what cannot run in a test and why, ``FILES`` names the files that a page asks its reader to save.
"""

from __future__ import annotations

import re
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import matplotlib
import pytest
from typer.testing import CliRunner

import sim
from sim.cli import COMMANDS, app

HOME = Path(__file__).parents[2]
PAGES = sorted([*(HOME / "docs").rglob("*.md"), HOME / "README.md", HOME / "CONTRIBUTING.md"])
FENCE = re.compile(r"^```(\w+)[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)

SMALL: dict[str, dict[str, float]] = {
    "run": {"--runs": 1024},
    "compare": {"--runs": 512},
    "disagree": {"--runs": 32},
    "update": {"--runs": 1024},
    "watch": {"--runs": 1024},
    "sure": {"--runs": 512, "--draws": 20, "--luck": 10},
    "match": {"--draws": 24, "--luck": 20, "--keep": 30, "--runs": 400},
    "sensitivity": {"--base": 32, "--trajectories": 4},
    "sensitivity --shares": {"--runs": 2_000},
    "when": {"--inputs": 3},
    "could": {"--runs": 512},
    "why": {"--runs": 256},
    "sweep": {"--runs": 64},
    "show --why": {"--runs": 256},
    "levers": {"--runs": 100, "--tries": 1, "--target": 0.1},
    "validate": {"--runs": 64},
    "backtest": {"--resamples": 50},
    "cases": {"--runs": 64, "--theory": 8},
}
"""Numbers by command, or command and option: one that is printed is lowered to this, one that is not is added."""
WIDEST = 0.1
"""``--until-margin`` is raised to this."""
MOST_RUNS = 1_500
"""Numbers of runs in Python fences are lowered to this."""

LEFT_OUT = {
    r"-m venv|^\. \.venv|pip install": "installs; CI sets up its environment with the README's own command",
    r"^make ": "sets up an environment, then runs what CI runs",
    r"^(dask|sim run .*--cluster) ": "waits for machines; tests/batch/test_cluster.py plays on a cluster",
    r"\.\./shared/": "reads data that are not part of the project; tests/validation/test_backtest.py reads them",
    r"\b(FILE|DIR|CONFIG)\b": "stands for a file of the reader's",
    r"^python docs/make_": "rewrites pages of the checkout; tests hold that they are current",
    r"^sim levers baseline (--of|--target)": "12 s each, as every call measures all levers; the last on its page runs",
    r"^(jupyter|jupytext) ": "works on the notebooks of the checkout; tests/project/test_notebooks.py holds them",
    r"^sim sensitivity .*--inert": "plays every number twice; tests/cli/test_cli_analysis_c.py runs it on a tiny world",
    r"^sim report": "half a minute each, for all its analyses; tests/report/test_report.py runs the command",
    r"^python benchmarks/faults": "eleven minutes; tests/project/test_benchmarks.py plays a few kills",
    r"^python benchmarks/power_cuts": "seven minutes; tests/project/test_benchmarks.py plays a few histories",
    r"^python benchmarks/environments": "half an hour; tests/project/test_environments.py plays a sample",
    r"^sim run baseline-[0-9a-f]+\.yaml": "runs a file that the explorer exported; its own tests feed one to `sim run`",
    r"^sim could baseline": "half a minute each; tests/cli/test_cli_could.py searches on tiny worlds",
    r"^sim replay baseline --drawn": "needs the run that `sim could` keeps; tests/cli/test_cli_could.py replays one",
    r"^sim validate( +#|$)|^sim validate --leave-out": "builds a hundred scenarios; tests/validation reads a few",
    r"^sim explore": "serves a page until it is stopped; its own tests open it",
}
"""Commands that do not run here, as patterns, each with its reason."""

FILES = {
    "README.md": ("my_scenario.yaml",),
    "docs/tutorial.md": ("berlin.yaml",),
    "docs/how-to/levers.md": ("costs.yaml", "ankara.yaml"),
    "docs/how-to/record.md": ("claims.yaml", "after.yaml"),
    "docs/how-to/theatre.md": ("karst.yaml",),
}
"""The names under which a page's first YAML fences are saved."""
WITH_AN_ENSEMBLE = {"docs/reference/columns.md"}
"""Pages whose Python fences speak of an ``ensemble`` at hand."""

PYTHON_LEFT_OUT = {
    "docs/how-to/could.md": "searches for half a minute; tests/analysis/test_could.py does so on tiny worlds",
    "docs/how-to/levers.md": "measures all levers twice, half a minute; tests/analysis/test_levers.py does so, smaller",
}
"""Pages whose Python fences do not run here, each with the reason."""


def name(page: Path) -> str:
    return str(page.relative_to(HOME))


def fences(page: Path, *kinds: str) -> list[str]:
    return [body for kind, body in FENCE.findall(page.read_text("utf-8")) if kind in kinds]


def commands(page: Path) -> Iterator[str]:
    """Yield the commands of a page: lines of ``sh`` fences, and of ``console`` fences what follows ``$``."""
    for kind, body in FENCE.findall(page.read_text("utf-8")):
        for line in body.replace("\\\n", " ").splitlines() if kind in ("sh", "console") else ():
            if kind == "sh" and line.strip() and not line.lstrip().startswith("#"):
                yield line.strip()
            elif kind == "console" and line.startswith("$ "):
                yield line[2:].strip()


def left_out(command: str) -> str | None:
    return next((reason for pattern, reason in LEFT_OUT.items() if re.search(pattern, command)), None)


def smaller(words: list[str]) -> list[str]:
    """Return the words of a command with the numbers of ``SMALL``."""
    words = list(words)
    with_option = next((SMALL[key] for key in (f"{words[1]} {word}" for word in words) if key in SMALL), None)
    for option, most in (with_option or SMALL.get(words[1], {})).items():
        if option in words:
            at = words.index(option) + 1
            words[at] = f"{min(float(words[at]), most):g}"
        elif "--until-margin" not in words and "--list" not in words:
            words += [option, f"{most:g}"]
    if "--until-margin" in words:
        words[words.index("--until-margin") + 1] = str(WIDEST)
    return words


def run(command: str) -> None:
    words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
    if words[0] != "sim" or {"|", ">", "&&", ";"} & set(words):
        subprocess.run(["bash", "-euo", "pipefail", "-c", command], check=True, timeout=60)
        return
    done = CliRunner().invoke(app, smaller(shlex.split(command, comments=True))[1:])
    assert done.exit_code == 0, f"$ {command}\n{done.output}"


def python(page: Path) -> None:
    """Run the Python fences of a page as one script, with fewer runs."""
    names: dict[str, Any] = {"sim": sim}
    if name(page) in WITH_AN_ENSEMBLE:
        names["ensemble"] = sim.run("baseline", runs=512)
    for body in fences(page, "python"):
        exec(compile(with_fewer_runs(body), name(page), "exec"), names)


def with_fewer_runs(body: str) -> str:
    def lowered(found: re.Match[str]) -> str:
        return found[1] + str(min(int(found[2].replace("_", "")), MOST_RUNS))

    body = re.sub(r"(\bruns=|sim\.run\([\w\"./]+, )([\d_]+)", lowered, body)
    body = re.sub(r"(\bbase=|\bdraws=|\bluck=)([\d_]+)", lambda found: f"{found[1]}{min(int(found[2]), 32)}", body)
    body = re.sub(r"(sim\.sensitivity\([^()]*)\)", r"\1, trajectories=4)", body)
    body = re.sub(r"(sim\.when\(\w+)\)", r"\1, inputs=3)", body)
    return re.sub(r"(sim\.(?:run|compare)\((?:(?!\bruns=|, \d)[^()])*)\)", rf"\1, runs={MOST_RUNS})", body)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder to work in, beside whose files the checkout's tests can be read."""
    matplotlib.use("Agg")
    (tmp_path / "tests").symlink_to(HOME / "tests")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if fences(page, "sh", "console", "python")], ids=name)
def test_what_a_page_prints_runs(page: Path, folder: Path) -> None:
    for file, body in zip(FILES.get(name(page), ()), fences(page, "yaml", "yml"), strict=False):
        (folder / file).write_text(body, encoding="utf-8")
    for command in commands(page):
        if not left_out(command):
            run(command)
    if name(page) not in PYTHON_LEFT_OUT:
        python(page)


def test_every_reason_to_leave_out_a_command_is_needed() -> None:
    printed = [command for page in PAGES for command in commands(page)]
    patterns = [pattern for pattern in LEFT_OUT if "explore" not in pattern or "explore" in COMMANDS]
    assert [pattern for pattern in patterns if not any(re.search(pattern, command) for command in printed)] == []


def test_every_file_that_is_saved_is_shown_on_its_page() -> None:
    assert all(len(names) <= len(fences(HOME / page, "yaml", "yml")) for page, names in FILES.items())


def test_a_number_that_is_printed_is_lowered_and_one_that_is_not_is_added() -> None:
    assert smaller(["sim", "run", "baseline", "--runs", "1000000"]) == ["sim", "run", "baseline", "--runs", "1024"]
    assert smaller(["sim", "compare", "a", "b"]) == ["sim", "compare", "a", "b", "--runs", "512"]
    assert smaller(["sim", "run", "a", "--runs", "100"])[-1] == "100"
    assert smaller(["sim", "run", "a", "--until-margin", "0.005"]) == ["sim", "run", "a", "--until-margin", "0.1"]


def test_python_fences_are_run_with_fewer_runs() -> None:
    assert with_fewer_runs("sim.run(baseline, runs=20_000, seed=1)") == "sim.run(baseline, runs=1500, seed=1)"
    assert with_fewer_runs("sim.compare(a, b)") == "sim.compare(a, b, runs=1500)"
    assert with_fewer_runs('sim.run("a", seed=1), x') == 'sim.run("a", seed=1, runs=1500), x'
    assert with_fewer_runs('why(sim.run("a", 3_000))') == 'why(sim.run("a", 1500))'
