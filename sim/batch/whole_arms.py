"""Arms of a comparison that are read as tables: as many runs of each scenario, several scenarios at a time."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable, Iterator
from functools import partial
from typing import Any, Unpack

from sim.batch import block, engines, manifest, running
from sim.batch.answers import Answer, Arrays, Question, answers
from sim.batch.arm_spans import needs_batches
from sim.batch.block import Job
from sim.batch.engines import BatchFailed
from sim.batch.running import RunOptions
from sim.ensemble.ensemble import Ensemble
from sim.model import user_classes
from sim.scenario.scenario import Scenario
from sim.world import building, streams

Read = Callable[[Ensemble], Arrays]
"""What is read from the runs of an arm; their inputs are not kept."""


def whole_arms(
    arms: Iterable[tuple[Scenario, Read]], runs: int, seed: int = 1, **options: Unpack[RunOptions]
) -> Generator[Arrays, None, None]:
    """Yield what is read from ``runs`` runs of each scenario, in order.

    The runs are those of :func:`sim.batch.running.run`, whose ``options`` these are. ``arms`` are taken as they are
    needed. ``progress`` is called with the runs of each scenario.

    Raises
    ------
    ValueError
        If something asked for is out of range.
    BatchFailed
        If all runs of a scenario failed.
    """
    running.check_options(options)
    running.check(seed, options.get("workers"), options.get("relaxed", ()))
    running.check_runs(runs)
    arms = list(arms)
    if arms and needs_batches(arms[0][0], options):
        yield from (read(running.run(scenario, runs, seed, **options)) for scenario, read in arms)
        return
    questions = _questions(arms, runs, seed, options)
    yield from answers(_play, questions, "compiled", options.get("workers"), options.get("progress"))


def _questions(arms: Iterable[tuple[Scenario, Read]], runs: int, seed: int, options: RunOptions) -> Iterator[Question]:
    gates, tell = tuple(sorted(options.get("relaxed", ()))), options.get("tell") or running.nobody
    for scenario, read in arms:
        user_classes.check(scenario)
        structure = building.build(scenario)
        engine = engines.choose(structure.names, options.get("engine"), tell)
        engines.announce(engine, tell)
        job = Job(structure, seed, engine, gates, inputs_kept=0)
        about = manifest.manifest(scenario, runs, seed, gates, engine)
        yield Question((job, about, runs, read), partial(_asks, about, read), runs)


def _asks(about: dict[str, Any], read: Read) -> dict[str, Any]:
    names = ("scenario", "hash", "runs", "seed", "engine", "writer", "relaxed", "horizon_weeks", "agents")
    what = read.keywords if isinstance(read, partial) else {}
    return {**{name: about[name] for name in names}, "read": {name: sorted(value) for name, value in what.items()}}


def _play(job: Job, about: dict[str, Any], runs: int, read: Read) -> Answer:
    starts = range(0, runs, streams.BLOCK)
    done = [block.play(job, first, min(streams.BLOCK, runs - first)) for first in starts]
    tables = block.tables(job, done, runs, about["hash"])
    if tables["runs"].empty:
        raise BatchFailed(f"all {runs:,} runs failed, the first by {tables['failures']['error'].iloc[0]}")
    ensemble = Ensemble(tables["runs"], None, tables["actors"], about, failures=tables.get("failures"))
    return Answer(runs, read(ensemble))
