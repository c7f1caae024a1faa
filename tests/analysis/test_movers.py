"""Tests of which numbers move the headline: a number that does, one that does not, and how much noise may do."""

from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from sim.analysis.movers import Move, largest_of, move, movers
from sim.cli import answer_tables
from sim.ensemble import Ensemble, open_ensemble, share
from sim.ensemble.results import Movers

counts = st.integers(1, 500).flatmap(lambda of: st.tuples(st.integers(0, of), st.just(of)))


ABOUT = {
    "scenario": "made up", "hash": "0", "config": {}, "seed": 1, "engine": "compiled", "relaxed": [], "notes": [],
    "groups": {}, "horizon_weeks": 52, "start": "2025-03-03", "versions": {},
}  # fmt: skip


def an_ensemble(runs: int = 5000, idle: int = 30, matters: bool = True) -> Ensemble:
    """Return made-up runs in which ``strong`` and ``word`` move a European force and ``idle`` numbers do not."""
    rng = np.random.default_rng(11)
    inputs = {"strong": rng.random(runs), "word": rng.choice(3, runs, p=[0.04, 0.92, 0.04]).astype(float)}
    inputs |= {f"idle{at}": rng.random(runs) for at in range(idle)} | {"fixed": np.full(runs, 0.5)}
    chance = 0.3 + 0.4 * (inputs["strong"] - 0.5) - 0.1 * (inputs["word"] - 1.0) if matters else np.full(runs, 0.3)
    week = np.where(rng.random(runs) < chance, 20.0, np.nan)
    table = pd.DataFrame({"run": np.arange(runs), "european_week": pd.array(week, dtype="Float64")})
    return Ensemble(
        table, pd.DataFrame({"run": np.arange(runs), **inputs}), pd.DataFrame({"run": []}), {**ABOUT, "runs": runs}
    )


def all_of(ensemble: Ensemble) -> list[str]:
    return [str(name) for name in ensemble.inputs if name != "run"]


def test_the_number_that_matters_comes_first_with_the_shares_at_either_end() -> None:
    ensemble = an_ensemble()
    result = movers(ensemble, "european", all_of(ensemble))
    found = result.table
    first = found.iloc[0]
    assert found.index[0] == "strong"
    assert list(found.columns) == list(Move._fields)
    assert (first["low"], first["high"]) == pytest.approx((0.12, 0.48), abs=0.05)
    assert first["difference_low"] < 0.36 < first["difference_high"]
    assert first["difference"] > first["noise"]
    assert list(result.beyond_noise.index) == ["strong"]
    assert result.sentence.startswith("Of 32 inputs, strong matters most for a European force: ")


def test_a_choice_is_compared_at_its_lowest_and_highest_word_however_rare() -> None:
    row = movers(an_ensemble(), "european", ["word"]).table.loc["word"]
    assert (row["low"], row["high"]) == pytest.approx((0.4, 0.2), abs=0.08)


def test_a_number_that_does_not_vary_is_left_out_and_so_is_one_that_was_not_asked_for() -> None:
    assert set(movers(an_ensemble(), "european", ["idle3", "fixed", "strong"]).table.index) == {"idle3", "strong"}
    assert movers(an_ensemble(), "european", ["fixed"]).table.empty


def test_among_numbers_that_do_not_matter_none_is_beyond_noise() -> None:
    ensemble = an_ensemble(idle=200, matters=False)
    result = movers(ensemble, "european", all_of(ensemble))
    found = result.table
    assert "none is shown to matter for a European force" in result.sentence
    assert (found["difference"].abs() < found["noise"]).all()
    assert found["difference"].abs().max() > 0.5 * found["noise"].max()


def test_noise_may_do_more_the_more_numbers_are_compared() -> None:
    rng = np.random.default_rng(1)
    largest = np.abs(rng.standard_normal((4000, 100))).max(axis=1)
    assert (largest < largest_of(100)).mean() == pytest.approx(0.95, abs=0.012)
    assert largest_of(1) < largest_of(10) < largest_of(1000)


@given(counts, counts)
def test_the_interval_holds_the_difference_and_turns_with_it(one: tuple[int, int], other: tuple[int, int]) -> None:
    there, back = move(share(*one), share(*other), 2.0), move(share(*other), share(*one), 2.0)
    assert there.difference_low <= there.difference <= there.difference_high
    assert (back.difference_low, back.difference_high) == pytest.approx((-there.difference_high, -there.difference_low))
    assert there.noise == back.noise >= 0.0


def test_of_more_runs_than_have_their_inputs_kept_the_first_are_looked_at(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = an_ensemble()
    some = Ensemble(whole.runs, whole.inputs.head(1000), whole.actors, whole.manifest)
    found = movers(some, "european", ["strong", "word"]).table
    monkeypatch.setattr("sim.analysis.movers.FIRST", 1000)
    pd.testing.assert_frame_equal(found, movers(whole, "european", ["strong", "word"]).table)
    kept = Ensemble(some.runs, some.inputs, some.actors, {**some.manifest, **ABOUT})
    on_disk = open_ensemble(kept.save(tmp_path / "x"))
    pd.testing.assert_frame_equal(found, movers(on_disk, "european", ["strong", "word"]).table)


def test_without_inputs_nothing_can_be_told() -> None:
    whole = an_ensemble(runs=50)
    with pytest.raises(ValueError, match="inputs were not kept"):
        movers(Ensemble(whole.runs, None, whole.actors, whole.manifest), "european", ["strong"])


def shown(table: object) -> str:
    console = Console(width=80, file=StringIO())
    console.print(table)
    return console.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_the_table_shows_the_three_that_move_it_most_with_all_that_belongs_to_it() -> None:
    table = pd.DataFrame(
        [(0.1, 0.4, 0.3, 0.25, 0.35, 0.05), (0.3, 0.1, -0.2, -0.25, -0.15, 0.05)] * 2,
        index=["first", "actors.netherlands.needs.decent_settlement.concession_at_most", "third", "fourth"],
        columns=Move._fields,
    )
    found = Movers(table, "", "made up", 1, "european", "a European force")
    lines = shown(answer_tables.movers(found)).splitlines()
    assert lines[0].startswith("Assumed numbers that move a European force most, of 4: share by tenth")
    assert lines[2].split() == ["first", "10.0%", "40.0%", "+30.0", "+25.0", "to", "+35.0"]
    assert "-20.0" in lines[3]
    assert not any("fourth" in line for line in lines)
    assert max(map(len, lines)) <= 80


def test_the_table_says_so_where_none_is_beyond_noise() -> None:
    few = movers(an_ensemble(matters=False), "european", ["idle1", "idle2"])
    assert shown(answer_tables.movers(few)) == (
        "Assumed numbers that move a European force: none beyond noise (2 compared).\n"
    )
