"""What is wrong in a scenario, told all at once: wrong values, dangling references, missing or repeated reasons.

A check runs on what the checks before it found sound, so that no mistake hides another and none is told twice.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import Any, TypeVar, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim.evidence.claims import load
from sim.reading.errors import Fault, InputError, Place, Route, fault, suggestion
from sim.reading.files import Document, unread
from sim.reading.pydantic_errors import faults_of
from sim.scenario import references
from sim.scenario.actor import Actor
from sim.scenario.layers import Layer, Reasons, keys_below, nested
from sim.scenario.parts import Mission, ScenarioParts, leaves

_Model = TypeVar("_Model", bound=BaseModel)


def checked(layer: Layer) -> ScenarioParts:
    """Return the parts of the scenario that ``layer`` says.

    Raises
    ------
    InputError
        If anything is wrong in it; every mistake of every kind is told.
    """
    gaps = {route for route, entry in layer.entries.items() if unread(entry.value)}
    sound = _without(layer, gaps)
    parts, wrong = _validated(sound)
    wrong = _apart_from(wrong, gaps)
    if parts is None or gaps:
        gaps |= {_route(found) for found in wrong}
        sound = _without(sound, gaps)
        parts = _readable(sound, gaps)
    judged = [*_reference_faults(parts, sound, gaps), *_missing_reasons(parts, sound)]
    faults = [*layer.faults, *wrong, *_apart_from(judged, gaps), *_wrong_reasons(layer)]
    if faults:
        raise InputError(faults)
    return parts


def _validated(layer: Layer) -> tuple[ScenarioParts | None, list[Fault]]:
    document = Document(nested(layer), layer.places)
    try:
        return ScenarioParts.model_validate(document.data), []
    except ValidationError as error:
        return None, [_at_latest(found, layer) for found in faults_of(error, document, ScenarioParts)]


def _at_latest(found: Fault, layer: Layer) -> Fault:
    """Return a fault of a whole part with the place of the change below it that came last, if there was one."""
    route = _route(found)
    if route in layer.entries or route not in layer.places:
        return found
    latest = [place for known, place in layer.places.items() if known[: len(route)] == route][-1]
    return found if latest.file == found.place.file else found._replace(place=latest)


def _route(found: Fault) -> Route:
    return tuple(found.path.split("."))


def _apart_from(faults: Iterable[Fault], gaps: Collection[Route]) -> list[Fault]:
    """Return the faults that do not stand at, in or around a gap, where they may follow from what is told of that."""
    return [
        found for found in faults if not any(_within(gap, _route(found)) or _within(_route(found), gap) for gap in gaps)
    ]


def _within(route: Route, outer: Route) -> bool:
    return route[: len(outer)] == outer


def _without(layer: Layer, gaps: Collection[Route]) -> Layer:
    kept = {route: entry for route, entry in layer.entries.items() if not any(_within(route, gap) for gap in gaps)}
    return Layer(kept, layer.places)


def _readable(layer: Layer, gaps: Collection[Route]) -> ScenarioParts:
    """Return what can be read of a layer with gaps; actors and missions that cannot fit wherever they are named."""
    tree = nested(layer)
    found = {
        name: _read(field.annotation, tree[name]) for name, field in ScenarioParts.model_fields.items() if name in tree
    }
    actors = {name: _blank(Actor, name=name, roles=("contributor",)) for name in _named(layer, gaps, "actors")}
    missions = {name: _blank(Mission, name=name, eligible=()) for name in _named(layer, gaps, "missions")}
    found["actors"] = {**actors, **(found.get("actors") or {})}
    found["missions"] = {**missions, **(found.get("missions") or {})}
    found["network"] = found.get("network") or {}
    return _blank(ScenarioParts, **found)


def _named(layer: Layer, gaps: Collection[Route], part: str) -> Iterator[str]:
    yield from keys_below(layer, (part,))
    yield from (gap[1] for gap in gaps if gap[0] == part and len(gap) > 1)


def _read(kind: Any, raw: Any) -> Any:
    """Return ``raw`` as ``kind``, of a map of parts those that can be read; None if it cannot."""
    if get_origin(kind) is dict and isinstance(raw, dict):
        parts = {name: _read(get_args(kind)[1], inner) for name, inner in raw.items()}
        return {name: part for name, part in parts.items() if part is not None}
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError:
        return None


def _blank(model: type[_Model], **known: Any) -> _Model:
    """Return a part of which only ``known`` can be read, and the rest is empty."""
    empty = {name: None for name, field in model.model_fields.items() if field.is_required()}
    return model.model_construct(**{**empty, **known})


def _reference_faults(parts: ScenarioParts, layer: Layer, gaps: Collection[Route]) -> list[Fault]:
    """Return the references that lead nowhere; none if it is not known which actors and missions there are."""
    if {("actors",), ("missions",)} & set(gaps):
        return []
    return references.faults(parts, layer.places)


def _missing_reasons(parts: ScenarioParts, layer: Layer) -> Iterator[Fault]:
    for route, _ in leaves(parts):
        entry = layer.entries[route]
        if not entry.reasons.given:
            yield fault(entry.place, route, "a number needs because: [claims] or assumption: why")
    for name in parts.levers or {}:
        entry = layer.entries[("levers", name, "steps")]
        if not entry.reasons.given:
            yield fault(entry.place, ("levers", name), "a lever needs because: [claims] or assumption: why")


def _wrong_reasons(layer: Layer) -> Iterator[Fault]:
    """Yield claims that there are not, and assumptions that stand word for word at several places; each once."""
    claims = [*load().claims, *keys_below(layer, ("claims",))]
    stated: dict[str, Reasons] = {}
    for reasons in _distinct(layer):
        for claim in (*reasons.because, *reasons.see, *reasons.against):
            if claim not in claims:
                yield fault(reasons.place, reasons.route, f"no claim {claim!r}; {suggestion(claim, claims)[:160]}")
        first = stated.setdefault(reasons.assumption or "", reasons)
        if reasons.assumption and first is not reasons:
            where = ".".join(first.route) or first.place
            message = f"the assumption stands word for word at {where} too; say why this value and this width"
            yield fault(reasons.place, reasons.route, message)


def _distinct(layer: Layer) -> list[Reasons]:
    """Return the reasons of all values, those that hold for several once, in the order of the paths."""
    found: dict[tuple[Route, Place], Reasons] = {}
    for _, entry in sorted(layer.entries.items()):
        found.setdefault((entry.reasons.route, entry.reasons.place), entry.reasons)
    return list(found.values())
