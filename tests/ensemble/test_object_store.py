"""Tests of ensembles at addresses: an S3 server on loopback, and a store in memory for what goes wrong."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim import batch
from sim.ensemble import atomic_files, disk, object_store, open_ensemble, parquet_store, part_records
from sim.ensemble.addresses import address_of, folder_of, is_address, shown
from sim.ensemble.atomic_files import Refused
from sim.ensemble.real_disk import Disk, RealDisk
from tests.object_stores import fetched_into, objects, s3_server
from tests.worlds import tiny

fsspec = pytest.importorskip("fsspec")
PART = 512


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fetched_into(monkeypatch, tmp_path / "cache")
    monkeypatch.setattr(parquet_store, "PART_RUNS", PART)


@pytest.fixture
def memory() -> Iterator[str]:
    yield "memory://bucket/runs"
    store = fsspec.filesystem("memory")
    store.store.clear()
    store.pseudo_dirs[:] = [""]


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    s3fs = pytest.importorskip("s3fs")
    pytest.importorskip("moto")
    with s3_server():
        s3fs.S3FileSystem().mkdir("forecasts")
        yield "s3://forecasts"


def but_log(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: content for name, content in files.items() if name not in ("_run.log", ".lock")}


def on_disk(folder: Path) -> dict[str, bytes]:
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


# --- a whole ensemble in an S3 bucket --------------------------------------------------------------------------------


@pytest.mark.slow
def test_a_batch_leaves_in_a_bucket_what_it_leaves_in_a_folder(s3: str, tmp_path: Path) -> None:
    there = batch.run(tiny(), 3 * PART, 5, out=f"{s3}/first", workers=2)
    here = batch.run(tiny(), 3 * PART, 5, out=tmp_path / "here")
    assert but_log(objects(f"{s3}/first")) == but_log(on_disk(tmp_path / "here"))
    assert there.runs.equals(here.runs)
    assert open_ensemble(f"{s3}/first").sql("select count(*) as n from runs")["n"][0] == 3 * PART


@pytest.mark.slow
def test_a_batch_in_a_bucket_goes_on_where_it_was_interrupted(s3: str, tmp_path: Path) -> None:
    def stop(runs: int) -> None:
        done.append(runs)
        if sum(done) > PART:
            raise KeyboardInterrupt

    done: list[int] = []
    with pytest.raises(KeyboardInterrupt):
        batch.run(tiny(), 4 * PART, 5, out=f"{s3}/cut", workers=1, progress=stop)
    standing = len(open_ensemble(f"{s3}/cut"))
    assert standing == PART and ".writer" not in objects(f"{s3}/cut")
    batch.run(tiny(), 4 * PART, 5, out=f"{s3}/cut", workers=1)
    assert "1 taken up" in objects(f"{s3}/cut")["_run.log"].decode().splitlines()[-1]
    batch.run(tiny(), 4 * PART, 5, out=tmp_path / "here")
    assert but_log(objects(f"{s3}/cut")) == but_log(on_disk(tmp_path / "here"))


@pytest.mark.slow
def test_a_damaged_object_is_made_again(s3: str) -> None:
    batch.run(tiny(), 2 * PART, 5, out=f"{s3}/damaged")
    store = fsspec.filesystem("s3", use_listings_cache=False)
    whole = store.cat_file("forecasts/damaged/runs/00001.parquet")
    store.pipe_file("forecasts/damaged/runs/00001.parquet", whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(ValueError, match=r"s3://forecasts/damaged/runs/00001.parquet is missing or damaged"):
        open_ensemble(f"{s3}/damaged").sql("select * from runs")
    lines: list[str] = []
    batch.run(tiny(), 2 * PART, 5, out=f"{s3}/damaged", tell=lines.append)
    assert any("part 00001" in line and "damaged" in line for line in lines)
    assert store.cat_file("forecasts/damaged/runs/00001.parquet") == whole


@pytest.mark.slow
def test_only_one_batch_writes_to_an_address(s3: str) -> None:
    with atomic_files.locked(folder_of(f"{s3}/held")), pytest.raises(Refused, match=r"writing to s3://forecasts/held"):
        batch.run(tiny(), 10, out=f"{s3}/held")
    handle = disk.current().open_for_writing(folder_of(f"{s3}/held") / "one", "xb")
    late = disk.current().open_for_writing(folder_of(f"{s3}/held") / "one", "xb")
    handle.write(b"first")
    handle.close()
    with pytest.raises(FileExistsError):  # both looked before either wrote, and the store itself refuses the second
        late.close()


@pytest.mark.slow
def test_a_bucket_that_is_not_there_is_an_error_with_its_address_before_anything_runs(s3: str) -> None:
    ran: list[int] = []
    with pytest.raises(OSError, match=r"s3://no-such-bucket/x") as error:
        batch.run(tiny(), 10, out="s3://no-such-bucket/x", progress=ran.append)
    assert not ran and "bucket" in str(error.value.strerror)


@pytest.mark.slow
def test_what_changed_in_the_store_is_fetched_again_and_what_did_not_is_not(
    s3: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = fsspec.filesystem("s3", use_listings_cache=False)
    path = folder_of(f"{s3}/fetched/one")
    store.pipe_file("forecasts/fetched/one", b"old")
    fetched: list[Any] = []
    ours = object_store._store("s3")
    get_file = ours.get_file
    monkeypatch.setattr(ours, "get_file", lambda *call: (fetched.append(call), get_file(*call)))
    assert [atomic_files.read_text(path) for _ in range(3)] == ["old"] * 3 and len(fetched) == 1
    store.pipe_file("forecasts/fetched/one", b"new")
    assert atomic_files.read_text(path) == "new" and len(fetched) == 2
    store.rm_file("forecasts/fetched/one")
    with pytest.raises(FileNotFoundError):
        atomic_files.read_text(path)


# --- the operations ---------------------------------------------------------------------------------------------------


def test_a_store_does_what_a_disk_does(tmp_path: Path, memory: str) -> None:
    def seen(here: Disk, root: Path) -> tuple[Any, ...]:
        here.make_folder(root)
        here.make_folder(root / "a")
        for name in ("one", "two"):
            with here.open_for_writing(root / "a" / f".{name}.new") as handle:
                handle.write(f"first {name}".encode())
                here.sync_file(handle)
            here.replace(root / "a" / f".{name}.new", root / "a" / name)
            here.sync_folder(root / "a")
        with here.open_for_writing(root / "a" / "one", "ab") as handle:
            handle.write(b" and more")
        with here.open_for_writing(root / "a" / "log", "ab") as handle:
            handle.write(b"begun")
        with pytest.raises(FileExistsError):
            here.open_for_writing(root / "a" / "one", "xb")
        with here.open_for_writing(root / "a" / "held", "xb") as handle:
            handle.write(b"mine")
        here.remove(root / "a" / "two")
        here.remove(root / "a" / "never")
        with here.open_for_reading(root / "a" / "one") as handle:
            text = handle.read()
        sizes = [here.size(root / "a" / name) for name in ("one", "held", "log", "two")]
        listed = (here.names(root), here.names(root / "a"), here.names(root / "b"), here.size(root / "a"))
        folders = [here.is_folder(root / name) for name in ("a", "b", "a/one")]
        content = here.path_for_reading(root / "a" / "one").read_bytes()
        here.remove_folder(root / "a")
        return text, sizes, listed, folders, content, here.names(root / "a")

    assert seen(disk.RoutedDisk(), folder_of(memory)) == seen(RealDisk(), tmp_path / "real")


def test_a_folder_of_a_store_is_not_renamed_and_the_refusal_names_it(memory: str) -> None:
    with pytest.raises(OSError, match="an object store renames no folders: 'memory://bucket/runs'"):
        disk.current().rename(folder_of(memory), folder_of(f"{memory}-old"))


def test_a_file_written_aside_is_not_in_the_store_until_it_is_renamed(memory: str) -> None:
    folder = folder_of(memory)
    with pytest.raises(ZeroDivisionError):
        atomic_files.write_whole(folder / "one", lambda handle: handle.write(b"%d" % (1 / 0)))
    assert objects(memory) == {} and atomic_files.left_over(folder) == []
    atomic_files.put(folder / "one", "whole")
    assert objects(memory) == {"one": b"whole"}


def test_an_ensemble_in_memory_is_saved_to_an_address_and_not_over_something_else(memory: str) -> None:
    made = batch.run(tiny(), PART + 9, 5)
    made.save(memory)
    again = open_ensemble(memory)
    assert again.runs.equals(made.runs) and again.manifest["complete"]
    pd.testing.assert_frame_equal(again.inputs, made.inputs)
    fsspec.filesystem("memory").pipe_file("/other/place/notes.txt", b"mine")
    with pytest.raises(FileExistsError, match=r"memory://other/place exists and holds no ensemble"):
        made.save("memory://other/place")
    with pytest.raises(Refused, match=r"memory://bucket/runs holds another ensemble: seed"):
        batch.run(tiny(), PART, 6, out=memory)


@pytest.mark.parametrize(
    ("kind", "raised", "words"),
    [
        ("NoCredentialsError", PermissionError, "no keys for this store"),  # a user's mistake
        ("Throttled", OSError, "Throttled"),  # the store's
    ],
)
def test_the_libraries_of_a_store_raise_errors_of_the_system(
    memory: str, monkeypatch: pytest.MonkeyPatch, kind: str, raised: type[OSError], words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise type(kind, (Exception,), {})("what the library says")  # none of theirs is an OSError

    monkeypatch.setattr(type(object_store._store("memory")), "info", refuse)
    with pytest.raises(raised, match=rf"{words}.*what the library says.*memory://bucket/runs") as refused:
        open_ensemble(memory)
    assert isinstance(refused.value, PermissionError) == (raised is PermissionError)


# --- addresses --------------------------------------------------------------------------------------------------------


def test_an_address_stands_for_a_folder_and_a_folder_for_its_address(tmp_path: Path) -> None:
    folder = folder_of("memory://bucket/a b/runs/")
    assert folder == (tmp_path / "cache" / "sim-addresses" / "memory" / "bucket" / "a b" / "runs").resolve()
    assert shown(folder / "x") == address_of(folder / "x") == "memory://bucket/a b/runs/x"
    assert folder_of(str(Path("memory://bucket/a b/runs"))) == folder  # a path drops the second slash
    assert address_of(tmp_path) is None and shown(tmp_path) == str(tmp_path)
    assert folder_of("file:///tmp/x") == Path("/tmp/x")


@pytest.mark.parametrize("text", ["runs/x", "/a/b", "~/x", "C:\\runs", "C:/runs", "a:b"])
def test_a_path_is_no_address(text: str) -> None:
    assert not is_address(text)


@pytest.mark.parametrize(
    ("address", "reason"),
    [
        ("https://host/x", "no store that an ensemble can be written to; allowed: s3"),
        ("nonsense://bucket/x", "no store that an ensemble can be written to; allowed: s3"),
        ("s3://", "names no folder in a bucket"),
        ("s3://bucket/../../etc", "names no folder in a bucket"),
        ("oss://bucket/x", "needs another package"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused_with_the_reason(address: str, reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        batch.run(tiny(), 10, out=address)


def test_a_store_that_needs_a_package_says_which_extra_brings_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "get_filesystem_class", missing)
    with pytest.raises(Refused, match=r"Install s3fs to access S3.*pip install 'sim\[s3\]'"):
        batch.run(tiny(), 10, out="s3://bucket/x")


def test_a_file_cannot_be_written_over_what_another_process_is_fetching(memory: str) -> None:
    folder = folder_of(memory)
    atomic_files.put(folder / part_records.MANIFEST, "{}")
    (folder / part_records.MANIFEST).unlink()
    assert atomic_files.read_text(folder / part_records.MANIFEST) == "{}"
    assert [name for name in os.listdir(folder) if name.endswith(".part")] == []
