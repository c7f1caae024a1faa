"""The two engines side by side: each draws and plays on its own, and where they first part is told."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim import world
from sim.batch import engines
from sim.ensemble.run_table import Played
from sim.kernel.draws import MEANS
from sim.scenario.scenario import Scenario
from sim.world import REFERENCE, World
from tests.generated import Case, seeded

SEED = 11
SAMPLED = 60
"""Made-up worlds that are the same every time."""
RUNS = 6
"""Runs of each of them."""


class Given(NamedTuple):
    """Tables that replace inputs; see :func:`sim.world.draws.draw`."""

    quantiles: pd.DataFrame | None = None
    values: pd.DataFrame | None = None


NOTHING = Given()


def mesa(
    structure: World, runs: int, relaxed: Collection[str] = (), given: Given = NOTHING, weekly: bool = True
) -> Played:
    """Return what Mesa leaves of the first runs of a world."""
    drawn = world.draw(structure, SEED, 0, *given, means=REFERENCE)
    return engines.mesa(structure, *drawn, runs, relaxed, weekly)


def compiled(
    structure: World, runs: int, relaxed: Collection[str] = (), given: Given = NOTHING, weekly: bool = True
) -> Played:
    """Return what the compiled engine leaves of them."""
    drawn = world.draw(structure, SEED, 0, *given, means=MEANS)
    return engines.compiled(structure, *drawn, runs, relaxed, weekly)


def first_difference(one: Played, other: Played) -> str | None:
    """Return where what two engines left first parts, in words; -0.0 is 0.0, and not a number is itself."""
    for part in ("weekly", "actors", "rows", "seats"):
        mine, its = getattr(one, part), getattr(other, part)
        assert (mine is None) == (its is None), part
        if mine is None:
            continue
        assert mine.shape == its.shape, part
        parted = np.argwhere((mine != its) & ~(np.isnan(mine) & np.isnan(its)))
        if len(parted):
            at = tuple(parted[0].tolist())
            return f"{part}{list(at)}: {float(mine[at])!r} and {float(its[at])!r}"
    return None


def parted(scenario: Scenario, runs: int, relaxed: Collection[str] = (), given: Given = NOTHING) -> str | None:
    """Return where the engines first part in some runs of a scenario, if they do."""
    structure = world.build(scenario)
    return first_difference(mesa(structure, runs, relaxed, given), compiled(structure, runs, relaxed, given))


@lru_cache(maxsize=1)
def sample() -> list[tuple[Case, World]]:
    """Return made-up worlds that are the same every time."""
    return [(made, world.build(made.scenario)) for made in seeded(SAMPLED)]


@lru_cache(maxsize=1)
def compiled_sample() -> list[Played]:
    """Return what the compiled engine leaves of these."""
    return [compiled(structure, RUNS, made.relaxed) for made, structure in sample()]


def parted_in_sample() -> Iterator[str | None]:
    """Yield for each of these worlds where Mesa, as it stands now, parts from its twin."""
    for (made, structure), left in zip(sample(), compiled_sample(), strict=True):
        yield first_difference(mesa(structure, RUNS, made.relaxed), left)
