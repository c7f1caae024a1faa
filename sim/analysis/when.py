"""Under which circumstances? A box in the space of inputs in which an event is likely, by PRIM."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim import vocabulary
from sim.analysis.movers import movers
from sim.analysis.optional_libraries import needed
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Box
from sim.ensemble.shares import Share, share
from sim.reading.whole_numbers import takes_whole_numbers
from sim.words import figure

FIRST = 50_000
"""The largest number of runs searched, from the first on."""
INPUTS = 20
"""How many inputs are searched: those that move the headline most."""
RESAMPLES, AGAIN = 10, 5_000
"""How often the search is repeated, and in how many runs at most each time."""
SEARCHES = 1 + RESAMPLES
"""How many searches there are in all."""
SIGNIFICANT = 0.05
AT_LEAST, AT_MOST, ONE_OF = "at least", "at most", "one of"
LIMITED = 5
"""The largest number of inputs that a box limits: more do not fit into a sentence."""
_PEEL, _PEEL_AGAIN = 0.05, 0.1
_ANY = 1e-9
"""A density that every box with a case exceeds: the library returns nothing below its threshold."""

Flags = NDArray[np.int64]


@takes_whole_numbers
def when(
    ensemble: Ensemble,
    of: str = "european",
    inputs: int = INPUTS,
    seed: int = 1,
    density: float | None = None,
    progress: Callable[[int], None] | None = None,
) -> Box:
    """Return the box in which ``of`` is likely, that covers most of the runs in which it came about.

    PRIM (Friedman and Fisher 1999; Bryant and Lempert 2010 for coverage, density and resampling) peels a twentieth of
    the runs at a time off one input, in one half of the first 50,000 runs; the ``inputs`` are those that move ``of``
    most (:func:`sim.analysis.movers.movers`). The five that it limits most clearly are searched again alone (after
    Kwakkel 2019). Of the boxes on the way the one chosen has the highest coverage among those whose density is at least
    ``density``, by default :func:`wanted_density`, twice the base rate; if there is none, the densest. Limits that
    might be chance (quasi p-value 5% or more) are taken off. Coverage and density are those in the other half of the
    runs. All of it is done again in ten halves of at most 10,000 runs, a tenth peeled at a time; ``seed`` draws them.
    ``progress`` is called with 1 after each of these :data:`SEARCHES`.

    Raises
    ------
    ValueError
        If inputs were not kept, ``of`` always or never came about, there are too few runs, or ema_workbench is missing.
    """
    what = ensemble.event(of).phrase
    if density is not None and not 0.0 < density <= 1.0:
        raise ValueError(f"a density lies above 0 and is at most 1, got {density:g}")
    x, y, words = _rows(ensemble, of, inputs)
    here = np.arange(len(y)) % 2 == 0
    dense = wanted_density(float(y[here].mean())) if density is None else density
    done = progress or (lambda _: None)
    tradeoff, limits = _search(x[here], y[here], dense)
    done(1)
    rng = np.random.default_rng(seed)
    again = []
    for _ in range(RESAMPLES):
        pick = rng.choice(np.flatnonzero(here), min(AGAIN, int(here.sum()) // 2), replace=False)
        again.append(_search(x.iloc[pick], y[pick], dense, _PEEL_AGAIN)[1] if 0 < y[pick].sum() < len(pick) else {})
        done(1)
    table = _table(x, limits, again, words)
    inside = _inside(x[~here], table)
    hits = int(y[~here][inside].sum())
    base = float(y[~here].mean())
    coverage, inner = share(hits, max(1, int(y[~here].sum()))), share(hits, max(1, int(inside.sum())))
    enough = bool(tradeoff.loc[tradeoff["chosen"], "density"].iloc[0] >= dense)
    text = sentence(table, what, len(y), base, coverage, inner)
    return Box(
        table,
        text if enough or table.empty else f"{text} No box reaches {dense:.0%}; this is the densest.",
        tradeoff,
        scenario=ensemble.manifest["scenario"],
        seed=ensemble.manifest["seed"],
        of=of,
        what=what,
        runs=len(y),
        inputs=x.shape[1],
        base=base,
        mass=float(inside.mean()),
        coverage=coverage,
        density=inner,
        enough=enough,
        wanted=dense,
    )


def wanted_density(base: float) -> float:
    """Return the density that a box has to have: twice the base rate, or half way from there to 1 if that is less.

    >>> wanted_density(0.2), wanted_density(0.5)
    (0.4, 0.75)
    """
    return min(2.0 * base, (1.0 + base) / 2.0)


def sentence(table: pd.DataFrame, what: str, runs: int, base: float, coverage: Share, density: Share) -> str:
    """Return a box in words that can be quoted; the arguments are fields of :class:`sim.ensemble.results.Box`."""
    halves = f"{runs:,} runs, found in one half and measured in the other"
    if table.empty:
        return f"No limit on an input sets apart runs with {what} ({halves})."
    limits = " and ".join(f"{row['input']} is {row['side']} {row['limit']}" for _, row in table.iterrows())
    return (
        f"Where {limits}, {what} comes about in {density.probability:.0%} of runs ({density.low:.0%} to "
        f"{density.high:.0%}, 95% run noise) against {base:.0%} overall; "
        f"{coverage.probability:.0%} of the runs with {what} lie there ({halves})."
    )


def _rows(ensemble: Ensemble, of: str, inputs: int) -> tuple[pd.DataFrame, Flags, dict[str, tuple[str, ...]]]:
    """Return the inputs that move ``of`` most, choices as words; whether it came about; the scale of each choice."""
    kept = [str(name) for name in ensemble.read(where="run < 1", table="inputs") if name != "run"]
    y = ensemble.happened(of).to_numpy()[:FIRST].astype(np.int64)
    if not 0 < y.sum() < len(y):
        raise ValueError(
            f"{ensemble.event(of).phrase} came about in {y.mean():.0%} of the runs: no circumstances to tell apart"
        )
    if len(y) < 1_000:
        raise ValueError(f"boxes take at least 1,000 runs, this ensemble has {len(y):,}")
    top = [str(name) for name in movers(ensemble, of, kept).table.index[:inputs]]
    numbers = [int(run) for run in ensemble.read(["run"])["run"].iloc[:FIRST]]
    table = ensemble.read(["run", *top], f"run <= {numbers[-1]}", table="inputs").set_index("run").loc[numbers]
    x = table.reset_index(drop=True)
    words = {name: scale for name in top if (scale := words_of(ensemble.manifest["config"], name))}
    for name, scale in words.items():
        x[name] = pd.Series([scale[int(code)] for code in x[name]], dtype=object)
    return x, y, words


def words_of(config: Mapping[str, Any], path: str) -> tuple[str, ...]:
    """Return the scale of the choice at a path of a config, none if a number stands there.

    >>> words_of({"a": {"stance": {"open": 0.4, "hesitant": 0.6, "assumption": "ours"}}}, "a.stance")
    ('opposed', 'hesitant', 'open', 'pledged')
    """
    at: Any = config
    for step in path.split("."):
        at = at[step]
    keys = {key for key in at if key not in vocabulary.REASON_KEYS} if isinstance(at, Mapping) else set()
    return next((words for words in vocabulary.SCALES.values() if keys and keys <= set(words)), ())


Limits = dict[tuple[str, str], tuple[Any, float]]


def _search(x: pd.DataFrame, y: Flags, dense: float, peel: float = _PEEL) -> tuple[pd.DataFrame, Limits]:
    """Return the boxes of PRIM's peeling, and the limits of the one chosen with their quasi p-values."""
    path, limits = _peel(x, y, dense, peel)
    clearest = list(dict.fromkeys(name for name, _ in sorted(limits, key=lambda key: limits[key][1])))[:LIMITED]
    return _peel(x[clearest], y, dense, peel) if len(clearest) == LIMITED else (path, limits)


def _peel(x: pd.DataFrame, y: Flags, dense: float, peel: float) -> tuple[pd.DataFrame, Limits]:
    search = needed("ema_workbench.analysis.prim").Prim(x, y, threshold=_ANY, peel_alpha=peel, paste_alpha=peel)
    box = search.find_box()
    path = box.peeling_trajectory[["coverage", "density", "mass", "res_dim"]].rename(columns={"res_dim": "limited"})
    path = path.astype(float)
    enough = path[path["density"] >= dense]
    at = int(enough["coverage"].idxmax() if len(enough) else path["density"].idxmax())
    path["chosen"] = path.index == at
    return path, _limits(box, at)


def _limits(box: Any, at: int) -> Limits:
    """Return the limits of a box; its own table of them fails on words under pandas 3."""
    limits: Limits = {}
    for path, (low, high) in box.qp[at].items():
        lower, upper = box.box_lims[at][path]
        if isinstance(lower, set):
            limits[path, ONE_OF] = frozenset(lower), max(low, high)
            continue
        for side, value, p in ((AT_LEAST, lower, low), (AT_MOST, upper, high)):
            if p >= 0.0:
                limits[path, side] = float(value), p
    return {key: limit for key, limit in limits.items() if limit[1] < SIGNIFICANT}


def _table(x: pd.DataFrame, limits: Limits, again: list[Limits], words: Mapping[str, tuple[str, ...]]) -> pd.DataFrame:
    rows = []
    for (path, side), (limit, p) in limits.items():
        others = [each[path, side][0] for each in again if (path, side) in each]
        row: dict[str, Any] = {"input": path, "side": side, "p": p, "reproduced": len(others) / len(again)}
        if path in words:
            row["limit"] = " or ".join(word for word in words[path] if word in limit)
            row |= dict.fromkeys(("value", "least", "most", "again_low", "again_high"), math.nan)
        else:
            row |= {"limit": figure(limit), "value": limit, "least": x[path].min(), "most": x[path].max()}
            ends = np.quantile(others, [0.1, 0.9]) if others else (math.nan, math.nan)
            row |= {"again_low": float(ends[0]), "again_high": float(ends[1])}
        rows.append(row)
    columns = ["input", "side", "limit", "value", "least", "most", "p", "reproduced", "again_low", "again_high"]
    return pd.DataFrame(rows, columns=columns).sort_values("p", kind="stable", ignore_index=True)


def _inside(x: pd.DataFrame, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which rows of ``x`` lie inside the limits of a table."""
    inside = np.ones(len(x), dtype=bool)
    for _, row in table.iterrows():
        path, side = row["input"], row["side"]
        if side == ONE_OF:
            inside &= x[path].isin(str(row["limit"]).split(" or ")).to_numpy()
        else:
            inside &= (x[path] >= row["value"] if side == AT_LEAST else x[path] <= row["value"]).to_numpy()
    return inside
