"""Read a user's YAML and tables, and report every mistake in them with file, line and column."""

from sim.reading.errors import Fault, InputError, Place, Route
from sim.reading.files import Document, parse_yaml, read_sound, read_yaml, shipped_folder

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
