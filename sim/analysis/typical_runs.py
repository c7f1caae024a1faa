"""Which run to look at: the most typical of an outcome, and the most surprising.

The typical run is nearest to the median of the standardised columns of its outcome's runs. It is one of them, so a
story that happened (after the medoid of Kaufman and Rousseeuw 1990, Finding groups in data, chapter 2; the distance to
the median stands in for the sum of distances to all others). The surprising run is the one whose outcome was least
likely given its inputs. The share of that outcome among the nearest neighbours, in the inputs that matter most,
estimates this likelihood (k nearest neighbours; Fix and Hodges 1951). It shows luck, and the effect of other inputs.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Ranking
from sim.words import stamped

FIRST = 10_000
"""The largest number of runs compared, from the first on."""
NEIGHBOURS, INPUTS = 100, 10
"""How many neighbours are counted, and in how many inputs they are near."""
_AT_ONCE = 500
Floats = NDArray[np.float64]


def typical(ensemble: Ensemble, outcome: str) -> Ranking:
    """Return the runs of an outcome among the first 10,000, most typical first.

    ``.table`` has the columns ``run``, ``outcome``, and ``distance`` from the median: the root of the mean square over
    columns, each in standard deviations among these runs. Words that have an order count as their position; flags as 0
    and 1; a missing week or size as one standard deviation beyond the largest. Names and constant columns are left out.

    Raises
    ------
    ValueError
        If there is no such outcome, or no run has it.
    """
    if outcome not in ensemble.outcomes():
        raise ValueError(f"{outcome!r} is not an outcome; allowed: {', '.join(ensemble.outcomes())}")
    runs = _first(ensemble)
    runs = runs[runs["outcome"] == outcome].reset_index(drop=True)
    if runs.empty:
        raise ValueError(f"none of the first {min(len(ensemble), FIRST):,} runs has the outcome {outcome}")
    columns = standardise(runs)
    off = columns - np.median(columns, axis=0)
    distance = np.sqrt((off * off).mean(axis=1)) if columns.size else np.zeros(len(runs))
    table = runs[["run", "outcome"]].assign(distance=distance)
    table = table.sort_values(["distance", "run"], kind="stable", ignore_index=True)
    number = int(table["run"].iloc[0])
    which = f"Of {len(runs):,} runs with the outcome “{ensemble.called(outcome)}”"
    return _ranking(ensemble, table, f"{which}, run {number} is the most typical: nearest to their median.")


def surprising(ensemble: Ensemble, outcome: str | None = None) -> Ranking:
    """Return runs, most surprising first; columns of ``.table``: ``run``, ``outcome``, ``likelihood`` of its outcome.

    The likelihood is the share of the outcome among the 100 nearest of the first 10,000 runs (with half a run added on
    either side), near in the ranks of the 10 inputs whose means differ most between outcomes (the largest correlation
    ratio; Pearson 1905), which ``.inputs`` names. ``outcome`` limits the ranking to the runs of one outcome.

    Raises
    ------
    ValueError
        If inputs were not kept, there are too few runs, or none has the outcome.
    """
    if outcome is not None and outcome not in ensemble.outcomes():
        raise ValueError(f"{outcome!r} is not an outcome; allowed: {', '.join(ensemble.outcomes())}")
    runs = _first(ensemble)[["run", "outcome"]]
    if len(runs) <= 2 * NEIGHBOURS:
        raise ValueError(f"what is surprising shows among more than {2 * NEIGHBOURS} runs, and there are {len(runs)}")
    inputs = ensemble.read(table="inputs", runs=FIRST).set_index("run").loc[runs["run"]]
    codes, _ = pd.factorize(runs["outcome"], sort=True)
    ranks = inputs.loc[:, inputs.nunique() > 1].rank(pct=True)
    ratios = pd.Series(correlation_ratios(ranks.to_numpy(), codes), index=ranks.columns)
    chosen = list(ratios.sort_values(ascending=False, kind="stable").index[:INPUTS])
    own = likelihoods(ranks[chosen].to_numpy(), codes)
    table = runs.assign(likelihood=own)
    table = table if outcome is None else table[table["outcome"] == outcome]
    if table.empty:
        raise ValueError(f"none of the first {len(runs):,} runs has the outcome {outcome}")
    table = table.sort_values(["likelihood", "run"], kind="stable", ignore_index=True)
    first = table.iloc[0]
    called = ensemble.called(str(first["outcome"]))
    text = (
        f"Run {first['run']} is the most surprising of {len(table):,}: of runs with much the same inputs, "
        f"{first['likelihood']:.1%} had its outcome, “{called}”."
    )
    return _ranking(ensemble, table, text, tuple(map(str, chosen)))


def standardise(runs: pd.DataFrame) -> Floats:
    """Return the columns of runs that vary and have an order, in standard deviations; shape (runs, columns)."""
    numbers = {str(name): values for name in runs if (values := _numbers(str(name), runs[name])) is not None}
    table = pd.DataFrame(numbers, index=runs.index)
    spread = table.std(ddof=0)
    beyond = table.max() + spread.where(spread > 0, 1.0)
    table = table.fillna(beyond)
    spread = table.std(ddof=0)
    varying = table.loc[:, spread > 0]
    return np.asarray((varying - varying.mean()) / spread[spread > 0], dtype=np.float64)


def correlation_ratios(columns: Floats, groups: NDArray[np.int64]) -> Floats:
    """Return, by column, the share of its variance that lies between groups (Pearson's correlation ratio, squared).

    >>> correlation_ratios(np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]]), np.array([0, 0, 1, 1])).tolist()
    [1.0, 0.0]
    """
    off = columns - columns.mean(axis=0)
    counts = np.bincount(groups).astype(np.float64)
    means = np.array(
        [off[groups == group].mean(axis=0) if counts[group] else off[0] * 0 for group in range(len(counts))]
    )
    return np.asarray((counts @ (means * means)) / (off * off).sum(axis=0))


def likelihoods(places: Floats, groups: NDArray[np.int64], neighbours: int = NEIGHBOURS) -> Floats:
    """Return, for every row, the share of its own group among its nearest other rows, half a row added on either side.

    ``places`` has shape (rows, coordinates), ``groups`` shape (rows,).
    """
    squares = (places * places).sum(axis=1)
    shares = np.empty(len(places))
    for first in range(0, len(places), _AT_ONCE):
        here = np.arange(first, min(first + _AT_ONCE, len(places)))
        distance = squares[here, None] + squares[None, :] - 2.0 * places[here] @ places.T
        distance[np.arange(len(here)), here] = np.inf
        near = np.argpartition(distance, neighbours, axis=1)[:, :neighbours]
        shares[here] = ((groups[near] == groups[here, None]).sum(axis=1) + 0.5) / (neighbours + 1)
    return shares


def _first(ensemble: Ensemble) -> pd.DataFrame:
    return ensemble.read(runs=FIRST)


def _numbers(name: str, column: pd.Series) -> pd.Series | None:
    """Return a column as numbers; None for a name or the number of the run."""
    scales = {"rung": vocabulary.RUNGS, "consent": vocabulary.CONSENTS}
    words = next((words for key, words in scales.items() if name == key or name.startswith(f"{key}_")), None)
    if name == "run":
        return None
    if words is not None:
        return column.map({word: float(at) for at, word in enumerate(words)}).astype("float64")
    return column.astype("float64") if pd.api.types.is_numeric_dtype(column) else None


def _ranking(ensemble: Ensemble, table: pd.DataFrame, text: str, inputs: tuple[str, ...] = ()) -> Ranking:
    about = ensemble.manifest
    names = (about["scenario"], about["hash"], about["seed"])
    return Ranking(table, stamped(text, ensemble.stamp), *names, len(ensemble), inputs)
