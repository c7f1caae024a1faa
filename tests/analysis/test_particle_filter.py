"""Tests of pasts that are drawn anew and moved: what a move keeps, what it changes, and what it learns."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from sim import world
from sim.analysis.particle_filter import MOST_MOVES, MOVED_RUNS, Filter, Stage, systematic, unused, usual_moves
from sim.batch.particles import Blocks, first_particles, fork, moved
from sim.ensemble.events import event
from sim.kernel import draws, play
from sim.scenario.observations import observation
from sim.scenario.scenario import Scenario
from sim.world.genealogy import MOVED, Particles, quantiles_of
from tests.worlds import tiny

RUNS = 2_048
INPUT = "actors.ukr.disposition"


@cache
def lively() -> Scenario:
    return tiny().change({INPUT: {"low": 0, "high": 3}})


@cache
def filtered() -> Filter:
    """Return a filter that has seen no truce, twice: only runs whose host asks for much show that."""
    seen = tuple(
        observation({"week": week, "ceasefire": "none", "reliability": 0.97}, lively())
        for week in ("2025-04-07", "2025-04-21")
    )
    return Filter(world.build(lively()), 1, seen, (event("ceasefire", lively().parts.missions),))


def quantiles(particles: Particles) -> np.ndarray:
    return quantiles_of(filtered().world, 1, particles, draws.MEANS)


def all_moved(particles: Particles, until: int, fresh: int, which: np.ndarray | None = None) -> Particles:
    return moved(particles, until, fresh, np.ones((1, len(particles)), dtype=bool) if which is None else which[None])


def weeks(particles: Particles, rounds: int | None = None) -> np.ndarray:
    structure = filtered().world if rounds is None else filtered().world._replace(rounds=rounds)
    drawn = world.draw_forked(structure, 1, particles, draws.MEANS)
    played = play(structure, *drawn, len(particles), weekly=True).weekly
    assert played is not None
    return played


def mean_and_error(stage: Stage) -> tuple[float, float]:
    """Return the posterior mean of the host's input in quantiles, and its standard error by past."""
    own, weights = quantiles(stage.particles)[filtered().world.names.inputs.index(INPUT)], stage.weights[-1]
    mean = float(weights @ own)
    by_past = np.bincount(stage.past, weights * (own - mean))
    return mean, float(np.sqrt(by_past @ by_past))


def test_a_move_takes_a_part_of_the_inputs_and_of_the_luck_before_its_round() -> None:
    start = first_particles(RUNS)
    other = all_moved(start, 6, RUNS)
    changed = quantiles(start) != quantiles(other)
    taken = quantiles(first_particles(2 * RUNS))[:, RUNS:]
    assert np.array_equal(quantiles(other)[changed], taken[changed])
    assert changed.mean() == pytest.approx(MOVED, abs=4 * np.sqrt(MOVED / changed.size))
    luck, before = (world.draw_forked(filtered().world, 1, each, draws.MEANS)[1].values for each in (other, start))
    differs = luck != before
    assert not differs[:, 6:].any()
    assert (differs[:, :6].all(axis=1) | ~differs[:, :6].any(axis=1)).all()  # a stream's luck is taken whole
    assert differs[:, 0].mean() == pytest.approx(MOVED, abs=0.02)


def test_who_is_not_moved_stays_as_it_was() -> None:
    start, which = first_particles(700), np.arange(700) % 3 == 0
    some = all_moved(start, 6, 1_024, which)
    assert np.array_equal(weeks(some)[~which], weeks(start)[~which])
    assert np.array_equal(weeks(some)[which], weeks(all_moved(start, 6, 1_024))[which])
    assert not np.array_equal(weeks(some)[which], weeks(start)[which])


def test_a_past_played_alone_is_the_past_of_the_whole_run() -> None:
    """A move is judged by rounds up to its own, and what is played on after it has to show the same."""
    forked = fork(all_moved(first_particles(300), 6, 512), np.arange(300), 6, 1_024)
    assert np.array_equal(weeks(forked, 6), weeks(forked)[:, :6])


def test_some_of_a_population_are_themselves() -> None:
    population = all_moved(fork(all_moved(first_particles(600), 4, 1_024), np.arange(600), 4, 2_048), 8, 3_072)
    which = np.array([3, 3, 599, 0])
    assert np.array_equal(weeks(population.some(which)), weeks(population)[which])


@pytest.mark.parametrize("moves", [0, 3])
def test_moved_pasts_are_still_drawn_from_what_was_seen(moves: int) -> None:
    whole = filtered().stages(16_384, floor=0.0)[-1]
    thin = filtered().stages(RUNS, floor=0.999, moves=moves)[-1]
    (mean, error), (expected, known) = mean_and_error(thin), mean_and_error(whole)
    assert expected < 0.3  # the prior's mean is a half: something was learnt that a wrong move would forget
    assert abs(mean - expected) < 4 * np.hypot(error, known)


def test_moves_part_what_resampling_copies() -> None:
    kept, parted = (filtered().stages(RUNS, floor=0.999, moves=moves)[-1] for moves in (0, 3))
    at = filtered().world.names.inputs.index(INPUT)
    copies, own = (len(np.unique(quantiles(each.particles)[at])) for each in (kept, parted))
    assert own > 1.2 * copies
    assert mean_and_error(parted)[1] < mean_and_error(kept)[1]
    assert np.isnan(kept.moved) and 0.3 < parted.moved < 1.0


def test_a_move_that_shows_the_same_is_always_taken() -> None:
    vague = (observation({"week": "2025-04-07", "rung": "at least none", "reliability": 1.0}, lively()),)
    first = filtered()._replace(observations=vague)
    assert first.stages(512, floor=1.1)[-1].moved == 1.0


def test_a_filter_uses_no_run_twice() -> None:
    """Luck that two populations share would make them agree by chance."""
    stages = filtered().stages(700, floor=0.999, moves=2)
    assert len(stages) == 3
    last = stages[-1].particles
    used = [last.inputs, *(numbers for _, numbers in last.luck[1:]), *(numbers for _, numbers in last.moves)]
    fresh = [set(numbers[numbers >= 0].tolist()) for numbers in used]
    assert sum(map(len, fresh)) == len(set().union(*fresh))
    assert max(map(max, fresh)) < unused(700, 3, moves=2)


def test_large_populations_are_moved_less_often() -> None:
    assert usual_moves(2) == usual_moves(2_000) == MOST_MOVES
    assert [usual_moves(runs) for runs in (50_000, 200_000, 1_000_000)] == [3, 1, 1]
    assert usual_moves(30_000) * 30_000 <= MOVED_RUNS
    assert unused(700, 3) == unused(700, 3, MOST_MOVES) > unused(700, 3, 2)


def test_systematic_draws_follow_the_weights() -> None:
    weights = np.array([0.5, 0.0, 0.3, 0.2])
    counts = np.bincount(systematic(weights, 10, [1]), minlength=4)
    assert counts.tolist() == [5, 0, 3, 2]


def test_moves_are_what_their_particles_become() -> None:
    """Which moves are taken is found out on arrays that change in place; a population has them by number alone."""
    particles, until = first_particles(700), 8
    blocks, chance = Blocks(filtered().world, 1), filtered()._chance
    taken = np.concatenate(list(blocks.moves(particles, chance, until, 1_024, 2)), axis=1)
    short = filtered().world._replace(rounds=until)

    def likely(some: Particles) -> np.ndarray:
        return chance(play(short, *world.draw_forked(short, 1, some, draws.MEANS), len(some), weekly=True))

    for nth in range(2):
        before = moved(particles, until, 1_024, taken[:nth])
        offered = moved(particles, until, 1_024, np.vstack([taken[:nth], np.ones((1, 700), dtype=bool)]))
        luck = np.concatenate(
            [np.random.default_rng([1, 1_024, first]).random((2, min(512, 700 - first)))[nth] for first in (0, 512)]
        )
        assert np.array_equal(taken[nth], luck * likely(before) < likely(offered))
    assert 0 < taken.mean() < 1
