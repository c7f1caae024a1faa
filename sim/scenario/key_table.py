"""List every key that a config may hold, with meaning, unit, default and an example: for docs and for skeletons.

All of it comes from the models of the parts and from the baseline, so that nothing has to be kept up by hand.
"""

from __future__ import annotations

import types
from collections.abc import Iterator
from functools import cache, partial
from typing import Annotated, Any, Final, Literal, NamedTuple, Union, get_args, get_origin

from annotated_types import Ge, Le
from pydantic import BaseModel, PlainValidator
from pydantic.fields import FieldInfo

from sim import vocabulary
from sim.scenario.actor import REQUIRED, Actor
from sim.scenario.defaults import EDGES, EUROPEAN, PART
from sim.scenario.loading import load
from sim.scenario.number_types import Part
from sim.scenario.parts import Common, Edge, Event, Lever, Mission, OwnClaim, Scales, ScenarioParts, Table, Words
from sim.scenario.priors import Prior
from sim.scenario.rule_weights import Rules
from sim.scenario.scenario import Scenario, without_reasons

PARTS: Final[dict[str, type[BaseModel]]] = {
    "actors": Actor,
    "network": Edge,
    "missions": Mission,
    "words": Words,
    "common": Common,
    "table": Table,
    "events": Event,
    "claims": OwnClaim,
    "levers": Lever,
    "scales": Scales,
    "rules": Rules,
}
"""The parts of a scenario that hold keys of their own, and the model of what stands in them."""
BY_NAME: Final = ("actors", "network", "missions", "events", "claims", "levers")
"""Parts that hold things by name: their keys stand one level deeper."""
_BOUNDS: Final = {
    (0.0, 1.0): "share: 0 to 1, or 0% to 100%",
    (0.0, 520.0): "weeks: 0 to 520",
    (0.0, 1_000_000.0): "persons: 0 to 1,000,000",
    (-1.0, 1.0): "share of the odds or of the number: -1 to 1",
    (0.0, float("inf")): "number: 0 or more, in units of the model",
    (-float("inf"), float("inf")): "number: of either sign, in units of readiness",
}
"""What a number holds, by its bounds."""
_EXAMPLES: Final = {
    "actors.like": "another_actor",
    "actors.like.actor": "another_actor",
    "actors.like.edges": "false",
    "actors.commits.troops": "3000",
    "actors.commits.if.us_backstop": "air_cover",
    "actors.commits.if.russian_consent": "tolerates",
    "actors.commits.if.company": "50%",
    "actors.commits.if.ceasefire": '"yes"',
    "actors.agent": '"my_actors:Cautious"',
    "actors.states": "2",
    "actors.note": "Documented only beside its neighbours.",
    "levers.steps.label": "soldiers on the ground",
    "levers.steps.cost": "2",
    "events.week": "16",
    "events.quantity": "battlefield",
    "events.change": "{low: 0.1, high: 0.5}",
    "claims.date": "2025-03-20",
    "claims.speaker": "spokesman",
    "claims.claim": "What he said, in words of your own.",
    "claims.source": "where it was printed",
}
"""Examples of what the baseline does not have."""
_MOST: Final = 100
"""Characters of an example."""


class Key(NamedTuple):
    """A key: its dotted path inside its part, what it means, what it holds, what holds without it, and an example."""

    path: str
    means: str
    holds: str
    default: str
    example: str


def keys(part: str) -> list[Key]:
    """Return the keys of a part of a scenario, in the order of its model; maps come before what stands in them.

    Examples
    --------
    >>> next(key for key in keys("actors") if key.path == "home_guard").means
    'fear of a bare border at home'
    """
    return list(_keys(part, PARTS[part], ()))


def top_keys() -> list[Key]:
    """Return the keys at the top of a scenario."""
    return [
        Key(name, field.description or "", _holds(field), _default("", name, field), _example((name,)))
        for name, field in ScenarioParts.model_fields.items()
        if name not in Part.model_fields
    ]


def reason_keys() -> list[Key]:
    """Return the keys of reasons, which may stand in every map."""
    return [
        Key(name, field.description or "", _holds(field), "absent", "") for name, field in Part.model_fields.items()
    ]


def _keys(part: str, model: type[BaseModel], above: tuple[str, ...]) -> Iterator[Key]:
    for name, field in model.model_fields.items():
        if name in Part.model_fields:
            continue
        route = (*above, field.alias or name)
        inner = next((kind for kind in _kinds(field) if _is_model(kind)), None)
        example = "" if inner and inner.__name__ != "Like" else _example((part, *route))
        path = ".".join(route)
        yield Key(path, field.description or "", _holds(field), _default(part, path, field), example)
        if inner:
            yield from _keys(part, inner, route)


def _is_model(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _kinds(field: FieldInfo) -> list[Any]:
    """Return the types that a field may hold, without None; of a list or map those inside."""
    return list(_inside(field.annotation))


def _inside(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _inside(get_args(kind)[0])
    elif get_origin(kind) in (Union, types.UnionType):
        for one in get_args(kind):
            yield from _inside(one)
    elif get_origin(kind) is tuple and _is_model(get_args(kind)[0]):
        yield get_args(kind)[0]
    elif kind is not type(None):
        yield kind


def _holds(field: FieldInfo) -> str:
    """Return what a field holds: its unit and bounds, or its words."""
    if bounds := _number(field):
        return bounds
    kinds, texts = _kinds(field), list[str]()
    for kind in kinds:
        if get_origin(kind) is Literal:
            texts.append(_words(get_args(kind)))
        elif get_origin(kind) is tuple:
            inner = get_args(kind)[0]
            texts.append(f"list of {_words(get_args(inner)) if get_origin(inner) is Literal else 'words'}")
        elif _is_model(kind):
            texts.append("list of maps" if get_origin(field.annotation) is tuple else "map")
        elif get_origin(kind) is dict:
            texts.append("map by name")
        else:
            texts.append({bool: "true or false", int: f"whole number{_limits(field)}", str: "text"}[kind])
    return " or ".join(texts)


def _words(words: tuple[Any, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _limits(field: FieldInfo) -> str:
    low = next((bound.ge for bound in field.metadata if isinstance(bound, Ge)), None)
    high = next((bound.le for bound in field.metadata if isinstance(bound, Le)), None)
    if high is None:
        return ""
    return f": above 0, up to {high:g}" if low is None else f": {low} to {high}"


def _number(field: FieldInfo) -> str:
    """Return what an uncertain number holds; empty if the field is none."""
    whole = [field.annotation, *get_args(field.annotation)]
    marks = [*field.metadata, *(mark for kind in whole if get_origin(kind) is Annotated for mark in kind.__metadata__)]
    if Prior not in _kinds(field):
        return next((f"number{_limits(field)}" for kind in _kinds(field) if kind is float), "")
    reader = next(mark.func for mark in marks if isinstance(mark, PlainValidator))
    given = reader.keywords if isinstance(reader, partial) else {}
    if "scale" in given:
        return f"word: {_words(vocabulary.SCALES[given['scale']])}"
    return _BOUNDS[given.get("low", -float("inf")), given.get("high", float("inf"))]


def _default(part: str, path: str, field: FieldInfo) -> str:
    """Return what holds where the key is left out: a pool's number, the value of the model, or nothing."""
    pools = [f"`{pool}`" for pool in _pools(part, path)]
    pool = f"pool {', '.join(pools)}" if pools else ""
    roles = [role for role, needed in REQUIRED.items() if part == "actors" and path in needed]
    if roles:
        return f"needed by {', '.join(roles)}{f', from {pool}' if pool else ''}"
    if path.startswith("needs") and path.count(".") < 2:
        return "absent"
    if pool and path.startswith("needs."):
        return f"from {pool}, where the demand is made"
    if pool:
        return f"from {pool}; else absent" if not field.is_required() else f"from {pool}"
    if field.is_required():
        return "has to be given"
    plain = field.get_default(call_default_factory=True)
    if plain in (None, (), {}) or isinstance(plain, BaseModel):
        return "absent"
    return f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"


def _pools(part: str, path: str) -> list[str]:
    """Return the pools of the baseline that fill a key by a role, or by the channel of an edge."""
    route = tuple(path.split("."))
    written = _baseline().written.entries
    if part == "network":
        return sorted({known[2] for known in written if known[:2] == (PART, EDGES) and known[3:] == route})
    pools = (EUROPEAN, *vocabulary.ROLES) if part == "actors" else ()
    return [pool for pool in pools if any(known[: 2 + len(route)] == (PART, pool, *route) for known in written)]


def _example(route: tuple[str, ...]) -> str:
    """Return a value that the baseline has at such a path, without its reasons."""
    if (path := ".".join(route)) in _EXAMPLES:
        return _EXAMPLES[path]
    part, *rest = route
    deeper = 2 if part in BY_NAME and rest else 1
    for layer in (_baseline().written, _baseline().layer):
        for known, entry in sorted(layer.entries.items()):
            if known[0] == part and list(known[deeper:]) == rest and entry.value != "inherited":
                return flow(without_reasons(entry.value))
    return ""


def flow(value: Any) -> str:
    """Return a value as a config writes it in one line; empty if it is too long for that.

    >>> flow({"low": 0.1, "high": "40%"}), flow(["nato", "eu"]), flow(True)
    ('{low: 0.1, high: 40%}', '[nato, eu]', 'true')
    """
    if isinstance(value, dict):
        text = f"{{{', '.join(f'{key}: {flow(inner)}' for key, inner in value.items())}}}"
    elif isinstance(value, list):
        text = f"[{', '.join(map(flow, value))}]"
    else:
        text = str(value).lower() if isinstance(value, bool) else str(value)
    return text if len(text) <= _MOST else ""


@cache
def _baseline() -> Scenario:
    return load("baseline")
