"""A demand is a condition: whoever drops one pledges no less, whoever insists no more, and one that is met is idle.

Every contributor and every demand of the shipped configs and of made-up worlds, as paired runs under the same luck.
Where another demand binds a difference is nought; elsewhere its whole interval lies on the side.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from sim import vocabulary
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from tests.contracts.demands import ABSOLUTE, NONE, Bench, Demand, Gain, bench, demands, gains, weeks_pledged
from tests.generated import seeded

RUNS = 192
MANY = 512
GENERATED = 12
SHIPPED = sorted(path.stem for path in (Path(__file__).parents[2] / "configs" / "scenarios").glob("*.yaml"))
MET: dict[str, tuple[tuple[str, ...], dict[str, float]]] = {
    "us_backstop": (("backstop",), {}),
    "russian_consent": (("russian_consent",), {}),
    "company": ((), {"at_least": 0.0}),
    "decent_settlement": ((), {"concession_at_most": 1.0}),
}
"""What meets a demand: gates held open, or a demand for nothing. A definition is met where planning takes no time."""


@cache
def stage(scenario: str) -> Bench:
    return bench(load(scenario), RUNS)


def against_the_contract(at: Bench, wanted: list[Demand]) -> dict[str, Gain]:
    """Return the demands that break the contract, each with what was measured."""
    removed, firmed = (gains(at, wanted, firmness) for firmness in (NONE, ABSOLUTE))
    return {f"{demand.path} removed": gain for demand, gain in removed.items() if gain.is_below()} | {
        f"{demand.path} firmed": gain for demand, gain in firmed.items() if gain.is_above()
    }


def own_demands(scenario: Scenario) -> list[Demand]:
    """Return the demands of a scenario that differ from those of the baseline."""
    base = load("baseline").leaves
    return [
        demand
        for demand in demands(scenario)
        if any(
            path not in base or base[path].prior != leaf.prior
            for path, leaf in scenario.leaves.items()
            if path.startswith(f"{demand.path}.")
        )
    ]


def test_in_the_baseline_no_state_pledges_less_without_a_demand_or_more_with_a_firmer_one() -> None:
    wanted = demands(load("baseline"))
    assert len(wanted) >= 40
    assert against_the_contract(stage("baseline"), wanted) == {}


@pytest.mark.parametrize("scenario", SHIPPED)
def test_demands_that_a_scenario_makes_its_own_keep_the_contract_too(scenario: str) -> None:
    own = own_demands(load(scenario))
    assert (against_the_contract(stage(scenario), own) if own else {}) == {}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", SHIPPED)
def test_in_no_shipped_scenario_does_a_demand_act_as_a_bonus(scenario: str) -> None:
    assert against_the_contract(stage(scenario), demands(load(scenario))) == {}


@pytest.mark.parametrize("seed", range(GENERATED))
def test_in_a_made_up_world_no_state_pledges_less_without_a_demand_or_more_with_a_firmer_one(seed: int) -> None:
    case = seeded(seed + 1)[seed]
    scenario = case.scenario.change({"rules.pledge.stances": "conditional"})
    assert against_the_contract(bench(scenario, MANY, case.relaxed), demands(scenario)) == {}


@pytest.mark.parametrize("actor", ["uk", "germany", "poland", "spain", "sweden", "estonia"])
def test_without_its_demand_for_a_backstop_a_state_pledges_more(actor: str) -> None:
    demand = Demand(actor, "us_backstop")
    assert gains(bench(load("baseline"), MANY), [demand], NONE)[demand].low > 0.0


def test_while_a_demand_is_met_its_firmness_does_not_matter() -> None:
    scenario = load("baseline")
    at, planned = bench(scenario, 64), bench(scenario.change({"rules.pledge.definition_weeks": 0}), 64)
    for demand in demands(scenario):
        relaxed, others = MET.get(demand.need, ((), {}))
        on = (planned if demand.need == "definition" else at)._replace(relaxed=relaxed)
        soft, firm = (weeks_pledged(on, demand, value, **others) for value in (NONE, ABSOLUTE))
        np.testing.assert_array_equal(soft, firm, err_msg=demand.path)


def test_a_demand_taken_out_of_a_config_is_one_without_firmness() -> None:
    demand = Demand("uk", "us_backstop")
    without = bench(load("baseline").change({demand.path: "none"}), 64)
    uk = without.world.names.actors.index(demand.actor)
    np.testing.assert_array_equal(
        without.pledged(without.inputs.values)[:, uk], weeks_pledged(bench(load("baseline"), 64), demand, NONE)
    )


def test_every_kind_of_demand_is_one_that_the_contract_can_meet() -> None:
    assert {demand.need for demand in demands(load("baseline"))} == {*MET, "definition"}
    assert {gate for gates, _ in MET.values() for gate in gates} <= set(vocabulary.GATES)
