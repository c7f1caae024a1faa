"""What the answer would be by each of several people who judge a number: their pool replaced by one of them."""

from __future__ import annotations

from itertools import chain
from typing import Unpack

import numpy as np
import pandas as pd

from sim.analysis.paired import paired_difference
from sim.batch.arms import Arm, came_about
from sim.batch.designs import Floats
from sim.batch.running import RunOptions
from sim.ensemble.shares import share
from sim.scenario import linear_pool, priors
from sim.scenario.linear_pool import Expert
from sim.scenario.priors import Prior
from sim.scenario.scenario import Leaf, Scenario
from sim.world import building, draws

RUNS = 10_000
COLUMNS = (
    "input", "by", "weight", "value", "disagreement", "probability", "low", "high", "difference", "difference_low",
    "difference_high",
)  # fmt: skip


def experts(
    scenario: Scenario, of: str = "european", runs: int = RUNS, seed: int = 1, **options: Unpack[RunOptions]
) -> pd.DataFrame:
    """Return how often ``of`` came about if each person were right alone, a row for each number and each of its people.

    A person's value is drawn at the quantile of the pool's, all other inputs and the luck stay, so differences to the
    pool are paired. Columns: ``input``, ``by``, ``weight`` in the pool, ``value`` as the person has it,
    ``disagreement`` (the share of the number's variance between its people; not a number for words), ``probability``
    with its 95% run noise ``low`` to ``high``, and ``difference`` to the pool with its 95% interval. Empty if no number
    is judged by several. ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If ``of`` is no event; see :func:`sim.ensemble.events.event`.
    """
    people = _people(scenario)
    if not people:
        return pd.DataFrame(columns=list(COLUMNS))
    at = draws.input_quantiles(building.build(scenario), seed, runs)
    pool = Arm(scenario, np.arange(runs))
    alone = (pool._replace(values=_values(leaf, expert, at)) for leaf, expert in people)
    theirs, *each = (came[of] for came in came_about(chain((pool,), alone), [of], seed, **options))
    rows = [
        {**_judgement(leaf, expert), **_compared(mine, theirs)}
        for (leaf, expert), mine in zip(people, each, strict=True)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def runs_played(scenario: Scenario, runs: int = RUNS) -> int:
    """Return how many runs :func:`experts` plays, for a bar of progress: the pool's, and each person's."""
    people = len(_people(scenario))
    return runs * (1 + people) if people else 0


def _people(scenario: Scenario) -> list[tuple[Leaf, Expert]]:
    return [(leaf, expert) for leaf in scenario.leaves.values() for expert in leaf.prior.experts]


def _values(leaf: Leaf, expert: Expert, at: pd.DataFrame) -> pd.DataFrame:
    return pd.DataFrame({leaf.path: priors.quantile(_alone(leaf.prior, expert), at[leaf.path].to_numpy())})


def _alone(prior: Prior, expert: Expert) -> Prior:
    """Return the number as one person has it."""
    if prior.words:
        return Prior("choice", expert.numbers, prior.words)
    kinds = {1: "fixed", 2: "uniform", 3: "triangular"}
    return Prior(kinds[len(expert.numbers)], expert.numbers)  # type: ignore[arg-type]


def _judgement(leaf: Leaf, expert: Expert) -> dict[str, object]:
    words = leaf.prior.words
    value = priors.shares_text(words, expert.numbers) if words else priors.numbers_text(expert.numbers)
    apart = np.nan if words else linear_pool.disagreement(leaf.prior.experts)
    return {"input": leaf.path, "by": expert.name, "weight": expert.weight, "value": value, "disagreement": apart}


def _compared(mine: Floats, theirs: Floats) -> dict[str, float]:
    left = mine[~np.isnan(mine)]
    alone, paired = share(int(left.sum()), len(left)), paired_difference(pd.Series(theirs), pd.Series(mine))
    ends = {"difference": paired["difference"], "difference_low": paired["low"], "difference_high": paired["high"]}
    return {"probability": alone.probability, "low": alone.low, "high": alone.high, **ends}
