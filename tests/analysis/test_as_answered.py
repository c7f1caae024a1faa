"""What analyses answer of tables and ensembles of a tiny world, kept in full; those that play stand beside it.

    SIM_RENEW_GOLDEN=1 python -m pytest tests/analysis/test_as_answered.py

writes ``tests/golden/shown/answered.txt`` anew; ``test_run_options.py`` keeps the answers of analyses that play.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis import (
    certainty,
    compare,
    disagree,
    enough,
    experts,
    flows,
    forecast,
    given_data,
    holding_back,
    independence,
    inert,
    input_groups,
    levers,
    living_forecast,
    matching,
    movers,
    points,
    ready_conditions,
    run_measures,
    sensitivity,
    sweep,
    target_quantities,
    tornado,
    typical_runs,
    updating,
)  # fmt: skip
from sim.notebook import Ensemble
from sim.scenario import observations
from tests import kept_output
from tests.analysis.test_levers import write_toy
from tests.analysis.test_when import ensemble as with_a_box
from tests.worlds import tiny

HOST = "actors.ukr.disposition"
KEEN = {HOST: 3}
JUDGED = {HOST: {"by": {"dove": {"low": 2, "high": 4}, "hawk": -5}, "weights": {"dove": 3, "hawk": 1}}}
PATHS = [HOST, "actors.borea.disposition", "common.us_turn", "actors.alba.capacity_troops"]
TABLES = {
    "commas.csv": "a,b\n1,none\n2.5,troops\n",
    "semicolons.csv": "\ufeffa;b\n1,5;none\n\n-2;troops\n",
    "tabs.csv": "a\tb\n10%\tnone\n20%\ttroops\n",
}
WRONG = {
    "empty.csv": "",
    "gaps.csv": "a,b,\n1,\n2,3,4,5\n",
    "twice.csv": "a,a\n1,2\n",
    "grouped.csv": 'a,b\n"1,000.5",2\n',
    "headed.csv": "a,b\n",
    "long.csv": "a" * (points.MOST_HEADER + 2),
    "quoted.csv": 'a,b\n"1,2\n',
    "bytes.csv": "\udcff,b\n",
    "book.xlsx": "no workbook",
}


@cache
def ensemble(keen: bool = False) -> Ensemble:
    return sim.run(tiny().change(KEEN) if keen else tiny(), 300, 5, workers=1)


def several() -> Any:
    changes = (KEEN, {HOST: -5}, {"rules.form.training_share": 0.2})
    others = [tiny().change(change).renamed(f"other {at}") for at, change in enumerate(changes)]
    every = sim.comparisons([tiny(), *others], 60, 5, workers=1)
    return compare.several([each.differences for each in every])


def indices() -> Any:
    """Return first-order indices of three inputs, of which one decides, one has a part and one has none."""
    rng = np.random.default_rng(5)
    draws = rng.random((3, 400))
    came = (draws[0] + 0.3 * draws[1] > 0.7).astype(np.float64)
    places = list((draws * 20).astype(np.uint8))
    table, together = given_data.first_order(places, came, ["decides", "has a part", "has none"])
    return table, together, given_data.cumulated(places, came, together)


class Peeled:
    """Stands in for the search of boxes: three boxes on the way, each with limits of every kind; asked with what."""

    asked: list[str]

    def __init__(self, x: pd.DataFrame, y: Any, **options: Any) -> None:
        self.asked.append(f"{list(x.columns)} {x.shape}, {int(y.sum())} hits, {options}")
        self.columns = list(x.columns)

    def find_box(self) -> Any:
        path = {"coverage": [1.0, 0.9, 0.6], "density": [0.2, 0.5, 0.8], "mass": [1.0, 0.4, 0.2], "res_dim": [0, 2, 3]}
        limits = {"cap": [0.6, 0.9], "mood": [0.5, 5.0], "stance": [{"open", "pledged"}, {"open", "pledged"}]}
        chances = {"cap": (0.001, 0.2), "mood": (0.05, 0.01), "stance": (0.03, -1.0)}
        box = pd.DataFrame({name: limits.get(name, [0.1, 0.9]) for name in self.columns}, dtype=object)
        chance = {name: chances.get(name, (-1.0, -1.0)) for name in self.columns}
        return SimpleNamespace(peeling_trajectory=pd.DataFrame(path), qp=[chance] * 3, box_lims=[box] * 3)


def boxes() -> Any:
    """Return what is made of the boxes of a search, at a density that the second has, and at one that none has."""
    Peeled.asked, done = [], list[int]()
    runs = with_a_box(planted=True, runs=1_000)
    each = [sim.when(runs, inputs=3, density=dense, progress=done.append) for dense in (0.5, 0.9)]
    return each, sim.when(runs).wanted, sum(done), Peeled.asked[:2], len(Peeled.asked)


def totals(folder: Path) -> dict[str, Any]:
    """Return how many runs analyses say beforehand that they play."""
    world, toy = tiny(), write_toy(folder)
    (folder / "seen.yaml").write_text("- {week: 2025-03-10, rung: none}\n", "utf-8")
    seen = observations.load_observations(folder / "seen.yaml", world)
    toys = sim.load(toy)
    return {
        "certainty": certainty.runs_played(world, 400, draws=3, luck=4),
        "compare": [compare.runs_played([world, toys], runs, engine=engine)
                    for runs in (None, 100, 5000) for engine in (None, "mesa")],
        "compare, nested": compare.runs_played([world, toys], 100, (3, 4)),
        "disagree": [disagree.runs_played(world, world.change({HOST: 3, PATHS[2]: 0.1}), runs, by=by)
                     for runs in (None, 100) for by in (None, "actor")],
        "enough": [enough.runs_played(toys, 100, tries=3, adaptive=adaptive) for adaptive in (False, True)],
        "experts": [experts.runs_played(each, 40) for each in (world, world.change(JUDGED))],
        "holding_back": [holding_back.runs_played(world, actor, 50) for actor in ("alba", "borea", "corvia")],
        "inert": inert.runs_played(world, 8),
        "levers": levers.runs_played(toys, 100),
        "living_forecast": [living_forecast.runs_played(world, seen, 100, widths=widths) for widths in (True, False)],
        "matching": [matching.runs_played(10, 8, waves=3, keep=keep, runs=100) for keep in (0, 5)],
        "sensitivity": [sensitivity.runs_played(world, 8, trajectories=3, top=top, adaptive=each)
                        for each in (False, True) for top in (2, 99)],
        "updating": updating.runs_played(seen, 100),
        "usual": [(forecast.usual_design(engine, runs), forecast.usual_design(engine, runs, (7, 8)),
                   forecast.usual_theory(engine, runs))
                  for engine in ("compiled", "mesa") for runs in (None, 1_999, 2_000, 20_000)],
    }  # fmt: skip


ANSWERED: dict[str, Callable[[Path], Any]] = {
    "given": lambda _: ensemble().given("ceasefire by week 5", "deployed"),
    "given an actor": lambda _: ensemble().given("alba pledged"),
    "ready conditions": lambda _: {name: ready_conditions.as_sql(name) for name in ready_conditions.READY},
    "flows": lambda _: flows.flows(ensemble(), ensemble(True)),
    "differences": lambda _: compare.differences(ensemble(), ensemble(True), "deployed"),
    "several": lambda _: several(),
    "independence": lambda _: (independence.independence(ensemble()), independence.pairs(ensemble())),
    "typical": lambda _: typical_runs.typical(ensemble(), "no_ceasefire"),
    "surprising": lambda _: typical_runs.surprising(ensemble()),
    "surprising of one outcome": lambda _: typical_runs.surprising(ensemble(), "blue"),
    "movers": lambda _: movers.movers(ensemble(), "european", PATHS),
    "convergence": lambda _: certainty.convergence(ensemble(), "deployed", 5),
    "warnings": lambda _: certainty.warnings(ensemble(True), tiny().change(KEEN), "ceasefire"),
    "experts": lambda _: experts.experts(tiny().change(JUDGED), "ceasefire", 40, 5),
    "levers": lambda folder: levers.levers(write_toy(folder)),
    "measures": lambda _: run_measures.measures(ensemble()),
    "boxes": lambda _: boxes(),
    "indices": lambda _: indices(),
    "grid": lambda _: sweep.grid({HOST: [0, 3], PATHS[2]: [0.1, 0.2, 0.3]}),
    "cube": lambda _: sweep.hypercube({HOST: (0, 3), PATHS[2]: (-0.5, 0.5)}, 4, 5),
    "swept words": lambda _: sim.sweep(
        tiny(), {"actors.usa.backstop.offers.at_least": ["none", "troops"]}, "deployed", 40, 5
    ),
    "ends": lambda _: tornado.ends(tiny(), [HOST, "actors.alba.stance"], "ceasefire", 20, 5),
    "groups": lambda _: {
        each.__name__: each(tiny(), tiny().leaves)
        for each in (input_groups.by_reasons, input_groups.by_actor, input_groups.by_phase)
    },
    "leverage": lambda _: sim.leverage(tiny()),
    "logarithms": lambda _: {
        "means": [
            each.tolist()
            for each in target_quantities.mean_log(*map(np.array, ([6.0, 1.0, 0.0], [20.0, 0.5, 0.0], [2.0, 1.0, 0.0])))
        ],
        "ratios": [
            each.tolist()
            for each in target_quantities.log_ratio(*map(np.array, ([3.0, 0.0], [40.0, 9.0], [5.0, 2.0], [30.0, 7.0])))
        ],
    },
    "runs played": totals,
}


@pytest.mark.parametrize("name", ANSWERED)
def test_an_answer_is_what_is_kept(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sim.analysis.when.needed", lambda _: SimpleNamespace(Prim=Peeled))
    text = "\n".join(kept_output.in_full(ANSWERED[name](tmp_path))).replace(str(tmp_path), "FOLDER")
    assert kept_output.differs("answered", text, name) == ""


def test_tables_of_points_are_read_and_refused_as_kept(tmp_path: Path) -> None:
    lines: list[str] = []
    for name, text in {**TABLES, **WRONG}.items():
        (tmp_path / name).write_text(text, "utf-8", "surrogateescape")
        try:
            lines += [name, *kept_output.in_full(points.read_points(tmp_path / name).table)]
        except sim.InputError as error:
            lines += [f"{name} is refused", *map(str, error.faults)]
    assert kept_output.differs("answered", "\n".join(lines).replace(str(tmp_path), "FOLDER"), "points") == ""
