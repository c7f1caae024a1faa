"""A folder of the user's own for what can be made again: it saves time, and nothing else depends on it.

What cannot be read, written or trusted is passed over in silence, as if it had never been kept.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import tempfile
from pathlib import Path

MOST_KEPT = 64
"""The most files kept in a folder; the oldest are removed."""
_DIGEST = hashlib.sha256().digest_size


def folder(name: str) -> Path | None:
    """Return the user's folder for a kind of thing: in the user's cache, else among temporary files.

    None if neither can be had, or if what lies there is not the user's alone: others could have put anything into it.
    """
    for place in _places(name):
        try:
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
            if is_ours_alone(place):
                return place
        except OSError:
            continue
    return None


def read(place: Path, key: str) -> bytes | None:
    """Return what is kept under a key, or None if there is nothing, or it is damaged."""
    try:
        content = (place / key).read_bytes()
    except OSError:
        return None
    digest, kept = content[:_DIGEST], content[_DIGEST:]
    return kept if hashlib.sha256(kept).digest() == digest else None


def write(place: Path, key: str, content: bytes) -> None:
    """Keep something under a key; it is written aside and renamed, so that a reader sees the old or the new version."""
    with contextlib.suppress(OSError):
        handle, aside = tempfile.mkstemp(dir=place, prefix=".new")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(content).digest() + content)
            Path(aside).replace(place / key)
        except OSError:
            Path(aside).unlink(missing_ok=True)
            raise
        _make_room(place)


def _places(name: str) -> list[Path]:
    """Return where the folder may be; a user who is unknown has no home, and whose home is read-only cannot use it."""
    user = os.getuid() if hasattr(os, "getuid") else 0
    places = []
    with contextlib.suppress(RuntimeError):
        places.append(Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / name)
    with contextlib.suppress(FileNotFoundError):  # nowhere may a temporary file be written
        places.append(Path(tempfile.gettempdir()) / f"{name}-{user}")
    return places


def is_ours_alone(place: Path) -> bool:
    """Return whether a folder is the user's own and nobody else can write into it."""
    if not hasattr(os, "getuid"):
        return True
    about = place.lstat()
    return stat.S_ISDIR(about.st_mode) and about.st_uid == os.getuid() and not about.st_mode & 0o022


def _make_room(place: Path) -> None:
    by_age = sorted(place.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    for path in by_age[: max(0, len(by_age) - MOST_KEPT)]:
        path.unlink(missing_ok=True)
