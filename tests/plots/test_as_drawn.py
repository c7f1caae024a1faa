"""What plots draw of a tiny world is what ``tests/golden/shown/drawn`` keeps: words, colours, places and sizes.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/plots/test_as_drawn.py

writes it anew; ``tests/cli/test_as_printed.py`` does the same for the plots that commands draw.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim import plots
from sim.analysis.sweep import hypercube
from sim.ensemble.results import Sweep
from sim.notebook import Ensemble
from tests import kept_output
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
    "multiples": lambda: plots.multiples([ensemble(), ensemble(True)]),
    "multiples of troops": lambda: plots.multiples([ensemble(), ensemble(True)], "troops"),
}


@pytest.mark.parametrize("name", DRAWN)
def test_a_plot_draws_what_is_kept(name: str) -> None:
    assert kept_output.differs(f"drawn/{name.replace(' ', '_')}", kept_output.described(DRAWN[name]())) == ""
