"""What differs between two scenarios, as things an analyst changed: a demand dropped is one, with all its numbers."""

from __future__ import annotations

from typing import NamedTuple

from sim.reading.errors import Route
from sim.scenario.layers import Layer
from sim.scenario.scenario import Scenario


class Change(NamedTuple):
    """One thing that differs: its path, and in words its value on either side."""

    path: str
    before: str
    after: str


def changes(a: Scenario, b: Scenario) -> list[Change]:
    """Return what differs from ``a`` to ``b``, sorted by path."""
    differing = [tuple(path.split(".")) for path in a.differences(b)]
    things = sorted({_thing(route, a.layer, b.layer) for route in differing})
    return [Change(".".join(route), said(a, route), said(b, route)) for route in things]


def said(scenario: Scenario, route: Route) -> str:
    """Return what a scenario says at ``route``: a number, a word or list, how many values stand below, or "absent"."""
    entries = scenario.layer.entries
    if route in entries:
        number = scenario.leaves.get(".".join(route))
        return str(number.prior) if number else written(entries[route].value)
    below = [inner for inner in entries if inner[: len(route)] == route]
    if len(below) > 3:
        return f"{len(below)} values"
    return ", ".join(f"{'.'.join(inner[len(route) :])} {said(scenario, inner)}" for inner in below) or "absent"


def written(value: object) -> str:
    """Return a plain value as a config would write it."""
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _thing(route: Route, a: Layer, b: Layer) -> Route:
    """Return the outermost part on the way to ``route`` that one side lacks or holds as a single value."""
    for end in range(1, len(route)):
        if any(_lacks(layer, route[:end]) for layer in (a, b)):
            return route[:end]
    return route


def _lacks(layer: Layer, route: Route) -> bool:
    return route in layer.entries or not any(known[: len(route)] == route for known in layer.entries)
