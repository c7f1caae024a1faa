"""How sure an updated forecast is, beyond simulation noise: over pasts that fit what was seen, and over rival rules."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from sim.analysis import updating
from sim.analysis.nested import Range, range_over
from sim.analysis.particle_filter import systematic, unused
from sim.analysis.rival_rules import OWN, rivals
from sim.analysis.updating import Updated
from sim.batch.particles import Blocks, fork
from sim.ensemble import run_table
from sim.ensemble.events import event
from sim.ensemble.run_table import Played
from sim.scenario.observations import Observation
from sim.scenario.scenario import Scenario

PASTS, FUTURES = 100, 50
"""Pasts drawn by their weights, and futures played from each."""
RIVAL_RUNS = 5_000


class Theory(NamedTuple):
    """The least and the most of an updated chance over rival rules, and which rules give them."""

    low: float
    high: float
    least: str
    most: str


def over_pasts(
    scenario: Scenario,
    updated: Updated,
    observations: Sequence[Observation],
    of: str,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Range | None:
    """Return the 10th and 90th percentile of the chance of ``of`` over pasts, inputs and what happened since.

    Pasts are drawn by their weights, and each is played on with many futures; what differs between them is what is not
    known now, as inputs are for a forecast without news. Run noise is removed (:func:`sim.analysis.nested.range_over`).
    """
    stage, asked = updated.stages[-1], event(of, scenario.parts.missions)
    parents = systematic(stage.weights[-1], PASTS, [updated.seed, 77])
    at = max((each.last for each in observations), default=-1) + 1
    fresh = unused(len(stage.particles), len(updated.stages))
    futures = fork(stage.particles, np.repeat(parents, FUTURES), at, fresh)

    def came(played: Played) -> np.ndarray:
        missions = updated.world.missions
        return asked.mask(run_table.table(missions.names, played.rows, np.arange(len(played.rows)))).to_numpy()

    blocks = Blocks(updated.world, updated.seed, workers)
    blocks = blocks if progress is None else blocks._replace(progress=progress)
    flags = np.concatenate(list(blocks.play(futures, came)))
    hits = flags.reshape(PASTS, FUTURES).sum(axis=1).astype(np.float64)
    return range_over(hits, np.full(PASTS, float(FUTURES)))


def over_rules(
    scenario: Scenario,
    own: float,
    observations: Sequence[Observation],
    of: str,
    seed: int = 1,
    runs: int = RIVAL_RUNS,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Theory:
    """Return the least and the most of the chance of ``of`` if rival rules are updated on the same observations.

    ``own`` is the chance under the scenario's own rules. A rival under which no run shows what was seen is left out.
    """
    chances = {OWN: own}
    for name, (_, changed) in rivals(scenario).items():
        try:
            updated = updating.update(changed, observations, [of], runs, seed, workers=workers, progress=progress)
        except ValueError:
            continue
        chances[name] = float(updated.steps[of].iloc[-1])
    least, most = (pick(chances, key=chances.__getitem__) for pick in (min, max))
    return Theory(chances[least], chances[most], least, most)
