"""The tables of a report together, for one ensemble or two, and how many runs they take."""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from sim.analysis import flows, levers, living_forecast, updating
from sim.analysis.compare import differences
from sim.analysis.rival_rules import count
from sim.analysis.why import runs_searched
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Differences, Ends, Flows, LeverSteps, RivalRules, Why, Widths
from sim.ensemble.summary import GROUPS
from sim.ensemble.update_result import Watch
from sim.report import tables
from sim.report.from_docs import Paragraph, imposed, limits
from sim.report.grounds import assumptions, joiners
from sim.report.tables import Gathering, Living, Story, Tell
from sim.scenario.observations import load_observations
from sim.scenario.question_card import card

TOP = 10


class Dossier(NamedTuple):
    """The tables of a report of one ensemble, about the event ``of``, in words ``what``.

    Where a table is None, ``gaps`` has the reason under its name.
    """

    ensemble: Ensemble
    of: str
    what: str
    card: list[str]
    config: dict[str, Any]
    imposed: list[Paragraph] | None
    limits: list[Paragraph] | None
    widths: Widths | None
    rules: RivalRules | None
    joiners: pd.DataFrame
    why: Why | None
    assumptions: pd.DataFrame | None
    ends: Ends | None
    stories: list[Story]
    living: Living | None
    gaps: dict[str, str]
    levers: LeverSteps | None = None
    watch: Watch | None = None


class Pair(NamedTuple):
    """The tables of a report of two ensembles of one seed: paired differences, flows, and how the scenarios differ."""

    a: Ensemble
    b: Ensemble
    cards: tuple[list[str], list[str]]
    differences: Differences
    flows: Flows
    changes: dict[str, tuple[Any, Any]]


def dossier(
    ensemble: Ensemble,
    *,
    of: str = "european",
    brief: bool = False,
    observations: Path | None = None,
    tell: Tell = lambda _: None,
    progress: Callable[[int], None] | None = None,
) -> Dossier:
    """Return the tables of a report of an ensemble; with ``brief``, those that a brief shows, levers among them.

    ``of`` is the event that the tables are about, ``observations`` a file of what was seen, on which the forecast is
    updated (:mod:`sim.analysis.living_forecast`). An ensemble without a range over inputs or over rival rules is given
    one, from fewer runs than those of ``sim run``. ``tell`` is called with a line before each step, ``progress`` as for
    :func:`sim.batch.running.run`.

    Raises
    ------
    InputError
        If the file of observations has mistakes.
    ValueError
        If the ensemble has no runs, its manifest does not say its scenario, or ``of`` is no event.
    """
    if not len(ensemble):
        raise ValueError("there are no runs to report")
    what = ensemble.event(of).phrase
    at = Gathering(ensemble, tell, progress, of)
    seen = load_observations(observations, at.scenario) if observations is not None else ()
    tables.add_range(at)
    rules = tables.rules_table(at)
    if not brief:
        tell("the assumed numbers that move it")
    most_moving = None if brief else at.attempt("assumptions", lambda: tables.movers_table(at))
    more = () if most_moving is None else list(most_moving.index[:TOP])
    return Dossier(
        ensemble=ensemble,
        of=of,
        what=what,
        card=list(card(at.scenario)),
        config=at.scenario.as_dict(),
        imposed=at.attempt("imposed", imposed),
        limits=at.attempt("limits", limits),
        widths=None if rules is None else at.attempt("widths", lambda: tables.widths_table(at, rules)),
        rules=rules,
        joiners=joiners(ensemble, at.scenario),
        why=None if brief else tables.why_table(at),
        assumptions=None if most_moving is None else assumptions(most_moving, at.scenario, TOP),
        ends=tables.ends_table(at, more) if more else None,
        stories=[] if brief else tables.stories(at),
        living=tables.living_tables(at, seen) if seen else None,
        gaps=at.gaps,
        levers=tables.levers_table(at) if brief else None,
        watch=tables.watch_table(at) if brief else None,
    )


def runs_played(
    ensemble: Ensemble, *, of: str = "european", brief: bool = False, observations: Path | None = None
) -> int:
    """Return how many runs :func:`dossier` plays at most, for a bar of progress; the parameters are the same.

    Raises
    ------
    InputError
        If the file of observations has mistakes.
    ValueError
        If the manifest does not say the scenario.
    """
    at = Gathering(ensemble, lambda _: None, None, of)
    if at.playable is None or not len(ensemble):
        return 0
    nested, rival, rivals = prod(tables.design_of(at)), at.share(10), count(at.scenario)
    runs = _runs_of_range(at)
    if of not in GROUPS:
        runs += nested + (1 + rivals) * rival
    elif ensemble.theory_range is None:
        runs += rivals * rival
    if brief:
        steps = at.attempt("levers", lambda: levers.runs_played(tables.with_levers(at.scenario), at.share(20)))
        return runs + (steps or 0) + updating.runs_played((), at.share(2))
    runs += runs_searched(tables.runs_for_why(at), of) + 2 * min(TOP, len(tables.assumed_paths(at))) * at.share(20)
    seen = load_observations(observations, at.scenario) if observations is not None else ()
    if seen:
        runs += living_forecast.runs_played(at.scenario, seen, at.share(2)) + updating.runs_played(seen, at.share(2))
    return runs


def runs_of_pair(a: Ensemble, b: Ensemble) -> int:
    """Return how many runs :func:`pair` plays, for a bar of progress.

    Raises
    ------
    ValueError
        If a manifest does not say its scenario.
    """
    sides = [Gathering(each, lambda _: None, None) for each in (a, b)]
    return sum(_runs_of_range(each) for each in sides if each.playable is not None)


def pair(
    a: Ensemble,
    b: Ensemble,
    *,
    of: str = "european",
    tell: Tell = lambda _: None,
    progress: Callable[[int], None] | None = None,
) -> Pair:
    """Return the tables of a report of two ensembles, about the event ``of``.

    Both are of one seed, so that run k has the same luck in both.

    Raises
    ------
    ValueError
        If the seeds differ, no run is in both, or a manifest does not say its scenario.
    """
    moves = flows.flows(a, b)
    sides = [Gathering(each, tell, progress) for each in (a, b)]
    for side in sides:
        tables.add_range(side)
    first, second = (side.scenario for side in sides)
    cards = (list(card(first)), list(card(second)))
    return Pair(a, b, cards, differences(a, b, of), moves, first.differences(second))


def _runs_of_range(at: Gathering) -> int:
    return prod(tables.design_of(at)) if at.ensemble.inputs_range is None else 0
