"""Tests of comparisons: the same luck on both sides, and differences with their intervals."""

from math import isnan, sqrt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import batch, notebook
from sim.analysis import compare, sign_shares
from sim.ensemble import Ensemble
from sim.ensemble.results import Differences
from sim.ensemble.shares import Z95
from sim.plots import comparison
from sim.scenario.scenario import Scenario
from tests.worlds import tiny

RUNS = 60
EASIER = {"actors.ukr.disposition": 3}


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return batch.run(tiny(), RUNS, 4, workers=1)


@pytest.fixture(scope="module")
def result() -> Differences:
    return compare.compare(tiny(), tiny().change(EASIER, name="easier"), RUNS, 4, workers=1)


@pytest.fixture
def table(result: Differences) -> pd.DataFrame:
    return result.table


def test_a_paired_difference_has_the_interval_of_its_mean() -> None:
    found = compare.paired_difference(pd.Series([0, 0, 1, 1]), pd.Series([1, 0, 1, 1]))
    half = Z95 * 0.5 / sqrt(4)
    assert (found["a"], found["b"], found["difference"]) == (0.5, 0.75, 0.25)
    assert (found["low"], found["high"]) == pytest.approx((0.25 - half, 0.25 + half))


def test_a_difference_that_is_the_same_in_every_run_is_certain() -> None:
    found = compare.paired_difference(pd.Series([False] * 5), pd.Series([True] * 5))
    assert (found["low"], found["difference"], found["high"]) == (1.0, 1.0, 1.0)


def test_one_run_alone_has_no_interval() -> None:
    found = compare.paired_difference(pd.Series([0]), pd.Series([1]))
    assert isnan(found["low"])
    assert isnan(found["high"])


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=2, max_size=40))
def test_a_difference_turns_its_sign_with_its_sides(pairs: list[tuple[bool, bool]]) -> None:
    a, b = pd.Series([pair[0] for pair in pairs]), pd.Series([pair[1] for pair in pairs])
    there, back = compare.paired_difference(a, b), compare.paired_difference(b, a)
    assert there["difference"] == pytest.approx(-back["difference"])
    assert there["low"] == pytest.approx(-back["high"])
    assert there["low"] <= there["difference"] <= there["high"]
    assert there["difference"] == pytest.approx(there["b"] - there["a"])


def test_identical_scenarios_differ_by_nothing(ensemble: Ensemble) -> None:
    same = compare.differences(ensemble, ensemble).table
    known = same[same["runs"] > 0]
    assert set(same.index) - set(known.index) <= set(compare.SIZES)
    assert not known[["difference", "low", "high"]].to_numpy().any()
    assert (known["a"] == known["b"]).all()


def test_the_same_luck_is_on_both_sides() -> None:
    result = compare.compare(tiny(), tiny().change({}), 20, 4, workers=1)
    same = result.table
    known = same[same["runs"] > 0]
    assert set(compare.EVENTS) <= set(known.index)
    assert not known[["difference", "low", "high"]].to_numpy().any()
    assert "no difference shown" in result.sentence


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
    found = compare.differences(fewer, ensemble).table
    assert not np.nan_to_num(found[["difference", "low", "high"]].to_numpy()).any()
    assert found.loc["ceasefire", "b"] == fewer.happened("ceasefire").mean()


def test_a_table_of_differences_has_a_row_a_quantity(table: pd.DataFrame) -> None:
    assert table.index.name == "quantity"
    signs = ["sign_holds", "sign_low", "sign_high", "sign_turns"]
    assert list(table.columns) == ["a", "b", "difference", "low", "high", "unit", "runs", "gain", *signs]
    assert set(table.index) == {
        *compare.EVENTS, *compare.SIZES, "outcome.blue", "outcome.reassurance", "outcome.observer", "outcome.training",
        "outcome.ceasefire_without_force", "outcome.no_ceasefire", "pledged.alba", "pledged.borea", "pledged.corvia",
    }  # fmt: skip
    outcomes = table[table.index.str.startswith("outcome.")]
    assert outcomes["a"].sum() == pytest.approx(1.0)
    assert outcomes["difference"].sum() == pytest.approx(0.0, abs=1e-12)


def test_a_comparison_names_what_it_compares(result: Differences) -> None:
    facts = {"sentence": result.sentence, "a": "tiny", "b": "easier", "runs": RUNS, "seed": 4, "design": None}
    facts |= {"of": "european", "what": "a European force"}
    assert result.facts() == facts


def test_two_ensembles_give_the_comparison_of_their_scenarios(ensemble: Ensemble, result: Differences) -> None:
    other = batch.run(tiny().change(EASIER, name="easier"), RUNS, 4, workers=1)
    again = compare.differences(ensemble, other)
    pd.testing.assert_frame_equal(again.table, result.table, check_exact=True)
    assert (again.sentence, again.facts()) == (result.sentence, result.facts())


def test_a_notebook_shows_the_sentence_and_the_table(result: Differences) -> None:
    html = result._repr_html_()
    assert html.startswith(f"<p>{result.sentence}</p>") and "<th>ceasefire</th>" in html


def test_a_ceasefire_is_likelier_where_kyiv_is_readier() -> None:
    reluctant = tiny().change({"actors.ukr.disposition": 0})
    table = compare.compare(reluctant, tiny().change(EASIER), RUNS, 4, workers=1).table
    assert float(table["low"]["ceasefire"]) > 0.0


def test_an_actor_that_one_side_lacks_counts_as_not_pledged_there() -> None:
    found = compare.compare(tiny(), tiny().change({"actors.corvia": None}), 20, 4, workers=1).table
    assert found.loc["pledged.corvia", "b"] == 0.0


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-0.1, 0.3, "no difference shown"), (0.0, 0.2, "no difference shown"), (0.05, 0.15, "is more likely")],
)
def test_the_sentence_calls_a_difference_one_only_off_zero(
    table: pd.DataFrame, low: float, high: float, verdict: str
) -> None:
    changed = table.copy()
    changed.loc["european", ["difference", "low", "high"]] = [(low + high) / 2, low, high]
    sentence = compare.sentence(changed, "one", "other", 10)
    assert verdict in sentence
    assert "a European force" in sentence


def test_the_sentence_names_both_sides_and_calls_its_interval_run_noise(result: Differences) -> None:
    assert result.sentence.startswith("Under easier rather than tiny, ")
    assert "95% run noise, 60 paired runs" in result.sentence


def test_a_less_likely_force_is_told_as_such(table: pd.DataFrame) -> None:
    changed = table.copy()
    changed.loc["european", ["difference", "low", "high"]] = [-0.2, -0.3, -0.1]
    assert "is less likely" in compare.sentence(changed, "one", "other", 10)


# --- troops and weeks, and what pairing gains -------------------------------------------------------------------------


def test_troops_and_weeks_are_compared_where_they_exist_on_both_sides() -> None:
    found = compare.paired_difference(pd.Series([1.0, 2.0, np.nan, 5.0]), pd.Series([3.0, np.nan, 4.0, 9.0]))
    assert (found["a"], found["b"], found["difference"], found["runs"]) == (3.0, 6.0, 3.0, 2)


def test_where_no_pair_exists_there_is_no_difference() -> None:
    found = compare.paired_difference(pd.Series([1.0, np.nan]), pd.Series([np.nan, 1.0]))
    assert found["runs"] == 0
    assert isnan(found["difference"])


def test_the_gain_is_the_variance_without_pairing_over_that_with_it() -> None:
    rng = np.random.default_rng(5)
    common, a, b = rng.normal(size=(3, 200_000))
    found = compare.paired_difference(pd.Series(3.0 * common + a), pd.Series(3.0 * common + b))
    assert found["gain"] == pytest.approx((10.0 + 10.0) / 2.0, rel=0.02)


def test_independent_sides_gain_nothing() -> None:
    a, b = np.random.default_rng(6).normal(size=(2, 200_000))
    assert compare.paired_difference(pd.Series(a), pd.Series(b))["gain"] == pytest.approx(1.0, rel=0.02)


def test_weeks_and_troops_carry_their_unit(table: pd.DataFrame) -> None:
    units = table["unit"].to_dict()
    assert (units["troops"], units["deployed_week"], units["european"]) == ("persons", "weeks", "share")


def test_troops_and_weeks_are_not_drawn_among_shares(result: Differences) -> None:
    names = [tick.get_text() for tick in comparison.differences(result).get_yticklabels()]
    assert not {"troops", "ceasefire week"} & set(names)


# --- the share of input sets in which a sign holds --------------------------------------------------------------------


def test_the_share_of_input_sets_is_that_of_a_known_spread_of_effects() -> None:
    """Effects of N(0.5, 1) over draws: the sign holds in Phi(0.5) = 0.6915 of them, however noisy each is measured."""
    rng = np.random.default_rng(20250303)
    draws, luck = 4_000, 10
    effect = rng.normal(0.5, 1.0, draws)
    gaps = pd.DataFrame({"x": (effect[:, None] + rng.normal(0.0, 4.0, (draws, luck))).ravel()})
    draw = np.repeat(np.arange(draws), luck)
    found = sign_shares.signs(gaps, draw, pd.Series({"x": 0.5})).loc["x"]
    assert found["sign_holds"] == pytest.approx(0.6915, abs=0.02)
    assert found["sign_low"] <= 0.6915 <= found["sign_high"]
    assert found["sign_turns"] == pytest.approx(0.3085, abs=0.02)
    assert (gaps["x"].groupby(draw).mean() > 0).mean() < 0.64


def test_an_input_set_in_which_no_run_differs_neither_holds_nor_turns_the_sign() -> None:
    gaps = pd.DataFrame({"x": [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0]})
    found = sign_shares.signs(gaps, np.repeat([0, 1, 2, 3], 2), pd.Series({"x": 0.5})).loc["x"]
    assert (found["sign_holds"], found["sign_turns"]) == (0.5, 0.0)


def test_without_a_difference_there_is_no_sign_to_hold() -> None:
    found = sign_shares.signs(pd.DataFrame({"x": [1.0, -1.0, 0.0, 0.0]}), np.array([0, 0, 1, 1]), pd.Series({"x": 0.0}))
    assert found.isna().all(axis=None)


def test_both_arms_of_the_design_have_the_same_inputs_and_luck() -> None:
    same = compare.compare(tiny(), tiny().change({}, name="same"), 20, 4, design=(3, 4), workers=1)
    assert same.table["sign_holds"].isna().all()
    assert same.design == (3, 4)


def test_a_sign_is_told_with_its_design() -> None:
    found = compare.compare(tiny(), tiny().change(EASIER, name="easier"), 40, 4, design=(5, 8), workers=1)
    row = found.table.loc["ceasefire"]
    assert 0.0 <= row["sign_low"] <= row["sign_holds"] <= row["sign_high"] <= 1.0
    assert row["sign_holds"] + row["sign_turns"] <= 1.0


def test_an_input_that_is_uncertain_on_one_side_alone_is_drawn_there_alone() -> None:
    fixed = tiny().change({"actors.ukr.disposition": 1.5, "actors.corvia": None}, name="fixed")
    found = compare.compare(tiny(), fixed, 20, 4, design=(3, 4), workers=1)
    assert float(found.table["b"]["pledged.corvia"]) == 0.0


# --- several scenarios ------------------------------------------------------------------------------------------------


def test_each_scenario_is_compared_with_the_first() -> None:
    others: list[Scenario] = [tiny().change(EASIER, name=name) for name in ("one", "two")]
    found = compare.comparisons([tiny(), *others], 20, 4, workers=1)
    assert [each.differences.b for each in found] == ["one", "two"]
    pd.testing.assert_frame_equal(found[0].differences.table, found[1].differences.table, check_exact=True)
    assert int(found[0].flows.table["runs"].sum()) == 20


def test_one_scenario_alone_is_no_comparison() -> None:
    with pytest.raises(ValueError, match="at least two scenarios"):
        compare.comparisons([tiny()], 20)


@pytest.mark.parametrize("design", [(1, 5), (5, 1), (-2, 4)])
def test_a_design_without_spread_is_refused(design: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="at least 2 draws of 2 runs"):
        compare.compare(tiny(), tiny(), 20, design=design)


def test_nought_is_a_seed_however_it_is_given() -> None:
    easier = tiny().change(EASIER)
    positional = notebook.compare(tiny(), easier, 50, 0)
    assert positional.seed == 0
    pd.testing.assert_frame_equal(positional.table, notebook.compare(tiny(), easier, runs=50, seed=0).table)
    assert notebook.compare(tiny(), easier, 50, None).seed == 1  # type: ignore[arg-type]
    with pytest.raises(TypeError, match=r"compare\(\) got multiple values for argument 'runs'"):
        notebook.compare(tiny(), easier, 50, runs=60)  # type: ignore[misc]


def test_differences_have_the_names_that_readers_call_missions_by_those_of_the_first_where_both_have_one() -> None:
    of_a, of_b = (
        batch.run(tiny().change({"missions.blue.name": name, "missions.watch.worth": worth}), 12)
        for name, worth in (("Helmets here", 0.16), ("Helmets there", 0.17))
    )
    called = {"blue": "Helmets here", "reassurance": "Reassurance force", "watch": "Observers"}
    assert dict(compare.differences(of_a, of_b).called) == called


def test_ensembles_in_the_place_of_scenarios_are_refused_by_what_they_are() -> None:
    ensemble = batch.run(tiny(), 5, workers=1)
    with pytest.raises(TypeError, match=r"a comparison plays scenarios anew, .* not ensembles"):
        notebook.compare(ensemble, ensemble)  # type: ignore[arg-type]
