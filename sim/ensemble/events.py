"""Events by what they are, such as ``european and troops >= 25000 and rung >= air_cover``, ready to be counted.

``docs/reference/events.md`` has the grammar and every name. A missing value (no force formed) meets no comparison, so
``rung != none`` is false without a force, and ``not (rung = none)`` is true.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, Protocol

import pandas as pd
import pyarrow as pa

from sim.ensemble import conditions
from sim.ensemble.arrow_tables import arrow
from sim.ensemble.conditions import Flags, Tree
from sim.ensemble.event_grammar import check_text, parse
from sim.words import NEUTRAL, Names


class Event(NamedTuple):
    """What may come about in a run: the text that defines it, the condition that it means, and who is who in words."""

    text: str
    condition: Tree
    names: Names = NEUTRAL

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns of the table of runs that it reads."""
        return conditions.columns(self.condition)

    @property
    def phrase(self) -> str:
        """The event as a phrase that can stand after "runs with"."""
        return self.names.of_group(conditions.phrase(self.condition))

    @property
    def sql(self) -> str:
        """The event as a condition in SQL over the table of runs."""
        return conditions.sql(self.condition)

    @property
    def needs_force(self) -> bool:
        """Whether it can come about only where a deployed or an observer force forms."""
        return conditions.needs_force(self.condition)

    def met(self, table: pa.Table | Mapping[str, pa.ChunkedArray]) -> Flags:
        """Return in which rows of a table of runs it came about."""
        return conditions.met(self.condition, table)

    def mask(self, runs: pd.DataFrame) -> pd.Series:
        """Return in which rows of a table of runs it came about, as a column of yes and no with the same labels."""
        return pd.Series(self.met(arrow(runs[list(self.columns)])), index=runs.index, name=self.text)


class Titled(Protocol):
    """Something with a public name, such as a mission of a scenario."""

    @property
    def name(self) -> str:
        """The name as readers see it."""


def event(
    text: str,
    missions: Iterable[str] | Mapping[str, Titled] = (),
    where: str = "event",
    by_week: float | None = None,
    names: Names = NEUTRAL,
) -> Event:
    """Return the event that a text means.

    Parameters
    ----------
    text
        A name, such as ``european``, or an expression of :mod:`sim.ensemble.event_grammar`.
    missions
        The missions of the scenario: their ids are words of ``outcome``, ``mission`` and ``table``. A mapping gives
        their public names too, which stand in the phrase.
    where
        What the text is called in faults, such as ``--of``.
    by_week
        A week for the events in it that have none of their own.
    names
        What the scenario's words call its group, for the phrase.

    Raises
    ------
    InputError
        With every mistake, each with its column in the text, and what is allowed.

    >>> event("european and troops >= 25,000 and rung >= air_cover").phrase
    'a European force with at least 25,000 troops and a rung of at least air cover when the force formed'
    """
    check_text(text, where)
    ids = tuple(sorted(missions))
    called = tuple(missions[mission].name for mission in ids) if isinstance(missions, Mapping) else ()
    return _event(text, ids, called, where, by_week)._replace(names=names)


@lru_cache(maxsize=256)
def _event(text: str, missions: tuple[str, ...], called: tuple[str, ...], where: str, by_week: float | None) -> Event:
    return Event(text, parse(text, missions, where, by_week, called))
