"""What would have let a force form: known answers in a tiny world, and sets that are minimal."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

import sim
from sim import vocabulary
from sim.analysis import relaxed_runs
from sim.analysis.relaxed_runs import Ints, Replays
from sim.analysis.why import minimal_sets, why
from sim.analysis.why_tables import NONE, coherence, holders, sentence
from sim.batch import from_manifest
from sim.plots import why as plots
from sim.plots.style import title_of
from sim.scenario.scenario import Scenario
from sim.words import Names
from tests import worlds

EAGER = {
    "table.impose": "reassurance",
    "rules.truce.overlap_weeks": 500,
    "actors.ukr.worth_floor": 0,
    "network.borea->alba/eu_decision": None,
    "missions.reassurance.target_troops": 1000,
    **{
        f"actors.{name}": {
            "disposition": 9,
            "capacity_troops": 4000,
            "ratification": {"weeks": 500, "support": 9},
        }
        for name in ("alba", "borea", "corvia")
    },
}
"""All would send troops; but terms never overlap long enough, and nobody's vote comes before the horizon."""


@pytest.fixture(scope="module")
def planted() -> Scenario:
    return worlds.tiny().change(EAGER, name="planted", assumption="a planted pair")


def made_up(answers: dict[int, list[set[str]]]) -> relaxed_runs.Replays:
    class MadeUp:
        def __init__(self) -> None:
            self.asked: list[tuple[int, frozenset[str]]] = []

        def form(self, runs: Ints, opened: Collection[str]) -> Ints:
            self.asked += [(int(run), frozenset(opened)) for run in runs]
            return np.array(
                [run for run in runs if any(each <= set(opened) for each in answers[int(run)])], dtype=np.int64
            )

    return MadeUp()  # type: ignore[return-value]


def test_a_planted_pair_is_found_in_every_run_and_nothing_else(planted: Scenario) -> None:
    ensemble = sim.run(planted, 60, seed=3)
    found = why(ensemble)
    assert list(found.blockers.index) == ["truce + ratification", NONE]
    assert found.blockers["runs"].tolist() == [60, 0]
    assert found.blockers.loc["truce + ratification", "low"] > 0.9
    assert found.together.loc["truce", "ratification"] == 60
    assert found.gates.loc["truce", "always"] == 1.0 and found.gates.loc["truce", "alone"] == 0.0
    assert set(found.supersets["holds"]) == {"any set found", "truce + ratification"} and len(found.supersets) == 7
    assert "in 100% (94% to 100%) with only a ceasefire and ratification at home held open" in found.sentence


def test_one_requirement_that_was_planted_alone_is_found_alone(planted: Scenario) -> None:
    voted = planted.change({f"actors.{name}.ratification.weeks": 0 for name in ("alba", "borea", "corvia")})
    found = why(sim.run(voted, 40, seed=3), most=2)
    assert list(found.blockers.index) == ["truce", NONE]


def test_a_set_too_large_to_be_searched_is_reported_as_none(planted: Scenario) -> None:
    found = why(sim.run(planted, 40, seed=3), most=1)
    assert found.blockers.loc[NONE, "share"] == 1.0
    assert "none would have had it with one requirement held open" in found.sentence
    assert coherence(found.supersets).startswith("No set was found")
    assert isinstance(plots.blockers(found), Axes) and isinstance(plots.together(found), Axes)


def test_a_gate_that_the_ensemble_held_open_stays_open(planted: Scenario) -> None:
    found = why(sim.run(planted, 40, seed=3, relaxed=["truce"]))
    assert list(found.blockers.index) == ["ratification", NONE]


def test_sets_are_minimal_and_no_superset_of_one_found_is_asked() -> None:
    answers = {0: [{"truce"}], 1: [{"truce", "lead"}, {"troops"}], 2: [{"truce", "lead", "troops"}], 3: []}
    asked = made_up(answers)
    found = minimal_sets(np.arange(4), vocabulary.GATES, 3, asked.form)
    assert {run: set(rows) for run, rows in found.groupby("run")["requirements"]} == {
        0: {"truce"},
        1: {"troops", "truce + lead"},
        2: {"truce + lead + troops"},
    }
    assert not [opened for run, opened in asked.asked if run == 0 and {"truce"} < opened]  # type: ignore[attr-defined]


@pytest.mark.slow
def test_what_spares_replays_changes_no_answer() -> None:
    ensemble = sim.run(worlds.tiny(), 60, seed=5)
    plain = Replays(ensemble, worlds.tiny(), "european")
    plain.tests = frozenset()
    without = np.flatnonzero(~ensemble.happened("european").to_numpy())
    spared = why(ensemble).sets
    every = minimal_sets(without, vocabulary.GATES, 3, plain.form)
    order = ["run", "requirements"]
    pd.testing.assert_frame_equal(
        spared.sort_values(order, ignore_index=True), every.sort_values(order, ignore_index=True), check_dtype=False
    )


def test_a_replay_with_nothing_held_open_brings_no_force() -> None:
    ensemble = sim.run(worlds.tiny(), 100, seed=5)
    without = np.flatnonzero(~ensemble.happened("european").to_numpy())
    assert len(Replays(ensemble, worlds.tiny(), "european").form(without, ())) == 0


def test_holders_are_told_after_the_config() -> None:
    found = holders(worlds.tiny())
    parts = {(row.gate, row.actor) for row in found.itertuples()}
    assert {("truce", "rus"), ("truce", "ukr"), ("backstop", "usa"), ("backstop", "alba"), ("lead", "alba")} <= parts
    assert ("backstop", "corvia") not in parts


def test_contributors_are_waiting_where_the_pledge_or_the_vote_is_missing(planted: Scenario) -> None:
    found = why(sim.run(planted, 40, seed=3)).holders.set_index(["gate", "actor"])["waiting"]
    assert found[("ratification", "alba")] == 1.0
    assert np.isnan(found[("truce", "rus")])


def test_a_state_that_has_not_pledged_does_not_count_as_waiting_for_the_council() -> None:
    blue = worlds.tiny().change(
        {"table.impose": "blue", "network.corvia->ukr/security_council_veto": {"open": "no"}},
        name="vetoed",
        assumption="a planted veto",
    )
    found = why(sim.run(blue, 40, seed=3), of="deployed").holders.set_index(["gate", "actor"])["waiting"]
    assert np.isnan(found[("council", "corvia")]) and not np.isnan(found[("troops", "corvia")])


def test_the_sentence_calls_the_parties_by_their_names() -> None:
    table = pd.DataFrame(
        {"share": [0.5, 0.0], "low": [0.4, 0.0], "high": [0.6, 0.1], "runs": [5, 0], "size": [1, 0]},
        index=["russian_consent", NONE],
    )
    said = sentence(table, "here", "a force", 1, 10, 10, Names(opponent="Sylvania"))
    assert "with only Sylvania's consent held open" in said


def test_pictures_say_what_was_found(planted: Scenario) -> None:
    found = why(sim.run(planted, 40, seed=3))
    axes = plots.blockers(found)
    assert "100% of the runs without one" in title_of(axes)
    assert axes.get_xlabel() == "share of the 40 runs without a European force (%)"
    assert "in 100 of 100" in title_of(plots.together(found))


def test_the_scenario_of_an_ensemble_is_read_back_from_its_manifest(tmp_path: Path) -> None:
    sim.run("baseline", 3, seed=1, out=tmp_path / "kept")
    found = from_manifest.scenario_of(sim.open_ensemble(tmp_path / "kept"))
    assert found.hash == worlds.baseline().hash and not found.differences(worlds.baseline())
    assert found.leaves["actors.us.disposition"].reasons.given


@pytest.mark.parametrize(
    "text",
    ["ceasefire and not european", "deployed and states >= 2", "not truce_broke", "reached >= 3", "not missing_troops"],
)
def test_sets_of_one_requirement_are_those_that_bring_any_event(text: str) -> None:
    ensemble = sim.run(worlds.tiny(), 60, seed=3)
    without = ~ensemble.happened(text)
    result = why(ensemble, text, most=1)
    assert (result.without, result.what) == (int(without.sum()), ensemble.event(text).phrase)
    for gate in vocabulary.GATES:
        opened = sim.run(worlds.tiny(), 60, seed=3, relaxed=[gate]).happened(text)
        runs = result.sets.loc[result.sets["requirements"] == gate, "run"]
        assert sorted(runs) == list(np.flatnonzero(without & opened))


def test_runs_that_cannot_be_played_again_are_refused(planted: Scenario) -> None:
    ensemble = sim.run(planted, 20, seed=3)
    ensemble._manifest = {**ensemble.manifest, "writer": "sim of another day"}
    with pytest.raises(ValueError, match="another day"):
        why(ensemble)
    inputs = pd.DataFrame({"common.us_turn": [0.5, 0.6]})
    with pytest.raises(ValueError, match="came from a table"):
        why(sim.run(planted, 2, seed=3, quantiles=inputs))


@pytest.mark.parametrize(
    ("asked", "told"), [({"of": "peace"}, "'peace'"), ({"most": 0}, "1 to 8"), ({"most": 9}, "1 to 8")]
)
def test_what_cannot_be_asked_is_told(planted: Scenario, asked: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        why(sim.run(planted, 5, seed=3), **asked)  # type: ignore[arg-type]


def test_runs_that_all_have_a_force_leave_nothing_to_ask(planted: Scenario) -> None:
    ensemble = sim.run(planted, 5, seed=3, relaxed=["truce", "ratification"])
    with pytest.raises(ValueError, match="nothing stood in the way"):
        why(ensemble)
