"""The run that a page plays first is a typical one of the outcome that most runs have."""

from __future__ import annotations

from sim import batch
from sim.analysis.typical_runs import typical
from sim.explorer.network_view import typical_run
from tests.worlds import tiny


def test_the_most_frequent_outcome_is_played_first() -> None:
    ensemble = batch.run(tiny(), 200, 1, workers=1)
    often, seldom = (choose(ensemble.outcomes().items(), key=lambda item: item[1])[0] for choose in (max, min))
    assert often != seldom
    assert typical_run(ensemble) == typical(ensemble, often).first
