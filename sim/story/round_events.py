"""The events of one run: what happened in which week and phase, to whom, and why, read off what was witnessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from sim import vocabulary
from sim.scenario.scenario import Scenario
from sim.story import force, talks
from sim.story.recording import Record
from sim.story.round_view import Event, Scene

_TELLERS: Final[dict[str, Callable[[Scene], Iterator[Event]]]] = {
    "news": talks.news,
    "table": talks.table,
    "offer": talks.offer,
    "truce": talks.truce,
    "consent": talks.consent,
    "pledge": force.pledge,
    "ratify": force.ratify,
    "form": force.form,
    "hold": force.hold,
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
