"""Whole runs worked by hand on a tiny world, which the model must reproduce.

``by_hand/work_it_out.py`` computes them and imports nothing of ``sim``; it runs here isolated from every package.
"""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from functools import cache, reduce
from math import exp
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from sim.ensemble import columns
from sim.model import Negotiation, Trajectory
from sim.rules.chance import normal
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.world import Luck, build, draw

HERE = Path(__file__).parent / "by_hand"
SCRIPT = HERE / "work_it_out.py"
RUNS = (1, 2, 3, 4, 5)
CLOSE = 1e-12
"""Both sides do the same few hundred operations in double precision, in another order; each is exact to about 1e-16.
That holds for normals too: ``statistics.NormalDist`` and ``sim.rules.chance`` are two programs of one algorithm that is
accurate to about 1e-16 (a test below compares them), so nothing wider is needed where they enter. Troops, in persons,
are compared relative to their size."""


@cache
def worked_out(*arguments: str) -> str:
    """Return what the script prints, isolated (-I) and without any installed package (-S)."""
    command = [sys.executable, "-I", "-S", str(SCRIPT), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout


@cache
def by_hand() -> dict[str, Any]:
    return dict(json.loads(worked_out("--json")))


@cache
def tiny() -> Scenario:
    return load(HERE / "tiny.yaml")


@cache
def played(number: int) -> Trajectory:
    """Return what the model makes of the tiny world under the luck of one run."""
    world = build(tiny())
    inputs, _ = draw(world, seed=0, block=0)
    luck = by_hand()["luck"][str(number)]
    values = np.array([luck[name] for name in world.names.streams])[:, :, np.newaxis]
    return Negotiation(world, inputs, Luck(values), run=0).play()


@pytest.mark.parametrize("number", RUNS)
def test_the_transcript_is_what_the_script_works_out(number: int) -> None:
    assert worked_out(str(number)) == (HERE / f"run_{number}.txt").read_text(encoding="utf-8")


def test_every_run_worked_out_has_a_transcript() -> None:
    numbers = {int(number) for number in by_hand()["luck"]}
    assert numbers == set(RUNS) == {int(path.stem.removeprefix("run_")) for path in HERE.glob("run_*.txt")}


def test_the_script_imports_the_standard_library_alone() -> None:
    imported = set()
    for node in ast.walk(ast.parse(SCRIPT.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            imported |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom):
            imported.add(node.module or "")
    assert imported <= {"json", "math", "re", "statistics", "sys", "typing"}


def test_the_script_repeats_every_number_of_the_tiny_world() -> None:
    assert not [path for path, leaf in tiny().leaves.items() if leaf.prior.uncertain]
    written = {
        path: leaf.prior.words[int(leaf.prior.low)] if leaf.prior.words else leaf.prior.low
        for path, leaf in tiny().leaves.items()
    }
    assert by_hand()["numbers"] == written


@pytest.mark.parametrize("path", sorted(by_hand()["facts"]))
def test_the_script_repeats_what_in_the_tiny_world_is_no_number(path: str) -> None:
    def inner(part: Any, name: str) -> Any:
        return part[name] if isinstance(part, dict) else getattr(part, name)

    value = reduce(inner, path.split("."), tiny().parts)
    assert (list(value) if isinstance(value, tuple) else value) == by_hand()["facts"][path]


def test_the_luck_has_the_streams_of_the_model() -> None:
    for luck in by_hand()["luck"].values():
        assert tuple(luck) == build(tiny()).names.streams


def test_both_inverse_normals_agree_on_all_luck_used() -> None:
    streams = [luck[name] for luck in by_hand()["luck"].values() for name in luck if name.endswith(("mood", "news"))]
    used = {u for weeks in streams for u in weeks}
    for u in used:
        assert normal(u) == pytest.approx(NormalDist().inv_cdf(u), rel=CLOSE, abs=CLOSE)


@pytest.mark.parametrize("number", RUNS)
@pytest.mark.parametrize("quantity", columns.WEEKLY)
def test_the_model_reproduces_every_weekly_state_worked_out_by_hand(quantity: str, number: int) -> None:
    at = list(columns.WEEKLY).index(quantity)
    weeks = by_hand()["weekly"][str(number)]
    assert played(number).weekly[:, at].tolist() == pytest.approx(
        [week[quantity] for week in weeks], rel=CLOSE, abs=CLOSE
    )


@pytest.mark.parametrize("number", RUNS)
@pytest.mark.parametrize("quantity", columns.ACTOR_WEEKLY)
def test_the_model_reproduces_the_coalition_worked_out_by_hand(quantity: str, number: int) -> None:
    coalition = build(tiny()).names.actors.index("coalition")
    at = list(columns.ACTOR_WEEKLY).index(quantity)
    weeks = by_hand()["coalition"][str(number)]
    weekly = played(number).actors[:, coalition, at].tolist()
    assert weekly == pytest.approx([week[quantity] for week in weeks], rel=CLOSE, abs=CLOSE)


def test_every_column_is_worked_out_and_no_other() -> None:
    for weeks in by_hand()["weekly"].values():
        assert all(list(week) == list(columns.WEEKLY) for week in weeks)
    for weeks in by_hand()["coalition"].values():
        assert all(list(week) == list(columns.ACTOR_WEEKLY) for week in weeks)


def weeks_of(number: int, quantity: str) -> list[float]:
    return [week[quantity] for week in by_hand()["weekly"][str(number)]]


def coalition_in(number: int, quantity: str) -> list[float]:
    return [week[quantity] for week in by_hand()["coalition"][str(number)]]


def credence_in(number: int) -> list[float]:
    """Return the credences of the coalition that a sheet works out, in the order of the weeks."""
    lines = worked_out(str(number)).splitlines()
    return [float(line.rsplit("= ", 1)[1]) for line in lines if line.strip().startswith("credence of coalition q")]


def sheet_has(number: int, text: str) -> int:
    """Return how many lines of a sheet hold a text."""
    return sum(text in line for line in worked_out(str(number)).splitlines())


def sheet_of_week(number: int, week: int) -> str:
    """Return what a sheet works out in a week."""
    return worked_out(str(number)).split("\nWeek ")[week]


def test_a_government_that_would_send_troops_with_its_demands_met_stands_open_in_week_0() -> None:
    for number in RUNS:
        assert sheet_has(number, "the outgoing government is pledged") > 0
        assert sheet_has(number, "stage at week 0: open") == 1


def test_every_demand_is_the_one_least_met_in_some_week() -> None:
    demands = ("backstop", "consent", "company", "definition", "settlement")
    assert all(sum(sheet_has(number, f"least met: {demand}") for number in RUNS) > 0 for demand in demands)


def test_both_sides_learn_from_the_front_in_every_run_and_moscow_faster() -> None:
    for number in RUNS:
        opponent, host = weeks_of(number, "optimism_opponent"), weeks_of(number, "optimism_host")
        assert opponent[2] < opponent[1] < opponent[0] < 0.4
        assert opponent[0] - opponent[2] > host[0] - host[2] > 0.0


def test_run_1_has_a_european_force_under_the_ceiling_that_is_reinforced_and_shrinks_after_its_first_tour() -> None:
    assert weeks_of(1, "signed")[2:] == [1.0, 1.0, 1.0]
    assert weeks_of(1, "force_european")[2:] == [1.0, 1.0, 1.0]
    assert weeks_of(1, "imposed")[2] > 0.0
    assert weeks_of(1, "troops") == [0.0, 0.0, 4600.0, 4600.0, 2000.0]
    assert weeks_of(1, "troops")[2] == weeks_of(1, "ceiling")[2]
    assert weeks_of(1, "attacked")[3] == weeks_of(1, "reinforced")[3] == 1.0
    assert not any(weeks_of(1, "escalated")) and not any(weeks_of(1, "strained"))
    assert credence_in(1)[-1] > credence_in(1)[-2]


def test_run_2_has_no_overlap_but_pressure_that_opens_the_menu_and_persuasion_that_moves_the_table() -> None:
    assert not any(weeks_of(2, "truces"))
    assert weeks_of(2, "mission") == [0.0, 0.0, 0.0, 1.0, 1.0]
    assert weeks_of(2, "cap") == [2.0, 2.0, 3.0, 3.0, 3.0]
    refusals = [
        line.endswith("yes")
        for week in (3, 4, 5)
        for line in sheet_of_week(2, week).split("\n  offer")[0].splitlines()
        if "Kyiv refuses neutral?" in line
    ]
    assert refusals == [False, False, True]
    assert weeks_of(2, "pressure_host")[4] < weeks_of(2, "pressure_host")[3]
    assert all(0.0 < relief < 1.0 for relief in weeks_of(2, "relief"))


def test_run_3_has_a_bare_truce_with_a_force_in_view_that_is_regretted_once_the_vote_fails() -> None:
    assert weeks_of(3, "truce") == [0.0, 0.0, 1.0, 1.0, 0.0]
    assert weeks_of(3, "signed") == [-1.0] * 5
    assert weeks_of(3, "follows")[2] > 0.5 > weeks_of(3, "follows")[4] > 0.0
    assert weeks_of(3, "requires")[4] > weeks_of(3, "concedes")[4]
    assert all(weeks_of(3, "requires")[week] < weeks_of(3, "concedes")[week] for week in (2, 3))
    assert 0.1 * exp(-1.5 * 0.147963 - 0.5 * 0.18) < 0.08
    assert "0.1*exp(1*0 + 4*0.0856421 + 0.5*0 - 1.5*0.147963 - 0.5*0.18))" in sheet_of_week(3, 5)
    assert "it breaks? u < chance: 0.08 < 0.10311: yes" in sheet_of_week(3, 5)
    assert coalition_in(3, "stage") == [3.0, 3.0, 2.0, 2.0, 1.0]
    assert coalition_in(3, "readiness")[3] > 1.0


def test_run_4_has_a_neutral_force_accepted_that_trades_fire_and_leaves_once_the_promise_is_broken() -> None:
    assert weeks_of(4, "signed") == [-1.0, -1.0, 0.0, -1.0, -1.0]
    assert weeks_of(4, "consent")[2] == 2.0
    assert weeks_of(4, "troops") == [0.0, 0.0, 4500.0, 4500.0, 0.0]
    assert weeks_of(4, "attacked")[3:] == [1.0, 1.0]
    assert weeks_of(4, "escalated") == [0.0, 0.0, 0.0, 1.0, 0.0]
    assert weeks_of(4, "ended") == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert not any(weeks_of(4, "reinforced")) and not any(weeks_of(4, "strained"))
    assert credence_in(4)[-1] < credence_in(4)[-2] < 0.5 < credence_in(4)[-3]


def test_run_4_has_a_truce_ended_by_an_exchange_of_fire_after_which_kyiv_speaks_of_its_most_again() -> None:
    assert weeks_of(4, "broken")[3] == 1.0
    assert weeks_of(4, "concession")[3] > weeks_of(4, "concession")[2]
    assert weeks_of(4, "threat")[4] > weeks_of(4, "threat")[3]


def test_run_4_has_a_demand_for_a_backstop_that_was_met_and_is_unmet_after_the_broken_promise() -> None:
    assert weeks_of(4, "rung")[2] == weeks_of(4, "rung")[4]
    assert "backstop holds back by = beta*f*s = 2*0.6*0 = 0" in sheet_of_week(4, 3)
    assert "backstop holds back by = beta*f*s = 2*0.6*0.251948 = 0.302338" in sheet_of_week(4, 5)


def test_run_5_has_a_force_against_moscows_will_for_which_a_bare_truce_breaks() -> None:
    assert weeks_of(5, "signed") == [-1.0] * 5
    assert weeks_of(5, "truce") == [0.0, 0.0, 1.0, 0.0, 0.0]
    assert weeks_of(5, "consent")[2] == 0.0
    assert weeks_of(5, "requires")[3] < weeks_of(5, "concedes")[3]
    assert 0.1 * exp(-1.5 * 0.547232 - 0.5 * 0.09) < 0.05
    assert "0.1*exp(1*0 + 4*0 + 0.5*0.83 - 1.5*0.547232 - 0.5*0.09))" in sheet_of_week(5, 4)
    assert "it breaks? u < chance: 0.05 < 0.0637087: yes" in sheet_of_week(5, 4)


def test_run_5_has_a_force_with_no_promise_behind_it_that_strains_the_alliance_and_leaves() -> None:
    assert weeks_of(5, "rung")[3:] == [0.0, 0.0]
    assert weeks_of(5, "troops") == [0.0, 0.0, 3800.0, 2400.0, 0.0]
    assert weeks_of(5, "tested")[3:] == weeks_of(5, "strained")[3:] == [1.0, 1.0]
    assert weeks_of(5, "attacked")[3:] == [0.0, 1.0]
    assert weeks_of(5, "ended") == [0.0, 0.0, 0.0, 0.0, 1.0]
    assert not any(weeks_of(5, "reinforced"))
