"""The share of runs with an event over chosen values of one input, two, or many."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis.optional_libraries import needed
from sim.analysis.paired import paired_difference
from sim.analysis.points import PointsFile, cell_place
from sim.batch.arms import Arm, came_about
from sim.batch.running import RunOptions, check_runs
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import exactly, points
from sim.ensemble.results import Sweep
from sim.ensemble.shares import Share, share
from sim.reading import plain_data
from sim.reading.errors import Fault, InputError, Place
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import priors
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario
from sim.words import figure
from sim.world import building, draws
from sim.world.columns import Floats

RUNS = 5_000
"""Runs at each point by default."""
MOST_POINTS = 10_000
COLUMNS = ("probability", "low", "high", "runs")


@takes_whole_numbers
def sweep(
    scenario: Scenario | str | Path,
    points: Mapping[str, Sequence[float | str]] | pd.DataFrame | PointsFile | NDArray[Any],
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    *,
    paths: Sequence[str] | None = None,
    **options: Unpack[RunOptions],
) -> Sweep:
    """Return the share of runs in which ``of`` came about, at each of some points.

    ``points`` is a table with a column a config path and a row a point, the :class:`PointsFile` of a file, or by path
    the values to combine, each with each; values are numbers, or words for choices. An array, such as SALib and scipy
    make, has a row a point and a column for each of ``paths``. Run k has the same luck at every
    point, and the same other inputs. ``.table`` has the columns of the points, then ``probability``, its 95% run noise
    ``low`` and ``high`` (Wilson), and ``runs``. ``.sentence`` compares the ends, ``.paths`` names the paths swept.
    ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a path is no input, a value does not fit it, or there is no point or too many; for the points of a file, an
        :class:`sim.reading.errors.InputError` with the place.
    """
    scenario = as_scenario(scenario)
    check_runs(runs)
    what = event(of, scenario.parts.missions, names=scenario.names).phrase
    if isinstance(points, PointsFile):
        table, file = points.table, points.file
    else:
        table, file = _table(points, paths), None
    _check(scenario, table, file)
    shares, ends = _played(scenario, table, of, runs, seed, options)
    rows = [(each.probability, each.low, each.high, each.of) for each in shares]
    swept = list(table.columns)
    table = pd.concat([table.reset_index(drop=True), pd.DataFrame(rows, columns=list(COLUMNS))], axis=1)
    both = ~np.isnan(ends.least) & ~np.isnan(ends.most)
    gap = paired_difference(pd.Series(ends.least[both] > 0.0), pd.Series(ends.most[both] > 0.0))
    return Sweep(table, _sentence(table, swept, what, runs, gap), scenario.name, seed, of, what, runs, swept)


class _Ends(NamedTuple):
    """Of the points where the share is least and most, run by run: 1 where it came about, not a number if it failed."""

    least: Floats
    most: Floats


def _played(
    scenario: Scenario, table: pd.DataFrame, of: str, runs: int, seed: int, options: RunOptions
) -> tuple[list[Share], _Ends]:
    """Play all points as one stream, so that every core works until the last; no table is made of their runs."""
    points = table.to_dict("records")
    arms = (Arm(scenario, np.arange(runs), values=_repeated(values, runs)) for values in points)
    shares: list[Share] = []
    for came in came_about(arms, [of], seed, **options):
        left = came[of][~np.isnan(came[of])]
        shares.append(share(int(left.sum()), len(left)))
        here = shares[-1].probability
        if len(shares) == 1:
            ends, least, most = _Ends(came[of], came[of]), here, here
        if here < least:
            ends, least = ends._replace(least=came[of]), here
        if here > most:
            ends, most = ends._replace(most=came[of]), here
    return shares, ends


def _repeated(values: Mapping[Hashable, Any], runs: int) -> pd.DataFrame:
    return pd.DataFrame({path: [value] * runs for path, value in values.items()})


def _table(
    points: Mapping[str, Sequence[float | str]] | pd.DataFrame | NDArray[Any], paths: Sequence[str] | None
) -> pd.DataFrame:
    """Return points as a table, a column a path."""
    if not isinstance(points, np.ndarray):
        if paths is not None:
            raise ValueError("paths go with an array of points; a table and a mapping name theirs")
        return points if isinstance(points, pd.DataFrame) else grid(points)
    if paths is None:
        raise ValueError("an array of points needs paths=[...], a config path for each of its columns")
    table = points.reshape(-1, 1) if points.ndim == 1 else points
    if table.ndim != 2 or table.shape[1] != len(paths):
        raise ValueError(f"{len(paths)} paths name the columns of an array of shape {points.shape}")
    return pd.DataFrame(table, columns=list(paths))


def grid(values: Mapping[str, Sequence[float | str]]) -> pd.DataFrame:
    """Return all combinations of the values of each path, a row a point; values of NumPy and pandas are Python's.

    Raises
    ------
    ValueError
        If the values are no map of lists of numbers and words.

    >>> grid({"a": [1, 2], "b": ["x", "y"]}).values.tolist()
    [[1, 'x'], [1, 'y'], [2, 'x'], [2, 'y']]
    """
    if not isinstance(values, Mapping):
        raise ValueError(f"points are a table, or a map of path: values to combine, got {plain_data.named(values)}")
    return pd.DataFrame(list(product(*(_listed(*each) for each in values.items()))), columns=list(values))


def _listed(path: str, values: object) -> list[object]:
    if isinstance(values, str) or not isinstance(values, Iterable):
        raise ValueError(f"{path}: expected a list of values, got {plain_data.named(values)}")
    listed = [plain_data.plain(value) for value in values]
    if strange := next((value for value in listed if isinstance(value, list | dict)), None):
        raise ValueError(f"{path}: a point has one number or word for each path, got {strange!r}")
    return listed


def hypercube(ranges: Mapping[str, tuple[float, float]], points: int, seed: int = 1) -> pd.DataFrame:
    """Return points that fill the ranges of paths evenly (Latin hypercube; McKay, Beckman and Conover 1979).

    Raises
    ------
    ValueError
        If there are fewer than 2 points, or scipy is missing.
    """
    if points < 2:
        raise ValueError(f"a Latin hypercube takes at least 2 points, got {points}")
    unit = needed("scipy.stats").qmc.LatinHypercube(len(ranges), rng=seed).random(points)
    low, high = ([ends[at] for ends in ranges.values()] for at in (0, 1))
    return pd.DataFrame(low + unit * (pd.Series(high) - pd.Series(low)).to_numpy(), columns=list(ranges))


def _check(scenario: Scenario, table: pd.DataFrame, file: str | None) -> None:
    if not 1 <= len(table) <= MOST_POINTS or not len(table.columns):
        raise ValueError(f"a sweep has between 1 and {MOST_POINTS:,} points of at least one path, got {len(table):,}")
    structure = building.build(scenario)
    try:
        draws.check_table(structure, table.drop(columns=draws.LUCK_COLUMN, errors="ignore"))
    except ValueError as error:
        if file is None:
            raise
        unknown = next(at for at, name in enumerate(table.columns) if name not in structure.names.inputs)
        raise InputError([Fault(Place(file, 1, unknown + 1), "", str(error))]) from None
    if draws.LUCK_COLUMN in table.columns:
        raise ValueError(f"{draws.LUCK_COLUMN!r} is no input; all points of a sweep share their luck")
    for path in table.columns:
        for value in table[path].unique().tolist():
            try:
                priors.code_of(scenario.leaves[path].prior, value)
            except ValueError as error:
                if file is None:
                    raise ValueError(f"{path}: {error}") from None
                row = int((table[path] == value).to_numpy().argmax())
                raise InputError([Fault(cell_place(file, table, row, path), path, str(error))]) from None


def _sentence(table: pd.DataFrame, paths: list[str], what: str, runs: int, gap: Mapping[str, float]) -> str:
    """Return where the share is least and most, and the paired difference between the two."""
    if not gap["low"] > 0.0:
        return f"Over {len(table)} points, no difference shown for {what} ({runs:,} runs a point, same luck)."
    least, most = (table.iloc[int(at)] for at in (table["probability"].argmin(), table["probability"].argmax()))
    return (
        f"Over {len(table)} points, {what} goes from {exactly(least['probability'])} of runs at {_where(least, paths)} "
        f"to {exactly(most['probability'])} at {_where(most, paths)}: a difference of "
        f"{points(gap['low'], gap['high'])} points (95% run noise, {runs:,} runs a point with the same luck)."
    )


def _where(point: pd.Series, paths: list[str]) -> str:
    values = ((path, point[path]) for path in paths)
    return ", ".join(f"{path} {value if isinstance(value, str) else figure(value)}" for path, value in values)
