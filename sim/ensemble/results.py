"""What an analysis returns: a table, the sentence that sums it up, and the facts that a figure of it names.

The classes stand below the analyses that make them, so that plots may name them too.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from html import escape

import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """A table with its sentence. A notebook shows both; ``print`` shows them as text."""

    table: pd.DataFrame
    sentence: str

    def __repr__(self) -> str:
        return f"{self.sentence}\n\n{self.table}"

    def _repr_html_(self) -> str:
        return f"<p>{escape(self.sentence)}</p>\n{self.table.to_html()}"

    def facts(self) -> dict[str, object]:
        """Return every field that is neither a table nor a result with tables of its own; no empty ``stamp``."""
        values = {field.name: getattr(self, field.name) for field in fields(self)}
        return {
            name: value
            for name, value in values.items()
            if not isinstance(value, pd.DataFrame | Result) and (name != "stamp" or value)
        }


@dataclass(frozen=True, eq=False, repr=False)
class Differences(Result):
    """What changes from scenario ``a`` to scenario ``b``: see :func:`sim.analysis.compare.compare`.

    ``runs`` is the number of pairs; ``design`` holds the draws of the inputs and the runs of each behind the share of
    input sets in which a sign holds, None without a design. ``stamp`` marks a scenario as not the baseline, or is
    empty.
    """

    a: str
    b: str
    runs: int
    seed: int
    stamp: str
    design: tuple[int, int] | None = None


@dataclass(frozen=True, eq=False, repr=False)
class Flows(Result):
    """Where the runs of scenario ``a`` end in scenario ``b``: see :func:`sim.analysis.flows.flows`.

    ``stamp`` is what marks a scenario as not the baseline, or empty.
    """

    a: str
    b: str
    seed: int | None
    stamp: str


@dataclass(frozen=True, eq=False, repr=False)
class Independence(Result):
    """The conditions of a force beside their product: see :func:`sim.analysis.independence.independence`.

    ``gap`` is the model's share less the product, in [-1, 1], with its 95% interval ``gap_low`` to ``gap_high``;
    ``ratio`` is the first over the second, NaN if the product is 0. ``stamp`` is as for :class:`Flows`.
    """

    scenario: str
    seed: int
    runs: int
    stamp: str
    gap: float
    gap_low: float
    gap_high: float
    ratio: float


@dataclass(frozen=True, eq=False, repr=False)
class Sweep(Result):
    """The share of runs with an event over points of ``paths``: see :func:`sim.analysis.sweep.sweep`.

    ``of`` is the event's name, ``what`` the words for it, ``runs`` the number of runs at each point.
    """

    scenario: str
    seed: int
    of: str
    what: str
    runs: int
    paths: list[str]
