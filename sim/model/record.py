"""TODO: one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.model.actors import State
from sim.model.contributor import Contributor

if TYPE_CHECKING:
    from sim.model.negotiation import Negotiation


class Trajectory(NamedTuple):
    """What happened in one run: ``weekly`` (rounds, WEEKLY) and ``actors`` (rounds, actors, ACTOR_WEEKLY)."""

    weekly: NDArray[np.float64]
    actors: NDArray[np.float64]


def _actor_state(actor: State) -> list[float]:
    if isinstance(actor, Contributor):
        return [float(actor.stage), actor.readiness, float(actor.ratified), float(actor.in_force)]
    return [0.0, 0.0, 0.0, 0.0]


def weekly_state(model: Negotiation) -> list[float]:
    """Return the state at the end of a round, in the order of :data:`sim.ensemble.columns.WEEKLY`."""
    force = model.force
    return [
        model.week,
        model.battlefield_now,
        model.opponent.optimism,
        model.host.optimism,
        model.broker.posture_now,
        float(model.broker.cap),
        model.broker.offer,
        float(model.broker.rung),
        model.broker.payoff,
        model.host.pressure,
        model.opponent.payoff,
        model.threat,
        float(model.mission),
        model.most,
        model.least,
        model.concession,
        float(model.truce),
        float(model.truces),
        float(model.broken),
        float(model.signed),
        model.imposed,
        model.host.arms,
        model.guarantee_seen,
        model.consent_index,
        float(model.consent),
        model.sufficiency,
        model.pledged_troops,
        model.ratified_troops,
        model.ceiling,
        *(float(model.met[gate]) for gate in vocabulary.GATES),
        float(force.mission if force is not None else -1),
        float(force is not None and force.european),
        force.troops if force is not None else 0.0,
        force.european_troops if force is not None else 0.0,
        float(force.states if force is not None else 0),
        float(model.tested),
        float(model.attacked),
        float(model.reinforced),
        float(model.ended),
        float(model.training),
    ]
