"""The levers of a scenario as controls: what each step says, and whether it lies within the config's range."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from sim.explorer import changes as made
from sim.explorer.changes import Changes
from sim.reading.errors import InputError
from sim.scenario import differences, levers
from sim.scenario.differences import Change
from sim.scenario.loading import load, names
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario

SHARED = 0.5
"""A scenario stands beside the baseline if it has at least this part of the baseline's numbers."""
MOST_SCENARIOS = 128
"""Changed scenarios that pages hold ready together (some 0.7 MB each); one that is gone is made again."""


class Effect(NamedTuple):
    """One number or word that a step changes: what the config says, what the step says, and whether that is within.

    ``becomes`` is the number under the step; None for what is none, or taken away.
    """

    path: str
    before: str
    after: str
    within: bool
    becomes: Prior | None


class Option(NamedTuple):
    """A step of a lever: its label, what it changes, and why it does not fit, if so."""

    step: int
    label: str
    effects: tuple[Effect, ...]
    misfit: str

    @property
    def within(self) -> bool:
        """Whether all that it changes stays within the ranges of the config."""
        return bool(self.effects) and all(each.within for each in self.effects)


class Subject:
    """A scenario to be explored: as loaded, what it is compared with, and the steps of its levers; shared by pages.

    ``of`` is the event that a page is about at first.
    """

    def __init__(self, scenario: Scenario, of: str = "european") -> None:
        self.scenario, self.of = scenario, of
        self.reference = _reference(scenario)
        self.options = {
            name: tuple(_option(scenario, name, step) for step in range(1, len(lever.steps) + 1))
            for name, lever in scenario.parts.levers.items()
        }
        self._others: dict[str, Subject] = {}
        self.changed = lru_cache(MOST_SCENARIOS)(self._changed)

    def _changed(self, changes: Changes) -> Scenario:
        """Return what changes make of the scenario that they start from; ``changed`` shares it between pages.

        Raises
        ------
        InputError
            If they do not fit the scenario, or each other.
        ValueError
            If there is no such lever or step, or a number is none.
        """
        return made.apply(self.starting_from(changes.start).scenario, changes)

    @property
    def library(self) -> tuple[str, ...]:
        """The shipped scenarios that a page may start from in place of this one."""
        return tuple(name for name in names() if name != self.scenario.name)

    def starting_from(self, name: str) -> Subject:
        """Return the subject of a scenario of the library, made once; this one for an empty name."""
        if not name:
            return self
        if name not in self._others:
            self._others[name] = Subject(load(name), self.of)
        return self._others[name]


def _reference(scenario: Scenario) -> Scenario:
    """Return what a scenario is compared with: the baseline, or itself if it is of another world."""
    baseline = load("baseline")
    shared = len(baseline.leaves.keys() & scenario.leaves.keys())
    return baseline if shared >= SHARED * len(baseline.leaves) and baseline.hash != scenario.hash else scenario


def _option(scenario: Scenario, lever: str, step: int) -> Option:
    label = scenario.parts.levers[lever].steps[step - 1].label
    try:
        changed = levers.move(scenario, {lever: step})
    except InputError as error:
        return Option(step, label, (), error.faults[0].message)
    return Option(
        step, label, tuple(_effect(scenario, changed, each) for each in differences.changes(scenario, changed)), ""
    )


def _effect(scenario: Scenario, changed: Scenario, change: Change) -> Effect:
    """Return one change of a step; it is within if a number only stays in its range in the config."""
    old, new = (each.leaves.get(change.path) for each in (scenario, changed))
    within = old is not None and new is not None and old.prior.low <= new.prior.low and new.prior.high <= old.prior.high
    return Effect(*change, within, new.prior if new else None)
