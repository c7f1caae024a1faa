"""How near runs came to each step of a mission's way to the field: the table, terms, requirements, pledges."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble import run_table
from sim.ensemble.columns import ACTOR_WEEKLY, WEEKLY
from sim.ensemble.run_table import Played
from sim.rules import guarantees
from sim.world.columns import RULES, OpponentColumns, World

Floats = NDArray[np.float64]

_WEEK = {name: at for at, name in enumerate(WEEKLY)}
_RULE = {path: at for at, path in enumerate(RULES)}
_STAGE = tuple(ACTOR_WEEKLY).index("stage")
_READINESS = tuple(ACTOR_WEEKLY).index("readiness")
_TOP_STAGE = len(vocabulary.STANCES) - 1
SHARP = 4.0
"""How fast closeness falls with a shortfall, in shares of what is asked for, or in units of concession."""

STEPS = {
    "host": "{host} would host it",
    "opponent": "free of a veto by {opponent}",
    "broker": "its flag free of a veto by {broker}",
    "supply": "enough troops are in sight for it",
    "choice": "the proposer likes it best",
    "table": "it is on the table",
    "truce": "terms for a truce meet",
    "requirements": "its requirements are met",
    "pledges": "its minimum is pledged",
    "ratified": "its minimum is ratified",
}
"""What a mission needs on its way to the field; each is 1 where nothing is missing. Parties stand by their part
(:meth:`sim.words.Names.say`)."""


class Runs(NamedTuple):
    """Some runs as the importance function reads them: inputs of shape (runs, inputs + 1), and their rows."""

    world: World
    inputs: Floats
    played: Played

    def week(self, name: str) -> Floats:
        """Return a weekly column, of shape (runs, rounds)."""
        assert self.played.weekly is not None
        return self.played.weekly[:, :, _WEEK[name]]

    def actors(self, column: int) -> Floats:
        """Return a column of actors, of shape (runs, rounds, actors)."""
        assert self.played.actors is not None
        return self.played.actors[:, :, :, column]

    def rule(self, path: str) -> Floats:
        """Return the weight of a rule in each run, of shape (runs, 1)."""
        return self.column(int(self.world.rule[_RULE[path]]))

    def column(self, at: int) -> Floats:
        """Return an input in each run, of shape (runs, 1)."""
        return self.inputs[:, at : at + 1]

    def table(self) -> pd.DataFrame:
        """Return the rows of the runs as the documented table."""
        return run_table.table(self.world.missions.names, self.played.rows, np.arange(len(self.played.rows)))


def best_steps(mission: int, runs: Runs) -> dict[str, Floats]:
    """Return how near each run came to each step of a mission's way in its best week, by :data:`STEPS`."""
    by_week = steps_by_week(mission, runs)
    best = weekly_nearness(mission, runs, by_week).argmax(axis=1)
    return {name: near[np.arange(len(near)), best] for name, near in by_week.items()}


_WEIGHTS = {"table": 3.0, "truce": 2.0, "requirements": 3.0, "pledges": 1.5, "ratified": 0.5}


def weekly_nearness(mission: int, runs: Runs, by_week: dict[str, Floats]) -> Floats:
    """Return the nearness of each week, of shape (runs, rounds)."""
    if runs.world.mission.training[mission]:
        return by_week["supply"]
    waits = bool(runs.world.mission.waits_for_truce[mission])
    weights = {name: weight for name, weight in _WEIGHTS.items() if waits or name != "truce"}
    total = sum(weight * by_week[name] for name, weight in weights.items())
    return np.asarray(total / sum(weights.values()))


def steps_by_week(mission: int, runs: Runs) -> dict[str, Floats]:
    """Return the steps of a mission's way by week, each of shape (runs, rounds) and in [0, 1]."""
    kind, on_table = runs.world.mission, runs.week("mission") == mission
    stages, capacity, eligible = runs.actors(_STAGE), _capacity(runs), kind.eligible[mission] > 0
    minimum = _minimum(mission, runs)
    pledged = np.einsum("rwa,ra->rw", (stages >= _TOP_STAGE) & eligible, capacity)
    ratified = np.einsum("rwa,ra->rw", (runs.actors(tuple(ACTOR_WEEKLY).index("ratified")) > 0.0) & eligible, capacity)
    gates = np.mean([runs.week(f"met_{gate}") for gate in vocabulary.GATES], axis=0)
    way = {
        "host": _close(_host_short(mission, runs)),
        "opponent": _close(_opponent_short(mission, runs)),
        "broker": _close(_broker_short(mission, runs)),
        "supply": _training(mission, runs) if kind.training[mission] else _supply(mission, runs, minimum),
        "choice": np.broadcast_to(_close(_disliked(mission, runs)), on_table.shape),
    }
    return {
        **way,
        "table": np.where(on_table, 1.0, 0.9 * np.mean(list(way.values()), axis=0)),
        "truce": near_truce(runs),
        "requirements": np.where(on_table, gates, 0.0),
        "pledges": np.minimum(1.0, pledged / minimum),
        "ratified": np.minimum(1.0, ratified / minimum),
    }


def _close(short: Floats) -> Floats:
    return np.asarray(np.exp(-SHARP * np.maximum(0.0, short)))


def near_truce(runs: Runs) -> Floats:
    """Return how near terms came to a truce: 1 in a truce, less where they met, least where they did not."""
    gap = np.maximum(0.0, runs.week("requires") - runs.week("concedes"))
    return np.where(runs.week("truce") > 0.0, 1.0, 0.8 * np.exp(-gap))


def _capacity(runs: Runs) -> Floats:
    """Return what every actor can send (persons), of shape (runs, actors), before any rotation."""
    return np.asarray(runs.inputs[:, runs.world.actor.capacity] * (1.0 + runs.column(runs.world.capacity_tilt)))


def _minimum(mission: int, runs: Runs) -> Floats:
    target, share = runs.column(int(runs.world.mission.target[mission])), runs.rule("form.minimum_share")
    least = 1000.0 if runs.world.mission.deployed[mission] else 1.0
    return np.asarray(np.maximum(least, share * target))


def _host_short(mission: int, runs: Runs) -> Floats:
    """Return by how much a mission is worth less than the host wants, under the pressure of each week."""
    own, held = runs.world.mission, runs.world.host
    worth = np.vectorize(guarantees.mission_worth)(
        runs.column(int(own.worth[mission])),
        runs.rule("hold.forward_loss"),
        np.max([runs.column(own.forward_forces) for own in runs.world.opponents], axis=0),
        runs.rule("hold.reserve_gain"),
        runs.column(int(own.reserves[mission])),
    )
    floor = runs.column(held.worth_floor) - runs.rule("table.floor_relief") * runs.week("pressure_host")
    return np.asarray(floor - worth)


def _opponent_short(mission: int, runs: Runs) -> Floats:
    """Return what the pressure on opponents lacks to lift a veto of a light mission; 0 where no veto stands."""
    short = np.zeros(runs.week("rung").shape)
    if int(runs.world.mission.consent_word[mission]) < len(vocabulary.CONSENTS) - 1:
        return short
    for own in runs.world.opponents:
        if own.light_firmness != runs.world.absent:
            short = np.maximum(short, _veto_short(own, mission, runs))
    return short


def _veto_short(own: OpponentColumns, mission: int, runs: Runs) -> Floats:
    provoked = runs.column(own.provocation) * runs.column(int(runs.world.mission.provocation[mission]))
    unpressed = runs.column(own.light_firmness) - runs.week("pressure_opponent")
    return np.asarray(np.minimum(np.maximum(0.0, provoked - runs.column(own.light_tolerates)), unpressed))


def _broker_short(mission: int, runs: Runs) -> Floats:
    """Return what the incentives on the broker lack to lift its veto of a NATO flag; 0 where no veto stands."""
    own = runs.world.broker
    if not runs.world.mission.nato_flag[mission] or own.nato_veto == runs.world.absent:
        return np.zeros(runs.week("rung").shape)
    return np.asarray(runs.column(own.nato_veto) - runs.week("pressure_broker"))


def _supply(mission: int, runs: Runs, minimum: Floats) -> Floats:
    """Return how much of the troops that sponsors ask for is in sight each week, at most 1."""
    within = (runs.actors(_STAGE) >= 1.0) & (runs.world.mission.eligible[mission] > 0)
    total = np.einsum("rwa,ra->rw", within, _capacity(runs))
    if runs.world.mission.western[mission]:
        total = np.minimum(total, runs.week("ceiling"))
    return np.asarray(np.minimum(1.0, total / np.maximum(1.0, runs.rule("table.supply_share") * minimum)))


def _training(mission: int, runs: Runs) -> Floats:
    """Return how much of a training mission's minimum states are ready for."""
    war = np.where(runs.week("truce") > 0.0, 0.0, runs.rule("form.training_war"))
    opened = runs.column(int(runs.world.scale.stage_from[-1]))
    ready = (runs.actors(_READINESS) - war[:, :, None] >= opened[:, :, None]) & (
        runs.world.mission.eligible[mission] > 0
    )
    trainers = runs.rule("form.training_share") * np.einsum("rwa,ra->rw", ready, _capacity(runs))
    return np.asarray(np.minimum(1.0, trainers / _minimum(mission, runs)))


def _disliked(mission: int, runs: Runs) -> Floats:
    """Return by how much those who may propose like another mission better, the least among them; shape (runs, 1)."""
    rivals = np.flatnonzero(runs.world.mission.training == 0)
    gaps = []
    for actor in range(len(runs.world.actor.standing)):
        if runs.world.actor.standing[actor] == runs.world.absent:
            continue
        losses = {at: _loss(actor, at, runs) for at in {*rivals.tolist(), mission}}
        gaps.append(losses[mission] - np.min(list(losses.values()), axis=0))
    if not gaps or runs.world.impose >= 0:
        return np.zeros((len(runs.inputs), 1))
    return np.asarray(np.min(gaps, axis=0))[:, None]


def _loss(actor: int, mission: int, runs: Runs) -> Floats:
    """Return what an actor would lose by a mission, at the positions that it was drawn with; shape (runs,)."""
    own, profile = runs.world.actor, runs.world.mission.profile[mission]
    total = np.zeros(len(runs.inputs))
    for ideal, salience, its in zip(own.position[actor], own.salience[actor], profile, strict=True):
        total += runs.inputs[:, salience] * (runs.inputs[:, ideal] - runs.inputs[:, its]) ** 2
    return total
