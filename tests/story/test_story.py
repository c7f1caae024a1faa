"""Tests of one run told as a story: it tells what happened in that run, why, and always the same.

The golden stories in ``tests/golden`` are renewed on purpose, after a change of configs or rules, with

    SIM_RENEW_GOLDEN=1 python -m pytest tests/story/test_story.py -k golden

which also chooses the runs anew: the first of seed 1 with a deployment, and the first without.
"""

import os
from collections.abc import Iterator
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import story, vocabulary
from sim.ensemble import columns, run_table
from sim.model import Negotiation, menu
from sim.rules import pledging, truces
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story import narrative, reasons, recording, talks, weighed
from sim.world import build, draw
from tests.runs import trajectory
from tests.worlds import tiny

GOLDEN = Path(__file__).parents[1] / "golden"
SEED = 1
RUNS = range(16)


@pytest.fixture(scope="module")
def baseline() -> Scenario:
    return load("baseline")


@pytest.fixture(scope="module")
def records(baseline: Scenario) -> dict[int, recording.Record]:
    return {run: recording.witness(baseline, SEED, run) for run in RUNS}


@pytest.fixture(scope="module")
def tables(baseline: Scenario) -> dict[int, pd.DataFrame]:
    return {run: story.events(baseline, SEED, run) for run in RUNS}


def summary(scenario: Scenario, run: int) -> dict[str, object]:
    structure, _, played = trajectory(scenario, SEED, run)
    return run_table.summary(structure.missions, played.weekly, played.actors, run)


# --- what was witnessed ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("run", [0, 3, 11])
def test_watching_a_run_does_not_change_it(baseline: Scenario, records: dict[int, recording.Record], run: int) -> None:
    _, _, played = trajectory(baseline, SEED, run)
    watched = np.array([list(moment.state.values()) for moment in records[run].moments[1:]])
    assert np.array_equal(watched, played.weekly)


def test_of_a_states_demands_the_least_met_is_the_one_that_holds_it_back(records: dict[int, recording.Record]) -> None:
    binding: set[str] = set()
    for record in records.values():
        for moment in record.moments[1:]:
            for terms in moment.readiness.values():
                held_back = {demand: terms[demand] for demand in pledging.Unmet._fields if terms[demand] != 0.0}
                assert len(held_back) <= 1
                assert all(worth < 0.0 for worth in held_back.values())
                binding |= set(held_back)
    assert len(binding) > 1


def test_all_terms_add_up_to_what_they_explain(records: dict[int, recording.Record]) -> None:
    for record in records.values():
        for moment in record.moments[1:]:
            assert sum(moment.offer.values()) == pytest.approx(moment.state["offer"])
            assert sum(moment.consent.values()) == pytest.approx(moment.state["consent_index"])
            for actor, terms in moment.readiness.items():
                assert sum(terms.values()) == pytest.approx(moment.actors[actor]["readiness"])


def test_the_terms_that_are_explained_are_those_of_the_deal_nearest_to_both_sides(baseline: Scenario) -> None:
    structure = build(baseline)
    deals: set[bool] = set()
    for run in RUNS:
        model = Negotiation(structure, *draw(structure, SEED, 0), run)
        while model.round < model.world.rounds:
            began = model.truce
            model.step()
            if not began:
                assert sum(weighed.overlap_terms(model).values()) == pytest.approx(-model.gap)
                deals.add(model.gap == model.least - model.most)
    assert deals == {False, True}  # with the mission on the table, and without


def test_the_overlap_of_terms_explains_when_a_truce_begins(records: dict[int, recording.Record]) -> None:
    begun = 0
    for record in records.values():
        rounds, weeks = 0, 1.0 / record.world.rounds_per_week
        for before, now in pairwise(record.moments):
            if before.state["truce"]:
                rounds = 0
                continue
            rounds = truces.rounds_of_overlap(rounds, talks.overlap(now))
            enough = truces.talked_long_enough(rounds, weeks, record.inputs["rules.truce.overlap_weeks"])
            assert (now.state["truces"] > before.state["truces"]) == enough
            begun += enough
    assert begun > 0


def test_an_objection_is_noted_exactly_where_somebody_objects_and_nothing_objected_to_is_chosen(
    baseline: Scenario,
) -> None:
    structure = build(baseline)
    model = Negotiation(structure, *draw(structure, SEED, 0), 0)
    for _ in range(10):
        model.step()
        objections = [menu.objection(model, model.parties, at) for at in range(len(model.missions))]
        for at, (kind, whose) in enumerate(zip(model.missions, objections, strict=True)):
            assert (whose == "training") == kind.training
            if not kind.training:
                assert (whose == "host") == model.host.blocks(kind.worth)
                assert whose in ("host", "opponent") or not model.opponent.blocks(at)
                assert whose != "broker" or kind.nato_flag
        chosen = menu.choose(model, model.parties)
        assert chosen == -1 if all(objections) else not objections[chosen]


# --- the table of events ---------------------------------------------------------------------------------------------


def test_events_have_the_documented_columns_in_order_of_week_and_phase(tables: dict[int, pd.DataFrame]) -> None:
    for table in tables.values():
        assert list(table.columns) == ["week", "phase", "actor", "event", "detail", "text"]
        place = list(zip(table["week"], table["phase"].map(vocabulary.PHASES.index), strict=True))
        assert place == sorted(place)
        assert table["text"].str.match(r"[A-Z].*[^.]\.$").all()
        assert not table["text"].str.contains(r"[{}]|, as \.|nan", regex=True).any()


def test_every_move_of_a_contributor_is_an_event(
    records: dict[int, recording.Record], tables: dict[int, pd.DataFrame]
) -> None:
    told = ("pledged", "stepped_back", "warmed", "cooled", "refused")
    for run, record in records.items():
        for actor in record.moments[0].actors:
            stages = [moment.actors[actor]["stage"] for moment in record.moments]
            moves = sum(a != b for a, b in pairwise(stages))
            table = tables[run]
            events = table[(table["actor"] == actor) & table["event"].isin(told)]
            left = table[table["phase"].eq("hold")]["detail"].str.split().map(lambda names, a=actor: a in names).sum()
            assert len(events) + left == moves


def test_truces_and_forces_in_the_events_are_those_of_the_run(
    baseline: Scenario, tables: dict[int, pd.DataFrame]
) -> None:
    for run in RUNS:
        row, events = summary(baseline, run), tables[run]["event"].value_counts()
        assert events.get("truce_signed", 0) == row["truces"]
        assert (events.get("truce_broke", 0) > 0) == row["truce_broke"]
        assert (row["deployed_week"] is None) or events["force_formed"] >= 1


def test_a_handover_and_a_dated_event_happen_once_and_in_their_week(baseline: Scenario) -> None:
    shock = {"week": 5, "quantity": "battlefield", "change": 1.0}
    changed = baseline.change({"events": {"a_breakthrough": shock}, "actors.germany.handover.week": 9})
    table = story.events(changed, SEED, 0).set_index("event")
    assert table.loc["dated_event", "week"] == 5
    assert table.loc["dated_event", "text"] == "A breakthrough: Russia gains on the battlefield."
    assert table.loc["handover", "week"] == 9


def test_half_weeks_are_told_as_half_weeks(baseline: Scenario) -> None:
    half = baseline.change({"rounds_per_week": 2, "horizon_weeks": 8})
    weeks = set(story.events(half, SEED, 0)["week"])
    assert weeks <= {0.5 * step for step in range(1, 17)}
    assert any(week % 1.0 for week in weeks)
    assert "week 0.5:" in story.tell(half, SEED, 0)


# --- the story -------------------------------------------------------------------------------------------------------


def test_a_story_is_always_told_the_same(baseline: Scenario) -> None:
    assert story.tell(baseline, SEED, 5) == story.tell("baseline", SEED, 5)


def test_a_story_tells_question_outcome_draws_weeks_and_what_decided(baseline: Scenario) -> None:
    for run in RUNS:
        told, row = story.tell(baseline, SEED, run), summary(baseline, run)
        lines = told.splitlines()
        assert lines[0].startswith(baseline.question[:40])
        assert "Drawn for this run:" in lines
        assert ("What made the force" in told) == (row["deployed_week"] is not None)
        assert ("What blocked a force" in told or "No force deployed" in told) == (row["deployed_week"] is None)
        assert max(map(len, lines)) <= narrative.WIDTH


def test_a_story_has_the_width_that_is_asked_for_and_the_same_words(baseline: Scenario) -> None:
    wide = story.tell(baseline, SEED, RUNS[0])
    for width, most in ((60, 60), (200, 200), (5, 40)):
        told = narrative.tell(baseline, SEED, RUNS[0], width=width)
        assert max(map(len, told.splitlines())) <= most and told.split() == wide.split()


@pytest.mark.parametrize(("run", "seed"), [(-1, 1), (2**70, 1), (0, -1)])
def test_a_run_that_has_no_number_is_refused_in_words(baseline: Scenario, run: int, seed: int) -> None:
    with pytest.raises(ValueError, match="is a whole number from 0 on, got"):
        story.tell(baseline, seed, run)


def test_no_leaning_is_called_documented(baseline: Scenario) -> None:
    for world in (baseline, tiny()):
        told = story.tell(world, SEED, 0)
        assert "documented" not in told and " assumed" in told


def test_a_year_takes_a_page_or_two(baseline: Scenario) -> None:
    lengths = [len(story.tell(baseline, SEED, run).splitlines()) for run in RUNS]
    assert 25 <= np.median(lengths) <= 75


def test_a_missing_requirement_is_told_with_the_weeks_it_alone_was_missing(baseline: Scenario) -> None:
    impossible = baseline.change(
        {
            "missions.reassurance.target_troops": 200_000,
            "rules.form.minimum_share": 1,
            "table.impose": "reassurance",
        }
    )
    told = " ".join(story.tell(impossible, SEED, 0).split())
    assert "Never met in any week:" in told
    assert "enough pledged troops" in told.partition("Never met in any week:")[2]


def test_observers_in_the_field_are_told_as_no_force() -> None:
    scenario = load("observers_only")
    told = story.tell(scenario, SEED, next(run for run in count() if observing(scenario, run)))
    assert 'The scenario puts "unarmed observers" on the table throughout.' in told
    assert "An observer mission forms" in " ".join(told.split())
    assert "No force deployed" in told


def observing(scenario: Scenario, run: int) -> bool:
    structure, _, played = trajectory(scenario, SEED, run)
    force = int(played.weekly[-1, list(columns.WEEKLY).index("force")])
    return force >= 0 and bool(structure.mission.observer[force])


def test_a_scenario_without_a_mission_on_the_table_can_be_told(baseline: Scenario) -> None:
    refused = baseline.change({"actors.ukraine.worth_floor": 1.0})
    assert "no mission was on the table" in " ".join(story.tell(refused, SEED, 0).split())


# --- words -----------------------------------------------------------------------------------------------------------


def test_every_part_of_a_sum_has_words(records: dict[int, recording.Record]) -> None:
    moment = records[0].moments[-1]
    readiness = next(iter(moment.readiness.values()))
    assert set(readiness) == set(reasons.READINESS) == set(reasons.HOLDS_BACK)
    assert set(moment.offer) == set(reasons.OFFER)
    assert set(moment.overlap) == set(reasons.OVERLAP) == set(reasons.APART)
    assert set(moment.consent) == set(reasons.CONSENT)


@given(st.dictionaries(st.sampled_from(sorted(reasons.READINESS)), st.floats(-3.0, 3.0)), st.booleans())
def test_the_main_parts_of_a_move_all_speak_for_it(change: dict[str, float], upward: bool) -> None:
    parts = reasons.main_parts(change, upward)
    assert len(parts) <= 2
    assert all((change[part] > 0.0) == upward for part in parts)


def test_nobody_moves_for_an_offer_that_was_not_made(baseline: Scenario) -> None:
    nothing = baseline.change({"actors.us.backstop.offers.at_most": "none", "actors.us.posture.turns": 0.0})
    told = " ".join(" ".join(story.tell(nothing, SEED, run).split()) for run in range(6))
    assert "offered no backstop for 52 weeks" in told and "what others pledge stands in for" in told
    assert "now offers" not in told


def test_a_demand_that_another_takes_over_from_is_no_reason_to_be_readier() -> None:
    then = {"backstop": -1.0, "consent": 0.0, "company": 0.0, "definition": 0.0, "settlement": 0.0, "mood": 0.0}
    now = {**then, "backstop": 0.0, "consent": -1.4, "mood": 0.6}
    change = reasons.readiness_changed(then, now)
    assert reasons.main_parts(change, upward=True) == ["mood"]
    assert reasons.main_parts(change, upward=False) == ["consent"]
    assert sum(change.values()) == pytest.approx(sum(now.values()) - sum(then.values()))
    eased = reasons.readiness_changed(now, {**now, "consent": -0.2})
    assert reasons.main_parts(eased, upward=True) == ["consent"]


# --- golden stories --------------------------------------------------------------------------------------------------


def first_run(scenario: Scenario, deployed: bool) -> int:
    return next(run for run in count() if (summary(scenario, run)["deployed_week"] is not None) == deployed)


def golden() -> Iterator[Path]:
    if os.environ.get("SIM_RENEW_GOLDEN"):
        for path in GOLDEN.glob("replay_baseline_*.txt"):
            path.unlink()
        scenario = load("baseline")
        for run in (first_run(scenario, True), first_run(scenario, False)):
            path = GOLDEN / f"replay_baseline_{run}.txt"
            path.write_text(story.tell(scenario, SEED, run), encoding="utf-8")
    return iter(sorted(GOLDEN.glob("replay_baseline_*.txt")))


def test_golden_stories_are_told_to_the_letter(baseline: Scenario) -> None:
    paths = list(golden())
    assert len(paths) == 2
    for path in paths:
        assert story.tell(baseline, SEED, int(path.stem.rpartition("_")[2])) == path.read_text(encoding="utf-8")


def test_one_golden_story_ends_with_a_force_and_one_without() -> None:
    endings = [
        "What made the force" in path.read_text(encoding="utf-8") for path in GOLDEN.glob("replay_baseline_*.txt")
    ]
    assert sorted(endings) == [False, True]
