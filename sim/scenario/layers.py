"""Merge the files of a config by path. Each file becomes a layer: a flat table of leaves with reasons and places.

Maps merge. An uncertain number, a choice or a list is a leaf; a later layer replaces it whole, with its reasons. The
reasons of a map hold, within its layer, for the leaves below it that have none of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, NamedTuple, TypeAlias

from sim import vocabulary
from sim.reading.errors import Fault, Place, Route, fault, suggestion
from sim.reading.files import UNREAD, Document, has_unread
from sim.reading.read_only import ReadOnlyDict, ReadOnlyList, read_only
from sim.scenario.references import edge_ends

INHERITED: Final = "inherited"
"""What a config writes where it wants a value from elsewhere and gives none of its own."""
_LISTS = {
    "anchor": "records of published figures, [record, ...]",
    **dict.fromkeys(vocabulary.PATH_KEYS, "paths of numbers, [actors.x.y, ...]"),
}
"""What reasons list that are not claims."""
_WORDS = frozenset(word for words in vocabulary.SCALES.values() for word in words)


class Reasons(NamedTuple):
    """Why a number has its value (:data:`sim.vocabulary.REASON_KEYS`), where that is written, and if it is sound."""

    because: tuple[str, ...] = ()
    assumption: str | None = None
    see: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    anchor: tuple[str, ...] = ()
    order: tuple[str, ...] = ()
    more_than: tuple[str, ...] = ()
    less_than: tuple[str, ...] = ()
    convention: str | None = None
    route: Route = ()
    place: Place = Place("")
    sound: bool = True

    @property
    def given(self) -> bool:
        """Whether a number may stand on these reasons, even on one that could not be read."""
        reasons = (self.because, self.anchor, self.order, self.assumption, self.convention)
        return any(reasons) or not self.sound

    @property
    def compared(self) -> bool:
        """Whether they compare the number with another."""
        return bool(self.more_than or self.less_than)


class Entry(NamedTuple):
    """One leaf of a layer: its raw value, the reasons that hold for it, its place.

    ``origin`` is the path, in ``defaults`` or of another actor, that it was inherited from; empty if it is its own.
    """

    value: Any
    reasons: Reasons
    place: Place
    origin: Route = ()


_FEW = 8
"""Edits up to which it is quicker to look through all routes for those inside one than to list what is above each."""
Table: TypeAlias = dict[Route, Entry]
"""The leaves of one actor, edge or pool, by their route below it."""


@dataclass(frozen=True)
class Layer:
    """A config as a flat table of leaves, with the place of every map above them and the faults so far.

    ``places`` are in the order of merging, the latest last. ``orders`` are the reasons that compare a number with
    others; they outlive a change of the number, since documents do not change with it. ``changed`` holds the routes
    whose value a later layer replaced. ``passed_over`` are files beside those that were read, which nobody read.
    """

    entries: dict[Route, Entry]
    places: dict[Route, Place]
    faults: list[Fault] = field(default_factory=list)
    orders: dict[Route, Reasons] = field(default_factory=dict)
    changed: frozenset[Route] = frozenset()
    passed_over: tuple[str, ...] = ()

    def read_only(self) -> Layer:
        """Return the layer with tables that refuse to be changed."""
        entries = {route: _read_only(entry) for route, entry in self.entries.items()}
        places, orders = ReadOnlyDict(self.places), ReadOnlyDict(self.orders)
        faults = ReadOnlyList(self.faults)
        return replace(self, entries=ReadOnlyDict(entries), places=places, faults=faults, orders=orders)


def _read_only(entry: Entry) -> Entry:
    """Return an entry whose value refuses to be changed: itself where it does already, as nearly all do."""
    value = read_only(entry.value)
    return entry if value is entry.value else entry._replace(value=value)


def is_leaf(route: Route, value: Any) -> bool:
    """Return whether ``value`` at ``route`` is replaced whole: a map that is one number, and whatever is no map."""
    if not isinstance(value, Mapping):
        return True
    keys = {key for key in value if key not in vocabulary.REASON_KEYS}
    if keys & {"low", "likely", "high", "by"}:
        return True
    if route[:1] == ("scales",) or route[-1:] == ("commits",):  # their keys are words of a scale too
        return False
    return bool(keys) and keys <= _WORDS and all(_is_share(value[key]) for key in keys)


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and value.strip().endswith("%"))


def flatten(document: Document, value: Any, at: Route, target: Route, reasons: Reasons) -> Layer:
    """Return the value at ``at`` in the document as a layer whose leaves stand under ``target``."""
    layer = Layer({}, {})
    _flatten(layer, document, value, at, target, reasons)
    return layer


def _flatten(layer: Layer, document: Document, value: Any, at: Route, target: Route, outer: Reasons) -> None:
    place = document.place(at)
    layer.places[target] = place
    reasons, faults = reasons_of(document, value, at, target, outer)
    layer.faults.extend(faults)
    if is_leaf(target, value):
        layer.entries[target] = Entry(value, reasons, place)
        if reasons.compared and reasons.route == target:
            layer.orders[target] = reasons
        if target[0] == "levers":  # the one list whose items hold maps of their own, with mistakes of their own
            inside = {route: spot for route, spot in document.places.items() if route[: len(at)] == at}
            layer.places.update({(*target, *route[len(at) :]): spot for route, spot in inside.items()})
        return
    if reasons.compared and reasons.route == target:
        message = "an order holds for one number: write it inside the number that is more or less"
        layer.faults.append(fault(place, target, message))
    for key, inner in value.items():
        if key not in vocabulary.REASON_KEYS:
            _flatten(layer, document, inner, (*at, key), (*target, key), reasons)


def reasons_of(document: Document, value: Any, at: Route, target: Route, outer: Reasons) -> tuple[Reasons, list[Fault]]:
    """Return the reasons in ``value``, or ``outer`` if it has none, and the faults of these reasons."""
    if not isinstance(value, Mapping):
        return outer, []
    given = {key: value[key] for key in vocabulary.REASON_KEYS if key in value}
    if not given:
        return outer, []
    wrong = {key: expected for key, raw in given.items() if (expected := _expected(key, raw))}
    faults = [
        fault(document.place((*at, key)), (*target, key), expected)
        for key, expected in wrong.items()
        if not has_unread(given[key])
    ]
    sound: dict[str, Any] = {
        key: tuple(raw) if isinstance(raw, list) else raw for key, raw in given.items() if key not in wrong
    }
    reasons = Reasons(**sound, route=target, place=document.place(at), sound=not wrong)
    if bool(reasons.order) != reasons.compared and reasons.sound:
        message = "order: [claims] goes with paths of numbers, more_than: [...] or less_than: [...], and they with it"
        faults.append(fault(document.place(at), target, message))
    return reasons, faults


def _expected(key: str, raw: Any) -> str:
    """Return what was expected instead of ``raw``; empty if ``raw`` is a sentence or a list, as its key asks for."""
    if key in ("assumption", "convention"):
        return "" if raw is None or (isinstance(raw, str) and raw.strip()) else "expected a sentence"
    if isinstance(raw, list) and all(isinstance(entry, str) for entry in raw):
        return ""
    return f"expected a list of {_LISTS.get(key, 'claims, [000.x.y, ...]')}"


def merge(base: Layer, new: Layer) -> Layer:
    """Return ``base`` with the leaves of ``new`` merged in; a null leaf removes what stands at its route.

    To remove what does not exist is a fault of the layer returned, unless an actor that is ``like`` another may take
    it from there: then the null stays, until it is known what there is to take. A value that could not be read stays
    unreadable, whatever ``new`` changes inside it.
    """
    entries, faults = dict(base.entries), [*base.faults, *new.faults]
    # Asked for where something is removed alone: an explorer's page merges some twenty changes for every move.
    removes = any(entry.value is None for entry in new.entries.values())
    alike = {route[1] for layer in (base, new) if removes for route in layer.entries if _says_like(route)}
    removed = set[Route]()
    # Of a few routes, those inside are looked for among all; of many, all routes above one are listed once.
    few = len(new.entries) <= _FEW
    inside = set[Route]() if few else {known[:end] for known in base.entries for end in range(1, len(known) + 1)}
    for route, entry in new.entries.items():
        if _hidden(base, route):
            continue
        if few or route in inside:
            for old in [known for known in entries if known[: len(route)] == route]:
                removed.add(old)
                del entries[old]
        for end in range(1, len(route)):
            entries.pop(route[:end], None)
        if entry.value is not None or _may_be_taken(route, alike):
            entries[route] = entry
        elif route not in base.places:
            faults.append(fault(entry.place, route, "there is nothing here to remove"))
    places = dict(base.places)
    for route in new.places:
        places.pop(route, None)
    places.update(new.places)
    changed = base.changed | new.changed | removed
    passed_over = (*base.passed_over, *new.passed_over)
    return Layer(entries, places, faults, {**base.orders, **new.orders}, changed, passed_over)


def _says_like(route: Route) -> bool:
    return len(route) > 2 and route[0] == "actors" and route[2] == "like"


def _may_be_taken(route: Route, alike: set[str]) -> bool:
    """Return whether what stands at ``route`` may come from the model of an actor that is like another."""
    if len(route) > 2 and route[0] == "actors":
        return route[1] in alike and route[2] != "like"
    return route[0] == "network" and len(route) > 1 and not alike.isdisjoint(edge_ends(route[1])[:2])


def _hidden(layer: Layer, route: Route) -> bool:
    """Return whether ``route`` lies inside something that could not be read."""
    around = (layer.entries.get(route[:end]) for end in range(1, len(route)))
    return any(entry is not None and entry.value is UNREAD for entry in around)


def as_tree(layer: Layer) -> dict[str, Any]:
    """Return the leaves of ``layer`` as nested maps."""
    tree: dict[str, Any] = {}
    for route, entry in layer.entries.items():
        inner = tree
        for key in route[:-1]:
            inner = inner.setdefault(key, {})
        inner[route[-1]] = entry.value
    return tree


def tables(layer: Layer, part: str) -> dict[str, Table]:
    """Return the leaves of a part of the layer by name, each by its route below that name."""
    known: dict[str, Table] = {}
    for route, entry in layer.entries.items():
        if route[0] == part and len(route) > 1:
            known.setdefault(route[1], {})[route[2:]] = entry
    return known


def keys_below(layer: Layer, route: Route) -> Iterator[str]:
    """Yield the keys directly below ``route``."""
    yield from dict.fromkeys(
        known[len(route)] for known in layer.entries if known[: len(route)] == route and len(known) > len(route)
    )


def unknown_name(layer: Layer, route: Route) -> str | None:
    """Return a message if ``route`` is no path, or changes a part of an unknown actor, edge, mission or event.

    An edge may be new: its key says all that there is to know of it, ``source->target/channel``.
    """
    if (ill_formed := _no_path(layer, route)) is not None:
        return ill_formed
    if len(route) < 3 or route[0] not in _NAMED or _hidden(layer, route):
        return None
    if (route[0] == "network" and all(edge_ends(route[1]))) or stands(layer, route[:2]):
        return None
    known = list(keys_below(layer, route[:1]))
    if route[0] == "network" and (meant := _edge_meant(route[1])):
        return f"{route[1]!r} is not an edge; an edge is source->target/channel; did you mean {meant!r}?"
    called = _key_of(layer, route[0], route[1])
    allowed = f"did you mean {called!r}? allowed: {', '.join(known)}" if called else suggestion(route[1], known)
    return f"{route[1]!r} is not among the {route[0]}; {allowed}"


def stands(layer: Layer, route: Route) -> bool:
    """Return whether anything stands below a route."""
    return any(known[: len(route)] == route for known in layer.entries)


_NAMED = ("actors", "network", "missions", "events")


def _no_path(layer: Layer, route: Route) -> str | None:
    """Return a message if a route has empty parts, or begins with what stands below a part, such as an actor."""
    if len(route) > 1 and not all(route):
        written = ".".join(filter(None, route)) or "actors.NAME.needs, for example"
        return f"a part of this path is empty; write {written}"
    if len(route) == 1 and route[0].count("/") > 1 and "->" not in route[0]:
        return f"the parts of a path are joined by dots; write {route[0].strip('/').replace('/', '.')}"
    if not route or route[0] in _NAMED or (route[0],) in layer.places:
        return None
    above = next((part for part in _NAMED if route[0] in keys_below(layer, (part,))), None)
    return above and f"{route[0]!r} is not a key here; did you mean {'.'.join((above, *route))}?"


def _edge_meant(key: str) -> str:
    """Return an edge as it is written, of one whose arrow or slash was written otherwise; empty if none is plain."""
    matched = re.fullmatch(r"(\w+)\s*(?:->|-->|-|=>|>|\u2192|_to_)\s*(\w+)\s*[/:]\s*(\w+)", key)
    return f"{matched[1]}->{matched[2]}/{matched[3]}" if matched else ""


def _key_of(layer: Layer, part: str, name: str) -> str | None:
    """Return the key of what people call by a name, such as ``uk`` of ``united_kingdom``; None if there is none."""
    plain = name.casefold().replace("_", " ").replace("-", " ").strip()
    for route, entry in layer.entries.items():
        if route[:1] == (part,) and route[2:] == ("name",) and str(entry.value).casefold() == plain:
            return route[1]
    return None
