"""A theatre's own group, and not the baseline's, is what events, comparisons, stories and the question card name."""

from __future__ import annotations

import sim
from sim.analysis.rival_rules import structures
from sim.analysis.tornado import ends
from sim.ensemble.events import event
from sim.scenario.loading import load
from sim.scenario.question_card import card
from sim.story import tell
from tests.worlds import tiny

LITTORAL = tiny().change({"words.group": "Littoral"}, name="littoral")


def test_an_event_is_a_phrase_about_the_theatres_own_group() -> None:
    of = "european and troops >= 25000 and european_troops >= 1000"
    assert event(of, names=LITTORAL.names).phrase.startswith("a Littoral force with")
    assert "European" not in event(of, names=LITTORAL.names).phrase
    assert event(of).phrase.startswith("a European force with")


def test_answers_and_comparisons_speak_of_it() -> None:
    softer = LITTORAL.change({"actors.rus.disposition": 2}, name="softer")
    compared = sim.compare(LITTORAL, softer, runs=64, workers=1)
    assert "Littoral" in compared.sentence and "European" not in compared.sentence
    assert sim.run(LITTORAL, 64, 1, workers=1).event("european").phrase == "a Littoral force"


def test_stories_and_the_question_card_speak_of_it() -> None:
    texts = [*card(LITTORAL), *(tell(LITTORAL, 1, at) for at in range(6))]
    assert not [text for text in texts if "European" in text]
    assert any("Littoral force" in text for text in texts) and any("Littoral opinion" in text for text in texts)


def test_analyses_speak_of_it() -> None:
    softer = LITTORAL.change({"actors.rus.disposition": 2}, name="softer")
    sentences = [
        sim.watch(LITTORAL, runs=200, workers=1).sentence,
        sim.sweep(LITTORAL, {"actors.rus.disposition": [0, 1]}, runs=64).sentence,
        sim.disagree(LITTORAL, softer, runs=64, workers=1).sentence,
        sim.sensitivity(LITTORAL, base=8, trajectories=2, top=1).sentence,
        structures(LITTORAL, 16, 1, "european").sentence,
        ends(LITTORAL, ["actors.rus.disposition"], runs=16).sentence,
    ]
    assert not [text for text in sentences if "European" in text]
    assert all("Littoral" in text for text in sentences)


def test_the_question_card_calls_states_by_their_names() -> None:
    lines = list(card(load("baseline")))
    assert "Contributors not counted as European: Canada, the Central Asian states, China, Turkey." in lines
    assert any(line.startswith("Counted as European: Denmark, Estonia, ") for line in lines)
    assert "Counted as several states: Follower as 2." in list(card(tiny()))
