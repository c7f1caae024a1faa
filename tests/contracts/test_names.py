"""Contracts of names: an identifier says what it holds, and what is private to a module stays in it."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
ROOMS = ("evidence", "reading", "scenario", "validation", "world")
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.py"))
PAGES = sorted([*(ROOT / "docs").rglob("*.md"), ROOT / "README.md", ROOT / "CONTRIBUTING.md"])
SOURCES = [path for room in ROOMS for path in sorted((ROOT / "sim" / room).rglob("*.py"))]
EMPTY = re.compile(r"(?:^|_)(found|told|said)(?:_|$)", re.IGNORECASE)
"""Words that fit any variable and so name none."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def identifiers(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every identifier that a module defines or reads, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id, node.lineno
        elif isinstance(node, ast.Attribute):
            yield node.attr, node.lineno
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name, node.lineno
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg, node.lineno
        elif isinstance(node, ast.alias):
            yield node.asname or node.name, node.lineno


def imported_names(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield every name that a module imports from another module of sim, with its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "sim":
            yield from ((alias.name, node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_identifier_is_found_told_or_said(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    empty = [f"{name(path)}:{line}: {word}" for word, line in identifiers(tree) if EMPTY.search(word)]
    assert not empty, "\n".join(empty)


@pytest.mark.parametrize("path", [*NOTEBOOKS, *PAGES], ids=name)
def test_no_example_calls_a_variable_found_told_or_said(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    fences = [text] if path.suffix == ".py" else re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    words = [word for fence in fences for word, _ in identifiers(ast.parse(fence)) if EMPTY.search(word)]
    assert not words, f"{name(path)}: {', '.join(words)}"


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_module_imports_a_private_name(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
    private = [f"{name(path)}:{line}: {word}" for word, line in imported_names(tree) if word.startswith("_")]
    assert not private, "\n".join(private)


@pytest.mark.parametrize("path", SOURCES, ids=name)
def test_no_result_hides_its_facts_in_attrs(path: Path) -> None:
    assert "attrs" not in {word for word, _ in identifiers(ast.parse(path.read_text(encoding="utf-8"), str(path)))}


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("found = 1", ["found"]),
        ("def _told(said): pass", ["_told", "said"]),
        ("MAX_TOLD = 1", ["MAX_TOLD"]),
        ("import foundry", []),
        ("from a import b as said", ["said"]),
        ("f(is_said=1)", ["is_said"]),
        ("untold = x.soldered", []),
    ],
)
def test_the_contract_sees_every_kind_of_identifier(code: str, words: list[str]) -> None:
    assert [word for word, _ in identifiers(ast.parse(code)) if EMPTY.search(word)] == words
