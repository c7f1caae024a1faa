"""Runs that share pasts: a population of particles, each a run whose luck may change hands at dated rounds.

A run is its inputs and its luck, so it is forked by playing it again with its own luck up to a round and new luck from
there on. Nothing of its state has to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeVar

import numpy as np

from sim.batch import engines
from sim.batch.workers import spread
from sim.ensemble.run_table import Played
from sim.world import draws, streams
from sim.world.columns import Floats, Ints, World

_Left = TypeVar("_Left")


class Particles(NamedTuple):
    """A population of runs: ``inputs`` are the runs whose inputs they have, ``luck`` is as in ``draw_forked``."""

    inputs: Ints
    luck: tuple[tuple[int, Ints], ...]

    def __len__(self) -> int:
        return len(self.inputs)


def first_particles(runs: int) -> Particles:
    """Return runs 0 to ``runs`` - 1 as any batch has them."""
    numbers = np.arange(runs)
    return Particles(numbers, ((0, numbers),))


def fork(particles: Particles, parents: Ints, at: int, fresh: int) -> Particles:
    """Return a population that goes on from ``parents``, positions in ``particles``, with new luck from round ``at``.

    ``fresh`` is the number of the first run whose luck nobody has had. Parents are sorted, so that a block draws from
    few others.
    """
    parents = np.sort(parents)
    past = tuple((first, numbers[parents]) for first, numbers in particles.luck)
    return Particles(particles.inputs[parents], (*past, (at, fresh + np.arange(len(parents)))))


def play_particles(
    world: World,
    seed: int,
    particles: Particles,
    read: Callable[[Played], _Left],
    workers: int | None = None,
    engine: str = engines.DEFAULT,
    known: Callable[[int], _Left | None] = lambda first: None,
    keep: Callable[[int, _Left], None] = lambda first, left: None,
    progress: Callable[[int], None] | None = None,
) -> Iterator[_Left]:
    """Yield what ``read`` makes of each block of a population, in order.

    Weeks are played again rather than kept: a run takes 0.1 ms, its weeks take 20 kB. A block that is ``known`` by the
    number of its first particle is not played; ``keep`` is told of each that was, ``progress`` of how many are done.
    """
    calls = [
        (world, seed, particles, first, read, engine, known, keep) for first in range(0, len(particles), streams.BLOCK)
    ]
    # What reads and keeps blocks need not be something that travels to a process of Mesa.
    blocks = spread(_block, calls, engine, workers if engine == "compiled" else 1)
    for first, left in zip(range(0, len(particles), streams.BLOCK), blocks, strict=True):
        if progress is not None:
            progress(min(streams.BLOCK, len(particles) - first))
        yield left


def quantiles_by_block(
    world: World, seed: int, particles: Particles, engine: str = engines.DEFAULT
) -> Iterator[tuple[slice, Floats]]:
    """Yield, block by block, which particles it has and the quantiles of their inputs, shape (inputs, particles)."""
    for first in range(0, len(particles), streams.BLOCK):
        here = slice(first, first + streams.BLOCK)
        yield here, draws.quantiles_of(world, seed, particles.inputs[here], engines.means(engine))


def _block(
    world: World,
    seed: int,
    particles: Particles,
    first: int,
    read: Callable[[Played], _Left],
    engine: str,
    known: Callable[[int], _Left | None],
    keep: Callable[[int, _Left], None],
) -> _Left:
    if (standing := known(first)) is not None:
        return standing
    here = slice(first, first + streams.BLOCK)
    means, inputs = engines.means(engine), particles.inputs[here]
    luck = [(at, numbers[here]) for at, numbers in particles.luck]
    drawn = draws.draw_forked(world, seed, inputs, luck, means)
    played = engines.engine_of(engine)(world, *drawn, len(inputs), (), True)
    left = read(played)
    keep(first, left)
    return left
