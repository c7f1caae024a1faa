"""Workers on this machine: threads or processes, results in order, and never far ahead of who takes them."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from typing import Any, TypeVar

_Result = TypeVar("_Result")
Submit = Callable[..., "Future[Any]"]
_LOOK_UP = 0.5
"""Seconds between looks at whether the batch was interrupted: a thread that waits for a lock does not notice."""


def in_order(
    submit: Submit, play: Callable[..., _Result], calls: Iterable[tuple[Any, ...]], ahead: int
) -> Generator[_Result, None, None]:
    """Yield what ``play`` gives for each of ``calls``, in order; at most ``ahead`` calls are under way or done.

    An iterator that is closed early cancels what has not begun.
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
    """Give threads something to do; at the end, or if interrupted, they finish what they have begun and no more."""
    pool = ThreadPoolExecutor(workers, thread_name_prefix="sim")
    try:
        yield pool.submit
    finally:
        pool.shutdown(wait=True, cancel_futures=True)


@contextmanager
def processes(workers: int) -> Iterator[Submit]:
    """Give processes something to do; they stay for the next batch, and are killed if this one is interrupted."""
    from joblib.externals.loky import get_reusable_executor

    pool = get_reusable_executor(max_workers=workers, timeout=60)
    try:
        yield pool.submit
    except BaseException:
        pool.shutdown(wait=True, kill_workers=True)
        raise


def _result(future: Future[_Result]) -> _Result:
    while not wait((future,), timeout=_LOOK_UP).done:
        pass
    return future.result()
