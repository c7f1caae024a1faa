"""Output, failures and progress of all commands."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.console import Console, RenderableType
from typer.core import TyperGroup

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

    from sim.reading.errors import Place

MOST_FAULTS = 100
"""Faults printed of one input."""


if not os.environ.get("COLUMNS", "1").strip("0"):  # some set 0 where they know of no width, and nothing would be shown
    del os.environ["COLUMNS"]


class _Screen(Console):
    """A console that leaves a closed pipe to :class:`CommandGroup`."""

    def on_broken_pipe(self) -> None:
        """Pass the error on instead of leaving with status 1."""
        raise BrokenPipeError


_out = _Screen(markup=False, highlight=False, emoji=False)
_err = _Screen(stderr=True, markup=False, highlight=False, emoji=False)


class CommandGroup(TyperGroup):
    """Commands that report each failure in one line, without a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command asked for; wrong input ends with 2, an interruption with 130, a closed pipe quietly."""
        from sim.ensemble.atomic_files import Refused
        from sim.reading.errors import InputError

        try:
            result = super().invoke(ctx)
            sys.stdout.flush()
            return result
        except typer.BadParameter as error:
            error.message = _in_plain_words(error.message)
            raise
        except InputError as error:
            left = len(error.faults) - MOST_FAULTS
            fail(*map(str, error.faults[:MOST_FAULTS]), *([f"and {left:,} more faults"] if left > 0 else []))
        except Refused as refusal:
            fail(str(refusal))
        except KeyboardInterrupt:
            tell("interrupted; nothing written")
            raise typer.Exit(130) from None
        except BrokenPipeError:
            _drop_output()
            raise typer.Exit(0) from None
        except OSError as error:
            raise typer.Exit(_refused_by_system(error)) from None


_PARSING = (
    (r"Value error, (.+)", r"\1"),
    (r"Input should be a valid integer.*", "expected a whole number, such as 12"),
    (r"Input should be a valid number.*", "expected a number, such as 0.5"),
    (r"Input should be greater than or equal to (.+)", r"expected \1 or more"),
    (r"Input should be less than or equal to (.+)", r"expected \1 or less"),
    (r"Input should be greater than (.+)", r"expected more than \1"),
    (r"Input should be (.+)", r"expected \1"),
)
"""What the library says of an option that does not fit, and the same in plain words."""


def _in_plain_words(message: str) -> str:
    for form, plain in _PARSING:
        if re.fullmatch(form, message):
            return re.sub(form, plain, message)
    return message


@contextmanager
def all_printed() -> Iterator[None]:
    """Write out what is left to print at the end; say in a line, once, what cannot be written."""
    try:
        try:
            yield
        finally:
            sys.stdout.flush()
    except OSError as error:
        _drop_output()
        before = _status_of(error.__context__)
        raise SystemExit(before or (0 if isinstance(error, BrokenPipeError) else _refused_by_system(error))) from None


def _status_of(failure: BaseException | None) -> Any:
    """Return the exit status that a failure stands for, whose message could not be written."""
    return failure.code if isinstance(failure, SystemExit) else getattr(failure, "exit_code", 0)


def _drop_output() -> None:
    """Discard what is left to print, and messages too where nobody can read them any more."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, sys.stdout.fileno())
    try:
        sys.stderr.flush()
    except OSError:
        os.dup2(nothing, sys.stderr.fileno())


def _refused_by_system(error: OSError) -> int:
    """Report in a line what the system refused, and for which file; return the exit status."""
    try:
        Path.cwd()
    except FileNotFoundError:
        tell("the current folder was removed; change to one that exists")
        return 2
    tell(f"{error.filename}: {error.strerror}" if error.filename else str(error.strerror or error))
    return 1 if is_of_disk(error) else 2


def say(*parts: RenderableType) -> None:
    """Print on standard output, an empty line between parts; without a part, an empty line.

    Text is wrapped at words on a terminal, and printed as whole lines into a pipe.
    """
    for number, part in enumerate(parts or ("",)):
        if number:
            _out.print()
        _screen_for(part).print(part, soft_wrap=isinstance(part, str) and not on_screen(_out))


def screen_width() -> int | None:
    """Return how many characters a line of the terminal has; None where standard output is none."""
    return _out.width if on_screen(_out) else None


def on_screen(console: Console) -> bool:
    """Return whether a console writes to a terminal; what asks for colours alone, FORCE_COLOR, makes none."""
    return console.is_terminal and console.file.isatty()


def head(scenario: str, seed: int, runs: int | None = None, what: str = "runs") -> None:
    """Print the first line of an output: which scenario, how many runs of which kind, and the root seed."""
    say(f"{scenario}: {'' if runs is None else f'{runs:,} {what}, '}seed {seed}.")


def _screen_for(part: RenderableType) -> Console:
    """Return the screen, a wider one for a table whose digits it would cut off: a narrow terminal wraps its lines."""
    from rich.table import Table

    from sim.cli.tables import least_width

    needed = least_width(part) if isinstance(part, Table) else 0
    return _out if needed <= _out.width else _Screen(width=needed, markup=False, highlight=False, emoji=False)


def say_json(what: Any) -> None:
    """Print one JSON object; NaN and infinity become null."""
    typer.echo(json.dumps(_finite(what), indent=1, allow_nan=False, ensure_ascii=False))


def tell(message: str) -> None:
    """Print a message on standard error; one that nobody can read there changes nothing."""
    try:
        _err.print(message, soft_wrap=True)
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stderr.fileno())


def fail(*messages: str) -> NoReturn:
    """Print what is wrong with the input, and leave with exit status 2."""
    for message in messages:
        tell(message)
    raise typer.Exit(2)


def is_of_disk(error: OSError) -> bool:
    """Return whether a disk that is full or broken is at fault, and not the request."""
    return error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)


@contextmanager
def refusals() -> Iterator[None]:
    """Report a number that is out of range, or a batch that failed, in one line."""
    from sim.batch.engines import BatchFailed
    from sim.ensemble.atomic_files import Refused
    from sim.reading.errors import InputError

    try:
        yield
    except (InputError, Refused):
        raise
    except UnicodeEncodeError as error:  # ensembles are read and written by a library that takes text only
        fail(f"{error.object!a} is no text; use folders whose names are")
    except ValueError as error:
        fail(str(error))
    except BatchFailed as error:
        tell(str(error))
        raise typer.Exit(1) from None


@contextmanager
def interruptible() -> Iterator[None]:
    """Keep an interruption to this process, so that workers started meanwhile print no tracebacks.

    Workers inherit the main thread's mask; another thread, without it, still receives the signal for this process.
    The trackers of resources (joblib's and the standard one) are started first, as they would take the mask off again;
    both start with interruptions ignored, as they would ignore them later anyway.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    from multiprocessing.resource_tracker import ensure_running as track

    from joblib.externals.loky.backend.resource_tracker import ensure_running as track_for_joblib

    handler = signal.signal(signal.SIGINT, signal.SIG_IGN)
    track()
    track_for_joblib()
    signal.signal(signal.SIGINT, handler)
    over = threading.Event()
    threading.Thread(target=over.wait, daemon=True).start()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        over.set()


class Bar:
    """A bar on standard error: called with the number of runs just finished; ``stage`` says what is being done."""

    def __init__(self, bar: Progress, task: TaskID) -> None:
        self._bar, self._task = bar, task

    def __call__(self, runs: int) -> None:
        """Advance the bar by a number of runs."""
        self._bar.advance(self._task, runs)

    def stage(self, what: str) -> None:
        """Say what is being done from now on."""
        self._bar.update(self._task, description=what)


@contextmanager
def progress(total: int | None, what: str) -> Iterator[Bar]:
    """Show a bar on standard error while runs finish, endless if ``total`` is None; nothing if that is no terminal."""
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=_err, transient=True, disable=not on_screen(_err)) as bar:
        yield Bar(bar, bar.add_task(what, total=total))


@contextmanager
def kept_points(folder: Path | None) -> Iterator[None]:
    """Keep the batches of an analysis in a folder, if one is named, and say how many are done there already."""
    from sim.batch.design_points import kept

    with kept(folder) as points:
        if points is not None and points.opened:
            tell(f"{points.opened} batch{'es' * (points.opened > 1)} of {folder} done before")
        for message in points.failures() if points is not None else ():
            tell(f"failed before: {message}")
        yield


def with_values(**options: int | None) -> dict[str, int]:
    """Return the options that have a value; the others keep the defaults of the function that takes them."""
    return {name: value for name, value in options.items() if value is not None}


def writable(file: Path) -> None:
    """Fail in a line, before anything runs, if nothing can be written to ``file``."""
    from sim.ensemble import atomic_files

    try:
        atomic_files.check_writable(file)
    except FileNotFoundError:
        fail(f"{file}: there is no folder {file.parent}")
    except OSError as error:
        fail(f"{file}: {error.strerror}")


def near(place: Place) -> str:
    """Return ``file:line`` of a place, its file relative to the current folder where it lies below."""
    file, here = Path(place.file), Path.cwd()
    name = str(file.relative_to(here)) if file.is_relative_to(here) else place.file
    return f"{name}:{place.line}" if place.line else name


def _finite(what: Any) -> Any:
    if isinstance(what, dict):
        return {key: _finite(inner) for key, inner in what.items()}
    if isinstance(what, list | tuple):
        return [_finite(inner) for inner in what]
    return None if isinstance(what, float) and not isfinite(what) else what
