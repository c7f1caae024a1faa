"""Two configs that disagree: whose part is known, what cannot be taken apart, and how it is told and drawn."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from matplotlib.text import Text
from numpy.typing import NDArray

import sim
from sim import batch, plots
from sim.analysis import disagree as analysis
from sim.analysis.mixture_runs import Bench
from sim.analysis.mixtures import Mixtures
from sim.analysis.shapley import Contributions, simultaneous
from sim.ensemble.disagreement import Disagreement
from sim.plots.style import title_of
from sim.reading.errors import Fault, InputError, Place
from sim.scenario import loading
from sim.scenario.scenario import Scenario
from sim.words import path_words
from tests import worlds
from tests.analysis.test_why import EAGER

VOTE, WARTIME, IDLE = (
    "actors.alba.ratification.weeks",
    "missions.reassurance.waits_for_truce",
    "rules.form.training_share",
)
NEWCOMER = {
    "actors.dorne": {
        "name": "Newcomer",
        "roles": ["contributor"],
        "european": True,
        "stance": "pledged",
        "disposition": 2,
        "capacity_troops": 5000,
        "ratification": {"weeks": 1, "support": 0.5},
    },
    "network.alba->dorne/persuasion": {"strength": 0.3, "willingness": 0.6},
    "actors.usa.disposition": 1,
}


@pytest.fixture(scope="module")
def planted() -> tuple[Scenario, Scenario]:
    """Return two worlds: in the second a force forms, as neither a vote at once nor a force in wartime brings alone."""
    votes = {f"actors.{name}.ratification.weeks": 0 for name in ("borea", "corvia")}
    a = worlds.tiny().change(EAGER, assumption="a planted pair").change(votes, name="planted")
    return a, a.change({VOTE: 0, WARTIME: False, IDLE: 0.2}, name="open")


@pytest.fixture(scope="module")
def result(planted: tuple[Scenario, Scenario]) -> Disagreement:
    return analysis.disagree(*planted, runs=60)


def changed(edits: dict[str, object], name: str = "other") -> Scenario:
    return worlds.tiny().change(edits, name=name)


def test_two_that_matter_only_together_get_half_each_and_the_idle_one_nothing(result: Disagreement) -> None:
    value = result.table["value"]
    assert (result.gap, result.answers.loc["a", "share"]) == (1.0, 0.0)
    assert value[VOTE] == value[WARTIME] == 0.5 and value[IDLE] == 0.0
    assert result.table.loc[IDLE, ["low", "high", "share"]].tolist() == [0.0, 0.0, 0.0]
    assert result.interactions.index[0] == (VOTE, WARTIME) and result.interactions["value"].iloc[0] == 1.0
    assert (
        f"Where {WARTIME} has changed too, {VOTE} moves it by +100.0 (+100.0 to +100.0) points more." in result.sentence
    )
    assert (result.scenarios, result.runs, result.by, result.ties) == (8, 60, "path", [])


def test_sampled_orders_come_to_the_same_where_only_pairs_interact(planted: tuple[Scenario, Scenario]) -> None:
    sampled = analysis.disagree(*planted, runs=60, permutations=12)
    assert sampled.table["value"].to_dict() == {VOTE: 0.5, WARTIME: 0.5, IDLE: 0.0}
    assert sampled.permutations == 12 and sampled.interactions.empty and "12 sampled orders" in sampled.sentence


def test_sampled_orders_hold_the_exact_values_of_a_world() -> None:
    edits: dict[str, object] = {f"actors.{name}.disposition": 1.5 for name in ("usa", "rus", "alba", "corvia")}
    b = changed({**edits, "actors.ukr.disposition": 3, "rules.truce.break_hazard": 0.0})
    exact = analysis.disagree(worlds.tiny(), b, runs=150).table
    few = analysis.disagree(worlds.tiny(), b, runs=150, permutations=20).table.loc[exact.index]
    assert ((few["low"] <= exact["value"]) & (exact["value"] <= few["high"])).all()
    assert (few["high"] - few["low"] >= exact["high"] - exact["low"] - 1e-12).sum() >= 5
    assert few["value"].sum() == pytest.approx(exact["value"].sum(), abs=1e-12) and (exact["value"] != 0.0).sum() >= 3


def test_values_and_shares_sum_to_the_paired_gap() -> None:
    b = changed({"actors.ukr.disposition": 3, "actors.usa.disposition": 1, "rules.truce.break_hazard": 0.0})
    found = analysis.disagree(worlds.tiny(), b, "ceasefire", runs=300)
    a_came, b_came = (batch.run(each, 300).happened("ceasefire") for each in (worlds.tiny(), b))
    assert found.gap == pytest.approx(b_came.mean() - a_came.mean(), abs=1e-12) and found.gap != 0.0
    assert found.table["value"].sum() == pytest.approx(found.gap, abs=1e-12)
    assert found.table["share"].sum() == pytest.approx(1.0)
    assert (found.table["share_low"] <= found.table["share"]).all()
    difference = sim.compare(worlds.tiny(), b, 300, of="ceasefire", design=(0, 0)).table.loc["ceasefire"]
    assert (found.gap_low, found.gap_high) == pytest.approx((difference["low"], difference["high"]))


def test_one_difference_is_the_whole_gap() -> None:
    found = analysis.disagree(worlds.tiny(), changed({"actors.ukr.disposition": 3}), "ceasefire", runs=200)
    assert found.table["value"].tolist() == [found.gap] and found.table["share"].tolist() == [1.0]
    assert found.interactions.empty and "comes from actors.ukr.disposition (95%" in found.sentence


def test_all_of_the_one_and_all_of_the_other_are_the_two() -> None:
    a, b = worlds.tiny(), changed({**NEWCOMER, "horizon_weeks": 20})
    mixtures = Mixtures(a, b)
    pieces = range(len(mixtures.groups))
    assert mixtures.scenario(mixtures.chosen(())).hash == a.hash
    assert mixtures.scenario(mixtures.chosen(pieces)).hash == b.hash
    half = mixtures.scenario(mixtures.groups[-1])
    rest = mixtures.scenario(mixtures.chosen(list(pieces)[:-1]))
    assert set(a.differences(half)) | set(a.differences(rest)) == set(a.differences(b))
    assert not set(a.differences(half)) & set(a.differences(rest))


@pytest.mark.parametrize("turned", [False, True])
def test_an_edge_is_tied_to_the_actor_that_only_one_side_has(turned: bool) -> None:
    sides = (worlds.tiny(), changed(NEWCOMER))
    mixtures = Mixtures(*(sides[::-1] if turned else sides))
    names = [mixtures.name(group) for group in mixtures.groups]
    assert names == ["actors.dorne + network.alba->dorne/persuasion", "actors.usa.disposition"]
    (tie,) = mixtures.ties
    assert tie.startswith(f"{names[0]}: taken together, as apart they do not load") and "dorne" in tie


def test_a_mission_is_tied_to_the_lead_that_only_one_side_has() -> None:
    b = changed({"actors.dorne": NEWCOMER["actors.dorne"], "missions.reassurance.leads": ["alba", "dorne"]})
    found = analysis.disagree(worlds.tiny(), b, runs=40)
    assert found.table.index.tolist() == ["actors.dorne + missions.reassurance.leads"]
    assert len(found.ties) == 1 and found.table["value"].sum() == found.gap


def test_three_that_hang_together_one_by_one_are_one() -> None:
    more = {"missions.reassurance.leads": ["alba", "dorne"], "table.impose": "reassurance"}
    mixtures = Mixtures(worlds.tiny(), changed({**NEWCOMER, **more}))
    tied = "actors.dorne + missions.reassurance.leads + network.alba->dorne/persuasion"
    assert [mixtures.name(group) for group in mixtures.groups] == [tied, "actors.usa.disposition", "table"]
    assert len(mixtures.ties) == 1


@pytest.mark.parametrize("permutations", [None, 40])
def test_what_turns_out_tied_only_in_a_mixture_is_tied_while_playing(
    permutations: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Made up: the first two together need the third or the fourth; alone, and with all the others, each loads.
    whole = Mixtures.scenario

    def scenario(self: Mixtures, chosen: frozenset[int]) -> Scenario:
        if chosen >= {0, 1} and not chosen & {2, 3}:
            raise InputError([Fault(Place("made up"), "0", "needs 3")])
        return whole(self, chosen)

    monkeypatch.setattr(Mixtures, "scenario", scenario)
    b = changed({f"actors.{name}.disposition": 1 for name in ("alba", "borea", "corvia", "rus", "ukr")})
    assert len(Mixtures(worlds.tiny(), b).groups) == 5
    found = analysis.disagree(worlds.tiny(), b, "ceasefire", runs=40, permutations=permutations)
    tied = "actors.alba.disposition + actors.borea.disposition + actors.rus.disposition"
    assert set(found.table.index) == {tied, "actors.corvia.disposition", "actors.ukr.disposition"}
    assert found.ties == [f"{tied}: taken together, as apart they do not load (0: needs 3)"]
    assert found.table["value"].sum() == pytest.approx(found.gap, abs=1e-12)


def test_structure_is_a_difference_like_any_other() -> None:
    b = changed({"horizon_weeks": 8, "table.impose": "blue", "rules.table.procedure": "package"})
    found = analysis.disagree(worlds.tiny(), b, "ceasefire", runs=100)
    assert set(found.table.index) == {"horizon_weeks", "table", "rules.table.procedure"}
    assert found.table["differs"]["horizon_weeks"] == "16 -> 8"
    assert found.table["value"]["horizon_weeks"] < 0.0


def test_many_paths_are_grouped_by_part_and_an_edge_by_its_actor_where_asked() -> None:
    edits = {f"actors.{name}.disposition": 1 for name in ("usa", "rus", "ukr", "alba", "borea", "corvia")}
    b = changed({**edits, "actors.usa.burden_sharing": 0.5, "network.usa->ukr/military_aid.strength": 0.9})
    parts = Mixtures(worlds.tiny(), b)
    assert parts.by == "part" and len(parts.groups) == 7
    assert [piece.differs for piece in parts.pieces if piece.name == "actors.usa"] == ["burden_sharing, disposition"]
    assert len(Mixtures(worlds.tiny(), b, "path").groups) == 8
    assert len(Mixtures(worlds.tiny(), b, "actor").groups) == 6


def test_two_files_may_state_the_same_assumption(tmp_path: Path) -> None:
    # In one file the loader refuses a sentence that stands at two numbers; a mixture of two files has both.
    text = "question: Q?\nextends: tiny.yaml\nchange:\n  {}: {{likely: 0.5, assumption: My guess.}}\n"
    worlds.write_tiny(tmp_path, a=text.format("actors.rus.optimism"), b=text.format("actors.ukr.optimism"))
    found = analysis.disagree(tmp_path / "a.yaml", tmp_path / "b.yaml", "ceasefire", runs=40)
    assert len(found.table) == 2 and found.ties == []


def test_two_files_of_one_name_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    worlds.write_tiny(tmp_path)
    worlds.write_tiny(tmp_path / "one")
    (tmp_path / "one" / "tiny.yaml").write_text(worlds.TINY.replace("horizon_weeks: 16", "horizon_weeks: 8"))
    found = analysis.disagree(tmp_path / "tiny.yaml", tmp_path / "one" / "tiny.yaml", "ceasefire", runs=40)
    assert (found.a, found.b) == ("tiny (A)", "tiny (B)")


def test_what_is_played_alike_is_played_once(planted: tuple[Scenario, Scenario]) -> None:
    played: list[int] = []
    found = analysis.disagree(*planted, runs=20, permutations=20, progress=played.append)
    assert sum(played) == 20 * found.scenarios and found.scenarios <= 8


def test_a_run_that_fails_in_one_scenario_counts_in_none(monkeypatch: pytest.MonkeyPatch) -> None:
    play = Bench._play

    def failing(self: Bench, scenario: Scenario) -> NDArray[np.int8]:
        came = play(self, scenario)
        came[[3, 7]] = -1 if "in part" in scenario.name else came[[3, 7]]
        return came

    b = changed({"actors.ukr.disposition": 3, "actors.usa.disposition": 1})
    whole = sim.compare(worlds.tiny(), b, 60, of="ceasefire", design=(0, 0))
    monkeypatch.setattr(Bench, "_play", failing)
    for permutations in (None, 12):
        found = analysis.disagree(worlds.tiny(), b, "ceasefire", runs=60, permutations=permutations)
        assert found.runs == 58 and whole.runs == 60
        assert found.table["value"].sum() == pytest.approx(found.gap, abs=1e-12)
        assert found.gap == pytest.approx(found.answers.loc["b", "share"] - found.answers.loc["a", "share"])
    monkeypatch.setattr(Bench, "_play", lambda self, _: np.full(self.runs, -1, dtype=np.int8))
    with pytest.raises(ValueError, match="fewer than two runs succeeded"):
        analysis.disagree(worlds.tiny(), b, "ceasefire", runs=60)


def test_what_engines_say_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object, tell: Callable[[str], None], **options: object) -> object:
        tell("plays with Mesa")
        return batch.run(worlds.tiny(), 20)

    monkeypatch.setattr("sim.analysis.mixture_runs.running.run", run)
    heard: list[str] = []
    analysis.disagree(worlds.tiny(), changed({IDLE: 0.2, "horizon_weeks": 8}), runs=20, tell=heard.append)
    assert heard == ["2 groups by path: all 4 scenarios, 20 runs each, 80 in all", "plays with Mesa"]


def test_a_result_does_not_depend_on_which_side_comes_first(planted: tuple[Scenario, Scenario]) -> None:
    b = changed({"actors.ukr.disposition": 3, "actors.usa.disposition": 1})
    there, back = (
        analysis.disagree(*pair, of="ceasefire", runs=150) for pair in ((worlds.tiny(), b), (b, worlds.tiny()))
    )
    assert there.table["value"].to_dict() == pytest.approx((-back.table["value"]).to_dict())


def test_the_baseline_and_article_5_disagree_over_four_actors() -> None:
    heard: list[str] = []
    found = sim.disagree("baseline", "us_article5", "ceasefire", 128, 1, by="actor", tell=heard.append)
    assert heard[0].startswith("4 groups by actor: all 16 scenarios, 128 runs each, 2,048 in all")
    assert set(found.table.index) == {f"actors.{name}" for name in ("france", "uk", "ukraine", "us")}
    assert found.table["value"].sum() == pytest.approx(found.gap, abs=1e-12)
    assert found.answers.loc["a", "share"] == sim.run("baseline", 128, 1).happened("ceasefire").mean()
    assert found.sentence.startswith("“baseline” says ") and "95% run noise, 128 paired runs" in found.sentence


def test_mesa_plays_a_tenth_of_the_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "MOST", 200)
    monkeypatch.setattr(analysis, "LEAST", 100)
    heard: list[str] = []
    b = changed({"table": {"impose": "blue"}})
    found = analysis.disagree(worlds.tiny(), b, "ceasefire", engine="mesa", workers=1, tell=heard.append)
    assert found.runs == 20 and heard[0].startswith("1 group by path: all 2 scenarios, 20 runs each")


def test_a_part_that_shows_only_as_one_of_many_is_not_named() -> None:
    # 20 runs in which the one difference matters once: its own interval, and none that holds for many, may leave 0.
    by_run = np.zeros((20, 400))
    by_run[0, :5] = 1.0
    by_run[1, 5:205] = 1.0
    parts = Contributions(by_run)
    assert parts.estimate(np.eye(20)[0]).shows and not parts.estimate(np.eye(20)[0], simultaneous(20)).shows
    b = changed({f"actors.{name}.disposition": 1 for name in ("alba", "borea")})
    mixtures = Mixtures(worlds.tiny(), b)
    mixtures.groups = mixtures.groups * 10
    division = analysis._division(mixtures, parts, parts.estimate(np.ones(20)))
    assert "+50.0 (+45.1 to +54.9) come from actors.borea.disposition and +1.2" in division
    assert "from the other 19" in division and "actors.alba" not in division


def test_a_gap_that_does_not_show_has_no_shares() -> None:
    found = analysis.disagree(worlds.tiny(), changed({IDLE: 0.2, "horizon_weeks": 17}), "ceasefire", runs=20)
    assert np.isnan(found.table["share"]).all() and "no gap shows between them" in found.sentence
    assert "does not show beyond noise" in title_of(plots.disagree(found))


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"runs": 1}, "runs must be between 2"),
        ({"permutations": 13}, "an even number between 12 and 10,000, got 13"),
        ({"permutations": 2}, "an even number between 12 and 10,000, got 2"),
        ({"by": "country"}, "allowed: path, part, actor"),
        ({"of": "peace"}, "peace"),
    ],
)
def test_what_cannot_be_asked_is_told(asked: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        analysis.disagree(worlds.tiny(), changed({IDLE: 0.2}), **asked)  # type: ignore[arg-type]


def test_two_that_do_not_differ_have_nothing_to_disagree_over() -> None:
    with pytest.raises(ValueError, match="tiny and again do not differ in anything that is played"):
        analysis.disagree(worlds.tiny(), changed({"question": "Another?"}, "again"))


def test_a_scenario_that_is_wrong_is_told_with_its_place() -> None:
    with pytest.raises(InputError, match="no scenario of this name"):
        analysis.disagree("baseline", "us_article6")
    assert loading.names()[0] == "baseline"


def test_the_picture_leads_from_the_one_answer_to_the_other(result: Disagreement) -> None:
    axes = plots.disagree(result)
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "planted", *map(path_words, (VOTE, WARTIME, IDLE)), "open"
    ]  # fmt: skip
    lefts = [(bar.get_x(), bar.get_width()) for bar in axes.patches]  # type: ignore[attr-defined]
    assert lefts == [(0.0, 50.0), (50.0, 50.0), (100.0, 0.0)]
    text = " ".join(each.get_text() for each in axes.figure.findobj(Text)).replace("\n", " ")  # type: ignore[union-attr]
    assert "60 paired runs of 8 scenarios" in text and "+50.00 points, of a gap of +100.00" in text


def test_a_notebook_shows_sentence_and_table(result: Disagreement) -> None:
    assert result.sentence.startswith("“planted” says 0.0% for a European force, “open” 100.0%; of the +100.0")
    html = result._repr_html_()
    assert VOTE in html and html.startswith("<p>“planted” says")
    assert set(result.facts()) >= {"a", "b", "of", "gap", "gap_low", "gap_high", "by", "ties", "permutations"}
