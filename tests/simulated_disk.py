"""A disk that loses power: it keeps what was written, what was synced, and which entries of folders were synced.

It stands over a real folder, which holds what a program sees before a cut, so that pyarrow and DuckDB read it as any
other. Beside it goes what is down on the disk: the content of each file at its last sync, and what each folder listed
at its. At a cut every file and every folder decides for itself, from a seed, what of the rest has come down: nothing,
all, the first of it, or any of it in any order; of a file sector by sector, where a sector may also be zeros or what
another file left there.

A rename within a folder comes down whole or not at all. Renames between folders are refused: no ensemble makes them.
"""

from __future__ import annotations

import shutil
from collections import Counter
from dataclasses import dataclass, field
from io import BufferedReader, FileIO
from pathlib import Path
from random import Random
from typing import Any, BinaryIO, cast

from sim.ensemble.real_disk import Mode, RealDisk

SECTOR = 512
Entries = dict[str, "Folder | File"]
Change = dict[str, "Folder | File | None"]
"""What an operation makes of some names of a folder; None: there is no such name any more."""


class PowerCut(BaseException):
    """The power goes, and with it the process; no handler of errors can do anything more."""


class Killed(PowerCut):
    """The process goes alone: what it wrote is with the system, which brings it down to the disk at leisure."""


@dataclass(eq=False)
class File:
    """A file's content: what is down on the disk, and what a program sees."""

    down: bytes = b""
    seen: bytes = b""


@dataclass(eq=False)
class Folder:
    """A folder's entries: those that are down on the disk, what a program sees, and the changes in between."""

    down: Entries = field(default_factory=dict)
    seen: Entries = field(default_factory=dict)
    changes: list[Change] = field(default_factory=list)

    def change(self, **entries: Folder | File | None) -> None:
        """Change some names at once."""
        self.changes.append(entries)
        _apply(self.seen, entries)

    def sync(self) -> None:
        """Bring all entries down."""
        self.down, self.changes = dict(self.seen), []


def _apply(entries: Entries, change: Change) -> None:
    for name, node in change.items():
        if node is None:
            entries.pop(name, None)
        else:
            entries[name] = node


def _bring_down(folder: Folder) -> None:
    folder.sync()
    for node in folder.seen.values():
        if isinstance(node, Folder):
            _bring_down(node)
        else:
            node.down = node.seen


class SimulatedDisk(RealDisk):
    """A disk over a real folder, for :func:`sim.ensemble.disk.used`.

    Attributes
    ----------
    root
        The folder; what stands outside is not touched.
    operations
        The operations since the last stop, by name and path.
    stop_at, error
        The number of the operation, from 1, before which the power goes or the process is killed, and which of the two;
        an OSError is raised once in the place of that operation.
    counts
        What cuts did to changes of folders and to files that were not synced.
    """

    def __init__(self, root: Path, random: Random) -> None:
        self.root, self._random = root, random
        self.operations: list[tuple[str, Path]] = []
        self.stop_at, self.error = 0, BaseException()
        self._tree, self._junk = Folder(), list[bytes]()
        self.counts = Counter[str]()

    def stop(self, at: int, error: BaseException) -> None:
        """Begin to count operations anew, and raise an error before one of them."""
        self.operations, self.stop_at, self.error = [], at, error

    def settle_all(self) -> None:
        """Bring everything down, as a system does by itself after a while."""
        self.stop(0, BaseException())
        _bring_down(self._tree)

    def cut(self) -> None:
        """Take the power away, and switch on again: what was not down is lost, torn or there."""
        self._settle(self._tree)
        shutil.rmtree(self.root)
        self._write_out(self._tree, self.root)
        self.stop(0, BaseException())

    def revive(self) -> None:
        """Begin a new process after a kill: all stands as it was seen."""
        self.stop(0, BaseException())

    # --- operations that change something ----------------------------------------------------------------------------

    def open_for_writing(self, path: Path, mode: Mode = "wb") -> BinaryIO:
        self._operate("create", path)
        handle = _Handle(path, mode, self)
        folder, file = self._folder(path.parent), self._folder(path.parent).seen.get(path.name)
        if file is None:
            file = File()
            folder.change(**{path.name: file})
        assert isinstance(file, File)
        handle.file = file
        if mode == "wb":
            file.seen = b""
        return cast(BinaryIO, handle)

    def sync_file(self, handle: BinaryIO) -> None:
        self._operate("sync file", cast(_Handle, handle).path)
        file = cast(_Handle, handle).file
        file.down = file.seen

    def sync_folder(self, folder: Path) -> None:
        if folder != self.root and self.root not in folder.parents:
            return
        self._operate("sync folder", folder)
        self._folder(folder).sync()

    def replace(self, old: Path, new: Path) -> None:
        self._operate("replace", new)
        super().replace(old, new)
        self._renamed(old, new)

    def rename(self, old: Path, new: Path) -> None:
        self._operate("rename", new)
        super().rename(old, new)
        self._renamed(old, new)

    def remove(self, path: Path) -> None:
        if path.name in self._folder(path.parent).seen:
            self._operate("remove", path)
            super().remove(path)
            self._forget(path)

    def make_folder(self, folder: Path) -> None:
        self._operate("make folder", folder)
        super().make_folder(folder)
        if folder.name not in self._folder(folder.parent).seen:
            self._folder(folder.parent).change(**{folder.name: Folder()})

    def remove_folder(self, folder: Path) -> None:
        for name in self.names(folder):
            (self.remove_folder if self.is_folder(folder / name) else self.remove)(folder / name)
        self._operate("remove folder", folder)
        folder.rmdir()
        self._folder(folder.parent).change(**{folder.name: None})

    # --- operations that read ----------------------------------------------------------------------------------------

    def open_for_reading(self, path: Path) -> BufferedReader:
        self._operate("read", path)
        return super().open_for_reading(path)

    def path_for_reading(self, path: Path) -> Path:
        self._operate("read", path)
        return path

    def size(self, path: Path) -> int | None:
        self._operate("look", path)
        return super().size(path)

    def is_folder(self, path: Path) -> bool:
        self._operate("look", path)
        return super().is_folder(path)

    def names(self, folder: Path) -> list[str]:
        self._operate("list", folder)
        return super().names(folder)

    # --- what is behind ----------------------------------------------------------------------------------------------

    def _operate(self, name: str, path: Path) -> None:
        """Count an operation; after a cut or a kill nothing is done any more, whatever handlers of errors try."""
        self.operations.append((name, path))
        count = len(self.operations)
        if self.stop_at and (count == self.stop_at or (count > self.stop_at and isinstance(self.error, PowerCut))):
            raise self.error

    def _folder(self, path: Path) -> Folder:
        node: Folder | File = self._tree
        for name in path.relative_to(self.root).parts:
            assert isinstance(node, Folder)
            node = node.seen[name]
        assert isinstance(node, Folder)
        return node

    def _renamed(self, old: Path, new: Path) -> None:
        assert old.parent == new.parent, "a rename between folders"
        folder = self._folder(old.parent)
        folder.change(**{old.name: None, new.name: folder.seen[old.name]})

    def _forget(self, path: Path) -> None:
        file = self._folder(path.parent).seen[path.name]
        assert isinstance(file, File)
        self._junk = [*self._junk[-7:], file.seen]
        self._folder(path.parent).change(**{path.name: None})

    def _settle(self, folder: Folder) -> None:
        """Decide what of a folder, and of what it then lists, has come down."""
        entries = dict(folder.down)
        down = self._some(folder.changes)
        for change in down:
            _apply(entries, change)
        self.counts["entries down"] += len(down)
        self.counts["entries lost"] += len(folder.changes) - len(down)
        self.counts["folders reordered"] += down != folder.changes[: len(down)]
        folder.down, folder.seen, folder.changes = entries, dict(entries), []
        for node in entries.values():
            if isinstance(node, Folder):
                self._settle(node)
            else:
                old, new = node.down, node.seen
                node.down = node.seen = self._torn(node)
                if old != new:
                    kind = "new" if node.seen == new else "old" if node.seen == old else "torn"
                    self.counts[f"files {kind}"] += 1

    def _some(self, pending: list[Any]) -> list[Any]:
        match self._random.randrange(4):
            case 0:
                return []
            case 1:
                return pending
            case 2:
                return pending[: self._random.randint(0, len(pending))]
        return [change for change in pending if self._random.random() < 0.5]

    def _torn(self, file: File) -> bytes:
        """Return what a file holds after a cut."""
        old, new = file.down, file.seen
        if old == new:
            return new
        match self._random.randrange(5):
            case 0:
                return old
            case 1:
                return new
            case 2:
                return new[: self._random.randint(0, len(new))]
            case 3:  # its length came down, and none of its content
                return old[: len(new)].ljust(len(new), b"\0")
        ends = range(0, max(len(old), len(new)), SECTOR)
        return b"".join(self._sector(old, new, at) for at in ends)[: self._random.choice((len(old), len(new)))]

    def _sector(self, old: bytes, new: bytes, at: int) -> bytes:
        junk = self._random.choice(self._junk) if self._junk else b""
        choices = [content[at : at + SECTOR] for content in (old, new, b"", junk)]
        return self._random.choices(choices, (3, 4, 2, 1))[0].ljust(SECTOR, b"\0")

    def _write_out(self, folder: Folder, where: Path) -> None:
        where.mkdir()
        for name, node in folder.seen.items():
            if isinstance(node, Folder):
                self._write_out(node, where / name)
            else:
                (where / name).write_bytes(node.seen)


class _Handle(FileIO):
    """A file open for writing; each write is an operation."""

    file: File

    def __init__(self, path: Path, mode: Mode, disk: SimulatedDisk) -> None:
        super().__init__(path, mode)
        self.path, self._disk = path, disk

    def write(self, content: Any, /) -> int:
        self._disk._operate("write", self.path)
        written = super().write(content)
        end, seen = self.tell(), self.file.seen
        self.file.seen = seen[: end - written] + bytes(content) + seen[end:]
        return written
