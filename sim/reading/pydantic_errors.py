"""Turn pydantic's errors into faults in plain words, each with its file, line and column.

pydantic validates the plain data that :mod:`sim.reading.files` reads. Each of its errors becomes a
:class:`~sim.reading.errors.Fault` that quotes the wrong value and lists what is allowed.
"""

from __future__ import annotations

import re
import types
from collections.abc import Callable, Collection, Iterable
from inspect import get_annotations
from typing import Annotated, Any, Literal, NamedTuple, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ConfigDict, RootModel, ValidationError
from pydantic_core import ErrorDetails

from sim.reading.characters import bare
from sim.reading.errors import Fault, InputError, Route, fault, suggestion
from sim.reading.files import Document
from sim.reading.read_only import close

_Model = TypeVar("_Model", bound=BaseModel)
_A_LIST, _A_MAP = "a list", "a map of keys and values"
_EXPECTED = {
    "int": "a whole number",
    "float": "a number",
    "finite": "a finite number",
    "string": "a word or text",
    "bool": "true or false",
    "none": "empty",
    "date": "a date such as 2025-03-03",
    **dict.fromkeys(("list", "tuple", "set", "frozen_set", "iterable"), _A_LIST),
    **dict.fromkeys(("dict", "mapping", "model", "model_attributes", "dataclass"), _A_MAP),
}
"""What is expected, by the beginning of the kind of pydantic's error."""

_BOOLEANS = {"yes": "true", "on": "true", "y": "true", "1": "true",
             "no": "false", "off": "false", "n": "false", "0": "false"}  # fmt: skip
"""What people write for true and false, and YAML 1.2 reads as a word or a number."""

_KIND = re.compile(r"(.+?)_(type|parsing|parsing_size|from_float|number|required|from_date\w*|from_datetime\w*)$")

_BOUNDS = {
    "greater_than_equal": ("ge", "at least"),
    "greater_than": ("gt", "above"),
    "less_than_equal": ("le", "at most"),
    "less_than": ("lt", "below"),
    "multiple_of": ("multiple_of", "a multiple of"),
}
_LENGTHS = {"too_short": ("min_length", "at least"), "too_long": ("max_length", "at most")}


class Entry(BaseModel):
    """Base of every record written by hand: it refuses unknown keys and cannot be changed."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True, defer_build=True)

    def model_post_init(self, context: Any, /) -> None:
        """Keep maps and lists from being changed: records are read once, and many hold them."""
        close(self)


class _Problem(NamedTuple):
    """One error of pydantic, with its route in the data and the types that are allowed there."""

    error: ErrorDetails
    route: Route
    rivals: tuple[tuple[Route, str], ...]
    shapes: tuple[Any, ...]
    around: tuple[Any, ...]
    expected: tuple[str, ...]


def word_of(allowed: Collection[str], what: str) -> Callable[[str], str]:
    """Return a check (for ``AfterValidator``) that raises ValueError unless a word, a ``what``, is ``allowed``.

    >>> word_of(("open", "hesitant"), "a stance")("hesistant")
    Traceback (most recent call last):
    ValueError: 'hesistant' is not a stance; did you mean 'hesitant'? allowed: open, hesitant
    """

    def check(word: str) -> str:
        if word not in allowed:
            raise ValueError(f"{word!r} is not {what}; {suggestion(word, allowed)}")
        return word

    return check


def validated(model: type[_Model], document: Document, context: dict[str, Any] | None = None) -> _Model:
    """Return the data of a document as a model.

    Raises
    ------
    InputError
        With a fault for every mistake.
    """
    try:
        return model.model_validate(document.data, context=context)
    except ValidationError as error:
        raise InputError(faults_of(error, document, model)) from None


def faults_of(error: ValidationError, document: Document, model: Any, under: Route = ()) -> list[Fault]:
    """Return the errors of pydantic as faults in plain words.

    Parameters
    ----------
    error
        What validating against ``model`` raised.
    document
        The file, for the places; the data validated is the part of it at ``under``.
    model
        The model or type validated against; unknown keys are compared with its fields at their level.
    under
        The route to the data, when only a part of the file was validated.

    Returns
    -------
    list of Fault
        One per mistake. Where a value may have several types, only the mistakes against the nearest type.
    """
    data = _value_at(document.data, under)
    problems = [_locate(details, data, model) for details in error.errors(include_url=False)]
    return [
        fault(document.place((*under, *problem.route)), (*under, *problem.route), _message(problem))
        for problem in _deepest(_nearest(problems))
    ]


def _value_at(data: Any, route: Route) -> Any:
    for key in route:
        data = data[int(key) if isinstance(data, list) else key]
    return data


def _locate(error: ErrorDetails, data: Any, model: Any) -> _Problem:
    """Follow an error's path through data and model together; a part that is not in the data names a union's type."""
    route: Route = ()
    rivals: list[tuple[Route, str]] = []
    shapes = around = _shapes(model)
    missing = error["type"] == "missing"
    for part in error["loc"]:
        key = str(part)
        if _holds(data, key):
            data, route = _value_at(data, (key,)), (*route, key)
            shapes, around = _children(shapes, key), shapes
        elif key != "[key]" and not (missing and part == error["loc"][-1]):
            rivals.append((route, key))
            shapes = around = _narrow(shapes, key)
    if missing:
        route = (*route, str(error["loc"][-1]))
    return _Problem(error, route, tuple(rivals), shapes, around, _expectation(error))


def _holds(data: Any, key: str) -> bool:
    return key in data if isinstance(data, dict) else isinstance(data, list) and key.isdigit() and int(key) < len(data)


def _shapes(kind: Any) -> tuple[Any, ...]:
    """Return the types in a type: the members of a union, without annotations, aliases and None."""
    if kind is None or kind is type(None):
        return ()
    if hasattr(kind, "__value__"):
        return _shapes(kind.__value__)
    if get_origin(kind) is Annotated:
        return _shapes(get_args(kind)[0])
    if get_origin(kind) in (Union, types.UnionType):
        return tuple(shape for one in get_args(kind) for shape in _shapes(one))
    if isinstance(kind, type) and issubclass(kind, RootModel):
        return _shapes(kind.model_fields["root"].annotation)
    return (kind,)


def _children(shapes: Iterable[Any], key: str) -> tuple[Any, ...]:
    return tuple(child for shape in shapes for child in _child(shape, key))


def _child(shape: Any, key: str) -> tuple[Any, ...]:
    if isinstance(shape, type) and issubclass(shape, BaseModel):
        fields = shape.model_fields.items()
        return next((_shapes(field.annotation) for name, field in fields if key in (name, field.alias)), ())
    arguments = get_args(shape)
    if not arguments or get_origin(shape) is Literal:
        return ()
    return _shapes(arguments[1 if _is_map(shape) else 0])


def _is_map(shape: Any) -> bool:
    """Return whether ``shape`` is a map from keys to values, such as ``dict[str, float]``."""
    origin = get_origin(shape)
    return isinstance(origin, type) and hasattr(origin, "keys")


def _narrow(shapes: tuple[Any, ...], name: str) -> tuple[Any, ...]:
    meant = tuple(s for s in shapes if re.search(rf"\b{re.escape(getattr(s, '__name__', ' '))}\b", name))
    return meant or shapes


def _expectation(error: ErrorDetails) -> tuple[str, ...]:
    if error["type"] == "literal_error" and not isinstance(error["input"], str):
        return (error["ctx"]["expected"],)
    kind = _KIND.match(error["type"])
    return (_EXPECTED[kind[1]],) if kind and kind[1] in _EXPECTED else ()


def _nearest(problems: list[_Problem], depth: int = 0) -> list[_Problem]:
    """Where a value fits none of several types, keep the problems of the nearest type."""
    kept = [problem for problem in problems if len(problem.rivals) <= depth]
    groups: dict[Route, dict[str, list[_Problem]]] = {}
    for problem in problems:
        if len(problem.rivals) > depth:
            route, name = problem.rivals[depth]
            groups.setdefault(route, {}).setdefault(name, []).append(problem)
    for route, rivals in groups.items():
        kept += _best(route, [_nearest(rival, depth + 1) for rival in rivals.values()])
    return kept


def _best(route: Route, rivals: list[list[_Problem]]) -> list[_Problem]:
    """Return the problems of the type with the fewest mistakes; if no type is close, one that lists all types."""
    close = [rival for rival in rivals if not all(p.route == route and p.expected for p in rival)]
    if close:
        return min(close, key=len)
    expected = dict.fromkeys(word for rival in rivals for problem in rival for word in problem.expected)
    return [rivals[0][0]._replace(expected=tuple(expected))]


def _deepest(problems: list[_Problem]) -> list[_Problem]:
    """Leave out a list that is too short only because an item in it is wrong; the item has a problem of its own."""
    routes = [problem.route for problem in problems]
    return [
        problem
        for problem in problems
        if problem.error["type"] != "too_short"
        or not any(len(route) > len(problem.route) and route[: len(problem.route)] == problem.route for route in routes)
    ]


def _message(problem: _Problem) -> str:
    """Return a message that quotes the wrong value and says what is allowed."""
    error, context = problem.error, problem.error.get("ctx", {})
    kind, value = error["type"], _quote(error["input"])
    if kind == "extra_forbidden":
        return f"{problem.route[-1]!r} is not a key here; {suggestion(problem.route[-1], _fields(problem.around))}"
    if kind == "missing":
        return f"the key {problem.route[-1]!r} is missing"
    if kind in ("literal_error", "enum") and len(problem.expected) < 2:
        return f"{value} is not allowed here; {_choices(problem, str(context.get('expected', '')))}"
    if kind in ("value_error", "assertion_error"):
        return str(context["error"])
    if problem.expected:
        return f"{value} is not {' or '.join(problem.expected)}{_how(problem)}"
    return _limit(kind, value, context) or f"{value} {error['msg'].replace('Input should', 'should')}"


def _limit(kind: str, value: str, context: dict[str, Any]) -> str:
    """Return the message for a value that breaks a bound, a length or a pattern; empty for any other kind of error."""
    if kind in _BOUNDS:
        name, words = _BOUNDS[kind]
        return f"{value} is not {words} {context[name]}"
    if kind == "string_pattern_mismatch":
        return f"{value} does not have the form {context['pattern']}"
    name, words = _LENGTHS.get(kind.removeprefix("string_"), ("", ""))
    if not name:
        return ""
    unit, many = "character" if kind.startswith("string_") else "value", "s" * (context[name] != 1)
    return f"{value} is too {kind.rpartition('_')[2]}; allowed: {words} {context[name]} {unit}{many}"


def _how(problem: _Problem) -> str:
    """Return how to write a map, a list or a text where something else stands; empty where that is clear."""
    given, shapes = problem.error["input"], problem.shapes
    if _A_MAP in problem.expected:
        removes = "null takes it away; " if bare(str(given)) == "none" else ""
        maps = [shape for shape in shapes if _is_map(shape) or _fields([shape])]
        return f"; {removes}{_keys_allowed(maps)}" if maps else ""
    if problem.expected == (_A_LIST,):
        return _list_of([inner for shape in shapes for inner in _child(shape, "0")], given)
    if problem.expected == (_EXPECTED["bool"],) and str(given).lower() in _BOOLEANS:
        return f"; write {_BOOLEANS[str(given).lower()]}"
    if problem.expected == (_EXPECTED["string"],) and isinstance(given, int | float) and not isinstance(given, bool):
        return f"; a text that looks like a number stands in quotes, '{given}'"
    return ""


def _list_of(kinds: Iterable[Any], given: Any) -> str:
    """Return how to write a list of these kinds, of which somebody gave one value or a map."""
    kinds = tuple(kinds)
    if keys := _fields(kinds):
        return f"; write [{{...}}, {{...}}], keys allowed there: {', '.join(keys)}"
    words = [str(word) for kind in kinds for word in _words(kind)]
    instead = f"; write [{given}]" if isinstance(given, str | int | float) and given != "" else ""
    return f"{instead}; allowed: {', '.join(words)}" if words else instead


def _keys_allowed(shapes: list[Any]) -> str:
    """Return the keys that a map takes, or, where they are names of a user's own, what stands under each."""
    if keys := _fields(shapes):
        return f"keys allowed: {', '.join(keys)}"
    inner = _fields(child for shape in shapes for child in _child(shape, ""))
    return f"write NAME: {{...}} for each, keys allowed there: {', '.join(inner)}" if inner else "write NAME: value"


def _words(shape: Any) -> tuple[Any, ...]:
    return get_args(shape) if get_origin(shape) is Literal else ()


def _fields(shapes: Iterable[Any]) -> list[str]:
    """Return the keys of models, each model's own before those that it shares with others, such as reasons."""
    models = [shape for shape in shapes if isinstance(shape, type) and issubclass(shape, BaseModel)]
    return [
        model.model_fields[name].alias or name
        for model in models
        for kind in model.__mro__
        for name in model.model_fields
        if name in get_annotations(kind)
    ]


def _choices(problem: _Problem, listed: str) -> str:
    words = [str(word) for shape in problem.shapes for word in _words(shape)]
    return suggestion(problem.error["input"], words or re.findall(r"'([^']*)'", listed))


def _quote(value: Any) -> str:
    """Return a value as its user wrote it, shortened."""
    if value is None:
        return "an empty value"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, dict | list | tuple):
        empty, full = ("an empty map", _A_MAP) if isinstance(value, dict) else ("an empty list", _A_LIST)
        return full if value else empty
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}...'"
