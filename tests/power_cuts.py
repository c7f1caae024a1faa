"""Histories of batches on a disk that loses power: stopped at any operation, looked at, and gone on with.

A batch here is made-up tables in parts of a few runs, written by the writer of real ones: what is tried are the files.
"""

from __future__ import annotations

import errno
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, NamedTuple
from unittest.mock import patch

import numpy as np
import pyarrow as pa

from sim.ensemble import atomic_files, disk, parquet_store, part_records
from sim.ensemble import writer as writing
from sim.ensemble.atomic_files import Refused
from sim.ensemble.parquet_store import Parts
from sim.ensemble.part_records import Span
from tests.simulated_disk import Killed, PowerCut, SimulatedDisk

PART, FEW, MANY = 8, 12, 20
"""Runs in a part, and in a batch: the last part of a batch is short, and grows with it."""
APART = (part_records.LOG, atomic_files.LOCK)
"""Files that tell when, and that are no part of what an ensemble holds."""
NAMES = (part_records.PARTS, "runs", "_actors", "_failures", part_records.LOG, part_records.MANIFEST)
"""What an ensemble consists of, in the order in which ``--fresh`` removes it."""
WRONG = (
    "finished parts lost", "finished ensembles lost", "parts torn that stand", "rows wrong or twice", "bytes differ",
    "refused",
)  # fmt: skip


class Broken(AssertionError):
    """Something that must hold does not; the first word is one of :data:`WRONG`."""


class Stop(NamedTuple):
    """How a session ends: before which operation, and whether by a cut, a kill, or an error of the disk."""

    at: int
    kind: str


class Session(NamedTuple):
    """A batch begun or gone on with: how many runs it asks for, with which seed, and how it is stopped."""

    runs: int
    seed: int
    stop: Stop


def about(seed: int) -> dict[str, Any]:
    """Return what makes a made-up ensemble what it is."""
    return {"seed": seed, "engine": "mesa", "config": {"a": 0.5}, "writer": "made up"}


@cache
def tables(seed: int, first: int, runs: int) -> dict[str, pa.Table]:
    """Return made-up tables of some runs; some parts have a failure."""
    number = np.arange(first, first + runs)
    luck = np.random.default_rng((seed, first)).random((PART, 24))[:runs]
    made = {
        "runs": pa.table({"run": number, **{f"value{at}": luck[:, at] for at in range(24)}}),
        "actors": pa.table({"run": np.repeat(number, 2), "actor": ["a", "b"] * runs}),
    }
    return made | ({"failures": pa.table({"run": number[:1], "error": ["it broke"]})} if first == PART else {})


@cache
def undisturbed(seed: int, runs: int, home: Path) -> dict[str, bytes]:
    """Return what a batch leaves that nothing disturbs."""
    folder = home / f"undisturbed-{seed}-{runs}"
    play(folder, runs, seed, Reported())
    return content(folder)


def content(folder: Path) -> dict[str, bytes]:
    """Return the bytes of a folder by file, without those of :data:`APART`."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name not in APART)
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


class Reported:
    """What whoever runs batches was led to rely on: parts that are finished, and an ensemble that is."""

    def __init__(self) -> None:
        self.parts, self.runs = set[Span](), 0

    def begin(self, runs: int) -> None:
        """A longer batch is asked for: the last part, if short, is played anew, and no longer relied on."""
        self.parts = {span for span in self.parts if part_records.span(span.number, runs, PART) == span}
        self.runs = self.runs if self.runs == runs else 0


def play(folder: Path, runs: int, seed: int, reported: Reported) -> None:
    """Write a batch, or what a folder lacks of it, and report what is finished as soon as it is."""
    with writing.writing(folder, about(seed), runs, part_runs=PART) as writer:
        for span in writer.spans:
            if not writer.finished(span.number, span.runs):
                writer.write(*span, tables(seed, span.first, span.runs))
            reported.parts.add(span)
        writer.finish()
    reported.runs = runs


class History:
    """One folder, and all that is done to it.

    Parameters
    ----------
    home
        A folder in which everything takes place.
    seed
        Of what the disk makes of a cut.
    make
        Makes the disk; one with a planted fault in tests.
    """

    def __init__(self, home: Path, seed: int, make: type[SimulatedDisk] = SimulatedDisk) -> None:
        self.home, self.root = home, home / "disk"
        self.root.mkdir()
        self.disk = make(self.root, Random(seed))
        self.folder = self.root / "runs" / "ensemble"
        self.seed, self.reported, self.counts = 1, Reported(), Counter[str]()

    def play(self, session: Session) -> None:
        """Play a session to its stop, or to its end and the stop after it, and look at what then stands."""
        with disk.used(self.disk), patch.object(parquet_store, "write_parquet", written_again):
            self._begin(session)
        self._look()

    def end(self) -> None:
        """Go on to the end, cut the power, and compare with what an undisturbed batch leaves."""
        self.play(Session(MANY, self.seed, Stop(0, "cut")))
        if content(self.folder) != undisturbed(self.seed, MANY, self.home.parent):
            raise Broken("bytes differ")

    def _begin(self, session: Session) -> None:
        error = {"cut": PowerCut(), "kill": Killed(), "error": OSError(errno.EIO, "Input/output error")}
        self.disk.stop(session.stop.at, error[session.stop.kind])
        self.counts[session.stop.kind] += 1
        try:
            with suppress(PowerCut, OSError):
                self._go_on(session)
        except Refused as refusal:
            raise Broken("refused", str(refusal)) from refusal
        self.counts["operations"] += len(self.disk.operations)
        if session.stop.kind == "cut":
            self.disk.cut()
        else:
            self.disk.revive()

    def _go_on(self, session: Session) -> None:
        if session.seed != self.seed:
            self.seed, self.reported = session.seed, Reported()
        if self._holds_another():
            self.counts["fresh"] += 1
            writing.remove(self.folder, NAMES)
        self.reported.begin(session.runs)
        play(self.folder, session.runs, session.seed, self.reported)

    def _holds_another(self) -> bool:
        """Return whether an ensemble of another seed stands: of the batch before, or its removal was undone."""
        manifest = part_records.manifest_of(self.folder)
        return manifest is not None and manifest["seed"] != self.seed

    def _look(self) -> None:
        """Compare what a reader finds now with what it must find."""
        standing = self._read()
        lost = [span for span in self.reported.parts if span not in standing]
        if lost:
            raise Broken("finished parts lost", lost)
        if self.reported.runs and sum(span.runs for span in standing) != self.reported.runs:
            raise Broken("finished ensembles lost")

    def _as_undisturbed(self, span: Span, seed: int) -> bool:
        """Return whether the files of a part are those of an undisturbed batch, which need not be read once more."""
        runs = FEW if span in part_records.spans(FEW, PART) else MANY
        files = undisturbed(seed, runs, self.home.parent)
        mine = {name: data for name, data in files.items() if Path(name).stem == f"{span.number:05d}"}
        paths = {name: self.folder / name for name in mine}
        return all(paths[name].is_file() and paths[name].read_bytes() == data for name, data in mine.items())

    def _read(self) -> set[Span]:
        """Return the parts that can be read whole, of the seed that was asked for; every one holds the right rows."""
        try:
            parts = Parts(self.folder)
        except (FileNotFoundError, ValueError):
            return set()
        seed, whole = parts.manifest["seed"], set()
        for record in parts.records:
            span = Span(record["part"], record["first"], record["runs"])
            if self._as_undisturbed(span, seed):
                whole.add(span)
                continue
            try:
                same = parts.part(span.first, span.runs) == tables(seed, span.first, span.runs)
            except ValueError as error:
                if seed != self.seed:  # what is being removed may be gone in part, and whoever reads it is told so
                    return set()
                raise Broken("parts torn that stand", span) from error
            if not same:
                raise Broken("rows wrong or twice", span)
            whole.add(span)
        return whole if seed == self.seed else set()


def lived(home: Path, seed: int, sessions: Iterable[Session], make: type[SimulatedDisk] = SimulatedDisk) -> History:
    """Live through a history in a folder of its own under ``home``, and return it.

    Raises
    ------
    Broken
        If something that must hold does not.
    """
    with tempfile.TemporaryDirectory(dir=home) as own:
        history = History(Path(own), seed, make)
        for session in sessions:
            history.play(session)
        history.end()
    return history


def operations(home: Path) -> list[tuple[str, str]]:
    """Return the operations of a batch that nothing disturbs, by name and path in its folder, or "" outside."""
    with tempfile.TemporaryDirectory(dir=home) as own:
        history = History(Path(own), 1)
        with disk.used(history.disk):
            history._go_on(Session(MANY, 1, Stop(0, "cut")))
        within = str(history.folder) + "/"
        return [(name, str(path).partition(within)[2]) for name, path in history.disk.operations]


class _Chunks(BytesIO):
    """Takes down what is written, write by write."""

    def __init__(self) -> None:
        super().__init__()
        self.chunks: list[bytes] = []

    def write(self, chunk: Any, /) -> int:
        self.chunks.append(bytes(chunk))
        return super().write(chunk)


_WRITTEN: dict[tuple[object, ...], list[bytes]] = {}
_write = parquet_store.write_parquet


def written_again(table: pa.Table, handle: BinaryIO) -> None:
    """Write a table as it was written the first time: the same content gives the same bytes, in the same writes."""
    key = (*table.column_names, len(table), table[0][0].as_py(), table[1][0].as_py())
    if key not in _WRITTEN:
        _write(table, into := _Chunks())
        _WRITTEN[key] = into.chunks
    for chunk in _WRITTEN[key]:
        handle.write(chunk)


def random_sessions(random: Random, most: int) -> Iterator[Session]:
    """Yield up to four sessions, each stopped before an operation, the first ``most`` of which are as likely."""
    seed, runs = 1, random.choice((FEW, MANY))
    for _ in range(random.randint(1, 4)):
        runs = max(runs, random.choice((FEW, MANY)))
        if random.random() < 0.1:
            seed, runs = seed + 1, random.choice((FEW, MANY))
        kind = random.choices(("cut", "kill", "error"), (6, 3, 1))[0]
        yield Session(runs, seed, Stop(random.randint(1, most), kind))
