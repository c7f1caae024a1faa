"""Sliders beside a forecast: moved from code, as a notebook would move them."""

from __future__ import annotations

import importlib.util

import pytest

import sim
from sim.explorer.sliders import AS_CONFIGURED, Play
from tests.worlds import tiny

OFFERS, MOOD = "actors.usa.backstop.offers.at_least", "actors.usa.disposition"


@pytest.fixture
def play() -> Play:
    return sim.play(tiny(), [OFFERS, MOOD], runs=200, seed=3, of="ceasefire")


def test_a_choice_has_its_words_and_a_number_steps_over_its_range(play: Play) -> None:
    words, numbers = ([value for _, value in play.sliders[path].options] for path in (OFFERS, MOOD))
    prior = tiny().leaves[MOOD].prior
    assert words[0] == AS_CONFIGURED and set(words[1:]) == set(tiny().leaves[OFFERS].prior.words)
    assert numbers[0] == AS_CONFIGURED and (numbers[1], numbers[-1]) == pytest.approx((prior.low, prior.high), rel=0.01)
    assert [slider.value for slider in play.sliders.values()] == [AS_CONFIGURED] * 2
    assert play.sliders[OFFERS].options[0][0] == AS_CONFIGURED
    assert play.sliders[OFFERS].description == "Usa: backstop, offers, at least"


def test_moving_a_slider_runs_the_scenario_so_changed(play: Play) -> None:
    before = play.html
    play.sliders[MOOD].value = play.sliders[MOOD].options[-1][1]
    changed = tiny().change(play.changes)
    assert play.scenario.hash == changed.hash and list(play.changes) == [MOOD]
    expected = sim.run(changed, 200, seed=3).runs
    assert play.ensemble.runs["outcome"].tolist() == expected["outcome"].tolist()
    assert play.html != before and "same luck" in play.html
    row = sim.compare(tiny(), changed, runs=200, seed=3, of="ceasefire", design=(0, 0)).table.loc["ceasefire"]
    assert f"<b>{100 * row['b']:.1f}%</b>" in play.html


def test_back_as_configured_no_run_is_played_again(play: Play, monkeypatch: pytest.MonkeyPatch) -> None:
    first = play.ensemble
    play.set(MOOD, play.sliders[MOOD].options[1][1]).set(OFFERS, "none")
    monkeypatch.setattr("sim.batch.running.run", None)
    assert play.reset().ensemble is first and play.changes == {} and play.scenario is play.reference


def test_a_path_that_leads_to_several_numbers_stands_for_all_and_values_may_be_named() -> None:
    several = sim.play(tiny(), ["actors.usa.backstop.offers"], runs=20)
    assert len(several.sliders) >= 2
    named = sim.play(tiny(), {MOOD: [-1.0, 1.0]}, runs=20)
    assert [value for _, value in named.sliders[MOOD].options] == [AS_CONFIGURED, -1.0, 1.0]


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        (["actors.usa.dispositoin"], "'actors.usa.dispositoin' is no number of tiny"),
        (["no", "such"], "'no' is no number.*; 'such' is no number"),
        ([], "name at least one number"),
    ],
)
def test_what_is_no_number_is_refused_all_at_once(numbers: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sim.play(tiny(), numbers, runs=20)


def test_a_value_that_is_not_on_a_slider_and_a_slider_that_is_not_there_are_refused(play: Play) -> None:
    with pytest.raises(ValueError, match="is not on the slider; allowed: as configured, "):
        play.set(OFFERS, "much")
    with pytest.raises(ValueError, match="there is no slider for 'x'; there are"):
        play.set("x", 1.0)


def test_what_cannot_be_run_is_told_and_the_last_forecast_stays(play: Play) -> None:
    last = play.ensemble
    bad = sim.play(tiny(), {MOOD: [1e12]}, runs=20)
    bad.set(MOOD, 1e12)
    assert bad.error and "Not possible:" in bad.html
    assert bad.reset().error == "" and "Not possible:" not in bad.html
    assert last is play.ensemble


def test_a_cell_shows_the_widget_and_text_says_what_moved(play: Play) -> None:
    bundle = play._repr_mimebundle_()
    assert "application/vnd.jupyter.widget-view+json" in bundle
    play.set(OFFERS, "none")
    assert repr(play).startswith("Usa: backstop, offers, at least: none. ")


def test_without_ipywidgets_one_line_says_what_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr("sim.explorer.sliders.find_spec", lambda name: None if name == "ipywidgets" else find(name))
    with pytest.raises(ValueError, match="sliders need ipywidgets, which is not installed; pip install"):
        sim.play(tiny(), [MOOD])
