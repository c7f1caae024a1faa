"""The crew of a batch, held to a scheduler of these tests' own: who is examined, plays, is refused and is forgotten.

Real schedulers and workers stand in ``test_cluster.py``, which takes minutes.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from importlib import metadata
from types import SimpleNamespace
from typing import Any

import pytest

from sim import world
from sim.batch import cluster
from sim.batch.block import Job
from sim.batch.cluster import CANARY, Crew, _Sent
from sim.batch.engines import BatchFailed
from tests.worlds import tiny

JOB = Job(world.build(tiny()), 5, "mesa", (), False, 0, None, None, False)


class Done(Future[Any]):
    """A call as dask hands it out: finished at once, in error or not."""

    def __init__(self, call: Callable[..., Any], *given: Any) -> None:
        super().__init__()
        try:
            self.set_result(call(*(each.result() if isinstance(each, Done) else each for each in given)))
            self.status = "finished"
        except Exception as error:
            self.set_exception(error)
            self.status = "error"


class Client:
    """A scheduler with workers that a test names; ``versions`` are those of ``sim`` there, else the one here."""

    status = "running"

    def __init__(self) -> None:
        self.workers: dict[str, int] = {}
        self.versions: dict[str, str] = {}
        self.examined: list[str] = []
        self.leaves: dict[str, dict[str, str]] = {}
        """What an examination gives otherwise, by worker."""

    def scheduler_info(self, **_: Any) -> Any:
        workers = {at: {"local_directory": "/local", "nthreads": threads} for at, threads in self.workers.items()}
        return {"workers": workers}

    def submit(self, call: Callable[..., Any], *given: Any, workers: tuple[str, ...] = ("",), **_: Any) -> Done:
        if call is metadata.version and workers[0] in self.versions:
            return Done(lambda: self.versions[workers[0]])
        if call is cluster.examine:
            self.examined.append(workers[0])
            return Done(lambda *asked: call(*asked) | self.leaves.get(workers[0], {}), *given)
        return Done(call, *given)

    def cancel(self, _: Any) -> None:
        pass


@pytest.fixture
def client() -> Client:
    return Client()


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def crew(client: Client, told: list[str], monkeypatch: pytest.MonkeyPatch) -> Crew:
    monkeypatch.setattr(cluster, "_LOOK_UP", 0.01)
    return Crew(client, "tcp://here:1", JOB, told.append, None, "")


def test_a_worker_that_comes_is_asked_its_version_then_examined_and_is_fit(crew: Crew, client: Client) -> None:
    client.workers = {"a": 2, "b": 1}
    crew._look()
    assert sorted(client.examined) == ["a", "b"]
    assert crew.fit == {"a": 2, "b": 1}
    crew._look()
    assert len(client.examined) == 2


def test_a_worker_that_leaves_is_fit_no_more_until_it_comes_again(crew: Crew, client: Client) -> None:
    client.workers = {"a": 1}
    crew._look()
    client.workers = {}
    crew._look()
    assert crew.fit == {}
    client.workers = {"a": 1}
    crew._look()
    assert crew.fit == {"a": 1}


def test_a_worker_of_another_version_is_refused_without_an_examination(
    crew: Crew, client: Client, told: list[str]
) -> None:
    client.workers, client.versions = {"old": 1, "new": 1}, {"old": "0.0.9"}
    crew._look()
    assert client.examined == ["new"] and crew.fit == {"new": 1}
    assert told == [f"worker old runs sim 0.0.9, here is {metadata.version('sim')}; it gets no blocks"]


def test_where_no_worker_is_fit_the_batch_ends_with_what_is_wrong_with_each(crew: Crew, client: Client) -> None:
    client.workers, client.versions = {"old": 1}, {"old": "0.0.9"}
    with pytest.raises(ValueError, match=r"worker old runs sim 0\.0\.9"):
        list(crew.in_order([(0, CANARY)], cluster.play))


def test_blocks_come_in_the_order_in_which_they_were_asked_for(crew: Crew, client: Client) -> None:
    client.workers = {"a": 1}
    calls = [(first, 2) for first in (4, 0, 2)]
    given = list(crew.in_order(calls, cluster.play))
    here = [cluster.play(pickle.dumps(JOB), *call) for call in calls]
    assert [each.played.rows.tobytes() for each in given] == [each.played.rows.tobytes() for each in here]


SEEN = {"mark": "the mark"}


def sharing(client: Client, told: list[str], monkeypatch: pytest.MonkeyPatch, folder: str | None = "shared") -> Crew:
    """Return a crew that shares a folder with workers of two threads and of one."""
    monkeypatch.setattr(cluster, "_LOOK_UP", 0.01)
    client.workers = {"a": 2, "b": 1}
    shared = SimpleNamespace(folder=folder) if folder else None
    return Crew(client, "tcp://here:1", JOB, told.append, shared, "the mark")  # type: ignore[arg-type]


@pytest.mark.parametrize(("parts", "may"), [(2, False), (3, True), (4, True)])
def test_workers_that_see_the_folder_write_if_there_are_as_many_parts_as_threads(
    parts: int, may: bool, client: Client, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.leaves = {"a": SEEN, "b": SEEN}
    crew = sharing(client, told, monkeypatch)
    assert crew.may_write(parts) is may
    assert told == ["waiting for workers at tcp://here:1"] * (told != [])
    client.workers["c"] = 1
    crew._look()
    assert ("c" in crew.fit) is not may
    assert [line for line in told if "worker c" in line] == [
        "worker c does not see shared, where the others write; it gets no blocks"
    ] * may


def test_where_a_worker_does_not_see_the_folder_parts_are_written_from_here(
    client: Client, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    client.leaves = {"a": SEEN}
    assert sharing(client, told, monkeypatch).may_write(9) is False
    assert told[-1] == "worker b does not see shared, so parts are written from here"


def test_without_a_folder_workers_write_nothing_and_none_is_asked(
    client: Client, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert sharing(client, told, monkeypatch, None).may_write(9) is False
    assert client.examined == [] and told == []


@pytest.mark.parametrize(
    ("leaves", "why"),
    [
        ({"canary": "other"}, "leaves other rows than here"),
        ({"fault": "MemoryError: none"}, "cannot play: MemoryError: none"),
        ({"Python": "2.7"}, "runs Python 2.7, here is "),
        ({"numpy": "0.1"}, "runs numpy 0.1, here is "),
        ({"numpy": "0.1", "canary": "other", "fault": "x"}, "runs numpy 0.1, here is "),
    ],
)
def test_a_worker_that_is_otherwise_is_refused_with_the_first_of_what_differs(
    leaves: dict[str, str], why: str, crew: Crew, client: Client, told: list[str]
) -> None:
    client.workers, client.leaves = {"a": 2, "b": 1}, {"a": leaves}
    for _ in range(2):
        crew._look()
    assert crew.fit == {"b": 1}
    (line,) = told
    assert line.startswith(f"worker a {why}") and line.endswith("; it gets no blocks")


def test_a_block_that_is_lost_again_and_again_ends_the_batch(crew: Crew, client: Client) -> None:
    client.workers = {"a": 1}
    crew._play = lambda *_: None
    sent = crew._send((0, 4))
    for tries in range(2, cluster._TRIES + 1):
        sent = crew._again(sent)
        assert (sent.tries, sent.call, sent.to) == (tries, (0, 4), frozenset({"a"}))
    with pytest.raises(BatchFailed, match=rf"^a block was lost {cluster._TRIES} times at tcp://here:1: worker after"):
        crew._again(sent)


def test_a_block_is_lost_if_all_whom_it_was_sent_to_have_left_and_it_is_not_done(crew: Crew, client: Client) -> None:
    crew.fit = {"a": 1, "b": 1}
    done, pending = Done(int), Done(int)
    pending.status = "pending"
    for future, to, lost in ((done, "c", False), (pending, "c", True), (pending, "b", False)):
        assert crew._is_lost(_Sent((), frozenset({to}), future, 1)) is lost
    pending.status = "cancelled"
    assert crew._is_lost(_Sent((), frozenset({"a"}), pending, 1))
    failed = Done(int, "x")
    assert not crew._is_lost(_Sent((), frozenset({"a"}), failed, 1))
