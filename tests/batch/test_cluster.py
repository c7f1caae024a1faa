"""Tests of batches on a cluster: real schedulers and workers on this machine, killed, late and of another version."""

import gc
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim import batch
from sim.batch import cluster
from sim.batch.engines import BatchFailed
from sim.ensemble import open_ensemble, parquet_store
from sim.ensemble.writer import Writer
from tests.batch.test_batch import content
from tests.object_stores import objects, s3_server
from tests.worlds import tiny

pytestmark = pytest.mark.slow

distributed = pytest.importorskip("distributed")
ROOT = Path(__file__).resolve().parents[2]
RUNS, PART = 512, 128
OLD = """\
import importlib.metadata
known = importlib.metadata.version
importlib.metadata.version = lambda name: "0.0.9" if name == "sim" else known(name)
"""
BLIND = """
import sim.batch.cluster
sim.batch.cluster._mark_in = lambda _: ""
"""
STUCK = """
import sim.batch.cluster, time
sim.batch.cluster.examine = lambda *_: time.sleep(600)
"""


class Machines:
    """A scheduler and its workers, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        with socket.socket() as taken:
            taken.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
        port = self.address.rpartition(":")[2]
        self.processes = [self.started("scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard")]

    def worker(self, *options: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a worker."""
        found = self.started(
            "worker", self.address, "--no-nanny", "--nthreads", "1", "--no-dashboard", "--host", "127.0.0.1",
            "--local-directory", str(self.folder), *options, environment=environment,
        )  # fmt: skip
        self.processes.append(found)
        return found

    def started(self, *words: str, environment: dict[str, str] | None = None) -> subprocess.Popen[bytes]:
        """Start a process of dask."""
        environment = os.environ | {"PYTHONPATH": str(ROOT)} | (environment or {})
        return subprocess.Popen(
            [sys.executable, "-m", "distributed.cli.dask_" + words[0], *words[1:]],
            cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def wait_for(self, workers: int) -> None:
        """Wait until so many workers are there."""
        with distributed.Client(self.address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=30)

    def stop(self) -> None:
        """End all processes that still run."""
        for process in self.processes:
            process.kill()
            process.wait()


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    found = Machines(tmp_path / "scratch")
    yield found
    found.stop()


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parquet_store, "PART_RUNS", PART)


def loses_a_worker(machines: Machines) -> tuple[list[int], Callable[[int], None]]:
    """Start two workers; return the runs that are heard of, and a ``progress`` that kills one at the second word."""
    victim = machines.worker()
    machines.worker()
    machines.wait_for(2)
    done: list[int] = []

    def progress(runs: int) -> None:
        done.append(runs)
        if len(done) == 2:
            victim.kill()

    return done, progress


def test_a_cluster_leaves_the_same_bytes_though_one_of_its_workers_is_killed(
    machines: Machines, tmp_path: Path
) -> None:
    options: dict[str, Any] = {"seed": 5, "engine": "mesa", "keep": ["weekly"]}
    told, progress = loses_a_worker(machines)
    batch.run(tiny(), RUNS, **options, cluster=machines.address, out=tmp_path / "cluster", progress=progress)
    batch.run(tiny(), RUNS, **options, workers=1, out=tmp_path / "local")
    assert content(tmp_path / "cluster") == content(tmp_path / "local")
    assert sum(told) == RUNS


def test_a_late_worker_takes_over_where_the_only_one_died(machines: Machines) -> None:
    only = machines.worker()
    machines.wait_for(1)
    told: list[int] = []

    def progress(runs: int) -> None:
        told.append(runs)
        if len(told) == 1:
            only.kill()
            machines.worker()

    said: list[str] = []
    found = batch.run(tiny(), 192, 5, engine="mesa", cluster=machines.address, progress=progress, tell=said.append)
    assert found.runs.equals(batch.run(tiny(), 192, 5, engine="mesa", workers=1).runs)


def test_a_scheduler_that_dies_ends_the_batch_and_finished_parts_stand(
    machines: Machines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cluster, "_ANSWERS_WITHIN", 3.0)
    machines.worker()
    machines.wait_for(1)

    def progress(_: int) -> None:
        if (tmp_path / "out" / "_parts" / "00000.json").exists():
            machines.processes[0].kill()

    with pytest.raises(BatchFailed, match="no longer answers"):
        batch.run(tiny(), RUNS, 5, engine="mesa", cluster=machines.address, out=tmp_path / "out", progress=progress)
    assert len(open_ensemble(tmp_path / "out")) >= PART


def test_a_worker_of_another_version_is_refused_by_name_and_others_play_on(machines: Machines, tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(OLD, encoding="utf-8")
    machines.worker("--preload", str(tmp_path / "old.py"))
    machines.wait_for(1)
    with pytest.raises(ValueError, match=r"worker tcp://127\.0\.0\.1:\d+ runs sim 0\.0\.9, here is \d"):
        batch.run(tiny(), 100, 5, engine="mesa", cluster=machines.address)
    machines.worker()
    machines.wait_for(2)
    told: list[str] = []
    found = batch.run(tiny(), 100, 5, engine="mesa", cluster=machines.address, tell=told.append)
    assert len(found) == 100
    assert len(told) == 1 and "runs sim 0.0.9, here is" in told[0] and "it gets no blocks" in told[0]


@pytest.fixture
def played_here(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the parts that were put together in this process."""
    numbers: list[int] = []
    write = Writer.write

    def noted(self: Writer, number: int, *rest: Any) -> None:
        numbers.append(number)
        write(self, number, *rest)

    monkeypatch.setattr(Writer, "write", noted)
    return numbers


def test_workers_that_see_the_folder_write_its_parts_themselves(
    machines: Machines, tmp_path: Path, played_here: list[int]
) -> None:
    done, progress = loses_a_worker(machines)
    options: dict[str, Any] = {"seed": 5, "keep": ["weekly"]}
    batch.run(tiny(), 8 * PART, **options, cluster=machines.address, out=tmp_path / "cluster", progress=progress)
    assert played_here == [] and done == [PART] * 8
    batch.run(tiny(), 8 * PART, **options, workers=1, out=tmp_path / "local")
    assert content(tmp_path / "cluster") == content(tmp_path / "local")


def test_a_part_that_is_not_whole_where_workers_write_is_played_again(
    machines: Machines, tmp_path: Path, played_here: list[int]
) -> None:
    machines.worker()
    machines.wait_for(1)
    batch.run(tiny(), 3 * PART, 5, cluster=machines.address, out=tmp_path / "out")
    whole = content(tmp_path / "out")
    (tmp_path / "out" / "runs" / "00001.parquet").write_bytes(b"torn")
    lines: list[str] = []
    batch.run(tiny(), 3 * PART, 5, cluster=machines.address, out=tmp_path / "out", tell=lines.append)
    assert content(tmp_path / "out") == whole and played_here == [] and any("part 00001" in line for line in lines)


def test_parts_are_written_from_here_where_a_worker_does_not_see_the_folder(
    machines: Machines, tmp_path: Path, played_here: list[int]
) -> None:
    (tmp_path / "blind.py").write_text(BLIND, encoding="utf-8")
    machines.worker("--preload", str(tmp_path / "blind.py"))
    machines.wait_for(1)
    lines: list[str] = []
    options: dict[str, Any] = {"seed": 5, "cluster": machines.address}
    batch.run(tiny(), 3 * PART, **options, out=tmp_path / "out", tell=lines.append)
    assert played_here == [0, 1, 2] and any("does not see" in line and str(tmp_path / "out") in line for line in lines)


def test_few_parts_are_played_block_by_block_so_that_no_thread_waits(
    machines: Machines, tmp_path: Path, played_here: list[int]
) -> None:
    machines.worker("--nthreads", "2")
    machines.wait_for(1)
    batch.run(tiny(), PART, 5, cluster=machines.address, out=tmp_path / "out")
    assert played_here == [0]


def test_workers_write_into_a_bucket(machines: Machines, tmp_path: Path, played_here: list[int]) -> None:
    pytest.importorskip("moto")
    with s3_server() as environment:
        import s3fs

        s3fs.S3FileSystem().mkdir("forecasts")
        machines.worker(environment=environment)
        machines.wait_for(1)
        batch.run(tiny(), 3 * PART, 5, cluster=machines.address, out="s3://forecasts/runs")
        assert played_here == []
        there = objects("s3://forecasts/runs")
    batch.run(tiny(), 3 * PART, 5, out=tmp_path / "local")
    assert {name: there[name] for name in there if name != "_run.log"} == content(tmp_path / "local")


def test_a_worker_that_leaves_other_rows_is_refused() -> None:
    crew = cluster.Crew.__new__(cluster.Crew)
    crew._here, crew._folder = {"sim": "1", "fault": "", "canary": "aa"}, "/shared/runs"
    assert crew._fault({"sim": "1", "fault": "", "canary": "aa"}) == ""
    assert crew._fault({"sim": "1", "fault": "", "canary": "bb"}) == "leaves other rows than here"
    assert crew._fault({"sim": "1", "fault": "no such class"}) == "cannot play: no such class"
    assert crew._fault({"sim": "2", "fault": "no such class"}) == "runs sim 2, here is 1"
    crew._here["mark"] = "seen"
    there = {"sim": "1", "fault": "", "canary": "aa", "mark": ""}
    assert crew._fault(there) == "does not see /shared/runs, where the others write"


def test_a_scheduler_that_does_not_answer_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cluster, "_ANSWERS_WITHIN", 1.0)
    with pytest.raises(ValueError, match="no scheduler answers at"):
        batch.run(tiny(), 10, engine="mesa", cluster="tcp://127.0.0.1:9")


@pytest.mark.parametrize("address", ["nowhere at all", "", "http://host:80", "tcp://host", "s3://bucket"])
def test_what_is_no_address_is_refused_at_once_in_one_line(address: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ValueError, match="is no address of a scheduler, such as tcp://host:8786: ") as refused:
        batch.run(tiny(), 10, engine="mesa", cluster=address)
    gc.collect()
    assert "\n" not in str(refused.value) and capfd.readouterr() == ("", "")


def test_a_worker_of_another_version_is_not_even_examined(machines: Machines, tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text(OLD + STUCK, encoding="utf-8")
    machines.worker("--preload", str(tmp_path / "old.py"))
    machines.wait_for(1)
    with pytest.raises(ValueError, match=r"worker tcp://127\.0\.0\.1:\d+ runs sim 0\.0\.9, here is \d"):
        batch.run(tiny(), 100, 5, engine="mesa", cluster=machines.address)


def test_without_dask_it_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ValueError, match=r"pip install 'sim\[cluster\]'"):
        batch.run(tiny(), 10, engine="mesa", cluster="tcp://127.0.0.1:9")
