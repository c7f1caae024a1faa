"""What was read from each block of a population of particles, kept in a folder: an update goes on where it stopped."""

from __future__ import annotations

import hashlib
from io import BytesIO
from pathlib import Path
from typing import Any, NamedTuple
from zipfile import BadZipFile

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import atomic_files, disk
from sim.world.genealogy import Particles

Arrays = dict[str, NDArray[Any]]


class KeptBlocks(NamedTuple):
    """The blocks of one population in a folder; ``key`` is a checksum of all that they follow from."""

    folder: Path
    key: str

    def get(self, first: int) -> Arrays | None:
        """Return the arrays of the block that begins with a particle; None where it is missing or torn."""
        try:
            with (
                disk.current().open_for_reading(self._file(first)) as handle,
                np.load(handle, allow_pickle=False) as content,
            ):
                return {name: content[name] for name in content.files}
        except (OSError, ValueError, EOFError, BadZipFile):
            return None

    def put(self, first: int, arrays: Arrays) -> None:
        """Keep the arrays of a block, whole or not at all."""
        into = BytesIO()
        np.savez(into, **arrays)  # type: ignore[arg-type]
        atomic_files.write_whole(self._file(first), lambda handle: handle.write(into.getvalue()))

    def _file(self, first: int) -> Path:
        return self.folder / f"{self.key}-{first}.npz"


def kept_blocks(folder: Path | str | None, follows_from: str, particles: Particles) -> KeptBlocks | None:
    """Return where the blocks of a population are kept, in a folder that is made if it is missing; None: nowhere."""
    if folder is None:
        return None
    place = atomic_files.place(folder)
    atomic_files.make_with_parents(place)
    content = hashlib.sha256(follows_from.encode())
    content.update(particles.inputs.astype("<i8").tobytes())
    for what, parts in (("luck", particles.luck), ("moves", particles.moves)):
        for at, numbers in parts:
            content.update(f"{what} {at}".encode() + numbers.astype("<i8").tobytes())
    return KeptBlocks(place, content.hexdigest()[:16])
