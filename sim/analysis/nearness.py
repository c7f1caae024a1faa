"""How near a run came to what is asked for: the importance function that a search for rare outcomes climbs.

Any function of a run leaves the search unbiased; a good one makes it quick. This one follows the way to a force: the
mission has to come to the table, terms have to meet, requirements have to be met, troops have to be pledged.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray

from sim import vocabulary
from sim.analysis.mission_steps import SHARP, Floats, Runs, near_truce, steps_by_week, weekly_nearness
from sim.ensemble.arrow_tables import arrow
from sim.ensemble.conditions import All, Compared, Known, Not, OneOf, Some, Tree, Yes, columns, met
from sim.ensemble.events import Event
from sim.world.columns import World

Flags = NDArray[np.bool_]

HIT = 2.0
"""The nearness of a run that shows what is asked for; all others lie in [0, 1]."""


def nearness(asked: Event, runs: Runs) -> Floats:
    """Return how near each run came to an event: :data:`HIT` where it came about, else a number in [0, 1]."""
    table = runs.table()
    near = np.clip(_near(asked.condition, runs, table), 0.0, 1.0)
    return np.where(asked.met(_columns(table, asked.columns)), HIT, near)


def missions_of(asked: Event, world: World) -> list[int]:
    """Return the missions in whose field an event may come about, by their positions; none if it asks for no force."""
    names, chosen = world.names.missions, dict[int, None]()
    for leaf in _positive(asked.condition):
        for at in _missions(leaf, world):
            chosen[at] = None
    return [at for at in chosen if at < len(names)]


def _columns(table: pd.DataFrame, names: tuple[str, ...]) -> pa.Table:
    return arrow(table[list(names)])


def _positive(tree: Tree) -> list[Known | Yes | OneOf | Compared]:
    if isinstance(tree, Not):
        return []
    if isinstance(tree, All | Some):
        return [leaf for part in tree.parts for leaf in _positive(part)]
    return [tree]


_GROUPS: dict[str, Callable[[World], NDArray[np.int64]]] = {
    "deployed_week": lambda world: world.mission.deployed,
    "european_week": lambda world: world.mission.european * world.mission.deployed,
    "observer_week": lambda world: world.mission.observer,
    "training_week": lambda world: world.mission.training,
}


def _missions(leaf: Known | Yes | OneOf | Compared, world: World) -> list[int]:
    """Return the missions whose force would meet a condition on one column."""
    names = world.names.missions
    if isinstance(leaf, OneOf) and leaf.column in ("outcome", "mission"):
        own = [names.index(word) for word in leaf.words if word in names]
        groups = {"observer": world.mission.observer, "training": world.mission.training}
        return own + [int(at) for word in leaf.words if word in groups for at in np.flatnonzero(groups[word])]
    if leaf.column in _GROUPS:
        return [int(at) for at in np.flatnonzero(_GROUPS[leaf.column](world))]
    return [int(at) for at in np.flatnonzero(world.mission.deployed)] if leaf.of_force else []


def _near(tree: Tree, runs: Runs, table: pd.DataFrame) -> Floats:
    if isinstance(tree, Not):
        return _opposite(tree.inner, runs, table)
    if isinstance(tree, All):
        return np.asarray(np.mean([_near(part, runs, table) for part in tree.parts], axis=0))
    if isinstance(tree, Some):
        return np.asarray(np.max([_near(part, runs, table) for part in tree.parts], axis=0))
    came = met(tree, _columns(table, columns(tree)))
    return np.where(came, 1.0, 0.95 * np.maximum(_of_value(tree, runs, table), _of_force(tree, runs)))


_AGAINST = {"<": ">=", "<=": ">", "=": "!=", "!=": "=", ">=": "<", ">": "<="}


def _opposite(tree: Tree, runs: Runs, table: pd.DataFrame) -> Floats:
    """Return the nearness of the opposite of a condition: numbers have a distance, the rest has none."""
    if isinstance(tree, Compared):
        other = Compared(tree.column, _AGAINST[tree.sign], tree.other, tree.phrase, tree.of_force)
        return _of_value(other, runs, table)
    return np.zeros(len(table))


def _of_value(leaf: Known | Yes | OneOf | Compared, runs: Runs, table: pd.DataFrame) -> Floats:
    """Return how near the column of a condition comes to meeting it."""
    values = table[leaf.column]
    if isinstance(leaf, Yes):
        return values.to_numpy(dtype=np.float64)
    if isinstance(leaf, OneOf):
        return _of_word(leaf, runs, values)
    if isinstance(leaf, Known):
        if leaf.column == "ceasefire_week":
            return np.asarray(near_truce(runs).max(axis=1))
        return np.zeros(len(table))
    if leaf.column.startswith("tabled_") and leaf.sign in (">", ">="):
        short_of = values.to_numpy(dtype=np.float64) / max(
            1.0, float(leaf.other) if not isinstance(leaf.other, str) else 1.0
        )
        return np.where(short_of > 0.0, np.minimum(1.0, short_of), 0.0)
    other = table[leaf.other].to_numpy(dtype=np.float64, na_value=np.nan) if isinstance(leaf.other, str) else leaf.other
    short = _shortfall(values.to_numpy(dtype=np.float64, na_value=np.nan), leaf.sign, np.asarray(other, np.float64))
    return np.nan_to_num(np.exp(-SHARP * short), nan=0.0)


def _shortfall(values: Floats, sign: str, other: Floats) -> Floats:
    """Return by how much values miss a limit, as a share of it (as they are, of a limit of 0)."""
    scale = np.where(other == 0.0, 1.0, np.abs(other))
    gap = {"<": values - other, "<=": values - other, ">": other - values, ">=": other - values}.get(sign)
    return np.maximum(0.0, np.abs(values - other) if gap is None else gap) / scale


def _of_word(leaf: OneOf, runs: Runs, values: pd.Series) -> Floats:
    """Return how near a word comes to those asked for: by steps on its ladder, where it has one."""
    reached = np.asarray(values.isin(leaf.words), dtype=np.float64)
    ladder = next((words for words in vocabulary.SCALES.values() if set(leaf.words) <= set(words)), ())
    if leaf.column in ("outcome", "mission", "table") or not (ladder and leaf.words):
        return reached
    goals = np.array([ladder.index(word) for word in leaf.words], dtype=np.float64)
    places = values.map({word: float(at) for at, word in enumerate(ladder)}).to_numpy(dtype=np.float64, na_value=np.nan)
    away = np.abs(places[:, None] - goals[None, :]).min(axis=1)
    return np.asarray(np.nan_to_num(1.0 - away / len(ladder), nan=0.0), dtype=np.float64)


def _of_force(leaf: Known | Yes | OneOf | Compared, runs: Runs) -> Floats:
    """Return how near the best of the missions comes that would meet a condition; 0 if it asks for none."""
    of = _missions(leaf, runs.world)
    if leaf.column.startswith("tabled_"):
        at = runs.world.names.missions.index(leaf.column.removeprefix("tabled_"))
        return np.asarray(steps_by_week(at, runs)["table"].max(axis=1))
    if not of:
        return np.zeros(len(runs.inputs))
    return np.asarray(np.max([weekly_nearness(at, runs, steps_by_week(at, runs)).max(axis=1) for at in of], axis=0))
