"""Bounds that the baseline must keep, and outcomes that must be within reach; imposed on the model, not found by it."""

from __future__ import annotations

from functools import cache

import pytest

from sim import batch, vocabulary
from sim.ensemble import Ensemble
from sim.scenario.loading import load

pytestmark = pytest.mark.slow
SEED = 1
REACHING = {"nato_flag": "nato", "frontline_force": "enforcement", "observers_only": "observer"}
RUNS = 4000


@cache
def found(scenario: str) -> Ensemble:
    return batch.run(load(scenario), RUNS, SEED)


def test_every_outcome_is_reached_in_some_shipped_scenario() -> None:
    reached = {
        name for scenario in ("baseline", *REACHING) for name, count in found(scenario).outcomes().items() if count
    }
    missions = [name for name, groups in found("baseline").manifest["groups"].items() if "deployed" in groups]
    assert reached == {*missions, *vocabulary.OUTCOMES_WITHOUT_FORCE}


@pytest.mark.parametrize("what", ["ceasefire", "deployed", "european"])
def test_the_baseline_is_neither_certain_nor_impossible(what: str) -> None:
    share = found("baseline").share(what)
    assert share is not None and share.low > 0.0 and share.high < 1.0


def test_a_european_force_is_less_likely_than_not() -> None:
    share = found("baseline").share("european")
    assert share is not None and share.high < 0.5


def test_the_median_european_force_is_of_the_size_that_the_voices_name() -> None:
    runs = found("baseline").runs
    assert 10_000 <= runs.loc[runs["european_week"].notna(), "troops"].median() <= 50_000


def test_two_hundred_thousand_never_deploy_for_want_of_troops() -> None:
    ensemble = found("two_hundred_thousand")
    assert not ensemble.happened("deployed").any()
    assert ensemble.runs["missing_troops"].all()
    assert (ensemble.runs["sufficiency_highest"] < 1.0).all()
