"""Tests of the shares of single numbers: the numbers known to matter, what they rest on, and what is refused."""

import numpy as np
import pytest

from sim import batch
from sim.analysis import number_shares as analysis
from sim.analysis.number_shares import bin_edges, number_shares
from sim.batch.designs import uncertain
from sim.plots import number_shares as draw
from sim.scenario import priors
from tests.worlds import baseline, tiny


def test_the_leanings_of_both_sides_carry_a_ceasefire_in_the_tiny_world() -> None:
    result = number_shares(tiny(), "ceasefire", runs=2_000)
    assert set(result.table.index[:2]) == {"actors.ukr.disposition", "actors.rus.disposition"}
    assert result.table["carries"].sum() == result.carriers.value
    assert 1 <= result.carriers.low <= result.carriers.value <= result.carriers.high <= len(uncertain(tiny()))
    assert result.explained.value == pytest.approx(result.table["first"].sum())
    assert result.explained.low < result.explained.value < result.explained.high < 1.0
    assert "numbers, one by one, explain" in result.sentence and result.what == "a ceasefire"


def test_kinds_partition_the_numbers_and_what_they_explain() -> None:
    result = number_shares(baseline(), "ceasefire", runs=1_500)
    kinds = result.kinds
    assert kinds["inputs"].sum() == len(result.table) == len(uncertain(baseline()))
    assert kinds["first"].sum() == pytest.approx(result.explained.value)
    assert kinds["of_explained"].sum() == pytest.approx(1.0)
    assert kinds["carriers"].sum() == result.carriers.value
    assert {"actors.russia.disposition", "actors.ukraine.disposition"} == set(result.table.index[:2])


def test_runs_played_in_parts_are_those_of_one_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(analysis, "AT_ONCE", 150)
    result = number_shares(tiny(), "ceasefire", runs=400)
    ensemble = batch.run(tiny(), 400)
    high = ensemble.inputs["actors.ukr.disposition"].to_numpy() >= 1.5
    came = ensemble.happened("ceasefire").to_numpy(dtype=np.float64)
    assert result.runs == 400
    raw = (came[high].mean() - came[~high].mean()) ** 2 / 4 / came.var()
    assert result.table.loc["actors.ukr.disposition", "first"] == pytest.approx(raw, abs=0.15)


def test_bins_have_equal_probability_and_words_a_bin_each() -> None:
    prior = baseline().leaves["actors.france.capacity_troops"].prior
    drawn = priors.quantile(prior, (np.arange(10_000) + 0.5) / 10_000)
    assert np.bincount(np.searchsorted(bin_edges(prior), drawn, side="right")).tolist() == [1_000] * 10
    stance = baseline().leaves["actors.france.stance"].prior
    words = np.arange(len(stance.words), dtype=float)
    assert np.searchsorted(bin_edges(stance), words, side="right").tolist() == words.tolist()


def test_where_numbers_explain_nothing_that_is_what_is_told() -> None:
    result = number_shares(baseline(), "deployed", runs=400)
    assert result.explained.low <= 0.0 and result.carriers == (0, 0, 0)
    assert result.table["cumulated"].isna().all() and not result.table["carries"].any()
    assert "None of" in result.sentence
    assert "None of" in draw(result).get_suptitle()


def test_a_figure_has_a_bar_a_number() -> None:
    result = number_shares(tiny(), "ceasefire", runs=1_000)
    (axes,) = draw(result).axes
    assert [label.get_text() for label in axes.get_yticklabels()][::-1] == list(result.table.index[:8])


@pytest.mark.parametrize(
    ("of", "runs", "words"),
    [
        ("ceasefire", 10, "between 100 and 1,000,000, got 10"),
        ("peace", 1_000, "'peace' is no name"),
        ("training", 100, "no variance to share out"),
    ],
)
def test_what_cannot_be_asked_is_refused(of: str, runs: int, words: str) -> None:
    never = tiny().change({"rules.form.training_war": 0.0})
    with pytest.raises(ValueError, match=words):
        number_shares(never, of, runs=runs)
