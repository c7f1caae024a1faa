"""First-order indices of very many inputs from one flat batch, each with its interval; no design is needed.

Nothing here knows of scenarios: inputs are places in bins of known probability, what is explained is a number a run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.ensemble.number_results import Estimate
from sim.ensemble.shares import Z95

FOLDS = 10
Floats = NDArray[np.float64]
Places = Sequence[NDArray[np.uint8]]
"""By input the bin of every run, shape (runs,)."""


class Index(NamedTuple):
    """A first-order index, what each run contributes to its error (shape (runs,)), and its bins less one."""

    first: float
    influence: Floats
    freedom: int


class Together(NamedTuple):
    """The sum of the indices of some inputs, the influence of runs on it (shape (runs,)), and its freedom."""

    estimate: Estimate
    influence: Floats
    freedom: int


def index(place: NDArray[np.uint8], outcome: Floats) -> Index:
    r"""Return the first-order index of one input.

    .. math:: S = \frac{1}{V} \Big( \sum_b f_b\, (\bar y_b - \bar y)^2 - \sum_b (1 - f_b)\, \frac{v_b}{n} \Big)

    with f_b the share of runs in bin b, y_b their mean and v_b their variance. The second sum is what the first would
    be if the input explained nothing; without it many inputs that matter little would look like much together. Sources:
    Plischke, Borgonovo and Smith (2013) for indices from given data and their bias; Kelley (1935) for the correction.
    """
    y = outcome - outcome.mean()
    variance = float(y @ y) / len(y)
    count, total, squares = _sums(place, y)
    share, within = _spread(count, total, squares)
    mean = total / np.maximum(count, 1.0)
    first = float(share @ (mean * mean) - (1.0 - share) @ within / len(y)) / variance
    others = (total[place] - y) / np.maximum(count[place] - 1.0, 1.0)  # else a run would seem to explain itself
    influence = (2.0 * y * others - mean[place] * mean[place] - first * y * y) / variance
    return Index(first, influence, int((count > 0).sum()) - 1)


def estimate(value: float, influence: Floats, freedom: float) -> Estimate:
    """Return an index, or a sum of indices, with its interval.

    The variance is that of the ``influence`` of runs over their number, less 2 ``freedom`` / runs squared: the noise of
    the means of bins counts four times in the influence, and twice in the index. Where an input explains nothing it is
    that of a chi-square of as many degrees of freedom, 2 ``freedom`` / runs squared, the least that is taken.
    """
    runs = len(influence)
    least = 2.0 * freedom / runs**2
    half = Z95 * float(np.sqrt(max(float(influence.var()) / runs - least, least)))
    return Estimate(value, value - half, value + half)


def first_order(places: Places, outcome: Floats, names: Sequence[str]) -> tuple[pd.DataFrame, Together]:
    """Return the first-order index of each input, ``first`` with ``first_low`` and ``first_high``, and their sum.

    The table has the largest first.

    Raises
    ------
    ValueError
        If the outcome is the same in all runs, or there are fewer than two a fold.
    """
    if len(outcome) < 2 * FOLDS or np.ptp(outcome) == 0.0:
        raise ValueError(
            "the outcome is the same in every run, or there are too few: there is no variance to share out"
        )
    rows: list[Estimate] = []
    whole = _sum(_noted(places, outcome, rows), len(outcome))
    table = pd.DataFrame(rows, columns=["first", "first_low", "first_high"], index=pd.Index(names, name="input"))
    return table.sort_values("first", ascending=False, kind="stable"), whole


def _noted(places: Places, outcome: Floats, rows: list[Estimate]) -> Iterator[Index]:
    for place in places:
        one = index(place, outcome)
        rows.append(estimate(*one))
        yield one


def together(places: Places, outcome: Floats) -> Together:
    """Return the sum of the first-order indices of some inputs, with its interval; of none, exactly 0."""
    return _sum((index(place, outcome) for place in places), len(outcome))


def _sum(indices: Iterable[Index], runs: int) -> Together:
    value, influence, freedom = 0.0, np.zeros(runs), 0
    for one in indices:
        value, freedom = value + one.first, freedom + one.freedom
        influence += one.influence
    return Together(estimate(value, influence, freedom), influence, freedom)


def ratio(part: Together, whole: Together) -> Estimate:
    """Return the part that some inputs have in what all inputs explain, with its interval (delta method)."""
    value = part.estimate.value / whole.estimate.value
    half = Z95 * _error(part.influence, part.freedom, whole, value)
    return Estimate(value, value - half, value + half)


def _error(influence: Floats, freedom: int, whole: Together, value: float) -> float:
    """Return the standard error of a ratio of sums: of the inputs of ``influence``, and of all."""
    runs = len(influence)
    least = 2.0 * ((1.0 - value) ** 2 * freedom + value**2 * (whole.freedom - freedom)) / runs**2
    variance = float((influence - value * whole.influence).var()) / runs - least
    return float(np.sqrt(max(variance, least))) / abs(whole.estimate.value)


def cumulated(places: Places, outcome: Floats, whole: Together) -> pd.DataFrame:
    """Return which part of the explained variance the first inputs carry, if they are ranked on other runs.

    Row j is about the j + 1 inputs that rank first: ``cumulated``, their part of the sum of all indices, with
    ``cumulated_low`` and ``cumulated_high``. To rank and to add up on the same runs would count luck as explained: so
    inputs are ranked on nine tenths of the runs, and what they explain is how far means of bins there agree with those
    of the last tenth, ten times over (cross-fitting). Intervals are about ``places`` in the order given, the largest
    index first; ``whole`` is the sum of all.
    """
    explained = np.array([_folded(place, outcome) for place in places])
    ranks, agreed = explained[:, 0], explained[:, 1]
    order = np.argsort(-ranks, axis=0, kind="stable")
    part = np.cumsum(np.take_along_axis(agreed, order, axis=0), axis=0).sum(axis=1) / agreed.sum()
    half = Z95 * np.fromiter(_errors(places, outcome, part, whole), dtype=np.float64)
    return pd.DataFrame({"cumulated": part, "cumulated_low": part - half, "cumulated_high": part + half})


def _folded(place: NDArray[np.uint8], outcome: Floats) -> Floats:
    """Return, by fold, what an input explains in the other runs, and how far the fold agrees; shape (2, FOLDS)."""
    bins, runs = int(place.max()) + 1, len(place)
    cell = np.arange(runs) % FOLDS * bins + place
    count, total, squares = (each.reshape(FOLDS, bins) for each in _sums(cell, outcome - outcome.mean(), FOLDS * bins))
    share, within = _spread(*(each.sum(axis=0) for each in (count, total, squares)))
    noise = (1.0 - share) @ within / (runs * (1.0 - 1.0 / FOLDS))
    others, own = _about_mean(count.sum(axis=0) - count, total.sum(axis=0) - total), _about_mean(count, total)
    return np.array([(others * others) @ share - noise, (others * own) @ share])


def _sums(place: NDArray[Any], outcome: Floats, bins: int = 0) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return by bin the number of runs, and the sums of their outcomes and of the squares of these."""
    count, total, squares = (
        np.bincount(place, weights=each, minlength=bins) for each in (np.ones_like(outcome), outcome, outcome * outcome)
    )
    return count, total, squares


def _spread(count: Floats, total: Floats, squares: Floats) -> tuple[Floats, Floats]:
    """Return by bin its share of runs, and the variance within."""
    within = np.maximum(squares - total * total / np.maximum(count, 1.0), 0.0) / np.maximum(count - 1.0, 1.0)
    return count / count.sum(), within


def _about_mean(count: NDArray[Any], total: NDArray[Any]) -> Floats:
    mean = total.sum(axis=1, keepdims=True) / np.maximum(count.sum(axis=1, keepdims=True), 1.0)
    return np.where(count > 0, total / np.maximum(count, 1.0) - mean, 0.0)


def _errors(places: Places, outcome: Floats, part: Floats, whole: Together) -> Iterator[float]:
    """Yield the standard error of what the first, the first two, ... of the inputs carry."""
    influence, freedom = np.zeros(len(outcome)), 0
    for place, value in zip(places, part, strict=True):
        one = index(place, outcome)
        influence += one.influence
        freedom += one.freedom
        yield _error(influence, freedom, whole, float(value))
