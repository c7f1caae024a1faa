"""Tests of conditions: the runs selected, what is told of them, and what is refused."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from matplotlib.text import Text

import sim
from sim.analysis import given as analysis
from sim.analysis.given import Given, given
from sim.analysis.movers import move
from sim.analysis.ready_conditions import READY, as_sql
from sim.ensemble import parquet_store, share
from sim.notebook import Ensemble, open_ensemble
from sim.reading.errors import InputError
from tests.worlds import tiny

RUNS = 600


@pytest.fixture(scope="module")
def found() -> Ensemble:
    return sim.run(tiny(), RUNS, 4, workers=1)


@pytest.fixture(scope="module")
def view(found: Ensemble) -> Given:
    return given(found, "ceasefire by week 8")


def test_a_ready_condition_selects_the_runs_that_it_says(found: Ensemble, view: Given) -> None:
    known = found.runs[(found.runs["ceasefire_week"] <= 8).fillna(False)]
    assert len(view) == len(known) > analysis.FEWEST
    assert view.runs["run"].tolist() == known["run"].tolist()


def test_ready_conditions_and_their_opposites_part_the_runs(found: Ensemble) -> None:
    for what in ("ceasefire by week 8", "force", "european force by month 3"):
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(analysis, "FEWEST", 0)
            assert len(given(found, what)) + len(given(found, f"no {what}")) == RUNS


@pytest.mark.parametrize(("month", "week"), [(3, 13), (6, 26), (12, 52)])
def test_months_mean_the_weeks_that_horizons_mean(month: int, week: int) -> None:
    assert as_sql(f"force by month {month}") == as_sql(f"force by week {week}")


def test_a_rung_counts_with_all_above_it() -> None:
    assert as_sql("backstop at least assurance") == "rung_highest in ('assurance', 'troops')"
    assert as_sql("consent at least tolerates") == "consent in ('tolerates', 'accepts')"


def test_an_actor_that_pledged_is_a_ready_condition(found: Ensemble) -> None:
    pledged = found.actors.query("actor == 'alba' and pledged")
    assert len(given(found, "alba pledged")) == len(pledged)


def test_every_ready_condition_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "how-to" / "given.md").read_text("utf-8")
    assert [name for name in READY if name not in page] == []


def test_what_is_no_ready_condition_is_sql(found: Ensemble) -> None:
    assert len(given(found, "truces > 0 -- at least one")) == int((found.runs["truces"] > 0).sum())


def test_the_headline_stands_before_and_after_with_wilsons_intervals(found: Ensemble, view: Given) -> None:
    row, chosen = view.headline.loc["european"], found.runs["ceasefire_week"].le(8).fillna(False).to_numpy(dtype=bool)
    came = found.happened("european").to_numpy()
    before, after = share(int(came.sum()), RUNS), share(int((came & chosen).sum()), int(chosen.sum()))
    assert (row["all"], row["all_low"], row["all_high"]) == (before.probability, before.low, before.high)
    assert (row["given"], row["given_low"], row["given_high"]) == (after.probability, after.low, after.high)
    assert row["difference"] == pytest.approx(after.probability - before.probability)
    assert row["low"] <= row["difference"] <= row["high"]


def test_the_interval_of_a_difference_is_that_of_the_selected_against_the_rest(found: Ensemble, view: Given) -> None:
    came = found.happened("european").to_numpy()
    chosen = np.isin(found.runs["run"], view.runs["run"])
    against = move(
        share(int(came[~chosen].sum()), int((~chosen).sum())), share(int(came[chosen].sum()), int(chosen.sum())), 0.0
    )
    row, left = view.headline.loc["european"], (~chosen).mean()
    assert row["low"] == pytest.approx(left * against.difference_low)
    assert row["high"] == pytest.approx(left * against.difference_high)


def test_each_actors_outlook_is_its_share_of_pledges(found: Ensemble, view: Given) -> None:
    chosen = found.actors[found.actors["run"].isin(view.runs["run"])]
    for table, column in ((found.actors, "all"), (chosen, "given")):
        known = table.groupby("actor")["pledged"].mean()
        assert view.actors[column].sort_index().to_numpy() == pytest.approx(known.sort_index().to_numpy())


def test_what_holds_in_all_runs_moves_nothing(found: Ensemble) -> None:
    always = given(found, "run >= 0")
    assert not always.headline[["difference", "low", "high"]].to_numpy().any()
    assert "no difference shown" in always.sentence
    assert "no actor is shown" in always.sentence


def test_too_few_runs_are_refused(found: Ensemble) -> None:
    with pytest.raises(ValueError, match=r"holds in 99 of 600 runs, .*needed: 100"):
        given(found, "run < 99")
    assert len(given(found, "run < 100")) == 100


@pytest.mark.parametrize("wrong", ["ceasefire by weak 20", "trucez > 0", "true) union select (true", "'word'", ""])
def test_a_wrong_condition_is_told_with_the_ready_ones_and_what_keeps_it_from_being_an_event(
    found: Ensemble, wrong: str
) -> None:
    with pytest.raises(InputError, match=r"is no condition: SQL: .*ready ones") as told:
        given(found, wrong)
    first, *rest = map(str, told.value.faults)
    assert first.startswith("condition: ") and all(line.startswith("condition:1:") for line in rest)
    assert bool(rest) == ("'" not in wrong)


def test_runs_of_a_flat_batch_count_for_one_each(view: Given) -> None:
    assert view.effective == len(view)


def test_runs_that_share_their_inputs_count_for_less() -> None:
    values = pd.DataFrame({name: [0.5] * 150 + [0.6] * 50 for name in sim.run(tiny(), 1).inputs.columns[1:]})
    values = values.clip(upper=0.99)
    same = sim.run(tiny(), 200, 4, quantiles=values, workers=1)
    assert given(same, "run >= 0").effective == pytest.approx(200**2 / (150**2 + 50**2))


def test_the_runs_selected_are_an_ensemble_of_their_own(view: Given) -> None:
    kept = view.ensemble
    assert len(kept) == len(view)
    european = kept.share("european")
    assert european is not None
    assert european.probability == view.headline.to_dict("index")["european"]["given"]
    assert kept.contributors().loc["alba", "pledged"] == pytest.approx(view.actors.to_dict("index")["alba"]["given"])
    assert kept.manifest["scenario"] == "tiny given ceasefire by week 8"


def test_an_ensemble_on_disk_tells_the_same(found: Ensemble, view: Given, tmp_path: Path) -> None:
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(parquet_store, "PART_RUNS", 128)
        stored = open_ensemble(found.save(tmp_path / "out"))
    again = stored.given("ceasefire by week 8")
    assert again.sentence == view.sentence
    pd.testing.assert_frame_equal(again.headline, view.headline)
    pd.testing.assert_frame_equal(again.actors, view.actors)


def test_the_sentence_names_the_condition_both_chances_and_the_runs(view: Given) -> None:
    assert view.sentence.startswith("Given “ceasefire by week 8”, a European force is ")
    assert f"95% run noise, {len(view):,} of 600 runs" in view.sentence
    assert repr(view) == view.sentence


def test_the_plot_draws_every_actor_and_event_twice(found: Ensemble, view: Given) -> None:
    axes = found.plot.given("ceasefire by week 8")
    said = " ".join(text.get_text() for text in axes.figure.findobj(Text)).replace("\n", " ")
    for words in ("Alba", "a European force", "all runs", "runs that meet it", "95% run noise", "600 runs"):
        assert words in said
