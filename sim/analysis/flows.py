"""How runs of one scenario end under another scenario, with the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

import pandas as pd

from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import exactly
from sim.ensemble.results import Flows
from sim.ensemble.shares import in_percent, share
from sim.words import named, stamped

_NOTHING: Mapping[str, str] = MappingProxyType({})


def flows(a: Ensemble, b: Ensemble) -> Flows:
    """Return where the runs of ``a`` end in ``b``, by outcome; both of one seed, so that run k has the same luck.

    The index of ``.table`` is (outcome under a, outcome under b). Columns: ``runs``, how many; ``of``, how many end so
    under a; ``share`` of these with Wilson's 95% interval ``low`` to ``high`` (run noise). Pairs that no run took are
    rows of 0. ``.sentence`` names the largest move.

    Raises
    ------
    ValueError
        If the seeds differ, or no run is in both.
    """
    if a.manifest["seed"] != b.manifest["seed"]:
        seeds = f"{a.manifest['seed']} and {b.manifest['seed']}"
        raise ValueError(f"flows follow runs under the same luck; these have the seeds {seeds}")
    here, there = (each.read(["run", "outcome"]).set_index("run")["outcome"] for each in (a, b))
    names = (a.manifest["scenario"], b.manifest["scenario"])
    missions = {
        name: each.called(name) for each in (b, a) for name in each.manifest.get("config", {}).get("missions", {})
    }
    return flows_between(here, there, names, seed=a.manifest["seed"], stamp=a.stamp or b.stamp, called=missions)


def flows_between(
    a: pd.Series,
    b: pd.Series,
    names: tuple[str, str],
    *,
    seed: int | None = None,
    stamp: str = "",
    called: Mapping[str, str] = _NOTHING,
) -> Flows:
    """Return what :func:`flows` does, from two series of outcomes whose index is the number of the run.

    ``names`` are those of the scenarios a and b, ``called`` is what readers call missions.

    Raises
    ------
    ValueError
        If no run is in both.

    >>> outcomes = pd.Series(["none", "none", "force"])
    >>> flows_between(outcomes, pd.Series(["none", "force", "force"]), ("A", "B")).table.loc[("none", "force"), "runs"]
    np.int64(1)
    """
    both = a.index.intersection(b.index)
    if not len(both):
        raise ValueError("the two have no run in common")
    counts = pd.crosstab(a.loc[both].rename("a"), b.loc[both].rename("b"))
    order = list(dict.fromkeys([*counts.sum(axis=1).sort_values(ascending=False, kind="stable").index, *counts]))
    counts = counts.reindex(index=[name for name in order if name in counts.index], columns=order, fill_value=0)
    shares = {
        (str(here), str(there)): share(int(number), int(row.sum()))
        for here, row in counts.iterrows()
        for there, number in row.items()
    }
    table = pd.DataFrame(
        [(each.hits, each.of, each.probability, each.low, each.high) for each in shares.values()],
        index=pd.MultiIndex.from_tuples(shares, names=["a", "b"]),
        columns=["runs", "of", "share", "low", "high"],
    )
    return Flows(table, stamped(_sentence(table, *names, called), stamp), *names, seed, stamp, called)


def _sentence(table: pd.DataFrame, a: str, b: str, called: Mapping[str, str]) -> str:
    """Return how many runs end otherwise, and the largest move, as a sentence."""
    runs = int(table["runs"].sum())
    moves = table[table.index.get_level_values("a") != table.index.get_level_values("b")]["runs"]
    changed = share(int(moves.sum()), runs)
    if not changed.hits:
        return f"Under {b} rather than {a}, none of {runs:,} runs ends differently (95%: {in_percent(changed)[1]})."
    text = f"Under {b} rather than {a}, {in_percent(changed)[0]} of {runs:,} runs end differently"
    text += f" (95% run noise {in_percent(changed)[1]})"
    here, there = (named(called, name) for name in moves.index[int(moves.argmax())])
    return f"{text}; the largest change, {exactly(moves.max() / runs)} of all runs, is from {here} to {there}."
