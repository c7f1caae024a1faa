"""What updating a forecast on observations returns."""

from __future__ import annotations

from dataclasses import dataclass, field

import pandas as pd

from sim.ensemble.results import Result
from sim.words import sentence


@dataclass(frozen=True, eq=False, repr=False)
class Update(Result):
    """How a forecast moved as things were seen: see :func:`sim.analysis.living_forecast.living_forecast`.

    Attributes
    ----------
    table
        A row before any observation, and one after each: ``week`` (the date of its last week), ``observation``,
        ``source``, ``probability`` of ``of`` with its 95% simulation noise ``low`` to ``high``, the same of the other
        events under their names, ``predicted`` (how likely the observation was, given those before it), ``effective``
        (runs that count), ``pasts`` (distinct pasts among them).
    inputs
        Inputs by how far their distribution moved: ``distance`` (largest gap between the cumulative distributions
        before and after), ``noise`` that it has to exceed, ``mean_quantile`` (0.5 before).
    left_out
        By observation, ``probability`` of ``of`` if that one alone had not been made, and ``moves``, what it adds; not
        a number where too few runs are left to tell.
    surprise
        The chance that a world like the model's shows something as unlikely, taken all together, as what was seen.
    pasts, theory
        The 10th and 90th percentile of the last chance over pasts that fit what was seen; its least and most over rival
        rules that are updated alike, and the names of these. None where they were not asked for.
    scenario, of, what, runs, seed, populations, stamp
        The scenario, the event and its words, runs of each population, the root seed, and how many populations.
    called
        The words of every event that the table has chances of.
    """

    inputs: pd.DataFrame
    left_out: pd.DataFrame
    surprise: float
    pasts: tuple[float, float] | None
    theory: tuple[float, float, str, str] | None
    scenario: str
    of: str
    what: str
    runs: int
    seed: int
    populations: int
    stamp: str
    called: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, eq=False, repr=False)
class Watch(Result):
    """What could be seen, by what it would tell: see :func:`sim.analysis.watching.watch`.

    Attributes
    ----------
    table
        A row a report that may come, the most telling first: its ``probability``; the chance of ``of`` ``if_seen`` and
        ``if_not``, each with its 95% simulation noise ``_low`` to ``_high``; ``bits`` that it tells on average;
        ``moves``, the one chance less the other; what it is ``about`` (``stage ACTOR``, ``rung``); and how a file of
        observations has it, ``written`` without its week.
    scenario, of, what, now
        The scenario, the event, its words, and its chance as things stand.
    day, weeks
        The day on which it would be seen, and how far that is from the last observation.
    runs, seed, stamp
        Runs of a population, the root seed, and what marks the scenario as not the baseline.
    """

    scenario: str
    of: str
    what: str
    now: float
    day: str
    weeks: int
    runs: int
    seed: int
    stamp: str

    def rows(self, most: int) -> list[tuple[str, ...]]:
        """Return the most telling reports in words: likely, the chance if seen and if not, thousandths of a bit."""
        return [
            (
                sentence(str(name)),
                f"{row['probability']:.0%}",
                f"{row['if_seen']:.1%} ({row['if_seen_low']:.1%} to {row['if_seen_high']:.1%})",
                f"{row['if_not']:.1%} ({row['if_not_low']:.1%} to {row['if_not_high']:.1%})",
                f"{1000 * row['bits']:.1f}",
            )
            for name, row in self.table.head(most).iterrows()
        ]

    @property
    def headers(self) -> tuple[str, ...]:
        """Headers of :meth:`rows`."""
        return (f"by {self.day}", "likely", "chance if seen (95%)", "if not seen (95%)", "bits / 1,000")

    @property
    def title(self) -> str:
        """Title of a table of :meth:`rows`."""
        return f"What to watch: the chance of {self.what}, {self.now:.1%} now"
