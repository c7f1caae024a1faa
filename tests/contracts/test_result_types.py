"""Contracts of results: what an analysis returns has a type, and identifiers say what they hold."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass
from inspect import getmembers, isclass
from pathlib import Path

import pandas as pd
import pytest

from sim.ensemble import results
from sim.ensemble.results import Differences, Result

ROOT = Path(__file__).resolve().parents[2]
EMPTY = re.compile(r"(?:^|_)(found|told|said)(?:_|$)", re.IGNORECASE)
"""Words that fit any variable and so name none."""


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def files(*rooms: str) -> list[Path]:
    """Return the modules of these rooms."""
    return [path for room in rooms for path in sorted((ROOT / "sim" / room).rglob("*.py"))]


def parse(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def identifiers(tree: ast.AST) -> Iterator[str]:
    """Yield every identifier that a module defines or reads."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Name):
            yield node.id
        elif isinstance(node, ast.Attribute):
            yield node.attr
        elif isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.arg | ast.keyword) and node.arg:
            yield node.arg
        elif isinstance(node, ast.alias):
            yield node.asname or node.name


@pytest.mark.parametrize("path", files("analysis", "plots", "report", "cli", "explorer", "ensemble"), ids=name)
def test_no_table_carries_facts_in_attrs(path: Path) -> None:
    assert "attrs" not in set(identifiers(parse(path)))


def test_no_page_reads_attrs() -> None:
    pages = (ROOT / "sim").rglob("templates/*.html")
    assert [name(path) for path in pages if ".attrs" in path.read_text(encoding="utf-8")] == []


@pytest.mark.parametrize("path", files("analysis", "plots"), ids=name)
def test_no_identifier_is_found_told_or_said(path: Path) -> None:
    assert sorted({each for each in identifiers(parse(path)) if EMPTY.search(each)}) == []


@pytest.mark.parametrize("path", files("analysis"), ids=name)
def test_options_that_an_analysis_hands_on_are_typed(path: Path) -> None:
    loose = [
        node.name
        for node in ast.walk(parse(path))
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and "Any"
        in {ast.unparse(each) for each in (node.returns, node.args.kwarg and node.args.kwarg.annotation) if each}
    ]
    assert loose == []


@pytest.mark.parametrize(
    "kind",
    [each for _, each in getmembers(results, isclass) if issubclass(each, Result)],
    ids=lambda kind: kind.__name__,
)
def test_a_result_is_frozen_and_has_a_table_and_a_sentence(kind: type[Result]) -> None:
    assert is_dataclass(kind) and kind.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert [field.name for field in fields(kind)][:2] == ["table", "sentence"]


def test_the_facts_of_a_result_are_its_fields_without_tables_and_without_an_empty_stamp() -> None:
    plain = Differences(pd.DataFrame({"a": [1]}), "b < a", "a", "b", 10, 1, "")
    asked = {"of": "european", "what": "a European force"}
    assert plain.facts() == {"sentence": "b < a", "a": "a", "b": "b", "runs": 10, "seed": 1, "design": None, **asked}
    stamped = Differences(pd.DataFrame(), "", "a", "b", 10, 1, "not baseline")
    assert stamped.facts()["stamp"] == "not baseline"


def test_a_result_shows_its_sentence_as_text_in_html_above_its_table() -> None:
    result = Result(pd.DataFrame({"share": [0.5]}), "b < a")
    assert result._repr_html_().startswith("<p>b &lt; a</p>\n<table")
    assert repr(result).startswith("b < a\n\n")
