"""Sobol indices of groups of inputs, with intervals: the design after Saltelli, its estimators and bootstrap SALib's.

Nothing here knows of scenarios: what is analysed is a function of a table, a column an input.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim.analysis.optional_libraries import needed
from sim.batch.designs import Floats
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


def indices(outcomes: Floats, groups: Groups, seed: int = 1) -> Indices:
    r"""Return the first-order and total Sobol indices of ``groups`` of inputs.

    .. math:: S_g = V[E(Y | X_g)] / V(Y), \qquad T_g = E[V(Y | X_{-g})] / V(Y)

    There are two independent base tables of the same shape, rows drawn alike, and a further one a group, which has the
    group's columns from the second and the rest from the first. ``outcomes`` has a row a row of the tables, and a
    column a table in the order of SALib: the first, one a group, the second. Rows of which a table failed (NaN) are
    left out. Sources: Saltelli et al. (2010), Variance based sensitivity analysis of model output, for design and
    estimators; Sobol (2001) for groups; the intervals are 1.96 standard deviations of SALib's bootstrap over rows.

    Raises
    ------
    ValueError
        If the outcome is the same in all rows, or SALib is missing.
    """
    analyze = needed("SALib.analyze.sobol").analyze
    outcomes = outcomes[~np.isnan(outcomes).any(axis=1)]
    if len(outcomes) < 2 or np.ptp(outcomes) == 0.0:
        raise ValueError("the outcome is the same in every run of the design: there is no variance to share out")
    problem = {"num_vars": len(groups), "names": list(groups), "bounds": [[0.0, 1.0]] * len(groups)}
    options = {"calc_second_order": False, "num_resamples": RESAMPLES, "keep_resamples": True, "seed": seed or 1}
    estimates = analyze(problem, outcomes.ravel(), **options)
    table = pd.DataFrame({"first": estimates["S1"], "total": estimates["ST"]}, index=pd.Index(groups, name="group"))
    for name, half in (("first", estimates["S1_conf"]), ("total", estimates["ST_conf"])):
        table[f"{name}_low"], table[f"{name}_high"] = table[name] - half, table[name] + half
    columns = ["first", "first_low", "first_high", "total", "total_low", "total_high"]
    first, total = (pd.DataFrame(estimates[f"{key}_conf_all"], columns=list(groups)) for key in ("S1", "ST"))
    return Indices(table[columns], first, total, len(outcomes), float(outcomes[:, [0, -1]].mean()))


def interval(resamples: pd.Series | Floats, value: float) -> dict[str, float]:
    """Return a value with the 95% interval that its resamples give, as SALib makes its own."""
    half = Z95 * float(np.std(resamples, ddof=1))
    return {"value": value, "low": value - half, "high": value + half}
