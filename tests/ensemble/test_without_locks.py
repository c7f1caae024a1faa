"""A folder on a file system without locks is held by a file: it is taken over once the process that wrote it ended."""

from __future__ import annotations

import errno
import os
import platform
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sim.ensemble import atomic_files
from sim.ensemble.atomic_files import HOLDER, Refused, locked


@pytest.fixture(autouse=True)
def _no_locks(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_locks(*_: Any) -> None:
        raise OSError(errno.ENOLCK, "no locks")

    monkeypatch.setattr(atomic_files.fcntl, "flock", no_locks)


def ended() -> int:
    """Return the number of a process that has ended."""
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return process.pid


def test_while_it_is_held_a_file_says_who_writes(tmp_path: Path) -> None:
    with locked(tmp_path):
        assert (tmp_path / HOLDER).read_text() == f"{platform.node()} {os.getpid()}"
    assert not (tmp_path / HOLDER).exists()


def test_what_a_process_of_this_machine_left_when_it_ended_is_taken_over(tmp_path: Path) -> None:
    (tmp_path / HOLDER).write_text(f"{platform.node()} {ended()}")
    with locked(tmp_path):
        assert (tmp_path / HOLDER).read_text() == f"{platform.node()} {os.getpid()}"


@pytest.mark.parametrize(
    ("holder", "who"),
    [
        (f"{platform.node()} {os.getppid()}", f"{platform.node()} {os.getppid()}"),
        (f"{platform.node()} {os.getpid()}", f"{platform.node()} {os.getpid()}"),
        ("elsewhere 4194303", "elsewhere 4194303"),
        (f"{platform.node()} soon", f"{platform.node()} soon"),
        ("", "nobody"),
    ],
    ids=["alive", "this very process", "another machine", "no number", "nothing"],
)
def test_who_may_still_write_is_named_and_left_alone(tmp_path: Path, holder: str, who: str) -> None:
    (tmp_path / HOLDER).write_text(holder)
    refused = pytest.raises(Refused, match=r"another batch is writing to .* there are no locks there")
    with refused as error, locked(tmp_path):
        pass
    assert f"({who})" in str(error.value)
    assert (tmp_path / HOLDER).read_text() == holder
