"""Conditions in words that are ready for use, such as "no ceasefire by month 6", and the SQL that they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple

from sim import vocabulary


class _Ready(NamedTuple):
    pattern: str
    meaning: str
    sql: Callable[[re.Match[str]], str]


def _words(name: str) -> str:
    return "|".join(getattr(vocabulary, name))


def _by(column: str) -> Callable[[re.Match[str]], str]:
    return lambda match: _event(column, match)


def _event(column: str, match: re.Match[str]) -> str:
    week = _week(match["unit"], int(match["number"])) if match["unit"] else None
    came = f"coalesce({column} <= {week}, false)" if week is not None else f"{column} is not null"
    return f"not ({came})" if match["no"] else came


def _week(unit: str, number: int) -> int:
    """Return the week that ends a month (3, 6 and 12 months are weeks 13, 26 and 52), or the week itself."""
    return number if unit == "week" else round(number * 52 / 12)


def _at_least(column: str, scale: str) -> Callable[[re.Match[str]], str]:
    words = getattr(vocabulary, scale)
    return lambda match: f"{column} in ({', '.join(repr(each) for each in words[words.index(match['word']) :])})"


_BY_THEN = r"(?: by (?P<unit>week|month) (?P<number>\d{1,3}))?"
_READY = {
    "[no] ceasefire [by week N]": _Ready(
        rf"(?P<no>no )?ceasefire{_BY_THEN}", "a truce began by then (ever); no: none did", _by("ceasefire_week")
    ),
    "[no] force [by week N]": _Ready(
        rf"(?P<no>no )?force{_BY_THEN}", "a deployed force formed by then (ever)", _by("deployed_week")
    ),
    "[no] european force [by week N]": _Ready(
        rf"(?P<no>no )?european force{_BY_THEN}", "a European force formed by then (ever)", _by("european_week")
    ),
    "truce broke": _Ready("truce broke", "a truce broke", lambda _: "truce_broke"),
    "truce held": _Ready("truce held", "a truce began, and none broke", lambda _: "truces > 0 and not truce_broke"),
    "backstop at least RUNG": _Ready(
        f"backstop at least (?P<word>{_words('RUNGS')})",
        f"this rung or a higher one was on offer in some week: {', '.join(vocabulary.RUNGS)}",
        _at_least("rung_highest", "RUNGS"),
    ),
    "consent at least WORD": _Ready(
        f"consent at least (?P<word>{_words('CONSENTS')})",
        f"the opponent's consent at the horizon: {', '.join(vocabulary.CONSENTS)}",
        _at_least("consent", "CONSENTS"),
    ),
    "ACTOR pledged": _Ready(
        r"(?P<actor>\w+) pledged",
        "this contributor is pledged at the horizon",
        lambda match: f"run in (select run from actors where actor = '{match['actor']}' and pledged)",
    ),
}
READY = {name: ready.meaning for name, ready in _READY.items()}
"""Ready conditions and what they mean; ``by month N`` goes too, and 3, 6 and 12 months are weeks 13, 26 and 52."""


def as_sql(condition: str) -> str:
    """Return a condition as SQL: the SQL of a ready condition, or the condition itself.

    >>> as_sql("no ceasefire by month 6")
    'not (coalesce(ceasefire_week <= 26, false))'
    >>> as_sql("truces > 1")
    'truces > 1'
    """
    for ready in _READY.values():
        if match := re.fullmatch(ready.pattern, condition.strip().lower()):
            return ready.sql(match)
    return condition
