"""Pairs of runs that differ in one number, low and high, and by how much they differ in every column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.run_measures import measures
from sim.batch import running
from sim.batch.designs import AT_ONCE
from sim.batch.running import RunOptions
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.world import building
from sim.world.draws import LUCK_COLUMN, input_quantiles

LOW, HIGH = 0.05, 0.95
GATE = "truce"
"""The gate that is held open in the second set of columns."""
_FIRST_WORD, _LAST_WORD = 0.0, 1.0 - 2.0**-53
"""Quantiles at which a choice has the first and the last of the words that can be drawn."""
_FLAT = 4
"""Runs of the flat batch that gives the spread of columns, over the number of pairs."""

Floats = NDArray[np.float64]


class Scales(NamedTuple):
    """The columns compared: their names, units ("sd", "share"), and the size of a unit, shape (columns,).

    ``varies`` says which of all columns these are: those that differ between runs of a flat batch.
    """

    names: list[str]
    units: list[str]
    size: Floats
    varies: NDArray[np.bool_]


class Sums(NamedTuple):
    """Differences of pairs, high less low, in units of their columns: sums and sums of squares, shape (columns,).

    ``pairs`` is how many pairs there are, ``changed`` in how many any column differs.
    """

    total: Floats
    squares: Floats
    pairs: int
    changed: int


class _Span(NamedTuple):
    """Pairs ``first`` to before ``last`` of a number: what is played of it in one call."""

    path: str
    first: int
    last: int


def scales(scenario: Scenario, pairs: int, seed: int, options: RunOptions) -> Scales:
    """Return the columns that vary in a flat batch of four times ``pairs`` runs, in both sets.

    The unit of a number is its standard deviation there, that of a yes or no a share of runs; a yes or no counts even
    if it is the same in all these runs.
    """
    flat = pd.concat(
        [
            measures(running.run(scenario, _FLAT * pairs, seed, **each)).add_suffix(name)
            for name, each in _sets(options).items()
        ],
        axis=1,
    )
    flags = (flat.dtypes == np.bool_).to_numpy()
    size = np.where(flags, 1.0, flat.astype(np.float64).std().to_numpy())
    varies = size > 0.0
    units = np.where(flags, "share", "sd")[varies].tolist()
    return Scales(flat.columns[varies].tolist(), units, size[varies], varies)


def play(
    scenario: Scenario, paths: Sequence[str], pairs: int, seed: int, columns: Scales, options: RunOptions
) -> dict[str, Sums]:
    """Return how runs 0 to ``pairs`` - 1 differ, by number: all the same but that the number is low, and high.

    Rows of several numbers share a call, each with the luck and the other inputs of its run. Pairs of which a run
    failed are left out.
    """
    quantiles = input_quantiles(building.build(scenario), seed, pairs)
    sums: dict[str, Sums] = {}
    for call in _calls(paths, pairs):
        rows = pd.concat([_rows(scenario, each, quantiles, call) for each in call], ignore_index=True)
        played = _both_sets(scenario, rows, seed, options)[:, columns.varies] / columns.size
        ends = np.cumsum([2 * (each.last - each.first) for each in call])
        for each, block in zip(call, np.split(played, ends[:-1]), strict=True):
            new = _differences(block)
            sums[each.path] = _added(sums[each.path], new) if each.path in sums else new
    return sums


def runs_played(numbers: int, pairs: int) -> int:
    """Return how many runs :func:`scales` and :func:`play` play for a number of inputs, in both sets of columns."""
    return len(_sets({})) * (_FLAT * pairs + 2 * pairs * numbers)


def quantiles_at_ends(prior: Prior) -> tuple[float, float]:
    """Return the quantiles at which a number is low and high; of a choice those of its first and its last word.

    >>> quantiles_at_ends(Prior("uniform", (0.0, 1.0)))
    (0.05, 0.95)
    """
    return (_FIRST_WORD, _LAST_WORD) if prior.words else (LOW, HIGH)


def _sets(options: RunOptions) -> dict[str, RunOptions]:
    """Return the options under which both sets of columns are played, by what is added to a column's name."""
    opened: RunOptions = {**options, "relaxed": sorted({*options.get("relaxed", ()), GATE})}
    return {"": options, f" ({GATE} held open)": opened}


def _calls(paths: Sequence[str], pairs: int) -> Iterator[list[_Span]]:
    """Yield what is played together: as many pairs of as many numbers as are in memory at once."""
    size = min(pairs, AT_ONCE // 2)
    spans = [_Span(path, at, min(at + size, pairs)) for path in paths for at in range(0, pairs, size)]
    together = max(1, AT_ONCE // (2 * size))
    for at in range(0, len(spans), together):
        yield spans[at : at + together]


def _rows(scenario: Scenario, span: _Span, quantiles: pd.DataFrame, call: Sequence[_Span]) -> pd.DataFrame:
    """Return the rows of some pairs: all with the number low, then all with it high; other inputs as they are."""
    one = quantiles.loc[span.first : span.last - 1, sorted({each.path for each in call})]
    one = one.assign(**{LUCK_COLUMN: one.index})
    low, high = quantiles_at_ends(scenario.leaves[span.path].prior)
    return pd.concat([one.assign(**{span.path: low}), one.assign(**{span.path: high})])


def _both_sets(scenario: Scenario, rows: pd.DataFrame, seed: int, options: RunOptions) -> Floats:
    """Return the measures of the rows, shape (rows, columns of both sets); NaN where a run failed."""
    played = []
    for each in _sets(options).values():
        ensemble = running.run(scenario, len(rows), seed, quantiles=rows, **each)
        played.append(measures(ensemble).astype(np.float64).reindex(np.arange(len(rows))).to_numpy())
    return np.hstack(played)


def _differences(block: Floats) -> Sums:
    low, high = np.split(block, 2)
    gap = high - low
    gap = gap[~np.isnan(gap).any(axis=1)]
    return Sums(gap.sum(axis=0), (gap * gap).sum(axis=0), len(gap), int((gap != 0.0).any(axis=1).sum()))


def _added(one: Sums, other: Sums) -> Sums:
    pairs, changed = one.pairs + other.pairs, one.changed + other.changed
    return Sums(one.total + other.total, one.squares + other.squares, pairs, changed)
