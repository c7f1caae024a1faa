"""Tests of ensembles: shares with their noise, the summary, SQL, and files that may be larger than memory."""

import json
import os
import pickle
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sim
from sim import vocabulary
from sim.ensemble import aggregates, arrow_tables, memory_store, parquet_store, part_records, share
from sim.ensemble import writer as writing
from sim.ensemble.summary import APART
from sim.notebook import Ensemble, open_ensemble
from sim.reading.errors import InputError
from tests.runs import make_runs
from tests.worlds import tiny

RUNS = 80
INTERVAL = {"probability", "run_noise_low", "run_noise_high"}


@pytest.fixture(scope="module")
def found() -> Ensemble:
    return sim.run(tiny(), RUNS, 4, engine="mesa", workers=1, keep=("weekly",))


@pytest.fixture(scope="module")
def stored(found: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Ensemble:
    """Return the same ensemble, read from a folder of five parts."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet_store, "PART_RUNS", 16)
        return open_ensemble(found.save(tmp_path_factory.mktemp("stored") / "out"))


@pytest.fixture(scope="module")
def barren() -> Ensemble:
    """Return an ensemble in which no truce ever begins."""
    return sim.run(tiny().change({"actors.ukr.disposition": -9}), 5, 4, engine="mesa", workers=1)


@pytest.fixture(scope="module")
def broken(found: Ensemble) -> Ensemble:
    """Return an ensemble of which two runs failed, and one kept no inputs."""
    failures = pd.DataFrame({"run": [3, 77], "error": ["it broke", "so did this"], "traceback": ["", ""]})
    tables = {name: getattr(found, name) for name in ("runs", "actors")}
    kept = {name: table[~table["run"].isin(failures["run"])].reset_index(drop=True) for name, table in tables.items()}
    return Ensemble(kept["runs"], None, kept["actors"], found.manifest | {"failed": 2}, failures=failures)


def files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def same(one: Ensemble, other: Ensemble) -> None:
    for name in ("runs", "inputs", "actors"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert (one.weekly is None) == (other.weekly is None)
    if one.weekly is not None and other.weekly is not None:
        pd.testing.assert_frame_equal(one.weekly, other.weekly)


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (0, 10, 0.0, 0.27753),
        (10, 10, 0.72247, 1.0),
        (5, 10, 0.23659, 0.76341),
        (15, 148, 0.0624, 0.1605),
        (1, 1, 0.20655, 1.0),
    ],
)
def test_a_share_has_wilsons_interval(count: int, of: int, low: float, high: float) -> None:
    found = share(count, of)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)
    assert found.probability == count / of


@given(st.integers(1, 5000).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of))))
def test_a_share_lies_within_its_interval_and_mirrors(counted: tuple[int, int]) -> None:
    count, of = counted
    found, mirrored = share(count, of), share(of - count, of)
    assert 0.0 <= found.low <= found.probability <= found.high <= 1.0
    assert found.low == pytest.approx(1.0 - mirrored.high)
    if count < of:
        assert share(count + 1, of).low >= found.low


def test_more_runs_narrow_the_interval() -> None:
    widths = [share(of // 4, of).high - share(of // 4, of).low for of in (40, 400, 4000)]
    assert widths[0] > 2.9 * widths[1] > 8.5 * widths[2]


@pytest.mark.parametrize(("count", "of"), [(0, 0), (1, 0), (3, 2), (-1, 2)])
def test_what_is_no_share_is_refused(count: int, of: int) -> None:
    with pytest.raises(ValueError, match="as a share"):
        share(count, of)


def test_the_summary_has_the_keys_that_were_agreed(found: Ensemble) -> None:
    said = found.summary()
    assert list(said) == [
        "scenario", "runs", "seed", "engine", "horizon_weeks", "groups", "outcomes", "ceasefire", "weekly", "apart",
        "contributors", "troops", "troops_at_horizon", "force_kind", "inputs_range", "theory_range",
    ]  # fmt: skip
    assert (said["scenario"], said["runs"], said["seed"], said["engine"], said["horizon_weeks"]) == (
        "tiny",
        RUNS,
        4,
        "mesa",
        16,
    )
    assert set(said["groups"]) == {"deployed", "european"}
    for group in said["groups"].values():
        assert set(group) == {*INTERVAL, "given_ceasefire"}
        assert set(group["given_ceasefire"]) == INTERVAL
    assert set(said["outcomes"]) == {"blue", "reassurance", *vocabulary.OUTCOMES_WITHOUT_FORCE}
    assert all(set(about) == {"count", *INTERVAL} for about in said["outcomes"].values())
    assert set(said["ceasefire"]) == INTERVAL
    assert set(said["weekly"]) == {"week", "first_ceasefire", "deployed", "european"}
    assert set(said["apart"]) == set(APART)
    assert all(set(about) == {"count", *INTERVAL} for about in said["apart"].values())
    assert set(said["contributors"]) == {"alba", "borea", "corvia"}
    assert all(set(about) == {"pledged", "deployed"} for about in said["contributors"].values())
    assert set(said["troops"]) == {"median", "p10", "p90"}
    assert said["inputs_range"] is None


def test_counts_sum_to_the_runs_and_probabilities_are_counts_over_them(found: Ensemble) -> None:
    said = found.summary()
    assert sum(about["count"] for about in said["outcomes"].values()) == RUNS
    for about in (*said["outcomes"].values(), *said["apart"].values()):
        assert about["probability"] == about["count"] / RUNS
        assert about["run_noise_low"] <= about["probability"] <= about["run_noise_high"]
    apart = said["apart"]
    deployed = round(said["groups"]["deployed"]["probability"] * RUNS)
    assert apart["with_russian_consent"]["count"] + apart["without_russian_consent"]["count"] == deployed


def test_what_is_told_week_by_week_never_falls_and_ends_at_the_whole(found: Ensemble) -> None:
    said = found.summary()
    weekly = said["weekly"]
    assert weekly["week"] == list(range(1, 17))
    for name, whole in (("first_ceasefire", "ceasefire"), ("deployed", "deployed"), ("european", "european")):
        assert weekly[name] == sorted(weekly[name])
        assert weekly[name][-1] == found.share(whole).probability  # type: ignore[union-attr]


def test_nothing_in_the_summary_is_not_a_number(found: Ensemble, barren: Ensemble) -> None:
    for each in (found, barren):
        assert json.loads(json.dumps(each.summary(), allow_nan=False)) == each.summary()


def test_what_no_run_reached_is_null(barren: Ensemble) -> None:
    said = barren.summary()
    assert said["troops"] is None
    assert said["groups"]["european"]["given_ceasefire"] is None
    assert said["ceasefire"]["probability"] == 0.0
    assert barren.share("deployed", given="ceasefire") is None


def test_a_share_may_be_asked_by_a_week_and_given_something(found: Ensemble) -> None:
    weeks = found.runs["deployed_week"].astype("float64")
    early = found.share("deployed", by_week=8)
    given = found.share("deployed", given="ceasefire")
    assert early is not None
    assert given is not None
    assert early.hits == int((weeks <= 8).sum())
    assert (given.hits, given.of) == (int(weeks.notna().sum()), int(found.runs["ceasefire_week"].notna().sum()))


def test_columns_and_rows_may_be_read_apart(found: Ensemble) -> None:
    broken = found.read(["run", "truces"], "truces > 1")
    assert list(broken.columns) == ["run", "truces"]
    assert (broken["truces"] > 1).all()
    pd.testing.assert_frame_equal(found.read(), found.runs)
    assert len(found) == RUNS


@pytest.mark.parametrize("runs", [1, 15, 16, 17, RUNS, RUNS + 9])
def test_the_first_runs_may_be_read_alone(found: Ensemble, stored: Ensemble, runs: int) -> None:
    for name, where in (("runs", "truces > 1"), ("actors", "troops > 0"), ("inputs", "run > 2")):
        whole = getattr(found, name)
        few = whole[whole["run"] < runs]
        for ensemble in (found, stored):
            pd.testing.assert_frame_equal(ensemble.read(table=name, runs=runs), few)
            pd.testing.assert_frame_equal(ensemble.read(where=where, table=name, runs=runs), few.query(where))
            last = list(whole.columns[-1:])
            pd.testing.assert_frame_equal(ensemble.read(last, table=name, runs=runs), few[last])


def test_one_column_may_be_named_alone(found: Ensemble) -> None:
    pd.testing.assert_frame_equal(found.read("truces", "truces > 1"), found.read(["truces"], "truces > 1"))
    with pytest.raises(ValueError, match="no column 'trucs'; did you mean 'truces'"):
        found.read("trucs")


@pytest.mark.parametrize("runs", [0, -3, True, "5", 2.5, float("nan")])
def test_what_is_no_number_of_runs_is_not_read(found: Ensemble, tmp_path: Path, runs: Any) -> None:
    for read in (lambda: found.read(runs=runs), lambda: found.first(runs)):
        with pytest.raises(ValueError, match=r"runs (is a whole number|must be 1 or more)"):
            read()
    folder = found.save(tmp_path / "found")
    with pytest.raises(ValueError, match=r"runs is a whole number|so not the first"):
        open_ensemble(folder, runs)
    assert len(open_ensemble(folder, np.int64(5))) == len(open_ensemble(folder, 5.0)) == 5  # type: ignore[arg-type]


@pytest.mark.parametrize("week", [float("nan"), "8", True, np.nan, -1])
def test_a_share_is_by_a_week_that_is_a_number(found: Ensemble, week: Any) -> None:
    with pytest.raises(ValueError, match="a week is a number, such as 12, got"):
        found.share("european", by_week=week)
    with pytest.raises(ValueError, match="a week is a number, such as 12, got"):
        found.share("european", "ceasefire", given_by_week=week)
    assert found.share("european", by_week=np.int64(8)) == found.share("european", by_week=8.0)


@pytest.mark.parametrize("what", [None, 3, ["european"], {"european": 1}])
def test_an_event_is_given_as_text(found: Ensemble, what: Any) -> None:
    for ask in (found.share, found.happened, found.event):
        with pytest.raises(InputError, match="event:1:1: expected a name or an expression, such as 'european', got"):
            ask(what)


def test_numbers_are_missing_where_pandas_is_told_that_none_is_not_a_number(found: Ensemble, tmp_path: Path) -> None:
    folder, option = found.save(tmp_path / "found"), "future.distinguish_nan_and_na"
    try:
        pd.get_option(option)
    except KeyError:
        pytest.skip("this pandas has no such option")
    with pd.option_context(option, True):
        gone = {name: open_ensemble(folder).runs[name].isna().sum() for name in ("troops", "states", "deployed_week")}
    assert gone == {name: found.runs[name].isna().sum() for name in gone} and gone["troops"] > 0


def test_the_first_runs_are_an_ensemble_of_their_own(found: Ensemble, stored: Ensemble) -> None:
    for ensemble in (found, stored):
        few = ensemble.first(17)
        assert (len(few), few.tables) == (17, ("runs", "actors"))
        assert few.share("deployed").hits == int(found.happened("deployed")[:17].sum())
        assert few.contributors()["pledged"].between(0.0, 1.0).all()


def test_of_the_first_runs_no_later_part_is_read(stored: Ensemble, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[str] = []
    whole = parquet_store._read
    monkeypatch.setattr(parquet_store, "_read", lambda path, *rest: (read.append(path.name), whole(path, *rest))[1])
    stored.read(["outcome"], runs=16)
    stored.read(["outcome"], runs=17)
    assert len(read) == 3


@pytest.mark.parametrize("rows", [0, 1, 16, 17, RUNS, RUNS + 9])
def test_numbers_are_columns_of_the_first_rows_in_the_order_asked_for(
    found: Ensemble, stored: Ensemble, rows: int
) -> None:
    columns = ["troops", "run", "truce_broke"]
    expected = found.runs[columns].iloc[:rows].to_numpy(dtype=np.float64).T
    for ensemble in (found, stored):
        np.testing.assert_array_equal(ensemble.numbers(columns, rows), expected)
        names = found.inputs.columns[[5, 2]]
        drawn = ensemble.numbers(list(names), rows, "inputs")
        np.testing.assert_array_equal(drawn, found.inputs[names].iloc[:rows].to_numpy().T)
        assert rows == 0 or drawn.strides[1] == drawn.itemsize


def test_numbers_of_what_is_not_there_are_refused(found: Ensemble) -> None:
    with pytest.raises(ValueError, match="runs has no column 'trops'; did you mean 'troops'"):
        found.numbers(["trops"], 3)
    with pytest.raises(ValueError, match="weeky was not kept"):
        found.numbers(["run"], 3, "weeky")


def test_a_table_that_is_edited_leaves_the_ensemble_alone(found: Ensemble) -> None:
    summary, shares = found.summary(), found.contributors()
    for table in (found.runs, found.actors, found.inputs, found.read(["run", "troops"])):
        table[table.columns[-1]] = 0
        table.loc[:, table.columns[0]] = -1
        table.drop(table.index[: RUNS // 2], inplace=True)
    found.contributors()["pledged"] = 1.0
    assert found.summary() == summary
    pd.testing.assert_frame_equal(found.contributors(), shares)
    assert len(found.runs) == RUNS and found.runs["run"].tolist() == list(range(RUNS))


def test_an_ensemble_made_from_tables_does_not_follow_what_becomes_of_them(found: Ensemble) -> None:
    runs = found.runs
    own = Ensemble(runs, None, found.actors, found.manifest)
    before = own.summary()
    runs["outcome"] = "no_ceasefire"
    runs.drop(runs.index[1:], inplace=True)
    assert own.summary() == before and len(own) == RUNS


@pytest.mark.parametrize("lazy", [True, False])
def test_a_copy_is_one_with_and_without_copy_on_write(lazy: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    if lazy and not memory_store.LAZY:
        pytest.skip("this pandas copies every column")
    monkeypatch.setattr(memory_store, "LAZY", lazy)
    table = pd.DataFrame({"a": [1, 2]})
    again = memory_store.copy(table)
    again.loc[0, "a"] = 9
    assert table["a"].tolist() == [1, 2]


def test_what_is_most_often_missing_is_told_first(found: Ensemble) -> None:
    missing = found.missing()
    assert missing.name == "missing"
    assert set(missing.index) == set(vocabulary.GATES)
    assert list(missing) == sorted(missing, reverse=True)
    without = found.runs[~found.runs["in_place_at_horizon"]]
    assert missing["truce"] == pytest.approx(without["missing_truce"].mean())


def test_where_a_force_is_always_in_place_nothing_is_missing(found: Ensemble) -> None:
    always = found.runs.assign(in_place_at_horizon=True)
    assert (Ensemble(always, found.inputs, found.actors, found.manifest).missing() == 0.0).all()


def test_rows_without_any_week_keep_their_types(barren: Ensemble, found: Ensemble) -> None:
    for name in ("ceasefire_week", "troops", "states", "european_troops", "training_week"):
        assert barren.runs[name].dtype == found.runs[name].dtype


def test_an_ensemble_is_read_back_as_it_was_written(found: Ensemble, tmp_path: Path) -> None:
    found.save(tmp_path / "out")
    again = open_ensemble(tmp_path / "out")
    same(found, again)
    assert again.summary() == found.summary()
    assert again.manifest["config"] == found.manifest["config"]
    tables = ("_actors", "_inputs", "_parts", "_weekly", "runs")
    assert files(tmp_path / "out") == sorted(
        [".lock", "_manifest.json", "_run.log", *tables]
        + [f"{name}/00000.{'json' if name == '_parts' else 'parquet'}" for name in tables]
    )


def test_the_range_over_inputs_is_kept(barren: Ensemble, tmp_path: Path) -> None:
    there = Ensemble(barren.runs, barren.inputs, barren.actors, dict(barren.manifest))
    there.inputs_range = {"deployed": {"p10": 0.1, "p90": 0.4}, "european": {"p10": 0.1, "p90": 0.3}}
    assert open_ensemble(there.save(tmp_path / "out")).inputs_range == there.inputs_range


def test_an_ensemble_without_weeks_takes_the_place_of_one_with(
    found: Ensemble, barren: Ensemble, tmp_path: Path
) -> None:
    found.save(tmp_path / "out")
    barren.save(str(tmp_path / "out"))
    assert open_ensemble(tmp_path / "out").weekly is None
    assert "weekly" not in files(tmp_path / "out")


def test_folders_on_the_way_are_made_and_an_empty_one_is_used(barren: Ensemble, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    barren.save(tmp_path / "empty")
    barren.save(tmp_path / "a" / "b" / "c")
    assert len(open_ensemble(tmp_path / "a" / "b" / "c")) == len(open_ensemble(tmp_path / "empty")) == 5


def test_what_is_no_ensemble_is_not_overwritten(barren: Ensemble, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.txt").write_text("words", encoding="utf-8")
    (tmp_path / "file").write_text("words", encoding="utf-8")
    for name in ("thesis", "file"):
        with pytest.raises(FileExistsError, match="holds no ensemble"):
            barren.save(tmp_path / name)
    assert files(tmp_path) == ["file", "thesis", "thesis/chapter.txt"]


def test_where_there_is_no_ensemble_none_is_opened(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"holds no ensemble \(no _manifest\.json\)"):
        open_ensemble(tmp_path)


def failing(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("target", ["pyarrow.parquet.write_table", "os.replace", "os.fsync"])
def test_a_write_that_fails_leaves_the_old_ensemble_and_no_leftovers(
    target: str, found: Ensemble, barren: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    barren.save(tmp_path / "out")
    before = files(tmp_path)
    with monkeypatch.context() as patched:
        patched.setattr(target, failing)
        with pytest.raises(KeyboardInterrupt):
            found.save(tmp_path / "out")
    assert files(tmp_path) == before
    same(open_ensemble(tmp_path / "out"), barren)


def test_a_first_write_that_fails_leaves_nothing(
    found: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patched:
        patched.setattr("pyarrow.parquet.write_table", failing)
        with pytest.raises(KeyboardInterrupt):
            found.save(tmp_path / "out")
    assert files(tmp_path) == []


def test_a_last_step_that_fails_leaves_the_old_ensemble(
    found: Ensemble, barren: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    barren.save(tmp_path / "out")
    rename, refused = os.rename, list[str]()

    def fails_once(old: Path, new: Path) -> None:
        if Path(new) == tmp_path / "out" and not refused:
            refused.append("once")
            raise KeyboardInterrupt
        rename(old, new)

    with monkeypatch.context() as patched:
        patched.setattr("os.rename", fails_once)
        with pytest.raises(KeyboardInterrupt):
            found.save(tmp_path / "out")
    same(open_ensemble(tmp_path / "out"), barren)


def test_a_manifest_that_holds_no_number_is_not_written(barren: Ensemble, tmp_path: Path) -> None:
    wrong = Ensemble(barren.runs, barren.inputs, barren.actors, {**barren.manifest, "odd": float("nan")})
    with pytest.raises(ValueError, match="not JSON compliant"):
        wrong.save(tmp_path / "out")
    assert files(tmp_path) == []


def test_an_ensemble_shows_its_answer_and_can_be_passed_on(found: Ensemble) -> None:
    assert repr(found).startswith("On information to 3 March 2025")
    assert "<table" in found._repr_html_()
    same(pickle.loads(pickle.dumps(found)), found)


EACH_STORE = pytest.mark.parametrize("name", ["found", "stored"])


def test_a_folder_gives_the_numbers_of_memory_to_the_last_bit(found: Ensemble, stored: Ensemble) -> None:
    same(found, stored)
    assert len(stored) == RUNS
    assert json.dumps(stored.summary()) == json.dumps(found.summary())
    pd.testing.assert_series_equal(stored.missing(), found.missing(), check_exact=True)
    pd.testing.assert_frame_equal(stored.contributors(), found.contributors(), check_exact=True)
    for what in (*aggregates.EVENTS, *APART, "truces"):
        pd.testing.assert_series_equal(stored.happened(what), found.happened(what))
        for given_ in (None, "ceasefire", "held"):
            assert stored.share(what, given_) == found.share(what, given_)
    assert stored.share("deployed", "ceasefire", 12, 9) == found.share("deployed", "ceasefire", 12, 9)
    assert (repr(stored), stored._repr_html_()) == (repr(found), found._repr_html_())


def test_what_is_counted_is_what_pandas_counts(found: Ensemble) -> None:
    runs, troops = found.runs, found.runs["troops"].dropna().astype("float64")
    means = found.actors.groupby("actor")[["pledged", "deployed"]].mean()
    pd.testing.assert_frame_equal(found.contributors(), means, check_exact=True)
    assert found.summary()["troops"] == {
        name: troops.quantile(at) for name, at in (("median", 0.5), ("p10", 0.1), ("p90", 0.9))
    }
    for name, column in (("first_ceasefire", "ceasefire_week"), ("deployed", "deployed_week")):
        weeks = runs[column].astype("float64").to_numpy()
        assert found.by_week()[name] == [(weeks <= week).mean() for week in range(1, 17)]
    began = runs["ceasefire_week"] <= 9
    both = found.share("deployed", "ceasefire", by_week=12, given_by_week=9)
    assert both is not None
    assert (both.hits, both.of) == (int((began & (runs["deployed_week"] <= 12)).sum()), int(began.sum()))


@given(st.lists(st.floats(-1e9, 1e9) | st.sampled_from([0.0, -0.0, 5000.0]), min_size=1), st.floats(0, 1), st.data())
def test_quantiles_sorted_or_found_digit_by_digit_are_those_of_numpy(
    values: list[float], at: float, data: st.DataObject
) -> None:
    cut = data.draw(st.integers(0, len(values)))
    pieces = [np.array(values[:cut]), np.array(values[cut:])]
    for few in (0, aggregates.FEW):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(aggregates, "FEW", few)
            assert aggregates.quantiles(lambda: pieces, len(values), [at, 0.9]) == list(np.quantile(values, [at, 0.9]))


@pytest.mark.parametrize(
    ("columns", "where", "table"),
    [
        (None, None, "actors"),
        (["troops", "run"], None, "runs"),
        (["run", "troops"], "truces > 1 and outcome != 'blue'", "runs"),
        (None, "troops > 5000", "runs"),
        (["stage"], "actor == 'alba'", "actors"),
        (["run"], "`actors.alba.credence` > 0.5", "inputs"),
        (["run"], "truces < 0", "runs"),
    ],
)
def test_a_folder_is_read_as_memory_is(
    columns: list[str] | None, where: str | None, table: str, found: Ensemble, stored: Ensemble
) -> None:
    pd.testing.assert_frame_equal(stored.read(columns, where, table), found.read(columns, where, table))


@EACH_STORE
@pytest.mark.parametrize(
    ("ask", "said"),
    [
        (lambda found: found.read(["trices"]), "runs has no column 'trices'; did you mean 'truces'?"),
        (lambda found: found.read(where="trices > 1"), "'trices > 1' is no query of this table: name 'trices'"),
        (lambda found: found.read(table="walks"), "walks was not kept; tables: runs, inputs, actors, weekly"),
        (lambda found: found.share("peace"), "event:1:1: 'peace' is no name; did you mean 'reached'?"),
        (lambda found: found.share("outcome"), "outcome holds words, not yes or no"),
        (lambda found: found.happened("peace"), "event:1:1: 'peace' is no name; did you mean 'reached'?"),
    ],
)
def test_what_is_asked_wrongly_is_told(
    ask: Callable[[Ensemble], object], said: str, name: str, request: pytest.FixtureRequest
) -> None:
    with pytest.raises(ValueError, match="^" + said.replace("?", r"\?")):
        ask(request.getfixturevalue(name))


def test_tables_that_never_change_are_converted_once_and_to_the_same(found: Ensemble) -> None:
    changing, kept = memory_store.Frames({"runs": found.runs}), memory_store.Frames({"runs": found.runs})
    kept.unchanging = True
    for columns in (["run", "outcome"], None, ["troops"], ["outcome", "run"]):
        assert next(kept.tables("runs", columns)).equals(next(changing.tables("runs", columns)))
    assert next(kept.tables("runs", ["troops"]))["troops"].equals(next(kept.tables("runs"))["troops"])


def test_columns_of_one_name_within_another_are_told_apart(found: Ensemble, tmp_path: Path) -> None:
    inputs = pd.DataFrame({"run": range(RUNS), "a.b": 1.0, "a": 2.0, "a.b.c": 3.0})
    there = open_ensemble(Ensemble(found.runs, inputs, found.actors, found.manifest).save(tmp_path / "out"))
    assert list(there.read(["a.b"], table="inputs").columns) == ["a.b"]
    assert (there.read(["a.b"], "a > 1", table="inputs")["a.b"] == 1.0).all()


@pytest.mark.parametrize(("few", "of_runs"), [(0, 14), (aggregates.FEW, 5)])
def test_a_summary_reads_a_folder_once_for_all_that_is_counted(
    stored: Ensemble, monkeypatch: pytest.MonkeyPatch, few: int, of_runs: int
) -> None:
    monkeypatch.setattr(aggregates, "FEW", few)
    there, passes = pickle.loads(pickle.dumps(stored)), list[str]()
    tables = parquet_store.Parts.tables
    monkeypatch.setattr(
        parquet_store.Parts, "tables", lambda self, name, *rest: (passes.append(name), tables(self, name, *rest))[1]
    )
    there._summary._remembered.clear()
    there.summary(), there.missing(), there.share("european"), repr(there), there._repr_html_()
    for week in (13, 16):
        there.share("deployed", "ceasefire", week, week)
    # Beside what is counted, three medians and their like take four passes each, or one each where numbers are few.
    assert sorted(passes) == ["actors", *["runs"] * of_runs]


def test_rows_have_the_same_types_in_memory_and_on_disk(stored: Ensemble, found: Ensemble, barren: Ensemble) -> None:
    rows = [
        {name: None if pd.isna(value) else value for name, value in row.items()}
        for row in found.runs.to_dict("records")
    ]
    pd.testing.assert_frame_equal(make_runs(rows), stored.runs)
    never = [row | {"troops": None, "states": None, "rung_at_formation": None, "ceasefire_week": None} for row in rows]
    assert (make_runs(never).dtypes == found.runs.dtypes).all()
    for each in (stored.runs, barren.runs):
        assert (each.dtypes == found.runs.dtypes).all()


def test_an_opened_ensemble_is_copied_and_passed_on(stored: Ensemble, tmp_path: Path) -> None:
    copy = open_ensemble(stored.save(tmp_path / "copy"))
    same(copy, stored)
    folder = stored._store.folder  # type: ignore[union-attr]
    for name in files(folder):
        if (folder / name).is_file() and name != "_run.log":
            assert (tmp_path / "copy" / name).read_bytes() == (folder / name).read_bytes()
    same(pickle.loads(pickle.dumps(stored)), stored)


def test_the_range_over_inputs_of_an_opened_ensemble_is_kept_where_it_is(stored: Ensemble, tmp_path: Path) -> None:
    there = open_ensemble(stored.save(tmp_path / "copy"))
    before = (tmp_path / "copy" / "runs" / "00000.parquet").stat().st_ino
    there.inputs_range = {"deployed": {"p10": 0.1, "p90": 0.4}}
    there.save(tmp_path / "copy")
    assert open_ensemble(tmp_path / "copy").inputs_range == there.inputs_range
    assert (tmp_path / "copy" / "runs" / "00000.parquet").stat().st_ino == before


def test_an_ensemble_that_a_batch_is_writing_to_is_not_replaced(found: Ensemble, tmp_path: Path) -> None:
    with (
        writing.writing(tmp_path / "out", {"config": {}}, 10),
        pytest.raises(ValueError, match="another batch is writing to"),
    ):
        found.save(tmp_path / "out")
    assert files(tmp_path) == ["out", *(f"out/{name}" for name in (".lock", "_manifest.json", "_parts", "_run.log"))]


def test_runs_that_failed_are_apart(broken: Ensemble, found: Ensemble, tmp_path: Path) -> None:
    there = open_ensemble(broken.save(tmp_path / "out"))
    for each in (broken, there):
        assert (len(each), each.failed, each.manifest["failed"]) == (RUNS - 2, 2, 2)
        assert list(each.failures["run"]) == [3, 77]
        assert each.summary()["runs"] == RUNS - 2
    assert there.manifest["runs"] == RUNS
    pd.testing.assert_frame_equal(there.failures, broken.failures)
    assert (found.failed, list(found.failures.columns)) == (0, ["run", "error", "traceback"])


def test_inputs_that_were_not_kept_are_told(broken: Ensemble, tmp_path: Path) -> None:
    for each in (broken, open_ensemble(broken.save(tmp_path / "out"))):
        with pytest.raises(ValueError, match="inputs were not kept; run with --keep inputs"):
            _ = each.inputs
        assert each.weekly is None


@EACH_STORE
def test_tables_are_asked_in_sql(name: str, request: pytest.FixtureRequest) -> None:
    there = request.getfixturevalue(name)
    counts = there.sql("select outcome, count(*) as n from runs group by all")
    assert dict(zip(counts["outcome"], counts["n"], strict=True)) == {
        outcome: count for outcome, count in there.outcomes().items() if count
    }
    joined = there.sql(
        "with late as (select run from runs where deployed_week > 8) "
        "select count(*) as n, avg(pledged::int) as p from actors join late using (run) where actor = 'alba'"
    )
    late = there.read(["run"], "deployed_week > 8")["run"]
    alba = there.read(table="actors", where="actor == 'alba'").set_index("run")["pledged"].loc[late]
    assert (joined["n"][0], joined["p"][0]) == (len(late), pytest.approx(alba.mean()))
    assert list(there.sql("from weekly select max(week) as week")["week"]) == [16.0]
    assert there.sql('select avg("actors.alba.credence") as c from inputs')["c"][0] == pytest.approx(
        there.inputs["actors.alba.credence"].mean()
    )
    assert len(there.sql("select * from range(3)")) == 3
    assert (
        len(there.sql('with "Odd one" as (from RUNS) select * from "odd ONE" as o join main.runs r using (run)'))
        == RUNS
    )
    recursive = "with recursive t(n) as (select 1 union all select n + 1 from t where n < 5) select sum(n) as s from t"
    assert there.sql(recursive)["s"][0] == 15
    assert there.sql("summarize runs").shape[0] == there.sql("describe runs").shape[0] == there.runs.shape[1]
    assert sorted(there.sql("show tables")["name"]) == ["actors", "inputs", "runs", "weekly"]


@pytest.fixture(scope="module")
def guarded(stored: Ensemble, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds an ensemble, a file beside it, and a link from the one to the other."""
    home = tmp_path_factory.mktemp("guarded")
    stored.save(home / "out")
    (home / "secret.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    (home / "out" / "link").symlink_to(home)
    return home


@EACH_STORE
@pytest.mark.parametrize(
    "sql",
    [
        "select * from '{secret}'",
        "select * from read_csv('{secret}')",
        "select * from read_text('{secret}')",
        "select * from read_blob('{folder}/../secret.csv')",
        "select * from '{folder}/link/secret.csv'",
        "select * from '{folder}/_manifest.json'",
        "summarize '{folder}/link/secret.csv'",
        "describe '{secret}'",
        "select (select count(*) from '{secret}') from runs",
        "with late as (from '{secret}') select * from late",
        "pivot '{secret}' on a using sum(b)",
        "unpivot '{secret}' on a",
        "select * from glob('/*')",
        "select * from query('select * from read_text(''{secret}'')')",
        "select * from query('with x as (copy (select 1) to ''{folder}/new.csv'') select * from x')",
        "copy runs to '{folder}/new.csv'",
        "copy runs to '{secret}'",
        "with x as (copy (select 1) to '{folder}/new.csv') select * from x",
        "with x as (copy (select 1) to '{secret}') select * from x",
        "select 1; copy runs to '{folder}/new.csv'",
        "explain analyze copy runs to '{folder}/new.csv'",
        "export database '{folder}/new'",
        "attach '{folder}/new.db'",
        "attach '{secret}' as other",
        "install httpfs",
        "load httpfs",
        "load '{secret}'",
        "set threads = 8",
        "set enable_external_access = true",
        "set allowed_directories = ['/']",
        "reset lock_configuration",
        "pragma enable_profiling",
        "call enable_logging(storage := 'file', storage_path := '{folder}/new')",
        "select * from enable_logging(storage := 'file', storage_path := '{folder}/new')",
        "create table runs2 as select * from runs",
        "create view v as select 1",
        "drop view runs",
        "delete from runs",
        "with x as (insert into runs select * from runs) select 1",
        "select * from there",
        "select * from frame_of_the_caller",
    ],
)
def test_sql_reads_its_tables_and_nothing_else_and_changes_nothing(
    sql: str, name: str, found: Ensemble, guarded: Path
) -> None:
    there = found if name == "found" else open_ensemble(guarded / "out")
    frame_of_the_caller = pd.DataFrame({"a": [1]})
    before = files(guarded)
    with pytest.raises(ValueError, match=r"^SQL: ") as told:
        there.sql(sql.format(secret=guarded / "secret.csv", folder=guarded / "out"))
    assert "\n" not in str(told.value)
    assert files(guarded) == before
    assert (guarded / "secret.csv").read_text() == "a,b\n1,2\n"
    assert len(frame_of_the_caller) == 1


@EACH_STORE
@pytest.mark.parametrize(
    "sql", ["selct 1", "select nothing from runs", "select * from nowhere", "", "select 'a' + 1 +"]
)
def test_sql_that_is_wrong_is_told_in_a_line(sql: str, name: str, request: pytest.FixtureRequest) -> None:
    with pytest.raises(ValueError, match=r"^SQL: [^\n]+$"):
        request.getfixturevalue(name).sql(sql)


def test_a_folder_with_an_odd_name_is_asked_in_sql(stored: Ensemble, tmp_path: Path) -> None:
    there = open_ensemble(stored.save(tmp_path / "it's a=1 [odd] *?" / "out"))
    assert there.sql("select count(*) as n from runs")["n"][0] == RUNS
    assert "a" not in there.sql("select * from runs").columns


LARGE = """
    import sys
    from sim.notebook import open_ensemble

    def most():
        return int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) // 1024

    def asked(folder):
        there = open_ensemble(folder)
        return there.summary(), there.missing(), there.sql("select count(*), avg(troops) from runs"), repr(there)

    asked(sys.argv[1])
    before = most()
    print(asked(sys.argv[2])[0]["runs"], most() - before)
"""


def enlarge(there: Ensemble, folder: Path, times: int) -> Path:
    """Write an ensemble of as many parts, all of the same content."""
    runs = np.random.default_rng(1).integers(0, len(there), parquet_store.PART_RUNS)
    tables = {
        "runs": arrow_tables.arrow(there.runs.iloc[runs]),
        "actors": arrow_tables.arrow(there.actors.set_index("run").loc[runs].reset_index()),
    }
    with writing.writing(folder, there.manifest, parquet_store.PART_RUNS) as writer:
        writer.write(0, 0, parquet_store.PART_RUNS, tables)
        about = writer.finish()
    first = about["parts"][0]
    for number in range(1, times):
        for name in tables:
            os.link(folder / part_records.file_name(name, 0), folder / part_records.file_name(name, number))
    parts = [{**first, "part": number, "first": number * parquet_store.PART_RUNS} for number in range(times)]
    about["parts"] = [part | {"sha256": part_records.seal(part)} for part in parts]
    part_records.put_manifest(folder, about | {"runs": times * parquet_store.PART_RUNS})
    return folder


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="memory is told in /proc")
def test_a_summary_of_many_parts_takes_no_more_memory_than_of_few(found: Ensemble, tmp_path: Path) -> None:
    few, many = enlarge(found, tmp_path / "few", 2), enlarge(found, tmp_path / "many", 150)
    command = [sys.executable, "-c", textwrap.dedent(LARGE), str(few), str(many)]
    said = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True).stdout.split()
    assert int(said[0]) == 150 * parquet_store.PART_RUNS
    assert int(said[1]) < 80  # MB; the tables together are some 600


@pytest.mark.parametrize("select", ["select count(*) from runs", "SELECT COUNT(*) FROM RUNS"])
def test_sql_never_counts_in_a_damaged_part_however_its_table_is_written(
    found: Ensemble, tmp_path: Path, select: str
) -> None:
    folder = found.save(tmp_path / "x")
    path = folder / "runs" / "00000.parquet"
    content = bytearray(path.read_bytes())
    content[200] ^= 255
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"00000\.parquet is missing or damaged"):
        open_ensemble(folder).sql(select)


@pytest.mark.usefixtures("removed_folder")
def test_a_relative_folder_in_a_current_folder_that_was_removed_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"^the current folder was removed; change to one that exists$"):
        sim.open_ensemble("runs/first")
    with pytest.raises(FileNotFoundError, match="no ensemble"):
        sim.open_ensemble(tmp_path / "nowhere")
