"""Inputs and luck of runs put together from those of others: pasts that are kept, played on, and moved.

Every run that a seed could ever have is there by its number, so a run put together is no more than the numbers of those
it has its parts from, and is the same again whenever it is played.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np

from sim.world import draws
from sim.world.columns import Floats, Inputs, Ints, Luck, World
from sim.world.draws import REFERENCE, Means

MOVED: Final = 0.1
"""The share of inputs and streams that a move takes from another run."""


class Move(NamedTuple):
    """Some inputs and some luck that runs took from others.

    Run k took from run ``numbers[k]`` each input, and each stream's luck before round ``until``, with the chance
    :data:`MOVED`; which, follows from that number. It took nothing where the number is -1.
    """

    until: int
    numbers: Ints


class Particles(NamedTuple):
    """A population of runs put together from others.

    Attributes
    ----------
    inputs
        Run k has the inputs of run ``inputs[k]``.
    luck
        Rounds, rising from 0, and numbers of runs: from that round on run k has the luck of run ``numbers[k]``.
    moves
        What they took from other runs after that, in this order.
    """

    inputs: Ints
    luck: tuple[tuple[int, Ints], ...]
    moves: tuple[Move, ...] = ()

    def __len__(self) -> int:
        """Return how many they are."""
        return len(self.inputs)

    def some(self, which: Ints | slice) -> Particles:
        """Return some of them, by position."""
        luck = tuple((first, numbers[which]) for first, numbers in self.luck)
        moves = tuple(Move(until, numbers[which]) for until, numbers in self.moves)
        return Particles(self.inputs[which], luck, moves)


def whole(numbers: Ints) -> Particles:
    """Return runs as any batch has them, by their numbers."""
    return Particles(numbers, ((0, numbers),))


def draw_forked(world: World, seed: int, particles: Particles, means: Means = REFERENCE) -> tuple[Inputs, Luck]:
    """Return inputs and luck of runs put together from others."""
    inputs = draws.inputs_at(world, quantiles_of(world, seed, particles, means), means)
    (_, numbers), *forks = particles.luck
    if not forks and not particles.moves:
        return inputs, draws.luck_of(world, seed, numbers, means)
    return inputs, Luck(luck_of(world, seed, particles, means))


def quantiles_of(world: World, seed: int, particles: Particles, means: Means = REFERENCE) -> Floats:
    """Return the quantiles at which runs put together from others draw their inputs, of shape (inputs, particles)."""
    quantiles = draws.quantiles_of(world, seed, particles.inputs, means)
    for move in particles.moves:
        _take(quantiles[:, np.newaxis], seed, draws.input_streams(world.names.inputs), move, means)
    return quantiles


def luck_of(world: World, seed: int, particles: Particles, means: Means = REFERENCE) -> Floats:
    """Return the luck of runs put together from others, of shape (streams, rounds, particles)."""
    luck = np.empty((len(particles), world.rounds, len(world.names.streams))).transpose(2, 1, 0)
    ends = [*(first for first, _ in particles.luck[1:]), world.rounds]
    for (first, numbers), end in zip(particles.luck, ends, strict=True):
        luck[:, first:end] = draws.gather(seed, world.names.streams, end, numbers, means.fill)[:, first:]
    for move in particles.moves:
        _take(luck[:, : move.until], seed, world.names.streams, move, means)
    return luck


def take(world: World, seed: int, move: Move, quantiles: Floats, luck: Floats, means: Means = REFERENCE) -> None:
    """Put what a move takes in place, in quantiles (inputs, particles) and luck (streams, rounds, particles)."""
    _take(quantiles[:, np.newaxis], seed, draws.input_streams(world.names.inputs), move, means)
    _take(luck[:, : move.until], seed, world.names.streams, move, means)


def _take(into: Floats, seed: int, names: tuple[str, ...], move: Move, means: Means) -> None:
    """Put what a move takes of some streams in place, in ``into`` of shape (names, rounds, particles)."""
    taking = np.flatnonzero(move.numbers >= 0)
    if not len(taking):
        return
    numbers = move.numbers[taking]
    chosen = draws.gather(seed, _streams(names), 1, numbers, means.fill)[:, 0] < MOVED
    taken = draws.gather(seed, names, into.shape[1], numbers, means.fill)
    which, who = np.nonzero(chosen)
    into[which, :, taking[who]] = taken[which, :, who]


@lru_cache(maxsize=8)
def _streams(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the streams that tell who takes what."""
    return tuple(f"move/{name}" for name in names)
