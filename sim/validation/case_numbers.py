"""The numbers of the rules by which a case becomes a theatre, and how a theatre states a number with its reason.

They were set before any case was run; ``docs/cases.md`` has the rules in full.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final, NamedTuple

from sim.reading.files import read_yaml, shipped_folder


class Triple(NamedTuple):
    """The ends and the peak of a triangular number."""

    low: float
    likely: float
    high: float

    def times(self, unit: float) -> Triple:
        """Return it in another unit."""
        return Triple(self.low * unit, self.likely * unit, self.high * unit)


STANCES: Final = {
    "opposed": {"opposed": "75%", "hesitant": "25%"},
    "hesitant": {"opposed": "15%", "hesitant": "60%", "open": "25%"},
    "open": {"hesitant": "15%", "open": "60%", "pledged": "25%"},
    "pledged": {"open": "15%", "pledged": "85%"},
}
"""Shares of stances by the word that is coded, where no condition is read."""
STANCES_ON_TERMS: Final = {
    **STANCES,
    "hesitant": {"opposed": "15%", "hesitant": "40%", "open": "40%", "pledged": "5%"},
    "open": {"hesitant": "5%", "open": "45%", "pledged": "50%"},
}
"""The same where a condition is read: what such a state would do if it were met, as the baseline reads its own states.

Hesitant as Madrid there, which asked for a truce and four things more; open as The Hague, which named two conditions.
"""
FOLLOWERS: Final = {"hesitant": "60%", "open": "40%"}
LEANING: Final = {"accepts": 0.8, "tolerates": 0.3, "unknown": 0.0, "refuses": -0.3}
"""Where an opponent's lasting leaning is centred, by its answer to the force as proposed."""
HALF_WIDTH: Final = {"page": 0.9, "memory": 1.2, "unknown": 1.8}
PROVOCATION: Final = {
    "accepts": Triple(0.0, 0.1, 0.2),
    "tolerates": Triple(0.1, 0.35, 0.6),
    "unknown": Triple(0.0, 0.25, 1.0),
    "refuses": Triple(1.0, 1.4, 1.8),
}
"""How much a mission provokes, by the least answer that an opponent has for it."""
READINESS: Final = ("refuses", "unknown", "tolerates", "accepts")
"""Answers, the least first."""
TRUCE_LEANING = 1.0
"""The host's lasting leaning where a truce is in force."""
STALEMATE: Final = Triple(-0.3, 0.0, 0.3)
ADVANTAGE: Final = Triple(0.2, 0.6, 1.0)
"""How far opponents that win are ahead on the battlefield; where the host wins, the negative."""
LEAD: Final = Triple(0.15, 0.35, 0.6)
FOLLOWER: Final = Triple(0.03, 0.1, 0.25)
OTHERS: Final = Triple(0.1, 0.3, 0.6)
"""What a lead, another contributor and all others who may follow can send, in units of the size discussed."""
LOW_SHARE, HIGH_SHARE = 0.8, 1.25
LEAST_DEPLOYED, MOST_OBSERVERS = 1_000.0, 1_200.0
REFUSED_WORTH = 0.0
HOST_RESISTS: Final = Triple(0.6, 0.8, 1.0)
HOST_UNKNOWN_FLOOR: Final = Triple(0.0, 0.1, 0.3)
WILLINGNESS: Final = {
    "used": Triple(0.8, 0.9, 1.0),
    "threatened": Triple(0.3, 0.6, 0.9),
    "offered": Triple(0.3, 0.6, 0.9),
    "not used": Triple(0.0, 0.1, 0.3),
}
COUNCIL: Final = {
    "yes": {"yes": "100%"},
    "threat": {"yes": "20%", "no": "80%"},
    "vetoed": {"yes": "5%", "no": "95%"},
}
"""The Council's gate by what is coded; where that is not here, the pooled one."""
SOUGHT: Final = ("yes", "pending")
"""Where a mandate is given or sought, missions need one."""
LEDBY_UN: Final = ("un_blue_helmets", "observer")
"""Missions that need no state to lead them."""


def number(value: Triple | float, why: str) -> dict[str, Any]:
    """Return a number with its reason, as a theatre states it."""
    if not isinstance(value, Triple):
        return {"likely": _plain(value), "assumption": why}
    if value.low == value.high:
        return {"likely": _plain(value.likely), "assumption": why}
    return {**{name: _plain(each) for name, each in value._asdict().items()}, "assumption": why}


def around(centre: float, half: float, low: float | None = None, high: float | None = None) -> Triple:
    """Return a number around a centre, within bounds.

    >>> around(0.05, 0.1, 0.0, 1.0)
    Triple(low=0.0, likely=0.05, high=0.15)
    """
    least = centre - half if low is None else max(low, centre - half)
    most = centre + half if high is None else min(high, centre + half)
    return Triple(round(least, 4), round(centre, 4), round(most, 4))


def _plain(value: float) -> float | int:
    rounded = round(value, 4)
    return int(rounded) if rounded == int(rounded) else rounded


@lru_cache(maxsize=1)
def words() -> dict[str, Any]:
    """Return the words by which conditions are read, from ``configs/theatres``."""
    lists: dict[str, Any] = read_yaml(shipped_folder("configs") / "theatres" / "condition_words.yaml").data
    return lists


@lru_cache(maxsize=1)
def missions() -> dict[str, Any]:
    """Return the kinds of mission of the base theatre, as they are written."""
    kinds: dict[str, Any] = read_yaml(shipped_folder("configs") / "theatres" / "missions.yaml").data
    return kinds


def likely(raw: Any) -> float:
    """Return the likely value of a number as it is written."""
    return float(raw["likely"] if isinstance(raw, dict) else raw)
