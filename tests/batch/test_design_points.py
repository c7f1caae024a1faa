"""Batches of an analysis kept in a folder: the same answer, taken up again after an interruption, failures noted."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from sim.analysis.sweep import sweep
from sim.batch import arms, design_points, running
from sim.batch.answers import Answer
from sim.ensemble.atomic_files import Refused
from sim.ensemble.ensemble import Ensemble
from tests.worlds import tiny

GRID = {"actors.usa.posture.start": [-1.0, 0.0, 1.0]}


def swept(**options: Any) -> pd.DataFrame:
    return sweep(tiny(), GRID, of="deployed", runs=64, **options).table


def ledger(folder: Path) -> dict[str, dict[str, Any]]:
    return dict(json.loads((folder / design_points.LEDGER).read_text()))


def test_what_is_kept_gives_the_same_answer(tmp_path: Path) -> None:
    plain = swept()
    with design_points.kept(tmp_path / "points") as points:
        pd.testing.assert_frame_equal(swept(), plain)
        assert points is not None
        assert (points.opened, points.count("done")) == (0, 3)
    assert design_points.current() is None


def test_what_is_done_is_read_and_not_played_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with design_points.kept(tmp_path):
        first = swept()

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("played again")

    monkeypatch.setattr(arms, "play", refuse)
    with design_points.kept(tmp_path) as points:
        pd.testing.assert_frame_equal(swept(), first)
    assert points is not None
    assert points.opened == 3


def batched(**options: Any) -> list[Ensemble]:
    """Return the runs of three scenarios, each a batch of its own."""
    each = (tiny().change({"actors.usa.posture.start": value}) for value in (-1.0, 0.0, 1.0))
    return [running.run(scenario, 64, **options) for scenario in each]


class Stop:
    """Interrupts an analysis once more runs were played than those of a point."""

    def __init__(self) -> None:
        self.seen = 0

    def __call__(self, runs: int) -> None:
        """Note runs that were played."""
        self.seen += runs
        if self.seen > 64:
            raise KeyboardInterrupt


def test_interrupted_batches_go_on_where_they_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), design_points.kept(tmp_path):
        batched(progress=Stop())
    assert sorted(entry["status"] for entry in ledger(tmp_path).values()) == ["done", "pending"]
    with design_points.kept(tmp_path) as points:
        batched()
    assert points is not None
    assert (points.opened, points.count("done")) == (1, 3)


def test_an_interrupted_design_goes_on_at_the_point_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), design_points.kept(tmp_path):
        swept(progress=Stop(), workers=1)
    assert sorted(entry["status"] for entry in ledger(tmp_path).values()) == ["done", "done"]
    plain = swept()
    with design_points.kept(tmp_path) as points:
        pd.testing.assert_frame_equal(swept(), plain)
    assert points is not None
    assert (points.opened, points.count("done")) == (2, 3)


def test_points_under_way_are_pending(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole, seen = arms.play, list[str]()

    def look(*asked: Any) -> Answer:
        seen.append(" ".join(sorted(entry["status"] for entry in ledger(tmp_path).values())))
        return whole(*asked)

    monkeypatch.setattr(arms, "play", look)
    with design_points.kept(tmp_path):
        swept(workers=1)
    assert seen == ["pending", "done pending", "done done pending"]


def test_another_seed_is_another_point(tmp_path: Path) -> None:
    with design_points.kept(tmp_path) as points:
        swept(seed=1)
        swept(seed=2)
    assert points is not None
    assert points.count("done") == 6


def fail(*_: object, **__: object) -> None:
    raise running.BatchFailed("all 64 runs failed")


def test_what_fails_is_noted_with_its_message(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running.block, "tables", fail)
    monkeypatch.setattr(arms, "play", fail)
    for name, ask in (("batches", batched), ("points", swept)):
        with pytest.raises(running.BatchFailed), design_points.kept(tmp_path / name):
            ask(workers=1)  # type: ignore[operator]
        (entry,) = ledger(tmp_path / name).values()
        assert entry["status"] == "failed"
        assert "all 64 runs failed" in entry["message"]


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work")
    with pytest.raises(Refused, match=r"thesis\.docx"), design_points.kept(tmp_path):
        pass
    assert [each.name for each in tmp_path.iterdir()] == ["thesis.docx"]


def test_a_ledger_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / design_points.LEDGER).write_text("[1, 2")
    with pytest.raises(Refused, match=r"points\.json"), design_points.kept(tmp_path):
        pass


def test_a_folder_has_one_writer(tmp_path: Path) -> None:
    with design_points.kept(tmp_path), pytest.raises(Refused, match="another batch"), design_points.kept(tmp_path):
        pass
