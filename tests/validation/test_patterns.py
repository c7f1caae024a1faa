"""Tests that what the documents say would follow can be put to the baseline, and asks for what a run reports."""

import pytest

from sim import evidence, vocabulary
from sim.evidence import Pattern
from sim.scenario import loading
from sim.scenario.scenario import Scenario

PATTERNS = evidence.load().patterns
PLAIN = {
    "ceasefire", "deployed", "european", "truce_broke", "in_place_at_horizon", "held", "with_russian_consent",
    "without_russian_consent", "attacked", "troops", "troops_european", "pledged_troops", "states_in_force",
    "rung_highest", "consent", "concession", "guarantee", "weeks_to_deployment",
}  # fmt: skip
GIVEN = {None, "ceasefire", "deployed", "european"}


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return loading.load("baseline")


def known_quantity(quantity: str, scenario: Scenario) -> bool:
    """Return whether a run reports ``quantity``: a plain name, or a kind and one of its members."""
    missions, gates = set(scenario.parts.missions), set(vocabulary.GATES)
    contributors = {name for name, actor in scenario.parts.actors.items() if "contributor" in actor.parts()}
    members = {
        "pledged": contributors,
        "ratified": contributors,
        "in_force": contributors,
        "stage_at_start": contributors,
        "missing": gates,
        "most_often_missing": gates,
        "outcome": missions | set(vocabulary.OUTCOMES_WITHOUT_FORCE),
        "tabled": missions,
        "share_rung_at_least": set(vocabulary.RUNGS),
    }
    kind, _, member = quantity.partition(".")
    return quantity in PLAIN or member in members.get(kind, set())


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_a_pattern_changes_what_the_baseline_has(pattern: Pattern, baseline: Scenario) -> None:
    for edits in (pattern.change, pattern.reference):
        if edits is not None:
            assert baseline.change(edits).differences(baseline)


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_a_pattern_asks_for_a_quantity_that_a_run_reports(pattern: Pattern, baseline: Scenario) -> None:
    asked = {pattern.quantity, pattern.than or pattern.quantity}
    assert {quantity for quantity in asked if not known_quantity(quantity, baseline)} == set()
    assert pattern.given in GIVEN


@pytest.mark.parametrize("wrong", ["", "troop", "pledged.atlantis", "pledged.us", "missing", "outcome.none"])
def test_a_misspelt_quantity_is_not_known(wrong: str, baseline: Scenario) -> None:
    assert not known_quantity(wrong, baseline)
