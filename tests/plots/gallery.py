"""Every public plot on real results of the baseline: each name leads to a function that takes the reader's choices."""

from __future__ import annotations

import functools
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import pandas as pd

import sim
from sim import plots
from sim.analysis import inert as inert_numbers
from sim.analysis import number_shares as numbers
from sim.ensemble.match_result import Match
from sim.ensemble.results import Box, Certainty, Enough, Replay, Sensitivity, Sweep, Why
from sim.notebook import Ensemble
from sim.plots import backtest as backtest_plots
from sim.scenario.scenario import Scenario
from sim.validation import series_record
from tests.worlds import baseline

MOOD, OFFERS = "common.european_mood", "actors.us.backstop.offers.at_least"
WAR = "actors.ukraine.loss_of_war"
RUNS = 600
SEEN = """
- {week: 2025-03-10, actor: uk, stage: at least open, reliability: 90%, source: invented}
- {from: 2025-03-03, to: 2025-04-14, ceasefire: none, source: invented}
"""


@cache
def ensemble(name: str = "baseline") -> Ensemble:
    return sim.run(name, RUNS, seed=1)


@cache
def changed() -> Scenario:
    return baseline().change({OFFERS: "air_cover"})


@cache
def comparison() -> Any:
    return sim.comparisons([baseline(), changed()], RUNS, design=(0, 0))[0]


@cache
def why() -> Why:
    return sim.why(sim.run("baseline", 60, seed=1), most=2)


@cache
def enough() -> Enough:
    gone = {f"levers.{name}": None for name in list(baseline().parts.levers)[2:]}
    return sim.enough(baseline().change(gone), target=0.5, runs=100, tries=2)


@cache
def swept(*paths: str) -> Sweep:
    values: dict[str, list[Any]] = {MOOD: [-0.8, 0.0, 0.8], OFFERS: ["none", "air_cover", "assurance"], WAR: [3, 6, 9]}
    return sim.sweep(baseline(), {path: values[path] for path in paths}, runs=200)


@cache
def scattered() -> Sweep:
    from sim.analysis.sweep import hypercube

    return sim.sweep(baseline(), hypercube({MOOD: (-0.8, 0.8), WAR: (3, 9)}, 6), runs=200)


@cache
def sensitivity() -> Sensitivity:
    return sim.sensitivity(baseline(), base=16, trajectories=2, top=6)


@cache
def certainty() -> Certainty:
    return sim.certainty(baseline(), runs=400, draws=12, luck=20)


@cache
def box() -> Box:
    return sim.when(sim.run("baseline", 1_000, seed=1), "ceasefire", inputs=3)


@cache
def match() -> Match:
    return sim.match(baseline(), draws=60, luck=20, keep=20, runs=200, waves=1)


@cache
def living() -> Any:
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        seen = Path(folder) / "seen.yaml"
        seen.write_text(SEEN)
        moved = sim.living_forecast("baseline", seen, of="deployed", runs=600, widths=False)
        return moved, sim.watch("baseline", seen, of="deployed", weeks=8, runs=600)


@cache
def scored() -> pd.DataFrame:
    """Return how twelve forecasts did: those of one series that an event followed in some cases and not in others."""
    update = living()[0]
    series = series_record.record_series(update, "2025-03-17")
    came = [at % 6 == 0 for at in range(12)]
    return series_record.reliability([series_record.score_series(series, "deployed", each) for each in came])


@cache
def replay() -> Replay:
    return sim.replay("baseline", seed=1, run=72)


@cache
def backtest() -> Any:
    from pathlib import Path

    return sim.backtest(Path(__file__).parents[1] / "data" / "issues.csv")


def several() -> list[Ensemble]:
    return [ensemble("baseline"), ensemble("berlin_stops_waiting"), Ensemble.of(sim.run(changed(), RUNS))]


LATE: dict[str, Callable[[], Callable[..., Any]]] = {
    **{
        name: functools.partial(lambda name: partial(getattr(plots, name), ensemble()), name)
        for name in ("outcomes", "funnel", "formation", "troops", "joiners", "stances")
    },
    "differences": lambda: partial(plots.differences, comparison().differences),
    "flows": lambda: partial(plots.flows, comparison().flows),
    "given": lambda: partial(plots.given, ensemble().given("ceasefire").shares),
    "independence": lambda: partial(plots.independence, sim.independence(ensemble())),
    "blockers": lambda: partial(plots.blockers, why()),
    "together": lambda: partial(plots.together, why()),
    "steps": lambda: partial(plots.steps, enough().steps),
    "enough": lambda: partial(plots.enough, enough()),
    "sweep": lambda: partial(plots.sweep, swept(MOOD)),
    "sweep of words": lambda: partial(plots.sweep, swept(OFFERS)),
    "heatmap": lambda: partial(plots.heatmap, swept(OFFERS, MOOD)),
    "scatter": lambda: partial(plots.scatter, scattered()),
    "variance": lambda: partial(plots.variance, sensitivity(), "actor"),
    "tornado": lambda: partial(plots.tornado, sensitivity().ends),
    "number_shares": lambda: partial(plots.number_shares, numbers.number_shares(baseline(), runs=2_048)),
    "inert": lambda: partial(plots.inert, inert_numbers.inert(baseline(), pairs=16, inputs=[MOOD, WAR])),
    "widths": lambda: partial(plots.widths, certainty().widths, certainty().structures),
    "convergence": lambda: partial(plots.convergence, certainty().convergence),
    "survival": lambda: partial(plots.survival, certainty().blockers),
    "limits": lambda: partial(plots.limits, box()),
    "tradeoff": lambda: partial(plots.tradeoff, box()),
    "disagree": lambda: partial(plots.disagree, sim.disagree(baseline(), changed(), runs=RUNS)),
    "targets": lambda: partial(plots.targets, match()),
    "learning": lambda: partial(plots.learning, match()),
    "optical_depth": lambda: partial(plots.optical_depth, match()),
    "plausible_forecast": lambda: partial(plots.plausible_forecast, match()),
    "living": lambda: partial(plots.living, living()[0]),
    "indicators": lambda: partial(plots.indicators, living()[1]),
    "calendar": lambda: partial(plots.calendar, living()[0]),
    "reliability": lambda: partial(plots.reliability, scored()),
    "network": lambda: partial(plots.network, sim.leverage(baseline())),
    "story": lambda: partial(plots.story, replay()),
    "distribution": lambda: partial(plots.distribution, several(), "troops"),
    "distribution by": lambda: partial(plots.distribution, ensemble(), "troops", by="mission"),
    "distribution ecdf": lambda: partial(plots.distribution, several(), "weeks", kind="ecdf"),
    "distribution ridgeline": lambda: partial(plots.distribution, several(), "troops", by="mission", kind="ridgeline"),
    "multiples": lambda: partial(plots.multiples, several()),
    "multiples of troops": lambda: partial(plots.multiples, several(), "troops"),
    "errors": lambda: partial(backtest_plots.errors, backtest()),
}
"""What makes each plot, by its name, with what sets it apart from another of the same function."""


@cache
def drawing(name: str) -> Callable[..., Any]:
    return LATE[name]()
