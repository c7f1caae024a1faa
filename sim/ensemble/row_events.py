"""Which events came about in runs, read from the numbers that an engine leaves, before any table is made of them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble import aggregates, run_row, run_table
from sim.ensemble.aggregates import Question
from sim.ensemble.run_row import Floats
from sim.ensemble.summary import question

Flags = NDArray[np.bool_]


class RowEvents(NamedTuple):
    """Events by name, each as the question that it puts to a row; made by :func:`row_events`."""

    missions: tuple[str, ...]
    questions: dict[str, Question]

    def met(self, rows: Floats) -> dict[str, Flags]:
        """Return, by event, in which runs it came about; ``rows`` has shape (runs, columns of a row)."""
        wanted = {column for each in self.questions.values() for column in aggregates.columns_of(each)}
        table = run_table.some_columns(self.missions, rows, wanted)
        return {name: aggregates.meets(table, each) for name, each in self.questions.items()}


def row_events(names: Iterable[str], missions: tuple[str, ...]) -> RowEvents:
    """Return events by their names, as :meth:`sim.ensemble.ensemble.Ensemble.happened` takes them.

    ``missions`` are those of the world, in its order.

    Raises
    ------
    InputError
        If one of them is no event, with every mistake and what is allowed.
    """
    columns = run_row.columns(missions)
    return RowEvents(missions, {name: question(name, columns, missions) for name in dict.fromkeys(names)})
