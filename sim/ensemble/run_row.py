"""One run's trajectory into one row of numbers: plain loops over arrays, which both engines run.

Words stand as positions: an outcome among the missions and then :data:`sim.vocabulary.OUTCOMES_WITHOUT_FORCE`, a
mission among the missions (-1: none), a rung or a consent in its vocabulary. What is missing is not a number.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.ensemble.columns import FUNNEL, ActorWeeklyRow, RunRow, SeatRow, WeeklyRow

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

_WEEKLY = WeeklyRow._fields
_ACTOR = ActorWeeklyRow._fields
(WEEK, RUNG, MISSION, CONCESSION, TRUCE, TRUCES, BROKEN, ARMS, GUARANTEE, CONSENT, SUFFICIENCY, PLEDGED_TROOPS) = (
    _WEEKLY.index(name)
    for name in (
        "week", "rung", "mission", "concession", "truce", "truces", "broken", "arms", "guarantee", "consent",
        "sufficiency", "pledged_troops",
    )
)  # fmt: skip
(FORCE, FORCE_EUROPEAN, TROOPS, EUROPEAN_TROOPS, STATES, ATTACKED, REINFORCED, TRAINING, ESCALATED, STRAINED) = (
    _WEEKLY.index(name)
    for name in (
        "force", "force_european", "troops", "european_troops", "states", "attacked", "reinforced", "training",
        "escalated", "strained",
    )
)  # fmt: skip
FIRST_GATE = _WEEKLY.index(f"met_{vocabulary.GATES[0]}")
GATES = len(vocabulary.GATES)
STAGE, RATIFIED, IN_FORCE, SENT = (_ACTOR.index(name) for name in ("stage", "ratified", "in_force", "troops"))
PLEDGED = len(vocabulary.STANCES) - 1
LAST_STEP = len(FUNNEL) - 1
OBSERVER, TRAINED, NO_FORCE, NO_CEASEFIRE = range(len(vocabulary.OUTCOMES_WITHOUT_FORCE))
SEATS = SeatRow._fields
"""What is kept of every actor."""

_STEP_OF_GATE = {"truce": 0, "host_consent": 1, "russian_consent": 1, "council": 1, "backstop": 2}
_STEPS = tuple(_STEP_OF_GATE.get(gate, 4 if gate == "ratification" else 3) for gate in vocabulary.GATES)
_STEP_ALL = max(_STEPS)


class Missions(NamedTuple):
    """What the row of a run needs to know of missions: names, flags by mission, and rounds in a week."""

    names: tuple[str, ...]
    deployed: Ints
    observer: Ints
    rounds_per_week: int


class Formed(NamedTuple):
    """The rounds in which a deployed, a European and an observer mission first formed, or -1."""

    deployed: int
    european: int
    observer: int


def width(missions: int) -> int:
    """Return the number of columns of a row: its own, a gate missing each, and weeks on the table by mission."""
    return len(RunRow._fields) + GATES + missions


def columns(missions: tuple[str, ...]) -> tuple[str, ...]:
    """Return the names of the columns of a row."""
    missing = (f"missing_{gate}" for gate in vocabulary.GATES)
    return (*RunRow._fields, *missing, *(f"tabled_{name}" for name in missions))


def write(
    weekly: Floats,
    actors: Floats,
    at_start: Floats,
    deployed: Ints,
    observer: Ints,
    rounds_per_week: int,
    into: Floats,
    seats: Floats,
) -> None:
    """Write the row of a run into ``into`` (columns), and what is kept of its actors into ``seats`` (actors, SEATS).

    ``weekly`` has shape (rounds, WEEKLY), ``actors`` (rounds, actors, ACTOR_WEEKLY), ``at_start``
    (actors,), the stages at week 0; ``deployed`` and ``observer`` are flags by mission.
    """
    formed = formations(weekly, deployed, observer)
    row = summary(weekly, deployed, formed)
    for at in range(len(row)):
        into[at] = row[at]
    last = weekly[len(weekly) - 1]
    for gate in range(GATES):
        into[len(row) + gate] = _yes(row.in_place_at_horizon == 0.0 and last[FIRST_GATE + gate] == 0.0)
    for mission in range(len(deployed)):
        tabled = 0
        for now in range(len(weekly)):
            tabled += 1 if weekly[now, MISSION] == mission else 0
        into[len(row) + GATES + mission] = tabled / rounds_per_week
    for actor in range(len(seats)):
        seat = _seat(weekly, actors[:, actor], at_start[actor], deployed, formed)
        for at in range(len(seat)):
            seats[actor, at] = seat[at]


def formations(weekly: Floats, deployed: Ints, observer: Ints) -> Formed:
    """Return when missions first formed: a force stands where none stood in the round before."""
    first_deployed = first_european = first_observer = -1
    before = -1
    for now in range(len(weekly)):
        force = int(weekly[now, FORCE])
        if force >= 0 and before < 0:
            if deployed[force] > 0 and first_deployed < 0:
                first_deployed = now
            if deployed[force] > 0 and weekly[now, FORCE_EUROPEAN] > 0.0 and first_european < 0:
                first_european = now
            if observer[force] > 0 and first_observer < 0:
                first_observer = now
        before = force
    return Formed(first_deployed, first_european, first_observer)


def _seat(weekly: Floats, own: Floats, at_start: float, deployed: Ints, formed: Formed) -> SeatRow:
    """Return what is kept of one actor; ``own`` has shape (rounds, ACTOR_WEEKLY)."""
    last, then, came = own[len(weekly) - 1], own[max(formed.deployed, 0)], formed.deployed >= 0
    pledged = ratified = sent = -1
    for now in range(len(weekly) - 1, -1, -1):
        force = int(weekly[now, FORCE])
        pledged = now if own[now, STAGE] >= PLEDGED else pledged
        ratified = now if own[now, RATIFIED] > 0.0 else ratified
        sent = now if force >= 0 and deployed[force] > 0 and own[now, IN_FORCE] > 0.0 else sent
    return SeatRow(
        stage=last[STAGE],
        ratified=last[RATIFIED],
        deployed=_if(came, then[IN_FORCE], 0.0),
        stage_at_start=at_start,
        troops=_if(came, then[SENT], 0.0),
        pledged_week=_week(weekly, pledged),
        ratified_week=_week(weekly, ratified),
        deployed_week=_week(weekly, sent),
    )


def summary(weekly: Floats, deployed: Ints, formed: Formed) -> RunRow:
    """Return the row of a run, without what depends on gates and missions."""
    ended = len(weekly) - 1
    last, at = weekly[ended], formed.deployed
    in_place = last[FORCE] >= 0.0 and deployed[int(last[FORCE])] > 0
    then = weekly[max(at, 0)]
    came = at >= 0
    held = came and _stayed(weekly, at)
    return RunRow(
        outcome=_outcome(weekly, len(deployed), formed),
        ceasefire_week=_week(weekly, _first(weekly, TRUCES)),
        truces=last[TRUCES],
        truce_broke=_yes(last[BROKEN] > 0.0),
        deployed_week=_week(weekly, at),
        european_week=_week(weekly, formed.european),
        observer_week=_week(weekly, formed.observer),
        training_week=_week(weekly, _first(weekly, TRAINING)),
        mission=_if(came, then[FORCE], -1.0),
        troops=_if(came, then[TROOPS], np.nan),
        european_troops=_if(came, then[EUROPEAN_TROOPS], np.nan),
        states=_if(came, then[STATES], np.nan),
        rung_at_formation=_if(came, then[RUNG], np.nan),
        consent_at_formation=_if(came, then[CONSENT], np.nan),
        with_russian_consent=_yes(came & (then[CONSENT] > 0.0)),
        without_russian_consent=_yes(came & (then[CONSENT] == 0.0)),
        in_place_at_horizon=_yes(in_place),
        held=_yes(held),
        attacks=_total(weekly, ATTACKED),
        reinforced=_total(weekly, REINFORCED),
        rung=last[RUNG],
        rung_highest=_highest(weekly, RUNG),
        consent=last[CONSENT],
        concession=last[CONCESSION],
        guarantee=last[GUARANTEE],
        arms=last[ARMS],
        pledged_troops=last[PLEDGED_TROOPS],
        sufficiency_highest=_highest(weekly, SUFFICIENCY),
        table=last[MISSION],
        troops_at_horizon=last[TROOPS],
        escalated=_yes(_total(weekly, ESCALATED) > 0.0),
        alliance_strained=_yes(_total(weekly, STRAINED) > 0.0),
        reached=_reached(weekly, came, held),
    )


def _yes(flag: bool) -> float:
    return 1.0 if flag else 0.0


def _if(came: bool, value: float, otherwise: float) -> float:
    return value if came else otherwise


def _outcome(weekly: Floats, missions: int, formed: Formed) -> float:
    if formed.deployed >= 0:
        return float(weekly[formed.deployed, FORCE])
    if formed.observer >= 0:
        return float(missions + OBSERVER)
    if _first(weekly, TRAINING) >= 0:
        return float(missions + TRAINED)
    return float(missions + (NO_FORCE if weekly[len(weekly) - 1, TRUCES] > 0.0 else NO_CEASEFIRE))


def _first(weekly: Floats, column: int) -> int:
    for now in range(len(weekly)):
        if weekly[now, column] > 0.0:
            return now
    return -1


def _week(weekly: Floats, now: int) -> float:
    return float(weekly[now, WEEK]) if now >= 0 else np.nan


def _total(weekly: Floats, column: int) -> float:
    total = 0.0
    for now in range(len(weekly)):
        total += weekly[now, column]
    return total


def _highest(weekly: Floats, column: int) -> float:
    highest = weekly[0, column]
    for now in range(1, len(weekly)):
        highest = max(highest, weekly[now, column])
    return float(highest)


def _stayed(weekly: Floats, since: int) -> bool:
    gone = 0
    for now in range(since, len(weekly)):
        gone += 1 if weekly[now, FORCE] < 0.0 else 0
    return gone == 0


def _reached(weekly: Floats, came: bool, held: bool) -> float:
    """Return the furthest step of the funnel: requirements of a step count with those before it, in the same week."""
    if came:
        return float(LAST_STEP if held else LAST_STEP - 1)
    furthest = -1
    for now in range(len(weekly)):
        furthest = max(furthest, _step(weekly[now]))
    return float(furthest)


def _step(then: Floats) -> int:
    missed = LAST_STEP
    for gate in range(GATES):
        met = then[TRUCE] if _STEPS[gate] == 0 else then[FIRST_GATE + gate]
        if met == 0.0:
            missed = min(missed, _STEPS[gate])
    return min(missed, _STEP_ALL + 1) - 1
