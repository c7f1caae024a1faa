"""Whether memory stays bounded as a batch grows: `python benchmarks/memory.py [--runs N ...]`.

Each number of runs is a process of its own that calls ``sim.run(scenario, N, out=DIR)``; told is its peak resident
memory in megabytes, imports included. The numbers take turns; the ratio is of the most runs to the fewest.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median
from typing import Any

from measuring import cost, median_ratio, parser, positive, tell

BATCH = "import sys, sim; sim.run(sys.argv[1], int(sys.argv[2]), out='ensemble')"


def peak(scenario: str, runs: int) -> float:
    """Return the peak memory of a batch in a fresh process, in megabytes."""
    with tempfile.TemporaryDirectory() as folder:
        return cost(["-c", BATCH, scenario, str(runs)], Path(folder)).peak_mb


def memory(scenario: str, sizes: list[int], repeats: int) -> dict[str, Any]:
    """Return the peaks by number of runs, and the ratio: medians over turns."""
    peak(scenario, 512)
    turns = [{runs: peak(scenario, runs) for runs in sizes} for _ in range(repeats)]
    return {
        "peak_mb": {str(runs): median(turn[runs] for turn in turns) for runs in sizes},
        "ratio": median_ratio([(turn[min(sizes)], turn[max(sizes)]) for turn in turns]),
    }


def main() -> None:
    """Print peaks and their ratio."""
    asked = parser(__doc__)
    asked.add_argument("scenario", nargs="?", default="baseline", help="a shipped scenario's name")
    asked.add_argument("--runs", type=positive, nargs="+", default=[100_000, 1_000_000])
    asked.add_argument("--repeats", type=positive, default=3)
    given = asked.parse_args()
    found = memory(given.scenario, given.runs, given.repeats)
    tell({"scenario": given.scenario, "repeats": given.repeats, **found}, given.json)


if __name__ == "__main__":
    main()
