"""Commands that read configs: check, show, diff, question, schema."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.table import Table
from rich.tree import Tree

from sim.cli.common import fail, near, say, say_json
from sim.cli.options import Config

if TYPE_CHECKING:
    from sim.evidence.claims import Claim
    from sim.reading.errors import Route
    from sim.scenario.parts import OwnClaim
    from sim.scenario.scenario import Scenario

Dotted = Annotated[str | None, typer.Argument(metavar="[PATH]", help="Dotted path, such as actors.germany.needs.")]
Part = Literal["scenario", "actor", "network", "missions", "scales", "rules", "levers"]


def check(config: Config) -> None:
    """Check a config, and tell every mistake with its place."""
    from sim.model import user_classes
    from sim.scenario import levers
    from sim.scenario.loading import load

    scenario = load(config)
    user_classes.check(scenario)
    misfits = levers.misfits(scenario)
    theirs = levers.inherited(config) if misfits else set[str]()
    wrong = [str(fault) for (lever, _), fault in misfits.items() if lever not in theirs]
    if wrong:
        fail(*wrong)
    parts, numbers = scenario.parts, scenario.leaves.values()
    uncertain = sum(leaf.prior.uncertain for leaf in numbers)
    say(
        f"ok: {len(numbers)} numbers, {uncertain} of them uncertain; {len(parts.actors)} actors, "
        f"{len(parts.network)} edges, {len(parts.missions)} missions; {parts.horizon_weeks} weeks from {parts.start}"
    )
    for note in filter(None, (*scenario.notes, scenario.stamp)):
        say(f"note: {note}")
    for (lever, step), fault in misfits.items():
        say(f"note: lever {lever}, step {step} does not fit here: {fault.message}")


def show(config: Config, path: Dotted = None) -> None:
    """Show a config, or what stands at PATH and why."""
    from sim.scenario.loading import load

    scenario = load(config)
    if path is None:
        say(_tree(scenario))
        return
    route = tuple(path.split("."))
    make_sure_of(scenario, route)
    say(_leaf(scenario, route) if route in scenario.layer.entries else _map(scenario, route))


def diff(
    a: Annotated[str, typer.Argument(metavar="A", help="Scenario before.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Scenario after.")],
) -> None:
    """Tell what differs from A to B, both values of each."""
    from sim.scenario.differences import changes
    from sim.scenario.loading import load

    found = changes(load(a), load(b))
    say(f"you changed {len(found) or 'nothing'}{'' if not found else ' thing' if len(found) == 1 else ' things'}")
    for change in found:
        say(f"  {change.path}: {change.before} -> {change.after}")


def question(config: Config) -> None:
    """Print the question card: what exactly is asked."""
    from sim.scenario.loading import load
    from sim.scenario.question_card import card

    for line in card(load(config)):
        say(line)


def schema(
    part: Annotated[Part | None, typer.Argument(help="One kind of file; by default any of them.")] = None,
) -> None:
    """Print the JSON Schema of config files, for editors."""
    from sim.scenario.json_schema import schema as whole

    say_json(whole(part))


def make_sure_of(scenario: Scenario, route: Route) -> None:
    """Fail, telling what is allowed, if nothing of the scenario stands at ``route``."""
    from sim.reading.errors import suggestion
    from sim.scenario.layers import keys_below

    for end in range(len(route)):
        keys = sorted(keys_below(scenario.layer, route[:end]))
        if route[end] not in keys:
            where = ".".join(route[:end]) or scenario.name
            allowed = suggestion(route[end], keys) if keys else "it is one value"
            fail(f"{'.'.join(route)}: {where} has no {route[end]!r}; {allowed}")


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
    from sim.scenario.differences import said

    if route in scenario.layer.entries:
        return f"{route[-1]}: {said(scenario, route)}"
    path = ".".join(route)
    count = sum(known.startswith(f"{path}.") for known in scenario.leaves)
    return f"{route[-1]} ({count} number{'' if count == 1 else 's'})"


def _map(scenario: Scenario, route: Route) -> Table:
    from sim.scenario.differences import said

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), title=".".join(route), title_justify="left")
    for header in ("", "value", "where"):
        table.add_column(header, header_style="dim", overflow="fold")
    for known, entry in scenario.layer.entries.items():
        if known[: len(route)] == route:
            where = f"{Path(entry.place.file).name}:{entry.place.line}"
            table.add_row(".".join(known[len(route) :]), said(scenario, known), where)
    return table


def _leaf(scenario: Scenario, route: Route) -> Table:
    from sim.evidence import claims as evidence
    from sim.scenario.differences import said

    claims: dict[str, Claim | OwnClaim] = {**evidence.load().claims, **scenario.parts.claims}
    entry = scenario.layer.entries[route]
    number = scenario.leaves.get(".".join(route))
    table = facts()
    table.add_row("path", ".".join(route))
    table.add_row("value", f"{said(scenario, route)} ({number.prior.kind})" if number else said(scenario, route))
    if number:
        for key in ("because", "see", "against"):
            for claim in getattr(number.reasons, key):
                table.add_row(key, f"{claim}: {claims[claim].text}")
        table.add_row("assumption", number.reasons.assumption or "none")
    table.add_row("where", near(entry.place))
    return table


def facts() -> Table:
    """Return an empty table of two columns: what, and what it is."""
    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="dim", no_wrap=True)
    table.add_column(overflow="fold")
    return table
