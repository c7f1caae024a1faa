"""Check that the dates in a record are not later than the day of information."""

from __future__ import annotations

import re
from typing import Final

LAST_DAY: Final = "2025-03-03"
"""The last day of information: nothing in the evidence is later."""

_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_IN_WORDS: Final = re.compile(rf"(?:(\d{{1,2}}) )?({'|'.join(_MONTHS)}) (\d{{4}})")
_IN_DIGITS: Final = re.compile(r"\b\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?\b")


def dates_in(text: str) -> list[str]:
    """Return the dates that a text names, in digits: years, months and days, those in words first.

    >>> dates_in("2018-2024, 5 February 2025")
    ['2025-02-05', '2018', '2024', '2025']
    """
    worded = [
        f"{year}-{_MONTHS.index(month) + 1:02}" + (f"-{int(day):02}" if day else "")
        for day, month, year in _IN_WORDS.findall(text)
    ]
    return worded + _IN_DIGITS.findall(text)


def check_period(period: str) -> str:
    """Return a period in words or digits.

    Raises
    ------
    ValueError
        If it names a date later than :data:`LAST_DAY`; a year or month counts by its beginning.
    """
    if late := [date for date in dates_in(period) if date > LAST_DAY[: len(date)]]:
        raise ValueError(f"{period!r} reaches to {late[0]}; allowed: up to {LAST_DAY}")
    return period


def check_date(date: str) -> str:
    """Return a date in digits.

    Raises
    ------
    ValueError
        If it is no date, or later than :data:`LAST_DAY`.
    """
    if not _IN_DIGITS.fullmatch(date):
        raise ValueError(f"{date!r} is not a date; allowed: a date such as 2025, 2025-02, 2025-02-27")
    return check_period(date)
