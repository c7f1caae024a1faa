"""What an analysis plays, kept in a folder: whoever is interrupted goes on where it stopped.

Within :func:`kept` each batch that an analysis plays by :func:`sim.batch.running.run` is written to a folder of its own
under one that the user names. Of runs that it asks something of and lets go, the answers are kept, a file a question
(:mod:`sim.batch.answers`). What stands there already is read instead.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import atomic_files, disk

LEDGER = "points.json"
STATUSES = ("pending", "done", "failed")
_ASKS = ("scenario", "hash", "runs", "seed", "engine", "writer", "relaxed", "keep", "horizon_weeks", "agents", "design")
"""What a batch asks for, by the keys of its manifest: two that ask the same have the same rows."""


Arrays = dict[str, NDArray[Any]]


class Points:
    """The batches of a folder, and how far each has come (:data:`STATUSES`, with the message of one that failed).

    ``opened`` counts the batches that were done when the folder was opened.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.ledger = _read(folder / LEDGER)
        self.opened = self.count("done")

    def count(self, status: str) -> int:
        """Return how many batches have a status."""
        return sum(entry["status"] == status for entry in self.ledger.values())

    def failures(self) -> list[str]:
        """Return the messages of batches that failed, each once."""
        entries = self.ledger.values()
        return sorted({str(each.get("message", "")) for each in entries if each["status"] == "failed"})

    @contextmanager
    def place(self, about: Mapping[str, Any]) -> Iterator[Path]:
        """Give the folder of a batch with this manifest, and note how it went."""
        asks = {name: about.get(name) for name in _ASKS}
        key = _key(asks)
        entry = _entry(about)
        self._note(key, {**entry, "status": "pending"})
        try:
            yield self.folder / key
        except Exception as error:
            self._note(key, {**entry, "status": "failed", "message": str(error)})
            raise
        self._note(key, {**entry, "status": "done"})

    def standing(self, asks: Mapping[str, Any]) -> Arrays | None:
        """Return the arrays that answer a question, if they stand here; else note that it is under way.

        ``asks`` is all that they follow from, as JSON holds it, ``scenario``, ``runs`` and ``seed`` among it.
        """
        key = _key(asks)
        if (arrays := _arrays(self.folder / f"{key}.npz")) is None:
            self._note(key, {**_entry(asks), "status": "pending"})
        return arrays

    def keep(self, asks: Mapping[str, Any], arrays: Arrays) -> None:
        """Keep the arrays that answer a question, whole or not at all."""
        key, into = _key(asks), BytesIO()
        np.savez_compressed(into, **arrays)  # type: ignore[arg-type]
        atomic_files.write_whole(self.folder / f"{key}.npz", lambda handle: handle.write(into.getvalue()))
        self._note(key, {**_entry(asks), "status": "done"})

    def failed(self, asks: Mapping[str, Any], error: Exception) -> None:
        """Note that a question could not be answered."""
        self._note(_key(asks), {**_entry(asks), "status": "failed", "message": str(error)})

    def _note(self, key: str, entry: dict[str, Any]) -> None:
        standing = self.ledger.get(key, {}).get("status")
        if standing == "done":  # it is read and not played, so there is nothing new to note
            return
        self.ledger[key] = entry
        atomic_files.put(self.folder / LEDGER, json.dumps(self.ledger, indent=1, sort_keys=True) + "\n")


def _entry(asks: Mapping[str, Any]) -> dict[str, Any]:
    return {name: asks[name] for name in ("scenario", "runs", "seed")}


def _key(asks: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(asks, sort_keys=True).encode()).hexdigest()[:16]


def _arrays(file: Path) -> Arrays | None:
    """Return the arrays in a file; None where it is missing or torn."""
    try:
        with disk.current().open_for_reading(file) as handle, np.load(handle, allow_pickle=False) as content:
            return {name: content[name] for name in content.files}
    except (OSError, ValueError, EOFError, BadZipFile):
        return None


_current: ContextVar[Points | None] = ContextVar("points", default=None)


def current() -> Points | None:
    """Return the folder in which batches are kept at present, if any."""
    return _current.get()


@contextmanager
def kept(folder: Path | str | None) -> Iterator[Points | None]:
    """Keep every batch that is played meanwhile in a folder, made if it is missing; None: keep nothing.

    Raises
    ------
    atomic_files.Refused
        If the folder holds something else, or another process keeps its batches there.
    """
    if folder is None:
        yield None
        return
    place = atomic_files.place(folder)
    atomic_files.make_with_parents(place)
    strange = [name for name in disk.current().names(place) if name != LEDGER and name[0] != "."]
    if strange and disk.current().size(place / LEDGER) is None:
        raise atomic_files.Refused(f"{place} holds something else ({strange[0]}); name a new or an empty folder")
    with atomic_files.locked(place):
        points = Points(place)
        token = _current.set(points)
        try:
            yield points
        finally:
            _current.reset(token)


def _read(file: Path) -> dict[str, dict[str, Any]]:
    """Return the ledger of a folder.

    Raises
    ------
    atomic_files.Refused
        If the file is no ledger.
    """
    if disk.current().size(file) is None:
        return {}
    try:
        content = json.loads(atomic_files.read_text(file))
        return {str(key): dict(entry, status=str(entry["status"])) for key, entry in content.items()}
    except (ValueError, TypeError, KeyError, AttributeError):
        raise atomic_files.Refused(f"{file} is no list of points; remove it, and what is done is seen anew") from None
