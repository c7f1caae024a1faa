"""Compared to what? Two scenarios under the same luck, run by run: differences with their intervals, and flows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np
import pandas as pd

from sim.analysis import flows, sign_shares
from sim.analysis.forecast import NO_DESIGN, Design, usual_design
from sim.analysis.paired import paired_difference as paired_difference
from sim.batch import engines, running
from sim.batch.designs import nested_runs
from sim.batch.running import RunOptions
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import difference
from sim.ensemble.results import Differences, Flows, ManyDifferences
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario
from sim.words import EVENT_WORDS, stamped
from sim.world import building

EVENTS = ("ceasefire", "deployed", "european", "truce_broke", "in_place_at_horizon")
SIZES = {
    "troops": "persons",
    "european_troops": "persons",
    "ceasefire_week": "weeks",
    "deployed_week": "weeks",
    "european_week": "weeks",
}
"""What is compared where it exists on both sides, and its unit."""
SHARE = "share"
Headline = tuple[str, str]
"""An event, and the words for it."""

DESIGN: Design = (100, 100)
"""Draws of the inputs, and runs of each, behind the share of input sets in which a sign holds."""


class Comparison(NamedTuple):
    """What changes from one scenario to another: see :func:`compare` and :func:`sim.analysis.flows.flows`."""

    differences: Differences
    flows: Flows


class _Side(NamedTuple):
    """One scenario: its values by quantity, a value a run, and those of the runs of its nested design."""

    name: str
    values: dict[str, pd.Series]
    outcome: pd.Series
    stamp: str
    design: Design
    nested: pd.DataFrame | None
    called: dict[str, str]


def compare(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    runs: int | None = None,
    seed: int = 1,
    *,
    of: str = "european",
    design: Design | None = None,
    engine: str | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Differences:
    """Return what changes from ``a`` to ``b``, paired by common random numbers.

    Both are run with the same seed, so that run k has the same luck in both, and the same quantile of every input that
    both have. ``.sentence`` sums up the headline. ``.table`` has a row a quantity
    (probabilities of events, outcomes, and pledges of actors; troops and weeks) and these columns:

    ``a``, ``b``, ``difference``, ``low``, ``high``
        Means on both sides, and the 95% interval of the paired difference (run noise only). Troops and weeks are means
        over the runs in which they exist on both sides: those alone are pairs.
    ``unit``, ``runs``
        ``share``, ``persons`` or ``weeks``; and how many pairs were counted.
    ``gain``
        How many times more runs it would take without pairing for as narrow an interval: the variance of an unpaired
        difference over that of the paired one. Missing where no pair differs.
    ``sign_holds``, ``sign_low``, ``sign_high``, ``sign_turns``
        The share of input sets in which the difference has the sign of ``difference``, its 95% interval, and the share
        in which it has the other sign; see :func:`sim.analysis.sign_shares.signs`. Missing without a design.

    Parameters
    ----------
    runs
        By default as many as a batch has.
    design
        Draws of the inputs and runs of each; by default 100 x 100 from 2,000 compiled runs on, below none; (0, 0) for
        none. Both sides have the same inputs and luck, and no two draws share their luck.
    of
        The event that the sentence is about, such as ``"european and troops >= 25000"``; any but the usual ones gets a
        row of its own.
    engine, workers, progress, tell
        As for :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a scenario has mistakes, a number is out of range, or no run succeeded on both sides.
    """
    options: RunOptions = {"engine": engine, "workers": workers, "progress": progress, "tell": tell}
    pair = comparisons([a, b], runs, seed, of=of, design=design, **options)
    return pair[0].differences


@takes_whole_numbers
def comparisons(
    scenarios: Sequence[Scenario | str | Path],
    runs: int | None = None,
    seed: int = 1,
    *,
    of: str = "european",
    design: Design | None = None,
    **options: Unpack[RunOptions],
) -> list[Comparison]:
    """Return how each scenario after the first compares with the first; the options are those of :func:`compare`.

    Raises
    ------
    ValueError
        As :func:`compare`; also if there are fewer than two scenarios, or a design has one draw or run.
    """
    known = [each if isinstance(each, Scenario) else load(each) for each in scenarios]
    if len(known) < 2:
        raise ValueError(f"a comparison needs at least two scenarios, got {len(known)}")
    if design not in (None, NO_DESIGN) and min(design) < 2:
        raise ValueError(f"a nested design needs at least 2 draws of 2 runs, got {design[0]}x{design[1]}")
    if runs is None:
        runs = min(running.default_runs(each, options.get("engine")) for each in known)
    what, *_ = (event(of, each.parts.missions, names=each.names).phrase for each in known)
    first, *others = (_side(each, of, runs, seed, design, options) for each in known)
    return [_comparison(first, other, runs, seed, (of, what)) for other in others]


def runs_played(
    scenarios: Sequence[Scenario], runs: int | None = None, design: Design | None = None, engine: str | None = None
) -> int:
    """Return how many runs :func:`comparisons` plays, for a bar of progress: those compared, and those of designs."""
    chosen = [engines.choose(building.build(each).names, engine, running.nobody) for each in scenarios]
    pairs = min(engines.DEFAULT_RUNS[each] for each in chosen) if runs is None else runs
    designs = [usual_design(each, pairs, DESIGN) if design is None else design for each in chosen]
    return sum(pairs + draws * luck for draws, luck in designs)


class CompareOptions(RunOptions, total=False):
    """Options of :func:`compare` beside scenarios, runs and seed."""

    of: str
    design: Design | None


def several(results: Sequence[Differences]) -> ManyDifferences:
    """Return comparisons of one scenario with several as one table, a row each, the largest difference first."""
    first = results[0]
    ranked = sorted(results, key=lambda each: float(each.table["difference"].to_dict()[each.of]), reverse=True)
    rows = [each.table.loc[each.of, ["a", "b", "difference", "low", "high"]] for each in ranked]
    table = pd.DataFrame(rows).astype(np.float64).set_axis([each.b for each in ranked]).rename_axis("scenario")
    table["shown"] = (table["low"] > 0.0) | (table["high"] < 0.0)
    more = table["difference"] > 0.0
    ends = {
        "more likely": table.index[table["shown"] & more],
        "less likely": table.index[table["shown"] & ~more],
        "no difference shown": table.index[~table["shown"]],
    }
    groups = "; ".join(f"{words_of}: {', '.join(names)}" for words_of, names in ends.items() if len(names))
    sentence = f"Beside {first.a}, {first.what} is, by {first.runs:,} paired runs each, {groups}."
    facts = (first.a, first.runs, first.seed, first.of, first.what)
    return ManyDifferences(table, sentence, ranked, *facts)


def differences(a: Ensemble, b: Ensemble, of: str = "european") -> Differences:
    """Return the paired differences between two ensembles of one seed, over the runs that both have.

    ``of`` is the event that the sentence is about; any but the usual ones gets a row of its own.

    Raises
    ------
    ValueError
        If they have no run in common, or ``of`` is no event.
    """
    table, pairs = _differences(by_quantity(a, of), by_quantity(b, of))
    names = (a.manifest["scenario"], b.manifest["scenario"])
    headline = (of, a.event(of).phrase)
    missions = {
        name: each.called(name) for each in (b, a) for name in each.manifest.get("config", {}).get("missions", {})
    }
    result = _result(table, names, pairs, a.manifest["seed"], a.stamp or b.stamp, headline)
    return replace(result, called=missions)


def by_quantity(ensemble: Ensemble, of: str = "european") -> dict[str, pd.Series]:
    """Return the value of each quantity in each run (events: yes or no); the index is the number of the run."""
    runs = ensemble.read(["run", "outcome", *SIZES]).set_index("run")
    values = {name: ensemble.happened(name).set_axis(runs.index) for name in dict.fromkeys((*EVENTS, of))}
    for name in ensemble.outcomes():
        values[f"outcome.{name}"] = runs["outcome"] == name
    pledged = ensemble.actors.pivot(index="run", columns="actor", values="pledged")
    values |= {f"pledged.{actor}": pledged[actor] for actor in pledged}
    return values | {name: runs[name] for name in SIZES}


def sentence(
    table: pd.DataFrame,
    a: str,
    b: str,
    runs: int,
    stamp: str = "",
    design: Design | None = None,
    *,
    of: str = "european",
    what: str = EVENT_WORDS["european"],
) -> str:
    """Return the difference in the headline as a sentence: :func:`sim.ensemble.likelihood_words.difference`.

    ``table`` is that of :class:`sim.ensemble.results.Differences`, and the other arguments are its fields.
    """
    row = table.to_dict("index")[of]
    shown = row["low"] > 0.0 or row["high"] < 0.0
    change = difference(what, row["a"], row["b"], row["low"], row["high"])
    sign = _sign_clause(row, design) if shown and design else ""
    text = f"Under {b} rather than {a}, {change}; 95% run noise, {runs:,} paired runs{sign}."
    return stamped(text, stamp)


def _sign_clause(row: Mapping[Hashable, float], design: Design) -> str:
    if not row.get("sign_holds", np.nan) >= 0.0:
        return ""
    draws, runs = design
    return (
        f"; it has this direction in {row['sign_holds']:.0%} of {draws:,} input sets and the other in "
        f"{row['sign_turns']:.0%}, and in the rest no run differs ({runs:,} runs each)"
    )


def _side(scenario: Scenario, of: str, runs: int, seed: int, design: Design | None, options: RunOptions) -> _Side:
    """Run a scenario and its nested design; keep only the quantities compared, so that many scenarios fit in memory."""
    ensemble = running.run(scenario, runs, seed, **options)
    if design is None:
        design = usual_design(ensemble.manifest["engine"], runs, DESIGN)
    outcome = ensemble.read(["run", "outcome"]).set_index("run")["outcome"]
    called = {name: ensemble.called(name) for name in scenario.parts.missions}
    nested = _nested_values(scenario, of, design, seed, options) if any(design) else None
    return _Side(scenario.name, by_quantity(ensemble, of), outcome, ensemble.stamp, design, nested, called)


def _nested_values(scenario: Scenario, of: str, design: Design, seed: int, options: RunOptions) -> pd.DataFrame:
    """Return the value of each quantity in each run of a nested design."""
    return pd.concat(
        pd.DataFrame(by_quantity(ensemble, of)).astype(np.float64).set_axis(numbers)
        for ensemble, numbers in nested_runs(scenario, *design, seed, **options)
    )


def _comparison(a: _Side, b: _Side, runs: int, seed: int, headline: Headline) -> Comparison:
    table, _ = _differences(a.values, b.values)
    stamp, design = a.stamp or b.stamp, None
    if a.nested is not None and b.nested is not None:
        design = a.design
        here, there = _align(a.nested, b.nested)
        shares = sign_shares.signs(there - here, there.index.to_numpy() // design[1], table["difference"])
        table[shares.columns] = shares
    missions = b.called | a.called
    between = flows.flows_between(a.outcome, b.outcome, (a.name, b.name), seed=seed, stamp=stamp, called=missions)
    differences = _result(table, (a.name, b.name), runs, seed, stamp, headline, design)
    return Comparison(replace(differences, called=missions), between)


def _result(
    table: pd.DataFrame,
    names: tuple[str, str],
    runs: int,
    seed: int,
    stamp: str,
    headline: Headline,
    design: Design | None = None,
) -> Differences:
    of, what = headline
    text = sentence(table, *names, runs, stamp, design, of=of, what=what)
    return Differences(table, text, *names, runs, seed, stamp, design, of, what)


def _align(a: pd.DataFrame, b: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two tables with the same rows and columns; an outcome or actor that one side lacks counts as 0 there."""
    rows, columns = a.index.intersection(b.index), list(dict.fromkeys((*a.columns, *b.columns)))
    return a.reindex(columns=columns, fill_value=0.0).loc[rows], b.reindex(columns=columns, fill_value=0.0).loc[rows]


def _differences(here: dict[str, pd.Series], there: dict[str, pd.Series]) -> tuple[pd.DataFrame, int]:
    """Return the paired difference of every quantity, and the number of runs that both sides have."""
    both = here[EVENTS[0]].index.intersection(there[EVENTS[0]].index)
    if not len(both):
        raise ValueError("the two have no run in common")
    absent = pd.Series(False, index=both)
    names = sorted(dict.fromkeys((*here, *there)), key=SIZES.__contains__)
    rows = {
        name: paired_difference(here.get(name, absent).loc[both], there.get(name, absent).loc[both]) for name in names
    }
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")
    table.insert(5, "unit", [SIZES.get(name, SHARE) for name in names])
    return table.assign(**dict.fromkeys(sign_shares.COLUMNS, np.nan)), len(both)
