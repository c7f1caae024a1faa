"""Which fast tests run which line of the package, and how long each takes: by this the tests of a mutant are picked.

Each file of tests runs once, in a child of its own, so that what one file computes and keeps is no other's. Coverage
looks at lines alone, not at branches, and not at what is compiled.
"""

from __future__ import annotations

import ast
import hashlib
import json
import sys
import time
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from tests.forked_pytest import run

FAST = ("-m", "not slow and not thorough", "--timeout", "120")
EXAMPLES = 5
"""Examples of a property are few here: the lines that it runs are nearly always the same."""
Lines = dict[str, dict[int, list[str]]]
"""By file and line, the tests that run it."""


class LineMap(NamedTuple):
    """Tests by line, and the seconds that each test takes; tests that fail as it is are not among them."""

    lines: Lines
    seconds: dict[str, float]


class Watch:
    """The part that takes part in a child: names the test that runs to coverage, and keeps its time."""

    def __init__(self, copy: Path, left_out: Iterable[str]) -> None:
        self.copy, self.left_out = copy, tuple(left_out)
        self.seconds: dict[str, float] = defaultdict(float)
        self.failed: set[str] = set()

    def begin(self) -> None:
        import coverage

        omit = [str(self.copy / each) + ("*" if each.endswith("/") else "") for each in self.left_out]
        self.coverage = coverage.Coverage(
            data_file=None, config_file=False, branch=False, include=[f"{self.copy}/sim/*"], omit=omit
        )
        self.coverage.start()

    def pytest_configure(self) -> None:
        few_examples(EXAMPLES)

    def pytest_runtest_logstart(self, nodeid: str) -> None:
        self.coverage.switch_context(nodeid)

    def pytest_runtest_logfinish(self) -> None:
        self.coverage.switch_context("")

    def pytest_runtest_logreport(self, report: Any) -> None:
        self.seconds[report.nodeid] += report.duration
        if not report.passed:
            self.failed.add(report.nodeid)

    def result(self, _: int) -> Any:
        self.coverage.stop()
        data = self.coverage.get_data()
        lines = {
            Path(file).relative_to(self.copy).as_posix(): data.contexts_by_lineno(file)
            for file in data.measured_files()
        }
        seconds = {test: each for test, each in self.seconds.items() if test not in self.failed}
        return {"lines": lines, "seconds": seconds, "failed": sorted(self.failed)}


def few_examples(most: int | None = None) -> None:
    """Make properties quicker to fail: no search for the smallest counterexample, and maybe few examples."""
    from hypothesis import Phase, settings

    tried = (Phase.explicit, Phase.reuse, Phase.generate)
    usual = settings.get_profile("sim") if "sim" in settings._profiles else settings()
    few = {} if most is None else {"max_examples": most}
    settings.register_profile("quick", parent=usual, phases=tried, database=None, **few)
    settings.load_profile("quick")


def made(copy: Path, left_out: Iterable[str], files: Iterable[str], kept: Path, anew: bool = False) -> LineMap:
    """Return the map of these files of tests (``sim`` stands for its doctests); one that does not end is left out.

    Each file's part is kept in the folder ``kept`` and taken up while the file stays as it is, unless ``anew``: after
    a change of the package lines may have moved.
    """
    kept.mkdir(parents=True, exist_ok=True)
    known = LineMap(defaultdict(lambda: defaultdict(list)), {})
    for file in files:
        path, digest = kept / f"{file.replace('/', '-')}.json", _digest(copy / file)
        part = json.loads(path.read_text("utf-8")) if path.exists() and not anew else {}
        if part.get("digest") != digest:
            part = {"digest": digest, **_part(copy, left_out, file)}
            path.write_text(json.dumps(part), "utf-8")
        add(known, part)
    return known


def _part(copy: Path, left_out: Iterable[str], file: str) -> dict[str, Any]:
    begun = time.monotonic()
    ended = run(copy, [file, *FAST], Watch(copy, left_out), 900)
    part = ended.handed_on or {"lines": {}, "seconds": {}, "failed": [ended.why]}
    took = time.monotonic() - begun
    print(f"{file}: {len(part['seconds'])} tests, {took:.0f} s, failed: {part['failed']}", file=sys.stderr, flush=True)
    names = sorted(part["seconds"])
    number = {test: at for at, test in enumerate(names)}
    lines = {
        source: {line: sorted(number[test] for test in tests if test in number) for line, tests in by_line.items()}
        for source, by_line in part["lines"].items()
    }
    return {"tests": names, "seconds": [round(part["seconds"][test], 4) for test in names], "lines": lines}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def add(known: LineMap, part: dict[str, Any]) -> None:
    """Add what one file of tests runs to a map."""
    known.seconds.update(zip(part["tests"], part["seconds"], strict=True))
    for source, by_line in part["lines"].items():
        for line, tests in by_line.items():
            known.lines[source][int(line)] += [part["tests"][at] for at in tests]


def test_files(copy: Path) -> list[str]:
    """Return the files of tests, and ``sim`` for the doctests of the package."""
    return ["sim", *sorted(path.relative_to(copy).as_posix() for path in (copy / "tests").rglob("test_*.py"))]


def tests_of_line(known: LineMap, file: str, text: str, line: int) -> list[str]:
    """Return the tests that run a line's statement, or, where it runs at import only, those that run its function.

    A test in which the file is imported for the first time seems to run all that importing it runs; such tests come
    into it only beside others.
    """
    by_line = known.lines.get(file, {})
    imports = [node.lineno for node in ast.parse(text).body if isinstance(node, ast.Import | ast.ImportFrom)]
    importers = set(by_line.get(imports[0], ())) if imports else set()
    for first, last in spans(text, line):
        tests = {test for at in range(first, last + 1) for test in by_line.get(at, ())}
        if tests - importers:
            return sorted(tests)
    return []


def spans(text: str, line: int) -> list[tuple[int, int]]:
    """Return the lines of the statement around a line (of its head, if others stand in it), then of the functions."""
    heads, functions = [], []
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.stmt) or node.end_lineno is None or not node.lineno <= line <= node.end_lineno:
            continue
        body = [each.lineno for each in getattr(node, "body", []) if each.lineno > node.lineno]
        last = min([node.end_lineno, *(at - 1 for at in body)])
        if line <= last:
            heads.append((node.lineno, last))
        if isinstance(node, ast.FunctionDef):
            functions.append((node.body[0].lineno, node.end_lineno))
    return sorted(heads, key=_size)[:1] + sorted(functions, key=_size)


def _size(span: tuple[int, int]) -> int:
    return span[1] - span[0]
