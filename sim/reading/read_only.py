"""Dicts and lists that are shared and so cannot be changed: an edit by one user would change another's answer."""

from __future__ import annotations

import copy
from typing import Any, NoReturn, TypeVar

from yaml.representer import Representer, SafeRepresenter

Key = TypeVar("Key")
Value = TypeVar("Value")


def _refuse(self: object, *_: object, **__: object) -> NoReturn:
    raise TypeError("this is read-only, as others hold it too; change a copy: copy.deepcopy(it)")


class ReadOnlyDict(dict[Key, Value]):
    """A dict that refuses to be changed. ``copy.deepcopy`` gives an ordinary dict."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (dict(self),)

    def __deepcopy__(self, known: dict[int, Any]) -> dict[Key, Value]:
        return {key: copy.deepcopy(value, known) for key, value in self.items()}


class ReadOnlyList(list[Value]):
    """A list that refuses to be changed. ``copy.deepcopy`` gives an ordinary list."""

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (list(self),)

    def __deepcopy__(self, known: dict[int, Any]) -> list[Value]:
        return [copy.deepcopy(value, known) for value in self]


for _name in ("__setitem__", "__delitem__", "__ior__", "clear", "pop", "popitem", "setdefault", "update"):
    setattr(ReadOnlyDict, _name, _refuse)
for _name in (
    "__setitem__", "__delitem__", "__iadd__", "__imul__", "append", "clear", "extend", "insert", "pop", "remove",
    "reverse", "sort",
):  # fmt: skip
    setattr(ReadOnlyList, _name, _refuse)


for _writer in (SafeRepresenter, Representer):  # YAML writes them as dicts and lists
    _writer.add_representer(ReadOnlyDict, _writer.represent_dict)
    _writer.add_representer(ReadOnlyList, _writer.represent_list)


def close(record: object) -> None:
    """Let the dicts and lists of a record refuse to be changed."""
    vars(record).update({name: read_only(value) for name, value in vars(record).items() if type(value) in (dict, list)})


def read_only(value: Any) -> Any:
    """Return plain data whose dicts and lists, at any depth, refuse to be changed.

    >>> shared = read_only({"a": [1, 2]})
    >>> shared == {"a": [1, 2]}
    True
    >>> shared["a"].append(3)
    Traceback (most recent call last):
    TypeError: this is read-only, as others hold it too; change a copy: copy.deepcopy(it)
    """
    if isinstance(value, ReadOnlyDict | ReadOnlyList):
        return value
    if isinstance(value, dict):
        return ReadOnlyDict({key: read_only(inner) for key, inner in value.items()})
    return ReadOnlyList(map(read_only, value)) if isinstance(value, list) else value
