"""Which numbers move nothing: the same runs with a number low and high, compared in every column."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import end_pairs, input_groups
from sim.analysis.end_pairs import Scales, Sums
from sim.analysis.movers import largest_of
from sim.batch.designs import uncertain
from sim.batch.running import RunOptions
from sim.ensemble.number_results import VERDICTS, Inert
from sim.ensemble.shares import share
from sim.reading.errors import suggestion
from sim.scenario.scenario import Scenario
from sim.words import stamped

PAIRS = 2_048
MOST_PAIRS = 65_536
MARGIN_SD = 0.05
"""Standard deviations of a column; a mean that moves by less does not matter.

A number whose effect is linear in its quantile then explains less than (0.05 / 0.9) ** 2 / 12 of the variance of the
column: 0.03%.
"""
MARGIN_SHARE = 0.01
"""A share of runs that moves by less than one point does not matter: shares are reported in whole points."""

Floats = NDArray[np.float64]


def inert(
    scenario: Scenario,
    pairs: int = PAIRS,
    seed: int = 1,
    inputs: Sequence[str] | None = None,
    **options: Unpack[RunOptions],
) -> Inert:
    r"""Return which numbers move any column of the runs, and which are inert.

    Each uncertain number (``inputs``: these alone) is set to its 5th and its 95th percentile, a choice to its first and
    its last word, in the same ``pairs`` runs, which keep their luck and their other inputs. All columns of
    :func:`sim.analysis.run_measures.measures` are compared, once as the scenario stands and once with the truce held
    open, as a force is too rare without. A number is

    - ``inert`` if the interval of every column lies within its margin: :data:`MARGIN_SD` standard deviations of the
      column, or :data:`MARGIN_SHARE` of the runs of a yes or no;
    - ``moves`` if it is not, and some difference is larger than noise explains;
    - ``undecided`` else: more pairs would tell.

    Rows of ``.table`` are numbers. Columns: ``kind`` of reason, ``part`` of the config, ``verdict``; ``column``, the
    one whose difference is shown to be largest against its margin (if none is, the one that may be largest), its
    ``difference`` in ``unit``, the interval ``difference_low`` to ``difference_high`` (95% for all columns of a number
    together), ``noise`` (in 95 of 100 tables without any effect no difference of any number is larger); ``reach``, how
    far any interval reaches over its margin, so that up to 1 is inert; and ``changed``, the share of pairs in which any
    column differs at all, with ``changed_low`` and ``changed_high`` (Wilson).

    The mean difference over pairs is an adjusted Wald estimate: two made-up pairs, one up and one down by a unit, keep
    the interval open where no pair differs (Bonett and Price 2012, for a yes or no).

    Raises
    ------
    ValueError
        If nothing is uncertain, an input is no uncertain number, or too few or too many pairs are asked for.
    """
    if not 2 <= pairs <= MOST_PAIRS:
        raise ValueError(f"runs at each end must be between 2 and {MOST_PAIRS:,}, got {pairs}")
    paths = _chosen(uncertain(scenario), inputs)
    columns = end_pairs.scales(scenario, pairs, seed, options)
    sums = end_pairs.play(scenario, paths, pairs, seed, columns, options)
    rows = {path: verdict(sums[path], columns, len(paths)) for path in paths}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("input")
    table.insert(0, "kind", [input_groups.kind(scenario, path) for path in paths])
    table.insert(1, "part", [input_groups.part(path) for path in paths])
    table = table.sort_values("reach", ascending=False, kind="stable")
    text = stamped(_sentence(table, pairs, len(columns.names)), scenario.stamp)
    return Inert(table, text, scenario.name, seed, pairs, len(columns.names), MARGIN_SD, MARGIN_SHARE)


def runs_played(scenario: Scenario, pairs: int = PAIRS) -> int:
    """Return how many runs :func:`inert` plays of all uncertain numbers, for a bar of progress.

    Raises
    ------
    ValueError
        If nothing is uncertain.
    """
    return end_pairs.runs_played(len(uncertain(scenario)), pairs)


def _chosen(paths: list[str], inputs: Sequence[str] | None) -> list[str]:
    for path in inputs or ():
        if path not in paths:
            raise ValueError(f"{path!r} is no uncertain number; {suggestion(path, paths)[:200]}")
    return paths if inputs is None else list(inputs)


def _sentence(table: pd.DataFrame, pairs: int, columns: int) -> str:
    counts = table["verdict"].value_counts().reindex(list(VERDICTS), fill_value=0)
    moves, inert, unknown = (int(counts[word]) for word in ("moves", "inert", "undecided"))
    return (
        f"Of {len(table):,} uncertain numbers, {moves:,} {'makes' if moves == 1 else 'make'} a difference somewhere "
        f"between 5th and 95th percentile and {inert:,} {'makes' if inert == 1 else 'make'} none (no more than "
        f"{MARGIN_SD:g} standard deviations or {100 * MARGIN_SHARE:g} point in any of {columns:,} columns, 95%); for "
        f"{unknown:,}, {pairs:,} pairs of runs are too few to tell."
    )


def verdict(sums: Sums, columns: Scales, numbers: int) -> dict[str, object]:
    """Return the row of a number, one of ``numbers``: see :func:`inert`."""
    mean, error = estimate(sums)
    allowance, noise = (largest_of(count * len(mean)) for count in (1, numbers))
    margin = np.array([MARGIN_SHARE if unit == "share" else MARGIN_SD for unit in columns.units])
    shown = np.maximum(np.abs(mean) - noise * error, 0.0) / margin
    reach = (np.abs(mean) + allowance * error) / margin
    word = "inert" if reach.max() <= 1.0 else "moves" if shown.max() > 0.0 else "undecided"
    at = int(np.argmax(shown if shown.max() > 0.0 else reach))
    changed = share(sums.changed, sums.pairs)
    return {
        "verdict": word,
        "column": columns.names[at],
        "difference": mean[at],
        "difference_low": mean[at] - allowance * error[at],
        "difference_high": mean[at] + allowance * error[at],
        "unit": columns.units[at],
        "noise": noise * error[at],
        "reach": reach.max(),
        "changed": changed.probability,
        "changed_low": changed.low,
        "changed_high": changed.high,
    }


def estimate(sums: Sums) -> tuple[Floats, Floats]:
    """Return the mean differences of pairs and their standard errors, shape (columns,), with the two made-up pairs.

    >>> mean, error = estimate(Sums(np.array([4.0]), np.array([6.0]), pairs=98, changed=6))
    >>> mean.round(3).tolist(), error.round(4).tolist()
    ([0.04], [0.028])
    """
    count = sums.pairs + 2
    mean = sums.total / count
    return mean, np.sqrt(((sums.squares + 2.0) / count - mean * mean) / count)
