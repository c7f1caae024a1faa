"""Splitting against weighing for rare events (decision 0024): ``python benchmarks/rare_events.py splitting observer``.

``splitting`` climbs levels of nearness with whole runs, whose inputs and luck are moved; ``weeks`` redraws luck alone,
from some week on; ``weighed`` is what ``sim could`` does. Each prints its chance and the variance ratio to counting.
"""

from __future__ import annotations

import sys
from typing import NamedTuple

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


def climb(player: Player, population: int, levels: list[float], weeks_alone: bool) -> tuple[float, int, list[float]]:
    """Return the chance by one population, the runs it took, and its levels: those given, or its own for a pilot."""
    rng, pilot = np.random.default_rng([1, population]), not levels
    shape = (RUNS, player.world.rounds, len(player.world.names.streams))
    quantiles, luck = rng.random((RUNS, len(player.world.names.inputs))), rng.random(shape)
    drawn, chance, played = Drawn(quantiles, luck, near(player, quantiles, luck)), 1.0, RUNS
    own: list[float] = []
    for at in range(MOST if pilot else len(levels)):
        level = _level(drawn.near) if pilot else levels[at]
        if own and level <= own[-1]:
            return 0.0, played, own
        own.append(level)
        passed = np.flatnonzero(drawn.near >= level)
        chance *= len(passed) / len(drawn.near)
        if level == HIT or not len(passed):
            return chance, played, own
        seeds = rng.choice(passed, RUNS // MOVES, replace=len(passed) < RUNS // MOVES)
        drawn = moved(player, Drawn(*(each[seeds] for each in drawn)), level, weeks_alone, rng)
        played += len(drawn.near)
    return 0.0, played, own


def _level(reached: Floats) -> float:
    return HIT if (reached >= HIT).mean() >= PASS else float(np.quantile(reached, 1.0 - PASS, method="higher"))


def splitting(name: str, of: str, weeks_alone: bool) -> str:
    """Return what splitting makes of an event, in a line."""
    scenario = load(name)
    player = Player(building.build(scenario), event(of, scenario.parts.missions))
    _, played, levels = climb(player, 0, [], weeks_alone)
    if levels[-1] < HIT:
        return f"stuck at nearness {levels[-1]:.3f} after {len(levels)} levels"
    climbs = [climb(player, population, levels, weeks_alone) for population in range(1, POPULATIONS + 1)]
    chances, played = np.array([chance for chance, _, _ in climbs]), played + sum(runs for _, runs, _ in climbs)
    mean, variance = float(chances.mean()), float(chances.var(ddof=1)) / POPULATIONS
    return (
        f"{mean:.3g}, {chances.min():.2g} to {chances.max():.2g}, {played:,} runs, ratio {mean / played / variance:.2g}"
    )


if __name__ == "__main__":
    how, asked = sys.argv[1:3]
    config = sys.argv[3] if len(sys.argv) > 3 else "baseline"
    print(could(config, asked).sentence if how == "weighed" else splitting(config, asked, how == "weeks"))
