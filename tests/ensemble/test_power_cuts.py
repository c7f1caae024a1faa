"""Tests of ensembles on a disk that loses power: at every operation, several times over, and with planted faults."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import numpy as np
import pandas as pd
import pytest

from sim.batch import run as run_batch
from sim.batch.design_points import Points
from sim.batch.input_design import InputDesign
from sim.batch.kept_blocks import KeptBlocks
from sim.cli.observe import observe
from sim.ensemble import disk, handing_on, open_ensemble, parquet_store
from sim.ensemble import writer as writing
from sim.ensemble.ensemble import Ensemble
from tests.planted_faults import PLANTED, planted
from tests.power_cuts import (
    FEW,
    MANY,
    NAMES,
    Broken,
    History,
    Session,
    Stop,
    about,
    content,
    lived,
    operations,
    random_sessions,
    tables,
)
from tests.simulated_disk import PowerCut, SimulatedDisk
from tests.worlds import tiny

MEMORY = Path("/dev/shm")
"""A file system in memory, where there is one."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path_factory.getbasetemp()) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def steps(home: Path) -> list[tuple[str, str]]:
    """Return the operations of a batch, by name and path: the first has the number 1."""
    return operations(home)


# --- batches ---------------------------------------------------------------------------------------------------------


def test_a_batch_cut_at_any_operation_loses_nothing_finished_and_goes_on_to_the_same_bytes(
    home: Path, steps: list[tuple[str, str]]
) -> None:
    assert {name for name, _ in steps} == {
        "create", "write", "sync file", "sync folder", "replace", "make folder", "read", "look", "list",
    }  # fmt: skip
    counts = Counter[str]()
    changes = [at for at, (name, _) in enumerate(steps, 1) if name not in ("read", "look", "list")]
    for at in changes:  # each is cut after: what only reads leaves a disk as it is
        counts.update(lived(home, at, [Session(MANY, 1, Stop(at + 1, "cut"))]).disk.counts)
    assert min(counts[what] for what in ("files torn", "files old", "files new", "entries lost", "entries down")) > 50


def test_batches_cut_killed_and_failed_by_their_disk_lose_nothing_finished(home: Path) -> None:
    random, counts = Random(3), Counter[str]()
    for seed in range(60):
        counts.update(lived(home, seed, random_sessions(random, 340)).counts)
    assert min(counts[what] for what in ("cut", "kill", "error", "fresh")) > 3


def test_a_history_is_the_same_from_the_same_seed(home: Path) -> None:
    sessions = [Session(MANY, 1, Stop(at, "cut")) for at in (200, 150)]
    one, same, other = (lived(home, seed, sessions).disk.counts for seed in (1, 1, 2))
    assert one == same != other


def test_a_real_batch_goes_on_after_cuts_to_the_bytes_of_an_undisturbed_one(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(parquet_store, "PART_RUNS", 512)
    plain = run_batch(tiny(), 700, out=home / "plain", workers=1)
    for seed in range(3):
        with TemporaryDirectory(dir=home) as own:
            simulated, folder = SimulatedDisk(Path(own) / "disk", Random(seed)), Path(own) / "disk" / "out"
            simulated.root.mkdir()
            with disk.used(simulated):
                for at in (150 + 20 * seed, 90, 0):
                    simulated.stop(at, PowerCut())
                    with suppress(PowerCut):
                        run_batch(tiny(), 700, out=folder, workers=1)
                    simulated.cut()
            assert content(folder) == content(home / "plain")
            select = "select count(*) as many, count(distinct run) as each, sum(troops) as troops from runs"
            pd.testing.assert_frame_equal(open_ensemble(folder).sql(select), plain.sql(select))


# --- the simulation notices what is wrong ----------------------------------------------------------------------------


def noticed(home: Path, sessions: list[Session], make: type[SimulatedDisk] = SimulatedDisk) -> set[str]:
    """Return what breaks in a history, of what the disk makes of it by any of some seeds."""
    broken = set()
    for seed in range(12):
        try:
            lived(home, seed, sessions, make)
        except Broken as error:
            broken.add(error.args[0])
    return broken


@pytest.mark.parametrize(
    ("fault", "step", "kind", "breaks"),
    [
        ("no sync of files", ("replace", "_parts/00001.json", 2), "cut", "finished parts lost"),
        ("no sync of folders", ("replace", "_parts/00001.json", 2), "cut", "finished parts lost"),
        ("record before tables", ("replace", "runs/00001.parquet", 0), "cut", "parts torn that stand"),
        ("no sync of parents", ("replace", "_parts/00001.json", 2), "cut", "finished parts lost"),
        ("no sync of what is taken up", ("replace", "_parts/00002.json", 1), "kill", "bytes differ"),
    ],
)
def test_a_fault_of_the_writer_or_of_the_disk_is_noticed(
    fault: str, step: tuple[str, str, int], kind: str, breaks: str, home: Path
) -> None:
    name, path, after = step
    with planted(fault):
        at = 1 + operations(home).index((name, path)) + after
        assert breaks in noticed(home, [Session(MANY, 1, Stop(at, kind))], PLANTED[fault].disk)


def test_an_ensemble_that_is_removed_in_no_order_is_noticed(home: Path) -> None:
    with planted("no sync in a removal"), TemporaryDirectory(dir=home) as own:
        history = History(Path(own), 1)
        history.play(Session(MANY, 1, Stop(0, "kill")))
        with disk.used(history.disk):
            writing.remove(history.folder, NAMES)
        after = len(history.disk.operations) + 3
        sessions = [Session(MANY, 1, Stop(0, "kill")), Session(FEW, 2, Stop(after, "cut"))]
        assert "refused" in noticed(home, sessions)


# --- what is written at once -----------------------------------------------------------------------------------------

Write = Callable[[Path, int], object]


def save(root: Path, version: int) -> None:
    frames = {name: table.to_pandas() for name, table in tables(version, 0, 8).items()}
    Ensemble(frames["runs"], None, frames["actors"], about(version)).save(root / "out")


def design(root: Path, version: int) -> None:
    table = pd.DataFrame({"a": np.linspace(0.0, 0.9, 50) / version})
    InputDesign(table, {"scenario": "tiny", "hash": "x", "draws": 100}).write(root / "out")


def export(kind: str) -> Write:
    def write(root: Path, version: int) -> None:
        runs = tables(version, 0, 8)["runs"].to_pandas()
        book = pd.DataFrame({"table": ["runs"], "column": ["run"], "meaning": ["number"]})
        target = root / (f"out-{version}" if kind in handing_on.FOLDERS else f"out.{kind}")
        handing_on.write(kind, target, {"seed": version}, {"codebook": book}, {"runs": lambda: iter([runs])})

    return write


def keep(root: Path, version: int) -> None:
    Points(root).keep({"scenario": "tiny", "runs": 8, "seed": 1}, {"a": np.arange(100.0) * version})


def keep_block(root: Path, version: int) -> None:
    KeptBlocks(root, "key").put(0, {"a": np.arange(100.0) * version})


def append_observation(root: Path, version: int) -> None:
    observe("baseline", root / "out.yaml", f"{{week: 2025-03-{9 + version}, ceasefire: none}}")


WRITES: dict[str, Write] = {
    "ensemble": save, "design": design, "csv": export("csv"), "json": export("json"),
    "parquet": export("parquet"), "point": keep, "block": keep_block,
    "observations": append_observation,
}  # fmt: skip


def shown(root: Path) -> dict[str, bytes]:
    """Return the files of a folder that are not hidden, nor in a hidden folder."""
    return {name: data for name, data in content(root).items() if not name.startswith(".") and "/." not in name}


def hidden(root: Path) -> list[dict[str, bytes]]:
    return [content(path) for path in root.iterdir() if path.name.startswith(".") and path.is_dir()]


@pytest.mark.parametrize("what", WRITES)
def test_what_is_written_over_is_the_old_or_the_new_at_any_cut_and_the_new_once_that_is_reported(
    what: str, home: Path
) -> None:
    with TemporaryDirectory(dir=home) as plain:
        WRITES[what](Path(plain), 1)
        WRITES[what](Path(plain), 2)
        new = shown(Path(plain))
    apart = 4 if what in ("ensemble", "parquet") else 1  # they write hundreds of times
    for at in range(1, 1000, apart):
        if ended_before(WRITES[what], at, new, home, together=what in ("ensemble", "design")):
            break
    assert at > 5


def ended_before(write: Write, at: int, new: dict[str, bytes], home: Path, together: bool) -> bool:
    """Write a second version over a first, cut at an operation, look at what stands, and return if the write had ended.

    ``together``: all files are of the same version; of a folder renamed to its place, none may stand there for a
    moment, and then the old version stands whole beside it.
    """
    with TemporaryDirectory(dir=home) as own:
        simulated, reported = SimulatedDisk(Path(own) / "disk", Random(at)), False
        simulated.root.mkdir()
        with disk.used(simulated):
            write(simulated.root, 1)
            simulated.settle_all()
            old = content(simulated.root)
            simulated.stop(at, PowerCut())
            with suppress(PowerCut):
                write(simulated.root, 2)
                reported = True
            simulated.cut()
        now = shown(simulated.root)
        beside = [{f"out/{name}": data for name, data in each.items()} for each in hidden(simulated.root)]
    if reported:
        assert now == new
    elif together:
        assert now in (old, new) or (not now and old in beside), at
    else:
        assert all(data in (old.get(name), new.get(name)) for name, data in now.items()), at
    return reported
