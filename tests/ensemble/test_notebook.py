"""An ensemble as a notebook has it: what it plays when ranges are asked for, how it shows, and what it takes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import sim
from sim import notebook
from sim.analysis import forecast, nested, rival_rules
from tests import kept_output
from tests.ensemble.test_as_read import INPUTS_RANGE, THEORY_RANGE
from tests.worlds import tiny

KEEN = {"actors.ukr.disposition": 3}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Return what ranges are asked with, noted and not played."""
    calls: list[Any] = []

    def over_inputs(scenario: Any, *given: Any, **options: Any) -> Any:
        calls.append(("inputs", scenario.name, *given, options))
        return dict(INPUTS_RANGE)

    def over_rules(scenario: Any, *given: Any, **options: Any) -> Any:
        calls.append(("rules", scenario.name, *given, options))
        return dict(THEORY_RANGE)

    monkeypatch.setattr(forecast, "inputs_range", over_inputs)
    monkeypatch.setattr(rival_rules, "theory_range", over_rules)
    return calls


@pytest.mark.parametrize(
    ("engine", "design", "runs"), [("compiled", (nested.DRAWS, nested.LUCK), rival_rules.RUNS), ("mesa", (20, 20), 6)]
)
def test_ranges_are_worked_out_where_they_are_missing(engine: str, design: Any, runs: int, asked: list[Any]) -> None:
    made = sim.run(tiny(), 6, 7, engine=engine, workers=1, relaxed=("council",))
    assert made.with_ranges() is made and made.inputs_range == INPUTS_RANGE and made.theory_range == THEORY_RANGE
    options = {"engine": engine, "relaxed": ["council"], "progress": None}
    own = made if len(made) >= runs else None
    assert asked == [("inputs", "tiny", design, 7, options), ("rules", "tiny", runs, 7, {**options, "own": own})]
    assert made.with_ranges() is made and len(asked) == 2


def test_ranges_are_worked_out_as_asked(asked: list[Any]) -> None:
    made = sim.run(tiny(), 6, 7, workers=1)
    made.with_ranges((3, 4), 5)
    assert [call[2] for call in asked] == [(3, 4), 5] and asked[1][-1]["own"] is made
    made.theory_range = None
    made.with_ranges()
    assert [call[0] for call in asked] == ["inputs", "rules", "rules"]


@pytest.mark.parametrize("known", ["none", "inputs", "both"])
def test_a_cell_shows_the_answer_and_what_is_missing(known: str) -> None:
    made = sim.run(tiny(), 80, 7, workers=1)
    made.inputs_range = None if known == "none" else INPUTS_RANGE
    made.theory_range = THEORY_RANGE if known == "both" else None
    text = f"{made!r}\n{made._repr_html_()}".replace("><", ">\n<")
    assert kept_output.differs("notebook", text, known) == ""


def test_scenarios_are_compared_with_runs_and_seed_as_they_stand_in_a_call() -> None:
    keen, wary = tiny().change(KEEN), tiny().change({"actors.ukr.disposition": -5}).renamed("wary")
    one = sim.compare(tiny(), keen, 20, 0, workers=1)
    assert (one.runs, one.seed, one.b) == (20, 0, "tiny, changed")
    assert sim.compare(tiny(), keen, runs=20, workers=1).seed == 1
    assert sim.compare(tiny(), keen, 20, None, seed=4, workers=1).seed == 4
    many = sim.compare(tiny(), keen, wary, runs=20, workers=1)
    assert len(many.each) == len(many.table) == 2
    alike = sim.compare(tiny(), wary.renamed("one"), keen.renamed("one"), runs=20, workers=1)
    assert [each.table.loc["european", "b"] for each in alike.each] == alike.table["b"].tolist()
    assert alike.table.index.tolist() == ["one", "one"] and alike.table["b"].is_monotonic_decreasing
    with pytest.raises(ValueError, match=r"^after the scenarios come runs and seed, got 3 numbers$"):
        sim.compare(tiny(), keen, 20, 0, 3)
    with pytest.raises(TypeError, match=r"^compare\(\) got multiple values for argument 'runs'$"):
        sim.compare(tiny(), keen, 20, runs=20)


def test_a_condition_is_asked_of_an_ensemble_a_folder_or_a_scenario(tmp_path: Path) -> None:
    made = sim.run(tiny(), 150, 7, workers=1, out=tmp_path / "kept")
    of = [sim.given(runs, "ceasefire", "deployed") for runs in (made, str(tmp_path / "kept"), tmp_path / "kept")]
    assert {(each.of, len(each), each.sentence) for each in of} == {("deployed", len(of[0]), of[0].sentence)}
    anew = sim.given(tiny(), "ceasefire", "deployed", count=150, seed=7)
    assert anew.sentence == of[0].sentence
    assert sim.given(made, "ceasefire").of == "european"


def test_an_ensemble_hands_on_what_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = sim.run(tiny(), 10, 7, workers=1)
    calls: list[Any] = []
    monkeypatch.setattr(notebook, "export", lambda *given: calls.append(given) or tmp_path)
    assert made.export(tmp_path) == tmp_path and made.export(tmp_path, "csv", ("events",)) == tmp_path
    assert calls == [(made, tmp_path, None, ("runs", "actors")), (made, tmp_path, "csv", ("events",))]
    weeks = made.actor_weeks([2, 4])
    assert sorted(set(weeks["run"])) == [2, 4] and weeks.index.tolist() == list(range(len(weeks)))
    assert len(made.actor_weeks()) == 5 * len(weeks)
