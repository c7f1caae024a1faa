"""``sim new``: a commented file to start from, which runs as it is."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.changes import scenario as read
from sim.cli.common import fail, say

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

app = typer.Typer(help="Write a commented file to start from, which runs as it is.", no_args_is_help=True)

Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits and _, such as austria.")]
Base = Annotated[str, typer.Option("--extends", metavar="CONFIG", help="The scenario that it starts from.")]
Out = Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="The file; default NAME.yaml here.")]
Like = Annotated[
    str | None, typer.Option(metavar="ACTOR", help="Take what is not stated from this actor, its edges too.")
]


@app.command()
def actor(name: Name, like: Like = None, extends: Base = "baseline", output: Out = None) -> None:
    """Write a scenario that adds an actor."""
    from sim.reading.errors import suggestion
    from sim.scenario import skeleton

    file, base = _file(name, output), read(extends)
    if name in base.parts.actors:
        fail(f"{name}: an actor of {extends} already; sim show {extends} actors.{name} shows it")
    if like is not None and like not in base.parts.actors:
        fail(f"--like: no actor {like!r}; {suggestion(like, base.parts.actors)}")
    _write(file, skeleton.actor(str(file), name, _reachable(extends, file), like, base.parts))


@app.command()
def scenario(name: Name, extends: Base = "baseline", output: Out = None) -> None:
    """Write a scenario that changes one number."""
    from sim.scenario import skeleton

    file, base = _file(name, output), read(extends)
    path, value = _change(base)
    _write(file, skeleton.scenario(str(file), _reachable(extends, file), path, value, base.parts))


@app.command()
def theatre(
    name: Name,
    start: Annotated[str, typer.Option(metavar="DAY", help="Day of what is known: week 0.")] = "2025-03-03",
    output: Out = None,
) -> None:
    """Write a theatre: another place, its parties and missions."""
    from sim.scenario import skeleton

    file = _file(name, output)
    _write(file, skeleton.theatre(str(file), name, _day(start)))


def _day(text: str) -> str:
    """Return a day as it is written; leave with status 2 if it is none."""
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        fail(f"--start: {text!r} is not a date; allowed: a day such as 2025-03-20")


def _change(base: Scenario) -> tuple[str, str]:
    """Return the path of what a broker offers, or, where there is none, of a stance, and another value for it."""
    offers = [(path, "air_cover") for path in base.leaves if path.endswith(".backstop.offers.at_least")]
    return (offers or [(path, "pledged") for path in base.leaves if path.endswith(".stance")])[0]


def _file(name: str, output: Path | None) -> Path:
    """Return the file to write; leave with status 2 if the name is none, or the file is there already."""
    if not re.fullmatch(r"[a-z][a-z0-9_]{0,40}", name):
        fail(f"{name}: a name is small letters, digits and _, a letter first, such as austria")
    file = output if output is not None else Path(f"{name}.yaml")
    if file.suffix not in (".yaml", ".yml"):
        fail(f"--output: {file} ends in neither .yaml nor .yml")
    if file.exists():
        fail(f"{file}: is there already; nothing was written (another name, or -o FILE)")
    return file


def _reachable(config: str, file: Path) -> str:
    """Return how the new file names the config that it extends: a path counts from the file's own folder."""
    if not (config.endswith((".yaml", ".yml")) or "/" in config):
        return config
    where = Path(config).resolve()
    folder = file.resolve().parent
    relative = where.relative_to(folder) if where.is_relative_to(folder) else where
    return str(relative)


def _write(file: Path, text: str) -> None:
    with file.open("x", encoding="utf-8") as handle:  # never over a file that was created meanwhile
        handle.write(text)
    say(f"{file} written; sim check {file}, then sim run {file}")
