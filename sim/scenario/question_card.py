"""Write the question card: exact definitions, so that two readers would settle the question alike."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from sim.scenario.parts import Mission
from sim.scenario.scenario import Scenario
from sim.words import day, sentence, the


def card(scenario: Scenario) -> Iterator[str]:
    """Yield the question card of a scenario, line by line."""
    parts, group = scenario.parts, scenario.names.group
    start = date.fromisoformat(parts.start)
    end = start + timedelta(weeks=parts.horizon_weeks)
    yield f"Question: {scenario.question}"
    yield f"Dates: information to {day(parts.start)}; from {start} for {parts.horizon_weeks} weeks, to {end}."
    if scenario.stamp:
        yield f"{sentence(scenario.stamp)}."
    yield (
        "When a deployment forms: by the horizon, an armed contingent under an agreed mandate, from at least three "
        f"foreign states, on territory held by {scenario.names.host} and with its consent, of at least the mission's "
        f"minimum, all requirements having held for the required weeks ({parts.rules.form.weeks})."
    )
    yield (
        f"Minimum: a share of the mission's target ({parts.rules.form.minimum_share}), never under 1,000 troops of a "
        "deployment; both are drawn once a run, and no more troops go than the target."
    )
    yield "Target size, in troops (low .. likely .. high):"
    yield from (
        f"  {name}, {mission.name}: {mission.target_troops}  ({_groups_of(mission)})"
        for name, mission in parts.missions.items()
    )
    yield f"Deployed: the first of {_of(parts.missions, 'deployed')} that forms."
    yield (
        f"{group} force: one of {_of(parts.missions, 'european')}, with {scenario.names.a_group} lead and at least "
        f"half of its troops {group}."
    )
    contributors = {name: actor for name, actor in parts.actors.items() if "contributor" in actor.parts()}
    others = (the(actor.name) for actor in contributors.values() if not actor.european)
    yield f"Counted as {group}: {_names(the(actor.name) for actor in contributors.values() if actor.european)}."
    yield f"Contributors not counted as {group}: {_names(others)}."
    several = [f"{the(actor.name)} as {actor.states}" for actor in contributors.values() if actor.states > 1]
    yield f"Counted as several states: {', '.join(several) or 'none'}."
    yield (
        "Not counted: advisers, special forces and advance parties; observer and training missions, which have "
        "targets of their own and are reported apart."
    )
    yield (
        "Outcome of a run, one over its whole length: the first deployed mission that formed; else observer; "
        "else training; else ceasefire_without_force (a truce began); else no_ceasefire. A ceasefire counts if one "
        "ever began."
    )


def _groups_of(mission: Mission) -> str:
    return ", ".join(mission.groups) or "in no group"


def _of(missions: dict[str, Mission], group: str) -> str:
    return _names(name for name, mission in missions.items() if group in mission.groups)


def _names(names: Iterator[str]) -> str:
    return ", ".join(names) or "none"
