"""Tests of indices from one flat batch: known functions, noise that is taken off, and intervals that hold."""

from collections.abc import Callable

import numpy as np
import pytest

from sim.analysis import given_data
from sim.analysis.given_data import Places
from tests.analysis.test_sensitivity import ISHIGAMI_FIRST

WEIGHTS = 0.15 * 0.85 ** np.arange(20)
"""Twenty inputs move the chance of a yes; eighty more move nothing."""
INPUTS = 100
FIRST = np.concatenate([WEIGHTS**2 / 12 / 0.25, np.zeros(INPUTS - len(WEIGHTS))])
"""Of a chance of a half, the variance is a quarter, and that of a straight line of slope w is w squared over 12."""


def binned(inputs: np.ndarray, bins: int = 10) -> Places:
    return list((inputs.T * bins).astype(np.uint8))


def chances(seed: int, runs: int) -> tuple[Places, np.ndarray]:
    rng = np.random.default_rng(seed)
    inputs = rng.random((runs, INPUTS))
    chance = 0.5 + (inputs[:, : len(WEIGHTS)] - 0.5) @ WEIGHTS
    return binned(inputs), (rng.random(runs) < chance).astype(np.float64)


def test_the_indices_of_ishigami_are_those_known() -> None:
    inputs = np.random.default_rng(3).random((40_000, 3))
    x = np.pi * (2.0 * inputs - 1.0)
    y = np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    table, whole = given_data.first_order(binned(inputs, 40), y, ["x1", "x2", "x3"])
    assert list(table.index) == ["x2", "x1", "x3"]
    for name, known in ISHIGAMI_FIRST.items():
        assert table.loc[name, "first"] == pytest.approx(known, abs=0.012)
        assert table.loc[name, "first_low"] < known < table.loc[name, "first_high"]
    assert whole.estimate.value == pytest.approx(table["first"].sum())


def test_inputs_that_matter_for_nothing_add_up_to_nothing() -> None:
    places, outcome = chances(5, 10_000)
    idle = given_data.together(places[len(WEIGHTS) :], outcome).estimate
    assert idle.low < 0.0 < idle.high
    raw = sum(np.var([outcome[place == at].mean() for at in range(10)]) for place in places[len(WEIGHTS) :]) / 0.25
    assert abs(idle.value) < raw / 4


def test_intervals_hold_the_known_index_about_as_often_as_they_say() -> None:
    held, held_sum, times = 0.0, 0, 40
    for seed in range(times):
        places, outcome = chances(100 + seed, 4_000)
        table, whole = given_data.first_order(places, outcome, range(INPUTS))  # type: ignore[arg-type]
        table = table.sort_index()
        held += float(((table["first_low"] <= FIRST) & (table["first_high"] >= FIRST)).to_numpy()[:8].mean())
        held_sum += whole.estimate.low <= FIRST.sum() <= whole.estimate.high
    assert 0.89 <= held / times <= 0.99
    assert 0.85 * times <= held_sum <= times


def test_the_interval_of_a_sum_of_a_rare_yes_holds_it_about_as_often_as_it_says() -> None:
    """Of a rare yes the square of the outcome varies much; runs that explain themselves would widen the interval."""
    known, held, values, halves = float((WEIGHTS**2 / 64 / 12 / 0.0475).sum()), 0, [], []
    for seed in range(40):
        rng = np.random.default_rng(seed)
        inputs = rng.random((4_000, INPUTS))
        outcome = rng.random(4_000) < 0.05 + (inputs[:, : len(WEIGHTS)] - 0.5) @ WEIGHTS / 8
        whole = given_data.together(binned(inputs), outcome.astype(np.float64)).estimate
        held += whole.low <= known <= whole.high
        values.append(whole.value)
        halves.append(whole.high - whole.value)
    assert 34 <= held <= 40
    assert np.mean(halves) / 1.96 == pytest.approx(np.std(values), rel=0.3)


def test_what_the_first_inputs_carry_is_not_swollen_by_ranking_them_on_their_own_luck() -> None:
    known = np.cumsum(FIRST)[len(WEIGHTS) - 1 :] / FIRST.sum()
    places, outcome = chances(11, 20_000)
    table, whole = given_data.first_order(places, outcome, range(INPUTS))  # type: ignore[arg-type]
    ranked = [places[at] for at in table.index]
    carried = given_data.cumulated(ranked, outcome, whole)
    naive = table["first"].cumsum().to_numpy() / table["first"].sum()
    assert naive[40] > 1.1
    assert carried["cumulated"].iloc[40] == pytest.approx(known[0], abs=0.12)
    assert carried["cumulated"].iloc[2] == pytest.approx(np.sort(FIRST)[:-4:-1].sum() / FIRST.sum(), abs=0.12)
    assert carried["cumulated"].iloc[-1] == pytest.approx(1.0)
    assert (carried["cumulated_low"] <= carried["cumulated"]).all()


def test_a_part_of_the_explained_has_an_interval_that_shrinks_with_runs() -> None:
    def width(runs: int) -> float:
        places, outcome = chances(1, runs)
        whole = given_data.together(places, outcome)
        part = given_data.ratio(given_data.together(places[:2], outcome), whole)
        assert part.low < FIRST[:2].sum() / FIRST.sum() < part.high
        return part.high - part.low

    assert width(16_000) < 0.7 * width(4_000)


def test_all_inputs_are_exactly_the_whole() -> None:
    places, outcome = chances(2, 2_000)
    whole = given_data.together(places, outcome)
    assert given_data.ratio(whole, whole).value == 1.0
    assert given_data.together([], outcome).estimate == (0.0, 0.0, 0.0)


@pytest.mark.parametrize("outcome", [np.zeros, np.ones])
def test_an_outcome_that_never_differs_has_no_variance_to_share_out(outcome: Callable[[int], np.ndarray]) -> None:
    with pytest.raises(ValueError, match="no variance"):
        given_data.first_order([np.zeros(50, dtype=np.uint8)], outcome(50), ["a"])
