"""A hub that opens beside others adds a way to send troops; it never takes one away."""

from __future__ import annotations

from typing import Any

import pytest

from sim.batch import running
from sim.ensemble import Ensemble
from tests.worlds import baseline

HUBS = ("network.poland->uk/logistics_hub", "network.poland->france/logistics_hub")
NO_OFFER = {"actors.us.backstop.offers": {"at_least": "none", "at_most": "none"}, "actors.us.posture.turns": 0}
"""What can be fielded moves what is offered, so nothing is: else runs would part within the week."""
BESIDE = {"network.us->uk/logistics_hub": {"open": {"likely": "yes", "assumption": "a second way"}}}


def ceilings(changes: dict[str, Any], engine: str = "compiled") -> Any:
    ensemble: Ensemble = running.run(baseline().change({**NO_OFFER, **changes}), 60, 3, engine=engine, keep=("weekly",))
    return ensemble.read(["ceiling"], table="weekly")["ceiling"].to_numpy()


def shut(*hubs: str) -> dict[str, Any]:
    return {**{f"{hub}.open": "yes" for hub in HUBS}, **{f"{hub}.open": "no" for hub in hubs}}


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_one_of_two_hubs_shut_costs_half_of_what_both_cost(engine: str) -> None:
    whole, half, none = (ceilings(shut(*hubs), engine) for hubs in ((), HUBS[:1], HUBS))
    assert (whole - none).max() > 0.0
    assert half == pytest.approx((whole + none) / 2)


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_a_hub_that_opens_beside_a_shut_one_gives_back_its_loss(engine: str) -> None:
    whole, half = (ceilings(shut(*hubs), engine) for hubs in ((), HUBS[:1]))
    beside = ceilings({**shut(*HUBS[:1]), **BESIDE}, engine)
    assert (half < whole).any()
    assert beside == pytest.approx(whole)
