"""Tests of configs: found, extended, changed, and every number with its reasons."""

import json
import shutil
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from sim.batch import manifest
from sim.reading.errors import InputError, Place
from sim.reading.files import parse_yaml
from sim.scenario import loading
from sim.scenario.checks import repeated_assumptions
from sim.scenario.loading import load
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from tests.worlds import TINY, baseline, tiny, write_tiny

NEED = "actors.alba.needs.us_backstop"


@pytest.fixture(scope="module")
def world() -> Scenario:
    return tiny()


def extended(folder: Path, text: str) -> Scenario:
    return load(write_tiny(folder, mine=f"extends: tiny.yaml\n{text}"))


def test_the_shipped_scenarios_are_named_baseline_first() -> None:
    names = loading.names()
    assert names[0] == "baseline"
    assert len(names) == len(set(names)) > 10
    assert names[1:] == sorted(names[1:])


def test_a_shipped_scenario_loads_by_name_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert loading.find("baseline", tmp_path, Place("here")).is_file()
    assert baseline().name == "baseline"
    assert baseline().question.endswith("?")


def test_a_name_that_is_not_shipped_is_refused_with_the_nearest() -> None:
    with pytest.raises(InputError, match=r"baselin: no scenario of this name; did you mean 'baseline'\?"):
        load("baselin")


def test_a_path_is_read_relative_to_where_one_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert load("tiny.yaml").hash == load(Path("tiny.yaml")).hash == load(tmp_path / "tiny.yaml").hash == tiny().hash


@pytest.mark.usefixtures("removed_folder")
def test_a_scenario_asked_for_in_a_folder_that_was_removed_is_refused_in_words() -> None:
    with pytest.raises(FileNotFoundError, match=r"^the current folder was removed; change to one that exists$"):
        load("baseline")


def test_every_number_of_the_baseline_has_a_reason_and_a_place_in_a_file() -> None:
    leaves = baseline().leaves
    assert list(leaves) == sorted(leaves)
    assert all(leaf.reasons.given and leaf.place.line > 0 for leaf in leaves.values())
    assert all(path == leaf.path for path, leaf in leaves.items())


def test_a_leaf_knows_its_prior_and_its_line(world: Scenario) -> None:
    leaf = world.leaves["actors.usa.disposition"]
    assert leaf.prior == Prior("uniform", (-1.0, 1.0))
    line = TINY.splitlines().index("    disposition: {low: -1, high: 1}") + 1  # the first is Washington's
    assert (leaf.place.line, leaf.place.column) == (line, 18)


def test_a_scenario_extends_another_and_names_what_it_changes(tmp_path: Path, world: Scenario) -> None:
    mine = extended(tmp_path, f"question: Mine?\nassumption: ours\nchange:\n  {NEED}.firmness: 90%\n")
    assert (mine.name, mine.question) == ("mine", "Mine?")
    assert world.differences(mine) == {f"{NEED}.firmness": ("40%", "90%")}
    assert mine.differences(world) == {f"{NEED}.firmness": ("90%", "40%")}


def test_a_scenario_may_extend_one_that_extends_another(tmp_path: Path) -> None:
    path = write_tiny(
        tmp_path,
        middle=f"extends: tiny.yaml\nassumption: middle\nchange: {{{NEED}.firmness: 90%, horizon_weeks: 8}}\n",
        top=f"extends: middle.yaml\nassumption: top\nchange: {{{NEED}.firmness: 10%}}\n",
    )
    top = load(path)
    assert top.leaves[f"{NEED}.firmness"].reasons.assumption == "top"
    assert top.leaves[f"{NEED}.firmness"].prior.numbers == (0.1,)
    assert top.parts.horizon_weeks == 8


def test_a_change_replaces_a_number_with_its_reasons_and_leaves_its_neighbours(world: Scenario) -> None:
    changed = world.change({f"{NEED}.firmness": {"low": 0, "high": 1}}, assumption="trying out")
    assert changed.leaves[f"{NEED}.firmness"].reasons.assumption == "trying out"
    assert changed.leaves[f"{NEED}.at_least"] == world.leaves[f"{NEED}.at_least"]
    assert changed.leaves[f"{NEED}.firmness"].prior.numbers == (0.0, 1.0)


def test_edits_in_python_count_as_an_assumption_of_that_name(world: Scenario) -> None:
    once = world.change({"actors.alba.credence": 0.9})
    twice = once.change({"actors.borea.credence": 0.9})
    assert twice.leaves["actors.alba.credence"].reasons.assumption == "python"
    assert twice.leaves["actors.borea.credence"].reasons.assumption == "python"
    assert twice.name == once.name == "tiny, changed"
    assert world.change({"horizon_weeks": 4}, name="short").name == "short"


def test_a_change_leaves_the_scenario_it_is_made_to_alone(world: Scenario) -> None:
    before = world.hash
    world.change({"actors.corvia": None, "actors.alba.credence": 0.9})
    assert world.hash == before
    assert "corvia" in world.parts.actors


def test_a_need_dropped_takes_its_numbers_with_it(world: Scenario) -> None:
    dropped = world.change({NEED: "none"})
    assert dropped.parts.actors["alba"].needs.us_backstop is None
    assert set(world.leaves) - set(dropped.leaves) == {f"{NEED}.at_least", f"{NEED}.firmness"}


def test_null_removes_an_actor_with_its_edges_and_says_so(world: Scenario) -> None:
    without = world.change({"actors.borea": None})
    assert without.notes == ("borea removed, with 3 of its edges",)
    assert "borea" not in without.parts.actors
    assert all("borea" not in key for key in without.parts.network)
    assert not any("borea" in path for path in without.leaves)


def test_null_removes_an_actor_from_the_missions_that_name_it(world: Scenario) -> None:
    without = world.change({"actors.corvia": None})
    assert without.parts.missions["reassurance"].eligible == ("european",)
    assert world.parts.missions["reassurance"].eligible == ("european", "corvia")


def test_null_removes_an_edge_or_a_mission_alone(world: Scenario) -> None:
    without = world.change({"network.usa->ukr/military_aid": None, "missions.watch": None})
    assert set(world.parts.network) - set(without.parts.network) == {"usa->ukr/military_aid"}
    assert set(without.parts.missions) == {"blue", "reassurance"}
    assert without.notes == ()


def test_notes_of_a_scenario_are_kept_by_those_that_extend_it(tmp_path: Path) -> None:
    path = write_tiny(
        tmp_path,
        smaller="extends: tiny.yaml\nchange: {actors.corvia: null}\n",
        mine="extends: smaller.yaml\nassumption: ours\nchange: {actors.alba.credence: 10%}\n",
    )
    assert load(path).notes == ("corvia removed, with 0 of its edges",)


def test_a_lead_that_is_removed_leaves_a_mission_without_one_which_is_reported(world: Scenario) -> None:
    with pytest.raises(InputError, match=r"missions\.reassurance\.leads: a European mission has at least one lead"):
        world.change({"actors.alba": None})


def test_reasons_of_a_map_hold_below_it_unless_a_leaf_brings_its_own(tmp_path: Path) -> None:
    mine = extended(
        tmp_path,
        "assumption: header\n"
        "change:\n"
        "  actors.alba.motives:\n"
        "    assumption: map\n"
        "    sidelining: 10%\n"
        "    autonomy: {likely: 20%, assumption: leaf}\n"
        "  actors.alba.credence: 30%\n",
    )
    stated = {path: leaf.reasons.assumption for path, leaf in mine.leaves.items() if path.startswith("actors.alba.")}
    assert stated["actors.alba.motives.sidelining"] == "map"
    assert stated["actors.alba.motives.autonomy"] == "leaf"
    assert stated["actors.alba.credence"] == "header"
    assert stated["actors.alba.capacity_troops"] == "made up for tests"


def test_a_leaf_that_brings_reasons_replaces_those_around_it_whole(tmp_path: Path) -> None:
    mine = extended(
        tmp_path,
        "change:\n  actors.alba.motives:\n    because: [000.merz.if_russia_consents]\n    assumption: map\n"
        "    sidelining: 10%\n    autonomy: {likely: 20%, assumption: leaf}\n",
    )
    assert mine.leaves["actors.alba.motives.sidelining"].reasons.because == ("000.merz.if_russia_consents",)
    assert mine.leaves["actors.alba.motives.autonomy"].reasons.because == ()


def test_a_number_without_a_reason_is_refused_at_its_line(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        extended(tmp_path, "change:\n  actors.alba.credence: 30%\n")
    (fault,) = refused.value.faults
    assert (fault.place.line, fault.path) == (3, "actors.alba.credence")
    assert fault.message.startswith("a number needs because: [claims], anchor: [records] or assumption: why (an ")


def test_the_same_assumption_on_unrelated_numbers_of_a_user_is_allowed_and_named(tmp_path: Path) -> None:
    mine = extended(
        tmp_path,
        "change:\n"
        "  actors.alba.credence: {likely: 30%, assumption: the same}\n"
        "  actors.borea.credence: {likely: 30%, assumption: the same}\n",
    )
    (fault,) = repeated_assumptions(mine.layer)
    assert (fault.place.line, fault.path) == (4, "actors.borea.credence")
    assert fault.message.startswith("the assumption stands word for word at actors.alba.credence too")


def test_a_chain_of_scenarios_may_repeat_an_assumption(tmp_path: Path, world: Scenario) -> None:
    text = "extends: {}\nassumption: a supposition\nchange:\n  actors.{}.credence: 30%\n"
    write_tiny(tmp_path, mine=text.format("tiny.yaml", "alba"))
    (tmp_path / "then.yaml").write_text(text.format("mine.yaml", "borea"), encoding="utf-8")
    then = load(tmp_path / "then.yaml")
    leaves = [then.leaves[f"actors.{name}.credence"] for name in ("alba", "borea")]
    assert {leaf.reasons.assumption for leaf in leaves} == {"a supposition"}
    two = {path: {"likely": 0.3, "assumption": "both"} for path in ("actors.alba.credence", "actors.borea.credence")}
    assert world.change(two).change({"actors.corvia.credence": {"likely": 0.3, "assumption": "both"}})


def test_a_new_edge_may_be_stated_leaf_by_leaf(world: Scenario) -> None:
    key = "network.borea->alba/persuasion"
    assert key.removeprefix("network.") not in world.parts.network
    mine = world.change({f"{key}.strength": 0.3, f"{key}.willingness": 0.6})
    assert mine.hash == world.change({key: {"strength": 0.3, "willingness": 0.6}}).hash


def folder_of_actors(folder: Path) -> Path:
    """Write the tiny world with its actors in a folder, a file an actor, and return that folder."""
    parts = tiny().as_dict()
    actors = folder / "actors"
    actors.mkdir()
    for name, actor in parts.pop("actors").items():
        (actors / f"{name}.yaml").write_text(json.dumps(actor), encoding="utf-8")
    (folder / "mine.yaml").write_text(json.dumps({"include": {"actors": "actors"}} | parts), encoding="utf-8")
    return actors


def test_both_endings_of_yaml_are_read_and_other_files_beside_them_are_named(tmp_path: Path) -> None:
    actors = folder_of_actors(tmp_path)
    (actors / "alba.yaml").rename(actors / "alba.yml")
    for other in (".alba.yaml", "alba.yaml~", "alba.yaml.bak", "notes.txt"):
        (actors / other).write_text("name: [", encoding="utf-8")
    mine = load(tmp_path / "mine.yaml")
    assert mine.hash == tiny().hash
    names = {Path(file).name for file in mine.written.passed_over}
    assert names == {".alba.yaml", "alba.yaml~", "alba.yaml.bak", "notes.txt"}


def test_an_actor_with_a_file_of_either_ending_is_refused(tmp_path: Path) -> None:
    actors = folder_of_actors(tmp_path)
    shutil.copy(actors / "alba.yaml", actors / "alba.yml")
    with pytest.raises(InputError, match=r"a \.yaml and a \.yml file of this name; keep one"):
        load(tmp_path / "mine.yaml")


@pytest.mark.parametrize("one", [np.int64(3), np.float64(3), np.float32(3), np.array(3.0), Fraction(3), Decimal(3)])
def test_a_number_of_another_library_is_a_number(world: Scenario, one: object) -> None:
    mine = world.change({"actors.alba.capacity_troops": one})
    assert mine.parts.actors["alba"].capacity_troops == Prior("fixed", (3.0,), allowed=(0.0, 1_000_000.0))
    assert len(mine.hash) == 12


def test_words_lists_and_tables_of_numpy_and_pandas_are_taken_as_python_s_own(world: Scenario) -> None:
    row = pd.Series({"actors.alba.stance": np.str_("open"), "actors.alba.member_of": np.array(["nato", "eu"])})
    plain = {"actors.alba.stance": "open", "actors.alba.member_of": ["nato", "eu"], "actors.alba.european": True}
    mine = world.change(row).change({"actors.alba.european": np.bool_(True)})
    assert mine.hash == world.change(plain).hash


@pytest.mark.parametrize("one", [pd.NA, pd.NaT, np.nan, float("inf"), np.array([1.0, 2.0]), 1j, object(), {1, 2}])
def test_what_no_number_can_be_is_refused_with_its_path(world: Scenario, one: object) -> None:
    with pytest.raises(InputError) as refused:
        world.change({"actors.alba.capacity_troops": {"low": 0, "high": one}})
    (fault,) = refused.value.faults
    assert fault.path.startswith("actors.alba.capacity_troops")


@pytest.mark.parametrize("edits", [["horizon_weeks"], 3, None, {("actors", "alba"): 3}])
def test_changes_that_are_no_map_of_paths_are_refused(world: Scenario, edits: Any) -> None:
    with pytest.raises(InputError, match=r"expected a map of dotted path: value|is no text"):
        world.change(edits)


@pytest.mark.parametrize("lead", ["france", "uk"])
def test_a_lead_can_be_removed_though_documents_order_numbers_by_it(lead: str) -> None:
    assert lead not in load("baseline").change({f"actors.{lead}": None}).parts.actors


@pytest.mark.parametrize(
    "wrong", ["roles: [contributer]", "roles: [patron]\npools: [baltik]", "like: estnia", "pools: [baltik]"]
)
def test_a_wrong_source_of_an_actor_makes_one_message_and_not_one_for_all_that_it_then_lacks(wrong: str) -> None:
    edits = dict(line.split(": ", 1) for line in wrong.splitlines())
    with pytest.raises(InputError) as refused:
        load("baseline").change({"actors.estonia": parse_yaml(wrong, "wrong").data})
    assert {fault.path.split(".")[2] for fault in refused.value.faults} <= set(edits)


def test_the_hash_names_what_is_written_and_not_why_or_in_which_order(tmp_path: Path, world: Scenario) -> None:
    reasoned = world.change({"actors.usa.burden_sharing": {"likely": 0.3, "assumption": "other words"}})
    plain = world.change({"actors.usa.burden_sharing": {"likely": 0.3}})
    assert len(world.hash) == 12
    assert reasoned.hash == plain.hash
    assert world.change({"actors.usa.burden_sharing": 0.3}).hash == world.hash
    assert world.change({"actors.usa.burden_sharing": 0.31}).hash != world.hash
    assert extended(tmp_path, "question: Another?\n").hash == world.hash


def test_a_scenario_written_out_says_every_number_and_its_reasons(world: Scenario) -> None:
    written = world.as_dict()
    assert written["actors"]["usa"]["disposition"] == {
        "low": -1,
        "high": 1,
        "assumption": "made up for tests (actors.usa.disposition)",
    }
    assert written["actors"]["usa"]["roles"] == ["broker"]
    assert json.loads(json.dumps(written)) == written


def test_a_scenario_written_out_can_be_read_back(tmp_path: Path) -> None:
    mine = extended(tmp_path, f"assumption: ours\nchange:\n  {NEED}.firmness: 90%\n  actors.corvia: null\n")
    again = read_back(mine, tmp_path)
    assert again.differences(mine) == {}
    assert again.hash == mine.hash
    assert again.as_dict() == mine.as_dict()


def test_the_config_of_a_manifest_can_be_read_back(tmp_path: Path) -> None:
    assert read_back(baseline(), tmp_path).hash == baseline().hash


def read_back(scenario: Scenario, folder: Path) -> Scenario:
    with (folder / "again.yaml").open("w", encoding="utf-8") as file:
        yaml.safe_dump(manifest.manifest(scenario, 1, 1)["config"], file)
    return load(folder / "again.yaml")


def test_two_scenarios_that_say_the_same_do_not_differ(world: Scenario) -> None:
    assert world.differences(world) == {}
    assert world.differences(world.change({"actors.usa.burden_sharing": 0.3}, assumption="other words")) == {}


def test_a_value_on_one_side_alone_is_reported_as_none_on_the_other(world: Scenario) -> None:
    assert world.differences(world.change({"missions.blue.reserves_outside": 0.2})) == {
        "missions.blue.reserves_outside": (None, 0.2)
    }


def test_a_scenario_shows_its_name_and_question(world: Scenario) -> None:
    assert repr(world) == "Scenario 'tiny': Does a force deploy in a world of six?"
    assert "tiny" in world._repr_html_()


def test_an_event_may_be_added_by_a_change(world: Scenario) -> None:
    shifted = world.change({"events.summit": {"week": 3, "quantity": "us_posture", "change": 1.5}})
    assert shifted.leaves["events.summit.change"].prior.numbers == (1.5,)


@pytest.mark.parametrize("name", [name for name in loading.names() if name != "baseline"])
@pytest.mark.slow
def test_every_shipped_scenario_loads_and_changes_the_baseline(name: str) -> None:
    scenario = load(name)
    assert scenario.question
    assert scenario.differences(baseline()) or scenario.name == "baseline"


@pytest.mark.parametrize("config", [None, 3, {"extends": "baseline"}, b"baseline", baseline()])
def test_what_is_neither_a_name_nor_a_path_is_no_scenario(config: Any) -> None:
    with pytest.raises(TypeError, match="expected a scenario, or the name or path of one, got a"):
        load(config)


def test_a_value_that_two_changes_give_is_noted(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    path = tmp_path / "twice.yaml"
    path.write_text(
        "extends: tiny.yaml\nassumption: ours\n"
        "change:\n  actors.alba.credence: 20%\n  actors.alba: {credence: 30%, home_guard: 10%}\n",
        encoding="utf-8",
    )
    scenario = load(path)
    assert scenario.notes == (
        "actors.alba.credence is changed twice, by actors.alba.credence and by actors.alba; the latter counts",
    )
    assert scenario.leaves["actors.alba.credence"].prior.numbers == (0.3,)


def test_an_accent_is_one_however_a_file_or_its_name_writes_it(tmp_path: Path) -> None:
    write_tiny(tmp_path)
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "o\u0308st.yaml").write_text(
        "name: O\u0308st\nassumption: made up\nroles: [contributor, patron]\nstance: open\n"
        "disposition: 0\ncapacity_troops: 100\nratification: {weeks: 1, support: 0}\n",
        encoding="utf-8",
    )
    path = tmp_path / "mine.yaml"
    path.write_text(
        "extends: tiny.yaml\nassumption: ours\ninclude: {actors: more}\n"
        "change: {network.\u00f6st->rus/patronage: {strength: 30%, willingness: 60%}}\n",
        encoding="utf-8",
    )
    scenario = load(path)
    assert scenario.parts.actors["\u00f6st"].name == "\u00d6st"
    assert scenario.change({"actors.o\u0308st.stance": "hesitant"}).parts.actors.keys() == scenario.parts.actors.keys()


def test_a_tilde_means_the_home_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tiny(tmp_path)
    (tmp_path / "mine.yaml").write_text("extends: ~/tiny.yaml\nassumption: ours\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert load("~/mine.yaml").parts == load(tmp_path / "tiny.yaml").parts


def test_names_that_readers_cannot_tell_apart_are_noted() -> None:
    twice = tiny().change({"actors.alba.name": "follower", "missions.blue.name": "No ceasefire"})
    assert twice.notes == (
        "actors.borea.name: 'Follower' is what alba is called, too; readers cannot tell them apart",
        "missions.blue.name: 'No ceasefire' is what the outcome no_ceasefire is called, too",
    )
