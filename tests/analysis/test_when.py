"""Tests of boxes: one that was planted is found, limits are told in the config's words, chance makes none."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim.analysis.when import AT_LEAST, AT_MOST, ONE_OF, wanted_density, when, words_of
from sim.ensemble import Ensemble
from sim.ensemble.results import Box
from sim.plots.when import limits, tradeoff
from tests.runs import make_runs

pytestmark = pytest.mark.slow

CONFIG: dict[str, Any] = {
    "cap": {"low": 0, "high": 1, "assumption": "made up"},
    "mood": {"low": 0, "high": 10, "assumption": "made up"},
    "stance": {"opposed": 0.25, "hesitant": 0.25, "open": 0.25, "pledged": 0.25, "assumption": "made up"},
    **{f"other{at}": {"low": 0, "high": 1} for at in range(3)},
}


def ensemble(planted: bool, runs: int = 4_000) -> Ensemble:
    """Return runs in which a European force comes about in 8 of 10 runs of a box, and in 1 of 20 elsewhere."""
    rng = np.random.default_rng(3)
    inputs = pd.DataFrame({"run": np.arange(runs), "cap": rng.random(runs), "mood": 10 * rng.random(runs)})
    inputs["stance"] = rng.integers(0, 4, runs).astype(float)
    for at in range(3):
        inputs[f"other{at}"] = rng.random(runs)
    inside = (inputs["cap"] > 0.6) & (inputs["mood"] < 5.0) & (inputs["stance"] >= 2.0)
    came = rng.random(runs) < (np.where(inside, 0.8, 0.05) if planted else np.full(runs, 0.2))
    nothing = dict.fromkeys(("ceasefire_week", "observer_week", "training_week", "troops", "european_troops", "states"))
    weeks = [20.0 if each else None for each in came]
    rows = [
        {"run": run, "outcome": "x", "deployed_week": week, "european_week": week, **nothing}
        for run, week in enumerate(weeks)
    ]
    about = {"scenario": "made_up", "seed": 7, "config": CONFIG, "horizon_weeks": 52, "groups": {}, "runs": runs}
    return Ensemble(make_runs(rows), inputs, pd.DataFrame(), about)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    """Return the box found, sought again five times instead of ten."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.analysis.when.RESAMPLES", 5)
        yield when(ensemble(planted=True), density=0.7)


def test_every_search_is_counted_as_it_is_done() -> None:
    counted: list[int] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sim.analysis.when.RESAMPLES", 2)
        when(ensemble(planted=True, runs=1_000), density=0.7, progress=counted.append)
    assert counted == [1, 1, 1]


def limit(box: Box, path: str, side: str) -> pd.Series:
    table = box.limits
    return table[(table["input"] == path) & (table["side"] == side)].iloc[0]


def test_a_planted_box_is_found_with_its_limits(box: Box) -> None:
    assert limit(box, "cap", AT_LEAST)["value"] == pytest.approx(0.6, abs=0.1)
    assert limit(box, "mood", AT_MOST)["value"] == pytest.approx(5.0, abs=1.0)
    assert set(limit(box, "stance", ONE_OF)["limit"].split(" or ")) >= {"open", "pledged"}
    assert not box.limits["input"].str.startswith("other").any()


def test_limits_that_are_real_come_again_in_resamples_and_are_no_chance(box: Box) -> None:
    for path, side in (("cap", AT_LEAST), ("mood", AT_MOST)):
        row = limit(box, path, side)
        assert row["p"] < 0.001 and row["reproduced"] >= 0.8
        assert row["again_low"] <= row["again_high"]


def test_coverage_and_density_are_measured_in_runs_that_had_no_part_in_finding_the_box(box: Box) -> None:
    about = box
    assert about.base == pytest.approx(0.05 + 0.1 * 0.75, abs=0.02)
    assert about.density.probability > 0.6
    assert about.coverage.probability > 0.5
    assert about.density.low < about.density.probability < about.density.high


def test_a_box_is_told_in_a_sentence_in_the_words_of_the_config(box: Box) -> None:
    told = box.sentence
    assert told.startswith("Where ") and "stance is one of " in told and "cap is at least 0." in told
    assert "a European force comes about in" in told and "4,000 runs" in told


def test_the_box_chosen_covers_most_of_those_dense_enough(box: Box) -> None:
    path = box.tradeoff
    chosen = path[path["chosen"]].iloc[0]
    dense = path[path["density"] >= 0.7]
    assert chosen["coverage"] == dense["coverage"].max()


def test_where_nothing_matters_no_limit_comes_again_in_all_resamples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.when.RESAMPLES", 4)
    found = when(ensemble(planted=False))
    assert found.limits.empty or (found.limits["reproduced"] < 1.0).any()
    about = found
    assert about.density.low <= about.base + 0.05


def test_by_default_a_box_is_to_be_twice_as_dense_as_the_average() -> None:
    assert (wanted_density(0.2), wanted_density(0.9)) == (0.4, 0.95)


def test_figures_say_what_the_box_holds(box: Box) -> None:
    density = box.density.probability
    assert f"{density:.0%} of runs inside this box" in limits(box).get_title()
    assert "box chosen holds" in tradeoff(box).get_title()


def test_a_choice_is_told_from_a_number() -> None:
    assert words_of(CONFIG, "stance") == ("opposed", "hesitant", "open", "pledged")
    assert words_of(CONFIG, "cap") == ()


def test_what_always_or_never_comes_about_has_no_circumstances() -> None:
    with pytest.raises(ValueError, match="no circumstances to tell apart"):
        when(ensemble(planted=True), "ceasefire")


def test_too_few_runs_are_refused() -> None:
    with pytest.raises(ValueError, match=r"at least 1,000 runs, this ensemble has 300"):
        when(ensemble(planted=True, runs=300))
