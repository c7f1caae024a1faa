"""What a search (:mod:`sim.analysis.could`) keeps of its runs, and its answer in words: the way, or what blocked it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd

from sim import vocabulary, words
from sim.analysis.mission_steps import STEPS, Runs, best_steps
from sim.analysis.nearness import HIT, missions_of
from sim.analysis.rare_events import Player
from sim.ensemble import run_row, run_table
from sim.ensemble.run_table import Played
from sim.scenario import priors
from sim.scenario.observation_words import rung_seen, stage_seen
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import DrawnRun
from sim.story.replay import replay
from sim.story.short import abridged
from sim.words import listed
from sim.world import streams
from sim.world.columns import Floats, World

_TELLING = 4.5
"""Runs share an input if its mean lies so many standard errors off its usual draws."""
_INPUTS = 10
_STATES = 8


class Kept(NamedTuple):
    """The runs kept of a block, with their weights: those that show the outcome, or the nearest if ``near`` asks so."""

    quantiles: Floats
    luck: Floats
    near: Floats
    weights: Floats
    rows: Floats
    seats: Floats


class Ordinary(NamedTuple):
    """Ordinary runs: rows and seats of all, and which show it."""

    rows: Floats
    seats: Floats
    hits: np.ndarray


def keep(which: np.ndarray, quantiles: Floats, luck: Floats, near: Floats, weights: Floats, played: Played) -> Kept:
    """Return the runs of a block that are flagged in ``which``."""
    return Kept(
        quantiles[which],
        np.ascontiguousarray(luck[:, :, which]),
        near[which],
        weights[which],
        played.rows[which],
        played.seats[which],
    )


def joined(kept: Sequence[Kept]) -> Kept:
    """Join the runs kept of several blocks."""
    axes = (0, 2, 0, 0, 0, 0)
    return Kept(*(np.concatenate(each, axis=axis) for each, axis in zip(zip(*kept, strict=True), axes, strict=True)))


def best(kept: Kept) -> int:
    """Return the run that the scenario itself would show most readily among those that show it."""
    return int(np.argmax(np.where(kept.near >= HIT, kept.weights, -1.0)))


def drawn(scenario: Scenario, player: Player, kept: Kept) -> DrawnRun:
    """Return the best of the runs that show it, as its inputs and its luck."""
    at, names = best(kept), player.world.names
    return DrawnRun(
        scenario=scenario.name,
        hash=scenario.hash,
        event=player.asked.text,
        quantiles=dict(zip(names.inputs, kept.quantiles[at].tolist(), strict=True)),
        luck={name: tuple(kept.luck[stream, :, at].tolist()) for stream, name in enumerate(names.streams)},
    )


def ten_lines(scenario: Scenario, player: Player, kept: Kept, example: DrawnRun) -> tuple[str, ...]:
    """Return the story of the best run in ten lines."""
    row = run_table.table(player.world.missions.names, kept.rows[[best(kept)]], np.array([0])).iloc[0]
    return tuple(abridged(replay(scenario, drawn=example).events, row, scenario.names, scenario.mission_names))


def shared(world: World, kept: Kept) -> pd.DataFrame:
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


def _steps(scenario: Scenario) -> Iterator[_Step]:
    yield _Step("a ceasefire begins", "ceasefire_week", -np.inf)
    yield _Step("median week of the first ceasefire", "ceasefire_week", None)
    yield _Step(scenario.names.apart("truce_broke"), "truce_broke", 1.0)
    yield _Step("a force deploys", "deployed_week", -np.inf)
    yield _Step("median week of the deployment", "deployed_week", None)
    yield _Step("median troops of the force", "troops", None)
    for column in ("with_russian_consent", "without_russian_consent", "held"):
        yield _Step(scenario.names.apart(column), column, 1.0)
    for at, rung in enumerate(vocabulary.RUNGS[1:], start=1):
        yield _Step(f"{rung_seen(rung, 'at least', scenario.names)}, in some week", "rung_highest", float(at))
    for mission, name in scenario.mission_names.items():
        yield _Step(f"“{name}” is on the table", f"tabled_{mission}", 1e-9)


def steps(scenario: Scenario, world: World, kept: Kept, ordinary: Ordinary) -> pd.DataFrame:
    """Return what happens in runs that show the outcome, beside ordinary runs."""
    names, plain = run_row.columns(world.missions.names), np.ones(len(ordinary.rows))
    rows = [
        (
            step.words,
            _measured(step, kept.rows[:, names.index(step.column)], kept.weights),
            _measured(step, ordinary.rows[:, names.index(step.column)], plain),
        )
        for step in _steps(scenario)
    ]
    return pd.DataFrame([*rows, *_states(scenario, world, kept, ordinary)], columns=["step", "hits", "ordinary"])


def _measured(step: _Step, values: Floats, weight: Floats) -> float:
    if step.least is not None:
        return _mean(values >= step.least, weight)
    there = ~np.isnan(values)
    return _median(values[there], weight[there]) if there.any() else float("nan")


def _states(scenario: Scenario, world: World, kept: Kept, ordinary: Ordinary) -> list[tuple[str, float, float]]:
    """Return the states whose pledges at the horizon differ most."""
    top = len(vocabulary.STANCES) - 1
    pledged = run_row.SEATS.index("stage")
    rows = [
        (
            f"{stage_seen(scenario.parts.actors[world.names.actors[at]].name, 'pledged')} at the horizon",
            _mean(kept.seats[:, at, pledged] >= top, kept.weights),
            float((ordinary.seats[:, at, pledged] >= top).mean()),
        )
        for at in np.flatnonzero(world.actor.contributor)
    ]
    return sorted(rows, key=lambda row: -abs(row[1] - row[2]))[:_STATES]


def _mean(flags: np.ndarray, weight: Floats) -> float:
    return float(flags @ weight / weight.sum())


def missing(scenario: Scenario, player: Player, nearest: Kept) -> pd.DataFrame:
    """Return what the nearest runs lacked, by mission and by what it needs."""
    columns = ["mission", "needs", "best", "had"]
    order = np.argsort(-nearest.near, kind="stable")[: streams.BLOCK]
    world, called = player.world, scenario.mission_names
    inputs, played = player.play(nearest.quantiles[order], np.ascontiguousarray(nearest.luck[:, :, order]))
    runs = Runs(world, inputs.values, played)
    rows = [
        (called[world.names.missions[at]], scenario.names.say(STEPS[name]), near.max(), (near >= 1.0).mean())
        for at in missions_of(player.asked, world)
        for name, near in best_steps(at, runs).items()
    ]
    return pd.DataFrame(rows, columns=columns)


def chance(probability: float) -> str:
    """Return a small probability in words.

    >>> chance(0.0412), chance(0.00031), chance(2e-6), chance(3e-12)
    ('4.1%', '0.031%', '2 in a million', 'less than 1 in a billion')
    """
    if probability < 1e-9:
        return "less than 1 in a billion" if probability > 0.0 else "0"
    if probability >= 1e-4:
        return f"{probability * 100:.2g}%"
    scale, word = (1e6, "million") if probability >= 1e-6 else (1e9, "billion")
    return f"{probability * scale:.2g} in a {word}"


def sentence(
    method: str, what: str, probability: float, numbers: dict[str, float], counted: int, table: pd.DataFrame
) -> str:
    """Return the answer as a sentence; ``numbers`` are ends of the interval, hits and ordinary runs."""
    low, high, ordinary = chance(numbers["low"]), chance(numbers["high"]), int(numbers["ordinary"])
    head = words.sentence(what)
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
    never = table[(table["had"] == 0.0) & ~table["needs"].isin([STEPS["table"], STEPS["requirements"]])]
    if never.empty:
        return ""
    walls = listed([f"{row['needs']} ({row['mission']})" for _, row in never.iterrows()], "or")
    return f" None of the runs that came nearest meets this: {walls}."
