"""Tests of what to watch: chances that add up, information that is never negative, and what tells nothing."""

import pytest

from sim.analysis.watching import watch
from sim.ensemble.update_result import Watch
from sim.reading.files import parse_yaml
from sim.scenario.observations import observation, read_observations
from tests.worlds import tiny

LIVELY = tiny().change({"actors.ukr.disposition": {"low": 0, "high": 3}})


@pytest.fixture(scope="module")
def result() -> Watch:
    return watch(LIVELY, (), "ceasefire", weeks=8, runs=1_024)


def test_chances_with_and_without_an_indicator_add_up_to_the_one_that_stands(result: Watch) -> None:
    table = result.table
    whole = table["probability"] * table["if_seen"] + (1 - table["probability"]) * table["if_not"]
    assert whole.to_numpy() == pytest.approx(result.now, abs=1e-9)


def test_a_ceasefire_that_is_seen_tells_most_of_a_ceasefire(result: Watch) -> None:
    assert result.table.index[0] in ("a ceasefire holds", "there is a ceasefire, or the mission needs none")
    first = result.table.loc["a ceasefire holds"]
    assert first["if_seen_low"] > result.now > first["if_not_high"]
    assert (result.table["bits"] >= 0).all()
    assert result.table["bits"].is_monotonic_decreasing
    assert "ceasefire" in result.sentence or "truce" in result.sentence


def test_what_was_seen_already_moves_what_stands(result: Watch) -> None:
    news = [observation({"week": "2025-03-31", "ceasefire": "holds", "reliability": "95%"}, LIVELY)]
    later = watch(LIVELY, news, "ceasefire", weeks=4, runs=1_024)
    assert later.now > result.now
    assert (result.day, later.day) == ("2025-04-28", "2025-04-28")


def test_weeks_beyond_the_horizon_are_refused() -> None:
    with pytest.raises(ValueError, match="allowed are 1 to 16"):
        watch(LIVELY, (), "ceasefire", weeks=17, runs=16)


def test_each_indicator_can_be_written_down_as_an_observation_and_reads_the_same(result: Watch) -> None:
    for text, written in result.table["written"].items():
        entry = parse_yaml(f"- {{week: 2025-04-28, {written.removeprefix('{')}", "seen.yaml")
        assert [each.text for each in read_observations(entry, LIVELY)] == [text]


def test_indicators_are_in_plain_words(result: Watch) -> None:
    texts = set(result.table.index)
    assert len(texts) == len(result.table)
    assert {
        "a ceasefire holds",
        "enough troops are pledged",
        "Follower has pledged",
        "a force is in the field",
    } <= texts
    assert not any(word in text for text in texts for word in ("_", "at least", " met ", "yes"))
