"""Play cases: each converted, run many times under its own and rival rules, and over its inputs, beside what came."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple, Unpack

import numpy as np

from sim.analysis import rival_rules
from sim.analysis.nested import range_over
from sim.analysis.rival_rules import OWN, rivals
from sim.batch import running
from sim.batch.designs import nested_runs
from sim.batch.running import RunOptions
from sim.ensemble import atomic_files, shares
from sim.ensemble.ensemble import Ensemble
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.validation.case_format import CodedCase
from sim.validation.case_theatre import as_yaml

FORCE = "deployed or observer"
"""The event that is scored: a foreign force of any kind discussed formed, observers included."""
LUCK = 25
"""Runs of each draw of the inputs, behind the range over inputs."""
_FEWEST_DRAWS = 8


class CaseForecast(NamedTuple):
    """What the engine says of a case, beside what came (None where that is not known).

    ``force`` is the share of runs with a force, ``inputs`` its 10th and 90th percentile over draws of the inputs;
    ``kinds`` counts the kinds of force, ``troops`` is the median size; ``blocker`` is the requirement most often
    missing where no force formed, ``missing`` the share of those runs that lack each. ``rivals`` has the share under
    each set of rules, the theatre's own among them.
    """

    coded: CodedCase
    force: shares.Share
    inputs: tuple[float, float] | None
    ceasefire: float
    kinds: dict[str, int]
    troops: float | None
    missing: dict[str, float]
    rivals: dict[str, shares.Share]

    @property
    def probability(self) -> float:
        """The likelihood that is scored, smoothed by half a run on either side, so that it is never 0 or 1."""
        return (self.force.hits + 0.5) / (self.force.of + 1.0)

    @property
    def kind(self) -> str:
        """The kind of force that forms most often; ``none`` if none ever does."""
        return max(self.kinds, key=lambda kind: self.kinds[kind]) if any(self.kinds.values()) else "none"

    @property
    def blocker(self) -> str:
        """The requirement most often missing where no force formed."""
        return next(iter(self.missing), "")

    @property
    def theory(self) -> tuple[float, float] | None:
        """The least and the most of the likelihood under all sets of rules; None if one was played alone."""
        each = [share.probability for share in self.rivals.values()]
        return (min(each), max(each)) if len(each) > 1 else None


def converted(cases: Sequence[CodedCase], folder: Path | None = None) -> list[Scenario]:
    """Return the theatres of cases; their files are written to ``folder``, where one is named.

    Raises
    ------
    InputError
        If a theatre has mistakes, which only a fault in the rules can bring about.
    """
    with TemporaryDirectory() as aside:
        into = folder or Path(aside)
        into.mkdir(parents=True, exist_ok=True)
        for each in cases:
            atomic_files.put(into / f"{each.case.id}.yaml", as_yaml(each.case))
        return [load(into / f"{each.case.id}.yaml") for each in cases]


def play(
    coded: CodedCase,
    theatre: Scenario,
    runs: int,
    seed: int = 1,
    *,
    theory: int = 0,
    **options: Unpack[RunOptions],
) -> CaseForecast:
    """Return what the engine says of a case: ``runs`` runs, as many over its inputs, and ``theory`` under each rival.

    Run k has the same inputs and luck whatever the engine and the number of workers. ``options`` are those of
    :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a number is out of range.
    """
    ensemble = running.run(theatre, runs, seed, **options)
    outcomes = ensemble.outcomes()
    kinds: dict[str, int] = {kind: outcomes.get(kind, 0) for kind in coded.case.missions}
    with_force = ensemble.happened(FORCE)
    sizes = ensemble.runs["troops"][with_force.to_numpy()].dropna()
    return CaseForecast(
        coded,
        _force(ensemble),
        _over_inputs(theatre, runs, seed, **options),
        float(ensemble.happened("ceasefire").mean()),
        kinds,
        float(sizes.median()) if len(sizes) else None,
        {str(gate): float(share) for gate, share in ensemble.missing().items()},
        {OWN: _force(ensemble, theory), **_under_rivals(theatre, theory, seed, **options)} if theory else {},
    )


def runs_played(theatre: Scenario, runs: int, theory: int = 0) -> int:
    """Return how many runs :func:`play` plays, for a bar of progress."""
    return runs + _draws(runs) * LUCK + theory * rival_rules.count(theatre)


def _draws(runs: int) -> int:
    """Return how many draws of the inputs there are; 0 where these would be too few for a range."""
    draws = runs // LUCK
    return draws if draws >= _FEWEST_DRAWS else 0


def _force(ensemble: Ensemble, first: int | None = None) -> shares.Share:
    """Return the share of runs with a force, of its first runs if ``first`` is given."""
    came = ensemble.happened(FORCE).iloc[:first]
    return shares.share(int(came.sum()), len(came))


def _under_rivals(theatre: Scenario, runs: int, seed: int, **options: Unpack[RunOptions]) -> dict[str, shares.Share]:
    return {name: _force(running.run(changed, runs, seed, **options)) for name, (_, changed) in rivals(theatre).items()}


def _over_inputs(theatre: Scenario, runs: int, seed: int, **options: Unpack[RunOptions]) -> tuple[float, float] | None:
    """Return the 10th and 90th percentile over draws of the inputs, run noise removed; None for too few runs."""
    draws = _draws(runs)
    if not draws:
        return None
    hits, played = np.zeros(draws), np.zeros(draws)
    for ensemble, number in nested_runs(theatre, draws, LUCK, seed, **options):
        np.add.at(hits, number // LUCK, ensemble.happened(FORCE).to_numpy(dtype=np.float64))
        np.add.at(played, number // LUCK, 1.0)
    over = range_over(hits, played)
    return None if over is None else (over.p10, over.p90)
