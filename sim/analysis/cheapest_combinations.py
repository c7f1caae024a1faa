"""Which combinations of steps are enough? A search, cheapest first, that tries the most promising of each cost."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from typing import NamedTuple

Steps = tuple[int, ...]
"""A combination: of each lever its step, 0 where it stands."""

TRIES = 8
"""Combinations of one cost that are tried."""
DECIMALS = 1
"""Decimals to which costs are rounded."""


class Step(NamedTuple):
    """A step of a lever: what it costs from where the lever stands, and what it promises (in log-odds, say)."""

    cost: float
    promise: float


class Level(NamedTuple):
    """All combinations of one cost: how many there are, how many were tried, and the highest value among these."""

    cost: float
    combinations: int
    tried: int
    best: float


class SearchResult(NamedTuple):
    """The end of a search: combinations of the smallest cost that reach the target, the best tried, and every level."""

    enough: dict[Steps, float]
    best: tuple[Steps, float]
    levels: list[Level]


def search(
    levers: Sequence[Sequence[Step]],
    target: float,
    measure: Callable[[Steps], float],
    confirm: Callable[[Steps], float] | None = None,
    tries: int = TRIES,
    ahead: Callable[[Sequence[Steps]], None] | None = None,
) -> SearchResult:
    """Return the cheapest combinations whose value is at least ``target``, going up by cost, and end there.

    Of the combinations of one cost, at most ``tries`` are tried, those with the highest sum of promises. The others are
    skipped, so the search may miss one that is enough: it is no proof. With as many tries as there are combinations it
    is an enumeration. ``confirm``, if given, measures again every combination that seems enough, so that the luckiest
    of several does not pass for the best; its value counts. ``ahead``, if given, is called with all combinations of a
    cost that are about to be measured, so that they can be measured together.

    >>> toy = [[Step(1, 0.5), Step(2, 1.0)], [Step(1, 0.4)]]
    >>> value = {(1, 0): 0.2, (0, 1): 0.1, (2, 0): 0.3, (1, 1): 0.6, (2, 1): 0.9}
    >>> search(toy, 0.5, value.__getitem__).enough
    {(1, 1): 0.6}
    """
    promising, counts = rank(levers, tries), combinations(levers)
    best: tuple[Steps, float] = ((0,) * len(levers), float("-inf"))
    levels = []
    for cost in sorted(counts)[1:]:
        if ahead is not None:
            ahead([steps for _, steps in promising[cost]])
        values = {steps: measure(steps) for _, steps in promising[cost]}
        top = max(values, key=values.__getitem__)
        best = max(best, (top, values[top]), key=lambda each: each[1])
        levels.append(Level(cost, counts[cost], len(values), values[top]))
        enough = {steps: value for steps, value in values.items() if value >= target}
        if confirm is not None:
            enough = {steps: value for steps in enough if (value := confirm(steps)) >= target}
        if enough:
            return SearchResult(enough, best, levels)
    return SearchResult({}, best, levels)


def rank(levers: Sequence[Sequence[Step]], most: int) -> dict[float, list[tuple[float, Steps]]]:
    """Return, by cost, the ``most`` combinations with the highest sum of promises, highest first; exact.

    Lever by lever, the best of a cost are among the best of what is left of it (a knapsack problem; Martello and Toth
    1990, Knapsack problems, chapter 2).
    """
    best: dict[float, list[tuple[float, Steps]]] = {0.0: [(0.0, ())]}
    for lever in levers:
        grown: dict[float, list[tuple[float, Steps]]] = {}
        for cost, kept in best.items():
            for at, step in enumerate([Step(0.0, 0.0), *lever]):
                more = [(promise + step.promise, (*steps, at)) for promise, steps in kept]
                grown.setdefault(round(cost + step.cost, DECIMALS), []).extend(more)
        best = {cost: nlargest(most, ranking) for cost, ranking in grown.items()}
    return best


def combinations(levers: Sequence[Sequence[Step]]) -> dict[float, int]:
    """Return how many combinations there are by cost.

    >>> combinations([[Step(1, 0)], [Step(1, 0), Step(2, 0)]])
    {0.0: 1, 1.0: 2, 2.0: 2, 3.0: 1}
    """
    counts: Mapping[float, int] = {0.0: 1}
    for lever in levers:
        grown: dict[float, int] = {}
        for cost, many in counts.items():
            for step in (Step(0.0, 0.0), *lever):
                total = round(cost + step.cost, DECIMALS)
                grown[total] = grown.get(total, 0) + many
        counts = grown
    return dict(sorted(counts.items()))
