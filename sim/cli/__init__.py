"""Use it from the command line: ``sim run baseline`` and its neighbours; ``sim --help`` lists them.

Exit status: 0 done, 1 what the command was to do failed, 2 the input or usage is wrong, 130 interrupted.
"""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Annotated, Any

import typer

from sim.cli.common import CommandGroup, all_printed

COMMANDS = (
    "run",
    "list",
    "export",
    "compare",
    "disagree",
    "given",
    "independence",
    "record",
    "score",
    "replay",
    "could",
    "why",
    "levers",
    "sensitivity",
    "sweep",
    "when",
    "sure",
    "match",
    "update",
    "observe",
    "watch",
    "check",
    "show",
    "diff",
    "question",
    "schema",
    "new",
    "report",
    "validate",
    "backtest",
    "cases",
    "evidence",
    "explore",
)
"""Commands in the order of the help; each is a function of its name, in a module of its name."""
_MODULES = {"list": "listing"}
"""Commands whose names mean something else in Python."""


GROUPS = ("evidence", "new")
"""Commands that hold commands of their own, under ``app``."""


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with some of its commands."""
    app = typer.Typer(
        cls=CommandGroup,
        help="How likely is it that a foreign force deploys after a ceasefire?",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_together)
    for name in names:
        module = import_module(f"sim.cli.{_MODULES.get(name, name)}")
        if name in GROUPS:
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, _MODULES.get(name, name)))
    return app


def main() -> None:
    """Run the command line and leave with its exit status."""
    _settle_in()
    gc.set_threshold(500_000, 50, 100)  # a start makes 300,000 objects that stay: scanning them takes a tenth of it
    atexit.register(_end_quickly)
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    commands = [command] if command in COMMANDS else COMMANDS  # reading all signatures takes a sixth
    with all_printed():
        application(commands)(prog_name="sim")


def _end_quickly() -> None:
    """Keep the interpreter from scanning all objects several times as it exits, which takes a fifth of a start.

    DuckDB is released as usual: it counts what is left at the end, and prints forty lines on what it misses.
    """
    if "_duckdb" not in sys.modules:
        gc.freeze()


def _settle_in() -> None:
    """Print characters that a terminal cannot show as question marks; draw into files, whatever backend the user has.

    Streams that were closed before the start are replaced: else the next file opened would receive the output.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    os.environ["MPLBACKEND"] = "agg"


def _version(asked: bool) -> None:
    if asked:
        from sim import __version__

        typer.echo(f"sim {__version__}")
        raise typer.Exit()


def _together(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version, and leave.")
    ] = False,
) -> None:
    """Keep a command's name in front of its options, also where it is the only one."""


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'sim.cli' has no attribute {name!r}")
    return application()
