"""An ensemble is given the range that it lacks, and keeps the one that it has."""

from __future__ import annotations

import pytest

import sim
from sim.notebook import Ensemble
from tests.worlds import tiny


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sim.run(tiny(), 40, seed=1, workers=1)


def test_the_range_over_inputs_is_added_to_one_over_rules(ensemble: Ensemble) -> None:
    rules = {"european": {"low": 0.1, "high": 0.9}}
    ensemble.theory_range, ensemble.inputs_range = rules, None
    assert set(ensemble.with_ranges(design=(2, 4)).inputs_range or {}) >= {"european", "deployed"}
    assert ensemble.theory_range == rules


def test_the_range_over_rules_is_added_to_one_over_inputs(ensemble: Ensemble) -> None:
    inputs = {"european": {"p10": 0.1, "p90": 0.9}}
    ensemble.theory_range, ensemble.inputs_range = None, inputs
    assert ensemble.with_ranges(theory=20).theory_range
    assert ensemble.inputs_range == inputs


def test_with_both_nothing_has_to_be_played_again(ensemble: Ensemble, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.notebook.from_manifest.replayable", lambda _: pytest.fail("asked to play"))
    ensemble.theory_range, ensemble.inputs_range = {"european": {}}, {"european": {}}
    assert ensemble.with_ranges() is ensemble
