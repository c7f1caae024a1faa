"""Layers of a config: every file becomes a flat table of leaves with their reasons and places, and layers merge by path.

Maps merge; an uncertain number, a choice or a list is a leaf and is replaced whole, with its reasons. Reasons of a map
hold for the leaves below it that bring none of their own, in the same layer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from sim import vocabulary
from sim.reading import Document, InputError, Place, Route, fault, suggestion

_WORDS = frozenset(word for words in vocabulary.SCALES.values() for word in words)


class Reasons(NamedTuple):
    """Why a number is what it is: see :data:`sim.vocabulary.REASON_KEYS`; and where that stands."""

    because: tuple[str, ...] = ()
    assumption: str | None = None
    see: tuple[str, ...] = ()
    against: tuple[str, ...] = ()
    route: Route = ()
    place: Place = Place("")

    @property
    def given(self) -> bool:
        """Whether there is a claim or an assumption at all."""
        return bool(self.because or self.assumption)


class Entry(NamedTuple):
    """One leaf of a layer: its raw value, the reasons that hold for it, and its place."""

    value: Any
    reasons: Reasons
    place: Place


class Layer(NamedTuple):
    """A config as a flat table of leaves, and the place of every map on the way to them."""

    entries: dict[Route, Entry]
    places: dict[Route, Place]


def is_leaf(route: Route, value: Any) -> bool:
    """Return whether ``value`` at ``route`` is replaced whole: anything but a map, and maps that are one number."""
    if not isinstance(value, Mapping):
        return True
    keys = {key for key in value if key not in vocabulary.REASON_KEYS}
    if keys & {"low", "likely", "high"}:
        return True
    return bool(keys) and keys <= _WORDS and route[:1] != ("scales",) and all(_is_share(value[key]) for key in keys)


def _is_share(value: Any) -> bool:
    return isinstance(value, int | float) or (isinstance(value, str) and value.strip().endswith("%"))


def flatten(document: Document, value: Any, at: Route, target: Route, reasons: Reasons) -> Layer:
    """Return the leaves of ``value``, which stands at ``at`` in the document, as leaves under ``target``."""
    layer = Layer({}, {})
    _flatten(layer, document, value, at, target, reasons)
    return layer


def _flatten(layer: Layer, document: Document, value: Any, at: Route, target: Route, outer: Reasons) -> None:
    place = document.place(at)
    layer.places[target] = place
    reasons = reasons_of(document, value, at, target, outer)
    if is_leaf(target, value):
        layer.entries[target] = Entry(value, reasons, place)
        return
    for key, inner in value.items():
        if key not in vocabulary.REASON_KEYS:
            _flatten(layer, document, inner, (*at, key), (*target, key), reasons)


def reasons_of(document: Document, value: Any, at: Route, target: Route, outer: Reasons) -> Reasons:
    """Return the reasons that ``value`` brings itself, else those of the map around it."""
    if not isinstance(value, Mapping) or not any(key in value for key in vocabulary.REASON_KEYS):
        return outer
    claims = {key: _claims(document, value, at, key) for key in ("because", "see", "against")}
    assumption = value.get("assumption")
    if assumption is not None and not (isinstance(assumption, str) and assumption.strip()):
        raise InputError([fault(document.place((*at, "assumption")), (*target, "assumption"), "expected a sentence")])
    return Reasons(claims["because"], assumption, claims["see"], claims["against"], target, document.place(at))


def _claims(document: Document, value: Mapping[str, Any], at: Route, key: str) -> tuple[str, ...]:
    listed = value.get(key, [])
    if not isinstance(listed, list) or not all(isinstance(claim, str) for claim in listed):
        raise InputError([fault(document.place((*at, key)), (*at, key), "expected a list of claims, [000.x.y, ...]")])
    return tuple(listed)


def merge(base: Layer, new: Layer) -> Layer:
    """Return ``base`` with the leaves of ``new`` in it; a null leaf removes what stands there.

    Raises
    ------
    InputError
        If something is removed that is not there.
    """
    entries, places = dict(base.entries), {**base.places, **new.places}
    for route, entry in new.entries.items():
        for old in [known for known in entries if known[: len(route)] == route or route[: len(known)] == known]:
            del entries[old]
        if entry.value is not None:
            entries[route] = entry
        elif route not in base.places:
            raise InputError([fault(entry.place, route, "there is nothing here to remove")])
    return Layer(entries, places)


def nested(layer: Layer) -> dict[str, Any]:
    """Return the leaves of ``layer`` as nested maps."""
    tree: dict[str, Any] = {}
    for route, entry in layer.entries.items():
        inner = tree
        for key in route[:-1]:
            inner = inner.setdefault(key, {})
        inner[route[-1]] = entry.value
    return tree


def keys_below(layer: Layer, route: Route) -> Iterator[str]:
    """Yield the keys directly below ``route``."""
    yield from dict.fromkeys(
        known[len(route)] for known in layer.entries if known[: len(route)] == route and len(known) > len(route)
    )


def unknown_name(layer: Layer, route: Route) -> str | None:
    """Return what is wrong if ``route`` changes a part of an actor, edge, mission or event that does not exist."""
    if len(route) < 3 or route[0] not in ("actors", "network", "missions", "events"):
        return None
    known = list(keys_below(layer, route[:1]))
    if route[1] in known:
        return None
    return f"{route[1]!r} is not among the {route[0]}; {suggestion(route[1], known)}"
