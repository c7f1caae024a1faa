"""Hold what belligerents foresee against what happens: of truces signed, how often a force forms within half a year.

``follows`` is the chance that all read from public facts when a truce is signed (:func:`sim.rules.foresight.follows`).
It is calibrated inside the model if among signings at which it says one in five a force forms after one in five.
"""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import world
from sim.ensemble import columns
from sim.ensemble.shares import share
from sim.kernel import draws, play
from sim.scenario.loading import load
from sim.world import streams

Floats = NDArray[np.float64]
_WEEKLY = {name: at for at, name in enumerate(columns.WEEKLY)}
WITHIN = 26
BINS = 5
SEED = 29


class Bin(NamedTuple):
    """Signings that foresight ranks together: how many, the mean chance foreseen, and how often a force formed."""

    signings: int
    foreseen: float
    formed: float
    low: float
    high: float


class Calibration(NamedTuple):
    """Foresight against what happened: over all signings, and in bins of equal size by the chance foreseen."""

    runs: int
    all: Bin
    bins: tuple[Bin, ...]


@cache
def signings(runs: int, seed: int = SEED) -> Floats:
    """Return a row a signing of the baseline, followed for half a year: the chance foreseen, whether a force formed.

    Signings at which a force is in the field, or no mission on the table, foresee nothing and are left out. Runs last
    half a year longer than the baseline's, so that no signing of its first year is cut off.
    """
    structure = world.build(load("baseline").change({"horizon_weeks": 52 + WITHIN}))
    parts = [_block(structure, seed, block) for block in range(runs // streams.BLOCK)]
    return np.concatenate(parts)


def _block(structure: world.World, seed: int, block: int) -> Floats:
    inputs, luck = world.draw(structure, seed, block, means=draws.MEANS)
    weekly = play(structure, inputs, luck, streams.BLOCK, weekly=True).weekly
    assert weekly is not None
    begun = np.diff(weekly[:, :, _WEEKLY["truces"]], axis=1, prepend=0.0) > 0
    force, mission = weekly[:, :, _WEEKLY["force"]], weekly[:, :, _WEEKLY["mission"]]
    begun[:, 1:] &= force[:, :-1] < 0
    begun &= mission >= 0
    begun[:, weekly.shape[1] - WITHIN :] = False
    rows = [
        (weekly[run, week, _WEEKLY["follows"]], float((force[run, week : week + WITHIN + 1] >= 0).any()))
        for run, week in zip(*np.nonzero(begun), strict=True)
    ]
    return np.array(rows, dtype=np.float64).reshape(-1, 2)


def calibration(runs: int, seed: int = SEED) -> Calibration:
    """Return how well foresight is calibrated, in bins of as many signings each."""
    table = signings(runs, seed)
    ranked = table[np.argsort(table[:, 0], kind="stable")]
    return Calibration(runs, _bin(ranked), tuple(_bin(part) for part in np.array_split(ranked, BINS)))


def _bin(part: Floats) -> Bin:
    formed = share(int(part[:, 1].sum()), len(part))
    return Bin(len(part), float(part[:, 0].mean()), float(part[:, 1].mean()), formed.low, formed.high)
