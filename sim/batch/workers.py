"""Who plays the runs of a batch on this machine: threads, processes, or this process alone."""

from __future__ import annotations

import os
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor, wait
from contextlib import closing, contextmanager
from contextvars import copy_context
from itertools import groupby
from typing import Any, TypeVar

from sim.batch import block
from sim.batch.block import Done, Job
from sim.batch.engines import BatchFailed
from sim.ensemble.part_records import Span
from sim.model import user_classes
from sim.world import streams
from sim.world.columns import Inputs, Luck

CHUNK = {"compiled": streams.BLOCK, "mesa": 64}
"""Runs that a worker plays at a time."""
_AHEAD = 8
"""Chunks that may be done ahead of the part being written, beside those that are being played."""
_LOOK_UP = 0.5
"""Seconds between looks at whether the batch was interrupted: a thread that waits for a lock does not notice."""
_LOST = "a worker process was killed, perhaps for lack of memory; finished parts stand, so the same batch can go on"

Submit = Callable[..., "Future[Any]"]
"""Takes a function and its arguments, and returns the future of what it gives."""
_Result = TypeVar("_Result")


@contextmanager
def play_spans(job: Job, spans: list[Span], workers: int | None) -> Iterator[Iterator[Done]]:
    """Give an iterator over what the runs of some parts leave, chunk by chunk in order of their numbers.

    Threads draw what they play, the compiled engine being quick at it; for processes of Mesa a block is drawn here,
    once for all its chunks.

    Parameters
    ----------
    job, spans
        What all runs share, and the parts to be played.
    workers
        How many threads or processes at most; None for one a core.

    Raises
    ------
    BatchFailed
        If what plays the runs is lost.
    """
    calls = list(chunks(spans, CHUNK[job.engine]))
    workers = min(at_most(workers), len(calls))
    ready, drawn = ((job, *call) for call in calls), _drawn(job, calls)
    if job.engine == "compiled" and workers == 1:
        yield (block.play(*call) for call in ready)
    elif job.engine == "compiled":
        with (
            threads(workers) as submit,
            closing(in_order(submit, block.play, ready, workers + _AHEAD)) as done,
        ):
            yield done
    elif workers == 1:
        yield (block.play_drawn(*call) for call in drawn)
    else:
        with (
            processes(workers) as submit,
            closing(in_order(submit, block.play_drawn, drawn, 2 * workers)) as done,
        ):
            yield done


def at_most(workers: int | None) -> int:
    """Return how many threads or processes may play: as many as are asked for, by default one a core."""
    return workers or os.cpu_count() or 1


def chunks(spans: Iterable[Span], size: int) -> Iterator[tuple[int, int]]:
    """Yield the chunks of at most ``size`` runs that parts are made of: the first run, and how many."""
    for span in spans:
        for first in range(span.first, span.first + span.runs, size):
            yield first, min(size, span.first + span.runs - first)


def spread(
    play: Callable[..., _Result], calls: Iterable[tuple[Any, ...]], engine: str, workers: int | None = None
) -> Generator[_Result, None, None]:
    """Yield what ``play`` gives for each of ``calls``, in order, several at a time: what an analysis plays for itself.

    The compiled engine plays in threads and Mesa in processes, to which ``play`` and what it takes are pickled.
    ``calls`` are asked for as they are needed.
    """
    workers = at_most(workers)
    if workers == 1:
        yield from (play(*call) for call in calls)
        return
    with (
        (threads if engine == "compiled" else processes)(workers) as submit,
        closing(in_order(submit, play, calls, 2 * workers)) as done,
    ):
        yield from done


def _drawn(job: Job, chunks: list[tuple[int, int]]) -> Iterator[tuple[Job, Inputs, Luck, int, int]]:
    """Yield chunks as drawn here: a block is drawn once, and tables of inputs stay in this process."""
    alone = job._replace(quantiles=None, values=None)
    for number, of_block in groupby(chunks, lambda chunk: chunk[0] // streams.BLOCK):
        drawn = block.draw_block(job, number)
        for first, runs in of_block:
            yield alone, *block.cut(*drawn, first, runs), first, runs


def in_order(
    submit: Submit, play: Callable[..., _Result], calls: Iterable[tuple[Any, ...]], ahead: int
) -> Generator[_Result, None, None]:
    """Yield what ``play`` gives for each of ``calls``, in order; at most ``ahead`` calls are under way or done.

    An iterator that is closed early cancels what has not begun. joblib's ``return_as="generator"`` would not do: it
    plays on however far its results are ahead of what is taken, and so fills the memory where writing is slower.
    """
    under_way: deque[Future[_Result]] = deque()
    try:
        for call in calls:
            under_way.append(submit(play, *call))
            if len(under_way) >= ahead:
                yield _result(under_way.popleft())
        while under_way:
            yield _result(under_way.popleft())
    finally:
        for future in under_way:
            future.cancel()


@contextmanager
def threads(workers: int) -> Iterator[Submit]:
    """Give threads something to do; at the end, or if interrupted, they finish what they have begun and no more.

    They see what is set for this context, such as the disk that ensembles are written to.
    """
    pool = ThreadPoolExecutor(workers, thread_name_prefix="sim")

    def submit(play: Callable[..., Any], *arguments: Any) -> Future[Any]:
        return pool.submit(copy_context().run, play, *arguments)

    try:
        yield submit
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes(workers: int) -> Iterator[Submit]:
    """Give processes something to do; they stay for the next batch, and are killed if this one is interrupted.

    Those of an earlier batch are taken only if they import from where this process does now, and what it vouches for:
    a user's class of actors may have come or changed since.

    Raises
    ------
    BatchFailed
        If a process is killed, by the system for lack of memory for instance.
    """
    from joblib.externals.loky import get_reusable_executor

    seen = (list(sys.path), os.environ.get(user_classes.VOUCHED, ""), user_classes.digests())
    pool = get_reusable_executor(max_workers=workers, timeout=60, initializer=_see, initargs=seen)
    try:
        yield pool.submit
    except BaseException as error:
        pool.shutdown(wait=True, kill_workers=True)
        if isinstance(error, BrokenExecutor):
            raise BatchFailed(_LOST) from error
        raise


def _see(path: list[str], vouched: str, files: dict[str, str]) -> None:
    """Let a process import what the one that plays the batch can import; other ``files`` make it another process."""
    sys.path[:] = path
    os.environ[user_classes.VOUCHED] = vouched


def _result(future: Future[_Result]) -> _Result:
    while not wait((future,), timeout=_LOOK_UP).done:
        pass
    return future.result()
