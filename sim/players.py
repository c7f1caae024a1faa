"""Who plays the runs of a batch: threads, processes, this process alone, or the workers of a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from itertools import groupby

from sim import block, cluster, pool, streams, world
from sim.block import Done, Job
from sim.parts import Span
from sim.world import Inputs, Luck

CHUNK = {"compiled": streams.BLOCK, "mesa": 64}
"""Runs that a worker plays at a time."""
_AHEAD = 8
"""Chunks that may be done ahead of the part being written, beside those that are being played."""


@contextmanager
def players(
    job: Job, spans: list[Span], workers: int | None, address: str | None, tell: Callable[[str], None]
) -> Iterator[Iterator[Done]]:
    """Give what the runs of parts leave, chunk by chunk in order; ``address`` is that of a cluster's scheduler.

    Threads and clusters draw what they play, the compiled engine being quick at it; for processes of Mesa a block is
    drawn here, once for all its chunks.
    """
    size = CHUNK[job.engine]
    chunks = [(first, min(size, span.first + span.runs - first)) for span in spans for first in _starts(span, size)]
    workers = min(workers or os.cpu_count() or 1, max(1, len(chunks)))
    ready, drawn = ((job, *chunk) for chunk in chunks), _drawn(job, chunks)
    if not chunks:
        yield iter(())
    elif address is not None:
        with cluster.crew(address, job, tell) as crew, closing(crew.in_order(chunks)) as done:
            yield done
    elif job.engine == "compiled" and workers == 1:
        yield (block.play(*call) for call in ready)
    elif job.engine == "compiled":
        with (
            pool.threads(workers) as submit,
            closing(pool.in_order(submit, block.play, ready, workers + _AHEAD)) as done,
        ):
            yield done
    elif workers == 1:
        yield (block.play_drawn(*call) for call in drawn)
    else:
        with (
            pool.processes(workers) as submit,
            closing(pool.in_order(submit, block.play_drawn, drawn, 2 * workers)) as done,
        ):
            yield done


def _starts(span: Span, size: int) -> range:
    return range(span.first, span.first + span.runs, size)


def _drawn(job: Job, chunks: list[tuple[int, int]]) -> Iterator[tuple[Job, Inputs, Luck, int, int]]:
    """Yield chunks as drawn here: a block is drawn once, and tables of inputs stay in this process."""
    alone = job._replace(quantiles=None, values=None)
    for number, of_block in groupby(chunks, lambda chunk: chunk[0] // streams.BLOCK):
        drawn = world.draw(job.structure, job.seed, number, job.quantiles, job.values)
        for first, runs in of_block:
            yield alone, *block.cut(*drawn, first, runs), first, runs
