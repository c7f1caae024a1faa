"""Draw the README's pictures from a run of ``baseline``: ``python docs/make_images.py [--runs N]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import sim
from sim import batch, plots
from sim.plots.style import closed
from sim.scenario.loading import load
from sim.world import network

IMAGES = Path(__file__).parent / "images"


def main() -> None:
    """Run ``baseline`` and write its pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=batch.DEFAULT_RUNS)
    runs = parser.parse_args().runs
    baseline = load("baseline")
    draw = sim.run(baseline, runs, seed=1).plot
    figures = {name: getattr(draw, name)() for name in ("outcomes", "funnel", "formation", "joiners", "stances")}
    figures["network"] = plots.network(network.leverage(baseline))
    IMAGES.mkdir(exist_ok=True)
    for name, axes in figures.items():
        # Without the name of the software the same run gives the same bytes.
        closed(axes).savefig(IMAGES / f"{name}.png", dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
