"""The command could, and replay --explain: what they print, and wrong input in one line with exit status 2."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import refused, sim
from tests.worlds import write_tiny

RARE = """\
extends: tiny.yaml
assumption: arms that only Kyiv itself decides on, for tests
change:
  network.usa->ukr/military_aid: null
  actors.ukr.arms: {low: 0.2, likely: 0.3, high: 0.8}
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty folder with a tiny world to work in."""
    write_tiny(tmp_path, rare=RARE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_could_tells_how_likely_and_writes_a_run_that_replays(folder: Path) -> None:
    result = sim("could", "rare.yaml", "arms >= 0.795", "--runs", "300", "--example", "kept.json")
    assert result.exit_code == 0, result.output
    assert (
        "weighed back" in result.stdout
        and "actors.ukr.arms" in result.stdout
        and "A run that shows it" in result.stdout
    )
    replayed = sim("replay", "rare.yaml", "--drawn", "kept.json")
    assert replayed.exit_code == 0 and 'a run that a search for "arms >= 0.795" kept' in replayed.stdout
    explained = sim("replay", "rare.yaml", "--drawn", "kept.json", "--explain", "ukr", "--week", "3", "--json")
    assert json.loads(explained.stdout)["numbers"]["actors.ukr.arms"]["value"] >= 0.795
    refused(sim("replay", "tiny.yaml", "--drawn", "kept.json"), "this run was drawn for rare")


def test_could_prints_one_json_object() -> None:
    result = json.loads(sim("could", "tiny.yaml", "ceasefire", "--runs", "300", "--json").stdout)
    assert {"probability", "low", "high", "at_most", "method", "steps", "inputs", "story", "example_run"} <= set(result)
    assert "example" not in result and result["method"] == "counted"
    words = ("could", "tiny.yaml", "watch", "--set", "actors.ukr.worth_floor=1", "--runs", "100")
    never = json.loads(sim(*words, "--json").stdout)
    assert never["method"] == "not_seen" and {"mission", "needs", "best", "had"} == set(never["missing"][0])


def test_could_tells_what_stood_in_the_way(folder: Path) -> None:
    words = ("could", "tiny.yaml", "watch", "--set", "actors.ukr.worth_floor=1", "--runs", "100")
    result = sim(*words, "--example", "kept.json")
    assert result.exit_code == 0 and "How far the nearest runs came" in result.stdout
    assert "not written, as no run shows it" in result.stderr and not (folder / "kept.json").exists()


def test_a_decision_is_explained_in_text_and_as_one_json_object() -> None:
    words = ("replay", "tiny.yaml", "--run", "3", "--explain", "alba", "--week", "4")
    text = sim(*words)
    assert text.exit_code == 0 and "readiness" in text.stdout and "rests" not in text.stderr
    assert "binds" not in text.stdout and "mission: Reassurance force" in text.stdout
    broker = sim("replay", "tiny.yaml", "--run", "3", "--explain", "usa", "--week", "4").stdout
    assert "on offer now: a reserve force outside" in broker and "reserve_force" not in broker
    facts = json.loads(sim(*words, "--json").stdout)
    for decision in facts["decisions"]:
        assert sum(term["value"] for term in decision["terms"]) == pytest.approx(decision["total"], abs=1e-12)
    terms = {term["term"]: term["sees"] for decision in facts["decisions"] for term in decision["terms"]}
    assert terms["backstop"]["rung_on_offer"] == "reserve_force" and terms["backstop"]["binds"] is False


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (("could", "tiny.yaml", "peace"), "EVENT:1:1"),
        (("could", "nowhere", "watch"), "no scenario of this name"),
        (("could", "tiny.yaml", "watch", "--runs", "1"), "Invalid value for '--runs'"),
        (("could", "tiny.yaml", "watch", "--workers", "0"), "--workers must be between 1 and 1024"),
        (("could", "tiny.yaml", "watch", "--example", "no/such.json"), "there is no folder no"),
        (("replay", "tiny.yaml", "--run", "1", "--explain", "alba"), "expected --week W"),
        (("replay", "tiny.yaml", "--run", "1", "--week", "2"), "goes with --explain"),
        (("replay", "tiny.yaml", "--run", "1", "--json"), "goes with --explain"),
        (("replay", "tiny.yaml", "--run", "1", "--explain", "alpa", "--week", "2"), "did you mean 'alba'"),
        (("replay", "tiny.yaml", "--run", "1", "--explain", "alba", "--week", "99"), "allowed: 1 to 16"),
        (("replay", "tiny.yaml", "--run", "1", "--drawn", "x.json"), "expected one of --run K"),
        (("replay", "tiny.yaml", "--drawn", "tiny.yaml"), "not JSON"),
        (("replay", "tiny.yaml", "--drawn", "nowhere.json"), "nowhere.json"),
    ],
)
def test_wrong_input_is_refused_in_one_line(words: tuple[str, ...], text: str) -> None:
    refused(sim(*words), text)
