"""Tests of pools: what actors and edges inherit, what they depart from, and where a mistake in a pool is reported."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from sim.reading.errors import InputError, Place
from sim.scenario import evidence_use, loading
from sim.scenario.scenario import Scenario
from tests.worlds import baseline, tiny, write_tiny

POOLS = """
assumption: "made up"
change:
  defaults:
    contributor:
      credence: {low: 10%, high: 30%}
      hesitancy: {public: 45%}
      needs: {us_backstop: {at_least: air_cover, firmness: 70%}}
    european: {motives: {duty: 15%}}
    careful: {hesitancy: {public: 90%}}
    edges: {persuasion: {strength: 25%, willingness: 35%}}
  actors.dania:
    name: Newcomer
    roles: [contributor]
    european: true
    pools: [careful]
    stance: open
    disposition: 0
    needs: {us_backstop: inherited}
    capacity_troops: 1500
    ratification: {weeks: 2, support: 0.2}
  network.dania->usa/persuasion: inherited
"""


@pytest.fixture
def pooled(tmp_path: Path) -> Scenario:
    return loading.load(write_tiny(tmp_path, mine=f"extends: tiny.yaml\n{POOLS}"))


def value(scenario: Scenario, path: str) -> tuple[float, ...]:
    return scenario.leaves[path].prior.numbers


def test_an_actor_takes_what_it_does_not_give_itself(pooled: Scenario) -> None:
    assert value(pooled, "actors.dania.credence") == (0.1, 0.3)
    assert pooled.leaves["actors.dania.credence"].inherited == "defaults.contributor.credence"
    assert value(pooled, "actors.dania.needs.us_backstop.firmness") == (0.7,)
    assert value(pooled, "actors.dania.motives.duty") == (0.15,)
    assert value(pooled, "network.dania->usa/persuasion.strength") == (0.25,)


def test_a_pool_that_an_actor_names_comes_before_those_of_its_roles(pooled: Scenario) -> None:
    assert value(pooled, "actors.dania.hesitancy.public") == (0.9,)
    assert value(pooled, "actors.alba.hesitancy.public") == (0.45,)


def test_what_an_actor_gives_itself_stands(pooled: Scenario) -> None:
    assert value(pooled, "actors.alba.credence") == value(tiny(), "actors.alba.credence")
    assert not pooled.leaves["actors.alba.credence"].inherited
    assert value(pooled, "actors.alba.needs.us_backstop.firmness") == (0.4,)


def test_a_demand_is_filled_only_where_it_is_made(pooled: Scenario) -> None:
    assert "actors.borea.needs.us_backstop.firmness" not in pooled.leaves
    asks = pooled.change({"actors.borea.needs.us_backstop": "inherited"})
    assert value(asks, "actors.borea.needs.us_backstop.firmness") == (0.7,)
    partly = pooled.change({"actors.borea.needs.us_backstop.firmness": 0.2})
    assert value(partly, "actors.borea.needs.us_backstop.firmness") == (0.2,)
    assert partly.leaves["actors.borea.needs.us_backstop.at_least"].inherited


def test_a_demand_that_is_dropped_is_not_filled_again(pooled: Scenario) -> None:
    assert pooled.change({"actors.dania.needs.us_backstop": "none"}).parts.actors["dania"].needs.us_backstop is None


def test_a_change_of_a_pool_reaches_all_who_take_from_it_and_nobody_else(pooled: Scenario) -> None:
    changed = pooled.change({"defaults.contributor.credence": 0.8})
    moved = [path for path in pooled.differences(changed) if path.startswith("actors.")]
    assert moved == ["actors.corvia.credence", "actors.dania.credence"]


def test_pools_by_themselves_change_no_run(pooled: Scenario) -> None:
    written_out = pooled.as_dict()
    assert "defaults" not in written_out
    assert "pools" not in written_out["actors"]["dania"]
    assert written_out["actors"]["dania"]["credence"]["high"] == "30%"


@pytest.mark.parametrize(
    ("edits", "place", "message"),
    [
        ({"actors.dania.pools": ["careles"]}, "actors.dania.pools", "did you mean 'careful'"),
        ({"actors.corvia.salience": "inherited"}, "actors.corvia.salience", "has a value to be inherited"),
        ({"defaults.contributor.credence": 1.4}, "defaults.contributor.credence", "outside what is allowed"),
        ({"defaults.european.motives": {"dutty": 0.1}}, "defaults.european.motives.dutty", "did you mean 'duty'"),
    ],
)
def test_a_mistake_in_a_pool_is_reported_once_and_where_it_stands(
    pooled: Scenario, edits: dict[str, Any], place: str, message: str
) -> None:
    with pytest.raises(InputError) as refused:
        pooled.change(edits)
    (fault,) = refused.value.faults
    assert fault.path == place
    assert message in fault.message


def test_an_actor_of_ten_lines_joins_the_baseline(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: baseline\n"
        "assumption: a newcomer\n"
        "change:\n"
        "  actors.austria:\n"
        "    name: Austria\n"
        "    roles: [contributor]\n"
        "    european: true\n"
        "    member_of: [eu]\n"
        "    stance: {hesitant: 60%, open: 40%}\n"
        "    given: [truce, russian_consent]\n"
        "    needs: {russian_consent: inherited}\n"
        "    capacity_troops: {low: 100, likely: 300, high: 800}\n"
    )
    austria = loading.load(path)
    own = [leaf for key, leaf in austria.leaves.items() if key.startswith("actors.austria.") and not leaf.inherited]
    assert [leaf.path for leaf in own] == ["actors.austria.capacity_troops", "actors.austria.stance"]
    assert austria.leaves["actors.austria.credence"].prior == baseline().leaves["actors.norway.credence"].prior


def test_a_pooled_number_is_stated_once_and_drawn_by_each() -> None:
    counts = evidence_use.coverage(baseline(), ())
    assert counts["stated"] < 0.75 * counts["numbers"]
    credences = [path for path in baseline().leaves if path.endswith(".credence") and path.startswith("actors.")]
    assert len(credences) > 15


def test_a_file_of_pools_that_cannot_be_read_is_the_only_mistake_told(tmp_path: Path) -> None:
    shipped = loading.find("baseline", tmp_path, Place("here"))
    copy = tmp_path / "configs"
    shutil.copytree(shipped.parent, copy)
    (copy / "defaults.yaml").write_text("contributor: {credence: [1\n")
    with pytest.raises(InputError) as refused:
        loading.load(copy / "baseline.yaml")
    assert {Path(fault.place.file).name for fault in refused.value.faults} == {"defaults.yaml"}
