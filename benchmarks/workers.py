"""How much faster two workers are than one, within one session: ``python benchmarks/workers.py [RUNS]``.

Prints runs a second with one worker and with two, turn by turn, and the ratio of each pair: the figure to quote.
"""

from __future__ import annotations

import sys
from statistics import median
from time import perf_counter

from sim import batch
from sim.config import load

PAIRS = 3


def seconds(runs: int, workers: int) -> float:
    """Return the time that a batch of the baseline takes, processes started beforehand."""
    scenario = load("baseline")
    batch.run(scenario, 2 * workers * 64, workers=workers)
    start = perf_counter()
    batch.run(scenario, runs, workers=workers)
    return perf_counter() - start


def main(runs: int = 512) -> None:
    """Time pairs, and print their ratios with the median."""
    ratios = []
    for _ in range(PAIRS):
        one, two = seconds(runs, 1), seconds(runs, 2)
        ratios.append(one / two)
        print(f"1 worker {runs / one:.1f} runs/s, 2 workers {runs / two:.1f} runs/s, ratio {one / two:.2f}")
    print(f"median ratio {median(ratios):.2f} over {PAIRS} pairs of {runs} runs")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
