"""Which inputs move the headline most: its share where an input lies low, against its share where it lies high."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import exactly, points
from sim.ensemble.results import Movers
from sim.ensemble.shares import Share, share
from sim.words import stamped

TENTH = 0.1
WORTH_TELLING = 2_000
"""The fewest runs for which `sim run` prints the movers."""
FIRST = 65_536
"""The largest number of runs compared, from the first on: a tenth of them tells a difference of half a point."""
_AT_ONCE = 1 << 21
"""How many values of inputs are in memory at once: 16 MB."""

Flags = NDArray[np.bool_]


class Move(NamedTuple):
    """How often something came about where a number is low and where it is high; 95% intervals, run noise only."""

    low: float
    high: float
    difference: float
    difference_low: float
    difference_high: float
    noise: float


def movers(ensemble: Ensemble, of: str, inputs: Sequence[str]) -> Movers:
    """Return, by input, how often ``of`` came about in its lowest and in its highest tenth of runs.

    A choice is compared at its lowest and highest word. ``.table`` has a row for each of ``inputs`` that varies, the
    largest difference first. Columns are those of :class:`Move`: the shares ``low`` and ``high``, their ``difference``,
    its 95% interval ``difference_low`` to ``difference_high``; and ``noise``: in 95 of 100 ensembles in which no number
    mattered, the largest of all differences would be smaller than this, so one that is smaller means nothing.

    Raises
    ------
    ValueError
        If the ensemble kept no inputs, has no such input, or ``of`` is no event.
    """
    what, came = ensemble.event(of).phrase, ensemble.happened(of).to_numpy(dtype=np.bool_)
    shares = {name: (_share(came, few), _share(came, many)) for name, few, many in _ends(ensemble, inputs)}
    allowance = largest_of(len(shares)) if shares else 0.0
    table = pd.DataFrame([move(*pair, allowance) for pair in shares.values()], index=list(shares), columns=Move._fields)
    table = table.sort_values("difference", key=abs, ascending=False, kind="stable").rename_axis("input")
    about = ensemble.manifest
    return Movers(table, stamped(_sentence(table, what), ensemble.stamp), about["scenario"], about["seed"], of, what)


def _sentence(table: pd.DataFrame, what: str) -> str:
    if table.empty or abs(table["difference"].iloc[0]) <= table["noise"].iloc[0]:
        return f"Of {len(table):,} inputs, none is shown to matter for {what}."
    first = table.iloc[0]
    return (
        f"Of {len(table):,} inputs, {table.index[0]} matters most for {what}: {exactly(first['low'])} of runs where it "
        f"is lowest, {exactly(first['high'])} where it is highest "
        f"({points(first['difference_low'], first['difference_high'])} points, 95% run noise)."
    )


def move(low: Share, high: Share, allowance: float) -> Move:
    """Return the difference between two shares, with its interval (Newcombe 1998, method 10).

    ``allowance`` is the number of standard errors, under no difference, that count as noise.

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
    """Return how many standard errors bound the largest of ``differences`` differences of noise, 95% (Šidák 1967).

    >>> round(largest_of(1), 2), round(largest_of(600), 2)
    (1.96, 3.93)
    """
    return NormalDist().inv_cdf((1.0 + 0.95 ** (1.0 / differences)) / 2.0)


def _share(came: Flags, among: Flags) -> Share:
    return share(int((came[: len(among)] & among).sum()), int(among.sum()))


def _ends(ensemble: Ensemble, names: Sequence[str]) -> Iterator[tuple[str, Flags, Flags]]:
    """Yield every input that varies, with which runs have it in its lowest and which in its highest tenth."""
    rows = len(ensemble.read(["run"], table="inputs", runs=FIRST))
    columns = max(1, _AT_ONCE // max(1, rows))
    for first in range(0, len(names), columns):
        few = names[first : first + columns]
        for name, values in zip(few, ensemble.numbers(few, rows, "inputs"), strict=True):
            low, high = np.quantile(values, [TENTH, 1.0 - TENTH])
            if low == high:
                low, high = values.min(), values.max()
            if low < high:
                yield name, values <= low, values >= high
