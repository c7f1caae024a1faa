"""What a run has to meet, as a tree: evaluated over tables, written as SQL, read as a phrase."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from sim.words import listed

Flags = NDArray[np.bool_]

_LIMITS: Final = {"<": "less than", "<=": "at most", "=": "", "!=": "other than", ">=": "at least", ">": "more than"}


@dataclass(frozen=True)
class Known:
    """Something came about: its column is not missing, or at most a week."""

    column: str
    phrase: str
    by_week: float | None = None
    of_force: bool = False


@dataclass(frozen=True)
class Yes:
    """A column of yes and no says yes."""

    column: str
    phrase: str
    of_force: bool = False


@dataclass(frozen=True)
class OneOf:
    """A column of words holds one of these."""

    column: str
    words: tuple[str, ...]
    phrase: str
    of_force: bool = False


@dataclass(frozen=True)
class Compared:
    """A column of numbers compared with a number, or with another such column."""

    column: str
    sign: str
    other: float | str
    phrase: str
    of_force: bool = False


@dataclass(frozen=True)
class Not:
    """The opposite of a condition; it holds where a value is missing."""

    inner: Tree


@dataclass(frozen=True)
class All:
    """Every one of some conditions."""

    parts: tuple[Tree, ...]


@dataclass(frozen=True)
class Some:
    """At least one of some conditions."""

    parts: tuple[Tree, ...]


Leaf = Known | Yes | OneOf | Compared
Tree = Leaf | Not | All | Some


def leaves(tree: Tree) -> Iterator[Leaf]:
    """Yield the conditions on single columns, in the order in which they are written."""
    if isinstance(tree, Not):
        yield from leaves(tree.inner)
    elif isinstance(tree, All | Some):
        for part in tree.parts:
            yield from leaves(part)
    else:
        yield tree


def columns(tree: Tree) -> tuple[str, ...]:
    """Return the columns of the table of runs that a condition reads, each once."""
    names: dict[str, None] = {}
    for leaf in leaves(tree):
        names[leaf.column] = None
        if isinstance(leaf, Compared) and isinstance(leaf.other, str):
            names[leaf.other] = None
    return tuple(names)


def met(tree: Tree, table: pa.Table | Mapping[str, pa.ChunkedArray]) -> Flags:
    """Return, a row a run, whether a condition holds; a missing value meets no comparison.

    Raises
    ------
    ValueError
        If a column holds something else than its name says.
    """
    if isinstance(tree, Not):
        return ~met(tree.inner, table)
    if isinstance(tree, All):
        return np.asarray(np.logical_and.reduce([met(part, table) for part in tree.parts]))
    if isinstance(tree, Some):
        return np.asarray(np.logical_or.reduce([met(part, table) for part in tree.parts]))
    try:
        held: pa.ChunkedArray = _held(tree, table)
        return np.asarray(pc.fill_null(held, False), dtype=np.bool_)
    except pa.ArrowException:
        raise ValueError(f"{tree.column} does not hold what its name says in this table") from None


_ARROW: Final = {
    "<": pc.less, "<=": pc.less_equal, "=": pc.equal, "!=": pc.not_equal, ">=": pc.greater_equal, ">": pc.greater,
}  # fmt: skip


def _held(leaf: Leaf, table: pa.Table | Mapping[str, pa.ChunkedArray]) -> Any:
    column = table[leaf.column]
    if isinstance(leaf, Known):
        return pc.is_valid(column) if leaf.by_week is None else pc.less_equal(column, leaf.by_week)
    if isinstance(leaf, Yes):
        return pc.equal(column, True)
    if isinstance(leaf, OneOf):
        return pc.is_in(column, pa.array(leaf.words, pa.string()))
    other = table[leaf.other] if isinstance(leaf.other, str) else pa.scalar(leaf.other, pa.float64())
    return _ARROW[leaf.sign](column.cast(pa.float64()), other.cast(pa.float64()))


def sql(tree: Tree) -> str:
    """Return a condition in DuckDB's SQL over the table of runs; it is true or false of each run, never null.

    >>> sql(Not(Compared("troops", ">=", 25000.0, "")))
    'not (coalesce("troops" >= 25000.0, false))'
    """
    if isinstance(tree, Not):
        return f"not ({sql(tree.inner)})"
    if isinstance(tree, All | Some):
        word = " and " if isinstance(tree, All) else " or "
        return word.join(f"({sql(part)})" for part in tree.parts)
    column = f'"{tree.column}"'
    if isinstance(tree, Known):
        return f"{column} is not null" if tree.by_week is None else f"coalesce({column} <= {tree.by_week!r}, false)"
    if isinstance(tree, Yes):
        return f"coalesce({column}, false)"
    if isinstance(tree, OneOf):
        words = ", ".join(f"'{word}'" for word in tree.words)
        return f"coalesce({column} in ({words}), false)" if words else "false"
    sign = "<>" if tree.sign == "!=" else tree.sign
    other = f'"{tree.other}"' if isinstance(tree.other, str) else repr(tree.other)
    return f"coalesce({column} {sign} {other}, false)"


def phrase(tree: Tree) -> str:
    """Return a condition as a phrase that can stand after "runs with": what comes about first, then what it is like.

    >>> troops = Compared("troops", ">=", 25000.0, "at least 25,000 troops")
    >>> phrase(All((Known("european_week", "a European force"), troops)))
    'a European force with at least 25,000 troops'
    """
    if isinstance(tree, Not):
        return (
            f"no {_bare(phrase(tree.inner))}" if isinstance(tree.inner, Known | Yes) else f"not {_inside(tree.inner)}"
        )
    if isinstance(tree, Some):
        return listed([_inside(part) for part in tree.parts], "or")
    if not isinstance(tree, All):
        return tree.phrase
    heads = [_inside(part) for part in tree.parts if not isinstance(part, Compared | OneOf)]
    rest = [part.phrase for part in tree.parts if isinstance(part, Compared | OneOf)]
    return " with ".join(listed(each) for each in (heads, rest) if each)


def limit(sign: str, value: str) -> str:
    """Return a comparison with a value in words.

    >>> limit(">=", "25,000"), limit("=", "3")
    ('at least 25,000', '3')
    """
    return f"{_LIMITS[sign]} {value}".strip()


def needs_force(tree: Tree) -> bool:
    """Return whether a condition can hold only in runs in which a deployed or an observer force formed."""
    if isinstance(tree, Not):
        return False
    if isinstance(tree, All):
        return any(map(needs_force, tree.parts))
    return all(map(needs_force, tree.parts)) if isinstance(tree, Some) else tree.of_force


def _inside(tree: Tree) -> str:
    return f"({phrase(tree)})" if isinstance(tree, All | Some) else phrase(tree)


def _bare(text: str) -> str:
    """Return a phrase without its article."""
    first, _, rest = text.partition(" ")
    return rest if first in ("a", "an", "any", "the") else text
