"""Read a user's YAML and tables, and report every mistake in them with file, line and column.

Names are resolved when first used: mistakes are reported by many who read no YAML.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.reading.errors import Fault, InputError, Place, Route
    from sim.reading.files import Document, parse_yaml, read_sound, read_yaml, shipped_folder

_HOMES = {
    **dict.fromkeys(("Fault", "InputError", "Place", "Route"), "errors"),
    **dict.fromkeys(("Document", "parse_yaml", "read_sound", "read_yaml", "shipped_folder"), "files"),
}
__all__ = [
    "Document",
    "Fault",
    "InputError",
    "Place",
    "Route",
    "parse_yaml",
    "read_sound",
    "read_yaml",
    "shipped_folder",
]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'sim.reading' has no attribute {name!r}")
    return getattr(import_module(f"sim.reading.{_HOMES[name]}"), name)
