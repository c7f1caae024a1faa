"""Events of the force: pledges and parliaments, how it forms, and how it holds."""

from __future__ import annotations

from collections.abc import Iterator

from sim import vocabulary, words
from sim.story import reasons
from sim.story.recording import Moment
from sim.story.round_view import Event, Scene, because, detailed
from sim.words import listed

_TOP_STAGE = len(vocabulary.STANCES) - 1
TOLD_ELSEWHERE = ("truce", "russian_consent", "ratification")
"""Requirements whose changes are events of their own: the truce, the opponents' consent, a parliament's vote."""


# --- pledges and parliaments -----------------------------------------------------------------------------------------


def stage(moment: Moment, actor: str) -> str:
    """Return the stage of a contributor as a word."""
    return vocabulary.STANCES[int(moment.actors[actor]["stage"])]


def pledge(scene: Scene) -> Iterator[Event]:
    """Yield moves of contributors from stage to stage."""
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
    change = reasons.readiness_changed(then.readiness[actor], scene.now.readiness[actor])
    parts = reasons.main_parts(change, upward)
    aside = "" if scene.may_join(actor) or new != "pledged" else " (though not eligible for the mission on the table)"
    text = f"{scene.name(actor)}: from {old} to {new}{aside}{because(_why_moved(scene, actor, parts, then, upward))}"
    event = {"pledged": "pledged", "open": "stepped_back" if not upward else "warmed"}.get(
        new, "warmed" if upward else "cooled"
    )
    return scene.event("pledge", actor, event, detailed(f"{old} > {new}", parts), text)


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
    if (actor in scene.now.committed) != (actor in scene.before.committed):
        return reasons.COMMITMENT[0 if upward else 1]
    return reasons.reasons(
        parts,
        upward,
        reasons.READINESS,
        backed=_backed(scene, then),
        unbacked=_unbacked(scene, then),
        consent=vocabulary.CONSENTS[int(scene.now.state["consent"])],
        joined=_company(scene, actor, then, True),
        left=_company(scene, actor, then, False),
        **scene.cast,
    )


def _backed(scene: Scene, then: Moment) -> str:
    """Return why less of a backstop is lacking than ``then``: more is on offer, or others' pledges stand in for it."""
    now = scene.now.state
    if now["rung"] > then.state["rung"]:
        return f"{scene.cast['broker']} now offers {words.RUNGS[vocabulary.RUNGS[int(now['rung'])]]}"
    if now["sufficiency"] > then.state["sufficiency"]:
        return "what others pledge stands in for part of the backstop"
    return "less of the backstop that it wants is lacking"


def _unbacked(scene: Scene, then: Moment) -> str:
    now = scene.now.state
    if now["rung"] < then.state["rung"]:
        return f"{scene.cast['broker']} offers less"
    if now["sufficiency"] < then.state["sufficiency"]:
        return "others pledge less that could stand in for the backstop"
    return "more of the backstop that it wants is lacking"


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


def ratify(scene: Scene) -> Iterator[Event]:
    """Yield votes at home."""
    for actor in sorted(scene.now.actors):
        old, new = scene.before.actors[actor], scene.now.actors[actor]
        if new["ratified"] > old["ratified"]:
            yield scene.event("ratify", actor, "ratified", "", f"{scene.name(actor)}: pledge ratified at home")
        elif _fell_later(scene, actor) and not old["in_force"]:
            yield scene.event(
                "ratify", actor, "refused", "", f"{scene.name(actor)}: pledge refused at home, and barred for months"
            )


# --- the force -------------------------------------------------------------------------------------------------------


def form(scene: Scene) -> Iterator[Event]:
    """Yield requirements met and lost, the force as it forms and changes, and training."""
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
        size = f" ({words.troops(scene.now.state['pledged_troops'])})" if gate == "troops" and met else ""
        text = f"requirement {'met' if met else 'lost'}: {scene.scenario.names.gate(gate)}{size}"
        yield scene.event("form", "", "requirement_met" if met else "requirement_lost", gate, text)


def _members(moment: Moment) -> list[str]:
    return sorted(actor for actor, row in moment.actors.items() if row["in_force"])


def _formed(scene: Scene) -> Event:
    state = scene.now.state
    consent = f"{scene.cast['opponent']} {vocabulary.CONSENTS[int(state['consent'])]} it"
    what = "an observer mission forms" if scene.seen.world.mission.observer[int(state["force"])] else "the force forms"
    text = (
        f"{what}: {scene.mission(state['force'])} with {words.troops(state['troops'])} troops from "
        f"{listed([scene.name(actor) for actor in _members(scene.now)])}; {consent}"
    )
    return scene.event("form", "", "force_formed", scene.seen.world.names.missions[int(state["force"])], text)


def _changed(scene: Scene) -> Iterator[Event]:
    joined = sorted(set(_members(scene.now)) - set(_members(scene.before)))
    left = [
        actor for actor in _members(scene.before) if actor not in _members(scene.now) and actor not in scene.now.barred
    ]
    size = f"; it now has {words.troops(scene.now.state['troops'])} troops"
    if joined:
        text = f"{scene.named(joined)} {scene.verb(joined, 'joins', 'join')} the force{size}"
        yield scene.event("form", "", "joined", " ".join(joined), text)
    if left:
        text = f"{scene.named(left)} {scene.verb(left, 'withdraws', 'withdraw')} from the force{size}"
        yield scene.event("form", "", "left", " ".join(left), text)


def hold(scene: Scene) -> Iterator[Event]:
    """Yield what happens to a force in the field."""
    state = scene.now.state
    if state["tested"]:
        yield _tested(scene)
    if state["ended"]:
        yield scene.event("hold", "", "force_ended", "", f"the force ends: {_why_too_small(scene)}")


def _why_too_small(scene: Scene) -> str:
    stayed = all(scene.now.actors[actor]["stage"] == _TOP_STAGE for actor in _members(scene.before))
    if stayed and not scene.now.state["tested"]:
        return "after the first tour too little of it can be kept there"
    return "it fell below half of its minimum"


def _tested(scene: Scene) -> Event:
    state = scene.now.state
    test = "the force is attacked" if state["attacked"] else "the war around the force resumes"
    test = "the force is attacked and hits back" if state["escalated"] else test
    left = sorted(actor for actor in _members(scene.before) if _fell_later(scene, actor))
    if state["reinforced"]:
        answer = f"{scene.cast['broker']} keeps its promise and reinforces it"
    elif left:
        answer = f"no reinforcement comes, and {scene.named(left)} {scene.verb(left, 'leaves', 'leave')}"
    else:
        answer = "no reinforcement comes, but all stay"
    return scene.event("hold", "", "attacked" if state["attacked"] else "tested", " ".join(left), f"{test}; {answer}")
