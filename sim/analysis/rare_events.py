"""Could it ever happen? Weigh runs that show an outcome which hardly any run, or none, shows by itself.

Importance sampling: runs are drawn from what pilots learned of the way there (cross-entropy, Rubinstein and Kroese
2004), mixed with ordinary ones (Owen and Zhou 2000), and each counts by how much likelier it was under the scenario
itself. Why this rather than multilevel splitting: docs/decisions/0024-could-it-ever-happen.md.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.analysis.mission_steps import Runs
from sim.analysis.nearness import HIT, nearness
from sim.analysis.optional_libraries import needed
from sim.batch import engines
from sim.ensemble.events import Event
from sim.ensemble.run_table import Played
from sim.world import streams
from sim.world.columns import Floats, Inputs, Luck, World

DEFENCE = 0.1
"""The share of runs drawn as ordinary ones, so that no run counts more than 1 / DEFENCE times."""
PILOTS = 3
"""Ways that are learned separately, each from its own luck, and then mixed."""
MOST_STEPS = 12
"""The most steps of a pilot; it ends earlier once enough of its runs show the outcome."""
_ELITE = 0.1
_ENOUGH = 0.2
_STUCK = 3
_SMOOTH = 0.7
_DIRECTIONS = 20
"""The most inputs and streams that a way may push."""
_TELLING = 3.5
"""Standard errors by which a push has to differ from none."""
_TOP = np.nextafter(1.0, 0.0)

Progress = Callable[[int], None]


class Player(NamedTuple):
    """A world, what is asked of it, and what plays its runs."""

    world: World
    asked: Event
    engine: str = engines.DEFAULT

    @property
    def directions(self) -> int:
        """The number of directions in which runs may be pushed: inputs, and streams of luck."""
        return len(self.world.names.inputs) + len(self.world.names.streams)

    def once(self) -> set[int]:
        """Return the streams of luck that a run asks once."""
        return {self.world.stream.proposer, self.world.stream.honoured}

    def play(self, quantiles: Floats, luck: Floats) -> tuple[Inputs, Played]:
        """Return the inputs and what is left of runs at quantiles (runs, inputs) with luck (streams, rounds, runs)."""
        values = np.zeros((len(quantiles), len(self.world.names.inputs) + 1))
        means = engines.means(self.engine)
        values[:, :-1] = means.quantiles(self.world.names.priors, np.ascontiguousarray(quantiles.T)).T
        inputs = Inputs(values)
        engine = engines.engine_of(self.engine)
        return inputs, engine(self.world, inputs, Luck(luck), len(quantiles), (), True)


class Way(NamedTuple):
    """A push on the normal scores of inputs, and of streams of luck as a whole; 0 where there is none."""

    push: Floats

    def density(self, scores: Floats) -> Floats:
        """Return how much likelier scores, of shape (runs, directions), are under the push than without it."""
        return np.asarray(np.exp(np.minimum(scores @ self.push - 0.5 * float(self.push @ self.push), 700.0)))


class Block(NamedTuple):
    """Some runs of a search: what they are, how near they come, and by how much each counts.

    ``scores`` have shape (runs, directions): normal scores of inputs, and of streams of luck over the whole run.
    """

    quantiles: Floats
    luck: Floats
    scores: Floats
    near: Floats
    weights: Floats
    inputs: Inputs
    played: Played

    @property
    def hits(self) -> NDArray[np.bool_]:
        """Which runs show what is asked for."""
        return np.asarray(self.near >= HIT)


def search_block(player: Player, ways: Sequence[Way], runs: int, rng: np.random.Generator) -> Block:
    """Return runs drawn from a mixture of ways and the scenario itself, each with the weight that undoes it."""
    special = needed("scipy.special")
    inputs, of_luck = len(player.world.names.inputs), len(player.world.names.streams)
    which = rng.integers(len(ways), size=runs) if ways else np.zeros(runs, dtype=np.int64)
    pushed = (rng.random(runs) >= DEFENCE) if ways else np.zeros(runs, dtype=np.bool_)
    push = (
        np.array([way.push for way in ways])[which] * pushed[:, None] if ways else np.zeros((runs, player.directions))
    )
    scores = np.empty((runs, player.directions))
    scores[:, :inputs] = rng.standard_normal((runs, inputs)) + push[:, :inputs]
    quantiles = np.minimum(special.ndtr(scores[:, :inputs]), _TOP)
    luck = rng.random((of_luck, player.world.rounds, runs))
    for stream in range(of_luck):
        scores[:, inputs + stream] = _pushed(player, luck, stream, push[:, inputs + stream], special)
    weights = _weights(ways, scores)
    drawn, played = player.play(quantiles, luck)
    near = nearness(player.asked, Runs(player.world, drawn.values, played))
    return Block(quantiles, luck, scores, near, weights, drawn, played)


def _pushed(player: Player, luck: Floats, stream: int, push: Floats, special: Any) -> Floats:
    """Push a stream of luck as a whole, in place, and return its score: that of its first round if it is asked once."""
    rounds = 1 if stream in player.once() else player.world.rounds
    normal = special.ndtri(np.maximum(luck[stream, :rounds], np.finfo(np.float64).tiny))
    if push.any():
        normal = normal + push / np.sqrt(rounds)
        luck[stream, :rounds] = np.minimum(special.ndtr(normal), _TOP)
    return np.asarray(normal.sum(axis=0) / np.sqrt(rounds))


def _weights(ways: Sequence[Way], scores: Floats) -> Floats:
    if not ways:
        return np.ones(len(scores))
    mixed = np.mean([way.density(scores) for way in ways], axis=0)
    return np.asarray(1.0 / (DEFENCE + (1.0 - DEFENCE) * mixed))


def scores_of(player: Player, quantiles: Floats, luck: Floats) -> Floats:
    """Return the normal scores of runs that were drawn without a push, of shape (runs, directions)."""
    special, tiny = needed("scipy.special"), float(np.finfo(np.float64).tiny)
    of_inputs = special.ndtri(np.maximum(quantiles, tiny))
    rounds = [1 if at in player.once() else player.world.rounds for at in range(len(luck))]
    of_luck = [
        special.ndtri(np.maximum(luck[at, :many], tiny)).sum(axis=0) / np.sqrt(many) for at, many in enumerate(rounds)
    ]
    return np.concatenate([of_inputs, np.array(of_luck).reshape(len(luck), len(quantiles)).T], axis=1)


def balanced(ways: Sequence[Way], scores: Floats, ordinary: int, drawn: int) -> Floats:
    """Return the weights of hits among ordinary runs and runs drawn from ways, taken together as one mixture.

    A hit counts for little where the ways lead often, wherever it was seen, and never more than all runs over the
    ordinary ones (the balance heuristic, Veach and Guibas 1995).
    """
    mixed = np.mean([way.density(scores) for way in ways], axis=0)
    return np.asarray((ordinary + drawn) / (ordinary + drawn * (DEFENCE + (1.0 - DEFENCE) * mixed)))


def learn(player: Player, seed: int, pilot: int, runs: int, progress: Progress) -> tuple[Way, float, int]:
    """Return a way to what is asked for, the level of nearness that it reaches, and how many runs that took."""
    rng = np.random.default_rng([seed, 1, pilot])
    way, played, levels = Way(np.zeros(player.directions)), 0, list[float]()
    for _ in range(MOST_STEPS):
        ways = [way] if way.push.any() else []
        blocks = [search_block(player, ways, size, rng) for size in sizes(runs)]
        played += runs
        progress(runs)
        near, weights = (np.concatenate([getattr(each, name) for each in blocks]) for name in ("near", "weights"))
        scores = np.concatenate([each.scores for each in blocks])
        level = float(min(HIT, np.quantile(near, 1.0 - _ELITE, method="higher")))
        levels.append(level)
        elite = near >= level
        learned = _push(scores[elite], weights[elite])
        way = Way(_SMOOTH * learned + (1.0 - _SMOOTH) * way.push if way.push.any() else learned)
        if (near >= HIT).mean() >= _ENOUGH or _is_stuck(levels):
            break
    return way, levels[-1], played


def _is_stuck(levels: Sequence[float]) -> bool:
    return len(levels) > _STUCK and levels[-1] <= levels[-1 - _STUCK] + 1e-4


def _push(scores: Floats, weights: Floats) -> Floats:
    """Return the weighted mean of the best runs' scores, in the directions where it differs from 0 beyond noise."""
    share = weights / weights.sum()
    mean = share @ scores
    noise = np.sqrt((share * share) @ (scores - mean) ** 2)
    telling = np.where(noise > 0.0, np.abs(mean) / np.maximum(noise, 1e-12), 0.0)
    kept = np.argsort(-telling)[:_DIRECTIONS]
    push = np.zeros(len(mean))
    push[kept] = np.where(telling[kept] >= _TELLING, mean[kept], 0.0)
    return push


def sizes(runs: int) -> list[int]:
    """Return the sizes of the blocks that some runs are played in.

    >>> sizes(1100)
    [512, 512, 76]
    """
    whole, rest = divmod(runs, streams.BLOCK)
    return [streams.BLOCK] * whole + ([rest] if rest else [])


class Estimate(NamedTuple):
    """How likely something is, with a 95% interval; ``worth`` is how many independent hits it stands on."""

    probability: float
    low: float
    high: float
    worth: float


def estimate(weights: Floats, runs: int, largest: float | None = None) -> Estimate:
    """Return the chance of something from the weights of its hits among a number of runs.

    The interval is Fay and Feuer's (1997) for weighted counts; with equal weights it is the exact one of Poisson
    counts, and with no hit it reaches from 0 to what so many runs would seldom miss. ``largest`` is the weight that a
    run not seen may have, by default the largest seen.
    """
    stats = needed("scipy.stats")
    total, square = float(weights.sum()) / runs, float(weights @ weights) / (runs * runs)
    next_one = (float(weights.max(initial=0.0)) if largest is None else largest) / runs
    if total == 0.0:
        return Estimate(0.0, 0.0, min(1.0, float(stats.chi2.ppf(0.975, 2.0)) * next_one / 2.0), 0.0)
    low = square / (2.0 * total) * float(stats.chi2.ppf(0.025, 2.0 * total * total / square))
    more, spread = total + next_one, square + next_one * next_one
    high = spread / (2.0 * more) * float(stats.chi2.ppf(0.975, 2.0 * more * more / spread))
    return Estimate(total, low, min(1.0, high), total * total / square)
