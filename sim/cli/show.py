"""``sim show``: a config as a tree, or one part of it and why it stands there."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.tree import Tree

from sim.cli.changes import require_path
from sim.cli.common import near, say
from sim.cli.options import Config
from sim.cli.tables import facts, text_table

if TYPE_CHECKING:
    from sim.evidence.claims import Claim
    from sim.reading.errors import Route
    from sim.scenario.parts import OwnClaim
    from sim.scenario.scenario import Scenario

Dotted = Annotated[str | None, typer.Argument(metavar="[PATH]", help="Dotted path, such as actors.germany.needs.")]


def show(config: Config, path: Dotted = None) -> None:
    """Show a config, or what stands at PATH and why."""
    from sim.scenario.loading import load

    scenario = load(config)
    if path is None:
        say(_tree(scenario))
        return
    route = tuple(path.split("."))
    require_path(scenario, route)
    say(_leaf(scenario, route) if route in scenario.layer.entries else _map(scenario, route))


def _tree(scenario: Scenario) -> Tree:
    tree = Tree(scenario.name, guide_style="dim", hide_root=True)
    branches: dict[str, Tree] = {}
    for route in dict.fromkeys(known[:2] for known in scenario.layer.entries):
        key, *rest = route
        branch = branches.setdefault(key, tree.add(_named(scenario, (key,)))) if key not in branches else branches[key]
        if rest:
            branch.add(_named(scenario, route))
    return tree


def _named(scenario: Scenario, route: Route) -> str:
    from sim.scenario.differences import text_at

    if route in scenario.layer.entries:
        return f"{route[-1]}: {text_at(scenario, route)}"
    path = ".".join(route)
    count = sum(known.startswith(f"{path}.") for known in scenario.leaves)
    return f"{route[-1]} ({count} number{'' if count == 1 else 's'})"


def _map(scenario: Scenario, route: Route) -> Table:
    from sim.scenario.differences import text_at

    rows = [
        (".".join(known[len(route) :]), text_at(scenario, known), f"{Path(entry.place.file).name}:{entry.place.line}")
        for known, entry in scenario.layer.entries.items()
        if known[: len(route)] == route
    ]
    return text_table(".".join(route), ("", "value", "where"), rows, left=range(3), whole=())


def _leaf(scenario: Scenario, route: Route) -> Table:
    from sim.evidence import claims as evidence
    from sim.scenario.differences import text_at

    claims: dict[str, Claim | OwnClaim] = {**evidence.load().claims, **scenario.parts.claims}
    entry = scenario.layer.entries[route]
    number = scenario.leaves.get(".".join(route))
    table = facts()
    table.add_row("path", ".".join(route))
    table.add_row("value", f"{text_at(scenario, route)} ({number.prior.kind})" if number else text_at(scenario, route))
    if number:
        for key in ("because", "see", "against"):
            for claim in getattr(number.reasons, key):
                table.add_row(key, f"{claim}: {claims[claim].text}")
        table.add_row("assumption", number.reasons.assumption or "none")
    table.add_row("where", near(entry.place))
    return table
