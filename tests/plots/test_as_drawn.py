"""What plots draw of a tiny world is what ``tests/golden/shown/drawn`` keeps: words, colours, places and sizes.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/plots/test_as_drawn.py

writes it anew; ``tests/cli/test_as_printed.py`` does the same for the plots that commands draw.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

import sim
from sim import plots
from sim.analysis import inert as inert_numbers
from sim.analysis import number_shares as numbers
from sim.analysis.sweep import hypercube
from sim.ensemble import share
from sim.ensemble.results import Box, Replay, Sweep
from sim.ensemble.update_result import Update
from sim.notebook import Ensemble
from sim.plots import backtest as backtest_plots
from sim.reading.files import parse_yaml
from sim.scenario.layers import Reasons, flatten
from sim.scenario.observations import observation
from sim.scenario.scenario import Scenario
from tests import kept_output, worlds
from tests.analysis.test_levers import TOY
from tests.plots.test_plots import EMPTY, ENSEMBLE, a_comparison, a_network
from tests.worlds import tiny

KEEN, WARY = "actors.ukr.disposition", "actors.rus.disposition"


@cache
def ensemble(edited: bool = False) -> Ensemble:
    return sim.run(tiny().change({KEEN: 3}) if edited else tiny(), 300, seed=1, workers=1)


@cache
def comparison() -> Any:
    return sim.comparisons([tiny(), tiny().change({KEEN: 3})], 120, design=(0, 0), workers=1)[0]


def swept() -> Sweep:
    return sim.sweep(tiny(), {KEEN: [0, 3], "actors.usa.backstop.offers.at_least": ["none", "troops"]}, runs=30)


def scattered() -> Sweep:
    return sim.sweep(tiny(), hypercube({KEEN: (0, 3), WARY: (-1, 1)}, 6), runs=30)


def reliability() -> pd.DataFrame:
    called = np.array([0.05, 0.15, 0.55, 0.75])
    rows = {"forecasts": [10, 6, 4, 2], "called": called, "came": [0.1, 0.1, 0.5, 0.8]}
    return pd.DataFrame({**rows, "low": called / 2, "high": (1 + called) / 2}).rename_axis("bin")


def a_box() -> Box:
    """Return a box with a limit of each kind: one side, both, one that no resample had, and words."""
    columns = ["input", "side", "limit", "value", "least", "most", "p", "reproduced", "again_low", "again_high"]
    rows = [
        (KEEN, "at least", "1.5", 1.5, 0.0, 3.0, 0.001, 0.9, 1.2, 1.8),
        (WARY, "at least", "-0.5", -0.5, -1.0, 1.0, 0.01, 0.4, -0.6, 0.0),
        (WARY, "at most", "0.5", 0.5, -1.0, 1.0, 0.02, 0.0, np.nan, np.nan),
        ("actors.alba.stance", "one of", "open or pledged", np.nan, np.nan, np.nan, 0.03, 1.0, np.nan, np.nan),
    ]
    way = {
        "coverage": [1.0, 0.8, 0.5],
        "density": [0.2, 0.45, 0.7],
        "limited": [0, 1, 3],
        "chosen": [False, False, True],
    }
    return Box(
        table=pd.DataFrame(rows, columns=columns), sentence="", tradeoff=pd.DataFrame(way), scenario="tiny", seed=1,
        of="european", what="a European force", runs=300, inputs=40, base=0.2, mass=0.14, coverage=share(30, 60),
        density=share(30, 42), enough=True, wanted=0.6,
    )  # fmt: skip


def an_update() -> Update:
    """Return a forecast that two things moved that were seen in one week, and a third later."""
    rows = [
        ("2025-03-03", "", 0.1, 0.08, 0.12, np.nan),
        ("2025-03-17", "rung none", 0.2, 0.17, 0.23, 0.6),
        ("2025-03-17", "ceasefire none", 0.05, 0.03, 0.07, 0.9),
        ("2025-05-05", "ceasefire holds", 0.6, 0.5, 0.7, 0.04),
    ]
    table = pd.DataFrame(rows, columns=["week", "observation", "probability", "low", "high", "predicted"])
    return Update(
        table=table, sentence="", inputs=pd.DataFrame(), left_out=pd.DataFrame(), surprise=0.4, pasts=None, theory=None,
        scenario="tiny", of="european", what="a European force", runs=300, seed=1, populations=4, stamp="",
    )  # fmt: skip


@cache
def story() -> Replay:
    """Return the first run in which a force goes in."""
    runs = ensemble(True).read(["run"], where="deployed_week == deployed_week")
    return sim.replay(tiny().change({KEEN: 3}), seed=1, run=int(runs["run"].iloc[0]))


def film_at(week: int) -> Any:
    """Return the axes of a film as they stand in a week; -1 is the last."""
    film = plots.film(story(), sim.leverage(tiny()))
    film.animation._func(range(len(film))[week])
    return film.figure.axes[0]


@cache
def certain() -> Any:
    return sim.certainty(tiny(), "deployed", 200, draws=6, luck=10, workers=1)


@cache
def variance() -> Any:
    return sim.sensitivity(tiny(), "ceasefire", 16, trajectories=2, workers=1)


@cache
def held_back() -> Any:
    return sim.why(ensemble(), "deployed", most=2, workers=1)


@cache
def reached() -> Any:
    document = parse_yaml(worlds.TINY + TOY, "toy.yaml")
    toy = Scenario("toy", flatten(document, document.data, (), (), Reasons()))
    return sim.enough(toy, 0.9, "european", 100, tries=2, workers=1)


@cache
def matched() -> Any:
    with TemporaryDirectory() as folder:
        (Path(folder) / "targets.yaml").write_text(worlds.TARGETS, "utf-8")
        return sim.match(tiny(), Path(folder) / "targets.yaml", 12, 8, waves=2, keep=6, runs=100, workers=1)


def watched() -> Any:
    seen = [observation({"week": "2025-03-10", "rung": "none"}, tiny())]
    return sim.watch(tiny(), seen, "ceasefire", 4, 100, workers=1)


def scored_rules() -> Any:
    return sim.backtest(Path(__file__).parents[1] / "data" / "issues.csv", resamples=10)


def in_own_axes() -> Any:
    """Return axes of the reader's, in which a plot is drawn small, in words and a colour of the reader's."""
    axes = plt.subplots(1, 2, figsize=(7, 3))[1][1]
    return plots.outcomes(ensemble(), ax=axes, title="", color="#123456", labels={"Blue helmets": "The blue"})


def in_large_letters() -> Any:
    with mpl.rc_context({"font.size": 15, "axes.titlesize": "small"}):
        return plots.outcomes(ensemble(), title="Cost: $5 or $6")


def in_own_figure() -> Any:
    return plots.story(story(), figure=plt.figure(figsize=(9, 11)), title="Mine", palette=["#ff0000", "#00ff00"])


DRAWN: dict[str, Callable[[], Any]] = {
    **{
        name: lambda name=name: getattr(plots, name)(ENSEMBLE) for name in ("outcomes", "funnel", "formation", "troops")
    },
    **{name: lambda name=name: getattr(plots, name)(ENSEMBLE) for name in ("joiners", "stances")},
    "no force": lambda: plots.troops(EMPTY),
    "differences": lambda: plots.differences(a_comparison()),
    "network": lambda: plots.network(a_network()),
    "flows": lambda: plots.flows(comparison().flows),
    "given": lambda: plots.given(ensemble().given("ceasefire").shares),
    "independence": lambda: plots.independence(sim.independence(ensemble())),
    "heatmap": lambda: plots.heatmap(swept()),
    "scatter": lambda: plots.scatter(scattered()),
    "distribution": lambda: plots.distribution([ensemble(), ensemble(True)], "troops"),
    "distribution by mission": lambda: plots.distribution(ensemble(True), "troops", by="mission"),
    "distribution ecdf": lambda: plots.distribution([ensemble(), ensemble(True)], "weeks", kind="ecdf"),
    "distribution ridgeline": lambda: plots.distribution([ensemble(), ensemble(True)], "troops", kind="ridgeline"),
    "reliability": lambda: plots.reliability(reliability()),
    "limits": lambda: plots.limits(a_box()),
    "no limits": lambda: plots.limits(replace(a_box(), table=a_box().table.head(0))),
    "tradeoff": lambda: plots.tradeoff(a_box()),
    "living": lambda: plots.living(an_update()),
    "calendar": lambda: plots.calendar(an_update()),
    "film at first": lambda: film_at(0),
    "film at last": lambda: film_at(-1),
    "multiples": lambda: plots.multiples([ensemble(), ensemble(True)]),
    "in own axes": in_own_axes,
    "in large letters": in_large_letters,
    "in own figure": in_own_figure,
    "in a palette": lambda: plots.multiples([ensemble(), ensemble(True)], palette="viridis", title="Mine"),
    "disagree": lambda: plots.disagree(sim.disagree(tiny(), tiny().change({KEEN: 3, WARY: -1}), runs=100, workers=1)),
    "blockers": lambda: plots.blockers(held_back()),
    "together": lambda: plots.together(held_back()),
    "steps": lambda: plots.steps(reached().steps),
    "enough": lambda: plots.enough(reached()),
    "sweep": lambda: plots.sweep(sim.sweep(tiny(), {KEEN: [0, 1, 3]}, runs=30)),
    "number shares": lambda: plots.number_shares(numbers.number_shares(tiny(), "ceasefire", 300, workers=1)),
    "inert": lambda: plots.inert(inert_numbers.inert(tiny(), 8, 1, [KEEN, "common.us_turn"], workers=1)),
    **{
        name: lambda name=name: getattr(plots, name)(matched())
        for name in ("targets", "learning", "optical_depth", "plausible_forecast")
    },
    "indicators": lambda: plots.indicators(watched()),
    "tornado": lambda: plots.tornado(variance().ends),
    "widths": lambda: plots.widths(certain().widths, certain().structures),
    "convergence": lambda: plots.convergence(certain().convergence),
    "survival": lambda: plots.survival(certain().blockers),
    "variance": lambda: plots.variance(variance(), "actor"),
    "errors": lambda: backtest_plots.errors(scored_rules()),
    "voices": lambda: plots.troops(ensemble(), voices={"Kyiv": 9500.0, "a general": 4000.0}),
    "multiples of troops": lambda: plots.multiples([ensemble(), ensemble(True)], "troops"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_draws_what_is_kept(name: str) -> None:
    assert kept_output.differs(f"drawn/{name.replace(' ', '_')}", kept_output.described(DRAWN[name]())) == ""


def test_every_plot_is_kept_as_drawn() -> None:
    others = {"Film", "film", "caption", "story"}  # a film is drawn at both ends, a story in a figure of the reader
    assert {name.replace(" ", "_") for name in DRAWN} >= set(plots.__all__) - others
