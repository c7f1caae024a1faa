"""Tests of a run's row: made-up trajectories in, documented columns out."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from sim import vocabulary
from sim.batch import engines
from sim.ensemble import columns, run_row, run_table
from sim.ensemble.arrow_tables import arrow
from sim.ensemble.columns import SeatRow
from sim.world import World, build, draw
from tests.worlds import tiny

WEEKS = 10
AT = {name: at for at, name in enumerate(columns.WEEKLY)}
ACTOR_AT = {name: at for at, name in enumerate(columns.ACTOR_WEEKLY)}
BLUE, REASSURANCE, WATCH = 0, 1, 2
ALBA, BOREA = 0, 1
ALWAYS = range(WEEKS)


@pytest.fixture(scope="module")
def world() -> World:
    return build(tiny())


def weeks(**states: dict[int, float] | float) -> NDArray[np.float64]:
    """Return a trajectory of what is named alone: a value throughout, or values from a week (counted from 0) on."""
    weekly = np.zeros((WEEKS, len(columns.WEEKLY)))
    weekly[:, AT["week"]] = np.arange(1, WEEKS + 1)
    for name in ("mission", "signed", "force"):
        weekly[:, AT[name]] = -1
    for name, values in states.items():
        for start, value in (values if isinstance(values, dict) else {0: values}).items():
            weekly[start:, AT[name]] = value
    return weekly


def actors(**states: dict[int, tuple[int, float]]) -> NDArray[np.float64]:
    """Return actors' states: name={week: (actor, value)} from that week on."""
    found = np.zeros((WEEKS, 6, len(columns.ACTOR_WEEKLY)))
    for name, changes in states.items():
        for start, (actor, value) in changes.items():
            found[start:, actor, ACTOR_AT[name]] = value
    return found


def row(world: World, **states: dict[int, float] | float) -> dict[str, Any]:
    return run_table.summary(world.missions, weeks(**states), actors(), 7)


def formations(world: World, weekly: NDArray[np.float64]) -> run_row.Formed:
    so_far = run_row.AT_FIRST
    for now, week in enumerate(weekly):
        row, then, noted = np.zeros(100), np.zeros(len(week)), np.zeros((run_row.PER_ACTOR, 6))
        flags = world.mission.deployed, world.mission.observer
        so_far = run_row.note(so_far, now, week, run_table.recorded(actors()[now]), *flags, row, then, noted)
    return so_far.formed


def a_force(mission: int, start: int = 4, **more: dict[int, float] | float) -> dict[str, dict[int, float] | float]:
    """Return states with a force of 9,000, 6,000 of them European, from ``start`` on."""
    return {
        "truces": {1: 1}, "truce": {1: 1}, "mission": mission, "force": {start: mission}, "troops": {start: 9000},
        "european_troops": {start: 6000}, "states": {start: 4}, "rung": {start: 2}, "consent": {start: 1}, **more,
    }  # fmt: skip


def test_a_run_in_which_nothing_happens_has_no_ceasefire_and_no_force(world: World) -> None:
    found = row(world)
    assert found["run"] == 7
    assert found["outcome"] == "no_ceasefire"
    assert found["mission"] == found["table"] == vocabulary.NO_MISSION
    assert found["reached"] == -1
    assert [found[name] for name in ("ceasefire_week", "deployed_week", "european_week", "troops", "states")] == [
        None
    ] * 5
    assert not any(found[name] for name in ("held", "in_place_at_horizon", "truce_broke", "with_russian_consent"))
    assert all(found[f"missing_{gate}"] for gate in vocabulary.GATES)


def test_a_row_has_every_documented_column_and_no_other(world: World) -> None:
    gates = [f"missing_{gate}" for gate in vocabulary.GATES]
    for found in (row(world), row(world, **a_force(BLUE))):
        assert set(found) == {*columns.RUN, *gates, "tabled_blue", "tabled_reassurance", "tabled_watch"}


def test_a_ceasefire_counts_from_its_first_week_even_if_it_breaks(world: World) -> None:
    found = row(world, truces={2: 1, 6: 2}, truce={2: 1, 4: 0, 6: 1}, broken={4: 1})
    assert (found["ceasefire_week"], found["truces"], found["truce_broke"]) == (3.0, 2, True)
    assert found["outcome"] == "ceasefire_without_force"
    assert found["reached"] == columns.FUNNEL.index("ceasefire")


def test_a_deployed_force_gives_the_outcome_its_name_and_numbers(world: World) -> None:
    found = row(world, **a_force(REASSURANCE, force_european={4: 1}))
    assert found["outcome"] == found["mission"] == "reassurance"
    assert (found["deployed_week"], found["european_week"]) == (5.0, 5.0)
    assert (found["troops"], found["european_troops"], found["states"]) == (9000.0, 6000.0, 4)
    assert (found["rung_at_formation"], found["consent_at_formation"]) == ("air_cover", "tolerates")
    assert (found["held"], found["in_place_at_horizon"], found["with_russian_consent"]) == (True, True, True)
    assert not found["without_russian_consent"]
    assert found["reached"] == columns.FUNNEL.index("held")


def test_numbers_of_a_force_are_those_of_its_first_week(world: World) -> None:
    later: dict[str, dict[int, float] | float] = {
        "troops": {4: 9000, 6: 4000},
        "consent": {4: 0, 6: 2},
        "rung": {4: 1, 6: 5},
    }
    found = row(world, **(a_force(BLUE) | later))
    assert (found["troops"], found["rung_at_formation"], found["consent_at_formation"]) == (
        9000.0,
        "logistics",
        "refuses",
    )
    assert found["without_russian_consent"]
    assert not found["with_russian_consent"]
    assert (found["rung"], found["rung_highest"], found["consent"]) == ("troops", "troops", "accepts")


def test_a_force_that_counts_as_no_european_one_is_deployed_alone(world: World) -> None:
    found = row(world, **a_force(REASSURANCE))
    assert found["deployed_week"] == 5.0
    assert found["european_week"] is None


def test_a_force_that_ended_did_not_hold_even_if_another_came(world: World) -> None:
    found = row(world, **(a_force(BLUE) | {"force": {4: BLUE, 6: -1, 8: REASSURANCE}, "force_european": {8: 1}}))
    assert (found["outcome"], found["deployed_week"], found["european_week"]) == ("blue", 5.0, 9.0)
    assert (found["held"], found["in_place_at_horizon"]) == (False, True)
    assert found["reached"] == columns.FUNNEL.index("formed")


def test_a_force_in_place_from_the_first_week_counts(world: World) -> None:
    assert row(world, **a_force(BLUE, start=0))["deployed_week"] == 1.0


def test_observers_are_no_deployment(world: World) -> None:
    found = row(world, **a_force(WATCH))
    assert (found["outcome"], found["observer_week"], found["deployed_week"]) == ("observer", 5.0, None)
    assert (found["mission"], found["in_place_at_horizon"]) == (vocabulary.NO_MISSION, False)
    assert found["missing_truce"]


def test_a_deployment_after_observers_is_the_outcome(world: World) -> None:
    found = row(world, **(a_force(WATCH) | {"force": {2: WATCH, 4: -1, 6: BLUE}}))
    assert (found["outcome"], found["observer_week"], found["deployed_week"]) == ("blue", 3.0, 7.0)


@pytest.mark.parametrize(("force", "name"), [(-1.0, "training"), (float(WATCH), "observer"), (float(BLUE), "blue")])
def test_training_is_the_outcome_only_without_observers_and_deployment(world: World, force: float, name: str) -> None:
    found = row(world, **(a_force(BLUE) | {"force": {4: force}, "training": {2: 1, 5: 0}}))
    assert found["outcome"] == name
    assert found["training_week"] == 3.0


def test_what_is_missing_is_what_is_unmet_at_the_horizon(world: World) -> None:
    found = row(world, truces={1: 1}, truce={1: 1}, met_truce={1: 1}, met_lead={2: 1, 9: 0}, met_troops={9: 1})
    assert {gate for gate in vocabulary.GATES if not found[f"missing_{gate}"]} == {"truce", "troops"}


def test_nothing_is_missing_where_a_force_is_in_place(world: World) -> None:
    found = row(world, **a_force(BLUE))
    assert not any(found[f"missing_{gate}"] for gate in vocabulary.GATES)


@pytest.mark.parametrize(
    ("met", "step"),
    [
        ({"host_consent": 0, "russian_consent": 0}, "ceasefire"),
        ({"host_consent": 0, "russian_consent": 0, "council": 0}, "consent"),
        ({"host_consent": 0, "russian_consent": 0, "council": 0, "backstop": 0}, "backstop"),
        ({"host_consent": 0, "russian_consent": 0, "council": 0, "backstop": 0, "lead": 0, "troops": 0}, "pledges"),
        (dict.fromkeys(vocabulary.GATES, 0), "ratified"),
        (dict.fromkeys(("backstop", "lead", "troops", "ratification"), 0), "ceasefire"),
        ({**dict.fromkeys(vocabulary.GATES, 0), "host_consent": 5}, "ratified"),
    ],
)
def test_a_step_of_the_funnel_counts_only_after_those_before(world: World, met: dict[str, int], step: str) -> None:
    states: dict[str, Any] = {f"met_{gate}": {start: 1} for gate, start in met.items()}
    assert row(world, truces={1: 1}, truce={1: 1}, **states)["reached"] == columns.FUNNEL.index(step)


def test_requirements_met_in_different_weeks_do_not_add_up(world: World) -> None:
    apart: dict[str, Any] = {"met_host_consent": {1: 1, 4: 0}, "met_russian_consent": {4: 1}, "met_council": 1}
    assert row(world, truces={1: 1}, truce={1: 1}, **apart)["reached"] == columns.FUNNEL.index("ceasefire")


def test_weeks_on_the_table_are_counted_in_weeks() -> None:
    halved = build(tiny().change({"rounds_per_week": 2}))
    found = row(halved, mission={0: -1, 2: BLUE, 6: WATCH})
    assert [found[f"tabled_{name}"] for name in ("blue", "reassurance", "watch")] == [2.0, 0.0, 2.0]
    assert found["table"] == "watch"


def test_attacks_and_reinforcements_are_counted(world: World) -> None:
    found = row(world, attacked={3: 1, 5: 0}, reinforced={4: 1, 5: 0}, sufficiency={3: 1.5, 4: 0.2})
    assert (found["attacks"], found["reinforced"], found["sufficiency_highest"]) == (2, 1, 1.5)


def test_actors_are_kept_at_week_0_at_the_horizon_and_in_the_first_deployed_force(world: World) -> None:
    states = actors(
        stage={0: (ALBA, 3), 5: (BOREA, 2)},
        ratified={3: (ALBA, 1)},
        in_force={4: (ALBA, 1), 6: (BOREA, 1)},
        troops={4: (ALBA, 9000.0), 6: (BOREA, 500.0)},
    )
    at_start = np.zeros(6)
    at_start[ALBA] = 2.0
    seats = run_table.numbers(world.missions, weeks(**a_force(BLUE)), states, at_start)[1]
    alba, borea = (SeatRow(*seats[at]) for at in (ALBA, BOREA))
    assert alba == SeatRow(3.0, 1.0, 1.0, 2.0, 9000.0, pledged_week=1.0, ratified_week=4.0, deployed_week=5.0)
    assert borea[:5] == (2.0, 0.0, 0.0, 0.0, 0.0)
    assert np.isnan(borea[5:7]).all() and borea.deployed_week == 7.0


@pytest.mark.parametrize("force", [{}, {"force": {4: float(WATCH)}}])
def test_without_a_deployed_force_nobody_was_in_one(world: World, force: dict[str, Any]) -> None:
    seats = run_table.numbers(world.missions, weeks(**force), actors(in_force={4: (ALBA, 1)}), np.zeros(6))[1]
    assert not seats[:, 2].any()


def test_formations_are_rounds_and_minus_one_where_there_is_none(world: World) -> None:
    assert formations(world, weeks()) == (-1, -1, -1)
    assert formations(world, weeks(**a_force(WATCH))) == (-1, -1, 4)
    assert formations(world, weeks(**a_force(REASSURANCE, force_european={4: 1}))) == (4, 4, -1)


@pytest.mark.parametrize("row", [columns.WeeklyRow, columns.ActorWeeklyRow, columns.RunRow])
def test_every_column_of_a_row_says_what_it_means(row: type[Any]) -> None:
    described = columns.described(row)
    assert list(described) == list(row._fields)
    assert [name for name, column in described.items() if not column.meaning] == []


def test_a_table_of_runs_has_the_type_of_what_each_column_holds(world: World) -> None:
    row, _ = run_table.numbers(world.missions, weeks(), actors(), np.zeros(6))
    table = run_table.table(world.names.missions, row[None, :], np.array([0]))
    types = {
        "flag": "bool", "count": "int64", "count_or_missing": "Int64", "number": "float64",
        "number_or_missing": "Float64",
    }  # fmt: skip
    for name, column in columns.RUN_COLUMNS.items():
        words = run_table.words_of(column.holds, world.names.missions)
        held = table[name].iloc[0]
        assert (pd.isna(held) or held in words) if words else str(table[name].dtype) == types[column.holds], name


def test_columns_are_the_same_with_and_without_a_table_of_pandas_on_the_way(world: World) -> None:
    names, structure = world.names.missions, world
    inputs, luck = draw(structure, 5, 0)
    rows = engines.compiled(structure, inputs, luck, 400).rows
    rows[7] = np.nan  # what is missing, wherever it may be
    whole = run_row.columns(names)
    numbers = {"flag", "count"}
    rows[7, [at for at, name in enumerate(whole) if run_table._holds(name) in numbers]] = 0.0
    expected = arrow(run_table.table(names, rows, np.arange(len(rows)))).drop_columns("run")
    assert run_table.some_columns(names, rows, whole).equals(expected)
    few = [name for name in whole if name in ("outcome", "troops", "deployed_week", "truces", "truce_broke")]
    assert run_table.some_columns(names, rows, few[::-1]).equals(expected.select(few))
