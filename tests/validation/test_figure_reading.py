"""Tests of the second reading of published figures and orders: it covers what stands, and differences are settled."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from sim.cli import app
from sim.reading.errors import InputError
from sim.reading.files import shipped_folder
from sim.validation import figure_reading
from tests.worlds import baseline

READ = figure_reading.agreement(baseline())


def test_nearly_every_anchored_number_was_read_again() -> None:
    anchored = {leaf.inherited or leaf.path for leaf in baseline().leaves.values() if leaf.reasons.anchor}
    read = set(READ.figures["number"])
    assert read <= anchored
    assert len(read) > 0.9 * len(anchored)


def test_nearly_every_order_was_read_again() -> None:
    pairs = {
        frozenset((path, other))
        for path, leaf in baseline().leaves.items()
        for other in (*leaf.reasons.more_than, *leaf.reasons.less_than)
        if not leaf.inherited
    }
    read = {frozenset(pair) for pair in zip(READ.orders["number"], READ.orders["other"], strict=True)}
    assert len(pairs & read) > 0.9 * len(pairs)


def test_every_difference_is_settled_in_writing() -> None:
    differing = READ.figures[~READ.figures["inside"]]
    assert len(differing)
    assert differing["settled"].notna().all()


def test_no_order_is_read_the_other_way() -> None:
    assert READ.orders["agrees"].mean() > 0.9
    assert set(READ.orders.loc[~READ.orders["agrees"], "second"]) <= {figure_reading.NEITHER}


def test_overlap_is_what_both_hold_of_what_either_holds() -> None:
    assert figure_reading._overlap((0.0, 1.0, 2.0), 1.0, 3.0) == pytest.approx(1 / 3)
    assert figure_reading._overlap((0.0, 0.5, 1.0), 2.0, 3.0) == 0.0
    assert figure_reading._overlap((1.0, 1.0, 1.0), 1.0, 1.0) == 1.0


def test_a_fault_in_a_reading_has_its_place(tmp_path: Path) -> None:
    home = shipped_folder("seeds") / "recoded"
    (tmp_path / "settled_figures.yaml").write_text((home / "settled_figures.yaml").read_text())
    (tmp_path / "figures.yaml").write_text("figures:\n  f1: {number: x, low: 1, bears: well}\norders: {}\n")
    with pytest.raises(InputError, match=r"figures.yaml:2:.*has low, likely and high, or shares"):
        figure_reading.agreement(baseline(), tmp_path)


def test_the_command_tells_both_readings() -> None:
    shown = CliRunner().invoke(app, ["evidence", "agreement"]).output
    assert " ".join(READ.sentence.split()[:8]) in " ".join(shown.split())
