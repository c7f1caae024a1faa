"""Worlds made up at random from the tiny world, such that things happen in them.

They are made from a :class:`random.Random`, so that hypothesis can make and shrink them and a seed can name them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import isinf
from random import Random
from typing import Any, NamedTuple

from hypothesis import strategies as st

from sim import vocabulary
from sim.scenario.scenario import Leaf, Scenario
from tests.worlds import tiny

_PARTS = ("usa", "rus", "ukr")
_NEWCOMERS = ("aland", "drava", "moesia", "sava", "zeta")
"""In the order of names before, between and after the actors of the tiny world."""
_RING = ("alba->ukr", "ukr->usa", "usa->rus", "rus->alba")
"""Where all of them follow others alone, positions go round."""
_SPANS = {
    (0.0, 1.0): (0.0, 1.0),
    (-1.0, 1.0): (-1.0, 1.0),
    (0.0, 520.0): (0.0, 8.0),
    (0.0, 1_000_000.0): (0.0, 15_000.0),
}
_ENDS = 0.15
"""How often a number is put at the very end of its range."""
_FAR = 1_000_000.0
"""Now and then, where there is no end."""


class Case(NamedTuple):
    """A scenario, and the gates held open in it."""

    scenario: Scenario
    relaxed: tuple[str, ...]


def cases() -> st.SearchStrategy[Case]:
    """Return the strategy of all worlds made here: half of them shrink well, in the other half more happens."""
    return (st.randoms(use_true_random=False) | st.randoms(use_true_random=True)).map(case)


def case(random: Random) -> Case:
    """Return a made-up world: another structure first, then other numbers in it."""
    structure = _structure(random)
    scenario = tiny().change({**structure, **_shared_errors(Random(repr(structure)))})
    scenario = scenario.change(_numbers(random, scenario), name="generated")
    scenario = _parties(Random(repr(structure) + "parties"), scenario)
    return Case(scenario, _some(random, vocabulary.GATES, 0.1 if random.random() < 0.3 else 0.0))


def seeded(count: int) -> list[Case]:
    """Return the same worlds every time."""
    return [case(Random(seed)) for seed in range(count)]


def crowd(more: int) -> Scenario:
    """Return the tiny world with so many more actors."""
    random = Random(0)
    return tiny().change({f"actors.x{at}": _actor(random, f"x{at}") for at in range(more)})


# --- structure -------------------------------------------------------------------------------------------------------


def _structure(random: Random) -> dict[str, Any]:
    newcomers = {name: _actor(random, name) for name in _some(random, _NEWCOMERS, 0.5)}
    gone = _some(random, ("borea", "corvia"), 0.15)
    contributors = ["alba", *(name for name in ("borea", "corvia") if name not in gone)]
    contributors += [name for name, actor in newcomers.items() if "contributor" in actor["roles"]]
    missions = {name: _mission(random, contributors) for name in _some(random, ("guard", "picket"), 0.5)}
    joinable = {"any", *contributors, *(tag for name in contributors for tag in _tags(name, newcomers.get(name)))}
    for mission in missions.values():
        mission["eligible"] = mission["eligible"] if joinable & set(mission["eligible"]) else ["any"]
    training = {"school": _training(random)} if random.random() < 0.4 else {}
    horizon = random.choice((random.randint(1, 30), 12, 16, 20))
    return {
        "horizon_weeks": horizon,
        "rules.pledge.decision": "quantal" if horizon % 4 == 3 else "threshold",  # drawn by no luck of its own
        "rounds_per_week": random.choice((1, 1, 1, 2)),
        "rules.table.procedure": random.choice(("proposer", "package", "weighted_mean", "median", "package")),
        "table.impose": random.choice((*missions, "none", "none", "none", "blue", "reassurance", "watch")),
        **_lively(random),
        **dict.fromkeys((f"actors.{name}" for name in gone), None),
        **{f"actors.{name}": actor for name, actor in newcomers.items()},
        **{f"missions.{name}": mission for name, mission in {**missions, **training}.items()},
        **_flags(random),
        **{f"network.{key}": edge for key, edge in _edges(random, [*_PARTS, *contributors, *newcomers]).items()},
        **{f"events.{name}": _event(random) for name in _some(random, ("ball", "raid", "vote", "winter"), 0.4)},
        **_commitment(Random(horizon)),
        "rules.pledge.call_for_troops": Random(f"call {horizon}").choice((0.2, 0.7, 1.5)),
    }  # fmt: skip


def _parties(random: Random, scenario: Scenario) -> Scenario:
    """Return other parties in some worlds: more opponents, no broker, one that contributes, a truce at the start."""
    changes: dict[str, Any] = {"begins_in_truce": True} if random.random() < 0.15 else {}
    for name in _some(random, ("tyra", "yar"), 0.2):
        changes[f"actors.{name}"] = {"name": name, "like": {"actor": "rus", "edges": False}, **_opponent(random)}
        changes |= {f"network.{key}": edge for key, edge in _about(random, name).items()}
    if random.random() < 0.1:
        changes["actors.usa"] = None
    elif random.random() < 0.2:
        sends = {key: value for key, value in _contributor(random).items() if key != "disposition"}
        sends["needs"] = {need: asked for need, asked in sends["needs"].items() if need != "us_backstop"}
        changes |= {f"actors.usa.{key}": value for key, value in {"roles": ["broker", "contributor"], **sends}.items()}
    return scenario.change(changes, name="generated") if changes else scenario


def _about(random: Random, name: str) -> dict[str, Any]:
    """Return edges to and from a further opponent."""
    ends = (f"corvia->{name}/patronage", f"alba->{name}/energy_sanctions", f"alba->{name}/normalisation",
            f"{name}->alba/escalation_threat", f"{name}->ukr/escalation_threat")  # fmt: skip
    there = [key for key in _some(random, ends, 0.5) if "corvia" not in key]
    return {key: {"strength": _number(random), "willingness": _number(random)} for key in there}


def _opponent(random: Random) -> dict[str, Any]:
    shares = ("foresight", "forward_forces", "credence")
    lasting = ("optimism", "tolerance", "territorial_claims", "provocation")
    return {
        **{name: _number(random) for name in _some(random, (*shares, *lasting), 0.6)},
        "disposition": _number(random, -0.5, 2.0),
        "standing": _number(random, 0.0, 1.0),
        "vetoes": {"light_missions": {"provocation_at_most": _number(random), "firmness": _number(random)}},
    }


def _shared_errors(random: Random) -> dict[str, Any]:
    """Return errors that all judgements share, in half of the worlds; one number in three is judged by two people."""
    errors = {f"common.{name}": _number(random, -1.0, 1.0) for name in ("credence", "firmness", "capacity")}
    judged = {
        "by": {"ann": _number(random), "ben": _number(random)},
        "weights": {"ann": 1, "ben": random.randint(1, 3)},
    }
    more = {"actors.alba.credence": judged} if random.random() < 0.3 else {}
    return {**errors, **more} if random.random() < 0.5 else {}


def _lively(random: Random) -> dict[str, Any]:
    """Return changes under which truces come and break, and forces go and are tested; for most worlds."""
    if random.random() < 0.15:
        return {}
    follows = random.choice((None, 1.0))
    aided = ("alba", "borea", "corvia") if random.random() < 0.2 else ()
    asked = random.choice(((1_000.0, 8_000.0), (4_000.0, 12_000.0), (10_000.0, 40_000.0)))
    return {
        "actors.ukr.disposition": {"low": 0.5, "high": 3.0},
        "actors.ukr.worth_floor": {"low": 0.0, "high": 0.5},
        **{f"actors.{name}.susceptibility": follows or _number(random) for name in ("alba", "rus", "ukr", "usa")},
        "actors.usa.disposition": {"low": 0.0, "high": 3.0},
        "actors.usa.backstop.offers": {"at_least": _words(random, "rung"), "at_most": _words(random, "rung")},
        "actors.usa.standing": random.choice((0.05, 0.5)),
        "actors.usa.backstop.honoured": {"low": 0.0, "high": 0.8},
        "actors.alba.disposition": {"low": 0.5, "high": 3.0},
        "actors.borea.disposition": {"low": 0.0, "high": 3.0},
        "actors.alba.needs.us_backstop.firmness": {"low": 0.4, "high": 1.0},
        "actors.alba.ratification.support": {"low": -0.8, "high": 0.8},
        **{f"network.{ends}/persuasion": {"strength": 1.0, "willingness": _number(random)} for ends in _RING},
        **{f"network.{name}->ukr/military_aid": {"strength": 1, "willingness": 1} for name in aided},
        "rules.table.supply_share": random.choice((0.0, {"low": 0.4, "high": 1.0}, 1.0)),
        **{f"missions.{name}.target_troops": _number(random, *asked) for name in ("blue", "reassurance", "watch")},
        "rules.table.bonus_standing": random.choice((0.0, 0.06)),
        "rules.lobby.adjustment": random.choice(("20%", 1)),
        "rules.lobby.influence_speed": random.choice(("25%", "100%")),
        "rules.pledge.backstop": random.choice((1.5, 4.0)),
        "rules.form.weeks": random.choice((0, 1, 2)),
        "rules.form.minimum_share": random.choice((0.4, 1)),
        "rules.hold.tour_weeks": random.choice((0, 4, 26)),
        "rules.hold.rotation": random.choice((1, 3)),
        "rules.hold.retaliates": random.choice((0, "30%", 1)),
        "rules.pledge.stances": random.choice(("conditional", "conditional", "as_spoken")),
        "rules.truce.foresight": random.choice(("drawn", "none", "half", "full")),
        "rules.truce.terms": random.choice(("lasting", "passing")),
        "rules.learning.beliefs": random.choice(("updated", "updated", "fixed")),
        "rules.form.ceiling_alone": random.choice((2_000, 12_000)),
        "rules.form.ceiling_enablers": random.choice((4_000, 40_000)),
        "rules.ratify.bar_weeks": random.choice((0, 4)),
        "rules.moods.persistence": random.choice((0, "90%", "90%", 1)),
        "rules.battlefield.persistence": random.choice((0, "95%", "95%", 1)),
        "rules.truce.break_hazard": random.choice(("1%", "5%", "15%")),
        "rules.truce.break_provoked": random.choice((0.2, 4.0)),
        "rules.hold.attack_hazard": random.choice(("5%", "20%", "50%")),
        "rules.hold.attack_shock": random.choice((2.0, 5.0, 8.0, 20.0)),
    }


def _actor(random: Random, name: str) -> dict[str, Any]:
    member_of = list(_some(random, ("nato", "eu"), 0.5))
    actor = {"name": name, "european": random.random() < 0.6, "member_of": member_of, "credence": _number(random)}
    actor["great_power"] = random.random() < 0.3
    if random.random() < 0.6:
        actor |= _at_the_table(random)
    if random.random() < 0.2:
        return {**actor, "roles": ["patron"]}
    return {**actor, "roles": ["contributor"], **_contributor(random)}


def _contributor(random: Random) -> dict[str, Any]:
    stances = {"stance": _words(random, "stance")}
    if random.random() < 0.3:
        governments = {side: {"stance": _words(random, "stance")} for side in ("outgoing", "incoming")}
        stances = {"governments": governments, "handover": {"week": _weeks(random, 20)}}
    needs = {
        "us_backstop": {"at_least": _words(random, "rung"), "firmness": _number(random)},
        "russian_consent": {"at_least": _words(random, "consent"), "firmness": _number(random)},
        "company": {"at_least": _number(random), "firmness": _number(random)},
        "definition": {"firmness": _number(random)},
        "decent_settlement": {"concession_at_most": _number(random), "firmness": _number(random)},
    }
    shares = {
        "motives": ("sidelining", "autonomy", "aid_fatigue", "duty", "fear_of_defeat"),
        "hesitancy": ("government", "coalition", "parliament", "public"),
    }
    return {
        **stances,
        "states": random.choice((1, 1, 2)),
        "disposition": _number(random, -0.5, 3.0),
        "needs": {need: needs[need] for need in _some(random, tuple(needs), 0.4)},
        **{part: {name: _number(random) for name in _some(random, names, 0.4)} for part, names in shares.items()},
        "home_guard": _number(random),
        "capacity_troops": _number(random, 0.0, 12_000.0),
        "ratification": {"weeks": _weeks(random, 4), "support": _number(random, -0.5, 1.0)},
    }


def _commitment(random: Random) -> dict[str, Any]:
    """Return a commitment of one actor, in some worlds; with randomness of its own, so that worlds are as they were."""
    if random.random() < 0.5:
        return {}
    conditions = {
        "us_backstop": _words(random, "rung"),
        "russian_consent": _words(random, "consent"),
        "company": _number(random),
        "ceasefire": random.choice(("yes", "no")),
    }
    asked = {name: conditions[name] for name in _some(random, tuple(conditions), 0.4)}
    return {"actors.alba.commits": {"troops": _number(random, 500.0, 9_000.0), "if": asked}}


def _at_the_table(random: Random) -> dict[str, Any]:
    places = {what: {issue: _number(random) for issue in vocabulary.ISSUES} for what in ("positions", "salience")}
    return {"standing": _number(random, 0.0, 2.0), "susceptibility": _number(random), **places}


def _mission(random: Random, contributors: Sequence[str]) -> dict[str, Any]:
    deployed = random.random() < 0.7
    european = ["european"] if deployed and random.random() < 0.5 else []
    groups = ["deployed", *european] if deployed else random.choice(([], ["observer"]))
    leads = [random.choice(contributors)] if european else list(_some(random, tuple(contributors), 0.2))
    eligible = ["any", "european", "nato", "not_nato", *contributors]
    return {
        "name": "Made up",
        "groups": groups,
        "western": random.random() < 0.5,
        "nato_flag": random.random() < 0.3,
        "needs_consent": random.choice(vocabulary.CONSENTS),
        "un_mandate": random.random() < 0.3,
        "waits_for_truce": random.random() < 0.7,
        "leads": leads,
        "eligible": random.sample(eligible, random.randint(1, 3)),
        **_worth(random, 1_000.0, 9_000.0),
    }


def _tags(name: str, made_up: dict[str, Any] | None) -> tuple[str, ...]:
    """Return the groups that missions may name and a contributor belongs to."""
    known = tiny().parts.actors
    member_of = made_up.get("member_of", []) if made_up else known[name].member_of
    european = made_up.get("european", False) if made_up else known[name].european
    return ("nato" if "nato" in member_of else "not_nato", *(["european"] if european else []))


def _training(random: Random) -> dict[str, Any]:
    about = {"name": "Trainers", "groups": ["training"], "western": True, "eligible": ["any"]}
    return {**about, "waits_for_truce": random.random() < 0.5, **_worth(random, 100.0, 1_500.0)}


def _worth(random: Random, least: float, most: float) -> dict[str, Any]:
    return {
        "profile": {issue: _number(random) for issue in vocabulary.ISSUES},
        "worth": _number(random),
        "provocation": _number(random),
        "exposure": _number(random),
        "target_troops": _number(random, least, most),
        "reserves_outside": _number(random),
    }


def _flags(random: Random) -> dict[str, Any]:
    """Return other flags for missions that stand."""
    found: dict[str, Any] = {}
    for mission in ("blue", "reassurance", "watch"):
        if random.random() < 0.3:
            found[f"missions.{mission}.needs_consent"] = random.choice(vocabulary.CONSENTS)
        for flag in _some(random, ("western", "un_mandate", "nato_flag", "waits_for_truce"), 0.15):
            found[f"missions.{mission}.{flag}"] = random.random() < 0.5
    return found


def _edges(random: Random, there: Sequence[str]) -> dict[str, Any]:
    """Return edges of any channel between any two actors, besides those of the tiny world."""
    found = {}
    for _ in range(random.randint(0, 30)):
        source, target = random.sample(sorted(set(there)), 2)
        channel = random.choice(vocabulary.CHANNELS)
        numbers = {"strength": _number(random), "willingness": _number(random)}
        if channel == "security_guarantee":
            del numbers["willingness"]
        gate = channel in vocabulary.GATE_CHANNELS
        found[f"{source}->{target}/{channel}"] = {"open": _words(random, "answer")} if gate else numbers
    return found


def _event(random: Random) -> dict[str, Any]:
    quantity = random.choice(vocabulary.EVENT_QUANTITIES)
    return {"quantity": quantity, "week": _weeks(random, 20), "change": _number(random, -0.6, 0.6)}


# --- numbers ---------------------------------------------------------------------------------------------------------


def _numbers(random: Random, scenario: Scenario) -> dict[str, Any]:
    """Return other numbers for some of a scenario's: few or many, of every shape, within what is allowed."""
    share = random.choice((0.0, 0.05, 0.3))
    return {path: _other(random, leaf) for path, leaf in scenario.leaves.items() if random.random() < share}


def _other(random: Random, leaf: Leaf) -> object:
    prior = leaf.prior
    if prior.words:
        return _words(random, next(scale for scale, words in vocabulary.SCALES.items() if words == prior.words))
    if leaf.path.endswith("target_troops"):
        return _number(random, 1_000.0, 12_000.0)
    if isinf(prior.allowed[1]) and random.random() < _ENDS / 3.0:
        return _FAR
    around = (max(prior.allowed[0], prior.low - 1.0), prior.high + 1.0)
    return _number(random, *_SPANS.get(prior.allowed, around))


def _number(random: Random, low: float = 0.0, high: float = 1.0) -> object:
    """Return a number in a range, fixed, uniform or triangular; now and then at the very ends of the range."""
    kind = random.choice((("likely",), ("low", "high"), ("low", "likely", "high")))
    values = sorted(_point(random, low, high) for _ in kind)
    return values[0] if len(kind) == 1 else dict(zip(kind, values, strict=True))


def _point(random: Random, low: float, high: float) -> float:
    return random.choice((low, high)) if random.random() < _ENDS else random.uniform(low, high)


def _weeks(random: Random, most: int) -> object:
    """Return weeks: a whole number, as the clock shows it, or any."""
    return random.randint(0, most) if random.random() < 0.5 else _number(random, 0.0, float(most))


def _words(random: Random, scale: str) -> object:
    """Return a word of a scale, or two with shares."""
    words = vocabulary.SCALES[scale]
    if random.random() < 0.5:
        return random.choice(words)
    one, other = random.sample(list(words), 2)
    share = random.randint(1, 9)
    return {one: share / 10.0, other: (10 - share) / 10.0}


def _some(random: Random, of: Sequence[str], chance: float) -> tuple[str, ...]:
    return tuple(one for one in of if random.random() < chance)
