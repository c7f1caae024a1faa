"""One run's trajectory into one documented row, and a row for each actor; the same for both engines."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.world import World

Floats = NDArray[np.float64]
_AT = {name: at for at, name in enumerate(vocabulary.WEEKLY)}
_ACTOR_AT = {name: at for at, name in enumerate(vocabulary.ACTOR_WEEKLY)}
_STEPS = (
    ("truce",),
    ("host_consent", "russian_consent", "council"),
    ("backstop",),
    ("lead", "troops"),
    ("ratification",),
)
"""Requirements behind the first steps of the funnel."""


class Formation(NamedTuple):
    """When a mission first formed: the round, or -1."""

    deployed: int
    european: int
    observer: int


def summary(world: World, weekly: Floats, actors: Floats, run: int) -> dict[str, Any]:
    """Return the row of one run, with the columns of :data:`sim.vocabulary.RUN` and those of gates and missions.

    ``weekly`` has shape (rounds, WEEKLY), ``actors`` (rounds, actors, ACTOR_WEEKLY).
    """
    formed = formations(world, weekly)
    last = weekly[-1]
    in_place = _is(world.mission.deployed, last[_AT["force"]])
    row: dict[str, Any] = {
        "run": run,
        "outcome": _outcome(world, weekly, formed),
        "ceasefire_week": _first_week(weekly, weekly[:, _AT["truces"]] > 0),
        "truces": int(last[_AT["truces"]]),
        "truce_broke": bool(last[_AT["broken"]] > 0),
        "deployed_week": _week(weekly, formed.deployed),
        "european_week": _week(weekly, formed.european),
        "observer_week": _week(weekly, formed.observer),
        "training_week": _first_week(weekly, weekly[:, _AT["training"]] > 0),
        **_first_force(world, weekly, formed.deployed),
        "in_place_at_horizon": in_place,
        "attacks": int(np.count_nonzero(weekly[:, _AT["attacked"]])),
        "reinforced": int(np.count_nonzero(weekly[:, _AT["reinforced"]])),
        "rung": vocabulary.RUNGS[int(last[_AT["rung"]])],
        "rung_highest": vocabulary.RUNGS[int(weekly[:, _AT["rung"]].max())],
        "consent": vocabulary.CONSENTS[int(last[_AT["consent"]])],
        **{name: float(last[_AT[name]]) for name in ("concession", "guarantee", "arms", "pledged_troops")},
        "sufficiency_highest": float(weekly[:, _AT["sufficiency"]].max()),
        "table": _mission(world, last[_AT["mission"]]),
    }
    row["reached"] = _reached(weekly, formed, row["held"])
    for gate in vocabulary.GATES:
        row[f"missing_{gate}"] = not in_place and last[_AT[f"met_{gate}"]] == 0.0
    for at, name in enumerate(world.names.missions):
        row[f"tabled_{name}"] = float(np.count_nonzero(weekly[:, _AT["mission"]] == at)) / world.rounds_per_week
    return {name: row.pop(name) for name in vocabulary.RUN} | row


def actor_rows(world: World, weekly: Floats, actors: Floats) -> Floats:
    """Return, for every actor, its stage at the horizon, whether ratified, and whether in the first deployed force."""
    formed = formations(world, weekly).deployed
    last = actors[-1]
    deployed = actors[formed, :, _ACTOR_AT["in_force"]] if formed >= 0 else np.zeros(len(last))
    return np.column_stack([last[:, _ACTOR_AT["stage"]], last[:, _ACTOR_AT["ratified"]], deployed])


def formations(world: World, weekly: Floats) -> Formation:
    """Return the rounds in which a deployed, a European and an observer mission first formed."""
    force = weekly[:, _AT["force"]].astype(np.int64)
    new = (force >= 0) & (np.concatenate(([-1], force[:-1])) < 0)
    deployed = new & _flags(world.mission.deployed, force)
    european = deployed & (weekly[:, _AT["force_european"]] > 0)
    return Formation(*(_first(which) for which in (deployed, european, new & _flags(world.mission.observer, force))))


def _flags(of_mission: NDArray[np.int64], missions: NDArray[np.int64]) -> NDArray[np.bool_]:
    return (of_mission[np.maximum(missions, 0)] > 0) & (missions >= 0)


def _first(which: NDArray[np.bool_]) -> int:
    return int(which.argmax()) if which.any() else -1


def _week(weekly: Floats, at: int) -> float | None:
    return float(weekly[at, 0]) if at >= 0 else None


def _first_week(weekly: Floats, which: NDArray[np.bool_]) -> float | None:
    return _week(weekly, _first(which))


def _is(of_mission: NDArray[np.int64], mission: float) -> bool:
    return mission >= 0 and bool(of_mission[int(mission)])


def _mission(world: World, at: float) -> str:
    return world.names.missions[int(at)] if at >= 0 else vocabulary.NO_MISSION


def _outcome(world: World, weekly: Floats, formed: Formation) -> str:
    if formed.deployed >= 0:
        return _mission(world, weekly[formed.deployed, _AT["force"]])
    if formed.observer >= 0:
        return "observer"
    if weekly[:, _AT["training"]].any():
        return "training"
    return "ceasefire_without_force" if weekly[-1, _AT["truces"]] > 0 else "no_ceasefire"


def _first_force(world: World, weekly: Floats, at: int) -> dict[str, Any]:
    if at < 0:
        absent = dict.fromkeys(("troops", "european_troops", "states", "rung_at_formation", "consent_at_formation"))
        no = dict.fromkeys(("with_russian_consent", "without_russian_consent", "held"), False)
        return {"mission": vocabulary.NO_MISSION, **absent, **no}
    then, force = weekly[at], weekly[at:, _AT["force"]]
    consent = int(then[_AT["consent"]])
    return {
        "mission": _mission(world, then[_AT["force"]]),
        "troops": float(then[_AT["troops"]]),
        "european_troops": float(then[_AT["european_troops"]]),
        "states": int(then[_AT["states"]]),
        "rung_at_formation": vocabulary.RUNGS[int(then[_AT["rung"]])],
        "consent_at_formation": vocabulary.CONSENTS[consent],
        "with_russian_consent": consent > 0,
        "without_russian_consent": consent == 0,
        "held": bool((force >= 0).all()),
    }


def _reached(weekly: Floats, formed: Formation, held: bool) -> int:
    if formed.deployed >= 0:
        return len(vocabulary.FUNNEL) - 1 if held else len(vocabulary.FUNNEL) - 2
    met = np.ones(len(weekly), dtype=bool)
    furthest = -1
    for step, gates in enumerate(_STEPS):
        for gate in gates:
            met &= weekly[:, _AT["truce" if gate == "truce" else f"met_{gate}"]] > 0
        furthest = step if met.any() else furthest
    return furthest
