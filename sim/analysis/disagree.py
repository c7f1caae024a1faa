"""Two analysts, two configs, two answers: the differences that explain the gap.

The gap is divided by Shapley values: what a group of differences moves when it changes from the one config to the
other, averaged over all orders in which the groups may change. All scenarios between the two share their luck.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

from sim import words
from sim.analysis.mixture_runs import Bench, Played, play_all, sample
from sim.analysis.mixtures import Mixtures
from sim.analysis.shapley import Contributions, Estimate, Floats, simultaneous
from sim.batch import running
from sim.batch.running import RunOptions
from sim.ensemble.disagreement import Disagreement
from sim.ensemble.events import event
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import load
from sim.scenario.scenario import Scenario

MOST_EXACT = 12
"""Groups up to which all scenarios between the two are played."""
PERMUTATIONS = 20
"""Orders that are sampled where there are more groups."""
BUDGET, LEAST, MOST = 100_000, 500, 4_000
"""Runs in all by default, and the least and the most of each scenario."""
_NAMED = 3
"""Groups that the sentence names at most."""


@takes_whole_numbers
def disagree(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    of: str = "european",
    runs: int | None = None,
    seed: int = 1,
    *,
    by: str | None = None,
    permutations: int | None = None,
    engine: str | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> Disagreement:
    """Return which differences from ``a`` to ``b`` explain the gap between their answers.

    Up to 12 groups of differences, every scenario between the two is played, 2 to the power of the groups; of more
    groups, orders are sampled in which they change one after the other. Run k has the same luck in all scenarios, and
    the same quantile of every input that they share. ``.table`` and ``.interactions`` are described in
    :class:`sim.ensemble.disagreement.Disagreement`, ``.sentence`` names the largest parts.

    Parameters
    ----------
    of
        The event, such as ``"european and troops >= 25000"``.
    runs
        Runs of each scenario; by default some 100,000 in all, at least 500 and at most 4,000 each,
        and a tenth of it where Mesa plays.
    by
        Groups of differences: ``path``, each for itself; ``part``, those of an actor, edge, mission or family of rules
        together; ``actor``, the same with edges at the actor that they start from. By default paths up to 6, else
        parts.
    permutations
        Orders to sample, at least 12 and an even number, as each comes with its reverse; by default 20 where there are
        more than 12 groups. Given, orders are sampled however few groups there are.
    engine, workers, progress, tell
        As for :func:`sim.batch.running.run`; ``tell`` also hears how much is played.

    Raises
    ------
    ValueError
        If the two do not differ, a scenario has mistakes, or a number is out of range.
    """
    first, second = (each if isinstance(each, Scenario) else load(each) for each in (a, b))
    what, *_ = (event(of, each.parts.missions, names=each.names).phrase for each in (first, second))
    _check(runs, permutations)
    mixtures = Mixtures(first, second, by)
    orders, each = _design(mixtures, (first, second), runs, permutations, engine)
    options: RunOptions = {"engine": engine, "workers": workers, "progress": progress, "tell": _once(tell)}
    bench = Bench(mixtures, of, each, seed, options)
    if tell:
        tell(_announce(mixtures, orders, bench.runs))
    played = sample(bench, orders) if orders else play_all(bench)
    return _result(bench, played, (first, second), what, orders)


def runs_played(
    a: Scenario,
    b: Scenario,
    runs: int | None = None,
    *,
    by: str | None = None,
    permutations: int | None = None,
    engine: str | None = None,
) -> int:
    """Return how many runs :func:`disagree` plays, for a bar of progress; of sampled orders at most.

    Scenarios that turn out alike are played once, and groups that turn out to be tied make fewer.

    Raises
    ------
    ValueError
        If the two do not differ, or a number is out of range.
    """
    _check(runs, permutations)
    mixtures = Mixtures(a, b, by)
    orders, each = _design(mixtures, (a, b), runs, permutations, engine)
    groups = len(mixtures.groups)
    return min(scenarios(groups, orders), 1 << groups) * each


def _design(
    mixtures: Mixtures,
    sides: tuple[Scenario, Scenario],
    runs: int | None,
    permutations: int | None,
    engine: str | None,
) -> tuple[int, int]:
    """Return how many orders are sampled, 0 where everything is played, and the runs of each scenario."""
    orders = permutations or (PERMUTATIONS if len(mixtures.groups) > MOST_EXACT else 0)
    slower = max(running.DEFAULT_RUNS // running.default_runs(each, engine) for each in sides)
    return orders, runs or default_runs(len(mixtures.groups), orders) // slower


def default_runs(groups: int, permutations: int = 0) -> int:
    """Return how many runs each scenario has by default.

    >>> default_runs(5), default_runs(7), default_runs(12), default_runs(20, 20)
    (3100, 700, 500, 500)
    """
    return max(LEAST, min(MOST, BUDGET // scenarios(groups, permutations) // 100 * 100))


def scenarios(groups: int, permutations: int = 0) -> int:
    """Return how many scenarios are played, of sampled orders at most.

    >>> scenarios(5), scenarios(20, 20)
    (32, 382)
    """
    return 2 + permutations * (groups - 1) if permutations else 2**groups


def _check(runs: int | None, permutations: int | None) -> None:
    if runs is not None and not 2 <= runs <= running.MOST_RUNS:
        raise ValueError(f"runs must be between 2 and {running.MOST_RUNS:,}, got {runs!r}")
    if permutations is not None and (permutations % 2 or not 12 <= permutations <= 10_000):
        raise ValueError(f"permutations must be an even number between 12 and 10,000, got {permutations!r}")


def _once(tell: Callable[[str], None] | None) -> Callable[[str], None] | None:
    """Return ``tell`` so that it passes each line on once; every scenario would say the same of its engine."""
    return lru_cache(maxsize=None)(tell) if tell else None


def _announce(mixtures: Mixtures, permutations: int, runs: int) -> str:
    groups = len(mixtures.groups)
    many = scenarios(groups, permutations)
    how = f"up to {many:,} scenarios on {permutations} sampled orders" if permutations else f"all {many:,} scenarios"
    counted = f"{groups} {'group' if groups == 1 else 'groups'} by {mixtures.by}"
    return f"{counted}: {how}, {runs:,} runs each, {many * runs:,} in all"


def _result(
    bench: Bench, played: Played, sides: tuple[Scenario, Scenario], what: str, permutations: int
) -> Disagreement:
    (a, b), parts, mixtures = sides, played.parts, bench.mixtures
    names = (a.name, b.name) if a.name != b.name else (f"{a.name} (A)", f"{b.name} (B)")
    gap = parts.estimate(np.ones(len(parts.by_run)))
    pairs = _pairs(mixtures, played)
    noise = f"95%, run noise and {permutations} sampled orders" if permutations else "95% run noise"
    here, there = (each.probability for each in played.answers)
    text = (
        f"“{names[0]}” says {here:.1%} for {what}, “{names[1]}” {there:.1%}; "
        f"{_division(mixtures, parts, gap)} ({noise}, {parts.runs:,} paired runs)."
        f"{_together(pairs, _digits(gap))}"
    )
    stamp = a.stamp or b.stamp
    return Disagreement(
        _table(mixtures, parts, gap),
        words.stamped(text, stamp),
        pairs,
        _answers(played),
        *names,
        of=bench.of,
        what=what,
        gap=gap.value,
        gap_low=gap.low,
        gap_high=gap.high,
        by=mixtures.by,
        ties=mixtures.ties,
        scenarios=len(bench),
        runs=parts.runs,
        seed=bench.seed,
        permutations=permutations,
        stamp=stamp,
    )


def _answers(played: Played) -> pd.DataFrame:
    rows = [(each.probability, each.low, each.high) for each in played.answers]
    return pd.DataFrame(rows, index=["a", "b"], columns=["share", "low", "high"])


def _table(mixtures: Mixtures, parts: Contributions, gap: Estimate) -> pd.DataFrame:
    """Return a row a group, the largest part first."""
    rows = {}
    for group, unit in zip(mixtures.groups, np.eye(len(mixtures.groups)), strict=True):
        part, share = parts.estimate(unit), _share(parts, unit, gap)
        of_gap = {"share": share.value, "share_low": share.low, "share_high": share.high}
        rows[mixtures.name(group)] = {"differs": mixtures.differs(group), **part._asdict(), **of_gap}
    table = pd.DataFrame.from_dict(rows, orient="index").rename_axis("group")
    return table.loc[table["value"].abs().sort_values(ascending=False, kind="stable").index]


def _share(parts: Contributions, unit: Floats, gap: Estimate) -> Estimate:
    """Return a part's share of the gap by the delta method: the noise is that of the part less its share of the gap."""
    if not gap.shows:
        return Estimate(np.nan, np.nan, np.nan)
    share = parts.estimate(unit).value / gap.value
    rest = parts.estimate(unit - share).scaled(1.0 / gap.value)
    return Estimate(share, share + rest.low, share + rest.high)


def _pairs(mixtures: Mixtures, played: Played) -> pd.DataFrame:
    """Return a row a pair of groups, the largest interaction first."""
    names = [mixtures.name(group) for group in mixtures.groups]
    rows = [(names[one], names[other], *estimate) for (one, other), estimate in played.pairs.items()]
    table = pd.DataFrame(rows, columns=["one", "other", "value", "low", "high"])
    order = table["value"].abs().sort_values(ascending=False, kind="stable").index
    return table.loc[order].set_index(["one", "other"])


def _division(mixtures: Mixtures, parts: Contributions, gap: Estimate) -> str:
    """Return how the gap divides: the largest parts that show, and what the others make up together.

    Of many intervals of 95% one may miss by chance, so a part is named if it shows in intervals that hold for all.
    """
    units, digits = np.eye(len(mixtures.groups)), _digits(gap)
    sizes = [parts.estimate(unit) for unit in units]
    largest = sorted(range(len(units)), key=lambda member: -abs(sizes[member].value))
    z = simultaneous(len(units))
    named = [member for member in largest if parts.estimate(units[member], z).shows][:_NAMED]
    clauses = [f"{_points(sizes[member], digits)} from {mixtures.name(mixtures.groups[member])}" for member in named]
    others = len(units) - len(named)
    if named and others:
        rest = parts.estimate(1.0 - units[named].sum(axis=0))
        clauses.append(f"{_points(rest, digits)} from the other{f' {others}' if others > 1 else ''}")
    opening = "of the {} points between them" if gap.shows else "no gap shows between them, {} points"
    come = "comes" if len(clauses) == 1 else "come"
    division = words.listed(clauses).replace(" from ", f" {come} from ", 1) or "no group's part shows"
    return f"{opening.format(_points(gap, digits))}{',' if gap.shows else ';'} {division}"


def _together(pairs: pd.DataFrame, digits: int) -> str:
    """Return the largest interaction as a sentence; empty if none shows."""
    shown = pairs[(pairs["low"] > 0.0) | (pairs["high"] < 0.0)].reset_index()
    if shown.empty:
        return ""
    row = shown.iloc[0]
    size = _points(Estimate(row["value"], row["low"], row["high"]), digits)
    return f" Where {row['other']} has changed too, {row['one']} moves it by {size} points more."


def _points(estimate: Estimate, digits: int) -> str:
    """Return an estimate in points with its interval.

    >>> _points(Estimate(0.051, 0.046, 0.056), 1)
    '+5.1 (+4.6 to +5.6)'
    """
    value, low, high = (f"{round(100 * each, digits) + 0.0:+.{digits}f}" for each in estimate)
    return f"{value} ({low} to {high})"


def _digits(gap: Estimate) -> int:
    """Return the decimals of points: two where the gap is below five points, as its parts are smaller still."""
    return 1 if abs(gap.value) >= 0.05 else 2
