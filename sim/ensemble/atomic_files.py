"""Files that stand whole or not at all: written aside, synced, renamed; and a folder held for one writer."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

if sys.platform != "win32":
    import fcntl

LOCK, HOLDER, ASIDE = ".lock", ".writer", ".new"
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL)


class Refused(ValueError):
    """A folder that cannot take this ensemble up; the message says why."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the system lets go of it when the process ends, however it ends.

    Some file systems, of networks above all, have no locks: there a file says who writes, and is taken over from a
    process of this machine that has ended.

    Raises
    ------
    Refused
        If another writer holds it.
    """
    if sys.platform == "win32":
        yield
        return
    with (folder / LOCK).open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another batch is writing to {folder}") from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                raise
            with _held_by_a_file(folder):
                yield
            return
        yield


@contextlib.contextmanager
def _held_by_a_file(folder: Path) -> Iterator[None]:
    """Hold a folder by a file that only one process can make; it is left behind by a process that is killed."""
    path, mine = folder / HOLDER, f"{platform.node()} {os.getpid()}"
    for _ in range(2):
        try:
            with path.open("x", encoding="utf-8") as handle:
                handle.write(mine)
            break
        except FileExistsError:
            if not _has_ended(path):
                raise Refused(
                    f"another batch is writing to {folder}, as {path} says ({_content(path) or 'nobody'}); "
                    "this file system has no locks, so if that batch has ended, remove the file"
                ) from None
            path.unlink(missing_ok=True)
    else:
        raise Refused(f"another batch is writing to {folder}, as {path} says")
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def _has_ended(holder: Path) -> bool:
    """Return whether the process that a file names was one of this machine and is no more."""
    machine, _, number = _content(holder).rpartition(" ")
    if machine != platform.node() or not number.isdigit() or int(number) == os.getpid():
        return False
    try:
        os.kill(int(number), 0)
    except ProcessLookupError:
        return True
    except OSError:  # it is there, and another user's
        return False
    return False


def _content(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def place(folder: Path | str) -> Path:
    """Return the folder that somebody names, ``~`` expanded.

    >>> place("runs/first").as_posix()
    'runs/first'

    Raises
    ------
    Refused
        If it is an address, such as one of a bucket, or ``~`` means nothing here.
    """
    text = os.fspath(folder)
    if re.match(r"[A-Za-z][\w+.-]+:/", text):
        address = re.sub(":/+", "://", text)
        raise Refused(f"{address} is an address, and ensembles stand in folders: name one, then copy it there")
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise Refused(f"{text}: no home folder is known here; name the folder in full") from None


def check_writable(file: Path) -> None:
    """Raise an error, before any work is done, if no file can be written there; what stands there stays.

    Raises
    ------
    OSError
        As writing would raise, with the name of the folder or file.
    """
    folder = file.absolute().parent
    if not folder.is_dir():
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(folder))
    if file.is_dir():
        raise IsADirectoryError(errno.EISDIR, "a folder stands there", str(file))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "nothing can be written into this folder", str(folder))


def aside(path: Path) -> Path:
    """Return where a file is written before it is renamed to ``path``."""
    return path.with_name(f".{path.name}{ASIDE}")


def write_aside(path: Path, fill: Callable[[BinaryIO], Any]) -> Path:
    """Write a file beside where it will stand, down to the disk."""
    new = aside(path)
    try:
        with naming(path), new.open("wb") as handle:
            fill(handle)
            handle.flush()
            os.fsync(handle.fileno())
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system say which file it was about: a write to an open file does not know."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def write_text(text: str, handle: BinaryIO) -> None:
    """Write text into an open file."""
    handle.write(text.encode())


def put(path: Path, text: str) -> None:
    """Write a file whole: aside, synced, renamed."""
    os.replace(write_aside(path, partial(write_text, text)), path)
    sync(path.parent)


def make(folder: Path) -> None:
    """Make a folder, down to the disk."""
    if not folder.is_dir():
        folder.mkdir()
        sync(folder.parent)


def sync(folder: Path) -> None:
    """Bring what a folder lists down to the disk."""
    if sys.platform == "win32":  # no folder can be opened there
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def stamp(path: Path) -> dict[str, Any]:
    """Return a file's size and checksum."""
    with path.open("rb") as handle:
        return {"bytes": path.stat().st_size, "sha256": hashlib.file_digest(handle, "sha256").hexdigest()}


def damage(path: Path, as_written: Mapping[str, Any]) -> str:
    """Return in what way a file is not the one that was written; empty if it is."""
    if not path.is_file():
        return "missing"
    size = path.stat().st_size
    if size != as_written["bytes"]:
        return f"{size} bytes of {as_written['bytes']}"
    return "" if stamp(path)["sha256"] == as_written["sha256"] else "checksum"
