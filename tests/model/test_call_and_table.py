"""Troops are called for where they are all that a force lacks; the table stays open until a mission is settled."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import world
from sim.batch import running
from sim.ensemble import Ensemble
from sim.model import Negotiation, menu
from tests.worlds import baseline, tiny

SEED, RUNS = 5, 192
COUNCIL = [f"network.{name}->ukraine/security_council_veto.open" for name in ("china", "france", "russia", "uk", "us")]
READY = {
    "actors.ukraine.disposition": 3.5,
    "actors.us.backstop.offers.at_least": "assurance",
    **{f"actors.{name}.disposition": 2 for name in ("uk", "france")},
    **{f"actors.{name}.ratification.support": 2 for name in ("uk", "france")},
    "table.impose": "reassurance",
}
"""A truce, a backstop and leads that go: troops are what may be missing."""


def played(changes: dict[str, Any], engine: str = "compiled", runs: int = RUNS) -> Ensemble:
    return running.run(baseline().change(changes), runs, SEED, engine=engine, workers=1, keep=("weekly",))


def share(changes: dict[str, Any]) -> float:
    return float(played(changes, runs=1024).happened("deployed").mean())


def test_a_call_brings_forces_where_troops_are_what_is_missing() -> None:
    none, strong = (share({**READY, "rules.pledge.call_for_troops": weight}) for weight in (0, 1))
    assert strong > none + 0.1


def test_a_call_moves_nobody_while_no_lead_goes() -> None:
    nobody = {"actors.uk.disposition": -6, "actors.france.disposition": -6, "table.impose": "reassurance"}
    tables = [played({**nobody, "rules.pledge.call_for_troops": weight}).runs for weight in (0, 1)]
    played_alike = [table.drop(columns=[name for name in table if "call" in name]) for table in tables]
    pd.testing.assert_frame_equal(*played_alike)


def test_only_those_who_may_join_are_called() -> None:
    structure = world.build(tiny())
    model = Negotiation(structure, *world.draw(structure, SEED, 0), 0)
    model.mission = 0
    model.met = dict.fromkeys(model.met, True)
    may = {who.name: who.sees().called for who in model.contributors}
    eligible = structure.mission.eligible[0]
    assert may == {who.name: float(eligible[who.at]) for who in model.contributors}
    model.mission = -1
    assert not any(who.sees().called for who in model.contributors)


@pytest.mark.parametrize("gate", ["truce", "host_consent", "russian_consent", "council", "lead"])
def test_each_of_five_requirements_stops_a_call_and_no_other(gate: str) -> None:
    structure = world.build(tiny())
    model = Negotiation(structure, *world.draw(structure, SEED, 0), 0)
    model.met = {**dict.fromkeys(model.met, True), "troops": False, "backstop": False, "ratification": False}
    assert model.called == 1.0
    model.met[gate] = False
    assert model.called == 0.0


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_after_a_bare_truce_another_mission_can_be_tabled(engine: str) -> None:
    weekly = played({"begins_in_truce": True}, engine, 96).weekly
    before = weekly.groupby("run").shift(1)
    bare = (weekly["truce"] > 0) & (before["truce"] > 0) & (before["signed"] == "none") & (before["force"] == "none")
    assert (bare & (weekly["mission"] != before["mission"])).any()


@pytest.mark.parametrize("engine", ["compiled", "mesa"])
def test_no_mandate_is_asked_for_that_the_council_would_not_give(engine: str) -> None:
    shut = dict.fromkeys(COUNCIL, "no")
    weekly = played({**shut, "table.impose": "none"}, engine, 64).weekly
    assert not (weekly["mission"] == "un_blue_helmets").any()
    opened = played(dict.fromkeys(shut, "yes"), engine, 64).weekly
    assert (opened["mission"] == "un_blue_helmets").any()


def test_a_shut_gate_that_is_held_open_keeps_nothing_off() -> None:
    shut = dict.fromkeys(COUNCIL, "no")
    structure = world.build(baseline().change(shut))
    at = structure.names.missions.index("un_blue_helmets")
    drawn = world.draw(structure, SEED, 0)
    kept_off, held_open = (
        menu.objection(model, model.parties, at)
        for model in (Negotiation(structure, *drawn, 0, relaxed) for relaxed in ((), ("council",)))
    )
    assert kept_off == "council"
    assert held_open != "council"


def test_what_was_signed_or_is_in_the_field_is_settled() -> None:
    structure = world.build(tiny())
    model = Negotiation(structure, *world.draw(structure, SEED, 0), 0)
    assert not model.settled
    model.truce = True
    assert not model.settled
    model.signed = 0
    assert model.settled
    assert np.isclose(model.shared_sight()[2], 1.0)
