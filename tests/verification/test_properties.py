"""Properties that any set of rules must keep (see RULES in docs/model.md), each at a size that gives a verdict."""

import os

import pytest

from tests.verification.properties import PROPERTIES, Claim, measured

RUNS = int(os.environ.get("SIM_VERIFY_RUNS", "10000"))
ASKED = [
    pytest.param(
        claim,
        each.times,
        id=f"{each.name}-{at}",
        marks=[pytest.mark.xfail(strict=True, reason=claim.fails)] if claim.fails else [],
    )
    for each in PROPERTIES
    for at, claim in enumerate(each.claims)
    if claim.side != "?"
]


@pytest.mark.slow
@pytest.mark.parametrize(("claim", "times"), ASKED)
def test_a_property_holds(claim: Claim, times: int) -> None:
    verdict = measured(claim, RUNS * times)
    assert verdict.holds, verdict
