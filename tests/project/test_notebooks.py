"""The notebooks run as they stand, from any folder, each in under a minute, and use what is public alone."""

import ast
import re
import subprocess
import sys
import time
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

import sim

HOME = Path(__file__).parents[2]
NOTEBOOKS = sorted((HOME / "notebooks").glob("*.ipynb"))
A_MINUTE = 60.0
each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    notebook: nbformat.NotebookNode = nbformat.reads(path.read_text("utf-8"), as_version=4)  # type: ignore[no-untyped-call]
    return notebook


def code(path: Path) -> ast.Module:
    return ast.parse("\n".join(cell.source for cell in read(path).cells if cell.cell_type == "code"))


def attributes_of(name: str, tree: ast.Module) -> set[str]:
    found = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return {node.attr for node in found if ast.unparse(node.value) == name}


@pytest.fixture(scope="module")
def compiled() -> None:
    """Compile the engine, which happens once for a version and is no notebook's doing."""
    sim.run("baseline", runs=1)


@pytest.mark.slow
@each_notebook
def test_a_notebook_runs_from_another_folder_in_under_a_minute_without_a_warning(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, compiled: None
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(HOME))
    notebook = read(path)
    began = time.monotonic()
    NotebookClient(
        notebook, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    ).execute()
    assert time.monotonic() - began < A_MINUTE
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert any("image/png" in output.get("data", {}) for output in outputs)
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    assert [text for text in map(plain, outputs) if re.match(r"\[?<(Axes|Figure|Subfigure)|\d+$", text)] == []
    assert list(tmp_path.iterdir()) == []


def plain(output: nbformat.NotebookNode) -> str:
    """Return what an output says beside what it draws."""
    data = output.get("data", {})
    return "" if "image/png" in data else str(data.get("text/plain", ""))


@each_notebook
def test_a_cell_that_ends_in_a_plot_shows_the_plot_alone(path: Path) -> None:
    for cell in (cell for cell in read(path).cells if cell.cell_type == "code"):
        last = ast.parse(cell.source).body[-1]
        if isinstance(last, ast.Expr) and re.match(r"sim\.plots\.\w+\(|\w+\.plot\.\w+\(", ast.unparse(last)):
            assert cell.source.endswith(";"), cell.source


@each_notebook
def test_a_notebook_is_formatted_but_for_its_semicolons(path: Path) -> None:
    text = re.sub(r";$", "", path.with_suffix(".py").read_text("utf-8"), flags=re.MULTILINE)
    command = (sys.executable, "-m", "ruff", "format", "--check", "--stdin-filename", str(path.with_suffix(".py")), "-")
    done = subprocess.run(command, input=text, capture_output=True, text=True, encoding="utf-8")
    assert done.returncode == 0, done.stderr


@each_notebook
def test_a_notebook_is_stored_without_what_it_printed(path: Path) -> None:
    cells = [cell for cell in read(path).cells if cell.cell_type == "code"]
    assert all(not cell.outputs and cell.execution_count is None for cell in cells)


@each_notebook
def test_a_notebook_and_its_text_say_the_same(path: Path) -> None:
    text = jupytext.read(path.with_suffix(".py"))
    pair = [[(cell.cell_type, cell.source) for cell in notebook.cells] for notebook in (read(path), text)]
    assert pair[0] == pair[1], "run jupytext --sync notebooks/*.py"


@each_notebook
def test_a_notebook_uses_public_names_and_defines_no_function(path: Path) -> None:
    tree = code(path)
    assert attributes_of("sim", tree) <= set(sim.__all__)
    assert attributes_of("sim.plots", tree) <= set(sim.plots.__all__)
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    modules |= {name.name for node in ast.walk(tree) if isinstance(node, ast.Import) for name in node.names}
    assert {name for name in modules if name and name.startswith("sim")} == {"sim"}
    assert not any(isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Lambda) for node in ast.walk(tree))


def test_every_question_has_its_notebook() -> None:
    assert [path.stem for path in NOTEBOOKS] == [
        "01_first_forecast",
        "02_tweak_an_agent",
        "03_why_not",
        "04_what_moves_it",
        "05_whom_to_work_on",
        "06_many_scenarios",
        "07_add_your_own",
        "08_living_forecast",
        "09_another_theatre",
    ]
