"""Update a forecast on observations: the chances of events before and after each, and what was learnt of inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.likelihoods import likelihood
from sim.analysis.particle_filter import BINS, Filter, Stage, effective
from sim.batch import manifest
from sim.ensemble.events import event
from sim.ensemble.shares import Z95
from sim.scenario.observations import Observation
from sim.scenario.scenario import Scenario
from sim.world import building
from sim.world.columns import World

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

RUNS = 50_000
FLOOR = 0.02
"""Pasts are resampled where the effective sample size falls under this share of the runs."""
EVENTS = ("ceasefire", "deployed", "european")


class Estimate(NamedTuple):
    """A probability under what was seen, with its 95% interval of simulation noise."""

    probability: float
    low: float
    high: float


class Updated(NamedTuple):
    """Everything that an update leaves.

    ``steps`` has a row before any observation and one after each: ``effective`` sample size, ``pasts`` (distinct ones),
    ``predicted`` (how likely the observation was given those before it), and by event ``NAME``, ``NAME_low`` and
    ``NAME_high``. ``inputs`` tells by input how far its distribution moved. ``stages`` are the populations.
    """

    steps: pd.DataFrame
    inputs: pd.DataFrame
    stages: tuple[Stage, ...]
    world: World
    seed: int


def update(
    scenario: Scenario,
    observations: Sequence[Observation],
    events: Sequence[str] = EVENTS,
    runs: int = RUNS,
    seed: int = 1,
    floor: float = FLOOR,
    workers: int | None = None,
    watched: Sequence[Observation] = (),
    resume: Path | str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Updated:
    """Return what runs tell of ``events`` before and after each of ``observations``, which are sorted by week.

    What runs show of ``watched`` is kept beside, in the last rows of ``shown``, and weighs nothing. ``resume`` is a
    folder in which blocks of runs are kept: the same update goes on there after an interruption. ``progress`` is called
    with the number of runs just finished.

    Raises
    ------
    ValueError
        If there are too few runs, an event is none, or no run could show what was observed.
    """
    if runs < 2:
        raise ValueError(f"an update takes at least 2 runs, got {runs}")
    world = building.build(scenario)
    asked = [event(name, scenario.parts.missions) for name in events]
    asks = repr((manifest.writer("compiled"), scenario.hash, seed, list(observations), list(watched), list(events)))
    particles = Filter(world, seed, tuple(observations), tuple(asked), tuple(watched), workers, asks, resume, progress)
    stages = particles.stages(runs, floor)
    inputs = _inputs(world, stages[-1], particles.learnt(stages[-1]))
    return Updated(_steps(stages, observations, events), inputs, tuple(stages), world, seed)


def runs_played(observations: Sequence[Observation], runs: int = RUNS) -> int:
    """Return how many runs :func:`update` plays at most, for a bar of progress.

    A population of ``runs`` is played first; after each observation its pasts may be drawn anew, moved and played on,
    which happens where too few runs count.
    """
    return runs * (1 + 2 * len(observations))


def estimate(weights: Floats, came: Flags, past: Ints) -> Estimate:
    """Return a weighted share with its interval: Wilson's, at the size that the spread over pasts is worth.

    Particles that share a past count together, so what resampling copies is not counted as new.
    """
    mean = float(weights[came].sum())
    residual = np.bincount(past, weights * (came - mean), minlength=1)
    spread = float(residual @ residual)
    per_past = np.bincount(past, weights)
    worth = mean * (1.0 - mean) / spread if spread > 0.0 else float(1.0 / (per_past @ per_past))
    z2 = Z95 * Z95
    centre = (mean + z2 / (2.0 * worth)) / (1.0 + z2 / worth)
    half = Z95 * np.sqrt(mean * (1.0 - mean) / worth + z2 / (4.0 * worth * worth)) / (1.0 + z2 / worth)
    return Estimate(mean, max(0.0, float(centre - half)), min(1.0, float(centre + half)))


def _steps(stages: Sequence[Stage], observations: Sequence[Observation], events: Sequence[str]) -> pd.DataFrame:
    rows = []
    for step in range(len(observations) + 1):
        stage = [each for each in stages if each.first <= step][-1]
        weights = stage.weights[step - stage.first]
        row: dict[str, object] = {
            "observation": observations[step - 1].text if step else "",
            "round": observations[step - 1].last if step else -1,
            "effective": effective(weights),
            "pasts": len(np.unique(stage.past[weights > 0.0])),
            "predicted": _predicted(stages, observations, step),
        }
        for name, came in zip(events, stage.flags, strict=True):
            share = estimate(weights, came, stage.past)
            row |= {name: share.probability, f"{name}_low": share.low, f"{name}_high": share.high}
        rows.append(row)
    return pd.DataFrame(rows)


def _predicted(stages: Sequence[Stage], observations: Sequence[Observation], step: int) -> float:
    """Return how likely an observation was after those before it."""
    if not step:
        return 1.0
    stage = [each for each in stages if each.first < step][-1]
    before = stage.weights[step - 1 - stage.first]
    return float(before @ likelihood(observations[step - 1], stage.shown[step - 1]))


def _inputs(world: World, stage: Stage, learnt: Floats) -> pd.DataFrame:
    """Return how far each input's distribution moved: the largest gap between its CDF before and after, and medians."""
    share = learnt / learnt.sum(axis=1, keepdims=True)
    gaps = np.cumsum(share, axis=1) - np.arange(1, BINS + 1) / BINS
    per_past = np.bincount(stage.past, stage.weights[-1])
    noise = 1.36 / np.sqrt(1.0 / float(per_past @ per_past))
    middle = (np.arange(BINS) + 0.5) / BINS
    table = pd.DataFrame({"distance": np.abs(gaps).max(axis=1), "mean_quantile": share @ middle, "noise": noise},
                         index=pd.Index(world.names.inputs, name="input"))  # fmt: skip
    varies = np.array([prior.uncertain for prior in world.names.priors])
    return table[varies].sort_values("distance", ascending=False, kind="stable")
