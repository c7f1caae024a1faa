"""Divide what a coalition gains among its members: Shapley values and interactions, exact or sampled, with intervals.

A game is played once a run: ``outcomes[mask, run]`` is what the coalition of the members in ``mask`` gets in a run,
where member i is in if bit i of the mask is set. A Shapley value is a linear combination of these, so a run has one of
its own, and the spread of these over the runs is its run noise, pairing included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from math import comb, lcm, sqrt
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.handing_out import HandsOutCopies
from sim.ensemble.shares import Z95

Floats = NDArray[np.float64]

_PART = 1_000
"""Runs that are converted to floats at a time."""


class Estimate(NamedTuple):
    """A value with its 95% interval."""

    value: float
    low: float
    high: float

    @property
    def shows(self) -> bool:
        """Whether the interval lies on one side of 0."""
        return self.low > 0.0 or self.high < 0.0

    def scaled(self, factor: float) -> Estimate:
        """Return the estimate times ``factor``."""
        low, high = sorted((factor * self.low, factor * self.high))
        return Estimate(factor * self.value, low, high)


@dataclass(frozen=True, eq=False)
class Contributions(HandsOutCopies):
    """What members contribute: ``by_run``, shape (members, runs), and of sampled orders ``by_pair``, (pairs, members).

    ``by_pair`` is the mean over the runs in each pair of an order and its reverse; None where all orders count.
    """

    by_run: Floats
    by_pair: Floats | None = None

    @property
    def runs(self) -> int:
        """How many runs count."""
        return int(self.by_run.shape[1])

    def estimate(self, combination: Floats, z: float = Z95) -> Estimate:
        """Return a linear ``combination`` of the contributions, shape (members,), with its interval.

        The variance of the runs and that of the sampled orders are added, which counts what runs and orders have in
        common twice: the interval is a little too wide, not too narrow. The orders are few, so their part is
        Student's.
        """
        each = combination @ self.by_run
        noise = z * float(each.std(ddof=1)) / sqrt(each.size)
        half = sqrt(noise**2 + self._of_orders(combination, z) ** 2)
        return Estimate(float(each.mean()), float(each.mean()) - half, float(each.mean()) + half)

    def _of_orders(self, combination: Floats, z: float) -> float:
        if self.by_pair is None:
            return 0.0
        each = self.by_pair @ combination
        return student(z, each.size - 1) * float(each.std(ddof=1)) / sqrt(each.size)


def simultaneous(intervals: int) -> float:
    """Return the normal quantile at which a number of intervals hold all at once with 95% (Bonferroni).

    >>> round(simultaneous(1), 2), round(simultaneous(10), 2)
    (1.96, 2.81)
    """
    return NormalDist().inv_cdf(1.0 - 0.025 / intervals)


def student(z: float, freedom: int) -> float:
    """Return Student's quantile where the normal one is ``z``, from 3 degrees of freedom on to 1%.

    Source: Abramowitz and Stegun (1964), 26.7.5, the first four terms.

    >>> round(student(1.96, 9), 2), round(student(1.96, 1000), 2)
    (2.26, 1.96)
    """
    terms = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
        (79 * z**9 + 776 * z**7 + 1482 * z**5 - 1920 * z**3 - 945 * z) / 92_160,
    )
    return z + sum(float(term / freedom**power) for power, term in enumerate(terms, start=1))


def weights(members: int) -> tuple[Floats, int]:
    """Return the weight of each coalition's outcome in each member's Shapley value, and what it has to be divided by.

    Weights have shape (members, 2**members) and are whole numbers, so that what cancels leaves nothing behind.
    Source: Shapley (1953), A value for n-person games, equation 13.

    >>> rows, whole = weights(2)
    >>> rows.tolist(), whole
    ([[-1.0, 1.0, -1.0, 1.0], [-1.0, -1.0, 1.0, 1.0]], 2)
    """
    inside, sizes = _membership(members)
    counts, whole = _orders_by_place(members)
    joins, leaves = counts[np.maximum(sizes - 1, 0)], counts[np.minimum(sizes, members - 1)]
    return np.where(inside, joins, -leaves), whole


def pair_weights(members: int) -> tuple[Floats, int]:
    """Return the weights of the Shapley interaction index, as :func:`weights` does.

    There is a row a pair, in the order of :func:`itertools.combinations`.
    The index is by how much more a member adds where the other is in, averaged over the coalitions that all others may
    form. Source: Grabisch and Roubens (1999), An axiomatic approach to the concept of interaction among players in
    cooperative games, International Journal of Game Theory 28.

    >>> rows, whole = pair_weights(2)
    >>> rows.tolist(), whole
    ([[1.0, -1.0, -1.0, 1.0]], 1)
    """
    inside, sizes = _membership(members)
    counts, whole = _orders_by_place(members - 1)
    pairs = list(combinations(range(members), 2))
    both = np.array([inside[one].astype(np.int64) + inside[other] for one, other in pairs])
    return np.where(both == 1, -1.0, 1.0) * counts[sizes - both], whole


def exact(outcomes: NDArray[np.int8]) -> Contributions:
    """Return the Shapley values of a game, run by run; ``outcomes`` has shape (2**members, runs)."""
    return Contributions(_combine(*weights(_members(outcomes)), outcomes))


def interactions(outcomes: NDArray[np.int8]) -> dict[tuple[int, int], Estimate]:
    """Return the Shapley interaction index of each pair of members; the intervals hold for all pairs together.

    So the largest may be picked.
    """
    members = _members(outcomes)
    pairs = list(combinations(range(members), 2))
    if not pairs:
        return {}
    by_run = Contributions(_combine(*pair_weights(members), outcomes))
    z = simultaneous(len(pairs))
    return {pair: by_run.estimate(unit, z) for pair, unit in zip(pairs, np.eye(len(pairs)), strict=True)}


def orders(members: int, pairs: int, seed: int) -> Iterator[tuple[tuple[int, ...], tuple[int, ...]]]:
    """Yield pairs of a random order of the members and its reverse.

    Orders: Castro, Gomez and Tejada (2009), Polynomial calculation of the Shapley value based on sampling, Computers
    and Operations Research 36. Reverses: Mitchell, Cooper, Frank and Holmes (2022), Sampling permutations for Shapley
    value estimation, Journal of Machine Learning Research 23. Pairwise interactions then add no variance.
    """
    random = np.random.default_rng(seed)
    for _ in range(pairs):
        order = tuple(int(member) for member in random.permutation(members))
        yield order, order[::-1]


def sampled(gains: NDArray[np.int8]) -> Contributions:
    """Return Shapley values from sampled orders.

    ``gains`` has shape (orders, members, runs): what each member adds on joining, in each order and run. Orders 2k and
    2k + 1 are a pair.
    """
    by_order = gains.mean(axis=2)
    return Contributions(gains.mean(axis=0), (by_order[::2] + by_order[1::2]) / 2)


def _orders_by_place(members: int) -> tuple[Floats, int]:
    """Return, by size, in how many orders just a given set of that size comes before a member, and of how many orders.

    Both are divided by what they have in common, so that they stay exact as floats.
    """
    ways = [comb(members - 1, before) for before in range(members)]
    whole = lcm(*ways)
    return np.array([whole // each for each in ways], dtype=np.float64), members * whole


def _membership(members: int) -> tuple[NDArray[np.bool_], NDArray[np.int64]]:
    """Return which coalition has which member, shape (members, 2**members), and the size of each coalition."""
    inside = (np.arange(2**members) >> np.arange(members)[:, None]) & 1 == 1
    return inside, inside.sum(axis=0)


def _members(outcomes: NDArray[np.int8]) -> int:
    return len(outcomes).bit_length() - 1


def _combine(rows: Floats, whole: int, outcomes: NDArray[np.int8]) -> Floats:
    """Return ``rows @ outcomes / whole``, some runs at a time, so that memory stays bounded."""
    starts = range(0, outcomes.shape[1], _PART)
    return np.concatenate([rows @ outcomes[:, at : at + _PART].astype(np.float64) for at in starts], axis=1) / whole
