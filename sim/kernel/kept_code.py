"""Where machine code is kept between processes, under a name that changes with whatever it was compiled from.

A rule that is edited would otherwise silently give old results: the folder is named by a hash of every source that
compiled code reads, and by the versions of what compiles it. Nothing here loads the compiler.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.metadata import version as version_of
from pathlib import Path
from typing import NamedTuple

from sim import rules, vocabulary
from sim.ensemble import columns, run_row
from sim.reading import user_cache

_HERE = Path(__file__).parent
_SOURCES = (
    *sorted(_HERE.glob("*.py")),
    *sorted(Path(rules.__file__ or "").parent.glob("*.py")),
    *(Path(module.__file__ or "") for module in (run_row, columns, vocabulary)),
)
"""What compiled code reads: machine code kept from an earlier version of any of these would answer for the new one."""
_SETTINGS = {"NUMBA_DISABLE_INTEL_SVML": "1", "NUMBA_CPU_NAME": "", "NUMBA_CPU_FEATURES": "", "NUMBA_OPT": ""}
"""Variables of the environment that change what numba makes of a source, each with what holds where it is not set.

:mod:`sim.kernel.compiling` sets the first where it is not, and processes that are started later inherit it.
"""


class CannotCompile(RuntimeError):
    """The engine cannot be compiled on this machine."""


class Code(NamedTuple):
    """Machine code: the object file, the function's name in it, and what it wants from outside."""

    binary: bytes
    symbol: str
    wants: tuple[str, ...]


@cache
def version() -> str:
    """Return a hash of every source that compiled code reads, as they stood at first, and of the compiler's version."""
    settings = [f"{name}={os.environ.get(name, usual)}" for name, usual in _SETTINGS.items()]
    digest = hashlib.sha256(f"numba {version_of('numba')}, llvmlite {version_of('llvmlite')}, {settings}".encode())
    for path in _SOURCES:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()[:16]


def is_warm() -> bool:
    """Return whether something compiled from these sources is kept, so that nobody has to wait for it."""
    return any(any(place.iterdir()) for place in _readable())


def read(key: str) -> Code | None:
    """Return the machine code kept under a key; None if there is none, or it is damaged.

    It may lie where nothing can be written any more, as in an image that is mounted read-only.
    """
    contents = (user_cache.read(place, key) for place in _readable())
    content = next((each for each in contents if each is not None), None)
    if content is None:
        return None
    head, binary = content.split(b"\n", 1)
    symbol, wants = json.loads(head)
    return Code(binary, symbol, tuple(wants))


def write(key: str, code: Code) -> None:
    """Keep machine code under a key, if there is a place for it."""
    place = folder()
    if place is not None:
        user_cache.write(place, key, json.dumps([code.symbol, code.wants]).encode() + b"\n" + code.binary)


def folder() -> Path | None:
    """Return the folder of this version; where the user's cache cannot be written, one among temporary files.

    None if neither can be had, or if others may write there: they could have put any code into it.
    """
    return next(filter(_is_safe, _places()), None)


def _places() -> Iterator[Path]:
    with suppress(RuntimeError):  # the user is unknown and has no home
        yield Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "sim-kernel" / version()
    with suppress(FileNotFoundError):  # nowhere may a temporary file be written
        user = os.getuid() if hasattr(os, "getuid") else 0
        yield Path(tempfile.gettempdir()) / f"sim-kernel-{user}" / version()


def _readable() -> Iterator[Path]:
    """Yield the folders of this version that are there, and into which nobody else can have put anything."""
    for place in _places():
        with suppress(OSError):
            if user_cache.is_ours_alone(place):
                yield place


def _is_safe(place: Path) -> bool:
    """Return whether a file can be made in a folder, and by nobody else."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=place):
            return user_cache.is_ours_alone(place)
    except OSError:
        return False
