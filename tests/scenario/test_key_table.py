"""Every key of a config is listed, with what it means, what it holds, what holds without it, and an example."""

from collections.abc import Iterator

import pytest
from pydantic import BaseModel

from sim.scenario.json_schema import schema
from sim.scenario.key_table import PARTS, keys, reason_keys, top_keys
from sim.scenario.loading import load, names


@pytest.mark.parametrize("part", PARTS)
def test_every_key_has_a_meaning_and_says_what_it_holds_and_what_holds_without_it(part: str) -> None:
    assert [key.path for key in keys(part) if not (key.means and key.holds and key.default)] == []
    assert [key.path for key in keys(part) if not key.example and "map" not in key.holds] == []


def test_every_field_of_every_model_says_what_it_means_to_editors_too() -> None:
    definitions = schema()["$defs"].items()
    silent = [
        f"{name}.{key}"
        for name, about in definitions
        for key, inner in about["properties"].items()
        if "description" not in inner
    ]
    assert silent == []
    assert all(key.means for key in (*top_keys(), *reason_keys()))


def routes(part: str) -> Iterator[str]:
    deeper = 2 if part in ("actors", "network", "missions", "events", "claims") else 1
    for name in names():
        yield from (".".join(route[deeper:]) for route in load(name).layer.entries if route[0] == part)


@pytest.mark.parametrize("part", [part for part in PARTS if part != "levers"])
def test_every_key_that_a_shipped_config_uses_is_listed(part: str) -> None:
    listed = {key.path for key in keys(part)}
    assert {route for route in routes(part) if route} <= listed


def test_a_key_that_a_role_needs_or_a_pool_fills_says_so() -> None:
    of = {key.path: key for key in keys("actors")}
    assert of["credence"].default == "needed by host, opponent, from pool `contributor`"
    assert of["capacity_troops"].holds == "persons: 0 to 1,000,000"
    assert of["motives.duty"].default == "absent"
    assert of["needs.company.firmness"].default == "from pool `contributor`, where the demand is made"


def test_every_part_of_a_scenario_that_is_a_map_of_keys_has_its_table() -> None:
    from sim.scenario.parts import ScenarioParts

    plain = {"question", "start", "horizon_weeks", "rounds_per_week", "begins_in_truce", "defaults"}
    fields = set(ScenarioParts.model_fields) - set(BaseModel.model_fields) - {key.path for key in reason_keys()}
    assert fields - plain == set(PARTS)
