"""The tables of a report: what an ensemble itself holds, and what more runs add.

The analyses here are kept small, so that a report takes about a minute; each table says how many runs it rests on.
Where a table cannot be had (another version played the runs, or their inputs were not kept), a gap gives the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from math import prod
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from sim import vocabulary
from sim.analysis import certainty, flows, levers, living_forecast, updating
from sim.analysis.compare import differences
from sim.analysis.forecast import inputs_range
from sim.analysis.levers import effects
from sim.analysis.movers import movers
from sim.analysis.rival_rules import count, from_range, structures, theory_range
from sim.analysis.tornado import ends
from sim.analysis.typical_runs import typical
from sim.analysis.watching import watch
from sim.analysis.why import runs_searched, why
from sim.batch import engines, from_manifest, running
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Differences, Ends, Flows, LeverSteps, RivalRules, Why, Widths
from sim.ensemble.summary import GROUPS
from sim.ensemble.update_result import Update, Watch
from sim.reading.errors import InputError
from sim.report.from_docs import Paragraph, imposed, limits
from sim.report.grounds import assumptions, joiners
from sim.scenario import evidence_use
from sim.scenario.loading import load
from sim.scenario.observations import Observation, load_observations
from sim.scenario.question_card import card
from sim.scenario.scenario import Scenario
from sim.story.replay import replay
from sim.story.short import abridged

TOP = 10
_Result = TypeVar("_Result")
Tell = Callable[[str], None]


class Living(NamedTuple):
    """How the forecast moves on what was seen, and what to watch next; no watch where the horizon is too near."""

    update: Update
    watch: Watch | None


class Story(NamedTuple):
    """One run in a few lines: its number, whether a force deployed, and why it was chosen."""

    run: int
    force: bool
    chosen: str
    lines: list[str]


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


class _Gathering:
    """An ensemble, what may be played again of it, and the gaps met so far."""

    def __init__(
        self, ensemble: Ensemble, tell: Tell, progress: Callable[[int], None] | None, of: str = "european"
    ) -> None:
        self.ensemble, self.tell, self.of = ensemble, tell, of
        self.scenario, self.seed = from_manifest.scenario_of(ensemble), int(ensemble.manifest["seed"])
        self.usual = running.default_runs(self.scenario)
        self.options: dict[str, Any] = {"relaxed": ensemble.manifest["relaxed"], "progress": progress}
        self.gaps: dict[str, str] = {}
        self.playable = self.attempt("replay", lambda: from_manifest.replayable(ensemble))

    def attempt(self, name: str, find: Callable[[], _Result]) -> _Result | None:
        """Return what ``find`` returns; if it raises, note the reason as a gap and return None."""
        try:
            return find()
        except (InputError, ValueError) as error:
            self.gaps[name] = str(error)
            return None

    def with_runs(self, name: str, telling: str, find: Callable[[Scenario], _Result]) -> _Result | None:
        """Return what ``find`` makes of the scenario by more runs, or None if this ensemble cannot be played again."""
        playable = self.playable
        if playable is None:
            self.gaps[name] = self.gaps["replay"]
            return None
        self.tell(telling)
        return self.attempt(name, lambda: find(playable))

    def share(self, part: int) -> int:
        """Return how many runs a small analysis takes: a part of the usual batch, at most as many as there are."""
        return max(2, min(len(self.ensemble), self.usual // part))


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
    at = _Gathering(ensemble, tell, progress, of)
    seen = load_observations(observations, at.scenario) if observations is not None else ()
    _with_range(at)
    rules = _rules(at)
    if not brief:
        tell("the assumed numbers that move it")
    most_moving = None if brief else at.attempt("assumptions", lambda: _movers(at))
    more = () if most_moving is None else list(most_moving.index[:TOP])
    return Dossier(
        ensemble=ensemble,
        of=of,
        what=what,
        card=list(card(at.scenario)),
        config=at.scenario.as_dict(),
        imposed=at.attempt("imposed", imposed),
        limits=at.attempt("limits", limits),
        widths=None if rules is None else at.attempt("widths", lambda: _widths(at, rules)),
        rules=rules,
        joiners=joiners(ensemble, at.scenario),
        why=None if brief else _why(at),
        assumptions=None if most_moving is None else assumptions(most_moving, at.scenario, TOP),
        ends=_ends(at, more) if more else None,
        stories=[] if brief else _stories(at),
        living=_living(at, seen) if seen else None,
        gaps=at.gaps,
        levers=_levers(at) if brief else None,
        watch=_signs(at) if brief else None,
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
    at = _Gathering(ensemble, lambda _: None, None, of)
    if at.playable is None or not len(ensemble):
        return 0
    nested, rival, rivals = prod(_design(at)), at.share(10), count(at.scenario)
    runs = _runs_of_range(at)
    if of not in GROUPS:
        runs += nested + (1 + rivals) * rival
    elif ensemble.theory_range is None:
        runs += rivals * rival
    if brief:
        steps = at.attempt("levers", lambda: levers.runs_played(_with_levers(at.scenario), at.share(20)))
        return runs + (steps or 0) + updating.runs_played((), at.share(2))
    runs += runs_searched(_for_why(at), of) + 2 * min(TOP, len(_assumed(at))) * at.share(20)
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
    sides = [_Gathering(each, lambda _: None, None) for each in (a, b)]
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
    sides = [_Gathering(each, tell, progress) for each in (a, b)]
    for side in sides:
        _with_range(side)
    first, second = (side.scenario for side in sides)
    cards = (list(card(first)), list(card(second)))
    return Pair(a, b, cards, differences(a, b, of), moves, first.differences(second))


def _with_range(at: _Gathering) -> None:
    """Add a range over inputs where there is none: run noise is never shown alone where more can be had."""
    if at.ensemble.inputs_range is not None:
        return
    draws, luck = _design(at)
    at.ensemble.inputs_range = at.with_runs(
        "inputs",
        f"range over inputs, {draws} draws of {luck} runs",
        lambda scenario: inputs_range(scenario, (draws, luck), at.seed, **at.options),
    )


def _runs_of_range(at: _Gathering) -> int:
    return prod(_design(at)) if at.ensemble.inputs_range is None else 0


def _design(at: _Gathering) -> tuple[int, int]:
    """Return the draws of the inputs, and the runs of each: smaller than the design of ``sim run``."""
    return (100, 50) if at.usual >= engines.DEFAULT_RUNS["compiled"] else (20, 20)


def _rules(at: _Gathering) -> RivalRules | None:
    """Return the event under rival rules: the headlines as stored, or from fewer runs than those of ``sim run``."""
    if at.of not in GROUPS:
        return _rules_of_event(at)
    if at.ensemble.theory_range is None:
        runs = at.share(10)
        at.ensemble.theory_range = at.with_runs(
            "rules",
            f"rival rules, {runs:,} runs each",
            lambda scenario: dict(theory_range(scenario, runs, at.seed, own=at.ensemble, **at.options)),
        )
    over = at.ensemble.theory_range
    return None if over is None else from_range(over[at.of], at.scenario, at.seed, at.of)


def _rules_of_event(at: _Gathering) -> RivalRules | None:
    runs = at.share(10)
    return at.with_runs(
        "rules",
        f"rival rules, {runs:,} runs each",
        lambda scenario: structures(scenario, runs, at.seed, at.of, **at.options),
    )


def _widths(at: _Gathering, rules: RivalRules) -> Widths:
    """Return the three widths, inputs from the ensemble's own design, or for another event from one of its own."""
    ensemble, of = at.ensemble, at.of
    if of not in GROUPS:
        sets = certainty.by_draw(at.scenario, *_design(at), at.seed, of, **at.options)
        return certainty.widths(ensemble, sets, rules, of)
    over = (ensemble.inputs_range or {}).get(of)
    if over is None:
        raise ValueError("the range over inputs was not computed")
    design = (over["draws"], over["runs_per_draw"])
    return certainty.widths_over(ensemble, (over["p10"], over["p90"]), design, rules, of)


def _movers(at: _Gathering) -> pd.DataFrame:
    table = movers(at.ensemble, at.of, _assumed(at)).table
    if table.empty:
        raise ValueError("no assumed number varies in this scenario")
    return table


def _assumed(at: _Gathering) -> list[str]:
    return [path for path, leaf in at.scenario.leaves.items() if evidence_use.kind(leaf.reasons) == "assumed"]


def _ends(at: _Gathering, paths: Collection[str]) -> Ends | None:
    runs = at.share(20)
    telling = f"what moves it: {len(paths)} numbers at both ends, {runs:,} runs each"
    return at.with_runs(
        "ends", telling, lambda scenario: ends(scenario, list(paths), at.of, runs, at.seed, **at.options)
    )


def _why(at: _Gathering) -> Why | None:
    runs, first = at.share(40), _for_why(at)
    options = {"progress": at.options["progress"]}
    return at.with_runs(
        "why", f"what blocks: {runs:,} runs played again", lambda scenario: why(first, at.of, **options)
    )


def _for_why(at: _Gathering) -> Ensemble:
    """Return the runs that are searched for what blocks."""
    runs = at.share(40)
    return at.ensemble if len(at.ensemble) <= runs else at.ensemble.first(runs)


def _levers(at: _Gathering) -> LeverSteps | None:
    runs = at.share(20)
    telling = f"what would change it: steps of levers, {runs:,} runs each"
    progress = at.options["progress"]
    return at.with_runs(
        "levers", telling, lambda scenario: effects(_with_levers(scenario), at.of, runs, at.seed, progress=progress)
    )


def _with_levers(scenario: Scenario) -> Scenario:
    """Return a scenario with the levers of the shipped baseline, which a manifest leaves out.

    Raises
    ------
    ValueError
        If the scenario is not the baseline with changes.
    """
    if scenario.parts.levers:
        return scenario
    shipped = load("baseline")
    changed = {path: there for path, (_, there) in shipped.differences(scenario).items()}
    whole = shipped.change(changed, name=scenario.name, assumption="as played") if changed else shipped
    if whole.hash != scenario.hash:
        raise ValueError("its levers are not known")
    return whole


def _signs(at: _Gathering) -> Watch | None:
    return at.with_runs("watch", "what to watch", lambda scenario: _watched(at, scenario, ()))


def _watched(at: _Gathering, scenario: Scenario, seen: tuple[Observation, ...]) -> Watch:
    return watch(scenario, seen, at.of, runs=at.share(2), seed=at.seed, progress=at.options["progress"])


def _living(at: _Gathering, seen: tuple[Observation, ...]) -> Living | None:
    runs = at.share(2)

    def find(scenario: Scenario) -> Living:
        updated = living_forecast.living_forecast(scenario, seen, at.of, runs, at.seed, progress=at.options["progress"])
        return Living(updated, at.attempt("watch", lambda: _watched(at, scenario, seen)))

    return at.with_runs("living", f"what was seen: {len(seen)} observations on {runs:,} runs", find)


def _stories(at: _Gathering) -> list[Story]:
    """Return a typical failure and a typical success, each of its most frequent outcome."""
    if at.ensemble.manifest["relaxed"]:
        at.gaps["stories"] = "requirements were held open, and a story is stories of a run as it would be without"
        return []
    counts, groups = pd.Series(at.ensemble.outcomes()), at.ensemble.manifest["groups"]
    formed = [name for name in counts.index if "deployed" in groups.get(name, ())]
    european = [name for name in formed if "european" in groups[name] and counts[name]]
    kinds = {"failure": list(vocabulary.OUTCOMES_WITHOUT_FORCE), "success": european or formed}
    stories = [_story(at, what, str(counts[names].idxmax())) for what, names in kinds.items() if names]
    return [each for each in stories if each is not None]


def _story(at: _Gathering, what: str, outcome: str) -> Story | None:
    def find(scenario: Scenario) -> Story:
        ranking = typical(at.ensemble, outcome)
        row = at.ensemble.read(where=f"run == {ranking.first}").iloc[0]
        events = replay(scenario, at.seed, ranking.first).events
        called = {mission: about.name for mission, about in scenario.parts.missions.items()}
        lines = abridged(events, row, scenario.names, called)
        return Story(ranking.first, what == "success", ranking.sentence, lines)

    return at.with_runs(what, f"a typical {what}", find)
