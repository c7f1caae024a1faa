"""Loaded scenarios, kept in the user's cache as long as the files that they were made from stay the same.

In a fresh process, reading and checking a scenario takes thirty times as long as taking it up. What is kept is a pickle
of our own classes alone, in a folder that only the user can write (decision 0025). One with mistakes is never kept.
"""

from __future__ import annotations

import hashlib
import io
import pickle
import sys
from contextlib import suppress
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pydantic

from sim import vocabulary
from sim.evidence.claim_files import seeds_home
from sim.reading import user_cache
from sim.reading.read_log import ReadLog, hash_of
from sim.scenario.scenario import Scenario

_NAME = "sim-scenarios"
_PACKAGE = Path(vocabulary.__file__).parent
_ROOMS = ("evidence", "reading", "scenario")
"""The rooms whose code decides what a scenario is."""


def take_up(path: Path) -> Scenario | None:
    """Return the scenario of a file from the cache, or None if it is not there or anything has changed since."""
    folder = user_cache.folder(_NAME)
    kept = user_cache.read(folder, _key(path)) if folder is not None else None
    if kept is None:
        return None
    try:
        made_by, log, content = _Unpickler(io.BytesIO(kept)).load()
        if made_by != _version() or not (log.still_holds() and _evidence() == content[0]):
            return None
        scenario = Scenario.__new__(Scenario)
        scenario.__dict__.update(_Unpickler(io.BytesIO(content[1])).load())
        return scenario
    except Exception:  # a damaged or foreign file may raise anything: the scenario is then read again
        return None


def keep(path: Path, scenario: Scenario, log: ReadLog) -> None:
    """Keep a scenario that was made of what is in ``log``."""
    folder = user_cache.folder(_NAME)
    if folder is None:
        return
    with suppress(OSError):  # no sources to tell one version of the code from another, or evidence that just went away
        known = {**vars(scenario), "hash": scenario.hash}
        content = _evidence(), pickle.dumps(known, pickle.HIGHEST_PROTOCOL)
        user_cache.write(folder, _key(path), pickle.dumps((_version(), log, content), pickle.HIGHEST_PROTOCOL))


def _key(path: Path) -> str:
    return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:32]


@cache
def _version() -> str:
    """Return a hash of the code that makes a scenario, and of the versions of what it uses."""
    digest = hashlib.sha256(f"{sys.version} {pydantic.VERSION}".encode())
    for path in _sources():
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _sources() -> list[Path]:
    """Return the files with that code; a library's version stands in its first file, and importing it takes longer."""
    reader = find_spec("yaml")
    rooms = [path for room in _ROOMS for path in sorted((_PACKAGE / room).glob("*.py"))]
    return [*rooms, Path(vocabulary.__file__), Path(reader.origin if reader and reader.origin else "")]


def _evidence() -> dict[str, str]:
    """Return the hash of every file of the shipped evidence, on which a scenario's reasons are checked."""
    return {str(path): hash_of(path.read_bytes()) for path in sorted(seeds_home().rglob("*")) if path.is_file()}


class _Unpickler(pickle.Unpickler):
    """Takes up instances of the classes of our own rooms, and nothing else: no function is ever called."""

    def find_class(self, module: str, name: str) -> Any:
        """Return a class of ours by its name."""
        if module.startswith(tuple(f"sim.{room}." for room in _ROOMS)) and "." not in name:
            kind = super().find_class(module, name)
            if isinstance(kind, type) and kind.__module__ == module:
                return kind
        raise pickle.UnpicklingError(f"{module}.{name} has no place in a scenario")
