"""Numbers that many actors or edges share: pools in ``defaults`` fill what an actor or edge does not give itself.

An actor takes from the pools that it names (``pools:``), then, if it is a European contributor, from ``european``, then
from the pools of its roles; the first that has a number counts. An edge takes from ``edges``, by its channel. A demand
or a veto is filled only where the actor makes it: a bare ``inherited`` makes it and gives nothing of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from sim import vocabulary
from sim.reading.errors import Fault, InputError, Place, Route, fault, suggestion
from sim.reading.files import has_unread
from sim.scenario.layers import INHERITED, Entry, Layer, Table, tables
from sim.scenario.likeness import fills, take_after

PART: Final = "defaults"
EUROPEAN: Final = "european"
EDGES: Final = "edges"
_ON_DEMAND: Final = ("needs", "vetoes")
"""Parts of an actor that a pool fills only where the actor itself names them."""


def inherit(layer: Layer) -> Layer:
    """Return ``layer`` with the numbers of its pools at every actor and edge that lacks them, and without the pools.

    Actors that are ``like`` another take from it first (:func:`sim.scenario.likeness.take_after`). Each number so
    filled keeps the reasons and the place of its pool, and ``origin`` tells its path there. A pool that an actor names
    and nobody has, and an ``inherited`` with nothing to inherit, are faults of the layer returned.

    Raises
    ------
    InputError
        If pools could not be read or are no maps: all that would be missing then is no mistake of its own.
    """
    if any(route[0] == PART and has_unread(entry.value) for route, entry in layer.entries.items()):
        raise InputError(layer.faults)
    if no_maps := list(_no_maps(layer)):
        raise InputError([*layer.faults, *no_maps])
    layer = take_after(layer)
    pools, owners = tables(layer, PART), {part: tables(layer, part) for part in ("actors", "network")}
    entries = {route: entry for route, entry in layer.entries.items() if route[0] != PART}
    places, faults = dict[Route, Place](), [*layer.faults]
    orders = {route: reasons for route, reasons in layer.orders.items() if route[0] != PART}
    for part, members in owners.items():
        for name, own in members.items():
            takes_from = _pools_of_edge(name, pools) if part == "network" else _pools_of_actor(own, pools)
            faults += _unknown(layer, (part, name), own, pools)
            routes = [(part, name, *end) for end in own]
            for end, entry in fills(own, takes_from, () if part == "network" else _ON_DEMAND):
                entries[part, name, *end] = entry
                routes.append((part, name, *end))
                places.setdefault((part, name, *end), entry.place)
                if entry.origin[:1] == (PART,) and entry.origin in layer.orders:
                    orders[part, name, *end] = entry.reasons
            entries.pop((part, name, "pools"), None)  # once taken from, they say nothing more
            for end in [end for end, entry in own.items() if entry.value == INHERITED]:
                faults += _settle_marker(entries, (part, name, *end), routes, takes_from)
    entries = {route: entry for route, entry in entries.items() if entry.value is not None}
    places |= layer.places  # last, as they tell which change was the latest
    return replace(layer, entries=entries, places=places, faults=faults, orders=orders)


def _no_maps(layer: Layer) -> Iterator[Fault]:
    for route, entry in layer.entries.items():
        if route[0] == PART and len(route) < 3:
            yield fault(entry.place, route, "expected a map of pools, each a map of numbers")


def _pools_of_actor(own: Table, pools: dict[str, Table]) -> list[tuple[Route, Table]]:
    """Return the pools that an actor takes from, the one that counts first at the front, each with its route."""
    named, roles = _words(own, "pools"), _words(own, "roles")
    european = own.get((EUROPEAN,))
    also = [EUROPEAN] if european is not None and european.value is True and "contributor" in roles else []
    return [((PART, pool), pools[pool]) for pool in dict.fromkeys((*named, *also, *roles)) if pool in pools]


def _pools_of_edge(key: str, pools: dict[str, Table]) -> list[tuple[Route, Table]]:
    channel = key.rpartition("/")[2]
    table = {end[1:]: entry for end, entry in pools.get(EDGES, {}).items() if end[0] == channel}
    return [((PART, EDGES, channel), table)]


def _words(own: Table, key: str) -> list[str]:
    value = own[(key,)].value if (key,) in own else None
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _unknown(layer: Layer, target: Route, own: Table, pools: dict[str, Table]) -> Iterator[Fault]:
    known = [name for name in pools if name not in (EDGES, EUROPEAN, *vocabulary.ROLES)]
    for pool in _words(own, "pools"):
        if pool not in known:
            message = f"no pool {pool!r} in {PART}; {suggestion(pool, known) if known else 'there is none'}"
            yield fault(own[("pools",)].place, (*target, "pools"), message)


def _instead(route: Route, pools: list[tuple[Route, Table]]) -> str:
    """Return what may be inherited beside ``route``, as the end of a message; of a misspelt channel, the channels."""
    if route[0] == "network":
        channel = route[1].rpartition("/")[2]
        known = {} if channel in vocabulary.CHANNELS else dict.fromkeys(vocabulary.CHANNELS)
    else:
        own = route[2:]
        beside = [end for _, pool in pools for end in pool if len(own) > 1 and end[: len(own) - 1] == own[:-1]]
        known = dict.fromkeys(end[len(own) - 1] for end in beside)
    return f"; {suggestion(route[-1].rpartition('/')[2], list(known))}" if known else ""


def _settle_marker(
    entries: dict[Route, Entry], route: Route, routes: list[Route], pools: list[tuple[Route, Table]]
) -> Iterator[Fault]:
    """Drop an ``inherited`` whose values have been filled in; yield a fault if there was none.

    ``routes`` are those of its actor or edge: to look through all would take a third of the time of a change.
    """
    entry = entries[route]
    if entry.value != INHERITED:
        return
    if not any(known != route and known[: len(route)] == route and known in entries for known in routes):
        message = f"no pool of {PART} has a value to be inherited here{_instead(route, pools)}"
        yield fault(entry.place, route, message)
    del entries[route]
