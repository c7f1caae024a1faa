"""What history matching teaches, as tables: targets, inputs learnt, conflicts, depth, and the forecast."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations, permutations
from math import exp, sqrt
from typing import Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import target_quantities
from sim.analysis.optional_libraries import needed
from sim.batch import running
from sim.batch.input_design import InputDesign
from sim.batch.running import RunOptions
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.likelihood_words import between, exactly
from sim.ensemble.shares import Z95, share
from sim.evidence.targets import LOGS, Target
from sim.scenario import priors
from sim.scenario.scenario import Scenario
from sim.world import building

Floats = NDArray[np.float64]

EVENTS = ("european", "deployed", "ceasefire")
DEEP = 3
"""Inputs in the optical depth, two at a time."""
CELLS = 5
"""Cells along each of two inputs."""
NOISE_LEVEL = 0.05


def targets(by_id: Mapping[str, Target], counts: pd.DataFrame, passes: pd.DataFrame) -> pd.DataFrame:
    """Return a row a target: see :attr:`sim.ensemble.match_result.Match.table`."""
    whole = counts.sum().to_frame().T
    rows = {}
    for id, target in by_id.items():
        each, together = (target_quantities.estimate(target.quantity, some) for some in (counts, whole))
        known = np.isfinite(each.variance)
        ends = np.quantile(each.mean[known], [0.1, 0.9]) if known.any() else [np.nan, np.nan]
        alone = share(int(passes[id].sum()), len(passes))
        noise = np.where(known, 1.0 - target.variance / (each.variance + target.variance), 1.0)
        rows[id] = {
            "says": target.says,
            "quantity": target_quantities.QUANTITIES[target.quantity].words,
            **target.published.model_dump(),
            **dict(zip(("model", "model_low", "model_high"), _unit(target, together.mean[0], *ends), strict=True)),
            "off": float(abs(together.mean[0] - target.mean) / sqrt(target.variance or np.inf)),
            "survives": alone.probability,
            "survives_low": alone.low,
            "survives_high": alone.high,
            "noise": float(np.median(noise)),
        }
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("target")


def _unit(target: Target, *values: float) -> list[float]:
    return [exp(value) if target.quantity in LOGS else float(value) for value in values]


def learning(scenario: Scenario, kept: pd.DataFrame) -> pd.DataFrame:
    """Return how far what is left of each input lies from its prior, the most learnt first.

    ``distance`` is Kolmogorov's between the quantiles left and their uniform prior. ``noise`` bounds the largest of all
    distances with 95% where matching teaches nothing (Kolmogorov's distribution at Šidák's level); a Latin hypercube is
    more even than chance, so that the bound errs to the safe side. ``kept`` has the quantiles left, a row a draw.
    """
    level = 1.0 - (1.0 - NOISE_LEVEL) ** (1.0 / kept.shape[1])
    bound = float(needed("scipy.stats").kstwo.isf(level, len(kept)))
    prior, rows = _priors(scenario), {}
    for path in map(str, kept):
        u = kept[path].to_numpy()
        before, after = (_ends(prior[path], ends) for ends in ([0.1, 0.5, 0.9], np.quantile(u, [0.1, 0.5, 0.9])))
        rows[path] = (_distance(u), bound, *before, *after)
    ends = [f"{name}_{when}" for when in ("before", "after") for name in ("low", "median", "high")]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=["distance", "noise", *ends]).rename_axis("input")
    return table.sort_values("distance", ascending=False, kind="stable")


def in_units(scenario: Scenario, ranges: pd.DataFrame) -> pd.DataFrame:
    """Return ranges of quantiles with their ends in the unit of each input, ``least`` and ``most``, beside them."""
    prior = _priors(scenario)
    ends = [_ends(prior[str(path)], ranges.loc[path, ["low", "high"]].to_numpy(np.float64)) for path in ranges.index]
    return ranges.join(pd.DataFrame(ends, index=ranges.index, columns=["least", "most"], dtype=np.float64))


def _priors(scenario: Scenario) -> dict[str, priors.Prior]:
    names = building.build(scenario).names
    return dict(zip(names.inputs, names.priors, strict=True))


def _ends(prior: priors.Prior, at: list[float] | Floats) -> list[float]:
    """Return the values of a prior at three quantiles; of a choice, the position of the word."""
    values: list[float] = priors.quantiles([prior], np.asarray(at)[None, :])[0].tolist()
    return values


def _distance(u: Floats) -> float:
    """Return Kolmogorov's distance of quantiles from the uniform distribution."""
    ranked, steps = np.sort(u), np.arange(len(u) + 1) / len(u)
    return float(max((steps[1:] - ranked).max(), (ranked - steps[:-1]).max()))


def conflicts(passes: pd.DataFrame) -> pd.DataFrame:
    """Return, for each pair of targets, the share that passes one among the draws that pass the other.

    ``lift`` is that share over the one among all draws: below 1 the two fight each other, above 1 they agree. The
    strongest conflict comes first; ``beyond_noise`` says whether the interval leaves the share of all draws out.
    """
    rows = []
    for target, given in permutations(passes.columns, 2):
        among, alone = passes[passes[given]], float(passes[target].mean())
        if among.empty or alone == 0.0:
            continue
        both = share(int(among[target].sum()), len(among))
        beyond = not both.low <= alone <= both.high
        rows.append((target, given, both.probability, both.low, both.high, alone, both.probability / alone, beyond))
    columns = ["target", "given", "share", "low", "high", "alone", "lift", "beyond_noise"]
    table = pd.DataFrame(rows, columns=columns)
    return table.sort_values("lift", kind="stable").reset_index(drop=True)


def depth(quantiles: pd.DataFrame, left: NDArray[np.int64], inputs: list[str]) -> pd.DataFrame:
    """Return the optical depth: for cells of two inputs, the share of draws in them that are not ruled out.

    Cells are of equal chance under the prior. Source: Vernon, Goldstein and Bower (2010), figures of optical depth.
    """
    kept = np.zeros(len(quantiles), dtype=np.bool_)
    kept[left] = True
    cell = (quantiles[inputs] * CELLS).astype(int)
    rows = []
    for x, y in combinations(inputs, 2):
        for (column, row), here in pd.Series(kept).groupby([cell[x].to_numpy(), cell[y].to_numpy()]):
            each = share(int(here.sum()), len(here))
            rows.append((x, y, column, row, each.of, each.probability, each.low, each.high))
    return pd.DataFrame(rows, columns=["x", "y", "column", "row", "draws", "share", "low", "high"])


def forecast(
    scenario: Scenario, design: InputDesign, runs: int, seed: int, **options: Unpack[RunOptions]
) -> pd.DataFrame:
    """Return how often events come about on all inputs and on plausible ones; run r has the same luck in both.

    Intervals (95%): on all inputs Wilson's, on plausible ones and for the difference that of a mean over clusters, a
    draw's runs being one, and on plausible ones at least Wilson's.
    """
    on_design: RunOptions = {**options, "plausible": design}
    every, plausible = running.run(scenario, runs, seed, **options), running.run(scenario, runs, seed, **on_design)
    rows = {event: _sides(every, plausible, event, len(design.quantiles)) for event in EVENTS}
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("event")


def _sides(every: Ensemble, plausible: Ensemble, event: str, draws: int) -> dict[str, float]:
    """Return how often an event comes about on either side, and the difference; run r has draw r modulo ``draws``."""
    on_all, kept = (each.happened(event).set_axis(each.runs["run"]).astype(float) for each in (every, plausible))
    wide, narrow = (share(int(each.sum()), len(each)) for each in (on_all, kept))
    gap = (kept - on_all).dropna()  # a run that failed on one side has no pair
    half, gap_half = (_half_width(each, each.index.to_numpy() % draws) for each in (kept, gap))
    return {
        "all_inputs": wide.probability,
        "all_low": wide.low,
        "all_high": wide.high,
        "plausible": narrow.probability,
        "plausible_low": max(0.0, min(narrow.low, narrow.probability - half)),
        "plausible_high": min(1.0, max(narrow.high, narrow.probability + half)),
        "difference": float(gap.mean()),
        "difference_low": float(gap.mean()) - gap_half,
        "difference_high": float(gap.mean()) + gap_half,
    }


def _half_width(values: pd.Series, cluster: NDArray[np.int64]) -> float:
    """Return half the 95% interval of a mean over runs of which those of a cluster go together (Cochran 1977)."""
    deviations = (values - values.mean()).groupby(cluster).sum()
    clusters = max(2, len(deviations))
    return Z95 * sqrt(float((deviations**2).sum()) * clusters / (clusters - 1)) / len(values)


def sentence(
    table: pd.DataFrame, waves: pd.DataFrame, rounds: pd.DataFrame, forecast: pd.DataFrame, kept: int, keep: int
) -> str:
    """Return how much is left, which target bites most, and the forecast on all inputs and on plausible ones."""
    first, last, hardest = waves.iloc[0], waves.iloc[-1], str(table["survives"].idxmin())
    bites = f"{hardest} rules out most, leaving {table['survives'][hardest]:.0%} alone"
    if (table["survives"] == 1.0).all():
        bites = "no target alone rules any out"
    short = f", fewer than the {keep:,} asked for" if kept < keep else ""
    more = f" With {rounds['draws'].sum():,} drawn anew inside what is left, {kept:,} are kept{short}."
    row = {name: float(forecast[name]["european"]) for name in forecast}
    return (
        f"Of {first['draws']:,.0f} draws of the inputs, {last['left']:,.0f} are not ruled out by {len(table)} targets "
        f"({last['share']:.0%}; {last['low']:.0%} to {last['high']:.0%}, 95%); {bites}.{more if len(rounds) else ''} "
        f"On plausible inputs a European force comes about in {exactly(row['plausible'])} "
        f"({between(row['plausible_low'], row['plausible_high'])}, 95% noise of runs and draws), on all inputs in "
        f"{exactly(row['all_inputs'])} ({between(row['all_low'], row['all_high'])})."
    )
