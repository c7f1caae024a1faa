"""One run as compiled code keeps it, in one record: numbers fixed for the run, and what changes from week to week."""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.kernel.luck_source import SINGLE
from sim.kernel.world_record import (
    ACTOR_NUMBERS,
    FIXED_NAMES,
    ISSUE_NUMBERS,
    MISSION_NUMBERS,
    OPPONENT_NUMBERS,
    SCALES,
    Sizes,
    numbers,
)

_FLOATS = (
    "round_weeks", "mood_kept", "mood_sd", "battlefield_kept", "battlefield_sd", "adjustment", "influence_speed",
    "week", "battlefield", "posture", "offer", "drawn", "turn_chance", "host_belief", "host_gain",
    "host_foresight", "kept", "let_down", "follows", "gap",
    "imposed", "most", "least", "guarantee_seen", "concession", "consent_index", "sufficiency", "counted_troops",
    "minimum", "sidelined", "threat", "ceiling", "pledged_troops", "ratified_troops", "force_troops",
    "force_european_troops", "tired", "hubs_shut",
)  # fmt: skip
_WHOLE = (
    "round", "cap", "floor", "rung", "mission", "rounds_standing", "truce", "truces", "broken", "signed",
    "overlap_rounds", "consent", "vetoed", "ready_rounds", "training_rounds", "force",
    "force_is_european", "force_states", "training", "broke", "formed", "tested", "attacked", "reinforced", "ended",
    "escalated", "strained", "bundled_rung",
)  # fmt: skip
_SEAT_FLOATS = (
    "mood", "payoff", "persuadable", "wanting", "incentive", "moves", "domestic", "cover", "readiness",
    "centre", "pledged_weeks", "barred_weeks", "demanded", "weight_backstop", "wanted_consent", "weight_consent",
    "weight_company", "weight_guard", "weight_settlement", "weight_definition", "weight_sidelining", "weight_fatigue",
    "weight_fear", "kept", "force_weeks", "example", "troops", "foreseen", "promise",
    "backs", "pledges", "ratifies", "handover", "disposed", "disposed_later",
)  # fmt: skip
_SEAT_WHOLE = ("stage", "due", "ratified", "in_force", "counted", "held_up", "looks_up", "committed")
_SIDE = ("belief", "gain", "looks_ahead", "rewards", "relief", "threat", "least", "bare", "gap", "consent_index")
_SIDE_WHOLE = ("consent",)
_EDGE = ("strength", "willingness")
_INCENTIVE = (
    "strength", "willingness", "by_broker", "turns", "draws", "pays", "pushes", "threatens", "shut", "budget",
    "wanted", "total", "push", "relief", "threat",
)  # fmt: skip
ISSUES = len(vocabulary.ISSUES)


def fresh(size: Sizes) -> NDArray[Any]:
    """Return memory for one run at a time: an array of one record."""
    return np.zeros(1, dtype=_kind(size))


@cache
def _kind(size: Sizes) -> np.dtype[Any]:
    fixed, actor, mission = (
        numbers(*FIXED_NAMES),
        numbers(*ACTOR_NUMBERS, *ISSUE_NUMBERS, each=(size.actors,)),
        numbers(*MISSION_NUMBERS, "worth", "minimum"),
    )
    actors, missions = (size.actors,), (size.missions,)
    luck = np.dtype([*((name, np.float64, actors) for name in ("mood", "pledge")), *numbers(*SINGLE).descr])
    fields: list[tuple[str, Any, tuple[int, ...]]] = [
        ("now", _mixed(_FLOATS, _WHOLE), ()),
        # The same memory twice: by name, as rules read it, and as an array that is filled in one loop.
        ("fixed", fixed, ()),
        ("fixed_values", np.float64, (len(FIXED_NAMES),)),
        ("actor", actor, ()),
        ("actor_values", np.float64, (len(actor.names or ()), *actors)),
        ("mission", mission, missions),
        ("mission_values", np.float64, (*missions, len(mission.names or ()))),
        ("seat", _mixed(_SEAT_FLOATS, _SEAT_WHOLE, actors), ()),
        ("opponent", numbers(*OPPONENT_NUMBERS), (size.opponents,)),
        ("opponent_values", np.float64, (size.opponents, len(OPPONENT_NUMBERS))),
        ("side", _mixed(_SIDE, _SIDE_WHOLE), (size.opponents,)),
        ("edge", numbers(*_EDGE), (size.edges,)),
        ("incentive", numbers(*_INCENTIVE, each=(size.edges,)), ()),
        ("persuasion_weight", np.float64, (size.edges,)),
        ("example_weight", np.float64, (size.edges,)),
        ("anchor", np.float64, (ISSUES, *actors)),
        ("position", np.float64, (ISSUES, *actors)),
        ("pulled", np.float64, (ISSUES, *actors)),
        ("compromise", np.float64, (ISSUES,)),
        *((name, np.float64, (length,)) for name, length in SCALES.items()),
        ("shift", np.float64, (len(vocabulary.EVENT_QUANTITIES),)),
        ("event_week", np.float64, (size.events,)),
        ("event_change", np.float64, (size.events,)),
        ("met", np.float64, (len(vocabulary.GATES),)),
        ("relaxed", np.int64, (len(vocabulary.GATES),)),
        ("menu", np.int64, missions),
        ("supply", np.float64, missions),
        ("weights", np.float64, actors),
        ("places", np.float64, actors),
        ("luck", luck, ()),
        ("first_luck", luck, ()),
    ]
    return _overlaid(fields)


def _overlaid(fields: list[tuple[str, Any, tuple[int, ...]]]) -> np.dtype[Any]:
    """Return a record whose fields ``x_values`` are the memory of the field ``x`` before them."""
    offsets: list[int] = []
    end = 0
    for name, kind, shape in fields:
        offsets.append(offsets[-1] if name.endswith("_values") else end)
        end = max(end, offsets[-1] + np.dtype((kind, shape)).itemsize)
    formats = [np.dtype((kind, shape)) if shape else np.dtype(kind) for _, kind, shape in fields]
    return np.dtype({"names": [name for name, *_ in fields], "formats": formats, "offsets": offsets, "itemsize": end})


def _mixed(floats: tuple[str, ...], whole: tuple[str, ...], each: tuple[int, ...] = ()) -> np.dtype[Any]:
    return np.dtype([*((name, np.float64, each) for name in floats), *((name, np.int64, each) for name in whole)])
