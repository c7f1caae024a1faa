"""Edges that are no leverage are refused with the reason, noted where they are inherited, and change no run."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from sim import batch
from sim.cli import application
from sim.scenario import inert_edges, loading
from sim.scenario.scenario import Scenario
from tests import generated
from tests.worlds import baseline, tiny, write_tiny

FULL = {"strength": 0.5, "willingness": 0.5}
PATRON = {"name": "Patron", "roles": ["patron"]}
NO_MANDATE = {"missions.blue.un_mandate": False}
NOT_WESTERN = {"missions.reassurance.western": False}

CASES = [
    ("usa->pal/normalisation", FULL, {"actors.pal": PATRON}, "a payoff acts on broker, belligerents and contributors"),
    ("ukr->usa/persuasion", FULL, {}, "usa cannot be persuaded: its susceptibility is 0"),
    ("usa->borea/persuasion", FULL, {}, "borea cannot be persuaded"),
    (
        "usa->borea/persuasion",
        FULL,
        {"actors.borea.susceptibility": 0.3},
        "borea neither tables missions nor persuades",
    ),
    (
        "rus->alba/persuasion",
        FULL,
        {"actors.alba.susceptibility": 0.3, "table.impose": "blue"},
        "puts blue on the table",
    ),
    ("alba->corvia/troop_example", FULL, {}, "corvia demands no company"),
    ("usa->borea/troop_example", FULL, {}, "contributors alone set an example, and usa is none"),
    ("usa->ukr/security_guarantee", {"strength": 1}, {}, "ukr demands no backstop"),
    ("usa->corvia/security_guarantee", {"strength": 1}, {}, "corvia demands no backstop"),
    ("corvia->rus/patronage", {"strength": 0, "willingness": 1}, {}, "its strength is 0 throughout"),
    ("corvia->rus/patronage", {"strength": 1, "willingness": 0}, {}, "its willingness is 0 throughout"),
    ("usa->alba/bank_sanctions", FULL, {}, "sanctions press the opponent alone (rus), and alba is not it"),
    ("alba->borea/eu_decision", {"open": "no"}, {}, "borea is no member of the EU"),
    ("alba->borea/eu_decision", {"open": "no"}, {"actors.borea.member_of": ["eu"]}, "borea has no sanctions"),
    ("usa->ukr/security_council_veto", {"open": "no"}, NO_MANDATE, "no mission that can stand on the table needs"),
    ("corvia->alba/logistics_hub", {"open": "no"}, NOT_WESTERN, "hubs carry Western missions alone"),
]
LIVE = [
    ("usa->corvia/normalisation", FULL, {}),
    ("rus->usa/persuasion", FULL, {"actors.usa.susceptibility": 0.3}),
    ("usa->borea/persuasion", FULL, {"actors.borea.susceptibility": 0.3, "actors.alba.susceptibility": 0.3,
                                     "network.borea->alba/persuasion": FULL}),
    ("alba->borea/troop_example", FULL, {}),
    ("usa->alba/security_guarantee", {"strength": 1}, {}),
    ("usa->ukr/military_aid", {"strength": 1, "willingness": 0}, {}),
    ("borea->alba/eu_decision", {"open": "yes"}, {}),
    ("usa->ukr/security_council_veto", {"open": "no"}, {}),
    ("corvia->alba/logistics_hub", {"open": "no"}, {}),
]  # fmt: skip
NOT_MEANT = ("sanctions press", "contributors alone", "its willingness")
"""Beginnings of the reasons of edges that the rules would let move something by accident."""


def with_edge(key: str, edge: dict[str, Any], more: dict[str, Any]) -> Scenario:
    return tiny().change({**more, f"network.{key}": edge})


@pytest.mark.parametrize(("key", "edge", "more", "why"), CASES)
def test_an_edge_that_is_no_leverage_is_known_by_its_reason(
    key: str, edge: dict[str, Any], more: dict[str, Any], why: str
) -> None:
    assert why in inert_edges.reasons(with_edge(key, edge, more).parts)[key]


@pytest.mark.parametrize(("key", "edge", "more"), LIVE)
def test_an_edge_that_can_move_something_is_left_alone(key: str, edge: dict[str, Any], more: dict[str, Any]) -> None:
    assert key not in inert_edges.reasons(with_edge(key, edge, more).parts)


def test_a_broker_that_turns_may_use_what_it_would_not_use_today() -> None:
    still = {"rules.lobby.turn_reach": 0}
    key, edge = "usa->ukr/military_aid", {"strength": 1, "willingness": 0}
    assert "willingness" in inert_edges.reasons(with_edge(key, edge, still).parts)[key]


def test_the_fault_names_the_edge_and_its_place() -> None:
    fault = inert_edges.faults(tiny())["ukr->usa/persuasion"]
    assert fault.path == "network.ukr->usa/persuasion"
    assert re.match(r"tiny\.yaml:\d+:\d+$", str(fault.place))


@pytest.mark.parametrize("seed", range(12))
def test_taking_away_what_is_no_leverage_changes_no_run(seed: int) -> None:
    scenario = generated.seeded(seed + 1)[seed].scenario
    idle = [key for key, why in inert_edges.reasons(scenario.parts).items() if not why.startswith(NOT_MEANT)]
    less = scenario.change({f"network.{key}": None for key in idle})
    runs = [batch.run(each, runs=20, workers=1).runs for each in (scenario, less)]
    assert runs[0].equals(runs[1])


def test_the_baseline_has_leverage_alone() -> None:
    assert inert_edges.reasons(baseline().parts) == {}


@pytest.mark.parametrize("name", loading.names()[1:])
def test_what_is_idle_in_a_shipped_scenario_is_inherited(name: str) -> None:
    assert inert_edges.faults(loading.load(name)).keys() <= inert_edges.inherited_edges(name)


def check(path: Path) -> tuple[int, str]:
    result = CliRunner().invoke(application(), ["check", str(path)])
    return result.exit_code, result.output


def own(folder: Path, change: str) -> Path:
    return write_tiny(folder, own=f"question: What then?\nextends: tiny.yaml\nassumption: made up\nchange: {change}\n")


def test_check_refuses_an_idle_edge_of_ones_own_with_file_and_line(tmp_path: Path) -> None:
    path = own(tmp_path, "{network.alba->corvia/troop_example: {strength: 1, willingness: 1}}")
    code, output = check(path)
    assert code == 2
    assert re.search(
        r"own\.yaml:4:\d+: network\.alba->corvia/troop_example: no leverage here", output.replace("\n", " ")
    )


def test_check_notes_an_edge_that_became_idle_where_it_is_inherited(tmp_path: Path) -> None:
    code, output = check(own(tmp_path, "{actors.borea.needs.company: none}"))
    assert code == 0
    assert "note: inherited alba->borea/troop_example: no leverage here: borea demands no company" in output
