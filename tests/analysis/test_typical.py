"""The most typical run of an outcome and the most surprising, with known answers in made-up tables."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.typical_runs import correlation_ratios, likelihoods, standardise, surprising, typical
from sim.ensemble import Ensemble
from tests import worlds


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sim.run(worlds.tiny(), 600, seed=4)


def test_the_run_in_the_middle_of_its_outcome_is_the_most_typical(ensemble: Ensemble) -> None:
    runs = ensemble.runs.head(5).assign(outcome="no_ceasefire", concession=[0.0, 0.1, 0.5, 0.8, 1.0])
    for name in runs.columns.drop(["run", "outcome", "concession"]):
        runs[name] = runs[name].iloc[0]
    ranking = typical(Ensemble(runs, None, ensemble.actors, ensemble.manifest), "no_ceasefire")
    found = ranking.table
    assert ranking.first == found["run"].iloc[0] == 2 and found["distance"].iloc[0] == 0.0
    assert "run 2 is the most typical" in ranking.sentence


def test_a_typical_run_has_its_outcome(ensemble: Ensemble) -> None:
    for outcome, count in ensemble.outcomes().items():
        if count:
            found = typical(ensemble, outcome).table
            assert len(found) == count and set(found["outcome"]) == {outcome}
            assert found["distance"].is_monotonic_increasing


def test_a_week_that_never_came_lies_beyond_the_latest() -> None:
    runs = pd.DataFrame(
        {"run": [0, 1, 2], "deployed_week": pd.array([4.0, 8.0, None], dtype="Float64"), "mission": list("abc")}
    )
    found = standardise(runs)
    assert found.shape == (3, 1) and found[2, 0] == found.max() and abs(found[:, 0].mean()) < 1e-12


def test_the_likelihood_of_an_outcome_is_its_share_among_neighbours() -> None:
    places = np.repeat([[0.0], [1.0]], [40, 40], axis=0) + np.linspace(0, 0.1, 80)[:, None]
    groups = np.repeat([0, 1], [40, 40])
    groups[5] = 1
    found = likelihoods(places, groups, neighbours=20)
    assert found.argmin() == 5 and found[5] == pytest.approx(0.5 / 21) and found[60] == pytest.approx(20.5 / 21)


def test_a_planted_stray_is_the_most_surprising(ensemble: Ensemble) -> None:
    rng = np.random.default_rng(1)
    size = len(ensemble)
    drawn = rng.uniform(size=size)
    runs = ensemble.runs.assign(outcome=np.where(drawn > 0.5, "reassurance", "no_ceasefire"))
    stray = int(np.argmax(drawn))
    runs.loc[stray, "outcome"] = "no_ceasefire"
    inputs = pd.DataFrame({"run": runs["run"], "matters": drawn, **{f"x{k}": rng.uniform(size=size) for k in range(3)}})
    ranking = surprising(Ensemble(runs, inputs, ensemble.actors, ensemble.manifest), "no_ceasefire")
    found = ranking.table
    assert stray in found["run"].head(3).tolist() and found["likelihood"].iloc[0] < 0.1
    assert ranking.inputs[0] == "matters"


def test_inputs_that_part_the_outcomes_come_first() -> None:
    groups = np.repeat([0, 1, 2], 50)
    noise = np.random.default_rng(3).normal(size=150)
    found = correlation_ratios(np.column_stack([groups * 1.0, groups + noise, noise]), groups)
    assert found[0] == pytest.approx(1.0) and 1.0 > found[1] > 0.2 > found[2]


def test_what_cannot_be_asked_is_told(ensemble: Ensemble) -> None:
    with pytest.raises(ValueError, match="'peace' is not an outcome; allowed: blue"):
        typical(ensemble, "peace")
    with pytest.raises(ValueError, match="is not an outcome"):
        surprising(ensemble, "peace")
    with pytest.raises(ValueError, match="more than 200 runs"):
        surprising(sim.run(worlds.tiny(), 20, seed=4))
    none = next(name for name, count in sim.run(worlds.tiny(), 5, seed=4).outcomes().items() if not count)
    with pytest.raises(ValueError, match=f"has the outcome {none}"):
        typical(sim.run(worlds.tiny(), 5, seed=4), none)
