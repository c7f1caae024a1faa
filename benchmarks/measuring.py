"""What the benchmarks share: pairs timed turn by turn, the cost of a command, and how results are told.

A machine is faster at one time than at another, so only what was timed in turns, side by side, makes a ratio.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, NamedTuple

# Nothing heavy is imported here: on Linux a child's peak memory is never below that of the process that started it.
HOME = Path(__file__).resolve().parents[1]
MEMORY_UNIT = 1 if sys.platform == "darwin" else 1024
"""Unit in bytes of the peak memory that the system tells (``ru_maxrss``)."""

Pairs = list[tuple[float, float]]
"""Two measurements taken one right after the other, pair by pair."""


class Cost(NamedTuple):
    """What a command took: wall-clock ``seconds``, its peak resident memory in megabytes (10^6 bytes), processor time.

    On a machine with much else to do, processor time is what can be compared.
    """

    seconds: float
    peak_mb: float
    processor_seconds: float


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def positive(text: str) -> int:
    """Return a whole number of at least 1, or refuse it as ``argparse`` wants."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"expected a whole number of at least 1, got {text!r}")
    return int(text)


def parser(doc: str | None) -> argparse.ArgumentParser:
    """Return a parser of a benchmark's command line, with ``--json``."""
    made = argparse.ArgumentParser(description=doc, formatter_class=argparse.RawDescriptionHelpFormatter)
    made.add_argument("--json", action="store_true", help="print one JSON object")
    return made


def seconds(work: Callable[[], object]) -> float:
    """Return the wall-clock time of some work."""
    begun = perf_counter()
    work()
    return perf_counter() - begun


def in_turns(one: Callable[[], float], other: Callable[[], float], pairs: int) -> Pairs:
    """Return what two measurements give, pair by pair; who goes first changes from pair to pair."""
    found = []
    for pair in range(pairs):
        if pair % 2:
            last = other()
            found.append((one(), last))
        else:
            first = one()
            found.append((first, other()))
    return found


def median_ratio(pairs: Pairs) -> float:
    """Return the median over pairs of the second over the first."""
    return median(last / first for first, last in pairs)


def cost(arguments: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> Cost:
    """Return what ``python`` with these arguments takes in a process of its own, working in ``folder``.

    The package is that of the checkout in which this file stands. A command that fails ends the benchmark. Python keeps
    its byte code whatever the environment says, as it does for a package that is installed.
    """
    settings = {**os.environ, "PYTHONPATH": str(HOME), "PYTHONDONTWRITEBYTECODE": "", **(environment or {})}
    with tempfile.TemporaryFile() as said:
        begun = perf_counter()
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=folder, env=settings, stdout=subprocess.DEVNULL, stderr=said
        )
        _, status, usage = os.wait4(process.pid, 0)
        taken = perf_counter() - begun
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            said.seek(0)
            raise SystemExit(f"python {' '.join(arguments)} failed: {said.read().decode(errors='replace').strip()}")
    return Cost(taken, usage.ru_maxrss * MEMORY_UNIT / 1e6, usage.ru_utime + usage.ru_stime)


def tell(found: Mapping[str, Any], as_json: bool) -> None:
    """Print what was found, with the number of processors, as JSON or as lines."""
    found = {"processors": processors(), **found}
    if as_json:
        print(json.dumps(found))
    else:
        _lines(found, "")


def _lines(found: Mapping[str, Any], indent: str) -> None:
    for name, value in found.items():
        if isinstance(value, Mapping):
            print(f"{indent}{name}")
            _lines(value, f"{indent}  ")
        else:
            print(f"{indent}{name.replace('_', ' '):{34 - len(indent)}} {_told(value)}")


def _told(value: Any) -> str:
    if isinstance(value, list):
        return "  ".join(map(_told, value))
    if isinstance(value, float):
        return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
    return str(value)
