"""The events of one run: what happened in which week and phase, to whom, and why, read off what was witnessed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from sim import vocabulary, wording
from sim.answer import WORDS_OF_GATES
from sim.config import Scenario
from sim.witness import Moment, Record
from sim.wording import listed, sentence, the

TOLD_ELSEWHERE = ("truce", "russian_consent", "ratification")
"""Requirements whose changes are events of their own: the truce, Moscow's consent, a parliament's vote."""


class Event(NamedTuple):
    """Something that happened; ``actor`` is a config name (empty: nobody alone), ``detail`` short and for machines."""

    week: float
    phase: str
    actor: str
    event: str
    detail: str
    text: str


class Scene(NamedTuple):
    """One round of a run, with all that came before it."""

    scenario: Scenario
    seen: Record
    at: int

    @property
    def now(self) -> Moment:
        """The round at its end."""
        return self.seen.moments[self.at]

    @property
    def before(self) -> Moment:
        """The round before it; week 0 before the first."""
        return self.seen.moments[self.at - 1]

    @property
    def cast(self) -> dict[str, str]:
        """The names of the three principals, as they stand within a sentence."""
        return {part: self.name(self.key(part)) for part in ("broker", "host", "opponent")}

    def key(self, part: str) -> str:
        """Return the config name of the broker, host or opponent."""
        at = {
            "broker": self.seen.world.broker_at,
            "host": self.seen.world.host_at,
            "opponent": self.seen.world.opponent_at,
        }
        return self.seen.world.names.actors[at[part]]

    def name(self, actor: str) -> str:
        """Return an actor's name as it stands within a sentence."""
        return the(self.scenario.parts.actors[actor].name)

    def named(self, actors: list[str]) -> str:
        """Return the names of actors as an enumeration; beyond four, the rest as a number."""
        names = [self.name(actor) for actor in actors]
        return listed(names if len(names) <= 4 else [*names[:3], f"{len(names) - 3} others"])

    def mission(self, at: float) -> str:
        """Return a mission's name in quotes."""
        return f'"{self.scenario.parts.missions[self.seen.world.names.missions[int(at)]].name}"'

    def verb(self, actors: list[str], one: str, many: str) -> str:
        """Return the form of a verb that fits these actors."""
        return many if len(actors) > 1 or any(self.scenario.parts.actors[actor].states > 1 for actor in actors) else one

    def may_join(self, actor: str) -> bool:
        """Return whether an actor may join the mission on the table; any mission while there is none."""
        at, names = int(self.now.state["mission"]), self.seen.world.names.actors
        return at < 0 or bool(self.seen.world.mission.eligible[at][names.index(actor)])

    def event(self, phase: str, actor: str, event: str, detail: str, text: str) -> Event:
        """Return an event of this round; the text becomes a sentence."""
        return Event(self.now.state["week"], phase, actor, event, detail, f"{sentence(text)}.")

    def rose(self, column: str) -> bool:
        """Return whether a column of the weekly state rose in this round."""
        return self.now.state[column] > self.before.state[column]

    def moved(self, column: str) -> bool:
        """Return whether a column of the weekly state changed in this round."""
        return self.now.state[column] != self.before.state[column]

    def since(self, value: Callable[[Moment], Any]) -> int:
        """Return the round in which ``value`` last took what it was before this round; 0 if it never changed."""
        at = self.at - 1
        while at > 0 and value(self.seen.moments[at - 1]) == value(self.seen.moments[at]):
            at -= 1
        return at

    def weeks_since(self, value: Callable[[Moment], Any]) -> float:
        """Return for how many weeks ``value`` had been what it was before this round."""
        return self.now.state["week"] - self.seen.moments[self.since(value)].state["week"]


def chronicle(scenario: Scenario, seen: Record) -> list[Event]:
    """Return all events of a run, in order of week and phase."""
    scenes = (Scene(scenario, seen, at) for at in range(1, len(seen.moments)))
    return [
        event
        for scene in scenes
        for phase in vocabulary.PHASES
        if phase in _TELLERS
        for event in _TELLERS[phase](scene)
    ]


# --- the world and the table -----------------------------------------------------------------------------------------


def _news(scene: Scene) -> Iterator[Event]:
    yield from _turn(scene)
    first, last = scene.before.state["week"], scene.now.state["week"]
    for name, dated in sorted(scene.scenario.parts.events.items()):
        if first < scene.seen.inputs[f"events.{name}.week"] <= last:
            change = scene.seen.inputs[f"events.{name}.change"]
            words = wording.QUANTITIES[dated.quantity][0 if change > 0.0 else 1].format(**scene.cast)
            yield scene.event("news", "", "dated_event", name, f"{name.replace('_', ' ')}: {words}")
    for actor, parts in scene.scenario.parts.actors.items():
        if parts.handover is not None and first < scene.seen.inputs[f"actors.{actor}.handover.week"] <= last:
            yield _handover(scene, actor)


def _turn(scene: Scene) -> Iterator[Event]:
    turned = scene.now.posture - scene.before.posture
    cap = vocabulary.RUNGS[int(scene.now.state["cap"])]
    if turned != 0.0 or scene.rose("cap"):
        upward = turned > 0.0 or scene.rose("cap")
        more = f"; the most it would offer is now {wording.RUNGS[cap]}" if scene.rose("cap") else ""
        way = "towards" if upward else "away from"
        text = f"{scene.cast['broker']} turns {way} backing a force{more}"
        yield scene.event("news", scene.key("broker"), "posture_turned", "up" if upward else "down", text)


def _handover(scene: Scene, actor: str) -> Event:
    old, new = (
        vocabulary.STANCES[int(scene.seen.inputs[f"actors.{actor}.governments.{which}.stance"])]
        for which in ("outgoing", "incoming")
    )
    than = "as the old one was" if old == new else f"where the old one was {old}"
    text = f"a new government takes over in {scene.name(actor)}; by its words it is {new}, {than}"
    return scene.event("news", actor, "handover", f"{old} > {new}", text)


def _table(scene: Scene) -> Iterator[Event]:
    if scene.at == 1 and scene.seen.world.impose >= 0:
        key, text = scene.seen.world.names.missions[scene.seen.world.impose], scene.mission(scene.seen.world.impose)
        yield scene.event("table", "", "mission_tabled", key, f"the scenario puts {text} on the table throughout")
    if not scene.moved("mission"):
        return
    at, now = scene.now.state["mission"], scene.now
    if at < 0:
        yield scene.event(
            "table",
            "",
            "table_empty",
            vocabulary.NO_MISSION,
            "no mission is left on the table: each meets an objection",
        )
        return
    key = scene.seen.world.names.missions[int(at)]
    if scene.seen.world.procedure:
        yield scene.event("table", "", "mission_tabled", key, f"the table settles on {scene.mission(at)}")
        return
    text = f"{scene.name(now.proposer)} tables {scene.mission(at)}{_choice(scene, key)}{_dropped(scene)}"
    yield scene.event("table", now.proposer, "mission_tabled", key, text)


def _choice(scene: Scene, tabled: str) -> str:
    favourite = scene.now.favourite
    if favourite == tabled:
        return ", the mission it likes best"
    objection = scene.now.kept_off.get(favourite, "")
    if not objection:
        return ""
    name = scene.scenario.parts.missions[favourite].name
    return f'; it would prefer "{name}", but {wording.OBJECTIONS[objection].format(**scene.cast)}'


def _dropped(scene: Scene) -> str:
    old = scene.before.state["mission"]
    key = scene.seen.world.names.missions[int(old)] if old >= 0 else ""
    objection = scene.now.kept_off.get(key, "")
    if not objection or key == scene.now.favourite:
        return ""
    return f"; {scene.mission(old)} falls away, as {wording.OBJECTIONS[objection].format(**scene.cast)}"


# --- the offer, the truce and consent --------------------------------------------------------------------------------


def _offer(scene: Scene) -> Iterator[Event]:
    if not scene.moved("rung"):
        return
    old, new = (vocabulary.RUNGS[int(moment.state["rung"])] for moment in (scene.before, scene.now))
    upward = scene.rose("rung")
    then = scene.seen.moments[scene.since(lambda moment: moment.state["rung"])]
    parts = wording.main_parts(wording.changed(then.offer, scene.now.offer), upward)
    why = wording.reasons(parts, upward, wording.OFFER, sharing=_sharing(scene, then, upward), **scene.cast)
    offers = (
        "withdraws the backstop it offered"
        if new == "none"
        else f"now offers {'' if upward else 'only '}{wording.RUNGS[new]}"
    )
    text = f"{scene.cast['broker']} {offers}{_as(why)}"
    yield scene.event(
        "offer", scene.key("broker"), "offer_rose" if upward else "offer_fell", _detail(f"{old} > {new}", parts), text
    )


def _sharing(scene: Scene, then: Moment, upward: bool) -> str:
    more = scene.before.state["sufficiency"] > then.state["sufficiency"]
    if upward:
        return "European pledges persuade it" if more else "fewer European pledges make it feel needed"
    return "European pledges let it step back" if more else "European pledges fall away"


def _truce(scene: Scene) -> Iterator[Event]:
    now, before = scene.now.state, scene.before.state
    if now["truces"] > before["truces"]:
        yield _signed(scene)
    elif now["broken"] > before["broken"]:
        yield _broken(scene)
    elif not now["truce"]:
        yield from _terms(scene)


def overlap(moment: Moment) -> float:
    """Return by how much what Kyiv would concede exceeds what Moscow would take, in the deal nearest to both."""
    return float(sum(moment.overlap.values()))


def _terms(scene: Scene) -> Iterator[Event]:
    now, was = overlap(scene.now), overlap(scene.before)
    start = war_began(scene)
    first = scene.at == start
    met, were_met = now >= 0.0, was >= 0.0 and not first
    if met and not were_met:
        parts, why = _moved_terms(scene, start, True)
        opening = (
            f"are within reach of each other {'from the start' if start == 1 else 'still'}"
            if first
            else "come within reach of each other"
        )
        text = f"the terms of {scene.cast['host']} and {scene.cast['opponent']} for a truce {opening}{_as(why)}"
        yield scene.event("truce", "", "terms_met", _detail("met", parts), text)
    elif were_met and not met:
        parts, why = _moved_terms(scene, scene.at - 1, False)
        yield scene.event(
            "truce",
            "",
            "terms_parted",
            _detail("parted", parts),
            f"before a truce is signed, the terms part again{_as(why)}",
        )
    elif not met and _halved(scene, start):
        parts, why = _moved_terms(scene, start, True)
        yield scene.event(
            "truce",
            "",
            "gap_halved",
            _detail("halved", parts),
            _half(scene, why),
        )


def _halved(scene: Scene, start: int) -> bool:
    moments = scene.seen.moments
    if start == scene.at:
        return False
    half = 0.5 * overlap(moments[start])
    return overlap(scene.now) >= half > max(overlap(moment) for moment in moments[start : scene.at]) and half < 0.0


def _half(scene: Scene, why: str) -> str:
    host, opponent = scene.cast["host"], scene.cast["opponent"]
    return f"half of the gap has closed between what {host} would concede and {opponent} would take{_as(why)}"


def war_began(scene: Scene) -> int:
    """Return the first round in which both sides weighed terms anew: round 1, or the one after the last truce broke."""
    at = scene.at
    while at > 1 and not _at_peace(scene, at - 1):
        at -= 1
    return at


def _at_peace(scene: Scene, at: int) -> bool:
    """Return whether a truce held at the beginning of a round."""
    return bool(scene.seen.moments[at].state["truce"] or scene.seen.moments[at - 1].state["truce"])


def _moved_terms(scene: Scene, start: int, upward: bool) -> tuple[list[str], str]:
    parts = wording.main_parts(wording.changed(scene.seen.moments[start].overlap, scene.now.overlap), upward, most=3)
    return parts, wording.reasons(parts, upward, wording.OVERLAP, **scene.cast)


def _signed(scene: Scene) -> Event:
    state = scene.now.state
    mission = state["signed"]
    deal = f"that includes {scene.mission(mission)}" if mission >= 0 else "without a force in it"
    imposed = "; it is largely imposed by outside pressure" if state["imposed"] > 0.25 else ""
    text = f"{scene.cast['host']} and {scene.cast['opponent']} sign a truce {deal}; {_conceding(scene)}{imposed}"
    return scene.event(
        "truce", "", "truce_signed", scene.seen.world.names.missions[int(mission)] if mission >= 0 else "bare", text
    )


def _conceding(scene: Scene) -> str:
    conceded = scene.now.state["concession"]
    size = next(
        word
        for upper, word in ((0.1, "next to nothing"), (0.4, "little"), (0.7, "much"), (1.1, "almost all"))
        if conceded <= upper
    )
    return f"{scene.cast['host']} concedes {size} of what is asked of it"


def _broken(scene: Scene) -> Event:
    before = scene.before.state
    causes = {
        "no force stood guard": before["force"] < 0,
        "it had been imposed": before["imposed"] > 0.25,
        "hardly any sanctions threatened whoever broke it": scene.now.state["threat"] < 0.2,
    }
    why = listed([cause for cause, holds in causes.items() if holds])
    lasted = wording.weeks(scene.weeks_since(lambda moment: moment.state["truce"]))
    text = f"the truce breaks after {lasted}{': ' if why else ', although a force stood guard'}{why}"
    return scene.event("truce", "", "truce_broke", "", text)


def _consent(scene: Scene) -> Iterator[Event]:
    if scene.now.state["mission"] < 0 or not (scene.moved("consent") or scene.at == 1):
        return
    old, new = (vocabulary.CONSENTS[int(moment.state["consent"])] for moment in (scene.before, scene.now))
    if scene.at == 1 or scene.moved("mission"):
        text = f"{scene.cast['opponent']} {new} this mission"
        yield scene.event("consent", scene.key("opponent"), "answer", f"{old} > {new}", text)
        return
    upward = scene.rose("consent")
    then = scene.seen.moments[scene.since(lambda moment: (moment.state["consent"], moment.state["mission"]))]
    parts = wording.main_parts(wording.changed(then.consent, scene.now.consent), upward)
    signed = scene.now.state["signed"] >= 0 and scene.rose("truces")
    why = "it signed the deal" if signed else wording.reasons(parts, upward, wording.CONSENT, **scene.cast)
    text = f"{scene.cast['opponent']} now {new} the mission on the table{_as(why)}"
    yield scene.event("consent", scene.key("opponent"), "consent", _detail(f"{old} > {new}", parts), text)


# --- pledges and parliaments -----------------------------------------------------------------------------------------


def stage(moment: Moment, actor: str) -> str:
    """Return the stage of a contributor as a word."""
    return vocabulary.STANCES[int(moment.actors[actor]["stage"])]


def _pledge(scene: Scene) -> Iterator[Event]:
    for actor in sorted(scene.now.actors):
        old, new = scene.before.actors[actor]["stage"], scene.now.actors[actor]["stage"]
        if old != new and not _fell_later(scene, actor):
            yield _move(scene, actor, upward=new > old)


def _fell_later(scene: Scene, actor: str) -> bool:
    """Return whether a contributor fell back in a later phase: refused at home, or left a force under fire."""
    return actor in scene.now.barred and actor not in scene.before.barred


def _move(scene: Scene, actor: str, upward: bool) -> Event:
    old, new = stage(scene.before, actor), stage(scene.now, actor)
    then = _reference(scene, actor, upward)
    change = wording.changed(then.readiness[actor], scene.now.readiness[actor])
    parts = wording.main_parts(change, upward)
    aside = "" if scene.may_join(actor) or new != "pledged" else " (though not eligible for the mission on the table)"
    text = f"{scene.name(actor)}: from {old} to {new}{aside}{_as(_why_moved(scene, actor, parts, then, upward))}"
    event = {"pledged": "pledged", "open": "stepped_back" if not upward else "warmed"}.get(
        new, "warmed" if upward else "cooled"
    )
    return scene.event("pledge", actor, event, _detail(f"{old} > {new}", parts), text)


def _reference(scene: Scene, actor: str, upward: bool) -> Moment:
    """Return the moment against which a move is explained: the last move, or week 0 where it was due already then."""
    then = scene.seen.moments[scene.since(lambda moment: moment.actors[actor]["stage"])]
    place = int(scene.before.actors[actor]["stage"])
    readiness = sum(then.readiness[actor].values())
    if upward:
        due = readiness >= scene.seen.thresholds[place]
    else:
        due = readiness < scene.seen.thresholds[place - 1] - scene.seen.margin
    return scene.seen.moments[0] if due else then


def _why_moved(scene: Scene, actor: str, parts: list[str], then: Moment, upward: bool) -> str:
    rung = vocabulary.RUNGS[int(scene.now.state["rung"])]
    return wording.reasons(
        parts,
        upward,
        wording.READINESS,
        rung=wording.RUNGS[rung],
        consent=vocabulary.CONSENTS[int(scene.now.state["consent"])],
        joined=_company(scene, actor, then, True),
        left=_company(scene, actor, then, False),
        **scene.cast,
    )


def _company(scene: Scene, actor: str, then: Moment, joined: bool) -> str:
    """Return whose example changed since ``then``: who pledged or stepped back, else which leads moved."""
    top, sign = float(len(vocabulary.STANCES) - 1), 1.0 if joined else -1.0
    moves = {
        other: sign * (scene.before.actors[other]["stage"] - then.actors[other]["stage"])
        for other in scene.now.actors
        if other != actor
    }
    goal = scene.before if joined else then
    seen = set(scene.seen.examples[actor]) | {other for other in moves if scene.may_join(other)}
    crossed = [
        other for other in sorted(seen & set(moves)) if moves[other] > 0.0 and goal.actors[other]["stage"] == top
    ]
    if crossed:
        return f"{scene.named(crossed)} {scene.verb(crossed, 'has', 'have')} {'pledged' if joined else 'stepped back'}"
    leads = [other for other in sorted(scene.seen.examples[actor]) if moves.get(other, 0.0) > 0.0]
    if leads:
        verb = scene.verb(leads, "sets", "set") if joined else scene.verb(leads, "sets less of", "set less of")
        return f"{scene.named(leads)} {verb} an example"
    return (
        "more of what others pledged counts for the mission"
        if joined
        else "less of what others pledged counts for the mission"
    )


def _ratify(scene: Scene) -> Iterator[Event]:
    for actor in sorted(scene.now.actors):
        old, new = scene.before.actors[actor], scene.now.actors[actor]
        if new["ratified"] > old["ratified"]:
            yield scene.event("ratify", actor, "ratified", "", f"{scene.name(actor)}: pledge ratified at home")
        elif _fell_later(scene, actor) and not old["in_force"]:
            yield scene.event(
                "ratify", actor, "refused", "", f"{scene.name(actor)}: pledge refused at home, and barred for months"
            )


# --- the force -------------------------------------------------------------------------------------------------------


def _form(scene: Scene) -> Iterator[Event]:
    yield from _requirements(scene)
    if scene.before.state["force"] < 0 <= scene.now.state["force"]:
        yield _formed(scene)
    elif scene.before.state["force"] >= 0 and scene.now.state["force"] >= 0:
        yield from _changed(scene)
    if scene.moved("training"):
        starts = scene.rose("training")
        text = "a training mission begins beside whatever is on the table" if starts else _training_ends(scene)
        yield scene.event("form", "", "training_began" if starts else "training_ended", "", text)


def _training_ends(scene: Scene) -> str:
    if scene.now.state["force"] >= 0:
        return "the training mission gives way to the force"
    wartime = " in wartime" if scene.before.state["truce"] and not scene.now.state["truce"] else ""
    return f"the training mission ends: too few states are ready for it{wartime}"


def _requirements(scene: Scene) -> Iterator[Event]:
    if scene.now.state["force"] >= 0 or scene.before.state["force"] >= 0 or scene.moved("mission") or scene.at == 1:
        return
    moved = [gate for gate in vocabulary.GATES if scene.moved(f"met_{gate}") and gate not in TOLD_ELSEWHERE]
    for gate in sorted(moved, key=lambda gate: not scene.rose(f"met_{gate}")):
        met = scene.rose(f"met_{gate}")
        size = f" ({wording.troops(scene.now.state['pledged_troops'])})" if gate == "troops" and met else ""
        text = f"requirement {'met' if met else 'lost'}: {WORDS_OF_GATES[gate]}{size}"
        yield scene.event("form", "", "requirement_met" if met else "requirement_lost", gate, text)


def _members(moment: Moment) -> list[str]:
    return sorted(actor for actor, row in moment.actors.items() if row["in_force"])


def _formed(scene: Scene) -> Event:
    state = scene.now.state
    consent = f"{scene.cast['opponent']} {vocabulary.CONSENTS[int(state['consent'])]} it"
    what = "an observer mission forms" if scene.seen.world.mission.observer[int(state["force"])] else "the force forms"
    text = (
        f"{what}: {scene.mission(state['force'])} with {wording.troops(state['troops'])} troops from "
        f"{listed([scene.name(actor) for actor in _members(scene.now)])}; {consent}"
    )
    return scene.event("form", "", "force_formed", scene.seen.world.names.missions[int(state["force"])], text)


def _changed(scene: Scene) -> Iterator[Event]:
    joined = sorted(set(_members(scene.now)) - set(_members(scene.before)))
    left = [
        actor for actor in _members(scene.before) if actor not in _members(scene.now) and actor not in scene.now.barred
    ]
    size = f"; it now has {wording.troops(scene.now.state['troops'])} troops"
    if joined:
        text = f"{scene.named(joined)} {scene.verb(joined, 'joins', 'join')} the force{size}"
        yield scene.event("form", "", "joined", " ".join(joined), text)
    if left:
        text = f"{scene.named(left)} {scene.verb(left, 'withdraws', 'withdraw')} from the force{size}"
        yield scene.event("form", "", "left", " ".join(left), text)


def _hold(scene: Scene) -> Iterator[Event]:
    state = scene.now.state
    if state["tested"]:
        yield _tested(scene)
    if state["ended"]:
        yield scene.event("hold", "", "force_ended", "", "the force ends: it fell below half of its minimum")


def _tested(scene: Scene) -> Event:
    state = scene.now.state
    test = "the force is attacked" if state["attacked"] else "the war around the force resumes"
    left = sorted(actor for actor in _members(scene.before) if _fell_later(scene, actor))
    if state["reinforced"]:
        answer = f"{scene.cast['broker']} keeps its promise and reinforces it"
    elif left:
        answer = f"no reinforcement comes, and {scene.named(left)} {scene.verb(left, 'leaves', 'leave')}"
    else:
        answer = "no reinforcement comes, but all stay"
    return scene.event("hold", "", "attacked" if state["attacked"] else "tested", " ".join(left), f"{test}; {answer}")


def _as(why: str) -> str:
    return f", as {why}" if why else ""


def _detail(what: str, parts: list[str]) -> str:
    return f"{what}: {', '.join(parts)}" if parts else what


_TELLERS: dict[str, Callable[[Scene], Iterator[Event]]] = {
    "news": _news,
    "table": _table,
    "offer": _offer,
    "truce": _truce,
    "consent": _consent,
    "pledge": _pledge,
    "ratify": _ratify,
    "form": _form,
    "hold": _hold,
}
