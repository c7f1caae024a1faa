"""What ensembles ask of a disk, and the disk of this machine, which does it."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from contextlib import suppress
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO, Literal, Protocol, cast

Mode = Literal["wb", "xb", "ab"]
"""How a file is opened for writing: anew, only if there is none, or at its end."""


class Disk(Protocol):
    """What ensembles ask of a disk.

    A power cut may lose, tear or reorder all that was not synced: the content of a file until :meth:`sync_file`, and
    which files a folder lists until :meth:`sync_folder`.
    """

    def open_for_writing(self, path: Path, mode: Mode = "wb") -> BinaryIO:
        """Open a file for writing; each write to it is an operation of its own."""

    def sync_file(self, handle: BinaryIO) -> None:
        """Bring what an open file holds down to the disk."""

    def sync_folder(self, folder: Path) -> None:
        """Bring what a folder lists down to the disk."""

    def has_locks(self, folder: Path) -> bool:
        """Return whether the system may be asked to lock an open file of a folder."""

    def replace(self, old: Path, new: Path) -> None:
        """Rename a file in its folder, over one that may stand there."""

    def rename(self, old: Path, new: Path) -> None:
        """Rename a folder within its parent, to a name that is free."""

    def remove(self, path: Path) -> None:
        """Remove a file; it is no error if there is none."""

    def make_folder(self, folder: Path) -> None:
        """Make a folder; it is no error if it stands."""

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""

    def open_for_reading(self, path: Path) -> BufferedReader:
        """Open a file for reading."""

    def path_for_reading(self, path: Path) -> Path:
        """Return where a program that opens files itself finds one."""

    def size(self, path: Path) -> int | None:
        """Return the bytes of a file; None if there is none, or a folder stands there."""

    def is_folder(self, path: Path) -> bool:
        """Return whether a folder stands there."""

    def names(self, folder: Path) -> list[str]:
        """Return what a folder lists, by name in order; nothing if there is no such folder."""


class RealDisk:
    """The disk of this machine; see :class:`Disk`."""

    def open_for_writing(self, path: Path, mode: Mode = "wb") -> BinaryIO:
        """Open a file for writing."""
        return cast(BinaryIO, path.open(mode))

    def sync_file(self, handle: BinaryIO) -> None:
        """Bring what an open file holds down to the disk."""
        handle.flush()
        os.fsync(handle.fileno())

    def sync_folder(self, folder: Path) -> None:
        """Bring what a folder lists down to the disk; Windows opens no folders and syncs none."""
        if sys.platform == "win32":
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)

    def has_locks(self, folder: Path) -> bool:
        """Return True: whether the file system has any, its answer shows."""
        return True

    def replace(self, old: Path, new: Path) -> None:
        """Rename a file in its folder, over one that may stand there."""
        os.replace(old, new)

    def rename(self, old: Path, new: Path) -> None:
        """Rename a folder within its parent, to a name that is free."""
        os.rename(old, new)

    def remove(self, path: Path) -> None:
        """Remove a file; it is no error if there is none."""
        path.unlink(missing_ok=True)

    def make_folder(self, folder: Path) -> None:
        """Make a folder; it is no error if it stands."""
        try:
            folder.mkdir(exist_ok=True)
        except FileExistsError as error:
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR), str(folder)) from error

    def remove_folder(self, folder: Path) -> None:
        """Remove a folder with all that is in it."""
        shutil.rmtree(folder)

    def open_for_reading(self, path: Path) -> BufferedReader:
        """Open a file for reading."""
        return path.open("rb")

    def path_for_reading(self, path: Path) -> Path:
        """Return the path itself."""
        return path

    def size(self, path: Path) -> int | None:
        """Return the bytes of a file; None if there is none, or a folder stands there."""
        return path.stat().st_size if path.exists() and not path.is_dir() else None

    def is_folder(self, path: Path) -> bool:
        """Return whether a folder stands there."""
        return path.is_dir()

    def names(self, folder: Path) -> list[str]:
        """Return what a folder lists, by name in order; nothing if there is no such folder."""
        with suppress(FileNotFoundError, NotADirectoryError):
            return sorted(os.listdir(folder))
        return []
