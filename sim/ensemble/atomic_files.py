"""Files that stand whole or not at all: written aside, synced, renamed; and a folder held for one writer."""

from __future__ import annotations

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

if sys.platform != "win32":
    import fcntl

LOCK, ASIDE = ".lock", ".new"


class Refused(ValueError):
    """A folder that cannot take this ensemble up; the message says why."""


@contextlib.contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder for one writer; the system lets go of it when the process ends, however it ends.

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
        yield


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
