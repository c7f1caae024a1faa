"""Draw with compiled code: the luck of a block in NumPy's bits, and many priors of the scenario at once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim import vocabulary
from sim.kernel.machine_code import Compiled
from sim.scenario.priors import Prior, quantile
from sim.world import streams
from sim.world.columns import Floats, Ints
from sim.world.draws import Means

_WIDTH = max(len(words) for words in vocabulary.SCALES.values())
_FILL = Compiled("sim.kernel.inputs", "fill")
_QUANTILES = Compiled("sim.kernel.inputs", "quantiles")


def fill(seed: int, names: Sequence[str], block: int, rounds: int) -> Floats:
    """Return the luck of one block of many streams, of shape (names, rounds, BLOCK): that of ``streams.fill``.

    In memory a run's luck lies together, a round after the other, as the kernel reads it.
    """
    keys = np.array([streams.key(name) for name in names], dtype=np.uint64)
    into = streams.empty((streams.BLOCK, rounds, len(names)))
    _FILL(np.uint64(seed), keys, np.uint64(block), into)
    return into.transpose(2, 1, 0)


def quantiles(drawn: Sequence[Prior], u: Floats) -> Floats:
    """Return the values of many priors, of shape (priors, runs), at the probabilities ``u`` of that shape."""
    by_run = np.ascontiguousarray(u.T)
    into = streams.empty(by_run.shape)
    _QUANTILES(_table(tuple(drawn)), by_run, into)
    for at, prior in enumerate(drawn):
        if prior.kind == "pool":  # rare, and pieces without number: not worth a place in the table
            into[:, at] = quantile(prior, by_run[:, at])
    return into.T


class Table(NamedTuple):
    """Many priors as compiled code reads them.

    ``low``, ``likely`` and ``high`` are those of triangular priors, by prior; a fixed number is one without width. The
    others stand apart: the places of ``uniform`` ones, and of ``choices``, whose shares ``cumulated`` are filled up
    with infinity.
    """

    low: Floats
    likely: Floats
    high: Floats
    uniform: Ints
    choices: Ints
    cumulated: Floats


@lru_cache(maxsize=8)
def _table(drawn: tuple[Prior, ...]) -> Table:
    numbers = {"fixed": (0, 0, 0), "triangular": (0, 1, 2), "uniform": (0, 0, 1)}
    bounds = np.array([[prior.numbers[at] for at in numbers.get(prior.kind, ())] or [0.0] * 3 for prior in drawn])
    uniform, choices = ([at for at, prior in enumerate(drawn) if prior.kind == kind] for kind in ("uniform", "choice"))
    cumulated = np.full((len(choices), _WIDTH), np.inf)
    for row, at in zip(cumulated, choices, strict=True):
        shares = np.cumsum(drawn[at].numbers)[:-1][: int(drawn[at].high)]  # they may add up to a little less than 1
        row[: len(shares)] = shares
    low, likely, high = (np.ascontiguousarray(column) for column in bounds.reshape(-1, 3).T)
    return Table(low, likely, high, np.array(uniform, dtype=np.int64), np.array(choices, dtype=np.int64), cumulated)


MEANS = Means(fill, quantiles, as_it_plays=True)
"""How the compiled engine draws."""
