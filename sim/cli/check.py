"""``sim check``: whether a config can be read, and every mistake in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sim.cli.changes import scenario as read
from sim.cli.common import fail, say
from sim.cli.options import Config, Set
from sim.reading.errors import Fault

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

NAMED = 3
"""The most edges named in a note; the rest are counted."""


def check(config: Config, sets: Set = []) -> None:  # noqa: B006  (typer copies it)
    """Check a config, and tell every mistake with its place."""
    from sim.model import user_classes
    from sim.scenario import idle_parts, idle_pools, inert_edges, levers

    scenario = read(config, sets)
    changed = scenario if sets else None
    user_classes.check(scenario)
    misfits = levers.misfits(scenario)
    idle = inert_edges.faults(scenario)
    inherited = levers.inherited_levers(config, changed) if misfits else set[str]()
    inherited |= inert_edges.inherited_edges(config, changed) if idle else set()
    wrong = [fault for (lever, _), fault in misfits.items() if lever not in inherited]
    wrong += [fault for edge, fault in idle.items() if edge not in inherited]
    if wrong:
        fail(*map(str, wrong))
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
    for note in _idle_notes(idle.values()):
        say(f"note: {note}")
    for fault in (*idle_pools.faults(scenario.written, scenario.layer), *idle_parts.faults(scenario)):
        say(f"note: {fault}")
    for note in (*_passed_over(scenario), *_repeated(scenario)):
        say(f"note: {note}")


def _passed_over(scenario: Scenario) -> Iterator[str]:
    """Yield a note for every folder of a config with files that were not read."""
    by_folder: dict[Path, list[str]] = {}
    for file in map(Path, scenario.written.passed_over):
        by_folder.setdefault(file.parent, []).append(file.name)
    for folder, names in by_folder.items():
        yield f"{folder}: not read {', '.join(names)}; read are files named *.yaml or *.yml that are not hidden"


def _repeated(scenario: Scenario) -> Iterator[str]:
    """Yield a note on assumptions that stand at several numbers, if there are any in the user's own files."""
    from sim.scenario.checks import repeated_assumptions

    again = list(repeated_assumptions(scenario.layer))
    if again:
        more = f" ({len(again) - 1} more like it)" if len(again) > 1 else ""
        yield f"{again[0]}{more}"


def _idle_notes(idle: Iterable[Fault]) -> Iterator[str]:
    """Yield a note for every reason why inherited edges are no leverage, with the first edges that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for fault in idle:
        by_reason.setdefault(fault.message, []).append(fault.path.removeprefix("network."))
    for reason, edges in by_reason.items():
        more = f" and {len(edges) - NAMED} more" if len(edges) > NAMED else ""
        yield f"inherited {', '.join(edges[:NAMED])}{more}: {reason}"
