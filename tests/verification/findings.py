"""Play the experiments that found what was wrong with the first edition, in whichever edition is on the path.

``python tests/verification/findings.py > FILE`` writes their figures, with intervals of run noise, as JSON. Those of
the first edition (commit ``d72bd5d``, played by this file) are kept in ``first_edition.json``; the report plays the
present one and prints both.
"""

from __future__ import annotations

import json
import sys
from math import sqrt
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import vocabulary, world
from sim.ensemble import columns, run_row
from sim.kernel import draws, play
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.world import streams

Floats = NDArray[np.float64]
Edits = dict[str, Any]
Table = dict[str, Floats]
_WEEKLY = {name: at for at, name in enumerate(columns.WEEKLY)}
_STAGE = list(columns.ACTOR_WEEKLY).index("stage")
_PLEDGED = vocabulary.STANCES.index("pledged")
_Z95 = 1.959963984540054
RUNS = 8_192
SEED = 23


class Experiment(NamedTuple):
    """A figure: the mean of ``what`` in an arm (among ``among``, if named), or its paired gain on ``against``."""

    finding: str
    says: str
    what: str
    arm: str = "baseline"
    against: str = ""
    among: str = ""


class Figure(NamedTuple):
    """An estimate with its 95% interval of run noise."""

    mean: float
    low: float
    high: float


_DEMANDS = "Demands act as bonuses"
_BLIND = "Belligerents do not look ahead"
_MOODS = "Passing moods make the forecast"
_SIZE = "The force is not the documents' force"
_LONE = "A lone edge is worth too much"
_THEORY = "The theory width varies nothing central"
_LADDER = "The ladder"
_FORCE = "European force"
_BACKSTOP = "actors.us.backstop.offers"
_STATES = ("uk", "france", "germany", "italy", "poland")

EXPERIMENTS = (
    Experiment("Answer", "ceasefire", "ceasefire"),
    Experiment("Answer", "any deployment", "deployed"),
    Experiment("Answer", _FORCE, "european"),
    Experiment(_DEMANDS, "UK pledged at the horizon: without its backstop demand", "uk", "uk_undemanding", "baseline"),
    Experiment(_DEMANDS, "UK pledged at the horizon: demand fully firm", "uk", "uk_firm", "baseline"),
    Experiment(_BLIND, "European forces that follow a truce without an agreed force", "bare", among="european"),
    Experiment(_BLIND, "European forces that form while Moscow refuses", "refused", among="european_first"),
    Experiment(_BLIND, "European force: provocation at its highest, not its lowest", "european", "minding", "placid"),
    *(
        Experiment(_MOODS, f"ceasefire: weekly shock of moods {sd}", "ceasefire", f"moods_{sd}")
        for sd in ("0", "0.1", "0.2", "0.3")
    ),
    Experiment(_MOODS, "ceasefire: moods of twice the size", "ceasefire", "moods_double", "baseline"),
    Experiment(_MOODS, "weeks under a bare truce in which recorded terms lie apart", "apart", among="bare_weeks"),
    Experiment(_SIZE, "troops of a European force", "troops", among="european_first"),
    Experiment(_SIZE, "European forces with no rung on offer", "no_rung", among="european_first"),
    Experiment(_SIZE, "European force of 25,000 or more", "large"),
    Experiment(_SIZE, "European force: minimum at its lowest, not its highest", "european", "small", "big"),
    Experiment(_LONE, "ceasefire: without China's patronage", "ceasefire", "no_patronage", "baseline"),
    Experiment(_LONE, "ceasefire: without any sanctions", "ceasefire", "no_sanctions", "baseline"),
    Experiment(_LONE, "pressure on Moscow: without China's patronage", "pressure", "no_patronage", "baseline"),
    Experiment(_LONE, "pressure on Moscow: without any sanctions", "pressure", "no_sanctions", "baseline"),
    *(Experiment(_LADDER, f"{_FORCE}: {rung}", "european", f"rung_{rung}") for rung in vocabulary.RUNGS),
    Experiment(_LADDER, f"{_FORCE}: troops, not none", "european", "rung_troops", "rung_none"),
    *(
        Experiment(_LADDER, f"{name} pledged at the horizon: {arm.replace('rung_', '')}", name, arm)
        for name in _STATES
        for arm in ("rung_none", "baseline", "rung_assurance")
    ),
)  # fmt: skip


def arms(scenario: Scenario) -> dict[str, Edits]:
    """Return the edits of each arm, with the same meaning in both editions."""
    patronage = [path for path in scenario.leaves if "/patronage.strength" in path]
    sanctions = [path for path in scenario.leaves if "_sanctions.strength" in path]
    demand = "actors.uk.needs.us_backstop"
    moods, minds = "rules.moods.weekly_sd", "actors.russia.provocation"
    return {
        "baseline": {},
        "uk_undemanding": {demand: "none"},
        "uk_firm": {f"{demand}.firmness": 1},
        "placid": {minds: _end(scenario, minds, 0)},
        "minding": {minds: _end(scenario, minds, 1)},
        **{f"moods_{sd}": {moods: float(sd)} for sd in ("0", "0.1", "0.2", "0.3")},
        "moods_double": {moods: {"low": 0.2, "likely": 0.4, "high": 0.6}},
        "small": _minimum(scenario, 0),
        "big": _minimum(scenario, 1),
        "no_patronage": dict.fromkeys(patronage, 0),
        "no_sanctions": dict.fromkeys(sanctions, 0),
        **{
            f"rung_{rung}": {_BACKSTOP: {"at_least": rung, "at_most": rung}, "actors.us.posture.turns": 0}
            for rung in vocabulary.RUNGS
        },
        **{f"rival_{name}": edits for name, edits in _rivals(scenario).items()},
    }  # fmt: skip


def _end(scenario: Scenario, path: str, at: int) -> float:
    prior = scenario.leaves[path].prior
    return float((prior.low, prior.high)[at])


def _minimum(scenario: Scenario, at: int) -> Edits:
    share = "rules.form.minimum_share"
    paths = [share] if share in scenario.leaves else [p for p in scenario.leaves if p.endswith(".minimum_troops")]
    return {path: _end(scenario, path, at) for path in paths}


def _rivals(scenario: Scenario) -> dict[str, Edits]:
    """Return the rival rules that this edition has."""
    stances = [p for p in scenario.leaves if p.startswith("actors.") and p.endswith(".stance")]
    rivals: dict[str, Edits] = {
        "weighted mean": {"rules.table.procedure": "weighted_mean"},
        "median": {"rules.table.procedure": "median"},
        "quantal": {"rules.pledge.decision": "quantal"},
        "hopeful start": dict.fromkeys(stances, "pledged"),
    }
    if "rules.form.minimum_share" not in scenario.leaves:
        return rivals
    return rivals | {
        "package": {"rules.table.procedure": "package"},
        "foresight none": {"rules.truce.foresight": "none"},
        "foresight half": {"rules.truce.foresight": "half"},
        "foresight full": {"rules.truce.foresight": "full"},
        "stances as spoken": {"rules.pledge.stances": "as_spoken"},
        "learning off": {"rules.learning.beliefs": "fixed"},
        "moods in terms": {"rules.truce.terms": "passing"},
    }


def played(scenario: Scenario, runs: int = RUNS, seed: int = SEED) -> Table:
    """Return quantities of runs, each an array with an entry a run."""
    structure = world.build(scenario)
    parts = [_block(structure, seed, block) for block in range(runs // streams.BLOCK)]
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def _block(structure: world.World, seed: int, block: int) -> Table:
    inputs, luck = world.draw(structure, seed, block, means=draws.MEANS)
    left = play(structure, inputs, luck, streams.BLOCK, weekly=True)
    assert left.weekly is not None and left.actors is not None
    names = run_row.columns(structure.names.missions)
    rows = dict(zip(names, left.rows.T, strict=True))
    at_end = left.actors[:, -1, :, _STAGE] == _PLEDGED
    pledged = {name: at_end[:, structure.names.actors.index(name)] for name in _STATES}
    table = {**_forces(rows, left.weekly), **_truces(rows, left.weekly), **pledged}
    return {name: np.asarray(values, dtype=np.float64) for name, values in table.items()}


def _forces(rows: Table, weekly: Floats) -> dict[str, Any]:
    european, first = ~np.isnan(rows["european_week"]), rows["european_week"] == rows["deployed_week"]
    week = np.where(european, rows["european_week"], 1.0).astype(np.int64) - 1
    signed = weekly[np.arange(len(weekly)), week, _WEEKLY["signed"]]
    troops = np.where(first, rows["troops"], 0.0)
    return {
        "european": european,
        "european_first": first,
        "deployed": ~np.isnan(rows["deployed_week"]),
        "bare": european & (signed < 0),
        "refused": first & (rows["consent_at_formation"] == 0),
        "no_rung": first & (rows["rung_at_formation"] == 0),
        "troops": troops,
        "large": first & (troops >= 25_000),
    }


def _truces(rows: Table, weekly: Floats) -> dict[str, Any]:
    bare = (weekly[..., _WEEKLY["truce"]] > 0) & (weekly[..., _WEEKLY["signed"]] < 0)
    apart = weekly[..., _WEEKLY["concedes"]] < weekly[..., _WEEKLY["requires"]]
    return {
        "ceasefire": ~np.isnan(rows["ceasefire_week"]),
        "bare_weeks": bare.sum(axis=1),
        "apart": (bare & apart).sum(axis=1),
        "pressure": weekly[..., _WEEKLY["pressure_opponent"]].mean(axis=1),
    }


def figure(values: Floats, among: Floats) -> Figure:
    """Return the ratio of two means with its interval (the delta method); with ``among`` all ones, a mean."""
    ratio = float(values.sum() / among.sum())
    half = _Z95 * float((values - ratio * among).std(ddof=1)) / (float(among.mean()) * sqrt(len(values)))
    return Figure(ratio, ratio - half, ratio + half)


def figures(runs: int = RUNS) -> dict[str, Figure]:
    """Play every experiment, and the rivals, and return the figures by what they say."""
    scenario = load("baseline")
    edits = arms(scenario)
    tables = {name: played(scenario.change(edits[name]) if edits[name] else scenario, runs) for name in edits}
    found = {f"{each.finding}: {each.says}": _measured(each, tables) for each in EXPERIMENTS}
    ones = np.ones(runs)
    rivals = {name: table for name, table in tables.items() if name.startswith("rival_")}
    shares = {name.removeprefix("rival_"): figure(table["european"], ones) for name, table in rivals.items()}
    return found | {f"{_THEORY}: {_FORCE}, {name}": share for name, share in shares.items()}


def _measured(each: Experiment, tables: dict[str, Table]) -> Figure:
    table = tables[each.arm]
    values = table[each.what] - (tables[each.against][each.what] if each.against else 0.0)
    return figure(values, table[each.among] if each.among else np.ones(len(values)))


if __name__ == "__main__":
    json.dump({name: list(found) for name, found in figures().items()}, sys.stdout, indent=1)
    print()
