"""One run as one figure, from tables that agree with the batch and the story."""

from __future__ import annotations

import pandas as pd
import pytest
from matplotlib.axes import Axes

import sim
from sim import story as telling
from sim.ensemble.results import Replay
from sim.plots.replay import EVENT_LABELS, story
from sim.plots.style import caption, title_of
from sim.story.replay import replay
from tests import worlds


@pytest.fixture(scope="module")
def one() -> Replay:
    return replay(worlds.baseline(), 1, 31)


def test_the_weeks_of_a_replay_are_those_of_the_batch(one: Replay) -> None:
    kept = sim.run(worlds.baseline(), 32, seed=1, keep=["weekly"]).weekly
    assert kept is not None
    same = kept[kept["run"] == 31].drop(columns="run").reset_index(drop=True)
    pd.testing.assert_frame_equal(one.weekly[list(same)], same, check_dtype=False, check_exact=True)


def test_the_events_of_a_replay_are_those_of_the_story(one: Replay) -> None:
    pd.testing.assert_frame_equal(one.events, telling.events("baseline", 1, 31))


def test_the_figure_marks_what_the_story_tells(one: Replay) -> None:
    axes = story(one)
    assert len(axes) == 5 and all(isinstance(each, Axes) for each in axes)
    force = "European tripwire force, 19,100 troops from 7 states"
    assert title_of(axes).startswith(f"In this run a force ({force}) forms in week 13")
    words = [text.get_text() for text in axes[0].texts]
    assert {"European tripwire force tabled", "truce signed", "force forms", "new government: Germany"} <= set(words)
    assert axes[4].get_xlabel() == "week"
    assert "Run 31 of “baseline”, seed 1" in caption(axes)


def test_the_kinds_of_events_that_are_marked_happen() -> None:
    seen = set()
    for run in range(40):
        seen |= set(replay(worlds.tiny(), 3, run).events["event"])
        if set(EVENT_LABELS) - {"force_ended"} <= seen:
            break
    assert set(EVENT_LABELS) - {"force_ended"} <= seen


def test_a_run_without_a_force_is_drawn_too() -> None:
    calm = worlds.tiny().change({"rules.truce.overlap_weeks": 500, "actors.ukr.worth_floor": 1})
    assert "no truce begins and no force forms" in title_of(story(replay(calm, 1, 0)))
