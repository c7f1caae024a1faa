"""Theatres with other parties: several opponents, no broker, one that contributes, and a truce at the start."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim import batch
from sim.model import agent_factory
from sim.reading.errors import InputError
from sim.scenario.scenario import Scenario
from sim.story.explain import explain
from sim.story.narrative import tell
from tests.twins import parted
from tests.worlds import tiny

RUNS = 400


def with_another(**own: Any) -> Scenario:
    """Return the tiny world with a second opponent, like the first but for what is given."""
    edges = {"network.alba->tyra/energy_sanctions": {"strength": 0.5, "willingness": 0.5}}
    actor = {"name": "Tyra", "like": {"actor": "rus", "edges": False}, **own}
    return tiny().change({"actors.tyra": actor, **edges}, name="two opponents")


def share(scenario: Scenario, of: str = "ceasefire") -> float:
    found = batch.run(scenario, RUNS, 1, workers=1).share(of)
    assert found is not None
    return found.probability


def test_a_second_opponent_can_only_make_a_truce_harder_to_reach() -> None:
    alone = batch.run(tiny(), RUNS, 1, workers=1).runs["ceasefire_week"]
    both = batch.run(with_another(disposition=-2.0), RUNS, 1, workers=1).runs["ceasefire_week"]
    assert both.notna().sum() < alone.notna().sum()


def test_an_opponent_who_asks_for_nothing_changes_no_truce() -> None:
    mild = with_another(disposition=50.0, territorial_claims=0.0, standing=0.0)
    mild = mild.change({"network.alba->tyra/energy_sanctions": None})
    weekly = [batch.run(each, 60, 1, workers=1, keep=("weekly",)).weekly for each in (tiny(), mild)]
    assert np.array_equal(weekly[0]["requires"], weekly[1]["requires"])


def test_the_least_of_the_answers_is_the_consent() -> None:
    refuses = with_another(disposition=-50.0)
    weekly = batch.run(refuses, 60, 1, workers=1, keep=("weekly",)).weekly
    assert (weekly.loc[weekly["truce"] == 0, "consent"] == 0).all()


def test_without_a_broker_nothing_is_ever_on_offer() -> None:
    alone = tiny().change({"actors.usa": None}, name="nobody brokers")
    ensemble = batch.run(alone, 60, 1, workers=1, keep=("weekly",))
    assert (ensemble.weekly["rung"] == 0).all()
    assert (ensemble.weekly["offer"] == 0.0).all()


def test_a_broker_may_send_troops() -> None:
    sends = {
        "actors.corvia": None,
        "actors.usa.roles": ["broker", "contributor"],
        "actors.usa.stance": "pledged",
        "actors.usa.capacity_troops": 9_000,
        "actors.usa.ratification": {"weeks": 0, "support": 1},
    }
    ensemble = batch.run(tiny().change(sends, name="sends"), RUNS, 1, workers=1)
    who = ensemble.actors
    assert "usa" in set(who["actor"])
    assert (who[who["actor"] == "usa"]["troops"].fillna(0) > 0).any()


def test_a_broker_that_contributes_demands_no_backstop_of_its_own() -> None:
    needs = {"us_backstop": {"at_least": "air_cover", "firmness": 1}}
    sends = {"roles": ["broker", "contributor"], "stance": "open", "capacity_troops": 1, "needs": needs}
    sends["ratification"] = {"weeks": 0, "support": 1}
    with pytest.raises(InputError, match="demands no backstop: it would be its own"):
        tiny().change({f"actors.usa.{key}": value for key, value in sends.items()})


def test_a_truce_that_stands_at_the_start_is_there_in_the_first_round() -> None:
    ensemble = batch.run(tiny().change({"begins_in_truce": True}, name="after"), RUNS, 1, workers=1, keep=("weekly",))
    weekly = ensemble.weekly
    first = weekly[weekly["week"] == weekly["week"].min()]
    assert (first["truces"] == 1).all()
    assert (ensemble.runs["ceasefire_week"] == weekly["week"].min()).all()
    assert share(tiny()) < 1.0


@pytest.mark.parametrize(
    "scenario",
    [
        with_another(),
        tiny().change({"actors.usa": None}, name="nobody brokers"),
        tiny().change({"begins_in_truce": True}, name="after"),
    ],
    ids=lambda scenario: scenario.name,
)
def test_stories_and_explanations_are_told_of_them_and_the_engines_agree(scenario: Scenario) -> None:
    assert parted(scenario, 12) is None
    text = tell(scenario, 1, 3)
    assert ("the side of" in text) == (scenario.name == "two opponents")
    for actor in sorted({"rus", "tyra"} & set(scenario.parts.actors)):
        assert explain(scenario, actor, 4, 1, 3).decisions


def test_every_actor_is_of_the_class_of_its_part() -> None:
    def kinds(broker_contributes: bool) -> list[str]:
        contributes = [broker_contributes, False, False, True, False]
        actor = SimpleNamespace(contributor=contributes)
        world: Any = SimpleNamespace(broker_at=0, host_at=1, opponents_at=[2], actor=actor)
        return [agent_factory.kind_of(world, at).__name__ for at in range(5)]

    assert kinds(False) == ["Broker", "Host", "Opponent", "Contributor", "State"]
    assert kinds(True) == ["ContributingBroker", "Host", "Opponent", "Contributor", "State"]
