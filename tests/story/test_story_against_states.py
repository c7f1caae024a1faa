"""Tests of a story against the states it describes: every sentence is true of its week, and no turn is left out.

States are those of the tables of a replay and of a batch; the worlds are the tiny one, others made up in which much
happens, and the baseline. What a sentence claims is read from its words alone.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise
from typing import Any, NamedTuple

import pandas as pd
import pytest

import sim
from sim import story, vocabulary
from sim.story.replay import Replay
from sim.words import ANSWERED, RUNGS
from tests.generated import seeded
from tests.worlds import baseline, tiny

SEED = 3
NONE = vocabulary.NO_MISSION


Row = dict[Any, Any]


class Turn(NamedTuple):
    """A round: the state before it and after it, and its events."""

    before: Row
    after: Row
    events: list[Row]


class Story(NamedTuple):
    """A run: its scenario, its number, its tables, its rounds but the first, and its story in one line."""

    scenario: sim.Scenario
    run: int
    tables: Replay
    turns: list[Turn]
    text: str


@lru_cache(maxsize=1)
def stories() -> list[Story]:
    """Return some runs of several worlds."""
    scenarios = [baseline(), tiny(), *(case.scenario for case in seeded(10) if not case.relaxed)]
    return [
        Story(scenario, run, tables, turns(tables), " ".join(story.tell(scenario, SEED, run).split()))
        for scenario in scenarios
        for run in range(3)
        for tables in [sim.replay(scenario, SEED, run)]
    ]


def turns(tables: Replay) -> list[Turn]:
    weekly, events = tables.weekly.to_dict("records"), tables.events.to_dict("records")
    return [
        Turn(before, after, [event for event in events if event["week"] == after["week"]])
        for before, after in pairwise(weekly)
    ]


def kinds(events: list[Row], *names: str) -> list[str]:
    """Return the details of events of some kinds."""
    return [event["detail"] for event in events if event["event"] in names]


def members(one: Story, week: float) -> set[str]:
    stages = one.tables.stages
    return set(stages.loc[(stages["week"] == week) & stages["in_force"], "actor"])


def words_after(text: str, before: str) -> str:
    return text.partition(before)[2]


# --- events, and the states before and after -------------------------------------------------------------------------


def test_a_truce_is_signed_and_breaks_in_the_events_when_it_does_in_the_weeks() -> None:
    seen = Counter[str]()
    for one in stories():
        for before, after, events in one.turns:
            signed = kinds(events, "truce_signed")
            assert len(signed) == after["truces"] - before["truces"]
            assert not signed or signed == ["bare" if after["signed"] == NONE else after["signed"]]
            assert len(kinds(events, "truce_broke")) == after["broken"] - before["broken"]
            seen.update(event["event"] for event in events)
    assert seen["truce_signed"] and seen["truce_broke"]


def test_a_truce_that_breaks_is_told_with_how_long_it_lasted() -> None:
    for one in stories():
        events = one.tables.events
        for at, row in events[events["event"] == "truce_broke"].iterrows():
            earlier = events.loc[:at]
            signed = earlier.loc[earlier["event"] == "truce_signed", "week"].iloc[-1]
            lasted = re.search(r"breaks after ([\d.]+) weeks?", row["text"])
            assert lasted is not None or (signed == row["week"] and "breaks at once" in row["text"])
            weeks = float(lasted[1]) if lasted is not None else 0.0
            assert weeks == pytest.approx(row["week"] - signed, abs=0.051)


def test_the_mission_on_the_table_is_told_whenever_it_changes() -> None:
    for one in stories():
        for before, after, events in one.turns:
            tabled, emptied = kinds(events, "mission_tabled"), kinds(events, "table_empty")
            changed = before["mission"] != after["mission"]
            assert tabled == ([after["mission"]] if changed and after["mission"] != NONE else [])
            assert len(emptied) == (changed and after["mission"] == NONE)
            for event in events:
                if event["event"] == "mission_tabled":
                    assert f'"{one.scenario.parts.missions[after["mission"]].name}"' in event["text"]


def test_the_offer_is_told_whenever_its_rung_changes_and_by_that_rung() -> None:
    for one in stories():
        for before, after, events in one.turns:
            old, new = (vocabulary.RUNGS[int(state["rung"])] for state in (before, after))
            rose, fell = kinds(events, "offer_rose"), kinds(events, "offer_fell")
            assert (len(rose), len(fell)) == (after["rung"] > before["rung"], after["rung"] < before["rung"])
            for detail in rose + fell:
                assert detail.partition(":")[0] == f"{old} > {new}"
            for event in events:
                if event["phase"] == "offer":
                    assert ("withdraws" if new == "none" else RUNGS[new]) in event["text"]


def test_consent_is_told_whenever_it_changes_under_a_mission_and_by_its_word() -> None:
    for one in stories():
        for before, after, events in one.turns:
            word = vocabulary.CONSENTS[int(after["consent"])]
            answers = [event for event in events if event["phase"] == "consent"]
            changed = before["consent"] != after["consent"] and after["mission"] != NONE
            assert len(answers) == changed
            for event in answers:
                assert event["detail"].partition(":")[0].endswith(f"> {word}")
                assert re.search(rf"\b{word}\b", event["text"])


def test_a_force_is_told_when_it_forms_with_its_mission_its_size_and_its_members() -> None:
    formed = 0
    for one in stories():
        actors = one.scenario.parts.actors
        for before, after, events in one.turns:
            forms = [event for event in events if event["event"] == "force_formed"]
            assert len(forms) == (before["force"] == NONE != after["force"])
            for row in forms:
                formed += 1
                size = re.search(r"with ([\d,]+) troops from", row["text"])
                assert size is not None
                assert row["detail"] == after["force"]
                there = members(one, after["week"])
                shaken = any(event["phase"] == "hold" for event in events)
                assert shaken or int(size[1].replace(",", "")) == pytest.approx(after["troops"], abs=50)
                assert all(actors[actor].name in row["text"] for actor in there)
                assert f"{vocabulary.CONSENTS[int(after['consent'])]} it" in row["text"]
    assert formed


def test_who_joins_and_leaves_a_force_in_the_field_is_told_and_nobody_else() -> None:
    for one in stories():
        for before, after, events in one.turns:
            if NONE in (before["force"], after["force"]):
                continue
            there, then = members(one, before["week"]), members(one, after["week"])
            gone = {name for detail in kinds(events, "left", "attacked", "tested") for name in detail.split()}
            joined = {name for detail in kinds(events, "joined") for name in detail.split()}
            assert joined - gone == then - there
            assert gone - joined == there - then


def test_a_test_of_the_force_its_end_and_training_are_told_as_they_are_recorded() -> None:
    for one in stories():
        for before, after, events in one.turns:
            assert len(kinds(events, "attacked")) == after["attacked"]
            assert len(kinds(events, "attacked", "tested")) == after["tested"]
            assert len(kinds(events, "force_ended")) == after["ended"]
            assert len(kinds(events, "training_began")) == (after["training"] > before["training"])
            assert len(kinds(events, "training_ended")) == (after["training"] < before["training"])
            for event in events:
                if event["event"] in ("attacked", "tested"):
                    assert ("keeps its promise" in event["text"]) == bool(after["reinforced"])


def test_a_move_of_a_contributor_is_told_from_the_stage_it_had_to_the_one_it_has() -> None:
    moves = 0
    for one in stories():
        stage = one.tables.stages.set_index(["week", "actor"])["stage"].to_dict()
        for before, after, events in one.turns:
            for row in (event for event in events if event["phase"] == "pledge"):
                moves += 1
                old, new = stage[before["week"], row["actor"]], stage[after["week"], row["actor"]]
                assert row["detail"].partition(":")[0] == f"{old} > {new}"
                assert f"from {old} to {new}" in row["text"]
                rises = vocabulary.STANCES.index(new) > vocabulary.STANCES.index(old)
                assert (row["event"] in ("pledged", "warmed")) == rises
    assert moves


def test_a_requirement_is_told_as_met_or_lost_as_the_weeks_have_it() -> None:
    for one in stories():
        for before, after, events in one.turns:
            for word, value in (("met", 1), ("lost", 0)):
                for gate in kinds(events, f"requirement_{word}"):
                    assert (before[f"met_{gate}"], after[f"met_{gate}"]) == (1 - value, value)
            if before["force"] == NONE == after["force"] and before["mission"] == after["mission"]:
                moved = {gate for gate in vocabulary.GATES if before[f"met_{gate}"] != after[f"met_{gate}"]}
                spoken = set(kinds(events, "requirement_met", "requirement_lost"))
                assert moved - spoken <= {"truce", "russian_consent", "ratification"}


# --- the whole story -------------------------------------------------------------------------------------------------


def test_the_outcome_at_the_head_is_that_of_the_same_run_in_a_batch() -> None:
    words = {"no_ceasefire": "no ceasefire", "ceasefire_without_force": "a ceasefire without", "observer": "observers"}
    for scenario in {id(one.scenario): one.scenario for one in stories()}.values():
        runs = sim.run(scenario, 4, SEED, engine="mesa", workers=1).runs
        for one in (each for each in stories() if each.scenario is scenario):
            row = runs.iloc[one.run]
            head = words_after(one.text, "Outcome: ").partition(" Drawn for this run:")[0]
            if row["mission"] != NONE:
                assert f"a force deploys in week {row['deployed_week']:g} (" in head
                assert f"{row['troops']:,.0f}"[:-2] in head or row["troops"] % 100
                assert ("in the field to the end" in head) == row["held"]
            else:
                assert head.startswith(words.get(row["outcome"], "a training mission"))
            assert ("a truce broke" in head) == row["truce_broke"]


def test_the_weeks_of_each_offer_and_answer_add_up_to_the_weeks_there_were() -> None:
    for one in stories():
        weekly = one.tables.weekly
        a_round = float(weekly["week"].iloc[0])
        last = words_after(one.text, "Over the whole run, ")
        offered, _, answered = last.partition(". ")
        for at, rung in enumerate(vocabulary.RUNGS):
            weeks = float((weekly["rung"] == at).sum()) * a_round
            claimed = re.search(rf"{re.escape(RUNGS[rung])} for ([\d.]+) weeks?", offered)
            assert (float(claimed[1]) if claimed else 0.0) == pytest.approx(weeks, abs=0.051)
        under = weekly[weekly["mission"] != NONE]
        for at, consent in enumerate(vocabulary.CONSENTS):
            weeks = float((under["consent"] == at).sum()) * a_round
            claimed = re.search(rf"{ANSWERED[consent]}(?: what was on the table)? for ([\d.]+) weeks?", answered)
            assert (float(claimed[1]) if claimed else 0.0) == pytest.approx(weeks, abs=0.051)


def test_what_is_told_as_never_met_was_never_met_and_what_was_alone_missing_for_so_long() -> None:
    blocked = 0
    for one in stories():
        weekly = one.tables.weekly
        if "What blocked a force" not in one.text:
            continue
        blocked += 1
        met = weekly[[f"met_{gate}" for gate in vocabulary.GATES]].set_axis(list(vocabulary.GATES), axis=1)
        never = words_after(one.text, "Never met in any week: ").partition(". ")[0]
        assert {gate for gate in vocabulary.GATES if one.scenario.names.gate(gate) in never} == {
            gate for gate in vocabulary.GATES if not met[gate].any()
        }
        alone = words_after(one.text, "At times a single requirement was missing: ").partition(". ")[0]
        pending = (weekly["mission"] != NONE) & (weekly["force"] == NONE) & (met == 0).sum(axis=1).eq(1)
        a_round = float(weekly["week"].iloc[0])
        for gate in vocabulary.GATES:
            claimed = re.search(rf"{re.escape(one.scenario.names.gate(gate))} \(([\d.]+) weeks?\)", alone)
            weeks = float((pending & (met[gate] == 0)).sum()) * a_round
            assert (float(claimed[1]) if claimed else 0.0) == pytest.approx(weeks, abs=0.051)
    assert blocked


def test_the_last_requirement_of_a_force_was_unmet_the_week_before_and_all_were_met_when_it_formed() -> None:
    made = 0
    for one in stories():
        match = re.search(r"the last requirement to be met was (.+?), in week ([\d.]+)\. ", one.text)
        if match is None:
            assert "What made the force" not in one.text
            continue
        made += 1
        weekly = one.tables.weekly.set_index("week")
        final = [gate for gate in vocabulary.GATES if one.scenario.names.gate(gate) in match[1]]
        assert final
        week, forms = float(match[2]), re.search(r"All had held long enough in week ([\d.]+)\.", one.text)
        assert forms is not None and week <= float(forms[1])
        since = weekly.loc[week : float(forms[1])]
        assert (since[[f"met_{gate}" for gate in final]] > 0).all(axis=None)
        earlier = weekly.loc[:week].iloc[:-1]
        if len(earlier):
            last = earlier.iloc[-1]
            assert all(last[f"met_{gate}"] == 0 or last["force"] != NONE for gate in final)
    assert made


def test_weeks_are_told_in_order_and_each_has_an_event() -> None:
    for one in stories():
        weeks = [float(week) for week in re.findall(r"(?:^| )week ([\d.]+): ", one.text)]
        assert weeks == sorted(set(weeks))
        assert set(weeks) <= set(one.tables.events["week"])
        turning = one.tables.events["event"].isin(["truce_signed", "truce_broke", "force_formed", "force_ended"])
        assert set(one.tables.events.loc[turning, "week"]) <= set(weeks)


def test_every_name_in_a_story_is_a_name_of_the_scenario() -> None:
    for one in stories():
        quoted = set(re.findall(r'"([^"]+)"', words_after(one.text, "Outcome: ")))
        assert quoted <= {mission.name for mission in one.scenario.parts.missions.values()}


def test_a_replay_has_the_weeks_of_the_same_run_in_a_batch() -> None:
    for one in stories()[:12]:
        ensemble = sim.run(one.scenario, one.run + 1, SEED, engine="mesa", workers=1, keep=("weekly",))
        mine = ensemble.read(where=f"run == {one.run}", table="weekly").drop(columns="run").reset_index(drop=True)
        pd.testing.assert_frame_equal(one.tables.weekly[list(mine)], mine, check_dtype=False)
