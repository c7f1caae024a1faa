"""Files that stand whole or not at all: written aside, synced, renamed; and a folder held for one writer."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import platform
import re
import secrets
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from sim.ensemble import addresses, disk
from sim.ensemble.addresses import shown
from sim.reading.files import current_folder

if sys.platform != "win32":
    import fcntl

LOCK, HOLDER, ASIDE = ".lock", ".writer", ".new"
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.EOPNOTSUPP, errno.ENOTSUP, errno.EINVAL)
_NOT_TO_BE_SYNCED = (errno.EACCES, errno.EPERM, errno.EROFS, errno.EINVAL, errno.ENOSYS, errno.ENOTSUP)
"""How folders of others are refused to be read or to be synced: those are not ours to bring down to the disk."""


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
    if not disk.current().has_locks(folder):
        with _held_by_a_file(folder):
            yield
        return
    with disk.current().open_for_writing(folder / LOCK, "ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refused(f"another batch is writing to {shown(folder)}") from None
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
            with disk.current().open_for_writing(path, "xb") as handle:
                write_text(mine, handle)
            break
        except FileExistsError:
            if not _has_ended(path):
                raise Refused(
                    f"another batch is writing to {shown(folder)}, as {shown(path)} says "
                    f"({_content(path) or 'nobody'}); there are no locks there, "
                    "so if that batch has ended, remove the file"
                ) from None
            disk.current().remove(path)
    else:
        raise Refused(f"another batch is writing to {shown(folder)}, as {shown(path)} says")
    try:
        yield
    finally:
        disk.current().remove(path)


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
        return read_text(path)
    except (OSError, ValueError):
        return ""


def place(path: Path | str) -> Path:
    """Return the file or folder of this machine that somebody names, ``~`` expanded.

    >>> place("runs/first").as_posix()
    'runs/first'

    Raises
    ------
    Refused
        If it is an address, such as one of a bucket, or ``~`` means nothing here.
    """
    text = os.fspath(path)
    if addresses.is_address(text):
        address = re.sub(":/+", "://", text, count=1)
        raise Refused(
            f"{address} is an address, where ensembles alone can stand: name a file or folder, and copy it there"
        )
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise Refused(f"{text}: no home folder is known here; name the folder in full") from None


def place_of_ensemble(folder: Path | str) -> Path:
    """Return the folder that somebody names, which may be an address such as ``s3://bucket/runs``.

    Raises
    ------
    Refused
        If it is an address that no ensemble can stand at, or ``~`` means nothing here.
    FileNotFoundError
        If it is relative, and the current folder was removed.
    """
    text = os.fspath(folder)
    if not addresses.is_address(text):
        home = place(folder)
        if not home.is_absolute():
            current_folder()  # refuses one that was removed
        return home
    try:
        return addresses.folder_of(text)
    except ValueError as error:
        raise Refused(str(error)) from None


def check_writable(file: Path) -> None:
    """Raise an error, before any work is done, if no file can be written there; what stands there stays.

    Raises
    ------
    OSError
        As writing would raise, with the name of the folder or file.
    """
    folder = file.absolute().parent
    if not disk.current().is_folder(folder):
        raise FileNotFoundError(errno.ENOENT, "there is no such folder", str(folder))
    if disk.current().is_folder(file):
        raise IsADirectoryError(errno.EISDIR, "a folder stands there", str(file))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise PermissionError(errno.EACCES, "nothing can be written into this folder", str(folder))


def aside(path: Path) -> Path:
    """Return where this process writes a file before it renames it to ``path``; another writes elsewhere."""
    return path.with_name(f".{path.name}.{platform.node()}-{os.getpid()}{ASIDE}")


def is_aside(name: str) -> bool:
    """Return whether a file has the name of one that is written aside, by this process or another."""
    return name.startswith(".") and name.endswith(ASIDE)


def write_aside(path: Path, fill: Callable[[BinaryIO], Any]) -> Path:
    """Write a file beside where it will stand, down to the disk."""
    new = aside(path)
    try:
        with naming(path), disk.current().open_for_writing(new) as handle:
            fill(handle)
            disk.current().sync_file(handle)
    except BaseException:
        disk.current().remove(new)
        raise
    return new


@contextlib.contextmanager
def naming(path: Path) -> Iterator[None]:
    """Let an error of the system say which file it was about: a write to an open file does not know."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or shown(path)
        raise


def write_text(text: str, handle: BinaryIO) -> None:
    """Write text into an open file."""
    handle.write(text.encode())


def read_text(path: Path) -> str:
    """Return the text of a file."""
    with disk.current().open_for_reading(path) as handle:
        return handle.read().decode()


def put(path: Path, text: str) -> None:
    """Write a file whole: aside, synced, renamed."""
    write_whole(path, partial(write_text, text))


def write_whole(path: Path, fill: Callable[[BinaryIO], Any]) -> None:
    """Write a file whole: aside, synced, renamed."""
    new = write_aside(path, fill)
    try:
        disk.current().replace(new, path)
    except BaseException:
        disk.current().remove(new)
        raise
    sync(path.parent)


def make(folder: Path) -> None:
    """Make a folder, down to the disk."""
    if not disk.current().is_folder(folder):
        disk.current().make_folder(folder)
        sync(folder.parent)


def make_with_parents(folder: Path) -> None:
    """Make a folder and its parents, as far as they are missing, down to the disk.

    Those that stand are synced too: a process may have made them that was killed before it came to that.
    """
    for each in (*reversed(folder.parents), folder):
        if not disk.current().is_folder(each):
            disk.current().make_folder(each)
            sync(each.parent)
        else:
            try:
                sync(each.parent)
            except OSError as error:
                if error.errno not in _NOT_TO_BE_SYNCED:
                    raise


@contextlib.contextmanager
def folder_aside(target: Path) -> Iterator[Path]:
    """Give a new folder beside where it will stand once :func:`put_folder` renames it; gone after an error."""
    make_with_parents(target.parent)
    new = target.with_name(f".{target.name}-{secrets.token_hex(4)}")
    disk.current().make_folder(new)
    try:
        yield new
    except BaseException:
        with contextlib.suppress(OSError):
            disk.current().remove_folder(new)
        raise


def put_folder(new: Path, target: Path) -> None:
    """Rename a folder to ``target``, down to the disk; what stood there is kept until the new one stands."""
    here, old = disk.current(), new.with_name(f"{new.name}-old")
    if here.is_folder(target):
        here.rename(target, old)
    try:
        here.rename(new, target)
    except BaseException:
        if here.is_folder(old):
            here.rename(old, target)
        raise
    sync(target.parent)
    if here.is_folder(old):
        with contextlib.suppress(OSError):
            here.remove_folder(old)
        sync(target.parent)


def left_over(folder: Path) -> list[Path]:
    """Return the files written aside, in a folder and those in it, by a writer that did not come to rename them."""
    files = []
    for each in (folder, *(folder / name for name in disk.current().names(folder))):
        with contextlib.suppress(PermissionError):
            files += [each / name for name in disk.current().names(each) if is_aside(name)]
    return files


def sync(folder: Path) -> None:
    """Bring what a folder lists down to the disk."""
    disk.current().sync_folder(folder)


def stamp(path: Path) -> dict[str, Any]:
    """Return a file's size and checksum."""
    with disk.current().open_for_reading(path) as handle:
        content = hashlib.file_digest(handle, "sha256")
        return {"bytes": handle.tell(), "sha256": content.hexdigest()}


def damage(path: Path, as_written: Mapping[str, Any]) -> str:
    """Return in what way a file is not the one that was written; empty if it is."""
    size = disk.current().size(path)
    if size is None:
        return "missing"
    if size != as_written["bytes"]:
        return f"{size} bytes of {as_written['bytes']}"
    return "" if stamp(path)["sha256"] == as_written["sha256"] else "checksum"
