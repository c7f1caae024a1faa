"""Run cases: `sim.cases()` converts them, runs them, and scores the forecasts against what happened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Unpack

from sim.batch.running import RunOptions
from sim.reading.files import shipped_folder
from sim.reading.whole_numbers import takes_whole_numbers
from sim.scenario.scenario import Scenario
from sim.validation import case_runs
from sim.validation.case_format import CodedCase, read_cases
from sim.validation.case_runs import converted, play
from sim.validation.case_scores import CaseScores, score

RUNS = 4_000
RIVAL_RUNS = 500
"""Runs of each case, and under each rival set of rules."""


class Prepared(NamedTuple):
    """Cases that were read, and the theatre that each became."""

    coded: list[CodedCase]
    theatres: list[Scenario]


@takes_whole_numbers
def cases(
    where: Path | str | Prepared | None = None,
    runs: int = RUNS,
    seed: int = 1,
    *,
    theory: int = RIVAL_RUNS,
    write: Path | str | None = None,
    stage: Callable[[str], None] | None = None,
    **options: Unpack[RunOptions],
) -> CaseScores:
    """Return how well the engine forecasts cases: other wars in which a foreign force was proposed.

    Parameters
    ----------
    where
        A folder of cases, or the file of one; by default the twelve that are shipped. ``docs/cases.md`` has the format
        and the rules by which a case becomes a theatre. Or what :func:`prepare` made of them.
    runs, seed
        Runs of each case, and as many again over its inputs; the root seed.
    theory
        Runs of each case under each rival set of rules; 0 for none.
    write
        A folder in which the theatres are kept, as YAML that `sim run` reads; only of cases that are still to be read.
    stage
        Called with the id of each case when its runs begin.
    options
        Those of :func:`sim.batch.running.run`.

    Raises
    ------
    InputError
        If a case has mistakes; the error lists all mistakes of all files.
    ValueError
        If a number is out of range.
    """
    coded, theatres = where if isinstance(where, Prepared) else prepare(where, write)
    forecasts = []
    for each, theatre in zip(coded, theatres, strict=True):
        if stage is not None:
            stage(each.case.id)
        forecasts.append(play(each, theatre, runs, seed, theory=theory, **options))
    return score(forecasts, runs, seed)


def prepare(where: Path | str | None = None, write: Path | str | None = None) -> Prepared:
    """Return the cases of :func:`cases` read and converted; the parameters are the same.

    Raises
    ------
    InputError
        If a case has mistakes; the error lists all mistakes of all files.
    """
    coded = read_cases(shipped_folder("seeds") / "cases" if where is None else where)
    return Prepared(coded, converted(coded, None if write is None else Path(write)))


def runs_played(prepared: Prepared, runs: int = RUNS, theory: int = RIVAL_RUNS) -> int:
    """Return how many runs :func:`cases` plays, for a bar of progress."""
    return sum(case_runs.runs_played(theatre, runs, theory) for theatre in prepared.theatres)
