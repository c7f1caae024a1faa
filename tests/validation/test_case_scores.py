"""Tests of scoring cases: worked numbers, yardsticks that are those of the README, and a verdict that is told first."""

import numpy as np
import pytest

from sim.ensemble.shares import share
from sim.reading.files import shipped_folder
from sim.validation.case_format import CodedCase, read_cases
from sim.validation.case_runs import CaseForecast
from sim.validation.case_scores import auc, brier, log_score, permuted_auc, reliability, score
from sim.validation.case_yardsticks import yardsticks

SEEDS = read_cases(shipped_folder("seeds") / "cases")


def forecast(each: CodedCase, hits: int, of: int = 100, **rivals: int) -> CaseForecast:
    own = {"as_configured": share(hits, of)} | {name: share(count, of) for name, count in rivals.items()}
    kinds = {str(kind): 0 for kind in each.case.missions} | {each.case.missions[0]: hits}
    return CaseForecast(each, share(hits, of), None, 0.5, kinds, 900.0 if hits else None, {"troops": 0.7}, own)


def came(each: CodedCase) -> bool:
    return bool(each.outcome and each.outcome.force_formed_within_52w)


def test_a_forecast_that_knows_what_came_beats_every_yardstick() -> None:
    scores = score([forecast(each, 90 if came(each) else 10) for each in SEEDS], 100)
    assert (scores.no_better_than, scores.auc, scores.scored, scores.formed) == ((), 1.0, 12, 6)
    assert scores.sentence.startswith(
        "The engine does better than every yardstick: its Brier score over 12 cases is 0.011"
    )
    assert scores.auc_p < 0.01


def test_a_forecast_that_is_no_better_says_so_first_and_names_who_is_as_good() -> None:
    scores = score([forecast(each, 50) for each in SEEDS], 100)
    assert "one_half" in scores.no_better_than
    assert scores.sentence.startswith("The engine does no better than yardsticks that know nothing of it: its Brier")
    assert "0.250 for “always one half”" in scores.sentence


def test_the_logarithmic_score_is_of_what_was_given_to_what_came() -> None:
    scores = log_score(np.array([0.2, 0.2, 0.0]), np.array([0.0, 1.0, 1.0]))
    assert scores == pytest.approx([-np.log(0.8), -np.log(0.2), -np.log(1e-12)])


def test_yardsticks_are_those_of_the_readme() -> None:
    known = [forecast(each, 50) for each in SEEDS]
    of = yardsticks(known, np.array([came(each.coded) for each in known], dtype=np.float64))
    pledged = [any(lead.stance == "pledged" for lead in each.case.leads) for each in SEEDS]
    assert {round(value, 3) for value, lead in zip(of["lead_pledged_in_sample"], pledged, strict=True) if lead} == {0.7}
    assert set(of["one_half"]) == {0.5}
    base = {came(each.coded): round(value, 4) for each, value in zip(known, of["base_rate"], strict=True)}
    assert base == {True: round(5.5 / 12, 4), False: round(6.5 / 12, 4)}


def test_no_run_or_every_run_is_smoothed_so_that_the_log_score_is_finite() -> None:
    each = forecast(SEEDS[0], 0)
    assert each.probability == pytest.approx(0.5 / 101)
    scores = score([forecast(each, 0 if came(each) else 100) for each in SEEDS], 100)
    assert np.isfinite(scores.table.loc["engine", "log"])
    assert scores.table.loc["engine", "brier"] > 0.98


def test_worked_scores() -> None:
    says, outcome = np.array([0.2, 0.8]), np.array([1.0, 1.0])
    assert brier(says, outcome).round(2).tolist() == [0.64, 0.04]
    assert log_score(says, outcome).round(3).tolist() == [1.609, 0.223]
    assert auc(np.array([0.5, 0.5]), np.array([1.0, 0.0])) == 0.5
    assert np.isnan(auc(np.array([0.5]), np.array([1.0])))


def test_the_area_by_chance_lies_around_one_half() -> None:
    says = np.linspace(0.0, 1.0, 12)
    low, high, p = permuted_auc(says, (says > 0.5).astype(np.float64), 1)
    assert 0.1 < low < 0.25
    assert 0.75 < high < 0.9
    assert p < 0.01


def test_reliability_puts_every_case_in_one_bin_the_ends_included() -> None:
    bins = reliability(np.array([0.0, 1 / 3, 0.5, 1.0]), np.array([0.0, 0.0, 1.0, 1.0]))
    assert bins["cases"].tolist() == [1, 2, 1]
    assert bins["formed"].tolist() == [0.0, 0.5, 1.0]


def test_each_rival_that_all_cases_share_is_scored_as_well() -> None:
    scores = score([forecast(each, 50, no_learning=90 if came(each) else 10) for each in SEEDS], 100)
    assert scores.table.loc["no_learning", "brier"] < scores.table.loc["engine", "brier"]
    assert scores.table.loc["as_configured", "brier"] == scores.table.loc["engine", "brier"]


def test_a_case_whose_outcome_is_not_known_is_forecast_and_not_scored() -> None:
    unknown = CodedCase(case=SEEDS[0].case, outcome=None)
    scores = score([forecast(unknown, 50), *(forecast(each, 50) for each in SEEDS[1:])], 100)
    assert scores.scored == 11
    assert scores.cases["formed"].iloc[0] is None
    alone = score([forecast(unknown, 50)], 100)
    assert (alone.scored, alone.table.empty) == (0, True)
    assert alone.sentence.endswith("50.0%; 0 with a known outcome, too few to score.")
