"""What a batch on a cluster costs the one that asks: `python benchmarks/cluster.py [--workers N ...] [--parts N N]`.

A scheduler and its workers of one thread each run on loopback. The same batch is played with the parts written by the
workers into a folder that all of them see, put together here from the blocks that come in, and written by the workers
into a bucket of an S3 server (`moto`, on loopback). Each is played in two sizes, so that what it costs once, workers
being examined and the manifest written, drops out: told is the processor time of the process that asks and of the
scheduler, for a part, and what follows for `--threads` threads that each play `--rate` runs a second. What a part costs
them that a worker writes does not depend on its size: `--part-runs 512` measures it without waiting for the runs.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any, NamedTuple
from unittest.mock import patch

from faults import dask
from measuring import HOME, parser, positive, tell

WAYS = ("workers, folder", "here, folder", "workers, bucket")
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing", "AWS_DEFAULT_REGION": "us-east-1"}
BUCKET = "forecasts"
WHOLE = 8_192
"""Runs of a part that is not made smaller."""


class Spent(NamedTuple):
    """What a batch took: wall-clock seconds, and processor seconds of who asks and of the scheduler."""

    wall: float
    asking: float
    scheduler: float


def free_port() -> int:
    """Return a port of loopback that nobody listens at."""
    import socket

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


@contextmanager
def processes() -> Iterator[list[subprocess.Popen[bytes]]]:
    """Give a list of processes, which are ended at last."""
    started: list[subprocess.Popen[bytes]] = []
    try:
        yield started
    finally:
        for process in started:
            process.kill()
            process.wait()


@contextmanager
def bucket() -> Iterator[None]:
    """Start an S3 server in a process of its own, with a bucket, and let this process and its children use it."""
    import s3fs

    port = free_port()
    environment = KEYS | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}"}
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with processes() as started, patch.dict(os.environ, environment):
        started.append(subprocess.Popen([sys.executable, "-m", "moto.server", "-p", str(port)], **quiet))
        for _ in range(100):
            try:
                s3fs.S3FileSystem(skip_instance_cache=True).mkdir(BUCKET)
                break
            except Exception:  # it does not listen yet
                sleep(0.2)
        yield


@contextmanager
def scheduler(workers: int, home: Path) -> Iterator[tuple[str, int]]:
    """Start a scheduler with so many workers of one thread, and give its address and process number."""
    from distributed import Client

    address = f"tcp://127.0.0.1:{free_port()}"
    local = ("--no-dashboard", "--host", "127.0.0.1")
    with processes() as started:
        started.append(dask("scheduler", *local, "--port", address.rpartition(":")[2]))
        one = ("worker", address, "--no-nanny", "--nthreads", "1", *local, "--local-directory", str(home / "dask"))
        started += [dask(*one) for _ in range(workers)]
        with Client(address, timeout=60, set_as_default=False) as client:
            client.wait_for_workers(workers, timeout=120)
        yield address, started[0].pid


def processor_seconds(process: int) -> float:
    """Return the processor time that a process of this machine has taken (Linux)."""
    fields = Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def play(way: str, scenario: str, runs: int, address: str, pid: int, out: str) -> Spent:
    """Play a batch in one of the ways, and return what it took."""
    import sim
    from sim.batch import cluster

    with ExitStack() as stack:
        if way.startswith("here"):
            stack.enter_context(patch.object(cluster.Crew, "may_write", lambda *_: False))
        wall, asking, there = perf_counter(), process_time(), processor_seconds(pid)
        sim.batch.run(scenario, runs, 1, cluster=address, out=out)
        return Spent(perf_counter() - wall, process_time() - asking, processor_seconds(pid) - there)


def measured(asked: argparse.Namespace, workers: int, home: Path) -> dict[str, Any]:
    """Return what a part costs in each way, with so many workers."""
    from sim.ensemble import parquet_store

    parquet_store.PART_RUNS = asked.part_runs
    few, many = (parts * asked.part_runs for parts in sorted(asked.parts))
    told: dict[str, Any] = {}
    with ExitStack() as stack:
        address, pid = stack.enter_context(scheduler(workers, home))
        for way in asked.ways:
            place = f"s3://{BUCKET}" if way.endswith("bucket") else str(home)
            outs = [f"{place}/{workers}-{way.replace(', ', '-')}-{runs}" for runs in (0, few, many)]
            play(way, asked.scenario, few, address, pid, outs[0])  # workers compile
            small, large = (
                play(way, asked.scenario, runs, address, pid, out)
                for runs, out in zip((few, many), outs[1:], strict=True)
            )
            parts = (many - few) / asked.part_runs
            asking, there = (
                (b - a) / parts for a, b in ((small.asking, large.asking), (small.scheduler, large.scheduler))
            )
            told[way] = {
                "wall_seconds": large.wall,
                "asking_ms_per_part": 1000 * asking,
                "scheduler_ms_per_part": 1000 * there,
                "runs_per_second_it_can_carry": (WHOLE if way.startswith("workers") else asked.part_runs)
                / max(asking, there, 1e-4),
            }
    return told


def benchmark(asked: argparse.Namespace) -> dict[str, Any]:
    """Return what parts cost for each number of workers, and how long 10^9 runs would take at the best."""
    with tempfile.TemporaryDirectory() as home, bucket() if "workers, bucket" in asked.ways else nullcontext():
        told = {f"{workers} workers": measured(asked, workers, Path(home)) for workers in asked.workers}
    wanted = asked.threads * asked.rate
    last = told[f"{asked.workers[-1]} workers"]
    planned = {
        way: {
            "runs_per_second": min(wanted, each["runs_per_second_it_can_carry"]),
            "hours_for_a_billion_runs": 1e9 / min(wanted, each["runs_per_second_it_can_carry"]) / 3600,
        }
        for way, each in last.items()
    }
    return {"parts": sorted(asked.parts), **told, f"{asked.threads} threads at {asked.rate:,}": planned}


def main() -> None:
    """Measure what the command line asks for."""
    made = parser(__doc__)
    made.add_argument("--workers", type=positive, nargs="+", default=[2, 4, 8])
    made.add_argument(
        "--parts", type=positive, nargs=2, default=[8, 40], help="of 8,192 runs: a small batch, a large one"
    )
    made.add_argument("--part-runs", type=positive, default=WHOLE)
    made.add_argument("--ways", nargs="+", choices=WAYS, default=list(WAYS))
    made.add_argument("--scenario", default="baseline")
    made.add_argument("--threads", type=positive, default=64 * 16, help="of the cluster that is planned")
    made.add_argument("--rate", type=positive, default=9_000, help="runs a second of one of its threads")
    asked = made.parse_args()
    tell(benchmark(asked), asked.json)


if __name__ == "__main__":
    sys.path.insert(0, str(HOME))
    main()
