"""What can move nothing is named, with the reason: pools, demands and vetoes; what can move something is not."""

import pytest

from sim.reading.errors import InputError
from sim.scenario import idle_parts, idle_pools, loading
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from tests.worlds import baseline


def idle(scenario: Scenario) -> dict[str, str]:
    pools = idle_pools.faults(scenario.written, scenario.layer)
    return {fault.path: fault.message for fault in (*pools, *idle_parts.faults(scenario))}


@pytest.mark.parametrize("name", loading.names())
def test_a_shipped_scenario_has_no_misspelt_pool(name: str) -> None:
    scenario = load(name)
    messages = {fault.message for fault in idle_pools.faults(scenario.written, scenario.layer)}
    assert messages <= {"no edge takes a number from this pool"}  # where it takes all edges of a channel away


def test_everything_in_the_baseline_can_move_something() -> None:
    assert idle(baseline()) == {}


@pytest.mark.parametrize(
    ("path", "value", "where", "why"),
    [
        ("actors.uk.needs.us_backstop.firmness", 0, "actors.uk.needs.us_backstop", "its firmness is 0 throughout"),
        ("actors.uk.needs.us_backstop.at_least", "none", "actors.uk.needs.us_backstop", "is worth no guarantee"),
        ("rules.pledge.consent", 0, "actors.uk.needs.russian_consent", "rules.pledge.consent is 0 throughout"),
        ("actors.uk.needs.russian_consent.at_least", "refuses", "actors.uk.needs.russian_consent", "no consent"),
        ("actors.estonia.needs.company.at_least", 0, "actors.estonia.needs.company", "no company is asked for"),
        ("rules.pledge.definition_weeks", 0, "actors.spain.needs.definition", "definition_weeks is 0"),
        ("actors.uk.needs.decent_settlement.concession_at_most", 1, "actors.uk.needs.decent_settlement", "any concess"),
        ("missions.nato", None, "actors.us.vetoes.nato_flag", "no mission that can stand on the table has a NATO flag"),
        ("table.impose", "nato", "actors.us.vetoes.nato_flag", "whoever objects"),
        ("table.impose", "neutral", "actors.russia.vetoes.light_missions", "whoever objects"),
        ("actors.uk.vetoes", {"nato_flag": {"firmness": 1}}, "actors.uk.vetoes.nato_flag", "is the broker's alone"),
        (
            "actors.russia.vetoes.light_missions.provocation_at_most",
            9,
            "actors.russia.vetoes.light_missions",
            "at most",
        ),
        ("defaults.contribtor.credence", 0.2, "defaults.contribtor", "did you mean 'contributor'?"),
        ("defaults.edges.troop_exmple.strength", 0.2, "defaults.edges.troop_exmple", "did you mean 'troop_example'?"),
        ("defaults.edges.patronage.strength", 0.2, "defaults.edges.patronage", "no edge takes a number"),
    ],
)
def test_what_moves_nothing_is_named_with_its_reason(path: str, value: object, where: str, why: str) -> None:
    assert why in idle(baseline().change({path: value}))[where]


def test_a_capacity_of_a_few_soldiers_is_named_as_thousands_may_be_meant() -> None:
    (fault,) = idle_parts.faults(baseline().change({"actors.spain.capacity_troops": 3.000}))
    assert fault.path == "actors.spain.capacity_troops" and "3 troops at most; a point marks decimals" in fault.message


def test_a_demand_that_may_be_unmet_and_a_veto_that_may_bite_are_not_named() -> None:
    low = {"low": 0, "high": 0.01}
    scenario = baseline().change(
        {
            "actors.uk.needs.us_backstop": {"at_least": {"none": 0.99, "logistics": 0.01}, "firmness": low},
            "actors.us.vetoes.nato_flag.firmness": 0,
        }
    )
    assert idle(scenario) == {}


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("defaults.contributor", "defaults.contribtor", "did you mean 'contributor'?"),
        ("defaults.edges.troop_example", "defaults.edges.troop_exmple", "did you mean 'troop_example'?"),
    ],
)
def test_a_misspelt_pool_that_is_missed_makes_one_message_and_not_one_for_all_who_lack_it(
    old: str, new: str, meant: str
) -> None:
    tree = dict(baseline().written.entries)
    edits = {new + path.removeprefix(old): value for path, value in _below(tree, old).items()}
    with pytest.raises(InputError) as refused:
        baseline().change({**edits, old: None})
    (fault,) = refused.value.faults
    assert fault.path == new
    assert meant in fault.message


def _below(entries: dict[tuple[str, ...], object], path: str) -> dict[str, object]:
    return {".".join(route): entry.value for route, entry in entries.items() if ".".join(route).startswith(f"{path}.")}  # type: ignore[attr-defined]
