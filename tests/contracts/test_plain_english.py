"""Nothing that people read says what a native editor struck out once: strings of the package, templates and docs."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STRUCK = {
    r"in [^ ]+ of its variance": "chance accounts for N% of the variance",
    r"matter of luck": "chance",
    r"(more|less) likely by [^ ]+ points": "both values and the interval of their difference",
    r"(goes|falls) (beyond|short of) the stance on record": "it is now more willing than its public position",
    r"spread (of ours|that is ours)": "a range that we assumed",
    r"documented value with a spread": "a documented value and a range that we assumed",
    r": degenerate\b": "what it means: it always or never came about",
    r"what is least sure is": "we are least sure about",
    r"\(un\w+ .* against un\w+": "no words of likelihood where two shares are compared",
    r"about \{?[\w.]*\}? ?to \{?[\w.]*\}? in 10\b": "one percentage",
    r"[Tt]ell instead": "show instead",
    r"move(s|d)? nothing\b": "makes no difference",
    r"stands? at nothing": "none",
}
"""What was struck out, and what to write."""


def strings(module: Path) -> Iterator[str]:
    """Yield the strings of a module that are shown; of its docstrings, those of commands, which are their help."""
    tree = ast.parse(module.read_text("utf-8"))
    inner = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    silent = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    if "cli" in module.parts:
        commands = (node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_")
        yield from (ast.get_docstring(node) or "" for node in commands)
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr):
            yield "".join(
                str(part.value) if isinstance(part, ast.Constant) else f"{{{ast.unparse(part)}}}"
                for part in node.values
            )
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inner | silent:
            yield node.value


def read() -> dict[str, str]:
    """Return all that people read, by file."""
    modules = {path: "\n".join(strings(path)) for path in sorted((ROOT / "sim").rglob("*.py"))}
    pages = [*(ROOT / "docs").glob("*.md"), *(ROOT / "docs" / "how-to").glob("*.md"), ROOT / "README.md"]
    templates = (ROOT / "sim" / "report" / "templates").glob("*.html")
    texts = {path: path.read_text("utf-8") for path in sorted((*pages, *templates))}
    return {str(path.relative_to(ROOT)): text for path, text in (modules | texts).items()}


@pytest.fixture(scope="module")
def everything() -> dict[str, str]:
    return read()


@pytest.mark.parametrize("phrase", STRUCK)
def test_nothing_says_what_was_struck_out(phrase: str, everything: dict[str, str]) -> None:
    hits = {
        path: match[0]
        for path, text in everything.items()
        if (match := re.search(phrase, " ".join(text.split()) if path.endswith(".md") else text))
    }
    assert hits == {}, f"write: {STRUCK[phrase]}"


def test_the_scan_reads_what_it_should(everything: dict[str, str]) -> None:
    assert "Write the report of an ensemble" in everything["sim/cli/report.py"]
    assert "chance accounts for" in everything["sim/analysis/sensitivity.py"]
    assert "Return what the indices" not in everything["sim/analysis/sensitivity.py"]


@pytest.mark.parametrize(
    "sentence",
    [
        "Whether a force comes about in a run is in 68% of its variance a matter of luck",
        "a European force is more likely by 0 points (unlikely (about 2 in 10) against unlikely (about 2 in 10)",
        "21 have a documented value with a spread that is ours",
        "as willingness goes beyond the stance on record",
    ],
)
def test_the_examples_that_were_met_are_struck_out(sentence: str) -> None:
    assert any(re.search(phrase, sentence) for phrase in STRUCK)
