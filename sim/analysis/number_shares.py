"""Which single numbers carry the explained variance of an event, and what kinds of reason stand behind them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import given_data, input_groups
from sim.analysis.given_data import Together
from sim.batch import running
from sim.batch.designs import AT_ONCE, uncertain
from sim.batch.running import RunOptions
from sim.ensemble.events import event
from sim.ensemble.number_results import Carriers, Estimate, NumberShares
from sim.scenario import evidence_use, priors
from sim.scenario.priors import Prior
from sim.scenario.scenario import Scenario
from sim.words import stamped
from sim.world.draws import LUCK_COLUMN

RUNS = 200_000
MOST_RUNS = 1_000_000
BINS = 10
"""Bins of a number, of equal probability: within them a straight line loses a hundredth of what it explains."""
MOST = 0.9
"""The part of the explained variance that the first numbers are asked to carry."""

Floats = NDArray[np.float64]


class Played(NamedTuple):
    """The result of a flat batch: by input the bin of every run, and whether the event came about in it (1 or 0)."""

    places: list[NDArray[np.uint8]]
    outcome: Floats


def number_shares(
    scenario: Scenario, of: str = "european", runs: int = RUNS, seed: int = 1, **options: Unpack[RunOptions]
) -> NumberShares:
    """Return the first-order index of every uncertain number, from one flat batch of ``runs``.

    ``.table`` has a row a number, the largest index first. Columns: ``kind`` of reason, ``part`` of the config, the
    index ``first`` with its 95% interval, and ``cumulated``, which part of all that numbers explain one by one the
    numbers down to this row carry, with its interval: see :func:`sim.analysis.given_data.cumulated`. ``carries`` marks
    those that together carry 90%. What numbers do only together with others or with luck is in no row;
    :func:`sim.analysis.sensitivity.sensitivity` tells it for groups. ``options`` are those of
    :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If nothing is uncertain, the event came about in no run or in all, or ``runs`` is out of range.
    """
    if not 100 <= runs <= MOST_RUNS:
        raise ValueError(f"runs must be between 100 and {MOST_RUNS:,}, got {runs:,}")
    what, paths = event(of, scenario.parts.missions, names=scenario.names).phrase, uncertain(scenario)
    played = _play(scenario, paths, of, runs, seed, options)
    table, whole = given_data.first_order(played.places, played.outcome, paths)
    place, explained = dict(zip(paths, played.places, strict=True)), whole.estimate
    table.insert(0, "kind", [input_groups.kind(scenario, path) for path in table.index])
    table.insert(1, "part", [input_groups.part(path) for path in table.index])
    carried = given_data.cumulated([place[path] for path in table.index], played.outcome, whole).set_index(table.index)
    table = table.join(carried if explained.low > 0.0 else carried * np.nan)
    carriers = Carriers(*(_first_to_reach(table[name]) for name in ("cumulated", "cumulated_high", "cumulated_low")))
    table["carries"] = np.arange(len(table)) < carriers.value
    kinds = _kinds(table, place, played.outcome, whole)
    text = stamped(_sentence(kinds, what, explained, carriers, len(table)), scenario.stamp)
    counted = len(played.outcome)
    return NumberShares(table, text, kinds, explained, carriers, scenario.name, seed, of, what, counted)


def _play(scenario: Scenario, paths: list[str], of: str, runs: int, seed: int, options: RunOptions) -> Played:
    edges = [bin_edges(scenario.leaves[path].prior) for path in paths]
    places = np.empty((len(paths), runs), dtype=np.uint8)
    outcome = np.full(runs, np.nan)
    for first in range(0, runs, AT_ONCE):
        luck = pd.DataFrame({LUCK_COLUMN: np.arange(first, min(first + AT_ONCE, runs))})
        ensemble = running.run(scenario, len(luck), seed, quantiles=luck, **options)
        at = first + ensemble.runs["run"].to_numpy(dtype=np.int64)
        outcome[at] = ensemble.happened(of).to_numpy(dtype=np.float64)
        inputs = ensemble.read(paths, table="inputs")
        for row, (path, edge) in enumerate(zip(paths, edges, strict=True)):
            places[row, at] = np.searchsorted(edge, inputs[path].to_numpy(dtype=np.float64), side="right")
    whole = ~np.isnan(outcome)
    return Played(list(places if whole.all() else places[:, whole]), outcome[whole])


def bin_edges(prior: Prior) -> Floats:
    """Return what parts the bins of an input: of a number its deciles, of a choice what lies between its words.

    >>> bin_edges(Prior("uniform", (0.0, 10.0))).round(6).tolist()
    [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]
    >>> bin_edges(Prior("choice", (0.5, 0.5), ("no", "yes"))).tolist()
    [0.5]
    """
    if prior.words:
        return np.arange(0.5, len(prior.words) - 1.0)
    deciles = priors.quantile(prior, np.arange(1, BINS, dtype=np.float64) / BINS)
    return deciles


def _first_to_reach(cumulated: pd.Series) -> int:
    """Return how many numbers it takes to carry :data:`MOST`; all of them if they do not, 0 if nothing is explained."""
    if cumulated.isna().all():
        return 0
    reached = cumulated.to_numpy() >= MOST
    return int(np.argmax(reached)) + 1 if reached.any() else len(cumulated)


def _kinds(
    table: pd.DataFrame, place: Mapping[str, NDArray[np.uint8]], outcome: Floats, whole: Together
) -> pd.DataFrame:
    """Return, by kind of reason, how many numbers there are and carry most, and what they explain one by one."""
    rows = {}
    for kind in (word for word in evidence_use.KINDS.values() if (table["kind"] == word).any()):
        here = table[table["kind"] == kind]
        part = given_data.together([place[path] for path in here.index], outcome)
        rows[kind] = {
            "inputs": len(here),
            "carriers": int(here["carries"].sum()),
            **dict(zip(("first", "first_low", "first_high"), part.estimate, strict=True)),
            **dict(
                zip(
                    ("of_explained", "of_explained_low", "of_explained_high"),
                    given_data.ratio(part, whole),
                    strict=True,
                )
            ),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("kind")


def _sentence(kinds: pd.DataFrame, what: str, explained: Estimate, carriers: Carriers, numbers: int) -> str:
    if not carriers.value:
        return f"None of {numbers:,} numbers is shown to explain whether {what} comes about; more runs may tell."
    names = ", ".join(f"{row['carriers']:.0f} {kind}" for kind, row in kinds.iterrows() if row["carriers"])
    some = f"{carriers.value:,} of them ({carriers.low:,} to {carriers.high:,})"
    return (
        f"Whether {what} comes about in a run: {numbers:,} numbers, one by one, explain {explained.value:.1%} of the "
        f"variance ({explained.low:.1%} to {explained.high:.1%}); {some} account for {MOST:.0%} of that: {names} "
        "(95% intervals)."
    )
