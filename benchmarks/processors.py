"""Whether other processors and libraries leave the same: `python benchmarks/processors.py [NAME ...] [--rows]`.

Each variant is this machine made to look like another: NumPy without wide vectors, OpenBLAS as for an older processor,
compiled code for any x86-64, a C library that may not multiply and add in one step, one thread and many. Under each, a
fresh process plays the batches of ``tests/same.py`` and, unless ``--rows`` is given, runs the tests that compare
numbers (``TESTS``). Told is how many tables differ from those of the variant ``plain`` in any bit, at how many places
statistics differ by more than rounding (1e-12), the largest difference of two statistics, and how many tests failed.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from llvmlite.binding import get_host_cpu_features
from measuring import HOME, parser, tell

Variant = Mapping[str, str]
_NARROW = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL"
_MIDDLE = "X86_V4 AVX512_ICL AVX512_SPR AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL"
_ONE = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
VARIANTS: dict[str, Variant] = {
    "plain": {},
    "numpy_without_avx512": {"NPY_DISABLE_CPU_FEATURES": _MIDDLE},
    "numpy_without_avx2_and_fma": {"NPY_DISABLE_CPU_FEATURES": _NARROW},
    "openblas_haswell": {"OPENBLAS_CORETYPE": "Haswell"},
    "openblas_nehalem": {"OPENBLAS_CORETYPE": "Nehalem"},
    "openblas_skylakex": {"OPENBLAS_CORETYPE": "SkylakeX"},
    "numba_generic": {"NUMBA_CPU_NAME": "generic"},
    "glibc_without_fma": {"GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F"},
    "one_thread": dict.fromkeys(_ONE, "1"),
    "eight_threads": dict.fromkeys(_ONE, "8"),
    "oldest": {
        "NPY_DISABLE_CPU_FEATURES": _NARROW,
        "OPENBLAS_CORETYPE": "Nehalem",
        "NUMBA_CPU_NAME": "generic",
        "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F",
        **dict.fromkeys(_ONE, "1"),
    },
}
"""By name, what is set in the environment; ``oldest`` is all that is older at once."""
NEEDS = {"openblas_skylakex": "avx512f"}
"""What a processor must have to be made to look like another: instructions that it lacks end the process."""
TESTS = (
    "tests/project/test_same_everywhere.py",
    "tests/contracts/test_twin.py",
    "tests/story/test_story.py",
    "tests/batch/test_batch.py",
    "tests/batch/test_designs.py",
    "tests/ensemble/test_against_pandas.py",
    "tests/world",
    "tests/rules",
    "tests/scenario/test_priors.py",
    "tests/verification/test_by_hand.py",
    "tests/verification/test_by_hand_compiled.py",
    "tests/analysis/test_nested.py",
    "tests/analysis/test_sensitivity.py",
    "tests/analysis/test_shapley.py",
    "tests/analysis/test_compare.py",
    "tests/analysis/test_updating.py",
    "tests/analysis/test_certainty.py",
)
"""Tests that compare numbers: with golden files, between the engines, with known answers, with other programs."""
OUTCOMES = "import json; from tests import same; print(json.dumps(same.outcomes()))"
_COUNT = re.compile(r"(\d+) (passed|failed|skipped|error)")


def environment(variant: Variant, cache: Path) -> dict[str, str]:
    """Return the environment of a variant, with the compiled code of that processor in a cache of its own."""
    # Code that numba compiled for one processor would be taken up by another only if numba held them for the same.
    caches = {"XDG_CACHE_HOME": str(cache), "NUMBA_CACHE_DIR": str(cache)} if "NUMBA_CPU_NAME" in variant else {}
    return {**os.environ, "PYTHONPATH": str(HOME), **caches, **variant}


def possible(name: str) -> bool:
    """Return whether this processor has the instructions that a variant uses."""
    return name not in NEEDS or bool(get_host_cpu_features().get(NEEDS[name]))


def outcomes(about: Mapping[str, str]) -> tuple[dict[str, str], dict[str, Any]]:
    """Return digests and statistics of the batches of ``tests/same.py`` as a process in an environment leaves them."""
    command = [sys.executable, "-c", OUTCOMES]
    done = subprocess.run(command, cwd=HOME, env=dict(about), capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"the batches failed: {done.stderr.strip()[-2000:]}")
    digests, statistics = json.loads(done.stdout)
    return digests, statistics


def tested(about: Mapping[str, str], tests: Sequence[str]) -> tuple[dict[str, int], list[str]]:
    """Return how many of these tests passed, failed and were skipped in an environment, and which failed.

    Where the run ended in another way than with tests that passed or failed, that is told as one more that failed.
    """
    options = ("-n", "0", "-p", "no:cacheprovider", "-rfE", "--tb=no")
    command = [sys.executable, "-m", "pytest", *options, *tests]
    done = subprocess.run(command, cwd=HOME, env=dict(about), capture_output=True, text=True, check=False)
    summary = done.stdout.splitlines()[-1] if done.stdout else ""
    failed = re.findall(r"^(?:FAILED|ERROR) (\S+)", done.stdout, re.MULTILINE)
    counts = {what: int(number) for number, what in _COUNT.findall(summary)}
    if done.returncode not in (0, 1) or not counts:
        failed.append(f"pytest ended with status {done.returncode}")
    return counts, failed


def distances(one: Any, other: Any) -> Iterator[float]:
    """Yield how far apart the numbers of two statistics are, relative to their size where that is above 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        for key in one.keys() & other.keys():
            yield from distances(one[key], other[key])
    elif isinstance(one, list) and isinstance(other, list):
        for pair in zip(one, other, strict=False):
            yield from distances(*pair)
    elif isinstance(one, float) and isinstance(other, float):
        yield abs(one - other) / max(1.0, abs(one))


def differences(name: str, plain: tuple[dict[str, str], dict[str, Any]], cache: Path) -> dict[str, Any]:
    """Return in what the tables and statistics of a variant differ from those of this machine as it is."""
    sys.path.insert(0, str(HOME))
    from tests import same

    digests, statistics = outcomes(environment(VARIANTS[name], cache))
    unequal = [table for table in digests if digests[table] != plain[0].get(table)]
    for each in (*unequal, *same.unequal(statistics, plain[1])):
        print(f"{name}: {each}", file=sys.stderr)
    return {
        "tables": len(digests),
        "tables_that_differ": len(unequal),
        "statistics_that_differ": len(list(same.unequal(statistics, plain[1]))),
        "largest_difference": max(distances(statistics, plain[1]), default=0.0),
    }


def main() -> None:
    """Print a table of the variants."""
    asked = parser(__doc__)
    asked.add_argument("variants", nargs="*", default=list(VARIANTS), metavar="NAME", help=", ".join(VARIANTS))
    asked.add_argument("--rows", action="store_true", help="tables and statistics alone, without tests")
    asked.add_argument("--tests", nargs="+", default=TESTS, metavar="FILE", help="these tests instead of the usual")
    given = asked.parse_args()
    if unknown := [name for name in given.variants if name not in VARIANTS]:
        asked.error(f"{unknown[0]!r} is not a variant; allowed: {', '.join(VARIANTS)}")
    for name in given.variants:
        if not possible(name):
            print(f"{name} is left out: this processor lacks {NEEDS[name]}", file=sys.stderr)
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as cache:
        plain = outcomes(environment({}, Path(cache)))
        for name in filter(possible, given.variants):
            found[name] = differences(name, plain, Path(cache))
            if not given.rows:
                counts, failed = tested(environment(VARIANTS[name], Path(cache)), given.tests)
                found[name] |= {f"tests_{what}": number for what, number in counts.items()}
                found[name] |= {"failed": failed} if failed else {}
            print(json.dumps({name: found[name]}), file=sys.stderr, flush=True)
    tell(found, given.json)


if __name__ == "__main__":
    main()
