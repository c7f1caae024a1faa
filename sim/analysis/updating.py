"""Update a forecast on observations: Bayes by simulation, with pasts forked where too few of them are left.

Runs are weighted by the likelihood of what was seen, observation by observation (sequential importance sampling). Where
the effective sample size falls under a floor, pasts are resampled by weight and played on with new luck from that week
(sequential importance resampling; Gordon, Salmond and Smith 1993; Doucet and Johansen 2011).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.likelihoods import likelihood, shown
from sim.batch import manifest
from sim.batch.kept_blocks import kept_blocks
from sim.batch.particles import Particles, first_particles, fork, play_particles, quantiles_by_block
from sim.ensemble import run_table
from sim.ensemble.events import Event, event
from sim.ensemble.run_table import Played
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
BINS = 20


class Estimate(NamedTuple):
    """A probability under what was seen, with its 95% interval of simulation noise."""

    probability: float
    low: float
    high: float


class Stage(NamedTuple):
    """A population, and what is known of it.

    ``shown`` has shape (observations and what is watched, particles), ``flags`` (events, particles). ``weights`` of
    shape (steps, particles) sum to 1 in each step: before observation ``first``, and after each from there on.
    ``past`` tells which particles share a past, ``learnt`` how inputs' quantiles lie in bins under the last weights.
    """

    particles: Particles
    shown: Floats
    flags: Flags
    weights: Floats
    first: int
    past: Ints
    learnt: Floats


class _Left(NamedTuple):
    shown: Floats
    flags: Flags


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
    player = _Player(world, seed, tuple(observations), tuple(watched), asked, workers, asks, resume, progress)
    stages = [player.play(first_particles(runs), 0, np.arange(runs))]
    while (at := _thin(stages[-1], floor * runs)) is not None:
        stages.append(_resampled(player, stages[-1], at, runs * len(stages)))
    return Updated(_steps(stages, observations, events), _inputs(world, stages[-1]), tuple(stages), world, seed)


class _Player(NamedTuple):
    """Plays populations, and reads from each block what the update needs."""

    world: World
    seed: int
    observations: tuple[Observation, ...]
    watched: tuple[Observation, ...]
    asked: list[Event]
    workers: int | None
    asks: str
    resume: Path | str | None
    progress: Callable[[int], None] | None

    def play(self, particles: Particles, first: int, past: Ints) -> Stage:
        left = list(self.blocks(particles))
        seen = np.concatenate([each.shown for each in left], axis=1)
        weights = self.weights(seen, first)
        flags = np.concatenate([each.flags for each in left], axis=1)
        return Stage(particles, seen, flags, weights, first, past, self.learnt(particles, weights[-1]))

    def learnt(self, particles: Particles, weights: Floats) -> Floats:
        """Return how inputs' quantiles lie in bins under weights, shape (inputs, BINS).

        They are drawn once more: that takes some three seconds of a million runs, whose bins would take 700 MB.
        """
        binned = np.zeros((len(self.world.names.inputs), BINS))
        for here, quantiles in quantiles_by_block(self.world, self.seed, particles):
            bins = np.minimum(quantiles * BINS, BINS - 1).astype(np.int8)
            for bin in range(BINS):
                binned[:, bin] += (bins == bin) @ weights[here]
        return binned

    def blocks(self, particles: Particles) -> Iterator[_Left]:
        """Yield what is left of each block of a population, those that are kept read rather than played."""
        kept = kept_blocks(self.resume, self.asks, particles)
        if kept is None:
            return play_particles(self.world, self.seed, particles, self.read, self.workers, progress=self.progress)

        def known(first: int) -> _Left | None:
            arrays = kept.get(first)
            return None if arrays is None else _Left(**arrays)

        def keep(first: int, left: _Left) -> None:
            kept.put(first, left._asdict())

        return play_particles(
            self.world, self.seed, particles, self.read, self.workers, known=known, keep=keep, progress=self.progress
        )

    def read(self, played: Played) -> _Left:
        seen = [shown(each, played, self.world) for each in (*self.observations, *self.watched)]
        missions, runs = self.world.missions, len(played.rows)
        table = run_table.table(missions.names, played.rows, np.arange(runs))
        flags = np.array([asked.mask(table).to_numpy(dtype=np.bool_) for asked in self.asked])
        return _Left(np.array(seen).reshape(len(seen), runs), flags)

    def weights(self, seen: Floats, first: int) -> Floats:
        """Return the weights before observation ``first`` and after each from there on.

        Raises
        ------
        ValueError
            If no run could show an observation.
        """
        steps = [np.full(seen.shape[1], 1.0 / seen.shape[1])]
        for each, of_run in zip(self.observations[first:], seen[first : len(self.observations)], strict=True):
            weighed = steps[-1] * likelihood(each, of_run)
            total = float(weighed.sum())
            if total <= 0.0:
                raise ValueError(f"no run of {seen.shape[1]:,} shows {each.text} after what was seen before it")
            steps.append(weighed / total)
        return np.array(steps)


def effective(weights: Floats) -> float:
    """Return the effective sample size of weights that sum to 1 (Kong 1992)."""
    return float(1.0 / (weights @ weights))


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


def _thin(stage: Stage, least: float) -> int | None:
    """Return the number of observations after which fewer than ``least`` runs count, the first such; else None."""
    for step in range(1, len(stage.weights)):
        if effective(stage.weights[step]) < least:
            return stage.first + step
    return None


def _resampled(player: _Player, stage: Stage, at: int, fresh: int) -> Stage:
    """Return the population that goes on after the first ``at`` observations, its pasts drawn by their weights."""
    weights = stage.weights[at - stage.first]
    places = (np.arange(len(weights)) + np.random.default_rng([player.seed, at]).random()) / len(weights)
    parents = np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)
    week = max(each.last for each in player.observations[:at]) + 1
    particles = fork(stage.particles, parents, week, fresh)
    return player.play(particles, at, stage.past[np.sort(parents)])


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


def _inputs(world: World, stage: Stage) -> pd.DataFrame:
    """Return how far each input's distribution moved: the largest gap between its CDF before and after, and medians."""
    share = stage.learnt / stage.learnt.sum(axis=1, keepdims=True)
    gaps = np.cumsum(share, axis=1) - np.arange(1, BINS + 1) / BINS
    per_past = np.bincount(stage.past, stage.weights[-1])
    noise = 1.36 / np.sqrt(1.0 / float(per_past @ per_past))
    middle = (np.arange(BINS) + 0.5) / BINS
    table = pd.DataFrame({"distance": np.abs(gaps).max(axis=1), "mean_quantile": share @ middle, "noise": noise},
                         index=pd.Index(world.names.inputs, name="input"))  # fmt: skip
    varies = np.array([prior.uncertain for prior in world.names.priors])
    return table[varies].sort_values("distance", ascending=False, kind="stable")
