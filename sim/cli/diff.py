"""``sim diff``: what differs between two configs."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.changes import scenarios as read_all
from sim.cli.common import fail, say
from sim.cli.options import SetAll


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="Scenario before.")],
    b: Annotated[str | None, typer.Argument(metavar="B", help="Scenario after.")] = None,
    sets: SetAll = [],  # noqa: B006  (typer copies it)
) -> None:
    """Tell what differs from A to B, both values of each."""
    from sim.scenario.differences import changes

    if b is None and not sets:
        fail("diff: expected a second scenario, or --set PATH=VALUE")
    differing = changes(*read_all([a] if b is None else [a, b], sets))
    things = "thing" if len(differing) == 1 else "things"
    say(f"you changed {len(differing)} {things}" if differing else "you changed nothing")
    for change in differing:
        say(f"  {change.path}: {change.before} -> {change.after}")
