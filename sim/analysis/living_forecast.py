"""A forecast updated on news: before and after each observation, what was learnt, and what was surprising."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from sim.analysis import updating
from sim.analysis.likelihoods import ORDERED, confusion, likelihood
from sim.analysis.nested import Range
from sim.analysis.particle_filter import Stage, effective
from sim.analysis.rival_rules import count
from sim.analysis.updated_widths import FUTURES, PASTS, RIVAL_RUNS, Theory, over_pasts, over_rules
from sim.analysis.updating import EVENTS, FLOOR, RUNS, Updated
from sim.ensemble.events import event
from sim.ensemble.likelihood_words import between, exactly, percent, span
from sim.ensemble.update_result import Update
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario import loading
from sim.scenario.observations import Observation, load_observations
from sim.scenario.scenario import Scenario
from sim.words import label, stamped

Floats = NDArray[np.float64]
ALARM = 0.01
"""If the model produces reports as unlikely as those seen more rarely than this, the model itself is in doubt."""
_REPLICAS = 400
_ENOUGH = 30.0
"""With fewer effective runs, the effect of one observation is not estimated."""


@takes_whole_numbers
def living_forecast(
    scenario: Scenario | str | Path,
    observations: Sequence[Observation] | str | Path,
    of: str = "european",
    runs: int = RUNS,
    seed: int = 1,
    floor: float = FLOOR,
    workers: int | None = None,
    widths: bool = True,
    resume: Path | str | None = None,
    progress: Callable[[int], None] | None = None,
) -> Update:
    """Return how the forecast of ``of`` moves on observations, given as a file or as read from one.

    Parameters
    ----------
    scenario
        A scenario, or the name or path of one.
    observations
        The path of a file (``docs/how-to/update.md``), or observations sorted by week.
    of
        The event of the headline; ceasefire, deployed and european are told beside it.
    runs, seed, floor, workers
        Runs of a population and their root seed; the share of them that has to count, else pasts are resampled;
        threads.
    resume
        A folder in which blocks of runs are kept: the same update goes on there after an interruption.
    widths
        Whether to tell how the last chance moves over pasts that fit what was seen, and over rival rules.
    progress
        Called with the number of runs just finished.

    Raises
    ------
    InputError
        If the file has mistakes, or ``of`` is no event.
    ValueError
        If no run shows what was seen.
    """
    scenario = scenario if isinstance(scenario, Scenario) else loading.load(scenario)
    seen = load_observations(observations, scenario) if isinstance(observations, str | Path) else tuple(observations)
    called = {each: event(each, scenario.parts.missions, names=scenario.names).phrase for each in (of, *EVENTS)}
    what = called[of]
    updated = updating.update(
        scenario, seen, list(called), runs, seed, floor, workers, resume=resume, progress=progress
    )
    table = _table(updated, seen, of, scenario)
    surprise = _surprise(updated.stages[0], seen, seed)
    last = float(table["probability"].iloc[-1])
    pasts = over_pasts(scenario, updated, seen, of, workers, progress) if widths else None
    theory = over_rules(scenario, last, seen, of, seed, min(runs, RIVAL_RUNS), workers, progress) if widths else None
    return Update(
        table,
        stamped(_sentence(table, seen, what, surprise) + how_sure(pasts, theory, last), scenario.stamp),
        updated.inputs,
        _left_out(updated.stages[0], seen),
        surprise,
        None if pasts is None else (pasts.p10, pasts.p90),
        None if theory is None else (theory.low, theory.high, theory.least, theory.most),
        scenario.name,
        of,
        what,
        runs,
        seed,
        len(updated.stages),
        scenario.stamp,
        called,
    )


def runs_played(
    scenario: Scenario, observations: Sequence[Observation], runs: int = RUNS, *, widths: bool = True
) -> int:
    """Return how many runs :func:`living_forecast` plays at most, for a bar of progress; see updating.runs_played."""
    beside = PASTS * FUTURES + count(scenario) * updating.runs_played(observations, min(runs, RIVAL_RUNS))
    return updating.runs_played(observations, runs) + (beside if widths else 0)


def _table(updated: Updated, seen: Sequence[Observation], of: str, scenario: Scenario) -> pd.DataFrame:
    table = updated.steps.rename(columns={of: "probability", f"{of}_low": "low", f"{of}_high": "high"})
    start = datetime.date.fromisoformat(scenario.parts.start)
    weeks = [(at + 1) / scenario.parts.rounds_per_week for at in table["round"]]
    table.insert(0, "week", [(start + datetime.timedelta(days=round(7 * week))).isoformat() for week in weeks])
    table.insert(2, "source", ["", *(each.source for each in seen)])
    return table.drop(columns="round").rename_axis("step")


def _sentence(table: pd.DataFrame, seen: Sequence[Observation], what: str, surprise: float) -> str:
    before, after = table.iloc[0], table.iloc[-1]
    now = f"{exactly(after['probability'])} ({between(after['low'], after['high'])}, simulation noise)"
    if not seen:
        return f"Nothing was observed: {what} in {now} of runs."
    first = exactly(before["probability"])
    of_many = f"{len(seen)} observation{'' if len(seen) == 1 else 's'}"
    text = f"After {of_many} up to {after['week']}, {what} goes from {first} to {now}."
    least = table.iloc[1 + int(np.argmin(table["predicted"].to_numpy(dtype=np.float64)[1:]))]
    text += f" Least expected was that {least['observation']} ({percent(least['predicted'])})."
    if surprise < ALARM:
        text += f" The model hardly expected all this together ({exactly(surprise)}): doubt the model."
    return text


def how_sure(pasts: Range | None, theory: Theory | None, chance: float) -> str:
    """Return what ``chance`` is over pasts and over rival rules, as the continuation of a sentence."""
    parts = []
    if pasts is not None:
        few = " (a few others hold most of the chance)" if chance > pasts.p90 else ""
        parts.append(f"over pasts that fit, {span(pasts.p10, pasts.p90)} in 8 of 10{few}")
    if theory is not None:
        least, most = label(theory.least), label(theory.most)
        parts.append(f"over rival rules, {span(theory.low, theory.high)} ({least} to {most})")
    return f" How sure: {'; '.join(parts)}." if parts else ""


def _left_out(stage: Stage, seen: Sequence[Observation]) -> pd.DataFrame:
    """Return what the answer would be without each observation, by the first population, whose pasts are all new."""
    shown = stage.shown[: len(seen)]
    each = np.array([likelihood(one, of_run) for one, of_run in zip(seen, shown, strict=True)]).reshape(shown.shape)
    whole = _weighted(each.prod(axis=0), stage)
    rows = {}
    for at, one in enumerate(seen):
        without = _weighted(np.delete(each, at, axis=0).prod(axis=0), stage)
        rows[f"{at + 1}. {one.text}"] = (without, whole - without)
    return pd.DataFrame.from_dict(rows, orient="index", columns=["probability", "moves"]).rename_axis("observation")


def _weighted(weights: Floats, stage: Stage) -> float:
    total = float(weights.sum())
    if total <= 0.0 or effective(weights / total) < _ENOUGH:
        return float("nan")
    return float(weights[stage.flags[0]].sum()) / total


def _surprise(stage: Stage, seen: Sequence[Observation], seed: int) -> float:
    """Return how often runs, reported in the same way, are as unlikely as what was seen.

    A posterior predictive check without data (Box 1980): the statistic is the likelihood of all reports together, over
    the runs of the prior.
    """
    worded = [at for at, each in enumerate(seen) if each.words and each.first == each.last]
    if not worded:
        return 1.0
    rng = np.random.default_rng([seed, 99])
    chosen = rng.choice(stage.shown.shape[1], min(_REPLICAS, stage.shown.shape[1]), replace=False)
    actual = _evidence([seen[at] for at in worded], stage, worded)
    as_unlikely = [_evidence(_reports(seen, worded, stage, run, rng), stage, worded) <= actual for run in chosen]
    return (1.0 + sum(as_unlikely)) / (1.0 + len(chosen))


def _reports(
    seen: Sequence[Observation], worded: Sequence[int], stage: Stage, run: int, rng: np.random.Generator
) -> list[Observation]:
    """Return what would have been reported of each run in place of what was seen, just as coarsely."""
    reports = []
    for at in worded:
        one, words = seen[at], len(seen[at].words)
        chances = confusion(words, one.subject in ORDERED, one.reliability)[int(stage.shown[at, run])]
        word = int(rng.choice(words, p=chances))
        rest = tuple(code for code in range(words) if code not in one.codes)
        reports.append(one._replace(codes=one.codes if word in one.codes else rest))
    return reports


def _evidence(reports: Sequence[Observation], stage: Stage, worded: Sequence[int]) -> float:
    weights = np.ones(stage.shown.shape[1])
    for one, at in zip(reports, worded, strict=True):
        weights = weights * likelihood(one, stage.shown[at])
    return float(weights.mean())
