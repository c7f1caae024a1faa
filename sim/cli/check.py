"""``sim check``: whether a config can be read, and every mistake in it."""

from __future__ import annotations

from sim.cli.common import fail, say
from sim.cli.options import Config


def check(config: Config) -> None:
    """Check a config, and tell every mistake with its place."""
    from sim.model import user_classes
    from sim.scenario import levers
    from sim.scenario.loading import load

    scenario = load(config)
    user_classes.check(scenario)
    misfits = levers.misfits(scenario)
    theirs = levers.inherited_levers(config) if misfits else set[str]()
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
