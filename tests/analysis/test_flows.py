"""Tests of flows: a table whose moves are known by hand, and how it is told and drawn."""

import pandas as pd
import pytest
from matplotlib.text import Text

import sim
from sim import batch, plots
from sim.analysis.flows import flows_between
from sim.ensemble import share
from sim.ensemble.results import Flows
from sim.plots.style import title_of
from tests.worlds import tiny

ENDS = pd.Series(["none"] * 6 + ["force"] * 4)
THERE = pd.Series(["none"] * 3 + ["force"] * 2 + ["training"] + ["force"] * 3 + ["none"])


@pytest.fixture(scope="module")
def result() -> Flows:
    return flows_between(ENDS, THERE, ("one", "other"), seed=3)


@pytest.fixture(scope="module")
def table(result: Flows) -> pd.DataFrame:
    return result.table


def test_runs_are_counted_by_where_they_ended_and_end(table: pd.DataFrame) -> None:
    counts = table["runs"].to_dict()
    assert counts["none", "none"] == 3
    assert counts["none", "force"] == 2
    assert counts["none", "training"] == 1
    assert counts["force", "none"] == 1
    assert counts["force", "training"] == 0
    assert table["runs"].sum() == 10


def test_shares_are_of_the_runs_that_ended_there_with_wilsons_interval(table: pd.DataFrame) -> None:
    row, known = table.loc[("none", "force")], share(2, 6)
    assert (row["of"], row["share"], row["low"], row["high"]) == (6, 2 / 6, known.low, known.high)


def test_the_shares_of_an_outcome_add_up_to_one(table: pd.DataFrame) -> None:
    assert table.groupby(level="a")["share"].sum().tolist() == pytest.approx([1.0, 1.0])


def test_the_sentence_tells_how_many_end_otherwise_and_the_largest_move(result: Flows) -> None:
    sentence = result.sentence
    assert sentence.startswith("Under other rather than one, 40.0% of 10 runs end differently")
    assert sentence.endswith("the largest change, 20.0% of all runs, is from none to force.")


def test_runs_that_one_side_lacks_are_left_out() -> None:
    assert flows_between(ENDS.iloc[2:], THERE.iloc[:8], ("x", "y")).table["runs"].sum() == 6


def test_sides_without_a_run_in_common_are_refused() -> None:
    with pytest.raises(ValueError, match="no run in common"):
        flows_between(ENDS.iloc[:2], THERE.iloc[5:], ("x", "y"))


def test_an_ensemble_flows_into_itself_along_the_diagonal() -> None:
    ensemble = batch.run(tiny(), 40, 4, workers=1)
    result = sim.flows(ensemble, ensemble)
    table = result.table
    same = table.index.get_level_values("a") == table.index.get_level_values("b")
    assert table.loc[same, "runs"].sum() == 40
    assert "none of 40 runs ends differently" in result.sentence
    assert "end otherwise" in title_of(plots.flows(result))


def test_ensembles_of_different_luck_do_not_flow_into_each_other() -> None:
    with pytest.raises(ValueError, match="seeds 4 and 5"):
        sim.flows(batch.run(tiny(), 4, 4, workers=1), batch.run(tiny(), 4, 5, workers=1))


def test_the_square_names_both_sides_and_writes_shares_into_its_cells(result: Flows) -> None:
    axes = plots.flows(result)
    texts = [text.get_text() for text in axes.findobj(Text)]
    assert {"50", "33", "17", "75", "25"} <= set(texts)
    assert "outcome under “one” (runs)" in texts
    assert "outcome under “other”" in texts
    assert "40% of runs end otherwise" in title_of(axes)


def test_a_result_shows_its_sentence_before_its_table_and_escapes_it() -> None:
    result = flows_between(ENDS, THERE, ("one", "<b>"))
    assert repr(result).startswith(f"{result.sentence}\n\n")
    assert result._repr_html_().startswith("<p>Under &lt;b&gt; rather than one")
    assert "<table" in result._repr_html_()
