"""``sim observe``: append what was seen to the file that holds it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer

from sim.cli.changes import scenario as read
from sim.cli.common import say, writable
from sim.cli.options import Config, Set

File = Annotated[Path, typer.Argument(metavar="FILE", help="Observations; the file is made if there is none.")]


def observe(
    config: Config,
    file: File,
    written: Annotated[str, typer.Argument(metavar="OBSERVATION", help="As a line of the file, {week: ..., ...}.")],
    sets: Set = [],  # noqa: B006  (typer copies it)
) -> None:
    """Append an observation to a file, once it and all that stand there are checked."""
    from sim.ensemble import atomic_files
    from sim.reading.files import parse_yaml, text_of
    from sim.scenario.observations import observation, read_observations

    file, scenario = atomic_files.place(file), read(config, sets)
    line = observation(parse_yaml(written, "OBSERVATION").data, scenario, "OBSERVATION")
    writable(file)
    with _in_turn(file.parent):
        before = text_of(file) if file.exists() else ""
        after = f"{before}{'' if not before or before.endswith(chr(10)) else chr(10)}- {written}\n"
        count = len(read_observations(parse_yaml(after, str(file)), scenario))
        atomic_files.put(file, after)
    say(f"{line.text} added to {file}, which now holds {count} observation{'s' * (count != 1)}.")


@contextmanager
def _in_turn(folder: Path) -> Iterator[None]:
    """Let one process of this machine after the other read a file of a folder and put it anew, so that no line is lost.

    Whoever comes meanwhile waits. Where folders cannot be locked nobody does.
    """
    with ExitStack() as held:
        if sys.platform != "win32":
            import fcntl

            with suppress(OSError):
                handle = os.open(folder, os.O_RDONLY)
                held.callback(os.close, handle)
                fcntl.flock(handle, fcntl.LOCK_EX)
        yield
