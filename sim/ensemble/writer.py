"""Parts written into an ensemble's folder: a batch that was killed is gone on with, and another one is refused."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa

from sim.ensemble import atomic_files, disk, parquet_store, part_records, part_writing
from sim.ensemble.addresses import shown
from sim.ensemble.atomic_files import Refused
from sim.ensemble.parquet_store import FORMAT, OF_RUNS, PART_RUNS
from sim.ensemble.part_records import Record, Span

_MOST_DIFFERENCES = 5


def check_identity(folder: Path, manifest: Mapping[str, Any], part_runs: int = PART_RUNS) -> None:
    """Raise :class:`Refused` if another ensemble, or a damaged one, stands in a folder than a manifest tells of."""
    there = part_records.manifest_of(folder)
    if there is not None and _identity(there) != _whole_identity(manifest, part_runs):
        differences = _differences(_identity(there), _whole_identity(manifest, part_runs))
        raise Refused(f"{shown(folder)} holds another ensemble: {differences}")


def holds_something_else(folder: Path) -> bool:
    """Return whether something stands there that is neither an ensemble nor an empty folder.

    Raises
    ------
    Refused
        If it is an ensemble whose manifest is not as it was written.
    """
    here = disk.current()
    if not here.is_folder(folder):
        return here.size(folder) is not None
    ours = (atomic_files.LOCK, atomic_files.HOLDER)
    names = (name for name in here.names(folder) if name not in ours and not atomic_files.is_aside(name))
    return part_records.manifest_of(folder) is None and any(names)


def remove(folder: Path, names: Sequence[str]) -> None:
    """Remove an ensemble, ``names`` in their order; the last is its manifest, which marks the folder as one."""
    here = disk.current()
    with atomic_files.locked(folder):
        for name in names:
            if name == names[-1]:  # it goes once nothing of the others can come back
                atomic_files.sync(folder)
            path = folder / name
            here.remove_folder(path) if here.is_folder(path) else here.remove(path)


@contextlib.contextmanager
def writing(
    folder: Path | str,
    manifest: Mapping[str, Any],
    runs: int,
    *,
    part_runs: int = PART_RUNS,
    tell: Callable[[str], None] = lambda _: None,
) -> Iterator[Writer]:
    """Make an ensemble's folder, or take up an earlier one, and hold it for one writer.

    Parameters
    ----------
    manifest
        What makes the ensemble what it is; the entries :data:`OF_RUNS` are left out.
    runs
        How many runs the whole ensemble has; at least as many as stand there.
    part_runs
        Runs in a part; a constant but in tests.
    tell
        Called with a line about every file that has to be made again.

    Raises
    ------
    Refused
        If the folder holds something else, another ensemble, a damaged manifest or more runs, or another batch is
        writing to it.
    """
    home = atomic_files.place_of_ensemble(folder).resolve()
    if holds_something_else(home):
        raise Refused(f"{shown(home)} holds something else than an ensemble; name a new or empty folder")
    if part_records.manifest_of(home) is None:  # it is written once the folder is down on the disk
        atomic_files.make_with_parents(home)
    with atomic_files.locked(home):
        writer = Writer(home, manifest, runs, part_runs, tell)
        try:
            yield writer
        except BaseException as error:
            # On a full disk the log cannot be written either, and the first error is the one to see.
            with contextlib.suppress(OSError):
                writer.log(f"stopped ({type(error).__name__})")
            raise
        writer.log("finished" if writer.complete else "left")


class Writer:
    """Writes parts into a folder that is held; made by :func:`writing`.

    Attributes
    ----------
    runs
        How many runs the ensemble has; may be lowered before it is finished.
    written, taken_up
        How many parts were written, and were found finished.
    complete
        Whether the ensemble is whole.
    """

    def __init__(
        self, folder: Path, manifest: Mapping[str, Any], runs: int, part_runs: int, tell: Callable[[str], None]
    ) -> None:
        self.folder, self.runs, self.part_runs, self._tell = folder, runs, part_runs, tell
        self.identity = _whole_identity(manifest, part_runs)
        self.written = self.taken_up = 0
        self.complete = False
        self._refuse_another()
        self._clean_up()
        part_records.put_manifest(folder, self.identity | {"runs": runs, "complete": False})
        atomic_files.make(folder / part_records.PARTS)
        self.log(f"started, {runs} runs")

    @property
    def spans(self) -> list[Span]:
        """The parts that make up the ensemble."""
        return part_records.spans(self.runs, self.part_runs)

    def finished(self, number: int, runs: int) -> bool:
        """Return whether a part stands, covers so many runs, and is undamaged; what is damaged is told."""
        path = self.folder / part_records.record_name(number)
        record = part_records.record_of(path)
        if record is None:
            if disk.current().size(path) is not None:
                self._damaged(number, part_records.record_name(number), "not as it was written")
            return False
        if record["runs"] != runs:
            return False
        wrong = {name: atomic_files.damage(self._file(name, number), stamp) for name, stamp in record["tables"].items()}
        for name, how in wrong.items():
            if how:
                self._damaged(number, part_records.file_name(name, number), how)
        whole = not any(wrong.values())
        self.taken_up += whole
        return whole

    def write(self, number: int, first: int, runs: int, tables: Mapping[str, pa.Table]) -> None:
        """Write a part: its tables by name, ``runs`` among them, and last its record.

        Raises
        ------
        ValueError
            If the ensemble has no such part.
        OSError
            If it cannot be written; then nothing of it stands, and parts finished before are as they were.
        """
        span = Span(number, first, runs)
        self._check_span(span)
        part_writing.write_part(self.folder, span, tables, self.signature)
        self.written += 1

    def accept(self, span: Span, record: Record) -> None:
        """Count a part that somebody else wrote into the folder, by :func:`sim.ensemble.part_writing.write_part`.

        Raises
        ------
        ValueError
            If the ensemble has no such part, or its files do not stand here as they were written.
        """
        self._check_span(span)
        sizes = {self._file(name, span.number): stamp["bytes"] for name, stamp in record["tables"].items()}
        lacking = [path for path, size in sizes.items() if disk.current().size(path) != size]
        if record["sha256"] != part_records.seal(record) or record["runs"] != span.runs or lacking:
            what = shown(lacking[0]) if lacking else part_records.record_name(span.number)
            raise ValueError(f"{what} does not stand here as a worker wrote it; do all write to the same folder?")
        self.written += 1

    def _check_span(self, span: Span) -> None:
        if span != part_records.span(span.number, self.runs, self.part_runs) or span.runs < 1:
            raise ValueError(
                f"no part of {self.runs} runs has the number {span.number} and {span.runs} runs from {span.first}"
            )

    def finish(self, **entries: Any) -> dict[str, Any]:
        """Write the final manifest, with ``entries`` of :data:`OF_RUNS` such as ``inputs_range``, and return it.

        Raises
        ------
        ValueError
            If a part is not finished, or an entry would change what the ensemble is.
        """
        parquet_store.check_entries(entries)
        records = [part_records.record_of(self.folder / part_records.record_name(span.number)) for span in self.spans]
        standing = part_records.contiguous(records)
        if part_records.end(standing) != self.runs:
            raise ValueError(f"part {len(standing):05d} of {shown(self.folder)} is not finished")
        failed = sum(part_records.rows(record, "failures") for record in standing)
        about = self.identity | {"runs": self.runs, "failed": failed, **entries, "complete": True, "parts": standing}
        part_records.put_manifest(self.folder, about)
        self.complete = True
        return about

    def log(self, what: str) -> None:
        """Append a line to ``_run.log``: when, what, parts written and taken up, version."""
        now = datetime.now(UTC).isoformat(timespec="seconds")
        counts = f"{self.written} parts written, {self.taken_up} taken up"
        path = self.folder / part_records.LOG
        with atomic_files.naming(path), disk.current().open_for_writing(path, "ab") as handle:
            atomic_files.write_text(f"{now} {what}; {counts}; {self.signature}\n", handle)

    @property
    def signature(self) -> str:
        """The code that writes, as records and log name it."""
        return f"{self.identity.get('writer', 'sim')}, format {FORMAT}"

    def _refuse_another(self) -> None:
        check_identity(self.folder, self.identity, self.part_runs)
        home = self.folder / part_records.PARTS
        names = (name for name in disk.current().names(home) if name.endswith(".json"))
        records = [part_records.record_of(home / name) for name in names]
        standing = max((part_records.end([record]) for record in records if record), default=0)
        if standing > self.runs:
            raise Refused(f"{shown(self.folder)} holds {standing} runs already, more than the {self.runs} asked for")

    def _clean_up(self) -> None:
        """Remove what was not renamed, and bring down to the disk what a writer that was killed had renamed last."""
        left_over = atomic_files.left_over(self.folder)
        for path in left_over:
            disk.current().remove(path)
        folders = {path.parent for path in left_over} | {self.folder / part_records.PARTS}
        for folder in folders:
            if disk.current().is_folder(folder):
                atomic_files.sync(folder)

    def _file(self, name: str, number: int) -> Path:
        return self.folder / part_records.file_name(name, number)

    def _damaged(self, number: int, name: str, how: str) -> None:
        self._tell(f"part {number:05d}: {name} is damaged ({how}); computed again")


def _identity(manifest: Mapping[str, Any]) -> dict[str, Any]:
    """Return what of a manifest makes an ensemble what it is, as JSON holds it."""
    identity: dict[str, Any] = json.loads(json.dumps({key: manifest[key] for key in manifest if key not in OF_RUNS}))
    return identity


def _whole_identity(manifest: Mapping[str, Any], part_runs: int) -> dict[str, Any]:
    return _identity(manifest) | {"format": FORMAT, "part_runs": part_runs}


def _differences(there: dict[str, Any], here: dict[str, Any]) -> str:
    """Return in one line what differs, entries of the config last."""
    old, new = dict(_leaves(there)), dict(_leaves(here))
    paths = [path for path in old | new if (path in old, old.get(path)) != (path in new, new.get(path))]
    paths.sort(key=lambda path: path.startswith("config."))
    words = [f"{path}: {_short(path, old)} there, {_short(path, new)} here" for path in paths[:_MOST_DIFFERENCES]]
    return "; ".join([*words, *([f"and {len(paths) - len(words)} more"] if len(paths) > len(words) else [])])


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    if not isinstance(value, dict) or not value:
        yield path, value
        return
    for key in value:
        yield from _leaves(value[key], f"{path}.{key}" if path else key)


def _short(path: str, leaves: dict[str, Any]) -> str:
    text = json.dumps(leaves[path], ensure_ascii=False) if path in leaves else "nothing"
    return text if len(text) <= 60 else f"{text[:57]}..."
