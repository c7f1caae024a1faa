"""Distributions over scenarios, and maps of two numbers: what they count, name and refuse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes

from sim import plots
from sim.notebook import Ensemble
from sim.plots.distribution import FEWEST
from sim.plots.spreads import NUMBERS
from tests.plots import gallery
from tests.worlds import tiny


@pytest.fixture(scope="module")
def many() -> list[Ensemble]:
    return gallery.several()


def with_force(ensemble: Ensemble) -> pd.DataFrame:
    return ensemble.runs[ensemble.runs["troops"].notna()]


def legend(axes: Axes) -> list[str]:
    shown = axes.get_legend()
    return [text.get_text() for text in shown.get_texts()] if shown else []


def test_a_histogram_sums_to_the_share_of_runs_with_a_force(many: list[Ensemble]) -> None:
    axes = plots.distribution(many, "troops")
    steps = [patch.get_data() for patch in axes.patches]  # type: ignore[attr-defined]
    shares = [100 * len(with_force(each)) / len(each) for each in many]
    assert [float(np.sum(each.values)) for each in steps] == pytest.approx(shares)
    assert len({tuple(each.edges) for each in steps}) == 1, "bins are those of all"
    assert [f"({share:.1f}% of runs)" in line for share, line in zip(shares, legend(axes), strict=True)] == [True] * 3


def test_split_by_mission_the_parts_add_up_to_the_whole(many: list[Ensemble]) -> None:
    axes = plots.distribution(many[0], "troops", by="mission")
    heights = sum(patch.get_height() for part in axes.containers for patch in part)
    assert heights == pytest.approx(100 * len(with_force(many[0])) / len(many[0]))
    missions = with_force(many[0])["mission"].value_counts()
    assert len(legend(axes)) == len(missions)
    assert legend(axes)[0].startswith("baseline: ")


def test_a_long_legend_stands_beside_the_curves_and_a_short_one_among_them(many: list[Ensemble]) -> None:
    for axes, within in (
        (plots.distribution(many, "troops"), True),
        (plots.distribution(many, "troops", by="mission"), False),
        (plots.distribution(many, "weeks", by="mission", kind="ecdf"), False),
    ):
        axes.figure.draw_without_rendering()  # type: ignore[union-attr]
        assert (axes.get_legend().get_window_extent().x0 < axes.bbox.x1) == within  # type: ignore[union-attr]
        assert axes.bbox.width > 0.45 * axes.figure.bbox.width


def test_a_cumulative_share_ends_where_the_share_of_runs_does(many: list[Ensemble]) -> None:
    axes = plots.distribution(many, "weeks", kind="ecdf")
    for line, each in zip(axes.lines, many, strict=True):
        up, across = (np.asarray(data) for data in (line.get_ydata(), line.get_xdata()))
        weeks = each.runs["deployed_week"].dropna()
        assert up[-1] == pytest.approx(100 * len(weeks) / len(each)) and (np.diff(up) >= 0).all()
        middle = float(weeks.median())
        assert up[across <= middle][-1] == pytest.approx(100 * (weeks <= middle).sum() / len(each))
    assert "week in which a deployed force formed" in axes.get_xlabel()


def test_a_ridge_stands_for_every_group_with_runs_enough_and_marks_its_median(many: list[Ensemble]) -> None:
    axes = plots.distribution(many, "troops", by="mission", kind="ridgeline")
    counts = [count for each in many for count in with_force(each)["mission"].value_counts()]
    rows = [text.get_text() for text in axes.get_yticklabels()]
    assert len(rows) == sum(count >= FEWEST for count in counts)
    medians = {
        round(1000 * float(np.asarray(line.get_xdata())[0])) for line in axes.lines if len(line.get_xdata()) == 2
    }  # type: ignore[arg-type]
    most = with_force(many[0])
    first = most[most["mission"] == most["mission"].mode()[0]]["troops"].median()
    assert any(abs(each - first) <= 1 for each in medians)


def test_scenarios_are_named_as_the_reader_likes_and_apart_where_names_are_alike(many: list[Ensemble]) -> None:
    assert legend(plots.distribution({"now": many[0], "then": many[1]}))[0].startswith("now (")
    assert [line.partition(" (")[0] for line in legend(plots.distribution([many[0], many[0]]))] == [
        "baseline, number 1",
        "baseline, number 2",
    ]


@pytest.mark.parametrize("what", NUMBERS)
@pytest.mark.parametrize("kind", ["histogram", "ecdf", "ridgeline"])
def test_every_number_of_a_run_may_be_drawn_in_every_way(many: list[Ensemble], what: str, kind: str) -> None:
    axes = plots.distribution(many[:2], what, kind=kind)  # type: ignore[arg-type]
    assert axes.get_xlabel() and "_" not in axes.get_xlabel()


@pytest.mark.parametrize(
    "by", ["mission", "rung_at_formation", "consent_at_formation", "with_russian_consent", "outcome"]
)
def test_it_may_be_split_by_words_and_flags(many: list[Ensemble], by: str) -> None:
    assert legend(plots.distribution(many[0], "troops", by=by))


def test_where_no_run_has_a_value_the_plot_says_so(many: list[Ensemble]) -> None:
    none = many[0].runs.assign(troops=np.nan)
    empty = Ensemble(none, None, many[0].actors, many[0].manifest)
    for kind in ("histogram", "ecdf", "ridgeline"):
        axes = plots.distribution(empty, "troops", kind=kind)  # type: ignore[arg-type]
        assert [text.get_text() for text in axes.texts] == ["no run has one"]
    assert len(plots.multiples([empty], "troops")) == 1


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        ({"what": "size_of_it"}, "'size_of_it' is no number of a run; allowed: weeks, contributors, size, "),
        ({"by": "actor"}, "by='actor' is nothing to split by; allowed: outcome, truce_broke, mission"),
        ({"kind": "violin"}, "kind 'violin': allowed are histogram, ecdf, ridgeline"),
    ],
)
def test_what_is_unknown_is_refused_with_what_is_allowed(
    many: list[Ensemble], asked: dict[str, str], message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        plots.distribution(many, **asked)  # type: ignore[arg-type]


def test_without_an_ensemble_there_is_nothing_to_draw() -> None:
    with pytest.raises(ValueError, match="at least one ensemble"):
        plots.distribution([])


def test_a_map_shows_the_share_of_each_cell_with_the_readers_words() -> None:
    grid = gallery.swept(gallery.OFFERS, gallery.MOOD)
    axes = plots.heatmap(grid, labels={gallery.MOOD: "mood", "air_cover": "cover from the air"})
    assert axes.get_ylabel() == "mood" and axes.get_xlabel() == "US: backstop, offers, at least"
    assert "cover from the air" in [text.get_text() for text in axes.get_xticklabels()]
    shares = (100 * grid.table["probability"]).round().astype(int).astype(str)
    assert sorted(text.get_text() for text in axes.texts) == sorted(shares)
    turned = plots.heatmap(grid, across=gallery.MOOD, palette="viridis")
    assert turned.get_xlabel() == "shared: european mood" and turned.images[0].get_cmap().name == "viridis"


def test_what_is_no_grid_of_two_numbers_is_no_map() -> None:
    with pytest.raises(ValueError, match="a whole grid of two numbers, got 1 over 3 points"):
        plots.heatmap(gallery.swept(gallery.MOOD))
    with pytest.raises(ValueError, match="across='x' is not swept; allowed: "):
        plots.heatmap(gallery.swept(gallery.OFFERS, gallery.MOOD), across="x")


def test_ensembles_may_be_named_by_numbers(many: list[Ensemble]) -> None:
    named = dict(enumerate(many))
    assert [words.split(" (")[0] for words in legend(plots.distribution(named))] == [str(at) for at in named]


@pytest.mark.parametrize("given", [tiny(), pd.DataFrame({"troops": [1.0]}), "baseline", 3, [None]])
def test_what_is_no_ensemble_has_no_distribution(given: Any) -> None:
    with pytest.raises(TypeError, match=r"a distribution is that of ensembles, such as sim.run\('baseline'\), got a"):
        plots.distribution(given)


def test_what_is_no_word_is_no_number_of_a_run(many: list[Ensemble]) -> None:
    with pytest.raises(ValueError, match=r"\['troops'\] is no number of a run; allowed: "):
        plots.distribution(many, ["troops"])  # type: ignore[arg-type]
