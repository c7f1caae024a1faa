"""The compiled engine draws luck as it plays: the same numbers as were they drawn beforehand, and nothing is kept."""

from __future__ import annotations

from importlib import import_module

import numpy as np
import pytest

from sim import world
from sim.batch import engines
from sim.kernel.draws import MEANS
from sim.world import streams
from sim.world.columns import BlockLuck, Luck, World
from tests.twins import SEED, first_difference
from tests.worlds import tiny

RUNS = 6


def test_luck_drawn_as_a_run_is_played_is_that_drawn_beforehand() -> None:
    structure = world.build(tiny())
    for number in (0, 3):
        inputs, luck = world.draw(structure, SEED, number, means=MEANS)
        as_it_plays = engines.compiled(structure, inputs, luck, RUNS, (), True)
        beforehand = engines.compiled(structure, inputs, Luck(luck.values), RUNS, (), True)
        assert first_difference(as_it_plays, beforehand) is None


def test_a_whole_block_is_played_without_its_luck_ever_being_drawn_together(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(luck: BlockLuck) -> None:
        raise AssertionError("the luck of a block was drawn together")

    monkeypatch.setattr(BlockLuck, "values", property(refused))
    structure = world.build(tiny())
    inputs, luck = world.draw(structure, SEED, 0, means=MEANS)
    assert len(engines.compiled(structure, inputs, luck, RUNS).rows) == RUNS


def test_memory_for_a_block_has_the_shape_asked_for() -> None:
    small, large = streams.empty((3, 5)), streams.empty((1024, 1024))
    small[:] = 1.0
    assert (small.shape, large.shape) == ((3, 5), (1024, 1024))
    assert np.array_equal(small, np.ones((3, 5)))


def test_luck_at_its_extremes_and_at_the_bounds_of_its_formulas_is_played_alike() -> None:
    structure = world.build(tiny())
    inputs, luck = world.draw(structure, SEED, 0, means=MEANS)
    low = (0.0, 2.0**-53, 1e-12, 1.3e-11, 1.4e-11, 1e-10, 1e-9, 0.075, 0.0750000001, 0.49999999999999994)
    bounds = np.array([*low, 0.5, *(1.0 - each for each in low[1:])])
    drawn = np.random.default_rng(3).choice(bounds, luck.values[:, :, :RUNS].shape)
    mesa, compiled = (
        engine(structure, inputs, Luck(drawn), RUNS, (), True) for engine in (engines.mesa, engines.compiled)
    )
    assert first_difference(mesa, compiled) is None


def test_a_world_is_laid_out_once_and_never_for_another(monkeypatch: pytest.MonkeyPatch) -> None:
    laid_out: list[World] = []
    play = import_module("sim.kernel.play")  # the room hands out its function under the same name
    whole = play.plan
    monkeypatch.setattr(play, "plan", lambda world, size: (laid_out.append(world), whole(world, size))[1])
    one, other = world.build(tiny()), world.build(tiny().change({"rules.hold.tour_weeks": 5.0}))
    rows = []
    for structure in (one, other, one, other):
        inputs, luck = world.draw(structure, SEED, 0, means=MEANS)
        rows.append(engines.compiled(structure, inputs, luck, RUNS))
    assert len(laid_out) == 2
    assert first_difference(rows[0], rows[2]) is None
    assert first_difference(rows[1], rows[3]) is None
