"""Tests of nested designs: which inputs and which luck each run has."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import sim
from sim.analysis.certainty import by_draw
from sim.analysis.nested import nested
from sim.batch import designs
from sim.batch.designs import nested_runs
from sim.ensemble.ensemble import Ensemble
from tests.worlds import tiny

DRAWS, LUCK, SEED = 6, 4, 3
MESA = {"workers": 1, "engine": "mesa"}


def pieces(at_once: int, monkeypatch: pytest.MonkeyPatch) -> list[tuple[Ensemble, np.ndarray]]:
    """Return the design in pieces of so many runs."""
    monkeypatch.setattr(designs, "AT_ONCE", at_once)
    return list(nested_runs(tiny(), DRAWS, LUCK, SEED, **MESA))


def test_every_run_of_a_nested_design_is_played_once(monkeypatch: pytest.MonkeyPatch) -> None:
    numbers = np.concatenate([numbers for _, numbers in pieces(10, monkeypatch)])
    assert numbers.tolist() == list(range(DRAWS * LUCK))


def test_runs_of_one_draw_share_all_inputs_and_those_of_others_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    ((ensemble, numbers),) = pieces(DRAWS * LUCK, monkeypatch)
    inputs = ensemble.inputs.drop(columns="run")
    assert (inputs.groupby(numbers // LUCK).nunique() == 1).all(axis=None)
    assert len(inputs.drop_duplicates()) == DRAWS


def test_a_draw_has_the_inputs_of_the_run_of_its_number_in_a_flat_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    ((ensemble, _),) = pieces(DRAWS * LUCK, monkeypatch)
    flat = sim.run(tiny(), DRAWS, SEED, **MESA)
    drawn = ensemble.inputs.iloc[::LUCK].drop(columns="run").reset_index(drop=True)
    pd.testing.assert_frame_equal(drawn, flat.inputs.drop(columns="run"))


def test_a_nested_design_gives_the_same_rows_in_pieces_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, cut = (
        pd.concat([ensemble.runs.assign(run=numbers) for ensemble, numbers in pieces(size, monkeypatch)])
        for size in (DRAWS * LUCK, 7)
    )
    pd.testing.assert_frame_equal(whole.reset_index(drop=True), cut.reset_index(drop=True))


@pytest.mark.parametrize(("draws", "luck"), [(1, 5), (5, 1), (0, 0)])
def test_a_nested_design_of_one_draw_or_one_run_is_refused(draws: int, luck: int) -> None:
    with pytest.raises(ValueError, match=f"at least 2 draws of 2 runs, got {draws}x{luck}"):
        next(nested_runs(tiny(), draws, luck, SEED))


def test_those_who_ask_a_nested_design_count_the_same_runs() -> None:
    by_number = by_draw(tiny(), DRAWS, LUCK, SEED, **MESA).table
    assert by_number["runs"].tolist() == [LUCK] * DRAWS
    over = nested(tiny(), DRAWS, LUCK, SEED, **MESA)["deployed"]
    assert (over["draws"], over["runs_per_draw"]) == (DRAWS, LUCK)
    assert over["p10"] <= by_number["deployed"].sum() / (DRAWS * LUCK) <= over["p90"] or over["p10"] == over["p90"]
