"""Check the references in a scenario, such as those of edges and missions to actors, and report dangling ones."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from sim import vocabulary
from sim.reading.errors import Fault, Place, Route, fault, suggestion
from sim.reading.files import nearest_place
from sim.scenario.actor import Actor
from sim.scenario.parts import Edge, Mission, ScenarioParts
from sim.words import label

TAGS = ("any", "european", "nato", "not_nato")
"""Groups that ``eligible`` may name beside single actors."""

_HOW_MANY = {
    "broker": (0, 1, "one broker or none"),
    "host": (1, 1, "one belligerent that hosts (host: true)"),
    "opponent": (1, 8, "one to eight belligerents that do not host"),
}
"""How many actors may play a part, and in words."""
_KINDS = {"network": "edge", "missions": "mission", "levers": "lever"}
_CHANGEABLE = ("actors", "network", "missions", "scales", "common", "table", "events", "rules")
"""The parts of a scenario that a lever may change."""


def faults(parts: ScenarioParts, places: Mapping[Route, Place]) -> list[Fault]:
    """Return a fault for every dangling reference, and for every part that must exist once and does not."""
    broken = [*_actors(parts), *_strangers(parts), *_edges(parts), *_missions(parts), *_table(parts), *_levers(parts)]
    return [fault(nearest_place(places, route), route, message) for route, message in broken]


def is_eligible(mission: Mission, name: str, actor: Actor) -> bool:
    """Return whether an actor may join a mission: a contributor that it names, or that has one of its tags."""
    nato = "nato" in actor.member_of
    tags = dict(zip(TAGS, (True, actor.european, nato, not nato), strict=True))
    return "contributor" in actor.roles and any(tags.get(entry, entry == name) for entry in mission.eligible)


def edge_ends(key: str) -> tuple[str, str, str]:
    """Return (source, target, channel) of an edge's key, ``source->target/channel``; empty where it has none."""
    ends, _, channel = key.partition("/")
    source, _, target = ends.partition("->")
    return source, target, channel


def _actors(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    for part, (least, most, what) in _HOW_MANY.items():
        holders = [name for name, actor in parts.actors.items() if part in actor.parts()]
        if not least <= len(holders) <= most:
            yield ("actors",), f"expected {what}, got {len(holders)} ({', '.join(holders) or 'none'})"
    if not any("contributor" in actor.parts() for actor in parts.actors.values()):
        yield ("actors",), "expected at least one contributor, got none"
    if not any(actor.standing is not None and actor.standing.high > 0 for actor in parts.actors.values()):
        yield ("actors",), "expected at least one actor with standing, got none: nobody could table a mission"


def called_alike(parts: ScenarioParts) -> Iterator[str]:
    """Yield a note for every actor that readers cannot tell from one before it, and every mission from an outcome."""
    taken = dict[str, str]()
    for key, actor in parts.actors.items():
        if (other := taken.setdefault(actor.name.casefold(), key)) != key:
            yield f"actors.{key}.name: {actor.name!r} is what {other} is called, too; readers cannot tell them apart"
    outcomes = {label(outcome): outcome for outcome in vocabulary.OUTCOMES_WITHOUT_FORCE[2:]}
    for key, mission in parts.missions.items():
        if outcome := outcomes.get(mission.name.casefold()):
            yield f"missions.{key}.name: {mission.name!r} is what the outcome {outcome} is called, too"


def no_channel(word: str) -> str:
    """Return what is wrong with a word that stands for a channel and is none."""
    return f"{word!r} is not a channel; {suggestion(word, vocabulary.CHANNELS)}"


def _edges(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    for key, edge in parts.network.items():
        source, target, channel = edge_ends(key)
        if channel not in vocabulary.CHANNELS:
            yield ("network", key), no_channel(channel)
        elif source == target:
            yield ("network", key), "an edge leads from one actor to another"
        elif {source, target} <= parts.actors.keys():
            yield from _edge_numbers(key, edge, channel)


def _strangers(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    """Yield one message for every unknown actor that edges, missions or levers name, at the first place that does."""
    for name, (first, *others) in _named(parts).items():
        if name in parts.actors or (first[0] == "missions" and name in TAGS):
            continue
        many = Counter(_KINDS[route[0]] for route in others)
        more = ", ".join(f"{count} more {kind}{'s' * (count > 1)}" for kind, count in many.items())
        also = f" ({more} name{'s' * (len(others) == 1)} it)" if more else ""
        if first[0] == "missions":
            tags, what = (TAGS, "contributor or tag") if first[2] == "eligible" else ((), "contributor")
            message = f"{name!r} is no {what}{also}; {suggestion(name, [*_contributors(parts), *tags])}"
        else:
            form = "an edge is source->target/channel; " if first[0] == "network" else ""
            message = f"{form}no actor {name!r}{also}; {suggestion(name, parts.actors)}"
        yield first, message


def _contributors(parts: ScenarioParts) -> list[str]:
    return [name for name, actor in parts.actors.items() if "contributor" in actor.parts()]


def _named(parts: ScenarioParts) -> dict[str, list[Route]]:
    """Return the routes at which each actor, known or not, is named by edges, missions and levers."""
    naming: dict[str, list[Route]] = {}
    for key in parts.network:
        for end in dict.fromkeys(edge_ends(key)[:2]):
            naming.setdefault(end, []).append(("network", key))
    for mission, about in parts.missions.items():
        for name in dict.fromkeys([*(about.leads or ()), *(about.eligible or ())]):
            which = "leads" if name in (about.leads or ()) else "eligible"
            naming.setdefault(name, []).append(("missions", mission, which))
    for lever, moved in (parts.levers or {}).items():
        for name in moved.held_by or ():
            naming.setdefault(name, []).append(("levers", lever, "held_by"))
    return naming


def _edge_numbers(key: str, edge: Edge, channel: str) -> Iterator[tuple[Route, str]]:
    wanted = {"strength", "willingness"} - ({"willingness"} if channel == "security_guarantee" else set())
    wanted = {"open"} if channel in vocabulary.GATE_CHANNELS else wanted
    given = {name for name in ("open", "strength", "willingness") if getattr(edge, name) is not None}
    if given != wanted:
        yield ("network", key), f"an edge of channel {channel} has {' and '.join(sorted(wanted))}"


def _missions(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    contributors = _contributors(parts)
    for name, mission in parts.missions.items():
        if name == vocabulary.NO_MISSION or name in vocabulary.OUTCOMES_WITHOUT_FORCE[2:]:
            yield ("missions", name), f"{name!r} is taken: it names an outcome without a force"
        for list_name, allowed in (("leads", contributors), ("eligible", [*contributors, *TAGS])):
            for wrong in (set(getattr(mission, list_name) or ()) & parts.actors.keys()) - set(allowed):
                what = "contributor or tag" if list_name == "eligible" else "contributor"
                yield ("missions", name, list_name), f"{wrong!r} is no {what}; {suggestion(wrong, allowed)}"
        if not _may_join(parts, mission):
            yield ("missions", name, "eligible"), "nobody may join: no contributor is named here or has such a tag"
        if "european" in mission.groups and not mission.leads:
            yield ("missions", name, "leads"), "a European mission has at least one lead"


def _may_join(parts: ScenarioParts, mission: Mission) -> bool:
    """Return whether some contributor may join; also if a wrong name or an unreadable actor is a fault already."""
    wanted = set(mission.eligible or ())
    if not wanted or "any" in wanted or not wanted <= {*TAGS, *parts.actors}:
        return True
    return any(
        actor.capacity_troops is None or is_eligible(mission, name, actor)
        for name, actor in parts.actors.items()
        if "contributor" in actor.roles
    )


def _table(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    allowed = [vocabulary.NO_MISSION, *parts.missions]
    if parts.table.impose not in allowed:
        yield ("table", "impose"), f"{parts.table.impose!r} is not a mission; {suggestion(parts.table.impose, allowed)}"
    training = [name for name, mission in parts.missions.items() if "training" in mission.groups]
    if len(training) > 1:
        yield ("missions", training[1]), f"there is one training mission at most, and {training[0]!r} is it"
    if all("training" in mission.groups for mission in parts.missions.values()):
        yield ("missions",), "expected at least one mission that can stand on the table (not of the group training)"


def _levers(parts: ScenarioParts) -> Iterator[tuple[Route, str]]:
    for name, lever in (parts.levers or {}).items():
        for at, step in enumerate(lever.steps or ()):
            for path in step.change or ():
                if path.partition(".")[0] not in _CHANGEABLE:
                    where = ("levers", name, "steps", str(at), "change", path)
                    yield where, f"a lever changes what enters runs; {suggestion(path.partition('.')[0], _CHANGEABLE)}"
