"""An actor by example: ``like: another`` takes what the file does not state from another actor, and its edges.

It is as if the actor's file began with the other's: what it states stands, pools fill what both leave open. Its name,
its note and the reasons for an order among numbers are the other's own and stay there. Who is not like in its edges
writes ``like: {actor: another, edges: false}``. A null takes away a part, or an edge, that would be taken.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import Any, Final, NamedTuple

from sim.reading.errors import Fault, Place, Route, fault, suggestion
from sim.reading.files import nearest_place
from sim.scenario.actor import OWNED, Actor, parts_of
from sim.scenario.layers import INHERITED, Entry, Layer, Reasons, Table, tables
from sim.scenario.references import edge_ends

KEY: Final = "like"
_OWN: Final = ("name", "note", KEY)
"""Keys that an actor like another does not take from it."""
_EITHER: Final = {"stance": ("governments", "handover"), "governments": ("stance",)}
"""By a key that an actor states, the keys that it then does not take."""
_FORM: Final = "expected the name of an actor, or {actor: NAME, edges: false}"


class _Model(NamedTuple):
    """Whom an actor is like, whether its edges are so too, and where that is written."""

    actor: str
    edges: bool
    place: Place


def take_after(layer: Layer) -> Layer:
    """Return ``layer`` with what actors take from those that they are like, each with its ``origin`` there.

    An actor that does not exist, and actors that are like one another in a circle, are faults of the layer returned,
    and nothing is taken.
    """
    actors = tables(layer, "actors")
    stated = {name: own for name, own in actors.items() if any(end[:1] == (KEY,) for end in own)}
    if not stated:
        return layer
    models, faults = _models(layer, stated, actors)
    entries = {route: entry for route, entry in layer.entries.items() if not _says_like(route, stated)}
    places, edges = dict[Route, Place](), tables(layer, "network")
    for name in models:
        chain = _chain(name, models)
        for end, entry in _taken_parts(actors[name], [(model, actors[model]) for model in chain[1:]]):
            entries["actors", name, *end] = entry
            places.setdefault(("actors", name, *end), entry.place)
        none = Entry(None, Reasons(), models[name].place)
        entries.setdefault(("actors", name, "note"), none)  # the note of a pool that is taken is about others
        for key, taken in _taken_edges(name, chain, models, edges).items():
            places.setdefault(("network", key), models[name].place)
            entries |= {("network", key, *end): entry for end, entry in taken.items()}
    there = [key for key, table in edges.items() if any(entry.value is not None for entry in table.values())]
    faults += _idle_nulls(layer, {name: _chain(name, models) for name in stated}, there)
    return replace(layer, entries=entries, places=places | layer.places, faults=[*layer.faults, *faults])


def fills(own: Table, others: list[tuple[Route, Table]], asked: Collection[str] = ()) -> Iterator[tuple[Route, Entry]]:
    """Yield what others add to an actor or edge; they fill nothing that it, or one before them, has.

    A part named in ``asked`` is filled only where it has it, if only by a bare ``inherited``.
    """
    whole = {end for end, entry in own.items() if entry.value != INHERITED}
    inside = {end[:length] for end in own for length in range(1, len(end) + 1)}
    for route, table in others:
        fresh = set[Route]()
        for end, entry in table.items():
            if _is_given(end, whole, set() if end in own else inside):
                continue
            if not end or end[0] not in asked or end[:2] in inside:
                fresh.add(end)
                yield end, entry._replace(origin=entry.origin or (*route, *end))
        whole |= fresh
        inside |= {end[:length] for end in fresh for length in range(1, len(end) + 1)}


def _is_given(end: Route, whole: set[Route], inside: set[Route]) -> bool:
    """Return whether a value at ``end`` would stand at, inside or around one that is given."""
    return end in inside or any(end[:length] in whole for length in range(len(end) + 1))


def _says_like(route: Route, stated: Collection[str]) -> bool:
    return len(route) > 2 and route[0] == "actors" and route[1] in stated and route[2] == KEY


def _models(layer: Layer, stated: dict[str, Table], actors: Collection[str]) -> tuple[dict[str, _Model], list[Fault]]:
    """Return whom each actor is like, but for those that lead nowhere or in a circle, and a fault for each of these."""
    models, faults = dict[str, _Model](), list[Fault]()
    for name, own in stated.items():
        route = ("actors", name, KEY)
        place, actor, edges = nearest_place(layer.places, route), _value(own, "actor"), _value(own, "edges", True)
        strange = [end[1] for end in own if end[:1] == (KEY,) and end[1:] and end[1] not in ("actor", "edges")]
        if not isinstance(actor, str) or not isinstance(edges, bool) or strange:
            faults.append(fault(place, route, _FORM))
        elif actor not in actors:
            others = [other for other in actors if other != name]
            faults.append(fault(place, route, f"no actor {actor!r} to be like; {suggestion(actor, others)}"))
        else:
            models[name] = _Model(actor, edges, place)
    circles = {name: circle for name in models if (circle := _circle(name, models))}
    for name, circle in circles.items():
        ways = " -> ".join((*circle, name))
        elsewhere = ", ".join(f"{other} at {models[other].place}" for other in circle if other != name)
        also = f" (also {elsewhere})" if elsewhere else ""
        faults.append(fault(models[name].place, ("actors", name, KEY), f"like itself in a circle: {ways}{also}"))
    leading = {name for name in models if set(_chain(name, models)) & circles.keys()}
    lost = {name for name in models if _chain(name, models)[-1] in stated.keys() - models.keys()}
    return {name: model for name, model in models.items() if name not in leading | lost}, faults


def _value(own: Table, key: str, otherwise: Any = None) -> Any:
    """Return what a like states: itself the actor's name, or a map."""
    if (KEY,) in own:
        return own[KEY,].value if key == "actor" else otherwise
    return own[KEY, key].value if (KEY, key) in own else otherwise


def _chain(name: str, models: dict[str, _Model]) -> list[str]:
    """Return an actor, whom it is like, whom that one is like, and so on; each once."""
    chain = [name]
    while chain[-1] in models and models[chain[-1]].actor not in chain:
        chain.append(models[chain[-1]].actor)
    return chain


def _circle(name: str, models: dict[str, _Model]) -> list[str]:
    """Return the actors of the circle that leads from an actor back to itself; empty if there is none."""
    chain = _chain(name, models)
    return chain if chain[-1] in models and models[chain[-1]].actor == name else []


def _taken_parts(own: Table, others: list[tuple[str, Table]]) -> Iterator[tuple[Route, Entry]]:
    """Yield what an actor takes: not what belongs to a role that it has not, nor what it says in another way."""
    roles = own.get(("roles",), next((table["roles",] for _, table in others if ("roles",) in table), None))
    host = own.get(("host",), next((table["host",] for _, table in others if ("host",) in table), None))
    words = roles.value if roles is not None and isinstance(roles.value, list) else []
    parts = parts_of([str(word) for word in words], host is not None and host.value is True)
    foreign = {key for role, keys in OWNED.items() if role not in parts for key in keys} if parts else set[str]()
    left = {*_OWN, *foreign, *(key for end in own for key in _EITHER.get(end[0], ()))}
    sources: list[tuple[Route, Table]] = [
        (("actors", model), {end: entry for end, entry in table.items() if end[0] not in left})
        for model, table in others
    ]
    return fills(own, sources)


def _taken_edges(name: str, chain: list[str], models: dict[str, _Model], edges: dict[str, Table]) -> dict[str, Table]:
    """Return the edges that an actor takes, by key: stated ones of those that it is like, with it at their end."""
    taken, at = dict[str, Table](), 0
    while at + 1 < len(chain) and models[chain[at]].edges:
        at += 1
        for key, table in edges.items():
            source, target, channel = edge_ends(key)
            if chain[at] not in (source, target) or name in (source, target):
                continue
            ends = (name if end == chain[at] else end for end in (source, target))
            mine = f"{'->'.join(ends)}/{channel}"
            own = {**edges.get(mine, {}), **taken.get(mine, {})}
            if () in own and own[()].value is None:
                continue
            taken.setdefault(mine, {}).update(fills(own, [(("network", key), table)]))
    return {key: table for key, table in taken.items() if table}


def _idle_nulls(layer: Layer, chains: dict[str, list[str]], edges: Collection[str]) -> Iterator[Fault]:
    """Yield a fault for each null that takes away what an actor cannot have, or an edge that it would not take."""
    for route, entry in layer.entries.items():
        if entry.value is not None or any(known[: len(route)] == route for known in layer.changed):
            continue
        if not _could_be_there(route, chains, edges):
            yield fault(entry.place, route, "there is nothing here to remove")


def _could_be_there(route: Route, chains: dict[str, list[str]], edges: Collection[str]) -> bool:
    if route[0] == "actors":
        return route[2] in Actor.model_fields
    source, target, channel = edge_ends(route[1])
    sources, targets = chains.get(source, [source]), chains.get(target, [target])
    return any(f"{one}->{other}/{channel}" in edges for one in sources for other in targets if one != other)
