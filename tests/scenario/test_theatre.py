"""Tests of the base theatre: no scenario by itself, of no place, and in step with the baseline where it is the same."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim import batch
from sim.cli import application
from sim.ensemble import answer
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


def written(folder: Path, more: str = "", before: str = "", after: str = "") -> Path:
    """Write the smallest theatre, with more at its end, and ``before`` in it replaced by ``after``."""
    (folder / "few.yaml").write_text(
        FEWEST.replace(before, after) + more if before else FEWEST + more, encoding="utf-8"
    )
    return folder / "few.yaml"


def parts(folder: Path) -> ScenarioParts:
    return load(written(folder)).parts


def checked(path: Path) -> str:
    """Return what ``sim check`` prints of a config, in one line."""
    return " ".join(CliRunner().invoke(application(), ["check", str(path)]).output.split())


def test_by_itself_the_base_says_what_is_missing() -> None:
    with pytest.raises(InputError) as error:
        load("theatre")
    assert {fault.path for fault in error.value.faults} == {"question", "actors"}
    assert "theatre" not in names()


def test_a_host_an_opponent_and_a_contributor_are_enough(tmp_path: Path) -> None:
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


def test_an_idle_edge_of_a_theatre_is_refused_at_its_own_line(tmp_path: Path) -> None:
    told = checked(written(tmp_path, "network:\n  there->sava/bank_sanctions: inherited\n"))
    assert "few.yaml:11:31: network.there->sava/bank_sanctions: no leverage here" in told
    assert "theatre.yaml" not in told


@pytest.mark.parametrize(
    ("more", "told"),
    [
        ("network:\n  there->here/patronge: inherited\n", "did you mean 'patronage'?"),
        (
            "network:\n  there->here/energy_sanctions: inherited\n",
            "no pool of defaults has a value to be inherited here",
        ),
    ],
)
def test_an_edge_that_inherits_nothing_is_told_which_channels_there_are(tmp_path: Path, more: str, told: str) -> None:
    with pytest.raises(InputError) as error:
        load(written(tmp_path, more))
    (fault,) = error.value.faults
    assert told in fault.message
    assert ("allowed: military_aid" in fault.message) == ("patronge" in more)


def test_a_demand_that_there_is_not_is_told_which_there_are(tmp_path: Path) -> None:
    with pytest.raises(
        InputError, match=r"needs\.truce: no pool .* here; allowed: us_backstop, russian_consent, company"
    ):
        load(written(tmp_path, before="stance: open,", after="stance: open, needs: {truce: inherited},"))


def test_a_mission_with_a_mistake_in_it_is_told_that_mistake_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load(written(tmp_path, before="missions: {", after="missions: {un_blue_helmets: {target_troops: few}, "))
    assert [fault.path for fault in error.value.faults] == ["missions.un_blue_helmets.target_troops"]


def test_a_theatre_that_extends_nothing_is_told_what_it_could_extend(tmp_path: Path) -> None:
    told = checked(written(tmp_path, before="extends: theatre\n", after=""))
    assert "rules: the key 'rules' is missing; extends: baseline or extends: theatre brings it" in told


def test_a_file_that_is_named_without_its_ending_is_found_nearby(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match=r"no scenario of this name; did you mean the file few\.yaml\?"):
        load("few")


def test_the_answer_of_a_theatre_speaks_of_its_own_group_and_sources(tmp_path: Path) -> None:
    theatre = load(written(tmp_path, "words: {group: Littoral}\nbegins_in_truce: true\n"))
    ensemble = batch.run(theatre, 20, engine="mesa", workers=1)
    told = " ".join((answer.sentence(ensemble), answer.noise(ensemble), answer.strength(ensemble)))
    assert "If a ceasefire comes first, a Littoral force is " in told and "for a Littoral force (95%)" in told
    assert "Evidence: what the config itself says of its place, rules that five documents" in told
    assert "European" not in told
    assert list(answer.group_words(ensemble.names)) == ["european", "deployed"]
