"""Shapley values of made-up games: known answers, axioms, and intervals that cover as often as they claim."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.analysis import shapley
from sim.analysis.shapley import Estimate

RUNS = 400
Game = NDArray[np.int8]


def bits(members: int) -> NDArray[np.bool_]:
    return (np.arange(2**members)[:, None] >> np.arange(members)) & 1 == 1


def additive(chances: list[float], runs: int = RUNS, seed: int = 0) -> Game:
    """Return a game in which each member in the coalition adds what it adds alone: at most one adds in a run."""
    luck = np.random.default_rng(seed).random(runs)
    ends = np.cumsum(chances)
    adds = np.stack([(luck < end) & (luck >= end - chance) for end, chance in zip(ends, chances, strict=True)])
    return (bits(len(chances)).astype(np.int8) @ adds.astype(np.int8)).astype(np.int8)


def random_game(members: int, runs: int, seed: int) -> Game:
    """Return a game of no structure: a run's luck against a chance of each coalition's own."""
    random = np.random.default_rng(seed)
    return (random.random(runs) < np.random.default_rng(99).random(2**members)[:, None]).astype(np.int8)


def values(game: Game) -> list[float]:
    parts = shapley.exact(game)
    return [parts.estimate(unit).value for unit in np.eye(len(parts.by_run))]


def by_all_orders(game: Game, members: int) -> NDArray[np.float64]:
    """Return Shapley values by their definition, order by order."""
    mean, gains = game.mean(axis=1), []
    for order in permutations(range(members)):
        gain, mask = np.zeros(members), 0
        for member in order:
            gain[member] = mean[mask | 1 << member] - mean[mask]
            mask |= 1 << member
        gains.append(gain)
    return np.mean(gains, axis=0)


def gains_of(game: Game, members: int, pairs: int, seed: int) -> Game:
    rows = []
    for pair in shapley.orders(members, pairs, seed):
        for order in pair:
            masks = np.cumsum([0, *(1 << member for member in order)])
            gain = np.diff(game[masks], axis=0)
            rows.append(gain[np.argsort(order)])
    return np.array(rows)


def test_in_an_additive_game_each_gets_what_it_adds_alone() -> None:
    game = additive([0.1, 0.3, 0.05])
    alone = [game[1 << member].mean() for member in range(3)]
    assert values(game) == pytest.approx(alone) and min(alone) > 0.0
    assert all(pair == Estimate(0.0, 0.0, 0.0) for pair in shapley.interactions(game).values())


def test_two_that_matter_only_together_get_half_each_and_all_is_interaction() -> None:
    luck = np.random.default_rng(1).random(RUNS) < 0.4
    game = (bits(2).all(axis=1)[:, None] & luck).astype(np.int8)
    assert values(game) == pytest.approx([luck.mean() / 2] * 2)
    assert shapley.interactions(game)[0, 1].value == pytest.approx(luck.mean())


def test_a_member_that_changes_nothing_gets_exactly_nothing() -> None:
    game = random_game(3, RUNS, 1)
    with_null = np.concatenate([game, game])
    parts = shapley.exact(with_null)
    assert parts.estimate(np.eye(4)[3]) == Estimate(0.0, 0.0, 0.0)
    pairs = shapley.interactions(with_null)
    assert {pair for pair, size in pairs.items() if size == Estimate(0.0, 0.0, 0.0)} == {(0, 3), (1, 3), (2, 3)}


def test_members_that_are_alike_get_alike() -> None:
    sizes = bits(4).sum(axis=1)
    game = (np.random.default_rng(2).random(RUNS) < np.array([0.1, 0.2, 0.5, 0.9, 0.95])[sizes][:, None]).astype(
        np.int8
    )
    assert values(game) == pytest.approx([values(game)[0]] * 4)


@given(members=st.integers(1, 6), seed=st.integers(0, 1000))
def test_values_sum_to_the_gap_in_every_run(members: int, seed: int) -> None:
    game = random_game(members, 40, seed)
    by_run = shapley.exact(game).by_run
    assert by_run.sum(axis=0) == pytest.approx(game[-1].astype(float) - game[0], abs=1e-12)


@pytest.mark.parametrize("members", [2, 3, 5])
def test_weights_are_those_of_the_definition(members: int) -> None:
    game = random_game(members, RUNS, 3)
    assert values(game) == pytest.approx(by_all_orders(game, members))


def test_the_interaction_of_two_is_what_the_value_of_one_gains_by_the_other() -> None:
    # By definition: the value of one in the game where the other is in, less that where it is out.
    game, members = random_game(4, RUNS, 4), 4
    has = bits(members)
    for (one, other), size in shapley.interactions(game).items():
        inside, outside = game[has[:, other]], game[~has[:, other]]
        place = one if one < other else one - 1
        assert size.value == pytest.approx(values(inside)[place] - values(outside)[place])


def test_the_exact_interval_covers_the_truth_in_nineteen_of_twenty_games() -> None:
    members = 3
    chances = np.random.default_rng(99).random(2**members)
    truth = by_all_orders(chances[:, None], members)  # type: ignore[arg-type]
    hits = [
        parts.low <= truth[0] <= parts.high
        for seed in range(1_000)
        for parts in [shapley.exact(random_game(members, 200, seed)).estimate(np.eye(members)[0])]
    ]
    assert 0.93 <= np.mean(hits) <= 0.97


THRESHOLD = 1.0 / (1.0 + np.exp(3.0 - bits(8) @ np.linspace(-0.2, 1.4, 8)))
"""Chances of a game in which each member helps the others across a threshold."""


def threshold_game(runs: int, seed: int) -> Game:
    return (np.random.default_rng(seed + 10_000).random(runs) < THRESHOLD[:, None]).astype(np.int8)


def test_sampled_orders_cover_the_truth_and_sum_to_the_gap() -> None:
    truth = shapley.exact(THRESHOLD[:, None]).by_run[:, 0]  # type: ignore[arg-type]
    hits = []
    for seed in range(100):
        game = threshold_game(60, seed)
        parts = shapley.sampled(gains_of(game, 8, 10, seed))
        assert parts.estimate(np.ones(8)).value == pytest.approx(game[-1].mean() - game[0].mean())
        estimates = [parts.estimate(unit) for unit in np.eye(8)]
        hits += [each.low <= value <= each.high for each, value in zip(estimates, truth, strict=True)]
    assert np.mean(hits) >= 0.93


def test_sampled_orders_are_wider_than_all_and_hold_their_value() -> None:
    game = threshold_game(200, 0)
    exact, few = shapley.exact(game), shapley.sampled(gains_of(game, 8, 10, 0))
    for unit in np.eye(8):
        all_orders, sampled = exact.estimate(unit), few.estimate(unit)
        assert sampled.high - sampled.low > all_orders.high - all_orders.low
        assert sampled.low <= all_orders.value <= sampled.high


def test_an_order_and_its_reverse_leave_no_sampling_noise_in_pairwise_games() -> None:
    luck = np.random.default_rng(5).random(RUNS) < 0.4
    game = (bits(4)[:, :2].all(axis=1)[:, None] & luck).astype(np.int8)
    sampled = shapley.sampled(gains_of(game, 4, 4, 7))
    for unit in np.eye(4):
        assert tuple(sampled.estimate(unit)) == pytest.approx(tuple(shapley.exact(game).estimate(unit)))


@pytest.mark.parametrize(("freedom", "quantile"), [(3, 3.182), (4, 2.776), (9, 2.262), (200, 1.972)])
def test_students_quantile_is_that_of_the_tables(freedom: int, quantile: float) -> None:
    assert shapley.student(1.959964, freedom) == pytest.approx(quantile, rel=0.002)


def test_more_runs_than_fit_at_once_are_divided_the_same() -> None:
    game = random_game(3, 2_500, 6)
    parts = np.concatenate([shapley.exact(game[:, :1_700]).by_run, shapley.exact(game[:, 1_700:]).by_run], axis=1)
    assert np.array_equal(shapley.exact(game).by_run, parts)
