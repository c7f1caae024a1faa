"""Tests of the converter: fixed rules, the same for all cases, that never read what came; both engines agree on all."""

from pathlib import Path
from typing import Any

import pytest
from yaml import safe_dump

from sim.batch import run
from sim.reading.files import parse_yaml, shipped_folder
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.validation.case_format import Case, CodedCase, read_cases
from sim.validation.case_parties import parties_of
from sim.validation.case_runs import converted
from sim.validation.case_theatre import as_yaml, theatre
from sim.vocabulary import STANCES
from tests import twins
from tests.validation.made_up_cases import made_up

MADE_UP = {each.case.id: each for each in read_cases(Path(__file__).parent / "cases")}
SEEDS = read_cases(shipped_folder("seeds") / "cases")
ALL = [*SEEDS, *MADE_UP.values()]
SYLVANIA, RURITANIA = MADE_UP["sylvania_2032"].case, MADE_UP["ruritania_2031"].case


def name(each: CodedCase) -> str:
    return each.case.id


def changed(case: Case, **parts: Any) -> Case:
    return Case.model_validate({**case.model_dump(), **parts})


def scenario(case: Case, folder: Path) -> Scenario:
    return converted([CodedCase(case=case, outcome=None)], folder)[0]


@pytest.mark.parametrize("each", ALL, ids=name)
def test_both_engines_agree_on_every_case_to_the_last_bit(each: CodedCase, tmp_path: Path) -> None:
    assert twins.parted(scenario(each.case, tmp_path), 8) is None


@pytest.mark.parametrize("each", ALL, ids=name)
def test_what_came_and_what_was_learnt_late_are_never_read(each: CodedCase) -> None:
    assert as_yaml(changed(each.case, late=None, sources=["any"], seen=None)) == as_yaml(each.case)
    assert "outcome" not in Case.model_fields


@pytest.mark.parametrize("each", ALL, ids=name)
def test_every_number_that_a_theatre_states_has_a_reason_with_its_rule(each: CodedCase, tmp_path: Path) -> None:
    loaded = scenario(each.case, tmp_path)
    own = [leaf for leaf in loaded.leaves.values() if Path(leaf.place.file).parent == tmp_path]
    assert own
    assert all("rule" in str(leaf.reasons.assumption) for leaf in own)


@pytest.mark.parametrize("each", ALL, ids=name)
def test_a_theatre_is_ordinary_yaml_that_reads_back(each: CodedCase) -> None:
    assert parse_yaml(as_yaml(each.case), "theatre.yaml").data["extends"] == "theatre"


@pytest.mark.parametrize("seed", [*range(8), 11, 118])
def test_whatever_the_format_allows_becomes_a_theatre_that_both_engines_play_alike(seed: int, tmp_path: Path) -> None:
    case = made_up(seed)  # 11 and 118 have no edge at all
    (tmp_path / "case.yaml").write_text(safe_dump(case.model_dump(mode="json"), allow_unicode=True), encoding="utf-8")
    (coded,) = read_cases(tmp_path / "case.yaml")
    assert coded.case == case
    assert twins.parted(converted([coded])[0], 4) is None


def shares(about: dict[str, Any]) -> dict[str, Any]:
    return {word: share for word, share in about.items() if word != "assumption"}


def test_a_stance_word_means_the_same_in_every_case_with_and_without_a_condition() -> None:
    meant: dict[tuple[str, bool], set[str]] = {}
    for each in ALL:
        actors = theatre(each.case)["actors"]
        for key, sender in parties_of(each.case).senders.items():
            about = actors[key]
            on_terms = "read with its condition met" in about["stance"]["assumption"]
            assert on_terms or "given" not in about
            meant.setdefault((sender.stance, on_terms), set()).add(str(shares(about["stance"])))
    assert {word: len(all_of_it) for word, all_of_it in meant.items()} == dict.fromkeys(meant, 1)
    assert {word for word, _ in meant} == set(STANCES)
    assert meant["open", True] != meant["open", False]


def test_a_condition_is_what_was_missing_when_a_state_spoke() -> None:
    actors = theatre(SYLVANIA)["actors"]
    assert actors["lutha"]["given"] == ["truce"]
    assert "russian_consent" in actors["kravonia"]["given"]


def test_who_fights_is_no_contributor_and_other_sides_are_left_out() -> None:
    actors = theatre(RURITANIA)["actors"]
    assert {key: about["roles"] for key, about in actors.items()} == {
        "ruritania": ["belligerent"],
        "nordliche_front_free_north_nf": ["belligerent"],
        "moesia": ["belligerent"],
        "aland": ["contributor"],
        "sava_the_republic_old": ["contributor"],
        "zeta": ["contributor"],
        "actor": ["contributor"],
        "others_who_may_follow": ["contributor"],
        "drava": ["patron"],
        "security_council": ["patron"],
    }


def test_without_a_broker_nobody_asks_for_a_backstop() -> None:
    assert not any("us_backstop" in about.get("needs", {}) for about in theatre(RURITANIA)["actors"].values())


def test_where_nobody_leads_any_contributor_may_come_to_it() -> None:
    menu = theatre(RURITANIA)["missions"]
    assert menu["reassurance"]["leads"] == ["aland", "sava_the_republic_old", "zeta", "actor", "others_who_may_follow"]
    assert "leads" not in menu["un_blue_helmets"]


def test_missions_that_nobody_discusses_are_taken_off_the_menu(tmp_path: Path) -> None:
    assert set(scenario(SYLVANIA, tmp_path).parts.missions) == {"observer", "reassurance"}


def test_the_least_answer_of_several_opponents_counts_for_a_mission() -> None:
    menu = theatre(RURITANIA)["missions"]  # of Moesia, which is named and not described, no answer is known
    assert [menu[kind]["provocation"]["likely"] for kind in ("un_blue_helmets", "reassurance")] == [0.25, 0.25]
    sides = theatre(SYLVANIA)["missions"]
    assert (sides["observer"]["provocation"]["likely"], sides["reassurance"]["provocation"]["likely"]) == (0.35, 1.4)


def test_a_mission_that_the_host_refuses_never_forms(tmp_path: Path) -> None:
    host = SYLVANIA.belligerents[0].model_copy(update={"consent": "refuses"})
    refused = scenario(
        changed(SYLVANIA, belligerents=[host.model_dump(), SYLVANIA.belligerents[1].model_dump()]), tmp_path
    )
    assert refused.parts.missions["reassurance"].worth.high == 0.0
    willing = refused.change(
        {f"actors.{key}.stance": "pledged" for key in ("orsinia", "lutha", "kravonia", "grunewald")}
    )
    quiet = willing.change({"network.grand_fenwick->freedonia/bank_sanctions": None})
    assert not run(quiet, 60, 1, workers=1).happened("deployed or observer").any()


def test_conditions_become_demands_by_whole_words() -> None:
    actors = theatre(SYLVANIA)["actors"]
    assert actors["orsinia"]["pools"] == ["firm_on_backstop", "leads"]
    assert actors["kravonia"]["pools"] == ["firm_on_consent"]
    assert "pools" not in actors["lutha"]  # a ceasefire is what all wait for
    assert theatre(RURITANIA)["actors"]["zeta"]["pools"] == ["prior_vote"]
    assert "grand_fenwick->orsinia/security_guarantee" in theatre(SYLVANIA)["network"]


def test_a_broker_that_may_send_troops_plays_both_parts(tmp_path: Path) -> None:
    own = {"name": "Grand Fenwick", "stance": "pledged", "condition": None, "seen": "page"}
    both = changed(SYLVANIA, contributors=[*(each.model_dump() for each in SYLVANIA.contributors), own])
    about = scenario(both, tmp_path).parts.actors["grand_fenwick"]
    assert set(about.roles) == {"broker", "contributor"}
    assert about.backstop is not None and about.capacity_troops is not None


@pytest.mark.parametrize(
    ("backing", "note", "least", "most"),
    [
        ("none", None, {"none": "100%"}, {"none": "70%", "logistics": "30%"}),
        ("logistics", "Planes", {"none": "20%", "logistics": "80%"}, {"logistics": "80%", "air_cover": "20%"}),
        ("troops", "A brigade, under conditions", {"none": "50%", "troops": "50%"}, {"troops": "100%"}),
    ],
)
def test_backing_is_the_rung_on_offer_and_conditions_make_it_doubtful(
    backing: str, note: str | None, least: dict[str, str], most: dict[str, str]
) -> None:
    broker = {"name": "Grand Fenwick", "backing": backing, "note": note, "seen": "page"}
    offers = theatre(changed(SYLVANIA, broker=broker))["actors"]["grand_fenwick"]["backstop"]["offers"]
    assert (offers["at_least"], offers["at_most"]) == (least, most)


def test_sizes_follow_what_was_discussed_and_a_deployment_aims_at_a_thousand() -> None:
    sizes = theatre(RURITANIA)["missions"]
    assert shares(sizes["reassurance"]["target_troops"]) == {"low": 1000, "likely": 1200, "high": 1500}
    assert shares(sizes["observer"]["target_troops"]) == {"low": 960, "likely": 1200} | {"high": 1200}
    unknown = changed(SYLVANIA, troops_discussed={"low": None, "likely": None, "high": None})
    assert "target_troops" not in theatre(unknown)["missions"]["reassurance"]
    assert theatre(unknown)["actors"]["orsinia"]["capacity_troops"]["likely"] == 0.35 * 5_000


def test_a_mandate_is_needed_by_blue_helmets_and_where_it_is_sought() -> None:
    for word, needed in {"yes": True, "pending": True, "no": False, "threat": False, "vetoed": False}.items():
        menu = theatre(changed(RURITANIA, mandate={"unsc": word}))["missions"]
        assert menu["un_blue_helmets"]["un_mandate"] is True
        assert menu["reassurance"]["un_mandate"] is needed


def test_a_truce_in_force_stands_from_the_first_week(tmp_path: Path) -> None:
    at_peace = scenario(changed(SYLVANIA, ceasefire_at_reference=True), tmp_path)
    weekly = run(at_peace.change({"horizon_weeks": 4}), 200, 1, keep=("weekly",), workers=1).weekly
    assert weekly is not None
    assert weekly[weekly["week"] == 1.0]["truce"].all()


@pytest.mark.parametrize(("word", "code"), [("accepts", 2.0), ("tolerates", 1.0), ("refuses", 0.0)])
@pytest.mark.parametrize("truce", [True, False])
def test_the_engine_answers_at_first_about_what_was_coded(tmp_path: Path, word: str, code: float, truce: bool) -> None:
    side = SYLVANIA.belligerents[1].model_copy(update={"consent": word, "by_mission": {}})
    parts = {"state": "stalemate", "ahead": None}
    coded = changed(
        SYLVANIA, belligerents=[SYLVANIA.belligerents[0].model_dump(), side.model_dump()], battlefield=parts
    )
    loaded = scenario(changed(coded, ceasefire_at_reference=truce), tmp_path)
    played = run(
        loaded.change({"horizon_weeks": 3, "table.impose": "reassurance"}), 400, 1, keep=("weekly",), workers=1
    )
    assert played.weekly is not None
    answers = played.weekly[played.weekly["week"] == 2.0]["consent"]
    assert abs(answers.mean() - code) < 0.5


@pytest.mark.parametrize(("ahead", "sign"), [("Freedonia", 1), ("Sylvania", -1), ("somebody else", 0), (None, 0)])
def test_who_is_ahead_moves_the_battlefield(ahead: str | None, sign: int) -> None:
    mean = theatre(changed(SYLVANIA, battlefield={"state": "one_side_winning", "ahead": ahead}))["rules"]
    assert mean["battlefield"]["mean"]["likely"] == sign * 0.6


def test_a_folder_keeps_theatres_that_run_by_themselves(tmp_path: Path) -> None:
    converted([MADE_UP["sylvania_2032"]], tmp_path / "kept")
    assert load(tmp_path / "kept" / "sylvania_2032.yaml").parts.start == "2032-02-03"
