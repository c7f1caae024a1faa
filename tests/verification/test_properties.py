"""Properties that any set of rules must keep (see RULES in docs/model.md), each at a size that gives a verdict."""

import os

import pytest

from tests.verification.properties import PROPERTIES, Claim, measured

RUNS = int(os.environ.get("SIM_VERIFY_RUNS", "10000"))
ASKED = [
    pytest.param(
        claim, id=f"{each.name}-{at}", marks=[pytest.mark.xfail(strict=True, reason=claim.fails)] if claim.fails else []
    )
    for each in PROPERTIES
    for at, claim in enumerate(each.claims)
    if claim.side != "?"
]


@pytest.mark.slow
@pytest.mark.parametrize("claim", ASKED)
def test_a_property_holds(claim: Claim) -> None:
    verdict = measured(claim, RUNS)
    assert verdict.holds, verdict
