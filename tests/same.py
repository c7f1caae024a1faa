"""Do two environments leave the same rows? A digest of every table's exact bits: ``python -m tests.same``.

A few batches of both engines are played, and a line a table is printed, so that what two interpreters print can be held
side by side; ``tests/golden/rows.txt`` is what they should print. What printed it is told on standard error.

Rows are equal to the last bit everywhere. Statistics of many rows are not: NumPy sums in another order on processors
with wider vectors. They stand as numbers in ``tests/golden/statistics.json`` and are compared to a tolerance.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from collections.abc import Iterator
from math import isclose
from typing import Any, NamedTuple

import pandas as pd

from sim import batch
from sim.analysis import compare, nested
from sim.batch import manifest
from sim.scenario import loading
from sim.scenario.scenario import Scenario

ARITHMETIC = "exp and log"
"""Names the digest of what the rules' exponential and logarithm give, on which other tables depend."""
TABLES = ("runs", "actors", "inputs", "weekly")
SEED = 1
RIVAL_RULES = {"rules.pledge.decision": "quantal", "rules.table.procedure": "weighted_mean"}


class Batch(NamedTuple):
    """A batch to play: a shipped scenario, what is changed in it, the engine, and how many runs."""

    scenario: str
    edits: dict[str, Any]
    engine: str
    runs: int

    @property
    def name(self) -> str:
        """What the batch is called in the golden file."""
        return f"{self.scenario}{', rival rules' if self.edits else ''}, {self.engine}, {self.runs} runs"


BATCHES = (
    Batch("baseline", {}, "compiled", 1024),
    Batch("baseline", {}, "mesa", 12),
    Batch("hopeful_start", {}, "compiled", 512),
    Batch("hopeful_start", {}, "mesa", 12),
    Batch("european_autonomy", RIVAL_RULES, "compiled", 512),
    Batch("european_autonomy", RIVAL_RULES, "mesa", 12),
)


def outcomes() -> tuple[dict[str, str], dict[str, Any]]:
    """Return digests by name (of exponential and logarithm, and of every batch's tables), and statistics by name.

    Statistics are the summaries of the batches, a comparison and a range over inputs, as JSON holds them.
    """
    digests, statistics = {ARITHMETIC: manifest.arithmetic()}, {}
    for each in BATCHES:
        ensemble = batch.run(_scenario(each), each.runs, SEED, engine=each.engine, keep=("inputs", "weekly"))
        digests |= {f"{each.name}: {table}": digest(ensemble.read(table=table)) for table in TABLES}
        statistics[f"{each.name}: summary"] = ensemble.summary()
    differences = compare.compare("baseline", "hopeful_start", 512, SEED, design=(10, 10))
    statistics["baseline against hopeful_start, 512 runs"] = json.loads(
        differences.table.reset_index().to_json(orient="records", double_precision=15)
    )
    statistics["baseline, range over 20 inputs of 20 runs"] = nested.nested(loading.load("baseline"), 20, 20, SEED)
    return digests, json.loads(json.dumps(statistics))


def unequal(value: Any, golden: Any, path: str = "") -> Iterator[str]:
    """Yield the paths at which two statistics differ: floats by more than rounding (1e-12), all else at all."""
    if isinstance(value, dict) and isinstance(golden, dict):
        for key in value | golden:
            yield from unequal(value.get(key), golden.get(key), f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and isinstance(golden, list) and len(value) == len(golden):
        for at, pair in enumerate(zip(value, golden, strict=True)):
            yield from unequal(*pair, f"{path}[{at}]")
    elif isinstance(value, float) and isinstance(golden, float):
        if not isclose(value, golden, rel_tol=1e-12, abs_tol=1e-12):
            yield f"{path}: {value!r}, golden {golden!r}"
    elif value != golden or type(value) is not type(golden):
        yield f"{path}: {value!r}, golden {golden!r}"


def digest(table: pd.DataFrame) -> str:
    """Return a checksum of a table: names and order of columns, what is missing, and the exact bits of all else.

    How pandas holds words and missing values differs between its versions, and does not count.
    """
    content = hashlib.sha256()
    for name, column in table.items():
        gone = column.isna().to_numpy(dtype=bool)
        content.update(f"{name}, {len(column)} rows\n".encode() + gone.tobytes() + _bits(column[~gone]))
    return content.hexdigest()


def _bits(column: pd.Series) -> bytes:
    """Return floats as little-endian float64, other numbers and flags as little-endian int64, words as UTF-8."""
    if not pd.api.types.is_numeric_dtype(column):
        return json.dumps(column.tolist(), ensure_ascii=False).encode()
    kind = "<f8" if pd.api.types.is_float_dtype(column) else "<i8"
    return kind.encode() + column.to_numpy(dtype=kind).tobytes()


def _scenario(each: Batch) -> Scenario:
    return loading.load(each.scenario).change(each.edits) if each.edits else loading.load(each.scenario)


def environment() -> str:
    """Return in a line what plays here: Python, libraries, the C library, and the kind of processor."""
    versions = manifest.manifest(loading.load("baseline"), 1, SEED)["versions"]
    libraries = ", ".join(f"{name} {versions[name]}" for name in ("python", *manifest.LIBRARIES))
    return f"{libraries}, {' '.join(platform.libc_ver())}, {platform.machine()}"


def lines(found: dict[str, str]) -> str:
    """Return digests as the golden file holds them, a line each."""
    return "".join(f"{checksum}  {name}\n" for name, checksum in found.items())


def read(text: str) -> dict[str, str]:
    """Return what :func:`lines` wrote."""
    parted = (line.partition("  ") for line in text.splitlines())
    return {name: checksum for checksum, _, name in parted}


if __name__ == "__main__":
    print(environment(), file=sys.stderr)
    print(lines(outcomes()[0]), end="")
