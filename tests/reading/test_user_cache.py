"""What is kept in the user's cache is whole, the user's alone, and never needed."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sim.reading import user_cache
from sim.reading.read_log import logged, note_file, note_folder

NAME = "sim-tests"
POSIX = pytest.mark.skipif(not hasattr(os, "getuid"), reason="no owners there")


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a cache of the test's own, with temporary files of its own beside it."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setattr(user_cache.tempfile, "gettempdir", lambda: str(tmp_path / "temporary"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def ours() -> Path:
    place = user_cache.folder(NAME)
    assert place is not None
    return place


def test_nothing_is_kept_where_no_file_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere() -> str:
        raise FileNotFoundError("No usable temporary directory found")

    monkeypatch.setattr(user_cache.tempfile, "gettempdir", nowhere)
    assert user_cache.folder(NAME) == tmp_path / "cache" / NAME
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    assert user_cache.folder(NAME) is None


def test_what_is_kept_is_read_again_and_the_latest_counts() -> None:
    assert user_cache.read(ours(), "a") is None
    for content in (b"one", b"two"):
        user_cache.write(ours(), "a", content)
        assert user_cache.read(ours(), "a") == content
    assert [path.name for path in ours().iterdir()] == ["a"]


@pytest.mark.parametrize(
    "damage", [lambda whole: whole[:-1], lambda whole: whole[:40], lambda whole: b"", lambda whole: whole + b" "]
)
def test_a_damaged_file_is_passed_over(damage) -> None:  # type: ignore[no-untyped-def]
    user_cache.write(ours(), "a", b"content " * 100)
    (ours() / "a").write_bytes(damage((ours() / "a").read_bytes()))
    assert user_cache.read(ours(), "a") is None


def test_a_file_with_one_bit_turned_is_passed_over() -> None:
    user_cache.write(ours(), "a", b"content")
    whole = bytearray((ours() / "a").read_bytes())
    for at in range(len(whole)):
        (ours() / "a").write_bytes(bytes(byte ^ (at == place) for place, byte in enumerate(whole)))
        assert user_cache.read(ours(), "a") is None


def test_writers_at_the_same_time_leave_one_of_their_files_whole() -> None:
    contents = [str(at).encode() * 100_000 for at in range(16)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda content: user_cache.write(ours(), "a", content), contents))
    assert user_cache.read(ours(), "a") in contents
    assert [path.name for path in ours().iterdir()] == ["a"]


def test_the_oldest_make_room() -> None:
    for at in range(user_cache.MOST_KEPT + 3):
        user_cache.write(ours(), str(at), b"content")
        os.utime(ours() / str(at), ns=(at, at))
    user_cache.write(ours(), "last", b"content")
    names = {path.name for path in ours().iterdir()}
    assert len(names) == user_cache.MOST_KEPT
    assert "last" in names
    assert not {"0", "1", "2", "3"} & names


def test_a_home_that_is_a_file_leaves_temporary_files(home: Path) -> None:
    (home / "cache").write_text("no folder")
    assert ours().parent == home / "temporary"


def test_an_unknown_user_has_temporary_files(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody() -> Path:
        raise RuntimeError("no home")

    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(user_cache.Path, "home", nobody)
    assert ours().parent == home / "temporary"


@POSIX
def test_a_folder_that_others_can_write_is_not_used(home: Path) -> None:
    ours().chmod(0o777)
    assert ours().parent == home / "temporary"
    ours().chmod(0o770)
    assert user_cache.folder(NAME) is None


@POSIX
def test_a_link_to_somewhere_else_is_not_used(home: Path) -> None:
    (home / "elsewhere").mkdir()
    (home / "cache").mkdir()
    (home / "cache" / NAME).symlink_to(home / "elsewhere")
    assert ours().parent == home / "temporary"


@POSIX
def test_what_is_kept_is_read_by_the_user_alone() -> None:
    user_cache.write(ours(), "a", b"content")
    assert ours().stat().st_mode & 0o077 == (ours() / "a").stat().st_mode & 0o077 == 0


def test_writing_where_nothing_can_be_written_changes_nothing(tmp_path: Path) -> None:
    user_cache.write(tmp_path / "nowhere", "a", b"content")
    assert not (tmp_path / "nowhere").exists()


def test_a_log_holds_as_long_as_files_and_folders_stand_as_they_were_read(tmp_path: Path) -> None:
    file = tmp_path / "a.yaml"
    file.write_text("one")
    with logged() as log:
        note_file(file, file.read_bytes())
        note_folder(tmp_path, tmp_path.iterdir())
    note_file(tmp_path / "later", b"")
    assert log.still_holds()
    file.touch()
    assert log.still_holds()
    file.write_text("two")
    assert not log.still_holds()
    file.write_text("one")
    (tmp_path / "b.yaml").mkdir()
    assert not log.still_holds()
    (tmp_path / "b.yaml").rmdir()
    assert log.still_holds()
    file.unlink()
    assert not log.still_holds()
