"""Which numbers move the headline most: its share where a number lies low, against that where it lies high."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import Share, share

TENTH = 0.1
WORTH_TELLING = 2_000
"""Runs from which on `sim run` tells the movers."""
FIRST = 200_000
"""Runs looked at, from the first on: their differences are far finer than matters."""
_AT_ONCE = 64
"""Columns of inputs in memory at once."""

Flags = NDArray[np.bool_]


class Move(NamedTuple):
    """How often something came about where a number is low and where it is high; 95% intervals, run noise only."""

    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    noise: float


def movers(ensemble: Ensemble, what: str, inputs: Sequence[str]) -> pd.DataFrame:
    """Return, by input, how often ``what`` came about in its lowest and in its highest tenth of runs.

    A choice is compared at its lowest and highest word. Of ``inputs`` those that vary are told, the largest difference
    first. Columns are those of :class:`Move`: the shares ``low`` and ``high``, their ``difference``, its 95% interval
    ``difference_low`` to ``difference_high``; and ``noise``: in 95 of 100 ensembles in which no number mattered, the
    largest of all differences would be smaller than this, so one that is smaller means nothing.

    Raises
    ------
    ValueError
        If the ensemble kept no inputs, or has no such input.
    """
    came = ensemble.happened(what).to_numpy(dtype=np.bool_)
    found = {name: (_share(came, few), _share(came, many)) for name, few, many in _ends(ensemble, inputs)}
    allowance = largest_of(len(found)) if found else 0.0
    table = pd.DataFrame([move(*pair, allowance) for pair in found.values()], index=list(found), columns=Move._fields)
    return table.sort_values("difference", key=abs, ascending=False, kind="stable").rename_axis("input")


def move(low: Share, high: Share, allowance: float) -> Move:
    """Return the difference between two shares, with its interval (Newcombe 1998, method 10).

    ``allowance`` says how many standard errors of a difference, were there none, count as noise.

    >>> [round(x, 3) for x in move(share(56, 70), share(48, 80), 2.0)]
    [0.8, 0.6, -0.2, -0.334, -0.052, 0.151]
    """
    one, other = low.probability, high.probability
    gap, pooled = other - one, (low.hits + high.hits) / (low.of + high.of)
    return Move(
        one,
        other,
        gap,
        gap - sqrt((other - high.low) ** 2 + (low.high - one) ** 2),
        gap + sqrt((high.high - other) ** 2 + (one - low.low) ** 2),
        allowance * sqrt(pooled * (1.0 - pooled) * (1.0 / low.of + 1.0 / high.of)),
    )


def largest_of(differences: int) -> float:
    """Return how many standard errors the largest of so many differences of noise stays within, 95% (Šidák 1967).

    >>> round(largest_of(1), 2), round(largest_of(600), 2)
    (1.96, 3.93)
    """
    return NormalDist().inv_cdf((1.0 + 0.95 ** (1.0 / differences)) / 2.0)


def _share(came: Flags, among: Flags) -> Share:
    return share(int((came[: len(among)] & among).sum()), int(among.sum()))


def _ends(ensemble: Ensemble, names: Sequence[str]) -> Iterator[tuple[str, Flags, Flags]]:
    """Yield every input that varies, with which runs have it in its lowest and which in its highest tenth."""
    where = f"run < {FIRST}" if len(ensemble) > FIRST else None
    for first in range(0, len(names), _AT_ONCE):
        table = ensemble.read(names[first : first + _AT_ONCE], where, table="inputs")
        for name, column in table.items():
            values = column.to_numpy(dtype=np.float64)
            low, high = np.quantile(values, [TENTH, 1.0 - TENTH])
            if low == high:
                low, high = values.min(), values.max()
            if low < high:
                yield str(name), values <= low, values >= high
