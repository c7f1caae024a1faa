"""Tests of the figures of history matching: what they say and show, from small tables made by hand."""

from typing import Any

import pandas as pd
import pytest
from matplotlib.axes import Axes

from sim import plots
from sim.ensemble.match_result import Match
from sim.plots.style import caption, closed, title_of

DRAWN = {name: getattr(plots, name) for name in ("targets", "learning", "optical_depth", "plausible_forecast")}


def row(**more: Any) -> dict[str, Any]:
    ends = {"low": 0.1, "likely": 0.2, "high": 0.3, "model": 0.25, "off": 1.5, "noise": 0.1}
    return {"says": "made up", **ends, "survives": 0.4, "survives_low": 0.3, "survives_high": 0.5, **more}


def a_match(distance: float = 0.4) -> Match:
    learnt = {f"rules.truce.weight_{at}": (distance / (1 + at), 0.15, 0.1, 0.5, 0.9, 0.1, 0.3, 0.6) for at in range(4)}
    ends = [f"{end}_{when}" for when in ("before", "after") for end in ("low", "median", "high")]
    cells = [("x", "y", at % 5, at // 5, 20, at / 24, 0.0, 1.0) for at in range(25)]
    events = dict.fromkeys(("european", "deployed", "ceasefire"), (0.2, 0.1, 0.3, 0.4, 0.35, 0.45))
    sides = ["all_inputs", "all_low", "all_high", "plausible", "plausible_low", "plausible_high"]
    table = {"ceasefire_year": row(), "force_refused": row(survives=0.9, survives_high=0.95)}
    return Match(
        pd.DataFrame.from_dict(table, orient="index"),
        "made up",
        waves=pd.DataFrame({"draws": [500], "left": [150], "share": [0.3], "low": [0.26], "high": [0.34]}, index=[1]),
        rounds=pd.DataFrame(columns=["draws", "left", "share", "low", "high"]),
        ranges=pd.DataFrame(columns=["low", "high", "least", "most"]),
        learnt=pd.DataFrame.from_dict(learnt, orient="index", columns=["distance", "noise", *ends]),
        conflicts=pd.DataFrame(),
        depth=pd.DataFrame(cells, columns=["x", "y", "column", "row", "draws", "share", "low", "high"]),
        forecast=pd.DataFrame.from_dict(events, orient="index", columns=sides),
        scenario="made_up", seed=7, draws=500, left=150, kept=150, matched=40, cut=3.0, runs=1000,
    )  # fmt: skip


@pytest.fixture(params=sorted(DRAWN))
def axes(request: pytest.FixtureRequest) -> Axes:
    return DRAWN[request.param](a_match())


def test_a_figure_names_its_scenario_and_leaves_nothing_out(axes: Axes) -> None:
    assert title_of(axes) and "“made_up”, seed 7" in caption(axes)
    figure = closed(axes)
    figure.draw_without_rendering()
    drawn, page = figure.get_tightbbox(), figure.bbox_inches
    assert drawn.x0 >= page.x0 - 0.01 and drawn.x1 <= page.x1 + 0.01 and drawn.y0 >= page.y0 - 0.01


def test_targets_are_bars_with_all_of_them_together_first() -> None:
    axes = plots.targets(a_match())
    assert [bar.get_width() for bar in axes.containers[0]] == pytest.approx([30.0, 90.0, 40.0])
    assert title_of(axes) == "30% of the draws of the inputs are not ruled out by 2 targets together"
    assert "0.1, 0.2, 0.3; model 0.25 (1.5 sd)" in [text.get_text() for text in axes.texts]


@pytest.mark.parametrize(
    ("distance", "title"),
    [
        (0.4, "2 of 40 inputs were learnt beyond noise, rule truce: weight 0 most"),
        (0.1, "None of 40 inputs was learnt"),
    ],
)
def test_inputs_within_noise_are_shown_as_such(distance: float, title: str) -> None:
    axes = plots.learning(a_match(distance))
    assert title_of(axes).startswith(title)
    said = ["within noise" in each.get_title(loc="left") for each in axes]
    assert said == [distance / (1 + at) <= 0.15 for at in range(4)]


def test_the_optical_depth_puts_the_share_of_a_cell_where_it_belongs() -> None:
    axes = plots.optical_depth(a_match())[0]
    assert {text.get_position(): text.get_text() for text in axes.texts}[(4, 1)] == "38"


def test_the_forecast_shows_both_sides_and_says_what_it_is_not() -> None:
    axes = plots.plausible_forecast(a_match())
    assert title_of(axes) == "A European force: 40.0% on plausible inputs, 20.0% on all"
    assert "No target says whether a force deploys" in caption(axes)
