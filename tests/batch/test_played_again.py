"""Tests of what actors did in which week: columns of the actors table, events, and weeks played again."""

import numpy as np
import pandas as pd
import pytest

import sim
from sim import vocabulary
from sim.batch.played_again import actor_weeks
from sim.ensemble import run_events
from sim.ensemble.columns import ACTOR, ACTOR_WEEK, EVENT
from sim.notebook import Ensemble
from tests.worlds import tiny

RUNS = 600


@pytest.fixture(scope="module")
def ensemble() -> Ensemble:
    return sim.run(tiny(), RUNS, keep="weekly")


@pytest.fixture(scope="module")
def weeks(ensemble: Ensemble) -> pd.DataFrame:
    return ensemble.actor_weeks()


def test_actors_have_the_documented_columns(ensemble: Ensemble) -> None:
    assert list(ensemble.actors.columns) == list(ACTOR)


def test_what_actors_sent_adds_up_to_the_first_deployed_force(ensemble: Ensemble) -> None:
    sent = ensemble.actors.groupby("run")["troops"].sum()
    runs = ensemble.runs.set_index("run")
    assert (runs["deployed_week"].notna()).sum() > 20
    assert np.allclose(sent, runs["troops"].fillna(0.0).astype(float), rtol=1e-12)
    assert not ensemble.actors.query("not deployed")["troops"].any()


def test_actors_pledge_before_they_ratify_and_ratify_before_they_deploy(ensemble: Ensemble) -> None:
    actors = ensemble.actors
    assert (actors["pledged_week"] <= actors["ratified_week"]).fillna(True).all()
    assert (actors["ratified_week"] <= actors["deployed_week"]).fillna(True).all()
    assert not actors.query("pledged")["pledged_week"].isna().any()
    first = actors.query("deployed")
    formed = first["run"].map(ensemble.runs.set_index("run")["deployed_week"]).astype(float)
    assert (first["deployed_week"].astype(float) <= formed).all()


@pytest.mark.parametrize("relaxed", [(), ("truce",)])
def test_both_engines_leave_the_same_actors(relaxed: tuple[str, ...]) -> None:
    compiled, mesa = (sim.run(tiny(), 60, engine=engine, relaxed=relaxed, workers=1) for engine in ("compiled", "mesa"))
    pd.testing.assert_frame_equal(compiled.actors, mesa.actors, check_exact=True)
    pd.testing.assert_frame_equal(compiled.actor_weeks(), mesa.actor_weeks(), check_exact=True)


def test_weeks_played_again_are_those_of_the_ensemble(ensemble: Ensemble, weeks: pd.DataFrame) -> None:
    assert list(weeks.columns) == list(ACTOR_WEEK) and len(weeks) == RUNS * 16 * 3
    last = weeks[weeks["week"] == weeks["week"].max()]
    actors = ensemble.actors
    assert last["stage"].tolist() == actors["stage"].tolist() and set(last["stage"]) <= set(vocabulary.STANCES)
    pledged = weeks[weeks["stage"] == "pledged"].groupby(["run", "actor"])["week"].min()
    known = actors.dropna(subset="pledged_week").set_index(["run", "actor"])["pledged_week"].astype(float)
    pd.testing.assert_series_equal(pledged, known.sort_index(), check_names=False)
    field = weeks.groupby(["run", "week"])["troops"].sum()
    assert ensemble.weekly is not None
    assert np.allclose(field, ensemble.weekly.set_index(["run", "week"])["troops"], rtol=1e-12)


def test_some_runs_are_played_again_alone(ensemble: Ensemble, weeks: pd.DataFrame) -> None:
    some = ensemble.actor_weeks([530, 3, 599])
    wanted = weeks[weeks["run"].isin([3, 530, 599])].reset_index(drop=True)
    pd.testing.assert_frame_equal(some, wanted)
    with pytest.raises(ValueError, match=r"run 600 is not among the 600 runs of tiny"):
        list(actor_weeks(ensemble, [600]))


def test_events_tell_what_the_tables_tell(ensemble: Ensemble) -> None:
    events = ensemble.events
    assert list(events.columns) == list(EVENT) and set(events["event"]) <= set(run_events.EVENTS)
    count = events["event"].value_counts()
    runs, actors, weekly = ensemble.runs, ensemble.actors, ensemble.weekly
    assert weekly is not None
    assert count["ceasefire"] == runs["ceasefire_week"].notna().sum()
    assert count["truce_began"] == runs["truces"].sum() and count["truce_broke"] == _broken(weekly)
    assert count["pledged"] == actors["pledged_week"].notna().sum()
    assert count["attacked"] == runs["attacks"].sum() and count["reinforced"] == runs["reinforced"].sum()
    assert events.query("event == 'pledged'")["actor"].isin(["alba", "borea", "corvia"]).all()
    assert events.query("event == 'ceasefire'")["actor"].isna().all()
    assert events.equals(events.sort_values(["run", "week"], kind="stable"))


def _broken(weekly: pd.DataFrame) -> float:
    return float(weekly.groupby("run")["broken"].max().sum())


def test_events_are_the_same_from_a_folder(ensemble: Ensemble, tmp_path: object) -> None:
    ensemble.save(f"{tmp_path}/x")
    pd.testing.assert_frame_equal(sim.open_ensemble(f"{tmp_path}/x").events, ensemble.events)


def test_a_folder_read_by_another_program_is_the_table_of_runs(ensemble: Ensemble, tmp_path: object) -> None:
    ensemble.save(f"{tmp_path}/x")
    assert pd.read_parquet(f"{tmp_path}/x")["run"].tolist() == list(range(RUNS))
    assert len(pd.read_parquet(f"{tmp_path}/x/_actors")) == 3 * RUNS
