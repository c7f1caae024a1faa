"""What moves it? The shares of chance, groups of inputs and single inputs in the variance of whether a force forms."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from math import ceil
from pathlib import Path
from typing import Unpack

import numpy as np
import pandas as pd

from sim import words
from sim.analysis import input_groups
from sim.analysis.crossed_runs import MOST_BASE, Crossed, tables_played
from sim.analysis.morris import TRAJECTORIES, morris
from sim.analysis.sobol import Indices, interval
from sim.analysis.tornado import ends
from sim.batch.designs import outcome, uncertain
from sim.batch.running import RunOptions
from sim.ensemble.events import event
from sim.ensemble.results import Sensitivity, VarianceShares
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario
from sim.world import draws

BASE = 4096
"""Rows of each of the two base tables: first-order indices are then known to about two or three hundredths."""
PILOT = 512
"""Rows of the base tables in a pilot, from which the rows that a precision needs are estimated."""
TOP = 10
"""How many single inputs get indices of their own, and how many assumptions are set to both ends."""
MATTERS = 0.02
"""An actor's inputs matter if their total index is at least this."""
CHANCE = "chance"
TOGETHER = "together"


@takes_whole_numbers
def sensitivity(
    scenario: Scenario | str | Path,
    of: str = "european",
    base: int = BASE,
    seed: int = 1,
    *,
    trajectories: int = TRAJECTORIES,
    top: int = TOP,
    within: float | None = None,
    **options: Unpack[RunOptions],
) -> Sensitivity:
    """Return what moves the headline ``of``.

    First come the groups: by what they rest on, by actor, by phase, and chance, ``base`` runs each and twice ``base``
    in all. Then all inputs are screened; of those that belong to actors that matter (:data:`MATTERS`), the ``top`` get
    indices of their own. Last, the ``top`` assumptions by the screening are set to both ends, ``base`` runs an end.
    With ``within``, such as 0.02, ``base`` is what it takes, judging by a design of :data:`PILOT` rows, for the 95%
    interval of every actor's total index to reach no further than this to either side; at most 65,536.
    ``options`` are those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If there are too few rows, nothing varies, or SALib is missing.
    """
    scenario = as_scenario(scenario)
    what = event(of, scenario.parts.missions, names=scenario.names).phrase
    paths = uncertain(scenario)
    play = outcome(scenario, of, seed, **options)
    kinds = _kinds(scenario, paths)
    flat = {(kind, name): columns for kind, groups in kinds.items() for name, columns in groups.items()}
    named = _named(kinds)
    if within is not None:
        actors = {name: columns for name, columns in named.items() if name.startswith("actor ")}
        base = _base_for(within, Crossed(scenario, of, paths, PILOT, seed, options).indices(actors))
    crossed = Crossed(scenario, of, paths, base, seed, options)
    indices = crossed.indices(named)
    groups = _with_probability(indices, f"reasons {CHANCE}", list(flat.values()))
    groups = groups.reset_index(drop=True)
    for at, name in enumerate(("kind", "group")):
        groups.insert(at, name, [key[at] for key in flat])
    screening = morris(play, paths, trajectories, seed)
    singles = _worth_a_look(groups, kinds["actor"], screening, top)
    alone = crossed.indices({**{path: [path] for path in singles}, CHANCE: [draws.LUCK_COLUMN]})
    inputs = _with_probability(alone, CHANCE, [[path] for path in (*singles, CHANCE)]).drop(index=CHANCE)
    assumed = set(input_groups.by_reasons(scenario, paths).get("assumed", ()))
    first = [path for path in screening.index if path in assumed][:top]
    return Sensitivity(
        groups,
        sentence(groups, what),
        scenario=scenario.name,
        seed=seed,
        of=of,
        what=what,
        base=base,
        runs_counted=indices.rows,
        inputs=inputs.sort_values("total", ascending=False, kind="stable"),
        screening=screening,
        ends=ends(scenario, first, of, base, seed, **options),
        probability=indices.mean,
    )


def runs_played(
    scenario: Scenario, base: int = BASE, *, trajectories: int = TRAJECTORIES, top: int = TOP, adaptive: bool = False
) -> int:
    """Return how many runs :func:`sensitivity` plays at most, for a bar of progress.

    Single numbers are chosen by what the groups and the screening say: fewer are played where fewer than ``top`` matter
    or some are groups of their own. ``adaptive`` means that a precision decides on ``base``, which may be the largest.

    Raises
    ------
    ValueError
        If no number is uncertain.
    """
    paths = uncertain(scenario)
    kinds = _kinds(scenario, paths)
    tables = tables_played(_named(kinds), paths)
    pilot = PILOT * len(tables_played(kinds["actor"], paths)) if adaptive else 0
    singles = min(top, sum(frozenset([path]) not in tables for path in paths))
    ends_of = min(top, len(kinds["reasons"].get("assumed", ())))
    arms = len(tables) + singles + 2 * ends_of
    return pilot + (MOST_BASE if adaptive else base) * arms + trajectories * (len(paths) + 1)


def _kinds(scenario: Scenario, paths: list[str]) -> dict[str, dict[str, list[str]]]:
    """Return the groups of inputs by how they are grouped; chance is one of the reasons."""
    return {
        "reasons": {**input_groups.by_reasons(scenario, paths), CHANCE: [draws.LUCK_COLUMN]},
        "actor": input_groups.by_actor(scenario, paths),
        "phase": input_groups.by_phase(scenario, paths),
    }


def _named(kinds: Mapping[str, Mapping[str, list[str]]]) -> dict[str, list[str]]:
    return {f"{kind} {name}": columns for kind, groups in kinds.items() for name, columns in groups.items()}


def _base_for(within: float, pilot: Indices) -> int:
    """Return how many rows make the widest interval of a total index narrow enough, whole blocks of them."""
    if not 0.0 < within < 0.5:
        raise ValueError(f"a half-width lies between 0 and 0.5, got {within!r}")
    half = float((pilot.table["total_high"] - pilot.table["total_low"]).max()) / 2
    rows = ceil(pilot.rows * (half / within) ** 2 / PILOT) * PILOT
    return min(max(rows, PILOT), MOST_BASE)


def shares_of_variance(
    scenario: Scenario, base: int = BASE, seed: int = 1, of: str = "european", **options: Unpack[RunOptions]
) -> VarianceShares:
    """Return how the variance of whether ``of`` comes about divides among documented and assumed numbers, and chance.

    Rows of ``.table``: ``documented``, ``documented value, assumed spread``, ``assumed``, ``chance``, and ``together``,
    what none of them explains alone but several do by their interactions; the column ``first`` sums to 1. Columns:
    ``inputs``, how many uncertain numbers; ``first`` and ``total`` Sobol indices, each with ``_low`` and ``_high``
    (95%). A kind without an uncertain number has exactly 0.

    Raises
    ------
    ValueError
        If there are too few rows, nothing varies, or SALib is missing.
    """
    paths = uncertain(scenario)
    groups = {**input_groups.by_reasons(scenario, paths), CHANCE: [draws.LUCK_COLUMN]}
    indices = Crossed(scenario, of, paths, base, seed, options).indices(groups)
    table = indices.table
    table.insert(0, "inputs", [0 if name == CHANCE else len(columns) for name, columns in groups.items()])
    rest = interval(1.0 - indices.first.sum(axis=1), 1.0 - float(table["first"].sum()))
    table.loc[TOGETHER] = {"inputs": 0, "first": rest["value"], "first_low": rest["low"], "first_high": rest["high"]}
    always = ["documented", "documented value, assumed spread", "assumed"]
    order = [*always, *(name for name in table.index if name not in always)]
    table = table.reindex(order)
    table.loc[[name for name in always if name not in groups]] = 0.0
    table["inputs"] = table["inputs"].astype(int)
    rows, what = table.to_dict("index"), event(of, scenario.parts.missions, names=scenario.names).phrase
    text = (
        f"Whether {what} comes about in a run: chance alone accounts for {_first_order(rows[CHANCE])} of the variance, "
        f"assumed numbers alone for {_first_order(rows['assumed'])}, numbers with a documented value for "
        f"{_first_order(rows[always[1]])}, and the rest arises only where they combine (95% intervals)."
    )
    return VarianceShares(table, text, scenario.name, seed, of, what, base, indices.rows)


def sentence(groups: pd.DataFrame, what: str) -> str:
    """Return what the indices of groups say, as a sentence; ``what`` is the event in words."""
    chance = groups[groups["group"] == CHANCE].iloc[0]
    actors = groups[(groups["kind"] == "actor") & ~groups["group"].str.endswith("(no actor)")]
    leads = [f"{row['group']} ({row['total']:.0%})" for _, row in actors.nlargest(3, "total").iterrows()]
    inputs = {"low": 1 - chance["total_high"], "high": 1 - chance["total_low"], "value": 1 - chance["total"]}
    return (
        f"Whether {what} comes about in a run: chance accounts for {chance['total']:.0%} of the variance, by itself or "
        f"together with inputs, and inputs by themselves for {inputs['value']:.0%} ({inputs['low']:.0%} to "
        f"{inputs['high']:.0%}, 95%). Of all actors, {words.listed(leads)} matter most (interactions with chance "
        "included)."
    )


def _first_order(row: Mapping[Hashable, float]) -> str:
    share, low, high = (max(0.0, row[name]) for name in ("first", "first_low", "first_high"))
    return f"{share:.0%} ({low:.0%} to {high:.0%})"


def _with_probability(indices: Indices, chance: str, columns: list[list[str]]) -> pd.DataFrame:
    """Add the shares in the variance of the probability that the inputs give.

    That probability is E(Y | inputs). Its variance is 1 minus the total index of chance; what a group explains of it
    alone is the group's first-order index, as E(E(Y | inputs) | group) = E(Y | group).
    """
    table = indices.table.copy()
    table.insert(0, "inputs", [len([path for path in each if path != draws.LUCK_COLUMN]) for each in columns])
    explained, again = 1.0 - float(table["total"][chance]), 1.0 - indices.total[chance]
    for name in table.index:
        row = interval(indices.first[name] / again, float(table["first"][name]) / explained)
        table.loc[name, ["of_probability", "of_probability_low", "of_probability_high"]] = list(row.values())
    table.loc[chance, ["of_probability", "of_probability_low", "of_probability_high"]] = np.nan
    return table


def _worth_a_look(
    groups: pd.DataFrame, actors: Mapping[str, list[str]], screening: pd.DataFrame, top: int
) -> list[str]:
    """Return the inputs that the screening puts first, of actors (and parts without one) that matter."""
    large = set(groups["group"][(groups["kind"] == "actor") & (groups["total"] >= MATTERS)])
    matter = {path for name in large for path in actors[name]}
    return [str(path) for path in screening.index if path in matter][:top]
