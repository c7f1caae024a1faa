"""Could it ever happen? How likely an outcome is that hardly any run shows, or at most, and by which way it comes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.analysis import rare_events
from sim.analysis.nearness import HIT, PARTS, Runs, missions_of, nearness, parts
from sim.analysis.rare_events import Player, Way, estimate, learn, search_block, sizes
from sim.batch import engines
from sim.batch.workers import in_order, threads
from sim.ensemble import run_row, run_table
from sim.ensemble.events import event
from sim.ensemble.results import Result
from sim.ensemble.run_table import Played
from sim.ensemble.shares import share
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import DrawnRun
from sim.story.replay import replay
from sim.story.short import abridged
from sim.words import listed
from sim.world import building, draws, streams
from sim.world.columns import Floats, World

RUNS = 20_000
PILOT = 2_000
"""Runs of a step of a pilot, at most."""
ENOUGH = 30
"""Ordinary runs that show it, from which on counting them is enough."""
_NEAREST = 16
"""Runs kept of each block for what stood in the way, where none shows it."""
_TELLING = 4.5
_INPUTS = 10
_STATES = 8


@dataclass(frozen=True, eq=False, repr=False)
class Could(Result):
    """Whether and how something could ever happen: see :func:`could`.

    Attributes
    ----------
    table
        Steps by which it comes: ``step``, and its share or median in the runs that show it (``hits``) and in ordinary
        ones (``ordinary``). Where no run shows it, what it needs by mission: how far the nearest runs came (``best``,
        1 where nothing is wanting) and the share of them that had it (``had``).
    inputs
        Inputs that those runs share: by path, ``mean_quantile`` (0.5 in ordinary runs) with its standard error
        ``noise``, and the median drawn in them (``hits``) and by the scenario (``ordinary``).
    method
        ``counted`` among ordinary runs; ``weighed`` runs of a search; or ``not_seen`` at all.
    probability, low, high
        How likely it is, with a 95% interval of simulation noise; 0 to ``at_most`` where it was not seen.
    at_most
        What counting ordinary runs alone allows at most, with 95% confidence.
    hits, worth
        Runs that show it, and how many independent ones they are worth.
    ordinary, ordinary_hits, runs
        Ordinary runs and those among them that show it; all runs played, pilots among them.
    example_run, story
        The number of an ordinary run that shows it, if there is one; and a run that shows it in ten lines.
    scenario, hash, of, what, seed, stamp
        The scenario, the event and its words, the root seed, and what marks the scenario as not the baseline.
    """

    inputs: pd.DataFrame
    method: str
    probability: float
    low: float
    high: float
    at_most: float
    hits: int
    worth: float
    ordinary: int
    ordinary_hits: int
    runs: int
    example_run: int | None
    story: tuple[str, ...]
    scenario: str
    hash: str
    of: str
    what: str
    seed: int
    stamp: str
    example: DrawnRun | None

    def facts(self) -> dict[str, object]:
        """Return every field that is neither a table nor the drawn example, which :meth:`DrawnRun.write` writes."""
        return {name: value for name, value in super().facts().items() if name != "example"}


class _Kept(NamedTuple):
    """What is left of a block: its runs that show it, or the nearest if ``near`` asks for them, with their weights."""

    quantiles: Floats
    luck: Floats
    near: Floats
    weights: Floats
    rows: Floats
    seats: Floats


class _Ordinary(NamedTuple):
    """Ordinary runs: rows and seats of all, and which show it."""

    rows: Floats
    seats: Floats
    hits: np.ndarray


def could(
    scenario: Scenario | str | Path,
    of: str,
    runs: int = RUNS,
    seed: int = 1,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
) -> Could:
    """Return how likely an outcome is that hardly any run shows, how sure that is, and by which way it comes.

    ``runs`` ordinary runs are counted first. Where fewer than 30 show it, three pilots learn which inputs and luck lead
    there, and as many runs again are drawn from what they learned, and weighed back
    (:mod:`sim.analysis.rare_events`).

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    of
        Any event, such as ``nato``, ``enforcement`` or ``european and troops >= 40000``.
    runs, seed, workers
        How many runs to count and to weigh, the root seed, and threads, which change nothing but the time.
    progress
        Called with the number of runs just played; :func:`most_runs` tells how many there are at most.

    Raises
    ------
    ValueError
        If there are too few runs, the event is none, or scipy is missing.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    if runs < 2:
        raise ValueError(f"a search takes at least 2 runs, got {runs}")
    world = building.build(scenario)
    engine = engines.choose(world.names, None, lambda _: None)
    player = Player(world, event(of, scenario.parts.missions), engine)
    search = _Search(scenario, player, runs, seed, workers or os.cpu_count() or 1, progress or (lambda _: None))
    return search.result()


def most_runs(runs: int) -> int:
    """Return how many runs a search plays at most."""
    return 2 * runs + rare_events.PILOTS * rare_events.MOST_STEPS * min(PILOT, runs)


class _Search:
    """A search under way."""

    def __init__(
        self, scenario: Scenario, player: Player, runs: int, seed: int, workers: int, progress: Callable[[int], None]
    ) -> None:
        self.scenario, self.player, self.runs, self.seed = scenario, player, runs, seed
        self.workers = workers if player.engine == "compiled" else 1
        self.progress, self.played = progress, 0

    def result(self) -> Could:
        ordinary, kept = self.ordinary()
        counted = int(ordinary.hits.sum())
        first = int(np.flatnonzero(ordinary.hits)[0]) if counted else None
        at_most = 1.0 - 0.05 ** (1.0 / self.runs) if not counted else share(counted, self.runs).high
        if counted >= ENOUGH:
            one = share(counted, self.runs)
            numbers = ("counted", one.probability, one.low, one.high, counted, float(counted))
            return self._could(ordinary, kept, numbers, at_most, first)
        ways = [way for way, _ in self.learned()]
        drawn, nearest = self.weighed(ways)
        together = _joined([kept, drawn])
        scores = rare_events.scores_of(self.player, together.quantiles, together.luck)
        together = together._replace(weights=rare_events.balanced(ways, scores, self.runs, self.runs))
        hits = len(together.weights)
        if not hits:
            return self._could(ordinary, nearest, ("not_seen", 0.0, 0.0, at_most, 0, 0.0), at_most, None)
        guess = estimate(together.weights, 2 * self.runs)
        return self._could(ordinary, together, ("weighed", *guess[:3], hits, guess.worth), at_most, first)

    # --- what is played ------------------------------------------------------------------------------------------

    def ordinary(self) -> tuple[_Ordinary, _Kept]:
        """Count ordinary runs, and keep those that show it."""
        firsts = np.cumsum([0, *sizes(self.runs)[:-1]]).tolist()
        parts = self._each(self._ordinary_block, list(zip(firsts, sizes(self.runs), strict=True)))
        rows, seats, near = (np.concatenate([part[at] for part in parts]) for at in range(3))
        return _Ordinary(rows, seats, near >= HIT), _joined([part[3] for part in parts])

    def _ordinary_block(self, first: int, runs: int) -> tuple[Floats, Floats, Floats, _Kept]:
        means, numbers = engines.means(self.player.engine), np.arange(first, first + runs)
        world = self.player.world
        quantiles = np.ascontiguousarray(draws.quantiles_of(world, self.seed, numbers, means).T)
        _, luck = draws.draw_forked(world, self.seed, numbers, [(0, numbers)], means)
        inputs, played = self.player.play(quantiles, luck.values)
        near = nearness(self.player.asked, Runs(world, inputs.values, played))
        kept = _keep(near >= HIT, quantiles, luck.values, near, np.ones(runs), played)
        return played.rows, played.seats, near, kept

    def learned(self) -> list[tuple[Way, float]]:
        """Let pilots learn ways."""
        pilot = min(PILOT, self.runs)
        learned = self._each(self._pilot, [(number, pilot) for number in range(rare_events.PILOTS)], counted=False)
        self.played += sum(played for _, _, played in learned)
        return [(way, level) for way, level, _ in learned]

    def _pilot(self, number: int, runs: int) -> tuple[Way, float, int]:
        way, level, played = learn(self.player, self.seed, number, runs, self.progress)
        self.progress(rare_events.MOST_STEPS * runs - played)  # steps that were not needed
        return way, level, played

    def weighed(self, ways: Sequence[Way]) -> tuple[_Kept, _Kept]:
        """Draw runs from what was learned; return those that show it, and those that came nearest."""
        calls = [(tuple(ways), number, size) for number, size in enumerate(sizes(self.runs))]
        blocks = self._each(self._weighed_block, calls)
        return _joined([hits for hits, _ in blocks]), _joined([nearest for _, nearest in blocks])

    def _weighed_block(self, ways: tuple[Way, ...], number: int, runs: int) -> tuple[_Kept, _Kept]:
        block = search_block(self.player, ways, runs, np.random.default_rng([self.seed, 2, number]))
        nearest = np.zeros(runs, dtype=np.bool_)
        nearest[np.argsort(-block.near, kind="stable")[:_NEAREST]] = True
        drawn = (block.quantiles, block.luck, block.near, block.weights, block.played)
        return _keep(block.hits, *drawn), _keep(nearest, *drawn)

    def _each(self, task: Callable[..., tuple], calls: Sequence[tuple], counted: bool = True) -> list:  # type: ignore[type-arg]
        """Return what a task makes of each call, in order, on all threads."""
        done = []
        with threads(self.workers) as submit:
            for call, left in zip(calls, in_order(submit, task, calls, 2 * self.workers), strict=True):
                done.append(left)
                if counted:
                    self.played += call[-1]
                    self.progress(call[-1])
        return done

    # --- what is reported ----------------------------------------------------------------------------------------

    def _could(
        self,
        ordinary: _Ordinary,
        kept: _Kept,
        numbers: tuple[str, float, float, float, int, float],
        at_most: float,
        first: int | None,
    ) -> Could:
        method, probability, low, high, hits, worth = numbers
        seen = method != "not_seen"
        example = _drawn(self.scenario, self.player, kept) if seen else None
        world = self.player.world
        table = _steps(world, kept, ordinary) if seen else _missing(self.player, kept)
        what = self.player.asked.phrase
        fields = {"low": low, "high": high, "at_most": at_most, "hits": hits, "ordinary": self.runs}
        return Could(
            table=table,
            sentence=_sentence(method, what, probability, fields, int(ordinary.hits.sum()), table),
            inputs=_shared(world, kept),
            method=method,
            probability=probability,
            low=low,
            high=high,
            at_most=at_most,
            hits=hits,
            worth=worth,
            ordinary=self.runs,
            ordinary_hits=int(ordinary.hits.sum()),
            runs=self.played,
            example_run=first,
            story=_ten_lines(self.scenario, self.player, kept, example) if example else (),
            scenario=self.scenario.name,
            hash=self.scenario.hash,
            of=self.player.asked.text,
            what=what,
            seed=self.seed,
            stamp=self.scenario.stamp,
            example=example,
        )


def _keep(which: np.ndarray, quantiles: Floats, luck: Floats, near: Floats, weights: Floats, played: Played) -> _Kept:
    return _Kept(
        quantiles[which],
        np.ascontiguousarray(luck[:, :, which]),
        near[which],
        weights[which],
        played.rows[which],
        played.seats[which],
    )


def _joined(kept: Sequence[_Kept]) -> _Kept:
    axes = (0, 2, 0, 0, 0, 0)
    return _Kept(*(np.concatenate(each, axis=axis) for each, axis in zip(zip(*kept, strict=True), axes, strict=True)))


def _best(kept: _Kept) -> int:
    """Return the run that the scenario itself would show most readily among those that show it."""
    return int(np.argmax(np.where(kept.near >= HIT, kept.weights, -1.0)))


def _drawn(scenario: Scenario, player: Player, kept: _Kept) -> DrawnRun:
    at, names = _best(kept), player.world.names
    return DrawnRun(
        scenario=scenario.name,
        hash=scenario.hash,
        event=player.asked.text,
        quantiles=dict(zip(names.inputs, kept.quantiles[at].tolist(), strict=True)),
        luck={name: tuple(kept.luck[stream, :, at].tolist()) for stream, name in enumerate(names.streams)},
    )


def _ten_lines(scenario: Scenario, player: Player, kept: _Kept, example: DrawnRun) -> tuple[str, ...]:
    row = run_table.table(player.world.missions.names, kept.rows[[_best(kept)]], np.array([0])).iloc[0]
    return tuple(abridged(replay(scenario, drawn=example).events, row))


def _shared(world: World, kept: _Kept) -> pd.DataFrame:
    """Return the inputs whose draws in these runs differ from ordinary ones beyond noise, the most telling first."""
    columns = ["mean_quantile", "noise", "hits", "ordinary"]
    if len(kept.weights) < 2:
        return pd.DataFrame(columns=columns, index=pd.Index([], name="input"))
    weight = kept.weights / kept.weights.sum()
    mean = weight @ kept.quantiles
    worth = 1.0 / float(weight @ weight)
    noise = np.sqrt((weight * weight) @ (kept.quantiles - mean) ** 2 + 1.0 / (12.0 * worth * worth))
    varies = np.array([prior.uncertain for prior in world.names.priors])
    telling = np.where(varies, np.abs(mean - 0.5) / noise, 0.0)
    chosen = [int(at) for at in np.argsort(-telling)[:_INPUTS] if telling[at] >= _TELLING]
    middle = np.array([_median(kept.quantiles[:, at], weight) for at in chosen])
    rows = [
        (mean[at], noise[at], _value(world, at, place), _value(world, at, 0.5))
        for at, place in zip(chosen, middle, strict=True)
    ]
    index = pd.Index([world.names.inputs[at] for at in chosen], name="input")
    return pd.DataFrame(rows, columns=columns, index=index)


def _value(world: World, at: int, place: float) -> float | str:
    from sim.scenario import priors

    prior = world.names.priors[at]
    value = float(priors.quantile(prior, np.array([place]))[0])
    return prior.words[int(value)] if prior.words else value


def _median(values: Floats, weight: Floats) -> float:
    order = np.argsort(values)
    return float(values[order][np.searchsorted(np.cumsum(weight[order]), 0.5 * weight.sum())])


class _Step(NamedTuple):
    """A step in words: the share of runs whose column is at least ``least``, or the median where that is None."""

    words: str
    column: str
    least: float | None


_STEPS = (
    _Step("a ceasefire begins", "ceasefire_week", -np.inf),
    _Step("median week of the first ceasefire", "ceasefire_week", None),
    _Step("a truce breaks", "truce_broke", 1.0),
    _Step("a force deploys", "deployed_week", -np.inf),
    _Step("median week of the deployment", "deployed_week", None),
    _Step("median troops of the force", "troops", None),
    _Step("the force forms while Moscow tolerates or accepts it", "with_russian_consent", 1.0),
    _Step("the force forms while Moscow refuses it", "without_russian_consent", 1.0),
    _Step("the force holds to the horizon", "held", 1.0),
    *(
        _Step(f"Washington offers {rung.replace('_', ' ')} or more in some week", "rung_highest", float(at))
        for at, rung in enumerate(vocabulary.RUNGS)
        if at
    ),
)


def _steps(world: World, kept: _Kept, ordinary: _Ordinary) -> pd.DataFrame:
    """Return what runs that show it do, beside ordinary runs."""
    tabled = (_Step(f"{name} is on the table", f"tabled_{name}", 1e-9) for name in world.missions.names)
    names, plain = run_row.columns(world.missions.names), np.ones(len(ordinary.rows))
    rows = [
        (
            step.words,
            _measured(step, kept.rows[:, names.index(step.column)], kept.weights),
            _measured(step, ordinary.rows[:, names.index(step.column)], plain),
        )
        for step in (*_STEPS, *tabled)
    ]
    return pd.DataFrame([*rows, *_states(world, kept, ordinary)], columns=["step", "hits", "ordinary"])


def _measured(step: _Step, values: Floats, weight: Floats) -> float:
    if step.least is not None:
        return _mean(values >= step.least, weight)
    there = ~np.isnan(values)
    return _median(values[there], weight[there]) if there.any() else float("nan")


def _states(world: World, kept: _Kept, ordinary: _Ordinary) -> list[tuple[str, float, float]]:
    """Return the states whose pledges at the horizon differ most."""
    top = len(vocabulary.STANCES) - 1
    pledged = run_row.SEATS.index("stage")
    rows = [
        (
            f"{world.names.actors[at]} is pledged at the horizon",
            _mean(kept.seats[:, at, pledged] >= top, kept.weights),
            float((ordinary.seats[:, at, pledged] >= top).mean()),
        )
        for at in np.flatnonzero(world.actor.contributor)
    ]
    return sorted(rows, key=lambda row: -abs(row[1] - row[2]))[:_STATES]


def _mean(flags: np.ndarray, weight: Floats) -> float:
    return float(flags @ weight / weight.sum())


def _missing(player: Player, nearest: _Kept) -> pd.DataFrame:
    """Return what the nearest runs lacked, by mission and by what it needs."""
    columns = ["mission", "needs", "best", "had"]
    order = np.argsort(-nearest.near, kind="stable")[: streams.BLOCK]
    world = player.world
    inputs, played = player.play(nearest.quantiles[order], np.ascontiguousarray(nearest.luck[:, :, order]))
    runs = Runs(world, inputs.values, played)
    rows = [
        (world.names.missions[at], PARTS[name], float(near.max()), float((near >= 1.0).mean()))
        for at in missions_of(player.asked, world)
        for name, near in parts(at, runs).items()
    ]
    return pd.DataFrame(rows, columns=columns)


def chance(probability: float) -> str:
    """Return a small probability as one reads it.

    >>> chance(0.0412), chance(0.00031), chance(2e-6), chance(3e-12)
    ('4.1%', '0.031%', '2 in a million', 'less than 1 in a billion')
    """
    if probability < 1e-9:
        return "less than 1 in a billion" if probability > 0.0 else "0"
    if probability >= 1e-4:
        return f"{probability * 100:.2g}%"
    scale, word = (1e6, "million") if probability >= 1e-6 else (1e9, "billion")
    return f"{probability * scale:.2g} in a {word}"


def _sentence(
    method: str, what: str, probability: float, numbers: dict[str, float], counted: int, table: pd.DataFrame
) -> str:
    low, high, ordinary = chance(numbers["low"]), chance(numbers["high"]), int(numbers["ordinary"])
    head = what[0].upper() + what[1:]
    if method == "not_seen":
        wall = _wall(table)
        return (
            f"{head}: not seen, neither in {ordinary:,} ordinary runs nor in as many that were drawn towards it. It is "
            f"less likely than {chance(numbers['at_most'])} (95%, by counting alone).{wall}"
        )
    verb = "show" if counted > 1 else "shows"
    seen = f"{f'{counted:,}' if counted else 'none'} of {ordinary:,} ordinary runs {verb} it"
    interval = f"{chance(probability)} (95% simulation noise: {low} to {high})"
    if method == "counted":
        return f"{head}: {interval}; {seen}."
    many = f"{int(numbers['hits']):,} runs that show it"
    return f"{head}: {interval}, from {many}, most of them drawn towards it and weighed back; {seen}."


def _wall(table: pd.DataFrame) -> str:
    """Return what none of the nearest runs had, as a sentence."""
    if table.empty:
        return ""
    never = table[(table["had"] == 0.0) & ~table["needs"].isin([PARTS["table"], PARTS["requirements"]])]
    if never.empty:
        return ""
    walls = listed([f"{row['needs']} ({row['mission']})" for _, row in never.iterrows()], "or")
    return f" In none of the runs that came nearest was it so that {walls}."
