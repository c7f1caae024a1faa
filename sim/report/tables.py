"""The tables of a report, one function each: some the ensemble itself holds, the others take more runs.

The analyses here are kept small, so that a report takes about a minute; each table says how many runs it rests on.
Where a table cannot be had (another version played the runs, or their inputs were not kept), a gap gives the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any, NamedTuple, TypeVar

import pandas as pd

from sim import vocabulary
from sim.analysis import certainty, living_forecast
from sim.analysis.forecast import inputs_range
from sim.analysis.levers import effects
from sim.analysis.movers import movers
from sim.analysis.rival_rules import from_range, structures, theory_range
from sim.analysis.tornado import ends
from sim.analysis.typical_runs import typical
from sim.analysis.watching import watch
from sim.analysis.why import why
from sim.batch import engines, from_manifest, running
from sim.ensemble.ensemble import Ensemble
from sim.ensemble.results import Ends, LeverSteps, RivalRules, Why, Widths
from sim.ensemble.summary import GROUPS
from sim.ensemble.update_result import Update, Watch
from sim.reading.errors import InputError
from sim.scenario import evidence_use
from sim.scenario.loading import load
from sim.scenario.observations import Observation
from sim.scenario.scenario import Scenario
from sim.story.replay import replay
from sim.story.short import abridged

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


class Gathering:
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


def add_range(at: Gathering) -> None:
    """Add a range over inputs where there is none: run noise is never shown alone where more can be had."""
    if at.ensemble.inputs_range is not None:
        return
    draws, luck = design_of(at)
    at.ensemble.inputs_range = at.with_runs(
        "inputs",
        f"range over inputs, {draws} draws of {luck} runs",
        lambda scenario: inputs_range(scenario, (draws, luck), at.seed, **at.options),
    )


def design_of(at: Gathering) -> tuple[int, int]:
    """Return the draws of the inputs, and the runs of each: smaller than the design of ``sim run``."""
    return (200, 25) if at.usual >= engines.DEFAULT_RUNS["compiled"] else (20, 20)


def rules_table(at: Gathering) -> RivalRules | None:
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


def _rules_of_event(at: Gathering) -> RivalRules | None:
    runs = at.share(10)
    return at.with_runs(
        "rules",
        f"rival rules, {runs:,} runs each",
        lambda scenario: structures(scenario, runs, at.seed, at.of, **at.options),
    )


def widths_table(at: Gathering, rules: RivalRules) -> Widths:
    """Return the three widths, inputs from the ensemble's own design, or for another event from one of its own."""
    ensemble, of = at.ensemble, at.of
    if of not in GROUPS:
        sets = certainty.by_draw(at.scenario, *design_of(at), at.seed, of, **at.options)
        return certainty.widths(ensemble, sets, rules, of)
    over = (ensemble.inputs_range or {}).get(of)
    if over is None:
        raise ValueError("the range over inputs was not computed")
    design = (over["draws"], over["runs_per_draw"])
    return certainty.widths_over(ensemble, (over["p10"], over["p90"]), design, rules, of)


def movers_table(at: Gathering) -> pd.DataFrame:
    """Return the assumed numbers, those that move the event most first.

    Raises
    ------
    ValueError
        If none varies.
    """
    table = movers(at.ensemble, at.of, assumed_paths(at)).table
    if table.empty:
        raise ValueError("no assumed number varies in this scenario")
    return table


def assumed_paths(at: Gathering) -> list[str]:
    """Return the numbers that no document gives."""
    return [path for path, leaf in at.scenario.leaves.items() if evidence_use.kind(leaf.reasons) == "assumed"]


def ends_table(at: Gathering, paths: Collection[str]) -> Ends | None:
    """Return the event where each of these numbers is at its low and at its high end."""
    runs = at.share(20)
    telling = f"what moves it: {len(paths)} numbers at both ends, {runs:,} runs each"
    return at.with_runs(
        "ends", telling, lambda scenario: ends(scenario, list(paths), at.of, runs, at.seed, **at.options)
    )


def why_table(at: Gathering) -> Why | None:
    """Return what would have let the event come about in runs without it."""
    runs, first = at.share(40), runs_for_why(at)
    options = {"progress": at.options["progress"]}
    return at.with_runs(
        "why", f"what blocks: {runs:,} runs played again", lambda scenario: why(first, at.of, **options)
    )


def runs_for_why(at: Gathering) -> Ensemble:
    """Return the runs that are searched for what blocks."""
    runs = at.share(40)
    return at.ensemble if len(at.ensemble) <= runs else at.ensemble.first(runs)


def levers_table(at: Gathering) -> LeverSteps | None:
    """Return what each step of a lever changes."""
    runs = at.share(20)
    telling = f"what would change it: steps of levers, {runs:,} runs each"
    progress = at.options["progress"]
    return at.with_runs(
        "levers", telling, lambda scenario: effects(with_levers(scenario), at.of, runs, at.seed, progress=progress)
    )


def with_levers(scenario: Scenario) -> Scenario:
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


def watch_table(at: Gathering) -> Watch | None:
    """Return what to watch next, with nothing observed yet."""
    return at.with_runs("watch", "what to watch", lambda scenario: _watched(at, scenario, ()))


def _watched(at: Gathering, scenario: Scenario, seen: tuple[Observation, ...]) -> Watch:
    return watch(scenario, seen, at.of, runs=at.share(2), seed=at.seed, progress=at.options["progress"])


def living_tables(at: Gathering, seen: tuple[Observation, ...]) -> Living | None:
    """Return how the forecast moves on what was seen, and what to watch next."""
    runs = at.share(2)

    def find(scenario: Scenario) -> Living:
        updated = living_forecast.living_forecast(scenario, seen, at.of, runs, at.seed, progress=at.options["progress"])
        return Living(updated, at.attempt("watch", lambda: _watched(at, scenario, seen)))

    return at.with_runs("living", f"what was seen: {len(seen)} observations on {runs:,} runs", find)


def stories(at: Gathering) -> list[Story]:
    """Return a typical failure and a typical success, each of its most frequent outcome."""
    if at.ensemble.manifest["relaxed"]:
        at.gaps["stories"] = "requirements were held open, and a story tells a run as it would be without that"
        return []
    counts, groups = pd.Series(at.ensemble.outcomes()), at.ensemble.manifest["groups"]
    formed = [name for name in counts.index if "deployed" in groups.get(name, ())]
    european = [name for name in formed if "european" in groups[name] and counts[name]]
    kinds = {"failure": list(vocabulary.OUTCOMES_WITHOUT_FORCE), "success": european or formed}
    stories = [_story(at, what, str(counts[names].idxmax())) for what, names in kinds.items() if names]
    return [each for each in stories if each is not None]


def _story(at: Gathering, what: str, outcome: str) -> Story | None:
    def find(scenario: Scenario) -> Story:
        ranking = typical(at.ensemble, outcome)
        row = at.ensemble.read(where=f"run == {ranking.first}").iloc[0]
        events = replay(scenario, at.seed, ranking.first).events
        lines = abridged(events, row, scenario.names, scenario.mission_names)
        return Story(ranking.first, what == "success", ranking.sentence, lines)

    return at.with_runs(what, f"a typical {what}", find)
