"""Write the JSON Schema of config files, so that editors complete them; ``sim check`` decides what is valid."""

from __future__ import annotations

from typing import Any, Final

from sim import vocabulary
from sim.scenario.defaults import EDGES
from sim.scenario.layers import INHERITED
from sim.scenario.loading import load
from sim.scenario.parts import ScenarioParts

_NONE = {"enum": [None, "none", INHERITED]}


def schema(part: str | None = None) -> dict[str, Any]:
    """Return the schema of one kind of file, or of any.

    Kinds are scenario, actor, network, defaults, missions, scales, rules and levers.

    Inside a scenario nothing is required, since it may take any part from the one it extends.

    Raises
    ------
    KeyError
        If ``part`` is no kind of file.
    """
    whole = ScenarioParts.model_json_schema()
    definitions = {name: _open(definition) for name, definition in whole["$defs"].items()}
    for name in ("Needs", "Vetoes"):
        _allow_none(definitions[name])
    kinds = _kinds(_open({key: whole[key] for key in ("properties", "type", "additionalProperties")}), definitions)
    body = {"anyOf": list(kinds.values())} if part is None else kinds[part]
    title = "A config file of sim" if part is None else f"A config file of sim: {part}"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": title, **body, "$defs": definitions}


def _kinds(scenario: dict[str, Any], definitions: dict[str, Any]) -> dict[str, dict[str, Any]]:
    edge = rf"^\w+->\w+/({'|'.join(vocabulary.CHANNELS)})$"
    header = {
        "extends": {"type": "string", "description": "Name or path of the scenario that this one changes."},
        "include": {
            "type": "object",
            "description": "Files or folders, by the part that they hold.",
            "propertyNames": {"enum": sorted(ScenarioParts.model_fields)},
            "additionalProperties": {"type": "string"},
        },
        "change": {
            "type": "object",
            "description": "New values by dotted path; null removes an actor, none a demand or veto.",
            "propertyNames": {"pattern": rf"^({'|'.join(ScenarioParts.model_fields)})(\.|$)"},
            "properties": _paths(definitions),
            "patternProperties": _NEW,
        },
    }
    return {
        "scenario": {**scenario, "properties": header | scenario["properties"]},
        "actor": {"$ref": "#/$defs/Actor", "required": ["name"], "anyOf": [{"required": ["roles"]}, _LIKE]},
        "network": {
            "type": "object",
            "patternProperties": {edge: {"anyOf": [{"$ref": "#/$defs/Edge"}, {"const": INHERITED}]}},
            "additionalProperties": False,
        },
        "defaults": {
            "type": "object",
            "description": "Pools: what many actors share, by pool, and what the edges of a channel share.",
            "properties": {
                EDGES: {
                    "type": "object",
                    "propertyNames": {"enum": list(vocabulary.CHANNELS)},
                    "additionalProperties": {"$ref": "#/$defs/Edge"},
                }
            },
            "additionalProperties": {"$ref": "#/$defs/Actor"},
        },
        "missions": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Mission"}},
        "scales": {"$ref": "#/$defs/Scales"},
        "rules": {"$ref": "#/$defs/Rules"},
        "levers": {"type": "object", "additionalProperties": {"$ref": "#/$defs/Lever"}},
    }


_LIKE: Final = {"required": ["like"]}
_NAMED: Final = {"actors": "Actor", "network": "Edge", "missions": "Mission", "events": "Event"}
_WHOLE: Final = {"scales": "Scales", "common": "Common", "table": "Table", "rules": "Rules"}
"""The definition of what stands in a part by name, and of what is the part itself."""
_KEY: Final = {"network": r"\w+->\w+/\w+"}
_NEW: Final = {
    rf"^{part}\.{_KEY.get(part, '[a-zA-Z0-9_]+')}$": {"anyOf": [{"$ref": f"#/$defs/{definition}"}, _NONE]}
    for part, definition in _NAMED.items()
}
"""A whole actor, edge, mission or event, new or not."""


def _paths(definitions: dict[str, Any]) -> dict[str, Any]:
    """Return a schema for every dotted path that the baseline has, so that an editor completes paths and values."""
    routes = {known[:end]: None for known in load("baseline").layer.entries for end in range(2, len(known) + 1)}
    paths = {}
    for part, *rest in routes:
        name, below = (_NAMED[part], rest[1:]) if part in _NAMED else (_WHOLE.get(part, ""), rest)
        pointer = _pointer(definitions, name, below) if name else ""
        if pointer and below:
            paths[".".join((part, *rest))] = {"anyOf": [{"$ref": pointer}, _NONE]}
    return paths


def _pointer(definitions: dict[str, Any], name: str, route: list[str]) -> str:
    """Return where the schema of what stands at ``route`` inside a definition is; empty if there is none."""
    at = f"#/$defs/{name}"
    for depth, key in enumerate(route):
        inner = definitions[name]["properties"].get(key)
        if inner is None:
            return ""
        at = f"#/$defs/{name}/properties/{key}"
        if depth + 1 < len(route):
            options = [inner, *inner.get("anyOf", ())]
            name = next((option["$ref"].rpartition("/")[2] for option in options if "$ref" in option), "")
            if not name:
                return ""
    return at


def _open(definition: dict[str, Any]) -> dict[str, Any]:
    """Return an object's schema that requires nothing and carries no defaults or generated titles."""
    properties = {name: _bare(inner) for name, inner in definition.get("properties", {}).items()}
    kept = {key: inner for key, inner in definition.items() if key not in ("required", "title")}
    return kept | {"properties": properties}


def _bare(inner: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in inner.items() if key not in ("default", "title", "minProperties")}


def _allow_none(definition: dict[str, Any]) -> None:
    """Let every demand or veto be ``none``."""
    for inner in definition["properties"].values():
        if "anyOf" in inner and any("$ref" in option for option in inner["anyOf"]):
            inner["anyOf"] = [option for option in inner["anyOf"] if "$ref" in option] + [_NONE]
