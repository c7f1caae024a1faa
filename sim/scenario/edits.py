"""Change a scenario by dotted paths, as under ``change:`` in a file or in a call of ``Scenario.change``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sim import vocabulary
from sim.reading import plain_data
from sim.reading.errors import Fault, InputError, Place, Route, fault
from sim.reading.files import Document
from sim.scenario.layers import Entry, Layer, Reasons, flatten, merge, stands, unknown_name

if TYPE_CHECKING:
    import pandas as pd

_EXPECTED = (
    "expected a map of dotted path: value, a line each, indented, with a space after the colon, "
    "such as actors.spain.stance: open"
)
_MOST_CHANGES = 1_000
"""How many changes a file may make."""


def apply_edits(base: Layer, document: Document, at: Route, reasons: Reasons) -> tuple[Layer, tuple[str, ...]]:
    """Return ``base`` with the edits that stand at ``at`` in ``document``, and notes on what is gone or changed twice.

    ``reasons`` hold for every value that brings none of its own. A wrong edit is a fault of the layer returned.

    Raises
    ------
    InputError
        If there are more edits than one file may make.
    """
    edits = document.data
    for key in at:
        edits = edits[key]
    if not isinstance(edits, dict):
        return merge(base, Layer({}, {}, [fault(document.place(at), at, _EXPECTED)])), ()
    notes, faults, made = list[str](), list[Fault](), dict[Route, str]()
    if len(edits) > _MOST_CHANGES:
        raise InputError(
            [fault(document.place(at), at, f"more than the {_MOST_CHANGES:,} changes allowed in one file")]
        )
    for path, value in edits.items():
        route, place = tuple(str(path).split(".")), document.place((*at, path))
        wrong = unknown_name(base, route) or _idle_reasons(route, value)
        if wrong:
            faults.append(fault(place, route, wrong))
            continue
        faults.extend(_idle_maps(base, document, value, (*at, path), route))
        new = flatten(document, value, (*at, path), route, reasons)
        notes.extend(_made_twice(new, made, path))
        new.places.update({above: place for above in _above(route) if above not in base.places})
        base = merge(base, new)
        if value is None and route[0] == "actors" and len(route) == 2:
            base, note = _without_edges(base, route[1], place)
            notes.append(note)
    return merge(base, Layer({}, {}, faults)) if faults else base, tuple(notes)


def _idle_reasons(route: Route, value: Any) -> str:
    """Return what is wrong with an edit that gives reasons alone, as it would change nothing; empty for any other."""
    keys = set(vocabulary.REASON_KEYS)
    if len(route) > 1 and route[-1] in keys:
        return f"reasons stand beside the number that they are for: PATH: {{likely: 0.3, {route[-1]}: ...}}"
    if isinstance(value, Mapping) and value and value.keys() <= keys:
        return f"reasons alone ({', '.join(value)}) change nothing here; give them beside the number that they are for"
    return ""


def _idle_maps(base: Layer, document: Document, value: Any, at: Route, route: Route) -> Iterator[Fault]:
    """Yield a fault for every empty map where something stands: it reads as if it took that away, and would not."""
    if isinstance(value, Mapping):
        if not value and stands(base, route):
            yield fault(document.place(at), route, "an empty map changes nothing; null takes away what stands here")
        for key, inner in value.items():
            yield from _idle_maps(base, document, inner, (*at, key), (*route, key))


def _made_twice(new: Layer, made: dict[Route, str], path: str) -> Iterator[str]:
    """Yield a note for every value of an edit that an edit before it gave too, and add those of this one to ``made``.

    A key that stands twice is a fault, but paths of two lengths may be meant so: an actor, then one of its numbers.
    """
    for route in new.entries:
        if route in made:
            yield f"{'.'.join(route)} is changed twice, by {made[route]} and by {path}; the latter counts"
        made[route] = path


def _above(route: Route) -> list[Route]:
    """Return the routes above one: what a change brings in there, if only by a misspelt word, stands where it does."""
    return [route[:length] for length in range(1, len(route))]


def _without_edges(layer: Layer, actor: str, place: Place) -> tuple[Layer, str]:
    gone = {
        route[1] for route in layer.entries if route[0] == "network" and actor in route[1].partition("/")[0].split("->")
    }
    idle = {route[1] for route, entry in layer.entries.items() if route[0] == "levers" and entry.value == [actor]}
    kept = {
        route: _without_actor(route, entry, actor, place)
        for route, entry in layer.entries.items()
        if not (route[0] == "network" and route[1] in gone) and not (route[0] == "levers" and route[1] in idle)
    }
    changed = layer.changed | (layer.entries.keys() - kept.keys())
    moved = {route: place for route, entry in kept.items() if entry is not layer.entries[route]}
    places = {**layer.places, **moved}
    return replace(
        layer, entries=kept, places=places, changed=changed
    ), f"{actor} removed, with {len(gone)} of its edges"


def _without_actor(route: Route, entry: Entry, actor: str, place: Place) -> Entry:
    lists = {"missions": ("leads", "eligible"), "levers": ("held_by",)}
    if route[-1] in lists.get(route[0], ()) and isinstance(entry.value, list) and actor in entry.value:
        return entry._replace(value=[name for name in entry.value if name != actor], place=place)
    return entry


def as_document(edits: Mapping[str, Any] | pd.Series, source: str) -> Document:
    """Return edits given in Python as a document, every one of which stands in ``source``.

    Numbers, words and lists of NumPy and pandas count as Python's own; a row of a table (a Series) is a map.

    Raises
    ------
    InputError
        If the edits are no map of paths, or a value is none that a config could hold; it lists all of these.
    """
    place = Place(source)
    given = plain_data.plain(edits)
    if not isinstance(given, dict):
        raise InputError([Fault(place, "", f"expected a map of dotted path: value, got {plain_data.named(edits)}")])
    strange = [fault(place, route, f"{what}; allowed: {plain_data.ALLOWED}") for route, what in plain_data.odd(given)]
    if strange:
        raise InputError(strange)
    return Document(given, {(): place, **{(path,): place for path in given}})
