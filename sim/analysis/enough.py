"""What would be enough? The cheapest combinations of levers that make something as likely as a target.

No document says what a step costs, so by default each costs 1 and a combination as many as it has steps.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from math import log
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from sim import words
from sim.analysis.cheapest_combinations import TRIES, Found, Level, Step, Steps, search
from sim.analysis.levers import RUNS, WORDS, Bench, bench_of, measured
from sim.ensemble.shares import share
from sim.scenario import levers
from sim.scenario.scenario import Scenario


class Enough(NamedTuple):
    """What levers do alone, and what would be enough.

    Attributes
    ----------
    steps
        The table of :func:`sim.analysis.levers.effects`.
    combinations
        A row a combination that reaches the target at the smallest cost found (else the one row of the best found):
        ``combination`` in words, ``levers`` {lever: step}, ``cost``, ``moved_by`` (the actors who must move),
        ``probability`` with its 95% Wilson interval ``low``, ``high`` under luck that the search has not seen, and
        ``reaches``.
    levels
        How far the search went: by ``cost`` the number of ``combinations``, how many were ``tried``, the ``best``.
    """

    steps: pd.DataFrame
    combinations: pd.DataFrame
    levels: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The answer as one sentence."""
        return str(self.combinations.attrs["sentence"])


def enough(
    scenario: Scenario,
    target: float = 0.5,
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    *,
    costs: levers.Costs | None = None,
    tries: int = TRIES,
    **options: Any,
) -> Enough:
    """Return what levers do alone, and the cheapest combinations found that make ``of`` as likely as ``target``.

    Levers that show no effect, neither alone nor by their absence when all others are moved, are left out of the search
    (at the smaller of these a lever that only helps in some third company is missed). The others are searched by
    :func:`sim.analysis.cheapest_combinations.search`, each step promising the larger of the two effects in log-odds.
    What seems enough
    is run again under luck of another seed (``seed`` + 1), and counts if it still is. If everything moved at once (save
    what is shown to harm) stays below the target, so does everything else, provided that levers never harm each other;
    the search then ends, and says so.

    Parameters
    ----------
    scenario, of, runs, seed, costs
        What is asked, of what, in how many runs a measurement, and what steps cost.
    target
        A probability above 0 and below 1.
    tries
        How many combinations of one cost are tried.
    options
        ``workers``, ``engine`` and ``progress`` of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If something asked for is not allowed, or no lever fits.
    """
    if not 0.0 < target < 1.0:
        raise ValueError(f"a target lies above 0 and below 1, got {target!r}")
    if tries < 1:
        raise ValueError(f"at least 1 combination of a cost is tried, got {tries!r}")
    bench = bench_of(scenario, of, runs, seed, options)
    again = Bench(scenario, of, runs, seed + 1, options)
    steps = measured(bench, costs)
    top = _top(steps)
    promises = _promises(bench, steps, top)
    names = list(promises)

    def moved(at: Steps) -> dict[str, int]:
        return dict(zip(names, at, strict=True))

    if bench.probability({}) >= target:
        found = Found({(0,) * len(names): again.probability({})}, ((0,) * len(names), bench.probability({})), [])
    elif bench.probability(top) < target:
        found = Found({}, (tuple(top.get(name, 0) for name in names), bench.probability(top)), [])
    else:
        measure, confirm = (lambda at, on=on: on.probability(moved(at)) for on in (bench, again))
        found = search(list(promises.values()), target, measure, confirm, tries)
    about: dict[str, Any] = {
        **{str(key): value for key, value in steps.attrs.items()},
        "target": target,
        "searched": names,
        "everything": bench.probability(top),
    }
    return _told(again, steps, found, moved, about)


def _top(steps: pd.DataFrame) -> dict[str, int]:
    """Return every lever at its furthest step that is not shown to move less than its best; 0 if all of them harm."""
    found = {}
    for lever, rows in steps.sort_index().groupby(level="lever", sort=False):
        good = rows[(rows["high"] >= rows["difference"].max()) & (rows["high"] >= 0.0)]
        found[str(lever)] = int(good.index.get_level_values("step").max()) if len(good) else 0
    return found


def _promises(bench: Bench, steps: pd.DataFrame, top: dict[str, int]) -> dict[str, list[Step]]:
    """Return the levers worth searching, with what their steps promise: alone, or as a share of what absence costs."""
    now, everything = bench.probability({}), bench.probability(top)
    found: dict[str, list[Step]] = {}
    for name, rows in steps.sort_index().groupby(level="lever", sort=False):
        lever = str(name)
        missed = bench.gain({**top, lever: 0}, top)
        if missed["low"] <= 0.0 and (rows["low"] <= 0.0).all():
            continue
        absence = _log_odds(everything, bench.runs) - _log_odds(missed["a"], bench.runs)
        alone = [_log_odds(float(value), bench.runs) - _log_odds(now, bench.runs) for value in rows["probability"]]
        parts = np.linspace(0, 1, len(rows) + 1)[1:]
        found[lever] = [
            Step(float(cost), max(own, absence * float(part)))
            for cost, own, part in zip(rows["cost"], alone, parts, strict=True)
        ]
    return found


def _log_odds(probability: float, runs: int) -> float:
    """Return log-odds, with half a run added on either side (Haldane 1956; Anscombe 1956)."""
    hits = probability * runs
    return log((hits + 0.5) / (runs - hits + 0.5))


def _told(
    again: Bench, steps: pd.DataFrame, found: Found, moved: Callable[[Steps], dict[str, int]], about: dict[str, Any]
) -> Enough:
    shown = found.enough or {found.best[0]: found.best[1]}
    rows = [_row(again, steps, moved(at)) | {"reaches": bool(found.enough)} for at in shown]
    table = pd.DataFrame(rows).sort_values("probability", ascending=False, kind="stable", ignore_index=True)
    levels = pd.DataFrame(found.levels, columns=list(Level._fields))
    for each in (table, levels):
        each.attrs |= about
    table.attrs["sentence"] = words.stamped(_sentence(table, levels), about["stamp"])
    return Enough(steps, table, levels)


def _row(again: Bench, steps: pd.DataFrame, at: dict[str, int]) -> dict[str, Any]:
    chosen = {name: step for name, step in at.items() if step}
    rows = steps[steps.index.isin(list(chosen.items()))].sort_index()
    came = again.came(chosen)
    came_about = share(int(came.sum()), len(came))
    names = [
        again.scenario.parts.actors[who].name for who in dict.fromkeys(who for row in rows["held_by"] for who in row)
    ]
    return {
        "combination": "; ".join(f"{row.name}: {row.label}" for row in _named(rows)) or "nothing moved",
        "levers": chosen,
        "cost": float(rows["cost"].sum()),
        "moved_by": tuple(names),
        "probability": came_about.probability,
        "low": came_about.low,
        "high": came_about.high,
    }


class _Named(NamedTuple):
    name: str
    label: str


def _named(rows: pd.DataFrame) -> list[_Named]:
    return [_Named(name, label) for name, label in zip(rows["name"], rows["label"], strict=True)]


def _sentence(table: pd.DataFrame, levels: pd.DataFrame) -> str:
    about, row = table.attrs, table.iloc[0]
    what = f"{WORDS[about['of']]} in {about['target']:.0%} of runs"
    measured = f"{row['probability']:.0%} ({row['low']:.0%} to {row['high']:.0%}, 95% run noise)"
    if not row["reaches"]:
        return (
            f"Not reached: no combination found brings {what}; the best found, at a cost of {row['cost']:g} "
            f"(“{row['combination']}”), brings {measured}."
        )
    if not row["levers"]:
        return f"Under {about['scenario']} as it stands, {what} is reached already: {measured}."
    others = len(table) - 1
    tried, all_of = int(levels["tried"].sum()), int(levels["combinations"].sum())
    return (
        f"To bring {what} (now {about['now']:.0%}), the cheapest combination found costs {row['cost']:g}: "
        f"“{row['combination']}”, moved by {_listed(row['moved_by'])}: {measured}"
        f"{f'; {others} more of that cost would do' if others else ''} "
        f"(a search: {tried:,} of {all_of:,} combinations up to that cost were tried)."
    )


def _listed(names: Sequence[str]) -> str:
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else names[0]
