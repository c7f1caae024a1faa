"""Tests of the leverage network as a table: what documents say of its edges."""

from typing import Any

import pytest

from sim.scenario.scenario import Scenario
from sim.world import network
from tests.worlds import baseline

EDGE = "turkey->russia/persuasion"
CLAIM = "000.bloomberg.turkey_open"
GUESS = {"likely": 0.3, "assumption": "a guess, for the test"}


def with_edge(strength: dict[str, Any], willingness: dict[str, Any]) -> Scenario:
    return baseline().change({f"network.{EDGE}": {"strength": strength, "willingness": willingness}})


@pytest.mark.parametrize(
    ("strength", "says"),
    [
        (GUESS, "none"),
        ({**GUESS, "against": [CLAIM]}, "none"),
        ({**GUESS, "see": [CLAIM]}, "speaks"),
        ({**GUESS, "because": [CLAIM]}, "value"),
        ({**GUESS, "because": [CLAIM], "see": ["000.merz.if_russia_consents"]}, "value"),
    ],
)
def test_an_edge_has_the_best_that_documents_say_of_its_numbers(strength: dict[str, Any], says: str) -> None:
    other = {"likely": 0.6, "assumption": "another guess, for the test"}
    scenario = with_edge(strength, other)
    assert network.documents(scenario, EDGE) == says
    table = network.leverage(scenario).set_index(["source", "target", "channel"])
    assert table.loc[("turkey", "russia", "persuasion"), "documents"] == says


def test_every_shipped_edge_has_a_document_that_speaks_to_it() -> None:
    says = network.leverage(baseline())["documents"]
    assert len(says) == len(baseline().parts.network)
    assert set(says) == {"value", "speaks"}
