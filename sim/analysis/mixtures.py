"""Scenarios between two: the groups in which they differ, each taken from one or the other.

Groups that cannot be taken apart, such as an actor and an edge that names it, are tied together: what does not load is
tried group by group, and the groups at fault become one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final, NamedTuple

from sim.reading.errors import InputError, Place, Route
from sim.scenario.differences import Change, changes
from sim.scenario.layers import Entry, Layer, Reasons
from sim.scenario.scenario import Scenario

MOST_PATHS = 6
"""How many differing paths stand for themselves by default; beyond it, those of one actor, edge ... are one group."""
Chosen = frozenset[int]
"""The pieces taken from the second scenario, by their position."""

_REASONS = Reasons(assumption="one of the two scenarios says so", place=Place("a mixture"))
"""Those of every number in a mixture: reasons were checked on both sides, and two files may state the same one."""


class Piece(NamedTuple):
    """Differences that are never taken apart: their name, and what differs."""

    name: str
    changes: tuple[Change, ...]

    @property
    def differs(self) -> str:
        """What differs, in short."""
        inner = [change.path.removeprefix(self.name).removeprefix(".") for change in self.changes]
        if len(self.changes) > 1:
            return ", ".join(inner)
        values = f"{self.changes[0].before} -> {self.changes[0].after}"
        return f"{inner[0]}: {values}" if inner[0] else values


def _by_path(route: Route) -> str:
    return ".".join(route)


def _by_part(route: Route) -> str:
    return ".".join(route[:2])


def _by_actor(route: Route) -> str:
    return f"actors.{route[1].partition('->')[0]}" if route[0] == "network" and len(route) > 1 else _by_part(route)


GROUPINGS: Final[dict[str, Callable[[Route], str]]] = {"path": _by_path, "part": _by_part, "actor": _by_actor}
"""Groups by name: each path; each actor, edge, mission, family of rules; the same, an edge with its source."""


class Mixtures:
    """All scenarios between ``a`` and ``b``. ``pieces`` are the differences, ``groups`` say which are taken together.

    Parameters
    ----------
    by
        A name among :data:`GROUPINGS`; None for paths where they are few, else parts.

    Raises
    ------
    ValueError
        If the two do not differ in anything that is played, or ``by`` is no such name.
    """

    def __init__(self, a: Scenario, b: Scenario, by: str | None = None) -> None:
        differing = changes(a, b)
        if not differing:
            raise ValueError(f"{a.name} and {b.name} do not differ in anything that is played")
        if by is not None and by not in GROUPINGS:
            raise ValueError(f"{by!r} is no way to group differences; allowed: {', '.join(GROUPINGS)}")
        self.by = by or ("path" if len(differing) <= MOST_PATHS else "part")
        self._sides = (a, b)
        self.pieces = _pieces(differing, GROUPINGS[self.by])
        self.groups: list[Chosen] = [frozenset((at,)) for at in range(len(self.pieces))]
        self._faults: dict[Chosen, str] = {}
        self._settle()

    @property
    def ties(self) -> list[str]:
        """A sentence for each group of pieces that could not be taken apart."""
        return [
            f"{self.name(tied)}: taken together, as apart they do not load ({why})"
            for tied, why in self._faults.items()
        ]

    def chosen(self, members: Iterable[int]) -> Chosen:
        """Return the pieces of some groups, given by their positions."""
        return frozenset().union(*(self.groups[member] for member in members))

    def name(self, group: Chosen) -> str:
        """Return the name of a group."""
        return " + ".join(self.pieces[at].name for at in sorted(group))

    def differs(self, group: Chosen) -> str:
        """Return what differs in a group, in short."""
        if len(group) == 1:
            return self.pieces[min(group)].differs
        return "; ".join(f"{self.pieces[at].name}: {self.pieces[at].differs}" for at in sorted(group))

    def scenario(self, chosen: Chosen) -> Scenario:
        """Return the scenario with the ``chosen`` pieces of the second one, and all else of the first.

        Raises
        ------
        InputError
            If these do not make a scenario.
        """
        a, b = self._sides
        if not chosen or len(chosen) == len(self.pieces):
            return b if chosen else a
        routes = {tuple(change.path.split(".")) for at in chosen for change in self.pieces[at].changes}
        entries = {route: entry for route, entry in _played(a).items() if not _inside(route, routes)}
        entries |= {route: entry for route, entry in _played(b).items() if _inside(route, routes)}
        plain = {route: entry._replace(reasons=_REASONS) for route, entry in entries.items()}
        return Scenario(f"{a.name}, in part {b.name}", Layer(plain, {**b.layer.places, **a.layer.places}))

    def tie(self, chosen: Chosen) -> None:
        """Make one group of those that have to change sides together, where the scenario of ``chosen`` does not load.

        It is made smaller while it does not load, which leaves the groups at fault, and all of the second scenario is
        made smaller while it loads, which leaves the groups that they need.
        """
        fault = self._fault(chosen)
        at_fault, enough = chosen, self.chosen(range(len(self.groups)))
        for group in self.groups:
            if group <= at_fault and self._fault(at_fault - group):
                at_fault -= group
            if not group <= chosen and not self._fault(enough - group):
                enough -= group
        tied = at_fault | (enough - chosen)
        self.groups = [tied, *(group for group in self.groups if not group <= tied)]
        self.groups.sort(key=min)
        self._faults = {old: why for old, why in self._faults.items() if not old <= tied} | {tied: fault}

    def _settle(self) -> None:
        """Tie groups until each loads when it alone is of the second scenario, and when it alone is of the first."""
        at = 0
        while at < len(self.groups):
            everything = self.chosen(range(len(self.groups)))
            wrong = [part for part in (self.groups[at], everything - self.groups[at]) if self._fault(part)]
            if wrong:
                self.tie(wrong[0])
            at = 0 if wrong else at + 1

    def _fault(self, chosen: Chosen) -> str:
        """Return the first thing that is wrong with a mixture; empty if it loads."""
        try:
            self.scenario(chosen)
        except InputError as error:
            return f"{error.faults[0].path}: {error.faults[0].message}"
        return ""


def _pieces(differing: Iterable[Change], name: Callable[[Route], str]) -> list[Piece]:
    by_name: dict[str, list[Change]] = {}
    for change in differing:
        by_name.setdefault(name(tuple(change.path.split("."))), []).append(change)
    return [Piece(name, tuple(own)) for name, own in by_name.items()]


def _played(scenario: Scenario) -> dict[Route, Entry]:
    """Return the entries of a scenario without its levers, which change no run and may name what a mixture lacks."""
    return {route: entry for route, entry in scenario.layer.entries.items() if route[0] != "levers"}


def _inside(route: Route, routes: set[Route]) -> bool:
    return any(route[:end] in routes for end in range(1, len(route) + 1))
