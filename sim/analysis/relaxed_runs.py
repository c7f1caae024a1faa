"""The runs of an ensemble played again, same inputs and same luck, with some requirements held open.

A block of luck is drawn once, and everything that is asked of its runs is asked of that draw.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Generator, Iterator
from functools import cached_property, partial
from itertools import groupby
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.batch import block, engines
from sim.batch.answers import Answer, Arrays, Question, answers
from sim.batch.block import Job
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.row_events import row_events
from sim.model import user_classes
from sim.scenario.scenario import Scenario
from sim.world import building, streams
from sim.world.columns import Inputs, Luck

Gates = frozenset[str]
Ints = NDArray[np.int64]

TESTS: Gates = frozenset({"truce", "host_consent", "council", "lead", "troops"})
"""Requirements that no contributor takes into account before a force forms: see :func:`sim.model.phases.form`.
The other three also change what contributors do."""
SELDOM: Gates = frozenset({"host_consent", "council", "lead"})
"""Tests that are seldom the only obstacle."""
_MADE_OF = ("scenario", "hash", "seed", "engine", "writer", "relaxed", "agents")
"""Entries of a manifest that runs follow from."""
_ANY_FORCE = ("deployed", "observer")


class Replays:
    """Plays runs again with requirements held open; skips replays that cannot bring a force.

    A run in which no force of any kind forms under many open tests has none under fewer of them either, other
    requirements alike. This saves two thirds of the work. It would be exact if tests changed nothing before a force
    forms; where both sides foresee a force they change a little (how many requirements are met enters what is foreseen,
    and a commitment may wait for a truce), so it is a rule of thumb: of 488 runs of the baseline it left out no set. It
    does not apply where actors are Python classes of the user's, or a mission is in no group, or where what is asked
    for may come about without a force.
    """

    def __init__(self, ensemble: Ensemble, scenario: Scenario, of: str) -> None:
        about = ensemble.manifest
        user_classes.check(scenario)
        self.seed, self.of, self.opened = int(about["seed"]), of, frozenset(about["relaxed"])
        self._about = {
            name: about[name] for name in ("scenario", "hash", "seed", "engine", "writer", "relaxed", "agents")
        }
        self.job = Job(building.build(scenario), self.seed, about["engine"], inputs_kept=0)
        self.events = row_events([of, *_ANY_FORCE], self.job.structure.names.missions)
        grouped = all(mission.groups for mission in scenario.parts.missions.values())
        skips = grouped and not about["agents"] and ensemble.event(of).needs_force
        self.tests = TESTS if skips else Gates()

    def form(self, runs: Ints, opened: Collection[str]) -> Ints:
        """Return those of ``runs`` in which a force forms with ``opened`` held open; a run that fails forms none."""
        pieces = [BlockReplays(self, number).form(some, opened) for number, some in by_block(runs)]
        return np.concatenate(pieces) if pieces else runs

    def each_block(
        self,
        ask: Callable[..., Arrays],
        runs: Ints,
        *asked: Any,
        workers: int | None = None,
        progress: Callable[[int], None] | None = None,
    ) -> Generator[Arrays, None, None]:
        """Yield ``ask(replays, runs, *asked)`` of each block of ``runs``, several blocks at a time, in order.

        ``ask`` is a function of a module, as it may travel to a process, and gives arrays by name, which are kept where
        answers are kept. ``progress`` is called with the replays played.
        """
        questions = (
            Question((ask, self, number, some, asked), partial(self._asks, ask.__name__, some, asked))
            for number, some in by_block(runs)
        )
        yield from answers(_ask_block, questions, self.job.engine, workers, progress)

    def _asks(self, what: str, runs: Ints, asked: tuple[Any, ...]) -> dict[str, Any]:
        """Return all that an answer about some runs follows from."""
        content = hashlib.sha256(repr((what, asked)).encode())
        for numbers in (runs, *(query[0] for each in asked if isinstance(each, list) for query in each)):
            content.update(np.asarray(numbers).tobytes() if isinstance(numbers, np.ndarray) else b"")
        return {**self._about, "of": self.of, "runs": len(runs), "question": content.hexdigest()}


def by_block(runs: Ints) -> Iterator[tuple[int, Ints]]:
    """Yield the numbers of blocks of luck with those of ``runs``, which are sorted, that belong to each."""
    for number, some in groupby(runs.tolist(), lambda run: run // streams.BLOCK):
        yield number, np.array(list(some), dtype=np.int64)


def _ask_block(ask: Callable[..., Arrays], replays: Replays, number: int, runs: Ints, asked: tuple[Any, ...]) -> Answer:
    here = BlockReplays(replays, number)
    left = ask(here, runs, *asked)
    return Answer(here.played, left)


class BlockReplays:
    """The runs of one block played again: ``played`` counts how many were, ``last`` is the number of its last run."""

    def __init__(self, replays: Replays, number: int) -> None:
        self._all, self._first, self.played = replays, number * streams.BLOCK, 0
        self.last = self._first + streams.BLOCK - 1
        self._barren: dict[Gates, Ints] = {}

    @cached_property
    def _drawn(self) -> tuple[Inputs, Luck]:
        job = self._all.job
        return block.draw_block(job, self._first // streams.BLOCK, engines.means(job.engine))

    def form(self, runs: Ints, opened: Collection[str]) -> Ints:
        """Return those of ``runs``, all of this block, in which a force forms with ``opened`` held open."""
        for wider in self._wider(self._all.opened | frozenset(opened)):
            if wider not in self._barren:
                self._barren[wider] = np.setdiff1d(runs, self.play(runs, wider, _ANY_FORCE))
            runs = np.setdiff1d(runs, self._barren[wider])
        return self.play(runs, opened, (self._all.of,))

    def _wider(self, opened: Gates) -> Iterator[Gates]:
        """Yield sets with the same requirements that are no tests, and more tests, widest first."""
        for more in (self._all.tests, SELDOM & self._all.tests):
            if opened & more and not more <= opened:
                yield opened | more

    def play(self, runs: Ints, opened: Collection[str], events: Collection[str] = ()) -> Ints:
        """Play runs, and return those in which any of some events comes about; by default what is asked for."""
        if not len(runs):
            return runs
        self.played += len(runs)
        job = self._all.job._replace(relaxed=tuple(sorted({*self._all.opened, *opened})))
        done = block.play_drawn(job, *block.pick(*self._drawn, runs - self._first), 0, len(runs))
        met = self._all.events.met(done.played.rows)
        return runs[done.numbers[np.logical_or.reduce([met[event] for event in events or (self._all.of,)])]]
