"""Tests of comparisons: the same luck on both sides, and differences with their intervals."""

from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import batch
from sim.analysis import compare
from sim.ensemble import Z95, Ensemble
from tests.worlds import tiny

RUNS = 60
EASIER = {"actors.ukr.disposition": 3}


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return batch.run(tiny(), RUNS, 4, workers=1)


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return compare.compare(tiny(), tiny().change(EASIER, name="easier"), RUNS, 4, workers=1)


def test_a_paired_difference_has_the_interval_of_its_mean() -> None:
    found = compare.paired(pd.Series([0, 0, 1, 1]), pd.Series([1, 0, 1, 1]))
    half = Z95 * 0.5 / sqrt(4)
    assert (found["a"], found["b"], found["difference"]) == (0.5, 0.75, 0.25)
    assert (found["low"], found["high"]) == pytest.approx((0.25 - half, 0.25 + half))


def test_a_difference_that_is_the_same_in_every_run_is_certain() -> None:
    found = compare.paired(pd.Series([False] * 5), pd.Series([True] * 5))
    assert (found["low"], found["difference"], found["high"]) == (1.0, 1.0, 1.0)


def test_one_run_alone_has_no_interval() -> None:
    found = compare.paired(pd.Series([0]), pd.Series([1]))
    assert isnan(found["low"])
    assert isnan(found["high"])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_a_difference_turns_its_sign_with_its_sides(pairs: list[tuple[bool, bool]]) -> None:
    a, b = pd.Series([pair[0] for pair in pairs]), pd.Series([pair[1] for pair in pairs])
    there, back = compare.paired(a, b), compare.paired(b, a)
    assert there["difference"] == pytest.approx(-back["difference"])
    assert there["low"] == pytest.approx(-back["high"])
    assert there["low"] <= there["difference"] <= there["high"]
    assert there["difference"] == pytest.approx(there["b"] - there["a"])


def test_identical_scenarios_differ_by_nothing(ensemble: Ensemble) -> None:
    same = compare.differences(ensemble, ensemble)
    assert not same[["difference", "low", "high"]].to_numpy().any()
    assert (same["a"] == same["b"]).all()


def test_the_same_luck_is_on_both_sides() -> None:
    same = compare.compare(tiny(), tiny().change({}), 20, 4, workers=1)
    assert not same[["difference", "low", "high"]].to_numpy().any()
    assert "no difference shown" in same.attrs["sentence"]


def test_pairs_are_runs_of_the_same_number(ensemble: Ensemble, table: pd.DataFrame) -> None:
    other = batch.run(tiny().change(EASIER), RUNS, 4, workers=1)
    for event in compare.EVENTS:
        gap = other.happened(event).astype(float) - ensemble.happened(event).astype(float)
        assert table.loc[event, "difference"] == pytest.approx(gap.mean())
        half = float(table["high"][event]) - float(table["difference"][event])
        assert half == pytest.approx(Z95 * np.std(gap, ddof=1) / sqrt(RUNS))


def test_runs_that_one_side_lacks_are_left_out_on_both(ensemble: Ensemble) -> None:
    without = [table[~table["run"].isin([0, 7])] for table in (ensemble.runs, ensemble.inputs, ensemble.actors)]
    fewer = Ensemble(*without, ensemble.manifest)
    found = compare.differences(fewer, ensemble)
    assert not found[["difference", "low", "high"]].to_numpy().any()
    assert found.loc["ceasefire", "b"] == fewer.happened("ceasefire").mean()


def test_a_table_of_differences_has_a_row_a_quantity(table: pd.DataFrame) -> None:
    assert table.index.name == "quantity"
    assert list(table.columns) == ["a", "b", "difference", "low", "high"]
    assert set(table.index) == {
        *compare.EVENTS, "outcome.blue", "outcome.reassurance", "outcome.observer", "outcome.training",
        "outcome.ceasefire_without_force", "outcome.no_ceasefire", "pledged.alba", "pledged.borea", "pledged.corvia",
    }  # fmt: skip
    outcomes = table[table.index.str.startswith("outcome.")]
    assert outcomes["a"].sum() == pytest.approx(1.0)
    assert outcomes["difference"].sum() == pytest.approx(0.0, abs=1e-12)


def test_a_table_knows_what_was_compared(table: pd.DataFrame) -> None:
    assert {key: table.attrs[key] for key in ("a", "b", "runs", "seed")} == {
        "a": "tiny",
        "b": "easier",
        "runs": RUNS,
        "seed": 4,
    }


def test_a_ceasefire_is_likelier_where_kyiv_is_readier(table: pd.DataFrame) -> None:
    assert float(table["low"]["ceasefire"]) > 0.0


def test_an_actor_that_one_side_lacks_counts_as_not_pledged_there() -> None:
    found = compare.compare(tiny(), tiny().change({"actors.corvia": None}), 20, 4, workers=1)
    assert found.loc["pledged.corvia", "b"] == 0.0


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [(-0.1, 0.3, "no difference shown"), (0.0, 0.2, "no difference shown"), (0.05, 0.15, "more likely by 10 points")],
)
def test_the_sentence_calls_a_difference_one_only_off_zero(
    table: pd.DataFrame, low: float, high: float, said: str
) -> None:
    changed = table.copy()
    changed.attrs = dict(table.attrs)
    changed.loc["european", ["difference", "low", "high"]] = [(low + high) / 2, low, high]
    assert said in compare.sentence(changed)
    assert "a European force" in compare.sentence(changed)


def test_the_sentence_names_both_sides_and_calls_its_interval_run_noise(table: pd.DataFrame) -> None:
    said = table.attrs["sentence"]
    assert said.startswith("Under easier rather than tiny, ")
    assert "95% run noise, 60 paired runs" in said


def test_a_less_likely_force_is_told_as_such(table: pd.DataFrame) -> None:
    changed = table.copy()
    changed.attrs = dict(table.attrs)
    changed.loc["european", ["difference", "low", "high"]] = [-0.2, -0.3, -0.1]
    assert "less likely by 20 points" in compare.sentence(changed)
