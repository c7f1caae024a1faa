"""Could it ever happen? The probability of an outcome that hardly any run shows, or a bound, and how it comes about."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from sim.analysis import could_tables, rare_events
from sim.analysis.could_tables import Kept, Ordinary
from sim.analysis.mission_steps import Runs
from sim.analysis.nearness import HIT, nearness
from sim.analysis.rare_events import Player, Way, estimate, learn, search_block, sizes
from sim.batch import engines
from sim.batch.workers import in_order, threads
from sim.ensemble.events import event
from sim.ensemble.results import Result
from sim.ensemble.shares import share
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import DrawnRun
from sim.world import building, draws, genealogy
from sim.world.columns import Floats

RUNS = 20_000
PILOT = 2_000
"""Runs of a step of a pilot, at most."""
ENOUGH = 30
"""If so many ordinary runs show it, counting them is enough."""
_NEAREST = 16
"""Runs kept of each block to see what stood in the way, if none shows the outcome."""


@dataclass(frozen=True, eq=False, repr=False)
class Could(Result):
    """Whether and how something could ever happen: see :func:`could`.

    Attributes
    ----------
    table
        Steps by which it comes: ``step``, and its share or median in the runs that show it (``hits``) and in ordinary
        ones (``ordinary``). Where no run shows it, what it needs by mission: how far the nearest runs came (``best``,
        1 where nothing is wanting) and the share of them that had it (``had``).
    inputs
        Inputs that those runs share: by path, ``mean_quantile`` (0.5 in ordinary runs) with its standard error
        ``noise``, and the median drawn in them (``hits``) and by the scenario (``ordinary``).
    method
        ``counted`` among ordinary runs; ``weighed`` runs of a search; or ``not_seen`` at all.
    probability, low, high
        How likely it is, with a 95% interval of simulation noise; 0 to ``at_most`` where it was not seen.
    at_most
        What counting ordinary runs alone allows at most, with 95% confidence.
    hits, worth
        Runs that show it, and how many independent ones they are worth.
    ordinary, ordinary_hits, runs
        Ordinary runs and those among them that show it; all runs played, pilots among them.
    example_run, story
        The number of an ordinary run that shows it, if there is one; and a run that shows it in ten lines.
    scenario, hash, of, what, seed, stamp
        The scenario, the event and its words, the root seed, and what marks the scenario as not the baseline.
    """

    inputs: pd.DataFrame
    method: str
    probability: float
    low: float
    high: float
    at_most: float
    hits: int
    worth: float
    ordinary: int
    ordinary_hits: int
    runs: int
    example_run: int | None
    story: tuple[str, ...]
    scenario: str
    hash: str
    of: str
    what: str
    seed: int
    stamp: str
    example: DrawnRun | None

    def facts(self) -> dict[str, object]:
        """Return every field that is neither a table nor the drawn example, which :meth:`DrawnRun.write` writes."""
        return {name: value for name, value in super().facts().items() if name != "example"}


@takes_whole_numbers
def could(
    scenario: Scenario | str | Path,
    of: str,
    runs: int = RUNS,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Could:
    """Return the probability of an outcome that hardly any run shows, its interval, and how it comes about.

    ``runs`` ordinary runs are counted first. Where fewer than 30 show it, three pilots learn which inputs and luck lead
    there, and as many runs again are drawn from what they learned, and weighed back
    (:mod:`sim.analysis.rare_events`).

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    of
        Any event, such as ``nato``, ``enforcement`` or ``european and troops >= 40000``.
    runs, seed, workers
        How many runs to count and to weigh, the root seed, and threads, which change nothing but the time.
    progress
        Called with the number of runs just played; :func:`most_runs` tells how many there are at most.

    Raises
    ------
    ValueError
        If there are too few runs, the event is none, or scipy is missing.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    if runs < 2:
        raise ValueError(f"a search takes at least 2 runs, got {runs}")
    world = building.build(scenario)
    engine = engines.choose(world.names, None, lambda _: None)
    player = Player(world, event(of, scenario.parts.missions), engine)
    search = _Search(scenario, player, runs, seed, workers or os.cpu_count() or 1, progress or (lambda _: None))
    return search.result()


def most_runs(runs: int) -> int:
    """Return how many runs a search plays at most."""
    return 2 * runs + rare_events.PILOTS * rare_events.MOST_STEPS * min(PILOT, runs)


class _Search:
    """The state of a search."""

    def __init__(
        self, scenario: Scenario, player: Player, runs: int, seed: int, workers: int, progress: Callable[[int], None]
    ) -> None:
        self.scenario, self.player, self.runs, self.seed = scenario, player, runs, seed
        self.workers = workers if player.engine == "compiled" else 1
        self.progress, self.played = progress, 0

    def result(self) -> Could:
        ordinary, kept = self.ordinary()
        counted = int(ordinary.hits.sum())
        first = int(np.flatnonzero(ordinary.hits)[0]) if counted else None
        at_most = 1.0 - 0.05 ** (1.0 / self.runs) if not counted else share(counted, self.runs).high
        if counted >= ENOUGH:
            one = share(counted, self.runs)
            numbers = ("counted", one.probability, one.low, one.high, counted, float(counted))
            return self._could(ordinary, kept, numbers, at_most, first)
        ways = [way for way, _ in self.learned()]
        drawn, nearest = self.weighed(ways)
        together = could_tables.joined([kept, drawn])
        scores = rare_events.scores_of(self.player, together.quantiles, together.luck)
        together = together._replace(weights=rare_events.balanced(ways, scores, self.runs, self.runs))
        hits = len(together.weights)
        if not hits:
            return self._could(ordinary, nearest, ("not_seen", 0.0, 0.0, at_most, 0, 0.0), at_most, None)
        guess = estimate(together.weights, 2 * self.runs)
        return self._could(ordinary, together, ("weighed", *guess[:3], hits, guess.worth), at_most, first)

    # --- what is played ------------------------------------------------------------------------------------------

    def ordinary(self) -> tuple[Ordinary, Kept]:
        """Count ordinary runs, and keep those that show it."""
        firsts = np.cumsum([0, *sizes(self.runs)[:-1]]).tolist()
        parts = self._each(self._ordinary_block, list(zip(firsts, sizes(self.runs), strict=True)))
        rows, seats, near = (np.concatenate([part[at] for part in parts]) for at in range(3))
        return Ordinary(rows, seats, near >= HIT), could_tables.joined([part[3] for part in parts])

    def _ordinary_block(self, first: int, runs: int) -> tuple[Floats, Floats, Floats, Kept]:
        means, numbers = engines.means(self.player.engine), np.arange(first, first + runs)
        world = self.player.world
        quantiles = np.ascontiguousarray(draws.quantiles_of(world, self.seed, numbers, means).T)
        _, luck = genealogy.draw_forked(world, self.seed, genealogy.whole(numbers), means)
        inputs, played = self.player.play(quantiles, luck.values)
        near = nearness(self.player.asked, Runs(world, inputs.values, played))
        kept = could_tables.keep(near >= HIT, quantiles, luck.values, near, np.ones(runs), played)
        return played.rows, played.seats, near, kept

    def learned(self) -> list[tuple[Way, float]]:
        """Run the pilots, and return the ways that they learned."""
        pilot = min(PILOT, self.runs)
        learned = self._each(self._pilot, [(number, pilot) for number in range(rare_events.PILOTS)], counted=False)
        self.played += sum(played for _, _, played in learned)
        return [(way, level) for way, level, _ in learned]

    def _pilot(self, number: int, runs: int) -> tuple[Way, float, int]:
        way, level, played = learn(self.player, self.seed, number, runs, self.progress)
        self.progress(rare_events.MOST_STEPS * runs - played)  # steps that the pilots did not need
        return way, level, played

    def weighed(self, ways: Sequence[Way]) -> tuple[Kept, Kept]:
        """Draw runs from what was learned; return those that show it, and those that came nearest."""
        calls = [(tuple(ways), number, size) for number, size in enumerate(sizes(self.runs))]
        blocks = self._each(self._weighed_block, calls)
        hits, nearest = zip(*blocks, strict=True)
        return could_tables.joined(hits), could_tables.joined(nearest)

    def _weighed_block(self, ways: tuple[Way, ...], number: int, runs: int) -> tuple[Kept, Kept]:
        block = search_block(self.player, ways, runs, np.random.default_rng([self.seed, 2, number]))
        nearest = np.zeros(runs, dtype=np.bool_)
        nearest[np.argsort(-block.near, kind="stable")[:_NEAREST]] = True
        drawn = (block.quantiles, block.luck, block.near, block.weights, block.played)
        return could_tables.keep(block.hits, *drawn), could_tables.keep(nearest, *drawn)

    def _each(self, task: Callable[..., tuple], calls: Sequence[tuple], counted: bool = True) -> list:  # type: ignore[type-arg]
        """Return what a task makes of each call, in order, on all threads."""
        done = []
        with threads(self.workers) as submit:
            for call, left in zip(calls, in_order(submit, task, calls, 2 * self.workers), strict=True):
                done.append(left)
                if counted:
                    self.played += call[-1]
                    self.progress(call[-1])
        return done

    # --- what is reported ----------------------------------------------------------------------------------------

    def _way(self, kept: Kept, ordinary: Ordinary, *, seen: bool) -> pd.DataFrame:
        if seen:
            return could_tables.steps(self.scenario, self.player.world, kept, ordinary)
        return could_tables.missing(self.scenario, self.player, kept)

    def _could(
        self,
        ordinary: Ordinary,
        kept: Kept,
        numbers: tuple[str, float, float, float, int, float],
        at_most: float,
        first: int | None,
    ) -> Could:
        method, probability, low, high, hits, worth = numbers
        seen = method != "not_seen"
        example = could_tables.drawn(self.scenario, self.player, kept) if seen else None
        world = self.player.world
        table = self._way(kept, ordinary, seen=seen)
        what = self.player.asked.phrase
        fields = {"low": low, "high": high, "at_most": at_most, "hits": hits, "ordinary": self.runs}
        return Could(
            table=table,
            sentence=could_tables.sentence(method, what, probability, fields, int(ordinary.hits.sum()), table),
            inputs=could_tables.shared(world, kept),
            method=method,
            probability=probability,
            low=low,
            high=high,
            at_most=at_most,
            hits=hits,
            worth=worth,
            ordinary=self.runs,
            ordinary_hits=int(ordinary.hits.sum()),
            runs=self.played,
            example_run=first,
            story=could_tables.ten_lines(self.scenario, self.player, kept, example) if example else (),
            scenario=self.scenario.name,
            hash=self.scenario.hash,
            of=self.player.asked.text,
            what=what,
            seed=self.seed,
            stamp=self.scenario.stamp,
            example=example,
        )
