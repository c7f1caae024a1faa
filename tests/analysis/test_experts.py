"""Tests of what the answer would be by each of several people who judge a number."""

import pytest

from sim.analysis.experts import COLUMNS, experts
from sim.scenario.scenario import Scenario
from tests.worlds import tiny

PATH = "actors.ukr.disposition"


@pytest.fixture(scope="module")
def judged() -> Scenario:
    said = {"by": {"dove": {"low": 2, "high": 4}, "hawk": -5}, "weights": {"dove": 3, "hawk": 1}}
    return tiny().change({PATH: said})


def test_each_person_alone_moves_the_answer_as_the_number_does(judged: Scenario) -> None:
    table = experts(judged, "ceasefire", 400, 1).set_index("by")
    assert list(table["input"]) == [PATH, PATH]
    assert table["weight"].tolist() == [0.75, 0.25]
    assert table.loc["hawk", "probability"] == 0.0
    assert table.loc["dove", "difference_low"] > 0.0 > table.loc["hawk", "difference_high"]
    pool = table["probability"] - table["difference"]
    assert pool.iloc[0] == pytest.approx(pool.iloc[1])
    assert 0.75 * table.loc["dove", "probability"] == pytest.approx(pool.iloc[0], abs=0.06)
    assert (table["disagreement"] > 0.9).all()


def test_words_may_be_judged_too() -> None:
    said = {"by": {"ann": "opposed", "ben": {"open": "40%", "pledged": "60%"}}}
    table = experts(tiny().change({"actors.corvia.stance": said}), "ceasefire", 60, 1)
    assert table["value"].tolist() == ["opposed", "open 40% / pledged 60%"]
    assert table["disagreement"].isna().all()


def test_without_people_there_is_nothing_to_tell() -> None:
    table = experts(tiny(), "ceasefire", 10, 1)
    assert table.empty
    assert list(table) == list(COLUMNS)
