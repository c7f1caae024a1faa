"""Tests of how sure: widths of a known size, rival rules from one place, what survives, and what to be wary of."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from sim import batch, vocabulary
from sim.analysis import certainty as sure
from sim.analysis import rival_rules as rivals
from sim.analysis.nested import nested
from sim.batch import running
from sim.ensemble import Ensemble
from sim.ensemble.results import InputDraws, RivalRules
from sim.plots import certainty as plots
from sim.words import label
from sim.world import building
from tests.runs import make_runs
from tests.worlds import baseline, tiny


def ensemble(hits: int, runs: int, inputs: pd.DataFrame | None = None) -> Ensemble:
    nothing = dict.fromkeys(("ceasefire_week", "observer_week", "training_week", "troops", "european_troops", "states"))
    rows = []
    for run in range(runs):
        week = 20.0 if run < hits else None
        rows.append({"run": run, "outcome": "blue", "deployed_week": week, "european_week": week, **nothing})
    about = {"scenario": "made_up", "seed": 7, "horizon_weeks": 52, "groups": {"blue": ["deployed"]}, "runs": runs}
    return Ensemble(make_runs(rows), inputs, pd.DataFrame(), about)


def sets(shares: np.ndarray, runs: int, **missing: Any) -> InputDraws:
    gates = {gate: np.zeros(len(shares)) for gate in vocabulary.GATES} | missing
    hits = np.random.default_rng(1).binomial(runs, shares)
    table = pd.DataFrame({"runs": float(runs), "european": hits, "without": runs - hits, **gates}, dtype=float)
    return InputDraws(table, "", scenario="made_up", seed=7, draws=len(shares), runs_per_draw=runs)


def rules(**shares: float) -> RivalRules:
    table = pd.DataFrame({"probability": shares, "blockers": "truce,troops"})
    return RivalRules(table, "", scenario="made_up", seed=7, of="european", what="a European force", runs=100)


def test_the_three_widths_of_a_gaussian_case_are_those_known() -> None:
    share = np.clip(np.random.default_rng(5).normal(0.4, 0.05, 4_000), 0.0, 1.0)
    result = sure.widths(ensemble(400, 1_000), sets(share, 100), rules(as_configured=0.4, median=0.55))
    found = result.table
    assert found.loc["inputs", "low"] == pytest.approx(0.4 - 1.2816 * 0.05, abs=0.006)
    assert found.loc["inputs", "high"] == pytest.approx(0.4 + 1.2816 * 0.05, abs=0.006)
    assert found.loc["run noise", "low"] == pytest.approx(0.37, abs=0.002)
    assert (found.loc["rival rules", "low"], found.loc["rival rules", "high"]) == (0.4, 0.55)
    assert "inputs 35 to 45%, rival rules 40 to 55%. We are least sure about which rules hold." in result.sentence


def test_where_a_few_draws_hold_the_chance_inputs_are_what_is_least_sure() -> None:
    share = np.where(np.arange(200) < 6, 0.6, 0.0)
    result = sure.widths(ensemble(18, 1_000), sets(share, 200), rules(as_configured=0.018, median=0.1))
    assert "inputs under 1%, rival rules 2 to 10%" in result.sentence
    assert result.sentence.endswith(
        "a few draws of them, outside that range, hold most of the chance of its happening."
    )


def test_the_range_over_inputs_is_that_of_the_nested_design() -> None:
    found = sure.by_draw(tiny(), 6, 20).table
    known = nested(tiny(), 6, 20)["deployed"]
    over = sure.range_over(found["deployed"].to_numpy(), found["runs"].to_numpy())
    assert over is not None and (over.p10, over.p90) == (known["p10"], known["p90"])
    assert (found["runs"] == 20).all() and (found[list(vocabulary.GATES)].max(axis=1) <= found["without"]).all()


def test_convergence_ends_at_the_headline_and_narrows() -> None:
    result = sure.convergence(ensemble(300, 1_000))
    assert result.sentence.startswith("After 1,000 runs the share with a European force is 30.0% (")
    found = result.table
    assert found["runs"].iloc[-1] == 1_000 and found["probability"].iloc[-1] == 0.3
    width = found["high"] - found["low"]
    assert width.iloc[-1] < width.max() and found["runs"].is_monotonic_increasing


def test_a_blocker_survives_in_so_many_input_sets() -> None:
    truce = np.where(np.arange(10) < 9, 50.0, 0.0)
    design = sets(np.full(10, 0.3), 100, truce=truce, troops=np.full(10, 30.0), backstop=np.full(10, 10.0))
    result = sure.blockers(design, rules(as_configured=0.3, median=0.3))
    found = result.table
    assert found.loc["troops", "sets"] == 10 and found.loc["truce", "sets"] == 9 and found.loc["backstop", "sets"] == 1
    assert found.loc["truce", "rules"] == 2 and found.loc["backstop", "rules"] == 0
    statement = result.statements[1]
    assert statement.startswith("A ceasefire is among the first two blockers in 90% of input sets")
    assert statement.endswith("under 2 of 2 sets of rules.")


def test_a_degenerate_result_is_warned_of() -> None:
    inputs = pd.DataFrame({"run": range(200), **dict.fromkeys(tiny().leaves, 0.0)})
    told = sure.warnings(ensemble(0, 200, inputs), tiny())
    assert told[0] == "A European force never came about in 200 runs, so that nothing can be told of what moves it."
    assert told[1] == "Nearly all runs, 100.0%, end alike: blue."


def test_a_result_that_rests_on_one_assumed_number_is_warned_of() -> None:
    quiet = pd.DataFrame({"run": range(2_000), **dict.fromkeys(tiny().leaves, 0.0)})
    resting = quiet.assign(**{"actors.ukr.disposition": -np.arange(2_000) / 2_000})
    assert any(
        "actors.ukr.disposition (0% to 100%)" in each for each in sure.warnings(ensemble(600, 2_000, resting), tiny())
    )
    assert not any("assumed number" in each for each in sure.warnings(ensemble(600, 2_000, quiet), tiny()))


def test_rivals_are_every_reading_that_the_rules_allow_and_a_hopeful_start() -> None:
    allowed = {
        "rules.table.procedure": building.PROCEDURES,
        "rules.pledge.decision": building.DECISIONS,
        "rules.pledge.stances": building.STANCE_READINGS,
        "rules.truce.foresight": building.FORESIGHTS,
        "rules.truce.terms": building.TERMS,
        "rules.learning.beliefs": building.BELIEFS,
    }
    assert {path: tuple(words) for path, words in rivals.READINGS.items()} == allowed
    names = [name for words in rivals.READINGS.values() for name, _ in words.values()]
    assert [*names, "hopeful_start"] == list(rivals.RIVALS)


def test_the_rivals_of_a_scenario_are_those_that_differ_from_it() -> None:
    others = {"quantal", "stances_as_spoken", "no_foresight", "half_foresight", "full_foresight", "passing_terms"}
    others |= {"no_learning", "hopeful_start", "weighted_mean", "package"}
    assert set(rivals.rivals(baseline())) == {"median", *others}
    median = baseline().change({"rules.table.procedure": "median"})
    assert set(rivals.rivals(median)) == {"proposer", *others}


def test_a_rival_that_is_left_out_would_change_nothing() -> None:
    left_out = rivals.RIVALS.keys() - rivals.rivals(baseline()).keys()
    assert len(left_out) == len(rivals.RIVALS) - rivals.count(baseline()) > 0
    for name in left_out:
        assert baseline().change(rivals.RIVALS[name].edits(baseline())).hash == baseline().hash
    assert all(changed.hash != baseline().hash for _, changed in rivals.rivals(baseline()).values())


def test_the_theory_range_is_that_of_the_rivals_run_by_run() -> None:
    own = running.run(tiny(), 400, 3)
    over = rivals.theory_range(tiny(), 200, 3, own=own)
    table = rivals.structures(tiny(), 200, 3).table
    european = over["european"]
    rules = european["rules"]
    assert {name: row["probability"] for name, row in rules.items()} == dict(table["probability"])
    assert (over["european"]["low"], over["european"]["high"]) == (
        table["probability"].min(),
        table["probability"].max(),
    )
    assert rules[over["european"]["most"]]["probability"] == over["european"]["high"]
    assert over == rivals.theory_range(tiny(), 200, 3)
    assert over["deployed"]["low"] >= over["european"]["low"]
    again = rivals.from_range(over["european"], tiny(), 3, "european")
    assert list(again.table.index) == list(table.index) and again.sentence.endswith(
        f"most under “{label(over['european']['most'])}”."
    )


def test_at_a_hopeful_start_every_contributor_is_willing() -> None:
    _, hopeful = rivals.rivals(baseline())["hopeful_start"]
    shipped = {path for path in hopeful.leaves if path.startswith("actors.") and path.endswith(".stance")}
    assert all(str(hopeful.leaves[path].prior) == "pledged" for path in shipped) and len(shipped) == 21


def test_another_rival_is_one_more_entry(monkeypatch: pytest.MonkeyPatch) -> None:
    willing = rivals.Rival("Kyiv concedes more", lambda _: {"actors.ukr.disposition": 3.0})
    monkeypatch.setitem(rivals.RIVALS, "willing", willing)
    result = rivals.structures(tiny(), 200, of="ceasefire")
    found = result.table
    assert result.sentence.startswith(f"Under {len(found)} sets of rules, a ceasefire comes about in ")
    assert found.loc["willing", "says"] == "Kyiv concedes more"
    assert found.loc["willing", "difference"] > 0.0 and found.loc["as_configured", "difference"] == 0.0


def test_how_sure_is_told_and_drawn() -> None:
    found = sure.certainty(tiny(), "deployed", runs=2_000, draws=10, luck=20)
    assert list(found.table.index) == ["run noise", "inputs", "rival rules"]
    assert found.sentence.startswith("Any deployment is ")
    axes = plots.widths(found.widths, found.structures)
    assert {text.get_text().strip()[:6] for text in axes.texts} >= {"as con", "median", "weight"}
    assert plots.convergence(found.convergence).lines and plots.survival(found.blockers).patches


def test_any_event_has_three_widths_and_what_is_none_is_refused() -> None:
    text = "ceasefire and not truce_broke"
    result = sure.certainty(tiny(), text, runs=1_000, draws=8, luck=20)
    estimate = batch.run(tiny(), 1_000).share(text)
    assert estimate is not None and result.widths.probability == estimate.probability
    assert result.widths.what == "a ceasefire and no truce that broke"
    with pytest.raises(ValueError, match="event:1:1: 'peace' is no name"):
        sure.certainty(tiny(), "peace")


def test_the_first_runs_of_a_batch_stand_for_its_own_rules() -> None:
    own = batch.run(tiny(), 60, 2)
    played: list[int] = []
    stands = rivals.structures(tiny(), 40, 2, "ceasefire", own=own, progress=played.append)
    pd.testing.assert_frame_equal(stands.table, rivals.structures(tiny(), 40, 2, "ceasefire").table)
    assert sum(played) == 40 * (len(stands.table) - 1)
