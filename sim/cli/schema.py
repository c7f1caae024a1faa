"""``sim schema``: the JSON Schema of config files, for editors."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from sim.cli.common import say_json

Part = Literal["scenario", "actor", "network", "missions", "scales", "rules", "levers"]


def schema(
    part: Annotated[Part | None, typer.Argument(help="One kind of file; by default any of them.")] = None,
) -> None:
    """Print the JSON Schema of config files, for editors."""
    from sim.scenario.json_schema import schema as whole

    say_json(whole(part))
