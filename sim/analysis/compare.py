"""Compared to what? Two scenarios under the same luck, run by run: differences with their intervals, and flows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import sqrt
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import words
from sim.analysis import flows, sign_shares
from sim.analysis.forecast import NO_DESIGN, Design, usual_design
from sim.batch import running
from sim.batch.designs import nested_runs
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Flows
from sim.ensemble.shares import Z95
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario

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

DESIGN: Design = (100, 100)
"""Draws of the inputs, and runs of each, by which the share of input sets is found in which a sign holds."""


class Comparison(NamedTuple):
    """What changes from one scenario to another: see :func:`compare` and :func:`sim.analysis.flows.flows`."""

    differences: pd.DataFrame
    flows: Flows


class _Side(NamedTuple):
    """What is kept of one scenario: what came about in each run, also in those of the nested design."""

    name: str
    measured: dict[str, pd.Series]
    outcome: pd.Series
    stamp: str
    design: pd.DataFrame | None


def compare(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    runs: int | None = None,
    seed: int = 1,
    *,
    design: Design | None = None,
    engine: str | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Return what changes from ``a`` to ``b``, paired by common random numbers.

    Both are run with the same seed, so that run k has the same luck in both, and the same quantile of every input that
    both have. The table has a row a quantity (probabilities of events, outcomes, and pledges of actors; troops and
    weeks) and these columns:

    ``a``, ``b``, ``difference``, ``low``, ``high``
        Means on both sides, and the 95% interval of the paired difference (run noise only). Troops and weeks are means
        over the runs in which they exist on both sides: those alone are pairs.
    ``unit``, ``runs``
        ``share``, ``persons`` or ``weeks``; and how many pairs were counted.
    ``gain``
        How many times more runs it would take without pairing for as narrow an interval: the variance of an unpaired
        difference over that of the paired one. Missing where no pair differs.
    ``sign_holds``, ``sign_low``, ``sign_high``, ``sign_turns``
        The share of input sets in which the difference has the sign told, its 95% interval, and the share in which it
        has the other; see :func:`sim.analysis.sign_shares.signs`. Missing without a design.

    Parameters
    ----------
    runs
        By default as many as a batch has.
    design
        Draws of the inputs and runs of each; by default 100 x 100 from 2,000 compiled runs on, below none; (0, 0) for
        none. Both sides have the same inputs and luck, and no two draws share their luck.
    engine, workers, progress, tell
        As for :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a scenario has mistakes, a number is out of range, or no run came about on both sides.
    """
    options: dict[str, Any] = {"engine": engine, "workers": workers, "progress": progress, "tell": tell}
    return comparisons([a, b], runs, seed, design=design, **options)[0].differences


def comparisons(
    scenarios: Sequence[Scenario | str | Path],
    runs: int | None = None,
    seed: int = 1,
    *,
    design: Design | None = None,
    **options: Any,
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
    first, *others = (_side(each, runs, seed, design, options) for each in known)
    about = {"a": first.name, "runs": runs, "seed": seed}
    return [_comparison(first, other, about | {"b": other.name}) for other in others]


def differences(a: Ensemble, b: Ensemble) -> pd.DataFrame:
    """Return the paired differences between two ensembles of one seed, over the runs that both have.

    Raises
    ------
    ValueError
        If they have no run in common.
    """
    return _differences(measured(a), measured(b))


def measured(ensemble: Ensemble) -> dict[str, pd.Series]:
    """Return, by quantity, what each run had of it (events: yes or no); the index is the run's number."""
    runs = ensemble.read(["run", "outcome", *SIZES]).set_index("run")
    found = {name: ensemble.happened(name).set_axis(runs.index) for name in EVENTS}
    for name in ensemble.outcomes():
        found[f"outcome.{name}"] = runs["outcome"] == name
    pledged = ensemble.actors.pivot(index="run", columns="actor", values="pledged")
    found |= {f"pledged.{actor}": pledged[actor] for actor in pledged}
    return found | {name: runs[name] for name in SIZES}


def paired(a: pd.Series, b: pd.Series) -> dict[str, float]:
    """Return the means of two paired series, their difference with its 95% interval, how many pairs, and the gain.

    A pair of which one is missing is none.
    """
    x, y = (each.to_numpy(dtype=np.float64, na_value=np.nan) for each in (a, b))
    both = ~(np.isnan(x) | np.isnan(y))
    x, y = x[both], y[both]
    if not len(x):
        return dict.fromkeys(("a", "b", "difference", "low", "high", "gain"), float("nan")) | {"runs": 0}
    gap, mean = y - x, float((y - x).mean())
    spread = float(gap.std(ddof=1)) if len(gap) > 1 else float("nan")
    half = Z95 * spread / sqrt(len(gap))
    ends = {"difference": mean, "low": mean - half, "high": mean + half}
    return {"a": float(x.mean()), "b": float(y.mean()), **ends, "runs": len(gap), "gain": _gain(x, y, spread)}


def sentence(table: pd.DataFrame) -> str:
    """Return the difference in the headline as a sentence; "no difference shown" where its interval straddles zero."""
    row, about = table.to_dict("index")["european"], table.attrs
    shown = row["low"] > 0.0 or row["high"] < 0.0
    if not shown:
        verdict = "no difference shown for a European force"
    else:
        side = "more" if row["difference"] > 0 else "less"
        verdict = f"a European force is {side} likely by {abs(row['difference']) * 100:.0f} points"
    said = (
        f"Under {about['b']} rather than {about['a']}, {verdict} "
        f"({words.in_words(row['b'])} against {words.in_words(row['a'])}; "
        f"difference {row['low'] * 100:+.1f} to {row['high'] * 100:+.1f} points, 95% run noise, "
        f"{about['runs']:,} paired runs{_holding(row, about) if shown else ''})."
    )
    return words.stamped(said, about.get("stamp", ""))


def _holding(row: Mapping[Any, Any], about: Mapping[Any, Any]) -> str:
    if not row.get("sign_holds", np.nan) >= 0.0:
        return ""
    draws, runs = about["design"]
    return (
        f"; the sign holds in {row['sign_holds']:.0%} of input sets, turns in {row['sign_turns']:.0%}, and in the rest "
        f"no run differs, {draws:,} draws of {runs:,} runs"
    )


def _side(scenario: Scenario, runs: int, seed: int, design: Design | None, options: dict[str, Any]) -> _Side:
    """Run a scenario, and its nested design; only what is compared is kept, so that many fit into memory."""
    found = running.run(scenario, runs, seed, **options)
    if design is None:
        design = usual_design(found.manifest["engine"], runs, DESIGN)
    outcome = found.read(["run", "outcome"]).set_index("run")["outcome"]
    nested = _measured_design(scenario, design, seed, options) if any(design) else None
    return _Side(scenario.name, measured(found), outcome, found.stamp, nested)


def _measured_design(scenario: Scenario, design: Design, seed: int, options: dict[str, Any]) -> pd.DataFrame:
    """Return what each run of a nested design had of each quantity; attrs name the design."""
    kept = [
        pd.DataFrame(measured(found)).astype(np.float64).set_axis(numbers)
        for found, numbers in nested_runs(scenario, *design, seed, **options)
    ]
    table = pd.concat(kept)
    table.attrs["design"] = design
    return table


def _comparison(a: _Side, b: _Side, about: dict[str, Any]) -> Comparison:
    table = _differences(a.measured, b.measured)
    about["stamp"] = a.stamp or b.stamp
    if a.design is not None and b.design is not None:
        about["design"] = a.design.attrs["design"]
        here, there = _aligned(a.design, b.design)
        found = sign_shares.signs(there - here, there.index.to_numpy() // about["design"][1], table["difference"])
        table[found.columns] = found
    table.attrs |= about
    table.attrs["sentence"] = sentence(table)
    names = (about["a"], about["b"])
    between = flows.flows_between(a.outcome, b.outcome, names, seed=about["seed"], stamp=about["stamp"])
    return Comparison(table, between)


def _aligned(a: pd.DataFrame, b: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return two tables with the same rows and columns; an outcome or actor that one side lacks never came there."""
    rows, columns = a.index.intersection(b.index), list(dict.fromkeys((*a.columns, *b.columns)))
    return a.reindex(columns=columns, fill_value=0.0).loc[rows], b.reindex(columns=columns, fill_value=0.0).loc[rows]


def _differences(here: dict[str, pd.Series], there: dict[str, pd.Series]) -> pd.DataFrame:
    both = here[EVENTS[0]].index.intersection(there[EVENTS[0]].index)
    if not len(both):
        raise ValueError("the two have no run in common")
    absent = pd.Series(False, index=both)
    names = sorted(dict.fromkeys((*here, *there)), key=SIZES.__contains__)
    rows = {name: paired(here.get(name, absent).loc[both], there.get(name, absent).loc[both]) for name in names}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")
    table.insert(5, "unit", [SIZES.get(name, SHARE) for name in names])
    return table.assign(**dict.fromkeys(sign_shares.COLUMNS, np.nan))


def _gain(x: NDArray[np.float64], y: NDArray[np.float64], spread: float) -> float:
    return float(x.var(ddof=1) + y.var(ddof=1)) / (spread * spread) if spread > 0.0 else float("nan")
