"""What happened in this one? One run again, week by week, as tables that can be drawn and counted."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import pandas as pd

from sim import vocabulary
from sim.ensemble import columns
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.story.recording import Record, witness
from sim.story.round_events import chronicle
from sim.story.round_view import Event


class Replay(NamedTuple):
    """One run in tables.

    Attributes
    ----------
    weekly
        A row a round: the columns of :data:`sim.ensemble.columns.WEEKLY`, missions by name, and ``minimum`` troops
        of the mission on the table (missing while there is none).
    stages
        A row a round and contributor: ``week``, ``actor``, ``stage`` (a word), ``in_force`` (yes or no).
    events
        A row an event, as :func:`sim.story.narrative.events` returns it.
    """

    weekly: pd.DataFrame
    stages: pd.DataFrame
    events: pd.DataFrame


def replay(scenario: Scenario | str | Path, seed: int = 1, run: int = 0) -> Replay:
    """Return one run of a scenario again, the same as in every batch of that seed.

    Each table names scenario, hash, seed and run in its ``attrs``.
    """
    scenario = scenario if isinstance(scenario, Scenario) else load(scenario)
    seen = witness(scenario, seed, run)
    events = pd.DataFrame(chronicle(scenario, seen), columns=list(Event._fields))
    replayed = Replay(_weekly(seen), _stages(seen), events)
    for table in replayed:
        table.attrs |= {"scenario": scenario.name, "hash": scenario.hash, "seed": seed, "run": run}
        table.attrs["stamp"] = scenario.stamp
    return replayed


def _weekly(seen: Record) -> pd.DataFrame:
    table = pd.DataFrame([moment.state for moment in seen.moments[1:]], columns=list(columns.WEEKLY))
    table["minimum"] = [seen.minima[int(at)] if at >= 0 else float("nan") for at in table["mission"]]
    for name in ("mission", "signed", "force"):
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
