"""What faults leave of a batch: `python benchmarks/faults.py [--kills N] [--others N] [--cluster N] [--part-runs N]`.

A batch is killed at random moments, runs out of disk, meets a folder that it may not write to and parts with flipped
bytes; on a cluster workers are killed and paused, and the scheduler is killed. After every fault the same batch goes
on. Counted is what must not be: parts finished before that changed, rows that stand twice, bytes that differ from those
of an undisturbed batch. Batches are forked from this process, so that a fault meets the batch and not the imports.
Parts are small, so that kills fall between and into them; `--part-runs 8192 --runs 32768` has them in real size. Only
root may mount a small file system and fill it; elsewhere that fault is left out, and said so.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import resource
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import sleep
from typing import Any

from measuring import HOME, parser, positive, seconds, tell

BAD = ("files changed", "rows twice", "bytes differ", "not refused")
NOBODY = 65_534
MEGA = 1 << 20
Work = Callable[[], object]


class Batch:
    """One batch in small parts, and what it leaves undisturbed."""

    def __init__(self, home: Path, scenario: str, runs: int, part_runs: int) -> None:
        import sim
        from sim.ensemble import parquet_store

        parquet_store.PART_RUNS = part_runs
        self.home, self.runs, self.scenario, self.counts = home, runs, sim.load(scenario), Counter[str]()
        self.luck = random.Random(1)
        self.play(home / "undisturbed")
        self.seconds = seconds(lambda: self.play(home / "again"))
        self.bytes = content(home / "undisturbed")
        assert content(home / "again") == self.bytes

    def play(self, folder: Path, **options: Any) -> None:
        """Run the batch, or what a folder lacks of it."""
        import sim

        sim.run(self.scenario, self.runs, out=folder, workers=2, **options)

    def new(self) -> Path:
        """Return a folder that does not exist yet."""
        self.counts["batches"] += 1
        return self.home / f"batch-{self.counts['batches']}"

    def go_on(self, folder: Path) -> None:
        """Let a batch go on undisturbed after a fault, and compare what it leaves."""
        self.hold(folder, lambda: self.play(folder))
        self.counts["bytes differ"] += content(folder) != self.bytes
        self.counts["rows twice"] += twice(folder)

    def hold(self, folder: Path, work: Work) -> None:
        """Do something, and count the files of finished parts that it changed or lost."""
        before = finished(folder)
        work()
        after = finished(folder)
        self.counts["files held"] += len(before)
        self.counts["files changed"] += sum(after.get(name) != stamp for name, stamp in before.items())


def content(folder: Path) -> dict[str, bytes]:
    """Return the checksum of every file, but for the log, which tells the time, and the lock."""
    files = [path for path in folder.rglob("*") if path.is_file() and path.name not in ("_run.log", ".lock")]
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).digest() for path in files}


def finished(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Return time and checksum of the files of every part whose record stands."""
    numbers = [path.stem for path in folder.glob("_parts/*.json")]
    files = [path for number in numbers for path in folder.glob(f"*/{number}.*")]
    return {str(path): (path.stat().st_mtime_ns, hashlib.sha256(path.read_bytes()).digest()) for path in files}


def twice(folder: Path) -> int:
    """Return how many runs stand there more than once."""
    import sim

    runs = sim.open_ensemble(folder).runs["run"]
    return int(len(runs) - runs.nunique())


def forked(work: Work, before: Work = lambda: None) -> int:
    """Do some work in a process forked from this one, silently, and return the process's id."""
    process = os.fork()
    if process:
        return process
    status = 1
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        before()
        work()
        status = 0
    finally:
        os._exit(status)


def kills(batch: Batch, number: int) -> None:
    """Kill a batch at random moments; it goes on until it is whole, and then another begins."""
    folder, under_way = batch.new(), 0
    while batch.counts["kills"] < number:

        def killed(folder: Path = folder) -> None:
            process = forked(lambda: batch.play(folder))
            sleep(batch.luck.uniform(0.0, batch.seconds))
            os.kill(process, signal.SIGKILL)
            ended = os.waitstatus_to_exitcode(os.waitpid(process, 0)[1])
            batch.counts["kills" if ended < 0 else "ended before the kill"] += 1

        batch.hold(folder, killed)
        left_over = [*folder.glob(".*.new"), *folder.glob("*/.*.new")]
        batch.counts["kills in the middle of a file"] += bool(left_over)
        under_way += 1
        if under_way == 3 or batch.counts["kills"] == number:
            batch.go_on(folder)
            folder, under_way = batch.new(), 0


def file_too_large(batch: Batch) -> None:
    """Let no file grow beyond a random size."""
    folder, largest = batch.new(), max(path.stat().st_size for path in (batch.home / "undisturbed").rglob("*"))
    most = batch.luck.randrange(1, largest)
    process = forked(lambda: batch.play(folder), lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)))
    batch.counts["files too large"] += 1
    batch.counts["not refused"] += os.waitpid(process, 0)[1] == 0
    batch.go_on(folder)


def full_file_system(batch: Batch) -> None:
    """Run on a file system that is full but for a random part of what a batch takes; then somebody makes room there."""
    whole = sum(path.stat().st_size for path in (batch.home / "undisturbed").rglob("*") if path.is_file())
    with mounted(batch.new(), 2 * whole + 64 * MEGA) as disk:
        if disk is None:
            batch.counts["file systems that could not be mounted here"] += 1
            return
        folder, ballast = disk / "ensemble", disk / "ballast"
        free = os.statvfs(disk).f_bavail * os.statvfs(disk).f_frsize
        with ballast.open("wb") as handle:
            os.posix_fallocate(handle.fileno(), 0, free - batch.luck.randrange(MEGA // 8, max(MEGA // 4, whole // 2)))
        process = forked(lambda: batch.play(folder))
        batch.counts["file systems full"] += 1
        batch.counts["not refused"] += os.waitpid(process, 0)[1] == 0
        ballast.unlink()
        batch.go_on(folder)


@contextmanager
def mounted(folder: Path, size: int) -> Iterator[Path | None]:
    """Mount a new file system of so many bytes (ext4, in a file beside the folder); None where that cannot be."""
    folder.mkdir()
    image = folder.with_suffix(".img")
    image.touch()
    os.truncate(image, size)
    commands = (("mkfs.ext4", "-q", "-m", "0", image), ("mount", "-o", "loop", image, folder))
    if not all(done(*command) for command in commands):
        yield None
        return
    try:
        yield folder
    finally:
        done("umount", folder)
        image.unlink()


def done(*command: str | Path) -> bool:
    """Return whether a command is there and ends well; what it says is dropped."""
    if os.getuid() or not shutil.which(command[0]):
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def read_only(batch: Batch) -> None:
    """Let somebody go on who may not write there."""
    folder = batch.new()
    batch.play(folder)
    (folder / "_parts" / "00001.json").unlink()

    def refused() -> None:
        process = forked(lambda: batch.play(folder), lambda: os.setuid(NOBODY) if os.getuid() == 0 else None)
        batch.counts["not refused"] += os.waitpid(process, 0)[1] == 0

    for path in (folder, *folder.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    batch.counts["folders read-only"] += 1
    batch.hold(folder, refused)
    for path in (folder, *folder.rglob("*")):
        path.chmod(0o755 if path.is_dir() else 0o644)
    batch.go_on(folder)


def flipped(batch: Batch) -> None:
    """Flip a byte in a file of a whole batch; it is told and made again."""
    folder, said = batch.new(), list[str]()
    batch.play(folder)
    path = batch.luck.choice([*folder.glob("*/*.parquet"), *folder.glob("_parts/*.json")])
    bytes_ = bytearray(path.read_bytes())
    bytes_[batch.luck.randrange(len(bytes_))] ^= 1 << batch.luck.randrange(8)
    path.write_bytes(bytes_)
    batch.counts["bytes flipped"] += 1
    batch.play(folder, tell=said.append)
    batch.counts["not refused"] += not any(f"{path.parent.name}/{path.name} is damaged" in line for line in said)
    batch.counts["bytes differ"] += content(folder) != batch.bytes
    batch.counts["rows twice"] += twice(folder)


def clustered(batch: Batch, fault: str) -> None:
    """Run a batch on two workers and kill or pause a worker, or kill the scheduler, when a part is finished."""
    from distributed import Client

    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    address, folder = f"tcp://127.0.0.1:{port}", batch.new()
    local = ("--no-dashboard", "--host", "127.0.0.1")
    processes = [dask("scheduler", *local, "--port", str(port))]
    worker = ("worker", address, "--no-nanny", "--nthreads", "1", *local, "--local-directory", str(batch.home / "dask"))
    processes += [dask(*worker), dask(*worker)]
    done: list[str] = []

    def progress(_: int) -> None:
        if done or not (folder / "_parts" / "00000.json").exists():
            return
        done.append(fault)
        victim = processes[0 if fault == "schedulers killed" else 1]
        victim.send_signal(signal.SIGSTOP if fault == "workers paused" else signal.SIGKILL)
        if fault == "workers paused":
            sleep(3)
            victim.send_signal(signal.SIGCONT)

    try:
        with Client(address, timeout=30, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=30)
        batch.play(folder, cluster=address, progress=progress)
    except RuntimeError:  # BatchFailed, as the scheduler is gone
        batch.counts["batches ended by a lost scheduler"] += 1
    finally:
        for process in processes:
            process.kill()
            process.wait()
    batch.counts[fault] += len(done)
    batch.go_on(folder)


def dask(what: str, *options: str) -> subprocess.Popen[bytes]:
    """Start a process of dask."""
    command = [sys.executable, "-m", f"distributed.cli.dask_{what}", *options]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(HOME)}, cwd=HOME, **quiet)


def faults(asked: argparse.Namespace) -> dict[str, Any]:
    """Return how often each fault was brought about, and what went wrong."""
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o755)
        batch = Batch(Path(home), asked.scenario, asked.runs, asked.part_runs)
        if asked.kills:
            kills(batch, asked.kills)
        for _ in range(asked.others):
            for fault in (file_too_large, full_file_system, read_only, flipped):
                fault(batch)
        for _ in range(asked.cluster):
            for name in ("workers killed", "workers paused", "schedulers killed"):
                clustered(batch, name)
        wrong = {name: batch.counts.pop(name, 0) for name in BAD}
        return {"seconds_a_batch": batch.seconds, "faults": dict(batch.counts), "wrong": wrong}


def main() -> None:
    """Print the counts; end with status 1 if anything went wrong."""
    asked = parser(__doc__)
    asked.add_argument("scenario", nargs="?", default="baseline", help="a shipped scenario's name")
    asked.add_argument("--kills", type=int, default=100, help="how often a batch is killed")
    asked.add_argument("--others", type=int, default=10, help="full disks, read-only folders, flipped bytes, of each")
    asked.add_argument("--cluster", type=int, default=2, help="workers killed and paused, schedulers killed, of each")
    asked.add_argument("--runs", type=positive, default=4_096)
    asked.add_argument("--part-runs", type=positive, default=512, help="runs in a part; in real use 8,192")
    given = asked.parse_args()
    found = faults(given)
    tell({"scenario": given.scenario, "runs": given.runs, "part_runs": given.part_runs, **found}, given.json)
    raise SystemExit(int(any(found["wrong"].values())))


if __name__ == "__main__":
    main()
