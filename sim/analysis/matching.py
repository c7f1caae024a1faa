"""Which inputs are plausible together: history matching against published data, in waves.

A draw is implausible if a consequence of it lies further from a target than observation, model discrepancy and run
noise together allow (Craig and others 1997; Vernon, Goldstein and Bower 2010). It is no calibration to the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import NamedTuple, Unpack

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import match_tables, target_quantities
from sim.analysis.optional_libraries import needed
from sim.analysis.target_quantities import QUANTITIES, Estimate
from sim.batch import manifest
from sim.batch.designs import uncertain, weekly_runs
from sim.batch.input_design import InputDesign
from sim.batch.running import RunOptions
from sim.ensemble.match_result import Match
from sim.ensemble.shares import share
from sim.evidence.targets import Target, Targets, load_targets
from sim.scenario.scenario import Scenario
from sim.world import streams

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

DRAWS, LUCK, WAVES = 1_000, 100, 3
"""The default: draws of the inputs, runs of each in the first wave, and waves; each further wave doubles the runs."""
RUNS = 20_000
"""Runs of the forecast on all inputs, and as many on plausible ones."""
CUT = 3.0
"""Three standard deviations hold 95% of any distribution with one peak (Pukelsheim 1994)."""
FIRST_LUCK = streams.BLOCK * 2**30
"""Waves have the luck of runs from this number on, which no ensemble reaches: what selects is not what forecasts."""


class Played(NamedTuple):
    """What waves left: how many there were, which draws are left, and what the first wave says of all draws.

    ``implausibility`` has shape (draws, targets); ``counts`` are those of the first wave, a row a draw.
    """

    waves: pd.DataFrame
    left: Ints
    implausibility: Floats
    counts: pd.DataFrame


def match(
    scenario: Scenario,
    targets: Targets | Path | str | None = None,
    draws: int = DRAWS,
    luck: int = LUCK,
    seed: int = 1,
    *,
    waves: int = WAVES,
    runs: int = RUNS,
    cut: float = CUT,
    out: Path | str | None = None,
    **options: Unpack[RunOptions],
) -> Match:
    """Return which draws of the inputs published data do not rule out, what that teaches, and the forecast on them.

    Parameters
    ----------
    targets
        Targets, or their file; by default the shipped ``seeds/targets.yaml``.
    draws, luck, waves
        Rows of a Latin hypercube over the matched inputs, runs of each in the first wave, and the number of waves: in
        each further one the draws that are left get as many runs again as they have.
    runs
        Runs of the forecast on all inputs, and as many on plausible ones.
    cut
        A draw is ruled out if its largest implausibility over all targets is above this.
    out
        Folder for the draws that are left, for ``sim run --inputs``; none is written without it.
    options
        Those of :func:`sim.batch.running.run`.

    Raises
    ------
    ValueError
        If a number is out of range, a target asks for more weeks than a run has, or nothing is left.
    InputError
        If the file of targets is wrong.
    """
    known = targets if isinstance(targets, Targets) else load_targets(Path(targets) if targets is not None else None)
    _check(scenario, known, draws, luck, waves, cut)
    quantiles = sample(scenario, known.cases, draws, seed)
    played = play(scenario, known.by_id, quantiles, luck, waves, seed, cut, **options)
    design = InputDesign(quantiles.iloc[played.left].reset_index(drop=True), _about(scenario, known, played, seed, cut))
    forecast = match_tables.forecast(scenario, design, runs, seed, **options)
    if out is not None:
        design.write(out)
    return _result(scenario, known.by_id, quantiles, played, forecast, seed, cut, runs)


def sample(scenario: Scenario, cases: Mapping[str, str], draws: int, seed: int) -> pd.DataFrame:
    """Return draws of the matched inputs: a Latin hypercube of quantiles, a row a draw (McKay and others 1979).

    Matched are the inputs that vary, but those that a pattern of ``cases`` fits, which differ between the cases that
    sources count.

    Raises
    ------
    ValueError
        If no input is left to match.
    """
    paths = [path for path in uncertain(scenario) if not any(fnmatchcase(path, pattern) for pattern in cases)]
    if not paths:
        raise ValueError("every uncertain input differs from case to case: nothing is left to match")
    rng = np.random.default_rng([seed, len(paths)])
    cube = needed("scipy.stats.qmc").LatinHypercube(len(paths), rng=rng).random(draws)
    return pd.DataFrame(np.minimum(cube, np.nextafter(1.0, 0.0)), columns=paths)


def play(
    scenario: Scenario,
    targets: Mapping[str, Target],
    quantiles: pd.DataFrame,
    luck: int,
    waves: int,
    seed: int,
    cut: float,
    **options: Unpack[RunOptions],
) -> Played:
    """Play draws in waves, and drop after each those that are ruled out; no two runs share their luck.

    Raises
    ------
    ValueError
        If nothing is left.
    """
    left, first, each, rows = np.arange(len(quantiles)), FIRST_LUCK, luck, []
    total, implausible, at_first = pd.DataFrame(), np.empty((0, 0)), pd.DataFrame()
    for wave in range(1, waves + 1):
        total = total.loc[left] if wave > 1 else total
        total = total.add(_counts(scenario, quantiles.iloc[left], each, first, seed, **options), fill_value=0.0)
        now = implausibility(targets, total)
        if wave == 1:
            implausible, at_first = now, total
        first += -(-len(left) * each // streams.BLOCK) * streams.BLOCK
        kept = left[now.max(axis=1) <= cut]
        rows.append((wave, len(left), luck * 2 ** (wave - 1), len(kept), *share(len(kept), len(quantiles))[2:]))
        if not len(kept):
            raise ValueError(_nothing_left(targets, now, cut, wave))
        left, each = kept, luck * 2 ** (wave - 1)
    table = pd.DataFrame(rows, columns=["wave", "draws", "runs", "left", "low", "high"]).set_index("wave")
    table.insert(3, "share", table["left"] / len(quantiles))
    return Played(table, left, implausible, at_first)


def _counts(
    scenario: Scenario, rows: pd.DataFrame, runs: int, first: int, seed: int, **options: Unpack[RunOptions]
) -> pd.DataFrame:
    """Return the counts of so many runs of each row, by the row's label; zeros where all its runs failed."""
    western = [name for name, mission in scenario.parts.missions.items() if mission.western]
    labels = rows.index.to_numpy()
    pieces = [
        target_quantities.counts(ensemble, labels[row], western)
        for ensemble, row in weekly_runs(scenario, rows, runs, first, seed, **options)
        if len(ensemble)
    ]
    return pd.concat(pieces).groupby(level=0).sum().reindex(rows.index, fill_value=0.0)


def implausibility(targets: Mapping[str, Target], counts: pd.DataFrame) -> Floats:
    r"""Return how far the draws lie from each target, in standard deviations, shape (draws, targets).

    .. math:: I = \frac{|m - z|}{\sqrt{V_{obs} + V_{disc} + V_{runs}}}

    with m what the runs of a draw imply, z the target, and the variances of observation, of discrepancy and of run
    noise; 0 where the runs say nothing. Source: Craig, Goldstein, Seheult and Smith (1997), with run noise as Vernon,
    Goldstein and Bower (2010) have it for an emulator's variance.
    """
    columns = [_distance(target, target_quantities.estimate(target.quantity, counts)) for target in targets.values()]
    return np.column_stack(columns)


def _distance(target: Target, implied: Estimate) -> Floats:
    return np.asarray(np.abs(implied.mean - target.mean) / np.sqrt(target.variance + implied.variance))


def _check(scenario: Scenario, targets: Targets, draws: int, luck: int, waves: int, cut: float) -> None:
    for name, value, low, high in (("draws", draws, 10, 100_000), ("luck", luck, 2, 100_000), ("waves", waves, 1, 10)):
        if not low <= value <= high:
            raise ValueError(f"{name} must be between {low} and {high:,}, got {value!r}")
    if not cut > 0.0:
        raise ValueError(f"the cut must be above 0, got {cut!r}")
    weeks = scenario.parts.horizon_weeks
    for target in targets.by_id.values():
        if (wanted := QUANTITIES[target.quantity].weeks) > weeks:
            raise ValueError(f"{target.place}: {target.id} looks at {wanted} weeks, and {scenario.name} has {weeks}")


def _nothing_left(targets: Mapping[str, Target], implausible: Floats, cut: float, wave: int) -> str:
    """Return which targets rule out what was left, most first."""
    out = pd.Series((implausible > cut).mean(axis=0), index=list(targets)).sort_values(ascending=False, kind="stable")
    which = ", ".join(f"{id} {part:.0%}" for id, part in out[out > 0.0].items())
    return (
        f"no draw of the inputs is left after wave {wave}; ruled out by: {which}. Nothing was written. The model "
        "cannot agree with these targets: look at their discrepancy, or at the priors"
    )


def _about(scenario: Scenario, targets: Targets, played: Played, seed: int, cut: float) -> dict[str, object]:
    return {
        "scenario": scenario.name,
        "hash": scenario.hash,
        "seed": seed,
        "writer": manifest.writer("compiled"),
        "targets": {"ids": list(targets.by_id), "sha256": targets.sha256},
        "cut": cut,
        "draws": len(played.counts),
        "waves": played.waves[["draws", "runs", "left"]].to_dict("records"),
    }


def _result(
    scenario: Scenario,
    targets: Mapping[str, Target],
    quantiles: pd.DataFrame,
    played: Played,
    forecast: pd.DataFrame,
    seed: int,
    cut: float,
    runs: int,
) -> Match:
    passes = pd.DataFrame(played.implausibility <= cut, columns=list(targets))
    table = match_tables.targets(targets, played.counts, passes)
    learnt = match_tables.learning(scenario, quantiles, played.left)
    return Match(
        table,
        match_tables.sentence(table, played.waves, forecast, len(quantiles)),
        waves=played.waves,
        learnt=learnt,
        conflicts=match_tables.conflicts(passes),
        depth=match_tables.depth(quantiles, played.left, list(learnt.index[: match_tables.DEEP])),
        forecast=forecast,
        scenario=scenario.name,
        seed=seed,
        draws=len(quantiles),
        left=len(played.left),
        matched=quantiles.shape[1],
        cut=cut,
        runs=runs,
    )
