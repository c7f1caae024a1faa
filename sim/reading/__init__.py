"""Read what a user wrote: YAML and tables, with the place of every value and of every mistake."""

from sim.reading.errors import Fault, InputError, Place, Route
from sim.reading.files import Document, parse_yaml, read_sound, read_yaml, shipped

__all__ = ["Document", "Fault", "InputError", "Place", "Route", "parse_yaml", "read_sound", "read_yaml", "shipped"]
