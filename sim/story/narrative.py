"""One run in words, week by week: who moved whom and why, and what made or blocked the force."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, zip_longest
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.ensemble import columns, run_table
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story.cause import cause, tallies
from sim.story.drawn_run import DrawnRun
from sim.story.inputs import drawn_inputs
from sim.story.recording import Record, witness
from sim.story.round_events import chronicle
from sim.story.round_view import Event, Scene
from sim.story.wrapping import WIDTH as WIDTH
from sim.story.wrapping import lines_of, wrapped
from sim.words import listed, sentence, the, troops

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


def tell(
    scenario: Scenario | str | Path, seed: int = 1, run: int = 0, drawn: DrawnRun | None = None, width: int = WIDTH
) -> str:
    """Return one run as a story: what was drawn, what happened in which week and why, what made or blocked the force.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    seed, run
        The root seed of the batch, and the number of the run in it.
    drawn
        A run that a search kept, instead of a numbered one.
    width
        Characters in a line; fewer than 40 count as 40.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seen = witness(scenario, seed, run, drawn)
    with lines_of(width):
        return _text(scenario, seen, seed, run, drawn)


def _text(scenario: Scenario, seen: Record, seed: int, run: int, drawn: DrawnRun | None) -> str:
    row = _row(seen, run)
    which = f'a run that a search for "{drawn.event}" kept' if drawn else f"seed {seed}, run {run}"
    lines = [
        *_head(scenario, which, row),
        "",
        *drawn_inputs(scenario, seen),
        "",
        *_weeks(scenario, _worth_telling(scenario, seen)),
        "",
    ]
    end = Scene(scenario, seen, len(seen.moments) - 1)
    return "\n".join([*lines, *wrapped(cause(end, row)), *wrapped(" ".join(tallies(end))), ""])


def _row(seen: Record, run: int) -> dict[str, Any]:
    rounds, actors = seen.moments[1:], seen.world.names.actors
    silent = dict.fromkeys(columns.ACTOR_WEEKLY, 0.0)
    weekly = np.array([list(moment.state.values()) for moment in rounds])
    by_actor = np.array([[list(moment.actors.get(name, silent).values()) for name in actors] for moment in rounds])
    return run_table.summary(seen.world.missions, weekly, by_actor, run)


# --- the head --------------------------------------------------------------------------------------------------------


def _head(scenario: Scenario, which: str, row: dict[str, Any]) -> list[str]:
    parts = scenario.parts
    return [
        *wrapped(scenario.question),
        *wrapped(f"Scenario {scenario.name}, {which}; {parts.horizon_weeks} weeks from {parts.start}."),
        *wrapped(f"Outcome: {_outcome(scenario, row)}."),
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


def _worth_telling(scenario: Scenario, seen: Record) -> list[Event]:
    """Return the events without passing moods, states that stay out, and moves short of a pledge that nobody caused."""
    happened = chronicle(scenario, seen)
    joined = {(event.week, actor) for event in happened if event.event == "joined" for actor in event.detail.split()}
    turns = {**_lasting(happened, "offer", vocabulary.RUNGS), **_lasting(happened, "consent", vocabulary.CONSENTS)}
    kept = [turns.get(event, event) for event in happened if (event.week, event.actor) not in joined]
    return [event for event in kept if event is not None and not _minor(scenario, seen, event)]


def _lasting(happened: list[Event], phase: str, words: tuple[str, ...]) -> dict[Event, Event | None]:
    """Return how each turn of an offer or of consent reads: not at all where a mood brought and took it within weeks.

    A turn that leads the other way from the last one is given without its reason.
    """
    turns = [event for event in happened if event.phase == phase]
    as_read: dict[Event, Event | None] = {}
    last = words[0]
    for event, following in zip_longest(turns, turns[1:]):
        change, _, cause = event.detail.partition(": ")
        old, _, new = change.partition(" > ")
        brief = following is not None and following.week - event.week < _LASTING and following.event != "answer"
        if event.event != "answer" and ((brief and cause in ("", "mood")) or new == last):
            as_read[event] = None
            continue
        if event.event != "answer" and (words.index(new) > words.index(last)) != (words.index(new) > words.index(old)):
            as_read[event] = event._replace(text=f"{event.text.partition(', as ')[0].replace(' only ', ' ')}.")
        last = new
    return as_read


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
            yield from wrapped(text, (label if place == 0 else "").ljust(9), " " * 9)


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
