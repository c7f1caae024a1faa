"""Sobol indices of groups of inputs, with intervals: the design after Saltelli, its estimators and bootstrap SALib's.

Nothing here knows of scenarios: what is analysed is a function of a table, a column an input.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.optional_libraries import needed
from sim.batch.designs import Floats, Outcome
from sim.ensemble.shares import Z95

RESAMPLES = 200
Groups = Mapping[str, Sequence[str]]
"""The columns of each group; groups may overlap."""


class Indices(NamedTuple):
    """Sobol indices by group, and those of every resample of the bootstrap (shape (RESAMPLES, groups)).

    ``table`` has a row a group and the columns ``first`` and ``total``, each with ``_low`` and ``_high``, its 95%
    interval. ``rows`` is how many rows of the two base tables counted, ``mean`` their mean outcome.
    """

    table: pd.DataFrame
    first: pd.DataFrame
    total: pd.DataFrame
    rows: int
    mean: float


def sobol(outcome: Outcome, one: pd.DataFrame, other: pd.DataFrame, groups: Groups, seed: int = 1) -> Indices:
    r"""Return the first-order and total Sobol indices of ``groups`` of inputs.

    .. math:: S_g = V[E(Y | X_g)] / V(Y), \qquad T_g = E[V(Y | X_{-g})] / V(Y)

    ``one`` and ``other`` are independent tables of the same shape, rows drawn alike; of each group a further table is
    played that has the group's columns from ``other`` and the rest from ``one``. Rows of which a table failed are left
    out. Sources: Saltelli et al. (2010), Variance based sensitivity analysis of model output, for design and
    estimators; Sobol (2001) for groups; the intervals are 1.96 standard deviations of SALib's bootstrap over rows.

    Raises
    ------
    ValueError
        If the outcome is the same in all rows, or SALib is missing.
    """
    return indices_of(np.column_stack([outcome(table) for table in tables(one, other, groups)]), groups, seed)


def indices_of(played: Floats, groups: Groups, seed: int = 1) -> Indices:
    """Return what :func:`sobol` does, from outcomes: a row a row of the tables, a column each of :func:`tables`.

    Raises
    ------
    ValueError
        If the outcome is the same in all rows, or SALib is missing.
    """
    analyze = needed("SALib.analyze.sobol").analyze
    played = played[~np.isnan(played).any(axis=1)]
    if len(played) < 2 or np.ptp(played) == 0.0:
        raise ValueError("the outcome is the same in every run of the design: there is no variance to share out")
    problem = {"num_vars": len(groups), "names": list(groups), "bounds": [[0.0, 1.0]] * len(groups)}
    options = {"calc_second_order": False, "num_resamples": RESAMPLES, "keep_resamples": True, "seed": seed or 1}
    indices = analyze(problem, played.ravel(), **options)
    table = pd.DataFrame({"first": indices["S1"], "total": indices["ST"]}, index=pd.Index(groups, name="group"))
    for name, half in (("first", indices["S1_conf"]), ("total", indices["ST_conf"])):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - half, table[name] + half
    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    first, total = (pd.DataFrame(indices[f"{key}_conf_all"], columns=list(groups)) for key in ("S1", "ST"))
    return Indices(table[columns], first, total, len(played), float(played[:, [0, -1]].mean()))


def tables(one: pd.DataFrame, other: pd.DataFrame, groups: Groups) -> Iterator[pd.DataFrame]:
    """Yield what is played, in the order of SALib: ``one``, a table a group, ``other``.

    >>> one, other = pd.DataFrame({"a": [0], "b": [0]}), pd.DataFrame({"a": [1], "b": [1]})
    >>> [table.iloc[0].tolist() for table in tables(one, other, {"a": ["a"], "b": ["b"]})]
    [[0, 0], [1, 0], [0, 1], [1, 1]]
    """
    yield one
    for columns in groups.values():
        crossed = one.copy()
        crossed[list(columns)] = other[list(columns)]
        yield crossed
    yield other


def interval(resamples: pd.Series | Floats, value: float) -> dict[str, float]:
    """Return a value with the 95% interval that its resamples give, as SALib makes its own."""
    half = Z95 * float(np.std(resamples, ddof=1))
    return {"value": value, "low": value - half, "high": value + half}
