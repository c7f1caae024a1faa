"""What brought about the force of a run, or blocked it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sim import vocabulary
from sim import words as wording
from sim.story import reasons
from sim.story.force import stage
from sim.story.round_view import Scene
from sim.story.talks import overlap
from sim.words import ANSWERED, RUNGS, listed, sentence, troops

_TOP_STAGE = len(vocabulary.STANCES) - 1


def cause(scene: Scene, row: dict[str, Any]) -> str:
    """Return what made the force, or blocked it; ``row`` is the row of the run, ``scene`` its last round."""
    formed = row["deployed_week"]
    parts = [_made(scene, row)] if formed is not None else [*_blocked(scene), *_apart(scene)]
    return " ".join(parts)


def tallies(scene: Scene) -> Iterator[str]:
    """Say how long the broker offered each rung, and how long the opponent gave each answer."""
    moments, a_week = scene.seen.moments[1:], scene.seen.world.rounds_per_week
    offers = Counter(int(moment.state["rung"]) for moment in moments)
    parts = [f"{RUNGS[vocabulary.RUNGS[rung]]} for {wording.weeks(n / a_week)}" for rung, n in sorted(offers.items())]
    yield f"Over the whole run, {scene.cast['broker']} offered {listed(parts)}."
    answers = Counter(int(moment.state["consent"]) for moment in moments if moment.state["mission"] >= 0)
    parts = [
        f"{ANSWERED[vocabulary.CONSENTS[at]]} for {wording.weeks(n / a_week)}" for at, n in sorted(answers.items())
    ]
    if parts:
        yield f"{sentence(scene.cast['opponent'])} {listed(parts)} what was on the table."


def _made(scene: Scene, row: dict[str, Any]) -> str:
    moments = scene.seen.moments
    at = next(at for at, moment in enumerate(moments) if moment.state["week"] == row["deployed_week"])
    unneeded = _unneeded(scene, at)
    since = {gate: _met_since(scene, at, gate) for gate in vocabulary.GATES if gate not in unneeded}
    last = max(since.values())
    final = listed([scene.scenario.names.gate(gate) for gate, week in since.items() if week == last])
    earlier = sorted(((week, gate) for gate, week in since.items() if week < last), key=lambda met: met[0])
    parts = [f"What made the force: the last requirement to be met was {final}, in week {last:g}."]
    if earlier:
        before = listed([f"{scene.scenario.names.gate(gate)} (week {week:g})" for week, gate in earlier])
        parts.append(f"Before that came {before}.")
    if unneeded:
        parts.append(f"This mission did not need {_gates(scene, unneeded, 'or')}.")
    parts.append(f"All had held long enough in week {row['deployed_week']:g}.")
    return " ".join([*parts, _carried(scene, at), _afterwards(scene, row)])


def _unneeded(scene: Scene, at: int) -> list[str]:
    """Return the requirements that the mission which formed does not have."""
    place, mission = int(scene.seen.moments[at].state["force"]), scene.seen.world.mission
    needed = {
        "truce": mission.waits_for_truce[place],
        "russian_consent": mission.consent_word[place],
        "council": mission.un_mandate[place],
        "lead": mission.leads[place].any(),
    }
    return [gate for gate in vocabulary.GATES if gate in needed and not needed[gate]]


def _met_since(scene: Scene, at: int, gate: str) -> float:
    """Return the week since which a requirement had been met without a break when the force formed."""
    moments = scene.seen.moments
    while at > 1 and moments[at - 1].state[f"met_{gate}"] and moments[at - 1].state["force"] < 0:
        at -= 1
    return moments[at].state["week"]


def _carried(scene: Scene, at: int) -> str:
    """Say who gave the troops, and since when each had pledged them."""
    moments = scene.seen.moments
    weeks = {}
    for actor in sorted(actor for actor, row in moments[at].actors.items() if row["in_force"]):
        since = at
        while since > 0 and moments[since - 1].actors[actor]["stage"] == _TOP_STAGE:
            since -= 1
        weeks[actor] = moments[since].state["week"]
    parts = [f"{scene.name(actor)} ({f'week {week:g}' if week else 'from the start'})" for actor, week in weeks.items()]
    return f"Its troops were pledged by {listed(parts)}."


def _afterwards(scene: Scene, row: dict[str, Any]) -> str:
    end = scene.now.state
    if end["force"] < 0:
        return "At the horizon it is no longer in the field."
    truce = "under a truce" if end["truce"] else "in the midst of renewed war"
    tested = (
        f", after {row['attacks']} attacks" if row["attacks"] > 1 else ", after one attack" if row["attacks"] else ""
    )
    return f"At the horizon it stands with {troops(end['troops'])} troops, {truce}{tested}."


def _blocked(scene: Scene) -> Iterator[str]:
    end, moments = scene.now.state, scene.seen.moments[1:]
    missing = [gate for gate in vocabulary.GATES if not end[f"met_{gate}"]]
    if end["force"] >= 0:
        yield f"No force deployed: what stands in the field at the horizon is {scene.mission(end['force'])}."
        return
    what = (
        "no mission was on the table"
        if end["mission"] < 0
        else f"{scene.mission(end['mission'])} lacked {_gates(scene, missing)}"
    )
    if end["mission"] >= 0 and not missing:
        what = f"{scene.mission(end['mission'])} met every requirement, but not yet for long enough"
    yield f"What blocked a force: at the horizon {what}."
    week = scene.seen.world.rounds_per_week
    alone = {gate: sum(_only(moment.state, gate) for moment in moments) / week for gate in vocabulary.GATES}
    ordered = sorted(((weeks, gate) for gate, weeks in alone.items() if weeks > 0.0), key=lambda pair: -pair[0])
    if ordered:
        parts = listed([f"{scene.scenario.names.gate(gate)} ({wording.weeks(weeks)})" for weeks, gate in ordered])
        yield f"At times a single requirement was missing: {parts}."
    else:
        yield "In every week at least two requirements were missing."
    never = [gate for gate in vocabulary.GATES if not any(moment.state[f"met_{gate}"] for moment in moments)]
    if never:
        yield f"Never met in any week: {_gates(scene, never)}."
    if "troops" in missing and end["mission"] >= 0:
        yield from _held_back(scene)


def _only(state: dict[str, float], gate: str) -> bool:
    missing = [each for each in vocabulary.GATES if not state[f"met_{each}"]]
    return state["mission"] >= 0 and state["force"] < 0 and missing == [gate]


def _gates(scene: Scene, gates: Iterable[str], word: str = "and") -> str:
    return listed([scene.scenario.names.gate(gate) for gate in gates], word)


def _held_back(scene: Scene) -> Iterator[str]:
    """Say what kept the three largest states that might have joined from pledging."""
    size = {
        actor: scene.seen.inputs[f"actors.{actor}.capacity_troops"]
        for actor, row in scene.now.actors.items()
        if row["stage"] < _TOP_STAGE and scene.may_join(actor)
    }
    parts = []
    for actor in sorted(size, key=lambda actor: (-size[actor], actor))[:3]:
        weighs = reasons.main_parts(scene.now.readiness[actor], upward=False)
        why = listed([reasons.HOLDS_BACK[part].format(**scene.cast) for part in weighs])
        parts.append(f"{scene.name(actor)}, {stage(scene.now, actor)}{f' ({why})' if why else ''}")
    if parts:
        yield f"The largest states that did not pledge, and what weighed on them most: {'; '.join(parts)}."


def _apart(scene: Scene) -> Iterator[str]:
    """Say why there was no truce, if there never was one."""
    moments = scene.seen.moments[1:]
    if scene.now.state["truces"]:
        return
    nearest = max(moments, key=overlap)
    against = reasons.main_parts(nearest.overlap, upward=False, most=3)
    if overlap(nearest) < 0.0:
        yield f"The terms for a truce came nearest in week {nearest.state['week']:g} but never met."
    else:
        yield "The terms for a truce met, but not for long enough."
    yield f"What held them apart most: {listed([reasons.APART[part].format(**scene.cast) for part in against])}."
