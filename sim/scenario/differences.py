"""List the differences of two scenarios as an analyst would: a demand that was dropped is one, not five numbers."""

from __future__ import annotations

from typing import NamedTuple

from sim.reading.errors import Route
from sim.scenario.layers import Layer
from sim.scenario.scenario import Scenario


class Change(NamedTuple):
    """One difference: its path, and the value before and after as text."""

    path: str
    before: str
    after: str


def changes(a: Scenario, b: Scenario) -> list[Change]:
    """Return the differences from ``a`` to ``b``, sorted by path."""
    differing = [tuple(path.split(".")) for path in a.differences(b)]
    things = sorted({_thing(route, a.layer, b.layer) for route in differing})
    return [Change(".".join(route), text_at(a, route), text_at(b, route)) for route in things]


def text_at(scenario: Scenario, route: Route, written: bool = False) -> str:
    """Return the value of a scenario at ``route`` as text; of a large part the number of its values, or "absent".

    With ``written`` it is read as the config has it, before anything is inherited.
    """
    entries = scenario.written.entries if written else scenario.layer.entries
    if route in entries:
        number = scenario.leaves.get(".".join(route))
        return str(number.prior) if number else plain_text(entries[route].value)
    below = [inner for inner in entries if inner[: len(route)] == route]
    if len(below) > 3:
        return f"{len(below)} values"
    return ", ".join(f"{'.'.join(inner[len(route) :])} {text_at(scenario, inner)}" for inner in below) or "absent"


def plain_text(value: object) -> str:
    """Return a value that is no uncertain number, as a config writes it."""
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def _thing(route: Route, a: Layer, b: Layer) -> Route:
    """Return the outermost part above ``route`` that one side lacks or holds as a single value, else ``route``."""
    for end in range(1, len(route)):
        if any(_lacks(layer, route[:end]) for layer in (a, b)):
            return route[:end]
    return route


def _lacks(layer: Layer, route: Route) -> bool:
    return route in layer.entries or not any(known[: len(route)] == route for known in layer.entries)
