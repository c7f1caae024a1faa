"""One block of runs: drawn, played, and what fails kept; and blocks put together into tables.

A run that fails does not end the batch: it is left out of the tables and kept as a row of ``failures``.
"""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterable
from contextlib import nullcontext, redirect_stdout
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.batch import engines
from sim.ensemble import run_row, run_table
from sim.ensemble.arrow_tables import TYPES
from sim.ensemble.columns import WEEKLY, WEEKLY_COLUMNS
from sim.ensemble.memory_store import Later
from sim.ensemble.run_table import Played
from sim.reading.errors import InputError
from sim.world import draws, streams
from sim.world.columns import Floats, Inputs, Ints, Luck, World

INPUTS_KEPT = 200_000
"""The first runs, whose inputs are kept in any case."""
_NO_RUNS_FAULT = (MemoryError, InputError, engines.BatchFailed)


class Job(NamedTuple):
    """What all blocks of a batch share.

    Attributes
    ----------
    structure, seed, engine
        The world, the root seed, and the name of the engine.
    relaxed
        Gates held open.
    weekly
        Whether every week is kept.
    inputs_kept
        The number of first runs whose inputs are kept.
    quantiles, values
        Tables that replace inputs, a row a run; see :func:`sim.world.draws.draw`.
    cycled
        Whether run r takes row r modulo rows of ``quantiles``.
    """

    structure: World
    seed: int
    engine: str
    relaxed: tuple[str, ...] = ()
    weekly: bool = False
    inputs_kept: int = INPUTS_KEPT
    quantiles: pd.DataFrame | None = None
    values: pd.DataFrame | None = None
    cycled: bool = False


class Failure(NamedTuple):
    """A run that failed: its number, the error in a line, where it happened, and its inputs as JSON."""

    run: int
    error: str
    traceback: str
    inputs: str


class Done(NamedTuple):
    """What some runs left.

    Attributes
    ----------
    runs
        How many were played, failed ones counted.
    numbers
        The numbers of those that did not fail, shape (left,).
    played
        What these left, its weekly table perhaps None.
    inputs
        Their inputs, shape (left, inputs); None where they are not kept.
    failures
        Those that failed.
    """

    runs: int
    numbers: Ints
    played: Played
    inputs: Floats | None
    failures: tuple[Failure, ...] = ()


def play(job: Job, first: int, runs: int) -> Done:
    """Draw the block of run number ``first``, and play so many runs of it from there on.

    Raises
    ------
    ValueError
        If a table of inputs does not fit.
    """
    inputs, luck = draw_block(job, first // streams.BLOCK, engines.means(job.engine))
    return play_drawn(job, *cut(inputs, luck, first, runs), first, runs)


def draw_block(job: Job, number: int, means: draws.Means = draws.REFERENCE) -> tuple[Inputs, Luck]:
    """Draw a block by its number."""
    return draws.draw(job.structure, job.seed, number, job.quantiles, job.values, means, cycled=job.cycled)


def cut(inputs: Inputs, luck: Luck, first: int, runs: int) -> tuple[Inputs, Luck]:
    """Return what was drawn for ``runs`` runs of a block, of which number ``first`` is the first."""
    low = first % streams.BLOCK
    if low == 0 and runs == streams.BLOCK:
        return inputs, luck
    return pick(inputs, luck, np.arange(low, low + runs))


def pick(inputs: Inputs, luck: Luck, places: Ints) -> tuple[Inputs, Luck]:
    """Return what was drawn for some runs of a block, by their places in it; a place may come more than once.

    The inputs are a copy. A run's luck stays together in memory, as the compiled engine draws and reads it.
    """
    if len(places) == luck.values.shape[2] and bool((np.diff(places) == 1).all()):
        return Inputs(inputs.values.copy()), luck
    by_run = luck.values.transpose(2, 1, 0)[places]
    return Inputs(inputs.values[places]), Luck(by_run.transpose(2, 1, 0))


def play_drawn(job: Job, inputs: Inputs, luck: Luck, first: int, runs: int) -> Done:
    """Play what was drawn for ``runs`` runs, of which number ``first`` is the first."""
    failures: tuple[Failure, ...] = ()
    try:
        played, numbers = _play_together(job, inputs, luck, runs), np.arange(first, first + runs)
    except _NO_RUNS_FAULT:
        raise
    except (Exception, SystemExit):  # a class of the user's own that leaves would end the batch, with status 0
        played, numbers, failures = _one_by_one(job, inputs, luck, first, runs)
    kept = inputs.values[numbers - first, :-1] if first < job.inputs_kept else None
    return Done(runs, numbers, played, kept, failures)


def _play_together(job: Job, inputs: Inputs, luck: Luck, runs: int) -> Played:
    engine = engines.engine_of(job.engine)
    # What a class of the user's own prints would stand between what a command prints, and in its JSON.
    with redirect_stdout(sys.stderr) if any(job.structure.names.agents) else nullcontext():
        return engine(job.structure, inputs, luck, runs, job.relaxed, job.weekly)._replace(actors=None)


def _one_by_one(
    job: Job, inputs: Inputs, luck: Luck, first: int, runs: int
) -> tuple[Played, Ints, tuple[Failure, ...]]:
    """Play runs apart, so that those that fail take no other with them.

    Returned is what the others left, their numbers, and the failures.
    """
    played, numbers, failures = [_nothing(job)], [], []
    for at in range(runs):
        try:
            played.append(_play_together(job, *cut(inputs, luck, at, 1), 1))
            numbers.append(first + at)
        except _NO_RUNS_FAULT:
            raise
        except (Exception, SystemExit) as error:
            failures.append(_failure(job, error, first + at, inputs.values[at]))
    weekly = [each.weekly for each in played if each.weekly is not None]
    joined = Played(
        np.concatenate([each.rows for each in played]),
        np.concatenate([each.seats for each in played]),
        np.concatenate(weekly) if weekly else None,
        None,
    )
    return joined, np.array(numbers, dtype=np.int64), tuple(failures)


def _nothing(job: Job) -> Played:
    names, structure = job.structure.names, job.structure
    weekly = np.empty((0, structure.rounds, len(WEEKLY))) if job.weekly else None
    return Played(
        np.empty((0, run_row.width(len(names.missions)))),
        np.empty((0, len(names.actors), len(run_row.SEATS))),
        weekly,
        None,
    )


def _failure(job: Job, error: BaseException, run: int, drawn: Floats) -> Failure:
    """Return a failure as data. Files go by their names alone, so that it reads the same on every machine."""
    where = "\n".join(
        f"{Path(frame.filename).name}:{frame.lineno} {frame.name}: {frame.line}"
        for frame in traceback.extract_tb(error.__traceback__)
    )
    inputs = dict(zip(job.structure.names.inputs, drawn.tolist(), strict=False))
    return Failure(run, f"{type(error).__name__}: {error}", where, json.dumps(inputs))


def tables(job: Job, done: Iterable[Done], runs: int, config_hash: str) -> dict[str, pd.DataFrame]:
    """Return what ``runs`` consecutive runs left as tables: runs, actors; inputs and weekly if kept; failures if any.

    ``config_hash`` names the scenario in the rows of ``failures``.
    """
    names = job.structure.names
    weeks = np.empty((len(WEEKLY), runs, job.structure.rounds)) if job.weekly else None
    inputs = np.empty((len(names.inputs), runs))  # untouched where no inputs are kept, and so without memory
    parts, kept = _lay_down(done, weeks, inputs)
    numbers = np.concatenate([part.numbers for part in parts])
    by_name = {
        "runs": run_table.table(names.missions, np.concatenate([part.played.rows for part in parts]), numbers),
        "actors": _actors(job.structure, np.concatenate([part.played.seats for part in parts]), numbers),
    }
    if kept:
        by_name["inputs"] = _inputs(names.inputs, inputs[:, : len(numbers)], numbers)
    if weeks is not None:
        by_name["weekly"] = _weekly(names.missions, weeks[:, : len(numbers)], numbers)
    failures = [failure for part in parts for failure in part.failures]
    if failures:
        by_name["failures"] = pd.DataFrame(failures)
        by_name["failures"].insert(3, "config_hash", config_hash)
    return by_name


def inputs_again(job: Job, numbers: Ints) -> Later:
    """Return the table of inputs of runs by their numbers, as far as they are kept, to be drawn when it is asked for.

    The job has no tables that replace inputs. Drawing once more takes less time than keeping what nobody may ask for.
    """
    kept = numbers[numbers < job.inputs_kept]
    return Later(("run", *job.structure.names.inputs), len(kept), partial(_draw_inputs, job, kept))


def _draw_inputs(job: Job, numbers: Ints) -> pd.DataFrame:
    structure, means = job.structure, engines.means(job.engine)
    drawn = np.empty((len(structure.names.inputs), len(numbers)))
    for number in np.unique(numbers // streams.BLOCK):
        every = np.arange(number * streams.BLOCK, (number + 1) * streams.BLOCK)
        here = np.flatnonzero(numbers // streams.BLOCK == number)
        inputs = draws.inputs_at(structure, draws.quantiles_of(structure, job.seed, every, means), means)
        drawn[:, here] = inputs.values[numbers[here] % streams.BLOCK, :-1].T
    return _inputs(structure.names.inputs, drawn, numbers)


def _inputs(names: tuple[str, ...], values: Floats, numbers: Ints) -> pd.DataFrame:
    """Return a row a run; ``values`` has shape (inputs, runs)."""
    table = pd.DataFrame(values.T, columns=list(names), copy=False)
    table.insert(0, "run", numbers)
    return table


def _lay_down(done: Iterable[Done], weeks: Floats | None, inputs: Floats) -> tuple[list[Done], bool]:
    """Copy inputs and weeks, by far the most of what runs leave, into an array each as they come, and let go of them.

    ``weeks`` has shape (WEEKLY, runs, rounds), ``inputs`` (inputs, runs): a column lies together, as tables want it.
    Returned is what is left, and whether inputs were kept.
    """
    left, kept = [], False
    filled = 0
    for each in done:
        weekly, new = each.played.weekly, slice(filled, filled + len(each.numbers))
        if each.inputs is not None:
            inputs[:, new] = each.inputs.T
            kept = True
        if weeks is not None and weekly is not None:
            weeks[:, new] = weekly.transpose(2, 0, 1)
        filled += len(each.numbers)
        left.append(each._replace(played=each.played._replace(weekly=None), inputs=None))
    return left, kept


def _actors(structure: World, seats: Floats, numbers: Ints) -> pd.DataFrame:
    """Return a row a run and contributor."""
    contributors = np.flatnonzero(structure.actor.contributor)
    by_name = dict(
        zip(run_row.SEATS, seats[:, contributors].transpose(2, 0, 1).reshape(len(run_row.SEATS), -1), strict=True)
    )
    weeks = {name: run_table.missing(by_name[name], kind) for name, kind in TYPES["actors"].items()}
    who = np.tile(np.arange(len(contributors)), len(numbers))
    return pd.DataFrame(
        {
            "run": np.repeat(numbers, len(contributors)),
            "actor": run_table.worded([structure.names.actors[at] for at in contributors], who),
            "stage": run_table.worded(vocabulary.STANCES, by_name["stage"]),
            "pledged": by_name["stage"] == run_row.PLEDGED,
            "ratified": by_name["ratified"] > 0,
            "deployed": by_name["deployed"] > 0,
            "stage_at_start": run_table.worded(vocabulary.STANCES, by_name["stage_at_start"]),
            "troops": by_name["troops"],
            **weeks,
        }
    )


def _weekly(missions: tuple[str, ...], weeks: Floats, numbers: Ints) -> pd.DataFrame:
    """Return a row a run and round; ``weeks`` has shape (WEEKLY, runs, rounds)."""
    columns: dict[str, Any] = {"run": np.repeat(numbers, weeks.shape[2])}
    for (name, column), values in zip(WEEKLY_COLUMNS.items(), weeks.reshape(len(weeks), -1), strict=True):
        words = run_table.words_of(column.holds, missions)
        columns[name] = run_table.worded(words, values) if words else values
    return pd.DataFrame(columns, copy=False)
