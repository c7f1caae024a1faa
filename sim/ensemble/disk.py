"""The file operations of ensembles in one place, so that a test can put a disk in their stead that loses power.

Whoever writes or reads an ensemble asks :func:`current`. By default that is the real disk, and an object store for what
stands at an address. Two kinds of reading go around it: pyarrow and DuckDB open files themselves, by the path that
:meth:`~sim.ensemble.real_disk.Disk.path_for_reading` returns.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from sim.ensemble.addresses import address_of
from sim.ensemble.real_disk import Disk, Mode, RealDisk


class RoutedDisk:
    """The disk of this machine, and for paths that stand for an address the object store that it names."""

    def __init__(self) -> None:
        self._real = RealDisk()

    def _of(self, path: Path) -> Disk:
        return self._real if address_of(path) is None else _object_store()

    def open_for_writing(self, path: Path, mode: Mode = "wb") -> BinaryIO:
        """Open a file for writing."""
        return self._of(path).open_for_writing(path, mode)

    def sync_file(self, handle: BinaryIO) -> None:
        """Bring what an open file holds down to the disk of this machine, on its way to a store too."""
        self._real.sync_file(handle)

    def sync_folder(self, folder: Path) -> None:
        """Bring what a folder lists down to the disk."""
        self._of(folder).sync_folder(folder)

    def has_locks(self, folder: Path) -> bool:
        """Return whether the system may be asked to lock an open file of a folder."""
        return self._of(folder).has_locks(folder)

    def replace(self, old: Path, new: Path) -> None:
        """Rename a file in its folder, over one that may stand there."""
        self._of(old).replace(old, new)

    def rename(self, old: Path, new: Path) -> None:
        """Rename a folder within its parent, to a name that is free."""
        self._of(old).rename(old, new)

    def remove(self, path: Path) -> None:
        """Remove a file; it is no error if there is none."""
        self._of(path).remove(path)

    def make_folder(self, folder: Path) -> None:
        """Make a folder; it is no error if it stands."""
        self._of(folder).make_folder(folder)

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""
        self._of(folder).remove_folder(folder)

    def open_for_reading(self, path: Path) -> BufferedReader:
        """Open a file for reading."""
        return self._of(path).open_for_reading(path)

    def path_for_reading(self, path: Path) -> Path:
        """Return where a program that opens files itself finds one."""
        return self._of(path).path_for_reading(path)

    def size(self, path: Path) -> int | None:
        """Return the bytes of a file; None if there is none, or a folder stands there."""
        return self._of(path).size(path)

    def is_folder(self, path: Path) -> bool:
        """Return whether a folder stands there."""
        return self._of(path).is_folder(path)

    def names(self, folder: Path) -> list[str]:
        """Return what a folder lists, by name in order; nothing if there is no such folder."""
        return self._of(folder).names(folder)


@cache
def _object_store() -> Disk:
    from sim.ensemble.object_store import ObjectStore

    return ObjectStore()


_ROUTED = RoutedDisk()
_current: ContextVar[Disk] = ContextVar("disk", default=_ROUTED)


def current() -> Disk:
    """Return the disk that ensembles are written to and read from."""
    return _current.get()


@contextmanager
def used(disk: Disk) -> Iterator[None]:
    """Write and read ensembles on another disk meanwhile."""
    token = _current.set(disk)
    try:
        yield
    finally:
        _current.reset(token)
