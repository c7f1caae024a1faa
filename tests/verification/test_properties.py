"""Properties that any set of rules must keep (see RULES in docs/model.md).

At this engine's speed a verdict on small effects takes long: those are marked ``verification`` and run on purpose
(``make verify``); the ones with large effects run in CI.
"""

import os

import pytest

from tests.verification.properties import PROPERTIES, Claim, measured

QUICK = 400
FULL = int(os.environ.get("SIM_VERIFY_RUNS", "10000"))
LARGE = [
    pytest.param(claim, id=f"{each.name}-{at}")
    for each in PROPERTIES
    if each.large
    for at, claim in enumerate(each.claims)
]
ALL = [
    pytest.param(claim, id=f"{each.name}-{at}")
    for each in PROPERTIES
    for at, claim in enumerate(each.claims)
    if claim.side != "?"
]


@pytest.mark.slow
@pytest.mark.parametrize("claim", LARGE)
def test_a_property_with_a_large_effect_holds(claim: Claim) -> None:
    verdict = measured(claim, QUICK)
    assert verdict.holds, verdict


@pytest.mark.verification
@pytest.mark.parametrize("claim", ALL)
def test_every_property_holds_at_full_size(claim: Claim) -> None:
    verdict = measured(claim, FULL)
    assert verdict.holds, verdict
