"""Check a scenario and report all its mistakes at once: wrong values, dangling references, missing or repeated reasons.

Each check sees only what the checks before it accepted. So no mistake hides another, and each is reported once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from types import UnionType
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, TypeAdapter, ValidationError

from sim import vocabulary
from sim.evidence import literature
from sim.evidence.claim_files import load
from sim.reading.errors import Fault, InputError, Place, Route, fault, suggestion
from sim.reading.files import Document, has_unread
from sim.reading.pydantic_errors import faults_of
from sim.scenario import orders, references
from sim.scenario.actor import Actor
from sim.scenario.layers import Layer, Reasons, as_tree, keys_below
from sim.scenario.parts import Mission, ScenarioParts, leaves
from sim.scenario.references import edge_ends, no_channel

_REASONS = "because: [claims], anchor: [records] or assumption: why"
_OF_A_BASE = ("common", "rules", "scales")
"""Parts that a user's scenario takes from the one that it extends."""
_FOR_ALL = "an assumption: at the top of the file, beside its question, holds for all of it"
_SOURCES = (("roles",), ("pools",), ("like",))
"""Keys of an actor that say from where it takes what it does not give itself."""
_Model = TypeVar("_Model", bound=BaseModel)


def check_layer(layer: Layer) -> ScenarioParts:
    """Return the parts of the scenario in ``layer``.

    Raises
    ------
    InputError
        If anything is wrong; it lists every mistake of every kind.
    """
    gaps = {route for route, entry in layer.entries.items() if has_unread(entry.value)}
    sound = _without(layer, gaps)
    parts, wrong = _validate(sound)
    wrong = _apart_from(wrong, gaps)
    if parts is None or gaps:
        gaps |= {_route(mistake) for mistake in wrong}
        sound = _without(sound, gaps)
        parts = _readable(sound, gaps)
    judged = [*_reference_faults(parts, sound, gaps), *_missing_reasons(parts, sound)]
    judged = _apart_from(judged, gaps)
    strangers = _strangers_of_wrong_edges(parts, layer, gaps, {mistake.path for mistake in judged})
    faults = [*layer.faults, *wrong, *judged, *strangers, *_wrong_reasons(layer)]
    if not faults:
        faults = list(orders.faults({".".join(route): prior for route, prior in leaves(parts)}, layer))
    if faults:
        raise InputError(_where_written(_without_echoes(faults, layer), layer))
    return parts


def _without_echoes(faults: Iterable[Fault], layer: Layer) -> Iterator[Fault]:
    """Yield the faults, but for what an actor only lacks because its roles, its pools or its ``like`` are wrong."""
    faults = list(faults)
    wrong = {
        route[:2]
        for route in map(_route, faults)
        if route[:1] == ("actors",) and route[2:3] in _SOURCES and route[:3] in layer.places
    }
    for mistake in faults:
        route = _route(mistake)
        stated = route in layer.entries or (route[2:3] in _SOURCES and route[:3] in layer.places)
        if stated or route[:2] not in wrong:
            yield mistake


def _where_written(faults: Iterable[Fault], layer: Layer) -> Iterator[Fault]:
    """Yield the faults: of inherited numbers with their path in the pools, of a base left out with its name."""
    for mistake in faults:
        if mistake.path in _OF_A_BASE and ("extends",) not in layer.places and mistake.message.endswith("is missing"):
            mistake = mistake._replace(message=f"{mistake.message}; extends: baseline or extends: theatre brings it")
        entry = layer.entries.get(_route(mistake))
        yield mistake._replace(path=".".join(entry.origin)) if entry is not None and entry.origin else mistake


def _validate(layer: Layer) -> tuple[ScenarioParts | None, list[Fault]]:
    document = Document(as_tree(layer), layer.places)
    try:
        return ScenarioParts.model_validate(document.data), []
    except ValidationError as error:
        return None, [_at_latest(mistake, layer) for mistake in faults_of(error, document, ScenarioParts)]


def _at_latest(mistake: Fault, layer: Layer) -> Fault:
    """Return a fault of a whole part, moved to the latest change below it if another file made one."""
    route = _route(mistake)
    if route in layer.entries or route not in layer.places:
        return mistake
    latest = [place for known, place in layer.places.items() if known[: len(route)] == route][-1]
    return mistake if latest.file == mistake.place.file else mistake._replace(place=latest)


def _route(mistake: Fault) -> Route:
    return tuple(mistake.path.split("."))


def _apart_from(faults: Iterable[Fault], gaps: Collection[Route]) -> list[Fault]:
    """Return the faults that stand apart from every gap. Those at, in or around one may only follow from it."""
    routes = ((mistake, _route(mistake)) for mistake in faults)
    return [mistake for mistake, route in routes if not any(_within(gap, route) or _within(route, gap) for gap in gaps)]


def _within(route: Route, outer: Route) -> bool:
    return route[: len(outer)] == outer


def _without(layer: Layer, gaps: Collection[Route]) -> Layer:
    kept = {route: entry for route, entry in layer.entries.items() if not any(_within(route, gap) for gap in gaps)}
    return replace(layer, entries=kept, faults=[])


def _readable(layer: Layer, gaps: Collection[Route]) -> ScenarioParts:
    """Return what can be read of a layer with gaps; of a part that is unreadable, the values that are readable."""
    tree = as_tree(layer)
    fields = {
        name: _read(field.annotation, tree[name]) for name, field in ScenarioParts.model_fields.items() if name in tree
    }
    actors = {name: _blank(Actor, name=name) for name in _names_in(layer, gaps, "actors")}
    fields["actors"] = {
        name: actor if actor.roles else actor.model_copy(update={"roles": ("contributor",)})
        for name, actor in {**actors, **(fields.get("actors") or {})}.items()
    }
    missions = {name: _blank(Mission, name=name) for name in _names_in(layer, gaps, "missions")}
    fields["missions"] = {**missions, **(fields.get("missions") or {})}
    fields["network"] = fields.get("network") or {}
    return _blank(ScenarioParts, **fields)


def _names_in(layer: Layer, gaps: Collection[Route], part: str) -> Iterator[str]:
    yield from keys_below(layer, (part,))
    yield from (gap[1] for gap in gaps if gap[0] == part and len(gap) > 1)


def _read(kind: Any, raw: Any) -> Any:
    """Return ``raw`` validated as ``kind``; of maps, lists and parts what is readable, None where nothing is."""
    kind = _bare(kind)
    try:
        return TypeAdapter(kind).validate_python(raw)
    except ValidationError:
        pass
    if isinstance(raw, dict) and get_origin(kind) is dict:
        inner = {name: _read(get_args(kind)[1], each) for name, each in raw.items()}
        return {name: each for name, each in inner.items() if each is not None}
    if isinstance(raw, dict) and isinstance(kind, type) and issubclass(kind, BaseModel):
        fields = {name: (field.alias or name, field.annotation) for name, field in kind.model_fields.items()}
        known = {name: _read(inner, raw[key]) for name, (key, inner) in fields.items() if key in raw}
        return _blank(kind, **{name: each for name, each in known.items() if each is not None})
    if isinstance(raw, list) and get_origin(kind) is tuple and isinstance(part := get_args(kind)[0], type):
        return tuple(_read(part, each) or _blank(part) for each in raw) if issubclass(part, BaseModel) else None
    return None


def _bare(kind: Any) -> Any:
    """Return a type without ``None``, where that leaves one."""
    kinds = [each for each in get_args(kind) if each is not type(None)]
    return kinds[0] if get_origin(kind) in (Union, UnionType) and len(kinds) == 1 else kind


def _blank(model: type[_Model], **known: Any) -> _Model:
    """Return a part with the values ``known``; its other required fields are None."""
    empty = {name: None for name, field in model.model_fields.items() if field.is_required()}
    return model.model_construct(**{**empty, **known})


def _reference_faults(parts: ScenarioParts, layer: Layer, gaps: Collection[Route]) -> list[Fault]:
    """Return the dangling references, or none if the actors or missions as a whole are unreadable.

    Edges with gaps are left to :func:`_strangers_of_wrong_edges`: what they lack would be reported as missing.
    """
    if {("actors",), ("missions",)} & set(gaps):
        return []
    wrong = {gap[1] for gap in gaps if gap[0] == "network" and len(gap) > 1}
    sound = {key: edge for key, edge in parts.network.items() if key not in wrong}
    judged = references.faults(parts.model_copy(update={"network": sound}), layer.places)
    return [_at_latest(mistake, layer) for mistake in judged]


def _strangers_of_wrong_edges(
    parts: ScenarioParts, layer: Layer, gaps: Collection[Route], judged: Collection[str]
) -> Iterator[Fault]:
    """Yield unknown actors and channels of edges whose own numbers are wrong: their keys are read all the same."""
    for key in dict.fromkeys(gap[1] for gap in gaps if gap[0] == "network" and len(gap) > 1):
        if not all(edge_ends(key)) or f"network.{key}" in judged:
            continue
        place = layer.places.get(("network", key)) or layer.places[()]
        *ends, channel = edge_ends(key)
        if channel not in vocabulary.CHANNELS:
            yield fault(place, ("network", key), no_channel(channel))
        for end in ends:
            if end not in parts.actors and ("actors",) not in gaps:
                message = f"an edge is source->target/channel; no actor {end!r}; {suggestion(end, parts.actors)}"
                yield fault(place, ("network", key), message)


def _missing_reasons(parts: ScenarioParts, layer: Layer) -> Iterator[Fault]:
    hint = f" ({_FOR_ALL})"  # once is enough: a file without a reason lacks it at every number
    for route, prior in leaves(parts):
        entry = layer.entries[route]
        if not entry.reasons.given:
            yield fault(entry.place, route, f"a number needs {_REASONS}{hint}")
            hint = ""
        elif entry.reasons.convention and prior.uncertain:
            yield fault(entry.place, route, "a convention fixes a number; one that varies needs another reason")
    for name in parts.levers or {}:
        steps = layer.entries.get(("levers", name, "steps"))
        if steps is not None and not steps.reasons.given:
            yield fault(steps.place, ("levers", name), f"a lever needs {_REASONS}")


def _wrong_reasons(layer: Layer) -> Iterator[Fault]:
    """Yield, once each, claims and records that do not exist."""
    claims = dict.fromkeys((*load().claims, *keys_below(layer, ("claims",))))
    records = literature.load().records
    for reasons in _distinct_reasons(layer):
        for claim in [claim for key in vocabulary.CLAIM_KEYS for claim in getattr(reasons, key)]:
            if claim not in claims:
                yield fault(reasons.place, reasons.route, f"no claim {claim!r}; {suggestion(claim, claims)[:160]}")
        for record in reasons.anchor:
            if record not in records:
                message = f"no record {record!r} in the literature; {suggestion(record, records)[:160]}"
                yield fault(reasons.place, reasons.route, message)


def repeated_assumptions(layer: Layer) -> Iterator[Fault]:
    """Yield a fault for each assumption that stands word for word at a place before it.

    Shipped configs are held to it by a test: a sentence that serves two numbers says of neither why it has this value.
    A user's are not, as a supposition may well be the same through a chain of scenarios.
    """
    stated: dict[str, Reasons] = {}
    for reasons in _distinct_reasons(layer):
        sentence = reasons.assumption or reasons.convention or ""
        first = stated.setdefault(sentence, reasons)
        if sentence and first is not reasons:
            where = ".".join(first.route) or first.place
            message = f"the assumption stands word for word at {where} too; say why this value and this width"
            yield fault(reasons.place, reasons.route, message)


def _distinct_reasons(layer: Layer) -> list[Reasons]:
    """Return the distinct reasons of all values, in the order of their paths."""
    distinct: dict[tuple[Route, Place], Reasons] = {}
    for _, entry in sorted(layer.entries.items()):
        distinct.setdefault((entry.reasons.route, entry.reasons.place), entry.reasons)
    return list(distinct.values())
