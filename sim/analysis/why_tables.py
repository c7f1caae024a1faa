"""Summaries of minimal sets of requirements: how often each occurs, which go together, who holds them; a sentence."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterator

import numpy as np
import pandas as pd

from sim import vocabulary
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import share
from sim.scenario.references import edge_ends
from sim.scenario.scenario import Scenario
from sim.words import NEUTRAL, Names, listed, no_set

NONE = "none"
"""The row of the runs without any minimal set."""


def blockers(sets: pd.DataFrame, without: int) -> pd.DataFrame:
    """Return the minimal sets by how often they occur, and last the runs without any."""
    counts = sets["requirements"].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    counts[NONE] = without - sets["run"].nunique()
    rows = [
        {"size": 0 if name == NONE else len(split(str(name))), "runs": int(runs), **_interval(int(runs), without)}
        for name, runs in counts.items()
    ]
    return pd.DataFrame(rows, index=counts.index).rename_axis("requirements")


def by_gate(sets: pd.DataFrame, members: pd.DataFrame, without: int) -> pd.DataFrame:
    """Return, by requirement, the shares of runs in which some set has it, it suffices alone, and all sets have it.

    ``sets`` has a row a run and set, ``members`` a row a run, set and gate; ``without`` is the number of runs without a
    force.
    """
    a_run = sets.groupby("run").size()
    rows = {}
    for gate in vocabulary.GATES:
        here = members[members["gate"] == gate]
        times = here.groupby("run").size()
        rows[gate] = {
            **_interval(len(times), without),
            "alone": int((here["requirements"] == gate).sum()) / without,
            "always": int((times == a_run.reindex(times.index)).sum()) / without,
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("gate")


def together(members: pd.DataFrame) -> pd.DataFrame:
    """Count each run once for every two requirements of one of its sets; on the diagonal, for every one."""
    pairs = members.merge(members, on=["run", "requirements"]).drop_duplicates(["run", "gate_x", "gate_y"])
    counts = pd.crosstab(pairs["gate_x"], pairs["gate_y"])
    return (
        counts.reindex(index=vocabulary.GATES, columns=vocabulary.GATES, fill_value=0)
        .rename_axis("gate")
        .rename_axis("with", axis=1)
    )


def holders(scenario: Scenario) -> pd.DataFrame:
    """Return which actors have a part in each requirement, after the config: columns gate, actor, part."""
    return pd.DataFrame(_parts(scenario), columns=["gate", "actor", "part"])


def add_waiting(ensemble: Ensemble, parts: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Add the share of runs in which a contributor still waits at the horizon, of those that lack its requirement.

    A vote in the Council is none of these: a contributor that has a seat there may be pledged and vote no.
    """
    seats = ensemble.actors.set_index("run")
    shares: dict[tuple[Hashable, Hashable], float] = {}
    for gate, runs in members.groupby("gate")["run"]:
        if gate == "council":
            continue
        here = seats.loc[seats.index.isin(runs.unique())]
        waits = here["pledged"] & ~here["ratified"] if gate == "ratification" else ~here["pledged"]
        shares |= {(gate, actor): value for actor, value in waits.groupby(here["actor"]).mean().items()}
    of = [shares.get((row.gate, row.actor), np.nan) for row in parts.itertuples()]
    return parts.assign(waiting=of)


def sentence(
    blockers: pd.DataFrame, scenario: str, what: str, most: int, runs: int, without: int, names: Names = NEUTRAL
) -> str:
    """Return the answer as a sentence: the two most frequent sets, and how often there is none.

    The arguments are fields of :class:`sim.ensemble.results.Why`, and what the parties are called.
    """
    sets = blockers.drop(index=NONE)
    none = blockers.loc[[NONE]].iloc[0]
    head = f"Of the {without:,} runs of {scenario} without {what} (of {runs:,})"
    rest = f"in {_percent(none)} {no_set(most)} was enough"
    if sets.empty:
        held = "one requirement" if most == 1 else f"up to {most} requirements"
        return f"{head}, none would have had it with {held} held open."
    first, *second = (f"{_percent(row)} with only {_words(str(name), names)}" for name, row in sets.head(2).iterrows())
    also = "".join(f", {each}" for each in second)
    return f"{head}, it would have come about in {first} held open from week 0{also}; {rest} (95% run noise)."


def coherence(supersets: pd.DataFrame) -> str:
    """Return in a sentence how often a larger set failed where one within it suffices."""
    if supersets.empty:
        return "No set was found, so no larger one was checked."
    everything, larger = supersets.iloc[0], supersets.iloc[1:]
    runs, fails = int(larger["runs"].sum()), int(larger["fails"].sum())
    return (
        f"Larger sets than one that suffices: with all {len(vocabulary.GATES)} held open, {everything['fails']:,} of "
        f"{everything['runs']:,} runs have no force; with one more than a most frequent set, {fails:,} of {runs:,} "
        "replays have none (the rules are not monotone: a guarantee also provokes opponents)."
    )


def split(requirements: str) -> list[str]:
    """Return the gates that a set, written with " + ", consists of."""
    return requirements.split(" + ")


def join(gates: Collection[str]) -> str:
    """Return a set as it is written, "truce + troops": its gates in the order of the vocabulary."""
    return " + ".join(sorted(gates, key=vocabulary.GATES.index))


def _interval(hits: int, of: int) -> dict[str, float]:
    estimate = share(hits, of)
    return {"share": estimate.probability, "low": estimate.low, "high": estimate.high}


def _parts(scenario: Scenario) -> Iterator[tuple[str, str, str]]:
    actors = dict(sorted(scenario.parts.actors.items()))
    plays = {part: [name for name, actor in actors.items() if part in actor.parts()] for part in _PARTS}
    for gate, part, words in _FIXED:
        yield from ((gate, name, words) for name in plays[part])
    for key in sorted(scenario.parts.network):
        source, _, channel = edge_ends(key)
        if channel == "security_council_veto":
            yield "council", source, "votes on a mandate"
    for name in sorted({lead for mission in scenario.parts.missions.values() for lead in mission.leads}):
        yield "lead", name, "may lead"
    for name in plays["contributor"]:
        needs = actors[name].needs
        if needs.us_backstop is not None:
            yield "backstop", name, "demands it"
        if needs.russian_consent is not None:
            yield "russian_consent", name, "wants it before it sends troops"


_PARTS = ("broker", "host", "opponent", "contributor")
_FIXED = (
    ("truce", "host", "agrees to it"),
    ("truce", "opponent", "agrees to it"),
    ("host_consent", "host", "gives it"),
    ("russian_consent", "opponent", "gives it"),
    ("backstop", "broker", "offers it"),
    ("troops", "contributor", "pledges them"),
    ("ratification", "contributor", "ratifies its pledge"),
)


def _percent(row: pd.Series) -> str:
    return f"{row['share']:.0%} ({row['low']:.0%} to {row['high']:.0%})"


def _words(requirements: str, names: Names) -> str:
    return listed(names.gate(gate) for gate in split(requirements))
