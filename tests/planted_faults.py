"""Faults of the writer and of the disk that are planted on purpose: power cuts have to bring each to light."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from unittest.mock import patch

from sim.ensemble import atomic_files, disk, part_writing
from sim.ensemble import writer as writing
from sim.ensemble.writer import Writer
from tests.simulated_disk import SimulatedDisk


class WithoutFileSync(SimulatedDisk):
    """No file is synced before it is renamed."""

    def sync_file(self, handle: BinaryIO) -> None:
        pass


class WithoutFolderSync(SimulatedDisk):
    """No folder is synced."""

    def sync_folder(self, folder: Path) -> None:
        pass


def record_first(_: Path, __: int, made: dict[Path, Path]) -> None:
    """Rename the record of a part before its tables."""
    *files, record = made
    for path in (record, *files):
        disk.current().replace(made[path], path)
        atomic_files.sync(path.parent)


def without_parents(folder: Path) -> None:
    """Make a folder and its parents, and sync none, as ensembles did before there was a simulated disk."""
    for each in (*reversed(folder.parents), folder):
        if not disk.current().is_folder(each):
            disk.current().make_folder(each)


def only_removed(writer: Writer) -> None:
    """Take up parts as they are seen, which need not be down on the disk; as before, too."""
    for path in atomic_files.left_over(writer.folder):
        disk.current().remove(path)


def without_order(folder: Path, names: tuple[str, ...]) -> None:
    """Remove an ensemble without a sync before its manifest goes; as before, too."""
    for name in names:
        path = folder / name
        (disk.current().remove_folder if path.is_dir() else disk.current().remove)(path)


class Planted(NamedTuple):
    """A fault: the disk on which it is, and what stands in the place of which attributes."""

    disk: type[SimulatedDisk] = SimulatedDisk
    patches: tuple[tuple[Any, str, Any], ...] = ()


PLANTED = {
    "no sync of files": Planted(WithoutFileSync),
    "no sync of folders": Planted(WithoutFolderSync),
    "record before tables": Planted(patches=((part_writing, "_replace", record_first),)),
    "no sync of parents": Planted(patches=((atomic_files, "make_with_parents", without_parents),)),
    "no sync of what is taken up": Planted(patches=((Writer, "_clean_up", only_removed),)),
    "no sync in a removal": Planted(patches=((writing, "remove", without_order),)),
}


@contextmanager
def planted(name: str) -> Iterator[None]:
    """Plant a fault of the writer meanwhile; one of the disk needs its disk, too."""
    with ExitStack() as stack:
        for owner, attribute, instead in PLANTED[name].patches:
            stack.enter_context(patch.object(owner, attribute, instead))
        yield
