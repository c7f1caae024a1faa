"""Orders among numbers: where documents say that one is more than another, the likely values have to agree."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from sim.reading.errors import Fault, Route, fault, suggestion
from sim.scenario.layers import Layer, Reasons
from sim.scenario.linear_pool import middle
from sim.scenario.priors import Prior


class _Pair(NamedTuple):
    """An order between two numbers, as one of them states it."""

    more: str
    less: str
    route: Route
    reasons: Reasons


def faults(numbers: Mapping[str, Prior], layer: Layer) -> Iterator[Fault]:
    """Yield a fault for each order that names no number, and for each that likely values break as they were written."""
    for pair, missing in _pairs(numbers, layer):
        if missing:
            near = suggestion(missing, list(numbers))[:200]
            yield fault(pair.reasons.place, pair.route, f"an order names a number, and {missing!r} is none; {near}")
        elif _broken(pair, numbers) and not _changed(pair, layer):
            yield fault(pair.reasons.place, pair.route, _message(pair, numbers))


def left(numbers: Mapping[str, Prior], layer: Layer) -> list[str]:
    """Return a note for each documented order that a change of the scenario leaves."""
    return [
        f"leaves a documented order: {_message(pair, numbers)}"
        for pair, missing in _pairs(numbers, layer)
        if not missing and _broken(pair, numbers) and _changed(pair, layer)
    ]


def central(prior: Prior) -> float:
    """Return the value that orders compare: a likely value, or a mean where there is none (of a choice, of places).

    >>> central(Prior("triangular", (0.0, 0.25, 1.0))), central(Prior("uniform", (0.0, 1.0)))
    (0.25, 0.5)
    """
    if prior.words:
        return sum(place * share for place, share in enumerate(prior.numbers))
    if prior.experts:
        return sum(expert.weight * middle(expert.numbers) for expert in prior.experts)
    return middle(prior.numbers)


def _pairs(numbers: Mapping[str, Prior], layer: Layer) -> Iterator[tuple[_Pair, str]]:
    """Yield each pair that an order compares, and the end that is no number; not those whose end a change removed."""
    for route, reasons in layer.orders.items():
        own = ".".join(route)
        for pair in [
            *(_Pair(own, other, route, reasons) for other in reasons.more_than),
            *(_Pair(other, own, route, reasons) for other in reasons.less_than),
        ]:
            missing = next((end for end in (pair.more, pair.less) if end not in numbers), "")
            if not (missing and _removed(_route(missing), layer)):
                yield pair, missing


def _removed(route: Route, layer: Layer) -> bool:
    """Return whether a change took away a number, or something around it: an actor, say, with all that it inherits."""
    return any(_gone(route[:end], layer) for end in range(2, len(route) + 1))


def _gone(around: Route, layer: Layer) -> bool:
    end = len(around)
    below = any(known[:end] == around and len(known) > end for known in layer.entries)
    return not below and any(known[:end] == around for known in layer.changed)


def _broken(pair: _Pair, numbers: Mapping[str, Prior]) -> bool:
    return central(numbers[pair.more]) <= central(numbers[pair.less])


def _changed(pair: _Pair, layer: Layer) -> bool:
    ends = [_route(end) for end in (pair.more, pair.less)]
    return any(end in layer.changed or layer.entries[end].origin in layer.changed for end in ends)


def _route(path: str) -> Route:
    return tuple(path.split("."))


def _message(pair: _Pair, numbers: Mapping[str, Prior]) -> str:
    more, less = (f"{end} ({central(numbers[end]):g})" for end in (pair.more, pair.less))
    return f"{more} is to be more than {less}, after {', '.join(pair.reasons.order)}"
