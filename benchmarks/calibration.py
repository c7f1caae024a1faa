"""Simulation-based calibration of the living forecast, in full: ``python benchmarks/calibration.py``.

Runs that nobody has seen tell of themselves through the error model, week by week; each report is updated on. If the
filter is right, the posterior chances are calibrated, their log score beats that of the forecast without updating, and
the quantile of a true input among the posterior's is uniform (Talts and others 2018).
"""

from __future__ import annotations

import argparse
import json
from time import perf_counter

import numpy as np
from scipy import stats

from sim import load, world
from sim.analysis.likelihoods import ORDERED, confusion, likelihood, shown
from sim.analysis.updating import update
from sim.kernel import MEANS, play
from sim.scenario.observations import Observation, observation
from sim.world import quantiles_of

EVENT = "ceasefire"
RELIABILITY = 0.85
TRUTHS = 200
RUNS = 20_000
BINS = 10
WATCHED = "actors.ukraine.disposition"


def main() -> None:
    """Print the calibration as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--truths", type=int, default=TRUTHS)
    parser.add_argument("--runs", type=int, default=RUNS)
    given = parser.parse_args()
    began = perf_counter()
    result = calibrate(given.truths, given.runs)
    print(json.dumps({**result, "seconds": round(perf_counter() - began, 1)}, indent=1))


def calibrate(truths: int, runs: int) -> dict[str, object]:
    """Return how well posteriors fit ``truths`` unseen runs, by a population of ``runs`` others."""
    scenario, rng = load("baseline"), np.random.default_rng(7)
    slots = [observation(each, scenario) for each in _slots()]
    updated = update(scenario, slots, [EVENT], runs, seed=1, floor=0.0)
    structure, population = updated.world, updated.stages[0]
    unseen = play(structure, *world.draw(structure, 2, 0, means=MEANS), truths, weekly=True)
    happened = unseen.rows[:, 1] == unseen.rows[:, 1]  # the week of the first ceasefire is missing where there is none
    states = [shown(slot, unseen, structure) for slot in slots]
    at = structure.names.inputs.index(WATCHED)
    own = quantiles_of(structure, 1, population.particles.inputs, MEANS)[at]
    true = quantiles_of(structure, 2, np.arange(truths), MEANS)[at]
    posterior, ranks = np.empty(truths), np.empty(truths)
    for run in range(truths):
        weights = np.ones(runs)
        for slot, state, of_run in zip(slots, states, population.shown, strict=True):
            weights *= likelihood(_report(slot, int(state[run]), rng), of_run)
        posterior[run] = weights[population.flags[0]].sum() / weights.sum()
        ranks[run] = weights[own < true[run]].sum() / weights.sum()
    return _figures(posterior, happened, float(population.flags[0].mean()), ranks)


def _slots() -> list[dict[str, object]]:
    weeks = ("2025-03-31", "2025-05-26", "2025-07-21")
    subjects: list[dict[str, object]] = [{"actor": name, "stage": "open"} for name in ("uk", "germany")]
    subjects += [{"rung": "none"}, {"ceasefire": "none"}, {"consent": "refuses"}]
    return [{"week": week, **subject, "reliability": RELIABILITY} for week in weeks for subject in subjects]


def _report(slot: Observation, state: int, rng: np.random.Generator) -> Observation:
    chances = confusion(len(slot.words), slot.subject in ORDERED, slot.reliability)[state]
    return slot._replace(codes=(int(rng.choice(len(slot.words), p=chances)),))


def _figures(posterior: np.ndarray, happened: np.ndarray, prior: float, ranks: np.ndarray) -> dict[str, object]:
    said, came = np.clip(posterior, 1e-6, 1 - 1e-6), happened.astype(float)
    counts, _ = np.histogram(ranks, BINS, (0.0, 1.0))
    bins = []
    for low, high in ((0.0, 0.02), (0.02, 0.1), (0.1, 0.3), (0.3, 0.7), (0.7, 1.0001)):
        here = (posterior >= low) & (posterior < high)
        if here.any():
            called, share = float(posterior[here].mean()), float(came[here].mean())
            bins.append({"from": low, "called": called, "came": share, "runs": int(here.sum())})
    return {
        "truths": len(came),
        "called": float(said.mean()),
        "came": float(came.mean()),
        "standardised_gap": float((came - said).sum() / np.sqrt((said * (1 - said)).sum())),
        "log_score": float(-(came * np.log(said) + (1 - came) * np.log(1 - said)).mean()),
        "log_score_without": float(-(came * np.log(prior) + (1 - came) * np.log(1 - prior)).mean()),
        "rank_histogram": counts.tolist(),
        "rank_p_value": float(stats.chisquare(counts).pvalue),
        "bins": bins,
    }


if __name__ == "__main__":
    main()
