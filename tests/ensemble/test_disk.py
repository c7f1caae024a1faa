"""Tests of the layer under ensembles: the real disk, the simulated one, and that nothing goes around them."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random

import pytest

from sim.ensemble.disk import current, used
from sim.ensemble.real_disk import Disk, RealDisk
from tests.simulated_disk import Killed, PowerCut, SimulatedDisk

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(path for room in ("ensemble", "batch") for path in (ROOT / "sim" / room).glob("*.py"))
DISKS = ("disk.py", "real_disk.py", "object_store.py")
MODULES = {"shutil", "tempfile"}
CALLS = {
    "open", "read_bytes", "write_bytes", "unlink", "mkdir", "makedirs", "mkdtemp", "rmdir", "iterdir", "listdir",
    "scandir", "glob", "rglob", "touch", "stat", "lstat", "exists", "is_file", "is_dir", "fsync", "link", "hardlink_to",
    "symlink_to", "truncate",
}  # fmt: skip
ON_DISK = {"rename", "remove"}
"""Names of operations that other things have, too: here they have to be asked of a disk."""
ELSEWHERE = {"manifest.py": {"is_file", "read_bytes"}}
"""Files that are no ensemble's: the source of a user's own actor class."""


def around(path: Path) -> Iterator[str]:
    """Yield what a module calls that touches files, and is not asked of a disk."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from {alias.name for alias in node.names} & MODULES
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        of = ast.unparse(node.func.value) if isinstance(node.func, ast.Attribute) else ""
        asked = of in ("here", "disk.current()")
        if name in CALLS or (name in ON_DISK and not asked) or (name, of) == ("replace", "os"):
            yield name


@pytest.mark.parametrize("path", [path for path in SOURCES if path.name not in DISKS], ids=lambda path: path.name)
def test_every_file_operation_of_ensembles_and_batches_goes_through_the_disk(path: Path) -> None:
    assert set(around(path)) <= ELSEWHERE.get(path.name, set())


def test_the_disk_itself_is_seen_to_touch_files() -> None:
    calls = set(around(ROOT / "sim" / "ensemble" / "real_disk.py"))
    assert {"open", "fsync", "replace", "rename", "unlink", "mkdir", "shutil"} <= calls


def both(tmp_path: Path) -> Iterator[tuple[Disk, Path]]:
    yield RealDisk(), tmp_path / "real"
    yield SimulatedDisk(tmp_path / "simulated", Random(1)), tmp_path / "simulated"


def test_both_disks_do_the_same_as_long_as_the_power_stays(tmp_path: Path) -> None:
    seen = []
    for disk, root in both(tmp_path):
        root.mkdir()
        disk.make_folder(root / "a")
        disk.make_folder(root / "a")
        for name in ("one", "two"):
            with disk.open_for_writing(root / "a" / name) as handle:
                handle.write(b"first ")
                handle.write(name.encode())
                disk.sync_file(handle)
        with disk.open_for_writing(root / "a" / "one", "ab") as handle:
            handle.write(b" and more")
        with pytest.raises(FileExistsError):
            disk.open_for_writing(root / "a" / "one", "xb")
        disk.replace(root / "a" / "two", root / "a" / "one.new")
        disk.remove(root / "a" / "never")
        disk.rename(root / "a", root / "b")
        disk.sync_folder(root)
        with disk.open_for_reading(root / "b" / "one") as handle:
            text = handle.read()
        sizes = [disk.size(root / "b" / name) for name in ("one", "one.new", "two")]
        folders = (disk.names(root), disk.names(root / "b"), disk.size(root), disk.is_folder(root / "b"))
        seen.append((text, sizes, folders))
        disk.remove_folder(root / "b")
        assert (disk.names(root), disk.names(root / "b" / "one")) == ([], [])
    assert seen[0] == seen[1]
    assert seen[0][0] == b"first one and more"


def outcomes(work: Callable[[SimulatedDisk, Path], None], home: Path) -> set[bytes | None]:
    """Return what a file ``x`` holds after a cut, over many of them; None: it is not there."""
    held = set()
    for seed in range(60):
        disk = SimulatedDisk(home / str(seed), Random(seed))
        disk.root.mkdir()
        work(disk, disk.root / "x")
        disk.cut()
        held.add((disk.root / "x").read_bytes() if (disk.root / "x").exists() else None)
    return held


def write(disk: SimulatedDisk, path: Path, sync: bool = True) -> None:
    with disk.open_for_writing(path) as handle:
        handle.write(b"a" * 1200)
        if sync:
            disk.sync_file(handle)


def test_a_cut_leaves_alone_what_was_synced_with_its_folder(tmp_path: Path) -> None:
    def work(disk: SimulatedDisk, path: Path) -> None:
        write(disk, path)
        disk.sync_folder(path.parent)

    assert outcomes(work, tmp_path) == {b"a" * 1200}


def test_a_file_that_was_synced_in_a_folder_that_was_not_is_there_whole_or_not_at_all(tmp_path: Path) -> None:
    assert outcomes(write, tmp_path) == {b"a" * 1200, None}


def test_a_file_that_was_not_synced_is_torn_zeroed_or_cut_short(tmp_path: Path) -> None:
    def work(disk: SimulatedDisk, path: Path) -> None:
        write(disk, path, sync=False)
        disk.sync_folder(path.parent)

    held = outcomes(work, tmp_path)
    assert {b"", b"a" * 1200, b"\0" * 1200} <= held
    assert b"\0" * 512 + b"a" * 512 + b"\0" * 176 in held or b"a" * 512 + b"\0" * 512 + b"a" * 176 in held
    assert len(held) > 10


def test_a_rename_that_was_not_synced_leaves_the_old_or_the_new(tmp_path: Path) -> None:
    def work(disk: SimulatedDisk, path: Path) -> None:
        with disk.open_for_writing(path) as handle:
            handle.write(b"old")
            disk.sync_file(handle)
        disk.sync_folder(path.parent)
        write(disk, path.with_name("y"))
        disk.replace(path.with_name("y"), path)

    assert outcomes(work, tmp_path) == {b"old", b"a" * 1200}


def test_after_a_kill_all_is_seen_as_before(tmp_path: Path) -> None:
    disk = SimulatedDisk(tmp_path, Random(2))
    disk.stop(3, Killed())
    with pytest.raises(Killed):
        write(disk, tmp_path / "x")
    with pytest.raises(PowerCut):
        disk.names(tmp_path)
    disk.revive()
    assert (disk.names(tmp_path), disk.size(tmp_path / "x")) == (["x"], 1200)


def test_another_disk_is_used_meanwhile(tmp_path: Path) -> None:
    disk, before = SimulatedDisk(tmp_path, Random(1)), current()
    with used(disk):
        assert current() is disk
    assert current() is before
