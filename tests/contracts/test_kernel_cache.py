"""Where compiled code is kept: never beside the sources, where an edited rule would go unnoticed."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import Any

import pytest

from sim.kernel import kept_code

CODE = kept_code.Code(b"code", "name", ("sqrt",))


@pytest.fixture(autouse=True)
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    return tmp_path


def read_only(monkeypatch: pytest.MonkeyPatch, *folders: Path) -> None:
    """Let files in some folders be refused, as on a file system that is mounted for reading only; the folders stand."""
    make = tempfile.TemporaryFile

    def refusing(*args: Any, dir: Path | None = None, **options: Any) -> Any:
        if any(Path(dir or "").is_relative_to(folder) for folder in folders):
            raise OSError(30, "Read-only file system")
        return make(*args, dir=dir, **options)

    monkeypatch.setattr(tempfile, "TemporaryFile", refusing)


def test_compiled_code_is_kept_in_the_users_cache_under_the_hash_of_its_sources(places: Path) -> None:
    assert kept_code.folder() == places / "cache" / "sim-kernel" / kept_code.version()


def test_where_the_users_cache_stands_but_cannot_be_written_it_is_kept_among_temporary_files(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (places / "cache" / "sim-kernel" / kept_code.version()).mkdir(parents=True)
    read_only(monkeypatch, places / "cache")
    user = os.getuid() if hasattr(os, "getuid") else 0
    assert kept_code.folder() == places / "temporary" / f"sim-kernel-{user}" / kept_code.version()


def test_code_is_read_where_it_was_kept_before_the_place_was_closed_to_writing(
    places: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept_code.write("key", CODE)
    read_only(monkeypatch, places / "cache")
    assert kept_code.folder() != places / "cache" / "sim-kernel" / kept_code.version()
    assert kept_code.read("key") == CODE and kept_code.is_warm()
    read_only(monkeypatch, places)
    assert kept_code.folder() is None
    assert kept_code.read("key") == CODE and kept_code.is_warm()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owner here")
def test_code_is_not_read_where_others_may_write(places: Path) -> None:
    kept_code.write("key", CODE)
    (places / "cache" / "sim-kernel" / kept_code.version()).chmod(0o777)
    assert kept_code.read("key") is None and not kept_code.is_warm()


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="folders have no owner here")
def test_a_folder_that_others_may_write_is_not_used(places: Path) -> None:
    open_to_all = places / "cache" / "sim-kernel" / kept_code.version()
    open_to_all.mkdir(parents=True)
    open_to_all.chmod(0o777)
    assert kept_code.folder() == places / "temporary" / f"sim-kernel-{os.getuid()}" / kept_code.version()


def test_where_nothing_can_be_written_nothing_is_kept(places: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_only(monkeypatch, places)
    kept_code.write("key", CODE)
    assert kept_code.folder() is None and not kept_code.is_warm()
    assert kept_code.read("key") is None and not list(places.rglob("key"))


def test_what_is_kept_is_read_again_unless_it_is_damaged() -> None:
    assert kept_code.read("key") is None and not kept_code.is_warm()
    kept_code.write("key", CODE)
    assert kept_code.read("key") == CODE and kept_code.is_warm()
    place = kept_code.folder()
    assert place is not None
    (place / "key").write_bytes((place / "key").read_bytes()[:-1] + b"?")
    assert kept_code.read("key") is None
