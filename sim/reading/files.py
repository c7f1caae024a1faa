"""Read YAML files, with the place of every value, and report faults with file, line and column.

All evidence and configs enter here. A user's mistakes raise one :class:`InputError` that holds all of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO, TextIOWrapper
from math import isfinite
from pathlib import Path
from re import compile as pattern
from typing import Any, Final, NamedTuple, cast

from yaml.cyaml import CParser  # libyaml reads a scenario in a twentieth of the time that Python takes
from yaml.error import MarkedYAMLError, YAMLError
from yaml.events import CollectionEndEvent, CollectionStartEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from yaml.resolver import BaseResolver

from sim.reading.characters import composed, hidden
from sim.reading.errors import Fault, InputError, Place, Route, fault
from sim.reading.read_log import note_file
from sim.reading.read_only import ReadOnlyDict, read_only

MAX_BYTES = 1_000_000
MAX_DEPTH = 40
MAX_VALUES = 20_000
_DEEP = 1_000
"""A text with more brackets, or a line with more characters, has its depth checked before it is composed."""
_TAGS = ("str", "int", "float", "bool", "null", "timestamp", "map", "seq")

_PLAIN = (
    ("bool", r"true|True|TRUE|false|False|FALSE", "tTfF"),
    ("int", r"[-+]?0b[0-1_]+|[-+]?0o?[0-7_]+|[-+]?[0-9_]+|[-+]?0x[0-9a-fA-F_]+", "-+0123456789"),
    (
        "float",
        r"[-+]?(?:[0-9][0-9_]*)\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?(?:[0-9][0-9_]*)(?:[eE][-+]?[0-9]+)"
        r"|[-+]?\.[0-9_]+(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)",
        "-+0123456789.",
    ),
    ("null", r"~|null|Null|NULL|", ("~", "n", "N", "")),
)
"""Unquoted scalars that are no text, as in YAML 1.2 (yes and no are words): kind, pattern, and first characters."""

_WORDS: Mapping[str, Mapping[str, bool | None]] = {
    "bool": {"true": True, "false": False},
    "null": {"null": None, "~": None, "": None},
}
"""By kind, the words that are one value each, in small letters."""
_BREAKS_OF_OLD = dict.fromkeys(map(ord, "\u0085\u2028\u2029"), " ")
"""Characters that end a line in YAML 1.1, and so for the library, but in YAML 1.2 and in editors none."""

UNREAD: Final = object()
"""Stands in a document for a value that could not be read; a fault gives the reason."""


class Document(NamedTuple):
    """A file's values as plain dicts, lists and scalars, the place of each, and the faults of unreadable values."""

    data: Any
    places: dict[Route, Place]
    faults: tuple[Fault, ...] = ()

    def place(self, route: Route) -> Place:
        """Return the place of ``route``, or of the nearest value that encloses it."""
        return nearest_place(self.places, route)


def nearest_place(places: Mapping[Route, Place], route: Route) -> Place:
    """Return the place of ``route``, or of the nearest route above it that has one; ``()`` has to be in ``places``."""
    while route and route not in places:
        route = route[:-1]
    return places[route]


def read_yaml(path: Path) -> Document:
    """Return the values of a YAML file with the place of each.

    Raises
    ------
    InputError
        If the file is missing, empty, too large, no text, or no YAML, or repeats a key.
    """
    return _whole(read_sound(path))


def read_sound(path: Path) -> Document:
    """Return the values of a YAML file; one that cannot be read is ``UNREAD``, and a fault gives the reason.

    Raises
    ------
    InputError
        If nothing can be read: the file is missing, empty, too large, no text, or no YAML.
    """
    return _parse_once(text_of(path), str(path))


def has_unread(value: object) -> bool:
    """Return whether ``value``, or anything inside it, could not be read.

    >>> has_unread({"low": 0, "high": UNREAD})
    True
    """
    if isinstance(value, dict):
        return any(map(has_unread, value.values()))
    return any(map(has_unread, value)) if isinstance(value, list) else value is UNREAD


@lru_cache(maxsize=256)
def _parse_once(text: str, name: str) -> Document:
    """Parse a text once a session. Parsing takes most of the time of loading, and nobody can change the result."""
    document = _parse(text, name)
    return document._replace(data=read_only(document.data), places=ReadOnlyDict(document.places))


def parse_yaml(text: str, name: str) -> Document:
    """Return the values of YAML ``text`` with the place of each; ``name`` stands for the file in faults.

    Raises
    ------
    InputError
        If the text is empty or no YAML, repeats a key, or is too large or too deep.
    """
    _refuse_size(len(text.encode("utf-8", "surrogatepass")), Place(name, 1, 1))
    return _whole(_parse(text, name))


def _whole(document: Document) -> Document:
    if document.faults:
        raise InputError(document.faults)
    return document


def _parse(text: str, name: str) -> Document:
    top, text = Place(name, 1, 1), text.translate(_BREAKS_OF_OLD)
    try:
        _refuse_depth(text, name)
        node = _Loader(text).get_single_node()
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = Place(name, mark.line + 1, mark.column + 1) if mark else top
        raise InputError([Fault(place, "", f"not YAML: {_in_plain_words(error, text)}")]) from None
    except InputError:
        raise
    except (YAMLError, ValueError, RecursionError) as error:
        raise InputError([Fault(top, "", f"not YAML: {str(error).splitlines()[0]}")]) from None
    if node is None:
        raise InputError([Fault(top, "", "the file is empty; expected a map of keys and values")])
    builder = _Builder(name)
    data = builder.build(node, (), 0)
    return Document(data, builder.places, tuple(builder.faults))


_ONE_COLUMN = "lines at one level begin in one column"
_HINTS = {
    "mapping values are not allowed": f"a text with a colon and a space in it stands in quotes, and {_ONE_COLUMN}",
    "did not find expected key": f"a quotation mark within quotes is doubled ('the state''s'), and {_ONE_COLUMN}",
    "found unexpected end of stream": "a quotation mark is not closed",
    "did not find expected ',' or": "a bracket is not closed, or a comma is missing",
    "but found another document": "one file holds one config: remove the line ---",
    "could not find expected ':'": "a key is followed by a colon and a space",
    "found incompatible YAML document": "take out the line that begins with %YAML",
}
"""The usual cause of a message of the library, by its beginning."""


def _in_plain_words(error: MarkedYAMLError, text: str) -> str:
    """Return what the library says is wrong, its usual cause, and where it began."""
    problem, mark = str(error.problem or error.context), error.problem_mark
    lines = text.splitlines()
    here = lines[mark.line][mark.column :] if mark and mark.line < len(lines) else ""
    hint = next((hint for start, hint in _HINTS.items() if problem.startswith(start)), "")
    if problem.startswith("found character that cannot start any token"):
        hint = "a tab; indent with spaces" if here.startswith("\t") else "put the text in quotes"
    began = error.context_mark if "not closed" in hint else None
    since = f", from line {began.line + 1} on" if began and mark and began.line != mark.line else ""
    return f"{problem}; {hint}{since}" if hint else problem


def _refuse_depth(text: str, name: str) -> None:
    """Raise an InputError if a text is nested too deeply; composing it would overflow the stack of the process."""
    if text.count("[") + text.count("{") < _DEEP and max(map(len, text.splitlines()), default=0) < _DEEP:
        return
    parser, depth = _Loader(text), 0
    while (event := parser.get_event()) is not None:
        depth += isinstance(event, CollectionStartEvent) - isinstance(event, CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise InputError([_too_much(Place(name, event.start_mark.line + 1, event.start_mark.column + 1), ())])


def _too_much(place: Place, route: Route) -> Fault:
    allowed = f"allowed: {MAX_DEPTH} levels and {MAX_VALUES:,} values, those that anchors repeat counted"
    return fault(place, route[:5], f"nested too deeply or too many values; {allowed}")


def text_of(path: Path) -> str:
    """Return the text of a file that a user wrote, without the mark that some editors put before it.

    Raises
    ------
    InputError
        If the file is missing, too large, or no text in UTF-8.
    """
    place = Place(str(path), 1, 1)
    try:
        if not path.is_file():
            raise InputError([Fault(place, "", _no_file(path))])
        _refuse_size(path.stat().st_size, place)
        content = path.read_bytes()
        note_file(path, content)
        return TextIOWrapper(BytesIO(content), encoding="utf-8-sig").read()
    except UnicodeDecodeError:
        raise InputError([Fault(place, "", f"not text in UTF-8{_where_not(content)}; save it as UTF-8")]) from None
    except OSError as error:
        raise InputError([Fault(place, "", f"cannot be read: {error.strerror}")]) from None


def _refuse_size(size: int, place: Place) -> None:
    if size > MAX_BYTES:
        raise InputError([Fault(place, "", f"larger than the {MAX_BYTES} bytes allowed")])


def _no_file(path: Path) -> str:
    if not path.exists():
        return "no such file"
    return "not a file but a folder; name a .yaml file" if path.is_dir() else "not a file"


def _where_not(content: bytes) -> str:
    """Return the line of the first byte that is none of a text, or what the text is instead."""
    if content[:4] in (b"\xff\xfe\x00\x00", b"\x00\x00\xfe\xff"):
        return " but in UTF-32"
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return " but in UTF-16"
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return f" (line {content[: error.start].count(10) + 1} has the byte {content[error.start]:#04x})"
    return ""


class _Loader(CParser, BaseResolver):  # type: ignore[misc]
    """Composes nodes, with the resolver of YAML 1.2."""

    def __init__(self, text: str) -> None:
        CParser.__init__(self, text)
        BaseResolver.__init__(self)


for _kind, _words, _begin in _PLAIN:
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_kind}", pattern(f"^(?:{_words})$"), list(_begin))


class _Builder:
    """Turns a YAML node graph into plain values, collecting places and faults."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.places: dict[Route, Place] = {}
        self.faults: list[Fault] = []

    def build(self, node: Node, route: Route, depth: int) -> Any:
        place = Place(self.name, node.start_mark.line + 1, node.start_mark.column + 1)
        self.places[route] = place
        if depth > MAX_DEPTH or len(self.places) > MAX_VALUES:
            raise InputError([_too_much(place, route)])
        kind = str(node.tag).removeprefix("tag:yaml.org,2002:")
        if kind not in _TAGS:
            self.faults.append(fault(place, route, f"the tag {kind!r} is not read here; write a plain value"))
            return UNREAD
        if isinstance(node, MappingNode):
            return self._map(node, route, depth)
        if isinstance(node, SequenceNode):
            return [self.build(item, (*route, str(i)), depth + 1) for i, item in enumerate(node.value)]
        return self._scalar(cast(ScalarNode, node), route, place)

    def _map(self, node: MappingNode, route: Route, depth: int) -> Any:
        values: dict[str, Any] = {}
        sound = True
        for key_node, value_node in node.value:
            place = Place(self.name, key_node.start_mark.line + 1, key_node.start_mark.column + 1)
            if not isinstance(key_node, ScalarNode):
                self.faults.append(fault(place, route, "a key must be a word"))
                sound = False
                continue
            key = composed(str(key_node.value))
            if key in values:
                self.faults.append(fault(place, (*route, key), "the key stands twice in this map"))
                continue
            values[key] = self.build(value_node, (*route, key), depth + 1)
        return values if sound else UNREAD

    def _scalar(self, node: ScalarNode, route: Route, place: Place) -> Any:
        kind, text = str(node.tag).rpartition(":")[2], composed(str(node.value))
        if wrong := hidden(text):
            self.faults.append(fault(place, route, f"the text holds {wrong}, which steers a terminal; take it out"))
            return UNREAD
        if kind in ("str", "timestamp"):
            return text
        if kind in _WORDS:  # a tag of the user's own, such as !!bool, may stand before any word
            if text.lower() in _WORDS[kind]:
                return _WORDS[kind][text.lower()]
            self.faults.append(fault(place, route, f"{text!r} is not {' or '.join(filter(None, _WORDS[kind]))}"))
            return UNREAD
        try:
            value = int(text, 10) if kind == "int" else float(text)
            if not isfinite(value):
                raise OverflowError
            return value
        except (ValueError, OverflowError):
            self.faults.append(fault(place, route, f"{text!r} is not a finite number or a word"))
            return UNREAD


def current_folder() -> Path:
    """Return the folder in which relative paths begin.

    Raises
    ------
    FileNotFoundError
        If it was removed; Python's own message names neither the folder nor what to do.
    """
    try:
        return Path.cwd()
    except FileNotFoundError:
        raise FileNotFoundError("the current folder was removed; change to one that exists") from None


def shipped_folder(folder: str) -> Path:
    """Return where ``configs`` or ``seeds`` are: inside an installed package, else beside it in a checkout."""
    package = Path(__file__).resolve().parents[1]
    installed = package / "_data" / folder
    return installed if installed.is_dir() else package.parent / folder
