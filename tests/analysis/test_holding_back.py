"""What holds an actor back: what is taken away by itself, what it moves, and how the command tells it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.analysis.holding_back import holding_back
from sim.cli import app
from tests.worlds import baseline

TOGETHER = "all of these together"
DEMAND = "its demand for a backstop"


def test_what_holds_poland_back_are_its_stance_and_its_leaning() -> None:
    result = holding_back(baseline(), "poland", runs=600)
    assert set(result.table.index[:2]) == {"its stance (pledged instead)", "its own leaning (at its upper end)"}
    assert result.table.loc[TOGETHER, "ready_truce"] > 0.9
    assert result.sentence.startswith("Poland ends ready to go")
    assert result.table.index[0] in result.sentence


def test_a_demand_taken_away_is_the_change_none() -> None:
    result = holding_back(baseline(), "netherlands", runs=600)
    assert result.table.loc[DEMAND, "low_truce"] > 0.0
    without = holding_back(baseline().change({"actors.netherlands.needs.us_backstop": "none"}), "netherlands", runs=600)
    assert DEMAND not in without.table.index


def test_every_run_is_counted_as_it_is_finished() -> None:
    counted: list[int] = []
    result = holding_back(baseline(), "poland", runs=20, progress=counted.append)
    assert sum(counted) == 2 * 20 * (len(result.table) + 1), "each row and the base, as configured and with a ceasefire"


def test_both_governments_of_germany_count_as_its_stance() -> None:
    result = holding_back(baseline(), "germany", runs=200)
    assert result.table.loc["its stance (pledged instead)", "difference_truce"] > 0.0


def test_sizes_come_in_order_and_intervals_hold_their_difference() -> None:
    table = holding_back(baseline(), "sweden", runs=400).table.drop(index=TOGETHER)
    assert table["difference_truce"].is_monotonic_decreasing
    assert (
        (table["low_truce"] <= table["difference_truce"]) & (table["difference_truce"] <= table["high_truce"])
    ).all()


def test_whoever_sends_no_troops_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match=r"no contributor.*allowed: canada"):
        holding_back(baseline(), "russia", runs=100)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["actors.polland", "--why"], "did you mean 'poland'"),
        (["network", "--why"], "sim show CONFIG actors.NAME --why"),
        (["--why"], "no path"),
        (["actors.poland", "--json"], "belong to --why"),
    ],
)
def test_wrong_use_is_refused_with_what_is_allowed(arguments: list[str], words: str) -> None:
    result = CliRunner().invoke(app, ["show", "baseline", *arguments])
    assert result.exit_code == 2
    assert words in result.output.replace("\n", " ")


def test_the_command_tells_the_same_as_text_and_as_json(tmp_path: Path) -> None:
    shown = CliRunner().invoke(app, ["show", "baseline", "actors.poland", "--why", "--runs", "200"])
    assert shown.exit_code == 0
    assert "as configured" in shown.output
    as_json = CliRunner().invoke(app, ["show", "baseline", "actors.poland", "--why", "--runs", "200", "--json"])
    content = json.loads(as_json.output)
    assert content["actor"] == "poland"
    assert content["sentence"] in shown.output.replace("\n", " ")
    assert content["taken_away"][TOGETHER]["ready"] > 0.9
