"""Tests of the backtest: rules on issues with known answers, scores, intervals, the command, and the published data."""

import json
import os
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

import sim
from sim.cli import app
from sim.ensemble.results import Backtest
from sim.plots import backtest as plots
from sim.plots.style import title_of
from sim.reading.errors import InputError
from sim.validation import backtest, decision_table, scoring, settlements
from sim.validation.decision_table import Issue
from tests.bars import bar_of

HERE = Path(__file__).parents[1]
TABLE = HERE / "data" / "issues.csv"
PUBLISHED = Path(os.environ.get("SIM_PUBLISHED") or HERE.parents[1] / "shared" / "data" / "published")
DEU = PUBLISHED / "deu3_open.csv"
needs_the_data = pytest.mark.skipif(
    not DEU.is_file(), reason="deu3_open.csv is not there; SIM_PUBLISHED names its folder"
)
SHAPE = {
    "mae", "mae_low", "mae_high", "median_ae", "within10", "crps", "coverage50", "width50", "coverage80", "width80",
    "difference", "difference_low", "difference_high", "issues", "proposals",
}  # fmt: skip


def issue(places: list[float], weights: list[float] | None = None, reference: float | None = 0.0) -> Issue:
    """An issue of full salience; ``weights`` are then its actors' power x salience, times 100."""
    power = weights or [1.0] * len(places)
    names = [f"actor {at}" for at in range(len(places))]
    return Issue("made up", "made up", names, places, [100.0] * len(places), power, reference, 50.0)


@pytest.fixture(scope="module")
def result() -> Backtest:
    return sim.backtest(TABLE)


@pytest.fixture(scope="module")
def scores(result: Backtest) -> pd.DataFrame:
    return result.table


def points(where: Issue) -> dict[str, float]:
    settled = {rule: forecast(where) for rule, forecast in settlements.POINTS.items()}
    return settled | {"leverage": float(np.median(settlements.leverage(where)))}


def test_all_rules_agree_with_unanimity() -> None:
    assert points(issue([30.0] * 4)) == pytest.approx(dict.fromkeys(settlements.RULES, 30.0), abs=1e-3)


def test_a_dictator_decides_by_every_rule_that_counts_weight() -> None:
    settled = points(issue([0.0, 70.0, 100.0], [0.0, 1.0, 0.0]))
    unweighted = ("mean", "median", "challenge", "challenge_text", "leverage")
    assert {rule: settled[rule] for rule in settled if rule not in unweighted} == pytest.approx(
        {rule: 70.0 for rule in settled if rule not in unweighted}, abs=1e-3
    )
    assert (settled["mean"], settled["median"], settled["leverage"]) == pytest.approx((170 / 3, 70.0, 70.0))


def test_two_actors_settle_as_each_rule_says() -> None:
    settled = points(issue([0.0, 100.0], [3.0, 1.0], reference=50.0))
    assert settled["weighted_mean"] == settled["condorcet"] == 25.0
    assert settled["mean"] == settled["median"] == 50.0
    assert settled["weighted_median"] == 0.0
    assert settled["kalai_smorodinsky"] == pytest.approx(50.0, abs=1e-3)
    assert settled["nash"] == pytest.approx(0.0, abs=1e-3)  # 3 (50 + x) > 150 - x on the whole way


def test_a_median_between_two_is_midway_whichever_end_is_counted_from() -> None:
    assert settlements.median(issue([0.0, 40.0, 60.0, 100.0])) == 50.0
    assert settlements.weighted_median(issue([0.0, 40.0, 100.0], [2.0, 1.0, 1.0])) == 20.0


def test_influence_is_the_rule_of_the_model_at_rest() -> None:
    """Two actors of salience 50: x = 0.8 * 0 + 0.2 y and y = 0.8 * 100 + 0.2 x."""
    two = Issue("two", "p", ["a", "b"], [0.0, 100.0], [50.0, 50.0], [1.0, 3.0], None, 0.0)
    y = 80.0 / (1.0 - 0.2 * 0.2)
    assert settlements.positions_at_rest(two) == pytest.approx([0.2 * y, y], abs=1e-4)


def test_others_without_weight_pull_nobody() -> None:
    one = Issue("one", "p", ["a", "b"], [0.0, 100.0], [50.0, 0.0], [1.0, 1.0], None, 0.0)
    assert settlements.positions_at_rest(one) == [0.0, 60.0]


def test_who_cares_wholly_is_not_moved() -> None:
    assert settlements.positions_at_rest(issue([0.0, 30.0, 100.0])) == [0.0, 30.0, 100.0]


@given(st.lists(st.tuples(st.floats(0.0, 100.0), st.floats(0.0, 100.0), st.floats(0.0, 9.0)), min_size=1, max_size=5))
def test_leverage_stays_within_the_range_of_places(actors: list[tuple[float, float, float]]) -> None:
    places, salience, power = (list(each) for each in zip(*actors, strict=True))
    names = [str(at) for at in range(len(places))]
    drawn = settlements.leverage(Issue("any", "p", names, places, salience, power, None, 0.0))
    assert drawn.shape == (settlements.DRAWS,)
    assert min(places) - 1e-6 <= drawn.min() <= drawn.max() <= max(places) + 1e-6


def test_leverage_is_the_same_whatever_else_is_in_the_table() -> None:
    first, *_ = decision_table.read(TABLE).issues
    assert settlements.leverage(first).tolist() == settlements.leverage(first).tolist()
    assert settlements.leverage(first).tolist() != settlements.leverage(first._replace(id="other")).tolist()


def test_the_expected_settlement_of_leverage_lies_with_the_stronger() -> None:
    assert settlements.leverage(issue([0.0, 100.0], [9.0, 1.0])).mean() < 40.0


def test_a_rule_that_needs_a_reference_point_says_so() -> None:
    with pytest.raises(ValueError, match="has no reference point"):
        settlements.nash(issue([0.0, 1.0], reference=None))


def test_the_crps_of_a_sample_is_that_of_its_definition() -> None:
    sample = np.array([10.0, 80.0, 30.0])
    spread = np.abs(sample[:, None] - sample).mean() / 2
    assert scoring.crps(sample, 25.0) == pytest.approx(np.abs(sample - 25.0).mean() - spread)


@given(st.lists(st.floats(0.0, 100.0), min_size=1, max_size=20), st.floats(0.0, 100.0))
def test_a_crps_is_never_below_zero_and_never_above_the_mean_error(sample: list[float], outcome: float) -> None:
    error = float(np.abs(np.array(sample) - outcome).mean())
    assert -1e-9 <= scoring.crps(np.array(sample), outcome) <= error + 1e-9


def test_a_point_rule_learns_its_spread_from_other_proposals_alone() -> None:
    where = np.array([10.0, 50.0, 90.0]), np.array([20.0, 50.0, 60.0])
    samples = scoring.residual_samples(*where, pd.Series(["p", "q", "p"]), 0.0, 100.0)
    assert [sample.tolist() for sample in samples] == [[10.0], [60.0, 20.0], [90.0]]
    within = scoring.residual_samples(*where, pd.Series(["p", "q", "p"]), 15.0, 55.0)
    assert [sample.tolist() for sample in within] == [[15.0], [55.0, 20.0], [55.0]]


def test_resampling_draws_whole_proposals() -> None:
    table = pd.DataFrame({"error": [0.0, 0.0, 10.0, 10.0]})
    means = scoring.resampled_means(table, pd.Series(["p", "p", "q", "q"]), 500, 1)
    assert set(means.ravel()) == {0.0, 5.0, 10.0}


def test_a_proposal_counts_by_its_issues() -> None:
    table = pd.DataFrame({"error": [0.0, 9.0, 9.0]})
    means = scoring.resampled_means(table, pd.Series(["p", "q", "q"]), 500, 1)
    assert set(means.ravel().round(9)) == {0.0, 6.0, 9.0}


def test_the_parts_are_fixed_by_the_name_of_the_proposal() -> None:
    parts = {name: backtest.part_of(name) for name in ("ferry", "grain", "locks", "tolls")}
    assert parts == {"ferry": "judge", "grain": "judge", "locks": "fit", "tolls": "judge"}


def test_every_rule_is_scored_beside_the_weighted_mean_on_the_same_issues(scores: pd.DataFrame) -> None:
    assert list(scores.index) == list(settlements.RULES)
    assert scores["issues"].to_dict() == {
        rule: 4 if rule in settlements.NEED_A_REFERENCE else 6 for rule in scores.index
    }
    assert (scores["mae"] - scores["base_mae"] - scores["difference"]).abs().max() < 1e-9
    assert (scores["mae"].between(scores["mae_low"], scores["mae_high"])).all()


def test_the_error_of_the_weighted_mean_is_the_mean_of_its_errors(scores: pd.DataFrame) -> None:
    table = pd.read_csv(TABLE)
    table["weight"] = table["salience"] * table["council_power"]
    errors = [
        abs(np.average(rows["position"], weights=rows["weight"]) - rows["outcome"].iloc[0])
        for _, rows in table.groupby("issue_id")
    ]
    assert scores.at["weighted_mean", "mae"] == pytest.approx(np.mean(errors))
    assert scores.at["weighted_mean", "median_ae"] == pytest.approx(np.median(errors))


def test_the_same_seed_gives_the_same_intervals(scores: pd.DataFrame) -> None:
    again = sim.backtest(TABLE, ["median"]).table
    assert again.loc["median"].to_dict() == scores.loc["median"].to_dict()
    assert list(again.index) == ["weighted_mean", "median"]


def test_the_sentence_says_what_is_shown_and_what_is_not(result: Backtest) -> None:
    assert result.sentence.startswith("On 6 issues of 4 proposals, the weighted mean misses by 10.0 points")
    assert "no difference shown for" in result.sentence


def test_a_part_holds_its_proposals_alone() -> None:
    assert sim.backtest(TABLE, ["mean"], part="judge").issues == 4


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"rules": ["medain"]}, "no rule 'medain'; did you mean 'median'"), ({"part": "half"}, "no part 'half'"),
        ({"resamples": 0}, "at least 1 resample"),
    ],
)  # fmt: skip
def test_what_is_not_allowed_is_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.backtest(TABLE, **options)


def test_with_one_proposal_a_point_rule_has_no_distribution() -> None:
    alone = sim.backtest(TABLE, ["mean", "leverage"], part="fit").table
    assert np.isnan(alone.at["mean", "crps"])
    assert alone.at["leverage", "crps"] > 0.0


def test_a_faulty_table_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text("issue_id\n1\n", encoding="utf-8")
    with pytest.raises(InputError, match="missing column"):
        sim.backtest(path)


def command(*words: str) -> Result:
    return CliRunner().invoke(app, ["backtest", *words])


def test_the_command_prints_one_object_of_the_agreed_shape() -> None:
    printed = json.loads(command(str(TABLE), "--json").stdout)
    assert (printed["issues"], printed["proposals"], list(printed["rules"])) == (6, 4, list(settlements.RULES))
    assert all(set(row) >= SHAPE for row in printed["rules"].values())


def test_the_bar_of_the_command_ends_where_its_rules_do() -> None:
    with bar_of("sim.cli.backtest") as bar:
        done = command("--rule", "mean", "--rule", "nash", str(TABLE), "--resamples", "5")
    assert done.exit_code == 0
    assert (bar.total, bar.steps) == (3, [1, 1, 1])


def test_the_command_has_null_for_what_is_not_known() -> None:
    printed = json.loads(command(str(TABLE), "--json", "--part", "fit", "--rule", "mean").stdout)
    assert printed["rules"]["mean"]["crps"] is None


def test_the_command_begins_with_a_sentence_and_fits_a_terminal() -> None:
    first, _, *table = command(str(TABLE)).stdout.splitlines()
    assert first.startswith("On 6 issues of 4 proposals")
    assert "…" not in "".join(table)


def test_the_command_leaves_with_2_and_a_line_for_wrong_input(tmp_path: Path) -> None:
    path = tmp_path / "bad.csv"
    path.write_text(TABLE.read_text("utf-8").replace("0,80,100", "abc,180,100", 1), encoding="utf-8")
    for words, message in (
        ((str(path),), ":2:4: position: 'abc' is not a number"),
        ((str(TABLE), "--rule", "x"), "no rule 'x'"),
        ((str(TABLE), "--column", "position"), "--column: 'position' is not NAME=COLUMN"),
        (("nowhere.csv",), "cannot be read"),
    ):
        result = command(*words)
        assert (result.exit_code, message in result.stderr, result.stdout) == (2, True, "")


def test_the_plot_has_a_row_a_rule_and_says_its_title_as_a_finding(result: Backtest) -> None:
    axes = plots.errors(result)
    assert len(axes.get_yticklabels()) == len(settlements.RULES)
    assert title_of(axes) == "No rule is shown to err less than the weighted mean"


@pytest.mark.slow
@needs_the_data
def test_published_decisions_are_scored_as_published_and_soon() -> None:
    began = time.process_time()
    result = sim.backtest(DEU)
    assert time.process_time() - began < 30.0
    assert (result.issues, result.proposals) == (173, 64)
    assert result.table.at["weighted_mean", "mae"] == pytest.approx(23.14, abs=0.005)
    assert result.table.at["nash", "issues"] == 122


@needs_the_data
def test_leverage_does_no_worse_than_the_weighted_mean_on_issues_it_was_not_fitted_on() -> None:
    scores = sim.backtest(DEU, ["leverage"], part="judge").table
    assert scores.at["leverage", "difference_high"] < 0.0
    assert scores.at["leverage", "crps_difference_high"] < 0.0
    assert scores.at["leverage", "coverage80_low"] <= 0.8 <= scores.at["leverage", "coverage80_high"]
