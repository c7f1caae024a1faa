"""How many small faults the tests would notice: a random sample of mutants of the package, tried one by one.

``python -m tests.mutants --sample 200`` takes an hour of one processor: first some ten minutes for the map of lines to
tests (``tests/line_map.py``), which is kept in ``build/mutants``; only files of tests that changed run again, all with
``--map``. What is drawn depends on the package as it stands; ``--skip`` goes on with a sample of the same package.

Mutants are mutmut's, drawn from all of them in ``sim`` but for what is left out; ``make mutants`` does ``rules`` and
``priors.py`` in full. Each stands alone in a copy of the project and meets the fast tests that run its statement, those
of its own room first, then the other tests of their files, until ``--budget`` seconds of tests have passed. Where
coverage sees none (bodies of classes, other processes), it meets the tests of its room and of the whole package. What
fails without a mutant too does not count. ``tests/data/equivalent_mutants.yaml`` has the survivors that are the same
program, each with the reason.

``--files 6`` needs no map: each mutant meets the fast tests of at most six files, those that a developer would run
after a change there (``tests/near_tests.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from tests import line_map
from tests.forked_pytest import HOME, Ended, ready, run
from tests.line_map import FAST, LineMap
from tests.near_tests import near

KERNEL = "sim/kernel/"
OF_KERNEL = tuple(f"tests/contracts/test_{name}.py" for name in ("twin", "machine_code", "kernel_cache"))
OF_ALL_ROOMS = ("tests/contracts/", "tests/project/")
OF_PAGES = "tests/project/test_docs.py::test_a_generated_page"
"""They hold what classes declare; so they come first where only a class's body is run."""
BUILD = HOME / "build" / "mutants"
EQUIVALENT = HOME / "tests" / "data" / "equivalent_mutants.yaml"
FIRST_GO, OF_A_FILE = 11.0, 6
"""The first go takes at most so many seconds of tests, and so many tests of one file; most mutants end there."""
OF_FILES = 1800.0
"""Seconds until files of tests are broken off; each test has two minutes."""
TIME = "no end in time"


class Mutant(NamedTuple):
    """A file of the package with one small fault: where, the line before and after, and the text in full."""

    file: str
    line: int
    before: str
    after: str
    text: str

    @property
    def key(self) -> tuple[str, str, str]:
        """What tells it from others when lines have moved."""
        return self.file, self.before, self.after


class Trial:
    """The part that takes part in a child: picks the tests, or all of files, in order, and keeps which fail."""

    def __init__(self, tests: list[str]) -> None:
        self.rank = {test: at for at, test in enumerate(tests)}
        self.failed: list[str] = []

    def begin(self) -> None:
        pass

    def pytest_configure(self) -> None:
        line_map.few_examples()

    def pytest_collection_modifyitems(self, items: list[Any]) -> None:
        ranks = {item: self.rank.get(item.nodeid, self.rank.get(item.nodeid.partition("::")[0])) for item in items}
        items[:] = sorted((item for item in items if ranks[item] is not None), key=ranks.__getitem__)

    def pytest_collectreport(self, report: Any) -> None:
        if report.failed:
            self.failed.append(f"import of {report.nodeid}")

    def pytest_runtest_logreport(self, report: Any) -> None:
        if report.failed:
            timed_out = "Failed: Timeout" in report.longreprtext
            self.failed.append(TIME if timed_out else report.nodeid)

    def result(self, code: int) -> Any:
        return {"failed": self.failed, "code": code}


def drawn(left_out: list[str], sample: int, seed: int) -> list[Mutant]:
    """Return a sample without replacement of the mutants of all functions in files that are not left out."""
    files = sorted(path.relative_to(HOME).as_posix() for path in (HOME / "sim").rglob("*.py"))
    made = {file: mutated(file) for file in files if not file.startswith(tuple(left_out))}
    every = [(file, mutation) for file, (_, mutations) in made.items() for mutation in mutations]
    print(f"{len(every):,} mutants in all", file=sys.stderr)
    some = random.Random(seed).sample(every, min(sample, len(every)))
    return [written(file, made[file][0], mutation) for file, mutation in some]


def mutated(file: str) -> tuple[Any, list[Any]]:
    """Return a file's syntax tree, and the mutations of its functions."""
    from mutmut.mutation.file_mutation import create_mutations

    module, mutations, *_ = create_mutations(file, (HOME / file).read_text("utf-8"))
    return module, [each for each in mutations if each.contained_by_top_level_function is not None]


def written(file: str, module: Any, mutation: Any) -> Mutant:
    """Return one mutant as text."""
    from mutmut.mutation.file_mutation import deep_replace

    text = deep_replace(module, mutation.original_node, mutation.mutated_node).code
    lines = zip(module.code.splitlines(), text.splitlines(), strict=False)
    at, one, other = next((at, one, other) for at, (one, other) in enumerate(lines, 1) if one != other)
    return Mutant(file, at, one.strip(), other.strip(), text)


def goes(mutant: Mutant, known: LineMap, budget: float) -> list[list[str]]:
    """Return the tests to try, in two goes: the first quick, and together for at most ``budget`` seconds of tests."""
    by_file = defaultdict(list)
    for test in sorted(of_mutant(mutant, known), key=lambda test: known.seconds[test]):
        by_file[test.partition("::")[0]].append(test)
    stem, room = Path(mutant.file).stem, Path(mutant.file).parts[1]

    def far(file: str) -> tuple[bool, bool, float]:
        return stem not in file, f"/{room}/" not in file, known.seconds[by_file[file][0]]

    files = sorted(by_file, key=far)
    pages = [test for test in by_file.get(OF_PAGES.partition("::")[0], []) if test.startswith(OF_PAGES)]
    some = dict.fromkeys([*pages, *(test for file in files for test in by_file[file][:OF_A_FILE])])
    first = within(some, known, FIRST_GO)
    begun = set(first)
    beside = (
        test for test in sorted(known.seconds, key=known.seconds.__getitem__) if test.partition("::")[0] in by_file
    )
    of_line = sorted((test for file in files for test in by_file[file]), key=known.seconds.__getitem__)
    rest = dict.fromkeys([*of_line, *beside])
    spent = sum(known.seconds[test] for test in first)
    second = within((test for test in rest if test not in begun), known, budget - spent)
    order = {file: at for at, file in enumerate(files)}
    return [sorted(go, key=lambda test: order[test.partition("::")[0]]) for go in (first, second) if go]


def of_mutant(mutant: Mutant, known: LineMap) -> list[str]:
    """Return the tests that run a mutant's statement, or those that stand for them where coverage sees none."""
    if mutant.file.startswith(KERNEL):
        return [test for test in known.seconds if test.startswith(OF_KERNEL)]
    tests = line_map.tests_of_line(known, mutant.file, (HOME / mutant.file).read_text("utf-8"), mutant.line)
    room = f"tests/{Path(mutant.file).parts[1].removesuffix('.py')}/"
    return tests or [test for test in known.seconds if test.startswith((room, OF_PAGES, *OF_ALL_ROOMS))]


def within(tests: Iterable[str], known: LineMap, seconds: float) -> list[str]:
    """Return the first tests that take at most so long together; at least one, if there is any."""
    taken: list[str] = []
    for test in tests:
        seconds -= known.seconds[test]
        if seconds < 0 and taken:
            break
        taken.append(test)
    return taken


def noticed(mutant: Mutant, tests: list[str], copy: Path, seconds: float) -> str:
    """Return which test fails first with the mutant in a copy of the project, or "" if none does."""
    file = copy / mutant.file
    whole, times = file.read_text("utf-8"), file.stat()
    file.write_text(mutant.text, "utf-8")
    try:
        return failed(tests, copy, seconds, "-x")
    finally:
        file.write_text(whole, "utf-8")
        os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))


def failed(tests: list[str], copy: Path, seconds: float, *options: str) -> str:
    """Return which tests fail, ``TIME`` if they do not end in time, or "" if all pass."""
    ended = of_tests(tests, copy, seconds, *options)
    if ended.handed_on is None:
        return TIME if ended.why == "time" else ended.why
    return " and ".join(ended.handed_on["failed"]) or ("" if ended.handed_on["code"] in {0, 5} else "pytest ended")


def of_tests(tests: list[str], copy: Path, seconds: float, *options: str) -> Ended:
    """Run some tests of a copy."""
    files = dict.fromkeys(test.partition("::")[0] for test in tests)
    return run(copy, [*files, *FAST, *options], Trial(tests), seconds)


def tried(sample: list[Mutant], known: LineMap, copy: Path, budget: float) -> Iterator[dict[str, Any]]:
    """Yield for each mutant what it was and which test noticed it, if one did."""
    for mutant in sample:
        every = goes(mutant, known, budget)
        by = next(filter(None, (noticed(mutant, go, copy, 60 + 4 * budget) for go in every)), "")
        about = {"by": by, "tests": sum(map(len, every)), "file": mutant.file, "line": mutant.line}
        yield {**about, "before": mutant.before, "after": mutant.after}


def tried_on_files(sample: list[Mutant], most: int, copy: Path) -> Iterator[dict[str, Any]]:
    """Yield the same where each mutant meets the fast tests of the files nearest to it, at most so many."""
    for mutant in sample:
        files = list(OF_KERNEL) if mutant.file.startswith(KERNEL) else near(mutant.file, most)
        about = {"by": noticed(mutant, files, copy, OF_FILES), "tests": files, "file": mutant.file}
        yield {**about, "line": mutant.line, "before": mutant.before, "after": mutant.after}


def flaky(rows: list[dict[str, Any]], copy: Path) -> set[str]:
    """Return which of the tests that noticed something fail without a mutant too."""
    tests = sorted({row["by"] for row in rows if "::" in row["by"] and not row["by"].startswith("import")})
    ended = of_tests(tests, copy, 1800)
    return set(ended.handed_on["failed"]) if ended.handed_on else set(tests)


def summary(rows: list[dict[str, Any]], excused: set[tuple[str, str, str]]) -> str:
    """Return the share noticed, of all mutants and of those that are not the same program, with 95% intervals."""
    from sim.ensemble import share

    hits = sum(bool(row["by"]) for row in rows)
    same = sum(not row["by"] and (row["file"], row["before"], row["after"]) in excused for row in rows)
    late = sum(row["by"] == TIME for row in rows)
    lines = [f"{late} of them because tests did not end in time."] if late else []
    for of, kind in ((len(rows), "mutants"), (len(rows) - same, f"mutants without {same} that are the same program")):
        each = share(hits, of)
        lines.append(f"{hits} of {of} {kind} noticed: {each.probability:.1%} ({each.low:.1%} to {each.high:.1%}, 95%).")
    return "\n".join(lines)


def equivalent() -> set[tuple[str, str, str]]:
    """Return the mutants that were looked at and are the same program."""
    every = yaml.safe_load(EQUIVALENT.read_text("utf-8")) or []
    return {(each["file"], each["before"], each["after"]) for each in every}


def main() -> None:
    """Draw, try, and print every mutant as a line of JSON and the share noticed."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--map", action="store_true", help="make the map of lines to tests anew")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--skip", type=int, default=0, help="leave out the first of the sample, tried before")
    parser.add_argument("--budget", type=float, default=45.0, help="seconds of tests for a mutant, as the map has them")
    parser.add_argument("--files", type=int, help="no map: at most so many files of tests that are near a mutant")
    parser.add_argument("--again", type=Path, help="only the survivors among these lines of JSON")
    parser.add_argument("--left-out", nargs="*", default=["sim/rules/", "sim/scenario/priors.py"])
    asked = parser.parse_args()
    BUILD.mkdir(parents=True, exist_ok=True)
    sample = drawn(asked.left_out, asked.sample, asked.seed)[asked.skip :]
    copy = ready(BUILD)
    if asked.again:
        before = [json.loads(line) for line in asked.again.read_text("utf-8").splitlines() if line.startswith("{")]
        left = {(row["file"], row["before"], row["after"]) for row in before if not row["by"]}
        sample = [mutant for mutant in sample if mutant.key in left]
    rows = []
    if asked.files:
        trials = tried_on_files(sample, asked.files, copy)
    else:
        known = line_map.made(copy, [KERNEL, *asked.left_out], line_map.test_files(copy), BUILD / "map", asked.map)
        trials = tried(sample, known, copy, asked.budget)
    for row in trials:
        rows.append(row)
        print(json.dumps(row), flush=True)
    anyway = flaky(rows, copy)
    for row in rows:
        if row["by"] in anyway:
            print("fails without a mutant too: " + row["by"], file=sys.stderr)
            row["by"] = ""
    print(summary(rows, equivalent()))


if __name__ == "__main__":
    main()
