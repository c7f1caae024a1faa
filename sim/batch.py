"""A scenario times many runs into an ensemble: blocks of luck, workers, progress; run k never depends on the rest."""

from __future__ import annotations

import hashlib
import os
import platform
from collections.abc import Callable, Collection, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from joblib import Parallel, delayed

from sim import coverage, outcome, streams, vocabulary, world
from sim.config import Scenario, load
from sim.ensemble import Ensemble, make_runs
from sim.model import Negotiation, Trajectory
from sim.world import Inputs, Luck, World

DEFAULT_RUNS = 2000
_CHUNK = 64


class Part(NamedTuple):
    """What one chunk of runs left: rows, actor rows (run, actor, 3), and, if kept, weeks (run, round, WEEKLY)."""

    rows: list[dict[str, Any]]
    actors: np.ndarray
    weekly: np.ndarray | None


def run(
    scenario: Scenario | str | Path,
    runs: int | None = None,
    seed: int = 1,
    *,
    workers: int | None = None,
    quantiles: pd.DataFrame | None = None,
    values: pd.DataFrame | None = None,
    relaxed: Collection[str] = (),
    keep_weekly: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Ensemble:
    """Run a scenario many times, and return what came out.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    runs, seed
        How many runs, from 0, and the root seed; by default as many as a table has rows, else :data:`DEFAULT_RUNS`.
        Run k of a seed is always the same.
    workers
        Processes; by default one a core. They change nothing but the time it takes.
    quantiles, values
        Tables that replace inputs; see :func:`sim.world.draw`. The manifest names them by a checksum.
    relaxed
        Gates held open.
    keep_weekly
        Whether to keep every week of every run.
    progress
        Called with the number of runs just finished.

    Raises
    ------
    ValueError
        If runs or seed are out of range, or a table or gate does not fit.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    tables = {"quantiles": quantiles, "values": values}
    runs = (
        max((len(table) for table in tables.values() if table is not None), default=DEFAULT_RUNS)
        if runs is None
        else runs
    )
    _check(runs, seed, workers, relaxed)
    structure, about = world.build(scenario), manifest(scenario, runs, seed, relaxed)
    about["design"] = {name: _named(table) for name, table in tables.items() if table is not None} or None
    tasks = _chunks(structure, runs, seed, quantiles, values)
    parts: list[Part] = []
    inputs: list[np.ndarray] = []
    jobs = min(workers or os.cpu_count() or 1, -(-runs // _CHUNK))
    todo = (delayed(_play)(structure, *_kept(task, inputs), tuple(relaxed), keep_weekly) for task in tasks)
    for part in Parallel(n_jobs=jobs, return_as="generator", batch_size=1, pre_dispatch="2*n_jobs")(todo):
        parts.append(part)
        if progress is not None:
            progress(len(part.rows))
    return _assemble(scenario, structure, parts, np.concatenate(inputs), about)


def trajectory(
    scenario: Scenario, seed: int, run: int, relaxed: Collection[str] = ()
) -> tuple[World, Inputs, Trajectory]:
    """Return one run again: its structure, its inputs (one row), and what happened week by week."""
    _check(run + 1, seed, None, relaxed)
    structure = world.build(scenario)
    inputs, luck = world.draw(structure, seed, run // streams.BLOCK)
    at = run % streams.BLOCK
    played = Negotiation(structure, inputs, luck, at, relaxed).play()
    return structure, Inputs(inputs.values[at : at + 1]), played


def stages(structure: World, played: Trajectory) -> pd.DataFrame:
    """Return the stage of every contributor week by week in one run: columns week, actor, stage (a word)."""
    stage = list(vocabulary.ACTOR_WEEKLY).index("stage")
    rows = [
        (now[0], name, vocabulary.STANCES[int(then[at, stage])])
        for now, then in zip(played.weekly, played.actors, strict=True)
        for at, name in enumerate(structure.names.actors)
        if structure.actor.contributor[at]
    ]
    return pd.DataFrame(rows, columns=["week", "actor", "stage"])


def manifest(scenario: Scenario, runs: int, seed: int, relaxed: Collection[str] = ()) -> dict[str, Any]:
    """Return what makes a batch repeatable: the config in full and its hash, seed, runs and versions."""
    return {
        "scenario": scenario.name,
        "question": scenario.question,
        "hash": scenario.hash,
        "runs": runs,
        "seed": seed,
        "engine": "mesa",
        "relaxed": sorted(relaxed),
        "horizon_weeks": scenario.parts.horizon_weeks,
        "start": scenario.parts.start,
        "evidence": {"numbers": len(scenario.leaves), **coverage.kinds(scenario)},
        "notes": list(scenario.notes),
        "groups": {name: list(mission.groups) for name, mission in sorted(scenario.parts.missions.items())},
        "versions": {"sim": _version(), "python": platform.python_version()}
        | {name: version(name) for name in ("mesa", "networkx", "numpy", "pandas", "pyarrow")},
        "config": scenario.as_dict(),
    }


def _named(table: pd.DataFrame) -> dict[str, Any]:
    """Return what tells one table of inputs from another: its size and a checksum of its content."""
    content = table.to_csv(index=False).encode()
    return {"rows": len(table), "columns": len(table.columns), "sha256": hashlib.sha256(content).hexdigest()}


def _check(runs: int, seed: int, workers: int | None, relaxed: Collection[str]) -> None:
    if isinstance(runs, bool) or runs < 1 or runs > 100_000_000:
        raise ValueError(f"runs must be between 1 and 100,000,000, got {runs!r}")
    if not 0 <= seed < 2**63:
        raise ValueError(f"seed must be between 0 and 2**63 - 1, got {seed!r}")
    if workers is not None and not 1 <= workers <= 1024:
        raise ValueError(f"workers must be between 1 and 1024, got {workers!r}")
    strange = sorted(set(relaxed) - set(vocabulary.GATES))
    if strange:
        raise ValueError(f"{strange[0]!r} is not a gate; allowed: {', '.join(vocabulary.GATES)}")


def _chunks(
    structure: World, runs: int, seed: int, quantiles: pd.DataFrame | None, values: pd.DataFrame | None
) -> Iterator[tuple[Inputs, Luck, int]]:
    for block in range(-(-runs // streams.BLOCK)):
        inputs, luck = world.draw(structure, seed, block, quantiles, values)
        first = block * streams.BLOCK
        for low in range(0, min(streams.BLOCK, runs - first), _CHUNK):
            high = min(low + _CHUNK, runs - first)
            yield Inputs(inputs.values[low:high]), Luck(luck.values[:, :, low:high].copy()), first + low


def _kept(task: tuple[Inputs, Luck, int], inputs: list[np.ndarray]) -> tuple[Inputs, Luck, int]:
    inputs.append(task[0].values[:, :-1])
    return task


def _play(
    structure: World, inputs: Inputs, luck: Luck, first: int, relaxed: tuple[str, ...], keep_weekly: bool
) -> Part:
    rows, actors, weekly = [], [], []
    for at in range(len(inputs.values)):
        played = Negotiation(structure, inputs, luck, at, relaxed).play()
        rows.append(outcome.summary(structure, played.weekly, played.actors, first + at))
        actors.append(outcome.actor_rows(structure, played.weekly, played.actors))
        if keep_weekly:
            weekly.append(played.weekly)
    return Part(rows, np.array(actors), np.array(weekly) if keep_weekly else None)


def _assemble(
    scenario: Scenario, structure: World, parts: list[Part], inputs: np.ndarray, about: dict[str, Any]
) -> Ensemble:
    names, runs = structure.names, sum(len(part.rows) for part in parts)
    stages = np.concatenate([part.actors for part in parts])
    contributor = structure.actor.contributor.astype(bool)
    actors = pd.DataFrame(
        {
            "run": np.repeat(np.arange(runs), int(contributor.sum())),
            "actor": np.tile(np.array(names.actors)[contributor], runs),
            "stage": np.array(vocabulary.STANCES)[stages[:, contributor, 0].astype(int).ravel()],
            "pledged": stages[:, contributor, 0].ravel() == len(vocabulary.STANCES) - 1,
            "ratified": stages[:, contributor, 1].ravel() > 0,
            "deployed": stages[:, contributor, 2].ravel() > 0,
        }
    )
    table = pd.DataFrame(inputs, columns=list(names.inputs))
    table.insert(0, "run", np.arange(runs))
    return Ensemble(
        make_runs([row for part in parts for row in part.rows]), table, actors, about, _weekly(structure, parts)
    )


def _weekly(structure: World, parts: list[Part]) -> pd.DataFrame | None:
    kept = [part.weekly for part in parts if part.weekly is not None]
    if not kept:
        return None
    states = np.concatenate(kept)
    table = pd.DataFrame(states.reshape(-1, states.shape[2]), columns=list(vocabulary.WEEKLY))
    table.insert(0, "run", np.repeat(np.arange(states.shape[0]), states.shape[1]))
    missions = np.array([*structure.names.missions, vocabulary.NO_MISSION])
    for column in ("mission", "signed", "force"):
        table[column] = missions[table[column].astype(int)]
    return table


def _version() -> str:
    from importlib.metadata import PackageNotFoundError

    try:
        return version("sim")
    except PackageNotFoundError:
        return "0"
