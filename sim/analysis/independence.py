"""If conditions were independent? The naive product of the conditions of a force beside the model's answer."""

from __future__ import annotations

from itertools import combinations
from math import exp, log, sqrt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary, words
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import exactly, points
from sim.ensemble.results import Independence
from sim.ensemble.shares import Z95, share

STEPS = {
    "ceasefire": ("truce",),
    "consent": ("host_consent", "russian_consent", "council"),
    "backstop": ("backstop",),
    "pledges": ("lead", "troops"),
    "ratified": ("ratification",),
}
"""The conditions, steps of the funnel, and the requirements that make up each."""
PRODUCT, TOGETHER = "if independent", "in the model"

Floats = NDArray[np.float64]


def independence(ensemble: Ensemble) -> Independence:
    r"""Return how often each condition of a force is met at the horizon, their product, and how often all are met.

    A condition is met in a run if none of its requirements is missing at the horizon; a force in the field lacks none.
    Rows of ``.table`` are the conditions, ``if independent`` (the product of their shares) and ``in the model`` (the
    share of runs in which all are met at once). Columns: ``share`` with its 95% interval ``low`` to ``high`` (run
    noise), and ``given_others``, the share among the runs in which all other conditions are met (missing where there
    are none).
    The result also has the gap, model less product, with its interval; the ratio of the two; and a sentence.

    Shares have Wilson's interval. The product :math:`\Pi = \prod p_j`, the gap and the ratio come from the same runs;
    their intervals follow from each run's influence (delta method):

    .. math:: \Pi \sum_j \frac{x_{ij} - p_j}{p_j}, \qquad z_i - p - \Pi \sum_j \frac{x_{ij} - p_j}{p_j}.

    Raises
    ------
    ValueError
        If there are no runs.
    """
    met, counts = _met(ensemble)
    runs = int(counts.sum())
    if not runs:
        raise ValueError("there are no runs")
    every = np.asarray(met.all(axis=1))
    rows = {name: (*_ends(counts[met[:, at]].sum(), runs), _given(met, counts, at)) for at, name in enumerate(STEPS)}
    product, low, high, gap, half = _product(met.astype(np.float64), every.astype(np.float64), counts)
    rows[PRODUCT] = (product, low, high, float("nan"))
    rows[TOGETHER] = (*_ends(counts[every].sum(), runs), float("nan"))
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["share", "low", "high", "given_others"])
    table = table.rename_axis("condition")
    ends = (gap - half, gap + half)
    return Independence(
        table,
        words.stamped(_sentence(table["share"], runs, gap, ends), ensemble.stamp),
        scenario=ensemble.manifest["scenario"],
        seed=ensemble.manifest["seed"],
        runs=runs,
        stamp=ensemble.stamp,
        gap=gap,
        gap_low=ends[0],
        gap_high=ends[1],
        ratio=rows[TOGETHER][0] / product if product else float("nan"),
    )


def pairs(ensemble: Ensemble) -> pd.DataFrame:
    """Return, by pair of conditions, how much more often both are met than if they were independent.

    Columns: ``both``, the share of runs with both; ``product`` of their shares; ``lift``, the first over the second,
    with its 95% interval ``low`` to ``high`` (delta method on its logarithm). The largest lift comes first.
    """
    met, counts = _met(ensemble)
    names = list(STEPS)
    rows = {
        (names[one], names[two]): _lift(met[:, one], met[:, two], counts)
        for one, two in combinations(range(len(names)), 2)
    }
    columns = ["both", "product", "lift", "low", "high"]
    table = pd.DataFrame(rows.values(), index=pd.MultiIndex.from_tuples(rows, names=["one", "other"]), columns=columns)
    return table.sort_values("lift", ascending=False, kind="stable")


def _sentence(shares: pd.Series, runs: int, gap: float, ends: tuple[float, float]) -> str:
    """Return the model's answer beside the product as one sentence; ``ends`` are those of the gap's interval."""
    product, together = float(shares[PRODUCT]), float(shares[TOGETHER])
    weakest = str(shares.drop([PRODUCT, TOGETHER]).idxmin())
    noise = f"{points(*ends)} points, 95% run noise"
    shown = ends[0] > 0.0 or ends[1] < 0.0
    way = "they hang together" if gap > 0.0 else "they stand in each other's way"
    verdict = way if shown else "no difference shown"
    return (
        f"All conditions of a force are met at the horizon in {exactly(together)} of {runs:,} runs. Multiplied as "
        f"if they were independent, they would be met in {exactly(product)}: {verdict} ({noise}). The one met least "
        f"often is {weakest} ({exactly(float(shares[weakest]))})."
    )


def naive(ensemble: Ensemble) -> float:
    """Return the product of the shares of all conditions: what multiplying them says of a force at the horizon."""
    return float(independence(ensemble).table["share"][PRODUCT])


def _met(ensemble: Ensemble) -> tuple[NDArray[np.bool_], Floats]:
    """Return the patterns of conditions met that occur, (patterns, conditions), and how many runs have each."""
    columns = [f"missing_{gate}" for gate in vocabulary.GATES]
    patterns = ensemble.sql(f"select {', '.join(columns)}, count(*) as runs from runs group by all order by all")
    missing = {gate: patterns[f"missing_{gate}"].to_numpy(dtype=np.bool_) for gate in vocabulary.GATES}
    met = [~np.logical_or.reduce([missing[gate] for gate in gates]) for gates in STEPS.values()]
    return np.stack(met, axis=1), patterns["runs"].to_numpy(dtype=np.float64)


def _ends(hits: float, of: int) -> tuple[float, float, float]:
    interval = share(int(hits), of)
    return interval.probability, interval.low, interval.high


def _given(met: NDArray[np.bool_], counts: Floats, at: int) -> float:
    others = np.delete(met, at, axis=1).all(axis=1)
    among = float(counts[others].sum())
    return float(counts[others & met[:, at]].sum()) / among if among else float("nan")


def _product(met: Floats, every: Floats, counts: Floats) -> tuple[float, float, float, float, float]:
    """Return the product with its interval, the gap to it, and half the width of the gap's interval."""
    runs = float(counts.sum())
    shares = counts @ met / runs
    product, together = float(np.prod(shares)), float(counts @ every / runs)
    if not product:
        return 0.0, 0.0, 0.0, 0.0, 0.0
    pull = product * ((met - shares) / shares).sum(axis=1)
    half = Z95 * sqrt(float(counts @ pull**2)) / runs
    around = Z95 * sqrt(float(counts @ (every - together - pull) ** 2)) / runs
    return product, max(0.0, product - half), min(1.0, product + half), together - product, around


def _lift(one: NDArray[np.bool_], two: NDArray[np.bool_], counts: Floats) -> tuple[float, ...]:
    runs = float(counts.sum())
    a, b, both = (float(counts[flags].sum()) / runs for flags in (one, two, one & two))
    if not both:
        return (both, a * b, *(0.0 if a * b else float("nan"),) * 3)
    pull = (one & two) / both - one / a - two / b + 1.0
    half = Z95 * sqrt(float(counts @ pull**2)) / runs
    middle = log(both / (a * b))
    return both, a * b, exp(middle), exp(middle - half), exp(middle + half)
