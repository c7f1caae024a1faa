"""The row of a run, kept as the run goes: plain loops over the record of a round, which both engines run.

Words stand as positions: an outcome among the missions and then :data:`sim.vocabulary.OUTCOMES_WITHOUT_FORCE`, a
mission among the missions (-1: none), a rung or a consent in its vocabulary. What is missing is not a number.
"""

from math import inf
from typing import Any, Final, NamedTuple

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
STAGE = _ACTOR.index("stage")
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


class Seats(NamedTuple):
    """What is recorded of all actors at the end of a round, each an array by actor."""

    stage: NDArray[Any]
    ratified: NDArray[Any]
    in_force: NDArray[Any]
    troops: Floats


class SoFar(NamedTuple):
    """What the row of a run needs of the rounds behind it; a round is -1 where something has not come about.

    ``force`` is the mission in the field at the end of the last of them, ``stayed`` whether a force was there ever
    since one formed, ``step`` the furthest step of the funnel before that.
    """

    formed: Formed
    force: int
    truce: int
    training: int
    attacks: float
    reinforced: float
    escalated: float
    strained: float
    rung: float
    sufficiency: float
    stayed: bool
    step: int


AT_FIRST: Final = SoFar(Formed(-1, -1, -1), -1, -1, -1, 0.0, 0.0, 0.0, 0.0, -inf, -inf, True, -1)
"""What there is before the first round."""
PLEDGED_IN, RATIFIED_IN, SENT_IN, SENT_THEN, TROOPS_THEN = range(5)
PER_ACTOR: Final = 5
"""What is noted of every actor as a run goes: first weeks (never: infinite), and its part in the first deployed force.
"""


def begin(into: Floats, noted: Floats) -> SoFar:
    """Return what there is before the first round, with nothing on the table and nothing noted of anybody."""
    into[:] = 0.0
    noted[:] = inf
    return AT_FIRST


def note(
    before: SoFar,
    now: int,
    week: Floats,
    actors: Seats,
    deployed: Ints,
    observer: Ints,
    into: Floats,
    then: Floats,
    noted: Floats,
) -> SoFar:
    """Note a round, and return what there is so far.

    ``week`` (WEEKLY,) and ``actors`` are its record. Rounds on the table are counted in ``into``, ``noted`` (PER_ACTOR,
    actors) takes what is needed of actors, ``then`` the round in which a deployed mission first formed.
    """
    after = _after(before, now, week, deployed, observer)
    mission, force = int(week[MISSION]), int(week[FORCE])
    if mission >= 0:
        into[len(into) - len(deployed) + mission] += 1.0
    this_week = week[WEEK]
    for at in range(noted.shape[1]):
        noted[PLEDGED_IN, at] = min(noted[PLEDGED_IN, at], this_week if actors.stage[at] >= PLEDGED else inf)
        noted[RATIFIED_IN, at] = min(noted[RATIFIED_IN, at], this_week if actors.ratified[at] > 0.0 else inf)
    if force >= 0 and deployed[force] > 0:
        for at in range(noted.shape[1]):
            noted[SENT_IN, at] = min(noted[SENT_IN, at], this_week if actors.in_force[at] > 0.0 else inf)
    if after.formed.deployed == now:
        for column in range(len(week)):  # an array set at once would have compiled code ask for memory
            then[column] = week[column]
        for at in range(noted.shape[1]):
            noted[SENT_THEN, at], noted[TROOPS_THEN, at] = actors.in_force[at], actors.troops[at]
    return after


def _after(before: SoFar, now: int, week: Floats, deployed: Ints, observer: Ints) -> SoFar:
    formed = _formed(before, now, week, deployed, observer)
    came = formed.deployed >= 0
    return SoFar(
        formed=formed,
        force=int(week[FORCE]),
        truce=now if before.truce < 0 and week[TRUCES] > 0.0 else before.truce,
        training=now if before.training < 0 and week[TRAINING] > 0.0 else before.training,
        attacks=before.attacks + week[ATTACKED],
        reinforced=before.reinforced + week[REINFORCED],
        escalated=before.escalated + week[ESCALATED],
        strained=before.strained + week[STRAINED],
        rung=max(before.rung, week[RUNG]),
        sufficiency=max(before.sufficiency, week[SUFFICIENCY]),
        stayed=before.stayed and (not came or week[FORCE] >= 0.0),
        step=before.step if came else max(before.step, _step(week)),
    )


def _formed(before: SoFar, now: int, week: Floats, deployed: Ints, observer: Ints) -> Formed:
    """Return when missions first formed: a force stands where none stood in the round before."""
    formed, force = before.formed, int(week[FORCE])
    if force < 0 or before.force >= 0:
        return formed
    european = deployed[force] > 0 and week[FORCE_EUROPEAN] > 0.0
    return Formed(
        now if deployed[force] > 0 and formed.deployed < 0 else formed.deployed,
        now if european and formed.european < 0 else formed.european,
        now if observer[force] > 0 and formed.observer < 0 else formed.observer,
    )


def finish(
    so_far: SoFar,
    last: Floats,
    actors: Seats,
    at_start: Floats,
    deployed: Ints,
    rounds_per_week: int,
    into: Floats,
    then: Floats,
    noted: Floats,
    seats: Floats,
) -> None:
    """Write the row of a run whose rounds are noted into ``into``, and what is kept of its actors into ``seats``.

    ``last`` and ``actors`` are the record of the last round, ``at_start`` the stages at week 0.
    """
    row = summary(so_far, last, then, deployed, rounds_per_week)
    for at in range(len(row)):
        into[at] = row[at]
    for gate in range(GATES):
        into[len(row) + gate] = _yes(row.in_place_at_horizon == 0.0 and last[FIRST_GATE + gate] == 0.0)
    for mission in range(len(deployed)):
        into[len(row) + GATES + mission] /= rounds_per_week
    for actor in range(len(seats)):
        seat = _seat(so_far, actors.stage[actor], actors.ratified[actor], at_start[actor], noted[:, actor])
        for at in range(len(seat)):
            seats[actor, at] = seat[at]


def _seat(so_far: SoFar, stage: float, ratified: float, at_start: float, noted: Floats) -> SeatRow:
    """Return what is kept of one actor, by its state in the last round and what was noted of it."""
    came = so_far.formed.deployed >= 0
    return SeatRow(
        stage=float(stage),
        ratified=float(ratified),
        deployed=_if(came, noted[SENT_THEN], 0.0),
        stage_at_start=at_start,
        troops=_if(came, noted[TROOPS_THEN], 0.0),
        pledged_week=_first_week(noted[PLEDGED_IN]),
        ratified_week=_first_week(noted[RATIFIED_IN]),
        deployed_week=_first_week(noted[SENT_IN]),
    )


def summary(so_far: SoFar, last: Floats, then: Floats, deployed: Ints, rounds_per_week: int) -> RunRow:
    """Return the row of a run, without what depends on gates and missions."""
    formed, in_place = so_far.formed, last[FORCE] >= 0.0 and deployed[int(last[FORCE])] > 0
    came = formed.deployed >= 0
    held = came and so_far.stayed
    return RunRow(
        outcome=_outcome(so_far, last, then, len(deployed)),
        ceasefire_week=_week(so_far.truce, rounds_per_week),
        truces=last[TRUCES],
        truce_broke=_yes(last[BROKEN] > 0.0),
        deployed_week=_week(formed.deployed, rounds_per_week),
        european_week=_week(formed.european, rounds_per_week),
        observer_week=_week(formed.observer, rounds_per_week),
        training_week=_week(so_far.training, rounds_per_week),
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
        attacks=so_far.attacks,
        reinforced=so_far.reinforced,
        rung=last[RUNG],
        rung_highest=so_far.rung,
        consent=last[CONSENT],
        concession=last[CONCESSION],
        guarantee=last[GUARANTEE],
        arms=last[ARMS],
        pledged_troops=last[PLEDGED_TROOPS],
        sufficiency_highest=so_far.sufficiency,
        table=last[MISSION],
        troops_at_horizon=last[TROOPS],
        escalated=_yes(so_far.escalated > 0.0),
        alliance_strained=_yes(so_far.strained > 0.0),
        reached=_reached(so_far, came, held),
    )


def _yes(flag: bool) -> float:
    return 1.0 if flag else 0.0


def _if(came: bool, value: float, otherwise: float) -> float:
    return value if came else otherwise


def _outcome(so_far: SoFar, last: Floats, then: Floats, missions: int) -> float:
    if so_far.formed.deployed >= 0:
        return float(then[FORCE])
    if so_far.formed.observer >= 0:
        return float(missions + OBSERVER)
    if so_far.training >= 0:
        return float(missions + TRAINED)
    return float(missions + (NO_FORCE if last[TRUCES] > 0.0 else NO_CEASEFIRE))


def _week(now: int, rounds_per_week: int) -> float:
    """Return the week of a round, as engines count it: rounded alike."""
    return (now + 1) * (1.0 / rounds_per_week) if now >= 0 else np.nan


def _first_week(noted: float) -> float:
    return noted if noted < inf else np.nan


def _reached(so_far: SoFar, came: bool, held: bool) -> float:
    """Return the furthest step of the funnel: requirements of a step count with those before it, in the same week."""
    return float(LAST_STEP if held else LAST_STEP - 1) if came else float(so_far.step)


def _step(then: Floats) -> int:
    missed = LAST_STEP
    for gate in range(GATES):
        met = then[TRUCE] if _STEPS[gate] == 0 else then[FIRST_GATE + gate]
        if met == 0.0:
            missed = min(missed, _STEPS[gate])
    return min(missed, _STEP_ALL + 1) - 1
