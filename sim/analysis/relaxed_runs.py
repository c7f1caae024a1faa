"""The runs of an ensemble played again, same inputs and same luck, with some requirements held open."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.batch import running
from sim.batch.running import RunOptions
from sim.ensemble.ensemble import Ensemble
from sim.scenario.scenario import Scenario
from sim.world.draws import LUCK_COLUMN

Gates = frozenset[str]
Ints = NDArray[np.int64]

TESTS: Gates = frozenset({"truce", "host_consent", "council", "lead", "troops"})
"""Requirements tested only when a force forms, never before: see :func:`sim.model.phases.form`.
The other three also change what contributors do."""
SELDOM: Gates = frozenset({"host_consent", "council", "lead"})
"""Tests that are seldom the only obstacle."""
_ANY_FORCE = ("deployed", "observer")


class Replays:
    """Plays runs again with requirements held open; skips replays that cannot bring a force.

    Until a force of any kind forms, open tests change nothing but whether one forms. So a run without a force under
    many open tests has none under fewer of them either, other requirements alike. This is exact, and saves most of the
    work. It does not apply where actors are Python classes of the user's, or a mission is in no group, or where what is
    asked for may come about without a force.
    """

    def __init__(self, ensemble: Ensemble, scenario: Scenario, of: str, **options: Unpack[RunOptions]) -> None:
        about = ensemble.manifest
        self.scenario, self.seed, self.of = scenario, int(about["seed"]), of
        self.opened = frozenset(about["relaxed"])
        self.options: RunOptions = {**options, "engine": about["engine"]}
        grouped = all(mission.groups for mission in scenario.parts.missions.values())
        exact = grouped and not about["agents"] and ensemble.event(of).needs_force
        self.tests = TESTS if exact else Gates()
        self.barren: dict[Gates, Ints] = {}

    def form(self, runs: Ints, opened: Collection[str]) -> Ints:
        """Return those of ``runs`` in which a force forms with ``opened`` held open; a run that fails forms none."""
        for wider in self._wider(self.opened | frozenset(opened)):
            if wider not in self.barren:
                self.barren[wider] = np.setdiff1d(runs, self._play(runs, wider, _ANY_FORCE))
            runs = np.setdiff1d(runs, self.barren[wider])
        return self._play(runs, opened, (self.of,))

    def _wider(self, opened: Gates) -> Iterator[Gates]:
        """Yield sets with the same requirements that are no tests, and more tests, widest first."""
        for more in (self.tests, SELDOM & self.tests):
            if opened & more and not more <= opened:
                yield opened | more

    def _play(self, runs: Ints, opened: Collection[str], forces: Collection[str]) -> Ints:
        if not len(runs):
            return runs
        options: RunOptions = {**self.options, "relaxed": sorted({*self.opened, *opened})}
        table = pd.DataFrame({LUCK_COLUMN: runs})
        ensemble = running.run(self.scenario, len(runs), self.seed, quantiles=table, **options)
        came = np.logical_or.reduce([ensemble.happened(force).to_numpy(dtype=np.bool_) for force in forces])
        return np.asarray(runs[ensemble.runs["run"].to_numpy(dtype=np.int64)[came]])
