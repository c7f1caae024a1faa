"""Tests of history matching: a made-up world whose answer is known, noise, refusals, and the shipped baseline."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis import match_tables, match_waves, refocusing, target_quantities
from sim.analysis.match_waves import implausibility, matched, sample
from sim.analysis.matching import match
from sim.batch.input_design import InputDesign, read_design
from sim.ensemble.match_result import Match
from sim.evidence import Targets, load_targets
from sim.scenario.scenario import Scenario
from tests.worlds import baseline, tiny

SMALL: dict[str, Any] = {"draws": 80, "luck": 32, "waves": 2, "keep": 0, "runs": 1024, "workers": 1}
BREAKS = "rules.truce.break_hazard"


def wide(**more: Any) -> Scenario:
    """Return the tiny world with a rate of breaks that is unknown, from next to none to four in a hundred a week."""
    spread = {"low": 0.0001, "high": 0.04, "assumption": "made up to be wide"}
    return tiny().change({BREAKS: spread, "rules.truce.break_regret": 0.0, **more}, name="wide", assumption="made up")


def about(quantity: str, low: float, likely: float, high: float, sd: float = 0.05) -> Targets:
    """Return one target on a quantity."""
    text = f"""\
cases: {{actors.*.disposition: made up, common.*: made up}}
targets:
  one:
    says: made up
    quantity: {quantity}
    published: {{low: {low}, likely: {likely}, high: {high}}}
    discrepancy: {{sd: {sd}, because: made up}}
    sources: [none]
    reading: made up
    caveat: made up
"""
    return parse(text)


def parse(text: str) -> Targets:
    with tempfile.TemporaryDirectory() as aside:
        path = Path(aside) / "targets.yaml"
        path.write_text(text, encoding="utf-8")
        return load_targets(path)


def test_a_target_on_breaks_rules_out_the_half_of_the_range_that_breaks_too_often() -> None:
    low = about("truce_break_rate", 0.0002, 0.0004, 0.0008, 0.1)
    result = match(wide(), low, **{**SMALL, "draws": 120, "luck": 100, "waves": 3})
    assert 0 < result.left < 0.6 * result.draws
    assert result.learnt.index[0] == BREAKS
    first = result.learnt.iloc[0]
    assert first["distance"] > first["noise"]
    assert first["median_after"] < 0.6 * first["median_before"]
    assert first["high_after"] < 0.75 * first["high_before"]
    assert result.learnt["distance"].iloc[1] < first["distance"]


def test_a_target_that_fits_everything_rules_out_nothing_and_teaches_nothing() -> None:
    result = match(wide(), about("truce_break_rate", 1e-6, 0.01, 100.0), **SMALL)
    assert result.left == result.draws
    assert result.learnt_beyond_noise.empty
    assert "no target alone rules any out" in result.sentence


def test_a_target_that_rules_out_everything_is_refused_and_nothing_is_written(tmp_path: Path) -> None:
    never = about("truce_break_rate", 40.0, 50.0, 60.0)
    with pytest.raises(ValueError, match="no draw of the inputs is left after wave 1; ruled out by: one 100%"):
        match(wide(), never, out=tmp_path / "plausible", **SMALL)
    assert list(tmp_path.iterdir()) == []


def test_too_few_runs_rule_out_nothing_that_many_would() -> None:
    """A rate of breaks five times too high: sure after a thousand weeks of truce, not after ten."""
    target = about("truce_break_rate", 0.005, 0.01, 0.02).by_id
    weeks = np.array([10.0, 100.0, 10_000.0])
    counts = pd.DataFrame({"bare_breaks": 0.05 * weeks, "bare_weeks": weeks})
    far = implausibility(target, counts)[:, 0]
    assert far[0] < 3.0 < far[2] and (np.diff(far) > 0.0).all()


def test_runs_that_say_nothing_rule_out_nothing() -> None:
    nothing = pd.DataFrame({column: [0.0] for each in target_quantities.QUANTITIES.values() for column in each.columns})
    for name in target_quantities.QUANTITIES:
        share = name in sim.evidence.SHARES
        target = about(name, *((0.9, 0.95, 1.0) if share else (90.0, 95.0, 100.0)), sd=0.0).by_id
        assert implausibility(target, nothing).tolist() == [[0.0]]


def test_implausibility_is_a_distance_in_standard_deviations_of_all_three_variances() -> None:
    target = about("terms_dictated", 0.1, 0.2, 0.3, sd=0.1).by_id
    counts = pd.DataFrame({"dictated": [40.0], "begun": [80.0]})
    share = 40.5 / 81.0
    spread = (0.2 / 3.92) ** 2 + 0.1**2 + share * (1 - share) / 82.0
    assert implausibility(target, counts)[0, 0] == pytest.approx((share - 0.2) / np.sqrt(spread), rel=1e-3)


def test_the_same_seed_gives_the_same_bytes_and_another_one_others(tmp_path: Path) -> None:
    targets = about("truce_break_rate", 0.0002, 0.001, 0.004)
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        match(wide(), targets, seed=seed, out=tmp_path / name, **{**SMALL, "keep": 100})
    a, b, c = (
        [(tmp_path / name / file).read_bytes() for file in ("quantiles.parquet", "design.json")] for name in "abc"
    )
    assert a == b and a[0] != c[0]


def test_inputs_that_differ_between_cases_are_not_matched() -> None:
    rows = matched(tiny(), {"actors.*.disposition": "", "common.*": ""})
    assert not [path for path in rows if path.endswith(".disposition") or path.startswith("common.")]
    assert "actors.borea.handover.week" in rows
    with pytest.raises(ValueError, match="nothing is left to match"):
        matched(tiny(), {"*": ""})


def test_draws_fill_the_range_of_every_input_evenly() -> None:
    rows = sample(matched(tiny(), {}), 32, 5)
    for path in rows:
        assert sorted((rows[path] * 32).astype(int)) == list(range(32))


def test_no_two_runs_of_a_match_share_their_luck_and_none_is_of_an_ensemble(monkeypatch: pytest.MonkeyPatch) -> None:
    luck: list[int] = []
    play = match_waves.weekly_runs

    def heard(scenario: Scenario, rows: pd.DataFrame, runs: int, first: int, *args: Any, **options: Any) -> Any:
        luck.extend(range(first, first + len(rows) * runs))
        return play(scenario, rows, runs, first, *args, **options)

    monkeypatch.setattr(match_waves, "weekly_runs", heard)
    match(wide(), about("truce_break_rate", 0.0002, 0.001, 0.004), **{**SMALL, "waves": 3, "keep": 100})
    assert len(set(luck)) == len(luck) and min(luck) > sim.batch.MOST_RUNS


def test_counts_of_weeks_are_those_of_the_weeks_played() -> None:
    ensemble = sim.run(wide(), 64, 3, keep=("weekly",), workers=1)
    counted = target_quantities.counts(ensemble, np.arange(64), ["reassurance"])
    weeks = ensemble.weekly
    assert weeks is not None
    by_run = weeks.groupby("run")
    assert counted["begun"].tolist() == ensemble.runs["truces"].tolist()
    lost = counted["bare_breaks"] + counted["force_breaks"]
    assert (lost.to_numpy() >= by_run["broken"].last().to_numpy()).all() and lost.sum() > 0
    bare = weeks[(weeks["truce"] > 0) & (weeks["force"] == "none") & (weeks["week"] < weeks["week"].max())]
    assert counted["bare_weeks"].sum() == len(bare)


def test_a_target_that_looks_further_than_the_horizon_is_refused() -> None:
    with pytest.raises(ValueError, match="one looks at 52 weeks, and wide has 16"):
        match(wide(), about("ceasefire_year", 0.1, 0.2, 0.3), **SMALL)


@pytest.mark.parametrize(("name", "value"), [("draws", 3), ("luck", 1), ("waves", 0), ("waves", 11), ("keep", -1)])
def test_a_number_out_of_range_is_refused(name: str, value: int) -> None:
    with pytest.raises(ValueError, match=f"{name} must be between"):
        match(wide(), about("truce_break_rate", 0.1, 0.2, 0.3), **{**SMALL, name: value})


def test_targets_that_no_draw_passes_together_are_in_conflict() -> None:
    passes = pd.DataFrame({"a": [True] * 50 + [False] * 50, "b": [False] * 50 + [True] * 50, "c": [True, False] * 50})
    table = match_tables.conflicts(passes).set_index(["target", "given"])
    assert table.loc[("a", "b"), "lift"] == 0.0 and table.loc[("a", "b"), "beyond_noise"]
    assert table.loc[("a", "c"), "lift"] == 1.0 and not table.loc[("a", "c"), "beyond_noise"]


def test_the_depth_of_two_inputs_counts_every_draw_once_and_shows_the_half_that_is_left() -> None:
    rows = pd.DataFrame(np.random.default_rng(1).random((500, 2)), columns=["x", "y"])
    table = match_tables.depth(rows, np.flatnonzero(rows["x"] < 0.4), ["x", "y"])
    assert table["draws"].sum() == 500
    assert (table[table["column"] < 2]["share"] == 1.0).all() and (table[table["column"] >= 2]["share"] == 0.0).all()


def test_the_noise_of_the_forecast_counts_a_draws_runs_together() -> None:
    cluster = np.repeat(np.arange(20), 50)
    values = pd.Series(np.repeat([0.0, 1.0], 500))
    together, apart = match_tables._half_width(values, cluster), match_tables._half_width(values, np.arange(1000))
    assert together == pytest.approx(apart * np.sqrt(50), rel=0.05)


LOW = about("truce_break_rate", 0.0002, 0.0004, 0.0008, 0.1)
ANEW: dict[str, Any] = {**SMALL, "draws": 120, "luck": 100, "keep": 120, "runs": 200}


class Kept(NamedTuple):
    """A match that keeps what its sample leaves, and one that draws anew, each with the draws that it keeps."""

    few: Match
    first: pd.DataFrame
    anew: Match
    every: InputDesign


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    first, every = (tmp_path_factory.mktemp("match") / name for name in ("first", "every"))
    few, anew = match(wide(), LOW, out=first, **{**ANEW, "keep": 0}), match(wide(), LOW, out=every, **ANEW)
    return Kept(few, read_design(first).quantiles, anew, read_design(every))


def test_draws_are_made_anew_until_as_many_are_kept_as_asked_for(kept: Kept) -> None:
    few, anew = kept.few, kept.anew
    assert few.kept == few.left < 120 <= anew.kept == anew.left + anew.rounds["left"].sum()
    pd.testing.assert_frame_equal(few.waves, anew.waves)  # what the targets leave is told of the first sample
    assert len(kept.every.quantiles.drop_duplicates()) == anew.kept
    assert kept.every.about["draws"] == 120 + anew.rounds["draws"].sum()
    assert f"{anew.kept} are kept" in anew.sentence and "are kept" not in few.sentence


def test_what_was_learnt_is_drawn_anew_inside_what_is_left_and_all_else_from_its_prior(kept: Kept) -> None:
    first, every, ranges = kept.first, kept.every.quantiles, kept.every.about["ranges"]
    pd.testing.assert_frame_equal(every.iloc[: len(first)], first)
    assert list(ranges) == [BREAKS]
    low, high = ranges[BREAKS].values()
    anew = every.iloc[len(first) :]
    assert anew[BREAKS].between(low, high).all() and low < first[BREAKS].min() and first[BREAKS].max() < high < 0.5
    others = anew.drop(columns=BREAKS)
    assert (others.max() > 0.9).all() and (others.min() < 0.1).all()


def test_drawing_anew_keeps_a_larger_share_than_the_prior_does_and_the_same_shape(kept: Kept) -> None:
    """Kept is the prior inside what is left: a sample large enough without new draws has the same quantiles."""
    large = match(wide(), LOW, **{**ANEW, "draws": 400, "keep": 0})
    assert kept.anew.rounds["share"].iloc[0] > kept.anew.waves["share"].iloc[-1]
    one, other = kept.anew.learnt.loc[BREAKS], large.learnt.loc[BREAKS]
    assert one["distance"] == pytest.approx(other["distance"], abs=0.08)
    assert one["median_after"] == pytest.approx(other["median_after"], rel=0.25)


def test_a_match_that_keeps_fewer_draws_than_asked_for_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(refocusing, "AT_MOST", 20)
    monkeypatch.setattr(refocusing, "ROUNDS", 2)
    result = match(wide(), LOW, **{**ANEW, "runs": 128})
    assert result.rounds["draws"].tolist() == [20, 20] and result.kept < 120
    assert f"{result.kept} are kept, fewer than the 120 asked for." in result.sentence


def test_the_forecast_on_plausible_inputs_is_that_of_runs_on_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "plausible"
    result = match(wide(), about("truce_break_rate", 0.0002, 0.001, 0.004), seed=4, out=folder, **SMALL)
    again = sim.run(wide(), SMALL["runs"], 4, plausible=folder, workers=1)
    every = sim.run(wide(), SMALL["runs"], 4, workers=1)
    for ensemble, column in ((again, "plausible"), (every, "all_inputs")):
        share = ensemble.share("ceasefire")
        assert share is not None and share.probability == result.forecast[column]["ceasefire"]
    assert len(read_design(folder).quantiles) == result.left


def test_the_baseline_is_matched_with_the_targets_that_ship() -> None:
    result = match(baseline(), draws=24, luck=48, waves=2, keep=0, runs=512, workers=1)
    assert 0 < result.left <= 24 and len(result.table) == len(load_targets().by_id)
    assert result.table["survives"].between(0, 1).all()
    assert (result.table["survives_low"] <= result.table["survives"]).all()
    assert result.table.loc["ceasefire_year", "model"] == pytest.approx(0.29, abs=0.08)
    assert result.matched > 100 and not result.learnt.index.str.endswith(".disposition").any()
    assert "Of 24 draws of the inputs" in result.sentence and "<table" in result._repr_html_()
    with pytest.raises(AttributeError):
        result.left = 3  # type: ignore[misc]
    assert replace(result, left=1).left == 1
