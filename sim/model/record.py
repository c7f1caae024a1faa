"""What is written down of a run: its state, and that of every actor, at the end of each round."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.ensemble.columns import ActorWeeklyRow, WeeklyRow
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


class Notes:
    """What is written down of a run as it goes: numbers end to end, of which arrays are made once, when it is over."""

    def __init__(self, parties: Parties) -> None:
        self.parties = parties
        self.at_start = [each.stage for each in parties.contributors]
        self.weekly: list[WeeklyRow] = []
        self.columns: dict[str, list[float]] = {name: [] for name in ActorWeeklyRow._fields}

    def take_down(self, situation: Situation) -> None:
        """Write down the end of a round."""
        self.weekly.append(weekly_state(situation, self.parties))
        for name, column in contributor_columns(situation, self.parties.contributors).items():
            self.columns[name] += column

    def trajectory(self) -> Trajectory:
        """Return what was written down; actors that do not contribute have zeros."""
        rounds, actors = len(self.weekly), len(self.parties.states)
        seats = [each.at for each in self.parties.contributors]
        at_start = np.zeros(actors)
        at_start[seats] = self.at_start
        by_actor = np.zeros((rounds, actors, len(self.columns)))
        for at, column in enumerate(self.columns.values()):
            by_actor[:, seats, at] = np.array(column, dtype=np.float64).reshape(rounds, len(seats))
        # One by one: numpy takes five times as long to find out what rows of rows are made of.
        weekly = np.fromiter(chain.from_iterable(self.weekly), np.float64)
        return Trajectory(weekly.reshape(rounds, len(WeeklyRow._fields)), by_actor, at_start)


def contributor_columns(situation: Situation, contributors: Sequence[Contributor]) -> dict[str, list[float]]:
    """Return contributors' states at the end of a round, a list a column of :class:`ActorWeeklyRow`.

    Troops are each one's share of the force in the field. A list a column is filled five times as fast as a row.
    """
    supplied = 0.0
    for each in contributors:
        supplied += each.kept if each.in_force else 0.0
    troops = situation.force.troops if situation.force is not None else 0.0
    return {
        "stage": [each.stage for each in contributors],
        "readiness": [each.readiness for each in contributors],
        "ratified": [each.ratified for each in contributors],
        "in_force": [each.in_force for each in contributors],
        "troops": [each.kept / supplied * troops if each.in_force and supplied > 0.0 else 0.0 for each in contributors],
    }


def contributor_states(situation: Situation, contributors: Sequence[Contributor]) -> list[ActorWeeklyRow]:
    """Return the same as rows, one a contributor."""
    columns = contributor_columns(situation, contributors)
    rows = zip(*(columns[name] for name in ActorWeeklyRow._fields), strict=True)
    return [ActorWeeklyRow(*map(float, row)) for row in rows]


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
