"""Tests of what users add after new events: claims and events of their own, and the stamp that tells them apart."""

import json
from pathlib import Path

import pytest
from matplotlib.text import Text

import sim
from sim.analysis import compare
from sim.batch.from_manifest import scenario_of
from sim.ensemble import answer, part_records
from sim.ensemble.atomic_files import Refused
from sim.reading import errors
from sim.scenario import evidence_use, question_card
from sim.scenario.json_schema import schema
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.validation.forecast_record import record
from tests.worlds import tiny, write_tiny

CLAIMS = """\
alban_vote:
  date: 2025-03-20
  speaker: a made-up speaker
  claim: The assembly of the lead would vote within weeks.
  source: made up for tests, page 1
"""
AFTER = """\
question: Does a force deploy in a world of six, after the vote?
extends: tiny.yaml
include: {claims: claims.yaml}
change:
  actors.alba.ratification.weeks: {low: 1, high: 3, because: [alban_vote], assumption: the width is ours}
  events.vote: {week: 3, quantity: european_mood, change: 0.2, because: [alban_vote]}
"""
STAMP = "not baseline (1 event and 1 claim of one's own, to 2025-03-20)"


def written(folder: Path, claims: str = CLAIMS, after: str = AFTER) -> Path:
    return write_tiny(folder, claims=claims, after=after)


@pytest.fixture
def after(tmp_path: Path) -> Scenario:
    return load(written(tmp_path))


def test_a_number_may_rest_on_a_claim_of_ones_own(after: Scenario) -> None:
    leaf = after.leaves["actors.alba.ratification.weeks"]
    assert leaf.reasons.because == ("alban_vote",)
    assert evidence_use.kind(leaf.reasons) == "value_only"
    assert after.parts.claims["alban_vote"].date == "2025-03-20"


def test_a_claim_that_is_nowhere_is_refused_with_those_that_are(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError, match=r"no claim 'alban_vot'; did you mean 'alban_vote'?"):
        load(written(tmp_path, after=AFTER.replace("because: [alban_vote]}", "because: [alban_vot]}")))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("2025-03-20", "2025-03-03", "2025-03-03 is not after 2025-03-03"),
        ("2025-03-20", "2025-03", "'2025-03' is not a date; allowed: a day such as 2025-03-20"),
        ("  source: made up for tests, page 1\n", "", "the key 'source' is missing"),
        ("speaker: a made-up speaker", "speaker: ''", "speaker"),
    ],
)
def test_a_claim_of_ones_own_has_a_later_date_a_speaker_and_a_source(
    old: str, new: str, message: str, tmp_path: Path
) -> None:
    with pytest.raises(errors.InputError) as error:
        load(written(tmp_path, claims=CLAIMS.replace(old, new)))
    assert all(str(fault).startswith(str(tmp_path / "claims.yaml")) for fault in error.value.faults)
    assert message in str(error.value)


def test_an_id_of_ones_own_cannot_pass_for_a_shipped_one(tmp_path: Path) -> None:
    with pytest.raises(errors.InputError):
        load(written(tmp_path, claims=CLAIMS.replace("alban_vote", "alban.vote")))


def test_the_shipped_scenarios_carry_no_stamp() -> None:
    assert tiny().stamp == ""
    assert load("baseline").stamp == ""


def test_events_alone_are_stamped_too() -> None:
    event = {"week": 3, "quantity": "us_posture", "change": 1.5}
    changed = tiny().change({"events.summit": event, "events.raid": {**event, "quantity": "battlefield"}})
    assert changed.stamp == "not baseline (2 events of one's own)"
    assert changed.change({"events.raid": None}).stamp == "not baseline (1 event of one's own)"
    assert changed.change({"events.raid": None, "events.summit": None}).stamp == ""


def test_the_stamp_is_no_note(after: Scenario) -> None:
    changed = after.change({"actors.borea": None})
    assert changed.stamp == STAMP
    assert changed.notes == ("borea removed, with 3 of its edges",)


def test_an_ensemble_written_before_there_was_a_stamp_has_it_among_its_notes(after: Scenario, tmp_path: Path) -> None:
    sim.run(after, 4, 4, workers=1, out=tmp_path / "old")
    path = tmp_path / "old" / "_manifest.json"
    manifest = json.loads(path.read_text())
    assert (manifest.pop("stamp"), manifest["notes"]) == (STAMP, [])
    part_records.put_manifest(path.parent, manifest | {"notes": ["alba removed, with 1 of its edges", STAMP]})
    opened = sim.open_ensemble(tmp_path / "old")
    assert opened.stamp == STAMP
    assert opened.manifest["notes"] == ["alba removed, with 1 of its edges"]
    assert sim.open_ensemble(opened.save(tmp_path / "copy")).stamp == STAMP


def test_an_ensemble_written_before_there_was_a_stamp_is_not_gone_on_with(tmp_path: Path) -> None:
    sim.run(tiny(), 4, 4, workers=1, out=tmp_path / "old")
    path = tmp_path / "old" / "_manifest.json"
    manifest = json.loads(path.read_text())
    del manifest["stamp"]
    part_records.put_manifest(path.parent, manifest)
    assert sim.open_ensemble(tmp_path / "old").stamp == ""
    with pytest.raises(Refused, match='stamp: nothing there, "" here'):
        sim.run(tiny(), 8, 4, workers=1, out=tmp_path / "old")


def test_the_stamp_stands_everywhere_the_result_appears(after: Scenario) -> None:
    ensemble = sim.run(after, 120, 4, workers=1)
    assert (ensemble.manifest["stamp"], ensemble.manifest["notes"]) == (STAMP, [])
    assert ensemble.stamp == STAMP
    assert ensemble.summary()["not_baseline"] == STAMP
    assert answer.sentence(ensemble).startswith(f"N{STAMP[1:]}: on information to 3 March 2025")
    assert answer.strength(ensemble).startswith(f"N{STAMP[1:]}: ")
    for ax in (ensemble.plot.outcomes(), ensemble.plot.independence(), ensemble.plot.given("run >= 0")):
        assert f"N{STAMP[1:]}." in " ".join(text.get_text() for text in ax.figure.findobj(Text)).replace("\n", " ")
    assert ensemble.given("run >= 0").sentence.startswith(f"N{STAMP[1:]}: given")
    assert record(ensemble)["not_baseline"] == STAMP
    assert f"N{STAMP[1:]}." in list(question_card.card(after))


def test_a_comparison_with_what_is_not_baseline_says_so(after: Scenario) -> None:
    (found,) = compare.comparisons([tiny(), after], 20, 4, workers=1)
    for sentence in (found.differences.sentence, found.flows.sentence):
        assert sentence.startswith(f"N{STAMP[1:]}: under after rather than tiny")


def test_a_result_of_the_baseline_carries_no_stamp() -> None:
    ensemble = sim.run(tiny(), 20, 4, workers=1)
    assert "not_baseline" not in ensemble.summary()
    assert answer.sentence(ensemble).startswith("On information to 3 March 2025")


def test_claims_of_ones_own_go_with_the_ensemble(after: Scenario) -> None:
    ensemble = sim.run(after, 4, 4, workers=1)
    again = scenario_of(ensemble)
    assert again.parts.claims == after.parts.claims
    assert again.stamp == STAMP


def test_the_schema_knows_claims() -> None:
    assert "claims" in json.dumps(schema("scenario")["properties"])
