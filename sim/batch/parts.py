"""Parts of an ensemble: written by whoever plays their runs, or put together here from the blocks that come in.

Workers write parts where all of them share the ensemble's folder and there are enough parts to keep them busy; what
comes back is a part's record, so that the batch that asks has next to nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing, contextmanager
from typing import NamedTuple

import pandas as pd

from sim.batch import block, cluster, workers
from sim.batch.block import Done, Job
from sim.ensemble import part_writing
from sim.ensemble.atomic_files import place_of_ensemble
from sim.ensemble.destination import Shared, arrow_parts
from sim.ensemble.part_records import Record, Span
from sim.world import streams

Made = dict[str, pd.DataFrame] | Record
"""A part as it comes in: its tables by name, or its record if a worker wrote it."""
_KEEPS_UP_WITH = 4
"""So many threads play parts as fast as this process puts them together: 0.9 s of a thread against 0.2 s."""
_PARTS_PER_THREAD = 2
"""Threads of this machine write parts themselves from so many on: with fewer, some would wait at the end."""


class Work(NamedTuple):
    """What a batch has to do: what all runs share, its parts, the scenario's hash, and where workers may write."""

    job: Job
    spans: list[Span]
    hash: str
    shared: Shared | None


def is_record(made: Made) -> bool:
    """Return whether a part was written by a worker, so that this is its record."""
    return "sha256" in made


@contextmanager
def made_in_order(
    work: Work, threads: int | None, address: str | None, tell: Callable[[str], None], progress: Callable[[int], None]
) -> Iterator[Iterator[Made]]:
    """Give an iterator over the parts of a batch, in order.

    Parameters
    ----------
    work
        What is to be done.
    threads
        How many threads or processes play at most; None for one a core.
    address
        That of a cluster's scheduler, whose workers then play; None for this machine.
    tell
        Called with a line that the user should see.
    progress
        Called with the number of runs just finished.

    Raises
    ------
    ValueError
        If the scheduler does not answer, or none of its workers is fit.
    BatchFailed
        If what plays the runs is lost.
    """
    if not work.spans:
        yield iter(())
    elif address is not None:
        with (
            cluster.crew(address, work.job, tell, work.shared) as crew,
            closing(_of_crew(crew, work, progress)) as made,
        ):
            yield made
    elif work.shared is not None and work.job.engine == "compiled" and _is_worth_it(work, threads):
        with (
            workers.threads(workers.at_most(threads)) as submit,
            closing(workers.in_order(submit, write, _calls(work), 2 * workers.at_most(threads))) as records,
        ):
            yield _counted(work.spans, records, progress)
    else:
        with workers.play_spans(work.job, work.spans, threads) as done:
            yield _put_together(work, done, progress)


def write(job: Job, shared: Shared, config_hash: str, span: Span) -> Record:
    """Play the runs of a part and write it into the folder that workers share; return its record.

    Raises
    ------
    OSError
        If it cannot be written; then nothing of it stands.
    """
    done = (block.play(job, first, runs) for first, runs in workers.chunks([span], streams.BLOCK))
    tables = block.tables(job, done, span.runs, config_hash)
    return part_writing.write_part(place_of_ensemble(shared.folder), span, arrow_parts(tables), shared.writer)


def _is_worth_it(work: Work, threads: int | None) -> bool:
    """Return whether threads write parts themselves: a part for each takes more memory, and few gain no time by it."""
    return _KEEPS_UP_WITH < workers.at_most(threads) <= len(work.spans) / _PARTS_PER_THREAD


def _calls(work: Work) -> Iterator[tuple[Job, Shared | None, str, Span]]:
    return ((work.job, work.shared, work.hash, span) for span in work.spans)


def _of_crew(crew: cluster.Crew, work: Work, progress: Callable[[int], None]) -> Generator[Made, None, None]:
    """Yield the parts that the workers of a scheduler write, or that are put together from what they play."""
    if crew.may_write(len(work.spans)):
        calls = ((work.shared, work.hash, span) for span in work.spans)
        with closing(crew.in_order(calls, _write_pickled)) as records:
            yield from _counted(work.spans, records, progress)
    else:
        chunks = workers.chunks(work.spans, workers.CHUNK[work.job.engine])
        with closing(crew.in_order(chunks, cluster.play)) as done:
            yield from _put_together(work, done, progress)


def _write_pickled(pickled: bytes, shared: Shared, config_hash: str, span: Span) -> Record:
    return write(cluster.job_of(pickled), shared, config_hash, span)


def _counted(spans: list[Span], records: Iterator[Record], progress: Callable[[int], None]) -> Iterator[Made]:
    for span, record in zip(spans, records, strict=True):
        progress(span.runs)
        yield record


def _put_together(work: Work, done: Iterator[Done], progress: Callable[[int], None]) -> Iterator[Made]:
    for span in work.spans:
        yield block.tables(work.job, _next_chunks(done, span.runs, progress), span.runs, work.hash)


def _next_chunks(done: Iterator[Done], runs: int, progress: Callable[[int], None]) -> Iterator[Done]:
    while runs > 0:
        each = next(done)
        runs -= each.runs
        progress(each.runs)
        yield each
