"""How many small faults the tests would notice: a random sample of mutants of the package, tried one by one.

``python -m tests.mutants --sample 200``, after
``python -m pytest -m "not slow" -n 2 --dist loadfile --cov --cov-context=test --cov-report=``, by which it knows the
tests that run a line.

Mutants are mutmut's, drawn from all of them in ``sim`` but for what is left out; ``make mutants`` does ``rules`` and
``priors.py`` in full. Each stands alone in a copy of the project, and the tests that run its line are tried: first some
of each file, then, if none fails, all. A test that fails without a mutant too does not count. Compiled code is not
seen line by line: the kernel's mutants face the tests that hold the engines to each other.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import Queue
from typing import Any, NamedTuple

from sim.ensemble import share

HOME = Path(__file__).parents[1]
KERNEL = "sim/kernel/"
OF_KERNEL = ("tests/contracts/test_twin.py",)
OF_A_FILE, OF_A_GO = 6, 90
"""At most so many tests of one file, and in all, are tried on a mutant in the first go."""
TIME = "no end in time"
Contexts = dict[str, dict[int, list[str]]]
"""By file and line, the tests that run it, as coverage names them."""
COPIED = shutil.ignore_patterns(".*", "runs", "build", "dist", "*.egg-info", "__pycache__", "mutants")


class Mutant(NamedTuple):
    """A file of the package with one small fault: where, the line before and after, and the text in full."""

    file: str
    line: int
    before: str
    after: str
    text: str


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


def tests_of(mutant: Mutant, contexts: Contexts) -> list[list[str]]:
    """Return the tests to try, in two goes: some of each file whose tests run the line, then the others."""
    if mutant.file.startswith(KERNEL):
        return [list(OF_KERNEL)]
    by_file: dict[str, list[str]] = defaultdict(list)
    known = contexts.get(mutant.file, {}).get(mutant.line, [])
    for test in sorted({context.partition("|")[0] for context in known} - {""}):
        by_file[test.partition("::")[0]].append(test)
    stem = Path(mutant.file).stem
    own_first = sorted(by_file, key=lambda file: (stem not in file, len(by_file[file])))
    mixed = {file: random.Random(0).sample(by_file[file], len(by_file[file])) for file in own_first}
    some = [test for file in own_first for test in mixed[file][:OF_A_FILE]][:OF_A_GO]
    others = [test for file in own_first for test in mixed[file] if test not in some]
    return [go for go in (some, others) if go]


def noticed(mutant: Mutant, tests: list[str], copy: Path, seconds: float) -> str:
    """Return which test fails first with the mutant in a copy of the project, or "" if none does."""
    file = copy / mutant.file
    whole = file.read_text("utf-8")
    file.write_text(mutant.text, "utf-8")
    try:
        return failed(tests, copy, seconds)
    finally:
        file.write_text(whole, "utf-8")


def failed(tests: list[str], copy: Path, seconds: float) -> str:
    """Return which test fails first, ``TIME`` if they do not end in time, or "" if all pass."""
    options = ("-x", "-q", "-n", "0", "-p", "no:cacheprovider", "--timeout", str(seconds))
    command = [sys.executable, "-m", "pytest", *options, *tests]
    about = {**os.environ, "PYTHONPATH": str(copy)}
    try:
        ran = subprocess.run(command, cwd=copy, env=about, capture_output=True, text=True, timeout=seconds)
    except subprocess.TimeoutExpired:
        return TIME
    named = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", ran.stdout, re.MULTILINE)
    return "" if ran.returncode == 0 else named[1] if named else f"exit {ran.returncode}"


def read(path: Path) -> Contexts:
    """Return which tests ran which line of which file, from coverage's data."""
    import coverage

    data = coverage.CoverageData(str(path))
    data.read()
    return {f"sim/{file.partition('/sim/')[2]}": data.contexts_by_lineno(file) for file in data.measured_files()}


def main() -> None:
    """Draw, try, and tell the share noticed, with every survivor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--coverage", type=Path, default=HOME / ".coverage")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=600.0)
    parser.add_argument("--left-out", nargs="*", default=["sim/rules/", "sim/scenario/priors.py"])
    asked = parser.parse_args()
    contexts, sample = read(asked.coverage), drawn(asked.left_out, asked.sample, asked.seed)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.workers) as pool:
        copies: Queue[Path] = Queue()
        for at in range(asked.workers):
            copies.put(Path(shutil.copytree(HOME, Path(folder, str(at)), ignore=COPIED)))

        def tried(mutant: Mutant) -> str:
            goes, copy = tests_of(mutant, contexts), copies.get()
            by = next(filter(None, (noticed(mutant, go, copy, asked.seconds) for go in goes)), "")
            if by and "::" in by and failed([by], copy, asked.seconds):
                by = f"fails without it too: {by}"
            copies.put(copy)
            row = {"by": by, "tests": sum(map(len, goes)), "file": mutant.file, "line": mutant.line}
            print(json.dumps({**row, "before": mutant.before, "after": mutant.after}), flush=True)
            return by

        results = list(pool.map(tried, sample))
    number = sum(bool(by) and not by.startswith("fails without") for by in results)
    noticed_share = share(number, len(results))
    print(
        f"{number} of {len(results)} mutants were noticed: {noticed_share.probability:.1%} "
        f"({noticed_share.low:.1%} to {noticed_share.high:.1%}, 95%); "
        f"{results.count(TIME)} of them because tests did not end in time."
    )


if __name__ == "__main__":
    main()
