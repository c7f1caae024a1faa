"""A cache that all pages share: ensembles, ranges over inputs, and rival rules."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any, NamedTuple

import pandas as pd

from sim.analysis.forecast import inputs_range
from sim.analysis.rival_rules import TheoryRange, theory_range
from sim.batch import running
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.memory_store import Frames
from sim.ensemble.table_store import TableStore
from sim.explorer.jobs import Tick
from sim.scenario.scenario import Scenario

SEED = 1
FIRST = 2_000
"""Runs of the first answer."""
HASTY = 512
"""Runs of the first answer while other pages wait for theirs; the usual first answer follows."""
STEPS = (FIRST, 10_000, 40_000)
"""Runs after which an answer is shown, as far as a page asks for them."""
MESA_STEPS = (100, 500, 2_000)
"""The same where an actor has a Python class of the user, which only Mesa can play."""
DESIGN = (400, 25)
"""Draws of the inputs, and runs of each, behind the range over inputs."""
RIVAL_RUNS = 2_000
MOST_KEPT = 300_000_000
"""Bytes of tables of larger ensembles kept in memory, all together; the least recently used go first. Resident
memory is some 1.7 times as much."""
MOST_FIRST = 150_000_000
"""The same of first answers; counted separately, so that refining one page evicts no first answer of another."""


class _Key(NamedTuple):
    scenario: str
    name: str
    what: Any


class _Kept(Ensemble):
    """An ensemble whose tables never change, so that counts are remembered."""

    def _hold(self, store: TableStore, manifest: dict[str, Any]) -> None:
        if isinstance(store, Frames):
            store.unchanging = True
        super()._hold(store, manifest)


class Lab:
    """Runs scenarios and remembers what came out. One thread uses it: that of the queue."""

    def __init__(self) -> None:
        self._ensembles: OrderedDict[_Key, Ensemble] = OrderedDict()
        self._bytes: dict[_Key, int] = {}
        self._other: OrderedDict[_Key, Any] = OrderedDict()

    def ensemble(self, scenario: Scenario, runs: int, tick: Tick) -> Ensemble:
        """Return runs of a scenario, without inputs; all have one seed, so that any two are paired."""
        key = _Key(scenario.hash, scenario.name, runs)
        if key not in self._ensembles:
            tick(0)
            # A first answer takes little time: to stop and restart it would cost more than the other page saves.
            soon = runs <= FIRST and not any(actor.agent for actor in scenario.parts.actors.values())
            full = running.run(scenario, runs, SEED, progress=None if soon else tick)
            kept = _Kept(full.runs, None, full.actors, full.manifest, failures=full.failures)
            self._ensembles[key], self._bytes[key] = kept, _bytes(kept.runs, kept.actors)
        self._ensembles.move_to_end(key)
        self._make_room(runs <= FIRST)
        return self._ensembles[key]

    def first(self, scenario: Scenario, tick: Tick) -> Ensemble:
        """Return the runs of a scenario that a first answer is from."""
        return self.ensemble(scenario, FIRST, tick)

    def with_inputs(self, scenario: Scenario, tick: Tick) -> Ensemble:
        """Return the runs of the first answer with their inputs, which would fill the memory and so are not kept."""
        tick(0)
        return running.run(scenario, FIRST, SEED, progress=tick)

    def _make_room(self, first: bool) -> None:
        """Evict first answers, or larger ensembles, until they fit or one is left."""
        alike = [key for key in self._ensembles if (key.what <= FIRST) == first]
        while sum(self._bytes[key] for key in alike) > (MOST_FIRST if first else MOST_KEPT) and len(alike) > 1:
            oldest = alike.pop(0)
            del self._ensembles[oldest], self._bytes[oldest]

    def has(self, scenario: Scenario, runs: int) -> bool:
        """Return whether an ensemble of this size is in the cache."""
        return _Key(scenario.hash, scenario.name, runs) in self._ensembles

    def largest(self, scenario: Scenario, tick: Tick) -> Ensemble:
        """Return the largest ensemble of a scenario in the cache; if there is none, that of the first answer."""
        runs = [key.what for key in self._ensembles if key[:2] == (scenario.hash, scenario.name)]
        return self.ensemble(scenario, max(runs, default=FIRST), tick)

    def inputs_range(self, scenario: Scenario, tick: Tick) -> dict[str, dict[str, Any]]:
        """Return the range over inputs, as :func:`sim.nested` gives it, of :data:`DESIGN`."""
        ranges: dict[str, dict[str, Any]] = self._once(
            scenario, "inputs", lambda: inputs_range(scenario, DESIGN, SEED, progress=tick)
        )
        return ranges

    def rival_rules(self, scenario: Scenario, tick: Tick) -> dict[str, TheoryRange]:
        """Return, by group, the range over rival rules, 2,000 runs each."""
        ranges: dict[str, TheoryRange] = self._once(
            scenario, "rivals", lambda: theory_range(scenario, RIVAL_RUNS, SEED, progress=tick)
        )
        return ranges

    def known(self, scenario: Scenario, what: str) -> Any:
        """Return a result from the cache (``inputs`` or ``rivals``), or None."""
        return self._other.get(_Key(scenario.hash, "", what))

    def _once(self, scenario: Scenario, what: str, compute: Callable[[], Any]) -> Any:
        key = _Key(scenario.hash, "", what)
        if key not in self._other:
            self._other[key] = compute()
        self._other.move_to_end(key)
        while len(self._other) > 200:
            self._other.popitem(last=False)
        return self._other[key]


def _bytes(*tables: pd.DataFrame | None) -> int:
    return sum(int(table.memory_usage(deep=True).sum()) for table in tables if table is not None)


def steps(scenario: Scenario, most: int, hasty: bool = False) -> tuple[int, ...]:
    """Return the numbers of runs after which an answer is shown, up to ``most``; ``hasty`` puts a small one before."""
    usual = STEPS if running.default_runs(scenario) == running.DEFAULT_RUNS else MESA_STEPS
    before = (HASTY,) if hasty and usual is STEPS and usual[0] > HASTY else ()
    more = (*(runs for runs in usual[1:] if runs < most), *((most,) if usual[0] < most <= usual[-1] else ()))
    return (*before, usual[0], *more)
