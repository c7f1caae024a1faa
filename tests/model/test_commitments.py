"""A commitment: what it hangs on, what it sends, and that it ends with what it hangs on; both engines."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.batch import running
from sim.ensemble import Ensemble
from sim.reading.errors import InputError
from sim.rules import pledging
from sim.rules.pledging import Asked
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from tests.worlds import baseline

AIR = {"actors.us.backstop.offers": {"at_least": "air_cover", "at_most": "air_cover"}, "actors.us.posture.turns": 0}
NONE = {"actors.us.backstop.offers": {"at_least": "none", "at_most": "none"}, "actors.us.posture.turns": 0}


def committed(conditions: dict[str, Any], **changes: Any) -> Scenario:
    commits = {"troops": 3000, "if": conditions, "assumption": "a question of what if"}
    return baseline().change({"actors.poland.commits": commits, **changes})


def of_poland(scenario: Scenario, engine: str = "compiled", **options: Any) -> pd.DataFrame:
    ensemble: Ensemble = running.run(scenario, 60, 5, engine=engine, **options)
    return ensemble.actors[ensemble.actors["actor"] == "poland"]


@given(st.floats(0, 5), st.floats(0, 2), st.floats(0, 2), st.booleans())
def test_a_commitment_without_conditions_always_holds(rung: float, consent: float, others: float, truce: bool) -> None:
    assert pledging.committed(rung, consent, others, truce, Asked(0.0, 0.0, 0.0, 0.0))


@pytest.mark.parametrize(
    ("rung", "consent", "others", "truce", "holds"),
    [
        (3.0, 1.0, 0.5, True, True),
        (2.0, 1.0, 0.5, True, False),
        (3.0, 0.0, 0.5, True, False),
        (3.0, 1.0, 0.4, True, False),
        (3.0, 1.0, 0.5, False, False),
    ],
)
def test_every_condition_counts(rung: float, consent: float, others: float, truce: bool, holds: bool) -> None:
    assert pledging.committed(rung, consent, others, truce, Asked(3.0, 1.0, 0.5, 1.0)) is holds


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_poland_pledges_where_air_cover_is_offered_and_nowhere_else(engine: str) -> None:
    wanted = {"us_backstop": "air_cover"}
    assert of_poland(committed(wanted, **AIR), engine)["pledged"].all()
    assert not of_poland(committed(wanted, **NONE), engine)["pledged"].any()


def test_without_its_commitment_poland_does_not_pledge_under_air_cover() -> None:
    assert of_poland(baseline().change(AIR))["pledged"].mean() < 0.2


def test_a_ceasefire_that_a_commitment_asks_for_may_be_held_open() -> None:
    scenario = committed({"ceasefire": "yes"}, **{"actors.ukraine.disposition": -6})
    assert not of_poland(scenario)["pledged"].any()
    assert of_poland(scenario, relaxed=["truce"])["pledged"].all()


@pytest.mark.parametrize(
    "conditions", [{"us_backstop": "logistics"}, {"russian_consent": "tolerates"}, {"company": 0.3}]
)
def test_both_engines_agree_to_the_last_bit(conditions: dict[str, Any]) -> None:
    scenario = committed(conditions, **{"actors.ukraine.disposition": 2})
    compiled, mesa = (running.run(scenario, 80, 7, engine=engine) for engine in ("compiled", "mesa"))
    pd.testing.assert_frame_equal(compiled.runs, mesa.runs, check_exact=True)
    pd.testing.assert_frame_equal(compiled.actors, mesa.actors, check_exact=True)


def test_what_is_committed_is_what_is_sent() -> None:
    alone = {f"actors.{name}.commits": {"troops": 9000, "assumption": name} for name in ("uk", "france", "poland")}
    held = {"actors.ukraine.disposition": 4, "table.impose": "reassurance", "rules.hold.rotation": 1}
    scenario = baseline().change({**alone, **held})
    runs = running.run(scenario, 60, 5).runs
    assert runs["deployed_week"].notna().mean() > 0.5
    assert runs["pledged_troops"].min() >= 3 * 9_000 - 1e-6


def test_a_commitment_that_is_misspelt_is_a_fault_at_its_place(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(
        "question: What if?\nextends: baseline\nassumption: made up\nchange:\n"
        "  actors.poland.commits: {troops: 3000, if: {us_backstop: air_covr, weather: fine}}\n"
    )
    with pytest.raises(InputError) as error:
        load(path)
    text = str(error.value)
    assert "own.yaml:5:" in text
    assert "air_cover" in text
    assert "weather" in text
