"""Runs that share pasts: a population of particles, each a run whose luck may change hands at dated rounds.

A run is its inputs and its luck, so it is forked by playing it again with its own luck up to a round and new luck from
there on; and its past is moved by taking some inputs and some luck of another run. Nothing of its state has to be kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.batch import engines
from sim.batch.workers import spread
from sim.ensemble.run_table import Played
from sim.world import draws, genealogy, streams
from sim.world.columns import Floats, Inputs, Ints, Luck, World
from sim.world.genealogy import Move, Particles

Flags = NDArray[np.bool_]
_Left = TypeVar("_Left")


def first_particles(runs: int) -> Particles:
    """Return runs 0 to ``runs`` - 1 as any batch has them."""
    return genealogy.whole(np.arange(runs))


def fork(particles: Particles, parents: Ints, at: int, fresh: int) -> Particles:
    """Return a population that goes on from ``parents``, positions in ``particles``, with new luck from round ``at``.

    ``fresh`` is the number of the first run whose luck nobody has had. Parents are sorted, so that a block draws from
    few others.
    """
    past = particles.some(np.sort(parents))
    return Particles(past.inputs, (*past.luck, (at, fresh + np.arange(len(past)))), past.moves)


def moved(particles: Particles, until: int, fresh: int, taken: Flags) -> Particles:
    """Return a population after moves of the past before round ``until``.

    ``taken``, of shape (moves, particles), tells who took something from whom: in each move a run of its own, from run
    ``fresh`` on.
    """
    moves = zip(_proposed(fresh, np.arange(len(particles)), len(particles), len(taken)), taken, strict=True)
    took = (Move(until, np.where(which, numbers, -1)) for numbers, which in moves)
    return Particles(particles.inputs, particles.luck, (*particles.moves, *took))


def unused_after(particles: int, moves: int) -> int:
    """Return how many numbers of runs so many moves take up; in each of them blocks begin where blocks begin."""
    return moves * -(-particles // streams.BLOCK) * streams.BLOCK


def _proposed(fresh: int, places: Ints, particles: int, moves: int) -> list[Ints]:
    """Return, move by move, which runs particles at some places of a population are offered parts of."""
    return [fresh + unused_after(particles, nth) + places for nth in range(moves)]


class Blocks(NamedTuple):
    """How the blocks of a population are worked through.

    Attributes
    ----------
    world, seed, engine
        What is played, the root seed of inputs and luck, and by which engine.
    workers
        Threads.
    known, keep
        A block that is ``known`` by the number of its first particle is not played; ``keep`` is told of each that was.
    progress
        Called with the number of particles just done.
    """

    world: World
    seed: int
    workers: int | None = None
    engine: str = engines.DEFAULT
    known: Callable[[int], Any] = lambda first: None
    keep: Callable[[int, Any], None] = lambda first, left: None
    progress: Callable[[int], None] = lambda runs: None

    def play(self, particles: Particles, read: Callable[[Played], _Left]) -> Iterator[_Left]:
        """Yield what ``read`` makes of each block of a population, in order.

        Weeks are played again rather than kept: a run takes 0.1 ms, its weeks take 20 kB.
        """

        def left(first: int, some: Particles) -> _Left:
            drawn = genealogy.draw_forked(self.world, self.seed, some, engines.means(self.engine))
            return read(self._played(*drawn))

        return self._each(particles, left)

    def moves(
        self, particles: Particles, chance: Callable[[Played], Floats], until: int, fresh: int, moves: int
    ) -> Iterator[Flags]:
        """Yield, block by block, which moves of the past before round ``until`` particles take, (moves, particles).

        Proposals come from the prior, so one is taken with the ratio of its ``chance``, of what it shows in a world
        that ends at that round, and that of the particle as it was (Metropolis and Hastings). ``fresh`` is the number
        of the first run that nobody has taken anything from.
        """
        short = self._replace(world=self.world._replace(rounds=until))

        def taken(first: int, some: Particles) -> dict[str, Flags]:
            numbers = _proposed(fresh, first + np.arange(len(some)), len(particles), moves)
            luck = np.random.default_rng([self.seed, fresh, first]).random((moves, len(some)))
            return {"taken": short._taken(some, chance, [Move(until, each) for each in numbers], luck)}

        return (arrays["taken"] for arrays in self._each(particles, taken))

    def _taken(self, some: Particles, chance: Callable[[Played], Floats], moves: list[Move], luck: Floats) -> Flags:
        world, seed, means = self.world, self.seed, engines.means(self.engine)
        now = genealogy.quantiles_of(world, seed, some, means), genealogy.luck_of(world, seed, some, means)
        likely = chance(self._played(draws.inputs_at(world, now[0], means), Luck(now[1])))
        taken = np.empty(luck.shape, dtype=np.bool_)
        for nth, move in enumerate(moves):
            other = now[0].copy(), now[1].copy()
            genealogy.take(world, seed, move, *other, means)
            new = chance(self._played(draws.inputs_at(world, other[0], means), Luck(other[1])))
            which = taken[nth] = luck[nth] * likely < new
            likely = np.where(which, new, likely)
            for mine, others in zip(now, other, strict=True):
                mine[..., which] = others[..., which]
        return taken

    def _played(self, inputs: Inputs, luck: Luck) -> Played:
        return engines.engine_of(self.engine)(self.world, inputs, luck, len(inputs.values), (), True)

    def _each(self, particles: Particles, left: Callable[[int, Particles], _Left]) -> Iterator[_Left]:
        firsts = range(0, len(particles), streams.BLOCK)

        def block(first: int) -> _Left:
            standing: _Left | None = self.known(first)
            if standing is not None:
                return standing
            made = left(first, particles.some(slice(first, first + streams.BLOCK)))
            self.keep(first, made)
            return made

        # What reads and keeps blocks need not be something that travels to a process of Mesa.
        blocks = spread(
            block, ((first,) for first in firsts), self.engine, self.workers if self.engine == "compiled" else 1
        )
        for first, made in zip(firsts, blocks, strict=True):
            self.progress(min(streams.BLOCK, len(particles) - first))
            yield made


def quantiles_by_block(
    world: World, seed: int, particles: Particles, engine: str = engines.DEFAULT
) -> Iterator[tuple[slice, Floats]]:
    """Yield, block by block, which particles it has and the quantiles of their inputs, shape (inputs, particles)."""
    for first in range(0, len(particles), streams.BLOCK):
        here = slice(first, first + streams.BLOCK)
        yield here, genealogy.quantiles_of(world, seed, particles.some(here), engines.means(engine))
