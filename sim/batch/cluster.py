"""Many machines: blocks played by the workers of a dask.distributed scheduler.

``dask scheduler`` on one machine, ``dask worker tcp://HOST:8786`` on all (Mesa: ``--nworkers auto --nthreads 1``).
Each worker, late ones too, first plays a canary, a few runs of the batch, and says what it runs. One that runs another
version or leaves other rows gets no blocks. The blocks of a worker that dies go to others. What travels is pickled, so
only let those near a scheduler whom you would let run code on its workers.
"""

from __future__ import annotations

import hashlib
import pickle
import platform
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from functools import lru_cache
from importlib import metadata
from time import sleep
from typing import Any, NamedTuple

import numpy as np

from sim.batch import block, manifest
from sim.batch.block import Done, Job
from sim.batch.engines import BatchFailed
from sim.ensemble import part_writing
from sim.ensemble.atomic_files import place_of_ensemble
from sim.ensemble.destination import Shared

CANARY = 16
"""Runs of the canary."""
_ANSWERS_WITHIN = 10.0
_LOOK_UP = 0.25
_BLOCKS_PER_THREAD = 3
_TRIES = 4
"""How often a block is sent again: the scheduler itself gives it to some workers in turn if they die under it."""


class Worker(NamedTuple):
    """A worker process of a scheduler: its address may be that of another, later on; its folder is its own."""

    address: str
    folder: str


class _Sent(NamedTuple):
    call: tuple[Any, ...]
    to: frozenset[str]
    future: Any
    tries: int = 1


@contextmanager
def crew(address: str, job: Job, tell: Callable[[str], None], shared: Shared | None) -> Iterator[Crew]:
    """Give the workers of the scheduler at ``address`` something of a batch to do.

    ``shared`` is the folder that they may write parts into, if all of them see it.

    Raises
    ------
    ValueError
        If dask.distributed is not installed or the scheduler does not answer.
    """
    try:
        from distributed import Client
    except ImportError as error:
        raise ValueError("a cluster needs dask.distributed: pip install 'sim[cluster]'") from error
    _check_address(address)
    try:
        client = Client(address, timeout=_ANSWERS_WITHIN, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise ValueError(f"no scheduler answers at {address!r}: {error}") from error
    try:
        with part_writing.marked(shared and place_of_ensemble(shared.folder)) as mark:
            yield Crew(client, address, job, tell, shared, mark)
    finally:
        client.close()


def _check_address(address: str) -> None:
    """Refuse what is no address before a client is made of it, which would leave a traceback behind."""
    from distributed.comm.addressing import get_address_host_port, parse_address
    from distributed.comm.registry import backends

    try:
        scheme, _ = parse_address(address, strict=False)
        if scheme not in backends:
            raise ValueError(f"{scheme!r} is not a kind of address; allowed: tcp, tls, ws, wss")
        if scheme in ("tcp", "tls"):
            get_address_host_port(address, strict=True)
    except ValueError as error:
        raise ValueError(f"{address!r} is no address of a scheduler, such as tcp://host:8786: {error}") from None


class Crew:
    """The workers of a scheduler; ``fit`` are the threads of those that may play, by address."""

    def __init__(
        self, client: Any, address: str, job: Job, tell: Callable[[str], None], shared: Shared | None, mark: str
    ) -> None:
        self._client, self._address, self._tell = client, address, tell
        self._folder, self._mark = (shared.folder if shared else None), mark
        self._marks: dict[str, str] = {}
        pickled = pickle.dumps(job)
        self._here = _versions() | _canary(job)
        self._job = client.submit(bytes, pickled, pure=False)
        self._asked: dict[Worker, Any] = {}
        self._answers: dict[Worker, Any] = {}
        self._faults: dict[Worker, str] = {}
        self._fetchers = ThreadPoolExecutor(thread_name_prefix="sim-fetch")
        self.fit: dict[str, int] = {}

    def may_write(self, parts: int) -> bool:
        """Return whether workers write parts themselves; from then on one that does not see the folder is not fit.

        They do where all that are fit see the folder, and there are at least as many parts as they have threads.
        """
        if self._folder is None:
            return False
        self._wait_for_a_worker()
        blind = [address for address in self.fit if self._marks[address] != self._mark]
        if blind:
            self._tell(f"worker {blind[0]} does not see {self._folder}, so parts are written from here")
        if blind or parts < sum(self.fit.values()):
            return False
        self._here["mark"] = self._mark
        return True

    def in_order(self, calls: Iterable[tuple[Any, ...]], play: Callable[..., Any]) -> Generator[Any, None, None]:
        """Yield what ``play`` gives for the pickled job and each of ``calls``, in order.

        Raises
        ------
        ValueError
            If there are workers and none is fit.
        BatchFailed
            If the scheduler is lost, or worker after worker dies under a block.
        """
        under_way: deque[_Sent] = deque()
        self._play = play
        try:
            for call in calls:
                under_way.append(self._send(call))
                while len(under_way) >= _BLOCKS_PER_THREAD * sum(self.fit.values()):
                    yield self._first(under_way)
            while under_way:
                yield self._first(under_way)
        except Exception as error:
            self._check_scheduler(error)
            raise
        finally:
            # Where the scheduler is lost, there is nothing left to cancel.
            with suppress(Exception):
                self._client.cancel([sent.future for sent in under_way])
            self._fetchers.shutdown(wait=False, cancel_futures=True)

    def _check_scheduler(self, error: Exception | None = None) -> None:
        if self._client.status not in ("running", "connecting"):
            raise BatchFailed(f"the scheduler at {self._address} no longer answers") from error

    def _send(self, call: tuple[Any, ...], tries: int = 1) -> _Sent:
        self._wait_for_a_worker()
        only = {"workers": sorted(self.fit), "allow_other_workers": False, "pure": False}
        return _Sent(call, frozenset(self.fit), self._client.submit(self._play, self._job, *call, **only), tries)

    def _first(self, under_way: deque[_Sent]) -> Any:
        """Return what the first block or part left, once it has; in the meantime look after workers and all blocks."""
        fetched = self._fetchers.submit(under_way[0].future.result)
        while not wait((fetched,), timeout=_LOOK_UP).done:
            self._look()
            for at, sent in enumerate(under_way):
                if self._is_lost(sent):
                    under_way[at] = self._again(sent)
                    fetched = self._fetchers.submit(under_way[0].future.result) if at == 0 else fetched
        error = fetched.exception()
        if error is None or not (isinstance(error, OSError) or self._is_lost(under_way[0])):
            under_way.popleft()
            return fetched.result()
        self._look()
        under_way[0] = self._again(under_way[0])
        return self._first(under_way)

    def _is_lost(self, sent: _Sent) -> bool:
        """Return whether a block is played no more: all whom it was sent to have left, or died under it."""
        from distributed import KilledWorker

        if sent.future.status == "finished":
            return False
        died = sent.future.status == "error" and isinstance(sent.future.exception(), KilledWorker)
        return died or sent.future.status == "cancelled" or sent.to.isdisjoint(self.fit)

    def _again(self, sent: _Sent) -> _Sent:
        if sent.tries == _TRIES:
            raise BatchFailed(f"a block was lost {_TRIES} times at {self._address}: worker after worker left or died")
        sent.future.cancel()
        return self._send(sent.call, sent.tries + 1)

    def _wait_for_a_worker(self) -> None:
        if not self.fit:
            self._look()
        if not self._asked:
            self._tell(f"waiting for workers at {self._address}")
        while not self.fit:
            if self._asked and all(self._faults.get(worker) for worker in self._asked):
                raise ValueError("; ".join(self._faults[worker] for worker in self._asked))
            sleep(_LOOK_UP)
            self._look()

    def _look(self) -> None:
        """Examine workers that came, and forget those that left."""
        self._check_scheduler()
        workers = self._client.scheduler_info(n_workers=-1).get("workers", {})
        present = {Worker(address, about["local_directory"]): about["nthreads"] for address, about in workers.items()}
        for worker in present.keys() - self._asked.keys():
            self._asked[worker] = self._client.submit(metadata.version, "sim", **_only(worker))
        for worker in self._asked.keys() - present.keys():
            self._asked.pop(worker).cancel()
            if worker in self._answers:
                self._answers.pop(worker).cancel()
        for worker, asked in self._asked.items():
            if asked.done() and worker not in self._answers and worker not in self._faults:
                self._examine_if_same(worker, asked)
        for worker, answer in self._answers.items():
            if answer.done() and worker not in self._faults:
                self._judge(worker, answer)
        self.fit = {
            worker.address: threads for worker, threads in present.items() if self._faults.get(worker, "?") == ""
        }

    def _examine_if_same(self, worker: Worker, asked: Any) -> None:
        """Examine a worker whose version is the one here; another may not even know what that is."""
        error = asked.exception() if asked.status == "error" else None
        if error is not None and not isinstance(error, metadata.PackageNotFoundError):
            self._refuse(worker, f"cannot play: {error!r}")
            return
        there = "0" if error is not None else asked.result()
        if there == self._here["sim"]:
            self._answers[worker] = self._client.submit(examine, self._job, self._folder, **_only(worker))
        else:
            what = "has no sim" if error is not None else f"runs sim {there}"
            self._refuse(worker, f"{what}, here is {self._here['sim']}")

    def _judge(self, worker: Worker, answer: Any) -> None:
        if answer.status == "error":
            self._refuse(worker, f"cannot play: {answer.exception()!r}")
            return
        there = answer.result()
        self._marks[worker.address] = there.get("mark", "")
        self._refuse(worker, self._fault(there))

    def _refuse(self, worker: Worker, fault: str) -> None:
        """Note what is wrong with a worker, in words, or that nothing is."""
        self._faults[worker] = fault and f"worker {worker.address} {fault}"
        if fault:
            self._tell(f"{self._faults[worker]}; it gets no blocks")

    def _fault(self, there: dict[str, str]) -> str:
        for what, here in self._here.items():
            if there[what] != here:
                sentences = {
                    "fault": f"cannot play: {there[what]}",
                    "canary": "leaves other rows than here",
                    "mark": f"does not see {self._folder}, where the others write",
                }
                return sentences.get(what, f"runs {what} {there[what]}, here is {here}")
        return ""


def _only(worker: Worker) -> dict[str, Any]:
    """Return the options that send a call to one worker."""
    return {"workers": [worker.address], "allow_other_workers": False, "pure": False}


def examine(pickled: bytes, folder: str | None = None) -> dict[str, str]:
    """Return what this process runs and leaves of the first runs of a batch, or why it cannot play them.

    ``mark`` is what it reads in the folder that workers share, empty if it does not see it.
    """
    versions = _versions()
    try:
        return versions | _canary(job_of(pickled)) | {"mark": _mark_in(folder)}
    except Exception as error:  # of whatever kind: other versions may be why, and are told first
        return versions | {"fault": f"{type(error).__name__}: {error}"}


def _versions() -> dict[str, str]:
    python = ".".join(platform.python_version_tuple()[:2])
    return {
        "sim": manifest.sim_version(),
        "Python": python,
        "numpy": np.__version__,
        "arithmetic": manifest.arithmetic(),
    }


def _canary(job: Job) -> dict[str, str]:
    done = block.play(job._replace(quantiles=None, values=None, weekly=False), 0, CANARY)
    content = hashlib.sha256(repr(done.failures).encode())
    for numbers in (done.played.rows, done.played.seats):
        content.update(np.where(np.isnan(numbers), np.nan, numbers).tobytes())
    return {"fault": "", "code": manifest.writer(job.engine), "canary": content.hexdigest()}


def _mark_in(folder: str | None) -> str:
    try:
        return part_writing.mark_of(place_of_ensemble(folder)) if folder is not None else ""
    except (OSError, ValueError):  # no such folder, no right to it, or nothing that speaks to its store
        return ""


def play(pickled: bytes, first: int, runs: int) -> Done:
    """Play ``runs`` runs of a pickled job, of which number ``first`` is the first."""
    return block.play(job_of(pickled), first, runs)


@lru_cache(maxsize=2)
def job_of(pickled: bytes) -> Job:
    """Return a job from its pickle, which every call of a worker is handed."""
    job: Job = pickle.loads(pickled)
    return job
