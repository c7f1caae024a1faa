"""Tests of the range over inputs: run noise taken out of a spread whose size is known."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from sim.analysis import nested as over_inputs
from sim.analysis.nested import DRAWS, GROUPS, LUCK, Range, nested, range_over, remove_noise
from sim.batch import designs
from sim.batch.arms import Arm
from tests.worlds import tiny

BETA_30_70 = (0.24230, 0.35943)
"""10th and 90th percentile of Beta(30, 70); those of Beta(2, 6) and Beta(1, 1) are below. From its inverse CDF."""
BETA_2_6 = (0.07882, 0.45256)
BETA_1_1 = (0.1, 0.9)


def ends(a: float, b: float, draws: int, runs: int, times: int) -> tuple[np.ndarray, np.ndarray]:
    """Return, ``times`` over, both ends with run noise removed and as observed, of draws from a beta-binomial."""
    rng = np.random.default_rng(20250303)
    observed = rng.binomial(runs, rng.beta(a, b, (times, draws))) / runs
    left = np.array([over_inputs._percentiles(shares * runs, np.full(draws, float(runs))) for shares in observed])
    return left, np.quantile(observed, [0.1, 0.9], axis=1).T


def error(found: np.ndarray, known: tuple[float, float]) -> np.ndarray:
    return np.asarray(np.sqrt(((found - known) ** 2).mean(axis=0)))


@pytest.mark.parametrize(("a", "b"), [(2.0, 6.0), (1.0, 1.0), (8.0, 3.0)])
def test_the_spread_left_is_that_of_the_true_shares(a: float, b: float) -> None:
    rng = np.random.default_rng(20250303)
    runs, draws = 25, 40_000
    observed = rng.binomial(runs, rng.beta(a, b, draws)) / runs
    true = a * b / ((a + b) * (a + b) * (a + b + 1.0))
    assert remove_noise(observed, np.full(draws, runs)).var(ddof=1) == pytest.approx(true, rel=0.03)
    assert observed.var(ddof=1) > 1.05 * true


def test_the_spread_left_is_right_too_where_likelier_draws_have_more_runs() -> None:
    rng = np.random.default_rng(8)
    share = rng.beta(2.0, 6.0, 40_000)
    runs = 2 + rng.binomial(60, share)
    left = remove_noise(rng.binomial(runs, share) / runs, runs)
    assert np.cov(left, aweights=runs) == pytest.approx(np.cov(share, aweights=runs), rel=0.03)


def test_the_percentiles_of_a_narrow_spread_are_found_where_the_raw_ones_are_far_off() -> None:
    left, raw = ends(30.0, 70.0, draws=200, runs=50, times=300)
    assert (error(left, BETA_30_70) < 0.4 * error(raw, BETA_30_70)).all()
    assert left.mean(axis=0) == pytest.approx(BETA_30_70, abs=0.004)
    assert (np.abs(raw.mean(axis=0) - BETA_30_70) > 0.025).all()


@pytest.mark.parametrize(("a", "b", "known"), [(2.0, 6.0, BETA_2_6), (1.0, 1.0, BETA_1_1), (30.0, 70.0, BETA_30_70)])
def test_the_percentiles_of_the_default_design_are_next_to_unbiased(
    a: float, b: float, known: tuple[float, float]
) -> None:
    left, _ = ends(a, b, DRAWS, LUCK, times=300)
    assert left.mean(axis=0) == pytest.approx(known, abs=0.008)


@pytest.mark.parametrize(("a", "b", "known"), [(2.0, 6.0, BETA_2_6), (30.0, 70.0, BETA_30_70)])
def test_the_intervals_of_the_ends_hold_the_true_ends_about_as_often_as_they_say(
    a: float, b: float, known: tuple[float, float], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(over_inputs, "RESAMPLES", 100)
    rng, held, times = np.random.default_rng(3), np.zeros(2), 100
    runs = np.full(DRAWS, float(LUCK))
    for _ in range(times):
        found = range_over(rng.binomial(LUCK, rng.beta(a, b, DRAWS)).astype(float), runs)
        assert found is not None
        held += (found.p10_low <= known[0] <= found.p10_high, found.p90_low <= known[1] <= found.p90_high)
    assert (held / times >= 0.85).all()


def test_where_all_spread_is_run_noise_next_to_none_is_left() -> None:
    rng = np.random.default_rng(7)
    runs = np.full(200, 200.0)
    found = [range_over(rng.binomial(200, 0.3, 200).astype(float), runs) for _ in range(20)]
    assert np.mean([each.p90 - each.p10 for each in found if each]) < 0.02
    raw = np.quantile(rng.binomial(200, 0.3, 20_000) / 200, [0.1, 0.9])
    assert raw[1] - raw[0] > 0.08


def test_a_spread_smaller_than_run_noise_is_taken_as_none() -> None:
    assert remove_noise(np.array([0.5, 0.5, 0.6]), np.full(3, 10)).tolist() == pytest.approx([1.6 / 3] * 3)


@pytest.mark.parametrize("value", [0.0, 0.3, 1.0])
def test_shares_that_are_all_the_same_stay_as_they_are(value: float) -> None:
    assert remove_noise(np.full(5, value), np.full(5, 10)).tolist() == pytest.approx([value] * 5)


def test_shares_that_are_surely_nothing_or_everything_have_no_noise_to_lose() -> None:
    assert remove_noise(np.array([0.0, 1.0, 0.0, 1.0]), np.full(4, 10)).tolist() == [0.0, 1.0, 0.0, 1.0]


@given(arrays.arrays(np.float64, st.integers(2, 30), elements=st.floats(0.0, 1.0)), st.integers(2, 500))
def test_run_noise_is_only_ever_taken_out_and_the_mean_stays(shares: np.ndarray, runs: int) -> None:
    left = remove_noise(shares, np.full(len(shares), runs))
    assert left.mean() == pytest.approx(shares.mean(), abs=1e-9)
    assert left.std() <= shares.std() + 1e-12


def test_a_draw_counts_by_its_runs_and_not_at_all_with_fewer_than_two() -> None:
    heavy = range_over(np.array([0.0, 900.0, 1.0]), np.array([2.0, 1000.0, 1.0]))
    assert heavy is not None
    assert heavy.p10 == heavy.p90 == pytest.approx(0.9, abs=0.01)
    assert range_over(np.array([1.0, 5.0]), np.array([1.0, 9.0])) is None


def bets(known: dict[int, float], failing: int) -> Any:
    """Return a batch in which a ceasefire comes by luck alone, in half of the runs, and a force by the input ``x``."""

    def came_about(arms: Iterable[Arm], events: object, seed: int, **options: Any) -> Iterator[dict[str, np.ndarray]]:
        for arm in arms:
            assert arm.quantiles is not None
            x = arm.quantiles["x"].to_numpy()[arm.at]
            chance = np.random.default_rng(1).random((100_000, 2))[arm.luck]
            ceasefire, came = chance[:, 0] < 0.5, chance[:, 1] < x
            known.update(zip(arm.luck.tolist(), x, strict=True))
            failed = arm.luck % 50 == failing
            flags = {"ceasefire": ceasefire, "deployed": came, "european": came & ceasefire}
            yield {name: np.where(failed, np.nan, flag) for name, flag in flags.items()}

    return came_about


def test_a_nested_design_finds_a_known_range_and_gives_every_run_luck_of_its_own(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known: dict[int, float] = {}
    x = pd.DataFrame({"x": np.random.default_rng(2).permutation((np.arange(400) + 0.5) / 400)})
    monkeypatch.setattr(designs, "input_quantiles", lambda *_: x)
    monkeypatch.setattr(designs, "came_about", bets(known, failing=7))
    found = nested(tiny(), 400, 150, 4)
    assert sorted(known) == list(range(400 * 150))
    assert [known[number] for number in range(0, 400 * 150, 150)] == x["x"].tolist()
    deployed, european = found["deployed"], found["european"]
    assert (deployed["p10"], deployed["p90"]) == pytest.approx((0.1, 0.9), abs=0.02)
    assert (european["p10"], european["p90"]) == pytest.approx((0.05, 0.45), abs=0.02)
    given = european["given_ceasefire"]
    assert (given["p10"], given["p90"]) == pytest.approx((0.1, 0.9), abs=0.025)
    assert (european["draws"], european["runs_per_draw"]) == (400, 150)


def test_a_nested_design_gives_a_range_for_every_group() -> None:
    found = nested(tiny(), 8, 8, 4, workers=1, engine="mesa")
    assert list(found) == list(GROUPS)
    for about in found.values():
        assert list(about) == [*Range._fields, "draws", "runs_per_draw", "mean", "half_in", "given_ceasefire"]
        assert 0.0 <= about["p10_low"] <= about["p10"] <= about["p90"] <= about["p90_high"] <= 1.0
    assert found == nested(tiny(), 8, 8, 4, workers=1, engine="mesa")


def test_a_gate_held_open_is_open_in_the_nested_design_too() -> None:
    unwilling = tiny().change({"actors.ukr.disposition": -3})
    closed, open_ = (nested(unwilling, 4, 16, 4, workers=1, engine="mesa", relaxed=gates) for gates in ((), ("truce",)))
    assert open_ != closed


def test_progress_is_told_for_every_run() -> None:
    told: list[int] = []
    nested(tiny(), 3, 4, 4, workers=1, engine="mesa", progress=told.append)
    assert sum(told) == 12


@pytest.mark.parametrize(("draws", "luck"), [(1, 5), (5, 1), (0, 0)])
def test_a_design_too_small_for_a_range_is_refused(draws: int, luck: int) -> None:
    with pytest.raises(ValueError, match="at least 2 draws of 2 runs"):
        nested(tiny(), draws, luck, 4)
