"""Which inputs are plausible together: history matching against published data, in waves.

A draw is implausible if a consequence of it lies further from a target than observation, model discrepancy and run
noise together allow (Craig and others 1997; Vernon, Goldstein and Bower 2010). It is no calibration to the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Unpack

import pandas as pd

from sim.analysis import match_tables, match_waves, refocusing
from sim.analysis.match_waves import Floats, Judge, Played
from sim.analysis.refocusing import Refocused
from sim.analysis.target_quantities import QUANTITIES
from sim.batch import manifest
from sim.batch.input_design import InputDesign
from sim.batch.running import RunOptions
from sim.ensemble.match_result import Match
from sim.evidence.targets import Target, Targets, load_targets
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.loading import as_scenario
from sim.scenario.scenario import Scenario

DRAWS, LUCK, WAVES = 1_000, 100, 3
"""The default: draws of the inputs, runs of each in the first wave, and waves; each further wave doubles the runs."""
KEEP = 1_000
"""How many draws that are not ruled out are wanted: further ones are drawn until there are so many."""
RUNS = 20_000
"""Runs of the forecast on all inputs, and as many on plausible ones."""
CUT = 3.0
"""Three standard deviations hold 95% of any distribution with one peak (Pukelsheim 1994)."""


@takes_whole_numbers
def match(
    scenario: Scenario | str | Path,
    targets: Targets | Path | str | None = None,
    draws: int = DRAWS,
    luck: int = LUCK,
    seed: int = 1,
    *,
    waves: int = WAVES,
    keep: int = KEEP,
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
    keep
        Draws to keep at least: if the sample leaves fewer, inputs are drawn anew inside what is not ruled out, and
        judged alike (:func:`sim.analysis.refocusing.refocus`). 0 keeps what the sample leaves.
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
    scenario = as_scenario(scenario)
    known = targets if isinstance(targets, Targets) else load_targets(Path(targets) if targets is not None else None)
    _check(scenario, known, draws, luck, waves, keep, cut)
    judge = Judge(scenario, known.by_id, luck, waves, seed, cut, options)
    quantiles = match_waves.sample(match_waves.matched(scenario, known.cases), draws, seed)
    played = match_waves.play(judge, quantiles)
    if not len(played.left):
        raise ValueError(_nothing_left(known.by_id, played.last, cut, len(played.waves)))
    anew = refocusing.refocus(judge, quantiles, played, keep)
    design = InputDesign(anew.kept, _about(judge, known, played, anew))
    forecast = match_tables.forecast(scenario, design, runs, seed, **options)
    if out is not None:
        design.write(out)
    return _result(judge, quantiles, played, anew, forecast, keep, runs)


def runs_played(
    draws: int = DRAWS, luck: int = LUCK, *, waves: int = WAVES, keep: int = KEEP, runs: int = RUNS
) -> int | None:
    """Return how many runs :func:`match` plays at most, for a bar of progress; None where no bound is of use.

    If draws are to be kept, how many more are drawn for them follows from the share that targets leave, which nobody
    knows beforehand: eight rounds of 20,000 draws hold, a hundred times what mostly is played.
    """
    return None if keep else match_waves.runs_played(draws, luck, waves) + 2 * runs


def _check(scenario: Scenario, targets: Targets, draws: int, luck: int, waves: int, keep: int, cut: float) -> None:
    limits = {"draws": (draws, 10, 100_000), "luck": (luck, 2, 100_000), "waves": (waves, 1, 10)}
    for name, (value, low, high) in {**limits, "keep": (keep, 0, 100_000)}.items():
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


def _about(judge: Judge, targets: Targets, played: Played, anew: Refocused) -> dict[str, object]:
    return {
        "scenario": judge.scenario.name,
        "hash": judge.scenario.hash,
        "seed": judge.seed,
        "writer": manifest.writer("compiled"),
        "targets": {"ids": list(targets.by_id), "sha256": targets.sha256},
        "cut": judge.cut,
        "draws": len(played.counts) + int(anew.rounds["draws"].sum()),
        "waves": played.waves[["draws", "runs", "left"]].to_dict("records"),
        "ranges": anew.ranges.to_dict("index"),
        "rounds": anew.rounds[["draws", "left"]].to_dict("records"),
    }


def _result(
    judge: Judge, quantiles: pd.DataFrame, played: Played, anew: Refocused, forecast: pd.DataFrame, keep: int, runs: int
) -> Match:
    passes = pd.DataFrame(played.implausibility <= judge.cut, columns=list(judge.targets))
    table = match_tables.targets(judge.targets, played.counts, passes)
    learnt = match_tables.learning(judge.scenario, anew.kept)
    return Match(
        table,
        match_tables.sentence(table, played.waves, anew.rounds, forecast, len(anew.kept), keep),
        waves=played.waves,
        rounds=anew.rounds,
        ranges=match_tables.in_units(judge.scenario, anew.ranges),
        learnt=learnt,
        conflicts=match_tables.conflicts(passes),
        depth=match_tables.depth(quantiles, played.left, list(learnt.index[: match_tables.DEEP])),
        forecast=forecast,
        scenario=judge.scenario.name,
        seed=judge.seed,
        draws=len(quantiles),
        left=len(played.left),
        kept=len(anew.kept),
        matched=quantiles.shape[1],
        cut=judge.cut,
        runs=runs,
    )
