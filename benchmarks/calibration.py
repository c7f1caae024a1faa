"""Simulation-based calibration of the living forecast, in full: ``python benchmarks/calibration.py``.

Runs that nobody has seen tell of themselves through the error model, at three weeks; each run's reports are updated on.
If the filter is right, the posterior chances are calibrated, their log score beats that of the forecast without
updating, and the quantile of a true input among the posterior's is uniform (Talts and others 2018). With few runs in
the population all of this fails by Monte Carlo error alone, so it is large; how many of its runs count is told.

With ``--floor`` pasts are drawn anew where fewer runs count than this share, and moved (``--moves``): each unseen run
then has populations of its own, which takes as many times longer, so ``--truths 200 --seeds 1 --runs 2000`` will do.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import measuring
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim import load, world
from sim.analysis.likelihoods import ORDERED, confusion, shown
from sim.analysis.particle_filter import Filter, Stage, effective
from sim.batch.particles import first_particles
from sim.ensemble.events import event
from sim.kernel import MEANS, play
from sim.scenario.observations import Observation, observation
from sim.world import genealogy, quantiles_of

EVENT = "ceasefire"
RELIABILITY = 0.85
TRUTHS, SEEDS, RUNS = 512, 4, 150_000
BINS = 10
ENOUGH = 50.0
"""Where fewer runs count, ranks err by Monte Carlo noise alone."""
WATCHED = "actors.ukraine.disposition"
_EDGES = (0.0, 0.02, 0.1, 0.3, 0.7, 1.0001)
Floats = NDArray[np.float64]


class Method(NamedTuple):
    """A filter, its first population, played once for all unseen runs, their input, and how it goes on from there."""

    filter: Filter
    first: Stage
    own: Floats
    floor: float
    moves: int | None


class Fits(NamedTuple):
    """By unseen run: the chance after its update, whether the event came, rank of a true input, runs that count.

    ``pasts`` is how many pasts count: runs that share one count as one.
    """

    called: Floats
    came: Floats
    ranks: Floats
    effective: Floats
    pasts: Floats
    moved: Floats


def main() -> None:
    """Print the calibration."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--truths", type=measuring.positive, default=TRUTHS, help="unseen runs a seed, 512 at most")
    parser.add_argument("--seeds", type=measuring.positive, default=SEEDS)
    parser.add_argument("--runs", type=measuring.positive, default=RUNS, help="runs of the population")
    parser.add_argument(
        "--floor", type=float, default=0.0, help="share of runs that has to count, else pasts are drawn"
    )
    parser.add_argument("--moves", type=int, help="moves of a past that was drawn anew, by default as many as usual")
    given = parser.parse_args()
    scenario, slots = load("baseline"), observed()
    asked = (event(EVENT, scenario.parts.missions),)
    forecast = Filter(world.build(scenario), 1, tuple(slots), asked)
    first = forecast.played(first_particles(given.runs), 0, np.arange(given.runs))
    method = Method(forecast, first, _own(forecast, first), given.floor, given.moves)
    parts = [fits(method, slots, min(given.truths, TRUTHS), seed) for seed in range(2, 2 + given.seeds)]
    together = Fits(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    measuring.tell(figures(together, float(first.flags[0].mean())), given.json)


def observed() -> list[Observation]:
    """Return what is looked at: two stages, the rung, a ceasefire and consent, at three weeks each."""
    subjects: list[dict[str, object]] = [{"actor": name, "stage": "open"} for name in ("uk", "germany")]
    subjects += [{"rung": "none"}, {"ceasefire": "none"}, {"consent": "refuses"}]
    weeks, scenario = ("2025-03-31", "2025-05-26", "2025-07-21"), load("baseline")
    written = [{"week": week, **subject, "reliability": RELIABILITY} for week in weeks for subject in subjects]
    return [observation(each, scenario) for each in written]


def fits(method: Method, slots: list[Observation], truths: int, seed: int) -> Fits:
    """Return how posteriors fit runs of another seed, each of which reports on itself."""
    structure = method.filter.world
    rng = np.random.default_rng(seed)
    unseen = play(structure, *world.draw(structure, seed, 0, means=MEANS), truths, weekly=True)
    states = [shown(slot, unseen, structure) for slot in slots]
    at = structure.names.inputs.index(WATCHED)
    true = quantiles_of(structure, seed, np.arange(truths), MEANS)[at]
    columns = np.empty((len(Fits._fields), truths))
    for run in range(truths):
        reports = tuple(_report(slot, int(state[run]), rng) for slot, state in zip(slots, states, strict=True))
        forecast = method.filter._replace(observations=reports)
        stages = forecast.carried_on(method.first, method.floor, method.moves)
        stage, weights = stages[-1], stages[-1].weights[-1]
        own = method.own if len(stages) == 1 else _own(forecast, stage)
        taken = [each.moved for each in stages[1:]]
        columns[:, run] = (
            weights[stage.flags[0]].sum(),
            not np.isnan(unseen.rows[run, 1]),  # the week of the first ceasefire is missing where there is none
            weights[own < true[run]].sum(),
            effective(weights),
            effective(np.bincount(stage.past, weights)),
            np.mean(taken) if taken else np.nan,
        )
    return Fits(*columns)


def _own(forecast: Filter, stage: Stage) -> Floats:
    """Return the quantiles of the input that is looked at, by particle."""
    quantiles = genealogy.quantiles_of(forecast.world, forecast.seed, stage.particles, MEANS)
    return quantiles[forecast.world.names.inputs.index(WATCHED)]


def figures(fit: Fits, prior: float) -> dict[str, object]:
    """Return what tells whether a filter is right."""
    chances, came = np.clip(fit.called, 1e-6, 1 - 1e-6), fit.came
    counts, _ = np.histogram(fit.ranks, BINS, (0.0, 1.0))
    gap = float((came - chances).sum() / np.sqrt((chances * (1 - chances)).sum()))
    return {
        "truths": len(came),
        "effective_runs_median": float(np.median(fit.effective)),
        "effective_runs_tenth": float(np.quantile(fit.effective, 0.1)),
        "effective_pasts_median": float(np.median(fit.pasts)),
        "moves_taken": None if np.isnan(fit.moved).all() else float(np.nanmean(fit.moved)),
        "called": float(chances.mean()),
        "came": float(came.mean()),
        "standardised_gap": gap,
        "log_score": _log_score(chances, came),
        "log_score_without": _log_score(np.full(len(came), prior), came),
        "rank_histogram": counts.tolist(),
        "rank_p_value": float(stats.chisquare(counts).pvalue),
        "where_enough_count": _ranks(fit, fit.effective >= ENOUGH),
        "where_fewer_count": _ranks(fit, fit.effective < ENOUGH),
        "bins": {f"from {low:g}": _bin(fit, low, high) for low, high in pairwise(_EDGES)},
    }


def _ranks(fit: Fits, which: NDArray[np.bool_]) -> dict[str, object]:
    """Return how ranks lie among some of the unseen runs."""
    counts, _ = np.histogram(fit.ranks[which], BINS, (0.0, 1.0))
    return {
        "truths": int(which.sum()),
        "rank_histogram": counts.tolist(),
        "rank_p_value": float(stats.chisquare(counts).pvalue) if which.any() else None,
    }


def _bin(fit: Fits, low: float, high: float) -> dict[str, float]:
    here = (fit.called >= low) & (fit.called < high)
    if not here.any():
        return {"runs": 0.0}
    return {"runs": float(here.sum()), "called": float(fit.called[here].mean()), "came": float(fit.came[here].mean())}


def _log_score(chances: Floats, came: Floats) -> float:
    return float(-(came * np.log(chances) + (1 - came) * np.log(1 - chances)).mean())


def _report(slot: Observation, state: int, rng: np.random.Generator) -> Observation:
    """Return what a run reports of itself, with the errors that the filter takes reports to have."""
    chances = confusion(len(slot.words), slot.subject in ORDERED, slot.reliability)[state]
    return slot._replace(codes=(int(rng.choice(len(slot.words), p=chances)),))


if __name__ == "__main__":
    main()
