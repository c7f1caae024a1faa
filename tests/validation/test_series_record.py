"""Tests of series: written once, read back whole, scored step by step, and reliable over many."""

import json
from math import log
from pathlib import Path

import pytest

from sim.analysis.living_forecast import living_forecast
from sim.scenario.observations import observation
from sim.validation import forecast_record, series_record
from tests.commands import sim
from tests.worlds import tiny, write_tiny

LIVELY = tiny().change({"actors.ukr.disposition": {"low": 0, "high": 3}})
NEWS = (observation({"week": "2025-03-31", "ceasefire": "holds", "reliability": "90%"}, LIVELY),)


@pytest.fixture(scope="module")
def series() -> dict[str, object]:
    return series_record.record_series(living_forecast(LIVELY, NEWS, "ceasefire", runs=600), "2025-04-01")


def test_a_series_is_read_back_as_it_was_written(series: dict[str, object], tmp_path: Path) -> None:
    file = forecast_record.write(series, tmp_path / "series.json")
    assert series_record.read_series(file) == series
    assert series_record.is_series(file)
    file.write_text(file.read_text().replace("a ceasefire holds", "no ceasefire holds"))
    with pytest.raises(ValueError, match="changed after it was recorded"):
        series_record.read_series(file)


def test_each_step_is_scored_and_updating_gains_where_it_was_right(series: dict[str, object]) -> None:
    right = series_record.score_series(series, "ceasefire", came=True)
    before, after = right.table["probability"]
    assert right.table["log"].tolist() == pytest.approx([-log(before), -log(after)])
    assert right.table["brier"].tolist() == pytest.approx([(1 - before) ** 2, (1 - after) ** 2])
    assert right.table["gain"].tolist() == pytest.approx([0.0, log(after / before)])
    assert "updating did better" in right.sentence
    assert "updating did worse" in series_record.score_series(series, "ceasefire", came=False).sentence


def test_an_event_that_is_not_in_the_series_is_refused(series: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="did you mean 'ceasefire'"):
        series_record.score_series(series, "ceasfire", came=True)


def test_reliability_is_told_over_several_series(series: dict[str, object]) -> None:
    scored = [series_record.score_series(series, "ceasefire", came) for came in (True, True, False)]
    table = series_record.reliability(scored)
    assert table["forecasts"].sum() == 3
    assert (table.index.name, list(table)) == ("bin", ["forecasts", "called", "came", "low", "high"])
    assert table["came"].iloc[0] == pytest.approx(2 / 3)
    assert table["low"].iloc[0] < 2 / 3 < table["high"].iloc[0]
    with pytest.raises(ValueError, match="two scored series or more"):
        series_record.reliability(scored[:1])


def test_the_commands_record_a_series_once_and_score_it(tmp_path: Path) -> None:
    world, seen, file = str(write_tiny(tmp_path)), tmp_path / "seen.yaml", tmp_path / "series.json"
    seen.write_text("- {week: 2025-03-10, actor: alba, stage: at least open}\n")
    command = ("update", world, str(seen), "--runs", "300", "--record", str(file), "--date", "2025-03-11")
    assert sim(*command).exit_code == 0
    assert sim(*command).exit_code == 2
    assert json.loads(file.read_text())["recorded"] == "2025-03-11"
    scored = sim("score", str(file), "european=no")
    assert scored.exit_code == 0
    assert scored.stdout.startswith("A European force did not come about: after 1 observation the")
    steps = json.loads(sim("score", str(file), "european=yes", "--json").stdout)["steps"]
    assert [step["observation"] for step in steps] == ["", "Lead is open to going or has pledged"]
    assert sim("score", str(file), "european").exit_code == 2
    assert sim("score", str(file), "nosuch=yes").exit_code != 0


def test_the_sentence_of_a_score_calls_the_event_by_its_words(series: dict[str, object]) -> None:
    assert series["called"] == {
        "ceasefire": "a ceasefire", "deployed": "any deployment", "european": "a European force",
    }  # fmt: skip
    assert series_record.score_series(series, "ceasefire", came=True).sentence.startswith("A ceasefire came about: ")
    old = {key: value for key, value in series.items() if key != "called"}
    assert series_record.score_series(old, "european", came=False).sentence.startswith("A European force did not")
