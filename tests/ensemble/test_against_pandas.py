"""Tests of an ensemble's numbers against the same numbers worked out again with pandas alone.

Rows of runs are worked out from the table of weeks by the meanings in ``docs/reference/columns.md``; shares, counts and
quantiles from tables of runs made up at random, in memory and in a folder of several parts.
"""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import count
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim
from sim import vocabulary
from sim.ensemble import APART, Ensemble, open_ensemble, parquet_store
from sim.scenario.scenario import Scenario
from tests.generated import seeded
from tests.runs import make_runs
from tests.worlds import tiny

FRESH = count()
MADE_UP = settings(
    max_examples=10, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
EVENTS = ("ceasefire", "deployed", "european", "observer", "training")
HORIZON = 12


# --- rows of runs, from weeks ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def played() -> list[sim.Ensemble]:
    """Return ensembles with their weeks: the tiny world and others made up, in which much happens."""
    scenarios = [tiny(), *(case.scenario for case in seeded(5))]
    return [sim.run(_within(scenario), 120, 5, workers=1, keep=("weekly",)) for scenario in scenarios]


def _within(scenario: Scenario) -> Scenario:
    """Return a scenario whose rungs guarantee no more than everything: made-up worlds may say a million."""
    priors = {path: leaf.prior for path, leaf in scenario.leaves.items() if path.startswith("scales.guarantee.")}
    return scenario.change({path: 1.0 for path, prior in priors.items() if prior.high > 1.0 or prior.low < 0.0})


def first_week(weeks: pd.DataFrame, holds: pd.Series) -> pd.Series:
    """Return, by run, the first week in which something holds; missing if it never does."""
    return weeks["week"].where(holds).groupby(weeks["run"]).min()


def begins(weeks: pd.DataFrame, missions: list[str]) -> pd.Series:
    """Return where a force of some missions stands, and none stood in the round before."""
    stood = weeks.groupby("run")["force"].shift(fill_value=vocabulary.NO_MISSION) != vocabulary.NO_MISSION
    return weeks["force"].isin(missions) & ~stood


def missions_of(ensemble: sim.Ensemble, group: str) -> list[str]:
    return [name for name, groups in ensemble.manifest["groups"].items() if group in groups]


def test_weeks_at_which_things_came_about_are_the_first_in_which_they_hold(played: list[sim.Ensemble]) -> None:
    for ensemble in played:
        weeks, runs = ensemble.read(table="weekly"), ensemble.runs.set_index("run")
        deploys = begins(weeks, missions_of(ensemble, "deployed"))
        expected = {
            "ceasefire": weeks["truces"] > 0,
            "deployed": deploys,
            "european": deploys & (weeks["force_european"] > 0),
            "observer": begins(weeks, missions_of(ensemble, "observer")),
            "training": weeks["training"] > 0,
        }
        for event, holds in expected.items():
            worked_out = first_week(weeks, holds).to_numpy(dtype=float)
            np.testing.assert_array_equal(runs[f"{event}_week"].to_numpy(dtype=float, na_value=np.nan), worked_out)


def test_what_a_run_says_of_its_horizon_is_its_last_week(played: list[sim.Ensemble]) -> None:
    for ensemble in played:
        weeks, runs = ensemble.read(table="weekly"), ensemble.runs.set_index("run")
        last = weeks.groupby("run").last()
        for name in ("truces", "concession", "guarantee", "arms", "pledged_troops"):
            np.testing.assert_array_equal(runs[name], last[name])
        assert list(runs["table"]) == list(last["mission"])
        assert list(runs["rung"]) == [vocabulary.RUNGS[int(at)] for at in last["rung"]]
        assert list(runs["consent"]) == [vocabulary.CONSENTS[int(at)] for at in last["consent"]]
        assert list(runs["truce_broke"]) == list(last["broken"] > 0)
        stands = last["force"].isin(missions_of(ensemble, "deployed"))
        assert list(runs["in_place_at_horizon"]) == list(stands)
        for gate in vocabulary.GATES:
            assert list(runs[f"missing_{gate}"]) == list(~stands & (last[f"met_{gate}"] == 0))


def test_what_a_run_counts_is_counted_over_its_weeks(played: list[sim.Ensemble]) -> None:
    for ensemble in played:
        weeks, runs = ensemble.read(table="weekly"), ensemble.runs.set_index("run")
        by_run = weeks.groupby("run")
        np.testing.assert_array_equal(runs["attacks"], by_run["attacked"].sum())
        np.testing.assert_array_equal(runs["reinforced"], by_run["reinforced"].sum())
        np.testing.assert_array_equal(runs["sufficiency_highest"], by_run["sufficiency"].max())
        assert list(runs["rung_highest"]) == [vocabulary.RUNGS[int(at)] for at in by_run["rung"].max()]
        a_round = float(weeks["week"].min())
        for mission in ensemble.manifest["groups"]:
            on_table = (weeks["mission"] == mission).groupby(weeks["run"]).sum() * a_round
            np.testing.assert_allclose(runs[f"tabled_{mission}"], on_table, rtol=1e-12)


def test_a_deployed_force_is_told_as_it_was_in_the_week_it_formed(played: list[sim.Ensemble]) -> None:
    deployments = 0
    for ensemble in played:
        weeks = ensemble.read(table="weekly")
        runs = ensemble.read(where="mission != 'none'")
        deployments += len(runs)
        then = (
            runs[["run", "deployed_week"]]
            .astype(float)
            .merge(weeks, left_on=["run", "deployed_week"], right_on=["run", "week"], validate="one_to_one")
        )
        for name in ("troops", "european_troops", "states"):
            np.testing.assert_array_equal(runs[name].astype(float), then[name])
        assert list(runs["mission"]) == list(runs["outcome"]) == list(then["force"])
        assert list(runs["consent_at_formation"]) == [vocabulary.CONSENTS[int(at)] for at in then["consent"]]
        assert list(runs["with_russian_consent"]) == list(then["consent"] > 0)
        assert (runs["with_russian_consent"] != runs["without_russian_consent"]).all()
        later = weeks.merge(runs[["run", "deployed_week"]].astype(float), on="run")
        later = later[later["week"] >= later["deployed_week"]]
        stays = (later["force"] != "none").groupby(later["run"]).all()
        assert list(runs["held"]) == list(stays)
    assert deployments > 0


def test_a_run_without_a_deployed_force_has_the_first_outcome_that_fits(played: list[sim.Ensemble]) -> None:
    names = set()
    for ensemble in played:
        for row in ensemble.read(where="mission == 'none'").to_dict("records"):
            came = {event: not pd.isna(row[f"{event}_week"]) for event in EVENTS}
            fits = {
                "observer": came["observer"],
                "training": came["training"],
                "ceasefire_without_force": came["ceasefire"],
            }
            assert row["outcome"] == next((name for name, fit in fits.items() if fit), "no_ceasefire")
            assert not (came["deployed"] or came["european"] or row["held"] or row["with_russian_consent"])
            assert pd.isna(row["troops"]) and pd.isna(row["states"]) and pd.isna(row["rung_at_formation"])
            names.add(row["outcome"])
    assert len(names) > 1


def test_what_cannot_be_never_is(played: list[sim.Ensemble]) -> None:
    for ensemble in played:
        weeks, runs = ensemble.read(table="weekly"), ensemble.runs
        before = weeks.groupby("run").shift()
        assert (weeks["truces"] >= before["truces"].fillna(0)).all()
        assert (weeks["truce"] == weeks["truces"] - weeks["broken"]).all()
        assert (weeks["european_troops"] <= weeks["troops"]).all()
        assert ((weeks["force"] == "none") == (weeks["troops"] == 0)).all()
        assert (weeks["ratified_troops"] <= weeks["pledged_troops"] * (1 + 1e-12)).all()
        assert all(weeks[name].between(0, 1).all() for name in ("concession", "arms", "guarantee", "threat", "follows"))
        tabled = [f"tabled_{name}" for name in ensemble.manifest["groups"]]
        assert (runs[tabled].sum(axis=1) <= weeks["week"].max() + 1e-9).all()
        known = runs[["ceasefire_week", "deployed_week", "european_week"]].astype(float)
        assert not (known["european_week"] < known["deployed_week"]).any()


def test_actors_in_the_first_force_are_as_many_as_it_has_at_least_one_state_for(played: list[sim.Ensemble]) -> None:
    for ensemble in played:
        states = ensemble.runs.set_index("run")["states"].fillna(0).astype(int)
        actors = ensemble.actors.groupby("run")["deployed"].sum()
        assert (actors <= states).all()
        assert ((actors > 0) == (states > 0)).all()


# --- shares and counts, from rows ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def manifest() -> dict[str, Any]:
    """Return the manifest of a batch, for what an ensemble needs beside its rows."""
    about: dict[str, Any] = sim.run(tiny(), 1, engine="mesa", workers=1).manifest
    return about


def made_up(seed: int, rows: int) -> Ensemble:
    """Return an ensemble of rows that no model left: some weeks fall on the very week asked for, others are missing."""
    random = np.random.default_rng(seed)
    missions = ("blue", "reassurance", "watch")
    failed = np.flatnonzero(random.random(rows) < 0.1)[: max(0, rows - 1)]
    numbers = np.setdiff1d(np.arange(rows), failed)
    table = [_row(random, int(run), missions) for run in numbers]
    actors = pd.DataFrame(
        [
            {"run": run, "actor": actor, "stage": "open", "ratified": False}
            | {"pledged": bool(random.random() < 0.4), "deployed": bool(random.random() < 0.2)}
            for run in numbers
            for actor in ("alba", "borea", "corvia")
        ]
    )
    groups = {"blue": ["deployed"], "reassurance": ["deployed", "european"], "watch": ["observer"]}
    about = manifest() | {"runs": rows, "failed": len(failed), "groups": groups, "horizon_weeks": HORIZON}
    failures = pd.DataFrame({"run": failed, "error": "it broke", "traceback": ""}) if len(failed) else None
    return Ensemble(make_runs(table), None, actors, about, failures=failures)


def _row(random: np.random.Generator, run: int, missions: tuple[str, ...]) -> dict[str, Any]:
    row: dict[str, Any] = {"run": run}
    row["outcome"] = str(random.choice(["blue", "reassurance", *vocabulary.OUTCOMES_WITHOUT_FORCE]))
    for event in EVENTS:
        row[f"{event}_week"] = float(random.integers(1, HORIZON + 1)) if random.random() < 0.5 else None
    formed = random.random() < 0.4
    sizes = {"troops": float(random.integers(1, 9)) * 500.0, "european_troops": 100.0, "states": 3}
    row |= {name: size if formed else None for name, size in sizes.items()}
    words = {"rung_at_formation": vocabulary.RUNGS, "consent_at_formation": vocabulary.CONSENTS}
    row |= {name: str(random.choice(list(allowed))) if formed else None for name, allowed in words.items()}
    row["troops_at_horizon"] = float(random.integers(0, 9)) * 500.0
    row["truces"] = int(random.integers(0, 4))
    for flag in (*APART, *(f"missing_{gate}" for gate in vocabulary.GATES)):
        row[flag] = bool(random.random() < 0.5)
    return row | {f"tabled_{name}": float(random.integers(0, HORIZON)) for name in missions}


def both(seed: int, rows: int, folder: Path, patched: pytest.MonkeyPatch) -> tuple[pd.DataFrame, list[Ensemble]]:
    """Return the rows, and the ensemble of them twice: in memory, and in a folder of parts of a random size."""
    memory = made_up(seed, rows)
    with patched.context() as inner:
        inner.setattr(os, "fsync", lambda _: None)
        inner.setattr(parquet_store, "PART_RUNS", int(np.random.default_rng(seed).integers(rows // 5 + 1, rows + 3)))
        folder = memory.save(folder / str(next(FRESH)))
    return memory.runs, [memory, open_ensemble(folder)]


SIZES = st.integers(1, 40)


@MADE_UP
@given(st.integers(0, 10**6), SIZES, st.none() | st.integers(1, HORIZON), st.none() | st.integers(1, HORIZON))
def test_shares_are_those_that_pandas_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, rows: int, by: int | None, given_by: int | None
) -> None:
    runs, ensembles = both(seed, rows, tmp_path, monkeypatch)

    def came(what: str, week: int | None) -> pd.Series:
        return runs[f"{what}_week"].notna() if week is None else (runs[f"{what}_week"] <= week).fillna(False)

    for what in EVENTS:
        for among in ("ceasefire", "deployed"):
            hits, of = int((came(what, by) & came(among, given_by)).sum()), int(came(among, given_by).sum())
            for ensemble in ensembles:
                counted = ensemble.share(what, among, by, given_by)
                assert (counted.hits, counted.of) == (hits, of) if counted else of == 0
    for flag in APART:
        for ensemble in ensembles:
            counted = ensemble.share(flag, "ceasefire")
            of = int(came("ceasefire", None).sum())
            hits = int((runs[flag] & came("ceasefire", None)).sum())
            assert (counted.hits, counted.of) == (hits, of) if counted else of == 0
            assert list(ensemble.happened(flag)) == list(runs[flag])


@MADE_UP
@given(st.integers(0, 10**6), SIZES)
def test_a_summary_says_what_pandas_works_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, rows: int
) -> None:
    runs, ensembles = both(seed, rows, tmp_path, monkeypatch)
    outcomes = runs["outcome"].value_counts()
    troops = runs["troops"].dropna().astype(float)
    without = runs[~runs["in_place_at_horizon"]]
    for ensemble in ensembles:
        numbers = ensemble.summary()
        assert numbers["runs"] == len(runs) == len(ensemble)
        assert ensemble.failed == rows - len(runs)
        assert {name: about["count"] for name, about in numbers["outcomes"].items() if about["count"]} == dict(outcomes)
        assert sum(ensemble.outcomes().values()) == len(runs)
        for name, column in (("first_ceasefire", "ceasefire"), ("deployed", "deployed"), ("european", "european")):
            by_week = [(runs[f"{column}_week"] <= week).fillna(False).mean() for week in range(1, HORIZON + 1)]
            assert numbers["weekly"][name] == pytest.approx(by_week, abs=1e-12)
        if len(troops):
            expected = {"median": troops.median(), "p10": troops.quantile(0.1), "p90": troops.quantile(0.9)}
            assert numbers["troops"] == pytest.approx(expected, rel=1e-12)
        else:
            assert numbers["troops"] is None
        missing = ensemble.missing()
        for gate in vocabulary.GATES:
            share = without[f"missing_{gate}"].mean() if len(without) else 0.0
            assert missing[gate] == pytest.approx(share, abs=1e-12)
        means = ensemble.actors.groupby("actor")[["pledged", "deployed"]].mean()
        pd.testing.assert_frame_equal(ensemble.contributors(), means, rtol=1e-12)


@MADE_UP
@given(st.integers(0, 10**6), SIZES, st.integers(0, 4), st.integers(1, 9))
def test_rows_read_by_a_condition_by_sql_and_by_pandas_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int, rows: int, truces: int, half: int
) -> None:
    runs, ensembles = both(seed, rows, tmp_path, monkeypatch)
    chosen = runs[(runs["truces"] >= truces) & (runs["troops"] > half * 500.0).fillna(False)]
    by_outcome = runs.groupby("outcome")["truces"].agg(["size", "mean"])
    for ensemble in ensembles:
        condition = f"truces >= {truces} and troops > {half * 500}"
        assert list(ensemble.read(["run"], condition)["run"]) == list(chosen["run"])
        asked = ensemble.sql(f"select run from runs where {condition} order by run")
        assert list(asked["run"]) == list(chosen["run"])
        grouped = ensemble.sql("select outcome, count(*) n, avg(truces) m from runs group by outcome order by outcome")
        assert list(grouped["outcome"]) == list(by_outcome.index)
        assert list(grouped["n"]) == list(by_outcome["size"])
        assert list(grouped["m"]) == pytest.approx(list(by_outcome["mean"]), rel=1e-12)
        joined = ensemble.sql("select count(*) n from actors join runs using (run) where deployed and truces > 1")
        kept = ensemble.actors.merge(runs[["run", "truces"]], on="run")
        assert int(joined["n"].iloc[0]) == int((kept["deployed"] & (kept["truces"] > 1)).sum())


@pytest.mark.parametrize("seed", range(2))
def test_an_ensemble_saved_again_and_again_keeps_every_row(seed: int, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet_store, "PART_RUNS", 7)
        patched.setattr(os, "fsync", lambda _: None)
        first = made_up(seed, 30)
        again = first
        for at in range(3):
            again = open_ensemble(again.save(tmp_path / str(at)))
        for name in ("runs", "actors", "failures"):
            pd.testing.assert_frame_equal(again.read(table=name), getattr(first, name), check_dtype=False)
        assert again.summary() == first.summary()
