"""Use it from the command line: ``sim run baseline`` and its neighbours; ``sim --help`` lists them.

Exit status: 0 done, 1 what the command was to do failed, 2 the input or usage is wrong, 130 interrupted.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import typer

from sim.cli.common import CommandGroup

COMMANDS = (
    "run",
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
    "report",
    "validate",
    "backtest",
    "evidence",
    "explore",
)
"""Commands in the order of the help; each is a function of its name, in a module of its name."""


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with some of its commands."""
    app = typer.Typer(
        cls=CommandGroup,
        help="How likely is it that a foreign force deploys to Ukraine after a ceasefire?",
        no_args_is_help=True,
        add_completion=False,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback()(_together)
    for name in names:
        module = import_module(f"sim.cli.{name}")
        if name == "evidence":
            app.add_typer(module.app, name=name)
        else:
            app.command(name)(getattr(module, name))
    return app


def main() -> None:
    """Run the command line and leave with its exit status."""
    gc.set_threshold(100_000, 50, 100)  # a config is many small objects that stay: looking through them is a tenth
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    application([command] if command in COMMANDS else COMMANDS)(prog_name="sim")  # reading all signatures takes a sixth


def _together() -> None:
    """Keep a command's name in front of its options, also where it is the only one."""


def __getattr__(name: str) -> Any:
    if name != "app":
        raise AttributeError(f"module 'sim.cli' has no attribute {name!r}")
    return application()
