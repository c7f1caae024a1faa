"""What is written down of a run: its state, and that of every actor, at the end of each round."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.model.actors import State
from sim.model.contributor import Contributor
from sim.model.parties import Parties
from sim.model.situation import Situation


class Trajectory(NamedTuple):
    """What happened in one run: ``weekly`` (rounds, WEEKLY) and ``actors`` (rounds, actors, ACTOR_WEEKLY)."""

    weekly: NDArray[np.float64]
    actors: NDArray[np.float64]


def actor_state(actor: State) -> list[float]:
    """Return an actor's state, in the order of :data:`sim.ensemble.columns.ACTOR_WEEKLY`; 0 but for contributors."""
    if isinstance(actor, Contributor):
        return [float(actor.stage), actor.readiness, float(actor.ratified), float(actor.in_force)]
    return [0.0, 0.0, 0.0, 0.0]


def weekly_state(situation: Situation, parties: Parties) -> list[float]:
    """Return the state at the end of a round, in the order of :data:`sim.ensemble.columns.WEEKLY`."""
    force = situation.force
    return [
        situation.week,
        situation.battlefield_now,
        parties.opponent.view - situation.battlefield_now,
        situation.battlefield_now - parties.host.view,
        parties.broker.posture_now,
        float(parties.broker.cap),
        parties.broker.offer,
        float(situation.rung),
        parties.broker.payoff,
        parties.host.pressure,
        parties.opponent.payoff,
        situation.threat,
        float(situation.mission),
        situation.most,
        situation.least,
        situation.concession,
        float(situation.truce),
        float(situation.truces),
        float(situation.broken),
        float(situation.signed),
        situation.imposed,
        parties.host.arms,
        situation.guarantee_seen,
        situation.consent_index,
        float(situation.consent),
        situation.sufficiency,
        situation.pledged_troops,
        situation.ratified_troops,
        situation.ceiling,
        *(float(situation.met[gate]) for gate in vocabulary.GATES),
        float(force.mission if force is not None else -1),
        float(force is not None and force.european),
        force.troops if force is not None else 0.0,
        force.european_troops if force is not None else 0.0,
        float(force.states if force is not None else 0),
        float(situation.tested),
        float(situation.attacked),
        float(situation.reinforced),
        float(situation.ended),
        float(situation.training),
        situation.follows,
        situation.relief,
        float(situation.escalated),
        float(situation.strained),
    ]
