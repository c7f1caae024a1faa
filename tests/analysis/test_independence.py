"""Tests of independence: made-up ensembles whose conditions are independent, bound together, or exclude each other."""

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim import vocabulary
from sim.analysis.independence import PRODUCT, STEPS, TOGETHER, _product, independence, naive, pairs
from sim.notebook import Ensemble
from sim.plots.style import title_of
from tests.runs import make_runs

SHARES = (0.5, 0.9, 0.8, 0.6, 0.7)
Flags = NDArray[np.bool_]


def an_ensemble(met: Flags) -> Ensemble:
    """Return an ensemble whose runs meet these conditions at the horizon, shape (runs, conditions)."""
    missing = {gate: ~met[:, at] for at, gates in enumerate(STEPS.values()) for gate in gates}
    rows = make_runs(
        [
            {"run": run, "outcome": "no_ceasefire", **dict.fromkeys(("troops", "european_troops", "states"))}
            | dict.fromkeys(f"{what}_week" for what in ("ceasefire", "deployed", "european", "observer", "training"))
            for run in range(len(met))
        ]
    )
    flags = pd.DataFrame({f"missing_{gate}": missing[gate] for gate in vocabulary.GATES})
    about = {"scenario": "made_up", "seed": 7, "horizon_weeks": 52, "groups": {}}
    return Ensemble(pd.concat([rows, flags], axis=1), None, pd.DataFrame({"run": [], "actor": []}), about)


@pytest.fixture(scope="module")
def independent() -> Ensemble:
    return an_ensemble(np.random.default_rng(3).random((20_000, 5)) < SHARES)


def test_independent_conditions_leave_no_gap(independent: Ensemble) -> None:
    result = independence(independent)
    assert result.gap_low < 0.0 < result.gap_high
    assert result.ratio == pytest.approx(1.0, abs=0.05)
    assert "no difference shown" in result.sentence
    assert result.table["share"][PRODUCT] == pytest.approx(np.prod(SHARES), abs=0.005)


def test_the_product_is_that_of_the_shares_and_the_model_that_of_all_at_once() -> None:
    met = np.array([[1, 1, 1, 1, 1], [1, 1, 1, 1, 0], [0, 1, 1, 1, 1], [1, 0, 1, 1, 1]], dtype=bool)
    result = independence(an_ensemble(met))
    assert result.table["share"].to_dict() == pytest.approx(
        {"ceasefire": 0.75, "consent": 0.75, "backstop": 1.0, "pledges": 1.0, "ratified": 0.75}
        | {PRODUCT: 0.75**3, TOGETHER: 0.25}
    )
    assert result.table["given_others"]["ceasefire"] == 0.5
    assert result.gap == pytest.approx(0.25 - 0.75**3)


def test_conditions_that_come_together_are_likelier_than_their_product() -> None:
    together = np.random.default_rng(4).random((4_000, 1)) < 0.4
    result = independence(an_ensemble(np.repeat(together, 5, axis=1)))
    assert result.gap_low > 0.2
    assert "they hang together" in result.sentence


def test_conditions_that_exclude_each_other_are_less_likely_than_their_product() -> None:
    one = np.random.default_rng(4).random(4_000) < 0.5
    met = np.ones((4_000, 5), dtype=bool)
    met[:, 0], met[:, 1] = one, ~one
    ensemble = an_ensemble(met)
    assert independence(ensemble).gap_high < 0.0
    assert "stand in each other's way" in independence(ensemble).sentence
    assert pairs(ensemble)["lift"].to_dict()["ceasefire", "consent"] == 0.0


def test_a_condition_that_is_never_met_leaves_nothing() -> None:
    met = np.ones((50, 5), dtype=bool)
    met[:, 2] = False
    result = independence(an_ensemble(met))
    assert (result.table["share"][PRODUCT], result.table["share"][TOGETHER]) == (0.0, 0.0)
    assert np.isnan(result.ratio)


def test_the_interval_of_the_gap_holds_it_about_as_often_as_it_says() -> None:
    rng, times = np.random.default_rng(8), 1_000
    held = product_held = 0
    for _ in range(times):
        met = (rng.random((500, 5)) < SHARES).astype(float)
        product, low, high, gap, half = _product(met, met.all(axis=1).astype(float), np.ones(500))
        held += abs(gap) <= half
        product_held += low <= np.prod(SHARES) <= high
        assert low <= product <= high
    assert held / times == pytest.approx(0.95, abs=0.02)
    assert product_held / times == pytest.approx(0.95, abs=0.02)


def test_pairs_of_independent_conditions_have_a_lift_of_one(independent: Ensemble) -> None:
    table = pairs(independent)
    assert len(table) == 10
    assert table["lift"].to_numpy() == pytest.approx(1.0, abs=0.03)
    assert ((table["low"] <= 1.0) & (table["high"] >= 1.0)).sum() >= 8


def test_the_naive_product_is_the_row_of_the_table(independent: Ensemble) -> None:
    assert naive(independent) == independence(independent).table["share"][PRODUCT]


def test_the_plot_tells_both_answers(independent: Ensemble) -> None:
    axes = independent.plot.independence()
    assert "no difference shown" in title_of(axes)
    assert len(axes.patches) == len(STEPS) + 2
