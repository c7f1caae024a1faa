"""What is written down of a run: its state, and that of every actor, at the end of each round."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.columns import ActorWeeklyRow, WeeklyRow
from sim.model.actors import State
from sim.model.contributor import Contributor
from sim.model.parties import Parties
from sim.model.situation import Situation


class Trajectory(NamedTuple):
    """What happened in one run.

    ``weekly`` has shape (rounds, WEEKLY), ``actors`` (rounds, actors, ACTOR_WEEKLY); ``at_start`` is every actor's
    stage at week 0, before any round.
    """

    weekly: NDArray[np.float64]
    actors: NDArray[np.float64]
    at_start: NDArray[np.float64]


def actor_states(situation: Situation, actors: Sequence[State]) -> list[ActorWeeklyRow]:
    """Return the actors' states at the end of a round; troops are each one's share of the force in the field."""
    supplied = 0.0
    for actor in actors:
        supplied += actor.kept if isinstance(actor, Contributor) and actor.in_force else 0.0
    troops = situation.force.troops if situation.force is not None else 0.0
    return [_actor_state(actor, troops, supplied) for actor in actors]


def _actor_state(actor: State, troops: float, supplied: float) -> ActorWeeklyRow:
    """Return an actor's state at the end of a round; all 0 but for contributors."""
    if not isinstance(actor, Contributor):
        return ActorWeeklyRow(stage=0.0, readiness=0.0, ratified=0.0, in_force=0.0, troops=0.0)
    share = actor.kept / supplied if actor.in_force and supplied > 0.0 else 0.0
    return ActorWeeklyRow(
        stage=float(actor.stage),
        readiness=actor.readiness,
        ratified=float(actor.ratified),
        in_force=float(actor.in_force),
        troops=share * troops,
    )


def weekly_state(situation: Situation, parties: Parties) -> WeeklyRow:
    """Return the state at the end of a round."""
    force = situation.force
    return WeeklyRow(
        week=situation.week,
        battlefield=situation.battlefield_now,
        optimism_opponent=parties.opponent.view - situation.battlefield_now,
        optimism_host=situation.battlefield_now - parties.host.view,
        posture=parties.broker.posture_now,
        cap=float(parties.broker.cap),
        offer=parties.broker.offer,
        rung=float(situation.rung),
        pressure_broker=parties.broker.payoff,
        pressure_host=parties.host.pressure,
        pressure_opponent=parties.opponent.payoff,
        threat=situation.threat,
        mission=float(situation.mission),
        concedes=situation.most,
        requires=situation.least,
        concession=situation.concession,
        truce=float(situation.truce),
        truces=float(situation.truces),
        broken=float(situation.broken),
        signed=float(situation.signed),
        imposed=situation.imposed,
        arms=parties.host.arms,
        guarantee=situation.guarantee_seen,
        consent_index=situation.consent_index,
        consent=float(situation.consent),
        sufficiency=situation.sufficiency,
        pledged_troops=situation.pledged_troops,
        ratified_troops=situation.ratified_troops,
        ceiling=situation.ceiling,
        met_truce=float(situation.met["truce"]),
        met_host_consent=float(situation.met["host_consent"]),
        met_russian_consent=float(situation.met["russian_consent"]),
        met_council=float(situation.met["council"]),
        met_backstop=float(situation.met["backstop"]),
        met_lead=float(situation.met["lead"]),
        met_troops=float(situation.met["troops"]),
        met_ratification=float(situation.met["ratification"]),
        force=float(force.mission if force is not None else -1),
        force_european=float(force is not None and force.european),
        troops=force.troops if force is not None else 0.0,
        european_troops=force.european_troops if force is not None else 0.0,
        states=float(force.states if force is not None else 0),
        tested=float(situation.tested),
        attacked=float(situation.attacked),
        reinforced=float(situation.reinforced),
        ended=float(situation.ended),
        training=float(situation.training),
        follows=situation.follows,
        relief=parties.opponent.rewards,
        escalated=float(situation.escalated),
        strained=float(situation.strained),
    )
