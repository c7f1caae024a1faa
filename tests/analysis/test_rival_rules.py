"""What rival rules hand on beside their table: whose, of which runs, and about what."""

from __future__ import annotations

from sim.analysis.rival_rules import structures
from tests.worlds import tiny


def test_rival_rules_know_whose_they_are_and_about_what() -> None:
    rules = structures(tiny(), runs=20, seed=7, of="ceasefire", workers=1)
    facts = rules.facts()
    assert (facts["scenario"], facts["seed"], facts["of"], facts["runs"]) == ("tiny", 7, "ceasefire", 20)
    assert rules.table.index[0] == "as_configured"
