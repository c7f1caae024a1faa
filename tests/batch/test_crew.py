"""The crew of a batch, held to a scheduler of these tests' own: who is examined, plays, is refused and is forgotten.

Real schedulers and workers stand in ``test_cluster.py``, which takes minutes.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable
from concurrent.futures import Future
from importlib import metadata
from typing import Any

import pytest

from sim import world
from sim.batch import cluster
from sim.batch.block import Job
from sim.batch.cluster import CANARY, Crew
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

    def scheduler_info(self, **_: Any) -> Any:
        workers = {at: {"local_directory": "/local", "nthreads": threads} for at, threads in self.workers.items()}
        return {"workers": workers}

    def submit(self, call: Callable[..., Any], *given: Any, workers: tuple[str, ...] = ("",), **_: Any) -> Done:
        if call is metadata.version and workers[0] in self.versions:
            return Done(lambda: self.versions[workers[0]])
        if call is cluster.examine:
            self.examined.append(workers[0])
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
