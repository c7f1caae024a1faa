"""What happened in this one? One run again, week by week, as tables that can be drawn and counted."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from sim import vocabulary
from sim.ensemble import columns
from sim.ensemble.results import Replay
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story.drawn_run import DrawnRun
from sim.story.recording import Record, witness
from sim.story.round_events import chronicle
from sim.story.round_view import Event


@takes_whole_numbers
def replay(scenario: Scenario | str | Path, seed: int = 1, run: int = 0, drawn: DrawnRun | None = None) -> Replay:
    """Return one run of a scenario again, the same as in every batch of that seed; ``drawn``, one that a search kept.

    Raises
    ------
    ValueError
        If the scenario has mistakes.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seen = witness(scenario, seed, run, drawn)
    events = pd.DataFrame(chronicle(scenario, seen), columns=list(Event._fields))
    names = (scenario.name, scenario.hash, seed, run, scenario.stamp)
    return Replay(_weekly(seen), _stages(seen), events, *names, scenario.mission_names)


def _weekly(seen: Record) -> pd.DataFrame:
    table = pd.DataFrame([moment.state for moment in seen.moments[1:]], columns=list(columns.WEEKLY))
    table["minimum"] = [seen.minima[int(at)] if at >= 0 else float("nan") for at in table["mission"]]
    for name, column in columns.WEEKLY_COLUMNS.items():
        if column.holds == "mission":
            table[name] = _named(seen, table[name])
    return table


def _named(seen: Record, codes: pd.Series) -> list[str]:
    missions = seen.world.names.missions
    return [missions[int(at)] if at >= 0 else vocabulary.NO_MISSION for at in codes]


def _stages(seen: Record) -> pd.DataFrame:
    rows = [
        (moment.state["week"], actor, vocabulary.STANCES[int(state["stage"])], state["in_force"] > 0)
        for moment in seen.moments[1:]
        for actor, state in sorted(moment.actors.items())
    ]
    return pd.DataFrame(rows, columns=["week", "actor", "stage", "in_force"])
