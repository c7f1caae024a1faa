"""Where do the runs end under another scenario, with the same luck, that ended there under one."""

from __future__ import annotations

from typing import Any

import pandas as pd

from sim import words
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.shares import share


def flows(a: Ensemble, b: Ensemble) -> pd.DataFrame:
    """Return where the runs of ``a`` end in ``b``, by outcome; both of one seed, so that run k has the same luck.

    The index is (outcome under a, outcome under b). Columns: ``runs``, how many; ``of``, how many end so under a;
    ``share`` of these with Wilson's 95% interval ``low`` to ``high`` (run noise). Pairs that no run took are rows of 0.
    ``.attrs["sentence"]`` says the largest move in words.

    Raises
    ------
    ValueError
        If the seeds differ, or no run is in both.
    """
    if a.manifest["seed"] != b.manifest["seed"]:
        seeds = f"{a.manifest['seed']} and {b.manifest['seed']}"
        raise ValueError(f"flows follow runs under the same luck; these have the seeds {seeds}")
    here, there = (each.read(["run", "outcome"]).set_index("run")["outcome"] for each in (a, b))
    about = {"a": a.manifest["scenario"], "b": b.manifest["scenario"], "seed": a.manifest["seed"]}
    return crossed(here, there, about | {"stamp": a.stamp or b.stamp})


def crossed(a: pd.Series, b: pd.Series, about: dict[str, Any]) -> pd.DataFrame:
    """Return the table of :func:`flows` from outcomes by run's number; ``about`` goes into its attrs.

    Raises
    ------
    ValueError
        If no run is in both.

    >>> ends = pd.Series(["none", "none", "force"])
    >>> crossed(ends, pd.Series(["none", "force", "force"]), {"a": "A", "b": "B"}).loc[("none", "force"), "runs"]
    np.int64(1)
    """
    both = a.index.intersection(b.index)
    if not len(both):
        raise ValueError("the two have no run in common")
    counts = pd.crosstab(a.loc[both].rename("a"), b.loc[both].rename("b"))
    order = list(dict.fromkeys([*counts.sum(axis=1).sort_values(ascending=False, kind="stable").index, *counts]))
    counts = counts.reindex(index=[name for name in order if name in counts.index], columns=order, fill_value=0)
    rows = {
        (str(here), str(there)): share(int(number), int(row.sum()))
        for here, row in counts.iterrows()
        for there, number in row.items()
    }
    table = pd.DataFrame(
        [(found.hits, found.of, found.probability, found.low, found.high) for found in rows.values()],
        index=pd.MultiIndex.from_tuples(rows, names=["a", "b"]),
        columns=["runs", "of", "share", "low", "high"],
    )
    table.attrs |= about | {"runs": len(both)}
    table.attrs["sentence"] = sentence(table)
    return table


def sentence(table: pd.DataFrame) -> str:
    """Return how many runs end otherwise, and the largest move, as a sentence."""
    about, runs = table.attrs, int(table["runs"].sum())
    moved = table[table.index.get_level_values("a") != table.index.get_level_values("b")]["runs"]
    changed = share(int(moved.sum()), runs)
    said = f"Under {about['b']} rather than {about['a']}, {changed.probability:.1%} of {runs:,} runs end otherwise"
    said += f" (95% run noise {changed.low:.1%} to {changed.high:.1%})"
    if changed.hits:
        here, there = moved.index[int(moved.argmax())]
        said += f"; the largest move, {moved.max() / runs:.1%} of all runs, is from {here} to {there}"
    return words.stamped(f"{said}.", about.get("stamp", ""))
