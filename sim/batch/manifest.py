"""What makes a batch repeatable, written down beside what came out of it."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Collection
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np
import pandas as pd

from sim.batch import engines
from sim.model import user_classes
from sim.rules.elementary import exp, log
from sim.scenario import evidence_use
from sim.scenario.scenario import Scenario

LIBRARIES = ("mesa", "networkx", "numba", "numpy", "pandas", "pyarrow")
_POINTS = 4096


def manifest(
    scenario: Scenario,
    runs: int,
    seed: int,
    relaxed: Collection[str] = (),
    engine: str = engines.DEFAULT,
    keep: Collection[str] = (),
) -> dict[str, Any]:
    """Return what makes a batch repeatable: the config in full and its hash, seed, runs, engine and versions."""
    return {
        "scenario": scenario.name,
        "question": scenario.question,
        "hash": scenario.hash,
        "runs": runs,
        "seed": seed,
        "engine": engine,
        "writer": writer(engine),
        "relaxed": sorted(relaxed),
        "keep": sorted(set(keep)),
        "horizon_weeks": scenario.parts.horizon_weeks,
        "start": scenario.parts.start,
        "evidence": {"numbers": len(scenario.leaves), **evidence_use.stated_kinds(scenario)},
        "notes": list(scenario.notes),
        "stamp": scenario.stamp,
        "names": scenario.names._asdict(),
        "groups": {name: list(mission.groups) for name, mission in sorted(scenario.parts.missions.items())},
        "agents": _agents(scenario),
        "versions": {"sim": sim_version(), "python": platform.python_version(), "arithmetic": arithmetic()}
        | _library_versions(),
        "config": scenario.config,
    }


def writer(engine: str) -> str:
    """Return what wrote the rows: the version of this package and, where it compiles rules, a hash of their source."""
    if engine != "compiled":
        return f"sim {sim_version()}"
    from sim.kernel import kept_code

    return f"sim {sim_version()}, kernel {kept_code.version()}"


@cache
def arithmetic() -> str:
    """Return a checksum of the bits that the rules' exponential and logarithm give, from -8 to 8 and from 0 to 1.

    They are plain arithmetic, so it is the same on every machine that rounds each operation by itself, as all do that
    are known; on one that does not, the last bits of rows would differ too.
    """
    steps = [at / _POINTS for at in range(1, _POINTS + 1)]
    bits = np.array([exp(16.0 * at - 8.0) for at in steps] + [log(at) for at in steps], dtype="<f8")
    return hashlib.sha256(bits.tobytes()).hexdigest()[:16]


@cache
def sim_version() -> str:
    """Return the version of this package; 0 where it is not installed."""
    try:
        return version("sim")
    except PackageNotFoundError:
        return "0"


@cache
def _library_versions() -> dict[str, str]:
    return {name: version(name) for name in LIBRARIES}


def fingerprint(table: pd.DataFrame) -> dict[str, Any]:
    """Return what tells one table of inputs from another: its size and a checksum of its columns and content."""
    content = hashlib.sha256()
    for name in table.columns:
        content.update(f"{name}\n".encode())
        content.update(_content(table[name]))
    return {"rows": len(table), "columns": len(table.columns), "sha256": content.hexdigest()}


def _content(column: pd.Series) -> bytes:
    if pd.api.types.is_numeric_dtype(column):
        return column.to_numpy(dtype="<f8").tobytes()
    return "\n".join(map(str, column)).encode()


def _agents(scenario: Scenario) -> dict[str, str]:
    """Return, for actors of Python classes of one's own, a checksum of the file that defines each: it may change."""
    named = {name: actor.agent for name, actor in sorted(scenario.parts.actors.items()) if actor.agent}
    return {name: user_classes.digest(agent.partition(":")[0]) for name, agent in named.items()}
