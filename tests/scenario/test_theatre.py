"""Tests of the base theatre: no scenario by itself, of no place, and in step with the baseline where it is the same."""

import pytest

from sim.reading.errors import InputError
from sim.reading.files import read_yaml, shipped_folder
from sim.scenario.loading import load, names
from sim.scenario.parts import ScenarioParts

CONFIGS = shipped_folder("configs")
FILES = [CONFIGS / "theatre.yaml", *sorted((CONFIGS / "theatres").glob("*.yaml"))]
FEWEST = """
question: "Where?"
extends: theatre
assumption: "Made up."
actors:
  here: {name: Here, roles: [belligerent], host: true, pools: [host], positions: {mandate: 0.5, place: 0.5, flag: 0.5}}
  there: {name: There, roles: [belligerent], pools: [opponent], positions: {mandate: 0.2, place: 0.5, flag: 0}}
  sava: {name: Sava, roles: [contributor], stance: open, capacity_troops: 3000}
missions: {neutral: null, reassurance: null, enforcement: null, nato: null}
"""


def parts(folder: object) -> ScenarioParts:
    (folder / "few.yaml").write_text(FEWEST, encoding="utf-8")  # type: ignore[operator]
    return load(folder / "few.yaml").parts  # type: ignore[operator]


def test_by_itself_the_base_says_what_is_missing() -> None:
    with pytest.raises(InputError) as error:
        load("theatre")
    assert {fault.path for fault in error.value.faults} == {"question", "actors"}
    assert "theatre" not in names()


def test_a_host_an_opponent_and_a_contributor_are_enough(tmp_path: object) -> None:
    assert set(parts(tmp_path).missions) == {"observer", "un_blue_helmets"}


def test_the_base_cites_no_claim_and_names_no_actor_of_the_baseline() -> None:
    known = {actor.name for actor in load("baseline").parts.actors.values()} | {"Kyiv", "Moscow", "Washington"}
    for file in FILES:
        text = file.read_text("utf-8")
        claims = [key for key in ("because", "see", "order", "against", "more_than") if f"{key}:" in text]
        assert claims == [], file
        assert [name for name in known if name in text] == [], file


def test_kinds_of_mission_are_as_in_the_baseline_but_for_sizes_and_who_may_join() -> None:
    mine = read_yaml(CONFIGS / "theatres" / "missions.yaml").data
    theirs = load("baseline").parts.missions
    for kind, about in mine.items():
        for name in ("worth", "provocation", "exposure"):
            prior = getattr(theirs[kind], name)
            assert (about[name]["low"], about[name]["high"]) == (prior.low, prior.high), (kind, name)
        assert about["groups"] == list(theirs[kind].groups)
        assert about.get("needs_consent", "refuses") == theirs[kind].needs_consent
