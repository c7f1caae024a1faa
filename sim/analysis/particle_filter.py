"""Bayes by simulation: runs weighted by what was seen, and pasts drawn anew and moved where too few of them count.

Runs are weighted by the likelihood of what was seen, observation by observation (sequential importance sampling). Where
the effective sample size falls under a floor, pasts are resampled by weight, moved, and played on with new luck from
that week (sequential importance resampling; Gordon, Salmond and Smith 1993; Doucet and Johansen 2011). A move proposes
other inputs and other luck in a random part of both and plays the past again, so that the distribution of pasts stays
and copies part (resample-move; Gilks and Berzuini 2001).
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.likelihoods import likelihood, shown
from sim.batch.kept_blocks import Arrays, kept_blocks
from sim.batch.particles import Blocks, first_particles, fork, moved, quantiles_by_block, unused_after
from sim.ensemble import run_table
from sim.ensemble.events import Event
from sim.ensemble.run_table import Played
from sim.scenario.observations import Observation
from sim.world.columns import World
from sim.world.genealogy import Particles

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]

BINS = 20
MOST_MOVES = 8
"""Moves of a past after it is drawn anew, where there are few of them."""
MOVED_RUNS = 150_000
"""Pasts that moves may play again after each draw: large populations have many pasts, and each is moved less often."""


class Stage(NamedTuple):
    """A population, and what is known of it.

    ``shown`` has shape (observations and what is watched, particles), ``flags`` (events, particles). ``weights`` of
    shape (steps, particles) sum to 1 in each step: before observation ``first``, and after each from there on.
    ``past`` tells which particles share a past, ``moved`` what share of moves was taken, not a number where there were
    none.
    """

    particles: Particles
    shown: Floats
    flags: Flags
    weights: Floats
    first: int
    past: Ints
    moved: float = float("nan")


class Filter(NamedTuple):
    """What all populations of an update share.

    Attributes
    ----------
    world, seed, workers
        Who plays, the root seed of inputs and luck, and threads.
    observations, watched
        What was seen, sorted by week; what runs show of ``watched`` is kept beside and weighs nothing.
    asked
        The events whose chance is asked for.
    asks, resume
        A text of all that runs follow from, and the folder in which their blocks are kept, if any.
    progress
        Called with the number of runs just finished.
    """

    world: World
    seed: int
    observations: tuple[Observation, ...]
    asked: tuple[Event, ...]
    watched: tuple[Observation, ...] = ()
    workers: int | None = None
    asks: str = ""
    resume: Path | str | None = None
    progress: Callable[[int], None] | None = None

    def stages(self, runs: int, floor: float, moves: int | None = None) -> list[Stage]:
        """Return the populations of an update, of so many runs each.

        Pasts are drawn anew where the effective sample size falls under the share ``floor`` of the runs, and moved
        ``moves`` times, by default :func:`usual_moves`.

        Raises
        ------
        ValueError
            If no run could show an observation.
        """
        return self.carried_on(self.played(first_particles(runs), 0, np.arange(runs)), floor, moves)

    def carried_on(self, first: Stage, floor: float, moves: int | None = None) -> list[Stage]:
        """Return a first population, weighed by the observations, and those that follow it; see :meth:`stages`."""
        stages = [first._replace(weights=self.weights(first.shown, first.first))]
        runs = len(first.particles)
        moves = usual_moves(runs) if moves is None else moves
        while (at := _thin(stages[-1], floor * runs)) is not None:
            stages.append(self._drawn_anew(stages[-1], at, unused(runs, len(stages), moves), moves))
        return stages

    def played(self, particles: Particles, first: int, past: Ints) -> Stage:
        """Return a population that was played, with weights from observation ``first`` on."""
        left = list(self._blocks(particles, self.asks).play(particles, self._read))
        seen, flags = (np.concatenate([each[name] for each in left], axis=1) for name in ("shown", "flags"))
        weights = self.weights(seen, first)
        return Stage(particles, seen, flags, weights, first, past)

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
                raise ValueError(f"no run of {seen.shape[1]:,} shows that {each.text}, after what was seen before it")
            steps.append(weighed / total)
        return np.array(steps)

    def learnt(self, stage: Stage) -> Floats:
        """Return how inputs' quantiles lie in bins under the last weights of a population, shape (inputs, BINS).

        They are drawn once more: that takes some three seconds of a million runs, whose bins would take 700 MB.
        """
        binned = np.zeros((len(self.world.names.inputs), BINS))
        for here, quantiles in quantiles_by_block(self.world, self.seed, stage.particles):
            bins = np.minimum(quantiles * BINS, BINS - 1).astype(np.int8)
            for bin in range(BINS):
                binned[:, bin] += (bins == bin) @ stage.weights[-1][here]
        return binned

    def _drawn_anew(self, stage: Stage, at: int, fresh: int, moves: int) -> Stage:
        """Return the population that goes on after the first ``at`` observations, its pasts drawn by their weights."""
        parents = systematic(stage.weights[at - stage.first], len(stage.particles), [self.seed, at])
        until = max(each.last for each in self.observations[:at]) + 1
        pasts, past = stage.particles.some(parents), stage.past[parents]
        taken = self._taken(pasts, at, until, fresh, moves)
        luck = fresh + unused_after(len(pasts), moves)
        future = fork(moved(pasts, until, fresh, taken), np.arange(len(pasts)), until, luck)
        return self.played(future, at, past)._replace(moved=float(taken.mean()) if taken.size else float("nan"))

    def _taken(self, pasts: Particles, at: int, until: int, fresh: int, moves: int) -> Flags:
        """Return which moves pasts accept, shape (moves, pasts); each move keeps their distribution."""
        if not moves:
            return np.empty((0, len(pasts)), dtype=np.bool_)
        so_far = self._replace(observations=self.observations[:at], watched=())
        asks = f"{self.asks} {moves} moves until {until} from run {fresh}"
        blocks = self._blocks(pasts, asks).moves(pasts, so_far._chance, until, fresh, moves)
        return np.concatenate(list(blocks), axis=1)

    def _chance(self, played: Played) -> Floats:
        """Return the likelihood of all that was seen in each of some runs."""
        seen = [shown(each, played, self.world) for each in self.observations]
        each = [likelihood(one, of_run) for one, of_run in zip(self.observations, seen, strict=True)]
        return np.asarray(np.prod(each, axis=0))

    def _blocks(self, particles: Particles, asks: str) -> Blocks:
        """Yield the blocks of a population; those that are stored are read rather than played."""
        blocks = Blocks(self.world, self.seed, self.workers)
        blocks = blocks if self.progress is None else blocks._replace(progress=self.progress)
        kept = kept_blocks(self.resume, asks, particles)
        return blocks if kept is None else blocks._replace(known=kept.get, keep=kept.put)

    def _read(self, played: Played) -> Arrays:
        """Return what runs show, of shape (observations and what is watched, runs), and events, (events, runs)."""
        seen = [shown(each, played, self.world) for each in (*self.observations, *self.watched)]
        missions, runs = self.world.missions, len(played.rows)
        table = run_table.table(missions.names, played.rows, np.arange(runs))
        flags = np.array([asked.mask(table).to_numpy(dtype=np.bool_) for asked in self.asked])
        return {"shown": np.array(seen).reshape(len(seen), runs), "flags": flags}


def usual_moves(runs: int) -> int:
    """Return how often each past of a population of this size is moved."""
    return min(MOST_MOVES, max(1, round(MOVED_RUNS / runs)))


def unused(runs: int, stages: int, moves: int | None = None) -> int:
    """Return the number of the first run that these populations of ``runs`` each left unused."""
    moves = usual_moves(runs) if moves is None else moves
    return unused_after(runs, 1 + (stages - 1) * (moves + 1))


def effective(weights: Floats) -> float:
    """Return the effective sample size of weights that sum to 1 (Kong 1992)."""
    return float(1.0 / (weights @ weights))


def systematic(weights: Floats, many: int, seed: list[int]) -> Ints:
    """Return the sorted positions of ``many`` particles, drawn by weights that sum to 1, one in each of equal steps."""
    places = (np.arange(many) + np.random.default_rng(seed).random()) / many
    return np.minimum(np.searchsorted(np.cumsum(weights), places), len(weights) - 1)


def _thin(stage: Stage, least: float) -> int | None:
    """Return the number of observations after which fewer than ``least`` runs count, the first such; else None."""
    for step in range(1, len(stage.weights)):
        if effective(stage.weights[step]) < least:
            return stage.first + step
    return None
