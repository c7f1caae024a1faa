"""Compared to what? Two scenarios under the same luck, run by run: differences with their intervals."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from sim import answer, batch
from sim.config import Scenario, load
from sim.ensemble import Z95, Ensemble

EVENTS = ("ceasefire", "deployed", "european", "truce_broke", "in_place_at_horizon")


def compare(
    a: Scenario | str | Path,
    b: Scenario | str | Path,
    runs: int | None = None,
    seed: int = 1,
    *,
    engine: str | None = None,
    workers: int | None = None,
    progress: Callable[[int], None] | None = None,
    tell: Callable[[str], None] | None = None,
) -> pd.DataFrame:
    """Return what changes from ``a`` to ``b``, paired by common random numbers.

    Both are run with the same seed, so that run k has the same luck in both; ``runs`` is by default that of a batch.
    The other options are those of :func:`sim.batch.run`. The table has a row a quantity (probabilities of events,
    outcomes, and pledges of actors) and the columns ``a``, ``b``, ``difference``, ``low`` and ``high`` (95% interval of
    the paired difference: run noise only). ``.attrs["sentence"]`` says it in words.
    """
    first, second = (each if isinstance(each, Scenario) else load(each) for each in (a, b))
    runs = min(batch.default_runs(each, engine) for each in (first, second)) if runs is None else runs
    options: dict[str, Any] = {"engine": engine, "workers": workers, "progress": progress, "tell": tell}
    one, two = (batch.run(each, runs, seed, **options) for each in (first, second))
    table = differences(one, two)
    table.attrs |= {"a": first.name, "b": second.name, "runs": runs, "seed": seed}
    table.attrs["sentence"] = sentence(table)
    return table


def differences(a: Ensemble, b: Ensemble) -> pd.DataFrame:
    """Return the paired differences between two ensembles, over the runs that both have, under the same luck."""
    rows = {}
    here, there = indicators(a), indicators(b)
    both = here[EVENTS[0]].index.intersection(there[EVENTS[0]].index)
    for name in dict.fromkeys((*here, *there)):
        absent = pd.Series(False, index=both)
        rows[name] = paired(here.get(name, absent).loc[both], there.get(name, absent).loc[both])
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("quantity")


def indicators(ensemble: Ensemble) -> dict[str, pd.Series]:
    """Return, by quantity, whether it came about in each run; the index is the run's number."""
    runs = ensemble.read(["run", "outcome"]).set_index("run")["outcome"]
    found = {name: ensemble.happened(name).set_axis(runs.index) for name in EVENTS}
    for name in ensemble.outcomes():
        found[f"outcome.{name}"] = runs == name
    pledged = ensemble.actors.pivot(index="run", columns="actor", values="pledged")
    return found | {f"pledged.{actor}": pledged[actor] for actor in pledged}


def paired(a: pd.Series, b: pd.Series) -> dict[str, float]:
    """Return the means of two paired series, their difference, and its 95% interval."""
    x, y = a.to_numpy(dtype=np.float64), b.to_numpy(dtype=np.float64)
    gap = y - x
    half = Z95 * float(gap.std(ddof=1)) / sqrt(len(gap)) if len(gap) > 1 else float("nan")
    mean = float(gap.mean())
    return {"a": float(x.mean()), "b": float(y.mean()), "difference": mean, "low": mean - half, "high": mean + half}


def sentence(table: pd.DataFrame) -> str:
    """Return the difference in the headline as a sentence; "no difference shown" where its interval straddles zero."""
    row, about = table.to_dict("index")["european"], table.attrs
    if not (row["low"] > 0.0 or row["high"] < 0.0):
        verdict = "no difference shown for a European force"
    else:
        side = "more" if row["difference"] > 0 else "less"
        verdict = f"a European force is {side} likely by {abs(row['difference']) * 100:.0f} points"
    return (
        f"Under {about['b']} rather than {about['a']}, {verdict} "
        f"({answer.in_words(row['b'])} against {answer.in_words(row['a'])}; "
        f"difference {row['low'] * 100:+.1f} to {row['high'] * 100:+.1f} points, 95% run noise, "
        f"{about['runs']:,} paired runs)."
    )
