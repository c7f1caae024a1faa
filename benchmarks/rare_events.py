"""Splitting against weighing for rare events (decision 0024): ``python benchmarks/rare_events.py --of observer``.

``splitting`` climbs levels of nearness with whole runs, whose inputs and luck are moved; ``weeks`` redraws luck alone,
from some week on; ``weighed`` is what ``sim could`` does. Of each it prints the chance, and the variance ratio to
counting as many runs.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import measuring
import numpy as np
from numpy.typing import NDArray

from sim import load
from sim.analysis.could import could
from sim.analysis.nearness import HIT, Runs, nearness
from sim.analysis.rare_events import Player, sizes
from sim.ensemble.events import event
from sim.world import building

Floats = NDArray[np.float64]
POPULATIONS, RUNS, PASS, MOVES, MOST = 6, 2_000, 0.2, 5, 40
TOP = float(np.nextafter(1.0, 0.0))


class Drawn(NamedTuple):
    """Runs: quantiles (runs, inputs), luck (runs, rounds, streams), and how near they come."""

    quantiles: Floats
    luck: Floats
    near: Floats


def near(player: Player, quantiles: Floats, luck: Floats) -> Floats:
    """Return how near runs come."""
    parts, first = [], 0
    for size in sizes(len(quantiles)):
        here = slice(first, first + size)
        inputs, played = player.play(quantiles[here], np.ascontiguousarray(luck[here].transpose(2, 1, 0)))
        parts.append(nearness(player.asked, Runs(player.world, inputs.values, played)))
        first += size
    return np.concatenate(parts)


def moved(player: Player, drawn: Drawn, level: float, weeks_alone: bool, rng: np.random.Generator) -> Drawn:
    """Return every step of chains of moves that stay above a level, and keep the distribution there."""
    steps = []
    for _ in range(MOVES):
        quantiles, luck = drawn.quantiles.copy(), drawn.luck.copy()
        for run in range(len(quantiles)):
            since = int(rng.integers(luck.shape[1]))
            if weeks_alone or rng.random() < 0.5:
                streams = np.flatnonzero(
                    rng.random(luck.shape[2]) < (1.0 if weeks_alone else 10 ** rng.uniform(-1.5, 0))
                )
                luck[run, since:, streams] = rng.random((len(streams), luck.shape[1] - since))
            if not weeks_alone:
                share, width = 10.0 ** rng.uniform(-2.0, 0.0), 10.0 ** rng.uniform(-1.5, 0.0)
                at = np.flatnonzero(rng.random(quantiles.shape[1]) < share)
                step = np.abs(quantiles[run, at] + width * (2.0 * rng.random(len(at)) - 1.0))
                quantiles[run, at] = np.minimum(np.where(step > 1.0, 2.0 - step, step), TOP)
        reached = near(player, quantiles, luck)
        taken = reached >= level
        drawn = Drawn(
            np.where(taken[:, None], quantiles, drawn.quantiles),
            np.where(taken[:, None, None], luck, drawn.luck),
            np.where(taken, reached, drawn.near),
        )
        steps.append(drawn)
    return Drawn(*(np.concatenate(each) for each in zip(*steps, strict=True)))


def climb(
    player: Player, population: int, runs: int, levels: list[float], weeks_alone: bool
) -> tuple[float, int, list[float]]:
    """Return the chance by one population, the runs it took, and its levels: those given, or its own for a pilot."""
    rng, pilot = np.random.default_rng([1, population]), not levels
    shape = (runs, player.world.rounds, len(player.world.names.streams))
    quantiles, luck = rng.random((runs, len(player.world.names.inputs))), rng.random(shape)
    drawn, chance, played = Drawn(quantiles, luck, near(player, quantiles, luck)), 1.0, runs
    own: list[float] = []
    for at in range(MOST if pilot else len(levels)):
        level = _level(drawn.near, own[-1] if own else -1.0) if pilot else levels[at]
        if own and level <= own[-1]:
            return 0.0, played, own
        own.append(level)
        passed = np.flatnonzero(drawn.near >= level)
        chance *= len(passed) / len(drawn.near)
        if level == HIT or not len(passed):
            return chance, played, own
        seeds = rng.choice(passed, runs // MOVES, replace=len(passed) < runs // MOVES)
        drawn = moved(player, Drawn(*(each[seeds] for each in drawn)), level, weeks_alone, rng)
        played += len(drawn.near)
    return 0.0, played, own


def _level(reached: Floats, last: float) -> float:
    """Return the level that a fifth of runs pass, or the lowest above the last one."""
    if (reached >= HIT).mean() >= PASS:
        return HIT
    level = float(np.quantile(reached, 1.0 - PASS, method="higher"))
    above = reached[reached > last]
    return level if level > last or not len(above) else float(above.min())


def splitting(name: str, of: str, runs: int, weeks_alone: bool) -> dict[str, Any]:
    """Return what splitting makes of an event."""
    scenario = load(name)
    player = Player(building.build(scenario), event(of, scenario.parts.missions))
    _, played, levels = climb(player, 0, runs, [], weeks_alone)
    if levels[-1] < HIT:
        return {"stuck_at": levels[-1], "levels": len(levels), "runs": played}
    climbs = [climb(player, population, runs, levels, weeks_alone) for population in range(1, POPULATIONS + 1)]
    chances, played = np.array([chance for chance, _, _ in climbs]), played + sum(each for _, each, _ in climbs)
    mean, variance = float(chances.mean()), float(chances.var(ddof=1)) / POPULATIONS
    ratio = mean * (1.0 - mean) / played / variance if variance else None
    return {"chance": mean, "least": float(chances.min()), "most": float(chances.max()), "runs": played, "ratio": ratio}


def weighed(name: str, of: str, runs: int) -> dict[str, Any]:
    """Return what ``sim could`` makes of an event, as many runs counted as weighed."""
    result = could(name, of, runs)
    ratio = result.worth / (result.probability * result.runs) if result.probability else None
    return {"chance": result.probability, "least": result.low, "most": result.high, "runs": result.runs, "ratio": ratio}


def main() -> None:
    """Measure what the command line asks for."""
    parser = measuring.parser(__doc__)
    parser.add_argument("--config", default="baseline")
    parser.add_argument("--of", default="observer")
    parser.add_argument("--runs", type=measuring.positive, default=RUNS, help="runs of a population")
    asked = parser.parse_args()
    measures = {
        "weeks": splitting(asked.config, asked.of, asked.runs, True),
        "splitting": splitting(asked.config, asked.of, asked.runs, False),
        "weighed": weighed(asked.config, asked.of, 10 * asked.runs),
    }
    measuring.tell(measures, asked.json)


if __name__ == "__main__":
    main()
