"""Tests of ensembles: shares with their noise, the plain summary, and files that are whole or not there."""

import json
import os
import pickle
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import batch, vocabulary
from sim.ensemble import APART, Ensemble, open_ensemble, share
from tests.worlds import tiny

RUNS = 80
INTERVAL = {"probability", "run_noise_low", "run_noise_high"}


@pytest.fixture(scope="module")
def found() -> Ensemble:
    return batch.run(tiny(), RUNS, 4, workers=1, keep_weekly=True)


@pytest.fixture(scope="module")
def barren() -> Ensemble:
    """Return an ensemble in which no truce ever begins."""
    return batch.run(tiny().change({"actors.ukr.disposition": -9}), 5, 4, workers=1)


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
        "contributors", "troops", "inputs_range",
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
    assert found.read() is found.runs
    assert len(found) == RUNS


def test_what_is_most_often_missing_is_told_first(found: Ensemble) -> None:
    missing = found.missing()
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
    assert files(tmp_path / "out") == [
        "actors.parquet",
        "inputs.parquet",
        "manifest.json",
        "runs.parquet",
        "weekly.parquet",
    ]


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
    assert "weekly.parquet" not in files(tmp_path / "out")


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
    with pytest.raises(FileNotFoundError, match=r"holds no ensemble \(no manifest\.json\)"):
        open_ensemble(tmp_path)


def failing(*_: Any, **__: Any) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("broken", ["to_parquet", "manifest"])
def test_a_write_that_fails_leaves_the_old_ensemble_and_no_leftovers(
    broken: str, found: Ensemble, barren: Ensemble, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    barren.save(tmp_path / "out")
    before = files(tmp_path)
    target = {"to_parquet": "pandas.DataFrame.to_parquet", "manifest": "pathlib.Path.write_text"}[broken]
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
        patched.setattr("pandas.DataFrame.to_parquet", failing)
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
