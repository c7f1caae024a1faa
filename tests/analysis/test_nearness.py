"""How near runs come to an event: the numbers of some runs of two worlds, which ``tests/golden/shown`` keeps.

A search stays unbiased whatever they are, so nothing else would notice if they were others; it would only take longer.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/analysis/test_nearness.py

writes them anew.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import numpy as np
import pytest

from sim.analysis import mission_steps, nearness
from sim.analysis.mission_steps import STEPS, Runs
from sim.analysis.nearness import HIT
from sim.analysis.rare_events import Player, search_block
from sim.ensemble.events import event
from sim.scenario.scenario import Scenario
from sim.world import building
from tests import kept_output
from tests.worlds import baseline, tiny

ASKED = {
    "tiny": (
        "european", "deployed", "watch", "blue", "not ceasefire", "ceasefire", "ceasefire and european", "arms >= 0.5",
        "arms < 0.1", "arms = 0.4", "not arms > 0.9", "troops >= 5000", "troops < 20000", "truces >= 3", "truces <= 0",
        "rung = troops", "rung_at_horizon = assurance", "mission = blue", "outcome = watch", "tabled_blue > 0",
        "tabled_blue >= 30", "tabled_watch < 2 or rung = none", "attacks > 2", "deployed_week <= 8",
        "ceasefire_week < 3 and not watch", "deployed_week < ceasefire_week",
    ),
    "baseline": ("european", "training", "observer", "ceasefire and european", "outcome = training", "troops > 40000"),
}  # fmt: skip
WORLDS = {"tiny": tiny, "baseline": baseline}


@cache
def played(name: str) -> tuple[Scenario, Runs]:
    scenario = WORLDS[name]()
    world = building.build(scenario)
    player = Player(world, event("ceasefire", scenario.parts.missions))
    block = search_block(player, [], 120 if name == "tiny" else 30, np.random.default_rng(3))
    return scenario, Runs(world, block.inputs.values, block.played)


def described(values: np.ndarray) -> str:
    least = values[values < HIT].max(initial=0.0)
    each = " ".join(f"{value:.5f}" for value in values[:6])
    return f"{values.mean():.6f} on average, at most {least:.6f} of those without it, {values.std():.6f} apart; {each}"


def numbers(name: str) -> Iterator[str]:
    scenario, runs = played(name)
    for of in ASKED[name]:
        asked = event(of, scenario.parts.missions)
        missions = [runs.world.names.missions[at] for at in nearness.missions_of(asked, runs.world)]
        yield f"{of}, by way of {missions}: {described(nearness.nearness(asked, runs))}"
    for at, mission in enumerate(runs.world.names.missions):
        for part, values in mission_steps.best_steps(at, runs).items():
            yield f"{mission}, {part}: {described(values)}"


@pytest.mark.parametrize("name", WORLDS)
def test_runs_are_as_near_as_kept(name: str) -> None:
    assert kept_output.differs("nearness", "\n".join(numbers(name)), name) == ""


@pytest.mark.parametrize("name", WORLDS)
def test_a_mission_in_the_field_wanted_nothing_in_its_best_week(name: str) -> None:
    scenario, runs = played(name)
    for at, mission in enumerate(runs.world.names.missions):
        came = nearness.nearness(event(mission, scenario.parts.missions), runs) == HIT
        ways = mission_steps.best_steps(at, runs)
        assert set(ways) == set(STEPS)
        for values in ways.values():
            assert values.shape == came.shape and ((values >= 0.0) & (values <= 1.0)).all()
        if came.any() and not runs.world.mission.training[at]:
            assert (ways["table"][came] == 1.0).all() and (ways["requirements"][came] > 0.5).all()
