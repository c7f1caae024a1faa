"""What divides the gap between two scenarios' answers among their differences."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sim.ensemble.results import Result


@dataclass(frozen=True, eq=False, repr=False)
class Disagreement(Result):
    """Which differences explain the gap between two answers: see :func:`sim.analysis.disagree.disagree`.

    Attributes
    ----------
    table
        A row a group of differences, the largest part first: ``differs`` in short; its Shapley ``value``, a share of
        runs, with its 95% interval ``low`` to ``high``; ``share`` of the gap with ``share_low`` to ``share_high``,
        missing where the gap shows no sign. Values sum to the gap.
    interactions
        A row a pair of groups (index ``one``, ``other``), the largest first: ``value``, by how much more the two move
        the answer together than each without the other, with an interval ``low`` to ``high`` that holds for all pairs
        at once. Empty where orders were sampled.
    a, b, of, what
        The names of the two scenarios, the event, and the words for it.
    answers
        Rows ``a`` and ``b``: the ``share`` of runs with the event, with its 95% interval ``low``, ``high`` (Wilson).
    gap, gap_low, gap_high
        The share in ``b`` less that in ``a``, with its 95% interval; both run in pairs.
    by
        How differences were grouped: ``path``, ``part`` or ``actor``.
    ties
        A sentence for each set of groups that could not be taken apart.
    scenarios, runs, seed
        How many scenarios were played, the pairs of runs that count, and the root seed.
    permutations
        How many orders were sampled; 0 if the values are exact but for run noise.
    """

    interactions: pd.DataFrame
    answers: pd.DataFrame
    a: str
    b: str
    of: str
    what: str
    gap: float
    gap_low: float
    gap_high: float
    by: str
    ties: list[str]
    scenarios: int
    runs: int
    seed: int
    permutations: int
    stamp: str
