"""One run told in words, week by week: who moved whom and why, and what made or blocked the force."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby, zip_longest
from math import ceil
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import vocabulary
from sim import words as wording
from sim.ensemble import columns, run_table
from sim.scenario import priors
from sim.scenario.loading import load
from sim.scenario.priors import Prior
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Scenario
from sim.story import reasons
from sim.story.force import stage
from sim.story.recording import Record, witness
from sim.story.round_events import chronicle
from sim.story.round_view import Event, Scene
from sim.story.talks import overlap
from sim.words import ANSWERED, RUNGS, WORDS_OF_GATES, listed, sentence, the, troops

WIDTH = 110
_LASTING = 4.0
_TOP_STAGE = len(vocabulary.STANCES) - 1


def events(scenario: Scenario | str | Path, seed: int = 1, run: int = 0) -> pd.DataFrame:
    """Return what happened in one run as a table, a row an event, in order of week and phase.

    Columns: ``week``; ``phase`` of the round; ``actor`` (config name; empty where nobody acts alone); ``event``, its
    kind; ``detail``, short and for machines, such as ``hesitant > open: company, backstop`` with what carried a move,
    largest first; ``text``, a sentence.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    seed, run
        The root seed of the batch, and the number of the run in it.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    return pd.DataFrame(chronicle(scenario, witness(scenario, seed, run)), columns=list(Event._fields))


def tell(scenario: Scenario | str | Path, seed: int = 1, run: int = 0) -> str:
    """Return one run as a story: what was drawn, what happened in which week and why, what made or blocked the force.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    seed, run
        The root seed of the batch, and the number of the run in it.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seen = witness(scenario, seed, run)
    row = _row(seen, run)
    lines = [
        *_head(scenario, seed, run, row),
        "",
        *_drawn(scenario, seen),
        "",
        *_weeks(scenario, _worth_telling(scenario, seen)),
        "",
    ]
    end = Scene(scenario, seen, len(seen.moments) - 1)
    return "\n".join([*lines, *_wrapped(_moral(end, row)), *_wrapped(" ".join(_tallies(end))), ""])


def _row(seen: Record, run: int) -> dict[str, Any]:
    rounds, actors = seen.moments[1:], seen.world.names.actors
    silent = dict.fromkeys(columns.ACTOR_WEEKLY, 0.0)
    weekly = np.array([list(moment.state.values()) for moment in rounds])
    by_actor = np.array([[list(moment.actors.get(name, silent).values()) for name in actors] for moment in rounds])
    return run_table.summary(seen.world.missions, weekly, by_actor, run)


# --- the head --------------------------------------------------------------------------------------------------------


def _head(scenario: Scenario, seed: int, run: int, row: dict[str, Any]) -> list[str]:
    parts = scenario.parts
    return [
        *_wrapped(scenario.question),
        f"Scenario {scenario.name}, seed {seed}, run {run}; {parts.horizon_weeks} weeks from {parts.start}.",
        *_wrapped(f"Outcome: {_outcome(scenario, row)}."),
    ]


def _outcome(scenario: Scenario, row: dict[str, Any]) -> str:
    broke = "" if not row["truce_broke"] else "; a truce broke" if row["truces"] == 1 else "; a truce broke on the way"
    if row["deployed_week"] is not None:
        name = scenario.parts.missions[row["mission"]].name
        stay = "in the field to the end" if row["held"] else "not in the field throughout"
        size = f'"{name}", {troops(row["troops"])} troops, {stay}'
        return f"a force deploys in week {row['deployed_week']:g} ({size}){broke}"
    words = {
        "observer": "observers, but no force",
        "training": "a training mission, but no force",
        "ceasefire_without_force": "a ceasefire without a force",
        "no_ceasefire": "no ceasefire and no force",
    }
    truce = (
        f"; a truce began in week {row['ceasefire_week']:g}"
        if row["outcome"] == "training" and row["ceasefire_week"]
        else ""
    )
    return f"{words[row['outcome']]}{truce}{broke}"


# --- what was drawn --------------------------------------------------------------------------------------------------


def _drawn(scenario: Scenario, seen: Record) -> list[str]:
    lines = [
        *_stances(scenario, seen),
        *_governments(scenario, seen),
        _principals(scenario, seen),
        _commons(scenario, seen),
        *_shut(scenario, seen),
    ]
    return ["Drawn for this run:", *(line for text in lines if text for line in _wrapped(text, "  - ", "    "))]


def _stances(scenario: Scenario, seen: Record) -> Iterator[str]:
    first = seen.moments[0].actors
    by_stance = {
        word: [the(scenario.parts.actors[actor].name) for actor in sorted(first) if first[actor]["stage"] == place]
        for place, word in enumerate(vocabulary.STANCES)
    }
    yield "; ".join(f"{word} at first: {', '.join(names)}" for word, names in by_stance.items() if names)


def _governments(scenario: Scenario, seen: Record) -> Iterator[str]:
    for actor, parts in sorted(scenario.parts.actors.items()):
        if parts.handover is not None:
            a_week = seen.world.rounds_per_week
            week = ceil(seen.inputs[f"actors.{actor}.handover.week"] * a_week) / a_week
            word = vocabulary.STANCES[int(seen.inputs[f"actors.{actor}.governments.incoming.stance"])]
            yield f"{sentence(the(parts.name))} gets a new government in week {week:g}, which is {word}"


def _principals(scenario: Scenario, seen: Record) -> str:
    scene = Scene(scenario, seen, len(seen.moments) - 1)
    cap = RUNGS[vocabulary.RUNGS[int(seen.moments[0].state["cap"])]]
    ways = {"broker": "inclined to back a force", "host": "ready to settle", "opponent": "ready to settle"}
    broker, host, opponent = (
        f"{scene.cast[part]} is {_compared(scenario, seen, f'actors.{scene.key(part)}.disposition', way)}"
        for part, way in ways.items()
    )
    return sentence(f"{broker}, and would offer at most {cap}; {host}; {opponent}")


def _commons(scenario: Scenario, seen: Record) -> str:
    missions, actors = scenario.parts.missions.values(), scenario.parts.actors
    leads = sorted({lead for mission in missions for lead in mission.leads} & set(actors))
    each = [
        f"{the(actors[lead].name)} is {_compared(scenario, seen, f'actors.{lead}.disposition', 'ready')}"
        for lead in leads
    ]
    opinion = _compared(scenario, seen, "common.european_mood", "favourable to a force")
    return "; ".join([f"European opinion is {opinion}", *each])


def _compared(scenario: Scenario, seen: Record, path: str, way: str) -> str:
    """Return where in its range a number was drawn, in words: as documented, or somewhat or much to one side."""
    place = _place(scenario.leaves[path].prior, seen.inputs[path]) if path in scenario.leaves else 0.5
    if 0.3 <= place <= 0.7:
        return f"as {way} as documented"
    much = "much" if place < 0.1 or place > 0.9 else "somewhat"
    return f"{much} {'more' if place > 0.5 else 'less'} {way} than documented"


def _place(prior: Prior, value: float) -> float:
    """Return the share of a prior's draws that lie below a value."""
    if not prior.uncertain:
        return 0.5
    grid = np.linspace(0.0, 1.0, 201)[:-1]
    return float(np.mean(priors.quantile(prior, grid) < value))


def _shut(scenario: Scenario, seen: Record) -> Iterator[str]:
    names = {actor: the(parts.name) for actor, parts in scenario.parts.actors.items()}
    shut = [
        edge_ends(key) for key in sorted(scenario.parts.network) if seen.inputs.get(f"network.{key}.open", 1.0) < 1.0
    ]
    grouped = groupby(sorted(shut, key=lambda ends: (ends[0], ends[2])), key=lambda ends: (ends[0], ends[2]))
    told = [
        reasons.GATES_SHUT[channel].format(
            source=names[source], target=listed([names[target] for _, target, _ in ends])
        )
        for (source, channel), ends in grouped
    ]
    if told:
        yield sentence("; ".join(told))


# --- the weeks -------------------------------------------------------------------------------------------------------


def _worth_telling(scenario: Scenario, seen: Record) -> list[Event]:
    """Return the events without passing moods, states that stay out, and moves short of a pledge that nobody caused."""
    happened = chronicle(scenario, seen)
    joined = {(event.week, actor) for event in happened if event.event == "joined" for actor in event.detail.split()}
    told = {**_lasting(happened, "offer", vocabulary.RUNGS), **_lasting(happened, "consent", vocabulary.CONSENTS)}
    kept = [told.get(event, event) for event in happened if (event.week, event.actor) not in joined]
    return [event for event in kept if event is not None and not _minor(scenario, seen, event)]


def _lasting(happened: list[Event], phase: str, words: tuple[str, ...]) -> dict[Event, Event | None]:
    """Return how each turn of an offer or of consent is told: not at all where a mood brought and took it within weeks.

    A turn that leads the other way from what was told last is told without its reason.
    """
    turns = [event for event in happened if event.phase == phase]
    told: dict[Event, Event | None] = {}
    last = words[0]
    for event, following in zip_longest(turns, turns[1:]):
        change, _, cause = event.detail.partition(": ")
        old, _, new = change.partition(" > ")
        brief = following is not None and following.week - event.week < _LASTING and following.event != "answer"
        if event.event != "answer" and ((brief and cause in ("", "mood")) or new == last):
            told[event] = None
            continue
        if event.event != "answer" and (words.index(new) > words.index(last)) != (words.index(new) > words.index(old)):
            told[event] = event._replace(text=f"{event.text.partition(', as ')[0].replace(' only ', ' ')}.")
        last = new
    return told


def _minor(scenario: Scenario, seen: Record, event: Event) -> bool:
    if event.phase not in ("pledge", "ratify"):
        return False
    rows = [moment.actors[event.actor] for moment in seen.moments]
    at = next(at for at, moment in enumerate(seen.moments) if moment.state["week"] == event.week)
    outside = not Scene(scenario, seen, at).may_join(event.actor) and not any(row["in_force"] for row in rows)
    if outside or event.event not in ("warmed", "cooled"):
        return outside
    causes = set(event.detail.partition(": ")[2].split(", ")) - {"", "mood", "leaning"}
    return not causes or not any(row["stage"] == _TOP_STAGE for row in rows)


def _weeks(scenario: Scenario, happened: list[Event]) -> Iterator[str]:
    for week, in_week in groupby(happened, key=lambda event: event.week):
        label = f"week {week:g}: "
        for place, text in enumerate(_merged(scenario, list(in_week))):
            yield from _wrapped(text, (label if place == 0 else "").ljust(9), " " * 9)


def _merged(scenario: Scenario, in_week: list[Event]) -> Iterator[str]:
    """Return the week's sentences; what several actors do alike, or several requirements of a kind, become one."""
    for _, alike in groupby(in_week, key=lambda event: _kind(event)):
        group = list(alike)
        head, _, rest = group[0].text.partition(": ")
        if len(group) == 1:
            yield group[0].text
        elif group[0].actor:
            yield f"{sentence(listed([the(scenario.parts.actors[event.actor].name) for event in group]))}: {rest}"
        else:
            yield f"{head}: {'; '.join(event.text.partition(': ')[2].rstrip('.') for event in group)}."


def _kind(event: Event) -> tuple[str, str]:
    what = event.text.partition(": ")[2]
    return (event.event, what if event.actor else "") if what else (event.event, event.text)


# --- what made or blocked it -----------------------------------------------------------------------------------------


def _moral(scene: Scene, row: dict[str, Any]) -> str:
    formed = row["deployed_week"]
    told = [_made(scene, row)] if formed is not None else [*_blocked(scene), *_apart(scene)]
    return " ".join(told)


def _tallies(scene: Scene) -> Iterator[str]:
    """Tell for how long Washington offered what, and how long Moscow gave which answer."""
    moments, a_week = scene.seen.moments[1:], scene.seen.world.rounds_per_week
    offers = Counter(int(moment.state["rung"]) for moment in moments)
    told = [f"{RUNGS[vocabulary.RUNGS[rung]]} for {wording.weeks(n / a_week)}" for rung, n in sorted(offers.items())]
    yield f"Over the whole run, {scene.cast['broker']} offered {listed(told)}."
    answers = Counter(int(moment.state["consent"]) for moment in moments if moment.state["mission"] >= 0)
    told = [f"{ANSWERED[vocabulary.CONSENTS[at]]} for {wording.weeks(n / a_week)}" for at, n in sorted(answers.items())]
    if told:
        yield f"{sentence(scene.cast['opponent'])} {listed(told)} what was on the table."


def _made(scene: Scene, row: dict[str, Any]) -> str:
    moments = scene.seen.moments
    at = next(at for at, moment in enumerate(moments) if moment.state["week"] == row["deployed_week"])
    unneeded = _unneeded(scene, at)
    since = {gate: _met_since(scene, at, gate) for gate in vocabulary.GATES if gate not in unneeded}
    last = max(since.values())
    final = listed([WORDS_OF_GATES[gate] for gate, week in since.items() if week == last])
    earlier = sorted(((week, gate) for gate, week in since.items() if week < last), key=lambda met: met[0])
    told = [f"What made the force: the last requirement to be met was {final}, in week {last:g}."]
    if earlier:
        told.append(
            f"Before that came {listed([f'{WORDS_OF_GATES[gate]} (week {week:g})' for week, gate in earlier])}."
        )
    if unneeded:
        told.append(f"This mission did not need {_gates(unneeded, 'or')}.")
    told.append(f"All had held long enough in week {row['deployed_week']:g}.")
    return " ".join([*told, _carried(scene, at), _afterwards(scene, row)])


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
    """Tell who gave the troops, and since when each had pledged them."""
    moments = scene.seen.moments
    weeks = {}
    for actor in sorted(actor for actor, row in moments[at].actors.items() if row["in_force"]):
        since = at
        while since > 0 and moments[since - 1].actors[actor]["stage"] == _TOP_STAGE:
            since -= 1
        weeks[actor] = moments[since].state["week"]
    told = [f"{scene.name(actor)} ({f'week {week:g}' if week else 'from the start'})" for actor, week in weeks.items()]
    return f"Its troops were pledged by {listed(told)}."


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
        else f"{scene.mission(end['mission'])} lacked {_gates(missing)}"
    )
    if end["mission"] >= 0 and not missing:
        what = f"{scene.mission(end['mission'])} met every requirement, but not yet for long enough"
    yield f"What blocked a force: at the horizon {what}."
    week = scene.seen.world.rounds_per_week
    alone = {gate: sum(_only(moment.state, gate) for moment in moments) / week for gate in vocabulary.GATES}
    ordered = sorted(((weeks, gate) for gate, weeks in alone.items() if weeks > 0.0), key=lambda pair: -pair[0])
    if ordered:
        told = listed([f"{WORDS_OF_GATES[gate]} ({wording.weeks(weeks)})" for weeks, gate in ordered])
        yield f"At times a single requirement was missing: {told}."
    else:
        yield "In every week at least two requirements were missing."
    never = [gate for gate in vocabulary.GATES if not any(moment.state[f"met_{gate}"] for moment in moments)]
    if never:
        yield f"Never met in any week: {_gates(never)}."
    if "troops" in missing and end["mission"] >= 0:
        yield from _held_back(scene)


def _only(state: dict[str, float], gate: str) -> bool:
    missing = [each for each in vocabulary.GATES if not state[f"met_{each}"]]
    return state["mission"] >= 0 and state["force"] < 0 and missing == [gate]


def _gates(gates: Iterable[str], word: str = "and") -> str:
    return listed([WORDS_OF_GATES[gate] for gate in gates], word)


def _held_back(scene: Scene) -> Iterator[str]:
    """Tell what kept the three largest states that might have joined from pledging."""
    size = {
        actor: scene.seen.inputs[f"actors.{actor}.capacity_troops"]
        for actor, row in scene.now.actors.items()
        if row["stage"] < _TOP_STAGE and scene.may_join(actor)
    }
    told = []
    for actor in sorted(size, key=lambda actor: (-size[actor], actor))[:3]:
        weighs = reasons.main_parts(scene.now.readiness[actor], upward=False)
        why = listed([reasons.HOLDS_BACK[part].format(**scene.cast) for part in weighs])
        told.append(f"{scene.name(actor)}, {stage(scene.now, actor)}{f' ({why})' if why else ''}")
    if told:
        yield f"The largest states that did not pledge, and what weighed on them most: {'; '.join(told)}."


def _apart(scene: Scene) -> Iterator[str]:
    """Tell why there was no truce, where there never was one."""
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


def _wrapped(text: str, first: str = "", rest: str = "") -> list[str]:
    return textwrap.wrap(
        text, WIDTH, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
