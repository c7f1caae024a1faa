"""The runs of a design after Saltelli: two base tables, and one a group of inputs that is crossed between them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from sim.analysis.sobol import Groups, Indices, indices
from sim.batch.arms import Arm, came_about
from sim.batch.designs import Floats
from sim.batch.running import RunOptions
from sim.scenario.scenario import Scenario
from sim.world import building, draws

MOST_BASE = 65_536


def tables_played(groups: Groups, paths: Sequence[str]) -> set[frozenset[str]]:
    """Return the tables that :meth:`Crossed.indices` plays for ``groups``, each by what is crossed in it."""
    return set(_wanted(groups, paths))


def _wanted(groups: Groups, paths: Iterable[str]) -> list[frozenset[str]]:
    """Return what is crossed in each table, in the order of :func:`sim.analysis.sobol.indices`."""
    return [frozenset(), *map(frozenset, groups.values()), frozenset((*paths, draws.LUCK_COLUMN))]


class Crossed:
    """Plays the tables of :func:`sim.analysis.sobol.indices`, each once, even where groups consist of the same inputs.

    One base table has the inputs and the luck of runs 0 to ``base`` - 1 of the seed as any batch has them, the other
    those of as many runs after them; so a row is played as one of these runs, with what is crossed replaced.
    """

    def __init__(
        self, scenario: Scenario, of: str, paths: Sequence[str], base: int, seed: int, options: RunOptions
    ) -> None:
        if not 8 <= base <= MOST_BASE:
            raise ValueError(f"base must be between 8 and {MOST_BASE:,}, got {base}")
        self._scenario, self._of, self._seed, self._options = scenario, of, seed, options
        self._one, self._other = np.arange(base), np.arange(base, 2 * base)
        self._quantiles = draws.input_quantiles(building.build(scenario), seed, 2 * base)[list(paths)]
        self._played: dict[frozenset[str], Floats] = {}

    def indices(self, groups: Groups) -> Indices:
        """Return the Sobol indices of groups of inputs; see :func:`sim.analysis.sobol.indices`."""
        wanted = _wanted(groups, self._quantiles.columns)
        new = [each for each in dict.fromkeys(wanted) if each not in self._played]
        came = came_about(map(self._arm, new), [self._of], self._seed, **self._options)
        self._played |= {each: flags[self._of] for each, flags in zip(new, came, strict=True)}
        return indices(np.column_stack([self._played[each] for each in wanted]), groups, self._seed)

    def _arm(self, crossed: frozenset[str]) -> Arm:
        """Return the rows that have the ``crossed`` columns from the other table: what has to be replaced is little."""
        if draws.LUCK_COLUMN in crossed:
            own, replaced, luck = self._one, set(self._quantiles.columns) - crossed, self._other
        else:
            own, replaced, luck = self._other, set(crossed), self._one
        columns = [name for name in self._quantiles if name in replaced]
        quantiles = self._quantiles.loc[own, columns].reset_index(drop=True) if columns else None
        return Arm(self._scenario, luck, quantiles)
