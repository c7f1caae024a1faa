"""What is built installs and runs outside the checkout, with its configs and evidence; what is said of it holds."""

from __future__ import annotations

import json
import os
import runpy
import shutil
import subprocess
import sys
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sim.report import from_docs

HOME = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((HOME / "pyproject.toml").read_text("utf-8"))["project"]
LICENCES = runpy.run_path(str(HOME / "docs" / "make_licences.py"))
LEFT = shutil.ignore_patterns(".*venv", ".git", "runs", "build", "dist", "*.egg-info", "__pycache__", ".*_cache")


def told(*words: str, folder: Path, **environment: str) -> str:
    """Return what a command prints, run in ``folder`` with nothing of this checkout on the path."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, *words], cwd=folder, env={**kept, **environment}, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the source distribution, and the wheel built from it."""
    copy = tmp_path_factory.mktemp("source") / "checkout"
    shutil.copytree(HOME, copy, symlinks=True, ignore=LEFT)
    folder = tmp_path_factory.mktemp("built")
    told("-m", "build", "--no-isolation", "--outdir", str(folder), ".", folder=copy)
    return folder


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder into which the wheel was installed."""
    folder = tmp_path_factory.mktemp("installed")
    (wheel,) = built.glob("*.whl")
    told("-m", "pip", "install", "--quiet", "--no-deps", "--target", str(folder), str(wheel), folder=folder)
    return folder


@pytest.mark.slow
def test_an_installed_package_runs_the_baseline_from_any_folder(installed: Path, tmp_path: Path) -> None:
    def sim(*words: str) -> str:
        return told("-P", "-m", "sim", *words, folder=tmp_path, PYTHONPATH=str(installed))

    where = told("-P", "-c", "import sim; print(sim.__file__)", folder=tmp_path, PYTHONPATH=str(installed))
    assert Path(where.strip()).is_relative_to(installed)
    assert sim("run", "baseline", "--runs", "8", "--engine", "mesa", "--nested", "none").startswith(
        "baseline: 8 runs, seed 1.\nOn information to"
    )
    assert sim("check", "baseline").startswith("ok: ")
    assert json.loads(sim("evidence", "coverage", "--json"))["claims"] > 0


@pytest.mark.slow
@pytest.mark.parametrize("folder", ["configs", "seeds"])
def test_an_installed_package_holds_every_file_of_its_data(folder: str, installed: Path) -> None:
    def files(home: Path) -> set[str]:
        return {str(path.relative_to(home)) for path in home.rglob("*") if path.is_file()}

    assert files(installed / "sim" / "_data" / folder) == files(HOME / folder)


@pytest.mark.slow
def test_an_installed_package_holds_the_pages_that_a_report_prints(installed: Path) -> None:
    code = "from sim.report import from_docs; print(len(from_docs.imposed()), len(from_docs.limits()))"
    there = told("-P", "-c", code, folder=installed, PYTHONPATH=str(installed))
    assert there.split() == [str(len(from_docs.imposed())), str(len(from_docs.limits()))]
    assert (installed / "sim/_data/docs/limits.md").read_bytes() == (HOME / "docs/limits.md").read_bytes()


@pytest.mark.slow
def test_the_source_distribution_holds_docs_tests_and_what_builds_them(built: Path) -> None:
    (source,) = built.glob("*.tar.gz")
    with tarfile.open(source) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert names >= {
        "CITATION.cff", "CONTRIBUTING.md", "CHANGELOG.md", "LICENSE", "Makefile", "constraints.txt", "mkdocs.yml",
        "docs/model.md", "docs/hooks.py", "tests/worlds.py", "configs/baseline.yaml", "seeds/documents.yaml",
    }  # fmt: skip


def test_the_citation_has_what_the_format_asks_for_and_names_this_version_and_licence() -> None:
    cited = yaml.safe_load((HOME / "CITATION.cff").read_text("utf-8"))
    known = {"cff-version", "message", "title", "authors", "type", "abstract", "version", "license", "keywords"}
    assert cited.keys() >= {"cff-version", "message", "title", "authors"}
    assert cited.keys() <= known
    assert (cited["cff-version"], cited["type"]) == ("1.2.0", "software")
    assert all(author.keys() & {"name", "family-names"} for author in cited["authors"])
    assert (cited["version"], cited["license"]) == (PROJECT["version"], PROJECT["license"])


def test_every_library_that_is_asked_for_is_listed_with_its_licence() -> None:
    lines = LICENCES["listed"](LICENCES["PAGE"].read_text("utf-8"))
    assert LICENCES["direct"]().keys() - lines.keys() == set()
    assert [line for line in lines.values() if "not installed" in line] == []


def test_every_library_that_is_asked_for_is_pinned() -> None:
    assert LICENCES["direct"]().keys() - LICENCES["pinned"]().keys() == set()
