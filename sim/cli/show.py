"""``sim show``: a config as a tree, or one part of it and why it stands there."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table
from rich.tree import Tree

from sim.cli.changes import require_path
from sim.cli.changes import scenario as read
from sim.cli.common import fail, near, say, with_values
from sim.cli.options import Config, Json, Seed, Set, Workers, at_least
from sim.cli.show_why import show_why
from sim.cli.tables import facts, text_table

if TYPE_CHECKING:
    from sim.reading.errors import Route
    from sim.scenario.layers import Entry
    from sim.scenario.scenario import Leaf, Scenario

Dotted = Annotated[str | None, typer.Argument(metavar="[PATH]", help="Dotted path, such as actors.NAME.needs.")]


Why = Annotated[bool, typer.Option("--why", help="What holds the actor at PATH back, by size; in paired runs.")]
Runs = Annotated[
    int | None, typer.Option(metavar="N", parser=at_least(100), help="With --why: paired runs, 4,000 unless given.")
]


def show(
    config: Config,
    path: Dotted = None,
    sets: Set = [],  # noqa: B006  (typer copies it)
    why: Why = False,
    runs: Runs = None,
    seed: Seed = 1,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Show a config, or what stands at PATH and why; with --why, what holds an actor back."""
    scenario = read(config, sets)
    if why:
        show_why(scenario, path, as_json, {**with_values(runs=runs), "seed": seed, "workers": workers})
        return
    if as_json or runs is not None:
        fail("--json and --runs belong to --why")
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
        (".".join(known[len(route) :]), text_at(scenario, known), _where(entry))
        for known, entry in scenario.layer.entries.items()
        if known[: len(route)] == route
    ]
    rows[:0] = [
        (".".join(known[len(route) :]), text_at(scenario, known, written=True), _where(entry))
        for known, entry in scenario.written.entries.items()
        if known[:2] == route and known[2:3] in (("like",), ("pools",))
    ]
    return text_table(".".join(route), ("", "value", "where"), rows, left=range(3))


def _where(entry: Entry) -> str:
    """Return where a value stands: the file and line, or the pool that it is inherited from."""
    where = f"{Path(entry.place.file).name}:{entry.place.line}"
    return f"inherited: {'.'.join(entry.origin[:2])} ({where})" if entry.origin else where


def _leaf(scenario: Scenario, route: Route) -> Table:
    from sim.scenario.differences import text_at

    entry = scenario.layer.entries[route]
    number = scenario.leaves.get(".".join(route))
    table = facts()
    table.add_row("path", ".".join(route))
    table.add_row("value", f"{text_at(scenario, route)} ({number.prior.kind})" if number else text_at(scenario, route))
    for key, value in [*_experts(number), *_reasons(scenario, number)] if number else []:
        table.add_row(key, value)
    if entry.origin:
        table.add_row("inherited", f"from {'.'.join(entry.origin)}; give the actor or edge its own to depart from it")
    table.add_row("where", near(entry.place))
    return table


def _experts(number: Leaf) -> Iterator[tuple[str, str]]:
    """Yield what each of several people says of a number, and how far they disagree."""
    from sim.scenario import priors
    from sim.scenario.linear_pool import disagreement

    prior = number.prior
    for expert in prior.experts:
        words = prior.words
        what = priors.shares_text(words, expert.numbers) if words else priors.numbers_text(expert.numbers)
        yield f"by {expert.name}", f"{what} (weight {expert.weight:.0%})"
    if prior.experts and not prior.words:
        yield "disagreement", f"{disagreement(prior.experts):.0%} of the variance lies between the people"


def _reasons(scenario: Scenario, number: Leaf) -> Iterator[tuple[str, str]]:
    """Yield the reasons of a number as the words of their keys, with what each claim or record says."""
    from sim import vocabulary
    from sim.scenario import evidence_use

    sources = evidence_use.sources(scenario)
    for key in vocabulary.REASON_KEYS:
        reason = getattr(number.reasons, key)
        if isinstance(reason, tuple):
            yield from ((key.replace("_", " "), f"{id}: {sources[id]}" if id in sources else id) for id in reason)
        elif reason or key == "assumption":
            yield key, reason or "none"
