"""Runs with their whole trajectory, and quantities of them: what verification compares, pair by pair."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import world
from sim.ensemble import columns, run_table
from sim.ensemble.shares import Z95
from sim.kernel import draws, play
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.world import streams

Floats = NDArray[np.float64]
Changes = dict[str, Any]
_WEEKLY = {name: at for at, name in enumerate(columns.WEEKLY)}
_ACTOR = {name: at for at, name in enumerate(columns.ACTOR_WEEKLY)}


IDLE = 0.01
"""As near to nothing as an effect has to be that must not be there, in the unit of its quantity."""


class Seen(NamedTuple):
    """One run: names of actors and missions, weekly states, actors' states, and its row."""

    actors: tuple[str, ...]
    missions: tuple[str, ...]
    weekly: Floats
    states: Floats
    row: dict[str, Any]


Quantity = Callable[[Seen], float]


class Effect(NamedTuple):
    """A paired difference with its 95% interval, and the means of both arms."""

    without: float
    present: float
    difference: float
    low: float
    high: float

    def goes(self, sign: str) -> bool:
        """Return whether the whole interval lies on the side of ``sign``, + or -, or within a hundredth of 0."""
        if sign == "0":
            return self.low > -IDLE and self.high < IDLE
        return self.low > 0.0 if sign == "+" else self.high < 0.0


def scenario(name: str, changes: Changes) -> Scenario:
    """Return a shipped scenario with changes."""
    base = load(name)
    return base.change(changes) if changes else base


@lru_cache(maxsize=24)
def _runs(name: str, changes: tuple[tuple[str, Any], ...], runs: int, seed: int) -> list[Seen]:
    structure = world.build(scenario(name, {path: _thaw(value) for path, value in changes}))
    return [
        seen
        for first in range(0, runs, streams.BLOCK)
        for seen in _block(structure, seed, first, min(streams.BLOCK, runs - first))
    ]


def _block(structure: world.World, seed: int, first: int, count: int) -> list[Seen]:
    inputs, luck = world.draw(structure, seed, first // streams.BLOCK, means=draws.MEANS)
    played = play(structure, inputs, luck, count, weekly=True)
    assert played.weekly is not None and played.actors is not None
    table = run_table.table(structure.names.missions, played.rows, np.arange(first, first + count))
    names = structure.names
    return [
        Seen(names.actors, names.missions, weekly, actors, row)
        for weekly, actors, row in zip(played.weekly, played.actors, run_table.records(table), strict=True)
    ]


def runs(name: str = "baseline", changes: Changes | None = None, count: int = 128, seed: int = 7) -> list[Seen]:
    """Return ``count`` runs of a scenario with changes, remembered for the session."""
    frozen = tuple(sorted((path, _freeze(value)) for path, value in (changes or {}).items()))
    return _runs(name, frozen, count, seed)


def effect(quantity: Quantity, without: list[Seen], present: list[Seen]) -> Effect:
    """Return how ``quantity`` differs from one arm to the other, run by run; runs where either is NaN are left out."""
    pairs = np.array([(quantity(a), quantity(b)) for a, b in zip(without, present, strict=True)])
    pairs = pairs[~np.isnan(pairs).any(axis=1)]
    gap = pairs[:, 1] - pairs[:, 0]
    half = Z95 * float(gap.std(ddof=1)) / sqrt(len(gap))
    mean = float(gap.mean())
    return Effect(float(pairs[:, 0].mean()), float(pairs[:, 1].mean()), mean, mean - half, mean + half)


def _freeze(value: Any) -> Any:
    if isinstance(value, dict):
        return ("map", *((key, _freeze(inner)) for key, inner in value.items()))
    return ("list", *value) if isinstance(value, list) else value


def _thaw(value: Any) -> Any:
    if isinstance(value, tuple) and value[:1] == ("map",):
        return {key: _thaw(inner) for key, inner in value[1:]}
    return list(value[1:]) if isinstance(value, tuple) else value


# --- quantities ------------------------------------------------------------------------------------------------------


def mean(name: str) -> Quantity:
    """The mean over weeks of a weekly state."""
    return lambda seen: float(seen.weekly[:, _WEEKLY[name]].mean())


def early(name: str, weeks: int = 13) -> Quantity:
    """The mean over the first weeks of a weekly state."""
    return lambda seen: float(seen.weekly[:weeks, _WEEKLY[name]].mean())


def readiness(*actors: str) -> Quantity:
    """The mean readiness of actors over all weeks."""

    def value(seen: Seen) -> float:
        at = [seen.actors.index(actor) for actor in actors]
        return float(seen.states[:, at, _ACTOR["readiness"]].mean())

    return value


def pledged(*actors: str) -> Quantity:
    """The share of weeks and actors pledged."""

    def value(seen: Seen) -> float:
        at = [seen.actors.index(actor) for actor in actors]
        return float((seen.states[:, at, _ACTOR["stage"]] == 3).mean())

    return value


def ratified() -> Quantity:
    """The share of weeks and actors with a ratified pledge, among those pledged."""

    def value(seen: Seen) -> float:
        pledges = float((seen.states[:, :, _ACTOR["stage"]] == 3).sum())
        return float(seen.states[:, :, _ACTOR["ratified"]].sum()) / pledges if pledges else float("nan")

    return value


def late(quantity: Quantity, weeks: int = 13) -> Quantity:
    """The same quantity over the last weeks alone."""
    return lambda seen: quantity(seen._replace(weekly=seen.weekly[-weeks:], states=seen.states[-weeks:]))


def came(what: str) -> Quantity:
    """Whether something came about: a column of yes and no, or ``<what>_week``."""

    def value(seen: Seen) -> float:
        week = f"{what}_week"
        return float(seen.row[week] is not None if week in seen.row else bool(seen.row[what]))

    return value


def outcome_is(*names: str) -> Quantity:
    """Whether the outcome is one of ``names``."""
    return lambda seen: float(seen.row["outcome"] in names)


def tabled(*missions: str) -> Quantity:
    """The share of weeks in which one of the missions is on the table."""

    def value(seen: Seen) -> float:
        at = [seen.missions.index(name) for name in missions if name in seen.missions]
        return float(np.isin(seen.weekly[:, _WEEKLY["mission"]], at).mean())

    return value


def per_week_of(event: str, state: str) -> Quantity:
    """How often an event happens a week in a state (troops in the field, a truce); NaN where the state never is."""

    def value(seen: Seen) -> float:
        there = seen.weekly[:, _WEEKLY[state]] > 0
        return float(seen.weekly[there, _WEEKLY[event]].mean()) if there.any() else float("nan")

    return value


def cell(name: str) -> Quantity:
    """A number of the row."""
    return lambda seen: float(seen.row[name])


def gap(first: Quantity, second: Quantity) -> Quantity:
    """The difference of two quantities."""
    return lambda seen: first(seen) - second(seen)
