"""``sim diff``: what differs between two configs."""

from __future__ import annotations

from typing import Annotated

import typer

from sim.cli.common import say


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="Scenario before.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Scenario after.")],
) -> None:
    """Tell what differs from A to B, both values of each."""
    from sim.scenario.differences import changes
    from sim.scenario.loading import load

    differing = changes(load(a), load(b))
    things = "thing" if len(differing) == 1 else "things"
    say(f"you changed {len(differing)} {things}" if differing else "you changed nothing")
    for change in differing:
        say(f"  {change.path}: {change.before} -> {change.after}")
