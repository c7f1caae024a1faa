"""The compiled engine is Mesa's twin: the same rows, weeks and actors to the last bit, whatever the world."""

from __future__ import annotations

import ast
import importlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, event, given, note, settings
from numpy.typing import NDArray

from sim import vocabulary, world
from sim.batch import block, engines
from sim.ensemble import columns, run_row, run_table
from sim.kernel import world_record
from sim.kernel.draws import MEANS
from sim.model import Negotiation, negotiation, phases
from sim.rules import chance
from sim.scenario import loading
from sim.world import building, streams
from tests.generated import Case, cases, crowd
from tests.states import STATES, watch
from tests.twins import RUNS, SEED, Given, compiled, compiled_sample, first_difference, parted, parted_in_sample, sample
from tests.worlds import baseline, tiny

ROOT = Path(__file__).resolve().parents[2]
KERNEL = ROOT / "sim" / "kernel"


# --- shipped scenarios -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", loading.names())
def test_the_compiled_engine_tells_the_same_story_as_mesa(name: str) -> None:
    assert parted(loading.load(name), 12) is None


@pytest.mark.parametrize("relaxed", [*((gate,) for gate in vocabulary.GATES), vocabulary.GATES], ids=",".join)
def test_they_tell_the_same_story_with_gates_held_open(relaxed: tuple[str, ...]) -> None:
    assert parted(baseline(), 6, relaxed) is None


@pytest.mark.parametrize(
    "edits",
    [
        {"horizon_weeks": 104},
        {"rounds_per_week": 2},
        {"rules.table.procedure": "weighted_mean"},
        {"rules.table.procedure": "median"},
        {"rules.pledge.decision": "quantal"},
        *({"table.impose": mission} for mission in sorted(baseline().parts.missions)),
    ],
    ids=lambda edits: "-".join(str(value) for value in edits.values()),
)
def test_they_tell_the_same_story_of_a_changed_baseline(edits: dict[str, Any]) -> None:
    assert parted(baseline().change(edits), 6) is None


def test_they_tell_the_same_story_of_inputs_at_given_quantiles_and_with_another_runs_luck() -> None:
    paths = ("actors.us.posture.start", "actors.ukraine.disposition", "actors.russia.disposition")
    table = pd.DataFrame({**{path: np.linspace(0.0, 0.99, 12) for path in paths}, "luck": range(600, 612)})
    assert parted(baseline(), 12, given=Given(quantiles=table)) is None


def test_they_tell_the_same_story_of_inputs_of_given_values() -> None:
    rungs = [vocabulary.RUNGS[at % len(vocabulary.RUNGS)] for at in range(12)]
    table = pd.DataFrame({"actors.us.backstop.offers.at_least": rungs, "rules.form.weeks": np.arange(12) / 2.0})
    assert parted(baseline(), 12, given=Given(values=table)) is None


@pytest.mark.parametrize("procedure", building.PROCEDURES)
def test_they_tell_the_same_story_where_nobody_has_standing(procedure: str) -> None:
    nobody = pd.DataFrame({f"actors.{name}.standing": [0.0, 0.0, 1.0, 0.0] for name in ("alba", "rus", "ukr", "usa")})
    assert parted(tiny().change({"rules.table.procedure": procedure}), 4, given=Given(values=nobody)) is None


def test_they_tell_the_same_story_where_a_hazard_overflows() -> None:
    edits = {
        "actors.ukr.disposition": 3, "rules.truce.overlap_weeks": 0, "rules.form.weeks": 0,
        "rules.hold.exposure": 5000, "rules.truce.break_imposed": 1e6,
    }  # fmt: skip
    assert parted(tiny().change(edits), 24) is None


# --- made-up worlds --------------------------------------------------------------------------------------------------


@given(cases())
@settings(deadline=None, max_examples=40, suppress_health_check=list(HealthCheck))
def test_they_tell_the_same_story_of_any_world(made: Case) -> None:
    note(json.dumps({path: theirs for path, (_, theirs) in tiny().differences(made.scenario).items()}))
    structure = world.build(made.scenario)
    for state in watch(Negotiation(structure, *world.draw(structure, SEED, 0), 0, made.relaxed)):
        event(state)
    assert parted(made.scenario, RUNS, made.relaxed) is None


def test_they_tell_the_same_story_of_worlds_that_are_always_the_same() -> None:
    assert set(parted_in_sample()) == {None}


def test_these_worlds_reach_every_state() -> None:
    reached: set[str] = set()
    for made, structure in sample():
        drawn = world.draw(structure, SEED, 0)
        for run in range(4):
            reached |= watch(Negotiation(structure, *drawn, run, made.relaxed))
    assert set(STATES) - reached == set()


def test_these_worlds_reach_every_outcome() -> None:
    reached: set[str] = set()
    for (made, structure), played in zip(sample(), compiled_sample(), strict=True):
        found = set(run_table.table(structure.names.missions, played.rows, np.arange(RUNS))["outcome"])
        missions = made.scenario.parts.missions
        reached |= {"european" if "european" in missions[name].groups else "deployed" for name in found & set(missions)}
        reached |= found - set(missions)
    assert reached == {"european", "deployed", *vocabulary.OUTCOMES_WITHOUT_FORCE}


def test_no_column_stays_the_same_through_all_of_these_worlds() -> None:
    own = run_row.columns(())
    parts = {"weekly": columns.WEEKLY, "actors": columns.ACTOR_WEEKLY, "seats": run_row.SEATS, "rows": own}
    for part, names in parts.items():
        left = [getattr(played, part)[..., : len(names)].reshape(-1, len(names)) for played in compiled_sample()]
        seen = np.concatenate(left)
        assert [name for name, column in zip(names, seen.T, strict=True) if len(np.unique(column)) < 2] == []


@pytest.mark.thorough
def test_they_tell_the_same_story_of_a_world_too_large_for_the_usual_size() -> None:
    large = crowd(32)
    assert world_record.sizes(world.build(large)) != world_record.sizes(world.build(tiny()))
    assert parted(large, 12) is None


@pytest.mark.parametrize("more", [1, 2, 3])
def test_a_world_of_up_to_four_opponents_is_of_the_usual_size(more: int) -> None:
    rival = {"like": {"actor": "rus", "edges": False}}
    several = tiny().change({f"actors.rival{at}": {"name": f"Rival {at}", **rival} for at in range(more)})
    assert len(world.build(several).opponents) == 1 + more
    assert world_record.sizes(world.build(several)) == world_record.sizes(world.build(tiny()))


# --- what a run does not depend on -----------------------------------------------------------------------------------


def test_both_engines_draw_the_same() -> None:
    for structure in (world.build(baseline()), *(structure for _, structure in sample()[:20])):
        for seed, number in ((SEED, 0), (2**63 - 1, 3)):
            mine, its = (world.draw(structure, seed, number, means=means) for means in (world.REFERENCE, MEANS))
            assert np.array_equal(mine[0].values, its[0].values)
            assert np.array_equal(mine[1].values, its[1].values)


@numba.njit
def compiled_normals(luck: NDArray[np.float64]) -> list[float]:
    return [chance.normal(one) for one in luck]


def test_luck_too_rare_for_any_test_means_the_same_compiled() -> None:
    importlib.import_module("sim.kernel.compiling")  # registers the rules, which may not have been needed before
    rare = np.array([0.0, 5e-324, 1e-300, 1e-17, 2.0**-53, 1e-12, 1.3e-11, 1e-5, 0.075, 0.5, 0.925, 1.0 - 2.0**-53])
    assert compiled_normals(rare) == [chance.normal(one) for one in rare.tolist()]


@pytest.mark.parametrize("run", [0, 200, streams.BLOCK - 1])
def test_a_compiled_run_alone_is_the_same_as_among_others(run: int) -> None:
    structure = world.build(tiny())
    drawn = world.draw(structure, SEED, 0, means=MEANS)
    together = engines.compiled(structure, *drawn, streams.BLOCK, (), True)
    alone = engines.compiled(structure, *block.cut(*drawn, run, 1), 1, (), True)
    for part, others in zip(alone, together, strict=True):
        assert part is not None
        assert others is not None
        assert np.array_equal(part[0], others[run], equal_nan=True)


def test_rows_are_the_same_whether_weeks_are_kept_or_not() -> None:
    for (made, structure), played in zip(sample(), compiled_sample(), strict=True):
        without = compiled(structure, RUNS, made.relaxed, weekly=False)
        assert first_difference(without, played._replace(weekly=None, actors=None)) is None


# --- the house -------------------------------------------------------------------------------------------------------


def function(path: Path, name: str) -> ast.FunctionDef:
    (found,) = (
        node
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef) and node.name == name
    )
    return found


def arguments(of: ast.FunctionDef) -> list[str]:
    return [argument.arg for argument in of.args.args]


@pytest.mark.parametrize("phase", vocabulary.PHASES)
def test_every_phase_is_played_by_both_engines(phase: str) -> None:
    assert callable(getattr(phases, phase))
    assert arguments(function(ROOT / "sim" / "model" / "phases.py", phase)) == ["situation", "parties"]
    assert arguments(function(KERNEL / f"{phase}.py", phase)) == ["plan", "state"]


def test_mesa_plays_the_phases_in_their_order() -> None:
    assert tuple(getattr(phases, phase) for phase in vocabulary.PHASES) == negotiation.ROUND


def test_the_compiled_engine_plays_the_phases_in_their_order() -> None:
    body = function(KERNEL / "rounds.py", "_round").body
    called = [ast.unparse(one) for one in body if isinstance(one, ast.Expr) and isinstance(one.value, ast.Call)]
    assert called == [f"{phase}(planned, state)" for phase in vocabulary.PHASES]


def modules_after(code: str, *names: str) -> set[str]:
    """Return which modules stand in ``sys.modules`` of a fresh interpreter after ``code``."""
    asked = f"{code}\nimport sys\nprint(*(name for name in {names} if name in sys.modules))"
    found = subprocess.run(
        [sys.executable, "-c", asked], env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True
    )
    assert found.returncode == 0, found.stderr
    return set(found.stdout.split())


def test_mesa_and_readers_of_results_leave_the_compiler_alone(tmp_path: Path) -> None:
    run = f"import sim\nsim.run('baseline', 2, engine='mesa', workers=1, out={str(tmp_path / 'left')!r})"
    assert modules_after(run, "numba", "sim.kernel", "mesa") == {"mesa"}
    read = f"import sim\nsim.open_ensemble({str(tmp_path / 'left')!r}).runs"
    assert modules_after(read, "numba", "sim.kernel", "mesa", "sim.model.negotiation") == set()


def test_the_compiled_engine_leaves_mesa_alone_and_once_compiled_the_compiler_too() -> None:
    run = "import sim\nsim.run('baseline', 2, engine='compiled', workers=1)"
    assert "mesa" not in modules_after(run, "mesa", "sim.model.negotiation")
    assert modules_after(run, "numba", "sim.kernel", "mesa", "sim.model.negotiation") == {"sim.kernel"}
