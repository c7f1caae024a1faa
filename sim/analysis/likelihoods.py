"""How likely an observation is, given what happened in a run: what a run shows of it, and how reports err."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.columns import WeeklyRow
from sim.ensemble.run_row import STAGE
from sim.ensemble.run_table import Played
from sim.scenario.observations import Observation
from sim.world.columns import World

Floats = NDArray[np.float64]

NEAR = 0.9
"""Of wrong reports of something on a scale, the share that is off by one: an assumption."""
ORDERED = ("stage", "rung", "consent")
_COLUMN = {"ceasefire": "truce"}
_FROM_NONE = ("mission", "force")
"""Subjects whose weekly column counts missions from 0 and has -1 for none."""


def shown(observation: Observation, played: Played, world: World) -> Floats:
    """Return what runs show of an observation, shape (runs,).

    For a single week the code of the word, or the number; for a span, and for a number that is bounded, 1 where it held
    throughout what was reported, else 0.
    """
    assert played.weekly is not None and played.actors is not None
    weeks = slice(observation.first, observation.last + 1)
    if observation.subject == "stage":
        values = played.actors[:, weeks, world.names.actors.index(observation.of), STAGE]
    else:
        name = _COLUMN.get(observation.subject, observation.subject)
        name = f"met_{observation.of}" if observation.subject == "gate" else name
        values = played.weekly[:, weeks, WeeklyRow._fields.index(name)]
    values = values + 1.0 if observation.subject in _FROM_NONE else values
    if not _is_span(observation):
        return np.ascontiguousarray(values[:, 0])
    held = np.isin(values, observation.codes) if observation.words else _within(values, observation)
    return np.asarray(held.all(axis=1), dtype=np.float64)


def likelihood(observation: Observation, seen: Floats) -> Floats:
    r"""Return the likelihood of an observation in each run, given what the run shows, shape (runs,).

    A report of words at one week has the row sums of :func:`confusion`. A span or a bounded number has the reliability
    r where it held and 1 - r where it did not. A value x with standard deviation s has

    .. math:: r e^{-(x - \mu)^2 / 2 s^2} + (1 - r),

    relative to a report that hits: an unreliable report tells nothing.
    """
    right = observation.reliability
    if not _is_span(observation) and observation.words:
        of_state = confusion(len(observation.words), observation.subject in ORDERED, right)
        return np.asarray(of_state[:, list(observation.codes)].sum(axis=1)[seen.astype(np.int64)])
    if observation.sd > 0.0:
        off = (seen - observation.bounds[0]) / observation.sd
        return np.asarray(right * np.exp(-0.5 * off * off) + (1.0 - right))
    return np.where(seen > 0.0, right, 1.0 - right)


@lru_cache(maxsize=64)
def confusion(words: int, ordered: bool, reliability: float) -> Floats:
    """Return the chance of each report (columns) of each true word (rows).

    The true word is reported with the reliability. Of the rest, on a scale, nine tenths go to the words beside it and
    the others share what is left; off a scale all share the rest.

    >>> confusion(3, True, 0.8).round(3).tolist()
    [[0.8, 0.18, 0.02], [0.1, 0.8, 0.1], [0.02, 0.18, 0.8]]
    """
    table = np.zeros((words, words))
    for true in range(words):
        others = [at for at in range(words) if at != true]
        near = [at for at in others if abs(at - true) == 1] if ordered else others
        far = [at for at in others if at not in near]
        share = NEAR if far else 1.0
        table[true, true] = reliability
        table[true, near] = (1.0 - reliability) * share / len(near)
        if far:
            table[true, far] = (1.0 - reliability) * (1.0 - share) / len(far)
    return table


def _is_span(observation: Observation) -> bool:
    """Whether a run shows only that it held or not."""
    return observation.first != observation.last or not (observation.words or observation.sd > 0.0)


def _within(values: Floats, observation: Observation) -> NDArray[np.bool_]:
    return (values >= observation.bounds[0]) & (values <= observation.bounds[1])
