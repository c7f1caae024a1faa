"""Simulation-based calibration of the living forecast, in full: ``python benchmarks/calibration.py``.

Runs that nobody has seen tell of themselves through the error model, at three weeks; each run's reports are updated on.
If the filter is right, the posterior chances are calibrated, their log score beats that of the forecast without
updating, and the quantile of a true input among the posterior's is uniform (Talts and others 2018). With few runs in
the population all of this fails by Monte Carlo error alone, so it is large; how many of its runs count is told.
"""

from __future__ import annotations

from itertools import pairwise
from typing import NamedTuple

import measuring
import numpy as np
from numpy.typing import NDArray
from scipy import stats

from sim import load, world
from sim.analysis.likelihoods import ORDERED, confusion, likelihood, shown
from sim.analysis.updating import Updated, update
from sim.kernel import MEANS, play
from sim.scenario.observations import Observation, observation
from sim.world import quantiles_of

EVENT = "ceasefire"
RELIABILITY = 0.85
TRUTHS, SEEDS, RUNS = 512, 4, 150_000
BINS = 10
WATCHED = "actors.ukraine.disposition"
_EDGES = (0.0, 0.02, 0.1, 0.3, 0.7, 1.0001)
Floats = NDArray[np.float64]


class Fits(NamedTuple):
    """By unseen run: the chance after its update, whether the event came, rank of a true input, runs that count."""

    called: Floats
    came: Floats
    ranks: Floats
    effective: Floats


def main() -> None:
    """Print the calibration."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--truths", type=measuring.positive, default=TRUTHS, help="unseen runs a seed, 512 at most")
    parser.add_argument("--seeds", type=measuring.positive, default=SEEDS)
    parser.add_argument("--runs", type=measuring.positive, default=RUNS, help="runs of the population")
    given = parser.parse_args()
    slots = observed()
    updated = update(load("baseline"), slots, [EVENT], given.runs, seed=1, floor=0.0)
    parts = [fits(updated, slots, min(given.truths, TRUTHS), seed) for seed in range(2, 2 + given.seeds)]
    together = Fits(*(np.concatenate(column) for column in zip(*parts, strict=True)))
    measuring.tell(figures(together, float(updated.stages[0].flags[0].mean())), given.json)


def observed() -> list[Observation]:
    """Return what is looked at: two stages, the rung, a ceasefire and consent, at three weeks each."""
    subjects: list[dict[str, object]] = [{"actor": name, "stage": "open"} for name in ("uk", "germany")]
    subjects += [{"rung": "none"}, {"ceasefire": "none"}, {"consent": "refuses"}]
    weeks, scenario = ("2025-03-31", "2025-05-26", "2025-07-21"), load("baseline")
    written = [{"week": week, **subject, "reliability": RELIABILITY} for week in weeks for subject in subjects]
    return [observation(each, scenario) for each in written]


def fits(updated: Updated, slots: list[Observation], truths: int, seed: int) -> Fits:
    """Return how posteriors fit runs of another seed, each of which reports on itself."""
    structure, population = updated.world, updated.stages[0]
    rng = np.random.default_rng(seed)
    unseen = play(structure, *world.draw(structure, seed, 0, means=MEANS), truths, weekly=True)
    states = [shown(slot, unseen, structure) for slot in slots]
    at = structure.names.inputs.index(WATCHED)
    own = quantiles_of(structure, updated.seed, population.particles.inputs, MEANS)[at]
    true = quantiles_of(structure, seed, np.arange(truths), MEANS)[at]
    called, ranks, effective = (np.empty(truths) for _ in range(3))
    for run in range(truths):
        weights = np.ones(len(own))
        for slot, state, of_run in zip(slots, states, population.shown, strict=True):
            weights *= likelihood(_report(slot, int(state[run]), rng), of_run)
        called[run] = weights[population.flags[0]].sum() / weights.sum()
        ranks[run] = weights[own < true[run]].sum() / weights.sum()
        effective[run] = weights.sum() ** 2 / (weights @ weights)
    came = ~np.isnan(unseen.rows[:, 1])  # the week of the first ceasefire is missing where there is none
    return Fits(called, came.astype(np.float64), ranks, effective)


def figures(fit: Fits, prior: float) -> dict[str, object]:
    """Return what tells whether a filter is right."""
    chances, came = np.clip(fit.called, 1e-6, 1 - 1e-6), fit.came
    counts, _ = np.histogram(fit.ranks, BINS, (0.0, 1.0))
    gap = float((came - chances).sum() / np.sqrt((chances * (1 - chances)).sum()))
    return {
        "truths": len(came),
        "effective_runs_median": float(np.median(fit.effective)),
        "effective_runs_tenth": float(np.quantile(fit.effective, 0.1)),
        "called": float(chances.mean()),
        "came": float(came.mean()),
        "standardised_gap": gap,
        "log_score": _log_score(chances, came),
        "log_score_without": _log_score(np.full(len(came), prior), came),
        "rank_histogram": counts.tolist(),
        "rank_p_value": float(stats.chisquare(counts).pvalue),
        "bins": {f"from {low:g}": _bin(fit, low, high) for low, high in pairwise(_EDGES)},
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
