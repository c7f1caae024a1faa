"""Tests of validation: verdicts, estimates with known answers, the runs behind them, and a document left out."""

import json

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from sim import evidence
from sim.cli import app
from sim.evidence import Pattern, claims
from sim.reading.errors import Place
from sim.validation import leave_out
from sim.validation.patterns import Estimate, difference, level, likelihood_range, validate, verdict
from sim.validation.quantities import quantities
from sim.vocabulary import STANCES
from tests.worlds import baseline

RUNS = 600
NEAR = 1e-12


def pattern(id: str, **says: object) -> Pattern:
    return Pattern(
        id=id, place=Place("made up"), **{"says": "Made up.", "claims": ("000.x.y",), "sure": "likely", **says}
    )  # type: ignore[arg-type]


MADE_UP = {
    each.id: each
    for each in (
        pattern("rises", kind="comparison", change={"actors.us.backstop.offers.at_least": "troops"},
                quantity="rung_highest", direction="rises"),
        pattern("falls", kind="comparison", change={"actors.us.backstop.offers.at_least": "troops"},
                quantity="rung_highest", direction="falls"),
        pattern("same", kind="comparison", change={"actors.us.backstop.offers.at_least": "none"},
                quantity="deployed", direction="unchanged"),
        pattern("always", kind="level", quantity="pledged.poland", range={"low": 0.0, "high": 1.0}),
        pattern("never", kind="level", quantity="pledged.poland", range={"low": 0.9}),
        pattern("more_often", kind="comparison", quantity="ceasefire", than="deployed", direction="rises"),
        pattern("no_such_runs", kind="level", quantity="troops", given="training", range={"low": 1.0}),
    )
}  # fmt: skip


@pytest.mark.parametrize(
    ("expected", "estimate", "expected_verdict"),
    [
        ("rises", (0.1, 0.01, 0.2), "holds"),
        ("rises", (0.1, 0.0, 0.2), "not_shown"),
        ("rises", (-0.1, -0.2, -0.01), "fails"),
        ("falls", (-0.1, -0.2, -0.01), "holds"),
        ("falls", (0.0, 0.0, 0.0), "not_shown"),
        ("unchanged", (0.0, -0.02, 0.02), "holds"),
        ("unchanged", (0.05, 0.03, 0.07), "fails"),
        ("unchanged", (0.015, 0.005, 0.025), "not_shown"),
        ((0.2, 0.45), (0.3, 0.2, 0.45), "holds"),
        ((0.2, 0.45), (0.1, 0.05, 0.19), "fails"),
        ((0.2, 0.45), (0.2, 0.15, 0.25), "not_shown"),
        ("rises", (float("nan"),) * 3, "not_shown"),
    ],
)
def test_a_verdict_needs_the_whole_interval(
    expected: str | tuple[float, float], estimate: tuple[float, float, float], expected_verdict: str
) -> None:
    assert verdict(expected, Estimate(*estimate)) == expected_verdict


def test_a_paired_difference_among_some_runs_is_that_of_two_ratios() -> None:
    """Worked by hand: means 1/2 and 2/3 among 2 and 3 of 4 runs."""
    a, b = np.array([1.0, 0.0, 1.0, 1.0]), np.array([1.0, 1.0, 0.0, 1.0])
    among_a, among_b = np.array([1.0, 1.0, 0.0, 0.0]), np.array([1.0, 1.0, 1.0, 0.0])
    gap = difference(a, b, among_a, among_b)
    gaps = np.array([4 / 9, 4 / 9, -8 / 9, 0.0]) - np.array([1.0, -1.0, 0.0, 0.0])
    assert gap.effect == pytest.approx(1 / 6, abs=NEAR)
    assert gap.high - gap.effect == pytest.approx(1.959964 * gaps.std(ddof=1) / 2, abs=1e-5)


def test_intervals_of_paired_differences_cover_the_truth() -> None:
    rng = np.random.default_rng(3)
    covered = 0
    for _ in range(400):
        luck, among = rng.random(800), rng.random(800)
        a, b = (luck < 0.3) * 1.0, (luck < 0.36) * 1.0
        given_a, given_b = (among < 0.5) * 1.0, (among < 0.6) * 1.0
        gap = difference(a, b, given_a, given_b)
        covered += gap.low <= 0.06 <= gap.high
    assert 365 <= covered <= 392


def test_what_a_run_does_not_have_counts_in_no_mean() -> None:
    assert level(np.array([np.nan, 10.0, 20.0])).effect == 15.0
    assert np.isnan(level(np.array([np.nan, np.nan])).low)


def test_words_of_likelihood_have_the_ranges_of_icd_203() -> None:
    assert [likelihood_range(word) for word in claims.LIKELIHOODS] == [
        (0.0, 0.05), (0.05, 0.2), (0.2, 0.45), (0.45, 0.55), (0.55, 0.8), (0.8, 0.95), (0.95, 1.0),
    ]  # fmt: skip


def test_patterns_are_judged_by_what_runs_show() -> None:
    table = validate(baseline(), runs=RUNS, patterns=MADE_UP).table
    assert table["verdict"].to_dict() == {
        "rises": "holds", "falls": "fails", "same": "holds", "always": "holds", "never": "fails",
        "more_often": "holds", "no_such_runs": "holds",
    }  # fmt: skip
    assert table.loc["same", ["effect", "low", "high"]].tolist() == [0.0, 0.0, 0.0]
    assert table.loc["rises", "effect"] == -table.loc["falls", "effect"] * -1


def test_a_scenario_that_two_patterns_share_is_run_once() -> None:
    assert validate(baseline(), runs=8, patterns=MADE_UP).arms == 3


def test_verdicts_read_as_their_sentence_in_text_and_in_a_notebook() -> None:
    verdicts = validate(baseline(), only=["rises"], runs=8, patterns=MADE_UP)
    assert verdicts.sentence.startswith("Of 1 propositions of the documents")
    assert repr(verdicts).startswith(verdicts.sentence)
    assert verdicts._repr_html_().startswith(f"<p>{verdicts.sentence}</p>")
    assert (verdicts.scenario, verdicts.runs, verdicts.seed) == ("baseline", 8, 1)


def test_every_pattern_of_the_documents_can_be_asked_of_a_run() -> None:
    from sim import batch

    ensemble = batch.run(baseline(), 64)
    asked = {name for p in evidence.load().patterns.values() for name in (p.quantity, p.than, p.given) if name}
    values = quantities(ensemble, sorted(asked))
    assert all(len(each) == 64 for each in values.values())


def test_a_quantity_that_is_none_is_refused() -> None:
    from sim import batch

    with pytest.raises(ValueError, match=r"'pledged\.atlantis' is not a quantity"):
        quantities(batch.run(baseline(), 8), ["pledged.atlantis"])


def test_quantities_are_those_of_the_rows() -> None:
    from sim import batch

    ensemble = batch.run(baseline(), 200, seed=5)
    runs = ensemble.runs
    names = ["troops", "consent", "missing.truce", "tabled.neutral", "pledged.uk", "stage_at_start.uk"]
    seen = quantities(ensemble, names)
    assert np.nanmean(seen["troops"]) == pytest.approx(runs["troops"].mean() / 1000)
    assert set(seen["consent"]) <= {0.0, 0.5, 1.0}
    assert np.isnan(seen["missing.truce"]).sum() == runs["in_place_at_horizon"].sum()
    assert seen["tabled.neutral"].max() <= 1.0
    uk = ensemble.actors.query("actor == 'uk'").set_index("run")
    assert (pd.Series(seen["pledged.uk"], runs["run"]) == uk["pledged"]).all()
    stages = pd.Series(seen["stage_at_start.uk"], runs["run"])
    assert (stages.map(dict(enumerate(STANCES))) == uk["stage_at_start"]).all()


def test_a_stage_at_week_0_is_where_the_stance_as_spoken_puts_it() -> None:
    """With stances as they stood, week 0 is the stance itself, whatever happens afterwards."""
    from sim import batch

    spoken = baseline().change({"rules.pledge.stances": "as_spoken", "actors.uk.stance": "hesitant"})
    assert set(quantities(batch.run(spoken, 50), ["stage_at_start.uk"])["stage_at_start.uk"]) == {1.0}


@pytest.mark.parametrize("document", list(leave_out.documents()))
def test_a_number_that_rests_on_one_document_widens_when_it_is_left_out(document: str) -> None:
    whole = baseline()
    rest, spread = leave_out.numbers_resting_on(whole, document), leave_out.without(whole, document)
    assert rest
    for leaf in rest:
        wide = spread.leaves[leaf.path].prior
        if wide.words:
            assert set(wide.words) == set(leaf.prior.words)
            assert np.allclose(wide.numbers, 1.0 / len(wide.words))
        else:
            assert min(wide.numbers) <= min(leaf.prior.numbers)
            assert max(wide.numbers) >= max(leaf.prior.numbers)
    untouched = whole.leaves.keys() - {leaf.path for leaf in rest}
    assert all(spread.leaves[path].prior == whole.leaves[path].prior for path in untouched)
    assert spread.parts.actors.keys() == whole.parts.actors.keys()


def test_patterns_of_a_document_rest_on_it_alone() -> None:
    known = evidence.load()
    for document in leave_out.documents():
        for id in leave_out.patterns_of(document):
            assert {known.claims[claim].document for claim in known.patterns[id].claims} == {document}


def test_leaving_a_document_out_tests_its_patterns_before_and_after() -> None:
    result = leave_out.leave_out(baseline(), "004", runs=200)
    before, after = result.before.table, result.after.table
    assert list(before.index) == list(after.index) == leave_out.patterns_of("004")
    assert not before["effect"].equals(after["effect"])
    assert result.table.equals(after)
    assert result.sentence.startswith("Without what document 004 says")
    assert result.spread == len(leave_out.numbers_resting_on(baseline(), "004"))


def test_the_command_gives_counts_that_fit_its_patterns() -> None:
    asked = ["validate", "--only", "no_nato_mission", "--only", "sweden_before_poland", "--runs", "300", "--json"]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 0
    printed = json.loads(result.output)
    verdicts = [each["verdict"] for each in printed["patterns"]]
    assert [each["id"] for each in printed["patterns"]] == ["no_nato_mission", "sweden_before_poland"]
    assert {name: printed[name] for name in ("holds", "fails", "not_shown")} == {
        name: verdicts.count(name) for name in ("holds", "fails", "not_shown")
    }


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (["--only", "no_nato_mision"], "'no_nato_mision' is not a pattern; did you mean 'no_nato_mission'"),
        (["--leave-out", "009"], "'009' is not a document"),
        (["--leave-out", "000", "--only", "no_nato_mission"], "--leave-out goes without --only"),
        (["atlantis"], "atlantis"),
    ],
)
def test_a_mistaken_command_is_reported_in_a_line(asked: list[str], message: str) -> None:
    result = CliRunner().invoke(app, ["validate", *asked])
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_document_that_no_pattern_rests_on_alone_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    known = evidence.load()
    few = {id: p for id, p in known.patterns.items() if not any(claim.startswith("004") for claim in p.claims)}
    monkeypatch.setattr(leave_out, "load", lambda: evidence.Evidence(known.documents, known.claims, few))
    with pytest.raises(ValueError, match="no pattern rests on document 004 alone"):
        leave_out.patterns_of("004")
