"""The events of one run: what happened in which week and phase, to whom, and why, read off what was witnessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sim import forces, talks, vocabulary
from sim.config import Scenario
from sim.scene import Event, Scene
from sim.witness import Record

_TELLERS: Final[dict[str, Callable[[Scene], Iterator[Event]]]] = {
    "news": talks.news,
    "table": talks.table,
    "offer": talks.offer,
    "truce": talks.truce,
    "consent": talks.consent,
    "pledge": forces.pledge,
    "ratify": forces.ratify,
    "form": forces.form,
    "hold": forces.hold,
}


def chronicle(scenario: Scenario, seen: Record) -> list[Event]:
    """Return all events of a run, in order of week and phase."""
    scenes = (Scene(scenario, seen, at) for at in range(1, len(seen.moments)))
    return [
        event
        for scene in scenes
        for phase in vocabulary.PHASES
        if phase in _TELLERS
        for event in _TELLERS[phase](scene)
    ]
