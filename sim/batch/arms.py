"""Arms of a comparison: runs of a scenario of which it matters alone whether some events come about.

An analysis hands over all its arms, and their runs are played as one stream, so that every core works until the last.
Of a run a yes or no an event is left: no table is made of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from typing import Unpack

import numpy as np
import pandas as pd

from sim.batch import running
from sim.batch.answers import Arrays, Question, answers
from sim.batch.arm_spans import SPAN, Arm, Made, make, needs_batches, play, questions
from sim.batch.engines import BatchFailed
from sim.batch.running import RunOptions
from sim.world import draws
from sim.world.columns import Floats

__all__ = ["Arm", "came_about"]


def came_about(
    arms: Iterable[Arm], events: Sequence[str], seed: int = 1, **options: Unpack[RunOptions]
) -> Generator[dict[str, Floats], None, None]:
    """Yield, arm by arm, for every event an array: 1 where it came about, 0 where not, not a number in failed runs.

    The numbers are those that :func:`sim.batch.running.run` gives of the same runs; ``options`` are its options.
    ``arms`` are taken as they are needed, so that scenarios are made while others are played.

    Raises
    ------
    ValueError
        If something asked for is out of range or does not fit, as for :func:`sim.batch.running.run`.
    BatchFailed
        If all runs of an arm failed, or what plays them.
    """
    running.check_options(options)
    running.check(seed, options.get("workers"), options.get("relaxed", ()))
    first = next(iter(arms := iter(arms)), None)
    if first is None:
        return
    arms = chain((first,), arms)
    if needs_batches(first.scenario, options):
        yield from (_through_a_batch(arm, events, seed, options) for arm in arms)
        return
    lengths: deque[int] = deque()
    asked = _questions(arms, events, seed, options, lengths)
    with closing(answers(play, asked, "compiled", options.get("workers"), options.get("progress"))) as pieces:
        for piece in pieces:
            spans = [piece, *islice(pieces, lengths.popleft() - 1)]
            yield _joined(spans, events)


def _through_a_batch(arm: Arm, events: Sequence[str], seed: int, options: RunOptions) -> dict[str, Floats]:
    quantiles = values = None
    if arm.values is not None:
        values = arm.values.assign(**{draws.LUCK_COLUMN: arm.luck})
    if arm.quantiles is not None:
        rows = arm.quantiles if arm.at is None else arm.quantiles.iloc[arm.at]
        quantiles = rows.assign(**{draws.LUCK_COLUMN: arm.luck})
    if values is None and quantiles is None and not np.array_equal(arm.luck, np.arange(len(arm.luck))):
        quantiles = pd.DataFrame({draws.LUCK_COLUMN: arm.luck})
    every: RunOptions = {**options, **arm.options}
    ensemble = running.run(arm.scenario, len(arm.luck), seed, quantiles=quantiles, values=values, **every)
    at = ensemble.read(["run"])["run"].to_numpy(dtype=np.int64)
    came = {event: np.full(len(arm.luck), np.nan) for event in events}
    for event, flags in came.items():
        flags[at] = ensemble.happened(event).to_numpy(dtype=np.float64)
    return came


def _questions(
    arms: Iterable[Arm], events: Sequence[str], seed: int, options: RunOptions, lengths: deque[int]
) -> Iterator[Question]:
    """Yield what is asked of the spans of all arms; ``lengths`` grows by how many spans an arm has."""
    made: Made | None = None
    for arm in arms:
        if made is None or made.scenario is not arm.scenario:
            made = make(arm.scenario, events, seed, options)
        lengths.append(-(-len(arm.luck) // SPAN))
        yield from questions(arm, made, events)


def _joined(spans: Sequence[Arrays], events: Sequence[str]) -> dict[str, Floats]:
    """Return what the spans of an arm say of each event."""
    came = {event: np.concatenate([span[event] for span in spans]) for event in events}
    for flags in came.values():
        if (flags < 0).all():
            error = next(str(span["error"]) for span in spans if str(span["error"]))
            raise BatchFailed(f"all {len(flags):,} runs failed, the first by {error}")
    return {event: np.where(flags < 0, np.nan, flags.astype(np.float64)) for event, flags in came.items()}
