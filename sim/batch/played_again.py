"""Runs of an ensemble played again, for what no table keeps: every contributor's state in every week."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.batch import block, engines
from sim.batch.block import Job
from sim.batch.from_manifest import replayable
from sim.batch.workers import spread
from sim.ensemble import run_table
from sim.ensemble.columns import ACTOR_WEEK, ACTOR_WEEKLY
from sim.ensemble.ensemble import Ensemble
from sim.world import building, streams
from sim.world.columns import Floats, World


def actor_weeks(
    ensemble: Ensemble, runs: Iterable[int] | None = None, workers: int | None = None
) -> Iterator[pd.DataFrame]:
    """Yield the table of contributors and weeks, a piece for each block of runs.

    Columns are those of :data:`sim.ensemble.columns.ACTOR_WEEK`. A run played again is the same to the last bit.

    Parameters
    ----------
    ensemble
        The ensemble.
    runs
        Numbers of its runs; by default all that did not fail.
    workers
        As for :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a number is not among its runs, or they cannot be played again here: their inputs came from a table, or other
        rules played them.
    """
    scenario, about = replayable(ensemble), ensemble.manifest
    there = ensemble.read(["run"])["run"].to_numpy()
    wanted = there if runs is None else np.unique(np.fromiter(runs, dtype=np.int64))
    strange = np.setdiff1d(wanted, there)
    if len(strange):
        raise ValueError(f"run {strange[0]} is not among the {len(there):,} runs of {about['scenario']}")
    job = Job(building.build(scenario), about["seed"], about["engine"], tuple(about["relaxed"]))
    by_block = groupby(wanted.tolist(), lambda run: run // streams.BLOCK)
    yield from spread(_piece, ((job, number, np.array(list(some))) for number, some in by_block), job.engine, workers)


def _piece(job: Job, number: int, runs: np.ndarray) -> pd.DataFrame:
    drawn = block.draw_block(job, number, engines.means(job.engine))
    first, engine = int(runs[0]), engines.engine_of(job.engine)
    many = int(runs[-1]) - first + 1
    played = engine(job.structure, *block.cut(*drawn, first, many), many, job.relaxed, True)
    assert played.weekly is not None and played.actors is not None
    return _table(job.structure, played.actors[runs - first], runs)


def _table(structure: World, actors: Floats, runs: np.ndarray) -> pd.DataFrame:
    """Return rows of run, week and contributor; ``actors`` has shape (runs, rounds, actors, ACTOR_WEEKLY)."""
    seats = np.flatnonzero(structure.actor.contributor)
    rounds = actors.shape[1]
    by_name = dict(zip(ACTOR_WEEKLY, actors[:, :, seats].reshape(-1, len(ACTOR_WEEKLY)).T, strict=True))
    weeks = np.arange(1, rounds + 1) * (1.0 / structure.rounds_per_week)
    columns = {
        "run": np.repeat(runs, rounds * len(seats)),
        "week": np.tile(np.repeat(weeks, len(seats)), len(runs)),
        "actor": run_table.worded(
            [structure.names.actors[at] for at in seats], np.tile(np.arange(len(seats)), rounds * len(runs))
        ),
        "stage": run_table.worded(vocabulary.STANCES, by_name["stage"]),
        "readiness": by_name["readiness"],
        "ratified": by_name["ratified"] > 0,
        "in_force": by_name["in_force"] > 0,
        "troops": by_name["troops"],
    }
    return pd.DataFrame(columns, columns=list(ACTOR_WEEK))
