"""A log of what was read from disk to make something, which stays valid as long as a second look finds the same.

Content counts, not the time of a file: a file that was touched, copied or checked out anew is the same file.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import NamedTuple


class ReadLog(NamedTuple):
    """The hash of every file that was read, by path, and the names in every folder that was looked into."""

    files: dict[str, str]
    folders: dict[str, tuple[str, ...]]

    def still_holds(self) -> bool:
        """Return whether every file and folder stands as it was read."""
        try:
            return all(hash_of(Path(path).read_bytes()) == known for path, known in self.files.items()) and all(
                names_in(Path(path)) == known for path, known in self.folders.items()
            )
        except OSError:
            return False


_LOG: ContextVar[ReadLog | None] = ContextVar("log", default=None)


@contextmanager
def logged() -> Iterator[ReadLog]:
    """Write down what is read within this block, in this thread."""
    log = ReadLog({}, {})
    token = _LOG.set(log)
    try:
        yield log
    finally:
        _LOG.reset(token)


def note_file(path: Path, content: bytes) -> None:
    """Note a file that was read, if a log is kept."""
    if (log := _LOG.get()) is not None:
        log.files[str(path)] = hash_of(content)


def note_folder(path: Path, entries: Iterable[Path]) -> None:
    """Note a folder that was listed, if a log is kept."""
    if (log := _LOG.get()) is not None:
        log.folders[str(path)] = _sorted_names(entries)


def hash_of(content: bytes) -> str:
    """Return the SHA-256 of a file's content."""
    return hashlib.sha256(content).hexdigest()


def names_in(folder: Path) -> tuple[str, ...]:
    """Return the names of all that lies in a folder, sorted; those of folders end with a slash."""
    return _sorted_names(folder.iterdir())


def _sorted_names(entries: Iterable[Path]) -> tuple[str, ...]:
    return tuple(sorted(f"{entry.name}/" if entry.is_dir() else entry.name for entry in entries))
