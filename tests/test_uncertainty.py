"""Tests of the range over inputs: run noise taken out of a spread whose size is known."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.analysis.uncertainty import GROUPS, denoised, nested
from tests.worlds import tiny


@pytest.mark.parametrize(("a", "b"), [(2.0, 6.0), (1.0, 1.0), (8.0, 3.0)])
def test_the_spread_left_is_that_of_the_true_shares(a: float, b: float) -> None:
    rng = np.random.default_rng(20250303)
    runs, draws = 25, 40_000
    observed = rng.binomial(runs, rng.beta(a, b, draws)) / runs
    true = a * b / ((a + b) * (a + b) * (a + b + 1.0))
    assert denoised(observed, runs).var(ddof=1) == pytest.approx(true, rel=0.03)
    assert observed.var(ddof=1) > 1.05 * true


def test_the_percentiles_left_come_near_those_of_the_true_shares() -> None:
    rng = np.random.default_rng(5)
    true = rng.beta(2.0, 5.0, 20_000)
    left = np.quantile(denoised(rng.binomial(40, true) / 40, 40), [0.1, 0.9])
    assert left == pytest.approx(np.quantile(true, [0.1, 0.9]), abs=0.02)


def test_where_all_spread_is_run_noise_next_to_none_is_left() -> None:
    rng = np.random.default_rng(7)
    observed = rng.binomial(30, 0.3, 5000) / 30
    assert denoised(observed, 30).std() < 0.35 * observed.std()


def test_a_spread_smaller_than_run_noise_is_taken_as_none() -> None:
    assert denoised(np.array([0.5, 0.5, 0.6]), 10).tolist() == pytest.approx([1.6 / 3] * 3)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_shares_that_are_all_the_same_stay_as_they_are(value: float) -> None:
    assert denoised(np.full(5, value), 10).tolist() == [value] * 5


def test_shares_that_are_surely_nothing_or_everything_have_no_noise_to_lose() -> None:
    assert denoised(np.array([0.0, 1.0, 0.0, 1.0]), 10).tolist() == [0.0, 1.0, 0.0, 1.0]


@given(arrays.arrays(np.float64, st.integers(2, 30), elements=st.floats(0.0, 1.0)), st.integers(2, 500))
def test_run_noise_is_only_ever_taken_out_and_the_mean_stays(shares: np.ndarray, runs: int) -> None:
    left = denoised(shares, runs)
    assert left.mean() == pytest.approx(shares.mean(), abs=1e-9)
    assert left.std() <= shares.std() + 1e-12


def test_a_nested_design_gives_a_range_for_every_group() -> None:
    found = nested(tiny(), 8, 8, 4, workers=1)
    assert set(found) == set(GROUPS)
    for about in found.values():
        assert 0.0 <= about["p10"] <= about["p90"] <= 1.0
    assert found == nested(tiny(), 8, 8, 4, workers=1)


def test_without_uncertain_inputs_the_range_closes() -> None:
    fixed = {path: {"likely": (leaf.prior.low + leaf.prior.high) / 2} for path, leaf in tiny().leaves.items()
             if leaf.prior.uncertain and not leaf.prior.words}  # fmt: skip
    words = {path: leaf.prior.words[int(leaf.prior.high)] for path, leaf in tiny().leaves.items()
             if leaf.prior.uncertain and leaf.prior.words}  # fmt: skip
    found = nested(tiny().change({**fixed, **words}), 6, 8, 4, workers=1)
    assert all(about["p10"] == about["p90"] for about in found.values())


def test_progress_is_told_for_every_run() -> None:
    told: list[int] = []
    nested(tiny(), 3, 4, 4, workers=1, progress=told.append)
    assert sum(told) == 12


@pytest.mark.parametrize(("draws", "luck"), [(1, 5), (5, 1), (0, 0)])
def test_a_design_too_small_for_a_range_is_refused(draws: int, luck: int) -> None:
    with pytest.raises(ValueError, match="at least 2 draws of 2 runs"):
        nested(tiny(), draws, luck, 4)
