"""An actor by example: what it takes from the one it is like, what it does not, and what is refused."""

from pathlib import Path
from typing import Any

import pytest

from sim.reading.errors import InputError
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from tests.worlds import baseline

AUSTRIA: dict[str, Any] = {"name": "Austria", "like": "estonia"}


def added(**actors: dict[str, Any]) -> Scenario:
    return baseline().change({f"actors.{name}": about for name, about in actors.items()})


def refused(edits: dict[str, Any]) -> list[str]:
    with pytest.raises(InputError) as error:
        baseline().change(edits)
    return [f"{fault.path}: {fault.message}" for fault in error.value.faults]


def numbers(scenario: Scenario, actor: str) -> dict[str, object]:
    begin = f"actors.{actor}."
    return {path.removeprefix(begin): leaf.prior for path, leaf in scenario.leaves.items() if path.startswith(begin)}


def ends(scenario: Scenario, actor: str, instead: str) -> set[str]:
    keys = [key for key in scenario.parts.network if actor in key.partition("/")[0].split("->")]
    return {key.replace(actor, instead) for key in keys}


def test_an_actor_has_every_number_of_the_one_that_it_is_like() -> None:
    scenario = added(austria=AUSTRIA)
    assert numbers(scenario, "austria") == numbers(scenario, "estonia")
    assert len(numbers(scenario, "austria")) > 15


def test_what_an_actor_states_itself_stands_and_the_rest_of_a_map_is_taken() -> None:
    scenario = added(austria={**AUSTRIA, "capacity_troops": 300, "needs": {"company": {"firmness": 0.9}}})
    mine, others = numbers(scenario, "austria"), numbers(scenario, "estonia")
    assert {path for path in mine if mine[path] != others[path]} == {"capacity_troops", "needs.company.firmness"}


def test_an_actor_by_example_tells_where_each_number_comes_from() -> None:
    scenario = added(austria={"name": "Austria", "like": "france"})
    leaf = scenario.leaves["actors.austria.capacity_troops"]
    assert leaf.inherited == "actors.france.capacity_troops"
    assert leaf.place.file.endswith("france.yaml")
    assert scenario.leaves["actors.austria.standing"].inherited == "defaults.leads.standing"


def test_an_actor_has_the_edges_of_the_one_that_it_is_like_with_their_numbers() -> None:
    scenario = added(austria=AUSTRIA)
    assert ends(scenario, "austria", "estonia") == ends(baseline(), "estonia", "estonia") != set()
    leaf = scenario.leaves["network.russia->austria/escalation_threat.strength"]
    assert leaf.inherited == "network.russia->estonia/escalation_threat.strength"


def test_an_actor_may_be_like_another_in_all_but_its_edges() -> None:
    scenario = added(austria={"name": "Austria", "like": {"actor": "estonia", "edges": False}})
    assert numbers(scenario, "austria") == numbers(scenario, "estonia")
    assert ends(scenario, "austria", "estonia") == set()


def test_an_edge_stated_between_an_actor_and_its_model_is_taken_by_neither() -> None:
    scenario = baseline().change({"actors.austria": AUSTRIA, "network.estonia->austria/persuasion.strength": 0.3})
    assert "austria->austria/persuasion" not in scenario.parts.network
    assert "estonia->austria/persuasion" in scenario.parts.network


def test_a_null_takes_away_what_would_be_taken() -> None:
    edits = {"actors.austria": {**AUSTRIA, "home_guard": None}, "network.uk->austria/troop_example": None}
    scenario = baseline().change(edits)
    assert scenario.parts.actors["austria"].home_guard is None
    assert "uk->austria/troop_example" not in scenario.parts.network
    assert "france->austria/troop_example" in scenario.parts.network


def test_likeness_goes_on_through_a_chain_and_the_nearest_counts() -> None:
    first = {"name": "First", "like": "estonia", "capacity_troops": 300}
    scenario = added(first=first, second={"name": "Second", "like": "first", "home_guard": 0.1})
    assert scenario.leaves["actors.second.capacity_troops"].inherited == "actors.first.capacity_troops"
    assert numbers(scenario, "second")["home_guard"] != numbers(scenario, "first")["home_guard"]
    assert ends(scenario, "second", "estonia") == ends(baseline(), "estonia", "estonia")


def test_the_order_in_which_actors_stand_does_not_matter() -> None:
    about = {"a": {"name": "A", "like": "estonia"}, "b": {"name": "B", "like": "a"}, "c": {"name": "C", "like": "b"}}
    assert added(**about).hash == added(**dict(reversed(about.items()))).hash


def test_an_actor_takes_no_name_and_no_note() -> None:
    assert refused({"actors.austria": {"like": "estonia"}}) == ["actors.austria.name: the key 'name' is missing"]
    assert added(austria=AUSTRIA).parts.actors["austria"].note is None


def test_who_states_a_stance_takes_no_governments() -> None:
    austria = added(austria={"name": "Austria", "like": "germany", "stance": "open"}).parts.actors["austria"]
    assert (austria.governments, austria.handover) == (None, None)


def test_who_states_other_roles_takes_nothing_that_belongs_to_those_that_it_has_not() -> None:
    patron = added(patron={"name": "Patron", "like": "france", "roles": ["patron"]}).parts.actors["patron"]
    assert (patron.capacity_troops, patron.stance) == (None, None)


def test_a_circle_is_refused_with_the_place_of_each_actor_in_it(tmp_path: Path) -> None:
    file = tmp_path / "circle.yaml"
    file.write_text(
        "question: q\nextends: baseline\nassumption: a made-up circle\nchange:\n"
        "  actors.a: {name: A, like: b}\n  actors.b: {name: B, like: a}\n",
        encoding="utf-8",
    )
    with pytest.raises(InputError) as error:
        load(file)
    assert [str(fault) for fault in error.value.faults] == [
        f"{file}:5:29: actors.a.like: like itself in a circle: a -> b -> a (also b at {file}:6:29)",
        f"{file}:6:29: actors.b.like: like itself in a circle: b -> a -> b (also a at {file}:5:29)",
    ]


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        ({"actors.a": {"name": "A", "like": "estnia"}}, "no actor 'estnia' to be like; did you mean 'estonia'?"),
        ({"actors.a": {"name": "A", "like": "a"}}, "like itself in a circle: a -> a"),
        ({"actors.a": {"name": "A", "like": 3}}, "expected the name of an actor, or {actor: NAME, edges: false}"),
        ({"actors.a": {"name": "A", "like": {"actr": "uk"}}}, "expected the name of an actor"),
        ({"actors.a": {"name": "A", "like": "uk", "home_gard": None}}, "there is nothing here to remove"),
        ({"actors.a": AUSTRIA, "network.a->uk/persuasion": None}, "there is nothing here to remove"),
    ],
)
def test_a_likeness_that_leads_nowhere_makes_one_message(edits: dict[str, Any], expected: str) -> None:
    (message,) = refused(edits)
    assert expected in message


def test_a_scenario_with_an_actor_by_example_reads_the_same_when_it_is_written_out() -> None:
    scenario = added(austria=AUSTRIA)
    written = baseline().change({"actors.austria": scenario.as_dict()["actors"]["austria"]})
    edges = {f"network.{key}": edge for key, edge in scenario.as_dict()["network"].items() if "austria" in key}
    assert written.change(edges).hash == scenario.hash
