"""Tests of ensembles on a disk that loses power: at every operation, several times over, and with planted faults."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any, BinaryIO

import pandas as pd
import pytest

from sim.batch import run as run_batch
from sim.batch.design_points import Points
from sim.batch.input_design import InputDesign
from sim.batch.kept_blocks import KeptBlocks
from sim.ensemble import Ensemble, atomic_files, disk, handing_on, open_ensemble, parquet_store
from sim.ensemble.writer import Writer
from tests.power_cuts import MANY, Broken, Session, Stop, content, lived, operations, random_sessions
from tests.simulated_disk import PowerCut, SimulatedDisk
from tests.worlds import tiny

MEMORY = Path("/dev/shm")
"""A file system in memory, where there is one."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory(dir=MEMORY if MEMORY.is_dir() else tmp_path_factory.getbasetemp()) as folder:
        yield Path(folder)


@pytest.fixture(scope="module")
def steps(home: Path) -> list[tuple[str, Path]]:
    return operations(home)


def test_a_batch_cut_at_any_operation_loses_nothing_finished_and_goes_on_to_the_same_bytes(
    home: Path, steps: list[tuple[str, Path]]
) -> None:
    assert {name for name, _ in steps} == {
        "create", "write", "sync file", "sync folder", "replace", "make folder", "read", "look", "list",
    }  # fmt: skip
    counts = sum((lived(home, at, [Session(MANY, 1, Stop(at, "cut"))]).disk.counts for at in range(len(steps))), start=COUNTS)
    assert min(counts[what] for what in ("files torn", "files old", "files new", "entries lost", "entries down")) > 50
