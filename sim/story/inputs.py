"""What a run drew: stances, governments, principals, and the gates that are shut for the whole run."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from math import ceil

import numpy as np

from sim import vocabulary
from sim.scenario import priors
from sim.scenario.priors import Prior
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Scenario
from sim.story import reasons
from sim.story.recording import Record
from sim.story.round_view import Scene
from sim.story.wrapping import wrapped
from sim.words import RUNGS, listed, sentence, the


def drawn_inputs(scenario: Scenario, seen: Record) -> list[str]:
    """Return what the run drew, in lines, an item each."""
    lines = [
        *_stances(scenario, seen),
        *_governments(scenario, seen),
        _principals(scenario, seen),
        _commons(scenario, seen),
        *_shut(scenario, seen),
    ]
    return ["Drawn for this run:", *(line for text in lines if text for line in wrapped(text, "  - ", "    "))]


def _stances(scenario: Scenario, seen: Record) -> Iterator[str]:
    first = seen.moments[0].actors
    by_stance = {
        word: [the(scenario.parts.actors[actor].name) for actor in sorted(first) if first[actor]["stage"] == place]
        for place, word in enumerate(vocabulary.STANCES)
    }
    yield "; ".join(f"{word} at first: {', '.join(names)}" for word, names in by_stance.items() if names)


def _governments(scenario: Scenario, seen: Record) -> Iterator[str]:
    for actor, parts in sorted(scenario.parts.actors.items()):
        if parts.handover is not None:
            a_week = seen.world.rounds_per_week
            week = ceil(seen.inputs[f"actors.{actor}.handover.week"] * a_week) / a_week
            word = vocabulary.STANCES[int(seen.inputs[f"actors.{actor}.governments.incoming.stance"])]
            yield f"{sentence(the(parts.name))} gets a new government in week {week:g}, which is {word}"


def _principals(scenario: Scenario, seen: Record) -> str:
    scene = Scene(scenario, seen, len(seen.moments) - 1)
    cap = RUNGS[vocabulary.RUNGS[int(seen.moments[0].state["cap"])]]

    def leaning(at: int, way: str) -> str:
        actor = seen.world.names.actors[at]
        return f"{scene.name(actor)} is {_compared(scenario, seen, f'actors.{actor}.disposition', way)}"

    broker = seen.world.broker_at
    backing = [f"{leaning(broker, 'inclined to back a force')}, and would offer at most {cap}"] if broker >= 0 else []
    sides = [leaning(at, "ready to settle") for at in (seen.world.host_at, *seen.world.opponents_at)]
    return sentence("; ".join([*backing, *sides]))


def _commons(scenario: Scenario, seen: Record) -> str:
    missions, actors = scenario.parts.missions.values(), scenario.parts.actors
    leads = sorted({lead for mission in missions for lead in mission.leads} & set(actors))
    each = [
        f"{the(actors[lead].name)} is {_compared(scenario, seen, f'actors.{lead}.disposition', 'ready')}"
        for lead in leads
    ]
    opinion = _compared(scenario, seen, "common.european_mood", "favourable to a force")
    return "; ".join([f"{scenario.names.group} opinion is {opinion}", *each])


def _compared(scenario: Scenario, seen: Record, path: str, way: str) -> str:
    """Return where in its range a number was drawn, in words: as assumed, or somewhat or much to one side."""
    place = _place(scenario.leaves[path].prior, seen.inputs[path]) if path in scenario.leaves else 0.5
    if 0.3 <= place <= 0.7:
        return f"as {way} as assumed"
    much = "much" if place < 0.1 or place > 0.9 else "somewhat"
    return f"{much} {'more' if place > 0.5 else 'less'} {way} than assumed"


def _place(prior: Prior, value: float) -> float:
    """Return the share of a prior's draws that lie below a value."""
    if not prior.uncertain:
        return 0.5
    grid = np.linspace(0.0, 1.0, 201)[:-1]
    return float(np.mean(priors.quantile(prior, grid) < value))


def _shut(scenario: Scenario, seen: Record) -> Iterator[str]:
    names = {actor: the(parts.name) for actor, parts in scenario.parts.actors.items()}
    shut = [
        edge_ends(key) for key in sorted(scenario.parts.network) if seen.inputs.get(f"network.{key}.open", 1.0) < 1.0
    ]
    grouped = groupby(sorted(shut, key=lambda ends: (ends[0], ends[2])), key=lambda ends: (ends[0], ends[2]))
    parts = [
        reasons.GATES_SHUT[channel].format(
            source=names[source], target=listed([names[target] for _, target, _ in ends])
        )
        for (source, channel), ends in grouped
    ]
    if parts:
        yield sentence("; ".join(parts))
