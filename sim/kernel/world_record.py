"""A World as compiled code reads it: one record of columns and flags, so that a phase is handed a single pointer.

Its dimensions are rounded up to powers of two: worlds of similar size share what was compiled. What actors have lies
together number by number, so that one instruction takes the same number of several actors.
"""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary
from sim.world.columns import Ints, OpponentColumns, World
from sim.world.rule_names import RuleNames

Record = Any
"""A record of a structured array: one run's memory, or a batch's plan. numba reads its fields, mypy does not."""

ACTOR_NUMBERS = (
    "stance", "stance_incoming", "handover", "disposition", "backstop_rung", "backstop_firmness", "consent_word",
    "consent_firmness", "company", "company_firmness", "definition", "decent", "decent_firmness", "sidelining",
    "autonomy", "aid_fatigue", "duty", "fear_of_defeat", "government", "coalition", "parliament", "public",
    "home_guard", "capacity", "ratify_weeks", "ratify_support", "credence", "standing", "susceptibility",
    "commit_troops", "commit_rung", "commit_consent", "commit_company", "commit_truce",
)  # fmt: skip
ISSUE_NUMBERS = tuple(f"{what}_{issue}" for what in ("anchor", "salience") for issue in vocabulary.ISSUES)
MISSION_NUMBERS = ("own_worth", "provocation", "exposure", "target", "reserves", *vocabulary.ISSUES)
MISSION_FLAGS = (
    "deployed", "european", "observer", "training", "western", "un_mandate", "nato_flag", "waits_for_truce",
    "consent_word", "led", "like",
)  # fmt: skip
ACTOR_FLAGS = (
    "contributor", "contributes", "european", "states", "handed_over", "moody", "eu_member", "first_example",
    "end_example", "great_power", "commits", "opponent",
)  # fmt: skip
OPPONENT_NUMBERS = OpponentColumns._fields
OPPONENT_FLAGS = ("at", "has_light_veto", "seated")
EDGE_FLAGS = ("source", "target", "channel", "sign", "strength", "willingness", "open")
FIXED_NAMES = (
    *(f"broker_{name}" for name in ("start", "turns", "turn_size", "turn_upward", "at_least", "at_most", "honoured",
                                    "burden_sharing", "consent_ease", "nato_veto")),
    *(f"host_{name}" for name in ("optimism", "doubt", "foresight", "loss_of_war", "memory", "arms", "worth_floor",
                                  "resists")),
    "european_mood", "us_turn", "credence_tilt", "firmness_tilt", "capacity_tilt", *RuleNames._fields,
)  # fmt: skip
"""What is one number a run: the parts' own, the common factors and the rules' weights."""
SHAPE_NAMES = (
    "rounds", "rounds_per_week", "procedure", "decision", "stances", "foresight", "terms", "beliefs", "impose",
    "reference_mission", "training_mission", "begins_in_truce", "broker", "host", "has_nato_veto",
    "lanes", "incentive_lanes", "actors", "missions", "edges", "events", "opponents", "incentives", "persuasions",
    "examples", "covers", "gates",
)  # fmt: skip
"""What is one whole number a batch: sizes, rival rules, and who plays which part.

``lanes`` are actors, and ``incentive_lanes`` incentives, rounded up to what one instruction takes at a time: loops over
these have no rest to work off one by one. Who is nobody contributes nothing and stays at 0.
"""
LANES = 8
"""Numbers that one instruction takes at most: eight floats fill a line of the cache."""
SCALES = {"offered_from": 6, "guarantee": 6, "enabling": 6, "stance": 4, "stage_from": 3, "consent": 3}
ENDS = {"incentive": "incentives", "persuasion": "persuasions", "example": "examples"}
"""Edges whose ends weeks read over and over, by the list in which they stand."""
LISTS = ("incentives", "persuasions", "examples", "covers", "gates")


class Sizes(NamedTuple):
    """Dimensions of the records, each at least what a world needs."""

    actors: int
    missions: int
    edges: int
    events: int
    opponents: int


def sizes(world: World) -> Sizes:
    """Return the dimensions for a world, rounded up to powers of two."""
    needed = (
        (len(world.actor.states), 32), (len(world.mission.deployed), 16), (len(world.edge.source), 128),
        (len(world.event.quantity), 8), (len(world.opponents), 4),
    )  # fmt: skip
    return Sizes(*(_power(count, least) for count, least in needed))


def numbers(*names: str, each: tuple[int, ...] = ()) -> np.dtype[Any]:
    """Return records of numbers, or of an array of numbers under each name."""
    return np.dtype([(name, np.float64, each) for name in names])


def flags(*names: str, each: tuple[int, ...] = ()) -> np.dtype[Any]:
    """Return records of whole numbers, or of an array of them under each name."""
    return np.dtype([(name, np.int64, each) for name in names])


def plan(world: World, size: Sizes) -> NDArray[Any]:
    """Return the plan of a world: an array of one record. Columns point into a run's inputs, the last of which is 0."""
    found = np.zeros(1, dtype=_kind(size))
    (record,) = found
    edges = _edge_lists(world)
    for name, value in zip(SHAPE_NAMES, _shape(world, edges), strict=True):
        record["shape"][name] = value
    common = (
        world.european_mood, world.us_turn, world.credence_tilt, world.firmness_tilt, world.capacity_tilt
    )  # fmt: skip
    record["fixed"] = [*world.broker, *world.host, *common, *world.rule]
    _put(record["actor"], _actors(world))
    _records(record["actor_flag"], ACTOR_FLAGS, _actor_flags(world, edges["examples"]))
    _put(record["opponent"], np.array(world.opponents, dtype=np.int64))
    _records(record["opponent_flag"], OPPONENT_FLAGS, _opponent_flags(world))
    _put(record["mission"], _missions(world))
    _records(record["mission_flag"], MISSION_FLAGS, _mission_flags(world))
    _put(record["eligible"], world.mission.eligible * _contributes(world)[None, :])
    _put(record["leads"], world.mission.leads)
    _records(record["edge"], EDGE_FLAGS, list(world.edge))
    for name, places in edges.items():
        _put(record[name], places)
    for name, listed in ENDS.items():
        for end in ("source", "target"):
            _put(record[name][end], getattr(world.edge, end)[edges[listed]])
    for name in SCALES:
        record[name] = getattr(world.scale, name)
    for name in ("quantity", "week", "change"):
        _put(record[f"event_{name}"], getattr(world.event, name))
    return found


@cache
def _kind(size: Sizes) -> np.dtype[Any]:
    whole, actors = np.int64, (size.actors,)
    return np.dtype(
        [
            ("shape", flags(*SHAPE_NAMES)),
            ("fixed", whole, (len(FIXED_NAMES),)),
            ("actor", whole, (len(ACTOR_NUMBERS) + len(ISSUE_NUMBERS), *actors)),
            ("actor_flag", flags(*ACTOR_FLAGS, each=actors), ()),
            ("opponent", whole, (size.opponents, len(OPPONENT_NUMBERS))),
            ("opponent_flag", flags(*OPPONENT_FLAGS), (size.opponents,)),
            ("mission", whole, (size.missions, len(MISSION_NUMBERS))),
            ("mission_flag", flags(*MISSION_FLAGS), (size.missions,)),
            ("eligible", whole, (size.missions, *actors)),
            ("leads", whole, (size.missions, *actors)),
            ("edge", flags(*EDGE_FLAGS), (size.edges,)),
            *((name, flags("source", "target", each=(size.edges,)), ()) for name in ENDS),
            *((name, whole, (size.edges,)) for name in LISTS),
            *((name, whole, (length,)) for name, length in SCALES.items()),
            *((f"event_{name}", whole, (size.events,)) for name in ("quantity", "week", "change")),
        ]
    )


def _shape(world: World, edges: dict[str, Ints]) -> list[int]:
    has_nato_veto = int(world.broker.nato_veto != world.absent)
    return [
        world.rounds, world.rounds_per_week, world.procedure, world.decision, world.stances, world.foresight,
        world.terms, world.beliefs, world.impose, world.reference_mission,
        world.training_mission, world.begins_in_truce, world.broker_at, world.host_at, has_nato_veto,
        in_lanes(len(world.actor.states)), in_lanes(len(edges["incentives"])), len(world.actor.states),
        len(world.mission.deployed), len(world.edge.source), len(world.event.quantity), len(world.opponents),
        *(len(edges[name]) for name in LISTS),
    ]  # fmt: skip


def _edge_lists(world: World) -> dict[str, Ints]:
    return {
        # By source, whose effort is shared out; a target's are in the order of edges all the same.
        "incentives": _by_source(world, np.flatnonzero(world.edge.sign != 0)),
        "persuasions": _of(world, "persuasion"),
        "examples": _of(world, "troop_example"),
        "covers": _of(world, "security_guarantee"),
        "gates": _of(world, *vocabulary.GATE_CHANNELS),
    }


def _by_source(world: World, edges: Ints) -> Ints:
    return edges[np.argsort(world.edge.source[edges], kind="stable")].astype(np.int64)


def _of(world: World, *channels: str) -> Ints:
    wanted = [vocabulary.CHANNELS.index(channel) for channel in channels]
    return np.flatnonzero(np.isin(world.edge.channel, wanted)).astype(np.int64)


def _actors(world: World) -> Ints:
    own = [getattr(world.actor, name) for name in ACTOR_NUMBERS]
    return np.vstack([*own, world.actor.position.T, world.actor.salience.T])


def _contributes(world: World) -> Ints:
    """Return who may send troops: contributors that are no belligerents."""
    belligerents = np.isin(np.arange(len(world.actor.states)), (world.host_at, *world.opponents_at))
    return world.actor.contributor * ~belligerents


def _actor_flags(world: World, examples: Ints) -> list[Ints]:
    actor, targets = world.actor, world.edge.target[examples]
    everybody = np.arange(len(actor.states))
    first, end = (np.searchsorted(targets, everybody, side=side) for side in ("left", "right"))
    return [
        actor.contributor, _contributes(world), actor.european, actor.states,
        (actor.handover != world.absent).astype(np.int64), (world.stream.mood >= 0).astype(np.int64), actor.eu_member,
        first.astype(np.int64), end.astype(np.int64), actor.great_power, actor.commits,
        np.isin(everybody, world.opponents_at).astype(np.int64),
    ]  # fmt: skip


def _opponent_flags(world: World) -> list[Ints]:
    vetoes = [int(own.light_firmness != world.absent) for own in world.opponents]
    return [np.array(flags, dtype=np.int64) for flags in (world.opponents_at, vetoes, world.opponents_seated)]


def _missions(world: World) -> Ints:
    mission = world.mission
    own = [mission.worth, mission.provocation, mission.exposure, mission.target, mission.reserves]
    return np.column_stack([*own, mission.profile])


def _mission_flags(world: World) -> list[Ints]:
    own = [getattr(world.mission, name) for name in MISSION_FLAGS[:-2]]
    eligible = world.mission.eligible
    like = [int(np.flatnonzero((eligible == row).all(axis=1))[0]) for row in eligible]
    return [*own, world.mission.leads.any(axis=1).astype(np.int64), np.array(like, dtype=np.int64)]


def _put(into: Ints, values: Ints) -> None:
    into[tuple(slice(length) for length in values.shape)] = values


def _records(into: NDArray[Any], names: tuple[str, ...], columns: list[Ints]) -> None:
    for name, column in zip(names, columns, strict=True):
        into[name][: len(column)] = column


def in_lanes(count: int) -> int:
    """Return a count rounded up to full lanes."""
    return -(-count // LANES) * LANES


def _power(count: int, least: int) -> int:
    while least < count:
        least *= 2
    return least
