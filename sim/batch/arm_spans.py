"""Runs of the arms of a comparison, a span at a time: what is replaced of their inputs, and which events came about."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from threading import Lock
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim.batch import block, engines, manifest, running
from sim.batch.answers import Answer, Question
from sim.batch.block import Job
from sim.batch.running import RunOptions
from sim.ensemble.row_events import RowEvents, row_events
from sim.model import user_classes
from sim.scenario import priors
from sim.scenario.scenario import Scenario
from sim.world import building, draws, streams
from sim.world.columns import Floats, Inputs, Ints, Luck

SPAN = 2 * streams.BLOCK
"""Runs that are asked about at a time."""
_BLOCKS_KEPT = 8
"""Blocks that stay drawn for other arms of the same scenario, 20 MB each."""


class Arm(NamedTuple):
    """Runs of a scenario: run r has the luck and the inputs of run ``luck[r]`` of the seed, but for what is replaced.

    Attributes
    ----------
    scenario, luck
        The scenario, and numbers of runs.
    quantiles, values
        Tables that replace inputs, a column an input and a row a run, as in :func:`sim.world.draws.draw`.
    at
        The row of ``quantiles`` that each run takes; by default its own.
    options
        Options of :func:`sim.batch.running.run` that this arm alone has: ``plausible``, ``relaxed``.
    """

    scenario: Scenario
    luck: Ints
    quantiles: pd.DataFrame | None = None
    values: pd.DataFrame | None = None
    at: Ints | None = None
    options: RunOptions = {}


class _Blocks:
    """Blocks of luck of a scenario, with the inputs of their runs: the last few stay drawn."""

    def __init__(self, job: Job) -> None:
        self._job, self._lock = job, Lock()
        self._drawn: OrderedDict[int, tuple[Inputs, Luck]] = OrderedDict()

    def get(self, number: int) -> tuple[Inputs, Luck]:
        with self._lock:
            drawn = self._drawn.pop(number, None)
        if drawn is None:
            drawn = block.draw_block(self._job, number, engines.means(self._job.engine))
        with self._lock:
            self._drawn[number] = drawn
            while len(self._drawn) > _BLOCKS_KEPT:
                self._drawn.popitem(last=False)
        return drawn


class Made(NamedTuple):
    """A scenario ready to be played."""

    scenario: Scenario
    job: Job
    blocks: _Blocks
    events: RowEvents


def needs_batches(scenario: Scenario, options: RunOptions) -> bool:
    """Return whether a cluster, Mesa or inputs that were kept play: then each arm is a batch of its own."""
    engine = engines.choose(building.build(scenario).names, options.get("engine"), running.nobody)
    return engine != "compiled" or any(options.get(name) is not None for name in ("cluster", "plausible"))


def make(scenario: Scenario, events: Sequence[str], seed: int, options: RunOptions) -> Made:
    """Return a scenario ready to be played, and asked about some events.

    Raises
    ------
    ValueError
        If an engine that is asked for cannot play it.
    """
    user_classes.check(scenario)
    structure, tell = building.build(scenario), options.get("tell") or running.nobody
    engine = engines.choose(structure.names, options.get("engine"), tell)
    engines.announce(engine, tell)
    job = Job(structure, seed, engine, tuple(sorted(options.get("relaxed", ()))), inputs_kept=0)
    return Made(scenario, job, _Blocks(job), row_events(events, structure.names.missions))


def questions(arm: Arm, made: Made, events: Sequence[str]) -> Iterator[Question]:
    """Yield what is asked of the spans of an arm.

    Raises
    ------
    ValueError
        If a table does not fit the scenario.
    """
    _check_tables(arm, made.job)
    for first in range(0, len(arm.luck), SPAN):
        part = _part(arm, first)
        yield Question((made, part), partial(_asks, made, part, events), len(part.luck))


def _check_tables(arm: Arm, job: Job) -> None:
    for table in (arm.quantiles, arm.values):
        if table is not None:
            draws.check_table(job.structure, table)
            if draws.LUCK_COLUMN in table:
                raise ValueError(f"an arm names the {draws.LUCK_COLUMN} of its runs beside its tables, not in one")
    if arm.quantiles is not None:
        numbers = arm.quantiles.to_numpy(dtype=np.float64)
        if not ((numbers >= 0.0) & (numbers < 1.0)).all():
            raise ValueError("a quantile lies in [0, 1): 0 or more and below 1")


def _part(arm: Arm, first: int) -> Arm:
    here = slice(first, first + SPAN)
    if arm.quantiles is not None:
        # Rows that several runs share are looked at once.
        own = np.arange(len(arm.luck)) if arm.at is None else arm.at
        rows, at = np.unique(own[here], return_inverse=True)
        arm = arm._replace(quantiles=arm.quantiles.iloc[rows], at=at)
    return arm._replace(luck=arm.luck[here], values=None if arm.values is None else arm.values.iloc[here])


def _asks(made: Made, arm: Arm, events: Sequence[str]) -> dict[str, Any]:
    """Return all that an answer follows from, as JSON holds it."""
    about = manifest.manifest(made.scenario, len(arm.luck), made.job.seed, made.job.relaxed, made.job.engine)
    names = ("scenario", "hash", "runs", "seed", "engine", "writer", "relaxed", "horizon_weeks", "agents")
    numbers = hashlib.sha256(arm.luck.astype("<i8").tobytes())
    if arm.at is not None:
        numbers.update(arm.at.astype("<i8").tobytes())
    tables = {name: None if table is None else manifest.fingerprint(table) for name, table in
              (("quantiles", arm.quantiles), ("values", arm.values))}  # fmt: skip
    return {**{name: about[name] for name in names}, **tables, "luck": numbers.hexdigest(), "events": list(events)}


def play(made: Made, arm: Arm) -> Answer:
    """Play a span of an arm; return, by event, 1 or 0 a run and -1 where it failed, and the first error."""
    left = {event: np.full(len(arm.luck), -1, dtype=np.int8) for event in made.events.questions}
    replaced = _replaced(made.job, arm)
    error = ""
    for here in _stretches(arm.luck):
        number = int(arm.luck[here.start]) // streams.BLOCK
        inputs, luck = block.pick(*made.blocks.get(number), arm.luck[here] % streams.BLOCK)
        for column, values in replaced.items():
            inputs.values[:, column] = values[here]
        done = block.play_drawn(made.job, inputs, luck, 0, here.stop - here.start)
        for event, met in made.events.met(done.played.rows).items():
            left[event][here.start + done.numbers] = met
        error = error or "".join(failure.error for failure in done.failures[:1])
    return Answer(len(arm.luck), {**left, "error": np.array(error)})


def _stretches(luck: Ints) -> Iterator[slice]:
    """Yield the runs that are played together: at most a block of them, all with luck of one block."""
    changes = np.flatnonzero(np.diff(luck // streams.BLOCK)) + 1
    for low, high in pairwise([0, *changes.tolist(), len(luck)]):
        for first in range(low, high, streams.BLOCK):
            yield slice(first, min(first + streams.BLOCK, high))


def _replaced(job: Job, arm: Arm) -> dict[int, Floats]:
    """Return the inputs of all runs that tables replace, by column."""
    names = job.structure.names
    replaced: dict[int, Floats] = {}
    column = {name: at for at, name in enumerate(names.inputs)}
    if arm.quantiles is not None:
        columns = [column[str(name)] for name in arm.quantiles]
        drawn = tuple(names.priors[at] for at in columns)
        rows = engines.means(job.engine).quantiles(drawn, arm.quantiles.to_numpy(dtype=np.float64).T)
        replaced = {at: row[arm.at] for at, row in zip(columns, rows, strict=True)}
    if arm.values is not None:
        for name, values in arm.values.items():
            at = column[str(name)]
            replaced[at] = np.array([priors.code_of(names.priors[at], value) for value in values], dtype=np.float64)
    return replaced
