"""How processor time grows with runs, weeks, actors and edges: `python benchmarks/growth.py [--plot FILE]`.

Timed is ``sim.batch.run(scenario, runs, workers=1)`` in memory, all of it: building the world, drawing,
playing, and making tables. One size varies at a time, from the baseline:

- runs: of the batch; elsewhere it has ``--batch`` of them;
- weeks: the horizon;
- actors: ten of the baseline, and copies of one contributor that bring no edge, so that edges stay as they are;
- edges: the first of the baseline, and beyond these persuasion between its actors.

Sizes take turns; each time is the least of the repeats, after a first go to compile. A slope is that of log time on log
size: over all sizes, and over the last two, where what a batch costs in any case weighs least.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations
from math import log
from pathlib import Path
from statistics import linear_regression
from time import process_time
from typing import Any

from measuring import parser, positive, tell

from sim import batch, vocabulary
from sim.plots import style
from sim.plots.colours import ink
from sim.scenario import loading
from sim.scenario.scenario import Scenario

SIZES = {
    "runs": [512, 1024, 2048, 4096, 8192],
    "weeks": [26, 52, 104, 208],
    "actors": [10, 25, 50, 100],
    "edges": [10, 50, 100, 250, 500],
}
COPIED = "denmark"
CORE = ("us", "russia", "ukraine", "china", "uk", "france", "germany", "poland", "italy", "turkey")
MOST = {"weeks": 520, "edges": 500}


def with_weeks(baseline: Scenario, weeks: int) -> Scenario:
    """Return the baseline with another horizon."""
    return baseline.change({"horizon_weeks": weeks})


def with_actors(baseline: Scenario, actors: int) -> Scenario:
    """Return a world of ten actors of the baseline and copies of one."""
    copied = plain(baseline.as_dict()["actors"][COPIED])
    gone = {f"actors.{name}": None for name in baseline.parts.actors if name not in CORE}
    return baseline.change(gone | {f"actors.copy{at}": copied for at in range(actors - len(CORE))})


def with_edges(baseline: Scenario, edges: int) -> Scenario:
    """Return the baseline with fewer edges, or more."""
    own = list(baseline.parts.network)
    gone = {f"network.{key}": None for key in own[edges:]}
    free = [f"{source}->{target}/persuasion" for source, target in permutations(baseline.parts.actors, 2)]
    more = [key for key in free if key not in own][: max(0, edges - len(own))]
    edge = {"strength": 0.3, "willingness": 0.5}
    return baseline.change(gone | ({"network": dict.fromkeys(more, edge)} if more else {}))


WORLDS: dict[str, Callable[[Scenario, int], Scenario]] = {
    "weeks": with_weeks,
    "actors": with_actors,
    "edges": with_edges,
}


def plain(value: Any) -> Any:
    """Return a part of a config without its reasons, which may not stand twice."""
    if not isinstance(value, dict):
        return value
    return {key: plain(inner) for key, inner in value.items() if key not in vocabulary.REASON_KEYS}


def seconds(scenario: Scenario, runs: int) -> float:
    """Return the processor time of a batch."""
    begun = process_time()
    batch.run(scenario, runs, workers=1)
    return process_time() - begun


def growth(of: str, sizes: list[int], runs: int, repeats: int) -> dict[str, Any]:
    """Return the times by size, and the slopes."""
    baseline = loading.load("baseline")
    batches = {size: (baseline, size) if of == "runs" else (WORLDS[of](baseline, size), runs) for size in sizes}
    for scenario, _ in batches.values():
        seconds(scenario, 1)
    turns = [{size: seconds(*asked) for size, asked in batches.items()} for _ in range(repeats)]
    least = {size: min(turn[size] for turn in turns) for size in sizes}
    return {
        "seconds": {str(size): taken for size, taken in least.items()},
        "slope": slope(least),
        "slope_at_the_end": slope(dict(list(least.items())[-2:])),
    }


def slope(times: Mapping[int, float]) -> float:
    """Return the slope of log time on log size, by least squares."""
    return linear_regression([log(size) for size in times], [log(taken) for taken in times.values()]).slope


def plot(found: Mapping[str, dict[str, Any]], path: Path) -> None:
    """Save a figure of time against size, both as multiples of their first."""
    note = "Compiled engine, one thread; axes are logarithmic, and each line starts at its smallest size."
    axes = style.canvas("How processor time grows", note, height=4.5)
    colours = ink.series(4)
    for (of, told), colour in zip(found.items(), colours, strict=False):
        sizes, times = [int(size) for size in told["seconds"]], list(told["seconds"].values())
        label = f"{of}, {sizes[0]:,} to {sizes[-1]:,}: slope {told['slope']:.2f}"
        across = [size / sizes[0] for size in sizes]
        axes.loglog(across, [taken / times[0] for taken in times], "o-", color=colour, label=label)
    axes.set(xlabel="Size, multiple of the smallest", ylabel="Processor time, multiple of the first")
    axes.legend(frameon=False)
    style.closed(axes).savefig(path)


def main() -> None:
    """Print times and slopes."""
    asked = parser(__doc__)
    for of, sizes in SIZES.items():
        asked.add_argument(f"--{of}", type=positive, nargs="*", default=sizes, help="at least two sizes, or none")
    asked.add_argument("--batch", type=positive, default=4096, help="runs where another size varies")
    asked.add_argument("--repeats", type=positive, default=3)
    asked.add_argument("--plot", type=Path, metavar="FILE", help="save a figure here")
    given = asked.parse_args()
    wanted = {of: sorted(set(getattr(given, of))) for of in SIZES if getattr(given, of)}
    for of, sizes in wanted.items():
        if len(sizes) < 2 or sizes[-1] > MOST.get(of, sizes[-1]) or (of == "actors" and sizes[0] < len(CORE)):
            asked.error(f"--{of}: expected two sizes or more, actors from {len(CORE)}, weeks and edges to {MOST}")
    found = {of: growth(of, sizes, given.batch, given.repeats) for of, sizes in wanted.items()}
    tell({"batch": given.batch, "repeats": given.repeats, **found}, given.json)
    if given.plot:
        plot(found, given.plot)


if __name__ == "__main__":
    main()
