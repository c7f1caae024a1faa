"""Play scenarios between two under the same luck, each once, and divide the gap among their groups of differences."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis import shapley
from sim.analysis.mixtures import Chosen, Mixtures
from sim.analysis.shapley import Contributions, Estimate
from sim.batch import running
from sim.batch.running import RunOptions
from sim.ensemble.shares import Share, share
from sim.reading.errors import InputError
from sim.scenario.scenario import Scenario

_FAILED = -1


class Played(NamedTuple):
    """What groups contribute to the gap, the interactions of pairs where all was played, and both answers."""

    parts: Contributions
    answers: tuple[Share, Share]
    pairs: dict[tuple[int, int], Estimate]


class Bench:
    """Plays scenarios between two, each once, and keeps in which runs the event came about."""

    def __init__(self, mixtures: Mixtures, of: str, runs: int, seed: int, options: RunOptions) -> None:
        self.mixtures, self.of, self.runs, self.seed, self.options = mixtures, of, runs, seed, options
        self._came: dict[str, NDArray[np.int8]] = {}
        self._hashes: dict[Chosen, str] = {}

    def __len__(self) -> int:
        return len(self._came)

    def came(self, members: Iterable[int]) -> NDArray[np.int8]:
        """Return, by run, 1 where the event came about with these groups of the second scenario, else 0; -1 if failed.

        Raises
        ------
        _Apart
            If there is no such scenario.
        """
        chosen = self.mixtures.chosen(members)
        if chosen not in self._hashes:
            scenario = self._scenario(chosen)
            self._hashes[chosen] = scenario.hash
            if scenario.hash not in self._came:
                self._came[scenario.hash] = self._play(scenario)
        return self._came[self._hashes[chosen]]

    def _scenario(self, chosen: Chosen) -> Scenario:
        try:
            return self.mixtures.scenario(chosen)
        except InputError:
            raise _Apart(chosen) from None

    def _play(self, scenario: Scenario) -> NDArray[np.int8]:
        ensemble = running.run(scenario, self.runs, self.seed, **self.options)
        came = np.full(self.runs, _FAILED, dtype=np.int8)
        came[ensemble.runs["run"].to_numpy()] = ensemble.happened(self.of).to_numpy()
        return came


class _Apart(Exception):
    """Groups that were separated do not load apart; ``chosen`` are the pieces of the second scenario."""

    def __init__(self, chosen: Chosen) -> None:
        super().__init__(chosen)
        self.chosen = chosen


def play_all(bench: Bench) -> Played:
    """Play every scenario between the two; groups that turn out to be tied are tied, and what was played stands."""
    while True:
        members = range(len(bench.mixtures.groups))
        try:
            masks = range(2 ** len(members))
            rows = [bench.came(member for member in members if mask >> member & 1) for mask in masks]
        except _Apart as apart:
            bench.mixtures.tie(apart.chosen)
            continue
        outcomes = np.stack(rows)
        outcomes = outcomes[:, _sound(outcomes)]
        return Played(shapley.exact(outcomes), _answers(outcomes[0], outcomes[-1]), shapley.interactions(outcomes))


def sample(bench: Bench, permutations: int) -> Played:
    """Play the scenarios that lie on sampled ways from the one to the other."""
    while True:
        members = len(bench.mixtures.groups)
        pairs = shapley.orders(members, permutations // 2, bench.seed)
        orders = [order for pair in pairs for order in pair]
        try:
            ways = np.array([[bench.came(order[:at]) for at in range(members + 1)] for order in orders])
        except _Apart as apart:
            bench.mixtures.tie(apart.chosen)
            continue
        ways = ways[:, :, _sound(ways.reshape(-1, bench.runs))]
        places = np.argsort(np.array(orders), axis=1)
        gains = np.take_along_axis(np.diff(ways, axis=1), places[:, :, None], axis=1)
        return Played(shapley.sampled(gains), _answers(ways[0, 0], ways[0, -1]), {})


def _answers(a: NDArray[np.int8], b: NDArray[np.int8]) -> tuple[Share, Share]:
    return share(int(a.sum()), len(a)), share(int(b.sum()), len(b))


def _sound(outcomes: NDArray[np.int8]) -> NDArray[np.bool_]:
    """Return which runs failed in no scenario; ``outcomes`` has a column a run.

    Raises
    ------
    ValueError
        If these are fewer than two.
    """
    sound: NDArray[np.bool_] = (outcomes != _FAILED).all(axis=0)
    if sound.sum() < 2:
        raise ValueError("fewer than two runs succeeded in every scenario between the two")
    return sound
