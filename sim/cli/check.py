"""``sim check``: whether a config can be read, and every mistake in it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim.cli.common import fail, say
from sim.cli.options import Config
from sim.reading.errors import Fault

NAMED = 3
"""So many edges are named in a note; the rest are counted."""


def check(config: Config) -> None:
    """Check a config, and tell every mistake with its place."""
    from sim.model import user_classes
    from sim.scenario import inert_edges, levers
    from sim.scenario.loading import load

    scenario = load(config)
    user_classes.check(scenario)
    misfits = levers.misfits(scenario)
    idle = inert_edges.faults(scenario)
    inherited = levers.inherited_levers(config) if misfits else set[str]()
    inherited |= inert_edges.inherited_edges(config) if idle else set()
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


def _idle_notes(idle: Iterable[Fault]) -> Iterator[str]:
    """Yield a note for every reason why inherited edges are no leverage, with the first edges that it holds for."""
    by_reason: dict[str, list[str]] = {}
    for fault in idle:
        by_reason.setdefault(fault.message, []).append(fault.path.removeprefix("network."))
    for reason, edges in by_reason.items():
        more = f" and {len(edges) - NAMED} more" if len(edges) > NAMED else ""
        yield f"inherited {', '.join(edges[:NAMED])}{more}: {reason}"
