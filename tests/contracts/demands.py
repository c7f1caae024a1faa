"""Demands of contributors, and what a state pledges with a demand at another firmness: paired runs, the same luck."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary, world
from sim.ensemble import columns
from sim.ensemble.shares import Z95
from sim.kernel import draws, play
from sim.scenario.scenario import Scenario
from sim.world.columns import Inputs, Luck, World

Floats = NDArray[np.float64]
SEED = 17
NONE, ABSOLUTE = 0.0, 1.0
NOTHING = 0.005
"""Half a point of weeks: as near to nothing as a few hundred pairs can tell."""
_STAGE = list(columns.ACTOR_WEEKLY).index("stage")
_PLEDGED = vocabulary.STANCES.index("pledged")


class Demand(NamedTuple):
    """A demand of a contributor: whose, and which."""

    actor: str
    need: str

    @property
    def path(self) -> str:
        """Its place in a config."""
        return f"actors.{self.actor}.needs.{self.need}"


class Gain(NamedTuple):
    """A paired difference in shares of weeks pledged, with its 95% interval of run noise."""

    mean: float
    low: float
    high: float

    def is_below(self) -> bool:
        """Return whether the whole interval, or the mean by more than :data:`NOTHING`, lies below 0."""
        return self.high < 0.0 or self.mean < -NOTHING

    def is_above(self) -> bool:
        """Return whether the whole interval, or the mean by more than :data:`NOTHING`, lies above 0."""
        return self.low > 0.0 or self.mean > NOTHING


class Bench(NamedTuple):
    """A world with the inputs, the luck and the gates held open that all its arms share."""

    world: World
    inputs: Inputs
    luck: Luck
    runs: int
    relaxed: tuple[str, ...] = ()

    def pledged(self, values: Floats) -> Floats:
        """Return the shares of weeks pledged, of shape (runs, actors), under these inputs."""
        left = play(self.world, Inputs(values), self.luck, self.runs, self.relaxed, weekly=True)
        assert left.actors is not None
        return np.asarray((left.actors[..., _STAGE] == _PLEDGED).mean(axis=1))


def demands(scenario: Scenario) -> list[Demand]:
    """Return every demand of every contributor of a scenario."""
    parts = [path.split(".") for path in scenario.leaves]
    return [Demand(p[1], p[3]) for p in parts if p[0] == "actors" and p[2] == "needs" and p[-1] == "firmness"]


def bench(scenario: Scenario, runs: int, relaxed: tuple[str, ...] = ()) -> Bench:
    """Return a scenario ready to be played with demands at other firmness."""
    structure = world.build(scenario)
    inputs, luck = world.draw(structure, SEED, 0, means=draws.MEANS)
    return Bench(structure, inputs, luck, runs, relaxed)


def weeks_pledged(at: Bench, demand: Demand, firmness: float, **others: float) -> Floats:
    """Return, run by run, the share of weeks in which the state is pledged with its demand at that firmness.

    ``others`` are values of leaves of the same demand, such as ``at_least``.
    """
    values = at.inputs.values.copy()
    for leaf, value in {"firmness": firmness, **others}.items():
        values[:, at.world.names.inputs.index(f"{demand.path}.{leaf}")] = value
    return at.pledged(values)[:, at.world.names.actors.index(demand.actor)]


def gains(at: Bench, wanted: Sequence[Demand], firmness: float) -> dict[Demand, Gain]:
    """Return what each state pledges more with one of its demands at that firmness than with it as drawn."""
    drawn = at.pledged(at.inputs.values)
    return {
        demand: gain(drawn[:, at.world.names.actors.index(demand.actor)], weeks_pledged(at, demand, firmness))
        for demand in wanted
    }


def gain(without: Floats, present: Floats) -> Gain:
    """Return the mean paired difference, second less first, with its interval."""
    pairs = present - without
    mean, half = float(pairs.mean()), Z95 * float(pairs.std(ddof=1)) / sqrt(len(pairs))
    return Gain(mean, mean - half, mean + half)
