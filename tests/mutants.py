"""How many small faults the tests would notice: a random sample of mutants of the package, tried one by one.

``python -m tests.mutants --sample 200``, after
``python -m pytest -m "not slow" -n 2 --dist loadfile --cov --cov-context=test --cov-report=``, by which it knows the
tests that run a line.

Mutants are mutmut's, drawn from all of them in ``sim`` but for what is left out; ``make mutants`` does ``rules`` and
``priors.py`` in full. Each stands alone in a copy of the project, and of the tests that run its line some are run, at
most so many of a file; so the share that is noticed is a lower bound. Compiled code is not seen line by line:
the kernel's mutants face the tests that hold the engines to each other.
"""

from __future__ import annotations

import argparse
import json
import os
import random
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
OF_A_FILE, OF_A_MUTANT = 6, 90
"""At most so many tests of one file, and in all, are tried on a mutant."""
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

    module, found, *_ = create_mutations(file, (HOME / file).read_text("utf-8"))
    return module, [each for each in found if each.contained_by_top_level_function is not None]


def written(file: str, module: Any, mutation: Any) -> Mutant:
    """Return one mutant as text."""
    from mutmut.mutation.file_mutation import deep_replace

    text = deep_replace(module, mutation.original_node, mutation.mutated_node).code
    lines = zip(module.code.splitlines(), text.splitlines(), strict=False)
    at, one, other = next((at, one, other) for at, (one, other) in enumerate(lines, 1) if one != other)
    return Mutant(file, at, one.strip(), other.strip(), text)


def tests_of(mutant: Mutant, contexts: dict[str, dict[int, list[str]]]) -> list[str]:
    """Return the tests to try: some of each file whose tests run the line."""
    if mutant.file.startswith(KERNEL):
        return list(OF_KERNEL)
    by_file: dict[str, list[str]] = defaultdict(list)
    known = contexts.get(mutant.file, {}).get(mutant.line, [])
    for test in sorted({context.partition("|")[0] for context in known} - {""}):
        by_file[test.partition("::")[0]].append(test)
    stem = Path(mutant.file).stem
    own_first = sorted(by_file, key=lambda file: (stem not in file, len(by_file[file])))
    picked = [
        test
        for file in own_first
        for test in random.Random(0).sample(by_file[file], min(OF_A_FILE, len(by_file[file])))
    ]
    return picked[:OF_A_MUTANT]


def noticed(mutant: Mutant, tests: list[str], copy: Path, seconds: float) -> bool:
    """Return whether some test fails, or none ends in time, with the mutant in a copy of the project."""
    if not tests:
        return False
    file = copy / mutant.file
    whole = file.read_text("utf-8")
    file.write_text(mutant.text, "utf-8")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-x",
        "-q",
        "-n",
        "0",
        "-p",
        "no:cacheprovider",
        "--timeout",
        "100",
        *tests,
    ]
    try:
        ran = subprocess.run(
            command, cwd=copy, env={**os.environ, "PYTHONPATH": str(copy)}, capture_output=True, timeout=seconds
        )
    except subprocess.TimeoutExpired:
        return True
    finally:
        file.write_text(whole, "utf-8")
    return ran.returncode != 0


def main() -> None:
    """Draw, try, and tell the share noticed, with every survivor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--coverage", type=Path, default=HOME / ".coverage")
    parser.add_argument("--sample", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seconds", type=float, default=240.0)
    parser.add_argument("--left-out", nargs="*", default=["sim/rules/", "sim/priors.py"])
    asked = parser.parse_args()
    import coverage

    data = coverage.CoverageData(str(asked.coverage))
    data.read()
    contexts = {str(Path(file)).partition("/sim/")[2]: data.contexts_by_lineno(file) for file in data.measured_files()}
    contexts = {f"sim/{file}": lines for file, lines in contexts.items()}
    sample = drawn(asked.left_out, asked.sample, asked.seed)
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(asked.workers) as pool:
        copies: Queue[Path] = Queue()
        for at in range(asked.workers):
            copies.put(Path(shutil.copytree(HOME, Path(folder, str(at)), ignore=COPIED)))

        def tried(mutant: Mutant) -> tuple[Mutant, int, bool]:
            tests, copy = tests_of(mutant, contexts), copies.get()
            try:
                found = noticed(mutant, tests, copy, asked.seconds)
            finally:
                copies.put(copy)
            told = {"noticed": found, "tests": len(tests), "file": mutant.file, "line": mutant.line}
            print(json.dumps({**told, "before": mutant.before, "after": mutant.after}), flush=True)
            return mutant, len(tests), found

        results = list(pool.map(tried, sample))
    found = share(sum(ok for *_, ok in results), len(results))
    alone = sum(not tests for _, tests, _ in results)
    print(
        f"{sum(ok for *_, ok in results)} of {len(results)} mutants were noticed: {found.probability:.1%} "
        f"({found.low:.1%} to {found.high:.1%}, 95%); {alone} stand on lines that no fast test runs."
    )


if __name__ == "__main__":
    main()
