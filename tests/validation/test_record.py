"""Tests of forecasts written down: dated, hashed, refused if tampered with, and scored by hand."""

import json
from datetime import UTC, datetime
from math import log
from pathlib import Path
from typing import Any

import pytest

from sim import batch
from sim.analysis.independence import naive
from sim.ensemble import Ensemble
from sim.scenario import question_card
from sim.validation import forecast_record
from sim.validation.forecast_record import MODEL, NAIVE, checksum, read, record, score, write
from tests.worlds import tiny

COUNTS = {"reassurance": 20, "blue": 10, "training": 0, "no_ceasefire": 70}
MISSIONS = {"reassurance": ["deployed", "european"], "blue": ["deployed"]}


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return batch.run(tiny(), 80, 4, workers=1)


@pytest.fixture(scope="module")
def content(ensemble: Ensemble) -> dict[str, Any]:
    return record(ensemble, "2025-03-10")


def by_hand() -> dict[str, Any]:
    """Return what is scored of a record: of 100 runs 30 with a force, which the naive product gives 0.1."""
    outcomes = {name: {"count": count} for name, count in COUNTS.items()}
    about = {"scenario": "made up", "recorded": "2025-03-10", "seed": 1, "not_baseline": None, "sha256": ""}
    return {**about, "runs": 100, "outcomes": outcomes, "missions": MISSIONS, "naive_product": 0.1}


def test_a_record_holds_the_question_the_probabilities_and_what_made_them(
    ensemble: Ensemble, content: dict[str, Any]
) -> None:
    assert content["question"] == list(question_card.card(tiny()))
    assert content["outcomes"] == json.loads(json.dumps(ensemble.summary()["outcomes"]))
    assert content["groups"] == json.loads(json.dumps(ensemble.summary()["groups"]))
    assert (content["scenario"], content["scenario_hash"]) == ("tiny", tiny().hash)
    assert (content["seed"], content["runs"], content["information_date"]) == (4, 80, "2025-03-03")
    assert content["naive_product"] == naive(ensemble)
    assert content["called"]["reassurance"] == ensemble.called("reassurance")
    assert set(content["missions"]) == {"blue", "reassurance"}


def test_only_the_day_of_a_record_is_not_reproducible(ensemble: Ensemble, content: dict[str, Any]) -> None:
    assert record(ensemble, "2025-03-10") == content
    today = record(ensemble)
    assert today["recorded"] == datetime.now(UTC).date().isoformat()
    assert {key for key in content if content[key] != today[key]} <= {"recorded", "sha256"}


@pytest.mark.parametrize("wrong", ["yesterday", "2025-02-30", "10/03/2025"])
def test_a_day_that_is_none_is_refused(ensemble: Ensemble, wrong: str) -> None:
    with pytest.raises(ValueError, match=r"is not a date; allowed: a day such as 2025-03-20"):
        record(ensemble, wrong)


def test_a_record_is_read_as_it_was_written(content: dict[str, Any], tmp_path: Path) -> None:
    assert read(write(content, tmp_path / "x.json")) == content
    assert [path.name for path in tmp_path.iterdir()] == ["x.json"]


def test_a_record_is_never_overwritten(content: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text("mine")
    with pytest.raises(FileExistsError):
        write(content, tmp_path / "x.json")
    assert (tmp_path / "x.json").read_text() == "mine"
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("path", [("recorded",), ("seed",), ("naive_product",), ("outcomes", "blue", "count")])
def test_a_record_that_was_tampered_with_is_refused(
    content: dict[str, Any], path: tuple[str, ...], tmp_path: Path
) -> None:
    changed = json.loads(json.dumps(content))
    inner = changed
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = "2025-03-01" if path == ("recorded",) else 1000
    file = tmp_path / "x.json"
    file.write_text(json.dumps(changed))
    with pytest.raises(ValueError, match="changed after it was recorded"):
        read(file)


@pytest.mark.parametrize(("text", "message"), [("no json", "no JSON"), ("[]", "not a record"), ("{}", "not a record")])
def test_what_is_no_record_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(text)
    with pytest.raises(ValueError, match=message):
        read(tmp_path / "x.json")


def test_a_record_of_another_format_is_refused(tmp_path: Path) -> None:
    other = {"format": 99}
    (tmp_path / "x.json").write_text(json.dumps(other | {"sha256": checksum(other)}))
    with pytest.raises(ValueError, match="a record of format 99; this version reads 1"):
        read(tmp_path / "x.json")


def scores(outcome: str) -> dict[tuple[str, str], dict[str, float]]:
    table = score(by_hand(), outcome).table.reset_index().to_dict("records")
    return {(row["scored"], row["forecast"]): row for row in table}


def test_the_scores_of_an_event_are_those_worked_out_by_hand() -> None:
    """Smoothed, a force has (20 + 10 + 2/2) / 102 = 31/102; a European one 20.5/102."""
    rows = scores("reassurance")
    for event, chance in (("deployed", 31 / 102), ("european", 20.5 / 102)):
        row = rows[event, MODEL]
        assert row["probability"] == pytest.approx(chance)
        assert row["brier"] == pytest.approx((1 - chance) ** 2)
        assert row["log"] == pytest.approx(-log(chance))


def test_an_event_that_did_not_come_scores_the_chance_of_its_absence() -> None:
    row = scores("no_ceasefire")["deployed", MODEL]
    assert row["probability"] == pytest.approx(71 / 102)
    assert row["brier"] == pytest.approx((31 / 102) ** 2)


def test_a_force_that_is_not_european_settles_both_events() -> None:
    rows = scores("blue")
    assert rows["deployed", MODEL]["probability"] == pytest.approx(31 / 102)
    assert rows["european", MODEL]["probability"] == pytest.approx(81.5 / 102)


def test_the_scores_over_outcomes_are_those_worked_out_by_hand() -> None:
    row = scores("reassurance")["outcome", MODEL]
    f = [20.5 / 102, 10.5 / 102, 0.5 / 102, 70.5 / 102]
    assert row["brier"] == pytest.approx((f[0] - 1) ** 2 + f[1] ** 2 + f[2] ** 2 + f[3] ** 2)
    assert row["log"] == pytest.approx(-log(f[0]))


def test_the_naive_product_is_split_as_the_model_splits_its_runs() -> None:
    rows = scores("reassurance")
    assert rows["deployed", NAIVE]["probability"] == pytest.approx(0.1)
    assert rows["outcome", NAIVE]["probability"] == pytest.approx(0.1 * 20.5 / 31)
    f = [0.1 * 20.5 / 31, 0.1 * 10.5 / 31, 0.9 * 0.5 / 71, 0.9 * 70.5 / 71]
    brier = (f[0] - 1) ** 2 + f[1] ** 2 + f[2] ** 2 + f[3] ** 2
    assert rows["outcome", NAIVE]["brier"] == pytest.approx(brier)


def test_an_outcome_that_no_run_showed_is_not_ruled_out() -> None:
    assert scores("training")["outcome", MODEL]["log"] == pytest.approx(-log(0.5 / 102))


def test_the_better_forecast_is_reported_as_such() -> None:
    assert "better than the" in score(by_hand(), "reassurance").sentence
    assert "worse than the" in score(by_hand(), "no_ceasefire").sentence
    assert "one event settles little" in score(by_hand(), "blue").sentence


def test_the_sentence_of_a_score_calls_an_outcome_as_readers_do() -> None:
    called = {"reassurance": "coalition by consent"}
    assert "gave the outcome “coalition by consent”" in score({**by_hand(), "called": called}, "reassurance").sentence
    assert "gave the outcome “no ceasefire”" in score(by_hand(), "no_ceasefire").sentence


def test_an_outcome_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'peace' is not an outcome of this forecast; .*allowed: reassurance"):
        score(by_hand(), "peace")


def test_a_record_can_be_scored_on_every_outcome(content: dict[str, Any]) -> None:
    for outcome in content["outcomes"]:
        table = forecast_record.score(content, outcome).table
        assert (table["brier"] >= 0.0).all()
        assert table["brier"].max() <= 2.0
